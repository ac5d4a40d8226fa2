/* SPDX-License-Identifier: MIT */
/*
 * Keys that a host gives when it is asked, in one or more requests: which
 * requests, and what their answers mean. fetch.c carries them.
 */
#ifndef POSTERN_CREDS_INQUIRY_H
#define POSTERN_CREDS_INQUIRY_H

#include "aws/partition.h"
#include "codec/http1.h"
#include "codec/uri.h"
#include "creds/plan.h"

/* The state of one inquiry; stage is 0 before the first request. */
struct inquiry {
	struct plan *plan;
	struct buf *bearer;             /* secret: tokens to show */
	struct buf *room;               /* what base.take had; keys follow it */
	struct buf *save;               /* text for base.file; empty: leave it */
	int64_t now_s;                  /* seconds since 1970-01-01 UTC */
	int stage;                      /* of the source's own counting */
	bool wants_region;              /* nothing else names it */
	char region[REGION_MAX + 1];    /* answered; else empty */
	char role_name[SESSION_NAME_MAX + 1];   /* of instance metadata */
	/* Of the next request, set by write. */
	struct endpoint to;
	const char *method;
};

enum inquiry_end {
	INQUIRY_MORE,           /* write the next request */
	INQUIRY_KEYS,           /* the keys are in plan->base */
	INQUIRY_FAILED          /* err is set */
};

struct inquiry_kind {
	/* Write the next request. Fails with ERR_CONFIG or ERR_LIMIT. */
	bool (*write)(struct inquiry *q, struct buf *request,
		struct error *err);
	/* Read its answer, whatever the status. */
	enum inquiry_end (*read)(struct inquiry *q, const struct http1 *answer,
		struct error *err);
	/*
	 * No answer came, as `why` says in a clause; `connected`: though there
	 * was someone to ask. NULL: that is the end, as err tells it.
	 */
	enum inquiry_end (*missed)(struct inquiry *q, const char *why,
		bool connected, struct error *err);
	/* May an address be asked in the clear? NULL: loopback ones only. */
	bool (*may_ask)(const struct ip *ip);
	bool tells_region;      /* in inquiry.region, when it is wanted */
};

/* ---- for the sources ---- */

/* Take host, port and scheme of a URL; the rest of it is in `uri`. */
bool inquiry_set_endpoint(struct inquiry *q, struct slice url, struct uri *uri)
	__attribute__((warn_unused_result));

/*
 * Write a request with q->method for q->to, with one header of its own unless
 * `value` is empty. A body is JSON.
 */
bool inquiry_write(struct inquiry *q, struct buf *request, struct slice target,
	const char *header, struct slice value, struct slice body,
	struct error *err) __attribute__((warn_unused_result));

/* A status that brings no keys: ERR_DENIED, ERR_BUSY or ERR_NOCREDS. */
enum inquiry_end inquiry_refused(struct inquiry *q, const struct http1 *answer,
	const char *hint, struct error *err);

/*
 * Keys in a JSON answer of 200: those of metadata, or in the object `member`
 * those of SSO.
 */
enum inquiry_end inquiry_read_keys(struct inquiry *q,
	const struct http1 *answer, const char *member, const char *hint,
	struct error *err);

#endif
