/* SPDX-License-Identifier: MIT */
/*
 * Runs a program under ptrace up to its first connect(2) to an internet
 * address, tells how far it is locked by then, and has it make another call in
 * its place, as code of somebody else in the process would. x86-64 only.
 *
 * usage: inject STDOUT_FILE STDERR_FILE WHAT COMMAND [ARGUMENT ...]
 * WHAT is "nothing", "call NUMBER ARGUMENT1 ARGUMENT2 ARGUMENT3", or "port N":
 * the same connect to another port. On stdout the lines "Seccomp:" and
 * "NoNewPrivs:" of /proc/PID/status, then "EXIT STATUS" or "SIGNAL NUMBER".
 */
#define _GNU_SOURCE
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
fail(const char *what)
{
	fprintf(stderr, "inject: %s: %s\n", what, strerror(errno));
	exit(99);
}

static void
child(char **argv)
{
	int null = open("/dev/null", O_RDONLY);
	int out = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0600);
	int err = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (null < 0 || out < 0 || err < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(126);
	close(null);
	close(out);
	close(err);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		_exit(126);
	raise(SIGSTOP);
	execv(argv[4], argv + 4);
	_exit(127);
}

static void
status_print(pid_t pid)
{
	char path[64], line[256];
	FILE *status;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	status = fopen(path, "r");
	if (!status)
		fail(path);
	while (fgets(line, sizeof line, status))
		if (strncmp(line, "Seccomp:", 8) == 0 || strncmp(line, "NoNewPrivs:", 11) == 0)
			fputs(line, stdout);
	fclose(status);
}

#ifdef __x86_64__
/* Before the first connect to an internet address; true when it was that. */
static int
inject(pid_t pid, const char *what)
{
	struct user_regs_struct regs;
	long long number, a, b, c;
	unsigned port;
	long word;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs))
		fail("registers");
	if (regs.orig_rax != SYS_connect)
		return 0;
	/* Family and port lie in the first four bytes. */
	word = ptrace(PTRACE_PEEKDATA, pid, (void *)regs.rsi, NULL);
	if ((word & 0xFFFF) != AF_INET && (word & 0xFFFF) != AF_INET6)
		return 0;
	status_print(pid);
	if (sscanf(what, "port %u", &port) == 1) {
		word = (word & ~0xFFFF0000L) | (long)htons((uint16_t)port) << 16;
		if (ptrace(PTRACE_POKEDATA, pid, (void *)regs.rsi, (void *)word))
			fail("address");
	} else if (sscanf(what, "call %lli %lli %lli %lli", &number, &a, &b, &c) == 4) {
		regs.orig_rax = (unsigned long long)number;
		regs.rdi = (unsigned long long)a;
		regs.rsi = (unsigned long long)b;
		regs.rdx = (unsigned long long)c;
		if (ptrace(PTRACE_SETREGS, pid, NULL, &regs))
			fail("registers");
	}
	return 1;
}
#else
static int
inject(pid_t pid, const char *what)
{
	(void)pid;
	(void)what;
	errno = ENOSYS;
	fail("this machine");
	return 0;
}
#endif

int
main(int argc, char **argv)
{
	int done = 0, entry = 0, status;
	pid_t pid;

	if (argc < 5)
		return 99;
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0)
		child(argv);
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		fail("wait");
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL))
		fail("ptrace");
	for (int pass = 0;;) {
		if (ptrace(done ? PTRACE_CONT : PTRACE_SYSCALL, pid, NULL, (void *)(long)pass))
			fail("ptrace");
		if (waitpid(pid, &status, 0) != pid)
			fail("wait");
		if (!WIFSTOPPED(status))
			break;
		pass = WSTOPSIG(status);
		if (pass == SIGTRAP)
			pass = 0;       /* the stop of exec */
		if (pass != (SIGTRAP | 0x80))
			continue;
		pass = 0;
		entry = !entry;
		done = entry && inject(pid, argv[3]);
	}
	if (WIFEXITED(status))
		printf("EXIT %d\n", WEXITSTATUS(status));
	else
		printf("SIGNAL %d\n", WTERMSIG(status));
	return 0;
}
