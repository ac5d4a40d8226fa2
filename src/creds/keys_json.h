/* SPDX-License-Identifier: MIT */
/*
 * Keys as the different sources write them in JSON, and tokens that are shown
 * for keys.
 */
#ifndef POSTERN_CREDS_KEYS_JSON_H
#define POSTERN_CREDS_KEYS_JSON_H

#include "creds/plan.h"

enum keys_spelling {
	KEYS_OF_STS,            /* and of credential processes */
	KEYS_OF_METADATA,       /* of containers and instances */
	KEYS_OF_SSO,            /* IAM Identity Center Portal API Reference, RoleCredentials */
	KEYS_OF_LOGIN           /* of the cache of aws login */
};

/* For messages: whose keys they are, and what to do when they are malformed. */
struct keys_origin {
	enum err_kind kind;
	const char *whose;
	const char *hint;
};

/* Fail with "WHOSE: WHAT WHY". No value is quoted: `what` is a word of ours. */
bool keys_refuse(const struct keys_origin *origin, const char *what,
	const char *why, struct error *err);

/*
 * The raw text of a member of a checked object, empty when it is not there or
 * null. Twice is refused.
 */
bool keys_find(const struct keys_origin *origin, struct slice object,
	const char *name, struct slice *raw, struct error *err)
	__attribute__((warn_unused_result));

/* A string member, decoded into `room`; empty when absent and not needed. */
bool keys_text(const struct keys_origin *origin, struct slice object,
	const char *name, bool needed, struct buf *room, struct slice *text,
	struct error *err) __attribute__((warn_unused_result));

/*
 * Keys out of a checked object into `step`, decoded into `room`. All but those
 * of STS and of processes must have a token.
 */
bool keys_read(const struct keys_origin *origin, enum keys_spelling spelling,
	struct slice object, struct buf *room, struct step_of_plan *step,
	struct error *err) __attribute__((warn_unused_result));

/*
 * A token that stands alone in a file or variable, as it is but for one line
 * end: into `bearer`. Control characters are refused, since it goes into a
 * header. `hint` says where it should be mended.
 */
bool keys_take_bearer(const struct plan *plan, struct slice text,
	struct buf *bearer, const char *hint, struct error *err)
	__attribute__((warn_unused_result));

#endif
