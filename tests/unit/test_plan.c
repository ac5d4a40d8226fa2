/* SPDX-License-Identifier: MIT */
/*
 * The plan of sources: environment before profile, nothing falls through what
 * is configured and unusable. The files' grammar is tested in test_ini.c.
 */
#include "test.h"

#include "creds/plan.h"

static struct plan plan;
static struct error err;
static char vars[8][96];

/* Up to seven variables "NAME=VALUE", blank between. */
static char *const *
environment(const char *list)
{
	static char *env[9];
	struct slice rest = slice_of(list), word;
	size_t n = 0;

	while (slice_take_word(&rest, &word) && n < 8) {
		copy_text(vars[n], sizeof vars[n], word);
		env[n] = vars[n];
		n++;
	}
	env[n] = NULL;
	return env;
}

static bool
make(const char *env, const char *profile, const char *config,
	const char *credentials)
{
	struct surroundings around = {
		.env = environment(env),
		.files = { edge(config), edge(credentials), "CONFIG", "CREDENTIALS" },
		.profile_option = slice_of(profile),
		.config_state = "not there", .credentials_state = "read",
	};

	memset(&err, 0, sizeof err);
	return plan_make(&plan, &around, &err);
}

static void
step_is(const char *source, const char *id, const char *secret,
	const char *token)
{
	if (!YES(plan.found))
		return;
	EQ_TEXT(plan.base.source->name, source);
	EQ_TEXT(plan.base.access_key_id, id);
	EQ_TEXT(plan.base.secret_access_key, secret);
	EQ_TEXT(plan.base.session_token, token);
}

#define ENV "AWS_ACCESS_KEY_ID=I AWS_SECRET_ACCESS_KEY=S"
#define FILE_KEYS "[default]\naws_access_key_id=FI\naws_secret_access_key=FS\n" \
	"[dev]\naws_access_key_id=DI\naws_secret_access_key=DS\n" \
	"aws_session_token=DT\n"

TEST(plan_takes_keys_of_the_environment_first)
{
	YES(make(ENV, "", "", FILE_KEYS));
	step_is("env", "I", "S", "");
	EQ_TEXT((const char *)plan.origin, "environment");
	EQ_TEXT((const char *)plan.note, "");
	YES(make(ENV " AWS_SESSION_TOKEN=T", "", "", ""));
	step_is("env", "I", "S", "T");
}

TEST(plan_knows_when_keys_of_the_environment_end)
{
	YES(make(ENV " AWS_CREDENTIAL_EXPIRATION=1970-01-01T00:01:00Z", "", "", ""));
	YES(plan.base.expires_known);
	EQ(plan.base.expires_s, 60);
	YES(make(ENV " AWS_CREDENTIAL_EXPIRATION=soon", "", "", ""));
	NO(plan.base.expires_known);
}

TEST(plan_knows_the_legacy_name_of_the_token)
{
	YES(make(ENV " AWS_SECURITY_TOKEN=L", "", "", ""));
	step_is("env", "I", "S", "L");
	YES(make("[x]", "default", "", "[default]\naws_access_key_id=I\n"
	    "aws_secret_access_key=S\naws_security_token=L\n"));
	step_is("profile", "I", "S", "L");
}

TEST(plan_hands_half_a_set_on_to_be_refused)
{
	YES(make("AWS_ACCESS_KEY_ID=I", "", "", FILE_KEYS));
	step_is("env", "I", "", "");
	YES(make("AWS_SECRET_ACCESS_KEY=S", "", "", FILE_KEYS));
	step_is("env", "", "S", "");
	YES(make("X=y", "", "", "[default]\naws_access_key_id=I\n"));
	step_is("profile", "I", "", "");
}

TEST(plan_takes_an_empty_variable_for_unset)
{
	YES(make("AWS_ACCESS_KEY_ID= AWS_SECRET_ACCESS_KEY=", "", "", FILE_KEYS));
	step_is("profile", "FI", "FS", "");
	YES(make("AWS_PROFILE=", "", "", FILE_KEYS));
	step_is("profile", "FI", "FS", "");
}

TEST(plan_lets_the_profile_option_switch_the_environment_off)
{
	YES(make(ENV, "dev", "", FILE_KEYS));
	step_is("profile", "DI", "DS", "DT");
	EQ_TEXT(plan.base.profile, "dev");
	EQ_TEXT((const char *)plan.origin, "profile dev");
}

TEST(plan_says_when_a_named_profile_is_passed_over)
{
	YES(make(ENV " AWS_PROFILE=dev", "", "", FILE_KEYS));
	step_is("env", "I", "S", "");
	HAS((const char *)plan.note, "dev");
}

TEST(plan_chooses_the_profile_as_the_aws_cli_does)
{
	YES(make("AWS_PROFILE=dev AWS_DEFAULT_PROFILE=default", "", "", FILE_KEYS));
	step_is("profile", "DI", "DS", "DT");
	YES(make("AWS_DEFAULT_PROFILE=dev", "", "", FILE_KEYS));
	step_is("profile", "DI", "DS", "DT");
	YES(make("AWS_PROFILE=nobody", "dev", "", FILE_KEYS));
	step_is("profile", "DI", "DS", "DT");
	YES(make("X=y", "", "", FILE_KEYS));
	step_is("profile", "FI", "FS", "");
	EQ_TEXT((const char *)plan.origin, "profile default");
}

TEST(plan_takes_keys_of_the_config_file_too)
{
	YES(make("X=y", "dev", "[profile dev]\naws_access_key_id=I\n"
	    "aws_secret_access_key=S\n", ""));
	step_is("profile", "I", "S", "");
}

#define NO_IMDS "AWS_EC2_METADATA_DISABLED=true"

TEST(plan_fails_when_there_is_nothing)
{
	NO(make(NO_IMDS, "", "", ""));
	EQ(err.kind, ERR_NOCREDS);
	EQ(err.step, STEP_CREDENTIALS);
	HAS((const char *)err.what, "CREDENTIALS (read)");
	HAS((const char *)err.what, "CONFIG (not there)");
	HAS((const char *)err.what, "switched off by AWS_EC2_METADATA_DISABLED");
	HAS((const char *)err.hint, "export AWS_ACCESS_KEY_ID=");
}

TEST(plan_names_the_nearest_profile)
{
	NO(make("X=y", "dve", "", FILE_KEYS));
	EQ(err.kind, ERR_NOCREDS);
	HAS((const char *)err.what, "dve");
	EQ_TEXT((const char *)err.again, "--profile dev");
	NO(make("AWS_PROFILE=something-else", "", "", FILE_KEYS));
	EQ(err.kind, ERR_NOCREDS);
	EQ_TEXT((const char *)err.again, "");
	YES(err.hint[0] != '\0');
}

#define KEYS(name) "[" name "]\naws_access_key_id=" name "I\n" \
	"aws_secret_access_key=" name "S\n"
#define ARN(name) "arn:aws:iam::123456789012:role/" name

/* Every source of a profile, and AWS CLI v2's order between them. */
TEST(plan_asks_the_sources_of_a_profile_in_order)
{
	static const struct { const char *lines, *source; bool credentials; } rows[] = {
		{ "role_arn = " ARN("A") "\nsource_profile = other\n", "profile", false },
		{ "role_arn = " ARN("A") "\nweb_identity_token_file = /t\n",
		    "web-identity", false },
		{ "sso_account_id = 1\nsso_role_name = R\nsso_start_url = https://x\n"
		    "sso_region = eu-west-1\n", "sso", false },
		{ "aws_access_key_id = I\naws_secret_access_key = S\n", "profile",
		    true },
		{ "login_session = arn\n", "login", false },
		{ "credential_process = /bin/keys\n", "process", false },
		{ "aws_access_key_id = I\naws_secret_access_key = S\n", "profile",
		    false },
	};

	for (size_t first = 0; first < COUNT(rows); first++) {
		char config[1024], credentials[256];
		struct buf c = TEXT_OVER(config), k = TEXT_OVER(credentials);

		buf_puts(&c, "[profile dev]\n");
		buf_puts(&k, KEYS("other") "[dev]\n");
		/* A token file makes the role one of web identity. */
		for (size_t i = first; i < COUNT(rows); i += first == 0 && i == 0 ?
		    2 : 1)
			buf_puts(rows[i].credentials ? &k : &c, rows[i].lines);
		buf_end(&c);
		buf_end(&k);
		test_input(slice_of(rows[first].lines));
		YES(make("X=y", "dev", config, credentials));
		EQ_TEXT(slice_of(plan.base.source->name), rows[first].source);
		EQ(plan.roles_n, first == 0);
	}
}

TEST(plan_follows_a_chain_of_roles_to_its_keys)
{
	YES(make("X=y", "a",
	    "[profile a]\nrole_arn=" ARN("A") "\nsource_profile=b\n"
	    "external_id=xyz\nmfa_serial=serial\nrole_session_name=me\n"
	    "duration_seconds=7200\n"
	    "[profile b]\nrole_arn=" ARN("B") "\nsource_profile=c\n",
	    KEYS("c")));
	step_is("profile", "cI", "cS", "");
	EQ_TEXT(plan.base.profile, "c");
	if (!EQ(plan.roles_n, 2))
		return;
	EQ_TEXT(plan.roles[0].role_arn, ARN("B"));
	EQ_TEXT(plan.roles[1].role_arn, ARN("A"));
	EQ_TEXT(plan.roles[1].external_id, "xyz");
	EQ_TEXT(plan.roles[1].mfa_serial, "serial");
	EQ_TEXT(plan.roles[1].session_name, "me");
	EQ_TEXT(plan.roles[1].duration, "7200");
	EQ_TEXT((const char *)plan.origin, "profile a by profile c");
}

TEST(plan_lets_a_profile_be_the_source_of_its_own_role)
{
	YES(make("X=y", "a", "[profile a]\nrole_arn=" ARN("A")
	    "\nsource_profile=a\n", KEYS("a")));
	step_is("profile", "aI", "aS", "");
	EQ(plan.roles_n, 1);
}

TEST(plan_takes_the_keys_of_a_source_before_its_role)
{
	YES(make("X=y", "a",
	    "[profile a]\nrole_arn=" ARN("A") "\nsource_profile=b\n"
	    "[profile b]\nrole_arn=" ARN("B") "\nsource_profile=c\n",
	    KEYS("b") KEYS("c")));
	step_is("profile", "bI", "bS", "");
	EQ(plan.roles_n, 1);
}

/* Words of a config file, and what must be in the sentence. */
TEST(plan_refuses_profiles_whose_role_has_no_keys)
{
	static const struct { const char *config, *what; } bad[] = {
		{ "role_arn=r\n", "neither source_profile nor" },
		{ "role_arn=r\nsource_profile=b\ncredential_source=Environment\n",
		    "both source_profile and" },
		{ "role_arn=r\nsource_profile=nobody\n", "\"nobody\"" },
		{ "role_arn=r\nsource_profile=a\n", "loop" },
		{ "role_arn=r\nsource_profile=b\n[profile b]\nrole_arn=r\n"
		    "source_profile=a\n", "loop" },
		{ "role_arn=r\nsource_profile=b\n[profile b]\nregion=x\n",
		    "\"b\" has no keys" },
		{ "role_arn=r\ncredential_source=Moon\n", "credential_source" },
		{ "role_arn=r\ncredential_source=EcsContainer\n",
		    "AWS_CONTAINER_CREDENTIALS_FULL_URI" },
		{ "web_identity_token_file=/t\n", "no role_arn" },
		{ "sso_account_id=1\n", "sso_role_name" },
		{ "sso_account_id=1\nsso_role_name=r\n", "sso_start_url" },
		{ "sso_account_id=1\nsso_role_name=r\nsso_session=s\n", "\"s\"" },
		{ "sso_account_id=1\nsso_role_name=r\nsso_session=s\n"
		    "sso_region=eu-west-1\n[sso-session s]\nsso_start_url=u\n"
		    "sso_region=eu-west-2\n", "differ in sso_region" },
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		char config[512];

		fmt_text(config, sizeof config, "[profile a]\n%s", bad[i].config);
		test_input(slice_of(config));
		NO(make("X=y", "a", config, ""));
		EQ(err.kind, ERR_CONFIG);
		HAS((const char *)err.what, bad[i].what);
		YES(err.hint[0] != '\0');
	}
}

TEST(plan_bounds_chains_of_roles)
{
	char config[2048];
	struct buf b = TEXT_OVER(config);

	for (int i = 0; i < PLAN_ROLES_MAX + 2; i++)
		buf_fmt(&b, "[profile p%d]\nrole_arn=r\nsource_profile=p%d\n", i,
		    i + 1);
	buf_end(&b);
	NO(make("X=y", "p0", config, KEYS("p10")));
	EQ(err.kind, ERR_CONFIG);
	HAS((const char *)err.what, "chain of more than 7");
	/* One less than the bound: the options may add one. */
	YES(make("X=y", "p3", config, KEYS("p10")));
	EQ(plan.roles_n, PLAN_ROLES_MAX - 1);
	buf_puts(&b, "[profile p10]\nrole_arn=r\ncredential_source=Environment\n");
	buf_end(&b);
	YES(make(ENV, "p4", config, ""));
	EQ(plan.roles_n, PLAN_ROLES_MAX - 1);
	NO(make(ENV, "p3", config, ""));
	EQ(err.kind, ERR_CONFIG);
}

TEST(plan_asks_a_credential_source_by_its_name)
{
	static const char config[] = "[profile a]\nrole_arn=r\n"
	    "credential_source=ENVIRONMENT\n[profile c]\nrole_arn=r\n"
	    "credential_source=EcsContainer\n[profile i]\nrole_arn=r\n"
	    "credential_source=Ec2InstanceMetadata\n";

	YES(make(ENV, "a", config, ""));
	step_is("env", "I", "S", "");
	EQ(plan.roles_n, 1);
	YES(make("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/x", "c", config, ""));
	EQ_TEXT(slice_of(plan.base.source->name), "container");
	EQ_TEXT(plan.base.url, "http://169.254.170.2/x");
	YES(make("X=y", "i", config, ""));
	EQ_TEXT(slice_of(plan.base.source->name), "imds");
	NO(make("AWS_EC2_METADATA_DISABLED=TRUE", "i", config, ""));
	EQ(err.kind, ERR_CONFIG);
}

TEST(plan_reads_web_identity_from_variables_unless_a_profile_is_asked_for)
{
	static const char named[] = "AWS_WEB_IDENTITY_TOKEN_FILE=/t "
	    "AWS_ROLE_ARN=" ARN("W") " AWS_ROLE_SESSION_NAME=me";

	YES(make(named, "", "", FILE_KEYS));
	EQ_TEXT(slice_of(plan.base.source->name), "web-identity");
	EQ_TEXT(plan.base.file, "/t");
	EQ_TEXT(plan.base.role_arn, ARN("W"));
	EQ_TEXT(plan.base.session_name, "me");
	YES(make(named, "dev", "", FILE_KEYS));
	step_is("profile", "DI", "DS", "DT");
}

TEST(plan_asks_hosts_last)
{
	YES(make("AWS_CONTAINER_CREDENTIALS_FULL_URI=http://localhost:1/x", "", "", ""));
	EQ_TEXT(slice_of(plan.base.source->name), "container");
	YES(make("AWS_CONTAINER_CREDENTIALS_FULL_URI=http://localhost:1/x", "",
	    "", FILE_KEYS));
	step_is("profile", "FI", "FS", "");
	NO(make("AWS_CONTAINER_CREDENTIALS_FULL_URI=http://10.0.0.1/x", "", "", ""));
	EQ(err.kind, ERR_CONFIG);
	NO(make("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=@evil/x", "", "", ""));
	EQ(err.kind, ERR_CONFIG);
	NO(make("AWS_CONTAINER_CREDENTIALS_FULL_URI=", "", "", ""));
	EQ(err.kind, ERR_CONFIG);
	HAS((const char *)err.what, "FULL_URI is set, and empty");
	NO(make("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI= "
	    "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://localhost:1/x", "", "", ""));
	HAS((const char *)err.what, "RELATIVE_URI is set, and empty");
	YES(make("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=", "", "", FILE_KEYS));
	step_is("profile", "FI", "FS", "");
	YES(make("X=y", "", "", ""));
	EQ_TEXT(slice_of(plan.base.source->name), "imds");
	EQ_TEXT(plan.base.url, "http://169.254.169.254");
	YES(make("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6", "", "", ""));
	EQ_TEXT(plan.base.url, "http://[fd00:ec2::254]");
	NO(make("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=ipv5", "", "", ""));
	EQ(err.kind, ERR_CONFIG);
	NO(make("AWS_EC2_METADATA_SERVICE_ENDPOINT=http://10.0.0.1", "", "", ""));
	EQ(err.kind, ERR_CONFIG);
	NO(make("AWS_METADATA_SERVICE_TIMEOUT=x", "", "", ""));
	EQ(err.kind, ERR_CONFIG);
}

TEST(plan_names_the_caches_of_logins)
{
	YES(make("HOME=/h", "a", "[profile a]\nsso_account_id=1\nsso_role_name=r\n"
	    "sso_session=my-sso\n[sso-session my-sso]\nsso_start_url=u\n"
	    "sso_region=eu-west-1\n", ""));
	EQ_TEXT(plan.base.file, "/h/.aws/sso/cache/0ad374308c5a4e22f723adf10145eafad7c4031c.json");
	YES(make("HOME=/h", "a", "[profile a]\nlogin_session=arn:aws:iam::123456789012:user/alice\n", ""));
	EQ_TEXT(plan.base.file, "/h/.aws/login/cache/b7d71d383b9557a9bad4c3346c50365819226484c6824a0fdef66637be339db0.json");
	YES(make("AWS_LOGIN_CACHE_DIRECTORY=/c", "a",
	    "[profile a]\nlogin_session=arn:aws:iam::123456789012:user/alice\n", ""));
	EQ_TEXT(plan.base.file, "/c/b7d71d383b9557a9bad4c3346c50365819226484c6824a0fdef66637be339db0.json");
}

TEST(plan_refuses_broken_files_even_where_the_environment_has_keys)
{
	NO(make(ENV, "", "nonsense", ""));
	EQ(err.kind, ERR_DATA);
	HAS((const char *)err.what, "CONFIG, line 1");
}

TEST(plan_refuses_names_of_profiles_beyond_the_bound)
{
	char name[PROFILE_NAME_MAX + 2];

	memset(name, 'a', sizeof name);
	name[PROFILE_NAME_MAX + 1] = '\0';
	NO(make("X=y", name, "", ""));
	EQ(err.kind, ERR_USAGE);
	name[PROFILE_NAME_MAX] = '\0';
	NO(make("X=y", name, "", ""));
	EQ(err.kind, ERR_NOCREDS);
}

TEST(plan_refuses_settings_beyond_its_room)
{
	char start[] = "[default]\nsource_profile=default\n"
	    "role_arn=arn:aws:iam::123456789012:role/demo\n"
	    "aws_access_key_id=I\naws_secret_access_key=S\nexternal_id=";
	struct slice id = repeat("e", PLAN_TEXT_MAX);
	struct buf b = edge_buf(sizeof start + id.len);

	buf_puts(&b, start);
	buf_put_slice(&b, id);
	buf_end(&b);
	NO(make("X=y", "", b.p, ""));
	EQ(err.kind, ERR_DATA);
	HAS((const char *)err.what, "longer than");
}

TEST(plan_quotes_no_secret)
{
	static const char file[] = "[dev]\naws_access_key_id=I\n"
	    "aws_secret_access_key=wJalrX\nsso_account_id=1\n";

	NO(make("X=y", "dev", "", file));
	LACKS((const char *)err.what, "wJalrX");
	LACKS((const char *)err.hint, "wJalrX");
	NO(make("X=y", "dve", "", file));
	LACKS((const char *)err.what, "wJalrX");
	LACKS((const char *)err.hint, "wJalrX");
	LACKS((const char *)err.again, "wJalrX");
}
