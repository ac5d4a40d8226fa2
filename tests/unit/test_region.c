/* SPDX-License-Identifier: MIT */
/*
 * The regions for secrets: their guard pages, and what a child and a core file
 * get of them. The sanitizers lock no memory: tests/e2e sees to that.
 */
#include "test.h"

#include "sys/region.h"

#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEN 5000                        /* bytes: two pages of 4 KiB, the last one not full */

static struct region r;
static struct error err;

static char *
map(void)
{
	memset(&err, 0, sizeof err);
	YES(region_map(&r, LEN, false, &err));
	return r.p;
}

/* The region's own part, in bytes. */
static size_t
inner(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (LEN + page - 1) / page * page;
}

/* How a child ends that reads, or writes, there: its signal or 0. */
static int
signal_at(volatile char *at, bool writes)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		static const struct rlimit none = { 0, 0 };

		setrlimit(RLIMIT_CORE, &none);
		signal(SIGSEGV, SIG_DFL);
		if (writes)
			*at = 1;
		_exit(writes ? 0 : *at & 0);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* A line of /proc/self/smaps about the mapping that begins there. */
static void
read_smaps(const char *field, char *line, int size)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	char start[32];
	bool here = false;

	snprintf(start, sizeof start, "%lx-", (unsigned long)r.p);
	while (f && fgets(line, size, f)) {
		here = here || strncmp(line, start, strlen(start)) == 0;
		if (here && strncmp(line, field, strlen(field)) == 0)
			break;
	}
	if (f)
		fclose(f);
}

TEST(region_is_zeroed_and_can_be_used_to_its_last_byte)
{
	char *p = map();

	for (size_t i = 0; i < LEN; i++)
		EQ(p[i], 0);
	EQ(signal_at(p, true), 0);
	EQ(signal_at(p + LEN - 1, true), 0);
	region_wipe(&r);
	YES(r.p == NULL);
}

TEST(region_has_guard_pages_that_fault)
{
	char *p = map();

	EQ(signal_at(p - 1, false), SIGSEGV);
	EQ(signal_at(p - 1, true), SIGSEGV);
	EQ(signal_at(p + inner(), false), SIGSEGV);
	EQ(signal_at(p + inner(), true), SIGSEGV);
	region_wipe(&r);
}

TEST(region_is_unmapped_with_its_guard_pages)
{
	char *p = map();
	unsigned char resident;

	region_wipe(&r);
	EQ(mincore(p, 1, &resident), -1);
	EQ(mincore(p + inner(), 1, &resident), -1);
	region_wipe(&r);                /* again is no harm */
}

TEST(region_is_left_out_of_core_files_and_of_children)
{
	char line[256] = "";
	char *p = map();
	int status = 0;
	pid_t pid;

	read_smaps("VmFlags:", line, sizeof line);
	HAS((const char *)line, " dd ");
	HAS((const char *)line, " wf ");
	memset(p, 'S', LEN);
	pid = fork();
	if (pid == 0)
		_exit(p[0] | p[LEN - 1]);
	waitpid(pid, &status, 0);
	EQ(status, 0);
	EQ(p[0], 'S');
	region_wipe(&r);
}
