// The numbers that the RFCs print: RFC 3711 appendix B, RFC 7714 sections 16 and 17.
#include "cases.hpp"
#include "../check.hpp"
#include "shims/srtp/counter-mode.hpp"
#include "shims/srtp/galois-mode.hpp"
#include "shims/srtp/key-derivation.hpp"
#include <algorithm>
#include <numeric>

using namespace mirolive::srtp;

namespace
{
	Bytes View(const Buffer& bytes)
	{
		return { bytes.data(), bytes.size() };
	}

	// RFC 3711 appendix B.3.
	void KeyDerivation()
	{
		const auto key  = FromHex("E1F97A0D3E018BE0D64FA32C06DE4139");
		const auto salt = FromHex("0EC675AD498AFEEBB6960B3AABE6");
		const auto derive = [&](Label label, const std::string& expected)
		{
			Buffer derived(expected.size() / 2);
			Expect(DeriveKey(View(key), View(salt), label, derived.data(), derived.size()), "a key");
			ExpectBytes(derived, FromHex(expected), "the derived key");
		};

		derive(Label::RtpEncryption, "C61E7A93744F39EE10734AFE3FF7A087");
		derive(Label::RtpSalt, "30CBBC08863D8C85D49DB34A9AE1");
		derive(Label::RtpAuthentication, "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4");
	}

	// RFC 3711 appendix B.2: what encrypts zeros is the keystream.
	void CounterKeystream()
	{
		SessionKeys keys{};
		std::ranges::copy(FromHex("2B7E151628AED2A6ABF7158809CF4F3C"), keys.encryption);
		std::ranges::copy(FromHex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"), keys.salt);
		const auto transform = CounterMode::Create(keys, 10);
		const Buffer header(12);
		Buffer body(48);
		Buffer tag(10);
		const uint8_t word[4]{};
		Expect(
		  transform->Seal({ 0, 0, View(header), View(body), word }, body.data(), tag.data()), "a keystream");
		ExpectBytes(
		  body,
		  FromHex("E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0"),
		  "the keystream");
	}

	SessionKeys GaloisKeys(size_t length)
	{
		SessionKeys keys{};
		std::iota(keys.encryption, keys.encryption + length, uint8_t{ 0 });
		std::ranges::copy(FromHex("517569642070726f2071756f"), keys.salt);

		return keys;
	}

	void Galois(Kind kind, size_t keyLength, const Message& message, const std::string& expected)
	{
		const auto keys = GaloisKeys(keyLength);
		const auto seal = GaloisMode::Create(kind, Direction::Outbound, keys, keyLength, 16);
		const auto open = GaloisMode::Create(kind, Direction::Inbound, keys, keyLength, 16);
		Buffer sealed(message.body.length + 16);
		uint8_t* const tag = sealed.data() + message.body.length;
		Expect(seal->Seal(message, sealed.data(), tag), "an encrypted packet");
		ExpectBytes(sealed, FromHex(expected), "what is encrypted, and its tag");

		Buffer opened(message.body.length);
		const Message received{
			message.ssrc, message.index, message.header, { sealed.data(), opened.size() }, message.word
		};
		Expect(open->Open(received, opened.data(), tag), "a decrypted packet");
		ExpectBytes(opened, Buffer(message.body.data, message.body.data + message.body.length), "what was encrypted");
	}

	void GaloisRtp(size_t keyLength, const std::string& expected)
	{
		const auto header = FromHex("8040f17b 8041f8d3 5501a0b2");
		const auto body   = FromHex(
      "47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573");
		const uint8_t word[4]{};
		Galois(Kind::Rtp, keyLength, { 0x5501a0b2, 0xf17b, View(header), View(body), word }, expected);
	}

	void GaloisRtcp(size_t keyLength, const std::string& expected)
	{
		const auto header = FromHex("81c8000d 4d617273");
		const auto body   = FromHex(
      "4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef");
		const auto word = FromHex("800005d4");
		Galois(Kind::Rtcp, keyLength, { 0x4d617273, 0x5d4, View(header), View(body), word.data() }, expected);
	}
} // namespace

const Cases Vectors{
	    { "key-derivation", KeyDerivation },
	    { "counter-keystream", CounterKeystream },
	    { "gcm-128-rtp",
	      []
	      {
		      GaloisRtp(
		        16,
		        "f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf 8833"
		        "899d7f27 beb16a91 52cf765e e4390cce");
	      } },
	    { "gcm-256-rtp",
	      []
	      {
		      GaloisRtp(
		        32,
		        "32b1de78 a822fe12 ef9f78fa 332e33aa b1801238 9a58e2f3 b50b2a02 76ffae0f 1ba63799 b87b"
		        "7aa3db36 dfffd6b0 f9bb7878 d7a76c13");
	      } },
	    { "gcm-128-rtcp",
	      []
	      {
		      GaloisRtcp(
		        16,
		        "63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda 4ce09b46 86303ded"
		        "0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade");
	      } },
	    { "gcm-256-rtcp",
	      []
	      {
		      GaloisRtcp(
		        32,
		        "d50ae4d1 f5ce5d30 4ba297e4 7d470c28 2c3ece5d bffe0a50 a2eaa5c1 110555be 8415f658 c61de047"
		        "6f1b6fad 1d1eb30c 4446839f 57ff6f6c b26ac3be");
	      } },
	  };
