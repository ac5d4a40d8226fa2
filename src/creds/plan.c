/* SPDX-License-Identifier: MIT */
/*
 * The order of credential sources (a document that was named; then as AWS CLI
 * v2). A new source is one file and one row here.
 */
#include "creds/plan.h"

#include "base/env.h"

/*
 * One row per source, in the order in which they are asked. Source: botocore
 * 1.43.11, create_credential_resolver.
 */
#define SOURCES(ROW) \
	ROW(source_document) \
	ROW(source_env_keys) \
	ROW(source_assume_role) \
	ROW(source_web_identity) \
	ROW(source_sso) \
	ROW(source_credentials_keys) \
	ROW(source_login_cache) \
	ROW(source_credential_process) \
	ROW(source_config_keys) \
	ROW(source_container) \
	ROW(source_imds)

#define DECLARE(name) extern const struct source name;
#define POINTER(name) &name,

SOURCES(DECLARE)

static const struct source *const sources[] = { SOURCES(POINTER) };

#define SOURCES_N (sizeof sources / sizeof sources[0])

bool
plan_profile_named(const struct surroundings *around)
{
	return around->profile_option.len ||
	    env_get(around->env, "AWS_PROFILE").len ||
	    env_get(around->env, "AWS_DEFAULT_PROFILE").len;
}

struct slice
plan_profile(const struct surroundings *around)
{
	struct slice name = around->profile_option;

	if (!name.len)
		name = env_get(around->env, "AWS_PROFILE");
	if (!name.len)
		name = env_get(around->env, "AWS_DEFAULT_PROFILE");
	return name.len ? name : slice_of("default");
}

/* ---- for sources ---- */

struct step_of_plan *
plan_add(struct plan *plan, const struct source *source)
{
	plan->found = true;
	plan->base = (struct step_of_plan){ .source = source };
	return &plan->base;
}

struct slice
plan_keep(struct plan *plan, struct slice text)
{
	char *place = plan->text + plan->text_len;

	if (text.len > sizeof plan->text - plan->text_len) {
		plan->too_long = true;
		return slice_from(NULL, 0);
	}
	if (text.len)
		memcpy(place, text.p, text.len);
	plan->text_len += text.len;
	return slice_from(place, text.len);
}

struct slice
look_value(const struct look *look, const char *key)
{
	return shared_profile_value(&look->around->files, look->profile, key);
}

struct slice
look_keep(const struct look *look, struct plan *plan, const char *key)
{
	return plan_keep(plan, look_value(look, key));
}

struct slice
look_setting(const struct look *look, const char *variable)
{
	struct slice value = env_get(look->around->env, variable);

	return value.len ? value : shared_profile_value(&look->around->files,
	    plan_profile(look->around), variable + 4);
}

void
look_put_home(struct buf *b, const struct look *look, const char *path)
{
	struct slice home = env_get(look->around->env, "HOME");

	buf_put_slice(b, home.len ? home : slice_of("~"));
	buf_fmt(b, "/%s", path);
}

bool
look_has_env(const struct look *look)
{
	return !look->from && !look->around->profile_option.len;
}

bool
look_refuse(const struct look *look, struct error *err, const char *hint,
	const char *format, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, format);
	fmt_vtext(what, sizeof what, format, ap);
	va_end(ap);
	return err_fail(err, ERR_CONFIG, STEP_CREDENTIALS, hint,
	    "profile \"%.*s\" %s", (int)look->profile.len, look->profile.p,
	    what);
}

bool
plan_from_profile(const struct look *look, struct plan *plan,
	struct error *err)
{
	for (size_t i = 0; i < SOURCES_N && !plan->found; i++)
		if (sources[i]->of_profile &&
		    !sources[i]->plan(look, plan, err))
			return false;
	return true;
}

bool
plan_from_source(const char *name, const struct look *look, struct plan *plan,
	struct error *err)
{
	for (size_t i = 0; i < SOURCES_N; i++)
		if (strcmp(sources[i]->name, name) == 0)
			return sources[i]->plan(look, plan, err);
	return true;
}

/* ---- the plan ---- */

static bool
no_such_profile(const struct surroundings *around, struct error *err)
{
	struct slice name = plan_profile(around);
	struct slice near = shared_nearest_profile(&around->files, name);

	err_set(err, ERR_NOCREDS, STEP_CREDENTIALS,
	    "no profile \"%.*s\" in %s (%s) or %s (%s)",
	    (int)name.len, name.p,
	    around->files.credentials_path, around->credentials_state,
	    around->files.config_path, around->config_state);
	if (near.len && near.len <= PROFILE_NAME_MAX)
		return err_again(err, "--profile %.*s", (int)near.len, near.p);
	return err_hint(err, "--profile with a name that stands there, or "
	    "unset AWS_PROFILE");
}

static void
say_nothing_found(const struct look *look, struct plan *plan)
{
	const struct surroundings *around = look->around;

	fmt_text(plan->tried, sizeof plan->tried,
	    "environment (%s), %s (%s), %s (%s)",
	    around->profile_option.len ? "not asked for with --profile" :
	    "not set", around->files.credentials_path,
	    around->credentials_state, around->files.config_path,
	    around->config_state);
	if (around->files.credentials.len || around->files.config.len)
		fmt_text(plan->cure, sizeof plan->cure, "postern --profile NAME "
		    "with one of the profiles there; \"%.*s\" has no keys",
		    (int)look->profile.len, look->profile.p);
	else
		fmt_text(plan->cure, sizeof plan->cure, "export "
		    "AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… (and "
		    "AWS_SESSION_TOKEN=… for ASIA keys)");
}

bool
plan_make(struct plan *plan, const struct surroundings *around,
	struct error *err)
{
	struct look look = { around, plan_profile(around), NULL };

	memset(plan, 0, sizeof *plan);
	if (look.profile.len > PROFILE_NAME_MAX) {
		return err_fail(err, ERR_USAGE, STEP_CREDENTIALS,
		    "--profile with a shorter name",
		    "the profile's name is longer than %d bytes",
		    PROFILE_NAME_MAX);
	}
	if (!shared_check(&around->files, err))
		return false;
	say_nothing_found(&look, plan);
	for (size_t i = 0; i < SOURCES_N && !plan->found; i++) {
		/* A profile that was asked for by name must be there. */
		if (sources[i]->of_profile && plan_profile_named(around) &&
		    !shared_has_profile(&around->files, look.profile))
			return no_such_profile(around, err);
		if (!sources[i]->plan(&look, plan, err))
			return false;
	}
	if (plan->too_long)
		return err_fail(err, ERR_DATA, STEP_CREDENTIALS,
		    "shorter values in the profile",
		    "the settings of these credentials are longer than %d bytes",
		    PLAN_TEXT_MAX);
	return plan->found || err_fail(err, ERR_NOCREDS, STEP_CREDENTIALS,
	    plan->cure, "no credentials: %s", plan->tried);
}
