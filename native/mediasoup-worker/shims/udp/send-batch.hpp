// What a UDP socket sends in one turn of the loop leaves by few calls, and not by one for each datagram.
#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace mirolive::udp
{
	using OnSend = const std::function<void(bool sent)>;

	struct Datagram
	{
		const uint8_t* data{ nullptr };
		size_t length{ 0 };
		/** As large as one of either family. */
		struct sockaddr_in6 address{};
		/** Whoever gets the datagram back owns it. */
		OnSend* onSend{ nullptr };

		const struct sockaddr* Address() const
		{
			return reinterpret_cast<const struct sockaddr*>(&this->address);
		}
	};

	/**
	 * Copies of datagrams that one socket is to send. Those for one destination that have one size leave as one, which the
	 * kernel cuts (UDP_SEGMENT, Linux 4.18). Each destination gets its own in the order in which they came.
	 */
	class SendBatch
	{
	public:
		/** Ten packets for each of 200 viewers. */
		static constexpr size_t MaxDatagrams{ 2048 };
		static constexpr size_t MaxBytes{ 2 * 1024 * 1024 };

		explicit SendBatch(int socket) : socket(socket), store(new uint8_t[MaxBytes])
		{
			int size{ 0 };
			socklen_t length{ sizeof(size) };

			// A kernel that doesn't know it would send the whole uncut.
			this->isCutting = getsockopt(socket, IPPROTO_UDP, UDP_SEGMENT, &size, &length) == 0;
		}

		bool IsEmpty() const
		{
			return this->datagrams.empty();
		}

		bool HasRoomFor(size_t length) const
		{
			return this->datagrams.size() < MaxDatagrams && this->stored + length <= MaxBytes;
		}

		/** Only where there is room. */
		void Add(const uint8_t* data, size_t length, const struct sockaddr* address, OnSend* onSend)
		{
			auto* copy     = this->store.get() + this->stored;
			auto& datagram = this->datagrams.emplace_back();

			std::memcpy(copy, data, length);
			std::memcpy(&datagram.address, address, LengthOf(address));
			datagram.data   = copy;
			datagram.length = length;
			datagram.onSend = onSend;
			this->stored += length;
			this->order.emplace_back(KeyOf(datagram), this->order.size());
		}

		/**
		 * Sends all as long as `mayGoOn()`, and is empty then. What is not sent, or refused by the kernel, is given to `onRefused`.
		 */
		template<typename MayGoOn, typename OnSent, typename OnRefused>
		void Send(MayGoOn mayGoOn, OnSent onSent, OnRefused onRefused)
		{
			Compose();

			for (size_t at{ 0 }; at < this->messages.size();)
			{
				const size_t end = at + (mayGoOn() ? SendFrom(at) : 0);

				if (end == at)
				{
					ForEachOf(this->messages[at++], onRefused);
				}

				for (; at < end; ++at)
				{
					ForEachOf(this->messages[at], onSent);
				}
			}

			this->stored = 0;
			this->datagrams.clear();
			this->order.clear();
		}

	private:
		/** Of what leaves as one, the kernel's bounds: UDP_MAX_SEGMENTS, and what an IP packet holds. */
		static constexpr size_t MaxPieces{ 64 };
		static constexpr size_t MaxBytesAsOne{ 65000 };

		struct Message
		{
			/** Of its datagrams, in the order. */
			size_t begin{ 0 };
			size_t end{ 0 };
			alignas(struct cmsghdr) std::array<uint8_t, CMSG_SPACE(sizeof(uint16_t))> control{};
		};

		static socklen_t LengthOf(const struct sockaddr* address)
		{
			return address->sa_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
		}

		// All of an IPv4 address and port; of IPv6 a hash.
		static uint64_t KeyOf(const Datagram& datagram)
		{
			std::array<uint64_t, 3> words{};

			std::memcpy(words.data(), &datagram.address, sizeof(words));

			return words[0] + words[1] * 0x9E3779B97F4A7C15 + words[2] * 0xC2B2AE3D27D4EB4F;
		}

		const Datagram& DatagramAt(size_t place) const
		{
			return this->datagrams[this->order[place].second];
		}

		template<typename Function>
		void ForEachOf(const Message& message, Function function) const
		{
			for (size_t place = message.begin; place < message.end; ++place)
			{
				function(DatagramAt(place));
			}
		}

		void Compose()
		{
			std::sort(this->order.begin(), this->order.end());
			this->messages.clear();
			this->pieces.clear();
			this->headers.clear();

			for (size_t place{ 0 }; place < this->order.size(); place = this->messages.back().end)
			{
				this->messages.push_back({ .begin = place, .end = EndOfMessage(place) });
				ForEachOf(
				  this->messages.back(),
				  [this](const Datagram& datagram)
				  {
					  this->pieces.push_back({ const_cast<uint8_t*>(datagram.data), datagram.length });
				  });
			}

			// Headers point to what moves no more from here on.
			for (auto& message : this->messages)
			{
				this->headers.push_back({ HeaderOf(message), 0 });
			}
		}

		// Pieces have one size; the last may be shorter.
		size_t EndOfMessage(size_t begin) const
		{
			const auto& first = DatagramAt(begin);
			size_t bytes      = first.length;
			size_t end        = begin + 1;

			while (this->isCutting && end < this->order.size() && end - begin < MaxPieces)
			{
				const auto& next = DatagramAt(end);

				bytes += next.length;

				if (
				  DatagramAt(end - 1).length < first.length || next.length > first.length || bytes > MaxBytesAsOne ||
				  std::memcmp(&first.address, &next.address, sizeof(first.address)) != 0)
				{
					break;
				}

				++end;
			}

			return end;
		}

		struct msghdr HeaderOf(Message& message)
		{
			const auto& first = DatagramAt(message.begin);
			struct msghdr header{};

			header.msg_name    = const_cast<struct sockaddr*>(first.Address());
			header.msg_namelen = LengthOf(first.Address());
			header.msg_iov     = &this->pieces[message.begin];
			header.msg_iovlen  = message.end - message.begin;

			if (header.msg_iovlen > 1)
			{
				const auto size = static_cast<uint16_t>(first.length);

				header.msg_control    = message.control.data();
				header.msg_controllen = message.control.size();

				auto* control = CMSG_FIRSTHDR(&header);

				control->cmsg_level = IPPROTO_UDP;
				control->cmsg_type  = UDP_SEGMENT;
				control->cmsg_len   = CMSG_LEN(sizeof(size));
				std::memcpy(CMSG_DATA(control), &size, sizeof(size));
			}

			return header;
		}

		// Gives how many messages were sent; 0 if the first was refused.
		size_t SendFrom(size_t at)
		{
			int count;

			do
			{
				count = sendmmsg(this->socket, &this->headers[at], this->headers.size() - at, MSG_DONTWAIT);
			} while (count < 0 && errno == EINTR);

			// The device makes no checksums, so it cannot cut either.
			if (count < 0 && errno == EIO)
			{
				this->isCutting = false;
			}

			return static_cast<size_t>(std::max(count, 0));
		}

		int socket;
		bool isCutting{ false };
		std::unique_ptr<uint8_t[]> store;
		size_t stored{ 0 };
		std::vector<Datagram> datagrams;
		/** Keys and places of the datagrams. */
		std::vector<std::pair<uint64_t, size_t>> order;
		std::vector<Message> messages;
		std::vector<struct iovec> pieces;
		std::vector<struct mmsghdr> headers;
	};
} // namespace mirolive::udp
