/* SPDX-License-Identifier: MIT */
/*
 * The environment as plain data: a vector of NAME=VALUE strings, so that tests
 * and check drivers can hand in one of their own.
 */
#ifndef POSTERN_BASE_ENV_H
#define POSTERN_BASE_ENV_H

#include "base/slice.h"

/*
 * The value of `name`, borrowed; empty when unset. An empty value counts as
 * unset everywhere in Postern, as in AWS's own tools, but where it would name
 * a container's endpoint: its p is NULL only when `name` is unset.
 */
struct slice env_get(char *const *vars, const char *name);

/*
 * Overwrite the value of `name` in place with zeros, so that neither this
 * process's memory nor /proc/PID/environ holds it any longer.
 */
void env_wipe(char **vars, const char *name);

/*
 * An environment for another program: the strings of `text`, NAME=value and a
 * NUL each and an empty one at the end, then those of `vars` that neither
 * `text` nor `drop` names (a list with blanks between; with "_" at its end a
 * word stands for all names that begin so).
 *   out   receives pointers and a closing NULL; has room for max + 1
 * Nothing is copied. False, and nothing usable, when there are more than max.
 */
bool env_merge(char **out, size_t max, char **vars, const char *drop,
	char *text) __attribute__((warn_unused_result));

#endif
