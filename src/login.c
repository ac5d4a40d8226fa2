/* SPDX-License-Identifier: MIT */
/*
 * The story that every command shares, from the first packet on: STS,
 * sign-in, URL. What each step means is in the room it calls.
 */
#include "fetch.h"

#include "aws/arn.h"
#include "codec/timestamp.h"
#include "signin/loginurl.h"
#include "signin/signin.h"

#define URL_LIFE_S 900          /* IAM User Guide: 15 minutes */

/* ---- identity beside the way ---- */

/* GetSessionToken keys have the ARN of a user or of root. */
static bool
is_session_token_arn(const char *text)
{
	struct arn arn;

	return arn_read(slice_of(text), &arn) && slice_is(arn.service, "iam") &&
	    (slice_starts(arn.resource, "user/") ||
	    slice_is(arn.resource, "root"));
}

static bool
check_kind(const struct run *run, struct error *err)
{
	if (run->opt->force || !is_session_token_arn(run->out->who.arn))
		return true;
	return err_fail(err, ERR_KEYKIND, STEP_STS,
	    "--role-arn ARN, or the user's long-term keys (AKIA…), or all the "
	    "same: --force",
	    "these are GetSessionToken keys of %s, which open no console",
	    run->out->who.arn);
}

static bool
send_identity(struct run *run, int64_t *signed_s, struct error *err)
{
	return calls_send(run, &(struct sts_call){
		.action = STS_GET_CALLER_IDENTITY
	}, signed_s, err);
}

/* The answer to GetCallerIdentity, awaited at most a second longer. */
static void
read_identity(struct run *run, struct sts_refusal *refusal)
{
	struct link *link = &run->wire->sts;
	int64_t until_ms = run->now_ms + IDENTITY_GRACE_MS, signed_s;
	struct error why = { 0 };
	enum sts_result result = STS_BAD;

	if (until_ms > run->deadline_ms)
		until_ms = run->deadline_ms;
	do {
		links_step(run, link);
		links_wait(run, link, until_ms);
	} while (links_detour(run, link, &why) &&
	    send_identity(run, &signed_s, &why));
	if (link->state == LINK_DONE) {
		result = sts_read(&link->http, STS_GET_CALLER_IDENTITY, NULL,
		    &run->out->who, refusal, &why);
		calls_hide_secrets(run, refusal);
		calls_check_date(run, link);
	} else {
		link_expire(link, (run->now_ms - link->since_ms) / 1000);
		why = link->err;
	}
	if (result == STS_OK)
		return;
	run_say(run, SAY_WARNING, "STS did not say whose keys these are: %s",
	    result == STS_REFUSED ? refusal->code : why.what);
}

/* ---- sign-in ---- */

static bool
send_signin(struct run *run, const struct creds *keys, struct error *err)
{
	struct wire *w = run->wire;
	struct buf request = BUF_OVER(w->signin_request);
	struct buf scratch = BUF_OVER(w->scratch);
	bool get = run->opt->signin_get, ok;

	if (!links_revive(run, &w->signin, err))
		return false;
	ok = signin_write(&request, keys, run->route->session_duration_s,
	    get, &run->route->signin, &scratch, err);
	buf_wipe(&scratch);
	if (ok)
		links_request(run, &w->signin, get ? "GET" : "POST",
		    buf_slice(&request), false);
	return ok;
}

/* Sign-in cannot be reached. Say what is known, and where else to try. */
static void
explain_blocked(struct run *run, struct error *err)
{
	char what[200];                 /* of many addresses, some */

	if (err->kind != ERR_UNREACHABLE || err->step == STEP_SIGNIN ||
	    !run->out->who.arn[0])
		return;
	fmt_text(what, sizeof what, "%s", err->what);
	fmt_text(err->what, sizeof err->what,
	    "%s. STS works, so the keys are good: only sign-in is blocked", what);
	/* It is a better cure than a longer wait or another address. */
	err->again[0] = '\0';
	err->hint[0] = '\0';
	err_hint(err, "postern creds --format json here, with the same options, "
	    "and its output into postern --credentials - where sign-in can be "
	    "reached");
}

/* Sign-in failed at a host that may not be there for consoles. */
static void
offer_ordinary_signin(const struct run *run, struct error *err)
{
	const struct route *r = run->route;
	char option[HOST_NAME_MAX_LEN + 32];
	struct buf b = TEXT_OVER(option);

	if (!r->hosts || r->signin_given || !run->wire->signin.request.len ||
	    err->step == STEP_STS || err->step == STEP_PROXY ||
	    (err->kind != ERR_UNREACHABLE && err->kind != ERR_PROTOCOL &&
	    err->kind != ERR_DENIED && err->kind != ERR_BUSY))
		return;
	route_put_ordinary_signin(&b, r, run->opt);
	buf_end(&b);
	err->again[0] = err->hint[0] = '\0';
	err_again(err, "%s", option);
	err_hint(err, ROUTE_SIGNIN_DOUBT);
}

static bool
refuse_signin(struct run *run, struct error *err)
{
	const struct link *link = &run->wire->signin;
	const struct route *r = run->route;

	return signin_explain(&(struct signin_facts){
		.fresh = r->kind != ROUTE_DIRECT,
		.identity_known = run->out->who.arn[0] != '\0',
		.duration_sent = r->session_duration_s > 0,
		.region_given = r->partition_known,
		.partition = r->partition,
		.status = link->http.status,
		.request_id = link->http.request_id,
	}, err);
}

/* Trade the session for a sign-in token, at the route's host. */
static enum signin_result
sign_in_at(struct run *run, const struct creds *keys, struct error *err)
{
	struct link *link = &run->wire->signin;
	enum exchange_end end = EXCHANGE_FAILED;

	do
		end = send_signin(run, keys, err) ?
		    links_finish(run, link, err) : EXCHANGE_FAILED;
	while (end == EXCHANGE_AGAIN);
	if (end == EXCHANGE_FAILED) {
		calls_explain_region(run, link, err);
		return SIGNIN_BAD;
	}
	run_say(run, SAY_TRACE, "signin: getSigninToken: HTTP %u",
	    link->http.status);
	calls_check_date(run, link);
	return signin_read(&link->http, &run->route->signin,
	    run->secret->signin_token, err);
}

/* Does the failure speak of the host, not of the way there or the keys? */
static bool
is_down(const struct link *link, const struct error *err)
{
	/* A resolver that is silent knows nothing of another host, either. */
	if (err->kind == ERR_UNREACHABLE)
		return !link->proxy && (err->step != STEP_DNS || link->dns.no_name);
	return err->kind == ERR_BUSY && link->http.status != 429;
}

/*
 * A sign-in host that is down is replaced once, inside the partition; when the
 * other fails, too, the first one's failure is what has to be mended.
 */
static enum signin_result
sign_in_elsewhere(struct run *run, const struct creds *keys, struct error *err)
{
	struct route *r = run->route;
	enum signin_result result = SIGNIN_BAD;
	char down[sizeof r->signin.host];
	struct error first = *err;

	copy_text(down, sizeof down, slice_of(r->signin.host));
	if (r->signin_given || r->sts_given || run->opt->signin_region.len ||
	    run->now_ms >= run->deadline_ms || !route_other_signin(r))
		return SIGNIN_BAD;
	run_say(run, SAY_WARNING, "%s is down (%s): %s is used in its place",
	    down, err->what, r->signin.host);
	memset(err, 0, sizeof *err);
	if (links_start(run, &run->wire->signin, STEP_SIGNIN, &r->signin, err))
		result = sign_in_at(run, keys, err);
	if (result == SIGNIN_BAD) {
		run_say(run, SAY_WARNING, "%s: %s", r->signin.host, err->what);
		*err = first;
	}
	return result;
}

static enum signin_result
sign_in(struct run *run, const struct creds *keys, struct error *err)
{
	enum signin_result result = sign_in_at(run, keys, err);

	if (result == SIGNIN_BAD && is_down(&run->wire->signin, err))
		result = sign_in_elsewhere(run, keys, err);
	if (result == SIGNIN_BAD)
		explain_blocked(run, err);
	return result;
}

/* ---- the routes ---- */

/* Root's keys, for one, get an hour whatever is asked for. */
static void
check_shortened(struct run *run)
{
	const struct session *made = &run->secret->session;
	int64_t got_s = made->expires_s - run_now_s(run);
	char asked[24], got[24];
	struct buf ab = TEXT_OVER(asked);
	struct buf gb = TEXT_OVER(got);

	if (run->route->kind != ROUTE_FEDERATE ||
	    run->route->sts_duration_s - got_s <= CLOCK_WARN_S)
		return;
	timestamp_put_span(&ab, run->route->sts_duration_s);
	timestamp_put_span(&gb, (got_s + 30) / 60 * 60);
	buf_end(&ab);
	buf_end(&gb);
	run_say(run, SAY_WARNING, "AWS made the session %s long, not %s: "
	    "root's get an hour at most", got, asked);
}

/* Both, unless they are open already. */
static bool
open_links(struct run *run, struct error *err)
{
	struct wire *w = run->wire;

	return (w->sts.state != LINK_OFF ||
	    links_start(run, &w->sts, STEP_STS, &run->route->sts, err)) &&
	    (w->signin.state != LINK_OFF || run->opt->command != COMMAND_URL ||
	    links_start(run, &w->signin, STEP_SIGNIN, &run->route->signin, err));
}

/* GetFederationToken or AssumeRole, on a link that is on its way. */
static bool
make_session(struct run *run, struct error *err)
{
	const struct route *r = run->route;
	const struct plan *plan = &run->wire->plan;
	const struct role *role = plan->roles_n ?
	    &plan->roles[plan->roles_n - 1] : NULL;
	struct sts_call call = { .action = STS_GET_FEDERATION_TOKEN };

	if (role)
		call = fetch_role_call(run, role);
	call.name = slice_of(r->name);
	call.policy = r->policy;
	call.policy_arns = r->policy_arn;
	call.policy_arns_n = r->policy_arns_n;
	call.duration_s = r->sts_duration_s;
	if (!calls_sts(run, &call, role, &run->secret->session, err))
		return false;
	links_end(run, &run->wire->sts);
	/* What called STS is not needed any more; only the new session is. */
	sigv4_keys_wipe(&run->secret->keys);
	explicit_bzero(&run->secret->creds, sizeof run->secret->creds);
	if (run->secret->session.expires_s <= run_now_s(run))
		return err_fail(err, ERR_PROTOCOL, STEP_STS,
		    "check that the STS endpoint is AWS's",
		    "STS answered with expired credentials");
	check_shortened(run);
	return true;
}

/* A session of STS's, then sign-in with it. */
static bool
by_new_session(struct run *run, struct error *err)
{
	if (!open_links(run, err) || !make_session(run, err))
		return false;
	switch (sign_in(run, &run->secret->session.creds, err)) {
	case SIGNIN_OK:
		return true;
	case SIGNIN_REFUSED:
		return refuse_signin(run, err);
	case SIGNIN_BAD:
		break;
	}
	return false;
}

/* AWS did not like the duration that was asked for: once more without it. */
static enum signin_result
sign_in_without_duration(struct run *run, struct error *err)
{
	run_say(run, SAY_WARNING, "sign-in refused the duration (HTTP 400): "
	    "tried again without it, so the session lasts as long as the "
	    "keys");
	run->route->session_duration_s = 0;
	if (!links_continue(run, &run->wire->signin, err))
		return SIGNIN_BAD;
	return sign_in(run, &run->secret->creds, err);
}

/* Who is asking decides where session keys may go: STS first, alone. */
static bool
settle_partition(struct run *run, struct error *err)
{
	struct sts_call call = { .action = STS_GET_CALLER_IDENTITY };
	bool ok = calls_sts(run, &call, NULL, NULL, err);

	links_end(run, &run->wire->sts);
	if (!ok) {
		if (err->kind == ERR_UNREACHABLE && !err->again[0])
			err_again(err, "--region us-east-1");
		return false;
	}
	return check_kind(run, err) && route_settle_partition(run->route,
	    run->opt, slice_of(run->out->who.arn), err) &&
	    run_set_destination(run, err);
}

/* Temporary keys go to sign-in as they are; STS is asked beside. */
static bool
by_held_session(struct run *run, struct error *err)
{
	struct sts_refusal refusal = { 0 };
	enum signin_result result;
	int64_t signed_s = 0;
	bool beside;

	if (run->route->identity_first && !settle_partition(run, err))
		return false;
	/* Whose keys they are may have come with them. */
	beside = !run->out->who.arn[0];
	if (!open_links(run, err) ||
	    (beside && !send_identity(run, &signed_s, err)))
		return false;
	result = sign_in(run, &run->secret->creds, err);
	if (beside) {
		read_identity(run, &refusal);
		sigv4_keys_wipe(&run->secret->keys);
		if (result == SIGNIN_BAD)
			explain_blocked(run, err);
	}
	/* A URL that AWS gives is not withheld for what the ARN looks like. */
	if (result == SIGNIN_BAD ||
	    (result == SIGNIN_REFUSED && !check_kind(run, err)))
		return false;
	if (result == SIGNIN_REFUSED && refusal_is_of_keys(&refusal) &&
	    !refusal_is_skew(&refusal, signed_s)) {
		struct refusal_facts facts = calls_facts(run,
		    STS_GET_CALLER_IDENTITY);

		return refusal_explain(&refusal, &facts, err);
	}
	if (result == SIGNIN_REFUSED && run->route->session_duration_s)
		result = sign_in_without_duration(run, err);
	if (result == SIGNIN_REFUSED)
		return refuse_signin(run, err);
	return result == SIGNIN_OK;
}

/* When the console session ends, as far as it is known. */
static void
set_session_end(struct run *run)
{
	struct login *out = run->out;
	const struct session *made = &run->secret->session;

	if (run->route->session_duration_s) {
		out->session_expires_known = true;
		out->session_expires_s = out->now_s +
		    run->route->session_duration_s;
	} else if (made->expires_known) {
		out->session_expires_known = true;
		out->session_expires_s = made->expires_s;
	}
}

static bool
finish_url(struct run *run, struct error *err)
{
	struct login *out = run->out;
	const struct link *link = &run->wire->signin;
	struct buf url = BUF_OVER(run->wire->url);

	out->now_s = run_now_s(run);
	out->url_expires_s = out->now_s + URL_LIFE_S;
	set_session_end(run);
	copy_text(out->signin_host, sizeof out->signin_host,
	    slice_of(run->route->signin.host));
	copy_text(out->request_id, sizeof out->request_id,
	    slice_of(link->http.request_id[0] ? link->http.request_id :
	    out->who.request_id));
	if (!loginurl_write(&url, &run->route->signin, run->opt->issuer,
	    slice_of(out->destination), slice_of(run->secret->signin_token), err))
		return false;
	out->url = buf_slice(&url);
	return true;
}

/* Hosts that are none of AWS's are named before keys go to them. */
static void
begin(struct run *run)
{
	const struct route *r = run->route;

	if (r->sts_foreign)
		run_say(run, SAY_WARNING, "STS requests go to %s, which is none "
		    "of AWS's names", r->sts.host);
	if (r->signin_foreign && run->opt->command == COMMAND_URL)
		run_say(run, SAY_WARNING, "session keys go to %s, which is none "
		    "of AWS's names", r->signin.host);
	if (r->warning[0])
		run_say(run, SAY_WARNING, "%s", r->warning);
}

bool
login_run(struct workspace *ws, const struct options *opt, struct login *out,
	struct listener *listener, struct error *err)
{
	struct run run;
	bool ok;

	run_init(&run, ws, opt, out, listener);
	begin(&run);
	ok = fetch_keys(&run, err) && (out->route.kind == ROUTE_DIRECT ?
	    by_held_session(&run, err) : by_new_session(&run, err));
	ok = ok && finish_url(&run, err);
	if (!ok)
		offer_ordinary_signin(&run, err);
	/* Nothing but the URL is needed any more. */
	explicit_bzero(ws->secret, sizeof *ws->secret);
	links_end(&run, &ws->wire->source);
	links_end(&run, &ws->wire->sts);
	links_end(&run, &ws->wire->signin);
	return ok;
}

bool
login_creds(struct workspace *ws, const struct options *opt,
	struct login *out, struct listener *listener, struct error *err)
{
	struct run run;
	bool ok;

	run_init(&run, ws, opt, out, listener);
	out->session = &ws->secret->session;
	out->now_s = run_now_s(&run);
	/* Keys that are handed on as they are go nowhere. */
	if (out->route.kind != ROUTE_DIRECT ||
	    out->base->source->way == BY_STS)
		begin(&run);
	ok = fetch_keys(&run, err);
	if (ok && out->route.kind == ROUTE_DIRECT)
		ws->secret->session.creds = ws->secret->creds;
	else
		ok = ok && make_session(&run, err);
	links_end(&run, &ws->wire->source);
	links_end(&run, &ws->wire->sts);
	out->now_s = run_now_s(&run);
	return ok;
}

bool
login_whoami(struct workspace *ws, const struct options *opt,
	struct login *out, struct listener *listener, struct error *err)
{
	struct run run;
	struct sts_call call = { .action = STS_GET_CALLER_IDENTITY };
	bool ok;

	run_init(&run, ws, opt, out, listener);
	begin(&run);
	ok = fetch_keys(&run, err) && (out->roles_n ?
	    make_session(&run, err) : out->who.arn[0] ||
	    calls_sts(&run, &call, NULL, NULL, err));
	links_end(&run, &ws->wire->source);
	links_end(&run, &ws->wire->sts);
	out->now_s = run_now_s(&run);
	out->session_expires_known = ws->secret->session.expires_known;
	out->session_expires_s = ws->secret->session.expires_s;
	explicit_bzero(ws->secret, sizeof *ws->secret);
	return ok;
}
