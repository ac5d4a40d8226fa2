/* SPDX-License-Identifier: MIT */
/*
 * The error carrier, its words and numbers, and making text from outside fit
 * for a terminal. Printing is tested with the whole program.
 */
#include "test.h"

#include <errno.h>

#include "base/error.h"

TEST(error_keeps_the_first_failure)
{
	struct error err = { 0 };

	NO(err_set(&err, ERR_DENIED, STEP_STS, "first %d", 1));
	NO(err_set(&err, ERR_IO, STEP_OUTPUT, "second"));
	EQ(err.kind, ERR_DENIED);
	EQ(err.step, STEP_STS);
	EQ_TEXT((const char *)err.what, "first 1");
}

TEST(error_keeps_the_first_hint_command_and_words)
{
	struct error err = { 0 };

	NO(err_hint(&err, "%s", "do this"));
	NO(err_hint(&err, "do that"));
	NO(err_again(&err, "--a"));
	NO(err_again(&err, "--b"));
	NO(err_peer(&err, slice_of("no")));
	NO(err_peer(&err, slice_of("never")));
	EQ_TEXT((const char *)err.hint, "do this");
	EQ_TEXT((const char *)err.again, "--a");
	EQ_TEXT((const char *)err.peer, "no");
}

TEST(error_numbers_are_those_that_scripts_know)
{
	static const struct { enum err_kind kind; int code; const char *word; }
	cases[] = {
		{ ERR_USAGE, 64, "usage" }, { ERR_DATA, 65, "data" },
		{ ERR_NOCREDS, 66, "nocreds" }, { ERR_KEYKIND, 67, "keykind" },
		{ ERR_TRUST, 68, "trust" }, { ERR_UNREACHABLE, 69, "unreachable" },
		{ ERR_LIMIT, 70, "limit" }, { ERR_CLOCK, 71, "clock" },
		{ ERR_IO, 74, "io" }, { ERR_BUSY, 75, "busy" },
		{ ERR_PROTOCOL, 76, "protocol" }, { ERR_DENIED, 77, "denied" },
		{ ERR_CONFIG, 78, "config" }, { ERR_UNRUNNABLE, 126, "unrunnable" },
		{ ERR_NOCOMMAND, 127, "nocommand" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		EQ(cases[i].kind, cases[i].code);
		EQ_TEXT(err_kind_word(cases[i].kind), cases[i].word);
	}
}

TEST(error_words_name_each_step)
{
	static const char *const words[] = {
		"options", "credentials", "dns", "connect", "proxy", "tls", "sts",
		"signin", "output", "exec",
	};

	EQ(COUNT(words), STEP_COUNT);
	for (size_t i = 0; i < COUNT(words); i++)
		EQ_TEXT(err_step_word((enum step)i), words[i]);
}

TEST(error_has_words_for_what_the_kernel_says)
{
	EQ_TEXT(errno_words(ECONNREFUSED), "connection refused");
	EQ_TEXT(errno_words(ENOENT), "no such file");
	EQ_TEXT(errno_words(ENOEXEC), "not a program");
	EQ_TEXT(errno_words(EACCES), "permission denied");
	EQ_TEXT(errno_words(ENOSPC), "no space left on device");
	YES(strlen(errno_words(99999)) > 0);
}

static void
shows(struct slice s, size_t max, const char *wanted)
{
	char text[600];
	struct buf b = BUF_OVER(text);

	text_put_printable(&b, s, max);
	EQ_TEXT(&b, wanted);
}

TEST(text_put_printable_keeps_readable_text)
{
	shows(EDGE(""), 512, "");
	shows(EDGE("User: arn:aws:iam::1:user/a is not authorized"), 512,
	    "User: arn:aws:iam::1:user/a is not authorized");
	shows(EDGE("Caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80 \xE6\x97\xA5"), 512,
	    "Caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80 \xE6\x97\xA5");
}

TEST(text_put_printable_replaces_control_characters)
{
	shows(EDGE("a\x1B[31mb"), 512, "a?[31mb");
	shows(EDGE("\0\a\b\x7F"), 512, "????");
	shows(EDGE("\x1B]0;title\a"), 512, "?]0;title?");
	for (char c = 1; c < ' '; c++) {
		const char text[] = { 'a', c, 'b' };
		bool space = c == '\t' || c == '\n' || c == '\r';

		shows(edge_again(slice_from(text, 3)), 9, space ? "a b" : "a?b");
	}
}

TEST(text_put_printable_replaces_c1_and_bidirectional_controls)
{
	shows(EDGE("a\xC2\x9B" "31mb"), 512, "a?31mb");         /* CSI in C1 */
	shows(EDGE("a\xC2\x80" "b\xC2\x9F" "c"), 512, "a?b?c");
	shows(EDGE("a\xC2\xA0" "b"), 512, "a\xC2\xA0" "b");
	shows(EDGE("\xE2\x80\xAA\xE2\x80\xAE\xE2\x81\xA6\xE2\x81\xA9"), 512, "????");
	shows(EDGE("\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C"), 512, "???");
	shows(EDGE("\xE2\x80\xA8\xE2\x80\xA9\xEF\xBB\xBF"), 512, "???");
}

TEST(text_put_printable_replaces_each_malformed_byte)
{
	shows(EDGE("a\xFF" "b"), 512, "a?b");
	shows(EDGE("\xC0\xAF"), 512, "??");
	shows(EDGE("\xED\xA0\x80"), 512, "???");
	shows(EDGE("a\xC3"), 512, "a?");
	shows(EDGE("\xF0\x9F\x98"), 512, "???");
}

TEST(text_put_printable_makes_one_blank_of_white_space)
{
	shows(EDGE("  a \t\r\n b\n"), 512, "a b");
	shows(EDGE(" \n "), 512, "");
}

TEST(text_put_printable_cuts_at_the_bound_and_says_so)
{
	shows(EDGE("1234567890"), 10, "1234567890");
	shows(EDGE("12345678901"), 10, "1234567...");
	shows(EDGE("123456789\xC3\xA9"), 10, "1234567...");
	shows(EDGE("123456\xC3\xA9" "890"), 10, "123456...");
	shows(EDGE("12345\xC3\xA9" "8901"), 10, "12345\xC3\xA9...");
}

TEST(text_put_printable_never_goes_beyond_its_bound)
{
	struct slice s = EDGE("ab \x1B \xC3\xA9\xFF\n\n\xE2\x82\xAC xyz\xF0\x9F\x98\x80"
	    "abcdefg");
	char text[64];

	for (size_t max = 3; max < 40; max++) {
		struct buf b = BUF_OVER(text);

		buf_putc(&b, '<');
		text_put_printable(&b, s, max);
		YES(b.len - 1 <= max);
	}
}

TEST(error_peer_words_are_printable_and_cut_to_512_bytes)
{
	struct error err = { 0 };
	char words[600];

	memset(words, 'a', sizeof words);
	words[1] = '\x1B';
	err_peer(&err, edge_bytes(words, sizeof words));
	EQ(strlen(err.peer), 512);
	EQ(err.peer[1], '?');
	HAS((const char *)err.peer, "a...");
}
