/* SPDX-License-Identifier: MIT */
/*
 * check signin: {"access_key","secret_key","session_token","session_duration"?}
 * to the form body that asks sign-in for a token.
 */
#include "common.h"

#include "signin/signin.h"

int
main(void)
{
	static struct creds creds;
	struct slice object = case_object();
	struct buf request = take_buf(SIGNIN_BODY_MAX + 4096);
	struct buf scratch = take_buf(2 * SIGNIN_BODY_MAX);
	struct endpoint to = { .host = "signin.invalid", .port = 443,
		.https = true };
	struct error err = { 0 };
	int64_t duration_s = 0;
	size_t head;

	case_number(object, "session_duration", &duration_s);
	if (!copy_text(creds.access_key_id, sizeof creds.access_key_id,
	    case_needed(object, "access_key")) ||
	    !copy_text(creds.secret_access_key, sizeof creds.secret_access_key,
	    case_needed(object, "secret_key")) ||
	    !copy_text(creds.session_token, sizeof creds.session_token,
	    case_needed(object, "session_token")))
		refuse("the keys are longer than any that AWS gives out");
	if (!signin_write(&request, &creds, duration_s, false, &to, &scratch,
	    &err))
		refuse("%s", err.what);
	head = slice_find(buf_slice(&request), "\r\n\r\n");
	answer(slice_skip(buf_slice(&request), head + 4));
	return ACCEPTED;
}
