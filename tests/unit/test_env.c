/* SPDX-License-Identifier: MIT */
/*
 * Reading and wiping variables in a vector of NAME=VALUE strings.
 */
#include "test.h"

#include "base/env.h"

TEST(env_finds_variables_by_their_whole_name)
{
	char a[] = "AWS_REGION_X=no", b[] = "XAWS_REGION=no", c[] = "AWS_REGIO=no";
	char d[] = "AWS_REGION", e[] = "AWS_REGION=eu=west", f[] = "AWS_REGION=late";
	char *const vars[] = { a, b, c, d, e, f, NULL };

	EQ_TEXT(env_get(vars, "AWS_REGION"), "eu=west");
	EQ_TEXT(env_get(vars, "AWS_REG"), "");
	EQ_TEXT(env_get(vars, "PATH"), "");
	EQ_TEXT(env_get((char *const[]){ NULL }, "PATH"), "");
}

TEST(env_takes_an_empty_value_for_none)
{
	char a[] = "A=";
	char *const vars[] = { a, NULL };

	EQ(env_get(vars, "A").len, 0);
}

TEST(env_wipes_every_copy_of_a_variable_and_no_other)
{
	char one[] = "KEY=secret", other[] = "KEYS=kept", two[] = "KEY=again";
	char *vars[] = { one, other, two, NULL };

	env_wipe(vars, "KEY");
	EQ_TEXT(slice_from(one, sizeof one), slice_from("KEY=\0\0\0\0\0\0", 11));
	EQ_TEXT((const char *)other, "KEYS=kept");
	EQ_TEXT(slice_from(two, sizeof two), slice_from("KEY=\0\0\0\0\0", 10));
	EQ_TEXT(env_get(vars, "KEY"), "");
}
