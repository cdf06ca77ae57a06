// Bytes of somebody else's memory, and numbers in network byte order.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mirolive::srtp
{
	struct Bytes
	{
		const uint8_t* data;
		size_t length;
	};

	inline uint16_t Read16(const uint8_t* from)
	{
		return static_cast<uint16_t>(from[0] << 8 | from[1]);
	}

	inline uint32_t Read32(const uint8_t* from)
	{
		return uint32_t{ Read16(from) } << 16 | Read16(from + 2);
	}

	inline void Write32(uint8_t* to, uint32_t value)
	{
		for (int i{ 0 }; i < 4; ++i)
		{
			to[i] = static_cast<uint8_t>(value >> (24 - 8 * i));
		}
	}
} // namespace mirolive::srtp
