/* SPDX-License-Identifier: MIT */
/*
 * HTTP/1.1 as a client needs it (RFC 9112): write one request, read one
 * response in whatever pieces it comes. Strict: what the RFC lets a recipient
 * refuse is refused, since a lenient reading is how two readers of the same
 * bytes come to disagree.
 */
#ifndef POSTERN_CODEC_HTTP1_H
#define POSTERN_CODEC_HTTP1_H

#include "base/error.h"
#include "base/limits.h"

struct http1_request {
	const char *method;             /* GET or POST */
	struct slice target;            /* path and query, encoded */
	struct slice host;              /* with :port unless it is the default */
	struct slice headers;           /* more header lines, CRLF each */
	struct slice body;
};

/*
 * Append a whole request. Content-Length is always sent with a POST; no
 * encoding is asked for, nor that the connection be closed or kept.
 */
void http1_write(struct buf *b, const struct http1_request *req);

enum http1_state {
	HTTP1_STATUS_LINE,
	HTTP1_FIELDS,
	HTTP1_BODY_LENGTH,
	HTTP1_BODY_CLOSE,
	HTTP1_CHUNK_SIZE,
	HTTP1_CHUNK_DATA,
	HTTP1_CHUNK_END,
	HTTP1_TRAILERS,
	HTTP1_COMPLETE,
	HTTP1_FAILED
};

struct http1 {
	enum http1_state state;
	bool head, connect;             /* the request's method, if one of these */
	bool version_1_0;
	bool has_length, chunked, close;
	bool keep_alive;                /* once done: another request may follow */
	bool login_asked, basic_offered;        /* by Proxy-Authenticate */
	unsigned status;
	unsigned interim, fields;
	size_t head_bytes, trailer_bytes;
	uint64_t remaining;             /* bytes of the body or chunk to come */
	struct buf body;                /* over the caller's memory */
	size_t unread;                  /* bytes behind the answer, after READ_DONE */
	const char *why;                /* after READ_BAD */
	/* Header values that are of use later, NUL-terminated, else empty. */
	char date[40], retry_after[40], request_id[72], location[512], content_type[80];
	size_t line_len;
	char line[HTTP_LINE_MAX];
};

/*
 * `body` bounds the decoded body; it is borrowed until the answer is used. The
 * answer to CONNECT ends with its header: behind a 2xx the tunnel begins, and
 * of any other the body is for nobody to see.
 */
void http1_init(struct http1 *r, const char *method, char *body, size_t cap);

/*
 * Take bytes in. READ_DONE: the answer is complete, and the last r->unread
 * bytes of `in` are not part of it. READ_BAD: r->why says what rule was broken.
 */
enum read_result http1_read(struct http1 *r, struct slice in);

/*
 * The peer closed. `clean` is false when TLS did not announce it, so that the
 * end of a body without a length cannot be told from a cut. Answers READ_DONE
 * or READ_BAD.
 */
enum read_result http1_read_end(struct http1 *r, bool clean);

/*
 * What any service means by a redirect or by not being able now: fill err,
 * naming `who`, and answer true. Of a Location only scheme and host are shown:
 * the rest may repeat the request. AWS's request id is kept for every status.
 */
bool http1_refuse(const struct http1 *r, enum step step, const char *who,
	struct error *err);

/* Is all but the body there, and status set for good? */
bool http1_has_head(const struct http1 *r);

/* Has any byte of an answer arrived? */
bool http1_started(const struct http1 *r);

#endif
