/* SPDX-License-Identifier: MIT */
/*
 * Sources: static keys of a profile in the shared credentials file and in the
 * config file. Where one file has half of them, each property is the better of
 * both files' (sharedfile.h).
 */
#include "creds/plan.h"

extern const struct source source_credentials_keys;
extern const struct source source_config_keys;

static const char id_key[] = "aws_access_key_id";
static const char secret_key[] = "aws_secret_access_key";

/* The token: of the same file as both keys, when one has both. */
static struct slice
find_token(const struct look *look, const char *key, bool whole, bool config)
{
	return whole ? shared_value_in(&look->around->files, config,
	    look->profile, key) : look_value(look, key);
}

static bool
keys_plan(const struct look *look, struct plan *plan,
	const struct source *source, bool config)
{
	const struct shared_files *files = &look->around->files;
	bool id = shared_value_in(files, config, look->profile, id_key).len;
	bool secret = shared_value_in(files, config, look->profile,
	    secret_key).len;
	struct step_of_plan *step;

	/* Half a set is creds_load's to refuse. */
	if (!id && !secret)
		return true;
	step = plan_add(plan, source);
	step->profile = look->profile;
	step->access_key_id = look_value(look, id_key);
	step->secret_access_key = look_value(look, secret_key);
	/* The old name first, as in the AWS CLI. */
	step->session_token = find_token(look, "aws_security_token",
	    id && secret, config);
	if (!step->session_token.len)
		step->session_token = find_token(look, "aws_session_token",
		    id && secret, config);
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
