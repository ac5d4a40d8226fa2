/* SPDX-License-Identifier: MIT */
/*
 * The end of the flow: a console page to open, and the login URL that opens
 * it. Source: IAM User Guide, "Enable custom identity broker access to the AWS
 * console", Action=login.
 */
#ifndef POSTERN_SIGNIN_LOGINURL_H
#define POSTERN_SIGNIN_LOGINURL_H

#include "aws/partition.h"
#include "base/error.h"

/* Which page, seen from the command line. */
struct destination_ask {
	struct slice place;             /* URL, path, service, or empty */
	struct slice console_url;       /* replaces the console's host; may be empty */
	struct slice region;            /* empty when none is known */
	const struct partition *partition;
};

/*
 * Append the full URL of the page: the shortest there is. Fails with ERR_USAGE
 * when the place is not a page of this partition's console.
 */
bool destination_put(struct buf *b, const struct destination_ask *ask,
	struct error *err) __attribute__((warn_unused_result));

/*
 * Append the login URL. The token is percent-encoded; `issuer` may be empty.
 * Fails with ERR_LIMIT when b is full.
 */
bool loginurl_write(struct buf *b, const struct endpoint *signin,
	struct slice issuer, struct slice destination, struct slice token,
	struct error *err) __attribute__((warn_unused_result));

#endif
