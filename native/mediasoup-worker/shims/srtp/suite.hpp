// The four suites that mediasoup negotiates, by their lengths.
#pragma once

#include "../srtp.h"

namespace mirolive::srtp
{
	/** A direction of a session either encrypts or decrypts, all its life. */
	enum class Direction
	{
		Inbound,
		Outbound
	};

	/** Lengths in bytes. */
	struct Suite
	{
		srtp_profile_t profile;
		/** AES in Galois/Counter mode (RFC 7714); otherwise AES in counter mode with HMAC-SHA1 (RFC 3711). */
		bool isGcm;
		size_t keyLength;
		size_t saltLength;
		size_t rtpTagLength;
		/** SRTCP's tag is never cut to 32 bits (RFC 5764 section 4.1.2). */
		size_t rtcpTagLength;
	};

	inline constexpr Suite Suites[] = {
		{ srtp_profile_aead_aes_256_gcm, true, 32, 12, 16, 16 },
		{ srtp_profile_aead_aes_128_gcm, true, 16, 12, 16, 16 },
		{ srtp_profile_aes128_cm_sha1_80, false, 16, 14, 10, 10 },
		{ srtp_profile_aes128_cm_sha1_32, false, 16, 14, 4, 10 },
	};

	inline constexpr size_t MaxKeyLength{ 32 };
	inline constexpr size_t MaxSaltLength{ 14 };

	/** Null for a profile that is none of them. */
	inline const Suite* FindSuite(srtp_profile_t profile)
	{
		for (const auto& suite : Suites)
		{
			if (suite.profile == profile)
			{
				return &suite;
			}
		}

		return nullptr;
	}
} // namespace mirolive::srtp
