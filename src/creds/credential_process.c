/* SPDX-License-Identifier: MIT */
/*
 * Source: a program that prints keys (AWS SDKs and Tools Reference Guide,
 * "Process credential provider"). Running it is prepare.c's.
 */
#include "codec/json.h"
#include "creds/keys_json.h"

extern const struct source source_credential_process;

static bool
process_plan(const struct look *look, struct plan *plan, struct error *err)
{
	struct slice command = look_value(look, "credential_process");

	(void)err;
	if (!command.len)
		return true;
	plan_add(plan, &source_credential_process)->command =
	    plan_keep(plan, command);
	fmt_text(plan->origin, sizeof plan->origin,
	    "credential_process of profile %.*s", (int)look->profile.len,
	    look->profile.p);
	return true;
}

static bool
process_take(struct plan *plan, struct buf *text, struct buf *bearer,
	int64_t now_s, struct error *err)
{
	const struct keys_origin origin = {
		ERR_DATA, plan->origin,
		"a program that prints JSON with Version 1, AccessKeyId and "
		"SecretAccessKey"
	};
	struct slice doc = buf_slice(text), version;
	const char *why;

	(void)bearer;
	(void)now_s;
	if (!json_check(doc, &why))
		return keys_refuse(&origin, "not JSON:", why, err);
	if (!keys_find(&origin, doc, "Version", &version, err))
		return false;
	if (!slice_is(version, "1"))
		return keys_refuse(&origin, "Version", version.len ? "is not 1" :
		    "is missing", err);
	return keys_read(&origin, KEYS_OF_STS, doc, text, &plan->base, err);
}

const struct source source_credential_process = {
	.name = "process", .of_profile = true,
	.plan = process_plan, .take = process_take,
};
