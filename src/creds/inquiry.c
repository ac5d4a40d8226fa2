/* SPDX-License-Identifier: MIT */
/*
 * What all inquiries share: one GET or PUT, and the refusals of hosts that
 * give keys.
 */
#include "creds/inquiry.h"

#include "codec/json.h"
#include "codec/uri.h"
#include "creds/keys_json.h"

bool
inquiry_set_endpoint(struct inquiry *q, struct slice url, struct uri *uri)
{
	if (!uri_read(url, uri) ||
	    !copy_text(q->to.host, sizeof q->to.host, uri->host))
		return false;
	for (char *c = q->to.host; *c; c++)
		*c = ascii_lower(*c);
	q->to.port = uri->port;
	q->to.https = uri->https;
	return true;
}

bool
inquiry_write(struct inquiry *q, struct buf *request, struct slice target,
	const char *header, struct slice value, struct slice body,
	struct error *err)
{
	static char lines[BEARER_MAX + 128];
	char authority[HOST_NAME_MAX_LEN + 16];
	struct buf host = TEXT_OVER(authority);
	struct buf b = BUF_OVER(lines);

	endpoint_put_authority(&host, &q->to);
	if (body.len)
		buf_puts(&b, "Content-Type: application/json\r\n");
	else
		buf_puts(&b, "Accept: application/json\r\n");
	if (value.len) {
		buf_fmt(&b, "%s: ", header);
		buf_put_slice(&b, value);
		buf_puts(&b, "\r\n");
	}
	http1_write(request, &(struct http1_request){
		.method = q->method, .target = target, .host = buf_slice(&host),
		.headers = buf_slice(&b), .body = body,
	});
	buf_wipe(&b);
	return !request->full || err_set(err, ERR_LIMIT, STEP_CREDENTIALS,
	    "the request is longer than our buffer");
}

/*
 * A service may echo what it was shown. The words up to the first sixteen bytes
 * that are also in `shown`: so many do not agree by chance.
 */
static struct slice
before_echo(struct slice words, struct slice shown)
{
	char run[17];

	for (size_t i = 0; i + sizeof run - 1 <= words.len; i++)
		if (copy_text(run, sizeof run, slice_from(words.p + i,
		    sizeof run - 1)) && slice_find(shown, run) < shown.len)
			words.len = i;
	explicit_bzero(run, sizeof run);
	return words;
}

/* The service's own words, wherever it puts them. */
static void
quote_message(struct slice doc, struct buf *room, struct slice shown,
	struct error *err)
{
	static const char names[][18] = {
		"message", "Message", "error_description"
	};
	size_t from = room->len;
	struct slice raw;
	const char *why;

	if (!json_check(doc, &why))
		return;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (json_find(doc, names[i], &raw) && json_string(raw, room)) {
			err_peer(err, before_echo(slice_from(room->p + from,
			    room->len - from), shown));
			return;
		}
}

enum inquiry_end
inquiry_refused(struct inquiry *q, const struct http1 *answer,
	const char *hint, struct error *err)
{
	enum err_kind kind = answer->status == 401 || answer->status == 403 ?
	    ERR_DENIED : ERR_NOCREDS;

	if (http1_refuse(answer, STEP_CREDENTIALS, q->plan->origin, err))
		return INQUIRY_FAILED;
	err_fail(err, kind, STEP_CREDENTIALS, hint,
	    "%s: refused (HTTP %u)", q->plan->origin, answer->status);
	quote_message(buf_slice(&answer->body), q->room, buf_slice(q->bearer),
	    err);
	return INQUIRY_FAILED;
}

enum inquiry_end
inquiry_read_keys(struct inquiry *q, const struct http1 *answer,
	const char *member, const char *hint, struct error *err)
{
	const struct keys_origin origin = {
		ERR_PROTOCOL, q->plan->origin, hint
	};
	struct slice doc = buf_slice(&answer->body);
	const char *why;

	if (!json_check(doc, &why)) {
		keys_refuse(&origin, "answered no JSON:", why, err);
		return INQUIRY_FAILED;
	}
	if (member && (!keys_find(&origin, doc, member, &doc, err) ||
	    (!doc.len && !keys_refuse(&origin, member, "is missing", err))))
		return INQUIRY_FAILED;
	return keys_read(&origin, member ? KEYS_OF_SSO : KEYS_OF_METADATA, doc,
	    q->room, &q->plan->base, err) ? INQUIRY_KEYS : INQUIRY_FAILED;
}
