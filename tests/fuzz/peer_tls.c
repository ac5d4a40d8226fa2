/* SPDX-License-Identifier: MIT */
/*
 * A double of net/tls.c that knows no TLS: the peer's bytes are those after the
 * handshake.
 */
#include "peer.h"

#include <errno.h>
#include <poll.h>

#include "fuzz.h"
#include "net/link.h"
#include "net/socket.h"

void
tls_start(struct tls *t, const char *host, const struct trust *trust,
	int64_t now_s, struct slice entropy)
{
	MUST(trust->n > 0 && now_s > 0 && entropy.len == TLS_ENTROPY);
	t->host = host;
	t->end = TLS_GOING_ON;
	t->code = t->number = 0;
	t->established = t->flooded = false;
	t->received = t->ahead_at = t->ahead_len = 0;
}

void
tls_wake(struct tls *t)
{
	(void)t;
}

bool
tls_step(struct tls *t, int fd)
{
	bool was = t->established;

	t->established = !peer_waits(fd);
	if (t->end != TLS_GOING_ON || t->ahead_at < t->ahead_len)
		return t->established && !was;
	t->ahead_at = t->ahead_len = 0;
	switch (socket_receive(fd, t->io, sizeof t->io, &t->ahead_len)) {
	case SOCKET_MOVED:
		t->received += t->ahead_len;
		t->established = true;
		return true;
	case SOCKET_LATER:
		return t->established && !was;
	case SOCKET_ENDED:
		t->end = peer_cuts(fd) ? TLS_CUT : TLS_CLOSED;
		break;
	case SOCKET_BROKEN:
		t->number = errno;
		t->end = TLS_FAILED;
		break;
	}
	return true;
}

short
tls_wants(const struct tls *t)
{
	(void)t;
	return POLLIN;
}

static int
fd_of(const struct tls *t)
{
	const struct link *l = (const struct link *)(const void *)
	    ((const char *)t - offsetof(struct link, tls));

	return l->dial.fd;
}

size_t
tls_send(struct tls *t, struct slice bytes)
{
	size_t n;

	if (!bytes.len ||
	    socket_send(fd_of(t), bytes.p, bytes.len, &n) != SOCKET_MOVED)
		return 0;
	return n;
}

bool
tls_send_early(struct tls *t, struct slice bytes)
{
	size_t n;

	return t->end == TLS_GOING_ON && peer_waits(fd_of(t)) &&
	    socket_send(fd_of(t), bytes.p, bytes.len, &n) == SOCKET_MOVED;
}

bool
tls_alerted(const struct tls *t)
{
	(void)t;
	return false;
}

struct slice
tls_received(const struct tls *t)
{
	return slice_from((const char *)t->io + t->ahead_at,
	    t->ahead_len - t->ahead_at);
}

void
tls_taken(struct tls *t, size_t n)
{
	MUST(n <= t->ahead_len - t->ahead_at);
	t->ahead_at += n;
}

bool
tls_explain(const struct tls *t, enum step step, struct error *err)
{
	return err_fail(err, ERR_UNREACHABLE, step, "the same command again",
	    "the connection to %s was lost", t->host);
}

void
tls_wipe(struct tls *t)
{
	t->ahead_at = t->ahead_len = 0;
}
