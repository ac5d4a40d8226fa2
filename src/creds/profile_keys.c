/* SPDX-License-Identifier: MIT */
/*
 * Sources: static keys of a profile in the shared credentials file and in the
 * config file. Each property is the better of both files' (sharedfile.h); which
 * file names a key decides only what other sources come before it.
 */
#include "creds/plan.h"

extern const struct source source_credentials_keys;
extern const struct source source_config_keys;

static const char id_key[] = "aws_access_key_id";
static const char secret_key[] = "aws_secret_access_key";

static bool
keys_plan(const struct look *look, struct plan *plan,
	const struct source *source, bool config)
{
	const struct shared_files *files = &look->around->files;
	struct step_of_plan *step;

	/* Half a set is creds_load's to refuse. */
	if (!shared_value_in(files, config, look->profile, id_key).len &&
	    !shared_value_in(files, config, look->profile, secret_key).len)
		return true;
	step = plan_add(plan, source);
	step->profile = look->profile;
	step->access_key_id = look_value(look, id_key);
	step->secret_access_key = look_value(look, secret_key);
	step->session_token = look_value(look, "aws_session_token");
	if (!step->session_token.len)
		step->session_token = look_value(look, "aws_security_token");
	fmt_text(plan->origin, sizeof plan->origin, "profile %.*s",
	    (int)look->profile.len, look->profile.p);
	return true;
}

static bool
credentials_plan(const struct look *look, struct plan *plan,
	struct error *err)
{
	(void)err;
	return keys_plan(look, plan, &source_credentials_keys, false);
}

static bool
config_plan(const struct look *look, struct plan *plan, struct error *err)
{
	(void)err;
	return keys_plan(look, plan, &source_config_keys, true);
}

const struct source source_credentials_keys = {
	.name = "profile", .of_profile = true, .plan = credentials_plan,
};
const struct source source_config_keys = {
	.name = "profile", .of_profile = true, .plan = config_plan,
};
