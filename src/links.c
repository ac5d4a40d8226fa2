/* SPDX-License-Identifier: MIT */
/*
 * One loop around all links, with the deadline of the run; and when a request
 * is worth another try.
 */
#include "links.h"

#include <poll.h>

#include "codec/timestamp.h"
#include "sys/host.h"

static struct tries *
tries_of(struct run *run, const struct link *link)
{
	return &run->tries[link == &run->wire->signin ? 1 :
	    link == &run->wire->source ? 2 : 0];
}

void
links_wipe_request(struct run *run, struct link *link)
{
	struct wire *w = run->wire;

	explicit_bzero(link == &w->sts ? w->sts_request :
	    link == &w->signin ? w->signin_request : w->source_request,
	    link->request.len);
	link->request.len = 0;
}

void
links_end(struct run *run, struct link *link)
{
	links_wipe_request(run, link);
	link_end(link);
}

/* No step may take more than a third of all the time there is. */
static int64_t
step_limit_ms(const struct run *run)
{
	int64_t third_ms = run->opt->timeout_s * 1000 / 3;

	return third_ms > STEP_MS ? third_ms : STEP_MS;
}

bool
links_open(struct run *run, struct link *link, struct error *err)
{
	struct tries *tries = tries_of(run, link);
	uint8_t random[LINK_RANDOM];
	struct link_target target = {
		.step = tries->step, .host = tries->to->host,
		.port = tries->to->port, .https = tries->to->https,
		.proxy = tries->to->https ? run_proxy_for(run, tries->to) : NULL,
		.trust = &run->wire->trust, .names = &run->wire->names,
		.may_ask = tries->may_ask,
		.now_s = run_now_s(run), .step_ms = step_limit_ms(run),
	};

	links_end(run, link);
	tries->until_ms = run->now_ms + tries->limit_ms;
	if (!host_random(random, sizeof random, err))
		return false;
	run_say(run, SAY_TRACE, "%s: %s %s%s%s", err_step_word(tries->step),
	    link_state_word(LINK_RESOLVE), tries->to->host,
	    target.proxy ? " through proxy " : "",
	    target.proxy ? run->out->proxy : "");
	link_start(link, &target, random, run->now_ms);
	explicit_bzero(random, sizeof random);
	return true;
}

bool
links_start(struct run *run, struct link *link, enum step step,
	const struct endpoint *to, struct error *err)
{
	*tries_of(run, link) = (struct tries){
		.step = step, .to = to, .max = TRIES_MAX,
	};
	return links_open(run, link, err);
}

bool
links_continue(struct run *run, struct link *link, struct error *err)
{
	if (!link_is_reusable(link))
		return links_open(run, link, err);
	links_wipe_request(run, link);
	return true;
}

void
links_request(struct run *run, struct link *link, const char *method,
	struct slice request, bool once)
{
	struct tries *tries = tries_of(run, link);

	tries->once = once;
	link_request(link, method, request, !once && !run->opt->no_false_start &&
	    !tries->plain);
}

void
links_step(struct run *run, struct link *link)
{
	enum link_state before = link->state;

	link_step(link, run->now_ms);
	if (link->state == before)
		return;
	if (link->state == LINK_DONE)
		link->since_ms = run->now_ms;
	if (link->state == LINK_HANDSHAKE || link->state == LINK_READY) {
		char address[48];
		struct buf b = TEXT_OVER(address);

		dial_put_address(&b, &link->dial);
		buf_end(&b);
		run_say(run, SAY_TRACE, "%s: %s %s (%s)",
		    err_step_word(link->step), link_state_word(link->state),
		    link->host, address);
	} else {
		run_say(run, SAY_TRACE, "%s: %s %s%s", err_step_word(link->step),
		    link_state_word(link->state), link->host,
		    link->early && link->state == LINK_READ &&
		    !link->tls.established ? " (False Start)" : "");
	}
}

/* On a terminal: what takes longer than a second, and how long it may. */
static bool
say_running(struct run *run, const struct link *link)
{
	int64_t end_ms = link_ends_ms(link);

	if (link_over(link) || link->state == LINK_READY ||
	    run->now_ms - link->since_ms < 1000)
		return false;
	if (end_ms > run->deadline_ms)
		end_ms = run->deadline_ms;
	run_say(run, SAY_RUNNING, "%s %s, %d s (gives up at %d s)",
	    link_state_word(link->state), link->step == STEP_STS ? "STS" :
	    link->step == STEP_SIGNIN ? "sign-in" : link->host, (int)((run->now_ms - link->since_ms) / 1000),
	    (int)((end_ms - link->since_ms + 500) / 1000));
	return true;
}

/*
 * Wait for any link, or for input on `fd` unless it is -1, at most until
 * `until_ms`, and step them. Answers whether there is input.
 */
static bool
wait_and_step(struct run *run, int fd, int64_t until_ms)
{
	/* No line may run over a prompt. */
	bool live = run->listener->live && fd < 0;
	struct link *links[] = {
		&run->wire->sts, &run->wire->signin, &run->wire->source
	};
	struct pollfd pf[LINKS * LINK_POLL_MAX + 1];
	nfds_t n = 0;
	int64_t next_ms = until_ms;

	if (live && run->now_ms + 1000 < next_ms)
		next_ms = run->now_ms + 1000;
	for (int i = 0; i < LINKS; i++) {
		int64_t timer_ms;

		n += link_wants(links[i], pf + n, &timer_ms);
		if (timer_ms < next_ms)
			next_ms = timer_ms;
	}
	pf[n] = (struct pollfd){ .fd = fd, .events = POLLIN };
	/* EINTR and early wake-ups are no matter: steps look for themselves. */
	poll(pf, n + 1, next_ms > run->now_ms ? (int)(next_ms - run->now_ms) : 0);
	run->now_ms = host_steady_ms();
	for (int i = 0; i < LINKS; i++)
		if (!link_over(links[i]))
			links_step(run, links[i]);
	/* One line has room for one of them. */
	for (int i = 0; live && i < LINKS; i++)
		if (say_running(run, links[i]))
			break;
	return pf[n].revents != 0;
}

void
links_wait(struct run *run, const struct link *link, int64_t until_ms)
{
	while (!link_over(link) && run->now_ms < until_ms)
		wait_and_step(run, -1, until_ms);
}

bool
links_wait_input(struct run *run, int fd, int64_t until_ms)
{
	while (run->now_ms < until_ms)
		if (wait_and_step(run, fd, until_ms))
			return true;
	return false;
}

bool
links_revive(struct run *run, struct link *link, struct error *err)
{
	links_step(run, link);
	return link->state != LINK_FAILED || !link->lost ||
	    !link->tls.established || tries_of(run, link)->n ||
	    links_open(run, link, err);
}

/* Seconds or a date (RFC 9110 §10.2.3), as milliseconds from now; else 0. */
static int64_t
retry_after_ms(const struct run *run, const struct link *link)
{
	struct slice text = slice_of(link->http.retry_after);
	int64_t at_s, now_s;
	uint64_t seconds;

	if (slice_to_u64(text, INT32_MAX, &seconds))
		return (int64_t)seconds * 1000;
	/* By the clock that the date is of. */
	if (!timestamp_read_http(slice_of(link->http.date), &now_s))
		now_s = run_now_s(run);
	if (!timestamp_read_http(text, &at_s) || at_s <= now_s)
		return 0;
	return (at_s - now_s) * 1000;
}

/* Twice as long each time, and never in step with other clients. */
static int64_t
backoff_ms(unsigned tried)
{
	int64_t room = (WAIT_MIN_MS << tried) - WAIT_MIN_MS;
	uint8_t random[2] = { 0 };
	struct error none = { 0 };

	if (!host_random(random, sizeof random, &none))
		return WAIT_MAX_MS;
	if (room > WAIT_MAX_MS - WAIT_MIN_MS)
		room = WAIT_MAX_MS - WAIT_MIN_MS;
	return WAIT_MIN_MS + room * (random[0] << 8 | random[1]) / 65535;
}

/* Wait with an eye on the other link. */
static bool
pause_and_continue(struct run *run, struct link *link, int64_t pause_ms,
	struct error *err)
{
	int64_t until_ms = run->now_ms + pause_ms;

	while (run->now_ms < until_ms)
		wait_and_step(run, -1, until_ms);
	memset(err, 0, sizeof *err);
	return links_continue(run, link, err);
}

bool
links_try_again(struct run *run, struct link *link, const char *why,
	struct error *err)
{
	struct tries *tries = tries_of(run, link);
	int64_t pause_ms = backoff_ms(++tries->n), asked_ms;

	asked_ms = link->state == LINK_DONE ? retry_after_ms(run, link) : 0;
	if (asked_ms > pause_ms)
		pause_ms = asked_ms;
	/* The code was in what may have arrived. */
	if ((tries->once && link->sent) || tries->n >= tries->max ||
	    run->now_ms + pause_ms >= run->deadline_ms)
		return false;
	run_say(run, SAY_TRACE, "%s: %s: try %u of %u in %d ms",
	    err_step_word(link->step), why, tries->n + 1, tries->max,
	    (int)pause_ms);
	return pause_and_continue(run, link, pause_ms, err);
}

/* Answers that come of load or of a restart, not of what was asked. */
static bool
is_busy(unsigned status)
{
	return status == 429 || status == 500 || (status >= 502 && status <= 504);
}

bool
links_detour(struct run *run, struct link *link, struct error *err)
{
	struct tries *tries = tries_of(run, link);

	if (link->state != LINK_FAILED || run->now_ms >= run->deadline_ms)
		return false;
	/* The server closed while the request was on its way (RFC 9112 §9.3.1). */
	if (link->reused && link->lost && !http1_started(&link->http) &&
	    (!tries->once || !link->sent))
		return links_open(run, link, err);
	if (tries->plain || !link_disliked_early(link))
		return false;
	run_say(run, SAY_TRACE, "%s: the connection ended after False Start: "
	    "once more without it", err_step_word(link->step));
	tries->plain = true;
	return links_open(run, link, err);
}

enum exchange_end
links_finish(struct run *run, struct link *link, struct error *err)
{
	const struct tries *tries = tries_of(run, link);
	char why[32];
	bool again, late;

	/* A request that was just given leaves now, not at the next wake-up. */
	links_step(run, link);
	links_wait(run, link, tries->limit_ms &&
	    tries->until_ms < run->deadline_ms ? tries->until_ms :
	    run->deadline_ms);
	late = !link_over(link);
	if (late)
		link_expire(link, tries->limit_ms ? tries->limit_ms / 1000 :
		    run->opt->timeout_s);
	if (link->state == LINK_DONE) {
		fmt_text(why, sizeof why, "HTTP %u", link->http.status);
		again = is_busy(link->http.status) &&
		    links_try_again(run, link, why, err);
		return again ? EXCHANGE_AGAIN : EXCHANGE_DONE;
	}
	again = links_detour(run, link, err) ||
	    ((link->lost || (late && tries->limit_ms)) &&
	    err->kind == ERR_NONE &&
	    links_try_again(run, link, link->err.what, err));
	if (!again && err->kind == ERR_NONE)
		*err = link->err;
	return again ? EXCHANGE_AGAIN : EXCHANGE_FAILED;
}
