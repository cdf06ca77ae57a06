#include "transform.hpp"
#include "counter-mode.hpp"
#include "galois-mode.hpp"
#include "key-derivation.hpp"
#include <openssl/crypto.h>

namespace mirolive::srtp
{
	std::unique_ptr<Transform> Transform::Create(
	  const Suite& suite, Kind kind, Direction direction, Bytes masterKey, Bytes masterSalt)
	{
		const bool isRtp       = kind == Kind::Rtp;
		const size_t tagLength = isRtp ? suite.rtpTagLength : suite.rtcpTagLength;
		SessionKeys keys;

		const auto derive = [&](Label rtp, Label rtcp, uint8_t* key, size_t length)
		{ return DeriveKey(masterKey, masterSalt, isRtp ? rtp : rtcp, key, length); };

		if (
		  !derive(Label::RtpEncryption, Label::RtcpEncryption, keys.encryption, suite.keyLength) ||
		  !derive(Label::RtpAuthentication, Label::RtcpAuthentication, keys.authentication, sizeof(keys.authentication)) ||
		  !derive(Label::RtpSalt, Label::RtcpSalt, keys.salt, suite.saltLength))
		{
			return nullptr;
		}

		if (suite.isGcm)
		{
			return GaloisMode::Create(kind, direction, keys, suite.keyLength, tagLength);
		}

		return CounterMode::Create(keys, tagLength);
	}
} // namespace mirolive::srtp
