/* SPDX-License-Identifier: MIT */
/*
 * Asking name servers. A new socket for each try gives a new random port; the
 * kernel drops what does not come from the server asked (connected UDP).
 */
#include "net/dns.h"

#include <errno.h>

#include "net/socket.h"

/* Datagrams read at a time: strangers' must not outlast the deadline. */
#define RECEIVE_MAX 32

static const enum dnsmsg_type types[2] = { DNSMSG_A, DNSMSG_AAAA };

static size_t
server_at(const struct dns *d)
{
	return (d->tries - 1) % d->names->servers_n;
}

static bool
is_answered(const struct dns *d)
{
	return d->answered[0] && d->answered[1];
}

/*
 * The next server at once; after the last, when its time is over, so that
 * servers which fail fast are not asked in a tight circle.
 */
static void
server_failed(struct dns *d, const char *how)
{
	d->did[server_at(d)] = how;
	d->over_tcp[server_at(d)] = d->stream;
	d->failures++;
	if (d->tries % d->names->servers_n)
		d->next_ms = 0;
	socket_close(&d->fd);
}

/* A query with a fresh id; over TCP its length goes first (RFC 1035 §4.2.2). */
static void
put_query(struct dns *d, struct buf *b, int which)
{
	size_t at = d->queries++ * 2 % DNS_RANDOM, start = b->len, len;

	d->ids[which] = (uint16_t)(d->random[at] << 8 | d->random[at + 1]);
	if (d->stream)
		buf_put(b, "\0", 2);
	dnsmsg_write(b, d->ids[which], slice_of(d->host), types[which]);
	if (d->stream) {
		len = b->len - start - 2;
		b->p[start] = (char)(len >> 8);
		b->p[start + 1] = (char)len;
	}
}

/*
 * All open questions: a datagram each, or side by side on one connection
 * (RFC 7766 §6.2.1), which is still being made.
 */
static bool
put_queries(struct dns *d)
{
	struct buf b = BUF_OVER(d->bytes);
	size_t n;

	for (int i = 0; i < 2; i++) {
		if (d->answered[i])
			continue;
		put_query(d, &b, i);
		if (d->stream)
			continue;
		if (socket_send(d->fd, b.p, b.len, &n) != SOCKET_MOVED)
			return false;
		b.len = 0;
	}
	d->len = b.len;
	d->at = 0;
	d->sending = d->stream;
	return true;
}

static void
ask(struct dns *d, int type, int64_t now_ms)
{
	const struct server *server = &d->names->servers[server_at(d)];
	size_t round = (d->tries - 1) / d->names->servers_n;
	bool connected;

	socket_close(&d->fd);
	d->stream = type == SOCK_STREAM;
	d->cut = d->refused[0] = d->refused[1] = false;
	d->next_ms = now_ms + ((int64_t)DNS_TRY_MS << round);
	d->fd = socket_connect(type, &server->ip, server->port, &connected);
	if (d->fd < 0 || !put_queries(d))
		server_failed(d, errno_words(errno));
}

static void
wait_until(struct dns *d, int64_t ms)
{
	if (!d->grace_ms || ms < d->grace_ms)
		d->grace_ms = ms;
}

static const char *
code_words(unsigned code)
{
	switch (code) {
	case 0: return "answers with aliases without end";
	case 2: return "answers with SERVFAIL";
	case 5: return "answers with REFUSED";
	}
	return "answers with an error";
}

static void
take_answer(struct dns *d, int which, const struct dnsmsg_answer *answer,
	int64_t now_ms)
{
	struct addresses *out = &d->found[which];

	d->answered[which] = true;
	for (; out->n < answer->n; out->n++)
		out->ip[out->n] = answer->addresses[out->n];
	/* Resolution Delay, RFC 8305 §3. */
	if (out->n)
		wait_until(d, now_ms + DNS_GRACE_MS);
}

static void
read_answer(struct dns *d, struct slice msg, int64_t now_ms)
{
	struct dnsmsg_answer answer;

	for (int i = 0; i < 2; i++) {
		if (d->answered[i] || d->refused[i])
			continue;
		switch (dnsmsg_read(msg, d->ids[i], slice_of(d->host), types[i],
		    &answer)) {
		case DNSMSG_OK:
			take_answer(d, i, &answer, now_ms);
			return;
		case DNSMSG_NO_NAME:
			/*
			 * Broken servers say so for AAAA only (RFC 4074 §4.2),
			 * and before they know the A: time for that.
			 */
			d->no_name = true;
			d->answered[i] = true;
			wait_until(d, now_ms + DNS_TRY_MS);
			return;
		case DNSMSG_CUT:
			d->cut = true;
			return;
		case DNSMSG_REFUSED:
			/* Some servers know no AAAA: the other may still come. */
			d->refused[i] = true;
			d->did[server_at(d)] = code_words(answer.code);
			return;
		case DNSMSG_NOT_OURS:
			break;
		}
	}
}

/* Whole messages of a stream; what is left of it moves to the front. */
static void
read_stream(struct dns *d, int64_t now_ms)
{
	const uint8_t *p = (const uint8_t *)d->bytes;
	size_t at = 0;

	while (d->len - at >= 2) {
		size_t end = at + 2 + ((size_t)p[at] << 8 | p[at + 1]);

		if (end > d->len)
			break;
		read_answer(d, slice_from(d->bytes + at + 2, end - at - 2),
		    now_ms);
		at = end;
	}
	d->len -= at;
	memmove(d->bytes, d->bytes + at, d->len);
}

/* While the connection is being made, send(2) answers that it is too early. */
static void
send_rest(struct dns *d)
{
	size_t n;

	if (socket_send(d->fd, d->bytes + d->at, d->len - d->at, &n) ==
	    SOCKET_BROKEN) {
		server_failed(d, errno_words(errno));
		return;
	}
	d->at += n;
	if (d->at == d->len) {
		d->sending = false;
		d->len = 0;
	}
}

static void
receive(struct dns *d, int64_t now_ms)
{
	for (int i = 0; i < RECEIVE_MAX && d->fd >= 0 && !is_answered(d); i++) {
		size_t n;

		switch (socket_receive(d->fd, d->bytes + d->len,
		    sizeof d->bytes - d->len, &n)) {
		case SOCKET_MOVED:
			d->len += n;
			if (d->stream) {
				read_stream(d, now_ms);
			} else {
				read_answer(d, slice_from(d->bytes, n), now_ms);
				d->len = 0;
			}
			break;
		case SOCKET_ENDED:      /* a datagram may be empty */
			if (d->stream)
				server_failed(d, "closed the connection");
			break;
		case SOCKET_BROKEN:
			server_failed(d, errno_words(errno));
			break;
		case SOCKET_LATER:
			return;
		}
	}
}

/* What the server asked last has to say. */
static void
listen_to_server(struct dns *d, int64_t now_ms)
{
	if (d->fd >= 0 && d->sending)
		send_rest(d);
	if (d->fd >= 0 && !d->sending)
		receive(d, now_ms);
	if (d->fd < 0 || is_answered(d))
		return;
	if (d->cut && d->stream) {
		server_failed(d, "cuts its answers");
	} else if (d->cut) {
		d->did[server_at(d)] = "no answer";
		d->over_tcp[server_at(d)] = true;
		ask(d, SOCK_STREAM, now_ms);
	} else if ((d->refused[0] || d->answered[0]) &&
	    (d->refused[1] || d->answered[1])) {
		server_failed(d, d->did[server_at(d)]);
	}
}

static bool
is_over(const struct dns *d, int64_t now_ms)
{
	bool some = d->found[0].n || d->found[1].n;

	return is_answered(d) ||
	    (d->grace_ms && now_ms >= d->grace_ms) ||
	    /* A server that will not say AAAA but said A has said enough. */
	    (some && (d->refused[0] || d->refused[1])) ||
	    now_ms >= d->end_ms ||
	    /* Every server failed twice, and none was silent: no use to go on. */
	    d->failures >= 2 * d->names->servers_n;
}

void
dns_start(struct dns *d, const struct names *names, const char *host,
	uint16_t port, const uint8_t random[static DNS_RANDOM], int64_t now_ms)
{
	memset(d, 0, offsetof(struct dns, bytes));
	d->names = names;
	d->host = host;
	d->fd = -1;
	d->end_ms = now_ms + DNS_TOTAL_MS;
	d->answered[0] = names->family == 6;
	d->answered[1] = names->family == 4;
	memcpy(d->random, random, DNS_RANDOM);
	if (names_find(names, host, port, &d->found[0]))
		d->state = d->found[0].n ? DNS_FOUND : DNS_FAILED;
}

void
dns_step(struct dns *d, int64_t now_ms)
{
	while (d->state == DNS_ASKING) {
		listen_to_server(d, now_ms);
		if (is_over(d, now_ms)) {
			d->state = d->found[0].n || d->found[1].n ?
			    DNS_FOUND : DNS_FAILED;
			socket_close(&d->fd);
			return;
		}
		if (now_ms < d->next_ms)
			return;
		if (d->fd >= 0)
			d->failures = 0;        /* silent, perhaps only slow */
		d->tries++;
		if (!d->did[server_at(d)])
			d->did[server_at(d)] = "no answer";
		ask(d, SOCK_DGRAM, now_ms);
		if (d->fd >= 0)
			return;         /* no answer is there so soon */
	}
}

bool
dns_wants(const struct dns *d, struct pollfd *pf, int64_t *next_ms)
{
	*next_ms = d->next_ms < d->end_ms ? d->next_ms : d->end_ms;
	if (d->grace_ms && d->grace_ms < *next_ms)
		*next_ms = d->grace_ms;
	pf->fd = d->fd;
	pf->events = d->sending ? POLLOUT : POLLIN;
	return d->fd >= 0;
}

void
dns_addresses(const struct dns *d, struct addresses *out)
{
	/* What names_find found is in order already. */
	if (d->tries)
		addresses_merge(out, &d->found[0], &d->found[1]);
	else
		*out = d->found[0];
}

/* "192.0.2.1: no answer; 192.0.2.2 port 5353: no answer over TCP" */
static void
put_servers(struct buf *b, const struct dns *d)
{
	for (size_t i = 0; i < d->names->servers_n && d->did[i]; i++) {
		const struct server *server = &d->names->servers[i];

		if (i)
			buf_puts(b, "; ");
		ip_put(b, &server->ip);
		if (server->port != DNS_PORT)
			buf_fmt(b, " port %d", server->port);
		buf_fmt(b, ": %s%s", d->did[i], d->over_tcp[i] ? " over TCP" : "");
	}
}

bool
dns_explain(const struct dns *d, struct error *err)
{
	char servers[NAMESERVERS_MAX * 96 + 1];
	struct buf b = TEXT_OVER(servers);
	int family = d->names->family;

	if (d->no_name || is_answered(d) || !d->tries) {
		const char *lacks = family == 4 ? "has no IPv4 address" :
		    family == 6 ? "has no IPv6 address" : "has no address";

		err_set(err, ERR_UNREACHABLE, STEP_DNS, "the name %s %s", d->host,
		    d->no_name ? "does not exist" : lacks);
		if (family && !d->no_name)
			return err_hint(err, "the same command without -%d", family);
		return err_hint(err, "check the name and the region in it, or --resolve "
		    "%s:ADDRESS", d->host);
	}
	put_servers(&b, d);
	buf_end(&b);
	err_set(err, ERR_UNREACHABLE, STEP_DNS, "no resolver answered for %s (%s)",
	    d->host, servers);
	return err_hint(err, "mend /etc/resolv.conf, or --dns ADDRESS of a name "
	    "server, or --resolve %s:ADDRESS", d->host);
}

void
dns_end(struct dns *d)
{
	socket_close(&d->fd);
}
