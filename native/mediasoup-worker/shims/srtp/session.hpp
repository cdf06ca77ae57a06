// SRTP and SRTCP in one direction between two ends: RFC 3711 and RFC 7714, with one master key that is never changed.
#pragma once

#include "packet.hpp"
#include "replay-window.hpp"
#include "transform.hpp"
#include <openssl/crypto.h>
#include <unordered_map>

namespace mirolive::srtp
{
	/** What a session is made of; wiped when it goes. */
	struct Policy
	{
		const Suite* suite{ nullptr };
		Direction direction{ Direction::Inbound };
		/** Whether a packet may be encrypted again, as a retransmission without a format of its own is. */
		bool allowsRepeats{ false };
		bool hasKey{ false };
		uint8_t key[MaxKeyLength]{};
		uint8_t salt[MaxSaltLength]{};

		~Policy()
		{
			OPENSSL_cleanse(this->key, sizeof(this->key));
			OPENSSL_cleanse(this->salt, sizeof(this->salt));
		}
	};

	/** Packets that SRTP's replay window holds (what mediasoup sets) and SRTCP's (as libsrtp's). */
	inline constexpr size_t RtpWindow{ 1024 };
	inline constexpr size_t RtcpWindow{ 128 };

	/**
	 * Streams that are known of one who sends, at most: somebody with a camera, a screen and their sounds has about twenty. Who
	 * has the keys may make up any number of them, and mediasoup has those forgotten only that are its own.
	 */
	inline constexpr size_t MaxInboundStreams{ 256 };

	class Session
	{
	public:
		/** Null if OpenSSL refuses. */
		static std::unique_ptr<Session> Create(const Policy& policy);

		// `room`: bytes there are at `out`, then what was written. `out` may be where the packet is.
		srtp_err_status_t ProtectRtp(Bytes packet, uint8_t* out, size_t& room);
		srtp_err_status_t UnprotectRtp(Bytes packet, uint8_t* out, size_t& room);
		srtp_err_status_t ProtectRtcp(Bytes packet, uint8_t* out, size_t& room);
		srtp_err_status_t UnprotectRtcp(Bytes packet, uint8_t* out, size_t& room);
		/** A stream with this SSRC begins anew. False if there is none. */
		bool Forget(uint32_t ssrc);

	private:
		/** What came or went under one SSRC. */
		struct Stream
		{
			ReplayWindow<RtpWindow> rtp;
			ReplayWindow<RtcpWindow> rtcp;
		};

		Session(const Policy& policy, std::unique_ptr<Transform> rtp, std::unique_ptr<Transform> rtcp);
		const Stream& StreamOf(uint32_t ssrc) const;
		bool HasPlaceFor(uint32_t ssrc) const;

	private:
		Direction direction;
		bool allowsRepeats;
		/** In SRTCP the tag is before the index with GCM, behind it otherwise. */
		bool indexIsLast;
		std::unique_ptr<Transform> rtp;
		std::unique_ptr<Transform> rtcp;
		std::unordered_map<uint32_t, Stream> streams;
	};
} // namespace mirolive::srtp
