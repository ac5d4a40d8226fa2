/* SPDX-License-Identifier: MIT */
/*
 * The result as JSON: names, order and nulls are a promise to scripts.
 */
#include "test.h"

#include "codec/json.h"
#include "show/result.h"

TEST(result_holds_everything_that_is_known)
{
	char text[1024];
	struct buf b = BUF_OVER(text);
	const char *why;

	result_put_json(&b, &(struct result){
		.url = slice_of("https://signin/?a=b&c=\"d\""),
		.url_expires_s = 1440938160, .session_expires_known = true,
		.session_expires_s = 1440941760, .duration_requested_s = 3600,
		.account = "123456789012", .arn = "arn:aws:sts::1:x",
		.partition = "aws", .region = "eu-west-1", .route = "federate",
		.signin_host = "signin.aws.amazon.com", .request_id = "9d",
	});
	EQ_TEXT(&b, "{\"url\":\"https://signin/?a=b&c=\\\"d\\\"\","
	    "\"url_expires\":\"2015-08-30T12:36:00Z\","
	    "\"session_expires\":\"2015-08-30T13:36:00Z\","
	    "\"duration_requested\":3600,\"account\":\"123456789012\","
	    "\"arn\":\"arn:aws:sts::1:x\",\"partition\":\"aws\","
	    "\"region\":\"eu-west-1\",\"route\":\"federate\","
	    "\"signin_host\":\"signin.aws.amazon.com\",\"request_id\":\"9d\"}\n");
	YES(json_check(buf_slice(&b), &why));
}

TEST(result_has_null_for_what_is_not_known)
{
	char text[1024];
	struct buf b = BUF_OVER(text);
	const char *why;

	result_put_json(&b, &(struct result){
		.url = slice_of("u"), .account = "", .arn = "", .partition = "aws",
		.region = "", .route = "direct", .signin_host = "h",
		.request_id = "",
	});
	HAS(&b, "\"session_expires\":null,\"duration_requested\":null,"
	    "\"account\":null,\"arn\":null,\"partition\":\"aws\","
	    "\"region\":null,");
	HAS(&b, "\"request_id\":null}\n");
	YES(json_check(buf_slice(&b), &why));
}

static struct result_creds keys = {
	.access_key_id = "ASIAI", .secret_access_key = "a/b+c\\",
	.session_token = "T==", .account = "123456789012",
	.arn = "arn:aws:sts::1:x",
};

TEST(result_of_creds_is_what_sts_answers)
{
	char text[1024];
	struct buf b = BUF_OVER(text);
	const char *why;

	keys.expires_known = true;
	keys.expires_s = 1440938160;
	result_put_creds(&b, &keys);
	EQ_TEXT(&b, "{\"Credentials\":{\"AccessKeyId\":\"ASIAI\","
	    "\"SecretAccessKey\":\"a/b+c\\\\\",\"SessionToken\":\"T==\","
	    "\"Expiration\":\"2015-08-30T12:36:00Z\"},"
	    "\"account\":\"123456789012\",\"arn\":\"arn:aws:sts::1:x\"}\n");
	YES(json_check(buf_slice(&b), &why));
}

TEST(result_of_creds_is_what_a_credential_process_says)
{
	char text[1024];
	struct buf b = BUF_OVER(text);
	const char *why;

	keys.process = true;
	result_put_creds(&b, &keys);
	EQ_TEXT(&b, "{\"Version\":1,\"AccessKeyId\":\"ASIAI\","
	    "\"SecretAccessKey\":\"a/b+c\\\\\",\"SessionToken\":\"T==\"}\n");
	YES(json_check(buf_slice(&b), &why));
}
