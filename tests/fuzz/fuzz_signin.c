/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the body of a sign-in answer, the first byte picking the status:
 * a token makes a login URL that is one line, anything else an error.
 */
#include "fuzz.h"

#include "signin/loginurl.h"
#include "signin/signin.h"

static struct http1 answer;
static char body[HTTP_BODY_MAX], url[4 * SIGNIN_TOKEN_MAX + 1024];

static void
check_explained(unsigned choice)
{
	struct signin_facts facts = {
		.fresh = choice & 1, .identity_known = choice & 2,
		.duration_sent = choice & 4, .region_given = choice & 8,
		.partition = partition_at(choice % 3), .status = 400,
		.request_id = "1",
	};
	struct error err = { 0 };

	MUST(!signin_explain(&facts, &err));
	MUST(err.kind != ERR_NONE && err.what[0]);
	MUST(err.hint[0] || err.again[0]);
}

static void
check_url(const struct endpoint *from, const char *token)
{
	struct buf b = BUF_OVER(url);
	struct error err = { 0 };

	MUST(token[0] && strlen(token) <= SIGNIN_TOKEN_MAX);
	MUST(loginurl_write(&b, from, slice_of("https://example.com/"),
	    slice_of("https://console.aws.amazon.com/"), slice_of(token), &err));
	MUST(slice_starts(buf_slice(&b), "https://signin.aws.amazon.com/"));
	for (size_t i = 0; i < b.len; i++)
		MUST(url[i] > ' ' && url[i] < 0x7F);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned statuses[] = { 200, 400, 403, 429, 500, 302, 204 };
	static const struct endpoint from = { "signin.aws.amazon.com", 443, true };
	static char token[SIGNIN_TOKEN_MAX + 1];
	struct error err = { 0 };

	if (size < 1 || size - 1 > sizeof body)
		return 0;
	http1_init(&answer, "POST", body, sizeof body);
	answer.status = statuses[data[0] % 7];
	if (size > 1)
		buf_put(&answer.body, data + 1, size - 1);
	switch (signin_read(&answer, &from, token, &err)) {
	case SIGNIN_OK:
		MUST(answer.status == 200);
		check_url(&from, token);
		break;
	case SIGNIN_REFUSED:
		MUST(answer.status == 400);
		check_explained(data[0] >> 3);
		break;
	case SIGNIN_BAD:
		MUST(err.kind != ERR_NONE && err.what[0]);
		break;
	}
	return 0;
}
