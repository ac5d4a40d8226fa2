/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an HTTP answer: whole, byte by byte and in pieces of a length
 * that the first byte chooses, the reader must come to the same result.
 */
#include "fuzz.h"

#include "codec/http1.h"

struct reading {
	struct http1 http;
	char body[512];
	enum read_result result;
	size_t used;            /* bytes given until it was done or bad */
};

static void
read_pieces(struct reading *r, const char *method, struct slice in, size_t step,
	bool clean)
{
	struct slice rest = in;

	http1_init(&r->http, method, r->body, sizeof r->body);
	r->result = READ_MORE;
	while (rest.len && r->result == READ_MORE) {
		size_t n = rest.len < step ? rest.len : step;

		r->result = http1_read(&r->http, slice_from(rest.p, n));
		rest = slice_skip(rest, n);
	}
	r->used = in.len - rest.len;
	if (r->result == READ_MORE)
		r->result = http1_read_end(&r->http, clean);
	MUST(r->result != READ_MORE);
	MUST((r->result == READ_BAD) == (r->http.why != NULL));
	MUST(r->http.body.len <= sizeof r->body);
	if (r->result != READ_DONE)
		return;
	MUST(r->http.status >= 200 && r->http.status <= 599);
	/* Another answer may only follow one whose end was counted. */
	if (r->http.keep_alive)
		MUST((r->http.has_length || r->http.chunked) && !r->http.close);
}

static void
compare(const struct reading *a, const struct reading *b)
{
	MUST(a->result == b->result);
	MUST(a->http.status == b->http.status);
	MUST(strcmp(a->http.request_id, b->http.request_id) == 0);
	MUST(strcmp(a->http.location, b->http.location) == 0);
	if (a->result == READ_BAD)
		MUST(a->http.why == b->http.why);
	else
		MUST(slice_eq(buf_slice(&a->http.body),
		    buf_slice(&b->http.body)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const methods[] = { "POST", "GET", "HEAD", "CONNECT" };
	static struct reading whole, single, other;
	struct slice in = input_slice(data, size);
	const char *method;
	bool clean;

	if (in.len == 0)
		return 0;
	/* An answer starts with 'H': that is a POST on a clean connection. */
	method = methods[(in.p[0] ^ 'H') & 3];
	clean = ((in.p[0] ^ 'H') & 4) == 0;
	if (in.p[0] != 'H')
		in = slice_skip(in, 1);
	read_pieces(&whole, method, in, in.len, clean);
	read_pieces(&single, method, in, 1, clean);
	read_pieces(&other, method, in, 2 + data[0] % 61, clean);
	compare(&whole, &single);
	compare(&whole, &other);
	if (whole.result == READ_DONE)
		MUST(whole.http.unread == in.len - single.used);
	/* It was done at the last byte that it needed: without it, it is not. */
	if (single.result == READ_DONE &&
	    single.http.state == HTTP1_COMPLETE && single.used > 0 && !clean) {
		read_pieces(&other, method, slice_from(in.p, single.used - 1), 1,
		    false);
		MUST(other.result == READ_BAD);
	}
	return 0;
}
