/* SPDX-License-Identifier: MIT */
/*
 * AWS's federation endpoint: trade a session's keys for a sign-in token.
 * Source: IAM User Guide, "Enable custom identity broker access to the AWS
 * console".
 */
#ifndef POSTERN_SIGNIN_SIGNIN_H
#define POSTERN_SIGNIN_SIGNIN_H

#include "aws/partition.h"
#include "codec/http1.h"
#include "sts/session.h"

/*
 * Append a whole getSigninToken request. `session_duration_s` is left out when
 * 0. A POST, so that keys are in no URL; with `get` they are in the request
 * target. `scratch` is overwritten and then holds secrets, as `request` does.
 * Fails with ERR_LIMIT when a buffer is full.
 */
bool signin_write(struct buf *request, const struct creds *keys,
	int64_t session_duration_s, bool get, const struct endpoint *to,
	struct buf *scratch, struct error *err)
	__attribute__((warn_unused_result));

enum signin_result { SIGNIN_OK, SIGNIN_REFUSED, SIGNIN_BAD };

/*
 * Read the answer. SIGNIN_OK: `token` is filled, NUL-terminated.
 * SIGNIN_REFUSED: HTTP 400, which says nothing of the cause; see
 * signin_explain. SIGNIN_BAD: err is filled, `from` being named.
 */
enum signin_result signin_read(const struct http1 *answer,
	const struct endpoint *from, char token[static SIGNIN_TOKEN_MAX + 1], struct error *err)
	__attribute__((warn_unused_result));

/* What is known when sign-in has answered 400; rules causes out. */
struct signin_facts {
	bool fresh;                     /* STS made the keys in this run */
	bool identity_known;            /* GetCallerIdentity accepted them */
	bool duration_sent;
	bool region_given;
	const struct partition *partition;
	unsigned status;
	const char *request_id;
};

/* Fill err with the causes that remain, and their cures. Answers false. */
bool signin_explain(const struct signin_facts *facts, struct error *err);

#endif
