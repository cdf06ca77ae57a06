#include "counter-mode.hpp"
#include <cstring>

namespace mirolive::srtp
{
	namespace
	{
		bool ReadPaddedKey(SHA_CTX& hash, const uint8_t* key, uint8_t padding)
		{
			uint8_t block[SHA_CBLOCK];

			for (size_t i{ 0 }; i < sizeof(block); ++i)
			{
				block[i] = static_cast<uint8_t>((i < Sha1Length ? key[i] : 0) ^ padding);
			}

			const bool done = SHA1_Init(&hash) == 1 && SHA1_Update(&hash, block, sizeof(block)) == 1;

			OPENSSL_cleanse(block, sizeof(block));

			return done;
		}
	} // namespace

	std::unique_ptr<Transform> CounterMode::Create(const SessionKeys& keys, size_t tagLength)
	{
		CipherContext cipher(EVP_CIPHER_CTX_new());

		// Counter mode decrypts by encrypting.
		if (
		  !cipher ||
		  EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_ctr(), nullptr, keys.encryption, nullptr) != 1)
		{
			return nullptr;
		}

		std::unique_ptr<CounterMode> mode(new CounterMode(keys, tagLength, std::move(cipher)));
		const bool done = ReadPaddedKey(mode->inner, keys.authentication, 0x36) &&
		                  ReadPaddedKey(mode->outer, keys.authentication, 0x5c);

		return done ? std::move(mode) : nullptr;
	}

	CounterMode::CounterMode(const SessionKeys& keys, size_t tagLength, CipherContext cipher)
	  : Transform(tagLength), cipher(std::move(cipher)), inner{}, outer{}
	{
		std::memcpy(this->salt, keys.salt, sizeof(this->salt));
	}

	CounterMode::~CounterMode()
	{
		OPENSSL_cleanse(this->salt, sizeof(this->salt));
		OPENSSL_cleanse(&this->inner, sizeof(this->inner));
		OPENSSL_cleanse(&this->outer, sizeof(this->outer));
	}

	bool CounterMode::Seal(const Message& message, uint8_t* body, uint8_t* tag)
	{
		uint8_t code[Sha1Length];

		if (!this->Encrypt(message, body) || !this->Authenticate(message, body, code))
		{
			return false;
		}

		std::memcpy(tag, code, this->TagLength());

		return true;
	}

	bool CounterMode::Open(const Message& message, uint8_t* body, const uint8_t* tag)
	{
		uint8_t code[Sha1Length];

		return this->Authenticate(message, message.body.data, code) &&
		       CRYPTO_memcmp(code, tag, this->TagLength()) == 0 && this->Encrypt(message, body);
	}

	bool CounterMode::Encrypt(const Message& message, uint8_t* body)
	{
		// The last two bytes count the blocks of the packet.
		uint8_t counter[16]{};
		std::memcpy(counter, this->salt, sizeof(this->salt));
		AddPlace(counter + 4, message.ssrc, message.index);

		const auto length = static_cast<int>(message.body.length);
		int written{ 0 };

		return EVP_EncryptInit_ex(this->cipher.get(), nullptr, nullptr, nullptr, counter) == 1 &&
		       EVP_EncryptUpdate(this->cipher.get(), body, &written, message.body.data, length) == 1;
	}

	bool CounterMode::Authenticate(const Message& message, const uint8_t* ciphertext, uint8_t* code) const
	{
		SHA_CTX hash = this->inner;

		if (
		  SHA1_Update(&hash, message.header.data, message.header.length) != 1 ||
		  SHA1_Update(&hash, ciphertext, message.body.length) != 1 || SHA1_Update(&hash, message.word, 4) != 1 ||
		  SHA1_Final(code, &hash) != 1)
		{
			return false;
		}

		hash = this->outer;

		return SHA1_Update(&hash, code, Sha1Length) == 1 && SHA1_Final(code, &hash) == 1;
	}
} // namespace mirolive::srtp
