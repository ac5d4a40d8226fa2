/* SPDX-License-Identifier: MIT */
/*
 * check words: a command line on standard input, its words as a JSON array.
 */
#include "common.h"

#include "codec/words.h"

int
main(void)
{
	struct slice text = case_bytes();
	struct buf room = take_buf(PROCESS_COMMAND_MAX + 1);
	struct buf out = take_buf(6u * PROCESS_COMMAND_MAX);
	char *argv[PROCESS_WORDS_MAX + 1];
	const char *why;

	if (!words_split(text, &room, argv, &why))
		refuse("the command %s", why);
	for (char **word = argv; *word; word++) {
		buf_putc(&out, word == argv ? '[' : ',');
		json_put_string(&out, slice_of(*word));
	}
	buf_putc(&out, ']');
	must_fit(&out);
	answer(buf_slice(&out));
	return ACCEPTED;
}
