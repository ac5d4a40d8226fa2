/* SPDX-License-Identifier: MIT */
/*
 * Splitting command lines: the bounds and the refusals. What Python makes of a
 * few hundred lines stands in tests/checks/cases/words.json.
 */
#include "test.h"

#include "codec/words.h"

/* The words with '|' between them, or why there are none. */
static const char *
split(const char *text)
{
	static char joined[256];
	struct buf room = edge_buf(strlen(text) + 1), b = TEXT_OVER(joined);
	char *argv[PROCESS_WORDS_MAX + 1];
	const char *why;

	if (!words_split(edge(text), &room, argv, &why))
		return why;
	for (char **word = argv; *word; word++) {
		if (word > argv)
			buf_putc(&b, '|');
		buf_puts(&b, *word);
	}
	buf_end(&b);
	return joined;
}

TEST(words_are_separated_by_blanks_of_any_number)
{
	EQ_TEXT(split("aws-vault exec dev"), "aws-vault|exec|dev");
	EQ_TEXT(split(" \t a\r\n b \n"), "a|b");
}

TEST(words_in_quotes_keep_their_blanks)
{
	EQ_TEXT(split("a 'b \\ \" c' d"), "a|b \\ \" c|d");
	EQ_TEXT(split("a \"b ' \\\" \\\\ \\x c\""), "a|b ' \" \\ \\x c");
	EQ_TEXT(split("\"/opt/my tools\"/x'y z'w"), "/opt/my tools/xy zw");
	EQ_TEXT(split("a\\ b \\' \\\n"), "a b|'|\n");
	EQ_TEXT(split("a '' \"\""), "a||");
}

TEST(words_know_no_shell)
{
	EQ_TEXT(split("a $HOME ~ * `b` ; c | d > e & # f"),
	    "a|$HOME|~|*|`b`|;|c|||d|>|e|&|#|f");
}

TEST(words_say_why_a_line_cannot_be_split)
{
	EQ_TEXT(split(""), "names no program");
	EQ_TEXT(split(" \t\n"), "names no program");
	EQ_TEXT(split("a 'b"), "has a quote that is not closed");
	EQ_TEXT(split("a \"b\\\""), "has a quote that is not closed");
	EQ_TEXT(split("a '"), "has a quote that is not closed");
	EQ_TEXT(split("a b\\"), "ends in a backslash");
	EQ_TEXT(split("a \"b\\"), "ends in a backslash");
}

TEST(words_refuse_a_nul)
{
	char room_bytes[16], *argv[PROCESS_WORDS_MAX + 1];
	struct buf room = BUF_OVER(room_bytes);
	const char *why;

	NO(words_split(EDGE("a b\0c"), &room, argv, &why));
	EQ_TEXT(why, "has a NUL in it");
}

TEST(words_stop_at_their_bounds)
{
	char *argv[PROCESS_WORDS_MAX + 1];
	struct buf room = edge_buf(PROCESS_COMMAND_MAX + 1);
	const char *why;

	YES(words_split(repeat("a ", 64), &room, argv, &why));
	EQ_TEXT((const char *)argv[63], "a");
	YES(argv[64] == NULL);
	buf_wipe(&room);
	NO(words_split(repeat("a ", 65), &room, argv, &why));
	EQ_TEXT(why, "has more than 64 words");
	buf_wipe(&room);
	YES(words_split(repeat("abcdefgh", PROCESS_COMMAND_MAX / 8), &room, argv,
	    &why));
	EQ(strlen(argv[0]), PROCESS_COMMAND_MAX);
	buf_wipe(&room);
	NO(words_split(repeat("abcdefghi", PROCESS_COMMAND_MAX / 8), &room, argv,
	    &why));
	EQ_TEXT(why, "is longer than 8192 bytes");
}
