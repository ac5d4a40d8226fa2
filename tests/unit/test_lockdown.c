/* SPDX-License-Identifier: MIT */
/*
 * The lock, twice: the filter's own answers, by a small machine that runs it
 * as the kernel would, on every architecture that this is built for; and what
 * the kernel really does to a process of ours, where it has the means.
 */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sys/host.h"
#include "sys/lockdown.h"

/* ---- the filter by itself ---- */

#define KILLED  0x80000000u
#define ALLOWED 0x7FFF0000u
#define FAILS   (0x00050000u | ENOSYS)

/* struct seccomp_data of linux/seccomp.h */
struct call {
	uint32_t number, machine;
	uint64_t from, arguments[6];
};

/* What the kernel's machine makes of the filter (linux/filter.h). */
static uint32_t
answer_to(const struct lock_filter *f, const struct call *call)
{
	uint32_t a = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct lock_step *s = &f->steps[i];

		if (s->code == 0x20)
			memcpy(&a, (const char *)call + s->k, sizeof a);
		else if (s->code == 0x15)
			i += a == s->k ? s->yes : s->no;
		else if (s->code == 0x45)
			i += a & s->k ? s->yes : s->no;
		else
			return s->code == 0x06 ? s->k : 1;
	}
	return 2;
}

/* By linux/audit.h, where each architecture stands by itself. */
static uint32_t
machine(void)
{
#if defined __x86_64__
	return 0xC000003E;
#elif defined __i386__
	return 0x40000003;
#elif defined __aarch64__
	return 0xC00000B7;
#elif defined __arm__
	return 0x40000028;
#elif defined __riscv
	return 0xC00000F3;
#elif defined __powerpc64__
	return 0xC0000015;
#elif defined __s390x__
	return 0x80000016;
#endif
}

static uint32_t
answer(bool renewing, long number, unsigned argument, uint64_t value)
{
	struct lock_filter f;
	struct call call = { .number = (uint32_t)number, .machine = machine() };

	lockdown_put_filter(&f, renewing);
	call.arguments[argument] = value;
	return answer_to(&f, &call);
}

TEST(lockdown_filter_kills_what_runs_programs_or_makes_processes)
{
	static const long calls[] = {
		SYS_execve, SYS_execveat, SYS_ptrace, SYS_clone, 435,
		SYS_process_vm_readv, SYS_process_vm_writev,
#ifdef SYS_fork
		SYS_fork, SYS_vfork,
#endif
#ifdef SYS_creat
		SYS_creat,
#endif
	};

	for (size_t i = 0; i < COUNT(calls); i++) {
		EQ(answer(false, calls[i], 0, 0), KILLED);
		EQ(answer(true, calls[i], 0, 0), KILLED);
	}
}

TEST(lockdown_filter_kills_opening_for_writing_and_refuses_the_rest)
{
	static const uint64_t writing[] = {
		O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_RDWR | O_CLOEXEC,
		O_WRONLY | O_CREAT | O_EXCL, O_TMPFILE | O_RDWR,
		/* The kernel looks at the low half only. */
		0xFFFFFFFF00000000u | O_WRONLY,
	};

	for (size_t i = 0; i < COUNT(writing); i++) {
		EQ(answer(false, SYS_openat, 2, writing[i]), KILLED);
		EQ(answer(true, SYS_openat, 2, writing[i]), KILLED);
#ifdef SYS_open
		EQ(answer(false, SYS_open, 1, writing[i]), KILLED);
#endif
	}
	EQ(answer(false, SYS_openat, 2, O_RDONLY | O_CLOEXEC), FAILS);
	EQ(answer(false, 437 /* openat2 */, 0, 0), FAILS);
}

TEST(lockdown_filter_allows_what_the_network_part_calls)
{
	static const long calls[] = {
		SYS_read, SYS_write, SYS_close, SYS_connect, SYS_sendto,
		SYS_recvfrom, SYS_setsockopt, SYS_getsockopt, SYS_getrandom,
		SYS_munmap, SYS_mincore, SYS_exit, SYS_exit_group,
		SYS_restart_syscall,
#ifdef SYS_poll
		SYS_poll,
#else
		SYS_ppoll,
#endif
#ifdef SYS_clock_gettime64
		SYS_clock_gettime64,
#else
		SYS_clock_gettime,
#endif
	};

	for (size_t i = 0; i < COUNT(calls); i++)
		EQ(answer(false, calls[i], 0, 0), ALLOWED);
}

TEST(lockdown_filter_fails_all_other_calls)
{
	EQ(answer(false, SYS_mprotect, 0, 0), FAILS);
	EQ(answer(false, SYS_mremap, 0, 0), FAILS);
	EQ(answer(false, SYS_kill, 0, 0), FAILS);
	EQ(answer(false, SYS_prctl, 0, 0), FAILS);
	EQ(answer(false, SYS_bind, 0, 0), FAILS);
	EQ(answer(false, 425 /* io_uring_setup */, 0, 0), FAILS);
	EQ(answer(false, 9999, 0, 0), FAILS);
}

TEST(lockdown_filter_allows_internet_sockets_only)
{
	EQ(answer(false, SYS_socket, 0, AF_INET), ALLOWED);
	EQ(answer(false, SYS_socket, 0, AF_INET6), ALLOWED);
	EQ(answer(false, SYS_socket, 0, AF_UNIX), FAILS);
	EQ(answer(false, SYS_socket, 0, AF_NETLINK), FAILS);
	EQ(answer(false, SYS_socket, 0, AF_PACKET), FAILS);
}

TEST(lockdown_filter_allows_tcp_and_udp_only)
{
	struct lock_filter f;
	struct call call = { .number = SYS_socket, .machine = machine() };

	lockdown_put_filter(&f, false);
	call.arguments[0] = AF_INET;
	for (uint64_t type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
		call.arguments[1] = type | SOCK_CLOEXEC | SOCK_NONBLOCK;
		call.arguments[2] = 0;
		EQ(answer_to(&f, &call), ALLOWED);
		call.arguments[2] = 262;        /* MPTCP */
		EQ(answer_to(&f, &call), FAILS);
	}
	call.arguments[2] = 0;
	call.arguments[1] = SOCK_SEQPACKET;
	EQ(answer_to(&f, &call), FAILS);
}

/* With one it would connect past Landlock (TCP Fast Open). */
TEST(lockdown_filter_lets_sendto_name_no_address)
{
	EQ(answer(false, SYS_sendto, 4, 0), ALLOWED);
	EQ(answer(false, SYS_sendto, 4, 4096), FAILS);
	EQ(answer(false, SYS_sendto, 4, (uint64_t)1 << 40), FAILS);
}

TEST(lockdown_filter_allows_no_typing_into_the_terminal)
{
	EQ(answer(false, SYS_ioctl, 1, TIOCGWINSZ), ALLOWED);
	EQ(answer(false, SYS_ioctl, 1, TIOCSTI), FAILS);
}

TEST(lockdown_filter_allows_renaming_only_when_renewing)
{
	static const long calls[] = {
		SYS_fsync, SYS_renameat2, SYS_unlinkat,
#ifdef SYS_unlink
		SYS_unlink,
#endif
	};

	for (size_t i = 0; i < COUNT(calls); i++) {
		EQ(answer(false, calls[i], 0, 0), FAILS);
		EQ(answer(true, calls[i], 0, 0), ALLOWED);
	}
}

TEST(lockdown_filter_kills_calls_of_another_machine)
{
	struct lock_filter f;
	struct call call = { .number = SYS_read, .machine = machine() ^ 1 };

	lockdown_put_filter(&f, false);
	EQ(answer_to(&f, &call), KILLED);
	call.machine = machine();
	EQ(answer_to(&f, &call), ALLOWED);
	/* x32 shares its machine's word and has a bit of its own. */
	call.number |= 0x40000000;
	EQ(answer_to(&f, &call), FAILS);
}

TEST(lockdown_asks_each_version_of_landlock_for_what_it_knows)
{
	/* Linux, "Landlock: unprivileged access control", compatibility. */
	static const struct lock_rights known[] = {
		[1] = { 0x1FFF, 0, 0 },
		[2] = { 0x3FFF, 0, 0 },         /* REFER */
		[3] = { 0x7FFF, 0, 0 },         /* TRUNCATE */
		[4] = { 0x7FFF, 3, 0 },         /* BIND_TCP, CONNECT_TCP */
		[5] = { 0xFFFF, 3, 0 },         /* IOCTL_DEV */
		[6] = { 0xFFFF, 3, 3 },         /* abstract sockets, signals */
		[7] = { 0xFFFF, 3, 3 },
	};

	for (int version = 1; version < (int)COUNT(known); version++) {
		struct lock_rights rights = lockdown_rights(version);

		EQ(rights.files, known[version].files);
		EQ(rights.ports, known[version].ports);
		EQ(rights.scopes, known[version].scopes);
	}
}

/* ---- the kernel ---- */

#define NO_MEANS 77             /* this kernel cannot do it: qemu's, for one */

/* The sanitizers make calls of their own before what is known not to return. */
static void
leave(int code)
{
	syscall(SYS_exit_group, (long)code);
}

static int
locked_files(const struct lockdown *lock)
{
	int version;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	version = lockdown_files(lock);
	if (version < 1)
		leave(NO_MEANS);
	return version;
}

static void
locked_calls(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (!lockdown_calls(false))
		leave(NO_MEANS);
}

/* How a process ends that does this: an exit code, or a signal above 128. */
static int
end_of(void (*does)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		does();
		leave(0);
	}
	YES(pid > 0 && waitpid(pid, &status, 0) == pid);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
	    WEXITSTATUS(status);
}

#define DIES 128 + SIGSYS
#define ENDS(does, wanted) do { \
	int end_ = end_of(does); \
	if (end_ != NO_MEANS) \
		EQ(end_, wanted); \
} while (0)

static void
runs_a_program(void)
{
	static char *const nothing[] = { NULL };

	locked_calls();
	syscall(SYS_execve, "/none", nothing, nothing);
}

static void
forks(void)
{
	locked_calls();
	if (host_fork() == 0)
		leave(0);
}

static void
traces(void)
{
	locked_calls();
	syscall(SYS_ptrace, (long)PTRACE_TRACEME, 0L, 0L, 0L);
}

static void
opens_for_writing(void)
{
	locked_calls();
	syscall(SYS_openat, (long)AT_FDCWD, "/dev/null", (long)O_WRONLY, 0L);
}

static void
opens_for_reading(void)
{
	locked_calls();
	leave(syscall(SYS_openat, (long)AT_FDCWD, "/", (long)O_RDONLY, 0L) < 0 ?
	    errno : 0);
}

static void
calls_what_nobody_knows(void)
{
	locked_calls();
	leave(syscall(999L) < 0 ? errno : 0);
}

/* The calls of a run that are its own and libc's. */
static void
runs_on(void)
{
	struct pollfd pf = { .fd = -1 };
	int fds[2], on = 1;
	char byte = 0;
	struct error err = { 0 };

	if (pipe(fds) != 0)
		leave(1);
	locked_calls();
	if (poll(&pf, 1, 1) != 0)
		leave(2);
	if (write(fds[1], &byte, 1) != 1 || read(fds[0], &byte, 1) != 1)
		leave(3);
	if (!host_random(&byte, 1, &err) || host_steady_ms() <= 0 ||
	    host_wall_s() <= 0)
		leave(4);
	fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fds[0] < 0 || setsockopt(fds[0], SOL_SOCKET, SO_KEEPALIVE, &on,
	    sizeof on) != 0 || close(fds[0]) != 0)
		leave(5);
	isatty(0);
}

TEST(lockdown_ends_a_process_that_runs_a_program_or_makes_another)
{
	ENDS(runs_a_program, DIES);
	ENDS(forks, DIES);
	ENDS(traces, DIES);
	ENDS(opens_for_writing, DIES);
}

TEST(lockdown_lets_a_run_go_on_after_a_call_that_is_refused)
{
	ENDS(opens_for_reading, ENOSYS);
	ENDS(calls_what_nobody_knows, ENOSYS);
	ENDS(runs_on, 0);
}

static char folder[] = "/tmp/postern-unit-XXXXXX";
static char inside[64], beside[64];

static void
is_refused(long result, int code)
{
	if (result >= 0 || errno != EACCES)
		leave(code);
}

static void
touches_files(void)
{
	struct lockdown lock = { .renewed = "" };

	locked_files(&lock);
	is_refused(open("/", O_RDONLY | O_DIRECTORY), 1);
	is_refused(open(inside, O_RDONLY), 2);
	is_refused(open(inside, O_WRONLY), 3);
	is_refused(open(beside, O_WRONLY | O_CREAT, 0600), 4);
	is_refused(rename(inside, beside), 5);
	is_refused(unlink(inside), 6);
}

static void
renews_a_file(void)
{
	struct lockdown lock = { .renewed = beside };
	int fd = open(beside, O_WRONLY | O_CREAT, 0600);

	locked_files(&lock);
	is_refused(open(inside, O_RDONLY), 1);
	is_refused(rename(beside, "/tmp/postern-unit-elsewhere"), 2);
	if (write(fd, "new", 3) != 3 || rename(beside, inside) != 0)
		leave(3);
}

TEST(lockdown_opens_and_removes_no_file_where_the_kernel_has_landlock)
{
	int fd;

	YES(mkdtemp(folder) != NULL);
	fmt_text(inside, sizeof inside, "%s/file", folder);
	fmt_text(beside, sizeof beside, "%s/file.1", folder);
	fd = open(inside, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	YES(fd >= 0);
	close(fd);
	ENDS(touches_files, 0);
	ENDS(renews_a_file, 0);
	unlink(beside);
	unlink(inside);
	rmdir(folder);
}

static struct sockaddr_in allowed_address, other_address;

/* A socket that listens on loopback, at a port of the kernel's choice. */
static int
listen_at(struct sockaddr_in *at)
{
	socklen_t len = sizeof *at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at->sin_family = AF_INET;
	at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	YES(bind(fd, (struct sockaddr *)at, sizeof *at) == 0 &&
	    listen(fd, 1) == 0 &&
	    getsockname(fd, (struct sockaddr *)at, &len) == 0);
	return fd;
}

static int
connect_to(const struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return connect(fd, (const struct sockaddr *)to, sizeof *to);
}

static void
connects(void)
{
	struct lockdown lock = { .renewed = "", .ports_n = 2 };

	lock.ports[0] = 443;
	lock.ports[1] = ntohs(allowed_address.sin_port);
	if (locked_files(&lock) < 4)
		leave(NO_MEANS);
	if (connect_to(&allowed_address) != 0)
		leave(1);
	is_refused(connect_to(&other_address), 2);
}

TEST(lockdown_connects_to_the_given_ports_only_where_landlock_knows_them)
{
	int allowed = listen_at(&allowed_address);
	int other = listen_at(&other_address);

	ENDS(connects, 0);
	close(allowed);
	close(other);
}
