/* SPDX-License-Identifier: MIT */
/*
 * Requests as form bodies with SigV4 headers, answers as XML. What a refusal
 * means for the person is said in refusal.c.
 */
#include "sts/sts.h"

#include "codec/timestamp.h"
#include "codec/uri.h"
#include "codec/xml.h"

#define STS_NAMESPACE "https://sts.amazonaws.com/doc/2011-06-15/"
#define FORM_TYPE "application/x-www-form-urlencoded; charset=utf-8"

static const char action_names[][26] = {
	[STS_GET_CALLER_IDENTITY] = "GetCallerIdentity",
	[STS_GET_FEDERATION_TOKEN] = "GetFederationToken",
	[STS_ASSUME_ROLE] = "AssumeRole",
	[STS_ASSUME_ROLE_WITH_WEB_IDENTITY] = "AssumeRoleWithWebIdentity",
};

const char *
sts_action_name(enum sts_action action)
{
	return action_names[action];
}

static void
put_parameter(struct buf *b, const char *name, struct slice value)
{
	if (!value.len)
		return;
	buf_putc(b, '&');
	buf_puts(b, name);
	buf_putc(b, '=');
	uri_put_encoded(b, value);
}

void
sts_put_body(struct buf *b, const struct sts_call *call)
{
	buf_puts(b, "Action=");
	buf_puts(b, sts_action_name(call->action));
	buf_puts(b, "&Version=2011-06-15");
	put_parameter(b, "RoleArn", call->role_arn);
	put_parameter(b, call->action >= STS_ASSUME_ROLE ? "RoleSessionName" :
	    "Name", call->name);
	put_parameter(b, "WebIdentityToken", call->web_identity_token);
	put_parameter(b, "Policy", call->policy);
	for (size_t i = 0; i < call->policy_arns_n; i++) {
		buf_puts(b, "&PolicyArns.member.");
		buf_put_u64(b, i + 1);
		buf_puts(b, ".arn=");
		uri_put_encoded(b, call->policy_arns[i]);
	}
	if (call->duration_s) {
		buf_puts(b, "&DurationSeconds=");
		buf_put_u64(b, (uint64_t)call->duration_s);
	}
	put_parameter(b, "ExternalId", call->external_id);
	put_parameter(b, "SerialNumber", call->serial_number);
	put_parameter(b, "TokenCode", call->token_code);
	put_parameter(b, "SourceIdentity", call->source_identity);
}

/* The next piece of scratch: everything appended since `from`. */
static struct slice
since(const struct buf *b, size_t from)
{
	return slice_from(b->p + from, b->len - from);
}

static void
put_header(struct buf *b, const char *name, struct slice value)
{
	buf_puts(b, name);
	buf_puts(b, ": ");
	buf_put_slice(b, value);
	buf_puts(b, "\r\n");
}

/*
 * The request's own header lines, behind the texts that were signed for them;
 * `ok` becomes false when a canonical request has no room.
 */
static struct slice
put_signed(struct buf *scratch, const struct sts_signer *signer,
	const uint8_t *key, struct slice host, struct slice body, int64_t now,
	bool *ok)
{
	struct sigv4_scope scope = { now, signer->region, SLICE("sts") };
	size_t mark = scratch->len;

	timestamp_put_amz(scratch, now);
	struct slice date = since(scratch, mark);

	/* These headers are signed, and these are sent beside HTTP's own. */
	struct sigv4_pair headers[] = {
		{ SLICE("content-type"), SLICE(FORM_TYPE) },
		{ SLICE("host"), host },
		{ SLICE("x-amz-date"), date },
		{ SLICE("x-amz-security-token"), signer->session_token },
	};
	struct sigv4_request req = {
		.method = "POST",
		.path = SLICE("/"),
		.headers = headers,
		.headers_n = signer->session_token.len ? 4 : 3,
		.body = body,
	};

	mark = scratch->len;
	*ok = sigv4_put_canonical(scratch, &req);
	struct slice canonical = since(scratch, mark);

	mark = scratch->len;
	sigv4_put_to_sign(scratch, canonical, &scope);
	struct slice to_sign = since(scratch, mark);

	mark = scratch->len;
	sigv4_put_signature(scratch, key, to_sign);
	struct slice signature = since(scratch, mark);

	mark = scratch->len;
	put_header(scratch, "Content-Type", slice_of(FORM_TYPE));
	put_header(scratch, "X-Amz-Date", date);
	if (signer->session_token.len)
		put_header(scratch, "X-Amz-Security-Token",
		    signer->session_token);
	buf_puts(scratch, "Authorization: ");
	sigv4_put_authorization(scratch, signer->access_key_id, &scope, &req,
	    signature);
	buf_puts(scratch, "\r\n");
	return since(scratch, mark);
}

bool
sts_write(struct buf *request, const struct sts_call *call,
	const struct sts_signer *signer, const struct endpoint *to,
	int64_t now, struct buf *scratch, struct error *err)
{
	bool sign = call->action != STS_ASSUME_ROLE_WITH_WEB_IDENTITY, ok = true;
	const uint8_t *key = sign ? sigv4_keys_at(signer->keys, now) : NULL;
	struct slice lines;
	size_t mark;

	if (sign && !key)
		return err_set(err, ERR_CLOCK, STEP_STS,
		    "the time to sign for is a day off");

	scratch->len = 0;
	sts_put_body(scratch, call);
	struct slice body = since(scratch, 0);

	mark = scratch->len;
	endpoint_put_authority(scratch, to);
	struct slice host = since(scratch, mark);

	if (sign) {
		lines = put_signed(scratch, signer, key, host, body, now, &ok);
	} else {
		mark = scratch->len;
		put_header(scratch, "Content-Type", slice_of(FORM_TYPE));
		lines = since(scratch, mark);
	}
	http1_write(request, &(struct http1_request){
		.method = "POST",
		.target = SLICE("/"),
		.host = host,
		.headers = lines,
		.body = body,
	});
	if (!ok || scratch->full || request->full)
		return err_set(err, ERR_LIMIT, STEP_STS,
		    "the request is longer than our buffer");
	return true;
}

/* The text of an element, NUL-terminated; fails when absent or too long. */
static bool
read_text(struct slice doc, const char *path, char *out, size_t cap)
{
	struct slice raw;
	struct buf b;

	buf_init(&b, out, cap - 1);
	out[0] = '\0';
	if (!xml_find(doc, path, &raw) || !xml_text(raw, &b) || b.len == 0) {
		out[0] = '\0';
		return false;
	}
	buf_end(&b);
	return slice_find_char(buf_slice(&b), '\0') == b.len;
}

/* "ActionResponse/ActionResult" + rest */
static const char *
path_in(char *out, size_t cap, enum sts_action action, const char *rest)
{
	fmt_text(out, cap, "%sResponse/%sResult/%s", action_names[action],
	    action_names[action], rest);
	return out;
}

static bool
unusable(const struct http1 *answer, struct error *err, const char *why)
{
	copy_printable(err->request_id, sizeof err->request_id,
	    slice_of(answer->request_id));
	return err_set(err, ERR_PROTOCOL, STEP_STS,
	    "STS answered 200, but %s", why);
}

static bool
read_session(const struct http1 *answer, enum sts_action action,
	struct session *s, struct error *err)
{
	struct slice doc = buf_slice(&answer->body);
	char path[128], expiration[64], id[ACCESS_KEY_ID_MAX + 1];
	char secret[SECRET_KEY_MAX + 1];
	struct error shape = { 0 };
	bool ok;

	if (!read_text(doc, path_in(path, sizeof path, action,
	    "Credentials/Expiration"), expiration, sizeof expiration) ||
	    !timestamp_read_iso(slice_of(expiration), &s->expires_s))
		return unusable(answer, err,
		    "its credentials have no proper Expiration");
	s->expires_known = true;
	ok = read_text(doc, path_in(path, sizeof path, action,
	    "Credentials/AccessKeyId"), id, sizeof id) &&
	    read_text(doc, path_in(path, sizeof path, action,
	    "Credentials/SecretAccessKey"), secret, sizeof secret) &&
	    read_text(doc, path_in(path, sizeof path, action,
	    "Credentials/SessionToken"), s->creds.session_token,
	    sizeof s->creds.session_token) &&
	    /* The token, 16 KiB of it, was read where it belongs. */
	    creds_copy(&s->creds, slice_of(id), slice_of(secret),
	    slice_of(s->creds.session_token), "the answer", &shape);
	explicit_bzero(secret, sizeof secret);
	return ok || unusable(answer, err, "it has no complete credentials");
}

/* It will be shown, so it is made printable here; empty when there is none. */
static void
read_name(struct slice doc, enum sts_action action, const char *rest,
	char *out, size_t cap)
{
	char path[128], text[ARN_MAX + 1];

	out[0] = '\0';
	if (read_text(doc, path_in(path, sizeof path, action, rest), text, cap))
		copy_printable(out, cap, slice_of(text));
}

static void
read_identity(struct slice doc, enum sts_action action, struct identity *who)
{
	static const struct { char arn[20], id[32]; } places[] = {
		[STS_GET_CALLER_IDENTITY] = { "Arn", "UserId" },
		[STS_GET_FEDERATION_TOKEN] = { "FederatedUser/Arn",
		    "FederatedUser/FederatedUserId" },
		[STS_ASSUME_ROLE] = { "AssumedRoleUser/Arn",
		    "AssumedRoleUser/AssumedRoleId" },
		[STS_ASSUME_ROLE_WITH_WEB_IDENTITY] = { "AssumedRoleUser/Arn",
		    "AssumedRoleUser/AssumedRoleId" },
	};

	read_name(doc, action, places[action].arn, who->arn, sizeof who->arn);
	read_name(doc, action, places[action].id, who->user_id,
	    sizeof who->user_id);

	/* arn:partition:service:region:ACCOUNT:… */
	struct slice rest = slice_of(who->arn);

	for (int i = 0; i < 4; i++) {
		size_t colon = slice_find_char(rest, ':');

		rest = slice_skip(rest, colon < rest.len ? colon + 1 : colon);
	}
	copy_text(who->account, sizeof who->account,
	    slice_from(rest.p, slice_find_char(rest, ':')));
}

static void
read_request_id(struct slice doc, const char *path, const char *header,
	char *out, size_t cap)
{
	char text[128];

	copy_printable(out, cap, read_text(doc, path, text, sizeof text) ?
	    slice_of(text) : slice_of(header));
}

/* "… (20150830T124500Z - 15 min.)": the time in the brackets is the server's. */
static bool
read_skew_text(struct slice message, int64_t *t)
{
	size_t bracket = slice_find_char(message, '(');

	if (bracket == message.len || message.len - bracket < 17)
		return false;
	return timestamp_read_amz(slice_from(message.p + bracket + 1, 16), t);
}

static enum sts_result
read_refusal(const struct http1 *answer, struct slice doc,
	struct sts_refusal *r)
{
	char code[64], message[4096];

	read_text(doc, "ErrorResponse/Error/Code", code, sizeof code);
	read_text(doc, "ErrorResponse/Error/Message", message, sizeof message);
	read_request_id(doc, "ErrorResponse/RequestId", answer->request_id,
	    r->request_id, sizeof r->request_id);
	copy_printable(r->code, sizeof r->code, slice_of(code));
	copy_printable(r->message, sizeof r->message, slice_of(message));
	r->server_time_known = read_skew_text(slice_of(message),
	    &r->server_time_s);
	explicit_bzero(message, sizeof message);        /* it may repeat a token */
	if (!r->server_time_known)
		r->server_time_known = timestamp_read_http(
		    slice_of(answer->date), &r->server_time_s);
	return STS_REFUSED;
}

static bool
is_html(const struct http1 *answer)
{
	struct slice body = buf_slice(&answer->body);

	return slice_starts(slice_of(answer->content_type), "text/html") ||
	    slice_starts(body, "<!DOCTYPE") || slice_starts(body, "<!doctype") ||
	    slice_starts(body, "<html");
}

static enum sts_result
not_xml(const struct http1 *answer, const char *why, struct error *err)
{
	if (http1_refuse(answer, STEP_STS, "STS", err))
		return STS_BAD;
	err_fail(err, ERR_PROTOCOL, STEP_STS,
	    "sign in to the network first: a proxy or portal may answer in "
	    "AWS's place",
	    "the answer (HTTP %u) is not STS's: %s", answer->status,
	    is_html(answer) ? "HTML instead of XML; a portal?" : why);
	return STS_BAD;
}

enum sts_result
sts_read(const struct http1 *answer, enum sts_action action,
	struct session *session, struct identity *who,
	struct sts_refusal *refusal, struct error *err)
{
	struct slice doc = buf_slice(&answer->body);
	char root[64], path[128];
	const char *why = "it is empty";

	if ((answer->status >= 300 && answer->status < 400) || !doc.len ||
	    !xml_check(doc, &why))
		return not_xml(answer, why, err);
	refusal->status = answer->status;
	if (slice_is(xml_root(doc), "ErrorResponse") && answer->status != 200)
		return read_refusal(answer, doc, refusal);
	fmt_text(root, sizeof root, "%sResponse", action_names[action]);
	if (answer->status != 200 || !slice_is(xml_root(doc), root) ||
	    !slice_is(xml_namespace(doc), STS_NAMESPACE))
		return not_xml(answer, "it is another document", err);
	fmt_text(path, sizeof path, "%s/ResponseMetadata/RequestId", root);
	read_request_id(doc, path, answer->request_id, who->request_id,
	    sizeof who->request_id);
	read_identity(doc, action, who);
	if (action == STS_GET_CALLER_IDENTITY) {
		if (who->arn[0])
			return STS_OK;
		unusable(answer, err, "it names no ARN");
		return STS_BAD;
	}
	return read_session(answer, action, session, err) ? STS_OK : STS_BAD;
}
