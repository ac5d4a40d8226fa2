/* SPDX-License-Identifier: MIT */
/*
 * The parcel of this room: temporary credentials that a console session can
 * be opened with, and who they belong to.
 */
#ifndef POSTERN_STS_SESSION_H
#define POSTERN_STS_SESSION_H

#include "creds/creds.h"

/* Lies in the secret region; wiped with it. */
struct session {
	struct creds creds;
	bool expires_known;
	int64_t expires_s;              /* seconds since 1970-01-01 UTC */
};

/* What STS says of a caller or a new session; not secret. */
struct identity {
	char arn[ARN_MAX + 1];          /* empty: not known */
	char account[16];
	char user_id[USER_ID_MAX + 1];  /* UserId, FederatedUserId, AssumedRoleId */
	char request_id[72];
};

#endif
