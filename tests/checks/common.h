/* SPDX-License-Identifier: MIT */
/*
 * What the check drivers share: one case in, one answer out, and three exit
 * codes. Memory is taken once and never given back; a driver lives for one
 * case.
 */
#ifndef POSTERN_CHECKS_COMMON_H
#define POSTERN_CHECKS_COMMON_H

#include "base/buf.h"
#include "codec/json.h"

#define CASE_MAX (4u << 20)     /* bytes of one case; more is refused */

enum verdict { ACCEPTED = 0, REFUSED = 1, BAD_USE = 2 };

/* Say why in one line on standard error, and end. */
_Noreturn void refuse(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
_Noreturn void bad_use(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Write the answer, whole and without a line end of its own. */
void answer(struct slice s);

/* Zeroed memory of exactly `size` bytes, so that ASan sees a byte too far. */
void *take(size_t size);

/* A buf over memory of its own; a driver's texts never outgrow CASE_MAX * 6. */
struct buf take_buf(size_t cap);

/* End with BAD_USE when an answer did not fit its buf. */
void must_fit(const struct buf *b);

/* All of standard input, in memory of exactly that length. */
struct slice case_bytes(void);

/* The same as a checked JSON object. */
struct slice case_object(void);

/*
 * Members of a case. What is absent or null answers false, or an empty text;
 * what is there and of another kind is bad use, and so is a needed text that
 * is absent.
 */
bool case_find(struct slice object, const char *name, struct slice *raw);
struct slice case_text(struct slice object, const char *name);
struct slice case_needed(struct slice object, const char *name);
bool case_flag(struct slice object, const char *name);
bool case_number(struct slice object, const char *name, int64_t *number);

/* A walk over a member that is an array (else: an object); empty when absent. */
struct json_walk case_walk(struct slice object, const char *name, bool array);

/* How many members or elements are left. */
size_t case_count(struct json_walk walk);

/* A raw JSON string decoded, and one that holds base64. */
struct slice case_string(struct slice raw);
struct slice case_base64(struct slice raw);

#endif
