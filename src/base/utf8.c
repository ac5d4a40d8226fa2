/* SPDX-License-Identifier: MIT */
/*
 * The one UTF-8 decoder and encoder. Malformed input is reported, never
 * repaired; what to do about it is the caller's choice.
 */
#include "base/utf8.h"

size_t
utf8_next(struct slice s, uint32_t *c)
{
	/* Smallest value for each length: shorter forms are refused. */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)s.p[0];
	size_t n;
	uint32_t v;

	if (first < 0x80) {
		*c = first;
		return 1;
	} else if (first >= 0xC2 && first < 0xE0) {
		n = 2;
		v = first & 0x1F;
	} else if (first >= 0xE0 && first < 0xF0) {
		n = 3;
		v = first & 0x0F;
	} else if (first >= 0xF0 && first < 0xF5) {
		n = 4;
		v = first & 0x07;
	} else {
		return 0;
	}
	if (s.len < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		unsigned char next = (unsigned char)s.p[i];

		if ((next & 0xC0) != 0x80)
			return 0;
		v = v << 6 | (next & 0x3F);
	}
	if (v < least[n] || v > 0x10FFFF || (v >= 0xD800 && v < 0xE000))
		return 0;
	*c = v;
	return n;
}

void
utf8_put(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_putc(b, (char)c);
	} else if (c < 0x800) {
		buf_putc(b, (char)(0xC0 | c >> 6));
		buf_putc(b, (char)(0x80 | (c & 0x3F)));
	} else if (c < 0x10000) {
		buf_putc(b, (char)(0xE0 | c >> 12));
		buf_putc(b, (char)(0x80 | (c >> 6 & 0x3F)));
		buf_putc(b, (char)(0x80 | (c & 0x3F)));
	} else {
		buf_putc(b, (char)(0xF0 | c >> 18));
		buf_putc(b, (char)(0x80 | (c >> 12 & 0x3F)));
		buf_putc(b, (char)(0x80 | (c >> 6 & 0x3F)));
		buf_putc(b, (char)(0x80 | (c & 0x3F)));
	}
}
