/* SPDX-License-Identifier: MIT */
/*
 * From options and keys to a route: kinds, hosts, durations, names, policies,
 * and everything that is refused before any network.
 */
#include "test.h"

#include <stddef.h>

#include "route.h"
#include "settings.h"

#define ROLE "arn:aws:iam::123456789012:role/Admin"

static struct options opt;
static struct settings set;
static struct keys_held held;
static struct role roles[3];
static struct route route;
static struct error err;
static char no_vars[] = "X=y";
static char *const no_env[] = { no_vars, NULL };

/* Start afresh: long-term keys, or temporary ones. */
static void
ask(bool temporary)
{
	memset(&opt, 0, sizeof opt);
	memset(&set, 0, sizeof set);
	memset(roles, 0, sizeof roles);
	held = (struct keys_held){ .temporary = temporary, .roles = roles };
}

/* Endpoints, by whatever gives them. */
static void
give(struct setting *s, const char *url, const char *from)
{
	s->value = slice_of(url);
	copy_text(s->from, sizeof s->from, slice_of(from));
}

static void
give_sts(const char *url)
{
	give(&set.sts_url, url, "--endpoint-url");
}

static void
give_signin(const char *url)
{
	give(&set.signin_url, url, "--signin-endpoint-url");
}

static bool
plan_with(const char *region, const char *policy, char *const *env)
{
	memset(&err, 0, sizeof err);
	set.region = slice_of(region);
	/* As prepare.c does it: the options' role is the last. */
	if (opt.role_arn.len)
		roles[held.roles_n = 1] = (struct role){
			.role_arn = opt.role_arn,
			.session_name = opt.role_session_name,
			.external_id = opt.external_id,
			.mfa_serial = opt.serial_number,
			.source_identity = opt.source_identity,
		};
	held.roles = opt.role_arn.len ? roles + 1 : roles;
	return route_plan(&route, &opt, &held, &set, slice_of(policy), env, &err);
}

static bool
plan(const char *region)
{
	return plan_with(region, "", no_env);
}

static void
refuses(enum err_kind kind, const char *what)
{
	NO(plan("eu-west-1"));
	EQ(err.kind, kind);
	EQ(err.step, STEP_OPTIONS);
	HAS((const char *)err.what, what);
	YES(err.hint[0] != '\0' || err.again[0] != '\0');
}

TEST(route_follows_from_what_is_held)
{
	ask(false);
	YES(plan("eu-west-1"));
	EQ(route.kind, ROUTE_FEDERATE);
	ask(true);
	YES(plan("eu-west-1"));
	EQ(route.kind, ROUTE_DIRECT);
	ask(false);
	opt.role_arn = slice_of(ROLE);
	YES(plan("eu-west-1"));
	EQ(route.kind, ROUTE_ASSUME);
	ask(true);
	opt.role_arn = slice_of(ROLE);
	YES(plan("eu-west-1"));
	EQ(route.kind, ROUTE_CHAIN);
	EQ_TEXT(route_word(ROUTE_FEDERATE), "federate");
	EQ_TEXT(route_word(ROUTE_ASSUME), "assume");
	EQ_TEXT(route_word(ROUTE_CHAIN), "chain");
	EQ_TEXT(route_word(ROUTE_DIRECT), "direct");
}

TEST(route_takes_hosts_from_the_region)
{
	ask(false);
	YES(plan("cn-northwest-1"));
	EQ_TEXT((const char *)route.partition->name, "aws-cn");
	EQ_TEXT((const char *)route.sts.host,
	    "sts.cn-northwest-1.amazonaws.com.cn");
	EQ_TEXT((const char *)route.signin.host,
	    "cn-northwest-1.signin.amazonaws.cn");
	EQ(route.sts.port, 443);
	YES(route.sts.https && route.signin.https && route.region_given &&
	    route.partition_known);
	NO(route.sts_foreign || route.signin_foreign);
}

TEST(route_takes_the_partition_from_a_role_or_an_endpoint)
{
	ask(false);
	opt.role_arn = slice_of("arn:aws-us-gov:iam::123456789012:role/A");
	YES(plan(""));
	EQ_TEXT((const char *)route.region, "us-gov-west-1");
	NO(route.region_given);
	YES(route.partition_known);
	ask(true);
	give_sts("https://sts.eusc-de-east-1.amazonaws.eu");
	YES(plan(""));
	EQ_TEXT((const char *)route.signin.host,
	    "eusc-de-east-1.signin.amazonaws-eusc.eu");
	ask(false);
	YES(plan(""));
	EQ_TEXT((const char *)route.region, "us-east-1");
	NO(route.partition_known);
}

TEST(route_asks_who_the_keys_are_only_where_the_partition_is_unknown)
{
	ask(true);
	YES(plan(""));
	YES(route.identity_first);
	YES(plan("us-east-1"));
	NO(route.identity_first);
	ask(false);
	YES(plan(""));
	NO(route.identity_first);
}

TEST(route_settles_the_partition_by_the_caller_s_arn)
{
	ask(true);
	YES(plan(""));
	YES(route_settle_partition(&route, &opt,
	    slice_of("arn:aws-cn:sts::1:assumed-role/A/b"), &err));
	EQ_TEXT((const char *)route.partition->name, "aws-cn");
	EQ_TEXT((const char *)route.signin.host, "signin.amazonaws.cn");
	EQ_TEXT((const char *)route.sts.host, "sts.us-east-1.amazonaws.com");
	YES(plan("eu-west-1"));
	YES(route_settle_partition(&route, &opt,
	    slice_of("arn:aws-cn:sts::1:assumed-role/A/b"), &err));
	EQ_TEXT((const char *)route.partition->name, "aws");
}

TEST(route_refuses_a_role_of_another_partition)
{
	ask(false);
	opt.role_arn = slice_of("arn:aws-cn:iam::123456789012:role/A");
	refuses(ERR_CONFIG, "aws-cn");
	EQ_TEXT((const char *)err.again, "--region cn-north-1");
}

TEST(route_refuses_names_that_no_region_has)
{
	ask(false);
	NO(plan("eu west 1"));
	EQ(err.kind, ERR_CONFIG);
	EQ_TEXT((const char *)err.again, "--region eu-west-1");
	NO(plan("-"));
	EQ(err.kind, ERR_CONFIG);
	YES(plan("mars-1"));
}

TEST(route_wants_console_and_authorities_of_isolated_partitions)
{
	ask(false);
	NO(plan("us-iso-east-1"));
	EQ(err.kind, ERR_CONFIG);
	HAS((const char *)err.hint, "--console-url");
	HAS((const char *)err.hint, "--ca-bundle");
	opt.ca_bundle = slice_of("ca.pem");
	NO(plan("us-iso-east-1"));
	opt.console_url = slice_of("https://console.example");
	YES(plan("us-iso-east-1"));
}

TEST(route_takes_other_endpoints)
{
	ask(false);
	give_sts("https://sts.example:8443/");
	give_signin("https://signin.example");
	YES(plan("eu-west-1"));
	EQ_TEXT((const char *)route.sts.host, "sts.example");
	EQ(route.sts.port, 8443);
	YES(route.sts_foreign && route.signin_foreign);
	give_sts("http://localhost:5000");
	YES(plan("eu-west-1"));
	NO(route.sts.https);
	give_sts("http://127.0.0.1:5000");
	YES(plan("eu-west-1"));
	give_sts("http://[::1]:5000");
	YES(plan("eu-west-1"));
}

static void
hosts_are(const char *sts, const char *signer, const char *signin)
{
	EQ_TEXT((const char *)route.sts.host, sts);
	EQ_TEXT((const char *)route.signing_region, signer);
	EQ_TEXT((const char *)route.signin.host, signin);
}

TEST(route_takes_fips_and_dual_stack_hosts)
{
	ask(false);
	set.hosts = HOSTS_FIPS;
	YES(plan("eu-west-1"));
	hosts_are("sts-fips.eu-west-1.amazonaws.com", "eu-west-1",
	    "signin-fips.eu-west-1.amazonaws.com");
	NO(route.sts_foreign || route.signin_foreign);
	set.hosts = HOSTS_DUALSTACK;
	YES(plan("us-gov-west-1"));
	hosts_are("sts.us-gov-west-1.api.aws", "us-gov-west-1",
	    "signin.us-gov-west-1.api.aws");
	EQ_TEXT((const char *)route.partition->name, "aws-us-gov");
	NO(route.sts_foreign || route.signin_foreign);
	/* A sign-in endpoint of one's own is taken as it is. */
	give_signin("https://eu-west-1.signin.aws.amazon.com");
	YES(plan("eu-west-1"));
	hosts_are("sts.eu-west-1.api.aws", "eu-west-1",
	    "eu-west-1.signin.aws.amazon.com");
}

TEST(route_refuses_an_sts_endpoint_beside_fips_or_dual_stack)
{
	ask(false);
	give_sts("https://sts.corp.example");
	set.hosts = HOSTS_FIPS;
	refuses(ERR_CONFIG, "use_fips_endpoint");
	HAS((const char *)err.hint, "AWS_USE_FIPS_ENDPOINT=false");
	set.hosts = HOSTS_DUALSTACK;
	refuses(ERR_CONFIG, "use_dualstack_endpoint");
	HAS((const char *)err.what, "--endpoint-url");
}

TEST(route_takes_the_global_host_where_legacy_had_it)
{
	ask(false);
	set.legacy = true;
	YES(plan("eu-west-1"));
	hosts_are("sts.amazonaws.com", "us-east-1",
	    "eu-west-1.signin.aws.amazon.com");
	EQ_TEXT((const char *)route.region, "eu-west-1");
	NO(route.sts_foreign);
	YES(plan("eu-south-1"));
	hosts_are("sts.eu-south-1.amazonaws.com", "eu-south-1",
	    "eu-south-1.signin.aws.amazon.com");
	YES(plan("cn-north-1"));
	hosts_are("sts.cn-north-1.amazonaws.com.cn", "cn-north-1",
	    "signin.amazonaws.cn");
	set.hosts = HOSTS_DUALSTACK;
	YES(plan("eu-west-1"));
	hosts_are("sts.eu-west-1.api.aws", "eu-west-1",
	    "signin.eu-west-1.api.aws");
}

TEST(route_takes_aws_global_for_us_east_1_and_the_global_host)
{
	ask(true);
	YES(plan("aws-global"));
	hosts_are("sts.amazonaws.com", "us-east-1", "signin.aws.amazon.com");
	EQ_TEXT((const char *)route.region, "us-east-1");
	YES(route.partition_known && route.region_given);
	NO(route.identity_first);
	set.hosts = HOSTS_FIPS;
	YES(plan("aws-global"));
	hosts_are("sts-fips.us-east-1.amazonaws.com", "us-east-1",
	    "signin-fips.us-east-1.amazonaws.com");
	NO(plan("aws-cn-global"));
	EQ(err.kind, ERR_CONFIG);
	EQ_TEXT((const char *)err.again, "--region cn-north-1");
}

TEST(route_signs_for_the_region_of_aws_s_own_endpoint)
{
	ask(false);
	give_sts("https://vpce-1.sts.us-west-2.vpce.amazonaws.com");
	YES(plan("eu-west-1"));
	hosts_are("vpce-1.sts.us-west-2.vpce.amazonaws.com", "us-west-2",
	    "eu-west-1.signin.aws.amazon.com");
	NO(route.sts_foreign);
	YES(plan(""));
	hosts_are("vpce-1.sts.us-west-2.vpce.amazonaws.com", "us-west-2",
	    "us-west-2.signin.aws.amazon.com");
	YES(route.region_given);
	give_sts("https://STS.amazonaws.com");
	YES(plan("eu-west-1"));
	EQ_TEXT((const char *)route.signing_region, "us-east-1");
	/* Customers' endpoint services have names of this kind, too. */
	give_sts("https://vpce-1.vpce-svc-2.us-west-2.vpce.amazonaws.com");
	YES(plan("eu-west-1"));
	EQ_TEXT((const char *)route.signing_region, "eu-west-1");
	YES(route.sts_foreign);
}

TEST(route_refuses_every_kind_of_host_of_another_partition)
{
	static const struct { const char *region, *url; bool signin; } cases[] = {
		{ "us-east-1", "https://sts.us-gov-west-1.amazonaws.com", false },
		{ "us-east-1", "https://sts.us-gov-west-1.api.aws", false },
		{ "us-gov-west-1", "https://sts-fips.us-east-1.api.aws", false },
		{ "us-gov-west-1", "https://sts-fips.us-east-1.amazonaws.com", false },
		{ "us-gov-west-1", "https://sts.amazonaws.com", false },
		{ "cn-north-1", "https://sts.us-east-1.api.aws", false },
		{ "us-east-1", "https://sts-fips.cn-north-1.amazonaws.com.cn", false },
		{ "eu-west-1", "https://sts.eusc-de-east-1.api.amazonwebservices.eu",
		  false },
		{ "us-east-1", "https://vpce-1.sts.us-gov-east-1.vpce.amazonaws.com",
		  false },
		{ "us-east-1", "https://signin-fips.amazonaws-us-gov.com", true },
		{ "us-east-1",
		  "https://us-gov-east-1.signin-fips.amazonaws-us-gov.com", true },
		{ "us-gov-west-1", "https://signin-fips.us-east-1.amazonaws.com",
		  true },
		{ "us-gov-west-1", "https://signin.us-east-1.api.aws", true },
		{ "us-east-1", "https://signin.us-gov-west-1.api.aws", true },
		{ "us-east-1",
		  "https://signin.cn-north-1.api.amazonwebservices.com.cn", true },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		ask(false);
		test_input(slice_of(cases[i].url));
		if (cases[i].signin)
			give_signin(cases[i].url);
		else
			give_sts(cases[i].url);
		NO(plan(cases[i].region));
		EQ(err.kind, ERR_CONFIG);
		HAS((const char *)err.what, "is of partition");
	}
	/* Nor when both name one, and no region does. */
	ask(true);
	give_sts("https://sts.us-east-1.api.aws");
	give_signin("https://signin.us-gov-west-1.api.aws");
	NO(plan(""));
	EQ(err.kind, ERR_CONFIG);
}

TEST(route_settles_the_partition_with_the_same_kind_of_hosts)
{
	ask(true);
	set.hosts = HOSTS_FIPS;
	YES(plan(""));
	YES(route.identity_first);
	YES(route_settle_partition(&route, &opt,
	    slice_of("arn:aws-us-gov:sts::1:assumed-role/A/b"), &err));
	hosts_are("sts-fips.us-east-1.amazonaws.com", "us-east-1",
	    "signin-fips.amazonaws-us-gov.com");
	ask(true);
	give_sts("https://sts.corp.example");
	YES(plan(""));
	give_signin("https://signin.corp.example");
	YES(plan(""));
	YES(route_settle_partition(&route, &opt,
	    slice_of("arn:aws-cn:sts::1:assumed-role/A/b"), &err));
	hosts_are("sts.corp.example", "us-east-1", "signin.corp.example");
}

TEST(route_says_which_setting_gives_an_unusable_endpoint)
{
	ask(false);
	give(&set.sts_url, "http://sts.example", "AWS_ENDPOINT_URL");
	refuses(ERR_CONFIG, "AWS_ENDPOINT_URL over http");
	HAS((const char *)err.hint, "--endpoint-url https://sts.example");
	ask(false);
	give(&set.signin_url, "http://127.0.0.1:1", "AWS_ENDPOINT_URL_SIGNIN");
	refuses(ERR_CONFIG, "AWS_ENDPOINT_URL_SIGNIN over http");
	ask(false);
	give(&set.sts_url, "sts.example", "endpoint_url of the profile");
	refuses(ERR_CONFIG, "endpoint_url of the profile is no URL");
}

TEST(route_refuses_endpoints_that_would_leak_or_mislead)
{
	static const char *const sts[] = {
		"http://sts.example", "http://127.0.0.1.example", "http://128.0.0.1",
		"https://h/path", "https://h?q",
		"https://h#f", "ftp://h", "h", "https://user@h",
		"http://localhost.example",
	};

	for (size_t i = 0; i < COUNT(sts); i++) {
		ask(false);
		test_input(slice_of(sts[i]));
		give_sts(sts[i]);
		refuses(ERR_USAGE, "--endpoint-url");
	}
	ask(false);
	give_signin("http://127.0.0.1:5000");
	refuses(ERR_USAGE, "--signin-endpoint-url");
	ask(false);
	opt.console_url = slice_of("http://console.example");
	refuses(ERR_USAGE, "--console-url");
}

/* ---- durations ---- */

static void
duration(bool temporary, bool role, int64_t asked, int64_t sts, int64_t session)
{
	ask(temporary);
	if (role)
		opt.role_arn = slice_of(ROLE);
	opt.duration_given = asked > 0;
	opt.duration_s = asked;
	YES(plan("eu-west-1"));
	EQ(route.sts_duration_s, sts);
	EQ(route.session_duration_s, session);
}

/* SessionDuration is sent for roles of long-term keys, or when asked for. */
TEST(route_sends_durations_where_aws_takes_them)
{
	duration(false, false, 0, 3600, 0);
	duration(false, false, 129600, 129600, 0);
	duration(false, true, 0, 3600, 3600);
	duration(false, true, 43200, 3600, 43200);
	duration(false, true, 900, 900, 900);
	duration(true, true, 0, 3600, 0);
	duration(true, true, 1800, 1800, 0);
	duration(true, false, 0, 0, 0);
	duration(true, false, 7200, 0, 7200);
}

static void
too_long(bool temporary, bool role, int64_t asked, enum err_kind kind,
	const char *cure)
{
	ask(temporary);
	if (role)
		opt.role_arn = slice_of(ROLE);
	opt.duration_given = true;
	opt.duration_s = asked;
	refuses(kind, "--duration");
	EQ_TEXT((const char *)err.again, cure);
}

TEST(route_refuses_durations_that_aws_would)
{
	too_long(false, false, 129601, ERR_USAGE, "--duration 36h");
	too_long(false, true, 43201, ERR_USAGE, "--duration 12h");
	too_long(true, true, 3601, ERR_KEYKIND, "--duration 1h");
	too_long(true, false, 43201, ERR_USAGE, "--duration 12h");
	too_long(false, false, 899, ERR_USAGE, "--duration 15m");
	too_long(false, false, 12, ERR_USAGE, "--duration 12h");
	too_long(true, true, 12, ERR_USAGE, "--duration 15m");
	too_long(false, false, 0, ERR_USAGE, "--duration 15m");
}

TEST(route_bends_a_default_duration_and_says_so)
{
	ask(true);
	opt.role_arn = slice_of(ROLE);
	opt.duration_s = 43200;                 /* of POSTERN_DURATION */
	YES(plan("eu-west-1"));
	EQ(route.sts_duration_s, 3600);
	HAS((const char *)route.warning, "POSTERN_DURATION");
	opt.duration_s = 60;
	YES(plan("eu-west-1"));
	EQ(route.sts_duration_s, 900);
	opt.duration_s = 1800;
	YES(plan("eu-west-1"));
	EQ_TEXT((const char *)route.warning, "");
}

/* ---- names ---- */

static void
name_from(const char *first, const char *second, const char *wanted)
{
	static char one[128], two[128];
	char *const env[] = { one, two, NULL };

	ask(false);
	copy_text(one, sizeof one, slice_of(first));
	copy_text(two, sizeof two, slice_of(second));
	YES(plan_with("eu-west-1", "", env));
	EQ_TEXT((const char *)route.name, wanted);
}

TEST(route_makes_a_name_of_who_is_there)
{
	name_from("USER=alice", "X=y", "alice");
	name_from("USER=root", "SUDO_USER=bob", "bob");
	name_from("USER=alice", "POSTERN_NAME=carol", "carol");
	name_from("USER=root", "X=y", "postern");
	name_from("X=y", "X=z", "postern");
	name_from("USER=a b/c", "X=y", "a-b-c");
	name_from("USER=a", "X=y", "postern-a");
	name_from("USER=abcdefghijklmnopqrstuvwxyz0123456789", "X=y",
	    "abcdefghijklmnopqrstuvwxyz012345");
}

TEST(route_refuses_names_that_sts_would_and_offers_one)
{
	ask(false);
	opt.name = slice_of("a b");
	refuses(ERR_USAGE, "--name");
	EQ_TEXT((const char *)err.again, "--name a-b");
	opt.name = slice_of("abcdefghijklmnopqrstuvwxyz0123456");
	refuses(ERR_USAGE, "--name");
	opt.name = slice_of("abcdefghijklmnopqrstuvwxyz012345");
	YES(plan("eu-west-1"));
	opt.name = slice_of("x");
	refuses(ERR_USAGE, "--name");
	ask(false);
	opt.role_arn = slice_of(ROLE);
	opt.role_session_name = slice_of("a/b");
	refuses(ERR_USAGE, "--role-session-name");
	EQ_TEXT((const char *)err.again, "--role-session-name a-b");
	opt.role_session_name = slice_of("a_+=,.@-b");
	YES(plan("eu-west-1"));
	EQ_TEXT((const char *)route.name, "a_+=,.@-b");
}

/* ---- roles and policies ---- */

TEST(route_refuses_malformed_parameters_of_a_role)
{
	static const struct { size_t at; const char *value, *option; } bad[] = {
#define AT(field) offsetof(struct options, field)
		{ AT(role_arn), "Admin", "--role-arn" },
		{ AT(role_arn), "arn:aws:iam::123456789012:user/Admin", "--role-arn" },
		{ AT(role_arn), "arn:aws:iam::12345678901:role/Admin", "--role-arn" },
		{ AT(external_id), "x", "--external-id" },
		{ AT(external_id), "a b", "--external-id" },
		{ AT(external_id), "a\"b", "--external-id" },
		{ AT(source_identity), "a:b", "--source-identity" },
		{ AT(source_identity), "x", "--source-identity" },
		{ AT(serial_number), "12345678", "--serial-number" },
		{ AT(serial_number), "12345678 9", "--serial-number" },
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		ask(false);
		opt.role_arn = slice_of(ROLE);
		test_input(slice_of(bad[i].value));
		*(struct slice *)(void *)((char *)&opt + bad[i].at) =
		    slice_of(bad[i].value);
		refuses(ERR_USAGE, bad[i].option);
	}
	ask(false);
	opt.role_arn = slice_of(ROLE);
	opt.serial_number = slice_of("arn:aws:iam::123456789012:mfa/alice");
	opt.token_code = slice_of("012345");
	opt.external_id = slice_of("a:/b");
	opt.source_identity = slice_of("me");
	YES(plan("eu-west-1"));
}

TEST(route_refuses_options_that_would_do_nothing)
{
	ask(false);
	opt.external_id = slice_of("abc");
	refuses(ERR_USAGE, "role");
	ask(true);
	opt.name = slice_of("alice");
	refuses(ERR_USAGE, "--name");
	ask(true);
	opt.read_only = true;
	refuses(ERR_USAGE, "policy");
	ask(true);
	opt.policy = slice_of("{}");
	refuses(ERR_USAGE, "policy");
	ask(true);
	opt.policy_arns[0] = slice_of("ReadOnlyAccess");
	opt.policy_arns_n = 1;
	refuses(ERR_USAGE, "policy");
}

TEST(route_gives_a_federated_user_a_policy)
{
	ask(false);
	YES(plan("eu-west-1"));
	EQ_TEXT(route.policy, "{\"Version\":\"2012-10-17\",\"Statement\":[{"
	    "\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}");
	opt.read_only = true;
	YES(plan("cn-north-1"));
	EQ_TEXT(route.policy, "");
	EQ(route.policy_arns_n, 1);
	EQ_TEXT(route.policy_arn[0], "arn:aws-cn:iam::aws:policy/ReadOnlyAccess");
	ask(false);
	opt.role_arn = slice_of(ROLE);
	YES(plan("eu-west-1"));
	EQ_TEXT(route.policy, "");
}

TEST(route_takes_policies_by_name_and_arn)
{
	ask(false);
	opt.policy_arns[0] = slice_of("ViewOnlyAccess");
	opt.policy_arns[1] = slice_of("arn:aws:iam::123456789012:policy/Mine");
	opt.policy_arns[2] = slice_of("arn=arn:aws:iam::123456789012:policy/Too");
	opt.policy_arns_n = 3;
	YES(plan("eu-west-1"));
	EQ(route.policy_arns_n, 3);
	EQ_TEXT(route.policy_arn[0],
	    "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess");
	EQ_TEXT(route.policy_arn[1], "arn:aws:iam::123456789012:policy/Mine");
	EQ_TEXT(route.policy_arn[2], "arn:aws:iam::123456789012:policy/Too");
	opt.policy_arns[0] = slice_of("ViewOnlyAcces");
	refuses(ERR_USAGE, "--policy-arn");
	HAS((const char *)err.hint, "ViewOnlyAccess");
	opt.policy_arns[0] = slice_of("arn:aws:s3:::bucket/policy");
	refuses(ERR_USAGE, "--policy-arn");
}

TEST(route_takes_ten_policies_and_no_more)
{
	ask(false);
	for (int i = 0; i < POLICY_ARNS_MAX; i++)
		opt.policy_arns[i] = slice_of("ReadOnlyAccess");
	opt.policy_arns_n = POLICY_ARNS_MAX;
	YES(plan("eu-west-1"));
	opt.read_only = true;
	refuses(ERR_USAGE, "more than 10");
}

static bool
policy(const char *text)
{
	ask(false);
	opt.policy = slice_of("given");
	test_input(slice_of(text));
	return plan_with("eu-west-1", text, no_env);
}

TEST(route_checks_the_policy_as_sts_would)
{
	static char text[3 * POLICY_MAX];
	struct buf b = BUF_OVER(text);

	YES(policy("{\"Version\":\"2012-10-17\"}"));
	EQ_TEXT(route.policy, "{\"Version\":\"2012-10-17\"}");
	YES(policy("{\"a\":\"\xC3\xBF\"}"));
	NO(policy("{\"a\":\"\xC4\x80\"}"));
	EQ(err.kind, ERR_USAGE);
	NO(policy("{\"a\":}"));
	HAS((const char *)err.what, "not JSON");
	NO(policy(""));
	/* 2048 characters, of which some have two bytes. */
	for (size_t n = POLICY_MAX; n <= POLICY_MAX + 1; n++) {
		b.len = 0;
		buf_putc(&b, '"');
		for (size_t i = 2; i < n; i++)
			buf_puts(&b, "\xC3\xA9");
		buf_puts(&b, "\"");
		text[b.len] = '\0';
		EQ(policy(text), n == POLICY_MAX);
	}
	HAS((const char *)err.what, "2049");
}

TEST(route_of_creds_asks_sts_for_the_whole_duration)
{
	ask(false);
	opt.role_arn = slice_of(ROLE);
	opt.duration_given = true;
	opt.duration_s = 7200;
	YES(plan("eu-west-1"));
	EQ(route.sts_duration_s, CHAINED_MAX_S);
	opt.command = COMMAND_CREDS;
	YES(plan("eu-west-1"));
	EQ(route.sts_duration_s, 7200);
	opt.duration_s = CONSOLE_MAX_S + 1;
	refuses(ERR_USAGE, "--duration");
}

TEST(route_of_creds_needs_no_console_of_an_isolated_partition)
{
	ask(false);
	opt.command = COMMAND_CREDS;
	YES(plan("us-iso-east-1"));
}

/* ---- what a plan holds ---- */

TEST(route_takes_the_region_that_the_instance_tells)
{
	ask(true);
	YES(plan(""));
	YES(route.identity_first);
	YES(route_settle_region(&route, &opt, slice_of("cn-north-1"), &err));
	NO(route.identity_first);
	EQ_TEXT((const char *)route.region, "cn-north-1");
	EQ_TEXT((const char *)route.sts.host, "sts.cn-north-1.amazonaws.com.cn");
	EQ_TEXT((const char *)route.signin.host, "signin.amazonaws.cn");
	EQ_TEXT((const char *)route.signing_region, "cn-north-1");
}

TEST(route_leaves_the_instances_region_where_the_role_is_of_another_partition)
{
	ask(true);
	opt.role_arn = slice_of("arn:aws-us-gov:iam::123456789012:role/Admin");
	YES(plan(""));
	YES(route_settle_region(&route, &opt, slice_of("eu-west-1"), &err));
	EQ_TEXT((const char *)route.region, "us-gov-west-1");
	YES(route_settle_region(&route, &opt, slice_of("us-gov-east-1"), &err));
	EQ_TEXT((const char *)route.region, "us-gov-east-1");
	YES(route_settle_region(&route, &opt, slice_of("no region"), &err));
	EQ_TEXT((const char *)route.region, "us-gov-east-1");
}

TEST(route_goes_by_the_partition_of_keys_that_are_not_here_yet)
{
	ask(true);
	held.partition = partition_by_name(slice_of("aws-cn"));
	YES(plan(""));
	NO(route.identity_first);
	EQ_TEXT((const char *)route.partition->name, "aws-cn");
	NO(plan("eu-west-1"));
	EQ(err.kind, ERR_CONFIG);
	HAS((const char *)err.what, "aws-cn");
}

TEST(route_refuses_roles_of_two_partitions)
{
	ask(false);
	roles[0].role_arn = slice_of(ROLE);
	roles[1].role_arn = slice_of("arn:aws-cn:iam::123456789012:role/Admin");
	held.roles_n = 2;
	NO(plan(""));
	EQ(err.kind, ERR_CONFIG);
	HAS((const char *)err.what, "aws-cn");
}

TEST(route_takes_two_roles_for_a_chain)
{
	ask(false);
	roles[0].role_arn = roles[1].role_arn = slice_of(ROLE);
	held.roles_n = 2;
	YES(plan(""));
	EQ(route.kind, ROUTE_CHAIN);
	EQ(route.session_duration_s, 0);
}

TEST(route_takes_the_duration_of_a_profile_for_the_console)
{
	ask(false);
	roles[0].profile = slice_of("dev");
	roles[0].role_arn = slice_of(ROLE);
	held.roles_n = 1;
	roles[0].duration = slice_of("43200");
	YES(plan(""));
	EQ(route.session_duration_s, 43200);
	EQ(route.sts_duration_s, CHAINED_MAX_S);
	opt.duration_given = true;
	opt.duration_s = 900;
	YES(plan(""));
	EQ(route.session_duration_s, 900);
	opt.duration_given = false;
	opt.duration_s = 0;
	for (const char *const *bad = (const char *const[]){ "899", "43201", "1h",
	    "", NULL }; **bad; bad++) {
		roles[0].duration = slice_of(*bad);
		NO(plan(""));
		EQ(err.kind, ERR_CONFIG);
		HAS((const char *)err.what, "duration_seconds of profile dev");
	}
}
