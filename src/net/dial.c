/* SPDX-License-Identifier: MIT */
/*
 * Non-blocking connects, one address after the other.
 */
#include "net/dial.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

socklen_t
dial_address(struct sockaddr_storage *sa, const struct ip *ip, uint16_t port)
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

static void
close_socket(struct dial *d)
{
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}

static void
next_address(struct dial *d, const char *why)
{
	if (d->reasons.len)
		buf_puts(&d->reasons, "; ");
	ip_put(&d->reasons, &d->to.ip[d->at]);
	buf_puts(&d->reasons, ": ");
	buf_puts(&d->reasons, why);
	close_socket(d);
	d->at++;
}

static void
connected(struct dial *d)
{
	int on = 1;

	/* A request is one small record: it must not wait for an acknowledgement. */
	setsockopt(d->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	d->state = DIAL_CONNECTED;
}

static void
try_address(struct dial *d, int64_t now_ms)
{
	struct sockaddr_storage to;
	socklen_t len = dial_address(&to, &d->to.ip[d->at], d->port);

	d->next_ms = now_ms + CONNECT_MS;
	d->fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (d->fd >= 0 && connect(d->fd, (struct sockaddr *)&to, len) == 0)
		connected(d);
	else if (d->fd < 0 || (errno != EINPROGRESS && errno != EINTR))
		next_address(d, errno_words(errno));
}

/* Has the connect that is under way ended? */
static void
look(struct dial *d, int64_t now_ms)
{
	struct pollfd pf = { .fd = d->fd, .events = POLLOUT };
	int number = 0;
	socklen_t len = sizeof number;

	if (poll(&pf, 1, 0) <= 0) {
		if (now_ms >= d->next_ms)
			next_address(d, "no answer");
		return;
	}
	if (getsockopt(d->fd, SOL_SOCKET, SO_ERROR, &number, &len) != 0)
		number = errno;
	if (number)
		next_address(d, errno_words(number));
	else
		connected(d);
}

void
dial_start(struct dial *d, const struct addresses *to, uint16_t port,
	int64_t now_ms)
{
	d->state = DIAL_CONNECTING;
	d->to = *to;
	d->port = port;
	d->at = 0;
	d->fd = -1;
	buf_init(&d->reasons, d->reasons_text, sizeof d->reasons_text - 1);
	dial_step(d, now_ms);
}

void
dial_step(struct dial *d, int64_t now_ms)
{
	if (d->state == DIAL_CONNECTING && d->fd >= 0)
		look(d, now_ms);
	while (d->state == DIAL_CONNECTING && d->fd < 0) {
		if (d->at == d->to.n)
			d->state = DIAL_FAILED;
		else
			try_address(d, now_ms);
	}
}

bool
dial_explain(const struct dial *d, const char *host, struct error *err)
{
	struct ip ip;

	err_set(err, ERR_UNREACHABLE, STEP_CONNECT,
	    "no connection to %s port %u: %.*s%s", host, d->port,
	    (int)d->reasons.len, d->reasons.p, d->reasons.full ? "; …" : "");
	if (ip_read(slice_of(host), &ip))
		return err_hint(err, "a firewall, route or wrong address: from "
		    "another host, or an endpoint that answers");
	return err_hint(err, "a firewall, route or wrong address: from "
	    "another host, or --resolve %s:ADDRESS with one that answers",
	    host);
}

void
dial_put_address(struct buf *b, const struct dial *d)
{
	if (d->at < d->to.n)
		ip_put(b, &d->to.ip[d->at]);
}

void
dial_end(struct dial *d)
{
	close_socket(d);
}
