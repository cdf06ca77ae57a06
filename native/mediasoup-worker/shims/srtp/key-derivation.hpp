// Session keys out of a master key: RFC 3711 section 4.3, RFC 7714 section 11. They are derived once (rate 0).
#pragma once

#include "bytes.hpp"

namespace mirolive::srtp
{
	/** RFC 3711 section 4.3.1 and 4.3.2. */
	enum class Label : uint8_t
	{
		RtpEncryption      = 0,
		RtpAuthentication  = 1,
		RtpSalt            = 2,
		RtcpEncryption     = 3,
		RtcpAuthentication = 4,
		RtcpSalt           = 5
	};

	/** Fills `key`, of at most 32 bytes. False if OpenSSL refuses. */
	bool DeriveKey(Bytes masterKey, Bytes masterSalt, Label label, uint8_t* key, size_t keyLength);
} // namespace mirolive::srtp
