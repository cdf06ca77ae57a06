// AES_CM_128_HMAC_SHA1_80 and AES_CM_128_HMAC_SHA1_32: RFC 3711 section 4.
#pragma once

#include "session-keys.hpp"
#include "transform.hpp"
#include <openssl/sha.h>

namespace mirolive::srtp
{
	class CounterMode : public Transform
	{
	public:
		static std::unique_ptr<Transform> Create(const SessionKeys& keys, size_t tagLength);
		~CounterMode() override;

		bool Seal(const Message& message, uint8_t* body, uint8_t* tag) override;
		bool Open(const Message& message, uint8_t* body, const uint8_t* tag) override;

	private:
		CounterMode(const SessionKeys& keys, size_t tagLength, CipherContext cipher);
		bool Encrypt(const Message& message, uint8_t* body);
		bool Authenticate(const Message& message, const uint8_t* ciphertext, uint8_t* code) const;

	private:
		CipherContext cipher;
		uint8_t salt[14];
		// OpenSSL 3 calls these deprecated. What it has in their place allocates twice for each message, and takes a third longer.
		/** HMAC's two hashes (RFC 2104), each with its padded key read. */
		SHA_CTX inner;
		SHA_CTX outer;
	};
} // namespace mirolive::srtp
