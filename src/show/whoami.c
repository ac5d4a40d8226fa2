/* SPDX-License-Identifier: MIT */
/*
 * Names, words and the order of lines are a promise to scripts; what stands in
 * brackets is for people.
 */
#include "show/whoami.h"

#include "aws/arn.h"
#include "base/fmt.h"
#include "codec/json.h"
#include "codec/timestamp.h"
#include "show/result.h"

struct kind {
	char service[4], resource[29];  /* of the ARN; how the latter begins */
	bool temporary;
	char word[15], note[44];
};

/* The first that fits; the last fits all. */
static const struct kind kinds[] = {
	{ "iam", "user/", false, "user", "long-term keys" },
	{ "iam", "root", false, "root", "long-term keys of the account's root" },
	{ "iam", "", true, "session-token",
	    "of GetSessionToken: they open no console" },
	{ "sts", "assumed-role/AWSReservedSSO_", true, "sso-role",
	    "of IAM Identity Center" },
	{ "sts", "assumed-role/", true, "role", "role session" },
	{ "sts", "federated-user/", true, "federated-user",
	    "can call neither IAM nor STS" },
	{ "", "", true, "unknown", "no ARN of keys that is known here" },
};

static const struct kind *
find_kind(struct slice text, bool temporary)
{
	const struct kind *kind = kinds;
	struct arn arn = { 0 };
	bool known = arn_read(text, &arn);

	while (kind->service[0] && !(known && kind->temporary == temporary &&
	    slice_is(arn.service, kind->service) &&
	    slice_starts(arn.resource, kind->resource)))
		kind++;
	return kind;
}

const char *
whoami_kind(struct slice arn, bool temporary)
{
	return find_kind(arn, temporary)->word;
}

static void
put_name(struct buf *b, const char *name)
{
	buf_puts(b, name);
	for (size_t n = strlen(name); n < 11; n++)
		buf_putc(b, ' ');
}

/* A line; a value that is not known has none. */
static void
put_line(struct buf *b, const char *name, const char *value, const char *note)
{
	if (!value[0])
		return;
	put_name(b, name);
	buf_puts(b, value);
	if (note[0])
		buf_fmt(b, " (%s)", note);
	buf_putc(b, '\n');
}

static void
put_end(struct buf *b, const struct whoami *w)
{
	if (!w->expires_known)
		return;
	put_name(b, "expires");
	timestamp_put_iso(b, w->expires_s);
	buf_puts(b, " (");
	timestamp_put_span(b, (w->expires_s - w->now_s + 30) / 60 * 60);
	buf_puts(b, " left)\n");
}

void
whoami_put_lines(struct buf *b, const struct whoami *w)
{
	const struct kind *kind = find_kind(slice_of(w->arn), w->temporary);

	put_line(b, "account", w->account, "");
	put_line(b, "arn", w->arn, "");
	put_line(b, "user_id", w->user_id, "");
	put_line(b, "kind", kind->word, kind->note);
	put_line(b, "keys", w->key_hint, w->origin);
	put_end(b, w);
	put_line(b, "partition", w->partition, "");
	put_line(b, "region", w->region, w->region_given ? "" : "none is set");
}

void
whoami_put_json(struct buf *b, const struct whoami *w)
{
	buf_putc(b, '{');
	result_put_text(b, "account", w->account);
	result_put_text(b, "arn", w->arn);
	result_put_text(b, "user_id", w->user_id);
	result_put_text(b, "kind", whoami_kind(slice_of(w->arn), w->temporary));
	result_put_text(b, "keys", w->key_hint);
	result_put_text(b, "origin", w->origin);
	result_put_time(b, "expires", w->expires_known, w->expires_s);
	result_put_text(b, "partition", w->partition);
	result_put_text(b, "region", w->region);
	result_put_text(b, "request_id", w->request_id);
	buf_puts(b, "}\n");
}
