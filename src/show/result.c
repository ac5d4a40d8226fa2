/* SPDX-License-Identifier: MIT */
/*
 * One JSON object on one line. The names in it are a promise to scripts, of
 * keys AWS's own.
 */
#include "show/result.h"

#include "codec/json.h"
#include "codec/timestamp.h"

void
result_put_text(struct buf *b, const char *name, const char *text)
{
	json_put_name(b, name);
	if (text[0])
		json_put_string(b, slice_of(text));
	else
		buf_puts(b, "null");
}

void
result_put_time(struct buf *b, const char *name, bool known, int64_t t)
{
	json_put_name(b, name);
	if (!known) {
		buf_puts(b, "null");
		return;
	}
	buf_putc(b, '"');
	timestamp_put_iso(b, t);
	buf_putc(b, '"');
}

void
result_put_json(struct buf *b, const struct result *r)
{
	buf_putc(b, '{');
	json_put_name(b, "url");
	json_put_string(b, r->url);
	result_put_time(b, "url_expires", true, r->url_expires_s);
	result_put_time(b, "session_expires", r->session_expires_known,
	    r->session_expires_s);
	json_put_name(b, "duration_requested");
	if (r->duration_requested_s)
		buf_put_u64(b, (uint64_t)r->duration_requested_s);
	else
		buf_puts(b, "null");
	result_put_text(b, "account", r->account);
	result_put_text(b, "arn", r->arn);
	result_put_text(b, "partition", r->partition);
	result_put_text(b, "region", r->region);
	result_put_text(b, "route", r->route);
	result_put_text(b, "signin_host", r->signin_host);
	result_put_text(b, "request_id", r->request_id);
	buf_puts(b, "}\n");
}

void
result_put_creds(struct buf *b, const struct result_creds *r)
{
	buf_puts(b, r->process ? "{\"Version\":1" : "{\"Credentials\":{");
	result_put_text(b, "AccessKeyId", r->access_key_id);
	result_put_text(b, "SecretAccessKey", r->secret_access_key);
	result_put_text(b, "SessionToken", r->session_token);
	if (r->expires_known)
		result_put_time(b, "Expiration", true, r->expires_s);
	if (!r->process) {
		buf_putc(b, '}');
		result_put_text(b, "account", r->account);
		result_put_text(b, "arn", r->arn);
	}
	buf_puts(b, "}\n");
}
