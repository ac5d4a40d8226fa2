/* SPDX-License-Identifier: MIT */
/*
 * Splitting a command line. Running it is sys/process.c's.
 */
#include "codec/words.h"

bool
words_split(struct slice text, struct buf *room,
	char *argv[static PROCESS_WORDS_MAX + 1], const char **why)
{
	size_t n = 0;
	char quote = '\0';              /* the one that is open */
	bool in_word = false;

	*why = "has a NUL in it";
	if (slice_find_char(text, '\0') < text.len)
		return false;
	for (; text.len; text = slice_skip(text, 1)) {
		char c = *text.p;

		if (!quote && char_in(c, " \t\r\n")) {
			if (in_word)
				buf_putc(room, '\0');
			in_word = false;
			continue;
		}
		if (!in_word) {
			*why = "has more than 64 words";
			if (n == PROCESS_WORDS_MAX)
				return false;
			argv[n++] = room->p + room->len;
			in_word = true;
		}
		if (quote ? c == quote : char_in(c, "'\"")) {
			quote = quote ? '\0' : c;
			continue;
		}
		if (c == '\\' && quote != '\'') {
			*why = "ends in a backslash";
			if (text.len == 1)
				return false;
			if (!quote || char_in(text.p[1], "\"\\")) {
				text = slice_skip(text, 1);
				c = *text.p;
			}
		}
		buf_putc(room, c);
	}
	if (in_word)
		buf_putc(room, '\0');
	argv[n] = NULL;
	*why = quote ? "has a quote that is not closed" :
	    room->full ? "is longer than 8192 bytes" : "names no program";
	return !quote && !room->full && n > 0;
}

_Static_assert(PROCESS_WORDS_MAX == 64 && PROCESS_COMMAND_MAX == 8192,
	"the bounds that the sentences name");
