// The shim beside libsrtp 2, suite by suite: what one answers, the other must.
#include "cases.hpp"
#include "pair.hpp"
#include "random-packets.hpp"
#include <algorithm>

namespace
{
	constexpr uint32_t Ssrc{ 0x5eed0001 };

	/** Two ends of a connection, each of them twice. */
	struct Line
	{
		explicit Line(srtp_profile_t profile, RandomPackets& packets)
		  : Line(profile, packets.Bytes(KeyAndSaltLength(profile)))
		{
		}

		Line(srtp_profile_t profile, const Buffer& key) : sender(profile, false, key), receiver(profile, true, key)
		{
		}

		Buffer Sent(Buffer packet, Call call = Call::ProtectRtp)
		{
			Expect(this->sender.Run(call, packet) == srtp_err_status_ok, "a packet to be encrypted");

			return packet;
		}

		int Received(Buffer packet, Call call = Call::UnprotectRtp)
		{
			return this->receiver.Run(call, packet);
		}

		Pair sender;
		Pair receiver;
	};

	using Case = void (*)(srtp_profile_t, RandomPackets&);

	std::function<void()> ForEachSuite(Case run)
	{
		return [run]
		{
			for (const auto profile : Profiles)
			{
				try
				{
					RandomPackets packets(profile);
					run(profile, packets);
				}
				catch (const std::exception& error)
				{
					throw std::runtime_error("profile " + std::to_string(profile) + ": " + error.what());
				}
			}
		};
	}

	void EveryShape(srtp_profile_t profile, RandomPackets& packets)
	{
		Line line(profile, packets);

		for (uint16_t sequence{ 1 }; sequence < 200; ++sequence)
		{
			const auto ssrc = static_cast<uint32_t>(packets.Number(4));
			const auto rtp  = packets.Rtp(ssrc, sequence);
			const auto rtcp = packets.Rtcp(ssrc);
			auto answer     = line.Sent(rtp);
			line.receiver.Run(Call::UnprotectRtp, answer);
			ExpectBytes(answer, rtp, "the RTP packet that was sent");
			answer = line.Sent(rtcp, Call::ProtectRtcp);
			line.receiver.Run(Call::UnprotectRtcp, answer);
			ExpectBytes(answer, rtcp, "the RTCP packet that was sent");
		}
	}

	// Six times round, with gaps of up to nearly half a round.
	void RolloverCounter(srtp_profile_t profile, RandomPackets& packets)
	{
		Line line(profile, packets);

		for (size_t at{ packets.Number(65535) }, end{ at + 6 * 65536 }; at < end; at += 1 + packets.Number(32766))
		{
			const auto sent = line.Sent(packets.Rtp(Ssrc, static_cast<uint16_t>(at)));
			Expect(line.Received(sent) == srtp_err_status_ok, "a packet of each round to be taken");
		}
	}

	// A stream that begins anywhere and goes back and forth over the end of a round.
	void Reordered(srtp_profile_t profile, RandomPackets& packets)
	{
		for (const size_t spread : { 3, 1500 })
		{
			Line line(profile, packets);
			std::vector<Buffer> sent;

			for (size_t at{ 0 }; at < 2000; ++at)
			{
				sent.push_back(line.Sent(packets.Rtp(Ssrc, static_cast<uint16_t>(64500 + at))));
			}

			for (size_t at{ 1 }; at < sent.size(); ++at)
			{
				std::swap(sent[at], sent[at - std::min(at - 1, packets.Number(spread))]);
			}

			for (const auto& packet : sent)
			{
				line.Received(packet);
			}
		}
	}

	void Replayed(srtp_profile_t profile, RandomPackets& packets)
	{
		Line line(profile, packets);
		std::vector<Buffer> sent;

		for (size_t at{ 0 }; at < 2000; ++at)
		{
			sent.push_back(line.Sent(packets.Rtp(Ssrc, static_cast<uint16_t>(65000 + at))));
			Expect(line.Received(sent.back()) == srtp_err_status_ok, "a packet to be taken once");
			const auto& before = sent[packets.Number(at)];
			Expect(line.Received(before) != srtp_err_status_ok, "no packet to be taken twice");
		}

		Expect(line.Received(sent[2000 - 1024]) == srtp_err_status_replay_fail, "the window's last packet to be known");
		Expect(line.Received(sent[2000 - 1025]) == srtp_err_status_replay_old, "the one before it to be too old");
	}

	void SentAgain(srtp_profile_t profile, RandomPackets& packets)
	{
		Line line(profile, packets);
		std::vector<std::pair<Buffer, Buffer>> sent;

		for (size_t at{ 0 }; at < 1300; ++at)
		{
			const auto packet = packets.Rtp(Ssrc, static_cast<uint16_t>(64800 + at));
			sent.emplace_back(packet, line.Sent(packet));
			const auto& [before, encrypted] = sent[at - packets.Number(std::min<size_t>(at, 1023))];
			ExpectBytes(line.Sent(before), encrypted, "the same packet, encrypted alike");
		}

		auto tooOld = sent[1300 - 1025].first;
		Expect(line.sender.Run(Call::ProtectRtp, tooOld) == srtp_err_status_replay_old, "nothing older than the window");
	}

	void RtcpIndex(srtp_profile_t profile, RandomPackets& packets)
	{
		Line line(profile, packets);
		std::vector<Buffer> sent;

		for (size_t at{ 0 }; at < 600; ++at)
		{
			sent.push_back(line.Sent(packets.Rtcp(static_cast<uint32_t>(packets.Number(1))), Call::ProtectRtcp));
			// Late ones, early ones, and the same again: about half a window apart, and more.
			line.Received(sent[at - packets.Number(std::min<size_t>(at, 400))], Call::UnprotectRtcp);
		}
	}

	void Removed(srtp_profile_t profile, RandomPackets& packets)
	{
		Line line(profile, packets);
		Buffer sent;

		for (size_t at{ 60000 }; at < 70000; at += 100)
		{
			sent = line.Sent(packets.Rtp(Ssrc, static_cast<uint16_t>(at)));
			line.Received(sent);
			line.Sent(packets.Rtcp(Ssrc), Call::ProtectRtcp);
		}

		line.receiver.Remove(Ssrc);
		Expect(line.Received(sent) != srtp_err_status_ok, "a packet of the second round to be unknown to a new stream");
		line.sender.Remove(Ssrc);
		Expect(
		  line.Received(line.Sent(packets.Rtp(Ssrc, 7))) == srtp_err_status_ok, "both ends to begin anew");
		line.Received(line.Sent(packets.Rtcp(Ssrc), Call::ProtectRtcp), Call::UnprotectRtcp);
		// One that is not there.
		line.receiver.Remove(Ssrc + 1);
	}

	void Damaged(srtp_profile_t profile, RandomPackets& packets)
	{
		Line line(profile, packets);

		for (uint16_t sequence{ 0 }; sequence < 300; ++sequence)
		{
			const auto rtp  = line.Sent(packets.Rtp(Ssrc, sequence));
			const auto rtcp = line.Sent(packets.Rtcp(Ssrc), Call::ProtectRtcp);
			line.receiver.Refuse(Call::UnprotectRtp, packets.Damaged(rtp));
			line.receiver.Refuse(Call::UnprotectRtcp, packets.Damaged(rtcp));
			Expect(line.Received(rtp) == srtp_err_status_ok, "what came damaged before to be taken");
			Expect(
			  line.Received(rtcp, Call::UnprotectRtcp) == srtp_err_status_ok, "what came damaged before to be taken");
		}

		for (const auto& [packet, call] : { std::pair(line.Sent(packets.Rtp(Ssrc, 300)), Call::UnprotectRtp),
		                                    std::pair(line.Sent(packets.Rtcp(Ssrc), Call::ProtectRtcp), Call::UnprotectRtcp) })
		{
			for (size_t length{ 0 }; length < packet.size(); ++length)
			{
				line.receiver.Refuse(call, Buffer(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(length)));
			}
		}

		for (size_t length{ 0 }; length < 80; ++length)
		{
			auto packet = packets.Bytes(length);
			line.sender.Run(Call::ProtectRtp, packet);
			packet = packets.Bytes(length);
			line.sender.Run(Call::ProtectRtcp, packet);
			line.receiver.Refuse(Call::UnprotectRtp, packets.Bytes(length));
			line.receiver.Refuse(Call::UnprotectRtcp, packets.Bytes(length));
		}
	}

	// All of it in one long story, with sequence numbers that jump anywhere.
	void Story(srtp_profile_t profile, RandomPackets& packets)
	{
		Line line(profile, packets);
		std::vector<std::pair<Buffer, Call>> sent;
		std::vector<Buffer> plain;
		uint16_t sequence[3]{};

		for (size_t step{ 0 }; step < 3000; ++step)
		{
			const size_t stream = packets.Number(2);
			const auto ssrc     = static_cast<uint32_t>(stream);
			const size_t action = packets.Number(99);

			if (action < 45)
			{
				const size_t jump = packets.Number(50) == 0 ? packets.Number(65535) : packets.Number(3);
				sequence[stream] = static_cast<uint16_t>(sequence[stream] + jump);
				plain.push_back(packets.Rtp(ssrc, sequence[stream]));
				auto packet = plain.back();

				if (line.sender.Run(Call::ProtectRtp, packet) == srtp_err_status_ok)
				{
					sent.emplace_back(packet, Call::UnprotectRtp);
				}
			}
			else if (action < 55)
			{
				sent.emplace_back(line.Sent(packets.Rtcp(ssrc), Call::ProtectRtcp), Call::UnprotectRtcp);
			}
			else if (action < 60 && !plain.empty())
			{
				auto packet = plain[plain.size() - 1 - packets.Number(std::min<size_t>(plain.size() - 1, 2000))];
				line.sender.Run(Call::ProtectRtp, packet);
			}
			else if (action < 98 && !sent.empty())
			{
				const auto& [packet, call] = sent[sent.size() - 1 - packets.Number(std::min<size_t>(sent.size() - 1, 30))];

				if (packets.Number(9) == 0)
				{
					line.receiver.Refuse(call, packets.Damaged(packet));
				}
				else
				{
					line.Received(packet, call);
				}
			}
			else if (action == 98)
			{
				line.receiver.Remove(ssrc);
			}
		}
	}
} // namespace

const Cases BesideLibsrtp{
	{ "every-shape", ForEachSuite(EveryShape) },   { "rollover-counter", ForEachSuite(RolloverCounter) },
	{ "reordered", ForEachSuite(Reordered) },      { "replayed", ForEachSuite(Replayed) },
	{ "sent-again", ForEachSuite(SentAgain) },     { "rtcp-index", ForEachSuite(RtcpIndex) },
	{ "removed", ForEachSuite(Removed) },          { "damaged", ForEachSuite(Damaged) },
	{ "story", ForEachSuite(Story) },
};
