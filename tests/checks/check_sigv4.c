/* SPDX-License-Identifier: MIT */
/*
 * check sigv4: signs the request of a case and answers with every stage on the
 * way. What Postern never signs is bad use: paths that would need normalising,
 * a header given twice, header values of several lines.
 */
#include "common.h"

#include "codec/hex.h"
#include "codec/timestamp.h"
#include "codec/uri.h"
#include "sts/sigv4.h"

#define EXPIRES_DEFAULT "3600"  /* botocore's */

struct job {
	struct slice object;
	struct sigv4_request request;
	struct sigv4_scope scope;
	struct sigv4_pair query[SIGV4_PAIRS_MAX], headers[SIGV4_PAIRS_MAX];
	struct slice access_key, secret_key, session_token, time, host;
	struct slice expires;
	bool presign;
};

/* "." and ".." as a segment, and two slashes in a row, call for normalising. */
static void
check_path(struct slice path)
{
	if (path.len == 0 || path.p[0] != '/')
		bad_use("the path does not start with '/'");
	while (path.len) {
		size_t end;
		struct slice segment;

		path = slice_skip(path, 1);
		end = slice_find_char(path, '/');
		segment = slice_from(path.p, end);
		if (slice_is(segment, ".") || slice_is(segment, "..") ||
		    (end == 0 && path.len))
			bad_use("the path is not normalised");
		path = slice_skip(path, end);
	}
}

static size_t
add(struct sigv4_pair *pairs, size_t n, struct slice name, struct slice value)
{
	if (n == SIGV4_PAIRS_MAX)
		bad_use("more than %d headers or parameters", SIGV4_PAIRS_MAX);
	pairs[n] = (struct sigv4_pair){ name, value };
	return n + 1;
}

/* [[name, value], ...] */
static size_t
read_pairs(struct slice object, const char *member, struct sigv4_pair *pairs)
{
	struct json_walk walk = case_walk(object, member, true), pair;
	struct slice none, raw, name, value;
	size_t n = 0;

	while (json_walk_next(&walk, &none, &raw)) {
		if (!json_walk_begin(&pair, raw) || pair.object ||
		    case_count(pair) != 2 ||
		    !json_walk_next(&pair, &none, &name) ||
		    !json_walk_next(&pair, &none, &value))
			bad_use("\"%s\" is no list of pairs", member);
		n = add(pairs, n, case_string(name), case_string(value));
	}
	return n;
}

static void
check_headers(const struct sigv4_pair *headers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct slice value = headers[i].value;

		if (headers[i].name.len == 0)
			bad_use("a header without a name");
		for (size_t j = 0; j < i; j++)
			if (slice_ieq(headers[i].name, headers[j].name))
				bad_use("a header stands twice");
		for (size_t j = 0; j < value.len; j++)
			if ((unsigned char)value.p[j] < ' ' && value.p[j] != '\t')
				bad_use("a header of several lines");
	}
}

static struct slice
header(const struct job *job, const char *name)
{
	for (size_t i = 0; i < job->request.headers_n; i++)
		if (slice_ieq(job->headers[i].name, slice_of(name)))
			return job->headers[i].value;
	return slice_from(NULL, 0);
}

/* One that a case may hold already, if it is the same. */
static void
add_header(struct job *job, const char *name, struct slice value)
{
	struct slice given = header(job, name);

	if (given.len && !slice_eq(given, value))
		bad_use("the case has another %s", name);
	if (!given.len)
		job->request.headers_n = add(job->headers,
		    job->request.headers_n, slice_of(name), value);
}

static void
add_parameter(struct job *job, const char *name, struct slice value)
{
	job->request.query_n = add(job->query, job->request.query_n,
	    slice_of(name), value);
}

static void
read_job(struct job *job)
{
	struct slice o = job->object, raw, form = case_needed(o, "form");
	struct buf method = take_buf(32);

	job->presign = slice_is(form, "query");
	if (!job->presign && !slice_is(form, "header"))
		bad_use("\"form\" is neither \"header\" nor \"query\"");
	buf_put_slice(&method, case_needed(o, "method"));
	buf_putc(&method, '\0');
	must_fit(&method);
	job->request.method = method.p;
	job->request.path = case_needed(o, "path");
	job->request.query = job->query;
	job->request.query_n = read_pairs(o, "query", job->query);
	job->request.headers = job->headers;
	job->request.headers_n = read_pairs(o, "headers", job->headers);
	if (case_find(o, "body_b64", &raw))
		job->request.body = case_base64(raw);
	job->scope.region = case_needed(o, "region");
	job->scope.service = case_needed(o, "service");
	job->access_key = case_needed(o, "access_key");
	job->secret_key = case_needed(o, "secret_key");
	job->session_token = case_text(o, "session_token");
	job->time = case_needed(o, "time");
	if (!timestamp_read_amz(job->time, &job->scope.now))
		bad_use("\"time\" is not YYYYMMDDTHHMMSSZ");
	if (job->secret_key.len > SECRET_KEY_MAX)
		bad_use("the secret key is longer than %d bytes", SECRET_KEY_MAX);
	job->expires = slice_of(EXPIRES_DEFAULT);
	if (case_find(o, "expires", &raw))
		job->expires = raw.p[0] == '"' ? case_string(raw) : raw;
	check_path(job->request.path);
	check_headers(job->headers, job->request.headers_n);
	job->host = header(job, "host");
	if (!job->host.len)
		bad_use("the case has no host header");
}

static void
prepare_header_form(struct job *job)
{
	add_header(job, "x-amz-date", job->time);
	if (job->session_token.len)
		add_header(job, "x-amz-security-token", job->session_token);
}

/* The order of botocore; the signature comes last. */
static void
prepare_query_form(struct job *job)
{
	struct buf credential = take_buf(job->access_key.len +
	    job->scope.region.len + job->scope.service.len + 64);
	struct buf names = take_buf(CASE_MAX);

	buf_put_slice(&credential, job->access_key);
	buf_putc(&credential, '/');
	sigv4_put_scope(&credential, &job->scope);
	sigv4_put_signed_headers(&names, &job->request);
	must_fit(&credential);
	add_parameter(job, "X-Amz-Algorithm", slice_of("AWS4-HMAC-SHA256"));
	add_parameter(job, "X-Amz-Credential", buf_slice(&credential));
	add_parameter(job, "X-Amz-Date", job->time);
	add_parameter(job, "X-Amz-Expires", job->expires);
	add_parameter(job, "X-Amz-SignedHeaders", buf_slice(&names));
	if (job->session_token.len)
		add_parameter(job, "X-Amz-Security-Token", job->session_token);
}

static void
put_url(struct buf *b, const struct job *job, struct slice signature)
{
	struct slice path = job->request.path;

	buf_puts(b, "https://");
	buf_put_slice(b, job->host);
	for (size_t i = 0; i < path.len; i++) {
		if (path.p[i] == '/')
			buf_putc(b, '/');
		else
			uri_put_encoded(b, slice_from(path.p + i, 1));
	}
	for (size_t i = 0; i < job->request.query_n; i++) {
		buf_putc(b, i ? '&' : '?');
		uri_put_encoded(b, job->query[i].name);
		buf_putc(b, '=');
		uri_put_encoded(b, job->query[i].value);
	}
	buf_puts(b, "&X-Amz-Signature=");
	buf_put_slice(b, signature);
}

/* The day's key, as a run has it: out of the three that are derived at once. */
static void
derive(const struct job *job, uint8_t key[static 32])
{
	struct sigv4_keys keys;
	const uint8_t *today;

	sigv4_key(key, job->secret_key, &job->scope);
	sigv4_keys_derive(&keys, job->secret_key, &job->scope);
	today = sigv4_keys_at(&keys, job->scope.now);
	if (!today || memcmp(today, key, 32) != 0)
		refuse("the key of that day is not the one derived ahead");
}

static void
put_member(struct buf *b, const char *name, const struct buf *text)
{
	must_fit(text);
	json_put_name(b, name);
	json_put_string(b, buf_slice(text));
}

int
main(void)
{
	static struct job job;
	struct buf canonical = take_buf(3u * CASE_MAX), to_sign = take_buf(4096);
	struct buf key_hex = take_buf(SIGV4_HEX), signature = take_buf(SIGV4_HEX);
	struct buf use = take_buf(3u * CASE_MAX), out = take_buf(8u * CASE_MAX);
	uint8_t key[32];

	job.object = case_object();
	read_job(&job);
	if (job.presign)
		prepare_query_form(&job);
	else
		prepare_header_form(&job);
	if (!sigv4_put_canonical(&canonical, &job.request))
		bad_use("the request is longer than the driver's buffer");
	sigv4_put_to_sign(&to_sign, buf_slice(&canonical), &job.scope);
	derive(&job, key);
	hex_put(&key_hex, key, sizeof key);
	sigv4_put_signature(&signature, key, buf_slice(&to_sign));
	if (job.presign)
		put_url(&use, &job, buf_slice(&signature));
	else
		sigv4_put_authorization(&use, job.access_key, &job.scope,
		    &job.request, buf_slice(&signature));
	buf_putc(&out, '{');
	put_member(&out, "canonical_request", &canonical);
	put_member(&out, "string_to_sign", &to_sign);
	put_member(&out, "signing_key", &key_hex);
	put_member(&out, "signature", &signature);
	put_member(&out, job.presign ? "url" : "authorization", &use);
	buf_putc(&out, '}');
	must_fit(&out);
	answer(buf_slice(&out));
	return ACCEPTED;
}
