/* SPDX-License-Identifier: MIT */
/*
 * A stub resolver that is stepped: A and AAAA asked together, server after
 * server and round after round, until an answer or DNS_TOTAL_MS. It never
 * waits; whoever steps it may give up earlier.
 */
#ifndef POSTERN_NET_DNS_H
#define POSTERN_NET_DNS_H

#include <poll.h>

#include "codec/dnsmsg.h"
#include "net/names.h"

/*
 * Bytes of randomness, two for each query. Rounds of DNS_TRY_MS, then twice
 * that and so on, are four in DNS_TOTAL_MS; in each a server may be asked two
 * questions, and over TCP again.
 */
#define DNS_RANDOM (4 * NAMESERVERS_MAX * 2 * 2 * 2)

enum dns_state { DNS_ASKING, DNS_FOUND, DNS_FAILED };

struct dns {
	enum dns_state state;
	const struct names *names;      /* borrowed */
	const char *host;               /* borrowed */
	int fd;                         /* of the server being asked, -1: none */
	bool stream;                    /* it is TCP, since an answer was cut */
	bool sending;                   /* `bytes` are queries on their way */
	bool cut;                       /* this server cut an answer */
	size_t tries;                   /* servers asked, repeats counted */
	size_t failures;                /* of the last tries: failed, not silent */
	size_t queries;
	uint16_t ids[2];                /* of the A and the AAAA query */
	bool answered[2], no_name;
	bool refused[2];                /* this server will not say */
	int64_t next_ms;                /* when to ask the next server */
	int64_t grace_ms;               /* when to stop waiting for a family; 0: never */
	int64_t end_ms;                 /* when to give up */
	struct addresses found[2];
	const char *did[NAMESERVERS_MAX];       /* what each did; NULL: not asked */
	bool over_tcp[NAMESERVERS_MAX];         /* when it did that */
	uint8_t random[DNS_RANDOM];
	/* Last, since pages that are never touched cost nothing. */
	size_t len, at;                 /* of bytes: all, sent */
	char bytes[2 + DNS_MESSAGE_MAX];
};

/*
 * Start looking `host` up; the first step asks. When names_find knows it, the
 * state is not DNS_ASKING any more. `random` is from the kernel.
 */
void dns_start(struct dns *d, const struct names *names, const char *host,
	uint16_t port, const uint8_t random[static DNS_RANDOM], int64_t now_ms);

/* Go as far as possible without waiting. `now_ms` is a steady clock's. */
void dns_step(struct dns *d, int64_t now_ms);

/*
 * What to wait for while DNS_ASKING: false when there is no descriptor;
 * *next_ms is when to step at the latest.
 */
bool dns_wants(const struct dns *d, struct pollfd *pf, int64_t *next_ms);

/* All addresses, in the order to try them. */
void dns_addresses(const struct dns *d, struct addresses *out);

/*
 * Fill err: the name does not exist, has no address, or no resolver answered,
 * with what each did.
 */
bool dns_explain(const struct dns *d, struct error *err);

void dns_end(struct dns *d);

#endif
