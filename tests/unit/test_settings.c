/* SPDX-License-Identifier: MIT */
/*
 * Settings of region and endpoints: which source beats which, what counts as
 * true, and what is refused. Where they lead is tested in test_route.c.
 */
#include "test.h"

#include "aws/partition.h"
#include "settings.h"

static struct options opt;
static struct settings set;
static struct error err;

/* Read with these variables (blank between them) and this config text. */
static bool
read_all(const char *vars, const char *config)
{
	static char text[512];
	static char *env[12];
	struct surroundings around = {
		.env = env, .files.config = edge(config),
		.files.config_path = "config",
	};
	size_t n = 0;

	copy_text(text, sizeof text, slice_of(vars));
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
		env[n++] = word;
	env[n] = NULL;
	memset(&err, 0, sizeof err);
	return settings_read(&set, &opt, &around, &err);
}

static void
start(void)
{
	memset(&opt, 0, sizeof opt);
}

static void
sts_is(const char *vars, const char *config, const char *url, const char *from)
{
	test_input(slice_of(vars));
	YES(read_all(vars, config));
	EQ_TEXT(set.sts_url.value, url);
	if (url[0])
		EQ_TEXT((const char *)set.sts_url.from, from);
}

static void
signin_is(const char *vars, const char *config, const char *url)
{
	test_input(slice_of(vars));
	YES(read_all(vars, config));
	EQ_TEXT(set.signin_url.value, url);
}

#define PROFILE "[default]\nendpoint_url = plain\nservices = corp\n"
#define SERVICES "[services corp]\nsts =\n  endpoint_url = of-sts\n" \
	"signin =\n  endpoint_url = of-signin\n"

TEST(settings_are_none_when_nothing_is_set)
{
	start();
	YES(read_all("", ""));
	EQ(set.hosts, 0);
	NO(set.legacy);
	EQ(set.region.len + set.sts_url.value.len + set.signin_url.value.len, 0);
	EQ_TEXT((const char *)set.names, "");
}

TEST(settings_take_the_region_of_option_or_profile)
{
	start();
	YES(read_all("", "[default]\nregion = eu-west-1\n"));
	EQ_TEXT(set.region, "eu-west-1");
	opt.region = slice_of("us-west-2");
	YES(read_all("", "[default]\nregion = eu-west-1\n"));
	EQ_TEXT(set.region, "us-west-2");
}

TEST(settings_count_only_the_word_true)
{
	static const char *const others[] = {
		"1", "yes", "on", "false", "truer", "tru", "true,", "t",
	};

	start();
	YES(read_all("AWS_USE_FIPS_ENDPOINT=TrUe", ""));
	EQ(set.hosts, HOSTS_FIPS);
	EQ_TEXT((const char *)set.names, "AWS_USE_FIPS_ENDPOINT");
	YES(read_all("AWS_USE_DUALSTACK_ENDPOINT=true", ""));
	EQ(set.hosts, HOSTS_DUALSTACK);
	for (size_t i = 0; i < COUNT(others); i++) {
		char vars[64];

		fmt_text(vars, sizeof vars, "AWS_USE_FIPS_ENDPOINT=%s", others[i]);
		test_input(slice_of(vars));
		YES(read_all(vars, ""));
		EQ(set.hosts, 0);
	}
}

TEST(settings_of_the_environment_beat_the_profile_s)
{
	static const char config[] = "[default]\nuse_fips_endpoint = true\n"
	    "use_dualstack_endpoint = True\nsts_regional_endpoints = legacy\n";

	start();
	YES(read_all("", config));
	EQ(set.hosts, HOSTS_FIPS | HOSTS_DUALSTACK);
	YES(set.legacy);
	EQ_TEXT((const char *)set.names, "use_fips_endpoint of the profile, "
	    "use_dualstack_endpoint of the profile, "
	    "sts_regional_endpoints of the profile");
	YES(read_all("AWS_USE_FIPS_ENDPOINT=false "
	    "AWS_STS_REGIONAL_ENDPOINTS=regional", config));
	EQ(set.hosts, HOSTS_DUALSTACK);
	NO(set.legacy);
	/* An empty variable is an unset one. */
	YES(read_all("AWS_USE_FIPS_ENDPOINT= AWS_USE_DUALSTACK_ENDPOINT=no",
	    config));
	EQ(set.hosts, HOSTS_FIPS);
}

TEST(settings_are_of_the_profile_in_force)
{
	static const char config[] = "[default]\nuse_fips_endpoint = true\n"
	    "[profile a]\nendpoint_url = a\n[profile b]\nendpoint_url = b\n";

	start();
	YES(read_all("AWS_PROFILE=a", config));
	EQ(set.hosts, 0);
	EQ_TEXT(set.sts_url.value, "a");
}

TEST(settings_refuse_other_words_for_regional_endpoints)
{
	start();
	NO(read_all("AWS_STS_REGIONAL_ENDPOINTS=Legacy", ""));
	EQ(err.kind, ERR_CONFIG);
	HAS((const char *)err.what, "AWS_STS_REGIONAL_ENDPOINTS");
	NO(read_all("", "[default]\nsts_regional_endpoints = global\n"));
	EQ(err.kind, ERR_CONFIG);
	HAS((const char *)err.what, "sts_regional_endpoints of the profile");
	LACKS((const char *)err.what, "global");
	YES(read_all("AWS_STS_REGIONAL_ENDPOINTS=regional",
	    "[default]\nsts_regional_endpoints = global\n"));
}

TEST(settings_find_endpoints_of_sts_in_botocore_s_order)
{
	start();
	opt.endpoint_url = slice_of("option");
	sts_is("AWS_ENDPOINT_URL_STS=own AWS_ENDPOINT_URL=all",
	    PROFILE SERVICES, "option", "--endpoint-url");
	EQ_TEXT((const char *)set.names, "signin of the services section");
	start();
	sts_is("AWS_ENDPOINT_URL_STS=own AWS_ENDPOINT_URL=all",
	    PROFILE SERVICES, "own", "AWS_ENDPOINT_URL_STS");
	sts_is("AWS_ENDPOINT_URL=all", PROFILE SERVICES, "all",
	    "AWS_ENDPOINT_URL");
	sts_is("", PROFILE SERVICES, "of-sts", "sts of the services section");
	sts_is("", PROFILE "[services corp]\ns3 =\n  endpoint_url = s3\n",
	    "plain", "endpoint_url of the profile");
	sts_is("", "[default]\nendpoint_url = plain\n", "plain",
	    "endpoint_url of the profile");
	sts_is("", "[default]\nendpoint_url_sts = x\n", "", "");
}

TEST(settings_give_sign_in_no_endpoint_that_is_not_its_own)
{
	start();
	signin_is("AWS_ENDPOINT_URL=all AWS_ENDPOINT_URL_STS=own",
	    "[default]\nendpoint_url = plain\n", "");
	signin_is("AWS_ENDPOINT_URL_SIGNIN=own", PROFILE SERVICES, "own");
	signin_is("AWS_ENDPOINT_URL=all", PROFILE SERVICES, "of-signin");
	signin_is("", "[default]\nservices = corp\n[services corp]\n"
	    "sts =\n  endpoint_url = x\n", "");
	opt.signin_endpoint_url = slice_of("option");
	signin_is("AWS_ENDPOINT_URL_SIGNIN=own", PROFILE SERVICES, "option");
	EQ_TEXT((const char *)set.signin_url.from, "--signin-endpoint-url");
}

TEST(settings_of_endpoints_are_ignored_when_that_is_set)
{
	start();
	sts_is("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=True AWS_ENDPOINT_URL=all "
	    "AWS_ENDPOINT_URL_SIGNIN=own", PROFILE SERVICES, "", "");
	EQ_TEXT(set.signin_url.value, "");
	EQ_TEXT((const char *)set.names, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
	sts_is("AWS_ENDPOINT_URL=all", "[default]\n"
	    "ignore_configured_endpoint_urls = true\nservices = gone\n", "", "");
	sts_is("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=false "
	    "AWS_ENDPOINT_URL=all", "", "all", "AWS_ENDPOINT_URL");
	opt.endpoint_url = slice_of("option");
	opt.signin_endpoint_url = slice_of("other");
	sts_is("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", PROFILE SERVICES,
	    "option", "--endpoint-url");
	EQ_TEXT(set.signin_url.value, "other");
	/* FIPS is no endpoint URL. */
	YES(read_all("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true "
	    "AWS_USE_FIPS_ENDPOINT=true", ""));
	EQ(set.hosts, HOSTS_FIPS);
}

TEST(settings_refuse_a_services_section_that_is_not_there)
{
	start();
	NO(read_all("", "[default]\nservices = gone\n[services other]\n"));
	EQ(err.kind, ERR_CONFIG);
	HAS((const char *)err.what, "config");
	HAS((const char *)err.hint, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true");
	/* Nobody looks there when the environment has both. */
	YES(read_all("AWS_ENDPOINT_URL=all AWS_ENDPOINT_URL_SIGNIN=own",
	    "[default]\nservices = gone\n"));
}

TEST(settings_have_room_for_all_names_at_once)
{
	start();
	YES(read_all("", PROFILE SERVICES "[default]\nuse_fips_endpoint = true\n"
	    "use_dualstack_endpoint = true\nsts_regional_endpoints = legacy\n"
	    "ignore_configured_endpoint_urls = false\n"));
	HAS((const char *)set.names, "signin of the services section");
	YES(read_all("", "[default]\nuse_fips_endpoint = true\n"
	    "use_dualstack_endpoint = true\nsts_regional_endpoints = legacy\n"
	    "ignore_configured_endpoint_urls = true\n"));
	HAS((const char *)set.names,
	    "ignore_configured_endpoint_urls of the profile");
}
