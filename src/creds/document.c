/* SPDX-License-Identifier: MIT */
/*
 * Source: the JSON document that --credentials names. Reading the file and
 * looking at the clock are prepare.c's.
 */
#include "base/limits.h"
#include "codec/json.h"
#include "codec/timestamp.h"
#include "creds/plan.h"

extern const struct source source_document;

/* No value is ever quoted: `what` is a word of ours. */
static bool
refuse(struct error *err, const char *what, const char *why)
{
	return err_fail(err, ERR_DATA, STEP_CREDENTIALS,
	    "the whole output of postern creds, aws sts or aws sso",
	    "--credentials: %s %s", what, why);
}

/* A member's raw text, empty when it is not there; twice is refused. */
static bool
find(struct slice object, const char *name, struct slice *raw,
	struct error *err)
{
	*raw = slice_from(NULL, 0);
	return json_find(object, name, raw) || !raw->len ||
	    refuse(err, name, "stands there twice");
}

/* A string, decoded behind the document. */
static bool
read_text(struct slice object, const char *name, bool needed,
	struct buf *room, struct slice *text, struct error *err)
{
	size_t from = room->len;
	struct slice raw;

	if (!find(object, name, &raw, err))
		return false;
	if (raw.len && !json_string(raw, room))
		return refuse(err, name, "is no string");
	*text = slice_from(room->p + from, room->len - from);
	return text->len || !needed || refuse(err, name, "is missing");
}

/*
 * SSO counts milliseconds since 1970 (IAM Identity Center Portal API
 * Reference, RoleCredentials), everyone else writes RFC 3339.
 */
static bool
read_expiration(struct slice object, bool sso, struct buf *room,
	struct step_of_plan *step, struct error *err)
{
	static const char name[] = "Expiration";
	struct slice text = { NULL, 0 };
	uint64_t ms;

	if (sso) {
		if (!find(object, "expiration", &text, err))
			return false;
		step->expires_known = slice_to_u64(text, EXPIRATION_MAX_MS, &ms);
		step->expires_s = step->expires_known ? (int64_t)(ms / 1000) : 0;
	} else {
		if (!read_text(object, name, false, room, &text, err))
			return false;
		step->expires_known = timestamp_read_iso(text, &step->expires_s);
	}
	return step->expires_known || !text.len ||
	    refuse(err, name, "is no time");
}

static bool
read_keys(struct slice object, bool sso, struct buf *room,
	struct step_of_plan *step, struct error *err)
{
	return read_text(object, sso ? "accessKeyId" : "AccessKeyId", true,
	    room, &step->access_key_id, err) &&
	    read_text(object, sso ? "secretAccessKey" : "SecretAccessKey", true,
	    room, &step->secret_access_key, err) &&
	    read_text(object, sso ? "sessionToken" : "SessionToken",
	    slice_starts(step->access_key_id, "ASIA"), room,
	    &step->session_token, err) &&
	    read_expiration(object, sso, room, step, err);
}

/*
 * Of STS and of SSO an object inside; of a credential process all of it (AWS
 * SDKs and Tools Reference Guide, "Process credential provider").
 */
static bool
document_plan(const struct surroundings *around, struct plan *plan,
	struct error *err)
{
	struct buf *room = around->document;
	struct slice doc, sts, sso, flat, version;
	const char *why;

	if (!room)
		return true;
	doc = buf_slice(room);
	if (!json_check(doc, &why))
		return refuse(err, "not JSON:", why);
	if (!find(doc, "Credentials", &sts, err) ||
	    !find(doc, "roleCredentials", &sso, err) ||
	    !find(doc, "AccessKeyId", &flat, err) ||
	    !find(doc, "Version", &version, err))
		return false;
	if (!!sts.len + !!sso.len + !!flat.len > 1)
		return refuse(err, "more", "than one set of keys");
	if (version.len && !slice_is(version, "1"))
		return refuse(err, "Version", "is not 1");
	fmt_text(plan->origin, sizeof plan->origin, "--credentials");
	return read_keys(sts.len ? sts : sso.len ? sso : doc, sso.len > 0, room,
	    plan_add(plan, &source_document), err);
}

const struct source source_document = { "document", document_plan };
