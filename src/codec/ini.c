/* SPDX-License-Identifier: MIT */
/*
 * One line in, at most one item out. Where AWS's tools disagree this follows
 * the grammar that the SDKs share; the AWS CLI's additions (":" as delimiter,
 * quoted names) are not in it.
 */
#include "codec/ini.h"

void
ini_init(struct ini *ini, struct slice text)
{
	*ini = (struct ini){ .rest = text };
	if (slice_starts(text, "\xEF\xBB\xBF"))         /* editors on Windows */
		ini->rest = slice_skip(text, 3);
}

bool
ini_is_name(struct slice name)
{
	return name.len && slice_span_alnum(name, "-/.%@_:+") == name.len;
}

static struct ini_item
bad(const char *why)
{
	return (struct ini_item){ .kind = INI_BAD, .why = why };
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_comment(char c)
{
	return c == '#' || c == ';';
}

/* The next line without its end, LF or CR LF. */
static struct slice
take_line(struct ini *ini)
{
	size_t len = slice_find_char(ini->rest, '\n');
	struct slice line = slice_from(ini->rest.p, len);

	ini->rest = slice_skip(ini->rest, len < ini->rest.len ? len + 1 : len);
	ini->line++;
	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* What stands before a comment, which needs a blank in front of it. */
static struct slice
before_comment(struct slice line)
{
	for (size_t i = 1; i < line.len; i++)
		if (is_comment(line.p[i]) && is_blank(line.p[i - 1]))
			return slice_from(line.p, i);
	return line;
}

static struct ini_item
read_section(struct ini *ini, struct slice line)
{
	size_t end = slice_find_char(line, ']');
	struct slice after;

	if (end == line.len)
		return bad("section without its closing ']'");
	after = slice_trim(slice_skip(line, end + 1));
	if (after.len && !is_comment(after.p[0]))
		return bad("text after the section's ']'");
	ini->in_section = true;
	ini->in_property = false;
	return (struct ini_item){
		.kind = INI_SECTION,
		.name = slice_trim(slice_from(line.p + 1, end - 1)),
	};
}

/* name = value, both trimmed. */
static bool
split(struct slice line, struct ini_item *item, const char **why)
{
	size_t equals = slice_find_char(line, '=');

	if (equals == line.len) {
		*why = "no '=' in the line";
		return false;
	}
	item->name = slice_trim(slice_from(line.p, equals));
	item->value = slice_trim(slice_skip(line, equals + 1));
	*why = "no name before the '='";
	return item->name.len > 0;
}

static struct ini_item
read_property(struct ini *ini, struct slice line)
{
	struct ini_item item = { .kind = INI_PROPERTY };

	if (!ini->in_section)
		return bad("a property before any [section]");
	if (!split(before_comment(line), &item, &item.why))
		return bad(item.why);
	ini->in_property = true;
	ini->nested = item.value.len == 0;
	return item;
}

static struct ini_item
read_continuation(struct ini *ini, struct slice line)
{
	struct ini_item item = { .kind = INI_SUBPROPERTY };

	if (!ini->in_section)
		return bad("an indented line before any [section]");
	if (!ini->in_property)
		return bad("an indented line that continues no property");
	if (!ini->nested) {
		item.kind = INI_CONTINUATION;
		item.value = slice_trim(line);
		return item;
	}
	if (!split(line, &item, &item.why))
		return bad(item.why);
	return item;
}

struct ini_item
ini_next(struct ini *ini)
{
	while (ini->rest.len) {
		struct slice line = take_line(ini);

		if (slice_find_char(line, '\0') < line.len)
			return bad("a NUL byte");
		if (slice_trim(line).len == 0 || is_comment(line.p[0]))
			continue;
		if (is_blank(line.p[0]))
			return read_continuation(ini, line);
		if (line.p[0] == '[')
			return read_section(ini, line);
		return read_property(ini, line);
	}
	return (struct ini_item){ .kind = INI_END };
}
