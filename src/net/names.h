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

#define DNS_PORT 53

struct addresses {
	size_t n;
	struct ip ip[ADDRESSES_MAX];
};

struct server {
	struct ip ip;
	uint16_t port;
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
	struct server servers[NAMESERVERS_MAX];
	size_t servers_n;
	int family;             /* 4 or 6: asked for and used alone; 0: both */
};

/*
 * Read a --resolve value, HOST[:PORT]:ADDRESS; an IPv6 address may stand in
 * brackets. Fails with ERR_USAGE.
 */
bool names_add_override(struct names *names, struct slice value,
	struct error *err) __attribute__((warn_unused_result));

/*
 * Read a --dns value: an address, with a port as ADDRESS:PORT, and in brackets
 * then if it is IPv6. Fails with ERR_USAGE.
 */
bool names_add_server(struct names *names, struct slice value,
	struct error *err) __attribute__((warn_unused_result));

/*
 * Take the `nameserver` lines of a resolv.conf text (resolv.conf(5)); without
 * any, 127.0.0.1 as libc does. Answers how many lines were passed over since
 * their address is none, or has a zone (fe80::1%eth0): a zone is a number that
 * only the kernel knows, and nothing here carries it.
 */
size_t names_read_servers(struct names *names, struct slice text);

/*
 * Addresses that need no server. Answers false when servers are to be asked;
 * true without any when what was given, by --resolve or as the name itself, is
 * not of names->family.
 */
bool names_find(const struct names *names, const char *host, uint16_t port,
	struct addresses *found);

/*
 * IPv4 and IPv6 addresses in one list: in turns, IPv6 first (RFC 8305 §4), so
 * that neither family crowds the other out.
 */
void addresses_merge(struct addresses *out, const struct addresses *v4,
	const struct addresses *v6);

#endif
