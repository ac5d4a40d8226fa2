/* SPDX-License-Identifier: MIT */
/*
 * From STS's error codes to kinds and cures. Reading the documents is tested
 * in test_sts.c.
 */
#include "test.h"

#include "sts/refusal.h"

static struct error err;

static struct sts_refusal
refusal(unsigned status, const char *code, const char *message)
{
	struct sts_refusal r = { .status = status };

	copy_text(r.code, sizeof r.code, edge(code));
	copy_text(r.message, sizeof r.message, slice_of(message));
	copy_text(r.request_id, sizeof r.request_id, slice_of("9d"));
	return r;
}

static void
explain(unsigned status, const char *code, const char *message,
	struct refusal_facts facts)
{
	struct sts_refusal r = refusal(status, code, message);

	memset(&err, 0, sizeof err);
	if (!facts.partition)
		facts.partition = partition_at(0);
	NO(refusal_explain(&r, &facts, &err));
	EQ(err.step, STEP_STS);
	EQ_TEXT((const char *)err.peer, message);
	EQ_TEXT((const char *)err.request_id, "9d");
	YES(err.hint[0] != '\0' || err.again[0] != '\0');
}

#define FEDERATE { .action = STS_GET_FEDERATION_TOKEN }
#define ASSUME   { .action = STS_ASSUME_ROLE }
#define FACTS(...) ((struct refusal_facts)__VA_ARGS__)

TEST(refusal_explains_each_code_with_a_cure)
{
	static const struct { unsigned status; const char *code; enum err_kind kind;
		const char *cure; } cases[] = {
		{ 403, "AccessDenied", ERR_DENIED, "sts:GetFederationToken" },
		{ 403, "AccessDeniedException", ERR_DENIED, "--role-arn" },
		{ 403, "SignatureDoesNotMatch", ERR_DENIED, "secret" },
		{ 403, "ExpiredToken", ERR_DENIED, "new keys" },
		{ 400, "ExpiredTokenException", ERR_DENIED, "new keys" },
		{ 400, "PackedPolicyTooLarge", ERR_DENIED, "--policy" },
		{ 400, "MalformedPolicyDocument", ERR_DENIED, "policy" },
		{ 400, "SomethingNew", ERR_DENIED, "STS API Reference" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		explain(cases[i].status, cases[i].code, "no", FACTS(FEDERATE));
		EQ(err.kind, cases[i].kind);
		HAS((const char *)err.hint, cases[i].cure);
		HAS((const char *)err.what, cases[i].code);
		HAS((const char *)err.what, "GetFederationToken");
	}
}

TEST(refusal_takes_throttling_and_trouble_at_aws_for_later)
{
	static const char *const codes[] = {
		"Throttling", "ThrottlingException", "RequestLimitExceeded",
		"TooManyRequestsException", "SlowDown", "RequestThrottled",
		"BandwidthLimitExceeded", "ServiceUnavailable", "InternalFailure",
		"RequestTimeout", "PriorRequestNotComplete",
	};
	static const unsigned statuses[] = { 429, 500, 502, 503, 504 };

	for (size_t i = 0; i < COUNT(codes); i++) {
		explain(400, codes[i], "Rate exceeded", FACTS(ASSUME));
		EQ(err.kind, ERR_BUSY);
	}
	for (size_t i = 0; i < COUNT(statuses); i++) {
		explain(statuses[i], "Odd", "x", FACTS(ASSUME));
		EQ(err.kind, ERR_BUSY);
	}
	explain(400, "Throttlin", "x", FACTS(ASSUME));
	EQ(err.kind, ERR_DENIED);
	explain(400, "", "x", FACTS(ASSUME));
	EQ(err.kind, ERR_DENIED);
}

TEST(refusal_knows_keys_of_the_wrong_kind)
{
	explain(403, "AccessDenied",
	    "Cannot call GetFederationToken with session credentials",
	    FACTS(FEDERATE));
	EQ(err.kind, ERR_KEYKIND);
	HAS((const char *)err.hint, "AKIA");
	explain(403, "AccessDenied", "Roles may not be assumed by root accounts.",
	    FACTS(ASSUME));
	EQ(err.kind, ERR_KEYKIND);
	HAS((const char *)err.what, "root");
}

TEST(refusal_asks_for_mfa_only_where_none_was_sent)
{
	explain(403, "AccessDenied", "not authorized to perform: sts:AssumeRole",
	    FACTS(ASSUME));
	HAS((const char *)err.hint, "--serial-number arn:aws:iam::ACCOUNT:mfa/");
	HAS((const char *)err.hint, "--external-id");
	explain(403, "AccessDenied", "MultiFactorAuthentication failed with invalid "
	    "MFA one time pass code.", FACTS({ .action = STS_ASSUME_ROLE,
	    .mfa_sent = true }));
	HAS((const char *)err.hint, "--token-code");
	LACKS((const char *)err.hint, "--serial-number");
}

TEST(refusal_names_the_partition_in_arns)
{
	explain(403, "AccessDenied", "no", FACTS({ .action = STS_ASSUME_ROLE,
	    .partition = partition_by_name(slice_of("aws-cn")) }));
	HAS((const char *)err.hint, "arn:aws-cn:iam::");
}

TEST(refusal_of_an_unknown_key_hints_at_other_partitions)
{
	explain(403, "InvalidClientTokenId", "The security token included in the "
	    "request is invalid.", FACTS(FEDERATE));
	EQ(err.kind, ERR_DENIED);
	HAS((const char *)err.again, "--region cn-north-1");
	HAS((const char *)err.what, "us-gov-west-1");
	HAS((const char *)err.what, "aws-cn");
	explain(403, "InvalidClientTokenId", "x", FACTS({
	    .action = STS_GET_FEDERATION_TOKEN, .region_given = true }));
	EQ_TEXT((const char *)err.again, "");
	HAS((const char *)err.hint, "--region");
}

TEST(refusal_of_a_disabled_region_names_one_that_works)
{
	explain(403, "RegionDisabledException", "STS is not activated", FACTS(ASSUME));
	EQ_TEXT((const char *)err.again, "--region us-east-1");
	explain(403, "OptInRequired", "x", FACTS({ .action = STS_ASSUME_ROLE,
	    .partition = partition_by_name(slice_of("aws-us-gov")) }));
	EQ_TEXT((const char *)err.again, "--region us-gov-west-1");
}

TEST(refusal_of_a_value_names_its_option)
{
	explain(400, "ValidationError", "The requested DurationSeconds exceeds the "
	    "MaxSessionDuration set for this role.", FACTS(ASSUME));
	EQ_TEXT((const char *)err.again, "--duration 1h");
	explain(400, "ValidationError", "1 validation error detected: Value at "
	    "'roleSessionName' failed to satisfy constraint", FACTS(ASSUME));
	HAS((const char *)err.again, "--role-session-name");
	explain(400, "ValidationError", "Value 'x' at 'roleArn' failed",
	    FACTS(ASSUME));
	HAS((const char *)err.hint, "--role-arn");
	explain(400, "ValidationError", "something else", FACTS(ASSUME));
	YES(err.hint[0] != '\0');
}

TEST(refusal_leaves_an_error_that_is_there)
{
	struct sts_refusal r = refusal(403, "AccessDenied", "no");
	struct refusal_facts facts = { .partition = partition_at(0) };

	memset(&err, 0, sizeof err);
	err_set(&err, ERR_CLOCK, STEP_STS, "first");
	NO(refusal_explain(&r, &facts, &err));
	EQ(err.kind, ERR_CLOCK);
	EQ_TEXT((const char *)err.peer, "");
	EQ_TEXT((const char *)err.hint, "");
}

static bool
skew(const char *code, const char *message, bool known, int64_t off)
{
	struct sts_refusal r = refusal(403, code, message);

	r.server_time_known = known;
	r.server_time_s = 1440938160 + off;
	return refusal_is_skew(&r, 1440938160);
}

TEST(refusal_knows_when_it_is_about_the_clock)
{
	YES(skew("SignatureDoesNotMatch", "Signature expired: 2015 is now earlier",
	    true, 1200));
	YES(skew("SignatureDoesNotMatch", "Signature not yet current: 2015", true,
	    -1200));
	YES(skew("RequestExpired", "Request has expired.", true, 1200));
	YES(skew("RequestExpired", "Request has expired.", true, -1200));
	NO(skew("RequestExpired", "Request has expired.", true, 5));
	NO(skew("RequestExpired", "Request has expired.", true, -5));
	NO(skew("RequestExpired", "Request has expired.", false, 1200));
	NO(skew("SignatureDoesNotMatch", "Signature expired: x", false, 1200));
	NO(skew("SignatureDoesNotMatch", "The request signature we calculated does "
	    "not match", true, 2));
	NO(skew("AccessDenied", "no", true, 4000));
}

TEST(refusal_knows_when_the_keys_are_no_good)
{
	static const struct { const char *code; bool of_keys; } cases[] = {
		{ "InvalidClientTokenId", true }, { "ExpiredToken", true },
		{ "ExpiredTokenException", true }, { "SignatureDoesNotMatch", true },
		{ "AccessDenied", false }, { "Throttling", false }, { "", false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sts_refusal r = refusal(403, cases[i].code, "x");

		EQ(refusal_is_of_keys(&r), cases[i].of_keys);
	}
}
