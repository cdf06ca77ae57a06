// Packets of every shape, the same ones for the same seed.
#pragma once

#include "../check.hpp"
#include <algorithm>
#include <cstring>
#include <random>

class RandomPackets
{
public:
	explicit RandomPackets(uint64_t seed) : random(seed)
	{
	}

	/** 0 to `most`. */
	size_t Number(size_t most)
	{
		return std::uniform_int_distribution<size_t>(0, most)(this->random);
	}

	Buffer Bytes(size_t length)
	{
		Buffer bytes(length);

		for (size_t at{ 0 }; at < length; at += 8)
		{
			const uint64_t number = this->random();
			std::memcpy(bytes.data() + at, &number, std::min<size_t>(8, length - at));
		}

		return bytes;
	}

	Buffer Rtp(uint32_t ssrc, uint16_t sequence)
	{
		const size_t csrcs         = this->Number(3) == 0 ? this->Number(15) : 0;
		const bool hasExtension    = this->Number(1) == 0;
		const size_t extensionSize = this->Number(8);
		const size_t headerLength  = 12 + 4 * csrcs + (hasExtension ? 4 + 4 * extensionSize : 0);
		auto packet                = this->Bytes(headerLength + this->Number(3) / 3 * this->Number(1200));
		packet[0]                  = static_cast<uint8_t>(0x80 | (hasExtension ? 0x10 : 0) | csrcs);
		packet[2]                  = static_cast<uint8_t>(sequence >> 8);
		packet[3]                  = static_cast<uint8_t>(sequence);
		Put(packet, 8, ssrc);

		if (hasExtension)
		{
			packet[12 + 4 * csrcs + 2] = 0;
			packet[12 + 4 * csrcs + 3] = static_cast<uint8_t>(extensionSize);
		}

		return packet;
	}

	Buffer Rtcp(uint32_t ssrc)
	{
		auto packet = this->Bytes(8 + 4 * this->Number(60));
		packet[0]   = 0x80;
		packet[1]   = 200;
		Put(packet, 4, ssrc);

		return packet;
	}

	/** Something else of the same length, mostly: one bit, a byte more or less, or all of it. */
	Buffer Damaged(Buffer packet)
	{
		switch (this->Number(3))
		{
			case 0:
				packet.resize(this->Number(packet.size() - 1));
				break;
			case 1:
				packet.push_back(static_cast<uint8_t>(this->random()));
				break;
			case 2:
				packet = this->Bytes(packet.size());
				break;
			default:
				packet[this->Number(packet.size() - 1)] ^= static_cast<uint8_t>(1 << this->Number(7));
		}

		return packet;
	}

private:
	static void Put(Buffer& packet, size_t at, uint32_t value)
	{
		for (size_t i{ 0 }; i < 4; ++i)
		{
			packet[at + i] = static_cast<uint8_t>(value >> (24 - 8 * i));
		}
	}

private:
	std::mt19937_64 random;
};
