/* SPDX-License-Identifier: MIT */
/*
 * The parts of slice.h that are too long to be inline. Pure; no bytes are
 * copied and none are owned.
 */
#include "base/slice.h"

struct slice
slice_of(const char *s)
{
	return slice_from(s, s ? strlen(s) : 0);
}

bool
ascii_is_alnum(char c)
{
	return ascii_is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

bool
char_in(char c, const char *set)
{
	while (*set && *set != c)
		set++;
	return *set;
}

bool
slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool
slice_is(struct slice a, const char *s)
{
	return slice_eq(a, slice_of(s));
}

bool
slice_starts(struct slice a, const char *s)
{
	size_t n = strlen(s);

	return a.len >= n && memcmp(a.p, s, n) == 0;
}

bool
slice_ieq(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	return true;
}

size_t
slice_find(struct slice a, const char *needle)
{
	size_t n = strlen(needle);

	for (size_t i = 0; i + n <= a.len; i++)
		if (memcmp(a.p + i, needle, n) == 0)
			return i;
	return a.len;
}

size_t
slice_find_char(struct slice a, char c)
{
	const char *at = a.len ? memchr(a.p, c, a.len) : NULL;

	return at ? (size_t)(at - a.p) : a.len;
}

size_t
slice_span_digits(struct slice a)
{
	size_t n = 0;

	while (n < a.len && ascii_is_digit(a.p[n]))
		n++;
	return n;
}

size_t
slice_span_alnum(struct slice a, const char *also)
{
	size_t n = 0;

	while (n < a.len && (ascii_is_alnum(a.p[n]) || char_in(a.p[n], also)))
		n++;
	return n;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct slice
slice_trim(struct slice a)
{
	while (a.len && is_blank(a.p[0]))
		a = slice_skip(a, 1);
	while (a.len && is_blank(a.p[a.len - 1]))
		a.len--;
	return a;
}

bool
slice_take_word(struct slice *list, struct slice *word)
{
	size_t len = slice_find_char(*list, ' ');

	if (list->len == 0)
		return false;
	*word = slice_from(list->p, len);
	*list = slice_skip(*list, len < list->len ? len + 1 : len);
	return true;
}

bool
slice_to_u64(struct slice a, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (a.len == 0)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		uint64_t digit = (uint64_t)(a.p[i] - '0');

		if (!ascii_is_digit(a.p[i]) || v > (max - digit) / 10)
			return false;
		v = v * 10 + digit;
		if (v > max)
			return false;
	}
	*out = v;
	return true;
}

size_t
slice_distance(struct slice a, struct slice b)
{
	size_t row[32];

	if (a.len >= 32 || b.len >= 32)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t best = diagonal + (a.p[i - 1] != b.p[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[b.len];
}
