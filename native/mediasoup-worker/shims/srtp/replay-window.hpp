// Which of the last packets of a stream were seen: RFC 3711 section 3.3.2.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mirolive::srtp
{
	enum class Freshness
	{
		New,
		Seen,
		TooOld
	};

	/** Remembers the highest index so far and the `Size` - 1 before it. A stream begins as if its highest were 0, unseen. */
	template<size_t Size>
	class ReplayWindow
	{
		static_assert(Size % 64 == 0);

	public:
		uint64_t Highest() const
		{
			return this->highest;
		}

		Freshness Look(uint64_t index) const
		{
			if (index > this->highest)
			{
				return Freshness::New;
			}

			if (this->highest - index >= Size)
			{
				return Freshness::TooOld;
			}

			return (this->words[WordOf(index)] & BitOf(index)) != 0 ? Freshness::Seen : Freshness::New;
		}

		/** An index that is too old must not be added. */
		void Add(uint64_t index)
		{
			if (index > this->highest)
			{
				this->Forget(index - this->highest);
				this->highest = index;
			}

			this->words[WordOf(index)] |= BitOf(index);
		}

	private:
		// The bits are a ring: those of the indexes that are left behind are used again for the `count` that come.
		void Forget(uint64_t count)
		{
			for (uint64_t i{ 1 }; i <= count && i <= Size; ++i)
			{
				this->words[WordOf(this->highest + i)] &= ~BitOf(this->highest + i);
			}
		}

		static size_t WordOf(uint64_t index)
		{
			return (index % Size) / 64;
		}

		static uint64_t BitOf(uint64_t index)
		{
			return uint64_t{ 1 } << (index % 64);
		}

	private:
		uint64_t highest{ 0 };
		uint64_t words[Size / 64]{};
	};
} // namespace mirolive::srtp
