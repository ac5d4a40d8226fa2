/* SPDX-License-Identifier: MIT */
/*
 * Base64 with the standard alphabet and padding (RFC 4648 §4), line breaks and
 * blanks between the characters allowed as in PEM (RFC 7468 §2).
 */
#ifndef POSTERN_CODEC_BASE64_H
#define POSTERN_CODEC_BASE64_H

#include "base/buf.h"

/*
 * Decode `in` to `out`, which may be the same memory: a byte is never written
 * past the character it came from. *len is the number of bytes written, at
 * most in.len / 4 * 3. Fails on any other character, wrong padding, and text
 * after it; out then holds rubbish.
 */
bool base64_read(struct slice in, uint8_t *out, size_t *len);

/* Append the encoding of `s` on one line. */
void base64_put(struct buf *b, struct slice s);

#endif
