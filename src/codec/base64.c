/* SPDX-License-Identifier: MIT */
/*
 * Base64 both ways. The strict decoder can work in place, so a CA bundle needs
 * no second buffer.
 */
#include "codec/base64.h"

enum { BLANK = 64, PAD, BAD };  /* beside the values 0 to 63 */

/*
 * What each character is. Made anew for each text, which costs as much as 100
 * characters do; a table in the file would take 256 bytes of it.
 */
static void
list_values(uint8_t values[static 256])
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
	    "nopqrstuvwxyz0123456789+/ \t\r\n";

	memset(values, BAD, 256);
	for (unsigned i = 0; i < sizeof alphabet - 1; i++)
		values[(unsigned char)alphabet[i]] = (uint8_t)(i < 64 ? i : BLANK);
	values['='] = PAD;
}

bool
base64_read(struct slice in, uint8_t *out, size_t *len)
{
	uint8_t values[256];
	uint32_t bits = 1;              /* a 1, then six bits of each character */
	unsigned v, pad = 0;
	uint8_t *to = out;

	list_values(values);
	for (; in.len && (v = values[(unsigned char)in.p[0]]) <= BLANK;
	    in = slice_skip(in, 1)) {
		if (v == BLANK)
			continue;
		bits = bits << 6 | v;
		if (bits >> 24 == 0)
			continue;
		*to++ = (uint8_t)(bits >> 16);
		*to++ = (uint8_t)(bits >> 8);
		*to++ = (uint8_t)bits;
		bits = 1;
	}
	for (; in.len; in = slice_skip(in, 1)) {
		v = values[(unsigned char)in.p[0]];
		pad += v == PAD;
		if (v != PAD && v != BLANK)
			return false;
	}
	/* RFC 4648 §3.5: the bits that padding leaves over must be zero. */
	if (bits >> 12 == 1 && pad == 2 && (bits & 0x0F) == 0) {
		*to++ = (uint8_t)(bits >> 4);
	} else if (bits >> 18 == 1 && pad == 1 && (bits & 0x03) == 0) {
		*to++ = (uint8_t)(bits >> 10);
		*to++ = (uint8_t)(bits >> 2);
	} else if (bits != 1 || pad) {
		return false;
	}
	*len = (size_t)(to - out);
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
