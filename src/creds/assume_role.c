/* SPDX-License-Identifier: MIT */
/*
 * Source: the role of a profile, assumed with the keys of another profile or
 * of a source that it names (AWS SDKs and Tools Reference Guide, "Assume role
 * credential provider"). The roles come out in the order in which they are
 * assumed.
 */
#include "creds/plan.h"

extern const struct source source_assume_role;

static bool
is_named_before(const struct look *look, struct slice profile)
{
	for (; look; look = look->from)
		if (slice_eq(look->profile, profile))
			return true;
	return false;
}

static bool
has_keys(const struct look *look, struct slice profile)
{
	const struct shared_files *files = &look->around->files;

	return shared_profile_value(files, profile, "aws_access_key_id").len ||
	    shared_profile_value(files, profile, "aws_secret_access_key").len;
}

static bool
from_source_profile(const struct look *look, struct slice name,
	struct plan *plan, struct error *err)
{
	struct look inner = { look->around, name, look };

	if (!shared_has_profile(&look->around->files, name))
		return look_refuse(look, err, "a source_profile that is there, or "
		    "a section with that name", "has source_profile \"%.*s\", "
		    "which is not there", (int)name.len, name.p);
	/* A profile may name itself for static keys beside its role. */
	if (is_named_before(look, name) && (!has_keys(look, name) ||
	    !slice_eq(look->profile, name)))
		return look_refuse(look, err, "a source_profile that has keys",
		    "has source_profile \"%.*s\", which leads back to itself: a "
		    "loop without keys", (int)name.len, name.p);
	if (!plan_from_profile(&inner, plan, err))
		return false;
	return plan->found || look_refuse(&inner, err, "keys for it, or another "
	    "source_profile", "has no keys, and profile \"%.*s\" needs them",
	    (int)look->profile.len, look->profile.p);
}

static bool
from_credential_source(const struct look *look, struct slice word,
	struct plan *plan, struct error *err)
{
	static const struct { char word[20], source[10]; } names[] = {
		{ "Environment", "env" }, { "Ec2InstanceMetadata", "imds" },
		{ "EcsContainer", "container" },
	};
	/* Looked at for a role: variables count although --profile is given. */
	struct look inner = { look->around, plan_profile(look->around), look };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (slice_ieq(word, slice_of(names[i].word)))
			return plan_from_source(names[i].source, &inner, plan, err);
	return look_refuse(look, err, "credential_source = Environment, "
	    "Ec2InstanceMetadata or EcsContainer", "has a credential_source that "
	    "is none of AWS's");
}

static bool
assume_role_plan(const struct look *look, struct plan *plan,
	struct error *err)
{
	struct slice role_arn = look_value(look, "role_arn");
	struct slice profile = look_value(look, "source_profile");
	struct slice source = look_value(look, "credential_source");
	struct role *role;
	unsigned deep = 0;

	if (!role_arn.len || look_value(look, "web_identity_token_file").len)
		return true;
	/* What another's role needs are keys: static ones come first then. */
	if (look->from && has_keys(look, look->profile))
		return true;
	/* The options may add one. */
	for (const struct look *l = look; l; l = l->from)
		deep++;
	if (deep > PLAN_ROLES_MAX - 1)
		return look_refuse(look, err, "a shorter chain",
		    "is the end of a chain of more than %d roles",
		    PLAN_ROLES_MAX - 1);
	if (!profile.len == !source.len)
		return look_refuse(look, err, "source_profile = NAME in it, or "
		    "credential_source, and not both", profile.len ?
		    "has a role_arn with both source_profile and "
		    "credential_source" : "has a role_arn, and neither "
		    "source_profile nor credential_source");
	if (profile.len ? !from_source_profile(look, profile, plan, err) :
	    !from_credential_source(look, source, plan, err))
		return false;
	role = &plan->roles[plan->roles_n++];
	*role = (struct role){
		.profile = plan_keep(plan, look->profile),
		.role_arn = plan_keep(plan, role_arn),
		.session_name = look_keep(look, plan, "role_session_name"),
		.external_id = look_keep(look, plan, "external_id"),
		.mfa_serial = look_keep(look, plan, "mfa_serial"),
		.mfa_process = look_keep(look, plan, "mfa_process"),
		.duration = look_keep(look, plan, "duration_seconds"),
	};
	if (!look->from) {
		char keys[sizeof plan->origin];

		copy_text(keys, sizeof keys, slice_of(plan->origin));
		fmt_text(plan->origin, sizeof plan->origin,
		    "profile %.*s by %s", (int)look->profile.len,
		    look->profile.p, keys);
	}
	return true;
}

const struct source source_assume_role = {
	.name = "assume-role", .of_profile = true, .plan = assume_role_plan,
};
