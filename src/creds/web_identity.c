/* SPDX-License-Identifier: MIT */
/*
 * Source: a role for the bearer of an OpenID Connect token in a file (AWS SDKs
 * and Tools Reference Guide, "Assume role with web identity or OpenID
 * Connect"). The file is read anew in each run; the request is not signed.
 */
#include "aws/arn.h"
#include "aws/partition.h"
#include "base/env.h"
#include "base/limits.h"
#include "creds/keys_json.h"

extern const struct source source_web_identity;

/* The variable where variables count, else the profile's key. */
static struct slice
find(const struct look *look, const char *variable, const char *key)
{
	struct slice value = { NULL, 0 };

	if (look_has_env(look))
		value = env_get(look->around->env, variable);
	return value.len ? value : look_value(look, key);
}

static bool
web_identity_plan(const struct look *look, struct plan *plan,
	struct error *err)
{
	struct slice file = find(look, "AWS_WEB_IDENTITY_TOKEN_FILE",
	    "web_identity_token_file");
	struct slice role = find(look, "AWS_ROLE_ARN", "role_arn");
	struct step_of_plan *step;
	struct arn arn;

	if (!file.len)
		return true;
	if (!role.len)
		return err_fail(err, ERR_CONFIG, STEP_CREDENTIALS,
		    "export AWS_ROLE_ARN=ARN, or role_arn in the profile",
		    "web_identity_token_file names a token, and no role_arn "
		    "the role for it");
	if (!arn_read(role, &arn) || !arn_is_role(&arn) ||
	    role.len > ARN_MAX || !partition_by_name(arn.partition))
		return err_fail(err, ERR_CONFIG, STEP_CREDENTIALS,
		    "role_arn = arn:aws:iam::123456789012:role/NAME",
		    "the role_arn of the web identity is no ARN of a role, or of "
		    "a partition that is not known here");
	step = plan_add(plan, &source_web_identity);
	step->file = plan_keep(plan, file);
	step->role_arn = plan_keep(plan, role);
	step->session_name = plan_keep(plan, find(look, "AWS_ROLE_SESSION_NAME",
	    "role_session_name"));
	if (look_has_env(look) &&
	    env_get(look->around->env, "AWS_WEB_IDENTITY_TOKEN_FILE").len)
		fmt_text(plan->origin, sizeof plan->origin,
		    "web identity (environment)");
	else
		fmt_text(plan->origin, sizeof plan->origin,
		    "web identity of profile %.*s", (int)look->profile.len,
		    look->profile.p);
	return true;
}

/* The token as it is, without what an editor puts behind it. */
static bool
web_identity_take(struct plan *plan, struct buf *text, struct buf *bearer,
	int64_t now_s, struct error *err)
{
	static const char hint[] = "the token alone in web_identity_token_file";

	(void)now_s;
	if (!keys_take_bearer(plan, buf_slice(text), bearer, hint, err))
		return false;
	return slice_find_char(buf_slice(bearer), ' ') == bearer->len ||
	    err_fail(err, ERR_DATA, STEP_CREDENTIALS, hint,
	    "the token of %s has a blank in it", plan->origin);
}

const struct source source_web_identity = {
	.name = "web-identity", .of_profile = true, .way = BY_STS,
	.plan = web_identity_plan, .take = web_identity_take,
};
