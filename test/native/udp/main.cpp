// Runs the case that the first argument names. Exit code 0: all that it expects holds; 1: not, as it then says.
#include "../check.hpp"
#include "network.hpp"
#include "system-calls.hpp"
#include <map>
#include <random>

using mirolive::udp::Datagram;
using mirolive::udp::OnSend;
using mirolive::udp::SendBatch;

namespace
{
	constexpr auto always = []
	{
		return true;
	};
	constexpr auto nothing = [](const Datagram& /*datagram*/) {};

	Buffer Filled(size_t length, uint8_t with)
	{
		return Buffer(length, with);
	}

	void Add(SendBatch& batch, const Buffer& bytes, const Receiver& to)
	{
		Expect(batch.HasRoomFor(bytes.size()), "room for a datagram");
		batch.Add(bytes.data(), bytes.size(), to.Address(), nullptr);
	}

	/** Sends all of it, and expects that nothing is refused. */
	void SendAll(SendBatch& batch)
	{
		batch.Send(
		  always,
		  nothing,
		  [](const Datagram& /*datagram*/)
		  {
			  throw std::runtime_error("expected nothing to be refused");
		  });
	}

	void ExpectReceived(Receiver& receiver, const std::vector<Buffer>& expected)
	{
		for (const auto& bytes : expected)
		{
			ExpectBytes(receiver.Next(), bytes, "what was sent, in that order");
		}

		Expect(receiver.IsEmpty(), "nothing else to arrive");
	}

	void EveryShape(int family)
	{
		std::mt19937 random(1);
		const auto upTo = [&random](size_t most)
		{
			return std::uniform_int_distribution<size_t>(1, most)(random);
		};
		Sender sender(family);
		SendBatch batch(sender.Socket());
		std::vector<Receiver> receivers;

		for (int count{ 0 }; count < 4; ++count)
		{
			receivers.emplace_back(family);
		}

		for (int turn{ 0 }; turn < 300; ++turn)
		{
			std::map<size_t, std::vector<Buffer>> expected;

			// Sizes that repeat, as those of a picture's packets, between others.
			for (size_t count = upTo(60); count > 0; --count)
			{
				const size_t to = upTo(receivers.size()) - 1;
				const size_t length = upTo(3) > 1 ? 1200 : upTo(upTo(20) > 1 ? 1400 : 9000);
				const auto bytes    = Filled(length, static_cast<uint8_t>(upTo(255)));

				Add(batch, bytes, receivers[to]);
				expected[to].push_back(bytes);
			}

			SendAll(batch);
			Expect(batch.IsEmpty(), "a batch that was sent to be empty");

			for (size_t to{ 0 }; to < receivers.size(); ++to)
			{
				ExpectReceived(receivers[to], expected[to]);
			}
		}
	}

	void AsOne()
	{
		Sender sender(AF_INET);
		SendBatch batch(sender.Socket());
		Receiver first(AF_INET);
		Receiver second(AF_INET);

		for (uint8_t packet{ 0 }; packet < 7; ++packet)
		{
			Add(batch, Filled(1200, packet), first);
			Add(batch, Filled(1200, packet), second);
		}

		Add(batch, Filled(300, 7), first);
		Add(batch, Filled(1200, 8), first);
		SendAll(batch);
		Expect(calls.size() == 1, "one system call");
		Expect(
		  calls[0] == std::vector<size_t>{ 8, 1, 7 } || calls[0] == std::vector<size_t>{ 7, 8, 1 },
		  "the packets of each destination as one, up to the shorter one");
		ExpectReceived(second, { Filled(1200, 0), Filled(1200, 1), Filled(1200, 2), Filled(1200, 3), Filled(1200, 4), Filled(1200, 5), Filled(1200, 6) });
	}

	/** Of many, in sizes that the kernel takes as one. */
	void Bounds()
	{
		Sender sender(AF_INET);
		SendBatch batch(sender.Socket());
		Receiver receiver(AF_INET);

		for (size_t count{ 0 }; count < SendBatch::MaxDatagrams; ++count)
		{
			Add(batch, Filled(10, 1), receiver);
		}

		Expect(!batch.HasRoomFor(1), "no room for another datagram");
		SendAll(batch);

		for (size_t bytes{ 0 }; bytes + 9000 <= SendBatch::MaxBytes; bytes += 9000)
		{
			Add(batch, Filled(9000, 1), receiver);
		}

		Expect(!batch.HasRoomFor(9000), "no room for more bytes");
		SendAll(batch);
		Expect(batch.HasRoomFor(SendBatch::MaxBytes), "room again");
	}

	/** The kernel answers all that is to be cut like this; what is refused is sent by itself. */
	void Refused(int error, bool forGood)
	{
		Sender sender(AF_INET);
		SendBatch batch(sender.Socket());
		Receiver receiver(AF_INET);
		std::vector<Buffer> expected;
		size_t refused{ 0 };
		const auto turn = [&]
		{
			expected.clear();

			for (uint8_t packet{ 0 }; packet < 5; ++packet)
			{
				expected.push_back(Filled(1200, packet));
				Add(batch, expected.back(), receiver);
			}

			batch.Send(
			  always,
			  nothing,
			  [&](const Datagram& datagram)
			  {
				  ++refused;
				  sender.Send(datagram);
			  });
			ExpectReceived(receiver, expected);
		};

		answer = [error](const struct mmsghdr& message) { return message.msg_hdr.msg_controllen > 0 ? error : 0; };
		turn();
		Expect(refused == 5, "all that was to be cut to be sent by itself");
		turn();
		Expect(refused == (forGood ? 5 : 10), forGood ? "nothing more to be cut" : "others to be cut as before");
	}

	void Unknown()
	{
		isCuttingKnown = false;
		Sender sender(AF_INET);
		SendBatch batch(sender.Socket());
		Receiver receiver(AF_INET);

		Add(batch, Filled(1200, 1), receiver);
		Add(batch, Filled(1200, 2), receiver);
		SendAll(batch);
		Expect(calls == std::vector<std::vector<size_t>>{ { 1, 1 } }, "nothing to be cut");
		ExpectReceived(receiver, { Filled(1200, 1), Filled(1200, 2) });
	}

	/** What follows a datagram that has to wait waits behind it. */
	void Full()
	{
		Sender sender(AF_INET);
		SendBatch batch(sender.Socket());
		Receiver receiver(AF_INET);
		std::vector<size_t> sent;
		std::vector<size_t> waiting;

		for (size_t length{ 1 }; length <= 6; ++length)
		{
			Add(batch, Filled(length, 1), receiver);
		}

		answer = [](const struct mmsghdr& message) { return message.msg_hdr.msg_iov[0].iov_len == 3 ? EAGAIN : 0; };
		batch.Send(
		  [&]
		  {
			  return waiting.empty();
		  },
		  [&](const Datagram& datagram)
		  {
			  sent.push_back(datagram.length);
		  },
		  [&](const Datagram& datagram)
		  {
			  waiting.push_back(datagram.length);
		  });
		Expect(sent == std::vector<size_t>{ 1, 2 }, "what fits to be sent");
		Expect(waiting == std::vector<size_t>{ 3, 4, 5, 6 }, "the rest to wait, in order");
		ExpectReceived(receiver, { Filled(1, 1), Filled(2, 1) });
	}

	void Interrupted()
	{
		Sender sender(AF_INET);
		SendBatch batch(sender.Socket());
		Receiver receiver(AF_INET);
		int interruptions{ 2 };

		answer = [&](const struct mmsghdr& /*message*/) { return interruptions-- > 0 ? EINTR : 0; };
		Add(batch, Filled(1200, 1), receiver);
		SendAll(batch);
		ExpectReceived(receiver, { Filled(1200, 1) });
	}

	const std::map<std::string, std::function<void()>> cases{
		{ "every-shape-4", [] { EveryShape(AF_INET); } },
		{ "every-shape-6", [] { EveryShape(AF_INET6); } },
		{ "as-one", AsOne },
		{ "bounds", Bounds },
		{ "no-checksums", [] { Refused(EIO, true); } },
		{ "narrow-path", [] { Refused(EMSGSIZE, false); } },
		{ "unknown", Unknown },
		{ "full", Full },
		{ "interrupted", Interrupted },
	};
} // namespace

int main(int argc, char** argv)
{
	const auto found = argc > 1 ? cases.find(argv[1]) : cases.end();

	if (found == cases.end())
	{
		std::fprintf(stderr, "expected the name of a case\n");

		return 2;
	}

	try
	{
		found->second();

		return 0;
	}
	catch (const std::exception& error)
	{
		std::fprintf(stderr, "%s\n", error.what());

		return 1;
	}
}
