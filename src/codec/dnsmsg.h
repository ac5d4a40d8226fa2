/* SPDX-License-Identifier: MIT */
/*
 * DNS messages (RFC 1035) as a stub resolver needs them: one question out,
 * addresses in. Nothing of an answer is believed that does not belong to the
 * question.
 */
#ifndef POSTERN_CODEC_DNSMSG_H
#define POSTERN_CODEC_DNSMSG_H

#include "base/buf.h"
#include "base/limits.h"
#include "codec/ip.h"

enum dnsmsg_type { DNSMSG_A = 1, DNSMSG_AAAA = 28 };

enum dnsmsg_result {
	DNSMSG_OK,              /* with addresses, or none of this type */
	DNSMSG_NO_NAME,         /* NXDOMAIN */
	DNSMSG_CUT,             /* TC, without an address: needs TCP */
	DNSMSG_REFUSED,         /* the server failed or will not answer: see code */
	DNSMSG_NOT_OURS         /* another id or question, or malformed */
};

struct dnsmsg_answer {
	size_t n;
	struct ip addresses[ADDRESSES_MAX];
	unsigned code;          /* RCODE; 0 with DNSMSG_REFUSED: endless aliases */
};

/* Append a query; `host` is absolute and was checked by uri_is_host. */
void dnsmsg_write(struct buf *b, uint16_t id, struct slice host,
	enum dnsmsg_type type);

/*
 * Read an answer to that query. Addresses are taken from records that the
 * name itself, or a chain of at most 10 aliases (CNAME) from it, leads to, in
 * any order; more than ADDRESSES_MAX are left out. A chain that ends without
 * an address has none: the server was asked to follow it to its end. A longer
 * one, or one that goes round in a circle, is refused.
 */
enum dnsmsg_result dnsmsg_read(struct slice msg, uint16_t id,
	struct slice host, enum dnsmsg_type type, struct dnsmsg_answer *answer);

#endif
