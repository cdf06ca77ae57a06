#include "session.hpp"
#include <climits>
#include <cstring>

namespace mirolive::srtp
{
	namespace
	{
		constexpr size_t IndexLength{ 4 };
		/** Bit of SRTCP's index word: the packet is encrypted. */
		constexpr uint32_t EncryptedBit{ uint32_t{ 1 } << 31 };

		// OpenSSL's lengths are ints.
		bool IsTooLong(Bytes packet)
		{
			return packet.length > INT_MAX;
		}

		bool Fits(size_t length, size_t added, size_t room)
		{
			return added <= room && length <= room - added;
		}

		// In place there is nothing to copy.
		void CopyHeader(Bytes packet, size_t length, uint8_t* out)
		{
			if (out != packet.data)
			{
				std::memcpy(out, packet.data, length);
			}
		}

		srtp_err_status_t Refusal(Freshness freshness)
		{
			return freshness == Freshness::TooOld ? srtp_err_status_replay_old : srtp_err_status_replay_fail;
		}
	} // namespace

	std::unique_ptr<Session> Session::Create(const Policy& policy)
	{
		const Bytes key{ policy.key, policy.suite->keyLength };
		const Bytes salt{ policy.salt, policy.suite->saltLength };
		auto rtp  = Transform::Create(*policy.suite, Kind::Rtp, policy.direction, key, salt);
		auto rtcp = Transform::Create(*policy.suite, Kind::Rtcp, policy.direction, key, salt);

		if (!rtp || !rtcp)
		{
			return nullptr;
		}

		return std::unique_ptr<Session>(new Session(policy, std::move(rtp), std::move(rtcp)));
	}

	Session::Session(const Policy& policy, std::unique_ptr<Transform> rtp, std::unique_ptr<Transform> rtcp)
	  : direction(policy.direction), allowsRepeats(policy.allowsRepeats), indexIsLast(policy.suite->isGcm),
	    rtp(std::move(rtp)), rtcp(std::move(rtcp))
	{
	}

	srtp_err_status_t Session::ProtectRtp(Bytes packet, uint8_t* out, size_t& room)
	{
		const auto header = ReadRtpHeader(packet);

		if (this->direction != Direction::Outbound)
		{
			return srtp_err_status_no_such_op;
		}

		if (!header || IsTooLong(packet))
		{
			return srtp_err_status_bad_param;
		}

		if (!Fits(packet.length, this->rtp->TagLength(), room))
		{
			return srtp_err_status_buffer_small;
		}

		auto& window         = this->streams[header->ssrc].rtp;
		const auto index     = EstimateIndex(window.Highest(), header->sequence);
		const auto freshness = window.Look(index);

		if (index >= RtpIndexLimit)
		{
			return srtp_err_status_key_expired;
		}

		if (freshness == Freshness::TooOld || (freshness == Freshness::Seen && !this->allowsRepeats))
		{
			return Refusal(freshness);
		}

		window.Add(index);

		uint8_t rolloverCounter[4];
		Write32(rolloverCounter, static_cast<uint32_t>(index >> 16));

		const size_t bodyLength = packet.length - header->length;
		const Message message{ header->ssrc,
			                     index,
			                     { packet.data, header->length },
			                     { packet.data + header->length, bodyLength },
			                     rolloverCounter };

		CopyHeader(packet, header->length, out);

		if (!this->rtp->Seal(message, out + header->length, out + packet.length))
		{
			return srtp_err_status_cipher_fail;
		}

		room = packet.length + this->rtp->TagLength();

		return srtp_err_status_ok;
	}

	srtp_err_status_t Session::UnprotectRtp(Bytes packet, uint8_t* out, size_t& room)
	{
		const size_t tagLength = this->rtp->TagLength();
		const auto header      = ReadRtpHeader(packet);

		if (this->direction != Direction::Inbound)
		{
			return srtp_err_status_no_such_op;
		}

		if (!header || IsTooLong(packet) || packet.length - header->length < tagLength)
		{
			return srtp_err_status_bad_param;
		}

		const size_t length = packet.length - tagLength;

		if (!Fits(length, 0, room))
		{
			return srtp_err_status_buffer_small;
		}

		if (!this->HasPlaceFor(header->ssrc))
		{
			return srtp_err_status_no_ctx;
		}

		const auto& window   = this->StreamOf(header->ssrc).rtp;
		const auto index     = EstimateIndex(window.Highest(), header->sequence);
		const auto freshness = window.Look(index);

		if (index >= RtpIndexLimit)
		{
			return srtp_err_status_key_expired;
		}

		if (freshness != Freshness::New)
		{
			return Refusal(freshness);
		}

		uint8_t rolloverCounter[4];
		Write32(rolloverCounter, static_cast<uint32_t>(index >> 16));

		const Message message{ header->ssrc,
			                     index,
			                     { packet.data, header->length },
			                     { packet.data + header->length, length - header->length },
			                     rolloverCounter };

		if (!this->rtp->Open(message, out + header->length, packet.data + length))
		{
			return srtp_err_status_auth_fail;
		}

		CopyHeader(packet, header->length, out);
		// Only now is anything kept of it: what is forged takes no memory and moves no window.
		this->streams[header->ssrc].rtp.Add(index);
		room = length;

		return srtp_err_status_ok;
	}

	srtp_err_status_t Session::ProtectRtcp(Bytes packet, uint8_t* out, size_t& room)
	{
		const size_t added = this->rtcp->TagLength() + IndexLength;

		if (this->direction != Direction::Outbound)
		{
			return srtp_err_status_no_such_op;
		}

		if (packet.length < RtcpHeaderLength || IsTooLong(packet))
		{
			return srtp_err_status_bad_param;
		}

		if (!Fits(packet.length, added, room))
		{
			return srtp_err_status_buffer_small;
		}

		const uint32_t ssrc = Read32(packet.data + 4);
		auto& window        = this->streams[ssrc].rtcp;
		// The first packet has the index 1, as libsrtp's.
		const uint64_t index = window.Highest() + 1;

		if (index >= RtcpIndexLimit)
		{
			return srtp_err_status_key_expired;
		}

		window.Add(index);

		uint8_t* const tag  = out + packet.length + (this->indexIsLast ? 0 : IndexLength);
		uint8_t* const word = out + packet.length + (this->indexIsLast ? this->rtcp->TagLength() : 0);
		const Message message{ ssrc,
			                     index,
			                     { packet.data, RtcpHeaderLength },
			                     { packet.data + RtcpHeaderLength, packet.length - RtcpHeaderLength },
			                     word };

		CopyHeader(packet, RtcpHeaderLength, out);
		Write32(word, EncryptedBit | static_cast<uint32_t>(index));

		if (!this->rtcp->Seal(message, out + RtcpHeaderLength, tag))
		{
			return srtp_err_status_cipher_fail;
		}

		room = packet.length + added;

		return srtp_err_status_ok;
	}

	srtp_err_status_t Session::UnprotectRtcp(Bytes packet, uint8_t* out, size_t& room)
	{
		const size_t added = this->rtcp->TagLength() + IndexLength;

		if (this->direction != Direction::Inbound)
		{
			return srtp_err_status_no_such_op;
		}

		if (packet.length < RtcpHeaderLength + added || IsTooLong(packet))
		{
			return srtp_err_status_bad_param;
		}

		const size_t length = packet.length - added;

		if (!Fits(length, 0, room))
		{
			return srtp_err_status_buffer_small;
		}

		const uint32_t ssrc       = Read32(packet.data + 4);
		const uint8_t* const tag  = packet.data + length + (this->indexIsLast ? 0 : IndexLength);
		const uint8_t* const word = packet.data + length + (this->indexIsLast ? this->rtcp->TagLength() : 0);

		// Every suite here encrypts: what says that it is not would be let in unread.
		if ((Read32(word) & EncryptedBit) == 0)
		{
			return srtp_err_status_cant_check;
		}

		if (!this->HasPlaceFor(ssrc))
		{
			return srtp_err_status_no_ctx;
		}

		const uint64_t index = Read32(word) & ~EncryptedBit;
		const auto freshness = this->StreamOf(ssrc).rtcp.Look(index);

		if (freshness != Freshness::New)
		{
			return Refusal(freshness);
		}

		const Message message{ ssrc,
			                     index,
			                     { packet.data, RtcpHeaderLength },
			                     { packet.data + RtcpHeaderLength, length - RtcpHeaderLength },
			                     word };

		if (!this->rtcp->Open(message, out + RtcpHeaderLength, tag))
		{
			return srtp_err_status_auth_fail;
		}

		CopyHeader(packet, RtcpHeaderLength, out);
		this->streams[ssrc].rtcp.Add(index);
		room = length;

		return srtp_err_status_ok;
	}

	bool Session::Forget(uint32_t ssrc)
	{
		return this->streams.erase(ssrc) > 0;
	}

	bool Session::HasPlaceFor(uint32_t ssrc) const
	{
		return this->streams.size() < MaxInboundStreams || this->streams.contains(ssrc);
	}

	const Session::Stream& Session::StreamOf(uint32_t ssrc) const
	{
		static const Stream NewStream{};
		const auto found = this->streams.find(ssrc);

		return found == this->streams.end() ? NewStream : found->second;
	}
} // namespace mirolive::srtp
