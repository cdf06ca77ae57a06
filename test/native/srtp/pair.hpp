// The shim and libsrtp 2 with the same key, given the same packets: each answer is compared.
#pragma once

#include "libsrtp2.hpp"
#include "shim-session.hpp"

/** Both with one key in one direction. */
class Pair
{
public:
	Pair(srtp_profile_t profile, bool isInbound, const Buffer& key)
	  : shim(profile, isInbound, key), reference(profile, isInbound, key)
	{
	}

	/** The common answer; if the packet is taken, `packet` becomes what both made of it. */
	int Run(Call call, Buffer& packet)
	{
		const Buffer before(packet);
		Buffer expected(packet);
		const int theirs = this->reference.Run(call, expected);
		// Bytes that the longest tag and SRTCP's index take.
		const int ours = this->shim.Run(call, packet, packet.size() + 20);

		if (Meaning(ours) != Meaning(theirs) || packet != (ours == srtp_err_status_ok ? expected : before))
		{
			throw std::runtime_error(
			  "expected status " + std::to_string(theirs) + " and " + ToHex(expected) + "\n  got " +
			  std::to_string(ours) + " and " + ToHex(packet) + "\n  for call " +
			  std::to_string(static_cast<int>(call)) + " with " + ToHex(before));
		}

		return ours;
	}

	/** A packet that neither may take, whatever each has against it. */
	void Refuse(Call call, Buffer packet)
	{
		Buffer same(packet);
		const int theirs = this->reference.Run(call, same);
		const int ours   = this->shim.Run(call, packet, packet.size());

		if (ours == srtp_err_status_ok || theirs == srtp_err_status_ok)
		{
			throw std::runtime_error("expected a damaged packet to be refused, got " + std::to_string(ours) + " for " + ToHex(packet));
		}
	}

	void Remove(uint32_t ssrc)
	{
		this->shim.Remove(ssrc);
		this->reference.Remove(ssrc);
	}

private:
	// mediasoup only writes down why a packet is refused. Seen before and too old must be told apart all the same.
	static int Meaning(int status)
	{
		const bool isTold =
		  status == srtp_err_status_ok || status == srtp_err_status_replay_fail || status == srtp_err_status_replay_old;

		return isTold ? status : srtp_err_status_fail;
	}

private:
	ShimSession shim;
	libsrtp2::Session reference;
};
