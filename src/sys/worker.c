/* SPDX-License-Identifier: MIT */
/*
 * fork(2), waiting, and execve(2). The pipe is close-on-exec, as is every
 * descriptor that is opened anywhere in Postern.
 */
#include "sys/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/file.h"
#include "sys/host.h"
#include "sys/process.h"

static bool
failed(const char *what, int number, struct error *err)
{
	return err_set(err, ERR_IO, STEP_EXEC, "%s: %s", what,
	    errno_words(number));
}

bool
worker_start(struct worker *w, struct error *err)
{
	int ends[2], waiting = getpid();
	sigset_t keys;

	if (syscall(SYS_pipe2, ends, O_CLOEXEC) != 0)
		return failed("pipe", errno, err);
	sigemptyset(&keys);
	sigaddset(&keys, SIGINT);
	sigaddset(&keys, SIGQUIT);
	sigprocmask(SIG_BLOCK, &keys, &w->mask);
	w->pid = host_fork();
	if (w->pid != 0) {
		close(ends[1]);
		w->pipe = ends[0];
		return w->pid > 0 || failed("fork", errno, err);
	}
	close(ends[0]);
	w->pipe = ends[1];
	sigprocmask(SIG_SETMASK, &w->mask, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
	/* It may have ended before that was asked for. */
	return getppid() == waiting ||
	    err_set(err, ERR_IO, STEP_EXEC, "nobody waits for the keys");
}

bool
worker_finish(struct worker *w, struct buf *b, struct error *err)
{
	int status = 0, number = 0, ended;
	bool whole = file_read_fd(b, w->pipe, &number) == FILE_READ;

	close(w->pipe);
	do
		ended = waitpid(w->pid, &status, 0);
	while (ended < 0 && errno == EINTR);
	/* Ctrl-C ended both of us, if it was that. */
	sigprocmask(SIG_SETMASK, &w->mask, NULL);
	if (!whole)
		return failed("the keys", number, err);
	/* Where SIGCHLD is ignored nothing is known of it. */
	if (ended < 0 || !WIFSIGNALED(status))
		return true;
	return err_fail(err, ERR_IO, STEP_EXEC, "the same command again",
	    "the process that gets the keys was killed (signal %d)",
	    WTERMSIG(status));
}

int
worker_become(char *const *argv, char *const *env)
{
	int number;

	host_take_back();
	number = process_become(argv, env);
	host_begin();
	return number;
}
