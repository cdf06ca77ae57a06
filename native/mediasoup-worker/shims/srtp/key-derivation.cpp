#include "key-derivation.hpp"
#include "cipher-context.hpp"
#include <openssl/crypto.h>
#include <cstring>

namespace mirolive::srtp
{
	bool DeriveKey(Bytes masterKey, Bytes masterSalt, Label label, uint8_t* key, size_t keyLength)
	{
		// The salt is 14 bytes; GCM's has 12, with zeros behind it. The label is added to its byte 7, and the last two
		// bytes of the block count.
		uint8_t block[16]{};
		std::memcpy(block, masterSalt.data, masterSalt.length);
		block[7] ^= static_cast<uint8_t>(label);

		const CipherContext context(EVP_CIPHER_CTX_new());
		const EVP_CIPHER* aes = masterKey.length == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr();
		int written{ 0 };

		std::memset(key, 0, keyLength);

		const bool done = context && EVP_EncryptInit_ex(context.get(), aes, nullptr, masterKey.data, block) == 1 &&
		                  EVP_EncryptUpdate(context.get(), key, &written, key, static_cast<int>(keyLength)) == 1;

		OPENSSL_cleanse(block, sizeof(block));

		return done;
	}
} // namespace mirolive::srtp
