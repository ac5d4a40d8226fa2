/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the body of an answer of STS; the first byte picks the status,
 * the second the call. A session has keys, a refusal is told and printable,
 * and none of it repeats what was signed.
 */
#include "fuzz.h"

#include "sts/refusal.h"

#define SECRET "FwoGZXIvYXdzEXAMPLETOKEN"

static struct http1 answer;
static char body[HTTP_BODY_MAX];

static void
must_be_printable(const char *text)
{
	for (; *text; text++)
		MUST((unsigned char)*text >= ' ' && *text != 0x7F);
}

static void
check_refusal(struct sts_refusal *refusal, enum sts_action action,
	unsigned choice)
{
	struct refusal_facts facts = {
		.action = action, .temporary = choice & 1,
		.region_given = choice & 2, .mfa_sent = choice & 4,
		.partition = partition_at(choice % 3),
	};
	struct error err = { 0 };

	refusal_hide(refusal, slice_of(SECRET));
	MUST(strstr(refusal->message, SECRET) == NULL);
	(void)refusal_is_skew(refusal, 1700000000);
	(void)refusal_is_of_keys(refusal);
	(void)refusal_is_of_code(refusal);
	MUST(!refusal_explain(refusal, &facts, &err));
	MUST(err.kind != ERR_NONE && err.what[0]);
	MUST(err.hint[0] || err.again[0]);
	must_be_printable(err.what);
	must_be_printable(err.peer);
	must_be_printable(err.request_id);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned statuses[] = { 200, 400, 403, 429, 500, 503, 302 };
	static struct session session;
	static struct identity who;
	static struct sts_refusal refusal;
	struct error err = { 0 };
	enum sts_action action;

	if (size < 2 || size - 2 > sizeof body)
		return 0;
	memset(&session, 0, sizeof session);
	memset(&who, 0, sizeof who);
	memset(&refusal, 0, sizeof refusal);
	http1_init(&answer, "POST", body, sizeof body);
	answer.status = statuses[data[0] % 7];
	copy_text(answer.date, sizeof answer.date,
	    slice_of("Tue, 14 Nov 2023 22:13:20 GMT"));
	buf_put(&answer.body, data + 2, size - 2);
	action = data[1] & 3;
	switch (sts_read(&answer, action, &session, &who, &refusal, &err)) {
	case STS_OK:
		MUST(answer.status == 200);
		if (action == STS_GET_CALLER_IDENTITY)
			break;
		MUST(session.creds.access_key_id[0]);
		MUST(session.creds.secret_access_key[0]);
		MUST(session.creds.session_token[0]);
		break;
	case STS_REFUSED:
		check_refusal(&refusal, action, data[1] >> 2);
		break;
	case STS_BAD:
		MUST(err.kind != ERR_NONE && err.what[0]);
		must_be_printable(err.what);
		must_be_printable(err.peer);
		break;
	}
	must_be_printable(who.arn);
	must_be_printable(who.account);
	must_be_printable(who.user_id);
	return 0;
}
