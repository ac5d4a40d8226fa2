/* SPDX-License-Identifier: MIT */
/*
 * Asking name servers. A new socket for each try gives a new random port; the
 * kernel drops what does not come from the server asked (connected UDP).
 */
#include "net/dns.h"

#include <errno.h>

#include "net/socket.h"

static const enum dnsmsg_type types[2] = { DNSMSG_A, DNSMSG_AAAA };

static void
server_failed(struct dns *d, const char *how)
{
	struct buf b = TEXT_OVER(d->last);

	ip_put(&b, &d->names->servers[(d->tries - 1) %
	    d->names->servers_n].ip);
	buf_fmt(&b, ": %s", how);
	buf_end(&b);
	d->bad_servers++;
	d->next_ms = 0;                 /* the next one at once */
	socket_close(&d->fd);
}

static bool
send_query(struct dns *d, int which)
{
	char query[HOST_NAME_MAX_LEN + 32];
	struct buf b = BUF_OVER(query);
	size_t at = (d->tries * 4 + (size_t)which * 2) % DNS_RANDOM, sent;

	d->ids[which] = (uint16_t)(d->random[at] << 8 | d->random[at + 1]);
	dnsmsg_write(&b, d->ids[which], slice_of(d->host), types[which]);
	return !b.full && socket_send(d->fd, b.p, b.len, &sent) ==
	    SOCKET_MOVED && sent == b.len;
}

static void
ask_next(struct dns *d, int64_t now_ms)
{
	const struct server *server =
	    &d->names->servers[d->tries++ % d->names->servers_n];
	bool connected;

	socket_close(&d->fd);
	d->refused[0] = d->refused[1] = false;
	d->next_ms = now_ms + DNS_TRY_MS;
	d->fd = socket_connect(SOCK_DGRAM, &server->ip, server->port, &connected);
	if (d->fd < 0 ||
	    (!d->answered[0] && !send_query(d, 0)) ||
	    (!d->answered[1] && !send_query(d, 1)))
		server_failed(d, errno_words(errno));
}

static void
take_answer(struct dns *d, int which, const struct dnsmsg_answer *answer)
{
	struct addresses *out = which == 0 ? &d->v4 : &d->v6;

	d->answered[which] = true;
	for (size_t i = 0; i < answer->n && out->n < ADDRESSES_MAX; i++)
		out->ip[out->n++] = answer->addresses[i];
}

static void
start_grace(struct dns *d, int64_t now_ms)
{
	if (!d->grace_ms)
		d->grace_ms = now_ms + DNS_GRACE_MS;
}

static void
read_answer(struct dns *d, struct slice msg, int64_t now_ms)
{
	struct dnsmsg_answer answer;

	for (int i = 0; i < 2; i++) {
		if (d->answered[i])
			continue;
		switch (dnsmsg_read(msg, d->ids[i], slice_of(d->host), types[i],
		    &answer)) {
		case DNSMSG_OK:
			take_answer(d, i, &answer);
			start_grace(d, now_ms);
			return;
		case DNSMSG_NO_NAME:
			/* Broken servers say so for AAAA only (RFC 4074 §4.2). */
			d->no_name = true;
			d->answered[i] = true;
			start_grace(d, now_ms);
			return;
		case DNSMSG_CUT:
			d->cut = true;
			d->answered[i] = true;
			return;
		case DNSMSG_REFUSED:
			/* Some servers know no AAAA: the other may still come. */
			d->refused[i] = true;
			return;
		case DNSMSG_NOT_OURS:
			break;
		}
	}
}

static void
receive(struct dns *d, int64_t now_ms)
{
	/* A flood of strangers' datagrams must not outlast the deadline. */
	for (int i = 0; i < 32 && d->fd >= 0 && d->state == DNS_ASKING; i++) {
		char msg[DNSMSG_MAX];
		size_t n;

		switch (socket_receive(d->fd, msg, sizeof msg, &n)) {
		case SOCKET_MOVED:
			read_answer(d, slice_from(msg, n), now_ms);
			break;
		case SOCKET_BROKEN:
			server_failed(d, errno_words(errno));
			break;
		case SOCKET_LATER:
			return;
		case SOCKET_ENDED:      /* an empty datagram */
			break;
		}
	}
}

static bool
all_answered(const struct dns *d, int64_t now_ms)
{
	bool some = d->v4.n || d->v6.n;

	/* A server that will not say AAAA but said A has said enough. */
	return (d->answered[0] && d->answered[1]) ||
	    ((some || d->no_name) && now_ms >= d->grace_ms) ||
	    (d->v4.n && d->refused[1]);
}

void
dns_start(struct dns *d, const struct names *names, const char *host,
	uint16_t port, const uint8_t random[static DNS_RANDOM], int64_t now_ms)
{
	memset(d, 0, sizeof *d);
	d->names = names;
	d->host = host;
	d->fd = -1;
	d->answered[0] = names->family == 6;
	d->answered[1] = names->family == 4;
	memcpy(d->random, random, DNS_RANDOM);
	if (names_find(names, host, port, &d->v4))
		d->state = d->v4.n ? DNS_FOUND : DNS_FAILED;
	else
		dns_step(d, now_ms);
}

void
dns_step(struct dns *d, int64_t now_ms)
{
	while (d->state == DNS_ASKING) {
		receive(d, now_ms);
		if (d->state != DNS_ASKING)
			break;
		if (all_answered(d, now_ms)) {
			d->state = d->v4.n || d->v6.n ? DNS_FOUND : DNS_FAILED;
			break;
		}
		if (d->fd >= 0 && (d->refused[0] || d->answered[0]) &&
		    (d->refused[1] || d->answered[1]))
			server_failed(d, "answers with an error");
		/* Every server has refused or failed at once: no use to go on. */
		if (d->bad_servers >= d->names->servers_n) {
			d->state = d->v4.n || d->v6.n ? DNS_FOUND : DNS_FAILED;
			break;
		}
		if (d->fd >= 0 && now_ms < d->next_ms)
			return;
		if (d->fd >= 0)
			d->bad_servers = 0;     /* silent, perhaps only slow */
		ask_next(d, now_ms);
	}
	socket_close(&d->fd);
}

int
dns_fd(const struct dns *d)
{
	return d->fd;
}

int64_t
dns_next_ms(const struct dns *d)
{
	if ((d->v4.n || d->v6.n || d->no_name) && d->grace_ms < d->next_ms)
		return d->grace_ms;
	return d->next_ms;
}

void
dns_addresses(const struct dns *d, struct addresses *out)
{
	/* What names_find found is in order already. */
	if (d->tries)
		addresses_merge(out, &d->v4, &d->v6);
	else
		*out = d->v4;
}

bool
dns_explain(const struct dns *d, struct error *err)
{
	if (d->no_name || (d->answered[0] && d->answered[1] && !d->cut)) {
		err_set(err, ERR_UNREACHABLE, STEP_DNS, d->no_name ?
		    "the name %s does not exist" :
		    "the name %s has no address", d->host);
		return err_hint(err, "check the region's name, or --resolve "
		    "%s:ADDRESS", d->host);
	}
	if (d->cut) {
		err_set(err, ERR_UNREACHABLE, STEP_DNS,
		    "the answer for %s is too long for a datagram", d->host);
		return err_hint(err, "--resolve %s:ADDRESS", d->host);
	}
	err_set(err, ERR_UNREACHABLE, STEP_DNS, "no resolver answered for %s%s%s%s",
	    d->host, d->last[0] ? " (" : "", d->last, d->last[0] ? ")" : "");
	return err_hint(err, "mend /etc/resolv.conf, or --resolve %s:ADDRESS", d->host);
}

void
dns_end(struct dns *d)
{
	socket_close(&d->fd);
}
