/* SPDX-License-Identifier: MIT */
/*
 * The HTTP reader against RFC 9112, each answer read whole and byte by byte,
 * and the writer. What an answer means is for sts/ and signin/ to say.
 */
#include "test.h"

#include "codec/http1.h"

#define OK "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"
#define BODY_CAP 64

static char body[BODY_CAP];

/* Read `in` in pieces of `step` bytes, then the end of the connection. */
static enum read_result
read_pieces(struct http1 *r, const char *method, struct slice in, size_t step,
	bool clean)
{
	enum read_result result = READ_MORE;

	http1_init(r, method, body, sizeof body);
	while (in.len && result == READ_MORE) {
		size_t n = in.len < step ? in.len : step;

		result = http1_read(r, slice_from(in.p, n));
		in = slice_skip(in, n);
	}
	/* What is left behind an answer is counted to the byte. */
	if (result == READ_DONE)
		YES(r->unread < step);
	return result == READ_MORE ? http1_read_end(r, clean) : result;
}

/* Whole, byte by byte and in threes: all must come to the same. */
static enum read_result
read_all_ways(struct http1 *r, const char *method, struct slice in, bool clean)
{
	static const size_t steps[] = { 1, 3 };
	enum read_result whole;
	char first_body[BODY_CAP];

	for (size_t i = 0; i < COUNT(steps); i++) {
		static struct http1 other;
		enum read_result result;

		whole = read_pieces(r, method, in, in.len, clean);
		memcpy(first_body, body, sizeof body);
		result = read_pieces(&other, method, in, steps[i], clean);
		EQ(result, whole);
		EQ(other.status, r->status);
		/* How much of a bad body was taken is nobody's business. */
		if (whole == READ_BAD)
			EQ_TEXT(other.why, r->why);
		else
			EQ_TEXT(&other.body, slice_from(first_body, r->body.len));
	}
	return whole;
}

static void
accept_bytes(struct slice in, unsigned status, const char *text)
{
	struct http1 r;

	EQ(read_all_ways(&r, "POST", in, true), READ_DONE);
	EQ(r.status, status);
	EQ_TEXT(&r.body, text);
}

static void
accept(const char *in, unsigned status, const char *text)
{
	accept_bytes(edge(in), status, text);
}

static void
refuse_bytes(struct slice in, const char *why)
{
	struct http1 r;

	if (EQ(read_all_ways(&r, "POST", in, true), READ_BAD))
		EQ_TEXT(r.why, why);
}

static void
refuse(const char *in, const char *why)
{
	refuse_bytes(edge(in), why);
}

/* ---- framings that are right ---- */

TEST(http_reads_a_body_of_given_length)
{
	accept(OK "Content-Length: 5\r\n\r\nhello", 200, "hello");
	accept(OK "content-length:5\r\n\r\nhello", 200, "hello");
	accept(OK "CONTENT-LENGTH: \t 5 \t\r\n\r\nhello", 200, "hello");
	accept(OK "Content-Length: 0005\r\n\r\nhello", 200, "hello");
	accept(OK "Content-Length: 0\r\n\r\n", 200, "");
}

TEST(http_reads_a_chunked_body)
{
	accept(CHUNKED "5\r\nhello\r\n0\r\n\r\n", 200, "hello");
	accept(CHUNKED "1\r\nh\r\n4\r\nello\r\n0\r\n\r\n", 200, "hello");
	accept(CHUNKED "00a\r\n0123456789\r\n0A\r\n0123456789\r\n000\r\n\r\n",
	    200, "01234567890123456789");
	accept(CHUNKED "0\r\n\r\n", 200, "");
	accept(OK "transfer-encoding:CHUNKED\r\n\r\n1\r\na\r\n0\r\n\r\n", 200, "a");
}

TEST(http_drops_chunk_extensions_and_trailers)
{
	accept(CHUNKED "5;a=b;c=\"d e\"\r\nhello\r\n0;x\r\n\r\n", 200, "hello");
	accept(CHUNKED "5\r\nhello\r\n0\r\nX-Sum: 1\r\nContent-Length: 9\r\n\r\n",
	    200, "hello");
}

TEST(http_reads_a_body_that_ends_with_the_connection)
{
	accept(OK "\r\nhello", 200, "hello");
	accept("HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\nhello", 200,
	    "hello");
	accept(OK "\r\n", 200, "");
}

TEST(http_refuses_a_body_whose_end_was_not_announced)
{
	struct http1 r;

	EQ(read_all_ways(&r, "GET", EDGE(OK "\r\nhello"), false), READ_BAD);
	EQ_TEXT(r.why, "the answer is cut short");
	/* With a length the end is known, and nobody waits for it. */
	EQ(read_all_ways(&r, "GET", EDGE(OK "Content-Length: 1\r\n\r\na"), false),
	    READ_DONE);
}

TEST(http_is_done_at_the_last_byte_without_waiting_for_a_close)
{
	static const char *const whole[] = {
		OK "Content-Length: 2\r\n\r\nab", CHUNKED "1\r\na\r\n0\r\n\r\n",
		OK "Content-Length: 0\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n",
		"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
	};

	for (size_t i = 0; i < COUNT(whole); i++) {
		struct slice in = edge(whole[i]);
		struct http1 r;

		http1_init(&r, "POST", body, sizeof body);
		EQ(http1_read(&r, slice_from(in.p, in.len - 1)), READ_MORE);
		EQ(http1_read(&r, slice_skip(in, in.len - 1)), READ_DONE);
		EQ(http1_read_end(&r, false), READ_DONE);
	}
}

TEST(http_passes_over_interim_replies)
{
	accept("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n"
	    "Link: </a>\r\n\r\n" OK "Content-Length: 2\r\n\r\nab", 200, "ab");
	/* What an interim reply says of lengths is not the answer's. */
	accept("HTTP/1.1 100 Continue\r\nContent-Length: 9\r\n\r\n" OK
	    "Content-Length: 2\r\n\r\nab", 200, "ab");
}

TEST(http_takes_eight_interim_replies_and_no_more)
{
	char text[64 * (HTTP_INTERIM_MAX + 2)];

	for (size_t n = HTTP_INTERIM_MAX; n <= HTTP_INTERIM_MAX + 1; n++) {
		struct buf b = BUF_OVER(text);

		for (size_t i = 0; i < n; i++)
			buf_puts(&b, "HTTP/1.1 102 Processing\r\n\r\n");
		buf_puts(&b, OK "Content-Length: 1\r\n\r\na");
		if (n == HTTP_INTERIM_MAX)
			accept_bytes(edge_again(buf_slice(&b)), 200, "a");
		else
			refuse_bytes(edge_again(buf_slice(&b)),
			    "too many interim replies");
	}
	refuse("HTTP/1.1 100 Continue\r\n\r\n", "the answer is cut short");
	refuse("HTTP/1.1 101 Switching Protocols\r\n\r\n",
	    "switching protocols was not asked for");
}

TEST(http_knows_answers_that_have_no_body)
{
	struct http1 r;

	accept("HTTP/1.1 204 No Content\r\n\r\nrest", 204, "");
	accept("HTTP/1.1 304 Not Modified\r\nContent-Length: 999999\r\n\r\n", 304,
	    "");
	EQ(read_all_ways(&r, "HEAD", EDGE(OK "Content-Length: 5\r\n\r\n"), true),
	    READ_DONE);
	EQ(r.body.len, 0);
	EQ(read_all_ways(&r, "HEAD", EDGE(CHUNKED), true), READ_DONE);
}

/* Read as the answer to CONNECT; `unread` bytes of it are none of the answer's. */
static void
answer_connect(const char *in, unsigned status, size_t unread)
{
	struct slice whole = edge(in), tail;
	struct http1 r;

	EQ(read_all_ways(&r, "CONNECT", whole, false), READ_DONE);
	EQ(r.status, status);
	EQ(r.body.len, 0);
	/* Cut anywhere: the count is of the piece in which the answer ended. */
	for (size_t i = 0; i <= whole.len - unread; i++) {
		http1_init(&r, "CONNECT", body, sizeof body);
		if (i < whole.len - unread)
			EQ(http1_read(&r, slice_from(whole.p, i)), READ_MORE);
		tail = slice_skip(whole, i);
		if (i < whole.len - unread) {
			EQ(http1_read(&r, tail), READ_DONE);
			EQ(r.unread, unread);
		} else {
			EQ(http1_read(&r, slice_from(whole.p, i)), READ_DONE);
			EQ(r.unread, 0);
		}
	}
}

TEST(http_ends_the_answer_to_a_connect_with_its_header)
{
	answer_connect("HTTP/1.1 200 OK\r\n\r\n", 200, 0);
	answer_connect("HTTP/1.0 200 Connection established\r\n\r\n\x16\x03",
	    200, 2);
	answer_connect("HTTP/1.1 299 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 299, 19);
	answer_connect("HTTP/1.1 204 Tunnel\r\n\r\nx", 204, 1);
}

TEST(http_ignores_the_framing_of_an_answer_to_connect)
{
	answer_connect(OK "Content-Length: 99\r\n\r\n\x16", 200, 1);
	answer_connect(OK "Content-Length: -1\r\nContent-Length: x\r\n\r\n", 200, 0);
	answer_connect(OK "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "1", 200, 1);
	answer_connect(CHUNKED, 200, 0);
	answer_connect("HTTP/1.0 200 OK\r\nTransfer-Encoding: gzip\r\n"
	    "Content-Encoding: gzip\r\n\r\n", 200, 0);
}

TEST(http_reads_the_body_of_a_refused_connect)
{
	struct http1 r;

	EQ(read_all_ways(&r, "CONNECT", EDGE("HTTP/1.1 407 Login\r\n"
	    "Content-Length: 2\r\n\r\nno"), true), READ_DONE);
	EQ_TEXT(&r.body, "no");
	EQ(read_all_ways(&r, "CONNECT", EDGE("HTTP/1.1 407 Login\r\n"
	    "Content-Length: none\r\n\r\n"), true), READ_BAD);
}

TEST(http_passes_over_interim_answers_to_connect)
{
	answer_connect("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\n"
	    "Link: <x>\r\n\r\n" OK "\r\nab", 200, 2);
}

static void
refuse_connect(const char *in, const char *why)
{
	struct http1 r;

	if (EQ(read_all_ways(&r, "CONNECT", edge(in), true), READ_BAD))
		EQ_TEXT(r.why, why);
}

TEST(http_holds_an_answer_to_connect_to_all_other_rules)
{
	refuse_connect("", "the connection was closed before any answer");
	refuse_connect(OK, "the answer is cut short");
	refuse_connect(OK "A: b\n\r\n", "line ends without CR");
	refuse_connect(OK "A : b\r\n\r\n", "malformed header field");
	refuse_connect("HTTP/1.1 101 Switch\r\n\r\n" OK "\r\n",
	    "switching protocols was not asked for");
	refuse_connect("<html>\r\n", "status line is not HTTP/1.1's");
}

static void
challenge(const char *fields, bool asked, bool basic)
{
	char text[256];
	struct buf b = TEXT_OVER(text);
	struct http1 r;

	buf_puts(&b, "HTTP/1.1 407 Login\r\nContent-Length: 0\r\n");
	buf_puts(&b, fields);
	buf_puts(&b, "\r\n");
	EQ(read_all_ways(&r, "CONNECT", edge_bytes(b.p, b.len), true), READ_DONE);
	EQ(r.login_asked, asked);
	EQ(r.basic_offered, basic);
}

TEST(http_notes_whether_a_proxy_offers_basic)
{
	challenge("", false, false);
	challenge("WWW-Authenticate: Basic realm=\"x\"\r\n", false, false);
	challenge("Proxy-Authenticate: Basic realm=\"x\"\r\n", true, true);
	challenge("proxy-authenticate: Negotiate\r\nproxy-authenticate: NTLM\r\n",
	    true, false);
	challenge("Proxy-Authenticate: NTLM\r\nProxy-Authenticate:bASIC\r\n", true,
	    true);
	challenge("Proxy-Authenticate: Negotiate, Basic realm=x\r\n", true, true);
	challenge("Proxy-Authenticate: Basi\r\n", true, false);
	challenge("Proxy-Authenticate:\r\n", true, false);
}


TEST(http_leaves_what_follows_the_answer)
{
	accept(OK "Content-Length: 2\r\n\r\nabHTTP/1.1 500 X\r\n\r\n", 200, "ab");
	accept(CHUNKED "1\r\na\r\n0\r\n\r\ngarbage\x01", 200, "a");
}

TEST(http_keeps_the_headers_that_are_of_use)
{
	struct http1 r;

	EQ(read_all_ways(&r, "POST", EDGE("HTTP/1.1 302 Found\r\n"
	    "DATE:Sun, 30 Aug 2015 12:36:00 GMT\r\n"
	    "Location: \t https://portal.example/ \r\n"
	    "x-amzn-RequestId: 1-2-3\r\nContent-Type: text/xml\r\n"
	    "Content-Length: 0\r\n\r\n"), true), READ_DONE);
	EQ(r.status, 302);
	EQ_TEXT((const char *)r.date, "Sun, 30 Aug 2015 12:36:00 GMT");
	EQ_TEXT((const char *)r.location, "https://portal.example/");
	EQ_TEXT((const char *)r.request_id, "1-2-3");
	EQ_TEXT((const char *)r.content_type, "text/xml");
	EQ(read_all_ways(&r, "POST", EDGE(OK "x-amz-request-id: 4\r\n"
	    "Content-Length: 0\r\n\r\n"), true), READ_DONE);
	EQ_TEXT((const char *)r.request_id, "4");
}

TEST(http_keeps_no_header_of_an_interim_reply)
{
	struct http1 r;

	EQ(read_all_ways(&r, "POST", EDGE("HTTP/1.1 103 Early Hints\r\n"
	    "Content-Type: text/html\r\nDate: x\r\n\r\n" OK
	    "Content-Length: 0\r\n\r\n"), true), READ_DONE);
	EQ_TEXT((const char *)r.content_type, "");
	EQ_TEXT((const char *)r.date, "");
}

TEST(http_treats_a_kept_header_that_is_too_long_as_absent)
{
	struct http1 r;
	char text[1024];
	struct buf b = BUF_OVER(text);

	buf_puts(&b, OK "Content-Length: 0\r\nLocation: ");
	for (int i = 0; i < 600; i++)
		buf_putc(&b, 'a');
	buf_puts(&b, "\r\n\r\n");
	EQ(read_all_ways(&r, "POST", edge_again(buf_slice(&b)), true), READ_DONE);
	EQ_TEXT((const char *)r.location, "");
}

/* ---- may the connection be used again? ---- */

static void
keeps(const char *in, bool wanted)
{
	struct http1 r;

	EQ(read_all_ways(&r, "POST", edge(in), true), READ_DONE);
	EQ(r.keep_alive, wanted);
}

TEST(http_keeps_a_connection_as_the_version_and_its_options_say)
{
	keeps(OK "Content-Length: 1\r\n\r\na", true);
	keeps(CHUNKED "1\r\na\r\n0\r\n\r\n", true);
	keeps(OK "Connection: keep-alive\r\nContent-Length: 0\r\n\r\n", true);
	keeps(OK "Connection: upgrade, closed\r\nContent-Length: 0\r\n\r\n",
	    true);
	keeps(OK "Connection: close\r\nContent-Length: 0\r\n\r\n", false);
	keeps(OK "CONNECTION:CLOSE\r\nContent-Length: 0\r\n\r\n", false);
	keeps(OK "Connection: foo ,\tclose , bar\r\nContent-Length: 0\r\n\r\n",
	    false);
	keeps("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false);
	keeps("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n"
	    "Content-Length: 0\r\n\r\n", true);
}

TEST(http_keeps_no_connection_once_close_was_said)
{
	keeps(OK "Connection: close\r\nConnection: keep-alive\r\n"
	    "Content-Length: 0\r\n\r\n", false);
	keeps("HTTP/1.0 200 OK\r\nConnection: close, keep-alive\r\n"
	    "Content-Length: 0\r\n\r\n", false);
	keeps("HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\n" OK
	    "Content-Length: 0\r\n\r\n", false);
	/* What an HTTP/1.0 interim reply would keep, its answer does not. */
	keeps("HTTP/1.0 100 Continue\r\nConnection: keep-alive\r\n\r\n"
	    "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false);
}

TEST(http_keeps_no_connection_whose_end_ends_the_body)
{
	keeps(OK "\r\nhello", false);
	keeps(OK "Connection: keep-alive\r\n\r\nhello", false);
	/* Nor one whose body, if it has one all the same, is not read. */
	keeps("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", false);
	keeps("HTTP/1.1 304 Not Modified\r\n\r\n", false);
}

TEST(http_keeps_no_connection_on_which_more_came_than_the_answer)
{
	struct slice in = EDGE(OK "Content-Length: 2\r\n\r\nabc");
	struct http1 r;

	http1_init(&r, "POST", body, sizeof body);
	EQ(http1_read(&r, in), READ_DONE);
	NO(r.keep_alive);
	http1_init(&r, "POST", body, sizeof body);
	EQ(http1_read(&r, slice_from(in.p, in.len - 1)), READ_DONE);
	YES(r.keep_alive);
	EQ(http1_read(&r, slice_skip(in, in.len - 1)), READ_DONE);
	NO(r.keep_alive);
	/* Nor one that has ended. */
	http1_init(&r, "POST", body, sizeof body);
	EQ(http1_read(&r, slice_from(in.p, in.len - 1)), READ_DONE);
	EQ(http1_read_end(&r, true), READ_DONE);
	NO(r.keep_alive);
}

/* ---- framings that are wrong ---- */

TEST(http_refuses_lengths_that_are_no_plain_number)
{
	static const char *const bad[] = {
		"-1", "+5", "0x5", "five", "5a", "5 5", "", "5,5", "5, 6",
		"18446744073709551637", "1e1", "5;", "\"5\"", "5.0",
	};
	char text[128];

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct buf b = BUF_OVER(text);

		buf_puts(&b, OK "Content-Length: ");
		buf_puts(&b, bad[i]);
		buf_puts(&b, "\r\n\r\nhello");
		refuse_bytes(edge_again(buf_slice(&b)),
		    "Content-Length is not a number");
	}
}

TEST(http_refuses_a_second_length)
{
	refuse(OK "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
	    "Content-Length stands twice");
	refuse(OK "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
	    "Content-Length stands twice");
}

TEST(http_refuses_length_beside_chunked)
{
	refuse(OK "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "0\r\n\r\n", "Content-Length beside Transfer-Encoding");
	refuse(OK "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
	    "0\r\n\r\n", "Content-Length beside Transfer-Encoding");
}

TEST(http_refuses_other_transfer_codings)
{
	static const char *const bad[] = {
		"gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked",
		"identity", "", "xchunked", "chunked;q=1", "\"chunked\"",
		"chunked,", ",chunked", "chun ked",
	};
	char text[128];

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct buf b = BUF_OVER(text);

		buf_puts(&b, OK "Transfer-Encoding: ");
		buf_puts(&b, bad[i]);
		buf_puts(&b, "\r\n\r\n0\r\n\r\n");
		refuse_bytes(edge_again(buf_slice(&b)),
		    "Transfer-Encoding is not one \"chunked\"");
	}
	refuse(OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"
	    "\r\n0\r\n\r\n", "Transfer-Encoding is not one \"chunked\"");
	refuse("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	    "Transfer-Encoding is not one \"chunked\"");
	refuse(OK "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
	    "malformed header field");
}

TEST(http_refuses_content_coding_that_nobody_asked_for)
{
	refuse(OK "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\na",
	    "a content coding that nobody asked for");
	accept(OK "Content-Encoding: Identity\r\nContent-Length: 1\r\n\r\na", 200,
	    "a");
}

TEST(http_refuses_chunk_sizes_that_are_no_hexadecimal_number)
{
	static const char *const bad[] = {
		"-5", "+5", "0x5", "5_", "_5", " 5", "5 ", "5 ;a", "", "g", "5g",
		";a=b", "\t5",
	};
	char text[128];

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct buf b = BUF_OVER(text);

		buf_puts(&b, CHUNKED);
		buf_puts(&b, bad[i]);
		buf_puts(&b, "\r\nhello\r\n0\r\n\r\n");
		refuse_bytes(edge_again(buf_slice(&b)),
		    "chunk size is not a hexadecimal number");
	}
}

TEST(http_refuses_chunk_sizes_that_would_wrap)
{
	refuse(CHUNKED "100000005\r\nhello\r\n0\r\n\r\n",
	    "chunk is longer than we take");
	refuse(CHUNKED "10000000000000005\r\nhello\r\n0\r\n\r\n",
	    "chunk is longer than we take");
	refuse(CHUNKED "ffffffffffffffff\r\nhello\r\n0\r\n\r\n",
	    "chunk is longer than we take");
}

TEST(http_refuses_chunks_that_end_in_the_wrong_place)
{
	refuse(CHUNKED "4\r\nhello\r\n0\r\n\r\n",
	    "chunk does not end where it should");
	refuse(CHUNKED "5\r\nhello5\r\nhello\r\n0\r\n\r\n",
	    "chunk does not end where it should");
	refuse(CHUNKED "5\nhello\r\n0\r\n\r\n", "line ends without CR");
	refuse(CHUNKED "5\r\nhello\n0\r\n\r\n", "line ends without CR");
	refuse(CHUNKED "5\r\nhello\r\n0\r\n\n", "line ends without CR");
	refuse(CHUNKED "5;a\x01\r\nhello\r\n0\r\n\r\n",
	    "control character in a chunk extension");
}

TEST(http_bounds_chunk_extensions_and_trailers)
{
	char text[HTTP_TRAILERS_MAX + 512];

	for (size_t more = 0; more < 2; more++) {
		struct buf b = BUF_OVER(text);

		buf_puts(&b, CHUNKED "1;");
		for (size_t i = 1; i < HTTP_CHUNK_EXT_MAX + more; i++)
			buf_putc(&b, 'x');
		buf_puts(&b, "\r\na\r\n0\r\n\r\n");
		if (more)
			refuse_bytes(edge_again(buf_slice(&b)),
			    "chunk extension is too long");
		else
			accept_bytes(edge_again(buf_slice(&b)), 200, "a");
	}
	for (size_t more = 0; more < 2; more++) {
		struct buf b = BUF_OVER(text);

		buf_puts(&b, CHUNKED "0\r\nA:");
		for (size_t i = 0; i < HTTP_TRAILERS_MAX - 6 + more; i++)
			buf_putc(&b, 'x');
		buf_puts(&b, "\r\n\r\n");
		if (more)
			refuse_bytes(edge_again(buf_slice(&b)),
			    "trailers are too long");
		else
			accept_bytes(edge_again(buf_slice(&b)), 200, "");
	}
	refuse(CHUNKED "0\r\nno colon\r\n\r\n", "malformed header field");
}

TEST(http_refuses_malformed_header_fields)
{
	refuse(OK "no colon\r\n\r\n", "malformed header field");
	refuse(OK ": empty name\r\n\r\n", "malformed header field");
	refuse(OK "Name : blank\r\n\r\n", "malformed header field");
	refuse(OK " Leading: blank\r\n\r\n", "malformed header field");
	refuse(OK "A: b\r\n folded\r\n\r\n", "malformed header field");
	refuse(OK "A: b\r\n\tfolded\r\n\r\n", "malformed header field");
	refuse(OK "A(b): c\r\n\r\n", "malformed header field");
	refuse(OK "A\xC3\xA9: c\r\n\r\n", "malformed header field");
	refuse(OK "A: b\x01\r\n\r\n", "control character in a header field");
	refuse(OK "A: b\x7F\r\n\r\n", "control character in a header field");
	refuse_bytes(EDGE(OK "A: b\0c\r\n\r\n"),
	    "control character in a header field");
	refuse_bytes(EDGE(OK "A\0: b\r\n\r\n"), "malformed header field");
	accept(OK "A: b\tc \x80\xFF\r\nContent-Length: 0\r\n\r\n", 200, "");
}

TEST(http_refuses_bare_carriage_returns_and_line_feeds)
{
	refuse(OK "A: b\rC: d\r\n\r\n", "bare CR in a line");
	refuse(OK "A: b\r\r\n\r\n", "bare CR in a line");
	refuse(OK "A: b\nC: d\r\n\r\n", "line ends without CR");
	refuse("HTTP/1.1 200 OK\n\n", "line ends without CR");
	refuse("\r\n" OK "\r\n", "status line is not HTTP/1.1's");
}

TEST(http_refuses_at_the_first_byte_that_no_answer_has)
{
	static const char *const bad[] = {
		"h", "<", "\r", "\n", "HTTP/2", "HTTPS", "HT\n", "HTTP/1\r",
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct slice in = edge_again(slice_of(bad[i]));
		struct http1 r;

		http1_init(&r, "POST", body, sizeof body);
		if (in.len > 1)
			EQ(http1_read(&r, slice_from(in.p, in.len - 1)),
			    READ_MORE);
		EQ(http1_read(&r, slice_skip(in, in.len - 1)), READ_BAD);
		EQ_TEXT(r.why, "status line is not HTTP/1.1's");
	}
}

TEST(http_refuses_other_status_lines)
{
	static const char *const version[] = {
		"HTTP/0.9 200 OK", "HTTP/2 200 OK", "HTTP/2.0 200 OK",
		"HTTP/1.2 200 OK", "HTTP/1.10 200 OK", "ICY 200 OK",
		"http/1.1 200 OK", "HTTP/1.1\t200 OK", " HTTP/1.1 200 OK",
		"HTTPS/1.1 200 OK", "<html>", "HTTP/1.1",
	};
	static const char *const status[] = {
		"HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 +20 OK",
		"HTTP/1.1 -20 OK", "HTTP/1.1 2x0 OK", "HTTP/1.1  200 OK",
		"HTTP/1.1 200\tOK", "HTTP/1.1 200", "HTTP/1.1 099 OK",
		"HTTP/1.1 600 OK", "HTTP/1.1 999 OK", "HTTP/1.1 OK",
	};
	char text[128];

	for (size_t i = 0; i < COUNT(version) + COUNT(status); i++) {
		bool first = i < COUNT(version);
		struct buf b = BUF_OVER(text);

		buf_puts(&b, first ? version[i] : status[i - COUNT(version)]);
		buf_puts(&b, "\r\nContent-Length: 0\r\n\r\n");
		refuse_bytes(edge_again(buf_slice(&b)), first ?
		    "status line is not HTTP/1.1's" :
		    "status code is not three digits, 100 to 599");
	}
	refuse("HTTP/1.1 200 O\x1BK\r\n\r\n",
	    "control character in the status line");
	accept("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", 200, "");
	accept("HTTP/1.1 599 \xC3\xA9\tx\r\nContent-Length: 0\r\n\r\n", 599, "");
}

TEST(http_takes_a_body_up_to_its_bound_only)
{
	char text[512];

	for (size_t n = BODY_CAP; n <= BODY_CAP + 1; n++) {
		for (int framing = 0; framing < 3; framing++) {
			struct buf b = BUF_OVER(text);
			struct http1 r;

			buf_puts(&b, OK);
			if (framing == 0)
				buf_puts(&b, "Content-Length: ");
			if (framing == 0)
				buf_put_u64(&b, n);
			buf_puts(&b, framing == 1 ?
			    "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n" :
			    framing == 0 ? "\r\n\r\nx" : "\r\nx");
			if (framing == 1)       /* 63 or 64 more bytes */
				buf_puts(&b, n == BODY_CAP ? "3f\r\n" : "40\r\n");
			for (size_t i = 1; i < n; i++)
				buf_putc(&b, 'x');
			if (framing == 1)
				buf_puts(&b, "\r\n0\r\n\r\n");
			EQ(read_all_ways(&r, "POST", edge_again(buf_slice(&b)),
			    true), n == BODY_CAP ? READ_DONE : READ_BAD);
			if (n == BODY_CAP)
				EQ(r.body.len, BODY_CAP);
			else
				EQ_TEXT(r.why, "body is longer than we take");
		}
	}
}

/* A head with one field whose line has `len` bytes, and `fields` more. */
static struct slice
head(size_t len, size_t fields)
{
	size_t cap = 1024 + len + fields * 8;
	struct buf b = edge_buf(cap);

	buf_puts(&b, OK "Content-Length: 0\r\n");
	if (len) {
		buf_puts(&b, "A:");
		for (size_t i = 2; i < len; i++)
			buf_putc(&b, 'x');
		buf_puts(&b, "\r\n");
	}
	while (fields--)
		buf_puts(&b, "A: bcd\r\n");
	buf_puts(&b, "\r\n");
	return edge_bytes(b.p, b.len);
}

TEST(http_bounds_lines_fields_and_heads)
{
	/* The line's own CR counts, as it is stored before LF is seen. */
	accept_bytes(head(HTTP_LINE_MAX - 1, 0), 200, "");
	refuse_bytes(head(HTTP_LINE_MAX, 0), "line is longer than 16 KiB");
	refuse_bytes(head(1 << 20, 0), "line is longer than 16 KiB");
	accept_bytes(head(0, HTTP_FIELDS_MAX - 1), 200, "");
	refuse_bytes(head(0, HTTP_FIELDS_MAX), "more than 100 header fields");
	refuse_bytes(head(0, 10000), "more than 100 header fields");
	refuse_bytes(repeat(OK, 100000), "malformed header field");
}

TEST(http_bounds_the_head_as_a_whole)
{
	struct buf b = edge_buf(HTTP_HEAD_MAX + HTTP_LINE_MAX);

	buf_puts(&b, OK);
	for (int i = 0; i < 5; i++) {
		buf_puts(&b, "A:");
		for (size_t n = 2; n < HTTP_LINE_MAX - 10; n++)
			buf_putc(&b, 'x');
		buf_puts(&b, "\r\n");
	}
	refuse_bytes(edge_bytes(b.p, HTTP_HEAD_MAX + 1),
	    "header is longer than 64 KiB");
}

/* ---- cut and spoilt ---- */

static const char *const complete[] = {
	OK "Date: x\r\nContent-Length: 5\r\n\r\nhello",
	CHUNKED "5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nT: x\r\n\r\n",
	"HTTP/1.1 100 Continue\r\n\r\n" OK "Content-Length: 1\r\n\r\na",
};

TEST(http_refuses_an_answer_cut_at_any_place)
{
	for (size_t i = 0; i < COUNT(complete); i++) {
		struct slice whole = edge(complete[i]), cut;
		struct http1 r;

		EACH_CUT(whole, cut) {
			EQ(read_all_ways(&r, "POST", cut, true), READ_BAD);
			EQ_TEXT(r.why, cut.len ? "the answer is cut short" :
			    "the connection was closed before any answer");
			EQ(http1_started(&r), cut.len > 0);
		}
	}
}

TEST(http_reads_spoilt_answers_alike_in_any_pieces)
{
	for (size_t i = 0; i < COUNT(complete); i++) {
		struct slice whole = edge(complete[i]), bad;
		size_t refused = 0;
		struct http1 r;

		EACH_SPOILT(whole, bad)
			refused += read_all_ways(&r, "POST", bad, true) ==
			    READ_BAD;
		YES(refused > whole.len);
	}
}

TEST(http_stays_bad_once_it_is_bad)
{
	struct http1 r;

	http1_init(&r, "GET", body, sizeof body);
	NO(http1_started(&r));
	EQ(http1_read(&r, EDGE("HTTP/1.")), READ_MORE);
	YES(http1_started(&r));
	EQ(http1_read(&r, EDGE("9 200 OK\r\n")), READ_BAD);
	EQ(http1_read(&r, EDGE(OK "Content-Length: 0\r\n\r\n")), READ_BAD);
	EQ(http1_read_end(&r, true), READ_BAD);
	EQ_TEXT(r.why, "status line is not HTTP/1.1's");
}

/* ---- writing ---- */

TEST(http_hint_has_a_retry_after_made_printable)
{
	struct error err = { 0 };
	struct http1 r;

	read_pieces(&r, "GET", edge("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n"
	    "Retry-After: 5 \xC2\x9B" "2J\xE2\x80\xAE\xFF s\r\n\r\n"), 1, true);
	YES(http1_refuse(&r, STEP_STS, "STS", &err));
	EQ(err.kind, ERR_BUSY);
	HAS((const char *)err.hint, "time it asks for: 5 ?2J?? s");
	r.retry_after[0] = '\0';
	memset(&err, 0, sizeof err);
	YES(http1_refuse(&r, STEP_STS, "STS", &err));
	HAS((const char *)err.hint, "again in a minute");
}

TEST(http_writes_a_post_with_its_length)
{
	char text[512];
	struct buf b = BUF_OVER(text);

	http1_write(&b, &(struct http1_request){
		.method = "POST", .target = slice_of("/federation"),
		.host = slice_of("signin.aws.amazon.com"),
		.headers = slice_of("X-A: b\r\n"), .body = slice_of("a=1&b"),
	});
	EQ_TEXT(&b, "POST /federation HTTP/1.1\r\nHost: signin.aws.amazon.com\r\n"
	    "User-Agent: postern/" POSTERN_VERSION "\r\n"
	    "Accept-Encoding: identity\r\nX-A: b\r\n"
	    "Content-Length: 5\r\n\r\na=1&b");
}

TEST(http_writes_a_get_without_length)
{
	char text[512];
	struct buf b = BUF_OVER(text);

	http1_write(&b, &(struct http1_request){
		.method = "GET", .target = slice_of("/?a"), .host = slice_of("h:8443"),
	});
	EQ_TEXT(&b, "GET /?a HTTP/1.1\r\nHost: h:8443\r\nUser-Agent: postern/"
	    POSTERN_VERSION "\r\nAccept-Encoding: identity\r\n\r\n");
}
