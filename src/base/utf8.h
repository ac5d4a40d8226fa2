/* SPDX-License-Identifier: MIT */
/*
 * UTF-8, strictly: shortest form, no surrogates, at most U+10FFFF (RFC 3629).
 * Shared by the readers and by what makes text printable.
 */
#ifndef POSTERN_BASE_UTF8_H
#define POSTERN_BASE_UTF8_H

#include "base/buf.h"

/*
 * Decode the first character of `s` (not empty). Answers its length in bytes,
 * 1 to 4, or 0 when the bytes are malformed.
 */
size_t utf8_next(struct slice s, uint32_t *c);

/* Append one character; `c` is a Unicode scalar value. */
void utf8_put(struct buf *b, uint32_t c);

#endif
