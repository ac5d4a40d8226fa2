/* SPDX-License-Identifier: MIT */
/*
 * The host names of every partition, from AWS's published endpoint data, and
 * the rules from a region to its partition.
 */
#include "test.h"

#include "aws/partition.h"

/* partition, region, STS, sign-in, console */
static const struct {
	const char *partition, *region, *sts, *signin, *console;
} hosts[] = {
	{ "aws", "us-east-1", "sts.us-east-1.amazonaws.com",
	  "signin.aws.amazon.com", "us-east-1.console.aws.amazon.com" },
	{ "aws", "us-west-2", "sts.us-west-2.amazonaws.com",
	  "us-west-2.signin.aws.amazon.com", "us-west-2.console.aws.amazon.com" },
	{ "aws", "eu-west-1", "sts.eu-west-1.amazonaws.com",
	  "eu-west-1.signin.aws.amazon.com", "eu-west-1.console.aws.amazon.com" },
	{ "aws", "ap-southeast-7", "sts.ap-southeast-7.amazonaws.com",
	  "ap-southeast-7.signin.aws.amazon.com",
	  "ap-southeast-7.console.aws.amazon.com" },
	{ "aws", "mx-central-1", "sts.mx-central-1.amazonaws.com",
	  "mx-central-1.signin.aws.amazon.com",
	  "mx-central-1.console.aws.amazon.com" },
	{ "aws-cn", "cn-north-1", "sts.cn-north-1.amazonaws.com.cn",
	  "signin.amazonaws.cn", "console.amazonaws.cn" },
	{ "aws-cn", "cn-northwest-1", "sts.cn-northwest-1.amazonaws.com.cn",
	  "cn-northwest-1.signin.amazonaws.cn",
	  "cn-northwest-1.console.amazonaws.cn" },
	{ "aws-us-gov", "us-gov-west-1", "sts.us-gov-west-1.amazonaws.com",
	  "signin.amazonaws-us-gov.com",
	  "us-gov-west-1.console.amazonaws-us-gov.com" },
	{ "aws-us-gov", "us-gov-east-1", "sts.us-gov-east-1.amazonaws.com",
	  "us-gov-east-1.signin.amazonaws-us-gov.com",
	  "us-gov-east-1.console.amazonaws-us-gov.com" },
	{ "aws-eusc", "eusc-de-east-1", "sts.eusc-de-east-1.amazonaws.eu",
	  "eusc-de-east-1.signin.amazonaws-eusc.eu",
	  "eusc-de-east-1.console.amazonaws-eusc.eu" },
	{ "aws-iso", "us-iso-west-1", "sts.us-iso-west-1.c2s.ic.gov",
	  "us-iso-west-1.signin.c2shome.ic.gov",
	  "us-iso-west-1.console.c2shome.ic.gov" },
	{ "aws-iso-b", "us-isob-west-1", "sts.us-isob-west-1.sc2s.sgov.gov",
	  "us-isob-west-1.signin.sc2shome.sgov.gov",
	  "us-isob-west-1.console.sc2shome.sgov.gov" },
	{ "aws-iso-e", "eu-isoe-west-1", "sts.eu-isoe-west-1.cloud.adc-e.uk",
	  "signin.csphome.adc-e.uk", "eu-isoe-west-1.console.csphome.adc-e.uk" },
	{ "aws-iso-f", "us-isof-east-1", "sts.us-isof-east-1.csp.hci.ic.gov",
	  "us-isof-east-1.signin.csphome.hci.ic.gov",
	  "us-isof-east-1.console.csphome.hci.ic.gov" },
};

TEST(partition_knows_each_service_host_of_each_region)
{
	for (size_t i = 0; i < COUNT(hosts); i++) {
		struct slice region = edge(hosts[i].region);
		const struct partition *p = partition_of_region(region);
		char text[256];
		struct buf b = BUF_OVER(text);

		EQ_TEXT((const char *)p->name, hosts[i].partition);
		YES(p == partition_by_name(slice_of(hosts[i].partition)));
		partition_put_sts_host(&b, p, region, 0);
		EQ_TEXT(&b, hosts[i].sts);
		b.len = 0;
		partition_put_signin_host(&b, p, region, 0);
		EQ_TEXT(&b, hosts[i].signin);
		b.len = 0;
		partition_put_console_host(&b, p, region);
		EQ_TEXT(&b, hosts[i].console);
	}
}

TEST(partition_of_host_knows_its_own_hosts)
{
	for (size_t i = 0; i < COUNT(hosts); i++) {
		const struct partition *p =
		    partition_by_name(slice_of(hosts[i].partition));

		YES(partition_of_host(edge(hosts[i].sts)) == p);
		YES(partition_of_host(edge(hosts[i].signin)) == p);
		YES(partition_has_console(p, edge(hosts[i].console)));
	}
	YES(partition_of_host(edge("STS.US-GOV-WEST-1.amazonaws.com")) ==
	    partition_by_name(slice_of("aws")));
	EQ_TEXT((const char *)partition_of_host(edge("vpce-1.sts.us-gov-west-1."
	    "vpce.amazonaws.com"))->name, "aws-us-gov");
	EQ_TEXT((const char *)partition_of_host(edge("SignIn.AWS.Amazon.com"))
	    ->name, "aws");
}

/* region, kind of hosts, STS, sign-in (the rule sets of botocore and AWS CLI) */
static const struct {
	const char *region;
	unsigned kind;
	const char *sts, *signin;
} kinds[] = {
	{ "eu-west-3", HOSTS_FIPS, "sts-fips.eu-west-3.amazonaws.com",
	  "signin-fips.eu-west-3.amazonaws.com" },
	{ "eu-west-3", HOSTS_DUALSTACK, "sts.eu-west-3.api.aws",
	  "signin.eu-west-3.api.aws" },
	{ "eu-west-3", HOSTS_FIPS | HOSTS_DUALSTACK, "sts-fips.eu-west-3.api.aws",
	  "signin-fips.eu-west-3.api.aws" },
	{ "us-gov-west-1", HOSTS_FIPS, "sts.us-gov-west-1.amazonaws.com",
	  "signin-fips.amazonaws-us-gov.com" },
	{ "us-gov-east-1", HOSTS_FIPS, "sts.us-gov-east-1.amazonaws.com",
	  "us-gov-east-1.signin-fips.amazonaws-us-gov.com" },
	{ "us-gov-east-1", HOSTS_DUALSTACK, "sts.us-gov-east-1.api.aws",
	  "signin.us-gov-east-1.api.aws" },
	{ "us-gov-west-1", HOSTS_FIPS | HOSTS_DUALSTACK,
	  "sts-fips.us-gov-west-1.api.aws",
	  "signin-fips.us-gov-west-1.api.aws" },
	{ "cn-north-1", HOSTS_FIPS, "sts-fips.cn-north-1.amazonaws.com.cn",
	  "signin-fips.cn-north-1.amazonaws.com.cn" },
	{ "cn-north-1", HOSTS_DUALSTACK,
	  "sts.cn-north-1.api.amazonwebservices.com.cn",
	  "signin.cn-north-1.api.amazonwebservices.com.cn" },
	{ "eusc-de-east-1", HOSTS_DUALSTACK,
	  "sts.eusc-de-east-1.api.amazonwebservices.eu",
	  "signin.eusc-de-east-1.api.amazonwebservices.eu" },
	{ "us-isof-south-1", HOSTS_FIPS | HOSTS_DUALSTACK,
	  "sts-fips.us-isof-south-1.api.aws.hci.ic.gov",
	  "signin-fips.us-isof-south-1.api.aws.hci.ic.gov" },
};

TEST(partition_knows_fips_and_dual_stack_hosts_and_whose_they_are)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct slice region = edge(kinds[i].region);
		const struct partition *p = partition_of_region(region);
		char text[256];
		struct buf b = BUF_OVER(text);

		test_input(region);
		partition_put_sts_host(&b, p, region, kinds[i].kind);
		EQ_TEXT(&b, kinds[i].sts);
		b.len = 0;
		partition_put_signin_host(&b, p, region, kinds[i].kind);
		EQ_TEXT(&b, kinds[i].signin);
		YES(partition_of_host(edge(kinds[i].sts)) == p);
		YES(partition_of_host(edge(kinds[i].signin)) == p);
		EQ_TEXT(partition_sts_region(edge(kinds[i].sts)), region);
		YES(partition_is_signin_host(edge(kinds[i].signin)));
		NO(partition_is_signin_host(edge(kinds[i].sts)));
		EQ(partition_sts_region(edge(kinds[i].signin)).len, 0);
	}
}

TEST(partition_keeps_each_kind_of_host_in_its_partition)
{
	struct slice rest = edge("us-east-1 cn-north-1 us-gov-west-1 "
	    "eusc-de-east-1 us-iso-east-1 us-isob-east-1 eu-isoe-west-1 "
	    "us-isof-south-1"), region;

	while (slice_take_word(&rest, &region)) {
		const struct partition *p = partition_of_region(region);

		test_input(region);
		for (unsigned kind = 0; kind < 4; kind++) {
			char text[256];
			struct buf b = BUF_OVER(text);

			partition_put_sts_host(&b, p, region, kind);
			YES(partition_of_host(buf_slice(&b)) == p);
			EQ_TEXT(partition_sts_region(buf_slice(&b)), region);
			b.len = 0;
			partition_put_signin_host(&b, p, region, kind);
			YES(partition_of_host(buf_slice(&b)) == p);
			YES(partition_is_signin_host(buf_slice(&b)));
		}
	}
}

TEST(partition_knows_the_region_of_aws_s_own_sts_hosts_only)
{
	static const struct { const char *host, *region; } cases[] = {
		{ "sts.amazonaws.com", "us-east-1" },
		{ "sts.mars-1.amazonaws.com", "mars-1" },
		{ "vpce-0a-b.sts.eu-west-1.vpce.amazonaws.com", "eu-west-1" },
		{ "vpce-0a-b-eu-west-1a.sts.eu-west-1.vpce.amazonaws.com",
		  "eu-west-1" },
		{ "vpce-0a.sts-fips.us-east-1.vpce.amazonaws.com", "us-east-1" },
		{ "vpce-0a.sts.cn-north-1.vpce.amazonaws.com.cn", "cn-north-1" },
		{ "", "" },
		{ "sts", "" },
		{ "sts.", "" },
		{ "amazonaws.com", "" },
		{ "stsx.us-east-1.amazonaws.com", "" },
		{ "sts-x.us-east-1.amazonaws.com", "" },
		{ "sts.us-east-1.amazonaws.com.cn.evil.com", "" },
		{ "sts.us-east-1.evil.com", "" },
		{ "sts.us-east-1.x.amazonaws.com", "" },
		{ "bucket.sts.us-east-1.amazonaws.com", "" },
		{ "sts.s3.us-east-1.amazonaws.com", "" },
		{ "vpce-0a.vpce-svc-1.us-east-1.vpce.amazonaws.com", "" },
		{ "vpce-0a.sts.vpce-svc-1.us-east-1.vpce.amazonaws.com", "" },
		{ "vpce-0a.s3.us-east-1.vpce.amazonaws.com", "" },
		{ "vpce-0a.sts.us-east-1.amazonaws.com", "" },
		{ "vpce-0a.sts.us-east-1.vpce.api.aws", "" },
		{ "vpce-0a", "" },
		{ "sts.us-east-1.vpce.amazonaws.com", "" },
		{ "sts.-.amazonaws.com", "" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice host = edge(cases[i].host);

		test_input(host);
		EQ_TEXT(partition_sts_region(host), cases[i].region);
	}
}

TEST(partition_is_signin_host_knows_aws_s_own_only)
{
	static const char *const own[] = {
		"signin.aws.amazon.com", "eu-west-1.signin.aws.amazon.com",
		"signin-fips.amazonaws-us-gov.com",
		"vpce-0a.signin.eu-west-1.vpce.amazonaws.com",
	};
	static const char *const others[] = {
		"", "signin.example", "xsignin-fips.amazonaws-us-gov.com",
		"signin-fips.amazonaws-us-gov.com.evil.com", "aws.amazon.com",
		"signin.x.us-east-1.amazonaws.com", "sts.us-east-1.amazonaws.com",
		"vpce-0a.vpce-svc-1.us-east-1.vpce.amazonaws.com",
	};

	for (size_t i = 0; i < COUNT(own); i++)
		YES(partition_is_signin_host(edge(own[i])));
	for (size_t i = 0; i < COUNT(others); i++)
		NO(partition_is_signin_host(edge(others[i])));
	EQ_TEXT((const char *)partition_of_host(edge(
	    "us-gov-west-1.signin.aws.amazon.com"))->name, "aws");
}

TEST(region_list_of_legacy_is_botocore_s)
{
	static const char legacy[] =
	    "ap-northeast-1 ap-south-1 ap-southeast-1 ap-southeast-2 "
	    "ca-central-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 "
	    "sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2";
	struct slice rest = edge(legacy), word;
	size_t n = 0;

	while (slice_take_word(&rest, &word)) {
		test_input(word);
		YES(region_is_legacy(word) && region_is_known(word));
		n++;
	}
	EQ(n, 15);
	NO(region_is_legacy(edge("eu-central-2")));
	NO(region_is_legacy(edge("us-gov-west-1")));
	NO(region_is_legacy(edge("sa-east")));
	NO(region_is_legacy(edge("")));
}

TEST(partition_of_host_is_not_deceived_by_likeness)
{
	static const char *const bad[] = {
		"", "com", "amazonaws.com.evil.com", "evilamazonaws.com",
		"notsignin.aws.amazon.com.x", "xsignin.aws.amazon.com", "localhost",
		"127.0.0.1", "sts.example.com", "amazonaws.com.", "aws.amazon.com",
		"sts.amazonaws.co",
	};

	for (size_t i = 0; i < COUNT(bad); i++)
		YES(partition_of_host(edge(bad[i])) == NULL);
	/* A gov region's name in a host of China is China's. */
	EQ_TEXT((const char *)partition_of_host(
	    edge("us-gov-west-1.amazonaws.com.cn"))->name, "aws-cn");
}

TEST(partition_takes_unknown_regions_for_the_main_one)
{
	static const char *const names[] = {
		"mars-1", "mars-north-1", "", "us-gov-", "us-gov-west",
		"cn-north-x", "eusc-fr-east-1", "aws-global", "us--1", "us-east-",
	};

	for (size_t i = 0; i < COUNT(names); i++)
		EQ_TEXT((const char *)partition_of_region(edge(names[i]))->name,
		    "aws");
}

TEST(partition_tells_gov_and_iso_regions_from_plain_ones)
{
	EQ_TEXT((const char *)partition_of_region(edge("us-gov-south-9"))->name,
	    "aws-us-gov");
	EQ_TEXT((const char *)partition_of_region(edge("us-isob-x-1"))->name,
	    "aws-iso-b");
	EQ_TEXT((const char *)partition_of_region(edge("eu-isoe-x-1"))->name,
	    "aws-iso-e");
	EQ_TEXT((const char *)partition_of_region(edge("us-west-99"))->name, "aws");
}

TEST(partition_table_is_consistent)
{
	size_t n = 0;

	for (const struct partition *p; (p = partition_at(n)) != NULL; n++) {
		struct slice region = slice_of(p->default_region);

		test_input(slice_of(p->name));
		YES(partition_of_region(region) == p);
		YES(region_is_known(region));
		EQ(p->isolated, slice_starts(slice_of(p->name), "aws-iso"));
	}
	EQ(n, 8);
	YES(partition_by_name(edge("aws-mars")) == NULL);
	YES(partition_by_name(edge("")) == NULL);
}

TEST(partition_of_eusc_has_no_bare_host)
{
	const struct partition *p = partition_by_name(slice_of("aws-eusc"));

	EQ_TEXT((const char *)p->bare_region, "");
	YES(partition_has_console(p, edge("console.aws.eu")));
	NO(partition_has_console(partition_at(0), edge("console.aws.eu")));
}

TEST(partition_has_console_wants_the_domain_or_below_it)
{
	const struct partition *aws = partition_at(0);

	YES(partition_has_console(aws, edge("console.aws.amazon.com")));
	YES(partition_has_console(aws,
	    edge("123456789012-abcdefgh.us-east-1.Console.AWS.amazon.com")));
	NO(partition_has_console(aws, edge("console.aws.amazon.com.evil.com")));
	NO(partition_has_console(aws, edge("evilconsole.aws.amazon.com")));
	NO(partition_has_console(aws, edge("aws.amazon.com")));
	NO(partition_has_console(aws, edge("console.amazonaws.cn")));
	NO(partition_has_console(aws, edge("")));
}

TEST(region_names_have_a_shape_and_a_bound)
{
	static const char *const bad[] = {
		"", "-us", "us-", "us east", "us_east", "us.east", "us/east",
		"aws-global", "aws-cn-global", "us-east-1\n", "\xC3\xA9", "abcdefghijklmnopqrstuvwxyz0123456",
	};

	for (size_t i = 0; i < COUNT(bad); i++)
		NO(region_is_valid(edge(bad[i])));
	YES(region_is_valid(edge("us-east-1")));
	YES(region_is_valid(edge("mars")));
	YES(region_is_valid(edge("abcdefghijklmnopqrstuvwxyz012345")));
}

TEST(region_list_is_the_published_one)
{
	static const char known[] =
	    "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 "
	    "ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 "
	    "ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 "
	    "ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 "
	    "eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 "
	    "il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 "
	    "us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 us-gov-east-1 "
	    "us-gov-west-1 eusc-de-east-1 us-iso-east-1 us-iso-west-1 "
	    "us-isob-east-1 us-isob-west-1 eu-isoe-west-1 us-isof-east-1 "
	    "us-isof-south-1";
	struct slice rest = edge(known), word;
	size_t n = 0;

	while (slice_take_word(&rest, &word)) {
		test_input(word);
		YES(region_is_known(word));
		EQ_TEXT(region_nearest(word), word);
		n++;
	}
	EQ(n, 46);
	NO(region_is_known(edge("us-east-3")));
	NO(region_is_known(edge("us-east")));
	NO(region_is_known(edge("US-EAST-1")));
	NO(region_is_known(edge("us-east-1 us-east-2")));
	NO(region_is_known(edge("")));
}

TEST(region_nearest_finds_slips_of_the_hand_only)
{
	EQ_TEXT(region_nearest(edge("us-esat-1")), "us-east-1");
	EQ_TEXT(region_nearest(edge("eu-centrl-1")), "eu-central-1");
	EQ_TEXT(region_nearest(edge("frankfurt")), "");
	EQ_TEXT(region_nearest(edge("")), "");
}

TEST(endpoint_authority_names_the_port_only_when_it_is_another)
{
	static const struct { uint16_t port; bool https; const char *wanted; }
	cases[] = {
		{ 443, true, "h" }, { 8443, true, "h:8443" }, { 80, true, "h:80" },
		{ 80, false, "h" }, { 443, false, "h:443" }, { 65535, false, "h:65535" },
	};
	char text[16];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf b = BUF_OVER(text);
		struct endpoint e = { "h", cases[i].port, cases[i].https };

		endpoint_put_authority(&b, &e);
		EQ_TEXT(&b, cases[i].wanted);
	}
}
