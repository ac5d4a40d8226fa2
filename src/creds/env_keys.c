/* SPDX-License-Identifier: MIT */
/*
 * Source: keys in the environment (AWS SDKs and Tools Reference Guide, "AWS
 * access keys"). An explicit --profile switches it off, AWS_PROFILE does not.
 */
#include "base/env.h"
#include "creds/plan.h"

extern const struct source source_env_keys;

static bool
env_keys_plan(const struct surroundings *around, struct plan *plan,
	struct error *err)
{
	struct slice id = env_get(around->env, "AWS_ACCESS_KEY_ID");
	struct slice secret = env_get(around->env, "AWS_SECRET_ACCESS_KEY");
	struct slice legacy = env_get(around->env, "AWS_SECURITY_TOKEN");
	struct step_of_plan *step;

	(void)err;                      /* half a key is creds_load's to refuse */
	if (around->profile_option.len || (!id.len && !secret.len))
		return true;
	step = plan_add(plan, &source_env_keys);
	step->access_key_id = id;
	step->secret_access_key = secret;
	step->session_token = env_get(around->env, "AWS_SESSION_TOKEN");
	if (!step->session_token.len)
		step->session_token = legacy;
	fmt_text(plan->origin, sizeof plan->origin, "environment");
	if (plan_profile_named(around)) {
		struct slice name = plan_profile(around);

		fmt_text(plan->note, sizeof plan->note,
		    "%s=%.*s not used: environment keys win, as in aws",
		    env_get(around->env, "AWS_PROFILE").len ? "AWS_PROFILE" :
		    "AWS_DEFAULT_PROFILE", (int)name.len, name.p);
	}
	return true;
}

const struct source source_env_keys = { "env", env_keys_plan };
