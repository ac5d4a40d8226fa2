/* SPDX-License-Identifier: MIT */
/*
 * The calls to STS of a run: written, sent, read, with the clock corrected once
 * and codes of MFA devices asked for. Which calls a run needs is login.c's.
 */
#ifndef POSTERN_CALLS_H
#define POSTERN_CALLS_H

#include "links.h"
#include "sts/refusal.h"
#include "sts/sts.h"

/*
 * One call to the STS of the route, on its link, which is opened when it is
 * not open. On success run->out->who is filled, and `session` by calls that
 * make one. `role` is of AssumeRole: its token code is got here.
 */
bool calls_sts(struct run *run, struct sts_call *call,
	const struct role *role, struct session *session, struct error *err)
	__attribute__((warn_unused_result));

/*
 * For one that is answered beside something else: send it on a link that was
 * started; *signed_s is the time that was signed.
 */
bool calls_send(struct run *run, const struct sts_call *call,
	int64_t *signed_s, struct error *err)
	__attribute__((warn_unused_result));

/* What to know besides a refusal of this call. */
struct refusal_facts calls_facts(const struct run *run,
	enum sts_action action);

/* AWS's words may repeat what was signed, a session token included. */
void calls_hide_secrets(const struct run *run, struct sts_refusal *refusal);

/* A region that AWS has not published, and a name that does not exist. */
void calls_explain_region(const struct run *run, const struct link *link,
	struct error *err);

/* A Date over verified TLS that is far off is worth a word, even on success. */
void calls_check_date(struct run *run, const struct link *link);

#endif
