/* SPDX-License-Identifier: MIT */
/*
 * The system calls of the network. What to send, and to whom, is for dns.c,
 * dial.c, tls.c and link.c.
 */
#include "net/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static socklen_t
fill_address(struct sockaddr_storage *sa, const struct ip *ip, uint16_t port)
{
	memset(sa, 0, sizeof *sa);
	if (ip->family == 4) {
		struct sockaddr_in *in = (struct sockaddr_in *)sa;

		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		memcpy(&in->sin_addr, ip->bytes, 4);
		return sizeof *in;
	}

	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)sa;

	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(port);
	memcpy(&in6->sin6_addr, ip->bytes, 16);
	return sizeof *in6;
}

int
socket_connect(int type, const struct ip *ip, uint16_t port, bool *connected)
{
	struct sockaddr_storage to;
	socklen_t len = fill_address(&to, ip, port);
	int fd = socket(to.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1, number;

	*connected = false;
	if (fd < 0)
		return -1;
	/* A request is one small record: it must not wait for an acknowledgement. */
	if (type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(fd, (struct sockaddr *)&to, len) == 0) {
		*connected = true;
		return fd;
	}
	/* Interrupted, it goes on by itself (connect(2)). */
	if (errno == EINPROGRESS || errno == EINTR)
		return fd;
	number = errno;
	close(fd);
	errno = number;
	return -1;
}

enum socket_result
socket_connected(int fd)
{
	struct pollfd pf = { .fd = fd, .events = POLLOUT };
	int number = 0;
	socklen_t len = sizeof number;

	if (poll(&pf, 1, 0) <= 0)
		return SOCKET_LATER;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &len) != 0)
		return SOCKET_BROKEN;
	errno = number;
	return number ? SOCKET_BROKEN : SOCKET_MOVED;
}

static enum socket_result
result_of(ssize_t moved, size_t *n)
{
	*n = moved > 0 ? (size_t)moved : 0;
	if (moved > 0)
		return SOCKET_MOVED;
	if (moved == 0)
		return SOCKET_ENDED;
	return errno == EAGAIN ? SOCKET_LATER : SOCKET_BROKEN;
}

enum socket_result
socket_send(int fd, const void *p, size_t len, size_t *n)
{
	ssize_t moved;

	do
		moved = send(fd, p, len, MSG_NOSIGNAL);
	while (moved < 0 && errno == EINTR);
	return result_of(moved, n);
}

enum socket_result
socket_receive(int fd, void *p, size_t len, size_t *n)
{
	ssize_t moved;

	do
		moved = recv(fd, p, len, 0);
	while (moved < 0 && errno == EINTR);
	return result_of(moved, n);
}

void
socket_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}
