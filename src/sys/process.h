/* SPDX-License-Identifier: MIT */
/*
 * Running a helper program (credential_process, mfa_process) and collecting
 * what it prints. Splitting its command line is codec/words.c's, reading its
 * answer the caller's.
 */
#ifndef POSTERN_SYS_PROCESS_H
#define POSTERN_SYS_PROCESS_H

#include "base/error.h"
#include "base/limits.h"

/*
 * What to run. Nothing of it may lie in memory that a child does not see (a
 * region of sys/region.h is wiped on fork): stack and static memory do.
 */
struct process_ask {
	char *const *argv;      /* argv[0]: a path, or a name to be found by PATH */
	char *const *env;       /* all that it gets; its PATH is the one searched */
	const char *source;     /* "credential_process of profile dev", printable */
	int timeout_ms;         /* PROCESS_MS, but in tests */
};

/* A helper's environment; borrows the strings of the one it is made from. */
struct process_env {
	char *vars[VARIABLES_MAX + 1];
	char depth[24];         /* POSTERN_DEPTH=1, and an empty string */
};

/*
 * The environment `vars` without AWS keys and with POSTERN_DEPTH counted up by
 * one. Fails with ERR_CONFIG where postern runs postern PROCESS_DEPTH_MAX deep,
 * as a profile does that calls postern for itself, and with ERR_LIMIT beyond
 * VARIABLES_MAX variables. `source` as in process_ask.
 */
bool process_env_make(struct process_env *env, char **vars,
	const char *source, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Run a program to its end and collect its standard output.
 *   out   empty, room for what it may print; more is a failure at once
 * Its standard error is ours; so is its standard input where that is a
 * terminal, else it reads nothing. It is a process group of its own, and the
 * terminal's foreground as long as it runs if we were; nothing of that group
 * is left when this returns, and the terminal is ours again, as it was.
 * Fails with ERR_NOCREDS when it cannot be run, ends by a signal or with
 * another code than 0, is stopped, prints too much or takes too long; with
 * ERR_IO when no pipe or process is to be had. `out` is then wiped. Messages
 * name the program, never its arguments.
 */
bool process_run(const struct process_ask *ask, struct buf *out,
	struct error *err) __attribute__((warn_unused_result));

/*
 * Become a program, found by the PATH of `env`: execvp(3) in a third of its
 * size, and without its second try with a shell. Answers the errno value that
 * says most.
 */
int process_become(char *const *argv, char *const *env);

#endif
