/* SPDX-License-Identifier: MIT */
/*
 * Borrowed bytes: comparing, finding, splitting, counting. Each text ends at
 * an unreadable page, which is where a missing bound would show.
 */
#include "test.h"

TEST(slice_compares_whole_texts)
{
	YES(slice_eq(edge("abc"), edge("abc")));
	NO(slice_eq(edge("abc"), edge("abd")));
	NO(slice_eq(edge("abc"), edge("ab")));
	YES(slice_eq(edge(""), slice_from(NULL, 0)));
	YES(slice_is(edge("abc"), "abc"));
	NO(slice_is(EDGE("abc\0"), "abc"));
	YES(slice_is(slice_of(NULL), ""));
	EQ(slice_of(NULL).len, 0);
}

TEST(slice_compares_without_ascii_case)
{
	YES(slice_ieq(edge("Content-Length"), edge("content-lENGTH")));
	NO(slice_ieq(edge("abc"), edge("abcd")));
	NO(slice_ieq(edge("a["), edge("a{")));
	NO(slice_ieq(edge("@"), edge("`")));
	NO(slice_ieq(edge("\xC3\x89"), edge("\xC3\xA9")));
}

TEST(slice_knows_how_a_text_starts)
{
	YES(slice_starts(edge("abc"), "ab"));
	YES(slice_starts(edge("abc"), ""));
	YES(slice_starts(edge("abc"), "abc"));
	NO(slice_starts(edge("abc"), "abcd"));
	NO(slice_starts(edge(""), "a"));
	NO(slice_starts(edge("abc"), "b"));
}

TEST(slice_finds_the_first_place)
{
	EQ(slice_find(edge("abcabc"), "bc"), 1);
	EQ(slice_find(edge("abcabc"), "abc"), 0);
	EQ(slice_find(edge("aab"), "ab"), 1);
	EQ(slice_find(edge("ab"), "abc"), 2);
	EQ(slice_find(edge("abc"), "x"), 3);
	EQ(slice_find(edge(""), "x"), 0);
	EQ(slice_find_char(edge("abcb"), 'b'), 1);
	EQ(slice_find_char(edge("abc"), 'x'), 3);
	EQ(slice_find_char(slice_from(NULL, 0), 'x'), 0);
}

TEST(slice_trims_blanks_and_tabs_only)
{
	EQ_TEXT(slice_trim(edge(" \ta b\t ")), "a b");
	EQ_TEXT(slice_trim(edge("\ra\n")), "\ra\n");
	EQ_TEXT(slice_trim(edge(" \t ")), "");
	EQ_TEXT(slice_trim(edge("")), "");
}

TEST(slice_takes_the_words_of_a_list)
{
	struct slice list = edge("one two three"), word;

	YES(slice_take_word(&list, &word));
	EQ_TEXT(word, "one");
	YES(slice_take_word(&list, &word));
	EQ_TEXT(word, "two");
	YES(slice_take_word(&list, &word));
	EQ_TEXT(word, "three");
	NO(slice_take_word(&list, &word));
	NO(slice_take_word(&list, &word));
	list = slice_from(NULL, 0);
	NO(slice_take_word(&list, &word));
}

static void
number(const char *text, uint64_t max, bool good, uint64_t wanted)
{
	uint64_t v = 77;

	EQ(slice_to_u64(edge(text), max, &v), good);
	EQ(v, good ? wanted : 77);
}

TEST(slice_reads_numbers_within_their_bound)
{
	number("0", 0, true, 0);
	number("1", 0, false, 0);
	number("007", 7, true, 7);
	number("65535", 65535, true, 65535);
	number("65536", 65535, false, 0);
	number("9", 5, false, 0);
	number("18446744073709551615", UINT64_MAX, true, UINT64_MAX);
	number("18446744073709551616", UINT64_MAX, false, 0);
	number("18446744073709551625", UINT64_MAX, false, 0);
	number("184467440737095516150", UINT64_MAX, false, 0);
	number("99999999999999999999999", UINT64_MAX, false, 0);
}

TEST(slice_reads_nothing_but_digits_as_a_number)
{
	static const char *const bad[] = {
		"", "-1", "+1", " 1", "1 ", "1.0", "0x1", "1e1", "1_0", "a",
		"\xD9\xA1", "/", ":",
	};

	for (size_t i = 0; i < COUNT(bad); i++)
		number(bad[i], UINT64_MAX, false, 0);
}

TEST(slice_measures_the_distance_of_words)
{
	static const struct { const char *a, *b; size_t d; } cases[] = {
		{ "", "", 0 }, { "a", "", 1 }, { "", "abc", 3 }, { "abc", "abc", 0 },
		{ "kitten", "sitting", 3 }, { "us-esat-1", "us-east-1", 2 },
		{ "flaw", "lawn", 2 }, { "abc", "abd", 1 }, { "abc", "acb", 2 },
	};
	char word[33];

	for (size_t i = 0; i < COUNT(cases); i++) {
		EQ(slice_distance(edge(cases[i].a), edge(cases[i].b)), cases[i].d);
		EQ(slice_distance(edge(cases[i].b), edge(cases[i].a)), cases[i].d);
	}
	memset(word, 'a', sizeof word);
	EQ(slice_distance(edge_bytes(word, 31), edge_bytes(word, 31)), 0);
	EQ(slice_distance(edge_bytes(word, 32), edge("a")), SIZE_MAX);
	EQ(slice_distance(edge("a"), edge_bytes(word, 32)), SIZE_MAX);
}

TEST(slice_knows_ascii_and_no_locale)
{
	size_t alnum = 0, digits = 0;

	for (int c = -128; c < 128; c++) {
		alnum += ascii_is_alnum((char)c);
		digits += ascii_is_digit((char)c);
	}
	EQ(alnum, 62);
	EQ(digits, 10);
	EQ(ascii_lower('A'), 'a');
	EQ(ascii_lower('Z'), 'z');
	EQ(ascii_lower('@'), '@');
	EQ(ascii_lower('['), '[');
	EQ(ascii_lower('a'), 'a');
}
