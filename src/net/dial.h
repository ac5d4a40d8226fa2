/* SPDX-License-Identifier: MIT */
/*
 * From addresses to one connected TCP socket. They race: the next address is
 * begun as soon as one fails, or has said nothing for STAGGER_MS; the first to
 * connect wins (RFC 8305 §5).
 */
#ifndef POSTERN_NET_DIAL_H
#define POSTERN_NET_DIAL_H

#include <poll.h>

#include "net/names.h"

enum dial_state { DIAL_CONNECTING, DIAL_CONNECTED, DIAL_FAILED };

struct dial {
	enum dial_state state;
	struct addresses to;
	uint16_t port;
	int64_t limit_ms;               /* for one address */
	size_t begun;                   /* addresses that were begun */
	size_t at;                      /* index of the one connected */
	int fd;                         /* connected; -1: none */
	int64_t next_ms;                /* when the next address is begun */
	int racing[ADDRESSES_MAX];      /* sockets of those under way; else -1 */
	int64_t until_ms[ADDRESSES_MAX];/* when each is given up */
	bool reset;                     /* somebody was there, and broke it off */
	struct buf reasons;             /* "address: why", "; " between */
	char reasons_text[320];
};

/* Begin; no address is waited for longer than `limit_ms`. */
void dial_start(struct dial *d, const struct addresses *to, uint16_t port,
	int64_t limit_ms, int64_t now_ms);
void dial_step(struct dial *d, int64_t now_ms);

/*
 * The sockets under way, at most ADDRESSES_MAX; answers how many. *next_ms is
 * when to step at the latest.
 */
nfds_t dial_wants(const struct dial *d, struct pollfd *pf, int64_t *next_ms);

/* Fill err with each address and its reason; `host` is for the message. */
bool dial_explain(const struct dial *d, const char *host, struct error *err);

/* Append the address connected to. */
void dial_put_address(struct buf *b, const struct dial *d);

void dial_end(struct dial *d);

#endif
