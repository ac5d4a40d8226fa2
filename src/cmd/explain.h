/* SPDX-License-Identifier: MIT */
/*
 * --explain: which keys, hosts, calls, policy and duration a run would use,
 * and which IAM permission each call needs.
 */
#ifndef POSTERN_CMD_EXPLAIN_H
#define POSTERN_CMD_EXPLAIN_H

#include "cli/options.h"
#include "login.h"

void explain_put(struct buf *b, const struct options *opt,
	const struct login *login);

#endif
