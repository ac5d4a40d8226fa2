/* SPDX-License-Identifier: MIT */
/*
 * Small questions to the kernel: the time, random bytes, and the limits that
 * this process puts on itself.
 */
#ifndef POSTERN_SYS_HOST_H
#define POSTERN_SYS_HOST_H

#include "base/error.h"

/* Seconds since 1970-01-01 UTC, as this host's clock has it. */
int64_t host_wall_s(void);

/* Milliseconds of a clock that only goes forward. */
int64_t host_steady_ms(void);

/* `len` bytes (at most 256) from getrandom(2); waits 5 s at most for its pool. */
bool host_random(void *out, size_t len, struct error *err)
	__attribute__((warn_unused_result));

/*
 * What every run begins with. SIGPIPE becomes an error of write(2). Closed
 * descriptors 0 to 2 are opened on nothing, so that a socket cannot take their
 * place. Other processes of the user may neither trace this one nor read it.
 */
void host_begin(void);

/*
 * Take that back for a program that is about to be run in this process's
 * place; the kernel itself lets it be traced again.
 */
void host_take_back(void);

/*
 * fork(2) for a process without threads: libc's own has 2 kB of locks for
 * them. Answers as fork does.
 */
int host_fork(void);

/*
 * Give up for good what a run never needs: core files, gaining rights by exec.
 */
void host_harden(void);

/* Is the descriptor a terminal? */
bool host_is_terminal(int fd);

#endif
