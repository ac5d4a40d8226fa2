/* SPDX-License-Identifier: MIT */
/*
 * Tag and length of DER elements (X.690 §8.1, §10.1). Contents are left to the
 * caller.
 */
#include "codec/der.h"

bool
der_next(struct slice *cur, struct der *e)
{
	struct slice s = *cur;
	size_t len, head = 2;

	/* Tags of one byte only: certificates have no others. */
	if (s.len < 2 || ((unsigned char)s.p[0] & 0x1F) == 0x1F)
		return false;
	len = (unsigned char)s.p[1];
	if (len >= 0x80) {
		size_t n = len & 0x7F;

		if (n == 0 || n > 3 || s.len < 2 + n || s.p[2] == 0)
			return false;
		for (len = 0; head < 2 + n; head++)
			len = len << 8 | (unsigned char)s.p[head];
		if (len < 0x80)
			return false;
	}
	if (len > s.len - head)
		return false;
	e->tag = (unsigned char)s.p[0];
	e->content = slice_from(s.p + head, len);
	e->all = slice_from(s.p, head + len);
	*cur = slice_skip(s, head + len);
	return true;
}

bool
der_take(struct slice *cur, unsigned tag, struct der *e)
{
	struct slice s = *cur;

	if (!der_next(&s, e) || e->tag != tag)
		return false;
	*cur = s;
	return true;
}
