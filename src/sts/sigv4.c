/* SPDX-License-Identifier: MIT */
/*
 * Each stage of a signature is appended to a buffer, so that a test can show
 * which one differs. What to sign is decided in sts/sts.c.
 */
#include "sts/sigv4.h"

#include "codec/hex.h"
#include "codec/timestamp.h"
#include "codec/uri.h"
#include "crypto/hash.h"

static int
compare(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* Compare as the canonical form does: by the percent-encoded text. */
static int
compare_encoded(struct slice a, struct slice b)
{
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		char one[3], two[3];
		struct buf ea = BUF_OVER(one), eb = BUF_OVER(two);
		int order;

		uri_put_encoded(&ea, slice_from(a.p + i, 1));
		uri_put_encoded(&eb, slice_from(b.p + i, 1));
		order = compare(buf_slice(&ea), buf_slice(&eb));
		if (order)
			return order;
	}
	return (a.len > b.len) - (a.len < b.len);
}

static int
compare_names(struct slice a, struct slice b)
{
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		int order = (unsigned char)ascii_lower(a.p[i]) -
		    (unsigned char)ascii_lower(b.p[i]);

		if (order)
			return order;
	}
	return (a.len > b.len) - (a.len < b.len);
}

static bool
query_before(const struct sigv4_pair *a, const struct sigv4_pair *b)
{
	int order = compare_encoded(a->name, b->name);

	return order ? order < 0 : compare_encoded(a->value, b->value) < 0;
}

static bool
header_before(const struct sigv4_pair *a, const struct sigv4_pair *b)
{
	return compare_names(a->name, b->name) < 0;
}

/* Indices of `pairs` in canonical order; insertion sort, n is small. */
static bool
sort(const struct sigv4_pair *pairs, size_t n, uint8_t order[SIGV4_PAIRS_MAX],
	bool (*before)(const struct sigv4_pair *, const struct sigv4_pair *))
{
	if (n > SIGV4_PAIRS_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t at = i;

		for (; at && before(&pairs[i], &pairs[order[at - 1]]); at--)
			order[at] = order[at - 1];
		order[at] = (uint8_t)i;
	}
	return true;
}

static void
put_lower(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		buf_putc(out, ascii_lower(s.p[i]));
}

/* Trimmed, runs of blanks made one. */
static void
put_header_value(struct buf *out, struct slice s)
{
	s = slice_trim(s);
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != ' ' || s.p[i - 1] != ' ')
			buf_putc(out, s.p[i]);
}

static void
put_path(struct buf *out, struct slice path)
{
	for (size_t i = 0; i < path.len; i++) {
		if (path.p[i] == '/')
			buf_putc(out, '/');
		else
			uri_put_encoded(out, slice_from(path.p + i, 1));
	}
}

static void
put_hash(struct buf *out, struct slice data)
{
	uint8_t hash[SHA256_LEN];

	hash_sha256(hash, data);
	hex_put(out, hash, sizeof hash);
}

bool
sigv4_put_canonical(struct buf *out, const struct sigv4_request *req)
{
	uint8_t order[SIGV4_PAIRS_MAX];

	buf_puts(out, req->method);                     /* HTTP method */
	buf_putc(out, '\n');
	put_path(out, req->path);                       /* canonical URI */
	buf_putc(out, '\n');
	if (!sort(req->query, req->query_n, order, query_before))
		return false;
	for (size_t i = 0; i < req->query_n; i++) {     /* canonical query */
		if (i)
			buf_putc(out, '&');
		uri_put_encoded(out, req->query[order[i]].name);
		buf_putc(out, '=');
		uri_put_encoded(out, req->query[order[i]].value);
	}
	buf_putc(out, '\n');
	if (!sort(req->headers, req->headers_n, order, header_before))
		return false;
	for (size_t i = 0; i < req->headers_n; i++) {   /* canonical headers */
		put_lower(out, req->headers[order[i]].name);
		buf_putc(out, ':');
		put_header_value(out, req->headers[order[i]].value);
		buf_putc(out, '\n');
	}
	buf_putc(out, '\n');
	sigv4_put_signed_headers(out, req);             /* signed headers */
	buf_putc(out, '\n');
	put_hash(out, req->body);                       /* hashed payload */
	return !out->full;
}

void
sigv4_put_signed_headers(struct buf *out, const struct sigv4_request *req)
{
	uint8_t order[SIGV4_PAIRS_MAX];

	if (!sort(req->headers, req->headers_n, order, header_before))
		return;
	for (size_t i = 0; i < req->headers_n; i++) {
		if (i)
			buf_putc(out, ';');
		put_lower(out, req->headers[order[i]].name);
	}
}

void
sigv4_put_scope(struct buf *out, const struct sigv4_scope *scope)
{
	timestamp_put_day(out, scope->now);
	buf_putc(out, '/');
	buf_put_slice(out, scope->region);
	buf_putc(out, '/');
	buf_put_slice(out, scope->service);
	buf_puts(out, "/aws4_request");
}

void
sigv4_put_to_sign(struct buf *out, struct slice canonical,
	const struct sigv4_scope *scope)
{
	buf_puts(out, "AWS4-HMAC-SHA256\n");            /* algorithm */
	timestamp_put_amz(out, scope->now);             /* request time */
	buf_putc(out, '\n');
	sigv4_put_scope(out, scope);                    /* credential scope */
	buf_putc(out, '\n');
	put_hash(out, canonical);                       /* hashed canonical request */
}

void
sigv4_key(uint8_t key[static 32], struct slice secret,
	const struct sigv4_scope *scope)
{
	char first[4 + SECRET_KEY_MAX], day[8];
	struct buf k = BUF_OVER(first), d = BUF_OVER(day);

	/* HMAC chain: "AWS4" + secret, date, region, service, "aws4_request" */
	buf_puts(&k, "AWS4");
	buf_put_slice(&k, secret);
	timestamp_put_day(&d, scope->now);
	hash_hmac_sha256(key, k.p, k.len, buf_slice(&d));
	hash_hmac_sha256(key, key, 32, scope->region);
	hash_hmac_sha256(key, key, 32, scope->service);
	hash_hmac_sha256(key, key, 32, slice_of("aws4_request"));
	buf_wipe(&k);
	hash_wipe_stack();
}

void
sigv4_put_signature(struct buf *out, const uint8_t key[static 32],
	struct slice to_sign)
{
	uint8_t mac[SHA256_LEN];

	hash_hmac_sha256(mac, key, 32, to_sign);
	hex_put(out, mac, sizeof mac);
	hash_wipe_stack();
}

void
sigv4_put_authorization(struct buf *out, struct slice access_key_id,
	const struct sigv4_scope *scope, const struct sigv4_request *req,
	struct slice signature)
{
	buf_puts(out, "AWS4-HMAC-SHA256 Credential=");
	buf_put_slice(out, access_key_id);
	buf_putc(out, '/');
	sigv4_put_scope(out, scope);
	buf_puts(out, ", SignedHeaders=");
	sigv4_put_signed_headers(out, req);
	buf_puts(out, ", Signature=");
	buf_put_slice(out, signature);
}

void
sigv4_keys_derive(struct sigv4_keys *keys, struct slice secret,
	const struct sigv4_scope *scope)
{
	struct sigv4_scope day = *scope;

	keys->first_day = scope->now / DAY_S - 1;
	for (int i = 0; i < SIGV4_DAYS; i++) {
		day.now = (keys->first_day + i) * DAY_S;
		sigv4_key(keys->key[i], secret, &day);
	}
}

const uint8_t *
sigv4_keys_at(const struct sigv4_keys *keys, int64_t now)
{
	int64_t i = now / DAY_S - keys->first_day;

	return i >= 0 && i < SIGV4_DAYS ? keys->key[i] : NULL;
}

void
sigv4_keys_wipe(struct sigv4_keys *keys)
{
	explicit_bzero(keys, sizeof *keys);
}
