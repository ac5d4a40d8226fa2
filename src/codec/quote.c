/* SPDX-License-Identifier: MIT */
/*
 * Single quotes only: in double quotes every shell has expansions of its own.
 */
#include "codec/quote.h"

bool
quote_is_plain(struct slice s)
{
	return s.len && slice_span_alnum(s, "-_./:=@%+,") == s.len;
}

void
quote_put(struct buf *b, struct slice s, enum quote how)
{
	buf_putc(b, '\'');
	for (size_t i = 0; i < s.len; i++) {
		bool quote = s.p[i] == '\'';

		if (quote && how == QUOTE_SH)
			buf_puts(b, "'\\'");
		else if (how == QUOTE_FISH && (quote || s.p[i] == '\\'))
			buf_putc(b, '\\');
		else if (quote)
			buf_putc(b, '\'');
		buf_putc(b, s.p[i]);
	}
	buf_putc(b, '\'');
}
