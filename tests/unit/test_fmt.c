/* SPDX-License-Identifier: MIT */
/*
 * The small printf: each conversion, and cutting at the end of an array.
 */
#include "test.h"

#include <limits.h>
#include <stdlib.h>

#include "base/fmt.h"

TEST(fmt_knows_its_conversions)
{
	char text[256];
	struct buf b = BUF_OVER(text);

	buf_fmt(&b, "%s|%.*s|%d|%u|%zu|%c|%%", "a%sb", 2, "xyz", -7, 8u,
	    (size_t)9, 'c');
	EQ_TEXT(&b, "a%sb|xy|-7|8|9|c|%");
	b.len = 0;
	buf_fmt(&b, "%d %d %d %u %zu", INT_MIN, INT_MAX, 0, UINT_MAX, SIZE_MAX);
	EQ_TEXT(&b, sizeof(size_t) == 8 ?
	    "-2147483648 2147483647 0 4294967295 18446744073709551615" :
	    "-2147483648 2147483647 0 4294967295 4294967295");
}

TEST(fmt_prints_a_missing_text_as_nothing)
{
	const char *missing = getenv("POSTERN_UNIT_HAS_NO_SUCH_VARIABLE");
	char text[16];
	struct buf b = BUF_OVER(text);

	buf_fmt(&b, "<%s>", missing);
	EQ_TEXT(&b, "<>");
}

TEST(fmt_prints_unknown_conversions_as_they_stand)
{
	char text[16];
	struct buf b = BUF_OVER(text);

	buf_fmt(&b, "a%xb", 1u);
	EQ_TEXT(&b, "a%xb");
}

TEST(fmt_reads_no_byte_beyond_a_given_length)
{
	struct slice s = edge("abc");
	char text[16];
	struct buf b = BUF_OVER(text);

	buf_fmt(&b, "%.*s%.*s", (int)s.len, s.p, 0, "");
	EQ_TEXT(&b, "abc");
}

TEST(fmt_text_fits_exactly_or_is_cut_and_marked)
{
	struct buf b = edge_buf(8);

	fmt_text(b.p, b.cap, "%s", "1234567");
	EQ_TEXT((const char *)b.p, "1234567");
	fmt_text(b.p, b.cap, "%s", "12345678");
	EQ_TEXT((const char *)b.p, "1234...");
	fmt_text(b.p, b.cap, "%s%s", "123456789", "x");
	EQ_TEXT((const char *)b.p, "1234...");
	fmt_text(b.p, 4, "%s", "12345");
	EQ_TEXT((const char *)b.p, "...");
	fmt_text(b.p, b.cap, "%s", "");
	EQ_TEXT((const char *)b.p, "");
}

TEST(fmt_text_is_never_cut_inside_a_character)
{
	struct buf b = edge_buf(8);

	fmt_text(b.p, b.cap, "%s", "123\xC3\xA9xyz");
	EQ_TEXT((const char *)b.p, "123...");
	fmt_text(b.p, b.cap, "%s", "1\xF0\x9F\x98\x80xyz");
	EQ_TEXT((const char *)b.p, "1...");
	fmt_text(b.p, b.cap, "%s", "12\xC3\xA9xyzw");
	EQ_TEXT((const char *)b.p, "12\xC3\xA9...");
}

TEST(fmt_text_marks_what_is_longer_than_its_own_buffer)
{
	char out[2048], big[4000];

	memset(big, 'a', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	fmt_text(out, sizeof out, "%s%s", "begin ", big);
	HAS((const char *)out, "begin ");
	HAS((const char *)out, "...");
	fmt_text(out, 64, "begin %s", big);
	HAS((const char *)out, "begin ");
	HAS((const char *)out, "...");
}
