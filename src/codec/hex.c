/* SPDX-License-Identifier: MIT */
/*
 * Hexadecimal digits, both ways. Alphabet and case: RFC 4648 §8, lowered as
 * SigV4 wants it.
 */
#include "codec/hex.h"

void
hex_put(struct buf *b, const uint8_t *p, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		buf_putc(b, digits[p[i] >> 4]);
		buf_putc(b, digits[p[i] & 15]);
	}
}

int
hex_digit(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
