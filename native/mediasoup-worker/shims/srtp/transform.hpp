// What a suite does to the bytes of a packet, with the keys of SRTP or of SRTCP.
#pragma once

#include "bytes.hpp"
#include "cipher-context.hpp"
#include "suite.hpp"
#include <memory>

namespace mirolive::srtp
{
	enum class Kind
	{
		Rtp,
		Rtcp
	};

	/** One packet: where it stands in its stream, and its parts. */
	struct Message
	{
		uint32_t ssrc;
		uint64_t index;
		/** Authenticated, left readable. */
		Bytes header;
		/** Encrypted. */
		Bytes body;
		/** 4 bytes, authenticated with the rest: SRTP's rollover counter, SRTCP's index with its E bit. */
		const uint8_t* word;
	};

	/** Keys in one direction. Its contexts are made once; a packet costs no memory. */
	class Transform
	{
	public:
		/** Null if OpenSSL refuses. */
		static std::unique_ptr<Transform> Create(
		  const Suite& suite, Kind kind, Direction direction, Bytes masterKey, Bytes masterSalt);
		virtual ~Transform() = default;

		size_t TagLength() const
		{
			return this->tagLength;
		}

		/** Encrypts the body to `body`, which may be where it is, and writes the tag of it all. */
		virtual bool Seal(const Message& message, uint8_t* body, uint8_t* tag) = 0;
		/** Decrypts the body to `body`, which may be where it is; after a wrong tag what is there means nothing. */
		virtual bool Open(const Message& message, uint8_t* body, const uint8_t* tag) = 0;

	protected:
		explicit Transform(size_t tagLength) : tagLength(tagLength)
		{
		}

	private:
		size_t tagLength;
	};
} // namespace mirolive::srtp
