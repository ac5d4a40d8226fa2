/* SPDX-License-Identifier: MIT */
/*
 * See der_put.h.
 */
#include "der_put.h"

#include <stdlib.h>

static char room[DER_ROOM];
static size_t used;

void
der_forget(void)
{
	used = 0;
}

/* An element of both; with tag 0 only both, one behind the other. */
struct slice
der_two(unsigned tag, struct slice a, struct slice b)
{
	size_t len = a.len + b.len, head = 0;
	char *p = room + used;

	if (len + 4 > sizeof room - used || len > 0xFFFF)
		abort();
	if (tag) {
		p[head++] = (char)tag;
		if (len > 0xFF) {
			p[head++] = (char)0x82;
			p[head++] = (char)(len >> 8);
		} else if (len > 0x7F) {
			p[head++] = (char)0x81;
		}
		p[head++] = (char)len;
	}
	if (a.len)
		memcpy(p + head, a.p, a.len);
	if (b.len)
		memcpy(p + head + a.len, b.p, b.len);
	used += head + len;
	return slice_from(p, head + len);
}
