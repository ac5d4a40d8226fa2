/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a time in three forms and as eight bytes of seconds: what is
 * written is read back, and what is read is written back.
 */
#include "fuzz.h"

#include "codec/timestamp.h"

#define YEAR_1    (-62135596800)        /* 0001-01-01T00:00:00Z */
#define YEAR_9999 253402300799          /* 9999-12-31T23:59:59Z */

static void
check_instant(int64_t t)
{
	char text[64];
	struct buf b = BUF_OVER(text);
	int64_t back;

	timestamp_put_iso(&b, t);
	MUST(!b.full);
	if (t < YEAR_1 || t > YEAR_9999)
		return;
	MUST(b.len == 20 && timestamp_read_iso(buf_slice(&b), &back));
	MUST(back == t);
	b.len = 0;
	timestamp_put_amz(&b, t);
	MUST(b.len == 16 && timestamp_read_amz(buf_slice(&b), &back));
	MUST(back == t);
	b.len = 0;
	timestamp_put_clock(&b, t, t);
	MUST(b.len == 9);
	b.len = 0;
	timestamp_put_span(&b, t);
	MUST(b.len > 1 && !b.full);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = input_slice(data, size);
	char text[64];
	struct buf b = BUF_OVER(text);
	int64_t t;

	if (timestamp_read_iso(in, &t))
		check_instant(t);
	if (timestamp_read_http(in, &t))
		check_instant(t);
	if (timestamp_read_amz(in, &t)) {
		check_instant(t);
		timestamp_put_amz(&b, t);
		/* A leap second is the next minute's first. */
		MUST(slice_eq(buf_slice(&b), in) || in.p[13] == '6');
	}
	if (size >= sizeof t) {
		memcpy(&t, data, sizeof t);
		check_instant(t % (2 * YEAR_9999));
	}
	return 0;
}
