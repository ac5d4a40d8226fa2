/* SPDX-License-Identifier: MIT */
/*
 * The document that --credentials names: shapes of JSON and, of lines, that
 * they get there; everything else is refused without a word of what stands in
 * it. The file is read in prepare.c.
 */
#include "test.h"

#include "base/limits.h"
#include "creds/plan.h"

#define ID     "ASIAIOSFODNN7EXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG"
#define TOKEN  "IQoJb3JpZ2lu"
#define FLAT   "\"AccessKeyId\":\"" ID "\",\"SecretAccessKey\":\"" SECRET "\"," \
	"\"SessionToken\":\"" TOKEN "\""
#define SMALL  "\"accessKeyId\":\"" ID "\",\"secretAccessKey\":\"" SECRET "\"," \
	"\"sessionToken\":\"" TOKEN "\""

static struct plan plan;
static struct error err;
static char env_id[] = "AWS_ACCESS_KEY_ID=AKIAENV";
static char env_secret[] = "AWS_SECRET_ACCESS_KEY=env";
static char *const env[] = { env_id, env_secret, NULL };

/* Values are decoded behind the document, up to an unreadable page. */
static bool
make_of(struct slice doc)
{
	struct buf room = edge_buf(2 * doc.len + 1);
	struct surroundings around = {
		.env = env, .document = &room,
		.files = { { "", 0 }, { "", 0 }, "CONFIG", "CREDENTIALS" },
		.config_state = "not there", .credentials_state = "not there",
	};
	bool made;

	test_input(doc);
	buf_put_slice(&room, doc);
	memset(&err, 0, sizeof err);
	made = plan_make(&plan, &around, &err);
	NO(room.full);
	return made;
}

static bool
make(const char *doc)
{
	return make_of(slice_of(doc));
}

static void
keys_are(const char *id, const char *secret, const char *token)
{
	if (!YES(plan.found))
		return;
	EQ_TEXT(plan.base.source->name, "document");
	EQ_TEXT(plan.base.access_key_id, id);
	EQ_TEXT(plan.base.secret_access_key, secret);
	EQ_TEXT(plan.base.session_token, token);
}

static void
expires(int64_t at_s)
{
	YES(plan.base.expires_known);
	EQ(plan.base.expires_s, at_s);
}

static void
refuses_text(struct slice doc, const char *what)
{
	NO(make_of(doc));
	EQ(err.kind, ERR_DATA);
	EQ(err.step, STEP_CREDENTIALS);
	HAS((const char *)err.what, what);
	YES(err.hint[0] != '\0');
	LACKS((const char *)err.what, "wJalr");
	LACKS((const char *)err.hint, "wJalr");
	LACKS((const char *)err.what, "IQoJ");
}

static void
refuses(const char *doc, const char *what)
{
	refuses_text(slice_of(doc), what);
}

TEST(document_of_sts_is_read_and_beats_the_environment)
{
	YES(make("{\"Credentials\":{" FLAT ",\"Expiration\":"
	    "\"2015-08-30T12:36:00+00:00\"},\"PackedPolicySize\":6,"
	    "\"AssumedRoleUser\":{\"Arn\":\"arn:aws:sts::1:x\"}}\n"));
	keys_are(ID, SECRET, TOKEN);
	expires(1440938160);
	EQ_TEXT((const char *)plan.origin, "--credentials");
}

TEST(document_of_a_credential_process_is_read)
{
	YES(make("{\"Version\":1," FLAT ",\"Expiration\":\"2015-08-30T12:36:00Z\"}"));
	keys_are(ID, SECRET, TOKEN);
	expires(1440938160);
	YES(make("{\"Version\":1,\"AccessKeyId\":\"AKIAI\",\"SecretAccessKey\":\"S\"}"));
	keys_are("AKIAI", "S", "");
	NO(plan.base.expires_known);
}

TEST(document_of_sso_counts_milliseconds)
{
	YES(make("{\"roleCredentials\":{" SMALL ",\"expiration\":1440938160999}}"));
	keys_are(ID, SECRET, TOKEN);
	expires(1440938160);
	YES(make("{\"roleCredentials\":{" SMALL "}}"));
	NO(plan.base.expires_known);
}

TEST(document_of_instance_metadata_or_a_container_says_token)
{
	YES(make("{\"Code\":\"Success\",\"Type\":\"AWS-HMAC\",\"AccessKeyId\":\"" ID
	    "\",\"SecretAccessKey\":\"" SECRET "\",\"Token\":\"" TOKEN "\","
	    "\"Expiration\":\"2015-08-30T12:36:00Z\"}"));
	keys_are(ID, SECRET, TOKEN);
	expires(1440938160);
	refuses("{" FLAT ",\"Token\":\"" TOKEN "\"}",
	    "Token beside SessionToken");
	refuses("{\"Token\":\"" TOKEN "\",\"Token\":\"" TOKEN "\"}",
	    "Token stands there twice");
}

TEST(document_of_postern_creds_is_read)
{
	YES(make("{\"Credentials\":{" FLAT ",\"Expiration\":"
	    "\"2015-08-30T12:36:00Z\"},\"account\":null,\"arn\":null}\n"));
	keys_are(ID, SECRET, TOKEN);
}

TEST(document_may_begin_with_a_byte_order_mark)
{
	YES(make("\xEF\xBB\xBF{" FLAT "}\r\n"));
	keys_are(ID, SECRET, TOKEN);
	YES(make("\xEF\xBB\xBF" "AWS_ACCESS_KEY_ID=A\r\nAWS_SECRET_ACCESS_KEY=B"));
	keys_are("A", "B", "");
}

TEST(document_of_lines_is_read)
{
	YES(make("export AWS_ACCESS_KEY_ID=" ID "\nexport AWS_SECRET_ACCESS_KEY='"
	    SECRET "'\nexport AWS_SESSION_TOKEN=\"" TOKEN "\"\n"
	    "export AWS_CREDENTIAL_EXPIRATION=2015-08-30T12:36:00+00:00\n"));
	keys_are(ID, SECRET, TOKEN);
	expires(1440938160);
	YES(make("[p]\naws_access_key_id = A\naws_secret_access_key = B\n"));
	keys_are("A", "B", "");
	NO(plan.base.expires_known);
	refuses("AWS_ACCESS_KEY_ID=A AWS_CREDENTIAL_EXPIRATION=soon",
	    "AWS_CREDENTIAL_EXPIRATION is no time");
}

TEST(document_without_any_key_is_no_source_of_keys)
{
	static const char *const texts[] = { "", "\n \r\n", "# export X=y\n",
		"[default]\nregion = us-east-1\n" };

	for (size_t i = 0; i < COUNT(texts); i++) {
		NO(make(texts[i]));
		EQ(err.kind, ERR_NOCREDS);
		HAS((const char *)err.what, "no keys in what was given");
		HAS((const char *)err.hint, "export AWS_ACCESS_KEY_ID=");
	}
}

TEST(document_is_decoded)
{
	YES(make("{\"AccessKeyId\":\"\\u0041KIA\",\"SecretAccess\\u004bey\":"
	    "\"a\\/b\\/c\"}"));
	keys_are("AKIA", "a/b/c", "");
}

TEST(document_that_is_no_json_is_refused)
{
	refuses("export AWS_SECRET_ACCESS_KEY " SECRET, "line 1 is neither JSON");
	refuses("{" FLAT "} {" FLAT "}", "text after the document");
	refuses("{" FLAT ",}", "not JSON");
	refuses_text(slice_from("{" FLAT "}\0", sizeof "{" FLAT "}"), "not JSON");
}

TEST(document_without_a_field_is_refused_by_its_name)
{
	refuses("{}", "AccessKeyId is missing");
	refuses("[{" FLAT "}]", "AccessKeyId is missing");
	refuses("\"" SECRET "\"", "AccessKeyId is missing");
	refuses("{\"Credentials\":\"" SECRET "\"}", "AccessKeyId is missing");
	refuses("{\"SecretAccessKey\":\"" SECRET "\"}", "AccessKeyId is missing");
	refuses("{\"AccessKeyId\":\"A\"}", "SecretAccessKey is missing");
	refuses("{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"\"}",
	    "SecretAccessKey is missing");
	refuses("{\"AccessKeyId\":\"" ID "\",\"SecretAccessKey\":\"" SECRET "\"}",
	    "SessionToken is missing");
	refuses("{\"roleCredentials\":{" FLAT "}}", "accessKeyId is missing");
	refuses("{\"Credentials\":{" SMALL "}}", "AccessKeyId is missing");
}

TEST(document_takes_null_for_what_may_be_absent)
{
	YES(make_of(edge("{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"" SECRET
	    "\",\"SessionToken\":null,\"Expiration\":null}")));
	EQ_TEXT(plan.base.session_token, "");
	NO(plan.base.expires_known);
}

TEST(document_with_fields_of_another_kind_is_refused)
{
	refuses("{\"AccessKeyId\":1}", "AccessKeyId is no string");
	refuses("{\"AccessKeyId\":\"A\",\"SecretAccessKey\":[\"" SECRET "\"]}",
	    "SecretAccessKey is no string");
	refuses("{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"wJalr\\u0000\"}",
	    "SecretAccessKey is no string");
	refuses("{\"AccessKeyId\":\"ASIA\",\"SecretAccessKey\":\"" SECRET "\","
	    "\"SessionToken\":null}", "SessionToken is missing");
	refuses("{" FLAT ",\"Expiration\":1440938160}", "Expiration is no string");
	refuses("{" FLAT ",\"Expiration\":\"tomorrow\"}", "Expiration is no time");
	refuses("{" FLAT ",\"Expiration\":\"2015-08-30T12:36:00\"}", "is no time");
	refuses("{\"roleCredentials\":{" SMALL ",\"expiration\":\"1440938160999\"}}",
	    "expiration is no time");
	refuses("{\"roleCredentials\":{" SMALL ",\"expiration\":-1}}", "is no time");
	refuses("{\"roleCredentials\":{" SMALL ",\"expiration\":253402300800000}}",
	    "is no time");
	refuses("{\"Version\":2," FLAT "}", "Version is not 1");
	refuses("{\"Version\":\"1\"," FLAT "}", "Version is not 1");
}

TEST(document_that_says_a_thing_twice_is_refused)
{
	refuses("{" FLAT ",\"SecretAccessKey\":\"" SECRET "\"}",
	    "SecretAccessKey stands there twice");
	refuses("{" FLAT ",\"Session\\u0054oken\":\"" TOKEN "\"}",
	    "SessionToken stands there twice");
	refuses("{\"Credentials\":{" FLAT "},\"Credentials\":{" FLAT "}," FLAT "}",
	    "Credentials stands there twice");
	refuses("{\"Credentials\":{" FLAT "}," FLAT "}", "more than one");
	refuses("{\"Credentials\":{" FLAT "},\"roleCredentials\":{" SMALL "}}",
	    "more than one");
	refuses("{\"roleCredentials\":{" SMALL ",\"expiration\":1,\"expiration\":2}}",
	    "expiration stands there twice");
}

TEST(document_cut_or_spoilt_is_read_as_keys_or_refused_without_its_words)
{
	struct slice whole = EDGE("{\"Credentials\":{" FLAT
	    ",\"Expiration\":\"2015-08-30T12:36:00Z\"}}"), part;

	EACH_CUT(whole, part)
		if (part.len)
			refuses_text(part, "not JSON");
	EACH_SPOILT(whole, part) {
		if (make_of(part)) {
			YES(plan.found);
			continue;
		}
		EQ(err.kind, ERR_DATA);
		LACKS((const char *)err.what, "wJalr");
		LACKS((const char *)err.what, "IQoJ");
	}
}

TEST(document_is_no_source_when_it_is_not_named)
{
	struct surroundings around = {
		.env = env, .files = { { "", 0 }, { "", 0 }, "C", "C" },
	};

	memset(&err, 0, sizeof err);
	YES(plan_make(&plan, &around, &err));
	EQ_TEXT(plan.base.source->name, "env");
}
