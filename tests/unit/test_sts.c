/* SPDX-License-Identifier: MIT */
/*
 * STS requests byte for byte, and every answer that STS, a proxy or an attacker
 * may give. What a refusal means is tested in test_refusal.c.
 */
#include "test.h"

#include "sts/sts.h"
#include "vectors.h"

static char request[1 << 16], scratch[1 << 16];
static struct sigv4_keys keys;
static struct error err;

static bool
write_call(const struct sts_call *call, const char *region, const char *host,
	const char *token, int64_t now, struct buf *out)
{
	struct sigv4_scope scope = { VECTOR_NOW, slice_of(region), SLICE("sts") };
	struct sts_signer signer = {
		slice_of(VECTOR_ID), slice_of(token), &keys, slice_of(region)
	};
	struct endpoint to = { .port = 443, .https = true };
	struct buf s = BUF_OVER(scratch);

	memset(&err, 0, sizeof err);
	copy_text(to.host, sizeof to.host, slice_of(host));
	sigv4_keys_derive(&keys, slice_of(VECTOR_SECRET), &scope);
	return sts_write(out, call, &signer, &to, now, &s, &err);
}

static void
signature_is(const struct sts_call *call, const char *region, const char *host,
	const char *token, const char *wanted)
{
	struct buf b = BUF_OVER(request);

	YES(write_call(call, region, host, token, VECTOR_NOW, &b));
	HAS(&b, wanted);
}

TEST(sts_writes_an_identity_request)
{
	struct buf b = BUF_OVER(request);

	YES(write_call(&(struct sts_call){ .action = STS_GET_CALLER_IDENTITY },
	    "us-east-1", "sts.us-east-1.amazonaws.com", "", VECTOR_NOW, &b));
	EQ_TEXT(&b, "POST / HTTP/1.1\r\nHost: sts.us-east-1.amazonaws.com\r\n"
	    "User-Agent: postern/" POSTERN_VERSION "\r\n"
	    "Accept-Encoding: identity\r\n"
	    "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
	    "X-Amz-Date: 20150830T123600Z\r\n"
	    "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/"
	    "us-east-1/sts/aws4_request, SignedHeaders=content-type;host;"
	    "x-amz-date, Signature=52a8540fea00e731072179f763577cbe2a45eac2c5d32"
	    "fb4d785f3eefac88165\r\nContent-Length: 43\r\n\r\n"
	    "Action=GetCallerIdentity&Version=2011-06-15");
}

TEST(sts_signs_nothing_for_a_web_identity)
{
	struct buf b = BUF_OVER(request);
	const struct sts_call call = {
		.action = STS_ASSUME_ROLE_WITH_WEB_IDENTITY,
		.role_arn = slice_of("arn:aws:iam::123456789012:role/W"),
		.name = slice_of("me"), .web_identity_token = slice_of("a.b.c"),
	};

	/* No key is needed, so none of a day that is far off is missed. */
	YES(write_call(&call, "us-east-1", "sts.us-east-1.amazonaws.com", "",
	    VECTOR_NOW + 30 * 86400, &b));
	EQ_TEXT(&b, "POST / HTTP/1.1\r\nHost: sts.us-east-1.amazonaws.com\r\n"
	    "User-Agent: postern/" POSTERN_VERSION "\r\n"
	    "Accept-Encoding: identity\r\n"
	    "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
	    "Content-Length: 146\r\n\r\n"
	    "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn="
	    "arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FW&RoleSessionName=me"
	    "&WebIdentityToken=a.b.c");
}

TEST(sts_signs_requests_of_other_partitions)
{
	static const struct sts_call call = { .action = STS_GET_CALLER_IDENTITY };

	signature_is(&call, "cn-north-1", "sts.cn-north-1.amazonaws.com.cn",
	    VECTOR_TOKEN, "content-type;host;x-amz-date;x-amz-security-token, "
	    "Signature=1b395a7b22def6a590fa1813232f08a7f44e1e018ccf590b9b3333"
	    "77ee6aeef8\r\n");
	signature_is(&call, "eusc-de-east-1", "sts.eusc-de-east-1.amazonaws.eu",
	    "", "Signature=09f7a1399f2701b5a90aebddd44aab3183a0c95ea075b96a46"
	    "d341ffabf38484\r\n");
}

TEST(sts_writes_assume_role_with_every_parameter_in_order)
{
	struct sts_call call = {
		.action = STS_ASSUME_ROLE, .name = SLICE("dev+1=a,b.c@d-e"),
		.role_arn = SLICE("arn:aws:iam::123456789012:role/Admin"),
		.external_id = SLICE("x:/1"), .duration_s = 3600,
	};
	struct buf b = BUF_OVER(request);

	signature_is(&call, "eu-west-1", "sts.eu-west-1.amazonaws.com",
	    VECTOR_TOKEN, "Signature=0d1a61a81362d5be0600c989f2ebdebcac137e44a06"
	    "cd0cfc1fff29478135b5e\r\n");
	call.serial_number = slice_of("arn:aws:iam::1:mfa/a");
	call.token_code = slice_of("012345");
	call.source_identity = slice_of("me");
	sts_put_body(&b, &call);
	EQ_TEXT(&b, "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam"
	    "%3A%3A123456789012%3Arole%2FAdmin&RoleSessionName=dev%2B1%3Da%2Cb.c"
	    "%40d-e&DurationSeconds=3600&ExternalId=x%3A%2F1&SerialNumber=arn%3A"
	    "aws%3Aiam%3A%3A1%3Amfa%2Fa&TokenCode=012345&SourceIdentity=me");
}

TEST(sts_writes_get_federation_token_with_policies)
{
	static const struct slice arns[] = {
		SLICE("arn:aws:iam::aws:policy/ReadOnlyAccess"), SLICE("b"),
	};
	struct sts_call call = {
		.action = STS_GET_FEDERATION_TOKEN, .name = SLICE("dev@example.com"),
		.policy = SLICE("{\"Version\":\"2012-10-17\"}"),
		.policy_arns = arns, .policy_arns_n = 2, .duration_s = 129600,
	};
	struct buf b = BUF_OVER(request);

	sts_put_body(&b, &call);
	EQ_TEXT(&b, "Action=GetFederationToken&Version=2011-06-15&Name=dev%40"
	    "example.com&Policy=%7B%22Version%22%3A%222012-10-17%22%7D"
	    "&PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2F"
	    "ReadOnlyAccess&PolicyArns.member.2.arn=b&DurationSeconds=129600");
}

TEST(sts_signs_for_days_it_has_keys_of_only)
{
	static const struct sts_call call = { .action = STS_GET_CALLER_IDENTITY };
	struct buf b = BUF_OVER(request);

	YES(write_call(&call, "us-east-1", "h", "", VECTOR_NOW + 86400, &b));
	HAS(&b, "20150831T123600Z");
	HAS(&b, "/20150831/us-east-1/");
	NO(write_call(&call, "us-east-1", "h", "", VECTOR_NOW + 3 * 86400, &b));
	EQ(err.kind, ERR_CLOCK);
}

TEST(sts_fails_when_a_buffer_is_full)
{
	static const struct sts_call call = { .action = STS_GET_CALLER_IDENTITY };
	struct buf b = edge_buf(300);

	NO(write_call(&call, "us-east-1", "h", "", VECTOR_NOW, &b));
	EQ(err.kind, ERR_LIMIT);
}

/* ---- answers ---- */

#define NS "xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\""
#define KEYS "<AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>" \
	"<SecretAccessKey>wJalrXUtnFEMI/K7</SecretAccessKey>" \
	"<SessionToken>AQoDYXdz&#x2F;//</SessionToken>"
#define CREDENTIALS "<Credentials>" KEYS \
	"<Expiration>2021-08-05T19:58:02Z</Expiration></Credentials>"
#define ASSUMED "<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/" \
	"Admin/dev</Arn><AssumedRoleId>AROAX:dev</AssumedRoleId></AssumedRoleUser>"
#define ASSUME(inner) "<AssumeRoleResponse " NS "><AssumeRoleResult>" inner \
	"</AssumeRoleResult><ResponseMetadata><RequestId>7f1c</RequestId>" \
	"</ResponseMetadata></AssumeRoleResponse>"

static struct session session;
static struct identity who;
static struct sts_refusal refusal;

static enum sts_result
read_answer(unsigned status, enum sts_action action, const char *body)
{
	static struct http1 answer;
	struct slice s = edge(body);

	memset(&answer, 0, sizeof answer);
	memset(&session, 0, sizeof session);
	memset(&who, 0, sizeof who);
	memset(&refusal, 0, sizeof refusal);
	memset(&err, 0, sizeof err);
	answer.status = status;
	copy_text(answer.request_id, sizeof answer.request_id, slice_of("header"));
	copy_text(answer.date, sizeof answer.date,
	    slice_of("Sun, 30 Aug 2015 12:36:00 GMT"));
	copy_text(answer.location, sizeof answer.location,
	    slice_of("https://portal.example/?u=secret"));
	answer.body = (struct buf){ (char *)(uintptr_t)s.p, s.len, s.len, false };
	return sts_read(&answer, action, &session, &who, &refusal, &err);
}

TEST(sts_reads_the_session_of_an_assumed_role)
{
	EQ(read_answer(200, STS_ASSUME_ROLE, ASSUME(ASSUMED CREDENTIALS)), STS_OK);
	EQ_TEXT((const char *)session.creds.access_key_id, "ASIAIOSFODNN7EXAMPLE");
	EQ_TEXT((const char *)session.creds.secret_access_key, "wJalrXUtnFEMI/K7");
	EQ_TEXT((const char *)session.creds.session_token, "AQoDYXdz///");
	YES(session.expires_known);
	EQ(session.expires_s, 1628193482);
	EQ_TEXT((const char *)who.arn,
	    "arn:aws:sts::123456789012:assumed-role/Admin/dev");
	EQ_TEXT((const char *)who.user_id, "AROAX:dev");
	EQ_TEXT((const char *)who.account, "123456789012");
	EQ_TEXT((const char *)who.request_id, "7f1c");
}

TEST(sts_reads_the_session_of_a_federated_user)
{
	EQ(read_answer(200, STS_GET_FEDERATION_TOKEN, "<?xml version=\"1.0\"?>\n"
	    "<GetFederationTokenResponse " NS ">\n <GetFederationTokenResult>\n"
	    "<FederatedUser><FederatedUserId>123456789012:dev</FederatedUserId>"
	    "<Arn>arn:aws:sts::123456789012:federated-user/dev</Arn>"
	    "</FederatedUser>" CREDENTIALS "<PackedPolicySize>6"
	    "</PackedPolicySize></GetFederationTokenResult>"
	    "</GetFederationTokenResponse>\n"), STS_OK);
	EQ_TEXT((const char *)who.arn,
	    "arn:aws:sts::123456789012:federated-user/dev");
	EQ_TEXT((const char *)who.user_id, "123456789012:dev");
	EQ_TEXT((const char *)who.request_id, "header");
	EQ_TEXT((const char *)session.creds.session_token, "AQoDYXdz///");
}

#define IDENTITY(inner) "<GetCallerIdentityResponse " NS \
	"><GetCallerIdentityResult>" inner "</GetCallerIdentityResult>" \
	"</GetCallerIdentityResponse>"

TEST(sts_reads_an_identity)
{
	EQ(read_answer(200, STS_GET_CALLER_IDENTITY, IDENTITY("<UserId>A</UserId>"
	    "<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:"
	    "user/alice</Arn>")), STS_OK);
	EQ_TEXT((const char *)who.arn, "arn:aws:iam::123456789012:user/alice");
	EQ_TEXT((const char *)who.account, "123456789012");
	EQ_TEXT((const char *)who.user_id, "A");
	EQ_TEXT((const char *)session.creds.access_key_id, "");
	EQ(read_answer(200, STS_GET_CALLER_IDENTITY, IDENTITY("")), STS_BAD);
	EQ(err.kind, ERR_PROTOCOL);
}

TEST(sts_makes_an_arn_printable)
{
	EQ(read_answer(200, STS_GET_CALLER_IDENTITY, IDENTITY("<Arn>arn:aws:iam::"
	    "1:user/\xE2\x80\xAE\xC2\x9B" "x</Arn>")), STS_OK);
	EQ_TEXT((const char *)who.arn, "arn:aws:iam::1:user/??x");
}

TEST(sts_makes_a_user_id_printable_and_bounds_it)
{
	char body[1024];
	struct buf b = TEXT_OVER(body);

	EQ(read_answer(200, STS_GET_CALLER_IDENTITY, IDENTITY("<UserId>A\xC2\x9B"
	    "[31m</UserId><Arn>arn:aws:iam::1:root</Arn>")), STS_OK);
	EQ_TEXT((const char *)who.user_id, "A?[31m");
	buf_puts(&b, "<GetCallerIdentityResponse " NS "><GetCallerIdentityResult>"
	    "<Arn>arn:aws:iam::1:root</Arn><UserId>");
	for (int i = 0; i < USER_ID_MAX + 1; i++)
		buf_putc(&b, 'A');
	buf_puts(&b, "</UserId></GetCallerIdentityResult>"
	    "</GetCallerIdentityResponse>");
	buf_end(&b);
	EQ(read_answer(200, STS_GET_CALLER_IDENTITY, body), STS_OK);
	EQ_TEXT((const char *)who.user_id, "");
}

/* What is wrong with the credentials of an answer, one thing at a time. */
TEST(sts_refuses_incomplete_or_ambiguous_credentials)
{
#define BAD(inner) ASSUME(ASSUMED "<Credentials>" inner "</Credentials>")
#define ID   "<AccessKeyId>ASIA</AccessKeyId>"
#define SEC  "<SecretAccessKey>wJalr</SecretAccessKey>"
#define TOK  "<SessionToken>AQo</SessionToken>"
#define EXP  "<Expiration>2021-08-05T19:58:02Z</Expiration>"
	static const char *const bad[] = {
		ASSUME(ASSUMED), BAD(""), BAD(SEC TOK EXP), BAD(ID TOK EXP),
		BAD(ID SEC EXP), BAD(ID SEC TOK), BAD(ID ID SEC TOK EXP),
		BAD(ID SEC TOK TOK EXP), BAD(ID SEC TOK EXP EXP),
		ASSUME(CREDENTIALS CREDENTIALS),
		ASSUME("<AssumedRoleUser>" CREDENTIALS "</AssumedRoleUser>"),
		ASSUME("<!-- " CREDENTIALS " -->"),
		BAD("<AccessKeyId/>" SEC TOK EXP),
		BAD("<AccessKeyId>AS IA</AccessKeyId>" SEC TOK EXP),
		BAD("<AccessKeyId>AS<b/>IA</AccessKeyId>" SEC TOK EXP),
		BAD("<AccessKeyId>A<!-- -->B</AccessKeyId>" SEC TOK EXP),
		BAD("<MyAccessKeyId>ASIA</MyAccessKeyId>" SEC TOK EXP),
		BAD("<accesskeyid>ASIA</accesskeyid>" SEC TOK EXP),
		BAD(ID "<SecretAccessKey>a\nb</SecretAccessKey>" TOK EXP),
		BAD(ID SEC TOK "<Expiration>1628193482</Expiration>"),
		BAD(ID SEC TOK "<Expiration>2021-08-05T19:58:02</Expiration>"),
		BAD(ID SEC TOK "<Expiration>tomorrow</Expiration>"),
		BAD("<AccessKeyId xmlns='u'>ASIA</AccessKeyId>" SEC TOK EXP),
		"<AssumeRoleResponse " NS ">" CREDENTIALS "</AssumeRoleResponse>",
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		EQ(read_answer(200, STS_ASSUME_ROLE, bad[i]), STS_BAD);
		EQ(err.kind, ERR_PROTOCOL);
		EQ(err.step, STEP_STS);
		LACKS((const char *)err.what, "wJalr");
	}
	EQ(read_answer(200, STS_ASSUME_ROLE, BAD(ID SEC TOK EXP)), STS_OK);
}

TEST(sts_takes_a_session_token_up_to_its_bound)
{
	static char body[SESSION_TOKEN_MAX + 2048];

	for (size_t len = SESSION_TOKEN_MAX; len <= SESSION_TOKEN_MAX + 1; len++) {
		struct buf b = { body, 0, sizeof body - 1, false };

		buf_puts(&b, "<AssumeRoleResponse " NS "><AssumeRoleResult>"
		    "<Credentials>" ID SEC EXP "<SessionToken>");
		for (size_t i = 0; i < len; i++)
			buf_putc(&b, 'a');
		buf_puts(&b, "</SessionToken></Credentials></AssumeRoleResult>"
		    "</AssumeRoleResponse>");
		body[b.len] = '\0';
		EQ(read_answer(200, STS_ASSUME_ROLE, body),
		    len == SESSION_TOKEN_MAX ? STS_OK : STS_BAD);
	}
	EQ(err.kind, ERR_PROTOCOL);
}

TEST(sts_refuses_documents_of_others)
{
	static const char *const bad[] = {
		"", "hello", "<a/>", "{}", "<html><body>Sign in</body></html>",
		"<AssumeRoleResponse/>",
		"<AssumeRoleResponse xmlns='u'><AssumeRoleResult>" CREDENTIALS
		"</AssumeRoleResult></AssumeRoleResponse>",
		"<GetFederationTokenResponse " NS "><GetFederationTokenResult>"
		CREDENTIALS "</GetFederationTokenResult></GetFederationTokenResponse>",
		"<!DOCTYPE a><a/>",
		"<ErrorResponse " NS "><Error><Code>X</Code></Error></ErrorResponse>",
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		EQ(read_answer(200, STS_ASSUME_ROLE, bad[i]), STS_BAD);
		EQ(err.kind, ERR_PROTOCOL);
		YES(err.hint[0] != '\0');
	}
	EQ(read_answer(403, STS_ASSUME_ROLE, ASSUME(CREDENTIALS)), STS_BAD);
	EQ(err.kind, ERR_PROTOCOL);
	EQ(read_answer(201, STS_ASSUME_ROLE, ASSUME(CREDENTIALS)), STS_BAD);
}

TEST(sts_refuses_an_answer_cut_at_any_place)
{
	struct slice whole = slice_of(ASSUME(ASSUMED CREDENTIALS)), cut;
	static char text[2048];

	for (size_t len = 0; len < whole.len; len++) {
		cut = slice_from(whole.p, len);
		copy_text(text, sizeof text, cut);
		EQ(read_answer(200, STS_ASSUME_ROLE, text), STS_BAD);
	}
}

#define ERROR(code, message) "<ErrorResponse " NS "><Error><Type>Sender</Type>" \
	"<Code>" code "</Code><Message>" message "</Message></Error>" \
	"<RequestId>9d</RequestId></ErrorResponse>"

TEST(sts_reads_a_refusal)
{
	EQ(read_answer(403, STS_ASSUME_ROLE, ERROR("AccessDenied",
	    "User: a is not &quot;authorized&quot; &#x9B;[31m")), STS_REFUSED);
	EQ(refusal.status, 403);
	EQ_TEXT((const char *)refusal.code, "AccessDenied");
	EQ_TEXT((const char *)refusal.message,
	    "User: a is not \"authorized\" ?[31m");
	EQ_TEXT((const char *)refusal.request_id, "9d");
	YES(refusal.server_time_known);
	EQ(refusal.server_time_s, VECTOR_NOW);  /* of the Date header */
	EQ(err.kind, ERR_NONE);
}

TEST(sts_takes_the_server_s_time_from_words_about_skew)
{
	EQ(read_answer(403, STS_ASSUME_ROLE, ERROR("SignatureDoesNotMatch",
	    "Signature expired: 20150830T120000Z is now earlier than "
	    "20150830T123000Z (20150830T124500Z - 15 min.)")), STS_REFUSED);
	YES(refusal.server_time_known);
	EQ(refusal.server_time_s - 1440936000, 2700);   /* from 12:00 */
}

TEST(sts_reads_a_refusal_without_code_or_message)
{
	EQ(read_answer(400, STS_ASSUME_ROLE, "<ErrorResponse " NS
	    "><Error/></ErrorResponse>"), STS_REFUSED);
	EQ_TEXT((const char *)refusal.code, "");
	EQ_TEXT((const char *)refusal.message, "");
	EQ_TEXT((const char *)refusal.request_id, "header");
}

TEST(sts_tells_trouble_at_aws_from_trouble_on_the_way)
{
	static const struct { unsigned status; enum err_kind kind; } cases[] = {
		{ 500, ERR_BUSY }, { 502, ERR_BUSY }, { 503, ERR_BUSY },
		{ 504, ERR_BUSY }, { 429, ERR_BUSY }, { 302, ERR_PROTOCOL },
		{ 400, ERR_PROTOCOL }, { 403, ERR_PROTOCOL }, { 407, ERR_PROTOCOL },
		{ 204, ERR_PROTOCOL },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		EQ(read_answer(cases[i].status, STS_ASSUME_ROLE,
		    "<html>no</html>"), STS_BAD);
		EQ(err.kind, cases[i].kind);
		EQ_TEXT((const char *)err.request_id, "header");
		YES(err.hint[0] != '\0');
	}
	EQ(read_answer(302, STS_ASSUME_ROLE, ASSUME(CREDENTIALS)), STS_BAD);
	HAS((const char *)err.what, "to portal.example,");
	EQ(read_answer(503, STS_ASSUME_ROLE, ERROR("ServiceUnavailable", "x")),
	    STS_REFUSED);
}
