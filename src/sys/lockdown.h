/* SPDX-License-Identifier: MIT */
/*
 * What the kernel no longer lets this process do, whatever its code becomes:
 * for the time with the network, after the last local file was read. There is
 * no way back. Which ports are needed is the caller's to say.
 */
#ifndef POSTERN_SYS_LOCKDOWN_H
#define POSTERN_SYS_LOCKDOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"

struct lockdown {
	uint16_t ports[LOCK_PORTS_MAX]; /* to connect to over TCP */
	size_t ports_n;
	/* A file whose folder's files may be renamed and removed; empty: none. */
	const char *renewed;
};

/*
 * Landlock: from now on no file can be opened, made or removed, and no other
 * port be connected to. Answers the kernel's Landlock version: 0 is none, and
 * below 4 ports are not locked. host_harden comes first, here and below.
 * Source: Linux, "Landlock: unprivileged access control".
 */
int lockdown_files(const struct lockdown *lock);

/*
 * A seccomp filter: only the system calls that the network part makes. Running
 * programs, forking, tracing and opening for writing are the end of the
 * process (SIGSYS); all other calls fail with ENOSYS, which libc takes as a
 * reason for an older call. `renewing` allows renaming and removing files,
 * too. Answers false where the kernel has no filters.
 */
bool lockdown_calls(bool renewing);

/*
 * What is forbidden unless a rule has it, as far as a version of Landlock
 * knows it: struct landlock_ruleset_attr of linux/landlock.h. A kernel refuses
 * the whole for a bit that it does not know.
 */
struct lock_rights {
	uint64_t files, ports, scopes;
};

struct lock_rights lockdown_rights(int version);

/* One step of the filter: struct sock_filter of linux/filter.h. */
struct lock_step {
	uint16_t code;
	uint8_t yes, no;                /* steps to pass over */
	uint32_t k;
};

struct lock_filter {
	uint16_t n;
	struct lock_step steps[LOCK_STEPS_MAX];
};

/* The filter of lockdown_calls. It has room. */
void lockdown_put_filter(struct lock_filter *f, bool renewing);

#endif
