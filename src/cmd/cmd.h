/* SPDX-License-Identifier: MIT */
/*
 * The commands. Each tells its story, prints its result and answers the exit
 * code; main.c has the table.
 */
#ifndef POSTERN_CMD_CMD_H
#define POSTERN_CMD_CMD_H

#include "login.h"

int cmd_url(const struct options *opt, char **env);
int cmd_creds(const struct options *opt, char **env);
int cmd_exec(const struct options *opt, char **env);
int cmd_whoami(const struct options *opt, char **env);
int cmd_help(const struct options *opt, char **env);
int cmd_version(const struct options *opt, char **env);

/* Before anything else (sys/host.h, host_begin). */
void cmd_start(void);

/*
 * What all commands with a network share: give up rights, prepare a run, then
 * explain it where that was asked for, else have `rest` done; wipe, report.
 * Answers the exit code.
 */
int cmd_run(const struct options *opt, char **env,
	bool (*rest)(struct workspace *ws, const struct options *opt,
	struct login *login, struct listener *listener, struct error *err));

/*
 * What `creds` and `exec` share: the keys, which lie in the workspace, and a
 * word on what they cannot do.
 */
struct result_creds;
bool cmd_keys(struct workspace *ws, const struct options *opt,
	struct login *login, struct listener *listener,
	struct result_creds *keys, struct error *err)
	__attribute__((warn_unused_result));

/* On the way out, before anything is reported: no key stays behind. */
void cmd_forget(char **env);

/*
 * Write a command's result to standard output, whole or not at all as far as
 * the caller can know: on failure err is filled.
 */
bool cmd_output(struct slice text, struct error *err)
	__attribute__((warn_unused_result));

/* The same for a text that was put together, and is wiped. */
bool cmd_result(struct buf *b, struct error *err)
	__attribute__((warn_unused_result));

#endif
