/* SPDX-License-Identifier: MIT */
/*
 * Keys by the plan, up to those that the route begins with: asked of a host,
 * of STS for a web identity, and by assuming every role but the last.
 */
#ifndef POSTERN_FETCH_H
#define POSTERN_FETCH_H

#include "calls.h"

/*
 * On success the keys are in run->secret, the ones to sign with derived. Where
 * the sign-in host is known it is connected to meanwhile.
 */
bool fetch_keys(struct run *run, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Take the keys in run->wire->plan.base: check them and their end, note what
 * may be shown of them. Before the network, this is prepare.c's.
 */
bool fetch_take(struct run *run, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Derive the signing keys of yesterday, today and tomorrow from the keys that
 * are held, and wipe their secret unless sign-in is to get it.
 */
void fetch_derive(struct run *run);

/* What AssumeRole is asked for a role, but for session policies. */
struct sts_call fetch_role_call(const struct run *run,
	const struct role *role);

#endif
