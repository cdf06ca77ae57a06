// The part of libsrtp 3's API that mediasoup calls, over the libsrtp 2 that Debian packages.
// What differs: the policy is opaque and made by calls; packets are size_t long and go from one buffer to another.
// libsrtp 2's functions have C linkage, so ours overload them by their parameters.
#pragma once

// libsrtp 2 gives its policy struct the name that libsrtp 3 gives to the opaque pointer.
#define srtp_policy_t srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t

#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

// Codes that only libsrtp 3 has, with its numbers.
inline constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
inline constexpr auto srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

struct SrtpPolicy
{
	srtp2_policy_t policy{};
	uint8_t key[SRTP_MAX_KEY_LEN]{};
};

using srtp_policy_t = SrtpPolicy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
	*policy = new (std::nothrow) SrtpPolicy();

	return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->policy.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	const auto err = srtp_crypto_policy_set_from_profile_for_rtp(&policy->policy.rtp, profile);

	if (err != srtp_err_status_ok)
	{
		return err;
	}

	return srtp_crypto_policy_set_from_profile_for_rtcp(&policy->policy.rtcp, profile);
}

// libsrtp 2 wants the salt right behind the key. Master key identifiers are not used by mediasoup.
inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* mki,
  size_t mkiLen)
{
	if (keyLen > sizeof(policy->key) || saltLen > sizeof(policy->key) - keyLen || mki || mkiLen)
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->key, key, keyLen);
	std::memcpy(policy->key + keyLen, salt, saltLen);
	policy->policy.key = policy->key;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
	policy->policy.allow_repeat_tx = allow ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t size)
{
	policy->policy.window_size = size;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, const srtp_policy_t policy)
{
	return srtp_create(session, &policy->policy);
}

// The name changed; in both the SSRC is in network byte order.
inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

namespace srtp_shim
{
	// Runs a function of libsrtp 2, which works in place, as one of libsrtp 3. `trailer`: bytes that it may append.
	template<typename InPlace>
	srtp_err_status_t run(
	  InPlace inPlace, srtp_t ctx, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t trailer)
	{
		if (inLen > INT_MAX)
		{
			return srtp_err_status_bad_param;
		}

		if (*outLen < inLen + trailer)
		{
			return srtp_err_status_buffer_small;
		}

		if (in != out)
		{
			std::memcpy(out, in, inLen);
		}

		int len        = static_cast<int>(inLen);
		const auto err = inPlace(ctx, out, &len);

		if (err == srtp_err_status_ok)
		{
			*outLen = static_cast<size_t>(len);
		}

		return err;
	}

	using InPlaceFunction = srtp_err_status_t (*)(srtp_t, void*, int*);

	inline constexpr InPlaceFunction protect        = srtp_protect;
	inline constexpr InPlaceFunction unprotect      = srtp_unprotect;
	inline constexpr InPlaceFunction protect_rtcp   = srtp_protect_rtcp;
	inline constexpr InPlaceFunction unprotect_rtcp = srtp_unprotect_rtcp;
} // namespace srtp_shim

inline srtp_err_status_t srtp_protect(
  srtp_t ctx, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t /*mkiIndex*/)
{
	return srtp_shim::run(srtp_shim::protect, ctx, rtp, rtpLen, srtp, srtpLen, SRTP_MAX_TRAILER_LEN);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t ctx, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
	return srtp_shim::run(srtp_shim::unprotect, ctx, srtp, srtpLen, rtp, rtpLen, 0);
}

// SRTCP appends its 4-byte index too; SRTP_MAX_TRAILER_LEN has room for it, since no master key identifier is used.
inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t ctx, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t /*mkiIndex*/)
{
	return srtp_shim::run(srtp_shim::protect_rtcp, ctx, rtcp, rtcpLen, srtcp, srtcpLen, SRTP_MAX_TRAILER_LEN);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t ctx, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
	return srtp_shim::run(srtp_shim::unprotect_rtcp, ctx, srtcp, srtcpLen, rtcp, rtcpLen, 0);
}
