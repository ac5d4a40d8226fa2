/* SPDX-License-Identifier: MIT */
/*
 * Quoting for three shells. That the shells read it back is for the e2e cases
 * of creds.
 */
#include "test.h"

#include "codec/quote.h"

static struct slice
quoted(const char *text, enum quote how)
{
	static char out[128];
	struct buf b = BUF_OVER(out);

	quote_put(&b, edge(text), how);
	return buf_slice(&b);
}

TEST(quote_leaves_nothing_to_a_posix_shell)
{
	EQ_TEXT(quoted("", QUOTE_SH), "''");
	EQ_TEXT(quoted("a b$c`d\"e\\f\n", QUOTE_SH), "'a b$c`d\"e\\f\n'");
	EQ_TEXT(quoted("'; rm x; '", QUOTE_SH), "''\\''; rm x; '\\'''");
}

TEST(quote_escapes_backslashes_for_fish)
{
	EQ_TEXT(quoted("a$(b)\"c", QUOTE_FISH), "'a$(b)\"c'");
	EQ_TEXT(quoted("\\'; rm x", QUOTE_FISH), "'\\\\\\'; rm x'");
	EQ_TEXT(quoted("x\\", QUOTE_FISH), "'x\\\\'");
}

TEST(quote_doubles_quotes_for_powershell)
{
	EQ_TEXT(quoted("$(b)`\"\\", QUOTE_POWERSHELL), "'$(b)`\"\\'");
	EQ_TEXT(quoted("'; rm x", QUOTE_POWERSHELL), "'''; rm x'");
}

TEST(quote_knows_what_needs_no_quotes)
{
	const char *not[] = { "", "a b", "a'b", "~", "a;b", "a$b", "a#b", "a\n" };

	YES(quote_is_plain(edge("AbZ09-_./:=@%+,")));
	for (size_t i = 0; i < COUNT(not); i++)
		NO(quote_is_plain(edge(not[i])));
}
