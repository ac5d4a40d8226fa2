/* SPDX-License-Identifier: MIT */
/*
 * Reading cases with Postern's own JSON reader, and ending with the right code.
 * What a case means is for each driver.
 */
#include "common.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/base64.h"

/* Memory stays reachable from here, so that it is no leak. */
struct block {
	struct block *next;
	void *memory;
};

static struct block *blocks;

static void
say(const char *format, va_list ap)
{
	char line[2048];

	vsnprintf(line, sizeof line, format, ap);
	for (char *c = line; *c; c++)
		if (*c == '\n' || *c == '\r')
			*c = ' ';
	fprintf(stderr, "%s\n", line);
}

void
refuse(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(format, ap);
	va_end(ap);
	exit(REFUSED);
}

void
bad_use(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(format, ap);
	va_end(ap);
	exit(BAD_USE);
}

void
answer(struct slice s)
{
	if ((s.len && fwrite(s.p, 1, s.len, stdout) != s.len) ||
	    fflush(stdout) != 0)
		bad_use("the answer cannot be written");
}

void *
take(size_t size)
{
	struct block *b = malloc(sizeof *b);

	if (!b || !(b->memory = calloc(1, size ? size : 1)))
		bad_use("out of memory");
	b->next = blocks;
	blocks = b;
	return b->memory;
}

struct buf
take_buf(size_t cap)
{
	struct buf b;

	buf_init(&b, take(cap), cap);
	return b;
}

void
must_fit(const struct buf *b)
{
	if (b->full)
		bad_use("the answer is longer than the driver's buffer");
}

struct slice
case_bytes(void)
{
	static char room[CASE_MAX + 1];
	size_t len = 0;
	ssize_t n;
	char *exact;

	while (len < sizeof room &&
	    (n = read(STDIN_FILENO, room + len, sizeof room - len)) != 0) {
		if (n < 0)
			bad_use("the case cannot be read");
		len += (size_t)n;
	}
	if (len > CASE_MAX)
		refuse("longer than we take");
	exact = take(len);
	memcpy(exact, room, len);
	return slice_from(exact, len);
}

struct slice
case_object(void)
{
	struct slice doc = case_bytes();
	struct json_walk walk;
	const char *why;

	if (!json_check(doc, &why))
		bad_use("the case is not JSON: %s", why);
	if (!json_walk_begin(&walk, doc) || !walk.object)
		bad_use("the case is no JSON object");
	return doc;
}

struct slice
case_string(struct slice raw)
{
	struct buf b = take_buf(raw.len);

	if (!json_string(raw, &b))
		bad_use("the case has no usable text where one is due");
	return buf_slice(&b);
}

struct slice
case_base64(struct slice raw)
{
	struct slice text = case_string(raw);
	uint8_t *bytes = take(text.len);
	size_t len;

	if (!base64_read(text, bytes, &len))
		bad_use("the case has bytes that are no base64");

	/* Once more, without room behind them. */
	char *exact = take(len);

	memcpy(exact, bytes, len);
	return slice_from(exact, len);
}

bool
case_find(struct slice object, const char *name, struct slice *raw)
{
	struct json_walk walk;
	struct slice key, value;
	size_t found = 0;

	if (!json_walk_begin(&walk, object))
		return false;
	while (json_walk_next(&walk, &key, &value)) {
		if (!slice_is(case_string(key), name))
			continue;
		if (found++)
			bad_use("the case has \"%s\" twice", name);
		*raw = value;
	}
	return found && !slice_is(*raw, "null");
}

struct slice
case_text(struct slice object, const char *name)
{
	struct slice raw;

	if (!case_find(object, name, &raw))
		return slice_from(NULL, 0);
	if (raw.p[0] != '"')
		bad_use("\"%s\" of the case is no text", name);
	return case_string(raw);
}

struct slice
case_needed(struct slice object, const char *name)
{
	struct slice raw;

	if (!case_find(object, name, &raw))
		bad_use("the case has no \"%s\"", name);
	return case_text(object, name);
}

bool
case_flag(struct slice object, const char *name)
{
	struct slice raw;

	if (!case_find(object, name, &raw))
		return false;
	if (!slice_is(raw, "true") && !slice_is(raw, "false"))
		bad_use("\"%s\" of the case is neither true nor false", name);
	return slice_is(raw, "true");
}

bool
case_number(struct slice object, const char *name, int64_t *number)
{
	struct slice raw;
	uint64_t value;
	bool minus;

	if (!case_find(object, name, &raw))
		return false;
	minus = raw.p[0] == '-';
	if (!slice_to_u64(slice_skip(raw, minus), INT64_MAX, &value))
		bad_use("\"%s\" of the case is no whole number", name);
	*number = minus ? -(int64_t)value : (int64_t)value;
	return true;
}

struct json_walk
case_walk(struct slice object, const char *name, bool array)
{
	struct json_walk walk = { { NULL, 0 }, false };
	struct slice raw;

	if (!case_find(object, name, &raw))
		return walk;
	if (!json_walk_begin(&walk, raw) || walk.object == array)
		bad_use("\"%s\" of the case is no %s", name,
		    array ? "array" : "object");
	return walk;
}

size_t
case_count(struct json_walk walk)
{
	struct slice name, raw;
	size_t n = 0;

	while (json_walk_next(&walk, &name, &raw))
		n++;
	return n;
}
