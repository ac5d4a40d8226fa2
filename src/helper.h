/* SPDX-License-Identifier: MIT */
/*
 * The programs that a profile names: credential_process and mfa_process. They
 * run before any name is resolved and before rights are given up.
 */
#ifndef POSTERN_HELPER_H
#define POSTERN_HELPER_H

#include "base/error.h"
#include "base/limits.h"

/*
 * Run `command`, split as the AWS CLI does it, and append what it prints to
 * `out`, DOCUMENT_MAX bytes at most. `env` is this process's environment; keys
 * in it are kept from the program. `source` names the setting in messages.
 */
bool helper_run(struct buf *out, struct slice command, char **env,
	const char *source, struct error *err)
	__attribute__((warn_unused_result));

#endif
