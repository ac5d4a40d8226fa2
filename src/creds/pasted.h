/* SPDX-License-Identifier: MIT */
/*
 * What a person pastes as keys where it is no JSON: lines that set variables,
 * or a profile's section. Whose JSON it may be is for document.c.
 */
#ifndef POSTERN_CREDS_PASTED_H
#define POSTERN_CREDS_PASTED_H

#include "base/error.h"

/* What to give instead of a text that was refused. */
#define PASTED_HINT "the whole output of postern creds, aws sts or aws sso, " \
	"or lines such as export AWS_ACCESS_KEY_ID=…"

enum pasted_name {
	PASTED_KEY_ID,
	PASTED_SECRET,
	PASTED_TOKEN,
	PASTED_EXPIRATION,
	PASTED_NAMES
};

/* Values, empty where there is none: of the text, or decoded in the room. */
struct pasted {
	struct slice values[PASTED_NAMES];
};

/* The text without the byte order mark of editors and shells on Windows. */
struct slice pasted_text(struct slice text);

/* Is it meant as JSON? What only begins as an object is. */
bool pasted_is_json(struct slice text);

/*
 * Read lines of sh, fish, PowerShell, cmd or an ini section, in any order:
 *   export NAME=value   NAME='value'   set -gx NAME "value"
 *   $Env:NAME="value"   SET NAME=value   name = value
 * with several on a line, comments and blank lines. Names compare without
 * case; others than the four are passed over. Quoted values are appended to
 * `room`, which needs no more space than the text has bytes. Fails with
 * ERR_DATA on a line of another kind and on a name with two values, without a
 * word of what stands there. An empty value counts as unset.
 * Sources: POSIX XCU §2.2; fish `set`; PowerShell about_Environment_Variables;
 * AWS CLI Command Reference, configure export-credentials.
 */
bool pasted_read(struct pasted *keys, struct slice text, struct buf *room,
	struct error *err) __attribute__((warn_unused_result));

/*
 * Is nothing more to come after `text`? A JSON document then has its last
 * bracket; lines have a key id, a secret and, where its kind has one, a token,
 * and the last of them has its end. The rest of `text` up to its capacity is
 * used, and wiped.
 */
bool pasted_is_whole(struct buf *text);

#endif
