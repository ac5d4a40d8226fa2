/* SPDX-License-Identifier: MIT */
/*
 * check http METHOD: reads what a server sent until it closed, and answers with
 * the status line's number and the body. The bytes are also fed one by one: how
 * a network cuts them must make no difference.
 */
#include "common.h"

#include "codec/http1.h"

/* Reads `sent` in pieces of `step` bytes; false when it is refused. */
static bool
read_answer(struct http1 *r, const char *method, struct slice sent, size_t step)
{
	enum read_result result = READ_MORE;

	http1_init(r, method, take(HTTP_BODY_MAX), HTTP_BODY_MAX);
	while (sent.len && result == READ_MORE) {
		size_t n = step < sent.len ? step : sent.len;

		result = http1_read(r, slice_from(sent.p, n));
		sent = slice_skip(sent, n);
	}
	if (result == READ_MORE)
		result = http1_read_end(r, true);
	return result == READ_DONE;
}

int
main(int argc, char **argv)
{
	static struct http1 whole, pieces;
	struct slice sent;
	struct buf out = take_buf(HTTP_BODY_MAX + 16);
	bool ok;

	if (argc != 2)
		bad_use("usage: http METHOD <REPLY");
	sent = case_bytes();
	ok = read_answer(&whole, argv[1], sent, sent.len);
	if (read_answer(&pieces, argv[1], sent, 1) != ok || (ok &&
	    (whole.status != pieces.status ||
	    !slice_eq(buf_slice(&whole.body), buf_slice(&pieces.body)))))
		refuse("byte by byte it reads otherwise than whole");
	if (!ok)
		refuse("%s", whole.why);
	buf_put_u64(&out, whole.status);
	buf_putc(&out, '\n');
	buf_put_slice(&out, buf_slice(&whole.body));
	must_fit(&out);
	answer(buf_slice(&out));
	return ACCEPTED;
}
