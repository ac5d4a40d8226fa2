/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as base64: what is accepted is the one encoding of what it decodes
 * to, and decoding in place gives the same.
 */
#include "fuzz.h"

#include "codec/base64.h"

static char
digit(unsigned v)
{
	return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	    [v & 63];
}

static void
encode(struct buf *b, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i += 3) {
		unsigned v = (unsigned)p[i] << 16;

		v |= i + 1 < len ? (unsigned)p[i + 1] << 8 : 0;
		v |= i + 2 < len ? p[i + 2] : 0;
		buf_putc(b, digit(v >> 18));
		buf_putc(b, digit(v >> 12));
		buf_putc(b, i + 1 < len ? digit(v >> 6) : '=');
		buf_putc(b, i + 2 < len ? digit(v) : '=');
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = input_slice(data, size);
	size_t cap = size / 4 * 3, len = 0, again = 0, plain_len = 0;
	uint8_t *out = malloc(cap + 1);
	char *copy = malloc(size + 1), *text = malloc(size + 5);
	struct buf b;
	bool good;

	MUST(out && copy && text);
	out[cap] = 0x5A;
	good = base64_read(in, out, &len);
	MUST(out[cap] == 0x5A);
	for (size_t i = 0; i < size; i++)       /* the characters, without blanks */
		if (!strchr(" \t\r\n", in.p[i]) || !in.p[i])
			copy[plain_len++] = in.p[i];
	if (good) {
		MUST(len <= cap);
		buf_init(&b, text, size + 5);
		encode(&b, out, len);
		MUST(slice_eq(buf_slice(&b), slice_from(copy, plain_len)));
	}
	memcpy(copy, in.p, size);
	MUST(base64_read(slice_from(copy, size), (uint8_t *)copy, &again) == good);
	if (good)
		MUST(again == len && memcmp(copy, out, len) == 0);
	free(text);
	free(copy);
	free(out);
	return 0;
}
