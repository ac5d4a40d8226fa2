/* SPDX-License-Identifier: MIT */
/*
 * Lower-case hexadecimal, as SigV4 and fingerprints use it.
 */
#ifndef POSTERN_CODEC_HEX_H
#define POSTERN_CODEC_HEX_H

#include "base/buf.h"

void hex_put(struct buf *b, const uint8_t *p, size_t len);

/* The value of one hexadecimal digit of either case, or -1. */
int hex_digit(char c);

#endif
