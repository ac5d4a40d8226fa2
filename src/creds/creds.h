/* SPDX-License-Identifier: MIT */
/*
 * The parcel that this room hands on: one set of AWS keys, and what kind they
 * are as far as that can be seen without asking AWS.
 */
#ifndef POSTERN_CREDS_CREDS_H
#define POSTERN_CREDS_CREDS_H

#include "base/error.h"
#include "base/limits.h"

/* Lies in the secret region; wiped with it. */
struct creds {
	char access_key_id[ACCESS_KEY_ID_MAX + 1];
	char secret_access_key[SECRET_KEY_MAX + 1];
	char session_token[SESSION_TOKEN_MAX + 1];      /* empty: long-term keys */
};

static inline bool
creds_temporary(const struct creds *c)
{
	return c->session_token[0] != '\0';
}

/*
 * Copy keys in and check their shape: half a set and characters that no key
 * has are refused. `origin` names the source in messages. No message quotes a
 * secret.
 */
bool creds_copy(struct creds *c, struct slice access_key_id,
	struct slice secret_access_key, struct slice session_token,
	const char *origin, struct error *err)
	__attribute__((warn_unused_result));

/*
 * The same for keys that a person holds: kinds that contradict each other
 * (AKIA with a token, ASIA without one) are refused, too.
 */
bool creds_load(struct creds *c, struct slice access_key_id,
	struct slice secret_access_key, struct slice session_token,
	const char *origin, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Append what may be shown of a key id: its first and last four characters.
 */
void creds_put_key_hint(struct buf *b, struct slice access_key_id);

#endif
