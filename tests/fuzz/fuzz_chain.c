/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the certificates that a server sends, two bytes of length in
 * front of each: accepted is only a chain whose leaf holds what our test
 * authority signed, and every refusal has a sentence and a cure. With the top
 * bit of its length set, a certificate is of the bundle that is trusted.
 */
#include "fuzz.h"

#include "codec/der.h"
#include "net/cert.h"
#include "net/chain.h"
#include "../unit/pki.c"

/* The signed part of a certificate; the signature's own bytes may vary. */
static struct slice
signed_part(struct slice cert)
{
	struct der outer, tbs;

	if (!der_take(&cert, DER_SEQUENCE, &outer) ||
	    !der_take(&outer.content, DER_SEQUENCE, &tbs))
		return slice_from(NULL, 0);
	return tbs.all;
}

/* Is it one that our authority signed, with the host's name in it? */
static bool
is_ours(struct slice cert)
{
	static const int ours[] = { PKI_LEAF, PKI_LEAF_LATE };

	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
		if (slice_eq(signed_part(cert), signed_part(pki_slice(ours[i]))))
			return true;
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct trust trust;
	static struct chain chain;
	struct slice in = input_slice(data, size), certs[16];
	struct error err = { 0 };
	bool bundle = false;
	unsigned code, usages;
	size_t n = 0;

	trust_use_builtin(&trust);
	trust.certs[trust.n++] = pki_slice(PKI_ROOT);
	while (in.len >= 2 && n < sizeof certs / sizeof certs[0]) {
		unsigned char high = (unsigned char)in.p[0];
		size_t len = (size_t)(high & 0x7F) << 8 |
		    (unsigned char)in.p[1];

		in = slice_skip(in, 2);
		len = len < in.len ? len : in.len;
		if (high < 0x80)
			certs[n++] = slice_from(in.p, len);
		else if (trust.n < BUNDLE_CERTS_MAX)
			trust.certs[trust.n++] = slice_from(in.p, len);
		bundle |= high >= 0x80;
		in = slice_skip(in, len);
	}
	chain_init(&chain, &trust, PKI_NOW);
	code = chain_check(&chain, PKI_HOST, certs, n);
	MUST(chain.n <= CHAIN_CERTS_MAX && chain.anchors_n <= CHAIN_ANCHORS_MAX);
	if (code == 0) {
		MUST(chain.vtable->get_pkey(&chain.vtable, &usages) != NULL);
		MUST(n > 0);
		if (bundle)
			return 0;
		for (size_t i = 0; i < n; i++)
			if (is_ours(certs[i]))
				return 0;
		abort();
	}
	MUST(!chain_explain(&chain, (int)code, PKI_HOST, &err));
	MUST(err.kind == ERR_TRUST && err.what[0] && err.hint[0]);
	return 0;
}
