/* SPDX-License-Identifier: MIT */
/*
 * One grammar for all shells, since what they share is all that keys need: a
 * value is a bare word, or in quotes on one line. Whatever a shell would have
 * to work out ($NAME, `command`, "a"'b') is refused, not guessed.
 */
#include "creds/pasted.h"

#include "codec/json.h"

#define BLANKS     " \t"
#define SEPARATORS " \t\r\n;&"
#define BARE       "+/=_-.:@%,"  /* and letters and digits: plain in all shells */

static const struct {
	char name[26];
	unsigned char is;
} names[] = {
	{ "AWS_ACCESS_KEY_ID", PASTED_KEY_ID },
	{ "AWS_SECRET_ACCESS_KEY", PASTED_SECRET },
	{ "AWS_SESSION_TOKEN", PASTED_TOKEN },
	{ "AWS_SECURITY_TOKEN", PASTED_TOKEN },
	{ "AWS_CREDENTIAL_EXPIRATION", PASTED_EXPIRATION },
};

/* Past all of these at the front; was there one? */
static bool
skip(struct slice *cur, const char *set)
{
	size_t len = cur->len;

	while (cur->len && char_in(cur->p[0], set))
		*cur = slice_skip(*cur, 1);
	return cur->len < len;
}

/* To the end of the line, not past it. */
static struct slice
take_line(struct slice *cur)
{
	struct slice line = slice_from(cur->p, slice_find_char(*cur, '\n'));

	*cur = slice_skip(*cur, line.len);
	return line;
}

static bool
take_keyword(struct slice *cur, const char *word)
{
	size_t len = slice_span_alnum(*cur, "");
	struct slice after = slice_skip(*cur, len);

	if (!slice_ieq(slice_from(cur->p, len), slice_of(word)) ||
	    !skip(&after, BLANKS))
		return false;
	*cur = after;
	return true;
}

/* What stands before a name; true when blanks may stand around its "=". */
static bool
take_command(struct slice *cur, bool *set)
{
	static const char powershell[] = "$env:";
	size_t len = sizeof powershell - 1;

	take_keyword(cur, "export");
	*set = take_keyword(cur, "set");
	while (*set && slice_starts(*cur, "-")) {       /* fish: -gx */
		*cur = slice_skip(*cur, slice_span_alnum(*cur, "-"));
		skip(cur, BLANKS);
	}
	if (cur->len < len ||
	    !slice_ieq(slice_from(cur->p, len), slice_of(powershell)))
		return false;
	*cur = slice_skip(*cur, len);
	return true;
}

/* A name and what parts it from its value. */
static bool
take_name(struct slice *cur, bool section, struct slice *name)
{
	bool set, blanks, loose = take_command(cur, &set);

	*name = slice_from(cur->p, slice_span_alnum(*cur, "_-."));
	*cur = slice_skip(*cur, name->len);
	blanks = skip(cur, BLANKS);
	if (!slice_starts(*cur, "="))
		return set && blanks;
	*cur = slice_skip(*cur, 1);
	/* In sh, "A= B=c" sets A to nothing. */
	if (loose || section || blanks)
		skip(cur, BLANKS);
	return name->len;
}

/* Between quotes, the first at the front of *cur (POSIX XCU §2.2.2, §2.2.3). */
static bool
take_quoted(struct slice *cur, struct buf *room, struct slice *value)
{
	char quote = cur->p[0];
	size_t from = room->len;

	for (;;) {
		*cur = slice_skip(*cur, 1);
		if (!cur->len || cur->p[0] == '\n')
			return false;
		if (cur->p[0] == quote)
			break;
		if (quote == '"' && char_in(cur->p[0], "$`"))
			return false;
		if (quote == '"' && cur->p[0] == '\\' && cur->len > 1 &&
		    char_in(cur->p[1], "\"\\$`"))
			*cur = slice_skip(*cur, 1);
		buf_putc(room, cur->p[0]);
	}
	*cur = slice_skip(*cur, 1);
	*value = slice_from(room->p + from, room->len - from);
	return true;
}

static bool
take_value(struct slice *cur, struct buf *room, struct slice *value)
{
	if (cur->len && char_in(cur->p[0], "'\"")) {
		if (!take_quoted(cur, room, value))
			return false;
	} else {
		*value = slice_from(cur->p, slice_span_alnum(*cur, BARE));
		*cur = slice_skip(*cur, value->len);
	}
	return !cur->len || char_in(cur->p[0], SEPARATORS);
}

/* The row of a name; one behind the last when it is none of ours. */
static size_t
find_name(struct slice name)
{
	size_t i = 0;

	while (i < sizeof names / sizeof names[0] &&
	    !slice_ieq(name, slice_of(names[i].name)))
		i++;
	return i;
}

static bool
read_assignment(struct pasted *keys, struct slice *cur, bool section,
	struct buf *room, unsigned line, struct error *err)
{
	struct slice name = { NULL, 0 }, value = { NULL, 0 }, *held;
	bool read = take_name(cur, section, &name);
	size_t i = find_name(name);
	bool ours = i < sizeof names / sizeof names[0];

	/* A profile's other settings may hold anything. */
	if (read && section && !ours)
		take_line(cur);
	else if (!read || !take_value(cur, room, &value))
		return err_fail(err, ERR_DATA, STEP_CREDENTIALS, PASTED_HINT,
		    "--credentials: line %u is neither JSON nor NAME=value as "
		    "a shell or a profile has it", line);
	if (!ours || !value.len)
		return true;
	held = &keys->values[names[i].is];
	if (held->len && !slice_eq(*held, value))
		return err_fail(err, ERR_DATA, STEP_CREDENTIALS, PASTED_HINT,
		    "--credentials: %s stands there twice, with another value "
		    "on line %u", names[i].name, line);
	*held = value;
	return true;
}

bool
pasted_read(struct pasted *keys, struct slice text, struct buf *room,
	struct error *err)
{
	unsigned line = 1;
	bool section = false;

	memset(keys, 0, sizeof *keys);
	while (text.len) {
		char c = text.p[0];

		if (c == '#' || (c == ';' && section)) {
			take_line(&text);
		} else if (char_in(c, SEPARATORS)) {
			line += c == '\n';
			text = slice_skip(text, 1);
		} else if (c == '[' && slice_find_char(text, ']') <
		    slice_find_char(text, '\n')) {
			text = slice_skip(text, slice_find_char(text, ']') + 1);
			section = true;
		} else if (!read_assignment(keys, &text, section, room, line,
		    err)) {
			return false;
		}
	}
	return true;
}

struct slice
pasted_text(struct slice text)
{
	return slice_starts(text, "\xEF\xBB\xBF") ? slice_skip(text, 3) : text;
}

bool
pasted_is_json(struct slice text)
{
	struct slice cur = text;
	const char *why;

	skip(&cur, " \t\r\n");
	return slice_starts(cur, "{") || json_check(text, &why);
}

bool
pasted_is_whole(struct buf *text)
{
	struct slice all = pasted_text(buf_slice(text));
	struct pasted keys;
	struct error err = { 0 };
	const char *why;
	size_t len = text->len;
	bool whole;

	if (pasted_is_json(all))
		return json_check(all, &why);
	whole = len && text->p[len - 1] == '\n' &&
	    pasted_read(&keys, all, text, &err) &&
	    keys.values[PASTED_KEY_ID].len && keys.values[PASTED_SECRET].len &&
	    (keys.values[PASTED_TOKEN].len ||
	    !slice_starts(keys.values[PASTED_KEY_ID], "ASIA"));
	explicit_bzero(text->p + len, text->len - len);
	text->len = len;
	return whole;
}
