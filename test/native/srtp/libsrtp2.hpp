// Debian's libsrtp 2 behind numbers, since its names are those of the shim.
#pragma once

#include "call.hpp"
#include "../check.hpp"

namespace libsrtp2
{
	class Session
	{
	public:
		/** `profile` by its number, `key` with the salt behind it. With what mediasoup sets: window 1024, repeats allowed. */
		Session(int profile, bool isInbound, Buffer key);
		~Session();
		Session(const Session&) = delete;

		/** Changes `packet` into the answer, and gives the status's number. */
		int Run(Call call, Buffer& packet);
		void Remove(uint32_t ssrc);

	private:
		void* session;
	};
} // namespace libsrtp2
