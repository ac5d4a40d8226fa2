/* SPDX-License-Identifier: MIT */
/*
 * Source: keys in the environment (AWS SDKs and Tools Reference Guide, "AWS
 * access keys"). An explicit --profile switches it off, AWS_PROFILE does not;
 * a role whose credential_source is Environment asks for it.
 */
#include "base/env.h"
#include "codec/timestamp.h"
#include "creds/plan.h"

extern const struct source source_env_keys;

static bool
env_keys_plan(const struct look *look, struct plan *plan, struct error *err)
{
	const struct surroundings *around = look->around;
	struct slice id = env_get(around->env, "AWS_ACCESS_KEY_ID");
	struct slice secret = env_get(around->env, "AWS_SECRET_ACCESS_KEY");
	struct step_of_plan *step;

	(void)err;                      /* half a key is creds_load's to refuse */
	if (!look->from && (around->profile_option.len ||
	    (!id.len && !secret.len)))
		return true;
	step = plan_add(plan, &source_env_keys);
	step->access_key_id = id;
	step->secret_access_key = secret;
	/* The old name first, as in the AWS CLI. */
	step->session_token = env_get(around->env, "AWS_SECURITY_TOKEN");
	if (!step->session_token.len)
		step->session_token = env_get(around->env, "AWS_SESSION_TOKEN");
	/* Whoever set the keys may have said how long they last. */
	step->expires_known = timestamp_read_iso(env_get(around->env,
	    "AWS_CREDENTIAL_EXPIRATION"), &step->expires_s);
	fmt_text(plan->origin, sizeof plan->origin, "environment");
	if (!look->from && plan_profile_named(around))
		fmt_text(plan->note, sizeof plan->note,
		    "%s=%.*s not used: environment keys win, as in aws",
		    env_get(around->env, "AWS_PROFILE").len ? "AWS_PROFILE" :
		    "AWS_DEFAULT_PROFILE", (int)look->profile.len,
		    look->profile.p);
	return true;
}

const struct source source_env_keys = { .name = "env", .plan = env_keys_plan };
