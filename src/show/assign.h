/* SPDX-License-Identifier: MIT */
/*
 * Temporary keys as assignments: for a shell to evaluate, for a credentials
 * file, for the environment of another program.
 */
#ifndef POSTERN_SHOW_ASSIGN_H
#define POSTERN_SHOW_ASSIGN_H

#include "base/error.h"
#include "show/result.h"

enum assign_style {
	ASSIGN_ENV,             /* export NAME='value', for POSIX shells */
	ASSIGN_ENV_NO_EXPORT,   /* NAME=value, for files that no shell reads */
	ASSIGN_FISH,
	ASSIGN_POWERSHELL,
	ASSIGN_INI,             /* a section of ~/.aws/credentials */
	ASSIGN_STRINGS          /* NAME=value and a NUL each, as in an envp */
};

/*
 * Append key id, secret, token and, where it is known, the end of the keys,
 * under the names that `aws configure export-credentials` uses.
 *   profile  names the section of ASSIGN_INI; empty: default
 * Fails with ERR_DATA when a value could not be read back as it is: no style
 * carries blanks, control characters or what is not ASCII (AWS's keys have
 * none of these), and some carry less.
 */
bool assign_put_keys(struct buf *b, const struct result_creds *keys,
	enum assign_style style, struct slice profile, struct error *err)
	__attribute__((warn_unused_result));

/* Append one assignment. It fails as above. */
bool assign_put(struct buf *b, enum assign_style style, const char *name,
	const char *value, struct error *err)
	__attribute__((warn_unused_result));

#endif
