/* SPDX-License-Identifier: MIT */
/*
 * Source: the text that --credentials names, JSON or lines (pasted.c). Reading
 * the file and looking at the clock are prepare.c's.
 */
#include "codec/json.h"
#include "codec/timestamp.h"
#include "creds/keys_json.h"
#include "creds/pasted.h"

extern const struct source source_document;

static const struct keys_origin origin = {
	ERR_DATA, "--credentials", PASTED_HINT
};

/* Half a set of keys is creds_load's to refuse. */
static bool
read_lines(struct slice text, struct buf *room, struct step_of_plan *step,
	struct error *err)
{
	struct pasted keys;
	struct slice expiration;

	if (!pasted_read(&keys, text, room, err))
		return false;
	step->access_key_id = keys.values[PASTED_KEY_ID];
	step->secret_access_key = keys.values[PASTED_SECRET];
	step->session_token = keys.values[PASTED_TOKEN];
	if (!step->access_key_id.len && !step->secret_access_key.len)
		return err_fail(err, ERR_NOCREDS, STEP_CREDENTIALS, PASTED_HINT,
		    "--credentials: no keys in what was given");
	expiration = keys.values[PASTED_EXPIRATION];
	step->expires_known = timestamp_read_iso(expiration, &step->expires_s);
	return step->expires_known || !expiration.len ||
	    keys_refuse(&origin, "AWS_CREDENTIAL_EXPIRATION", "is no time", err);
}

/*
 * Of STS and of SSO an object inside; of a credential process all of it (AWS
 * SDKs and Tools Reference Guide, "Process credential provider"), and of
 * instances and containers, which say Token.
 */
static bool
read_json(struct slice doc, struct buf *room, struct step_of_plan *step,
	struct error *err)
{
	struct slice sts, sso, flat, version, token, session_token;
	const char *why;

	if (!json_check(doc, &why))
		return keys_refuse(&origin, "not JSON:", why, err);
	if (!keys_find(&origin, doc, "Credentials", &sts, err) ||
	    !keys_find(&origin, doc, "roleCredentials", &sso, err) ||
	    !keys_find(&origin, doc, "AccessKeyId", &flat, err) ||
	    !keys_find(&origin, doc, "Version", &version, err) ||
	    !keys_find(&origin, doc, "Token", &token, err) ||
	    !keys_find(&origin, doc, "SessionToken", &session_token, err))
		return false;
	if (!!sts.len + !!sso.len + !!flat.len > 1)
		return keys_refuse(&origin, "more", "than one set of keys", err);
	if (version.len && !slice_is(version, "1"))
		return keys_refuse(&origin, "Version", "is not 1", err);
	if (token.len && session_token.len)
		return keys_refuse(&origin, "Token", "beside SessionToken", err);
	return keys_read(&origin, sso.len ? KEYS_OF_SSO : flat.len && token.len ?
	    KEYS_OF_METADATA : KEYS_OF_STS,
	    sts.len ? sts : sso.len ? sso : doc, room, step, err);
}

static bool
document_plan(const struct look *look, struct plan *plan, struct error *err)
{
	struct buf *room = look->around->document;
	struct step_of_plan *step;
	struct slice text;

	if (!room)
		return true;
	fmt_text(plan->origin, sizeof plan->origin, "--credentials");
	step = plan_add(plan, &source_document);
	text = pasted_text(buf_slice(room));
	return pasted_is_json(text) ? read_json(text, room, step, err) :
	    read_lines(text, room, step, err);
}

const struct source source_document = {
	.name = "document", .plan = document_plan,
};
