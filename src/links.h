/* SPDX-License-Identifier: MIT */
/*
 * The links of a run, STS, sign-in and a source of keys, side by side: started,
 * waited for, tried again. What is asked and what it means is login.c's.
 */
#ifndef POSTERN_LINKS_H
#define POSTERN_LINKS_H

#include "workspace.h"

enum exchange_end {
	EXCHANGE_DONE,          /* the answer is in link->http */
	EXCHANGE_AGAIN,         /* the link is open anew: give the request again */
	EXCHANGE_FAILED         /* err is set */
};

/* Begin to connect `link` to a host, with all its tries ahead. */
bool links_start(struct run *run, struct link *link, enum step step,
	const struct endpoint *to, struct error *err)
	__attribute__((warn_unused_result));

/* The same for a link whose struct tries the caller has filled. */
bool links_open(struct run *run, struct link *link, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Make ready for another request to the same host: the same connection where
 * it lasts, else a new one.
 */
bool links_continue(struct run *run, struct link *link, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Give a request, which lies in the workspace. One that may go out `once` only
 * is not sent before the handshake has ended, nor a second time.
 */
void links_request(struct run *run, struct link *link, const char *method,
	struct slice request, bool once);

/* Go as far as possible without waiting, with a trace of what changed. */
void links_step(struct run *run, struct link *link);

/* Run all links until `link` is over, at most until `until_ms`. */
void links_wait(struct run *run, const struct link *link, int64_t until_ms);

/* The same until `fd` has input; false when it had none. */
bool links_wait_input(struct run *run, int fd, int64_t until_ms);

/*
 * A connection that was opened before there was a request, and closed
 * meanwhile, lost no try: open another in its place.
 */
bool links_revive(struct run *run, struct link *link, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Wait for the answer. What failed without anyone refusing it (a connection
 * that was lost, an answer of 429 or 5xx) is tried again after a pause.
 */
enum exchange_end links_finish(struct run *run, struct link *link,
	struct error *err);

/*
 * After a failure that is no try lost, since it is in the way that was taken
 * (False Start, a connection used again): open another, if there is time.
 */
bool links_detour(struct run *run, struct link *link, struct error *err);

/*
 * Another try after the answer that link holds, if one is left: pause, open.
 * `why` is for the trace. False leaves the answer as it is.
 */
bool links_try_again(struct run *run, struct link *link, const char *why,
	struct error *err);

/* Wipe a request that was answered: it holds keys or tokens. */
void links_wipe_request(struct run *run, struct link *link);

/* Close, and wipe the request too. */
void links_end(struct run *run, struct link *link);

#endif
