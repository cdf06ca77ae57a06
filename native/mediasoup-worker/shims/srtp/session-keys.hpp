// Keys on their way from the derivation into OpenSSL's contexts, wiped after it; and the nonce that a salt makes.
#pragma once

#include "suite.hpp"
#include <openssl/crypto.h>

namespace mirolive::srtp
{
	/** Length of an HMAC-SHA1 key and result, in bytes. */
	inline constexpr size_t Sha1Length{ 20 };

	struct SessionKeys
	{
		uint8_t encryption[MaxKeyLength];
		uint8_t authentication[Sha1Length];
		uint8_t salt[MaxSaltLength];

		~SessionKeys()
		{
			OPENSSL_cleanse(this, sizeof(*this));
		}
	};

	/** Adds (xor) SSRC and 48 bits of index to what is a salt before: RFC 3711 section 4.1.1, RFC 7714 section 8.1 and 9.1. */
	inline void AddPlace(uint8_t* saltAtSsrc, uint32_t ssrc, uint64_t index)
	{
		for (int i{ 0 }; i < 4; ++i)
		{
			saltAtSsrc[i] ^= static_cast<uint8_t>(ssrc >> (24 - 8 * i));
		}

		for (int i{ 0 }; i < 6; ++i)
		{
			saltAtSsrc[4 + i] ^= static_cast<uint8_t>(index >> (40 - 8 * i));
		}
	}
} // namespace mirolive::srtp
