/* SPDX-License-Identifier: MIT */
/*
 * Shapes of AWS keys (IAM User Guide, "IAM identifiers": AKIA long-term, ASIA
 * temporary). Where keys come from is for plan.c.
 */
#include "creds/creds.h"

/* \w of the STS API Reference */
static bool
is_key_id(struct slice s)
{
	return s.len && slice_span_alnum(s, "_") == s.len;
}

static bool
is_secret(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7F || s.p[i] == '"' ||
		    s.p[i] == '\'')
			return false;
	return s.len > 0;
}

static bool
half_a_key(const char *have, const char *lack, const char *variable,
	const char *origin, struct error *err)
{
	err_set(err, ERR_NOCREDS, STEP_CREDENTIALS, "%s has %s but no %s",
	    origin, have, lack);
	return err_hint(err, "export %s=… too, or unset what is set of them",
	    variable);
}

static bool
copy_field(char *out, size_t cap, struct slice s, bool valid, const char *what,
	const char *origin, struct error *err)
{
	if (valid && copy_text(out, cap, s))
		return true;
	return err_fail(err, ERR_DATA, STEP_CREDENTIALS,
	    "copy it again, without quotes, blanks or line breaks",
	    s.len >= cap ?
	    "the %s of %s is longer than any of AWS's" :
	    "the %s of %s has a character that none has",
	    what, origin);
}

/* What the prefix says against what is there. */
static bool
check_kind(const struct creds *c, const char *origin, struct error *err)
{
	struct slice id = slice_of(c->access_key_id);

	if (slice_starts(id, "AKIA") && creds_temporary(c)) {
		return err_fail(err, ERR_KEYKIND, STEP_CREDENTIALS,
		    "unset AWS_SESSION_TOKEN AWS_SECURITY_TOKEN, or take the "
		    "ASIA… key of that token",
		    "%s has a long-term key (AKIA…) with another key's "
		    "session token", origin);
	}
	if (slice_starts(id, "ASIA") && !creds_temporary(c)) {
		return err_fail(err, ERR_NOCREDS, STEP_CREDENTIALS,
		    "export AWS_SESSION_TOKEN=… as it came with the key",
		    "%s has a temporary key (ASIA…) without its session token",
		    origin);
	}
	return true;
}

bool
creds_copy(struct creds *c, struct slice access_key_id,
	struct slice secret_access_key, struct slice session_token,
	const char *origin, struct error *err)
{
	if (!access_key_id.len && !secret_access_key.len)
		return err_fail(err, ERR_NOCREDS, STEP_CREDENTIALS,
		    "export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…, or other "
		    "settings of the profile", "%s has no keys", origin);
	if (!access_key_id.len)
		return half_a_key("a secret", "access key id",
		    "AWS_ACCESS_KEY_ID", origin, err);
	if (!secret_access_key.len)
		return half_a_key("an access key id", "secret access key",
		    "AWS_SECRET_ACCESS_KEY", origin, err);
	return copy_field(c->access_key_id, sizeof c->access_key_id,
	    access_key_id, is_key_id(access_key_id), "access key id", origin,
	    err) &&
	    copy_field(c->secret_access_key, sizeof c->secret_access_key,
	    secret_access_key, is_secret(secret_access_key),
	    "secret access key", origin, err) &&
	    copy_field(c->session_token, sizeof c->session_token,
	    session_token, session_token.len == 0 || is_secret(session_token),
	    "session token", origin, err);
}

bool
creds_load(struct creds *c, struct slice access_key_id,
	struct slice secret_access_key, struct slice session_token,
	const char *origin, struct error *err)
{
	return creds_copy(c, access_key_id, secret_access_key, session_token,
	    origin, err) && check_kind(c, origin, err);
}

void
creds_put_key_hint(struct buf *b, struct slice id)
{
	if (id.len < 12) {
		buf_puts(b, "…");
		return;
	}
	buf_put(b, id.p, 4);
	buf_puts(b, "…");
	buf_put(b, id.p + id.len - 4, 4);
}
