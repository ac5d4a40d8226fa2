/* SPDX-License-Identifier: MIT */
/*
 * Source: static keys of a profile in the shared files. A profile that gets
 * its keys in a way this version does not know is refused by name.
 */
#include "creds/plan.h"

extern const struct source source_profile;

/* Settings that would make another source of this profile. */
static const char other_ways[][24] = {
	"role_arn", "credential_process", "sso_session", "sso_start_url",
	"web_identity_token_file", "login_session",
};

static bool
no_such_profile(const struct surroundings *around, struct slice name,
	struct error *err)
{
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

static bool
refuse_other_way(const struct surroundings *around, struct slice name,
	struct error *err)
{
	for (size_t i = 0; i < sizeof other_ways / sizeof other_ways[0]; i++) {
		struct slice value = shared_profile_value(&around->files, name,
		    other_ways[i]);

		if (!value.len)
			continue;
		err_set(err, ERR_CONFIG, STEP_CREDENTIALS,
		    "profile \"%.*s\" has its keys by %s, which is not read "
		    "yet", (int)name.len, name.p, other_ways[i]);
		if (i == 0)
			return err_hint(err, "postern --profile SOURCE "
			    "--role-arn %.*s, SOURCE having the keys", (int)value.len, value.p);
		return err_hint(err, "eval \"$(aws configure "
		    "export-credentials --profile %.*s --format env)\" && "
		    "postern", (int)name.len, name.p);
	}
	return true;
}

static bool
profile_plan(const struct surroundings *around, struct plan *plan,
	struct error *err)
{
	struct slice name = plan_profile(around);
	const struct shared_files *files = &around->files;
	struct slice id = shared_profile_value(files, name, "aws_access_key_id");
	struct slice secret = shared_profile_value(files, name,
	    "aws_secret_access_key");
	struct step_of_plan *step;

	if (!shared_has_profile(files, name))
		return !plan_profile_named(around) ||
		    no_such_profile(around, name, err);
	if (!refuse_other_way(around, name, err))
		return false;
	if (!id.len && !secret.len)
		return true;
	step = plan_add(plan, &source_profile);
	step->profile = name;
	step->access_key_id = id;
	step->secret_access_key = secret;
	step->session_token = shared_profile_value(files, name,
	    "aws_session_token");
	if (!step->session_token.len)
		step->session_token = shared_profile_value(files, name,
		    "aws_security_token");
	fmt_text(plan->origin, sizeof plan->origin, "profile %.*s",
	    (int)name.len, name.p);
	return true;
}

const struct source source_profile = { "profile", profile_plan };
