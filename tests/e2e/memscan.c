/* SPDX-License-Identifier: MIT */
/*
 * Runs a program under ptrace and stops it at its first connect(2) or
 * sendto(2) to an internet address, after its first write(2) to standard
 * output, when another program takes its place and at exit_group(2), so that
 * the bench can have all its readable memory searched. What to search for is
 * asked at each stop, since the stand-in makes the session's secrets during the
 * run. Its children are stopped likewise, until they become another program.
 *
 * usage: memscan STDOUT_FILE STDERR_FILE COMMAND [ARGUMENT ...]
 * On stdout "STOP connect", "STOP written", "STOP execve" or "STOP exit", of a
 * child "STOP worker-connect" and so on; then lines "LABEL VALUE" and an
 * empty line are read from stdin; then a line "HIT LABEL ADDRESS MAPPING" for
 * each place found, "MAPPED BYTES" and "DONE". Last comes "EXIT STATUS".
 */
#define _GNU_SOURCE
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ptrace.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NEEDLES_MAX = 256, LINE_MAX_BYTES = 8192, PROCESSES_MAX = 16 };

struct needle {
	char label[64];
	char value[LINE_MAX_BYTES];
};

/* One that is traced. */
struct process {
	pid_t pid;
	int is_begun;           /* its program runs: the first one's was executed */
	int has_connected, has_written, is_writing;
};

static struct process processes[PROCESSES_MAX];
static struct needle needles[NEEDLES_MAX];
static size_t needle_count;

static void
fail(const char *what)
{
	fprintf(stderr, "memscan: %s: %s\n", what, strerror(errno));
	exit(99);
}

static void
needles_read(void)
{
	char line[LINE_MAX_BYTES + 80];

	needle_count = 0;
	while (fgets(line, sizeof line, stdin) && line[0] != '\n') {
		struct needle *n = &needles[needle_count];

		if (needle_count == NEEDLES_MAX ||
		    sscanf(line, "%63s %8191s", n->label, n->value) != 2)
			fail("needle");
		needle_count++;
	}
}

/* Search one mapping, whole, since a needle may cross any page. */
static size_t
mapping_search(int mem, unsigned long from, unsigned long to, const char *name)
{
	size_t size = to - from, have = 0;
	char *bytes = malloc(size);

	if (!bytes)
		fail("malloc");
	while (have < size) {
		ssize_t n = pread(mem, bytes + have, size - have, (off_t)(from + have));

		if (n <= 0)
			break;          /* [vvar] and the like cannot be read */
		have += (size_t)n;
	}
	for (size_t i = 0; i < needle_count; i++) {
		size_t length = strlen(needles[i].value);
		char *at = bytes;

		while ((at = memmem(at, have - (size_t)(at - bytes), needles[i].value, length))) {
			printf("HIT %s %lx %s\n", needles[i].label,
			    from + (unsigned long)(at - bytes), name[0] ? name : "anonymous");
			at++;
		}
	}
	free(bytes);
	return have;
}

static void
memory_search(pid_t pid, const char *why)
{
	char path[64], line[512];
	size_t total = 0;
	FILE *maps;
	int mem;

	printf("STOP %s\n", why);
	fflush(stdout);
	needles_read();
	snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
	maps = fopen(path, "r");
	snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	if (!maps || mem < 0)
		fail(path);
	while (fgets(line, sizeof line, maps)) {
		unsigned long from, to;
		char rights[8], name[256] = "";

		if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %255s", &from, &to, rights, name) >= 3 &&
		    rights[0] == 'r')
			total += mapping_search(mem, from, to, name);
	}
	fclose(maps);
	close(mem);
	printf("MAPPED %zu\nDONE\n", total);
	fflush(stdout);
}

/* Whether the tracee's call goes to an internet address. */
static int
is_internet(pid_t pid, const struct __ptrace_syscall_info *call)
{
	unsigned long long address;
	long word;

	if (call->op != PTRACE_SYSCALL_INFO_ENTRY)
		return 0;
	if (call->entry.nr == SYS_connect)
		address = call->entry.args[1];
	else if (call->entry.nr == SYS_sendto)
		address = call->entry.args[4];
	else
		return 0;
	if (!address)
		return 0;
	errno = 0;
	word = ptrace(PTRACE_PEEKDATA, pid, (void *)(unsigned long)address, NULL);
	if (errno) {                    /* not dumpable: the family cannot be seen, so take it for one */
		return 1;
	}
	sa_family_t family;
	memcpy(&family, &word, sizeof family);
	return family == AF_INET || family == AF_INET6;
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
	execv(argv[3], argv + 3);
	_exit(127);
}

/* Its record; a new one for a child that is seen for the first time. */
static struct process *
find(pid_t pid)
{
	for (size_t i = 0; i < PROCESSES_MAX; i++) {
		if (!processes[i].pid) {
			processes[i].pid = pid;
			processes[i].is_begun = i > 0;
		}
		if (processes[i].pid == pid)
			return &processes[i];
	}
	errno = E2BIG;
	fail("children");
	return NULL;
}

static void
stop(const struct process *p, const char *why)
{
	char name[64];

	snprintf(name, sizeof name, "%s%s", p == processes ? "" : "worker-", why);
	memory_search(p->pid, name);
}

static void
look(struct process *p)
{
	struct __ptrace_syscall_info call;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, p->pid, (void *)sizeof call, &call) < 0)
		fail("syscall info");
	if (p->is_writing && !p->has_written) {
		p->has_written = 1;
		stop(p, "written");
	}
	p->is_writing = 0;
	if (!p->has_connected && is_internet(p->pid, &call)) {
		p->has_connected = 1;
		stop(p, "connect");
	}
	if (call.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	p->is_writing = call.entry.nr == SYS_write && call.entry.args[0] == 1;
	if (call.entry.nr == SYS_exit_group)
		stop(p, "exit");
	if (call.entry.nr == SYS_execve && p->is_begun)
		stop(p, "execve");
}

/* What a stop asks for: the request to go on with, and the signal to pass. */
static int
answer(struct process *p, int status, int *pass)
{
	*pass = WSTOPSIG(status);
	if (*pass == (SIGTRAP | 0x80)) {
		look(p);
		*pass = 0;
	} else if (status >> 16 == PTRACE_EVENT_EXEC && p->is_begun) {
		*pass = 0;
		return PTRACE_DETACH;
	} else if (status >> 16) {
		p->is_begun = 1;
		*pass = 0;
	} else if (*pass == SIGSTOP) {
		*pass = 0;      /* how a child begins */
	}
	return PTRACE_SYSCALL;
}

int
main(int argc, char **argv)
{
	int status, pass = 0;
	pid_t pid, first;

	if (argc < 4)
		return 99;
	first = fork();
	if (first < 0)
		fail("fork");
	if (first == 0)
		child(argv);
	if (waitpid(first, &status, 0) != first || !WIFSTOPPED(status))
		fail("wait");
	find(first);
	if (ptrace(PTRACE_SETOPTIONS, first, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL |
	    PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACECLONE))
		fail("ptrace");
	if (ptrace(PTRACE_SYSCALL, first, NULL, NULL))
		fail("ptrace");
	for (;;) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0)
			fail("wait");
		if (!WIFSTOPPED(status)) {
			if (pid == first)
				break;
			continue;
		}
		/* It may have been killed meanwhile, which the next wait tells. */
		int request = answer(find(pid), status, &pass);
		if (ptrace(request, pid, NULL, (void *)(long)pass) && errno != ESRCH)
			fail("ptrace");
	}
	printf("EXIT %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
