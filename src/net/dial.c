/* SPDX-License-Identifier: MIT */
/*
 * Non-blocking connects, one address after the other.
 */
#include "net/dial.h"

#include <errno.h>

#include "net/socket.h"

static void
next_address(struct dial *d, const char *why)
{
	if (d->reasons.len)
		buf_puts(&d->reasons, "; ");
	ip_put(&d->reasons, &d->to.ip[d->at]);
	buf_puts(&d->reasons, ": ");
	buf_puts(&d->reasons, why);
	socket_close(&d->fd);
	d->at++;
}

static void
try_address(struct dial *d, int64_t now_ms)
{
	bool connected;

	d->next_ms = now_ms + CONNECT_MS;
	d->fd = socket_connect(SOCK_STREAM, &d->to.ip[d->at], d->port,
	    &connected);
	if (d->fd < 0)
		next_address(d, errno_words(errno));
	else if (connected)
		d->state = DIAL_CONNECTED;
}

/* Has the connect that is under way ended? */
static void
look(struct dial *d, int64_t now_ms)
{
	switch (socket_connected(d->fd)) {
	case SOCKET_MOVED:
		d->state = DIAL_CONNECTED;
		break;
	case SOCKET_LATER:
		if (now_ms >= d->next_ms)
			next_address(d, "no answer");
		break;
	default:
		next_address(d, errno_words(errno));
	}
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
	socket_close(&d->fd);
}
