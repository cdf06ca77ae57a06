// OpenSSL's context as an owned object. OpenSSL wipes the key in it when it frees it.
#pragma once

#include <memory>
#include <openssl/evp.h>

namespace mirolive::srtp
{
	struct FreeContext
	{
		void operator()(EVP_CIPHER_CTX* context) const
		{
			EVP_CIPHER_CTX_free(context);
		}
	};

	using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;
} // namespace mirolive::srtp
