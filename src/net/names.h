/* SPDX-License-Identifier: MIT */
/*
 * What is known of names without asking anyone: --resolve, literal addresses,
 * the hosts file; and which servers to ask for the rest.
 */
#ifndef POSTERN_NET_NAMES_H
#define POSTERN_NET_NAMES_H

#include "base/error.h"
#include "base/limits.h"
#include "codec/ip.h"

struct addresses {
	size_t n;
	struct ip ip[ADDRESSES_MAX];
};

struct override {
	struct slice host;      /* borrowed */
	uint16_t port;          /* 0: every port */
	struct ip ip;
};

struct names {
	struct override overrides[RESOLVE_MAX];
	size_t overrides_n;
	struct slice hosts;     /* text of the hosts file; borrowed */
	struct ip servers[NAMESERVERS_MAX];
	size_t servers_n;
};

/*
 * Read a --resolve value, HOST[:PORT]:ADDRESS; an IPv6 address may stand in
 * brackets. Fails with ERR_USAGE.
 */
bool names_add_override(struct names *names, struct slice value,
	struct error *err) __attribute__((warn_unused_result));

/*
 * Take the `nameserver` lines of a resolv.conf text (resolv.conf(5)); without
 * any, 127.0.0.1 as libc does.
 */
void names_read_servers(struct names *names, struct slice text);

/* Addresses that need no server. Answers false when there are none. */
bool names_find(const struct names *names, const char *host, uint16_t port,
	struct addresses *found);

#endif
