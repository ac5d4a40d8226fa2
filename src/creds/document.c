/* SPDX-License-Identifier: MIT */
/*
 * Source: the JSON document that --credentials names. Reading the file and
 * looking at the clock are prepare.c's.
 */
#include "codec/json.h"
#include "creds/keys_json.h"

extern const struct source source_document;

static const struct keys_origin origin = {
	ERR_DATA, "--credentials",
	"the whole output of postern creds, aws sts or aws sso"
};

/*
 * Of STS and of SSO an object inside; of a credential process all of it (AWS
 * SDKs and Tools Reference Guide, "Process credential provider").
 */
static bool
document_plan(const struct look *look, struct plan *plan, struct error *err)
{
	struct buf *room = look->around->document;
	struct slice doc, sts, sso, flat, version;
	const char *why;

	if (!room)
		return true;
	doc = buf_slice(room);
	if (!json_check(doc, &why))
		return keys_refuse(&origin, "not JSON:", why, err);
	if (!keys_find(&origin, doc, "Credentials", &sts, err) ||
	    !keys_find(&origin, doc, "roleCredentials", &sso, err) ||
	    !keys_find(&origin, doc, "AccessKeyId", &flat, err) ||
	    !keys_find(&origin, doc, "Version", &version, err))
		return false;
	if (!!sts.len + !!sso.len + !!flat.len > 1)
		return keys_refuse(&origin, "more", "than one set of keys", err);
	if (version.len && !slice_is(version, "1"))
		return keys_refuse(&origin, "Version", "is not 1", err);
	fmt_text(plan->origin, sizeof plan->origin, "--credentials");
	return keys_read(&origin, sso.len ? KEYS_OF_SSO : KEYS_OF_STS,
	    sts.len ? sts : sso.len ? sso : doc, room,
	    plan_add(plan, &source_document), err);
}

const struct source source_document = {
	.name = "document", .plan = document_plan,
};
