/* SPDX-License-Identifier: MIT */
/*
 * The seam to BearSSL's hash functions. Nothing else in Postern but net/'s
 * TLS files knows that BearSSL exists.
 */
#include "crypto/hash.h"

#include <bearssl.h>

void
hash_sha1(uint8_t out[static SHA1_LEN], struct slice data)
{
	br_sha1_context c;

	br_sha1_init(&c);
	br_sha1_update(&c, data.p, data.len);
	br_sha1_out(&c, out);
}

void
hash_sha256(uint8_t out[static SHA256_LEN], struct slice data)
{
	br_sha256_context c;

	br_sha256_init(&c);
	br_sha256_update(&c, data.p, data.len);
	br_sha256_out(&c, out);
	explicit_bzero(&c, sizeof c);
}

void
hash_hmac_sha256(uint8_t out[static SHA256_LEN], const void *key,
	size_t key_len, struct slice data)
{
	br_hmac_key_context kc;
	br_hmac_context c;

	br_hmac_key_init(&kc, &br_sha256_vtable, key, key_len);
	br_hmac_init(&c, &kc, SHA256_LEN);
	br_hmac_update(&c, data.p, data.len);
	br_hmac_out(&c, out);
	explicit_bzero(&c, sizeof c);
	explicit_bzero(&kc, sizeof kc);
}

/* BearSSL's hashes use under 2 KiB; readers of answers have buffers of 4. */
__attribute__((noinline)) void
hash_wipe_stack(void)
{
	char below[16384];

	explicit_bzero(below, sizeof below);
}
