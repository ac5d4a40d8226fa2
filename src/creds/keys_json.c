/* SPDX-License-Identifier: MIT */
/*
 * One table of member names, one reader. Values go nowhere but into the room
 * that the caller wipes.
 */
#include "creds/keys_json.h"

#include "base/limits.h"
#include "codec/json.h"
#include "codec/timestamp.h"

static const struct {
	char id[12], secret[16], token[13], end[11];
	bool milliseconds;              /* since 1970; else RFC 3339 */
} spellings[] = {
	[KEYS_OF_STS] = {
		"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", false
	},
	[KEYS_OF_METADATA] = {
		"AccessKeyId", "SecretAccessKey", "Token", "Expiration", false
	},
	[KEYS_OF_SSO] = {
		"accessKeyId", "secretAccessKey", "sessionToken", "expiration", true
	},
	[KEYS_OF_LOGIN] = {
		"accessKeyId", "secretAccessKey", "sessionToken", "expiresAt", false
	},
};

bool
keys_refuse(const struct keys_origin *origin, const char *what,
	const char *why, struct error *err)
{
	return err_fail(err, origin->kind, STEP_CREDENTIALS, origin->hint,
	    "%s: %s %s", origin->whose, what, why);
}

bool
keys_find(const struct keys_origin *origin, struct slice object,
	const char *name, struct slice *raw, struct error *err)
{
	*raw = slice_from(NULL, 0);
	if (!json_find(object, name, raw) && raw->len)
		return keys_refuse(origin, name, "stands there twice", err);
	if (slice_is(*raw, "null"))
		raw->len = 0;
	return true;
}

bool
keys_text(const struct keys_origin *origin, struct slice object,
	const char *name, bool needed, struct buf *room, struct slice *text,
	struct error *err)
{
	size_t from = room->len;
	struct slice raw;

	if (!keys_find(origin, object, name, &raw, err))
		return false;
	if (raw.len && !json_string(raw, room))
		return keys_refuse(origin, name, "is no string", err);
	*text = slice_from(room->p + from, room->len - from);
	return text->len || !needed || keys_refuse(origin, name, "is missing", err);
}

static bool
read_end(const struct keys_origin *origin, enum keys_spelling spelling,
	struct slice object, struct buf *room, struct step_of_plan *step,
	struct error *err)
{
	const char *name = spellings[spelling].end;
	struct slice text = { NULL, 0 };
	uint64_t ms;

	if (spellings[spelling].milliseconds) {
		if (!keys_find(origin, object, name, &text, err))
			return false;
		step->expires_known = slice_to_u64(text, EXPIRATION_MAX_MS, &ms);
		step->expires_s = step->expires_known ? (int64_t)(ms / 1000) : 0;
	} else {
		if (!keys_text(origin, object, name, false, room, &text, err))
			return false;
		step->expires_known = timestamp_read_iso(text, &step->expires_s);
	}
	return step->expires_known || !text.len ||
	    keys_refuse(origin, name, "is no time", err);
}

bool
keys_read(const struct keys_origin *origin, enum keys_spelling spelling,
	struct slice object, struct buf *room, struct step_of_plan *step,
	struct error *err)
{
	return keys_text(origin, object, spellings[spelling].id, true, room,
	    &step->access_key_id, err) &&
	    keys_text(origin, object, spellings[spelling].secret, true, room,
	    &step->secret_access_key, err) &&
	    keys_text(origin, object, spellings[spelling].token,
	    spelling != KEYS_OF_STS ||
	    slice_starts(step->access_key_id, "ASIA"), room,
	    &step->session_token, err) &&
	    read_end(origin, spelling, object, room, step, err);
}

bool
keys_take_bearer(const struct plan *plan, struct slice text,
	struct buf *bearer, const char *hint, struct error *err)
{
	const char *why = NULL;

	if (text.len && text.p[text.len - 1] == '\n')
		text.len--;
	if (text.len && text.p[text.len - 1] == '\r')
		text.len--;
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] < ' ' || text.p[i] > '~')
			why = "has a line end or other control character in it";
	if (!text.len)
		why = "is empty";
	buf_put_slice(bearer, text);
	if (bearer->full)
		why = "is too long";
	return !why || err_fail(err, ERR_DATA, STEP_CREDENTIALS,
	    hint, "the token of %s %s", plan->origin, why);
}
