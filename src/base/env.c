/* SPDX-License-Identifier: MIT */
/*
 * Reading and wiping NAME=VALUE strings. Nothing is copied and nothing is
 * asked of the kernel.
 */
#include "base/env.h"

static char *
find(char *const *vars, const char *name)
{
	size_t len = strlen(name);

	for (; *vars; vars++)
		if (slice_starts(slice_of(*vars), name) && (*vars)[len] == '=')
			return *vars + len + 1;
	return NULL;
}

struct slice
env_get(char *const *vars, const char *name)
{
	return slice_of(find(vars, name));
}

void
env_wipe(char **vars, const char *name)
{
	char *value;

	/* A name may stand more than once; a wiped value is empty: look past it. */
	for (char **v = vars; *v; v++)
		if ((value = find(v, name)) != NULL)
			explicit_bzero(value, strlen(value));
}
