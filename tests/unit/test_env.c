/* SPDX-License-Identifier: MIT */
/*
 * Reading, wiping and merging variables in a vector of NAME=VALUE strings.
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

TEST(env_merges_what_is_set_with_what_is_not_dropped)
{
	char path[] = "PATH=/bin", old[] = "KEY=old", more[] = "KEYS=kept";
	char gone[] = "PROFILE=x", odd[] = "no equals sign", twice[] = "KEY=late";
	char bare[] = "KEY", empty[] = "PROFILE_2=";
	char *vars[] = { path, old, more, gone, odd, twice, bare, empty, NULL };
	char text[] = "KEY=new\0REGION=r\0";
	char *out[9];

	YES(env_merge(out, 8, vars, "PROFILE KEY_ ROLE", text));
	EQ_TEXT((const char *)out[0], "KEY=new");
	EQ_TEXT((const char *)out[1], "REGION=r");
	YES(out[2] == path);
	YES(out[3] == more);
	YES(out[4] == odd);
	YES(out[5] == empty);
	YES(out[6] == NULL);
}

TEST(env_drops_all_names_with_a_beginning)
{
	char one[] = "ROLE_ARN=x", two[] = "ROLE_=x", not[] = "ROLES=x";
	char bare[] = "ROLE=x";
	char *vars[] = { one, two, not, bare, NULL };
	char *out[5], text[] = "";

	YES(env_merge(out, 4, vars, "A ROLE_", text));
	YES(out[0] == not);
	YES(out[1] == bare);
	YES(out[2] == NULL);
}

TEST(env_refuses_to_merge_more_than_fits)
{
	char a[] = "A=1", b[] = "B=2";
	char *vars[] = { a, b, NULL };
	char text[] = "C=3\0";
	char *out[4];

	YES(env_merge(out, 3, vars, "", text));
	YES(out[3] == NULL);
	NO(env_merge(out, 2, vars, "", text));
	NO(env_merge(out, 0, vars, "", text));
	YES(env_merge(out, 2, vars, "B", text));
}
