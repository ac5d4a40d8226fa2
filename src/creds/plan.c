/* SPDX-License-Identifier: MIT */
/*
 * The order of credential sources (a document that was named; then as AWS CLI
 * v2: environment, profile). A new source is one file and one row here.
 */
#include "creds/plan.h"

#include "base/env.h"

/* One row per source, in the order in which they are asked. */
#define SOURCES(ROW) \
	ROW(source_document) \
	ROW(source_env_keys) \
	ROW(source_profile)

#define DECLARE(name) extern const struct source name;
#define POINTER(name) &name,

SOURCES(DECLARE)

static const struct source *const sources[] = { SOURCES(POINTER) };

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

struct step_of_plan *
plan_add(struct plan *plan, const struct source *source)
{
	struct step_of_plan *step = &plan->steps[plan->n++];

	*step = (struct step_of_plan){ .source = source };
	return step;
}

static bool
nothing_found(const struct surroundings *around, struct error *err)
{
	struct slice name = plan_profile(around);
	const char *words = around->profile_option.len ?
	    "not asked for with --profile" : "not set";

	err_set(err, ERR_NOCREDS, STEP_CREDENTIALS,
	    "no credentials: environment (%s), %s (%s), %s (%s)", words,
	    around->files.credentials_path, around->credentials_state,
	    around->files.config_path, around->config_state);
	if (around->files.credentials.len || around->files.config.len)
		return err_hint(err, "postern --profile NAME with one of "
		    "the profiles there; \"%.*s\" has no keys",
		    (int)name.len, name.p);
	return err_hint(err, "export AWS_ACCESS_KEY_ID=… "
	    "AWS_SECRET_ACCESS_KEY=… (and AWS_SESSION_TOKEN=… for ASIA keys)");
}

bool
plan_make(struct plan *plan, const struct surroundings *around,
	struct error *err)
{
	memset(plan, 0, sizeof *plan);
	if (plan_profile(around).len > PROFILE_NAME_MAX) {
		return err_fail(err, ERR_USAGE, STEP_CREDENTIALS,
		    "--profile with a shorter name",
		    "the profile's name is longer than %d bytes",
		    PROFILE_NAME_MAX);
	}
	if (!shared_check(&around->files, err))
		return false;
	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
		if (!sources[i]->plan(around, plan, err))
			return false;
		if (plan->n)
			return true;
	}
	return nothing_found(around, err);
}
