/* SPDX-License-Identifier: MIT */
/*
 * The certificate rules around BearSSL's validator: the chain is collected
 * under caps first, anchors are picked by the names in it, and only then does
 * the validator see it. The order that the server sent is only the first that
 * is tried.
 */
#ifndef POSTERN_NET_CHAIN_H
#define POSTERN_NET_CHAIN_H

#include <bearssl.h>

#include "net/cert.h"
#include "net/trust.h"

/* Our own refusals, beside BearSSL's codes of 32 to 62. */
#define CHAIN_FAULT(cert_fault) (BR_ERR_X509_NOT_TRUSTED + (cert_fault))
enum {
	CHAIN_BAD_ROOT = CHAIN_FAULT(CERT_FAULTS),      /* see root_fault */
	CHAIN_CODE_LAST = CHAIN_BAD_ROOT
};

/* Certificates by their places in a chain, the server's own first. */
struct path {
	bool first_is_not;      /* the first that was sent is not the server's */
	size_t n;
	size_t at[CHAIN_CERTS_MAX];
};

struct chain {
	const br_x509_class *vtable;    /* first: BearSSL sees only this */
	const struct trust *trust;      /* borrowed */
	int64_t now_s;                  /* for validity; seconds since 1970-01-01 */
	char host[HOST_NAME_MAX_LEN + 1];
	bool is_ip;                     /* the host is an address, and which */
	struct ip ip;
	size_t n, len;                  /* certificates and bytes collected */
	bool over;                      /* beyond a cap */
	struct slice certs[CHAIN_CERTS_MAX];
	struct cert read[CHAIN_CERTS_MAX];
	enum cert_fault faults[CHAIN_CERTS_MAX];        /* by itself, of each */
	/* Certificates walked, verified; comparisons left: for all that is tried. */
	unsigned steps, signatures, comparisons;
	const struct path *path;        /* what BearSSL is given now, */
	size_t at;                      /* and how far it is in it */
	uint8_t hash[br_sha512_SIZE];   /* that a signature has to be of */
	bool anchored;                  /* an anchor's signature was accepted */
	unsigned fault;                 /* of the first that an anchor signed */
	uint8_t bytes[CHAIN_BYTES_MAX];
	br_x509_minimal_context minimal;
	size_t anchors_n;
	br_x509_trust_anchor anchors[CHAIN_ANCHORS_MAX];
	struct cert roots[CHAIN_ANCHORS_MAX];           /* of each anchor */
	/* One that the chain names and that is no anchor: why, as a code, and whose. */
	unsigned root_fault;
	struct slice root_name;
};

/* Ready to be handed to an engine (as &chain->vtable), once. */
void chain_init(struct chain *c, const struct trust *trust, int64_t now_s);

/*
 * The DNS name or IP address that the certificate must be for; without one
 * every chain is refused. A dot at the end of a name is taken off, and only
 * LDH labels are names (RFC 5890 §2.3.1). Case does not count.
 */
void chain_expect(struct chain *c, const char *host);

/*
 * After a refusal with BearSSL's error `code`: fill err with the sentence and
 * the cure, naming `host`. Answers false.
 */
bool chain_explain(const struct chain *c, int code, const char *host,
	struct error *err);

/*
 * The whole check without an engine, for tests: certificates as a server sends
 * them. Answers 0, or BearSSL's error code.
 */
unsigned chain_check(struct chain *c, const char *host,
	const struct slice *certs, size_t n);

#endif
