// What the shim promises beside what libsrtp does.
#include "cases.hpp"
#include "random-packets.hpp"
#include "shim-session.hpp"
#include <cstdlib>
#include <openssl/crypto.h>

namespace
{
	size_t allocations{ 0 };

	// OpenSSL takes its memory here.
	void* Allocate(size_t size, const char* /*file*/, int /*line*/)
	{
		++allocations;

		return std::malloc(size);
	}

	void* Reallocate(void* memory, size_t size, const char* /*file*/, int /*line*/)
	{
		++allocations;

		return std::realloc(memory, size);
	}

	void Free(void* memory, const char* /*file*/, int /*line*/)
	{
		std::free(memory);
	}

	void NoAllocations()
	{
		Expect(CRYPTO_set_mem_functions(Allocate, Reallocate, Free) == 1, "OpenSSL's allocations to be counted");

		for (const auto profile : Profiles)
		{
			RandomPackets packets(1);
			const auto key = packets.Bytes(KeyAndSaltLength(profile));
			ShimSession sender(profile, false, key);
			ShimSession receiver(profile, true, key);
			Buffer rtp(1200);
			Buffer rtcp(64);
			Buffer sealed(1300);
			Buffer opened(1300);
			rtp[0] = 0x80;

			const auto exchange = [&](Call protect, Call unprotect, const Buffer& packet)
			{
				size_t sealedLength{ sealed.size() };
				size_t openedLength{ opened.size() };
				Expect(
				  sender.Run(protect, packet.data(), packet.size(), sealed.data(), sealedLength) == srtp_err_status_ok &&
				    receiver.Run(unprotect, sealed.data(), sealedLength, opened.data(), openedLength) == srtp_err_status_ok,
				  "a packet to go through");
			};

			for (uint8_t sequence{ 0 }; sequence < 100; ++sequence)
			{
				const size_t before = allocations;
				rtp[3]              = sequence;
				exchange(Call::ProtectRtp, Call::UnprotectRtp, rtp);
				exchange(Call::ProtectRtcp, Call::UnprotectRtcp, rtcp);
				Expect(
				  sequence == 0 || allocations == before,
				  "no allocation for a packet, got " + std::to_string(allocations - before));
			}
		}
	}

	// What must be there behind a packet, and no byte more.
	void Room()
	{
		for (const auto profile : Profiles)
		{
			RandomPackets packets(1);
			const auto key = packets.Bytes(KeyAndSaltLength(profile));

			for (const auto& [packet, protect, unprotect] :
			     { std::tuple(packets.Rtp(1, 1), Call::ProtectRtp, Call::UnprotectRtp),
			       std::tuple(packets.Rtcp(1), Call::ProtectRtcp, Call::UnprotectRtcp) })
			{
				ShimSession sender(profile, false, key);
				ShimSession receiver(profile, true, key);
				auto sealed = packet;
				size_t room{ packet.size() };

				while (sender.Run(protect, sealed, room) == srtp_err_status_buffer_small)
				{
					++room;
				}

				Expect(sealed.size() == room && room > packet.size(), "an encrypted packet once there is room");
				auto opened = sealed;
				Expect(
				  receiver.Run(unprotect, opened, packet.size() - 1) == srtp_err_status_buffer_small,
				  "no room for a decrypted packet");
				// In place, as mediasoup decrypts.
				size_t length{ sealed.size() };
				Expect(
				  receiver.Run(unprotect, sealed.data(), sealed.size(), sealed.data(), length) == srtp_err_status_ok,
				  "a packet to be decrypted where it is");
				sealed.resize(length);
				ExpectBytes(sealed, packet, "the packet that was sent");
			}
		}
	}

	// Who has the keys may send under any number of SSRCs.
	void ManyStreams()
	{
		for (const auto& [protect, unprotect] :
		     { std::pair(Call::ProtectRtp, Call::UnprotectRtp), std::pair(Call::ProtectRtcp, Call::UnprotectRtcp) })
		{
			RandomPackets packets(1);
			ShimSession sender(srtp_profile_aead_aes_128_gcm, false, Buffer(28));
			ShimSession receiver(srtp_profile_aead_aes_128_gcm, true, Buffer(28));
			const auto send = [&, protect = protect, unprotect = unprotect](uint32_t ssrc, uint16_t sequence)
			{
				auto packet = protect == Call::ProtectRtp ? packets.Rtp(ssrc, sequence) : packets.Rtcp(ssrc);
				Expect(sender.Run(protect, packet, 3000) == srtp_err_status_ok, "a packet to be encrypted");

				return receiver.Run(unprotect, packet, 3000);
			};

			for (uint32_t ssrc{ 1 }; ssrc <= 256; ++ssrc)
			{
				Expect(send(ssrc, 1) == srtp_err_status_ok, "a stream to be known");
			}

			Expect(send(257, 1) == srtp_err_status_no_ctx, "no more streams than a sender may have");
			Expect(send(1, 2) == srtp_err_status_ok, "those that are known to go on");
			receiver.Remove(2);
			Expect(send(257, 2) == srtp_err_status_ok, "a place for another where one has gone");
		}
	}

	void Refused()
	{
		RandomPackets packets(1);
		srtp_policy_t policy{ nullptr };
		srtp_policy_create(&policy);
		srtp_t session{ nullptr };
		const Buffer key(32);
		Expect(srtp_create(&session, policy) == srtp_err_status_bad_param, "no session without a key");
		Expect(
		  srtp_policy_set_profile(policy, static_cast<srtp_profile_t>(3)) == srtp_err_status_bad_param,
		  "no suite that is not known");
		srtp_policy_set_profile(policy, srtp_profile_aead_aes_128_gcm);
		Expect(
		  srtp_policy_add_key(policy, key.data(), 32, key.data(), 12, nullptr, 0) == srtp_err_status_bad_param,
		  "no key of another length");
		Expect(
		  srtp_policy_add_key(policy, key.data(), 16, key.data(), 12, key.data(), 1) == srtp_err_status_bad_param,
		  "no master key identifier");
		Expect(srtp_policy_set_window_size(policy, 128) == srtp_err_status_bad_param, "no other window");
		srtp_policy_destroy(policy);

		ShimSession sender(srtp_profile_aead_aes_128_gcm, false, Buffer(28));
		ShimSession receiver(srtp_profile_aead_aes_128_gcm, true, Buffer(28));
		auto packet = packets.Rtp(1, 1);
		Expect(
		  receiver.Run(Call::ProtectRtp, packet, 2000) == srtp_err_status_no_such_op, "a receiver not to encrypt");
		Expect(
		  sender.Run(Call::UnprotectRtp, packet, 2000) == srtp_err_status_no_such_op, "a sender not to decrypt");
	}
} // namespace

const Cases ByItself{ { "no-allocations", NoAllocations }, { "room", Room }, { "many-streams", ManyStreams }, { "refused", Refused } };
