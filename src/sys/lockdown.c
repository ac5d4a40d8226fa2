/* SPDX-License-Identifier: MIT */
/*
 * Landlock and seccomp by hand. musl comes without the kernel's headers, so
 * their structs and numbers stand here; they are part of the kernel's promise
 * to programs and never change.
 */
#include "sys/lockdown.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

/* Newer than some musl's headers, and the same on every architecture. */
enum {
	CALL_CLONE3 = 435,
	CALL_LANDLOCK_CREATE_RULESET = 444,
	CALL_LANDLOCK_ADD_RULE = 445,
	CALL_LANDLOCK_RESTRICT_SELF = 446
};

/* ---- files and ports (linux/landlock.h) ---- */

#define ASK_VERSION     1L      /* LANDLOCK_CREATE_RULESET_VERSION */
#define RULE_FOLDER     1L      /* LANDLOCK_RULE_PATH_BENEATH */
#define RULE_PORT       2L      /* LANDLOCK_RULE_NET_PORT */
#define REMOVE_FILE     0x0020u
#define MAKE_REGULAR    0x0100u /* which a renamed file is, too */
#define BIND_TCP        1u
#define CONNECT_TCP     2u

struct folder_rule {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

struct port_rule {
	uint64_t allowed, port;
};

struct lock_rights
lockdown_rights(int version)
{
	return (struct lock_rights){
		.files = version < 2 ? 0x1FFF : version < 3 ? 0x3FFF :
		    version < 5 ? 0x7FFF : 0xFFFF,
		.ports = version < 4 ? 0 : BIND_TCP | CONNECT_TCP,
		/* Abstract sockets, and signals to others. */
		.scopes = version < 6 ? 0 : 3,
	};
}

/* Without it, renewing fails in the end, and that is told then. */
static void
allow_folder(int ruleset, const char *file)
{
	struct folder_rule rule = { .allowed = REMOVE_FILE | MAKE_REGULAR };
	char path[PATH_TEXT_MAX + 1];
	char *name;

	if (!copy_text(path, sizeof path, slice_of(file)) ||
	    !(name = strrchr(path, '/')))
		return;
	name[1] = '\0';
	rule.fd = open(path, O_PATH | O_CLOEXEC);
	syscall(CALL_LANDLOCK_ADD_RULE, ruleset, RULE_FOLDER, &rule, 0L);
	close(rule.fd);
}

static bool
allow_ports(int ruleset, const struct lockdown *lock)
{
	for (size_t i = 0; i < lock->ports_n; i++) {
		struct port_rule rule = { CONNECT_TCP, lock->ports[i] };

		if (syscall(CALL_LANDLOCK_ADD_RULE, ruleset, RULE_PORT, &rule,
		    0L) != 0)
			return false;
	}
	return true;
}

int
lockdown_files(const struct lockdown *lock)
{
	int version = (int)syscall(CALL_LANDLOCK_CREATE_RULESET, NULL, 0L,
	    ASK_VERSION);
	struct lock_rights all = lockdown_rights(version);
	int ruleset = version < 1 ? -1 :
	    (int)syscall(CALL_LANDLOCK_CREATE_RULESET, &all, sizeof all, 0L);
	bool ok;

	if (ruleset < 0)
		return 0;
	if (lock->renewed[0])
		allow_folder(ruleset, lock->renewed);
	ok = (!all.ports || allow_ports(ruleset, lock)) &&
	    syscall(CALL_LANDLOCK_RESTRICT_SELF, ruleset, 0L) == 0;
	close(ruleset);
	return ok ? version : 0;
}

/* ---- system calls (linux/seccomp.h, linux/filter.h) ---- */

#define KILL    0x80000000u             /* SECCOMP_RET_KILL_PROCESS */
#define FAIL    (0x00050000u | ENOSYS)  /* SECCOMP_RET_ERRNO */
#define ALLOW   0x7FFF0000u             /* SECCOMP_RET_ALLOW */

#define LOAD            0x20    /* BPF_LD | BPF_W | BPF_ABS */
#define IF_EQUAL        0x15    /* BPF_JMP | BPF_JEQ | BPF_K */
#define IF_BITS         0x45    /* BPF_JMP | BPF_JSET | BPF_K */
#define ANSWER          0x06    /* BPF_RET | BPF_K */

/* Where the parts of struct seccomp_data lie. Flags are in an argument's low half. */
#define AT_NUMBER       0
#define AT_MACHINE      4
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define AT_ARGUMENT(i)  (16 + 8 * (i) + 4)
#else
#define AT_ARGUMENT(i)  (16 + 8 * (i))
#endif

#if defined __x86_64__
#define MACHINE EM_X86_64
#elif defined __i386__
#define MACHINE EM_386
#elif defined __aarch64__
#define MACHINE EM_AARCH64
#elif defined __arm__
#define MACHINE EM_ARM
#elif defined __riscv
#define MACHINE EM_RISCV
#elif defined __powerpc64__
#define MACHINE EM_PPC64
#elif defined __s390x__
#define MACHINE EM_S390
#else
#define MACHINE EM_NONE         /* nobody has tried it: no filter */
#endif

/* AUDIT_ARCH_… of linux/audit.h. */
#ifdef __LP64__
#define MACHINE_BITS 0x80000000u
#else
#define MACHINE_BITS 0u
#endif
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define MACHINE_WORD (MACHINE | MACHINE_BITS)
#else
#define MACHINE_WORD (MACHINE | MACHINE_BITS | 0x40000000u)
#endif

static const uint16_t fatal[] = {
	SYS_execve, SYS_execveat, SYS_ptrace, SYS_clone, CALL_CLONE3,
	SYS_process_vm_readv, SYS_process_vm_writev,
#ifdef SYS_fork
	SYS_fork, SYS_vfork,
#endif
#ifdef SYS_creat
	SYS_creat,
#endif
};

/* What the network part needs, and libc for it; then what a renewal adds. */
static const uint16_t allowed[] = {
	SYS_read, SYS_write, SYS_close, SYS_connect, SYS_sendto, SYS_recvfrom,
	SYS_setsockopt, SYS_getsockopt, SYS_getrandom, SYS_munmap, SYS_mincore,
	SYS_exit, SYS_exit_group, SYS_ppoll,
	SYS_restart_syscall,            /* a poll(2) that a stop came between */
#ifdef SYS_poll
	SYS_poll,
#endif
#ifdef SYS_clock_gettime
	SYS_clock_gettime,
#endif
#ifdef SYS_clock_gettime32
	SYS_clock_gettime32,
#endif
#ifdef SYS_clock_gettime64
	SYS_clock_gettime64,
#endif
};

static const uint16_t allowed_renewing[] = {
	SYS_fsync, SYS_renameat2, SYS_unlinkat,
#ifdef SYS_renameat
	SYS_renameat,
#endif
#ifdef SYS_unlink
	SYS_unlink,
#endif
};

static void
put(struct lock_filter *f, uint16_t code, uint32_t k, uint8_t no)
{
	f->steps[f->n++] = (struct lock_step){ .code = code, .k = k, .no = no };
}

/* If it is this call. */
static void
put_calls(struct lock_filter *f, const uint16_t *calls, size_t n,
	uint32_t answer)
{
	for (size_t i = 0; i < n; i++) {
		put(f, IF_EQUAL, calls[i], 1);
		put(f, ANSWER, answer, 0);
	}
}

/* If it is this call and the argument is `k`, or has bits of it. */
static void
put_argument(struct lock_filter *f, uint32_t call, uint32_t at, uint16_t test,
	uint32_t k, uint32_t answer)
{
	put(f, IF_EQUAL, call, 3);
	put(f, LOAD, at, 0);
	put(f, test, k, 1);
	put(f, ANSWER, answer, 0);
	put(f, LOAD, AT_NUMBER, 0);
}

/*
 * Another machine's numbers mean other calls. Those of x32 have a bit of their
 * own, so that they are in none of the lists and fail.
 */
static const struct lock_step beginning[] = {
	{ LOAD, 0, 0, AT_MACHINE },
	{ IF_EQUAL, 1, 0, MACHINE_WORD },
	{ ANSWER, 0, 0, KILL },
	{ LOAD, 0, 0, AT_NUMBER },
};

_Static_assert(COUNT(beginning) + 2 * (COUNT(fatal) + COUNT(allowed) +
    COUNT(allowed_renewing)) + 9 * 5 + 1 <= LOCK_STEPS_MAX, "they have room");

void
lockdown_put_filter(struct lock_filter *f, bool renewing)
{
	const uint32_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;

	memcpy(f->steps, beginning, sizeof beginning);
	f->n = COUNT(beginning);
	put_calls(f, fatal, COUNT(fatal), KILL);
	put_argument(f, SYS_openat, AT_ARGUMENT(2), IF_BITS, writing, KILL);
#ifdef SYS_open
	put_argument(f, SYS_open, AT_ARGUMENT(1), IF_BITS, writing, KILL);
#endif
	/* To an address of its own it is a connect (TCP Fast Open). */
	put_argument(f, SYS_sendto, AT_ARGUMENT(4), IF_BITS, UINT32_MAX, FAIL);
	put_argument(f, SYS_sendto, AT_ARGUMENT(4) ^ 4, IF_BITS, UINT32_MAX,
	    FAIL);
	put_calls(f, allowed, COUNT(allowed), ALLOW);
	if (renewing)
		put_calls(f, allowed_renewing, COUNT(allowed_renewing), ALLOW);
	/* TCP and UDP: Landlock's ports are not those of MPTCP or SCTP. */
	put_argument(f, SYS_socket, AT_ARGUMENT(2), IF_BITS, UINT32_MAX, FAIL);
	put_argument(f, SYS_socket, AT_ARGUMENT(1), IF_BITS, 0xC, FAIL);
	put_argument(f, SYS_socket, AT_ARGUMENT(0), IF_EQUAL, AF_INET, ALLOW);
	put_argument(f, SYS_socket, AT_ARGUMENT(0), IF_EQUAL, AF_INET6, ALLOW);
	/* Is it a terminal? Others, such as TIOCSTI, type into it. */
	put_argument(f, SYS_ioctl, AT_ARGUMENT(1), IF_EQUAL, TIOCGWINSZ, ALLOW);
	put(f, ANSWER, FAIL, 0);
}

bool
lockdown_calls(bool renewing)
{
	struct lock_filter f;
	struct { uint16_t n; struct lock_step *steps; } program;

	if (MACHINE == EM_NONE)
		return false;
	lockdown_put_filter(&f, renewing);
	program.n = f.n;
	program.steps = f.steps;
	return prctl(PR_SET_SECCOMP, 2 /* SECCOMP_MODE_FILTER */, &program) == 0;
}
