/* SPDX-License-Identifier: MIT */
/*
 * Borrowed bytes: a pointer and a length, not NUL-terminated. Every reader
 * answers in slices of its input; who owns the input decides their life.
 */
#ifndef POSTERN_BASE_SLICE_H
#define POSTERN_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const char *p;          /* not NULL unless len is 0 */
	size_t len;
};

/* A slice of a string literal, usable in static initialisers. */
#define SLICE(lit) { lit, sizeof lit - 1 }

/* A NUL-terminated text as a slice; NULL is empty. */
struct slice slice_of(const char *s);

static inline struct slice
slice_from(const char *p, size_t len)
{
	return (struct slice){ p, len };
}

bool slice_eq(struct slice a, struct slice b);
bool slice_is(struct slice a, const char *s);
bool slice_starts(struct slice a, const char *s);

/* The rest of `a` after its first `n` bytes; n is at most a.len. */
static inline struct slice
slice_skip(struct slice a, size_t n)
{
	return (struct slice){ a.p + n, a.len - n };
}

/* ASCII only: no locale takes part. */
static inline bool
ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool ascii_is_alnum(char c);

/* Is it one of these characters? NUL never is. */
bool char_in(char c, const char *set);

static inline char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool slice_ieq(struct slice a, struct slice b);      /* ASCII case ignored */

/*
 * The first place of `needle` in `a`, as an index, or a.len when there is none.
 */
size_t slice_find(struct slice a, const char *needle);
size_t slice_find_char(struct slice a, char c);

/* How many bytes at the front are digits; letters, digits or one of `also`. */
size_t slice_span_digits(struct slice a);
size_t slice_span_alnum(struct slice a, const char *also);

/* Blanks (space and tab) taken off both ends. */
struct slice slice_trim(struct slice a);

/*
 * The next word of a list with single blanks between; false at its end. Lists
 * of names are such texts, since a static PIE pays 32 bytes for each pointer.
 */
bool slice_take_word(struct slice *list, struct slice *word);

/*
 * A whole slice of decimal digits as a number. Fails on an empty slice, any
 * other byte, and a value above `max`.
 */
bool slice_to_u64(struct slice a, uint64_t max, uint64_t *out);

/*
 * Levenshtein distance of two short words, for "did you mean"; words longer
 * than 31 bytes are as far apart as can be (SIZE_MAX).
 */
size_t slice_distance(struct slice a, struct slice b);

#endif
