/* SPDX-License-Identifier: MIT */
/*
 * What a careful person wants to see before they click: whose session it is,
 * what it may do, and until when.
 */
#ifndef POSTERN_SHOW_SUMMARY_H
#define POSTERN_SHOW_SUMMARY_H

#include "base/buf.h"

struct summary {
	const char *origin, *origin_note, *key_hint;
	const char *account, *arn;      /* empty when not known */
	const char *region;             /* of a default; empty when one was given */
	const char *signin_host;        /* in another's place; else empty */
	const char *may;                /* what the session may do */
	int64_t now_s, url_expires_s;
	bool session_expires_known;
	int64_t session_expires_s;
};

/* Append the lines, or one line when `brief`, without the leading "postern: ". */
void summary_put_keys(struct buf *b, const struct summary *s);
void summary_put_opens(struct buf *b, const struct summary *s);
void summary_put_link(struct buf *b, const struct summary *s);
void summary_put_brief(struct buf *b, const struct summary *s);

/* For keys that are handed on: which, whose, until when. */
void summary_put_handed(struct buf *b, const struct summary *s);

#endif
