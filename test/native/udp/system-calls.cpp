#include "system-calls.hpp"
#include <cerrno>
#include <netinet/in.h>
#include <netinet/udp.h>

std::vector<std::vector<size_t>> calls;
std::function<int(const struct mmsghdr& message)> answer = [](const struct mmsghdr& /*message*/)
{
	return 0;
};
bool isCuttingKnown{ true };

extern "C"
{
	int __real_sendmmsg(int socket, struct mmsghdr* messages, unsigned int count, int flags);
	int __real_getsockopt(int socket, int level, int name, void* value, socklen_t* length);

	// Sends up to the first message that has an error.
	int __wrap_sendmmsg(int socket, struct mmsghdr* messages, unsigned int count, int flags)
	{
		std::vector<size_t> pieces;

		for (unsigned int at{ 0 }; at < count; ++at)
		{
			const int error = answer(messages[at]);

			if (error != 0 && at == 0)
			{
				errno = error;

				return -1;
			}

			if (error != 0)
			{
				break;
			}

			pieces.push_back(messages[at].msg_hdr.msg_iovlen);
		}

		calls.push_back(pieces);

		return __real_sendmmsg(socket, messages, static_cast<unsigned int>(pieces.size()), flags);
	}

	int __wrap_getsockopt(int socket, int level, int name, void* value, socklen_t* length)
	{
		if (level == IPPROTO_UDP && name == UDP_SEGMENT && !isCuttingKnown)
		{
			errno = ENOPROTOOPT;

			return -1;
		}

		return __real_getsockopt(socket, level, name, value, length);
	}
}
