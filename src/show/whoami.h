/* SPDX-License-Identifier: MIT */
/*
 * Whose keys these are, for people and as JSON: account, ARN, user id, what
 * kind of keys, and how long they last.
 */
#ifndef POSTERN_SHOW_WHOAMI_H
#define POSTERN_SHOW_WHOAMI_H

#include "base/buf.h"

struct whoami {
	const char *account, *arn, *user_id;    /* of STS, printable; may be empty */
	const char *origin, *key_hint;          /* of the keys that are held */
	bool temporary;                         /* what the ARN is of: a session */
	bool expires_known;
	int64_t expires_s, now_s;
	const char *partition, *region;
	bool region_given;                      /* else a default */
	const char *request_id;
};

/*
 * A word for the kind of keys: user, root, session-token, role, sso-role,
 * federated-user or unknown. The ARN tells all but whether they are long-term.
 * Source: IAM User Guide, "IAM identifiers"; IAM Identity Center User Guide,
 * "Referencing permission sets in resource policies".
 */
const char *whoami_kind(struct slice arn, bool temporary);

/* Append lines of a name and a value, or one JSON object on a line. */
void whoami_put_lines(struct buf *b, const struct whoami *w);
void whoami_put_json(struct buf *b, const struct whoami *w);

#endif
