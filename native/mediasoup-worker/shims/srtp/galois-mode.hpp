// AEAD_AES_128_GCM and AEAD_AES_256_GCM: RFC 7714.
#pragma once

#include "session-keys.hpp"
#include "transform.hpp"

namespace mirolive::srtp
{
	class GaloisMode : public Transform
	{
	public:
		static std::unique_ptr<Transform> Create(
		  Kind kind, Direction direction, const SessionKeys& keys, size_t keyLength, size_t tagLength);
		~GaloisMode() override;

		bool Seal(const Message& message, uint8_t* body, uint8_t* tag) override;
		bool Open(const Message& message, uint8_t* body, const uint8_t* tag) override;

	private:
		GaloisMode(Kind kind, const SessionKeys& keys, size_t tagLength, CipherContext context);
		bool Run(const Message& message, uint8_t* body);
		bool Finish();

	private:
		Kind kind;
		uint8_t salt[12];
		CipherContext context;
	};
} // namespace mirolive::srtp
