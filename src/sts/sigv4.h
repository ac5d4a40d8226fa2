/* SPDX-License-Identifier: MIT */
/*
 * AWS Signature Version 4 in its four stages: canonical request, string to
 * sign, signing key, signature. Pure; the clock is a parameter.
 * Source: IAM User Guide, "Create a signed AWS API request".
 */
#ifndef POSTERN_STS_SIGV4_H
#define POSTERN_STS_SIGV4_H

#include "base/buf.h"
#include "base/limits.h"

#define SIGV4_PAIRS_MAX 32      /* headers or query parameters of one request */
#define SIGV4_HEX       64      /* characters of a signature */
#define SIGV4_DAYS      3       /* yesterday, today, tomorrow */

struct sigv4_pair {
	struct slice name, value;       /* as decoded text; borrowed */
};

struct sigv4_request {
	const char *method;
	struct slice path;              /* decoded, starts with "/" */
	const struct sigv4_pair *query;
	size_t query_n;
	const struct sigv4_pair *headers;       /* all of them are signed */
	size_t headers_n;
	struct slice body;
};

struct sigv4_scope {
	int64_t now;                    /* seconds since 1970-01-01 UTC */
	struct slice region, service;
};

/*
 * The signing keys of three days for one region and service: what is left of
 * a secret access key once it has been wiped.
 */
struct sigv4_keys {
	int64_t first_day;              /* days since 1970-01-01 */
	uint8_t key[SIGV4_DAYS][32];
};

/* Append the canonical request. Fails when `out` is full or pairs are too many. */
bool sigv4_put_canonical(struct buf *out, const struct sigv4_request *req)
	__attribute__((warn_unused_result));

/* Append the names of the signed headers: lower case, sorted, ";" between. */
void sigv4_put_signed_headers(struct buf *out, const struct sigv4_request *req);

/* Append "20150830/us-east-1/sts/aws4_request". */
void sigv4_put_scope(struct buf *out, const struct sigv4_scope *scope);

/* Append the string to sign. */
void sigv4_put_to_sign(struct buf *out, struct slice canonical,
	const struct sigv4_scope *scope);

/* The signing key of the scope's day; `secret` is at most SECRET_KEY_MAX. */
void sigv4_key(uint8_t key[static 32], struct slice secret,
	const struct sigv4_scope *scope);

/* Append the signature, SIGV4_HEX characters. */
void sigv4_put_signature(struct buf *out, const uint8_t key[static 32],
	struct slice to_sign);

/* Append the value of the Authorization header. */
void sigv4_put_authorization(struct buf *out, struct slice access_key_id,
	const struct sigv4_scope *scope, const struct sigv4_request *req,
	struct slice signature);

/* Keys for the day before scope->now, its day, and the day after. */
void sigv4_keys_derive(struct sigv4_keys *keys, struct slice secret,
	const struct sigv4_scope *scope);

/* The key for the day of `now`; NULL when it is none of the three. */
const uint8_t *sigv4_keys_at(const struct sigv4_keys *keys, int64_t now);

void sigv4_keys_wipe(struct sigv4_keys *keys);

#endif
