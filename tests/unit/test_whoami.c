/* SPDX-License-Identifier: MIT */
/*
 * Kinds of keys by ARN, and the words that scripts go by.
 */
#include "test.h"

#include "codec/json.h"
#include "show/whoami.h"

#define NOW 1440938160          /* 2015-08-30T12:36:00Z */

static const struct whoami role = {
	.account = "123456789012",
	.arn = "arn:aws:sts::123456789012:assumed-role/Admin/me",
	.user_id = "AROAX:me", .origin = "profile prod",
	.key_hint = "ASIA…MPLE", .temporary = true, .expires_known = true,
	.expires_s = NOW + 3540, .now_s = NOW + 5, .partition = "aws",
	.region = "eu-west-1", .region_given = true, .request_id = "7f1c",
};

static struct slice
put(void (*how)(struct buf *, const struct whoami *), const struct whoami *w)
{
	static char text[1024];
	struct buf b = BUF_OVER(text);

	how(&b, w);
	return buf_slice(&b);
}

TEST(whoami_tells_kinds_of_keys_apart)
{
	static const struct {
		const char *arn;
		bool temporary;
		const char *kind;
	} rows[] = {
		{ "arn:aws:iam::1:user/alice", false, "user" },
		{ "arn:aws:iam::1:user/a/b/alice", false, "user" },
		{ "arn:aws:iam::1:root", false, "root" },
		{ "arn:aws:iam::1:user/alice", true, "session-token" },
		{ "arn:aws:iam::1:root", true, "session-token" },
		{ "arn:aws:sts::1:assumed-role/Admin/x", true, "role" },
		{ "arn:aws-cn:sts::1:assumed-role/AWSReservedSSO_Admin_0a/x", true,
		  "sso-role" },
		{ "arn:aws:sts::1:federated-user/alice", true, "federated-user" },
		{ "arn:aws:sts::1:assumed-role/Admin/x", false, "unknown" },
		{ "arn:aws:iam::1:group/x", false, "unknown" },
		{ "arn:aws:s3:::x", true, "unknown" },
		{ "nonsense", true, "unknown" },
		{ "", false, "unknown" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		EQ_TEXT(whoami_kind(edge(rows[i].arn), rows[i].temporary),
		    rows[i].kind);
}

TEST(whoami_writes_aligned_lines)
{
	EQ_TEXT(put(whoami_put_lines, &role),
	    "account    123456789012\n"
	    "arn        arn:aws:sts::123456789012:assumed-role/Admin/me\n"
	    "user_id    AROAX:me\n"
	    "kind       role (role session)\n"
	    "keys       ASIA…MPLE (profile prod)\n"
	    "expires    2015-08-30T13:35:00Z (59m left)\n"
	    "partition  aws\n"
	    "region     eu-west-1\n");
}

TEST(whoami_says_what_is_not_known)
{
	struct whoami w = role;
	const char *why;

	w.expires_known = w.region_given = false;
	w.user_id = w.request_id = "";
	LACKS(put(whoami_put_lines, &w), "expires");
	LACKS(put(whoami_put_lines, &w), "user_id");
	HAS(put(whoami_put_lines, &w), "region     eu-west-1 (none is set)\n");
	HAS(put(whoami_put_json, &w), "\"user_id\":null,");
	HAS(put(whoami_put_json, &w), "\"expires\":null,");
	HAS(put(whoami_put_json, &w), "\"request_id\":null}\n");
	YES(json_check(put(whoami_put_json, &w), &why));
}

TEST(whoami_writes_json)
{
	EQ_TEXT(put(whoami_put_json, &role), "{\"account\":\"123456789012\","
	    "\"arn\":\"arn:aws:sts::123456789012:assumed-role/Admin/me\","
	    "\"user_id\":\"AROAX:me\",\"kind\":\"role\","
	    "\"keys\":\"ASIA…MPLE\",\"origin\":\"profile prod\","
	    "\"expires\":\"2015-08-30T13:35:00Z\",\"partition\":\"aws\","
	    "\"region\":\"eu-west-1\",\"request_id\":\"7f1c\"}\n");
}

TEST(whoami_says_that_session_token_keys_open_no_console)
{
	struct whoami w = role;

	w.arn = "arn:aws:iam::123456789012:user/alice";
	HAS(put(whoami_put_lines, &w), "kind       session-token (of "
	    "GetSessionToken: they open no console)\n");
}
