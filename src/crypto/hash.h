/* SPDX-License-Identifier: MIT */
/*
 * SHA-256 and HMAC-SHA-256 in one call each. The working is BearSSL's; its
 * contexts are wiped here, since BearSSL wipes nothing.
 */
#ifndef POSTERN_CRYPTO_HASH_H
#define POSTERN_CRYPTO_HASH_H

#include "base/slice.h"

#define SHA256_LEN 32           /* bytes */
#define SHA1_LEN 20

/* For names of files that others chose; nothing is proved by it. */
void hash_sha1(uint8_t out[static SHA1_LEN], struct slice data);

void hash_sha256(uint8_t out[static SHA256_LEN], struct slice data);

/* RFC 2104 with SHA-256; `key` may be of any length, `out` may be the key. */
void hash_hmac_sha256(uint8_t out[static SHA256_LEN], const void *key,
	size_t key_len, struct slice data);

/*
 * Overwrite the stack below the caller, as far down as the functions above
 * reach, so that no remnant of a key stays in a dead frame.
 */
void hash_wipe_stack(void);

#endif
