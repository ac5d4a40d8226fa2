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
