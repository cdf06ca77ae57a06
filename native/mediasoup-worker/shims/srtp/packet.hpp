// What SRTP has to know of an RTP or RTCP packet. Packets come from anybody: every length is checked before it is used.
#pragma once

#include "bytes.hpp"
#include <optional>

namespace mirolive::srtp
{
	struct RtpHeader
	{
		/** Fixed part, CSRCs and header extension: what SRTP leaves readable. */
		size_t length;
		uint16_t sequence;
		uint32_t ssrc;
	};

	/** RFC 3550 section 5.1 and 5.3.1. Nothing if the packet ends before its header does. */
	inline std::optional<RtpHeader> ReadRtpHeader(Bytes packet)
	{
		if (packet.length < 12)
		{
			return std::nullopt;
		}

		const bool hasExtension = (packet.data[0] & 0x10) != 0;
		const size_t csrcs      = packet.data[0] & 0x0f;
		size_t length           = 12 + 4 * csrcs;

		if (hasExtension)
		{
			if (packet.length < length + 4)
			{
				return std::nullopt;
			}

			length += 4 + 4 * size_t{ Read16(packet.data + length + 2) };
		}

		if (packet.length < length)
		{
			return std::nullopt;
		}

		return RtpHeader{ length, Read16(packet.data + 2), Read32(packet.data + 8) };
	}

	/** Bytes of an RTCP packet that SRTCP leaves readable; the last four are the SSRC. */
	inline constexpr size_t RtcpHeaderLength{ 8 };

	/** The index (rollover counter and sequence number, 48 bits) that is nearest to the highest so far: RFC 3711 section 3.3.1. */
	inline uint64_t EstimateIndex(uint64_t highest, uint16_t sequence)
	{
		constexpr uint64_t Round{ 1 << 16 };
		constexpr uint64_t Half{ 1 << 15 };
		const uint64_t index = highest / Round * Round + sequence;

		// Nothing is before round 0.
		if (index > highest + Half && index >= Round)
		{
			return index - Round;
		}

		return index + Half < highest ? index + Round : index;
	}

	/** The first index that a key must not be used for (RFC 3711 section 9.2), and SRTCP's. */
	inline constexpr uint64_t RtpIndexLimit{ uint64_t{ 1 } << 48 };
	inline constexpr uint64_t RtcpIndexLimit{ uint64_t{ 1 } << 31 };
} // namespace mirolive::srtp
