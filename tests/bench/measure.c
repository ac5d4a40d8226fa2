/* SPDX-License-Identifier: MIT */
/*
 * Runs one command and prints what it took: wall and CPU time in microseconds,
 * peak memory in KiB, and, when it is traced, what was resident at its exit.
 * It is small itself, since a child's peak begins at its parent's size; medians
 * and tables are run.py's.
 *
 *   measure [-r] OUTPUT COMMAND [ARGUMENT ...]
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char line[256];
static size_t len;

static void
put(long v)
{
	char digits[24];
	size_t n = 0;

	if (v < 0) {
		line[len++] = '-';
		v = -v;
	}
	do
		digits[n++] = (char)('0' + v % 10);
	while (v /= 10);
	while (n > 0)
		line[len++] = digits[--n];
	line[len++] = ' ';
}

static long
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000L + t.tv_nsec / 1000;
}

/* The number behind a name of /proc/PID/smaps_rollup, or -1. */
static long
resident_kib(pid_t pid)
{
	static char text[4096];
	char path[64] = "/proc/", *at;
	int fd;
	ssize_t n;

	len = 0;
	put(pid);
	memcpy(path + 6, line, len - 1);
	strcpy(path + 6 + len - 1, "/smaps_rollup");
	len = 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0 || (at = strstr(text, "Rss:")) == NULL)
		return -1;
	return strtol(at + 4, NULL, 10);
}

/* From the stop at exec to the stop at exit, where memory is still there. */
static long
follow(pid_t pid)
{
	long resident = -1;
	int status;

	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return -1;
	ptrace(PTRACE_SETOPTIONS, pid, NULL,
	    PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL);
	for (;;) {
		int sig = WSTOPSIG(status);

		ptrace(PTRACE_CONT, pid, NULL,
		    (long)(sig == SIGTRAP ? 0 : sig));
		if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			return -1;
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8)) {
			resident = resident_kib(pid);
			ptrace(PTRACE_DETACH, pid, NULL, 0L);
			return resident;
		}
	}
}

int
main(int argc, char **argv)
{
	int traced = argc > 1 && strcmp(argv[1], "-r") == 0, status, fd;
	long began, ended, resident = -1;
	struct rusage use;
	pid_t pid;

	argv += traced;
	if (argc - traced < 3)
		return 64;
	fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return 74;
	began = now_us();
	pid = vfork();
	if (pid == 0) {
		dup2(fd, 1);
		dup2(fd, 2);
		if (traced)
			ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execv(argv[2], argv + 2);
		_exit(127);
	}
	if (pid > 0 && traced)
		resident = follow(pid);
	if (pid < 0 || wait4(pid, &status, 0, &use) != pid)
		return 71;
	ended = now_us();
	put(ended - began);
	put((use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000L +
	    use.ru_utime.tv_usec + use.ru_stime.tv_usec);
	put(use.ru_maxrss);
	put(resident);
	put(WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	line[len - 1] = '\n';
	return write(1, line, len) == (ssize_t)len ? 0 : 74;
}
