/* SPDX-License-Identifier: MIT */
/*
 * Instants as seconds since 1970-01-01 UTC (int64_t), without leap seconds,
 * and the texts that AWS and HTTP write them in.
 */
#ifndef POSTERN_CODEC_TIMESTAMP_H
#define POSTERN_CODEC_TIMESTAMP_H

#include "base/buf.h"

#define DAY_S 86400

/* 20150830T123600Z, X-Amz-Date (IAM User Guide, "Elements of an AWS API request signature") */
void timestamp_put_amz(struct buf *b, int64_t t);
bool timestamp_read_amz(struct slice s, int64_t *t);

/* 20150830 */
void timestamp_put_day(struct buf *b, int64_t t);

/* 2015-08-30T12:36:00Z (RFC 3339) */
void timestamp_put_iso(struct buf *b, int64_t t);

/* 15:42 UTC, or 2015-08-30 15:42 UTC when that is not the day of `now` */
void timestamp_put_clock(struct buf *b, int64_t t, int64_t now);

/*
 * RFC 3339 with seconds optional, a fraction dropped, and "Z" or an offset
 * required: a time without one would mean the host's zone.
 */
bool timestamp_read_iso(struct slice s, int64_t *t);

/* Sun, 30 Aug 2015 12:36:00 GMT (RFC 9110 §5.6.7, IMF-fixdate only) */
bool timestamp_read_http(struct slice s, int64_t *t);

/* A length of time for people: 15m, 1h, 1h30m, 3605s. */
void timestamp_put_span(struct buf *b, int64_t seconds);

#endif
