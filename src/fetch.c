/* SPDX-License-Identifier: MIT */
/*
 * Fetch, derive, wipe, next host: no keys are held longer than the next ones
 * take. Which requests a source needs is its own file's in creds/.
 */
#include "fetch.h"

#include <errno.h>

#include "codec/timestamp.h"
#include "creds/inquiry.h"
#include "sys/file.h"

/* ---- keys that are here ---- */

/* Keys that have run out are not worth a packet. */
static bool
check_expiry(struct run *run, const struct step_of_plan *keys,
	struct error *err)
{
	struct session *held = &run->secret->session;
	char end[24], now[24];
	struct buf eb = TEXT_OVER(end);
	struct buf nb = TEXT_OVER(now);

	held->expires_known = keys->expires_known;
	held->expires_s = keys->expires_s;
	if (!keys->expires_known || run->opt->force ||
	    keys->expires_s > run_now_s(run))
		return true;
	timestamp_put_iso(&eb, keys->expires_s);
	timestamp_put_iso(&nb, run_now_s(run));
	buf_end(&eb);
	buf_end(&nb);
	return err_fail(err, ERR_DENIED, STEP_CREDENTIALS,
	    "new keys from where these came from; should this host's clock be "
	    "wrong, --time",
	    "the keys of %s expired at %s, and it is %s here",
	    run->wire->plan.origin, end, now);
}

bool
fetch_take(struct run *run, struct error *err)
{
	struct plan *plan = &run->wire->plan;
	const struct step_of_plan *keys = &plan->base;
	struct buf hint = buf_over(run->out->key_hint,
	    sizeof run->out->key_hint - 1);

	if (!creds_load(&run->secret->creds, keys->access_key_id,
	    keys->secret_access_key, keys->session_token, plan->origin, err) ||
	    !check_expiry(run, keys, err))
		return false;
	creds_put_key_hint(&hint, slice_of(run->secret->creds.access_key_id));
	buf_end(&hint);
	run->out->temporary = creds_temporary(&run->secret->creds);
	return true;
}

void
fetch_derive(struct run *run)
{
	struct creds *creds = &run->secret->creds;
	struct sigv4_scope scope = { run_now_s(run), { NULL, 0 }, SLICE("sts") };

	scope.region = slice_of(run->route->signing_region);
	sigv4_keys_derive(&run->secret->keys,
	    slice_of(creds->secret_access_key), &scope);
	if (run->route->kind != ROUTE_DIRECT)
		explicit_bzero(creds->secret_access_key,
		    sizeof creds->secret_access_key);
}

/* ---- keys of a host ---- */

static bool
start(struct run *run, const struct inquiry *q, struct endpoint *last,
	struct error *err)
{
	const struct step_of_plan *base = &run->wire->plan.base;
	struct link *link = &run->wire->source;
	struct tries *tries = &run->tries[2];
	bool same = strcmp(last->host, q->to.host) == 0 &&
	    last->port == q->to.port;

	*last = q->to;
	if (same && link->state == LINK_DONE)
		return links_continue(run, link, err);
	*tries = (struct tries){
		.step = STEP_CREDENTIALS, .to = last,
		.may_ask = base->source->inquiry->may_ask,
		.max = base->tries ? base->tries : TRIES_MAX,
		.limit_ms = base->limit_ms,
	};
	return links_open(run, link, err);
}

/* One request and its answer. */
static enum inquiry_end
ask(struct run *run, struct inquiry *q, struct endpoint *last,
	struct error *err)
{
	struct wire *w = run->wire;
	const struct inquiry_kind *kind = w->plan.base.source->inquiry;
	struct buf request = BUF_OVER(w->source_request);
	enum exchange_end end;
	char why[sizeof err->what];

	if (!kind->write(q, &request, err) || !start(run, q, last, err))
		return INQUIRY_FAILED;
	do {
		links_request(run, &w->source, q->method, buf_slice(&request),
		    false);
		end = links_finish(run, &w->source, err);
		links_wipe_request(run, &w->source);
		request = BUF_OVER(w->source_request);
	} while (end == EXCHANGE_AGAIN && kind->write(q, &request, err));
	if (end == EXCHANGE_DONE) {
		run_say(run, SAY_TRACE, "credentials: %s: HTTP %u",
		    w->plan.origin, w->source.http.status);
		return kind->read(q, &w->source.http, err);
	}
	if (!kind->missed || err->kind != ERR_UNREACHABLE)
		return INQUIRY_FAILED;
	fmt_text(why, sizeof why, "%s", err->what);
	memset(err, 0, sizeof *err);
	return kind->missed(q, why, w->source.sent > 0, err);
}

/* A login that was renewed is told to whoever shares it. */
static void
save_cache(struct run *run, struct buf *text)
{
	const struct slice file = run->wire->plan.base.file;
	int number = EFBIG;

	if (text->len && (text->full ||
	    !file_replace_end(&run->wire->renewal, buf_slice(text), &number)))
		run_say(run, SAY_WARNING, "the login was renewed, but %.*s could "
		    "not be told: %s", (int)file.len, file.p,
		    errno_words(number));
	buf_wipe(text);
}

static bool
ask_host(struct run *run, struct error *err)
{
	struct wire *w = run->wire;
	struct endpoint last = { .port = 0 };
	struct buf bearer = buf_over(run->secret->bearer, BEARER_MAX);
	struct buf save = BUF_OVER(w->scratch);
	struct inquiry q = {
		.plan = &w->plan, .bearer = &bearer, .room = &w->document,
		.save = &save, .now_s = run_now_s(run),
		.wants_region = !run->route->region_given,
	};
	enum inquiry_end end = INQUIRY_MORE;
	bool ok;

	bearer.len = strlen(run->secret->bearer);
	while (end == INQUIRY_MORE) {
		end = ask(run, &q, &last, err);
		/* At once: the old refresh token may be good no more. */
		save_cache(run, &save);
	}
	ok = end == INQUIRY_KEYS && fetch_take(run, err);
	buf_wipe(&bearer);
	buf_wipe(&w->document);
	links_end(run, &w->source);
	return ok && (!q.region[0] ||
	    (route_settle_region(run->route, run->opt, slice_of(q.region), err) &&
	    run_set_destination(run, err)));
}

/* ---- keys of STS ---- */

/* The new session's keys take the place of the ones that asked for it. */
static void
hold_session(struct run *run)
{
	struct session *made = &run->secret->session;

	run->secret->creds = made->creds;
	explicit_bzero(&made->creds, sizeof made->creds);
	run->out->temporary = true;
	fetch_derive(run);
}

static bool
show_web_identity(struct run *run, struct error *err)
{
	const struct step_of_plan *base = &run->wire->plan.base;
	struct buf hint = buf_over(run->out->key_hint,
	    sizeof run->out->key_hint - 1);
	struct sts_call call = {
		.action = STS_ASSUME_ROLE_WITH_WEB_IDENTITY,
		.name = base->session_name.len ? base->session_name :
		    slice_of(run->route->name),
		.role_arn = base->role_arn,
		.web_identity_token = slice_of(run->secret->bearer),
	};
	bool ok = calls_sts(run, &call, NULL, &run->secret->session, err);

	explicit_bzero(run->secret->bearer, sizeof run->secret->bearer);
	buf_wipe(&run->wire->document);
	if (!ok)
		return false;
	/* The link holds the token and the answer. */
	if (!run->out->roles_n)
		links_end(run, &run->wire->sts);
	hold_session(run);
	creds_put_key_hint(&hint, slice_of(run->secret->creds.access_key_id));
	buf_end(&hint);
	return true;
}

struct sts_call
fetch_role_call(const struct run *run, const struct role *role)
{
	return (struct sts_call){
		.action = STS_ASSUME_ROLE,
		.name = role->session_name.len ? role->session_name :
		    slice_of(run->route->name),
		.role_arn = role->role_arn,
		.external_id = role->external_id,
		.serial_number = role->mfa_serial,
		.source_identity = role->source_identity,
	};
}

bool
fetch_keys(struct run *run, struct error *err)
{
	const struct plan *plan = &run->wire->plan;
	const struct source *source = plan->base.source;
	/* Will the sign-in host stay what it is? */
	bool settled = run->route->partition_known &&
	    (run->route->region_given || !source->inquiry ||
	    !source->inquiry->tells_region);

	/* While keys are on their way, so is the connection that they are for. */
	if (run->opt->command == COMMAND_URL && settled && !plan->base.limit_ms &&
	    (source->way != BY_HAND || plan->roles_n > 1) &&
	    !links_start(run, &run->wire->signin, STEP_SIGNIN,
	    &run->route->signin, err))
		return false;
	if (source->way == BY_ASKING && !ask_host(run, err))
		return false;
	if (source->way == BY_STS && !show_web_identity(run, err))
		return false;
	if (source->way == BY_ASKING)
		fetch_derive(run);
	for (size_t i = 0; i + 1 < plan->roles_n; i++) {
		struct sts_call call = fetch_role_call(run, &plan->roles[i]);

		if (!calls_sts(run, &call, &plan->roles[i],
		    &run->secret->session, err))
			return false;
		hold_session(run);
	}
	return true;
}
