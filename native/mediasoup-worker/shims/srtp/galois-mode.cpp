#include "galois-mode.hpp"
#include <cstring>

namespace mirolive::srtp
{
	std::unique_ptr<Transform> GaloisMode::Create(
	  Kind kind, Direction direction, const SessionKeys& keys, size_t keyLength, size_t tagLength)
	{
		CipherContext context(EVP_CIPHER_CTX_new());
		const EVP_CIPHER* aes = keyLength == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm();
		const int encrypts    = direction == Direction::Outbound ? 1 : 0;

		if (!context || EVP_CipherInit_ex(context.get(), aes, nullptr, keys.encryption, nullptr, encrypts) != 1)
		{
			return nullptr;
		}

		return std::unique_ptr<Transform>(new GaloisMode(kind, keys, tagLength, std::move(context)));
	}

	GaloisMode::GaloisMode(Kind kind, const SessionKeys& keys, size_t tagLength, CipherContext context)
	  : Transform(tagLength), kind(kind), context(std::move(context))
	{
		std::memcpy(this->salt, keys.salt, sizeof(this->salt));
	}

	GaloisMode::~GaloisMode()
	{
		OPENSSL_cleanse(this->salt, sizeof(this->salt));
	}

	bool GaloisMode::Seal(const Message& message, uint8_t* body, uint8_t* tag)
	{
		return this->Run(message, body) && this->Finish() &&
		       EVP_CIPHER_CTX_ctrl(
		         this->context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(this->TagLength()), tag) == 1;
	}

	bool GaloisMode::Open(const Message& message, uint8_t* body, const uint8_t* tag)
	{
		// OpenSSL compares the tags in a time that says nothing of them.
		return this->Run(message, body) &&
		       EVP_CIPHER_CTX_ctrl(
		         this->context.get(),
		         EVP_CTRL_AEAD_SET_TAG,
		         static_cast<int>(this->TagLength()),
		         const_cast<uint8_t*>(tag)) == 1 &&
		       this->Finish();
	}

	bool GaloisMode::Run(const Message& message, uint8_t* body)
	{
		uint8_t nonce[12];
		std::memcpy(nonce, this->salt, sizeof(nonce));
		AddPlace(nonce + 2, message.ssrc, message.index);

		EVP_CIPHER_CTX* const context = this->context.get();
		const auto length             = static_cast<int>(message.body.length);
		int written{ 0 };

		return EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, nonce, -1) == 1 &&
		       EVP_CipherUpdate(
		         context, nullptr, &written, message.header.data, static_cast<int>(message.header.length)) == 1 &&
		       // SRTP's rollover counter is in the nonce already.
		       (this->kind == Kind::Rtp || EVP_CipherUpdate(context, nullptr, &written, message.word, 4) == 1) &&
		       // Without an output OpenSSL would end the message here.
		       (length == 0 || EVP_CipherUpdate(context, body, &written, message.body.data, length) == 1);
	}

	bool GaloisMode::Finish()
	{
		uint8_t nothing[16];
		int written{ 0 };

		return EVP_CipherFinal_ex(this->context.get(), nothing, &written) == 1;
	}
} // namespace mirolive::srtp
