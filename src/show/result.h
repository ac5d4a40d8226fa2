/* SPDX-License-Identifier: MIT */
/*
 * The results of `url` and `creds` as JSON, with times in RFC 3339 and null
 * for what is not known.
 */
#ifndef POSTERN_SHOW_RESULT_H
#define POSTERN_SHOW_RESULT_H

#include "base/buf.h"

struct result {
	struct slice url;
	int64_t url_expires_s;
	bool session_expires_known;
	int64_t session_expires_s;
	int64_t duration_requested_s;   /* 0: null */
	/* Empty texts become null. */
	const char *account, *arn, *partition, *region, *route, *signin_host;
	const char *request_id;
};

/* Members: an empty text and a time that is not known are null. */
void result_put_text(struct buf *b, const char *name, const char *text);
void result_put_time(struct buf *b, const char *name, bool known, int64_t t);

void result_put_json(struct buf *b, const struct result *r);

/*
 * Temporary keys as a credential process hands them out (AWS SDKs and Tools
 * Reference Guide, "Process credential provider"), else as in an answer of
 * STS, beside account and ARN. Expiration is left out when it is not known.
 */
struct result_creds {
	bool process;
	const char *access_key_id, *secret_access_key, *session_token;
	bool expires_known;
	int64_t expires_s;
	const char *account, *arn;
};

void result_put_creds(struct buf *b, const struct result_creds *r);

#endif
