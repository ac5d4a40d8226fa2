/* SPDX-License-Identifier: MIT */
/*
 * Base64 both ways. The strict decoder can work in place, so a CA bundle needs
 * no second buffer.
 */
#include "codec/base64.h"

static int
value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (ascii_is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
base64_read(struct slice in, uint8_t *out, size_t *len)
{
	uint32_t bits = 0;
	unsigned have = 0, pad = 0;     /* characters of this group; '=' seen */
	size_t n = 0;

	for (size_t i = 0; i < in.len; i++) {
		char c = in.p[i];
		int v = value(c);

		if (is_space(c))
			continue;
		if (c == '=' && have + pad >= 2 && have + pad < 4) {
			pad++;
			continue;
		}
		if (v < 0 || pad)
			return false;
		bits = bits << 6 | (uint32_t)v;
		if (++have == 4) {
			out[n++] = (uint8_t)(bits >> 16);
			out[n++] = (uint8_t)(bits >> 8);
			out[n++] = (uint8_t)bits;
			bits = 0;
			have = 0;
		}
	}
	if (have == 0 && pad == 0) {
		*len = n;
		return true;
	}
	/* RFC 4648 §3.5: the bits that padding leaves over must be zero. */
	if (have + pad != 4 || bits & (have == 2 ? 0x0F : 0x03))
		return false;
	out[n++] = (uint8_t)(bits >> (have == 2 ? 4 : 10));
	if (have == 3)
		out[n++] = (uint8_t)(bits >> 2);
	*len = n;
	return true;
}

void
base64_put(struct buf *b, struct slice s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";

	while (s.len) {
		size_t n = s.len < 3 ? s.len : 3;
		uint32_t bits = 0;

		for (size_t i = 0; i < 3; i++)
			bits = bits << 8 | (i < n ? (uint8_t)s.p[i] : 0);
		for (size_t i = 0; i < 4; i++)
			buf_putc(b, i > n ? '=' : digits[bits >> (18 - 6 * i) & 63]);
		s = slice_skip(s, n);
	}
}
