// Real sockets of loopback.
#pragma once

#include "../check.hpp"
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <udp/send-batch.hpp>
#include <unistd.h>
#include <utility>

/** A socket on a free port. */
class BoundSocket
{
public:
	explicit BoundSocket(int family) : socket(::socket(family, SOCK_DGRAM, 0))
	{
		this->address.sin6_family = static_cast<sa_family_t>(family);

		if (family == AF_INET6)
		{
			this->address.sin6_addr = in6addr_loopback;
		}
		else
		{
			reinterpret_cast<struct sockaddr_in*>(&this->address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		}

		auto* generic = reinterpret_cast<struct sockaddr*>(&this->address);
		socklen_t length = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);

		Expect(this->socket >= 0 && bind(this->socket, generic, length) == 0, "a socket on loopback");
		getsockname(this->socket, generic, &length);
	}

	BoundSocket(BoundSocket&& other) noexcept
	  : socket(std::exchange(other.socket, -1)), address(other.address)
	{
	}

	~BoundSocket()
	{
		if (this->socket >= 0)
		{
			close(this->socket);
		}
	}

	int Socket() const
	{
		return this->socket;
	}

	const struct sockaddr* Address() const
	{
		return reinterpret_cast<const struct sockaddr*>(&this->address);
	}

private:
	int socket;
	struct sockaddr_in6 address{};
};

class Sender : public BoundSocket
{
public:
	using BoundSocket::BoundSocket;

	void Send(const mirolive::udp::Datagram& datagram) const
	{
		const auto sent =
		  sendto(Socket(), datagram.data, datagram.length, 0, datagram.Address(), sizeof(struct sockaddr_in));

		Expect(sent == static_cast<ssize_t>(datagram.length), "a datagram to be sent");
	}
};

/** On loopback what was sent is there. */
class Receiver : public BoundSocket
{
public:
	using BoundSocket::BoundSocket;

	Buffer Next() const
	{
		Buffer bytes(65536);
		const auto length = recv(Socket(), bytes.data(), bytes.size(), MSG_DONTWAIT);

		Expect(length >= 0, "another datagram");
		bytes.resize(static_cast<size_t>(length));

		return bytes;
	}

	bool IsEmpty() const
	{
		uint8_t byte{ 0 };

		return recv(Socket(), &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0 && errno == EAGAIN;
	}
};
