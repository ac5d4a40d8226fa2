/* SPDX-License-Identifier: MIT */
/*
 * getSigninToken: a form with a JSON object in it out, a JSON object in. The
 * URL made of the token is loginurl.c's.
 */
#include "signin/signin.h"

#include "codec/json.h"
#include "codec/uri.h"

static void
put_session(struct buf *b, const struct creds *keys)
{
	buf_putc(b, '{');
	json_put_name(b, "sessionId");
	json_put_string(b, slice_of(keys->access_key_id));
	json_put_name(b, "sessionKey");
	json_put_string(b, slice_of(keys->secret_access_key));
	json_put_name(b, "sessionToken");
	json_put_string(b, slice_of(keys->session_token));
	buf_putc(b, '}');
}

bool
signin_write(struct buf *request, const struct creds *keys,
	int64_t session_duration_s, bool get, const struct endpoint *to,
	struct buf *scratch, struct error *err)
{
	size_t mark;

	scratch->len = 0;
	put_session(scratch, keys);
	struct slice session = buf_slice(scratch);

	mark = scratch->len;
	if (get)
		buf_puts(scratch, "/federation?");
	buf_puts(scratch, "Action=getSigninToken&Session=");
	uri_put_encoded(scratch, session);
	if (session_duration_s) {
		buf_puts(scratch, "&SessionDuration=");
		buf_put_u64(scratch, (uint64_t)session_duration_s);
	}
	struct slice form = slice_from(scratch->p + mark, scratch->len - mark);

	mark = scratch->len;
	endpoint_put_authority(scratch, to);
	struct slice host = slice_from(scratch->p + mark, scratch->len - mark);

	http1_write(request, &(struct http1_request){
		.method = get ? "GET" : "POST",
		.target = get ? form : slice_of("/federation"),
		.host = host,
		.headers = get ? slice_from(NULL, 0) : slice_of(
		    "Content-Type: application/x-www-form-urlencoded\r\n"),
		.body = get ? slice_from(NULL, 0) : form,
	});
	if (scratch->full || request->full)
		return err_set(err, ERR_LIMIT, STEP_SIGNIN,
		    "the request is longer than our buffer");
	return true;
}

static enum signin_result
not_usable(struct error *err, const char *why)
{
	err_set(err, ERR_PROTOCOL, STEP_SIGNIN,
	    "sign-in answered 200, but %s", why);
	return SIGNIN_BAD;
}

static enum signin_result
read_token(struct slice doc, char *token, struct error *err)
{
	struct buf b = buf_over(token, SIGNIN_TOKEN_MAX);
	struct slice raw;
	const char *why;

	if (doc.len && doc.p[0] == '<') {
		not_usable(err, "with HTML: a portal?");
		err_hint(err, "sign in to the network first, or change it");
		return SIGNIN_BAD;
	}
	if (!json_check(doc, &why))
		return not_usable(err, why);
	if (!json_find(doc, "SigninToken", &raw))
		return not_usable(err, "it has no one SigninToken");
	if (!json_string(raw, &b) || b.len == 0)
		return not_usable(err, "its SigninToken is no usable text");
	for (size_t i = 0; i < b.len; i++)
		if ((unsigned char)token[i] < ' ' || token[i] == 0x7F)
			return not_usable(err, "its SigninToken is no "
			    "usable text");
	buf_end(&b);
	return SIGNIN_OK;
}

static enum signin_result
refused_otherwise(const struct http1 *answer, const struct endpoint *from,
	struct error *err)
{
	unsigned status = answer->status;

	copy_printable(err->request_id, sizeof err->request_id,
	    slice_of(answer->request_id));
	if (status == 405 || status == 501) {
		err_set(err, ERR_PROTOCOL, STEP_SIGNIN,
		    "%s takes no POST (HTTP %u)", from->host, status);
		err_again(err, "--signin-get");
		err_hint(err, "--signin-get puts session keys into the "
		    "request's URL, where logs may keep them");
	} else if (!http1_refuse(answer, STEP_SIGNIN, from->host, err)) {
		err_fail(err, status >= 400 ? ERR_DENIED : ERR_PROTOCOL,
		    STEP_SIGNIN,
		    "sign in to the network first: something answers in AWS's "
		    "place",
		    "%s refused the request (HTTP %u)", from->host, status);
	}
	return SIGNIN_BAD;
}

enum signin_result
signin_read(const struct http1 *answer, const struct endpoint *from,
	char token[static SIGNIN_TOKEN_MAX + 1], struct error *err)
{
	enum signin_result result;

	token[0] = '\0';
	if (answer->status == 400)
		return SIGNIN_REFUSED;
	if (answer->status != 200)
		return refused_otherwise(answer, from, err);
	result = read_token(buf_slice(&answer->body), token, err);
	if (result == SIGNIN_OK)
		return SIGNIN_OK;
	copy_printable(err->request_id, sizeof err->request_id,
	    slice_of(answer->request_id));
	explicit_bzero(token, SIGNIN_TOKEN_MAX + 1);
	return result;
}

/*
 * AWS Knowledge Center, "invalid credentials parameter": the page names no
 * cause, so those that are ruled out are left out here.
 */
bool
signin_explain(const struct signin_facts *f, struct error *err)
{
	char causes[240];
	struct buf b = TEXT_OVER(causes);
	const char *between = "";
	bool valid = f->fresh || f->identity_known;

	if (err->kind != ERR_NONE)
		return false;
	if (f->duration_sent) {
		buf_puts(&b, "keys of this kind take no duration");
		between = "; ";
	}
	if (!valid) {
		buf_fmt(&b, "%sthe keys have expired, are not whole, or are "
		    "of GetSessionToken", between);
		between = "; ";
		if (!f->region_given)
			buf_fmt(&b, "; they are of another partition than %s",
			    f->partition->name);
	}
	if (f->fresh)
		buf_fmt(&b, "%sthe sign-in endpoint is not of partition %s, "
		    "the session's", between, f->partition->name);
	else if (valid)
		buf_fmt(&b, "%sAWS opens no console for this kind of session",
		    between);
	buf_end(&b);
	copy_text(err->request_id, sizeof err->request_id,
	    slice_of(f->request_id));
	err_set(err, ERR_DENIED, STEP_SIGNIN,
	    "sign-in refused the session keys (HTTP %u)%s. What is left: %s",
	    f->status, valid ? ", which STS accepts" : "", causes);
	if (f->duration_sent)
		return err_hint(err, "the same command without --duration");
	if (!valid && !f->region_given)
		return err_hint(err, "new keys from where these came from, "
		    "or --region with one of their partition");
	if (!valid)
		return err_hint(err, "new keys from where these came from");
	return err_hint(err, "a role's keys (--role-arn ARN), or leave out "
	    "--signin-endpoint-url");
}
