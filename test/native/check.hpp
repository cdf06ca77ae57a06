// What a case expects; what does not hold is thrown.
#pragma once

#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

using Buffer = std::vector<uint8_t>;

inline std::string ToHex(const Buffer& bytes)
{
	std::string text;
	char digits[3];

	for (const auto byte : bytes)
	{
		std::snprintf(digits, sizeof(digits), "%02x", byte);
		text += digits;
	}

	return text;
}

/** Spaces are for the reader. */
inline Buffer FromHex(const std::string& text)
{
	Buffer bytes;
	std::string digits;

	for (const auto digit : text)
	{
		if (digit != ' ')
		{
			digits += digit;
		}
	}

	for (size_t at{ 0 }; at < digits.size(); at += 2)
	{
		bytes.push_back(static_cast<uint8_t>(std::stoi(digits.substr(at, 2), nullptr, 16)));
	}

	return bytes;
}

inline void Expect(bool holds, const std::string& what)
{
	if (!holds)
	{
		throw std::runtime_error("expected " + what);
	}
}

inline void ExpectBytes(const Buffer& got, const Buffer& expected, const std::string& what)
{
	Expect(got == expected, what + "\n  expected " + ToHex(expected) + "\n  got      " + ToHex(got));
}
