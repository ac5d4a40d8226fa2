/* SPDX-License-Identifier: MIT */
/*
 * Clocks, randomness and self-limits. The sanitizer build keeps core files and
 * tracing, which its leak check needs.
 */
#include "sys/host.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/*
 * The kernel is asked directly: libc would search the vDSO's symbols first,
 * with 1 kB of code, for a clock that is read a few dozen times.
 */
static struct timespec
read_clock(clockid_t id)
{
	struct timespec t = { 0 };

#ifdef __LP64__
	syscall(SYS_clock_gettime, id, &t);
#else
	clock_gettime(id, &t);          /* the kernel's has 32 bits there */
#endif
	return t;
}

int64_t
host_wall_s(void)
{
	return read_clock(CLOCK_REALTIME).tv_sec;
}

int64_t
host_steady_ms(void)
{
	struct timespec t = read_clock(CLOCK_MONOTONIC);

	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool
host_random(void *out, size_t len, struct error *err)
{
	ssize_t n;
	int waits = 100;                /* of 50 ms, early in a boot */

	do
		n = getrandom(out, len, GRND_NONBLOCK);
	while (n < 0 && (errno == EINTR || (errno == EAGAIN && waits-- &&
	    poll(NULL, 0, 50) == 0)));
	if (n == (ssize_t)len)
		return true;
	if (n < 0 && errno == EAGAIN)
		return err_fail(err, ERR_IO, STEP_TLS,
		    "the same command again in a minute",
		    "the kernel has no random bytes yet, so early after boot");
	return err_fail(err, ERR_IO, STEP_TLS,
	    "allow getrandom(2) in this container's seccomp profile",
	    "the kernel gives no random bytes: %s", errno_words(errno));
}

static unsigned filled;                 /* a bit per descriptor, 1 << fd */
static sigset_t mask_before;

/* Descriptors 0 to 2 that are closed lead nowhere: reads and writes fail. */
static void
fill_standard_descriptors(void)
{
	for (int fd = 0; fd < 3; fd++) {
		struct pollfd pf = { .fd = fd };
		int pipe_ends[2];

		if (poll(&pf, 1, 0) < 0 || !(pf.revents & POLLNVAL))
			continue;
		/*
		 * No /dev/null may exist here. A pipe whose other end is closed
		 * gives end of file to readers and EPIPE to writers, so a lost
		 * result is still reported.
		 */
		if (pipe(pipe_ends) != 0)
			continue;
		filled |= 1u << fd;
		int keep = fd == 0 ? pipe_ends[0] : pipe_ends[1];
		int drop = fd == 0 ? pipe_ends[1] : pipe_ends[0];

		if (keep != fd) {
			dup2(keep, fd);
			if (drop != fd)
				close(drop);
			close(keep);
		} else {
			close(drop);
		}
	}
}

void
host_begin(void)
{
	sigset_t broken_pipe;

	fill_standard_descriptors();
	sigemptyset(&broken_pipe);
	sigaddset(&broken_pipe, SIGPIPE);
	sigprocmask(SIG_BLOCK, &broken_pipe, &mask_before);
#ifndef POSTERN_NO_CONTAINMENT
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

void
host_take_back(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (filled & 1u << fd)
			close(fd);
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

int
host_fork(void)
{
#ifdef __s390x__
	return (int)syscall(SYS_clone, 0, SIGCHLD, 0, 0, 0);
#else
	return (int)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
#endif
}

void
host_harden(void)
{
#ifndef POSTERN_NO_CONTAINMENT
	static const struct rlimit none = { 0, 0 };

	prlimit(0, RLIMIT_CORE, &none, NULL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#endif
}

bool
host_is_terminal(int fd)
{
	return isatty(fd);
}
