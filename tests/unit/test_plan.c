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
	if (!EQ(plan.n, 1))
		return;
	EQ_TEXT(plan.steps[0].source->name, source);
	EQ_TEXT(plan.steps[0].access_key_id, id);
	EQ_TEXT(plan.steps[0].secret_access_key, secret);
	EQ_TEXT(plan.steps[0].session_token, token);
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
	EQ_TEXT(plan.steps[0].profile, "dev");
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

TEST(plan_fails_when_there_is_nothing)
{
	NO(make("X=y", "", "", ""));
	EQ(err.kind, ERR_NOCREDS);
	EQ(err.step, STEP_CREDENTIALS);
	HAS((const char *)err.what, "CREDENTIALS (read)");
	HAS((const char *)err.what, "CONFIG (not there)");
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

TEST(plan_does_not_fall_through_a_profile_of_another_kind)
{
	static const char *const ways[] = {
		"role_arn = arn:aws:iam::123456789012:role/A", "sso_session = s",
		"credential_process = /bin/keys", "sso_start_url = https://x",
		"web_identity_token_file = /t", "login_session = arn",
	};

	for (size_t i = 0; i < COUNT(ways); i++) {
		char config[256];
		struct buf b = { config, 0, sizeof config - 1, false };
		struct slice key = slice_of(ways[i]);
		char word[64];

		buf_puts(&b, "[profile dev]\naws_access_key_id=I\n"
		    "aws_secret_access_key=S\n");
		buf_puts(&b, ways[i]);
		config[b.len] = '\0';
		NO(make("X=y", "dev", config, ""));
		EQ(err.kind, ERR_CONFIG);
		copy_text(word, sizeof word, slice_from(key.p,
		    slice_find_char(key, ' ')));
		HAS((const char *)err.what, word);
		YES(err.hint[0] != '\0');
	}
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

TEST(plan_quotes_no_secret)
{
	static const char file[] = "[dev]\naws_access_key_id=I\n"
	    "aws_secret_access_key=wJalrX\nsso_session=s\n";

	NO(make("X=y", "dev", "", file));
	LACKS((const char *)err.what, "wJalrX");
	LACKS((const char *)err.hint, "wJalrX");
	NO(make("X=y", "dve", "", file));
	LACKS((const char *)err.what, "wJalrX");
	LACKS((const char *)err.hint, "wJalrX");
	LACKS((const char *)err.again, "wJalrX");
}
