/* SPDX-License-Identifier: MIT */
/*
 * The summary's wording. Everything in it was made printable where it was
 * read; printing is cli/report.c's.
 */
#include "show/summary.h"

#include "base/fmt.h"
#include "codec/timestamp.h"

/* The last part of an ARN: federated-user/alice, assumed-role/Admin/alice. */
static struct slice
who(const char *arn)
{
	struct slice rest = slice_of(arn);

	for (int i = 0; i < 5; i++) {
		size_t colon = slice_find_char(rest, ':');

		rest = slice_skip(rest, colon < rest.len ? colon + 1 : colon);
	}
	return rest;
}

static void
put_session(struct buf *b, const struct summary *s)
{
	struct slice name = who(s->arn);

	if (!name.len) {
		buf_puts(b, "a session of these keys");
		return;
	}
	buf_fmt(b, "account %s as ", s->account);
	buf_put_slice(b, name);
}

static void
put_until(struct buf *b, const struct summary *s)
{
	int64_t left = s->session_expires_s - s->now_s;

	if (!s->session_expires_known) {
		buf_puts(b, "for as long as the keys last");
		return;
	}
	/* The seconds that the run itself took are not worth a word. */
	left = (left + 30) / 60 * 60;
	buf_puts(b, "until ");
	timestamp_put_clock(b, s->session_expires_s, s->now_s);
	buf_puts(b, " (");
	timestamp_put_span(b, left);
	buf_putc(b, ')');
}

void
summary_put_keys(struct buf *b, const struct summary *s)
{
	buf_fmt(b, "keys   %s %s", s->origin, s->key_hint);
	if (s->origin_note[0])
		buf_fmt(b, " (%s)", s->origin_note);
	if (s->region[0])
		buf_fmt(b, "; region %s, since none is set", s->region);
}

void
summary_put_handed(struct buf *b, const struct summary *s)
{
	summary_put_keys(b, s);
	buf_puts(b, ": ");
	if (s->arn[0]) {
		put_session(b, s);
		buf_putc(b, ' ');
	}
	put_until(b, s);
}

void
summary_put_opens(struct buf *b, const struct summary *s)
{
	buf_puts(b, "opens  ");
	put_session(b, s);
	buf_fmt(b, ": %s, ", s->may);
	put_until(b, s);
}

static void
put_link(struct buf *b, const struct summary *s)
{
	if (s->signin_host[0])
		buf_fmt(b, "is of %s and ", s->signin_host);
	buf_fmt(b, "lives %d min", (int)(s->url_expires_s - s->now_s) / 60);
}

void
summary_put_link(struct buf *b, const struct summary *s)
{
	buf_puts(b, "link   ");
	put_link(b, s);
	buf_puts(b, "; whoever has it is in. Signed in elsewhere? Use a private "
	    "window");
}

void
summary_put_brief(struct buf *b, const struct summary *s)
{
	buf_fmt(b, "%s %s opens ", s->origin, s->key_hint);
	put_session(b, s);
	buf_putc(b, ' ');
	put_until(b, s);
	if (s->region[0])
		buf_fmt(b, "; region %s, since none is set", s->region);
	if (s->origin_note[0])
		buf_fmt(b, "; %s", s->origin_note);
	buf_puts(b, "; the link ");
	put_link(b, s);
}
