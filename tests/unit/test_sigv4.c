/* SPDX-License-Identifier: MIT */
/*
 * Signatures of published AWS examples and of requests signed with botocore,
 * stage by stage. Whole STS requests are tested in test_sts.c.
 */
#include "test.h"

#include "codec/hex.h"
#include "sts/sigv4.h"
#include "vectors.h"

#define FORM "application/x-www-form-urlencoded; charset=utf-8"
#define EMPTY_HASH \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define IDENTITY "Action=GetCallerIdentity&Version=2011-06-15"

static char out_canonical[8192], out_rest[2048];

/* Sign; leaves the canonical request in *canonical. */
static struct slice
sign(const struct sigv4_request *req, const char *region, const char *service,
	struct buf *canonical)
{
	struct sigv4_scope scope = { VECTOR_NOW, edge(region), edge(service) };
	static char hex[SIGV4_HEX];
	struct buf to_sign = BUF_OVER(out_rest), signature = BUF_OVER(hex);
	uint8_t key[32];

	buf_init(canonical, out_canonical, sizeof out_canonical);
	YES(sigv4_put_canonical(canonical, req));
	sigv4_put_to_sign(&to_sign, buf_slice(canonical), &scope);
	sigv4_key(key, edge(VECTOR_SECRET), &scope);
	sigv4_put_signature(&signature, key, buf_slice(&to_sign));
	NO(to_sign.full || signature.full);
	return buf_slice(&signature);
}

#define PAIR(n, v) { SLICE(n), SLICE(v) }

TEST(sigv4_signs_the_suite_s_get_vanilla)
{
	static const struct sigv4_pair headers[] = {
		PAIR("Host", "example.amazonaws.com"),
		PAIR("X-Amz-Date", "20150830T123600Z"),
	};
	const struct sigv4_request req = {
		.method = "GET", .path = SLICE("/"), .headers = headers,
		.headers_n = 2,
	};
	struct buf canonical;
	struct slice signature = sign(&req, "us-east-1", "service", &canonical);

	EQ_TEXT(&canonical, "GET\n/\n\nhost:example.amazonaws.com\n"
	    "x-amz-date:20150830T123600Z\n\nhost;x-amz-date\n" EMPTY_HASH);
	EQ_TEXT(signature,
	    "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

TEST(sigv4_signs_the_suite_s_post_sts_header_before)
{
	static const struct sigv4_pair headers[] = {
		PAIR("X-Amz-Security-Token", VECTOR_TOKEN),
		PAIR("Host", "example.amazonaws.com"),
		PAIR("X-Amz-Date", "20150830T123600Z"),
	};
	const struct sigv4_request req = {
		.method = "POST", .path = SLICE("/"), .headers = headers,
		.headers_n = 3,
	};
	struct buf canonical;

	EQ_TEXT(sign(&req, "us-east-1", "service", &canonical),
	    "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead");
}

TEST(sigv4_signs_the_guide_s_list_users)
{
	static const struct sigv4_pair query[] = {
		PAIR("Version", "2010-05-08"), PAIR("Action", "ListUsers"),
	};
	static const struct sigv4_pair headers[] = {
		PAIR("Host", "iam.amazonaws.com"), PAIR("Content-Type", FORM),
		PAIR("X-Amz-Date", "20150830T123600Z"),
	};
	const struct sigv4_request req = {
		.method = "GET", .path = SLICE("/"), .query = query, .query_n = 2,
		.headers = headers, .headers_n = 3,
	};
	struct buf canonical;

	EQ_TEXT(sign(&req, "us-east-1", "iam", &canonical),
	    "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
	HAS(&canonical, "Action=ListUsers&Version=2010-05-08\n");
}

TEST(sigv4_signs_an_identity_request_with_and_without_content_type)
{
	static const struct sigv4_pair headers[] = {
		PAIR("host", "sts.us-east-1.amazonaws.com"),
		PAIR("x-amz-date", "20150830T123600Z"), PAIR("content-type", FORM),
	};
	struct sigv4_request req = {
		.method = "POST", .path = SLICE("/"), .headers = headers,
		.headers_n = 3, .body = SLICE(IDENTITY),
	};
	struct buf canonical;

	EQ_TEXT(sign(&req, "us-east-1", "sts", &canonical),
	    "52a8540fea00e731072179f763577cbe2a45eac2c5d32fb4d785f3eefac88165");
	EQ(canonical.len, 225);
	req.headers_n = 2;
	EQ_TEXT(sign(&req, "us-east-1", "sts", &canonical),
	    "6f5b24efd725b4b1346d20ecef0d9907d33fb68d3ee5cc640fd6eb2da4505d57");
	EQ(canonical.len, 150);
}

TEST(sigv4_signs_a_body_with_tags_and_utf_8)
{
	static const struct sigv4_pair headers[] = {
		PAIR("content-type", FORM), PAIR("host", "sts.amazonaws.com"),
		PAIR("x-amz-date", "20150830T123600Z"),
	};
	const struct sigv4_request req = {
		.method = "POST", .path = SLICE("/"), .headers = headers,
		.headers_n = 3, .body = SLICE("Action=GetFederationToken"
		    "&Version=2011-06-15&Name=dev%40example.com&Policy=%7B%22"
		    "Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22"
		    "Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22"
		    "Resource%22%3A%22%2A%22%7D%5D%7D&PolicyArns.member.1.arn="
		    "arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess"
		    "&DurationSeconds=3600&Tags.member.1.Key=Team"
		    "&Tags.member.1.Value=Ops%20%26%20Caf%C3%A9"),
	};
	struct buf canonical;

	EQ(req.body.len, 389);
	EQ_TEXT(sign(&req, "us-east-1", "sts", &canonical),
	    "0bbe164332a49450aff1da18a48a4e08d093897efd536c0575a022450d957496");
}

TEST(sigv4_signs_an_accept_header_in_its_place)
{
	static const struct sigv4_pair headers[] = {
		PAIR("content-type", FORM), PAIR("host", "sts.us-east-2.amazonaws.com"),
		PAIR("x-amz-date", "20150830T123600Z"),
		PAIR("Accept", "application/json"),
	};
	const struct sigv4_request req = {
		.method = "POST", .path = SLICE("/"), .headers = headers,
		.headers_n = 4, .body = SLICE("Action=GetFederationToken"
		    "&Version=2011-06-15&Name=dev&DurationSeconds=900"),
	};
	struct buf canonical;

	EQ_TEXT(sign(&req, "us-east-2", "sts", &canonical),
	    "20ffe3ffc7c3406769b79331b0dc1d542b1b239da576dc18314792bc8678e989");
	EQ(canonical.len, 256);
}

TEST(sigv4_signs_presigned_queries)
{
	static const struct sigv4_pair headers[] = {
		PAIR("Host", "sts.us-east-1.amazonaws.com"),
	};
	static const struct sigv4_pair query[] = {
		PAIR("X-Amz-SignedHeaders", "host"), PAIR("X-Amz-Expires", "900"),
		PAIR("Version", "2011-06-15"), PAIR("Action", "GetCallerIdentity"),
		PAIR("X-Amz-Security-Token", VECTOR_TOKEN),
		PAIR("X-Amz-Date", "20150830T123600Z"),
		PAIR("X-Amz-Credential",
		    "AKIDEXAMPLE/20150830/us-east-1/sts/aws4_request"),
		PAIR("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
	};
	const struct sigv4_request req = {
		.method = "GET", .path = SLICE("/"), .query = query,
		.query_n = COUNT(query), .headers = headers, .headers_n = 1,
	};
	struct buf canonical;

	EQ_TEXT(sign(&req, "us-east-1", "sts", &canonical),
	    "0fe44c833f5e53be6bacece8bc347be5871d3614bc6560319c5ce7401b96dc55");
	EQ(canonical.len, 722);
}

TEST(sigv4_sorts_queries_by_their_encoded_text)
{
	/* Raw order is "-" "A" "_" "a" "{"; encoded "%7B" comes first. */
	static const struct sigv4_pair query[] = {
		PAIR("a", "2"), PAIR("a", "1"), PAIR("{", ""), PAIR("_", ""),
		PAIR("A", ""), PAIR("-", ""), PAIR("a", ""), PAIR("ab", ""),
		PAIR("\xC3\xA9", " "),
	};
	const struct sigv4_request req = {
		.method = "GET", .path = SLICE("/"), .query = query,
		.query_n = COUNT(query),
	};
	struct buf b;

	buf_init(&b, out_canonical, sizeof out_canonical);
	YES(sigv4_put_canonical(&b, &req));
	EQ_TEXT(&b, "GET\n/\n%7B=&%C3%A9=%20&-=&A=&_=&a=&a=1&a=2&ab=\n\n\n"
	    EMPTY_HASH);
}

TEST(sigv4_writes_headers_in_canonical_form)
{
	static const struct sigv4_pair headers[] = {
		PAIR("X-B", "  a   b  c\t "), PAIR("x-a", ""), PAIR("Host", "h"),
	};
	const struct sigv4_request req = {
		.method = "GET", .path = SLICE("/a b/\xC3\xA9~"), .headers = headers,
		.headers_n = 3,
	};
	struct buf b;

	buf_init(&b, out_canonical, sizeof out_canonical);
	YES(sigv4_put_canonical(&b, &req));
	EQ_TEXT(&b, "GET\n/a%20b/%C3%A9~\n\nhost:h\nx-a:\nx-b:a b c\n\n"
	    "host;x-a;x-b\n" EMPTY_HASH);
}

TEST(sigv4_bounds_pairs_and_buffers)
{
	struct sigv4_pair pairs[SIGV4_PAIRS_MAX + 1];
	struct sigv4_request req = { .method = "GET", .path = SLICE("/") };
	struct buf b;

	for (size_t i = 0; i < COUNT(pairs); i++)
		pairs[i] = (struct sigv4_pair){ SLICE("a"), SLICE("b") };
	req.headers = req.query = pairs;
	buf_init(&b, out_canonical, sizeof out_canonical);
	req.headers_n = SIGV4_PAIRS_MAX;
	YES(sigv4_put_canonical(&b, &req));
	req.headers_n++;
	NO(sigv4_put_canonical(&b, &req));
	req.headers_n = 0;
	req.query_n = SIGV4_PAIRS_MAX + 1;
	NO(sigv4_put_canonical(&b, &req));
	req.query_n = 0;
	b = edge_buf(70);
	NO(sigv4_put_canonical(&b, &req));
	b = edge_buf(74);
	YES(sigv4_put_canonical(&b, &req));
}

TEST(sigv4_derives_the_keys_of_each_region)
{
	static const struct { const char *region, *key; } cases[] = {
		{ "us-east-1", "a9d028e9e96178f3ed6acfa66eff3084"
		  "47119de7ba1dd1dc7b666bbcb5686dfd" },
		{ "us-east-2", "187e5b149ca96a982f4a9546180c0791"
		  "9ec0a10acc428048f8b037eed242d5b3" },
		{ "eu-west-1", "d12a4a2cda0ef616ec540ad5452f5b0c"
		  "0ecddade0e737266a439f64b775c2de6" },
		{ "eu-central-1", "01c650e920141ed6f0355716bb88daf5"
		  "a0e52ba3d3cc35683ace8aee26c232ff" },
		{ "cn-north-1", "46146bd5b412f73cff47645c97469146"
		  "6097d8f54f6a1668cc385896e2aa99ed" },
		{ "eusc-de-east-1", "54b5ce5445844f6d127e161a280b7a8a"
		  "95626becaa06a4de8ba0299cbfa9ea7a" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sigv4_scope scope = { VECTOR_NOW, edge(cases[i].region),
			SLICE("sts") };
		uint8_t key[32];
		char hex[64];
		struct buf b = BUF_OVER(hex);

		sigv4_key(key, slice_of(VECTOR_SECRET), &scope);
		hex_put(&b, key, sizeof key);
		EQ_TEXT(&b, cases[i].key);
	}
}

TEST(sigv4_keeps_the_keys_of_three_days)
{
	struct sigv4_scope scope = { VECTOR_NOW, SLICE("us-east-1"), SLICE("sts") };
	static const struct sigv4_keys none;
	struct sigv4_keys keys;
	int64_t midnight = VECTOR_NOW / 86400 * 86400;

	sigv4_keys_derive(&keys, slice_of(VECTOR_SECRET), &scope);
	for (int day = -1; day <= 1; day++) {
		struct sigv4_scope other = scope;
		uint8_t key[32];

		other.now += day * 86400;
		sigv4_key(key, slice_of(VECTOR_SECRET), &other);
		if (YES(sigv4_keys_at(&keys, other.now) != NULL))
			EQ(memcmp(sigv4_keys_at(&keys, other.now), key, 32), 0);
	}
	YES(sigv4_keys_at(&keys, midnight - 86400) == keys.key[0]);
	YES(sigv4_keys_at(&keys, midnight - 1) == keys.key[0]);
	YES(sigv4_keys_at(&keys, midnight) == keys.key[1]);
	YES(sigv4_keys_at(&keys, midnight + 2 * 86400 - 1) == keys.key[2]);
	YES(sigv4_keys_at(&keys, midnight - 86401) == NULL);
	YES(sigv4_keys_at(&keys, midnight + 2 * 86400) == NULL);
	sigv4_keys_wipe(&keys);
	EQ(memcmp(&keys, &none, sizeof keys), 0);
}

TEST(sigv4_writes_the_authorization_header)
{
	static const struct sigv4_pair headers[] = {
		PAIR("X-Amz-Date", "d"), PAIR("host", "h"),
	};
	const struct sigv4_request req = { .headers = headers, .headers_n = 2 };
	struct sigv4_scope scope = { VECTOR_NOW, SLICE("us-east-1"), SLICE("sts") };
	struct buf b = BUF_OVER(out_rest);

	sigv4_put_authorization(&b, slice_of(VECTOR_ID), &scope, &req,
	    slice_of("0abc"));
	EQ_TEXT(&b, "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/"
	    "sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=0abc");
}
