/* SPDX-License-Identifier: MIT */
/*
 * check json: is standard input one JSON document? What is accepted is walked
 * through as well, since that is how the rest of Postern reads it.
 */
#include "common.h"

/* Walks one checked value; what it leaves over shows a walk gone astray. */
static void
visit(struct slice raw, struct buf *text)
{
	struct json_walk walk;
	struct slice name, value;

	if (!json_walk_begin(&walk, raw)) {
		text->len = 0;
		/* NUL and lone surrogates are JSON, but no text for us. */
		if (raw.p[0] == '"' && !json_string(raw, text))
			text->len = 0;
		return;
	}
	while (json_walk_next(&walk, &name, &value)) {
		if (walk.object != (name.len > 0))
			refuse("the walk takes a member for an element");
		visit(value, text);
	}
	if (walk.rest.len == 0 || walk.rest.p[0] != (walk.object ? '}' : ']'))
		refuse("the walk ends where the document does not");
}

int
main(void)
{
	struct slice doc = case_bytes();
	struct buf text = take_buf(doc.len);
	const char *why = "";

	if (!json_check(doc, &why))
		refuse("%s", why);
	while (strchr(" \t\r\n", doc.p[0]))
		doc = slice_skip(doc, 1);
	while (strchr(" \t\r\n", doc.p[doc.len - 1]))
		doc.len--;
	visit(doc, &text);
	return ACCEPTED;
}
