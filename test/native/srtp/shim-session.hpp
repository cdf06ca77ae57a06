// A session of the shim, through the calls and with the settings that mediasoup uses.
#pragma once

#include "call.hpp"
#include "../check.hpp"
#include "shims/srtp.h"
#include <arpa/inet.h>

inline constexpr srtp_profile_t Profiles[]{ srtp_profile_aead_aes_256_gcm,
	                                          srtp_profile_aead_aes_128_gcm,
	                                          srtp_profile_aes128_cm_sha1_80,
	                                          srtp_profile_aes128_cm_sha1_32 };

inline size_t KeyAndSaltLength(srtp_profile_t profile)
{
	return srtp_profile_get_master_key_length(profile) + srtp_profile_get_master_salt_length(profile);
}

class ShimSession
{
public:
	ShimSession(srtp_profile_t profile, bool isInbound, const Buffer& key)
	{
		const auto keyLength  = srtp_profile_get_master_key_length(profile);
		const auto saltLength = srtp_profile_get_master_salt_length(profile);
		srtp_policy_t policy{ nullptr };
		Expect(
		  srtp_policy_create(&policy) == srtp_err_status_ok &&
		    srtp_policy_set_ssrc(policy, { isInbound ? ssrc_any_inbound : ssrc_any_outbound, 0 }) == srtp_err_status_ok &&
		    srtp_policy_set_profile(policy, profile) == srtp_err_status_ok &&
		    srtp_policy_add_key(policy, key.data(), keyLength, key.data() + keyLength, saltLength, nullptr, 0) ==
		      srtp_err_status_ok &&
		    srtp_policy_set_allow_repeat_tx(policy, true) == srtp_err_status_ok &&
		    srtp_policy_set_window_size(policy, 1024) == srtp_err_status_ok &&
		    srtp_create(&this->session, policy) == srtp_err_status_ok,
		  "a session of the shim");
		srtp_policy_destroy(policy);
	}

	~ShimSession()
	{
		srtp_dealloc(this->session);
	}

	ShimSession(const ShimSession&) = delete;

	/** From one buffer to another, each as long as it must be, so that the sanitizer sees what is read or written beyond. */
	srtp_err_status_t Run(Call call, Buffer& packet, size_t room)
	{
		const Buffer in(packet);
		Buffer out(room);
		const auto status = this->Run(call, in.data(), in.size(), out.data(), room);

		if (status == srtp_err_status_ok)
		{
			out.resize(room);
			packet = out;
		}

		return status;
	}

	srtp_err_status_t Run(Call call, const uint8_t* in, size_t length, uint8_t* out, size_t& room)
	{
		switch (call)
		{
			case Call::ProtectRtp:
				return srtp_protect(this->session, in, length, out, &room, 0);
			case Call::UnprotectRtp:
				return srtp_unprotect(this->session, in, length, out, &room);
			case Call::ProtectRtcp:
				return srtp_protect_rtcp(this->session, in, length, out, &room, 0);
			default:
				return srtp_unprotect_rtcp(this->session, in, length, out, &room);
		}
	}

	void Remove(uint32_t ssrc)
	{
		srtp_stream_remove(this->session, htonl(ssrc));
	}

private:
	srtp_t session{ nullptr };
};
