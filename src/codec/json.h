/* SPDX-License-Identifier: MIT */
/*
 * A strict JSON reader (RFC 8259) over borrowed text, and the pieces to write
 * JSON. Codec readers do not know which step they serve: they say why in one
 * clause, and the room above makes it an error.
 */
#ifndef POSTERN_CODEC_JSON_H
#define POSTERN_CODEC_JSON_H

#include "base/buf.h"

/*
 * Check a whole document: UTF-8, grammar, nothing after it, depth of at most
 * JSON_DEPTH_MAX. Only a checked document may be handed to the functions
 * below.
 */
bool json_check(struct slice doc, const char **why)
	__attribute__((warn_unused_result));

/*
 * The raw text of a member of an object; `name` is compared after decoding.
 * Fails when `object` is not an object, has no such member, or has it twice
 * (RFC 8259 §4 leaves doubled names open; a credential must not be open).
 */
bool json_find(struct slice object, const char *name, struct slice *raw)
	__attribute__((warn_unused_result));

/* A walk over the members of an object or the elements of an array. */
struct json_walk {
	struct slice rest;
	bool object;
};

/* Fails when the raw value is neither object nor array. */
bool json_walk_begin(struct json_walk *walk, struct slice raw)
	__attribute__((warn_unused_result));

/*
 * The next member or element; false at the end. `name` is the raw string with
 * its quotes, empty for elements.
 */
bool json_walk_next(struct json_walk *walk, struct slice *name,
	struct slice *raw);

/*
 * Append the decoded text of a raw string. Fails on other kinds of value, and
 * on \u0000 and lone surrogates, which no text for us has.
 */
bool json_string(struct slice raw, struct buf *out)
	__attribute__((warn_unused_result));

/*
 * Append a quoted string. Bytes that are not UTF-8 become U+FFFD, so the
 * result is always valid.
 */
void json_put_string(struct buf *b, struct slice s);

/* Append `"name":` with a comma before it unless it opens the object. */
void json_put_name(struct buf *b, const char *name);

#endif
