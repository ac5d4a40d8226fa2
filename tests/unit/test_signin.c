/* SPDX-License-Identifier: MIT */
/*
 * getSigninToken: the form byte for byte, every kind of answer, and the causes
 * that are left of a refusal.
 */
#include "test.h"

#include "codec/hex.h"
#include "crypto/hash.h"
#include "signin/signin.h"
#include "vectors.h"

static char request[8192], scratch[8192], token[SIGNIN_TOKEN_MAX + 1];
static struct error err;
static const struct endpoint host = { "eu-west-1.signin.aws.amazon.com", 443, true };

static struct slice
sha256(struct slice s)
{
	static char text[64];
	struct buf b = BUF_OVER(text);
	uint8_t hash[SHA256_LEN];

	hash_sha256(hash, s);
	hex_put(&b, hash, sizeof hash);
	return buf_slice(&b);
}

static struct creds
session(void)
{
	struct creds c = { 0 };

	copy_text(c.access_key_id, sizeof c.access_key_id,
	    slice_of("ASIAIOSFODNN7EXAMPLE"));
	copy_text(c.secret_access_key, sizeof c.secret_access_key,
	    slice_of(VECTOR_SECRET));
	copy_text(c.session_token, sizeof c.session_token, slice_of(VECTOR_TOKEN));
	return c;
}

static struct slice
write_request(int64_t duration_s, bool get)
{
	struct creds c = session();
	struct buf b = BUF_OVER(request), s = BUF_OVER(scratch);

	memset(&err, 0, sizeof err);
	YES(signin_write(&b, &c, duration_s, get, &host, &s, &err));
	return buf_slice(&b);
}

static struct slice
body_of(struct slice r)
{
	return slice_skip(r, slice_find(r, "\r\n\r\n") + 4);
}

TEST(signin_writes_a_form_that_holds_the_session)
{
	struct slice r = write_request(0, false), body = body_of(r);

	YES(slice_starts(r, "POST /federation HTTP/1.1\r\n"
	    "Host: eu-west-1.signin.aws.amazon.com\r\n"));
	HAS(r, "Content-Type: application/x-www-form-urlencoded\r\n");
	HAS(r, "Content-Length: 552\r\n");
	EQ(body.len, 552);
	YES(slice_starts(body, "Action=getSigninToken&Session=%7B%22sessionId%22"
	    "%3A%22ASIAIOSFODNN7EXAMPLE%22%2C%22sessionKey%22%3A%22wJalrXUtnFEMI"
	    "%2FK7MDENG%2BbPxRfiCYEXAMPLEKEY%22%2C%22sessionToken%22%3A%22AQo"));
	EQ_TEXT(sha256(body),
	    "05c8e9d101dcefa3c537cd1f169b92725efa2b09a1e8f163f024f58eddbc084a");
}

TEST(signin_writes_a_duration_when_there_is_one)
{
	struct slice body = body_of(write_request(43200, false));

	EQ(body.len, 574);
	HAS(body, "%22%7D&SessionDuration=43200");
	EQ_TEXT(sha256(body),
	    "8cfc1d23261fc938f46b82853cd36ea2d0ef843de54adec9ef2c0a77ba0dbae3");
}

TEST(signin_puts_keys_into_a_url_only_when_asked_to)
{
	struct slice r = write_request(0, true);

	YES(slice_starts(r, "GET /federation?Action=getSigninToken&Session=%7B%22"));
	EQ(body_of(r).len, 0);
	LACKS(r, "Content-Length");
	r = write_request(0, false);
	YES(slice_find(r, "ASIAIOSFODNN7EXAMPLE") > slice_find(r, "\r\n\r\n"));
}

TEST(signin_write_fails_when_a_buffer_is_full)
{
	struct creds c = session();
	struct buf b = edge_buf(600), s = BUF_OVER(scratch);

	memset(&err, 0, sizeof err);
	NO(signin_write(&b, &c, 0, false, &host, &s, &err));
	EQ(err.kind, ERR_LIMIT);
	buf_init(&b, request, sizeof request);
	s = edge_buf(500);
	memset(&err, 0, sizeof err);
	NO(signin_write(&b, &c, 0, false, &host, &s, &err));
	EQ(err.kind, ERR_LIMIT);
}

static enum signin_result
read_bytes(unsigned status, struct slice s)
{
	static struct http1 answer;

	memset(&answer, 0, sizeof answer);
	memset(&err, 0, sizeof err);
	memset(token, 'x', sizeof token);
	answer.status = status;
	copy_text(answer.location, sizeof answer.location,
	    slice_of("https://portal.example/?u=secret"));
	answer.body = (struct buf){ (char *)(uintptr_t)s.p, s.len, s.len, false };
	return signin_read(&answer, &host, token, &err);
}

static enum signin_result
read_answer(unsigned status, const char *body)
{
	return read_bytes(status, edge(body));
}

TEST(signin_reads_a_token)
{
	EQ(read_answer(200, "{\"SigninToken\":\"VCQgs5qZZt3Q6fn8Tr5_-\"}"), SIGNIN_OK);
	EQ_TEXT((const char *)token, "VCQgs5qZZt3Q6fn8Tr5_-");
	EQ(read_answer(200, " {\"a\":null,\"SigninToken\" : \"a&b=c+\\/%\"}\r\n"),
	    SIGNIN_OK);
	EQ_TEXT((const char *)token, "a&b=c+/%");
}

TEST(signin_takes_a_token_up_to_its_bound)
{
	static char body[SIGNIN_TOKEN_MAX + 64];

	for (size_t len = SIGNIN_TOKEN_MAX; len <= SIGNIN_TOKEN_MAX + 1; len++) {
		struct buf b = BUF_OVER(body);

		buf_puts(&b, "{\"SigninToken\":\"");
		for (size_t i = 0; i < len; i++)
			buf_putc(&b, 'a');
		buf_puts(&b, "\"}");
		EQ(read_bytes(200, edge_again(buf_slice(&b))),
		    len == SIGNIN_TOKEN_MAX ? SIGNIN_OK : SIGNIN_BAD);
	}
	EQ(err.kind, ERR_PROTOCOL);
	EQ(token[0], '\0');
}

TEST(signin_refuses_what_holds_no_one_token)
{
	static const char *const bad[] = {
		"", "{}", "[]", "null", "\"a\"", "{\"SigninToken\":null}",
		"{\"SigninToken\":5}", "{\"SigninToken\":[\"a\"]}",
		"{\"SigninToken\":{\"a\":\"b\"}}", "{\"SigninToken\":\"\"}",
		"{\"SigninToken\":true}", "{\"a\":{\"SigninToken\":\"b\"}}",
		"{\"a\":\"\\\"SigninToken\\\":\\\"b\\\"\"}", "{\"signintoken\":\"a\"}",
		"{\"SigninToken\":\"a\",\"SigninToken\":\"a\"}",
		"{\"SigninToken\":\"a\"", "{\"SigninToken\":\"a\"}x",
		"{\"SigninToken\":\"a\"}{}", "{\"SigninToken\":\"a\\u0000\"}",
		"{\"SigninToken\":\"a\\nb\"}", "{\"SigninToken\":\"a\\u007f\"}",
		"{\"SigninToken\":\"a\\ud800\"}", "{\"SigninToken\":\"a\nb\"}",
		"{\"SigninToken\":\"\xFF\"}", "<html>Sign in</html>",
		"{\"SigninToken\":'a'}", "SigninToken=a",
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		EQ(read_answer(200, bad[i]), SIGNIN_BAD);
		EQ(err.kind, ERR_PROTOCOL);
		EQ(err.step, STEP_SIGNIN);
		EQ(token[0], '\0');
	}
	EQ(read_bytes(200, EDGE("{\"SigninToken\":\"a\"}\0")), SIGNIN_BAD);
	EQ(read_answer(200, "<html>"), SIGNIN_BAD);
	HAS((const char *)err.what, "HTML");
	EQ(read_bytes(200, repeat("[", 10000)), SIGNIN_BAD);
}

TEST(signin_refuses_an_answer_cut_at_any_place)
{
	struct slice whole = edge("{\"SigninToken\":\"VCQgs5qZZt3Q6fn8Tr5\"}"), cut;

	EACH_CUT(whole, cut) {
		EQ(read_bytes(200, cut), SIGNIN_BAD);
		EQ(token[0], '\0');
	}
}

TEST(signin_reads_no_token_of_an_error)
{
	static const struct { unsigned status; enum signin_result result;
		enum err_kind kind; } cases[] = {
		{ 400, SIGNIN_REFUSED, ERR_NONE }, { 401, SIGNIN_BAD, ERR_DENIED },
		{ 403, SIGNIN_BAD, ERR_DENIED }, { 404, SIGNIN_BAD, ERR_DENIED },
		{ 405, SIGNIN_BAD, ERR_PROTOCOL }, { 501, SIGNIN_BAD, ERR_PROTOCOL },
		{ 429, SIGNIN_BAD, ERR_BUSY }, { 500, SIGNIN_BAD, ERR_BUSY },
		{ 503, SIGNIN_BAD, ERR_BUSY }, { 302, SIGNIN_BAD, ERR_PROTOCOL },
		{ 201, SIGNIN_BAD, ERR_PROTOCOL },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		EQ(read_answer(cases[i].status, "{\"SigninToken\":\"a\"}"),
		    cases[i].result);
		EQ(err.kind, cases[i].kind);
		EQ(token[0], '\0');
		if (cases[i].result == SIGNIN_BAD)
			YES(err.hint[0] != '\0');
	}
	EQ(read_answer(405, ""), SIGNIN_BAD);
	EQ_TEXT((const char *)err.again, "--signin-get");
	EQ(read_answer(302, ""), SIGNIN_BAD);
	HAS((const char *)err.what, "to portal.example,");
}

static void
causes(struct signin_facts facts)
{
	memset(&err, 0, sizeof err);
	facts.partition = partition_at(0);
	facts.status = 400;
	facts.request_id = "9d";
	NO(signin_explain(&facts, &err));
	EQ(err.kind, ERR_DENIED);
	EQ(err.step, STEP_SIGNIN);
	EQ_TEXT((const char *)err.request_id, "9d");
	YES(err.hint[0] != '\0');
}

TEST(signin_names_only_the_causes_that_are_left)
{
	causes((struct signin_facts){ .fresh = true });
	LACKS((const char *)err.what, "expired");
	LACKS((const char *)err.what, "duration");
	LACKS((const char *)err.what, "GetSessionToken");
	HAS((const char *)err.what, "which STS accepts");
	causes((struct signin_facts){ .region_given = true });
	HAS((const char *)err.what, "expired");
	HAS((const char *)err.what, "GetSessionToken");
	LACKS((const char *)err.what, "duration");
	LACKS((const char *)err.what, "STS accepts");
	LACKS((const char *)err.what, "partition");
	causes((struct signin_facts){ .region_given = false });
	HAS((const char *)err.what, "partition");
	HAS((const char *)err.hint, "--region");
	causes((struct signin_facts){ .duration_sent = true, .identity_known = true });
	HAS((const char *)err.what, "duration");
	LACKS((const char *)err.what, "expired");
	HAS((const char *)err.hint, "--duration");
}
