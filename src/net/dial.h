/* SPDX-License-Identifier: MIT */
/*
 * From addresses to one connected TCP socket: each address is tried in turn,
 * none for longer than CONNECT_MS.
 */
#ifndef POSTERN_NET_DIAL_H
#define POSTERN_NET_DIAL_H

#include "net/names.h"

enum dial_state { DIAL_CONNECTING, DIAL_CONNECTED, DIAL_FAILED };

struct dial {
	enum dial_state state;
	struct addresses to;
	uint16_t port;
	size_t at;                      /* index of the address being tried */
	int fd;                         /* -1: none */
	int64_t next_ms;                /* when this address is given up */
	struct buf reasons;             /* "address: why", "; " between */
	char reasons_text[320];
};

void dial_start(struct dial *d, const struct addresses *to, uint16_t port,
	int64_t now_ms);
void dial_step(struct dial *d, int64_t now_ms);

/* Fill err with each address and its reason; `host` is for the message. */
bool dial_explain(const struct dial *d, const char *host, struct error *err);

/* Append the address connected to. */
void dial_put_address(struct buf *b, const struct dial *d);

void dial_end(struct dial *d);

#endif
