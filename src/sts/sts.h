/* SPDX-License-Identifier: MIT */
/*
 * The STS query API (version 2011-06-15): write a signed request, read what
 * comes back. Source: AWS Security Token Service API Reference.
 */
#ifndef POSTERN_STS_STS_H
#define POSTERN_STS_STS_H

#include "aws/partition.h"
#include "codec/http1.h"
#include "sts/session.h"
#include "sts/sigv4.h"

enum sts_action {
	STS_GET_CALLER_IDENTITY,
	STS_GET_FEDERATION_TOKEN,
	STS_ASSUME_ROLE,
	STS_ASSUME_ROLE_WITH_WEB_IDENTITY       /* not signed */
};

/* One call; empty texts and zero durations are left out of the request. */
struct sts_call {
	enum sts_action action;
	struct slice name;              /* Name or RoleSessionName */
	struct slice role_arn, external_id, serial_number, token_code;
	struct slice source_identity, policy, web_identity_token;
	const struct slice *policy_arns;
	size_t policy_arns_n;
	int64_t duration_s;
};

/* Who signs, and for where. */
struct sts_signer {
	struct slice access_key_id, session_token;
	const struct sigv4_keys *keys;
	struct slice region;            /* of the credential scope */
};

/* The action's name as AWS writes it. */
const char *sts_action_name(enum sts_action action);

/* Append the form body of a call. */
void sts_put_body(struct buf *b, const struct sts_call *call);

/*
 * Append a whole HTTP request, signed for the instant `now`, but for the
 * action that needs no keys. `scratch` is
 * overwritten: it holds the body, headers and signing texts. Fails with
 * ERR_CLOCK when there is no key for that day, ERR_LIMIT when a buffer is full.
 */
bool sts_write(struct buf *request, const struct sts_call *call,
	const struct sts_signer *signer, const struct endpoint *to,
	int64_t now, struct buf *scratch, struct error *err)
	__attribute__((warn_unused_result));

/* What STS refused with; texts are printable and cut. */
struct sts_refusal {
	unsigned status;
	char code[64];
	char message[PEER_TEXT_MAX + 4];
	char request_id[72];
	bool server_time_known;         /* from a skew message, else Date */
	int64_t server_time_s;
};

enum sts_result { STS_OK, STS_REFUSED, STS_BAD };

/*
 * Read an answer. STS_OK: `session` (for calls that make one) and `who` are
 * filled. STS_REFUSED: `refusal` is. STS_BAD: err holds ERR_PROTOCOL, or
 * ERR_BUSY for a 5xx without a readable error document.
 */
enum sts_result sts_read(const struct http1 *answer, enum sts_action action,
	struct session *session, struct identity *who,
	struct sts_refusal *refusal, struct error *err)
	__attribute__((warn_unused_result));

#endif
