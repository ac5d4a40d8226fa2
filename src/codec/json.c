/* SPDX-License-Identifier: MIT */
/*
 * JSON without recursion: one pass checks the grammar with a stack of
 * brackets, and later steps skip over values that are known to be well
 * formed.
 */
#include "codec/json.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "codec/hex.h"

static struct slice
skip_space(struct slice s)
{
	/* RFC 8259 §2 */
	while (s.len && (s.p[0] == ' ' || s.p[0] == '\t' || s.p[0] == '\n' ||
	    s.p[0] == '\r'))
		s = slice_skip(s, 1);
	return s;
}

static bool
refuse(const char **why, const char *reason)
{
	*why = reason;
	return false;
}

/* The four hexadecimal digits behind \u, at the front of *s. */
static bool
take_hex4(struct slice *s, uint32_t *v)
{
	*v = 0;
	if (s->len < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		int d = hex_digit(s->p[i]);

		if (d < 0)
			return false;
		*v = *v << 4 | (uint32_t)d;
	}
	*s = slice_skip(*s, 4);
	return true;
}

static bool
check_escape(struct slice *cur, const char **why)
{
	uint32_t v;

	*cur = slice_skip(*cur, 1);
	if (cur->len == 0 || !char_in(cur->p[0], "\"\\/bfnrtu"))
		return refuse(why, "unknown escape in a string");
	if (cur->p[0] != 'u') {
		*cur = slice_skip(*cur, 1);
		return true;
	}
	*cur = slice_skip(*cur, 1);
	return take_hex4(cur, &v) || refuse(why, "\\u needs four hex digits");
}

/* A string, its opening quote at *cur. */
static bool
check_string(struct slice *cur, const char **why)
{
	*cur = slice_skip(*cur, 1);
	while (cur->len) {
		uint32_t c;
		size_t n = utf8_next(*cur, &c);

		if (n == 0)
			return refuse(why, "text is not UTF-8");
		if (c < 0x20)
			return refuse(why, "control character in a string");
		if (c == '\\') {
			if (!check_escape(cur, why))
				return false;
			continue;
		}
		*cur = slice_skip(*cur, n);
		if (c == '"')
			return true;
	}
	return refuse(why, "string is cut short");
}

static size_t
skip_digits(struct slice *cur)
{
	size_t n = slice_span_digits(*cur);

	*cur = slice_skip(*cur, n);
	return n;
}

/* RFC 8259 §6: -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)? */
static bool
check_number(struct slice *cur, const char **why)
{
	if (cur->p[0] == '-')
		*cur = slice_skip(*cur, 1);
	if (cur->len && cur->p[0] == '0')
		*cur = slice_skip(*cur, 1);
	else if (skip_digits(cur) == 0)
		return refuse(why, "not a JSON value");
	if (cur->len && cur->p[0] == '.') {
		*cur = slice_skip(*cur, 1);
		if (skip_digits(cur) == 0)
			return refuse(why, "number without digits after the point");
	}
	if (cur->len && ascii_lower(cur->p[0]) == 'e') {
		*cur = slice_skip(*cur, 1);
		if (cur->len && (cur->p[0] == '+' || cur->p[0] == '-'))
			*cur = slice_skip(*cur, 1);
		if (skip_digits(cur) == 0)
			return refuse(why, "number without digits in the exponent");
	}
	return true;
}

static bool
check_scalar(struct slice *cur, const char **why)
{
	static const char words[][6] = { "true", "false", "null" };

	if (cur->p[0] == '"')
		return check_string(cur, why);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (slice_starts(*cur, words[i])) {
			*cur = slice_skip(*cur, strlen(words[i]));
			return true;
		}
	}
	return check_number(cur, why);
}

static bool
check_name(struct slice *cur, const char **why)
{
	*cur = skip_space(*cur);
	if (cur->len == 0 || cur->p[0] != '"')
		return refuse(why, "object member without a quoted name");
	if (!check_string(cur, why))
		return false;
	*cur = skip_space(*cur);
	if (cur->len == 0 || cur->p[0] != ':')
		return refuse(why, "member name without a colon");
	*cur = slice_skip(*cur, 1);
	return true;
}

bool
json_check(struct slice doc, const char **why)
{
	char open[JSON_DEPTH_MAX];      /* '{' or '[' */
	size_t depth = 0;
	struct slice cur = doc;

	for (;;) {
		/* A value is due. */
		cur = skip_space(cur);
		if (cur.len == 0)
			return refuse(why, "document is cut short");
		if (cur.p[0] == '{' || cur.p[0] == '[') {
			char bracket = cur.p[0];
			char closing = bracket == '{' ? '}' : ']';

			if (depth == JSON_DEPTH_MAX)
				return refuse(why, "nested too deeply");
			open[depth++] = bracket;
			cur = skip_space(slice_skip(cur, 1));
			if (cur.len == 0 || cur.p[0] != closing) {
				if (bracket == '{' && !check_name(&cur, why))
					return false;
				continue;
			}
		} else if (!check_scalar(&cur, why)) {
			return false;
		}
		/* A value has ended: commas and closing brackets follow. */
		for (;;) {
			cur = skip_space(cur);
			if (depth == 0)
				return cur.len == 0 ||
				    refuse(why, "text after the document");
			if (cur.len == 0)
				return refuse(why, "document is cut short");

			char c = cur.p[0];

			if (c != ',' && c != (open[depth - 1] == '{' ? '}' : ']'))
				return refuse(why, "comma or closing bracket missing");
			cur = slice_skip(cur, 1);
			if (c != ',') {
				depth--;
				continue;
			}
			if (open[depth - 1] == '{' && !check_name(&cur, why))
				return false;
			break;
		}
	}
}

/* The length of the checked value that starts at s. */
static size_t
value_length(struct slice s)
{
	size_t i = 0, depth = 0;
	bool quoted = false;

	for (; i < s.len; i++) {
		char c = s.p[i];

		if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
			if (!quoted && depth == 0)
				return i + 1;
		} else if (c == '"') {
			quoted = true;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if (c == '}' || c == ']') {
			if (depth == 0)
				return i;
			if (--depth == 0)
				return i + 1;
		} else if (depth == 0 && (c == ',' || c == ' ' || c == '\t' ||
		    c == '\n' || c == '\r')) {
			return i;
		}
	}
	return i;
}

bool
json_walk_begin(struct json_walk *walk, struct slice raw)
{
	raw = skip_space(raw);
	if (raw.len == 0 || (raw.p[0] != '{' && raw.p[0] != '['))
		return false;
	walk->object = raw.p[0] == '{';
	walk->rest = skip_space(slice_skip(raw, 1));
	return true;
}

/* The value at the front of *s, which moves past it and the space after it. */
static struct slice
take_value(struct slice *s)
{
	struct slice value = slice_from(s->p, value_length(*s));

	*s = skip_space(slice_skip(*s, value.len));
	return value;
}

bool
json_walk_next(struct json_walk *walk, struct slice *name, struct slice *raw)
{
	struct slice s = walk->rest;

	*name = slice_from(NULL, 0);
	if (s.len == 0 || s.p[0] == '}' || s.p[0] == ']')
		return false;
	if (walk->object) {
		*name = take_value(&s);
		s = skip_space(slice_skip(s, 1));       /* the colon */
	}
	*raw = take_value(&s);
	if (s.len && s.p[0] == ',')
		s = skip_space(slice_skip(s, 1));
	walk->rest = s;
	return true;
}

bool
json_find(struct slice object, const char *name, struct slice *raw)
{
	struct json_walk walk;
	struct slice key, value;
	bool found = false;

	if (!json_walk_begin(&walk, object) || !walk.object)
		return false;
	while (json_walk_next(&walk, &key, &value)) {
		char text[64];
		struct buf b = BUF_OVER(text);

		/* A longer name than any that we look for is another one. */
		if (!json_string(key, &b) || !slice_is(buf_slice(&b), name))
			continue;
		if (found)
			return false;
		found = true;
		*raw = value;
	}
	return found;
}

/* One escape behind its \u, or a pair of them for a character beyond U+FFFF. */
static bool
take_unicode_escape(struct slice *s, uint32_t *c)
{
	uint32_t low;

	if (!take_hex4(s, c))
		return false;
	if (*c < 0xD800 || *c > 0xDFFF)
		return *c != 0;
	if (*c > 0xDBFF || !slice_starts(*s, "\\u"))
		return false;
	*s = slice_skip(*s, 2);
	if (!take_hex4(s, &low) || low < 0xDC00 || low > 0xDFFF)
		return false;
	*c = 0x10000 + ((*c - 0xD800) << 10) + (low - 0xDC00);
	return true;
}

bool
json_string(struct slice raw, struct buf *out)
{
	static const char escapes[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";

	if (raw.len < 2 || raw.p[0] != '"')
		return false;
	raw = slice_from(raw.p + 1, raw.len - 2);
	while (raw.len) {
		uint32_t c;

		if (raw.p[0] != '\\') {
			buf_putc(out, raw.p[0]);
			raw = slice_skip(raw, 1);
			continue;
		}
		raw = slice_skip(raw, 1);
		if (raw.len == 0)
			return false;

		char kind = raw.p[0];
		size_t at = slice_find_char(slice_of(escapes), kind);

		raw = slice_skip(raw, 1);
		if (kind == 'u') {
			if (!take_unicode_escape(&raw, &c))
				return false;
			utf8_put(out, c);
		} else if (escapes[at]) {
			buf_putc(out, values[at]);
		} else {
			return false;
		}
	}
	return !out->full;
}

static void
put_escaped(struct buf *b, uint32_t c)
{
	static const char digits[] = "0123456789abcdef";

	switch (c) {
	case '"': buf_puts(b, "\\\""); break;
	case '\\': buf_puts(b, "\\\\"); break;
	case '\n': buf_puts(b, "\\n"); break;
	case '\r': buf_puts(b, "\\r"); break;
	case '\t': buf_puts(b, "\\t"); break;
	default:
		buf_puts(b, "\\u00");
		buf_putc(b, digits[c >> 4 & 15]);
		buf_putc(b, digits[c & 15]);
		break;
	}
}

void
json_put_string(struct buf *b, struct slice s)
{
	buf_putc(b, '"');
	while (s.len) {
		uint32_t c;
		size_t n = utf8_next(s, &c);

		if (n == 0)
			utf8_put(b, 0xFFFD);
		else if (c < 0x20 || c == 0x7F || c == '"' || c == '\\')
			put_escaped(b, c);
		else
			buf_put(b, s.p, n);
		s = slice_skip(s, n ? n : 1);
	}
	buf_putc(b, '"');
}

void
json_put_name(struct buf *b, const char *name)
{
	if (b->len && b->p[b->len - 1] != '{')
		buf_putc(b, ',');
	json_put_string(b, slice_of(name));
	buf_putc(b, ':');
}
