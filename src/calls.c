/* SPDX-License-Identifier: MIT */
/*
 * One loop around a call: send, read, and again where that is safe. What a
 * refusal means is said in sts/refusal.c.
 */
#include "calls.h"

#include "codec/timestamp.h"
#include "mfa.h"
#include "sys/host.h"

void
calls_explain_region(const struct run *run, const struct link *link,
	struct error *err)
{
	struct slice region = slice_of(run->route->region);
	struct slice near = region_nearest(region);

	if (link->proxy || link->dns.state != DNS_FAILED ||
	    !link->dns.no_name)
		return;
	if (run->route->hosts && link == &run->wire->sts) {
		err->hint[0] = '\0';
		err_hint(err, "--region with one that has such hosts (FIPS: "
		    "us-east-1, us-east-2, us-west-1, us-west-2), or export "
		    "AWS_USE_FIPS_ENDPOINT=false "
		    "AWS_USE_DUALSTACK_ENDPOINT=false");
		return;
	}
	if (region_is_known(region) || !near.len)
		return;
	err->kind = ERR_CONFIG;
	err_again(err, "--region %.*s", (int)near.len, near.p);
}

/* ---- clock ---- */

static void
put_minutes(struct buf *b, int64_t seconds)
{
	if (seconds >= 2 * DAY_S)
		buf_fmt(b, "%d days", (int)(seconds / DAY_S));
	else if (seconds >= 2 * 3600)
		buf_fmt(b, "%d h", (int)(seconds / 3600));
	else
		buf_fmt(b, "%d min", (int)((seconds + 30) / 60));
}

static void
describe_skew(char *out, size_t cap, int64_t here_s, int64_t there_s)
{
	struct buf b = buf_over(out, cap - 1);
	bool slow = there_s > here_s;

	put_minutes(&b, slow ? there_s - here_s : here_s - there_s);
	buf_puts(&b, slow ? " slow (" : " fast (");
	timestamp_put_iso(&b, here_s);
	buf_puts(&b, " here, ");
	timestamp_put_iso(&b, there_s);
	buf_puts(&b, " at AWS)");
	buf_end(&b);
}

static bool
clock_is_hopeless(int64_t here_s, int64_t there_s, bool code,
	struct error *err)
{
	char skew[120], right[24];
	struct buf b = TEXT_OVER(right);

	describe_skew(skew, sizeof skew, here_s, there_s);
	timestamp_put_iso(&b, there_s);
	buf_end(&b);
	err_set(err, ERR_CLOCK, STEP_STS, "this host's clock is %s%s", skew,
	    code ? ", and a token code is sent once only" : "");
	return err_again(err, "--time %s", right);
}

/*
 * STS has refused a signature for its time. Correct the clock for this run,
 * unless no signing key was derived for that day, or the request carried a
 * token `code` and nobody can give another.
 */
static bool
correct_clock(struct run *run, int64_t there_s, bool code, struct error *err)
{
	int64_t here_s = run_now_s(run);
	char skew[120];

	if (!sigv4_keys_at(&run->secret->keys, there_s) || code)
		return clock_is_hopeless(here_s, there_s, code, err);
	describe_skew(skew, sizeof skew, here_s, there_s);
	run_say(run, SAY_WARNING, "this host's clock is %s: corrected for this "
	    "run", skew);
	run->out->clock_offset_s += there_s - here_s;
	return true;
}

void
calls_check_date(struct run *run, const struct link *link)
{
	/* As it was when the answer came: it may have lain here since. */
	int64_t here_s = run_now_s(run) - (run->now_ms - link->since_ms) / 1000;
	int64_t there_s;
	char skew[120];

	if (!link->https ||
	    !timestamp_read_http(slice_of(link->http.date), &there_s) ||
	    (there_s - here_s <= CLOCK_WARN_S && here_s - there_s <= CLOCK_WARN_S))
		return;
	describe_skew(skew, sizeof skew, here_s, there_s);
	run_say(run, SAY_WARNING, "this host's clock is %s", skew);
	run->out->clock_offset_s += there_s - here_s;
}

/* ---- calls ---- */

bool
calls_send(struct run *run, const struct sts_call *call, int64_t *signed_s,
	struct error *err)
{
	struct wire *w = run->wire;
	struct buf request = BUF_OVER(w->sts_request);
	struct buf scratch = BUF_OVER(w->scratch);
	struct sts_signer signer = {
		.access_key_id = slice_of(run->secret->creds.access_key_id),
		.session_token = slice_of(run->secret->creds.session_token),
		.keys = &run->secret->keys,
		.region = slice_of(run->route->signing_region),
	};
	bool ok;

	*signed_s = run_now_s(run);
	ok = sts_write(&request, call, &signer, &run->route->sts, *signed_s,
	    &scratch, err);
	buf_wipe(&scratch);
	if (ok)
		links_request(run, &w->sts, "POST", buf_slice(&request),
		    call->token_code.len > 0);
	return ok;
}

struct refusal_facts
calls_facts(const struct run *run, enum sts_action action)
{
	return (struct refusal_facts){
		.action = action,
		.temporary = creds_temporary(&run->secret->creds),
		.region_given = run->route->partition_known,
		.partition = run->route->partition,
	};
}

void
calls_hide_secrets(const struct run *run, struct sts_refusal *refusal)
{
	const struct creds *creds = &run->secret->creds;

	refusal_hide(refusal, slice_of(creds->session_token));
	refusal_hide(refusal, slice_of(creds->secret_access_key));
	refusal_hide(refusal, slice_of(run->secret->bearer));
}

static bool
open_sts(struct run *run, struct error *err)
{
	struct link *link = &run->wire->sts;

	return link->state == LINK_OFF ?
	    links_start(run, link, STEP_STS, &run->route->sts, err) :
	    link->state != LINK_DONE || links_continue(run, link, err);
}

/* Send until an answer is there. */
static bool
exchange(struct run *run, struct sts_call *call, const struct role *role,
	int64_t *signed_s, struct error *err)
{
	struct link *link = &run->wire->sts;
	enum exchange_end end = EXCHANGE_AGAIN;

	/* A code is for the role that asks for it, and for no call before. */
	if (role && role->mfa_serial.len) {
		if (!mfa_get_code(run, role, err))
			return false;
		call->token_code = slice_of(run->secret->token_code);
	}
	if (!links_revive(run, link, err))
		return false;
	while (end == EXCHANGE_AGAIN)
		end = calls_send(run, call, signed_s, err) ?
		    links_finish(run, link, err) : EXCHANGE_FAILED;
	/* Where nothing was sent it was tried again, so now it is used up. */
	if (call->token_code.len)
		mfa_spend_code(run);
	if (end == EXCHANGE_FAILED)
		calls_explain_region(run, link, err);
	return end == EXCHANGE_DONE;
}

bool
calls_sts(struct run *run, struct sts_call *call, const struct role *role,
	struct session *session, struct error *err)
{
	struct link *link = &run->wire->sts;
	struct refusal_facts facts = calls_facts(run, call->action);

	facts.mfa_sent = role && role->mfa_serial.len;
	for (bool corrected = false; ; ) {
		struct sts_refusal refusal = { 0 };
		enum sts_result result;
		int64_t signed_s;
		bool code;

		if (!open_sts(run, err) ||
		    !exchange(run, call, role, &signed_s, err))
			return false;
		code = call->token_code.len && !mfa_can_ask(run);
		run_say(run, SAY_TRACE, "sts: %s: HTTP %u",
		    sts_action_name(call->action), link->http.status);
		result = sts_read(&link->http, call->action, session,
		    &run->out->who, &refusal, err);
		if (result == STS_BAD)
			return false;
		if (result == STS_OK) {
			calls_check_date(run, link);
			return true;
		}
		calls_hide_secrets(run, &refusal);
		if (refusal_is_busy(&refusal) && !call->token_code.len &&
		    links_try_again(run, link, refusal.code, err))
			continue;
		if (call->token_code.len && refusal_is_of_code(&refusal) &&
		    mfa_try_again(run))
			continue;
		if (!refusal_is_skew(&refusal, signed_s) || corrected)
			return refusal_explain(&refusal, &facts, err);
		corrected = true;
		if (!correct_clock(run, refusal.server_time_s, code, err))
			return false;
	}
}
