/* SPDX-License-Identifier: MIT */
/*
 * Reading and wiping NAME=VALUE strings. Nothing is copied and nothing is
 * asked of the kernel.
 */
#include "base/env.h"

/* What follows NAME= in `var`; NULL when it is another variable. */
static char *
value_of(char *var, const char *name, size_t len)
{
	return strncmp(var, name, len) == 0 && var[len] == '=' ?
	    var + len + 1 : NULL;
}

struct slice
env_get(char *const *vars, const char *name)
{
	size_t len = strlen(name);
	char *value = NULL;

	while (*vars && !value)
		value = value_of(*vars++, name, len);
	return slice_of(value);
}

void
env_wipe(char **vars, const char *name)
{
	size_t len = strlen(name);
	char *value;

	/* A name may stand more than once. */
	for (; *vars; vars++)
		if ((value = value_of(*vars, name, len)) != NULL)
			explicit_bzero(value, strlen(value));
}

static bool
is_listed(struct slice names, struct slice name)
{
	struct slice word;

	while (slice_take_word(&names, &word))
		if (slice_eq(word, name) || (word.p[word.len - 1] == '_' &&
		    name.len > word.len &&
		    slice_eq(word, slice_from(name.p, word.len))))
			return true;
	return false;
}

bool
env_merge(char **out, size_t max, char **vars, const char *drop, char *text)
{
	size_t n = 0, set;

	for (; *text && n < max; text += strlen(text) + 1)
		out[n++] = text;
	for (set = n; *vars; vars++) {
		struct slice name = slice_of(*vars);
		bool taken;

		name.len = slice_find_char(name, '=');
		taken = is_listed(slice_of(drop), name);
		for (size_t i = 0; i < set; i++)
			taken |= value_of(out[i], name.p, name.len) != NULL;
		if (!taken && n == max)
			return false;
		if (!taken)
			out[n++] = *vars;
	}
	out[n] = NULL;
	return !*text;
}
