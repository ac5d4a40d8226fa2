/* SPDX-License-Identifier: MIT */
/*
 * XML as a flat sequence of tokens with a stack of names; nothing is built in
 * memory. Section numbers are those of XML 1.0, Fifth Edition.
 */
#include "codec/xml.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "codec/hex.h"

enum token_kind { TOKEN_OPEN, TOKEN_CLOSE, TOKEN_EMPTY, TOKEN_TEXT, TOKEN_COMMENT };

struct token {
	enum token_kind kind;
	struct slice name;      /* of a tag */
	struct slice attributes;/* raw, of TOKEN_OPEN and TOKEN_EMPTY */
	struct slice all;       /* every byte of the token */
};

static bool
refuse(const char **why, const char *reason)
{
	*why = reason;
	return false;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct slice
skip_space(struct slice s)
{
	while (s.len && is_space(s.p[0]))
		s = slice_skip(s, 1);
	return s;
}

/*
 * Names: §2.3 with all non-ASCII characters taken for letters; STS uses ASCII
 * names only.
 */
static size_t
name_length(struct slice s)
{
	size_t n = 0;

	while (n < s.len && (ascii_is_alnum(s.p[n]) || (s.p[n] & 0x80) ||
	    char_in(s.p[n], "_:-.")))
		n++;
	if (n && (ascii_is_digit(s.p[0]) || s.p[0] == '-' || s.p[0] == '.'))
		return 0;
	return n;
}

static bool
is_char(uint32_t c)                             /* §2.2 */
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xD800) ||
	    (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

/* A reference at the front of *s, its '&' included (§4.1, §4.6). */
static bool
take_reference(struct slice *s, uint32_t *c)
{
	static const struct { char text[7], c; } entities[] = {
		{ "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' },
		{ "&quot;", '"' }, { "&apos;", '\'' },
	};

	for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
		if (slice_starts(*s, entities[i].text)) {
			*s = slice_skip(*s, strlen(entities[i].text));
			*c = (unsigned char)entities[i].c;
			return true;
		}
	}

	bool hex = slice_starts(*s, "&#x");
	size_t i = hex ? 3 : 2, digits = 0;

	if (!hex && !slice_starts(*s, "&#"))
		return false;
	for (*c = 0; i < s->len && s->p[i] != ';'; i++, digits++) {
		int d = hex_digit(s->p[i]);

		if (d < 0 || (!hex && d > 9) || *c > 0x10FFFF)
			return false;
		*c = *c * (hex ? 16 : 10) + (uint32_t)d;
	}
	if (i == s->len || digits == 0 || !is_char(*c))
		return false;
	*s = slice_skip(*s, i + 1);
	return true;
}

/* Every character of the document, wherever it stands. */
static bool
check_chars(struct slice s, const char **why)
{
	while (s.len) {
		uint32_t c;
		size_t n = utf8_next(s, &c);

		if (n == 0 || !is_char(c))
			return refuse(why, "a character that XML does not allow");
		s = slice_skip(s, n);
	}
	return true;
}

/* References, of text or of an attribute's value. */
static bool
check_references(struct slice s, const char **why)
{
	uint32_t c;

	while (s.len) {
		if (s.p[0] == '<')
			return refuse(why, "'<' in an attribute value");
		if (s.p[0] != '&')
			s = slice_skip(s, 1);
		else if (!take_reference(&s, &c))
			return refuse(why, "unknown entity or bad reference");
	}
	return true;
}

/* The next `name="value"` of a tag; false at the end or when malformed. */
static bool
take_attribute(struct slice *s, struct slice *name, struct slice *value)
{
	struct slice cur = skip_space(*s);
	size_t n = name_length(cur), end;

	if (n == 0 || cur.p == s->p)            /* blanks must come first, §3.1 */
		return false;
	*name = slice_from(cur.p, n);
	cur = skip_space(slice_skip(cur, n));
	if (cur.len == 0 || cur.p[0] != '=')
		return false;
	cur = skip_space(slice_skip(cur, 1));
	if (cur.len == 0 || (cur.p[0] != '"' && cur.p[0] != '\''))
		return false;
	end = slice_find_char(slice_skip(cur, 1), cur.p[0]);
	if (end == cur.len - 1)
		return false;
	*value = slice_from(cur.p + 1, end);
	*s = slice_skip(cur, end + 2);
	return true;
}

/* The value of attribute `wanted`, and how often it stands there. */
static size_t
count_attribute(struct slice attributes, struct slice wanted,
	struct slice *value)
{
	struct slice name, v;
	size_t n = 0;

	while (take_attribute(&attributes, &name, &v)) {
		if (slice_eq(name, wanted)) {
			*value = v;
			n++;
		}
	}
	return n;
}

static bool
check_attributes(struct slice all, const char **why)
{
	struct slice cur = all, name, value, ignored;
	size_t n = 0;

	while (take_attribute(&cur, &name, &value)) {
		if (!check_references(value, why))
			return false;
		if (++n > XML_ATTRIBUTES_MAX)
			return refuse(why, "too many attributes");
		if (count_attribute(all, name, &ignored) != 1)
			return refuse(why, "an attribute stands twice");
	}
	return skip_space(cur).len == 0 || refuse(why, "malformed attribute");
}

/* The length of a tag up to and including '>', quotes respected; 0 when cut. */
static size_t
tag_length(struct slice s)
{
	char quote = '\0';

	for (size_t i = 1; i < s.len; i++) {
		char c = s.p[i];

		if (quote) {
			if (c == quote)
				quote = '\0';
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == '>') {
			return i + 1;
		}
	}
	return 0;
}

static bool
take_comment(struct slice *s, struct token *t, const char **why)
{
	struct slice inner = slice_skip(*s, 4);
	size_t end = slice_find(inner, "--");

	/* §2.5: "--" only as part of the end. */
	if (end == inner.len || !slice_starts(slice_skip(inner, end), "-->"))
		return refuse(why, "comment does not end, or holds \"--\"");
	t->kind = TOKEN_COMMENT;
	t->all = slice_from(s->p, 4 + end + 3);
	*s = slice_skip(*s, t->all.len);
	return true;
}

static bool
take_tag(struct slice *s, struct token *t, const char **why)
{
	size_t len = tag_length(*s), n;
	struct slice inner;

	if (len == 0)
		return refuse(why, "tag is cut short");
	t->all = slice_from(s->p, len);
	inner = slice_from(s->p + 1, len - 2);
	*s = slice_skip(*s, len);
	t->kind = TOKEN_OPEN;
	if (inner.len && inner.p[0] == '/') {
		t->kind = TOKEN_CLOSE;
		inner = slice_skip(inner, 1);
	} else if (inner.len && inner.p[inner.len - 1] == '/') {
		t->kind = TOKEN_EMPTY;
		inner.len--;
	}
	n = name_length(inner);
	if (n == 0)
		return refuse(why, "tag without a name");
	t->name = slice_from(inner.p, n);
	t->attributes = slice_skip(inner, n);
	if (t->kind == TOKEN_CLOSE)
		return skip_space(t->attributes).len == 0 ||
		    refuse(why, "closing tag with attributes");
	return true;
}

/* The next token of a non-empty *s. */
static bool
take_token(struct slice *s, struct token *t, const char **why)
{
	if (s->p[0] != '<') {
		t->kind = TOKEN_TEXT;
		t->all = slice_from(s->p, slice_find_char(*s, '<'));
		*s = slice_skip(*s, t->all.len);
		return true;
	}
	if (slice_starts(*s, "<!--"))
		return take_comment(s, t, why);
	if (slice_starts(*s, "<!"))
		return refuse(why, "document type or CDATA section");
	if (slice_starts(*s, "<?"))
		return refuse(why, "processing instruction");
	return take_tag(s, t, why);
}

/* VersionNum, §2.8: "1." [0-9]+ */
static bool
is_version(struct slice s)
{
	uint64_t minor;

	return slice_starts(s, "1.") &&
	    slice_to_u64(slice_skip(s, 2), UINT64_MAX, &minor);
}

/* The XML declaration, when there is one (§2.8): version 1.x, UTF-8 at most. */
static bool
skip_declaration(struct slice *s, const char **why)
{
	struct slice inner, name, value;
	size_t end, n = 0;

	if (!slice_starts(*s, "<?xml") || s->len < 6 || !is_space(s->p[5]))
		return true;
	end = slice_find(*s, "?>");
	if (end == s->len)
		return refuse(why, "XML declaration is cut short");
	inner = slice_from(s->p + 5, end - 5);
	*s = slice_skip(*s, end + 2);
	for (; take_attribute(&inner, &name, &value); n++) {
		bool known = n == 0 ? slice_is(name, "version") &&
		    is_version(value) :
		    (n == 1 && slice_is(name, "encoding") &&
		    slice_ieq(value, slice_of("utf-8"))) ||
		    (slice_is(name, "standalone") &&
		    (slice_is(value, "yes") || slice_is(value, "no")) && n < 3);

		if (!known)
			return refuse(why, "XML declaration is not for UTF-8");
	}
	return (n && skip_space(inner).len == 0) ||
	    refuse(why, "malformed XML declaration");
}

static bool
is_blank(struct slice s)
{
	return skip_space(s).len == 0;
}

static bool
check_text(struct slice s, size_t depth, const char **why)
{
	if (depth == 0)
		return is_blank(s) || refuse(why, "text outside the root element");
	if (slice_find(s, "]]>") < s.len)       /* §2.4 */
		return refuse(why, "\"]]>\" in text");
	return check_references(s, why);
}

bool
xml_check(struct slice doc, const char **why)
{
	struct slice open[XML_DEPTH_MAX];
	size_t depth = 0, roots = 0;
	struct slice cur = doc;

	if (!check_chars(doc, why) || !skip_declaration(&cur, why))
		return false;
	while (cur.len) {
		struct token t;

		if (!take_token(&cur, &t, why))
			return false;
		switch (t.kind) {
		case TOKEN_COMMENT:
			break;
		case TOKEN_TEXT:
			if (!check_text(t.all, depth, why))
				return false;
			break;
		case TOKEN_OPEN:
		case TOKEN_EMPTY:
			if (!check_attributes(t.attributes, why))
				return false;
			if (depth == 0 && roots++)
				return refuse(why, "more than one root element");
			if (t.kind == TOKEN_EMPTY)
				break;
			if (depth == XML_DEPTH_MAX)
				return refuse(why, "nested too deeply");
			open[depth++] = t.name;
			break;
		case TOKEN_CLOSE:
			if (depth == 0 || !slice_eq(open[depth - 1], t.name))
				return refuse(why, "closing tag does not match");
			depth--;
			break;
		}
	}
	if (depth)
		return refuse(why, "document is cut short");
	return roots == 1 || refuse(why, "no root element");
}

/*
 * The one child element `name` of checked content. Its inner content may be
 * followed to the next level; its token tells its attributes.
 */
static bool
find_child(struct slice content, struct slice name, struct slice *inner,
	struct token *opening)
{
	const char *why;
	size_t depth = 0, found = 0;
	const char *start = NULL;

	while (content.len) {
		struct token t;

		if (!take_token(&content, &t, &why))
			return false;
		if (t.kind == TOKEN_CLOSE && --depth == 0 && start) {
			*inner = slice_from(start, (size_t)(t.all.p - start));
			start = NULL;
		}
		if (t.kind != TOKEN_OPEN && t.kind != TOKEN_EMPTY)
			continue;
		if (depth == 0 && slice_eq(t.name, name)) {
			found++;
			*opening = t;
			*inner = slice_from(t.all.p, 0);
			if (t.kind == TOKEN_OPEN)
				start = t.all.p + t.all.len;
		}
		depth += t.kind == TOKEN_OPEN;
	}
	return found == 1;
}

static struct slice
root_content(struct slice doc)
{
	const char *why;

	return skip_declaration(&doc, &why) ? doc : slice_from(NULL, 0);
}

bool
xml_find(struct slice doc, const char *path, struct slice *raw)
{
	struct slice rest = slice_of(path);
	bool root = true;

	*raw = root_content(doc);
	for (;;) {
		size_t slash = slice_find_char(rest, '/');
		struct slice ignored;
		struct token t;

		if (!find_child(*raw, slice_from(rest.p, slash), raw, &t))
			return false;
		if (!root && count_attribute(t.attributes,
		    slice_of("xmlns"), &ignored))
			return false;
		if (slash == rest.len)
			return true;
		rest = slice_skip(rest, slash + 1);
		root = false;
	}
}

/* The root's opening tag of a checked document. */
static bool
root_token(struct slice doc, struct token *t)
{
	const char *why;

	for (doc = root_content(doc); doc.len; ) {
		if (!take_token(&doc, t, &why))
			return false;
		if (t->kind == TOKEN_OPEN || t->kind == TOKEN_EMPTY)
			return true;
	}
	return false;
}

struct slice
xml_namespace(struct slice doc)
{
	struct slice value = { NULL, 0 };
	struct token t;

	if (root_token(doc, &t))
		count_attribute(t.attributes, slice_of("xmlns"), &value);
	return value;
}

struct slice
xml_root(struct slice doc)
{
	struct token t;

	return root_token(doc, &t) ? t.name : slice_from(NULL, 0);
}

bool
xml_text(struct slice raw, struct buf *out)
{
	while (raw.len) {
		uint32_t c;

		if (raw.p[0] == '<')
			return false;
		if (raw.p[0] == '&') {
			if (!take_reference(&raw, &c))
				return false;
			utf8_put(out, c);
			continue;
		}
		/* §2.11: a line break is one line feed, however it was sent. */
		if (raw.p[0] == '\r') {
			buf_putc(out, '\n');
			raw = slice_skip(raw, 1);
			if (raw.len && raw.p[0] == '\n')
				raw = slice_skip(raw, 1);
			continue;
		}
		buf_putc(out, raw.p[0]);
		raw = slice_skip(raw, 1);
	}
	return !out->full;
}
