/* SPDX-License-Identifier: MIT */
/*
 * Amazon Resource Names and the short names of AWS's policies.
 */
#include "test.h"

#include "aws/arn.h"

TEST(arn_splits_into_its_six_parts)
{
	struct arn a;

	YES(arn_read(edge("arn:aws-cn:iam::123456789012:role/path/Admin:x"), &a));
	EQ_TEXT(a.partition, "aws-cn");
	EQ_TEXT(a.service, "iam");
	EQ_TEXT(a.region, "");
	EQ_TEXT(a.account, "123456789012");
	EQ_TEXT(a.resource, "role/path/Admin:x");
	YES(arn_read(edge("arn:aws:sts:us-east-1:1:assumed-role/A/b"), &a));
	EQ_TEXT(a.region, "us-east-1");
	YES(arn_read(edge("arn:aws:iam::aws:policy/ReadOnlyAccess"), &a));
	EQ_TEXT(a.account, "aws");
}

TEST(arn_refuses_what_is_none)
{
	static const char *const bad[] = {
		"", "arn", "arn:", "arn:aws", "arn:aws:iam::1", "ARN:aws:iam::1:r",
		"arn::iam::1:r", "arn:aws:::1:r", "arn:aws:iam::1:", "xarn:aws:iam::1:r",
		" arn:aws:iam::1:r", "arn:aws:iam::1:r ", "arn:aws:iam::1:r\n",
		"arn:aws:iam::1:a b", "arn:aws:iam::1:\xC3\xA9", "arn:aws:iam::1:\x7F",
		"arn;aws;iam;;1;r",
	};
	struct arn a;

	for (size_t i = 0; i < COUNT(bad); i++)
		NO(arn_read(edge(bad[i]), &a));
	NO(arn_read(EDGE("arn:aws:iam::1:r\0"), &a));
}

TEST(arn_refuses_a_text_cut_before_its_resource)
{
	struct slice whole = edge("arn:aws:iam::123456789012:role/Admin"), cut;
	struct arn a;

	EACH_CUT(whole, cut)
		EQ(arn_read(cut, &a), cut.len > 26);
}

TEST(arn_knows_roles)
{
	static const struct { const char *text; bool role; } cases[] = {
		{ "arn:aws:iam::123456789012:role/Admin", true },
		{ "arn:aws-us-gov:iam::123456789012:role/a/b/Admin", true },
		{ "arn:aws:iam::123456789012:role/", false },
		{ "arn:aws:iam::123456789012:roles/Admin", false },
		{ "arn:aws:iam::123456789012:user/Admin", false },
		{ "arn:aws:iam::12345678901:role/Admin", false },
		{ "arn:aws:iam::1234567890123:role/Admin", false },
		{ "arn:aws:iam::12345678901x:role/Admin", false },
		{ "arn:aws:iam:us-east-1:123456789012:role/Admin", false },
		{ "arn:aws:sts::123456789012:role/Admin", false },
		{ "arn:aws:sts::123456789012:assumed-role/Admin/x", false },
	};
	struct arn a;

	for (size_t i = 0; i < COUNT(cases); i++) {
		YES(arn_read(edge(cases[i].text), &a));
		EQ(arn_is_role(&a), cases[i].role);
	}
}

static void
policy(const char *name, const char *partition, const char *wanted)
{
	struct buf b = edge_buf(strlen(wanted));

	YES(arn_put_policy(&b, partition, edge(name)));
	EQ_TEXT(&b, wanted);
}

TEST(arn_completes_the_short_names_of_policies)
{
	policy("ReadOnlyAccess", "aws", "arn:aws:iam::aws:policy/ReadOnlyAccess");
	policy("AdministratorAccess", "aws-cn",
	    "arn:aws-cn:iam::aws:policy/AdministratorAccess");
	policy("ViewOnlyAccess", "aws",
	    "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess");
	policy("job-function/Billing", "aws-us-gov",
	    "arn:aws-us-gov:iam::aws:policy/job-function/Billing");
}

TEST(arn_completes_no_other_names)
{
	static const char *const bad[] = {
		"", "readonlyaccess", "ReadOnly", "ReadOnlyAccess ", "job-function/",
		"job-function/ReadOnlyAccess", "ReadOnlyAccess PowerUserAccess", "/",
	};
	char text[128];
	struct buf b = BUF_OVER(text);

	for (size_t i = 0; i < COUNT(bad); i++)
		NO(arn_put_policy(&b, "aws", edge(bad[i])));
	EQ(b.len, 0);
	b = edge_buf(10);
	NO(arn_put_policy(&b, "aws", edge("ReadOnlyAccess")));
}

TEST(arn_policy_nearest_helps_with_slips)
{
	EQ_TEXT(arn_policy_nearest(edge("ReadOnlyAcess")), "ReadOnlyAccess");
	EQ_TEXT(arn_policy_nearest(edge("readonlyaccess")), "ReadOnlyAccess");
	EQ_TEXT(arn_policy_nearest(edge("viewonlyAccess")), "ViewOnlyAccess");
	EQ_TEXT(arn_policy_nearest(edge("SomethingElse")), "");
}
