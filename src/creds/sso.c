/* SPDX-License-Identifier: MIT */
/*
 * Source: IAM Identity Center, by the token that `aws sso login` left in its
 * cache (AWS SDKs and Tools Reference Guide, "IAM Identity Center credential
 * provider"). A token that has run out is renewed when the cache holds what
 * that takes, and the cache is told; else a person has to log in.
 */
#include "base/env.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "codec/timestamp.h"
#include "creds/inquiry.h"
#include "creds/keys_json.h"
#include "crypto/hash.h"

extern const struct source source_sso;

enum { ASK_KEYS, ASK_TOKEN };

static bool
put_path(struct buf *b, const struct look *look, struct slice session)
{
	uint8_t name[SHA1_LEN];

	look_put_home(b, look, ".aws/sso/cache/");
	hash_sha1(name, session);
	hex_put(b, name, sizeof name);
	buf_puts(b, ".json");
	return !b->full;
}

/*
 * A setting of the session: in its section, or in the profile when it names
 * none. Both may have it, when they agree.
 */
static bool
find(const struct look *look, struct slice session, const char *key,
	struct slice *value, struct error *err)
{
	struct slice own = look_value(look, key);

	*value = own;
	if (session.len && !shared_sso_session_value(&look->around->files,
	    session, key, value))
		return look_refuse(look, err, "a section [sso-session NAME] of "
		    "that name, or aws configure sso", "has sso_session "
		    "\"%.*s\", which is not there", (int)session.len, session.p);
	if (!value->len)
		return look_refuse(look, err, "aws configure sso",
		    "has no %s%s", key, session.len ? " in its sso-session" : "");
	return !own.len || slice_eq(own, *value) || look_refuse(look, err,
	    "one of them", "and its sso-session differ in %s", key);
}

static bool
sso_plan(const struct look *look, struct plan *plan, struct error *err)
{
	struct slice account = look_value(look, "sso_account_id");
	struct slice role = look_value(look, "sso_role_name");
	struct slice session = look_value(look, "sso_session"), url, region;
	char path[PATH_TEXT_MAX];
	struct buf b = BUF_OVER(path);
	struct step_of_plan *step;

	if (!account.len && !role.len)
		return true;
	if (!account.len || !role.len)
		return look_refuse(look, err, "aws configure sso", "has no %s",
		    account.len ? "sso_role_name" : "sso_account_id");
	if (!find(look, session, "sso_start_url", &url, err) ||
	    !find(look, session, "sso_region", &region, err))
		return false;
	if (!region_is_valid(region))
		return look_refuse(look, err, "sso_region = REGION of IAM "
		    "Identity Center", "has an sso_region that no region is "
		    "called");
	if (!put_path(&b, look, session.len ? session : url))
		return look_refuse(look, err, "a shorter HOME",
		    "leads to a path that is too long");
	step = plan_add(plan, &source_sso);
	step->profile = plan_keep(plan, look->profile);
	step->file = plan_keep(plan, buf_slice(&b));
	step->region = plan_keep(plan, region);
	step->account = plan_keep(plan, account);
	step->role_name = plan_keep(plan, role);
	fmt_text(plan->origin, sizeof plan->origin,
	    "IAM Identity Center of profile %.*s", (int)look->profile.len,
	    look->profile.p);
	return true;
}

/* The command that cures most of what can be wrong here. */
static void
put_hint(char *out, size_t cap, const struct plan *plan)
{
	fmt_text(out, cap, "aws sso login --profile %.*s",
	    (int)plan->base.profile.len, plan->base.profile.p);
}

/* RFC 3339, or the same with "UTC" at its end, as botocore once wrote it. */
static bool
is_ahead(struct slice text, int64_t now_s)
{
	char iso[40];
	struct buf b = BUF_OVER(iso);
	int64_t t;

	if (text.len > 3 && slice_is(slice_skip(text, text.len - 3), "UTC")) {
		buf_put_slice(&b, slice_from(text.p, text.len - 3));
		buf_putc(&b, 'Z');
		text = buf_slice(&b);
	}
	return !b.full && timestamp_read_iso(text, &t) && t > now_s;
}

static void
put_member(struct buf *b, const char *name, struct slice value)
{
	json_put_name(b, name);
	json_put_string(b, value);
}

/* IAM Identity Center OIDC API Reference, CreateToken. */
static bool
put_renewal(const struct keys_origin *origin, struct slice doc,
	struct buf *room, struct buf *body, int64_t now_s, struct error *err)
{
	struct slice id, secret, token, until;

	if (!keys_text(origin, doc, "clientId", false, room, &id, err) ||
	    !keys_text(origin, doc, "clientSecret", false, room, &secret, err) ||
	    !keys_text(origin, doc, "refreshToken", false, room, &token, err) ||
	    !keys_text(origin, doc, "registrationExpiresAt", false, room,
	    &until, err))
		return false;
	if (!id.len || !secret.len || !token.len || !is_ahead(until, now_s))
		return err_fail(err, ERR_NOCREDS, STEP_CREDENTIALS, origin->hint,
		    "the login of %s has expired", origin->whose);
	buf_putc(body, '{');
	put_member(body, "clientId", id);
	put_member(body, "clientSecret", secret);
	put_member(body, "grantType", slice_of("refresh_token"));
	put_member(body, "refreshToken", token);
	buf_putc(body, '}');
	return true;
}

static bool
sso_take(struct plan *plan, struct buf *text, struct buf *bearer,
	int64_t now_s, struct error *err)
{
	char hint[PROFILE_NAME_MAX + 32];
	const struct keys_origin origin = { ERR_DATA, plan->origin, hint };
	struct slice doc = buf_slice(text), token, end;
	const char *why;

	put_hint(hint, sizeof hint, plan);
	if (!json_check(doc, &why))
		return keys_refuse(&origin, "its cache is not JSON:", why, err);
	if (!keys_text(&origin, doc, "accessToken", true, text, &token, err) ||
	    !keys_text(&origin, doc, "expiresAt", true, text, &end, err))
		return false;
	plan->base.renew = !is_ahead(end, now_s);
	plan->base.document_len = doc.len;
	if (plan->base.renew ? !put_renewal(&origin, doc, text, bearer, now_s,
	    err) : !keys_take_bearer(plan, token, bearer, hint, err))
		return false;
	return !bearer->full || keys_refuse(&origin, "its cache",
	    "is too long", err);
}

static bool
sso_write(struct inquiry *q, struct buf *request, struct error *err)
{
	const struct step_of_plan *step = &q->plan->base;
	char target[3 * DESTINATION_MAX];
	struct buf b = BUF_OVER(target);
	struct buf host = TEXT_OVER(q->to.host);

	if (!q->stage)
		q->stage = step->renew ? ASK_TOKEN : ASK_KEYS;
	buf_fmt(&host, "%s.%.*s.%s", q->stage == ASK_TOKEN ? "oidc" :
	    "portal.sso", (int)step->region.len, step->region.p,
	    partition_of_region(step->region)->dns_suffix);
	buf_end(&host);
	q->to.port = 443;
	q->to.https = true;
	q->method = q->stage == ASK_TOKEN ? "POST" : "GET";
	if (q->stage == ASK_TOKEN)
		return inquiry_write(q, request, slice_of("/token"), "",
		    slice_from(NULL, 0), buf_slice(q->bearer), err);
	buf_puts(&b, "/federation/credentials?role_name=");
	uri_put_encoded(&b, step->role_name);
	buf_puts(&b, "&account_id=");
	uri_put_encoded(&b, step->account);
	return inquiry_write(q, request, buf_slice(&b),
	    "x-amz-sso_bearer_token", buf_slice(q->bearer),
	    slice_from(NULL, 0), err);
}

/* The cache as it was, with what has changed at its end. */
static void
put_cache(struct buf *b, struct slice doc, struct slice token,
	struct slice refresh, int64_t end_s)
{
	struct json_walk walk;
	struct slice name, raw;
	char end[24];
	struct buf eb = BUF_OVER(end);

	timestamp_put_iso(&eb, end_s);
	buf_putc(b, '{');
	for (bool more = json_walk_begin(&walk, doc); more &&
	    json_walk_next(&walk, &name, &raw); ) {
		if (slice_is(name, "\"accessToken\"") ||
		    slice_is(name, "\"expiresAt\"") ||
		    (refresh.len && slice_is(name, "\"refreshToken\"")))
			continue;
		if (b->len > 1)
			buf_putc(b, ',');
		buf_put_slice(b, name);
		buf_putc(b, ':');
		buf_put_slice(b, raw);
	}
	put_member(b, "accessToken", token);
	put_member(b, "expiresAt", buf_slice(&eb));
	if (refresh.len)
		put_member(b, "refreshToken", refresh);
	buf_putc(b, '}');
}

static enum inquiry_end
read_token(struct inquiry *q, const struct http1 *answer, const char *hint,
	struct error *err)
{
	const struct keys_origin origin = {
		ERR_PROTOCOL, q->plan->origin, hint
	};
	struct slice doc = buf_slice(&answer->body), token, refresh, span;
	uint64_t seconds;
	const char *why;

	if (answer->status != 200)
		return inquiry_refused(q, answer, hint, err);
	if (!json_check(doc, &why)) {
		keys_refuse(&origin, "answered no JSON:", why, err);
		return INQUIRY_FAILED;
	}
	if (!keys_text(&origin, doc, "accessToken", true, q->room, &token, err) ||
	    !keys_text(&origin, doc, "refreshToken", false, q->room, &refresh,
	    err) || !keys_find(&origin, doc, "expiresIn", &span, err))
		return INQUIRY_FAILED;
	if (!slice_to_u64(span, 366 * DAY_S, &seconds)) {
		keys_refuse(&origin, "expiresIn", "is no time", err);
		return INQUIRY_FAILED;
	}
	buf_wipe(q->bearer);
	if (!keys_take_bearer(q->plan, token, q->bearer, hint, err))
		return INQUIRY_FAILED;
	put_cache(q->save, slice_from(q->room->p, q->plan->base.document_len),
	    token, refresh, q->now_s + (int64_t)seconds);
	q->stage = ASK_KEYS;
	q->plan->base.renew = false;
	return INQUIRY_MORE;
}

static enum inquiry_end
sso_read(struct inquiry *q, const struct http1 *answer, struct error *err)
{
	char hint[PROFILE_NAME_MAX + 32];

	put_hint(hint, sizeof hint, q->plan);
	if (q->stage == ASK_TOKEN)
		return read_token(q, answer, hint, err);
	if (answer->status == 200)
		return inquiry_read_keys(q, answer, "roleCredentials", hint, err);
	if (answer->status == 403 || answer->status == 404)
		fmt_text(hint, sizeof hint, "check sso_account_id and "
		    "sso_role_name of the profile");
	return inquiry_refused(q, answer, hint, err);
}

static const struct inquiry_kind inquiry = {
	.write = sso_write, .read = sso_read,
};

const struct source source_sso = {
	.name = "sso", .of_profile = true, .way = BY_ASKING, .plan = sso_plan,
	.take = sso_take, .inquiry = &inquiry,
};
