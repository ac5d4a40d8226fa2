/* SPDX-License-Identifier: MIT */
/*
 * Sockets as everything here uses them: never blocking, closed on exec,
 * without SIGPIPE, EINTR and early wake-ups dealt with in this one place.
 */
#ifndef POSTERN_NET_SOCKET_H
#define POSTERN_NET_SOCKET_H

#include <sys/socket.h>

#include "codec/ip.h"

enum socket_result {
	SOCKET_MOVED,           /* *n bytes went */
	SOCKET_LATER,           /* none now: wait for the descriptor */
	SOCKET_ENDED,           /* the peer closed (receiving only) */
	SOCKET_BROKEN           /* errno says why */
};

/*
 * A socket of `type` (SOCK_STREAM, SOCK_DGRAM) whose connection to ip:port has
 * been begun, -1 with errno when that is not possible. *connected says that it
 * has ended well already; else the socket becomes writable when it has ended.
 */
int socket_connect(int type, const struct ip *ip, uint16_t port,
	bool *connected);

/* Has the connection that was begun ended? SOCKET_MOVED: yes, and well. */
enum socket_result socket_connected(int fd);

/* One send(2) or recv(2); *n is what moved. */
enum socket_result socket_send(int fd, const void *p, size_t len, size_t *n);
enum socket_result socket_receive(int fd, void *p, size_t len, size_t *n);

/* Close unless it is -1, and make it that. */
void socket_close(int *fd);

#endif
