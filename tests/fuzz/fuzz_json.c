/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a JSON document: what is accepted can be walked within its
 * bounds, and loses its validity with its last byte. What is written is read.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "codec/json.h"

static char text[1 << 16];

static void
walk(struct slice raw, struct slice doc, size_t depth)
{
	struct json_walk w;
	struct slice name, value, last = raw;
	size_t members = 0;

	MUST(lies_within(raw, doc) && raw.len > 0 && depth <= JSON_DEPTH_MAX);
	if (raw.p[0] == '"') {
		struct buf b = BUF_OVER(text);

		if (json_string(raw, &b))
			MUST(b.len <= raw.len - 2 && !b.full);
		return;
	}
	if (!json_walk_begin(&w, raw)) {
		MUST(strchr("-0123456789tfn", raw.p[0]) != NULL);
		return;
	}
	while (json_walk_next(&w, &name, &value)) {
		MUST(++members <= raw.len);
		MUST(value.p >= last.p);
		last = value;
		if (w.object)
			walk(name, doc, depth + 1);
		else
			MUST(name.len == 0);
		walk(value, doc, depth + 1);
	}
	MUST(w.rest.len > 0 && (w.rest.p[0] == '}' || w.rest.p[0] == ']'));
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice doc = input_slice(data, size), raw;
	struct buf b = BUF_OVER(text);
	const char *why = NULL;

	if (json_check(doc, &why)) {
		while (is_space(doc.p[0]))
			doc = slice_skip(doc, 1);
		while (is_space(doc.p[doc.len - 1]))
			doc.len--;
		if (strchr("{[\"", doc.p[0])) {
			walk(doc, doc, 0);
			MUST(!json_check(slice_from(doc.p, doc.len - 1), &why));
		}
		if (json_find(doc, "SigninToken", &raw))
			MUST(doc.p[0] == '{' && lies_within(raw, doc));
	} else {
		MUST(why != NULL);
	}
	/* Whatever it is, as a string it is JSON. */
	json_put_string(&b, input_slice(data, size));
	if (!b.full)
		MUST(json_check(buf_slice(&b), &why));
	return 0;
}
