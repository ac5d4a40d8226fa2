/* SPDX-License-Identifier: MIT */
/*
 * One response as a state machine over lines and counted bytes. Sections
 * without a name are those of RFC 9112.
 */
#include "codec/http1.h"

#include "codec/hex.h"
#include "codec/uri.h"

void
http1_write(struct buf *b, const struct http1_request *req)
{
	buf_puts(b, req->method);
	buf_putc(b, ' ');
	buf_put_slice(b, req->target);
	buf_puts(b, " HTTP/1.1\r\nHost: ");
	buf_put_slice(b, req->host);
	buf_puts(b, "\r\nUser-Agent: postern/" POSTERN_VERSION
	    "\r\nAccept-Encoding: identity\r\n");
	buf_put_slice(b, req->headers);
	if (strcmp(req->method, "POST") == 0) {
		buf_puts(b, "Content-Length: ");
		buf_put_u64(b, req->body.len);
		buf_puts(b, "\r\n");
	}
	buf_puts(b, "\r\n");
	buf_put_slice(b, req->body);
}

void
http1_init(struct http1 *r, const char *method, char *body, size_t cap)
{
	memset(r, 0, offsetof(struct http1, line));
	r->head = strcmp(method, "HEAD") == 0;
	r->connect = strcmp(method, "CONNECT") == 0;
	buf_init(&r->body, body, cap);
}

static bool
refuse(struct http1 *r, const char *why)
{
	r->state = HTTP1_FAILED;
	r->why = why;
	return false;
}

/* field-vchar, blank or tab: RFC 9110 §5.5 */
static bool
is_text_char(char c)
{
	return c == '\t' || ((unsigned char)c >= ' ' && c != 0x7F);
}

static bool
is_text(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_text_char(s.p[i]))
			return false;
	return true;
}

static const char protocol[] = "HTTP/1.";
static const char not_http[] = "status line is not HTTP/1.1's";

/*
 * §4: HTTP-version SP status-code SP [ reason-phrase ]. A later minor version
 * could be read as 1.1 (RFC 9110 §6.2), but there is none.
 */
static bool
read_status_line(struct http1 *r, struct slice line)
{
	uint64_t status;

	if (!slice_starts(line, "HTTP/1.1 ") && !slice_starts(line, "HTTP/1.0 "))
		return refuse(r, not_http);
	r->version_1_0 = line.p[7] == '0';
	line = slice_skip(line, 9);
	if (line.len < 4 || line.p[3] != ' ' ||
	    !slice_to_u64(slice_from(line.p, 3), 599, &status) || status < 100)
		return refuse(r, "status code is not three digits, 100 to 599");
	if (!is_text(line))
		return refuse(r, "control character in the status line");
	r->status = (unsigned)status;
	r->has_length = r->chunked = false;
	r->keep_alive = !r->version_1_0;
	r->state = HTTP1_FIELDS;
	return true;
}

/*
 * §6.3: a length is digits, once, and never beside a transfer coding. The same
 * number several times may be taken or refused (RFC 9110 §8.6).
 */
static bool
read_length(struct http1 *r, struct slice value)
{
	if (r->has_length)
		return refuse(r, "Content-Length stands twice");
	if (!slice_to_u64(value, UINT64_MAX, &r->remaining))
		return refuse(r, "Content-Length is not a number");
	r->has_length = true;
	return true;
}

static bool
read_coding(struct http1 *r, struct slice value)
{
	/* §6.1: other codings were not asked for; HTTP/1.0 knows none. */
	if (r->chunked || r->version_1_0 ||
	    !slice_ieq(value, slice_of("chunked")))
		return refuse(r, "Transfer-Encoding is not one \"chunked\"");
	r->chunked = true;
	return true;
}

/* §9.3, §9.6: a list of options; "close" wins over all else. */
static void
read_connection(struct http1 *r, struct slice value)
{
	while (value.len) {
		size_t n = slice_find_char(value, ',');
		struct slice option = slice_trim(slice_from(value.p, n));

		r->close |= slice_ieq(option, slice_of("close"));
		r->keep_alive |= slice_ieq(option, slice_of("keep-alive"));
		value = slice_skip(value, n < value.len ? n + 1 : n);
	}
}

/* Header values that are kept; one too long to keep is as if it were absent. */
static void
keep_value(struct http1 *r, struct slice name, struct slice value)
{
	const struct {
		const char *name;
		char *out;
		size_t cap;
	} kept[] = {
		{ "date", r->date, sizeof r->date },
		{ "retry-after", r->retry_after, sizeof r->retry_after },
		{ "x-amzn-requestid", r->request_id, sizeof r->request_id },
		{ "x-amz-request-id", r->request_id, sizeof r->request_id },
		{ "location", r->location, sizeof r->location },
		{ "content-type", r->content_type, sizeof r->content_type },
	};

	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		if (slice_ieq(name, slice_of(kept[i].name)))
			copy_text(kept[i].out, kept[i].cap, value);
}

/*
 * §5: field-name ":" OWS field-value OWS. §5.2 would have a user agent unfold
 * lines that begin with a blank; they are refused, as a server may: none that
 * is asked here folds, and a field that one reader sees and another does not
 * is how answers are split.
 */
static bool
split_field(struct http1 *r, struct slice line, struct slice *name,
	struct slice *value)
{
	/* tchar, RFC 9110 §5.6.2 */
	size_t n = slice_span_alnum(line, "!#$%&'*+-.^_`|~");

	if (n == 0 || n == line.len || line.p[n] != ':')
		return refuse(r, "malformed header field");
	*name = slice_from(line.p, n);
	*value = slice_trim(slice_skip(line, n + 1));
	return is_text(*value) ||
	    refuse(r, "control character in a header field");
}

/*
 * RFC 9110 §11.7.1: challenges with commas between, in one field or several.
 * A realm that says "basic" would only make for a less fitting hint.
 */
static void
read_challenge(struct http1 *r, struct slice value)
{
	r->login_asked = true;
	for (; value.len >= 5; value = slice_skip(value, 1))
		if (slice_ieq(slice_from(value.p, 5), slice_of("basic")))
			r->basic_offered = true;
}

/* What makes the body. */
static bool
read_framing(struct http1 *r, struct slice name, struct slice value)
{
	if (slice_ieq(name, slice_of("content-length")))
		return read_length(r, value);
	if (slice_ieq(name, slice_of("transfer-encoding")))
		return read_coding(r, value);
	if (slice_ieq(name, slice_of("content-encoding")) &&
	    !slice_ieq(value, slice_of("identity")))
		return refuse(r, "a content coding that nobody asked for");
	if (slice_ieq(name, slice_of("connection")))
		read_connection(r, value);
	return true;
}

static bool
opens_tunnel(const struct http1 *r)
{
	return r->connect && r->status >= 200 && r->status < 300;
}

static bool
read_field(struct http1 *r, struct slice line)
{
	struct slice name, value;

	if (++r->fields > HTTP_FIELDS_MAX)
		return refuse(r, "more than 100 header fields");
	if (!split_field(r, line, &name, &value))
		return false;
	if (r->status >= 200)
		keep_value(r, name, value);
	if (slice_ieq(name, slice_of("proxy-authenticate")))
		read_challenge(r, value);
	/* §6.3, rule 2: whatever frames a body is ignored. */
	return opens_tunnel(r) || read_framing(r, name, value);
}

/* The empty line after the fields: what follows? (§6.3, in its order) */
static bool
end_fields(struct http1 *r)
{
	if (r->has_length && r->chunked)
		return refuse(r, "Content-Length beside Transfer-Encoding");
	if (r->status == 101)
		return refuse(r, "switching protocols was not asked for");
	if (r->status < 200) {
		if (++r->interim > HTTP_INTERIM_MAX)
			return refuse(r, "too many interim replies");
		r->state = HTTP1_STATUS_LINE;
		return true;
	}
	if (r->head || r->status == 204 || r->status == 304 || opens_tunnel(r)) {
		/* A body that comes all the same would pass for an answer. */
		r->close = true;
		r->state = HTTP1_COMPLETE;
	} else if (r->chunked) {
		r->state = HTTP1_CHUNK_SIZE;
	} else if (r->has_length) {
		if (r->remaining > r->body.cap)
			return refuse(r, "body is longer than we take");
		r->state = r->remaining ? HTTP1_BODY_LENGTH : HTTP1_COMPLETE;
	} else {
		r->state = HTTP1_BODY_CLOSE;
	}
	return true;
}

/*
 * §7.1: 1*HEXDIG [ ";" extension ]. Of extensions, which are all unknown here,
 * only characters and length are checked. §7.1.1 allows "bad" blanks before
 * the ";": refused, since readers are known to disagree about them.
 */
static bool
read_chunk_size(struct http1 *r, struct slice line)
{
	uint64_t size = 0;
	size_t n = 0;

	for (; n < line.len && hex_digit(line.p[n]) >= 0; n++) {
		if (size > r->body.cap)
			return refuse(r, "chunk is longer than we take");
		size = size << 4 | (uint64_t)hex_digit(line.p[n]);
	}
	/* So many zeros are no number that anybody writes. */
	if (n == 0 || n > 64 || (n < line.len && line.p[n] != ';'))
		return refuse(r, "chunk size is not a hexadecimal number");
	if (line.len - n > HTTP_CHUNK_EXT_MAX)
		return refuse(r, "chunk extension is too long");
	if (!is_text(line))
		return refuse(r, "control character in a chunk extension");
	if (size > r->body.cap - r->body.len)
		return refuse(r, "body is longer than we take");
	r->remaining = size;
	r->state = size ? HTTP1_CHUNK_DATA : HTTP1_TRAILERS;
	return true;
}

/* §7.1.2: trailers are checked as fields are, and dropped. */
static bool
read_trailer(struct http1 *r, struct slice line)
{
	struct slice name, value;

	r->trailer_bytes += line.len + 2;
	if (r->trailer_bytes > HTTP_TRAILERS_MAX)
		return refuse(r, "trailers are too long");
	if (line.len)
		return split_field(r, line, &name, &value);
	r->state = HTTP1_COMPLETE;
	return true;
}

/* A whole line, its CRLF taken off. */
static bool
read_line(struct http1 *r, struct slice line)
{
	switch (r->state) {
	case HTTP1_STATUS_LINE:
		return read_status_line(r, line);
	case HTTP1_FIELDS:
		return line.len ? read_field(r, line) : end_fields(r);
	case HTTP1_CHUNK_SIZE:
		return read_chunk_size(r, line);
	case HTTP1_CHUNK_END:
		r->state = HTTP1_CHUNK_SIZE;
		return line.len == 0 ||
		    refuse(r, "chunk does not end where it should");
	default:
		return read_trailer(r, line);
	}
}

static bool
in_head(const struct http1 *r)
{
	return r->state == HTTP1_STATUS_LINE || r->state == HTTP1_FIELDS;
}

/*
 * One byte of a line. §2.2: CRLF ends it; a bare CR or LF is refused. What is
 * no answer is refused at its first byte, since its line may never end.
 */
static bool
read_line_byte(struct http1 *r, char c)
{
	struct slice line;

	if (in_head(r) && ++r->head_bytes > HTTP_HEAD_MAX)
		return refuse(r, "header is longer than 64 KiB");
	if (r->state == HTTP1_STATUS_LINE && r->line_len < sizeof protocol - 1 &&
	    c != protocol[r->line_len])
		return refuse(r, not_http);
	if (c != '\n') {
		if (r->line_len && r->line[r->line_len - 1] == '\r')
			return refuse(r, "bare CR in a line");
		if (r->line_len == sizeof r->line)
			return refuse(r, "line is longer than 16 KiB");
		r->line[r->line_len++] = c;
		return true;
	}
	if (r->line_len == 0 || r->line[r->line_len - 1] != '\r')
		return refuse(r, "line ends without CR");
	line = slice_from(r->line, r->line_len - 1);
	r->line_len = 0;
	return read_line(r, line);
}

/* As much of `in` as belongs to the body or chunk; answers how much. */
static size_t
read_body_bytes(struct http1 *r, struct slice in)
{
	bool counted = r->state != HTTP1_BODY_CLOSE;
	size_t n = counted && r->remaining < in.len ? (size_t)r->remaining : in.len;

	buf_put(&r->body, in.p, n);
	if (r->body.full)
		refuse(r, "body is longer than we take");
	if (!counted || r->state == HTTP1_FAILED)
		return n;
	r->remaining -= n;
	if (r->remaining == 0)
		r->state = r->state == HTTP1_CHUNK_DATA ? HTTP1_CHUNK_END :
		    HTTP1_COMPLETE;
	return n;
}

enum read_result
http1_read(struct http1 *r, struct slice in)
{
	while (in.len && r->state != HTTP1_COMPLETE && r->state != HTTP1_FAILED) {
		size_t n = 1;

		if (r->state == HTTP1_BODY_LENGTH ||
		    r->state == HTTP1_BODY_CLOSE || r->state == HTTP1_CHUNK_DATA)
			n = read_body_bytes(r, in);
		else
			read_line_byte(r, in.p[0]);
		in = slice_skip(in, n);
	}
	r->unread = in.len;
	if (r->state == HTTP1_FAILED)
		return READ_BAD;
	/* Bytes that nobody asked for would pass for the next answer's. */
	if (r->close || (r->state == HTTP1_COMPLETE && in.len))
		r->keep_alive = false;
	return r->state == HTTP1_COMPLETE ? READ_DONE : READ_MORE;
}

enum read_result
http1_read_end(struct http1 *r, bool clean)
{
	r->keep_alive = false;
	if (r->state == HTTP1_COMPLETE)
		return READ_DONE;
	if (r->state == HTTP1_BODY_CLOSE && clean) {    /* §6.3, rule 8 */
		r->state = HTTP1_COMPLETE;
		return READ_DONE;
	}
	if (r->state != HTTP1_FAILED)
		refuse(r, http1_started(r) ? "the answer is cut short" :
		    "the connection was closed before any answer");
	return READ_BAD;
}

bool
http1_refuse(const struct http1 *r, enum step step, const char *who,
	struct error *err)
{
	struct uri to;

	if (!err->request_id[0])
		copy_printable(err->request_id, sizeof err->request_id,
		    slice_of(r->request_id));
	if (r->status >= 500 || r->status == 429) {
		char when[sizeof r->retry_after];

		copy_printable(when, sizeof when, slice_of(r->retry_after));
		err_set(err, ERR_BUSY, step,
		    "%s is not able to answer now (HTTP %u)", who, r->status);
		err_hint(err, when[0] ?
		    "the same command again after the time it asks for: %s" :
		    "the same command again in a minute", when);
		return true;
	}
	if (r->status < 300 || r->status >= 400)
		return false;
	if (!uri_read(slice_of(r->location), &to))
		to.host = slice_of("nowhere");
	err_fail(err, ERR_PROTOCOL, step,
	    "sign in to the network first: something answers in AWS's place",
	    "%s redirected (HTTP %u) to %.*s, which is not followed", who,
	    r->status, (int)to.host.len, to.host.p);
	return true;
}

bool
http1_has_head(const struct http1 *r)
{
	return r->state > HTTP1_FIELDS && r->state != HTTP1_FAILED;
}

bool
http1_started(const struct http1 *r)
{
	return r->head_bytes > 0;
}
