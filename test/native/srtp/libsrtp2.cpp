#include "libsrtp2.hpp"
#include <arpa/inet.h>
#include <srtp2/srtp.h>

namespace libsrtp2
{
	Session::Session(int profile, bool isInbound, Buffer key)
	{
		static const auto Started = srtp_init();
		Expect(Started == srtp_err_status_ok, "libsrtp 2 to start");

		srtp_policy_t policy{};
		const auto id = static_cast<srtp_profile_t>(profile);
		srtp_crypto_policy_set_from_profile_for_rtp(&policy.rtp, id);
		srtp_crypto_policy_set_from_profile_for_rtcp(&policy.rtcp, id);
		policy.ssrc.type       = isInbound ? ssrc_any_inbound : ssrc_any_outbound;
		policy.key             = key.data();
		policy.window_size     = 1024;
		policy.allow_repeat_tx = 1;

		srtp_t created{ nullptr };
		Expect(srtp_create(&created, &policy) == srtp_err_status_ok, "a session of libsrtp 2");
		this->session = created;
	}

	Session::~Session()
	{
		srtp_dealloc(static_cast<srtp_t>(this->session));
	}

	int Session::Run(Call call, Buffer& packet)
	{
		constexpr decltype(&srtp_protect) Calls[]{
			srtp_protect, srtp_unprotect, srtp_protect_rtcp, srtp_unprotect_rtcp
		};
		auto length = static_cast<int>(packet.size());
		// It writes up to a whole trailer behind the packet, and reads some of what is too short.
		packet.resize(packet.size() + SRTP_MAX_TRAILER_LEN + 64);
		const auto status = Calls[static_cast<int>(call)](static_cast<srtp_t>(this->session), packet.data(), &length);
		packet.resize(length);

		return status;
	}

	void Session::Remove(uint32_t ssrc)
	{
		srtp_remove_stream(static_cast<srtp_t>(this->session), htonl(ssrc));
	}
} // namespace libsrtp2
