/* SPDX-License-Identifier: MIT */
/*
 * Runs the tests, each in a process of its own, so that a crash is the failure
 * of one sentence and not of the run. What is tested stands in test_*.c.
 *
 *   unit               all of them; ends with "N passed, N failed", and what
 *                      this machine does not let be tested as "skipped"
 *   unit SENTENCE...   these, in this process where it is one, for a debugger
 *   unit -l            their names
 */
#include "test.h"

#include <sys/mman.h>
#include <sys/wait.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FAILURES_SHOWN 3        /* of one test; a loop would drown the others */
#define INPUT_SHOWN    600      /* bytes of an input */
#define SAID_SO        40       /* exit code of a test that printed its failure */
#define LEFT_OUT       41       /* of one that this machine does not allow */
#define HANGS_S        120      /* a reader that never ends is ended by SIGALRM */

static struct test *tests;
static const char *current;
static struct slice input;
static unsigned failures;
static const char *left_out;            /* why */

void
test_add(struct test *t)
{
	struct test **at = &tests;

	while (*at && strcmp((*at)->name, t->name) < 0)
		at = &(*at)->next;
	t->next = *at;
	*at = t;
}

void
test_input(struct slice s)
{
	input = s;
}

void
test_leave_out(const char *why)
{
	left_out = why;
}

/* ---- saying what failed ---- */

static void
print(const char *label, struct slice s)
{
	printf("  %-7s \"", label);
	for (size_t i = 0; i < s.len && i < INPUT_SHOWN; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '\n')
			printf("\\n");
		else if (c == '\r')
			printf("\\r");
		else if (c < ' ' || c >= 0x7F || c == '\\' || c == '"')
			printf("\\x%02x", c);
		else
			putchar(c);
	}
	printf(s.len > INPUT_SHOWN ? "\" ... (%zu bytes)\n" : "\"\n", s.len);
}

static bool
fail(const char *file, int line, const char *what)
{
	failures++;
	if (failures == FAILURES_SHOWN + 1)
		printf("  (more failures of %s are not shown)\n", current);
	if (failures > FAILURES_SHOWN)
		return false;
	printf("FAILED %s\n  at      %s:%d: %s\n", current, file, line, what);
	if (input.p)
		print("input", input);
	return true;
}

bool
check_claim(const char *file, int line, const char *what, bool got, bool wanted)
{
	if (got != wanted && fail(file, line, what))
		printf("  got     %s\n  wanted  %s\n", got ? "true" : "false",
		    wanted ? "true" : "false");
	return got == wanted;
}

bool
check_number(const char *file, int line, const char *what, int64_t got,
	int64_t wanted)
{
	if (got != wanted && fail(file, line, what))
		printf("  got     %lld\n  wanted  %lld\n", (long long)got,
		    (long long)wanted);
	return got == wanted;
}

bool
check_text(const char *file, int line, const char *what, struct slice got,
	struct slice wanted)
{
	if (slice_eq(got, wanted))
		return true;
	if (fail(file, line, what)) {
		print("got", got);
		print("wanted", wanted);
	}
	return false;
}

bool
check_part(const char *file, int line, const char *what, struct slice got,
	const char *part, bool wanted)
{
	bool has = slice_find(got, part) < got.len;

	if (has != wanted && fail(file, line, what)) {
		print("got", got);
		print(wanted ? "part" : "without", slice_of(part));
	}
	return has == wanted;
}

/* ---- memory that ends at an unreadable page ---- */

static char *
map_to_edge(size_t len, size_t *room)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *map;

	*room = (len / page + 1) * page;
	map = mmap(NULL, *room + page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED || mprotect(map + *room, page, PROT_NONE) != 0) {
		perror("unit: memory for an input");
		_exit(1);
	}
	return map + *room;
}

struct slice
edge_bytes(const void *p, size_t len)
{
	size_t room;
	char *end = map_to_edge(len, &room);

	if (len)
		memcpy(end - len, p, len);
	test_input(slice_from(end - len, len));
	return input;
}

struct slice
edge(const char *text)
{
	return edge_bytes(text, strlen(text));
}

struct slice
edge_again(struct slice s)
{
	static char *end;
	static size_t room;

	if (s.len > room || !end)
		end = map_to_edge(s.len, &room);
	if (s.len)
		memmove(end - s.len, s.p, s.len);
	test_input(slice_from(end - s.len, s.len));
	return input;
}

struct buf
edge_buf(size_t cap)
{
	size_t room;
	struct buf b;

	buf_init(&b, map_to_edge(cap, &room) - cap, cap);
	return b;
}

struct slice
spoil(struct slice whole, size_t i)
{
	static const unsigned char others[SPOILS] = {
		0x00, 0xFF, 0x7F, 0x80, ' ', '\n', 0x01, 0xC0
	};
	struct slice s = edge_again(whole);
	char *at = (char *)(uintptr_t)s.p + i / SPOILS;

	*at = (char)others[i % SPOILS];
	return s;
}

bool
lies_within(struct slice part, struct slice whole)
{
	return part.p >= whole.p && part.len <= whole.len &&
	    (size_t)(part.p - whole.p) <= whole.len - part.len;
}

struct slice
repeat(const char *text, size_t n)
{
	struct buf b = edge_buf(strlen(text) * n);

	while (n--)
		buf_puts(&b, text);
	test_input(buf_slice(&b));
	return input;
}

/* ---- running ---- */

enum verdict { PASSED, FAILED, SKIPPED, VERDICTS };

static enum verdict
run_here(const struct test *t)
{
	current = t->name;
	failures = 0;
	left_out = NULL;
	input = slice_from(NULL, 0);
	t->run();
	if (failures == 0 && left_out)
		printf("skipped: %s: %s\n", t->name, left_out);
	return failures ? FAILED : left_out ? SKIPPED : PASSED;
}

static enum verdict
run_apart(const struct test *t)
{
	int status = 1;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0) {
		static const int codes[] = { 0, SAID_SO, LEFT_OUT };
		enum verdict verdict;

		alarm(HANGS_S);
		verdict = run_here(t);
		fflush(NULL);
		_exit(codes[verdict]);
	}
	if (child < 0 || waitpid(child, &status, 0) != child) {
		printf("FAILED %s: no process could be started for it\n", t->name);
		return FAILED;
	}
	if (WIFSIGNALED(status))
		printf("FAILED %s: ended by signal %d\n", t->name,
		    WTERMSIG(status));
	else if (WEXITSTATUS(status) == LEFT_OUT)
		return SKIPPED;
	else if (status != 0 && WEXITSTATUS(status) != SAID_SO)
		printf("FAILED %s: stopped by a sanitizer or by exit(%d)\n",
		    t->name, WEXITSTATUS(status));
	return status == 0 ? PASSED : FAILED;
}

static const struct test *
find(const char *name)
{
	const struct test *t = tests;

	while (t && strcmp(t->name, name) != 0)
		t = t->next;
	if (!t)
		printf("FAILED %s: there is no such test; unit -l lists them\n",
		    name);
	return t;
}

int
main(int argc, char **argv)
{
	size_t counts[VERDICTS] = { 0 };

	if (argc == 2 && strcmp(argv[1], "-l") == 0) {
		for (const struct test *t = tests; t; t = t->next)
			puts(t->name);
		return 0;
	}
	for (const struct test *t = argc > 1 ? NULL : tests; t; t = t->next)
		counts[run_apart(t)]++;
	for (int i = 1; i < argc; i++) {
		const struct test *t = find(argv[i]);

		counts[!t ? FAILED : argc == 2 ? run_here(t) : run_apart(t)]++;
	}
	printf("%zu passed, %zu failed", counts[PASSED], counts[FAILED]);
	if (counts[SKIPPED])
		printf(", %zu skipped", counts[SKIPPED]);
	putchar('\n');
	return counts[FAILED] != 0 || counts[PASSED] == 0;
}
