// libsrtp 3's calls, on sessions.
#include "session.hpp"
#include <arpa/inet.h>
#include <cstring>
#include <new>

using namespace mirolive::srtp;

srtp_err_status_t srtp_init()
{
	return srtp_err_status_ok;
}

srtp_err_status_t srtp_shutdown()
{
	return srtp_err_status_ok;
}

const char* srtp_get_version_string()
{
	return OpenSSL_version(OPENSSL_VERSION);
}

srtp_err_status_t srtp_install_event_handler(srtp_event_handler_func_t* /*handler*/)
{
	return srtp_err_status_ok;
}

size_t srtp_profile_get_master_key_length(srtp_profile_t profile)
{
	const Suite* const suite = FindSuite(profile);

	return suite ? suite->keyLength : 0;
}

size_t srtp_profile_get_master_salt_length(srtp_profile_t profile)
{
	const Suite* const suite = FindSuite(profile);

	return suite ? suite->saltLength : 0;
}

srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
	*policy = new (std::nothrow) Policy();

	return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

void srtp_policy_destroy(srtp_policy_t policy)
{
	delete policy;
}

srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	switch (ssrc.type)
	{
		case ssrc_any_inbound:
		{
			policy->direction = Direction::Inbound;

			return srtp_err_status_ok;
		}

		case ssrc_any_outbound:
		{
			policy->direction = Direction::Outbound;

			return srtp_err_status_ok;
		}

		default:
		{
			return srtp_err_status_bad_param;
		}
	}
}

srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	policy->suite  = FindSuite(profile);
	policy->hasKey = false;

	return policy->suite ? srtp_err_status_ok : srtp_err_status_bad_param;
}

srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* mki,
  size_t mkiLen)
{
	const Suite* const suite = policy->suite;

	if (!suite || keyLen != suite->keyLength || saltLen != suite->saltLength || mki || mkiLen)
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->key, key, keyLen);
	std::memcpy(policy->salt, salt, saltLen);
	policy->hasKey = true;

	return srtp_err_status_ok;
}

srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
	policy->allowsRepeats = allow;

	return srtp_err_status_ok;
}

srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t /*policy*/, size_t size)
{
	return size == RtpWindow ? srtp_err_status_ok : srtp_err_status_bad_param;
}

srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
	if (!policy->hasKey)
	{
		return srtp_err_status_bad_param;
	}

	*session = Session::Create(*policy).release();

	return *session ? srtp_err_status_ok : srtp_err_status_init_fail;
}

srtp_err_status_t srtp_dealloc(srtp_t session)
{
	delete session;

	return srtp_err_status_ok;
}

srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return session->Forget(ntohl(ssrc)) ? srtp_err_status_ok : srtp_err_status_no_ctx;
}

srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t /*mkiIndex*/)
{
	return session->ProtectRtp({ rtp, rtpLen }, srtp, *srtpLen);
}

srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
	return session->UnprotectRtp({ srtp, srtpLen }, rtp, *rtpLen);
}

srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t /*mkiIndex*/)
{
	return session->ProtectRtcp({ rtcp, rtcpLen }, srtcp, *srtcpLen);
}

srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
	return session->UnprotectRtcp({ srtcp, srtcpLen }, rtcp, *rtcpLen);
}
