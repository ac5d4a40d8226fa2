/* SPDX-License-Identifier: MIT */
/*
 * Appending to caller-owned memory with a sticky "full". See buf.h for the
 * contract.
 */
#include "base/buf.h"

struct buf
buf_over(char *p, size_t cap)
{
	return (struct buf){ .p = p, .cap = cap };
}

void
buf_init(struct buf *b, char *p, size_t cap)
{
	*b = buf_over(p, cap);
}

void
buf_end(struct buf *b)
{
	b->p[b->len] = '\0';
}

void
buf_put(struct buf *b, const void *p, size_t len)
{
	if (b->full || len > b->cap - b->len) {
		b->full = true;
		return;
	}
	if (len)
		memcpy(b->p + b->len, p, len);
	b->len += len;
}

void
buf_putc(struct buf *b, char c)
{
	buf_put(b, &c, 1);
}

void
buf_puts(struct buf *b, const char *literal)
{
	buf_put(b, literal, strlen(literal));
}

void
buf_put_slice(struct buf *b, struct slice s)
{
	buf_put(b, s.p, s.len);
}

void
buf_put_u64(struct buf *b, uint64_t v)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	buf_put(b, digits + at, sizeof digits - at);
}

void
buf_wipe(struct buf *b)
{
	if (b->len)
		explicit_bzero(b->p, b->len);
	b->len = 0;
	b->full = false;
}

bool
copy_text(char *out, size_t cap, struct slice s)
{
	if (s.len >= cap || slice_find_char(s, '\0') < s.len) {
		out[0] = '\0';
		return false;
	}
	if (s.len)
		memmove(out, s.p, s.len);
	out[s.len] = '\0';
	return true;
}
