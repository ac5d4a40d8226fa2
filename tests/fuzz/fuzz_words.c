/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a command line: the words lie in their room one behind the
 * other, and quoted again they split into the same words.
 */
#include "fuzz.h"

#include "codec/words.h"

/* As shlex.join has it: a single quote becomes '"'"'. */
static void
put_quoted(struct buf *b, const char *word)
{
	buf_putc(b, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_puts(b, "'\"'\"'");
		else
			buf_putc(b, *word);
	}
	buf_puts(b, "' ");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char text[PROCESS_COMMAND_MAX + 1], again_text[sizeof text];
	static char line[6 * sizeof text];
	struct buf room = BUF_OVER(text), again = BUF_OVER(again_text);
	struct buf quoted = BUF_OVER(line);
	char *argv[PROCESS_WORDS_MAX + 1], *same[PROCESS_WORDS_MAX + 1];
	const char *why = NULL, *at = text;
	size_t n = 0;

	if (!words_split(input_slice(data, size), &room, argv, &why)) {
		MUST(why && why[0]);
		return 0;
	}
	MUST(room.len <= size + 1);
	for (; argv[n]; n++) {
		MUST(n < PROCESS_WORDS_MAX && argv[n] == at);
		at += strlen(at) + 1;
		put_quoted(&quoted, argv[n]);
	}
	MUST(n > 0 && at == text + room.len && !quoted.full);
	MUST(words_split(buf_slice(&quoted), &again, same, &why));
	MUST(slice_eq(buf_slice(&room), buf_slice(&again)));
	return 0;
}
