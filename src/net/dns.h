/* SPDX-License-Identifier: MIT */
/*
 * A stub resolver that is stepped: A and AAAA asked together over UDP, server
 * after server, until an answer or the caller's deadline.
 */
#ifndef POSTERN_NET_DNS_H
#define POSTERN_NET_DNS_H

#include "codec/dnsmsg.h"
#include "net/names.h"

#define DNS_RANDOM 64           /* bytes of randomness for query ids */

enum dns_state { DNS_ASKING, DNS_FOUND, DNS_FAILED };

struct dns {
	enum dns_state state;
	const struct names *names;      /* borrowed */
	const char *host;               /* borrowed */
	int fd;                         /* UDP socket, -1: none */
	size_t tries;
	uint16_t ids[2];                /* of the A and the AAAA query */
	bool answered[2], no_name;
	bool refused[2];                /* this server will not say */
	int64_t next_ms;                /* when to ask the next server */
	int64_t grace_ms;               /* when to stop waiting for a family; 0: never */
	struct addresses v4, v6;
	uint8_t random[DNS_RANDOM];
	size_t bad_servers;             /* in a row: answered with an error, refused */
	bool cut;
	char last[64];                  /* what the last server did */
};

/*
 * Start looking `host` up. When names_find knows it, the state is DNS_FOUND at
 * once. `random` is DNS_RANDOM bytes from the kernel.
 */
void dns_start(struct dns *d, const struct names *names, const char *host,
	uint16_t port, const uint8_t random[static DNS_RANDOM], int64_t now_ms);

/* Go as far as possible without waiting. `now_ms` is a steady clock's. */
void dns_step(struct dns *d, int64_t now_ms);

/* The socket to wait for (readable), or -1; and when to step at the latest. */
int dns_fd(const struct dns *d);
int64_t dns_next_ms(const struct dns *d);

/* All addresses, in the order to try them. */
void dns_addresses(const struct dns *d, struct addresses *out);

/* Fill err: the name does not exist, or no resolver answered. */
bool dns_explain(const struct dns *d, struct error *err);

void dns_end(struct dns *d);

#endif
