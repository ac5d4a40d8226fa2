/* SPDX-License-Identifier: MIT */
/*
 * A small printf for sentences meant for people. Wire formats are built from
 * escaped pieces instead (buf_puts, uri_put_encoded, json_put_string).
 */
#ifndef POSTERN_BASE_FMT_H
#define POSTERN_BASE_FMT_H

#include <stdarg.h>

#include "base/buf.h"

/*
 * Append formatted text: %s %.*s %d %u %zu %c %% only. A NULL string prints
 * as nothing.
 */
void buf_fmt(struct buf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buf_vfmt(struct buf *b, const char *format, va_list ap)
	__attribute__((format(printf, 2, 0)));

/*
 * The same into a NUL-terminated array. Text that does not fit is cut at a
 * character boundary and ends in "...": for sentences, where cut and marked
 * is better than nothing. `cap` is at least 4 and at most 2048.
 */
void fmt_text(char *out, size_t cap, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void fmt_vtext(char *out, size_t cap, const char *format, va_list ap)
	__attribute__((format(printf, 3, 0)));

#endif
