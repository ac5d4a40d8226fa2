/* SPDX-License-Identifier: MIT */
/*
 * Non-blocking connects, several under way at once.
 */
#include "net/dial.h"

#include <errno.h>

#include "net/socket.h"

static void
lost(struct dial *d, size_t i, const char *why, int64_t now_ms)
{
	if (d->reasons.len)
		buf_puts(&d->reasons, "; ");
	ip_put(&d->reasons, &d->to.ip[i]);
	buf_puts(&d->reasons, ": ");
	buf_puts(&d->reasons, why);
	socket_close(&d->racing[i]);
	d->next_ms = now_ms;
}

static void
won(struct dial *d, size_t i)
{
	d->state = DIAL_CONNECTED;
	d->at = i;
	d->fd = d->racing[i];
	d->racing[i] = -1;
	for (i = 0; i < d->begun; i++)
		socket_close(&d->racing[i]);
}

static void
begin(struct dial *d, int64_t now_ms)
{
	size_t i = d->begun++;
	bool connected;

	d->next_ms = now_ms + STAGGER_MS;
	d->until_ms[i] = now_ms + d->limit_ms;
	d->racing[i] = socket_connect(SOCK_STREAM, &d->to.ip[i], d->port,
	    &connected);
	if (d->racing[i] < 0)
		lost(d, i, errno_words(errno), now_ms);
	else if (connected)
		won(d, i);
}

/* Has the connect that is under way ended? */
static void
look(struct dial *d, size_t i, int64_t now_ms)
{
	switch (socket_connected(d->racing[i])) {
	case SOCKET_MOVED:
		won(d, i);
		break;
	case SOCKET_LATER:
		if (now_ms >= d->until_ms[i])
			lost(d, i, "no answer", now_ms);
		break;
	default:
		d->reset |= errno == ECONNRESET;
		lost(d, i, errno_words(errno), now_ms);
	}
}

void
dial_start(struct dial *d, const struct addresses *to, uint16_t port,
	int64_t limit_ms, int64_t now_ms)
{
	d->state = DIAL_CONNECTING;
	d->to = *to;
	d->port = port;
	d->limit_ms = limit_ms;
	d->begun = d->at = 0;
	d->fd = -1;
	d->reset = false;
	d->next_ms = now_ms;
	buf_init(&d->reasons, d->reasons_text, sizeof d->reasons_text - 1);
	dial_step(d, now_ms);
}

static bool
is_racing(const struct dial *d)
{
	for (size_t i = 0; i < d->begun; i++)
		if (d->racing[i] >= 0)
			return true;
	return false;
}

void
dial_step(struct dial *d, int64_t now_ms)
{
	for (size_t i = 0; i < d->begun && d->state == DIAL_CONNECTING; i++)
		if (d->racing[i] >= 0)
			look(d, i, now_ms);
	while (d->state == DIAL_CONNECTING && d->begun < d->to.n &&
	    now_ms >= d->next_ms)
		begin(d, now_ms);
	if (d->state == DIAL_CONNECTING && d->begun == d->to.n && !is_racing(d))
		d->state = DIAL_FAILED;
}

nfds_t
dial_wants(const struct dial *d, struct pollfd *pf, int64_t *next_ms)
{
	nfds_t n = 0;

	*next_ms = d->begun < d->to.n ? d->next_ms : INT64_MAX;
	for (size_t i = 0; i < d->begun; i++) {
		if (d->racing[i] < 0)
			continue;
		pf[n++] = (struct pollfd){ .fd = d->racing[i],
			.events = POLLOUT };
		if (d->until_ms[i] < *next_ms)
			*next_ms = d->until_ms[i];
	}
	return n;
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
	ip_put(b, &d->to.ip[d->at]);
}

void
dial_end(struct dial *d)
{
	if (d->state == DIAL_CONNECTING)
		for (size_t i = 0; i < d->begun; i++)
			socket_close(&d->racing[i]);
	socket_close(&d->fd);
	d->begun = 0;
}
