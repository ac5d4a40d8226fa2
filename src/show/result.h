/* SPDX-License-Identifier: MIT */
/*
 * The result of `url` as JSON, with times in RFC 3339 and null for what is
 * not known.
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

void result_put_json(struct buf *b, const struct result *r);

#endif
