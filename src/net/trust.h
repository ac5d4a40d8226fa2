/* SPDX-License-Identifier: MIT */
/*
 * The certificates that a chain may end at: Amazon's roots compiled in, or a
 * CA bundle given in their place.
 */
#ifndef POSTERN_NET_TRUST_H
#define POSTERN_NET_TRUST_H

#include "base/error.h"
#include "base/limits.h"

struct trust {
	bool builtin;
	size_t n, broken;               /* usable ones; blocks passed over */
	struct slice certs[BUNDLE_CERTS_MAX];   /* DER; borrowed */
	/*
	 * For messages, from the caller: the bundle's name, and the option or
	 * variable that gave it. With the compiled-in roots those of a bundle
	 * that this host has besides; empty when there is none.
	 */
	char name[BUNDLE_NAME_MAX + 1], given_by[24];
};

/* The SHA-256 fingerprint of a certificate. */
void trust_fingerprint(uint8_t out[static 32], struct slice der);

/* The compiled-in roots. */
void trust_use_builtin(struct trust *t);

/*
 * The certificates of a PEM text, which is decoded in place and must outlive
 * the trust; its name and what gave it stand there already. Blocks that are
 * not certificates are counted and passed over. Fails with ERR_CONFIG when none
 * is usable or they are too many.
 */
bool trust_read(struct trust *t, struct slice pem, struct error *err)
	__attribute__((warn_unused_result));

#endif
