/* SPDX-License-Identifier: MIT */
/*
 * A process of our own that does the work, and one that only waits for its
 * result and then becomes another program.
 */
#ifndef POSTERN_SYS_WORKER_H
#define POSTERN_SYS_WORKER_H

#include <signal.h>

#include "base/error.h"

struct worker {
	int pid;                /* 0: this process is the worker */
	int pipe;               /* to read from; the worker's, to write to */
	sigset_t mask;          /* of the waiting process, as it was */
};

/*
 * Fork. The worker gets SIGTERM when the waiting process ends. That one puts
 * off the terminal's interrupt and quit until the worker is over: a worker
 * that asks something on the terminal has to restore it first.
 */
bool worker_start(struct worker *w, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Wait for the worker, with what it wrote appended to `b`. Fails when it was
 * killed or wrote more than `b` holds; how else it ended is told by what it
 * wrote.
 */
bool worker_finish(struct worker *w, struct buf *b, struct error *err)
	__attribute__((warn_unused_result));

/*
 * As process_become, with signals and descriptors as they were before
 * host_begin, which is in force again when this answers.
 */
int worker_become(char *const *argv, char *const *env);

#endif
