/* SPDX-License-Identifier: MIT */
/*
 * What a unit test is written with: tests that register themselves, checks
 * that go on after a failure, and inputs that end at an unreadable page.
 * Running, counting and printing are test_main.c's.
 */
#ifndef POSTERN_TESTS_UNIT_TEST_H
#define POSTERN_TESTS_UNIT_TEST_H

#include "base/buf.h"

struct test {
	const char *name;
	void (*run)(void);
	struct test *next;
};

void test_add(struct test *t);

/* A test; its name is a sentence and can be given to build/asan/unit alone. */
#define TEST(sentence) \
	static void run_##sentence(void); \
	static struct test test_##sentence = { #sentence, run_##sentence, NULL }; \
	__attribute__((constructor)) static void add_##sentence(void) \
	{ test_add(&test_##sentence); } \
	static void run_##sentence(void)

/*
 * Checks. Each records a failure with the current input and goes on; all but
 * `got` and `wanted` is found out here.
 */
#define YES(claim)      check_claim(__FILE__, __LINE__, #claim, (claim), true)
#define NO(claim)       check_claim(__FILE__, __LINE__, #claim, (claim), false)
#define EQ(got, wanted) \
	check_number(__FILE__, __LINE__, #got, (int64_t)(got), (int64_t)(wanted))
#define EQ_TEXT(got, wanted) \
	check_text(__FILE__, __LINE__, #got, AS_SLICE(got), AS_SLICE(wanted))
#define HAS(got, part) \
	check_part(__FILE__, __LINE__, #got, AS_SLICE(got), part, true)
#define LACKS(got, part) \
	check_part(__FILE__, __LINE__, #got, AS_SLICE(got), part, false)

bool check_claim(const char *file, int line, const char *what, bool got,
	bool wanted);
bool check_number(const char *file, int line, const char *what, int64_t got,
	int64_t wanted);
bool check_text(const char *file, int line, const char *what,
	struct slice got, struct slice wanted);
bool check_part(const char *file, int line, const char *what,
	struct slice got, const char *part, bool wanted);

/* This machine does not let it be tested: say why, then return. */
void test_leave_out(const char *why);

/* The input that failures name from now on; edge() and its kin set it. */
void test_input(struct slice s);

/*
 * A copy that ends at an unreadable page, so that one byte too many is a
 * crash. It lives until the test ends, and may be written to.
 */
struct slice edge(const char *text);
struct slice edge_bytes(const void *p, size_t len);
#define EDGE(literal) edge_bytes(literal, sizeof literal - 1)

/* The same for loops: each call takes the place of the one before. */
struct slice edge_again(struct slice s);

/* An empty buffer of exactly `cap` bytes in front of an unreadable page. */
struct buf edge_buf(size_t cap);

/* Every proper beginning of `whole`, from none of it to all but one byte. */
#define EACH_CUT(whole, cut) \
	for (size_t cut##_len = 0; cut##_len < (whole).len && \
	    ((cut) = edge_again(slice_from((whole).p, cut##_len)), true); cut##_len++)

/* `whole` with one byte made another, for every byte and eight others. */
#define SPOILS 8
struct slice spoil(struct slice whole, size_t i);
#define EACH_SPOILT(whole, bad) \
	for (size_t bad##_i = 0; bad##_i < (whole).len * SPOILS && \
	    ((bad) = spoil(whole, bad##_i), true); bad##_i++)

/* Does `part` lie within `whole`? */
bool lies_within(struct slice part, struct slice whole);

/* A repetition of one text, `n` times, in an edge copy. */
struct slice repeat(const char *text, size_t n);

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static inline struct slice
slice_itself(struct slice s)
{
	return s;
}

static inline struct slice
slice_of_buf(const struct buf *b)
{
	return buf_slice(b);
}

#define AS_SLICE(x) _Generic((x), \
	struct slice: slice_itself, \
	struct buf *: slice_of_buf, \
	char *: slice_of, \
	const char *: slice_of)(x)

#endif
