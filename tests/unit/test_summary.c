/* SPDX-License-Identifier: MIT */
/*
 * The summary's lines: whose session, what it may do, until when.
 */
#include "test.h"

#include "show/summary.h"

#define NOW 1440938160          /* 2015-08-30T12:36:00Z */

static const struct summary full = {
	.origin = "environment", .origin_note = "", .key_hint = "AKIA..MPLE",
	.account = "123456789012",
	.arn = "arn:aws:sts::123456789012:federated-user/alice", .region = "",
	.signin_host = "",
	.may = "all that the keys may", .now_s = NOW, .url_expires_s = NOW + 900,
	.session_expires_known = true, .session_expires_s = NOW + 3600,
};

static struct slice
line(void (*put)(struct buf *, const struct summary *), const struct summary *s)
{
	static char text[1024];
	struct buf b = BUF_OVER(text);

	put(&b, s);
	return buf_slice(&b);
}

TEST(summary_names_the_keys_and_what_was_passed_over)
{
	struct summary s = full;

	EQ_TEXT(line(summary_put_keys, &s), "keys   environment AKIA..MPLE");
	s.origin_note = "AWS_PROFILE=x not used";
	s.region = "us-east-1";
	HAS(line(summary_put_keys, &s), "AWS_PROFILE=x not used");
	HAS(line(summary_put_keys, &s), "region us-east-1");
	HAS(line(summary_put_brief, &s), "AWS_PROFILE=x not used");
	HAS(line(summary_put_brief, &s), "region us-east-1");
}

TEST(summary_says_whose_session_it_is_and_until_when)
{
	struct summary s = full;

	EQ_TEXT(line(summary_put_opens, &s), "opens  account 123456789012 as "
	    "federated-user/alice: all that the keys may, until 13:36 UTC (1h)");
	s.arn = "arn:aws:sts::1:assumed-role/Admin/a:b";
	HAS(line(summary_put_opens, &s), " as assumed-role/Admin/a:b: ");
	s.session_expires_s = NOW + 12 * 3600 - 20;
	HAS(line(summary_put_opens, &s), "until 2015-08-31 00:35 UTC (12h)");
	s.session_expires_known = false;
	HAS(line(summary_put_opens, &s), "for as long as the keys last");
	s.arn = s.account = "";
	HAS(line(summary_put_opens, &s), "a session of these keys");
	LACKS(line(summary_put_opens, &s), "account");
}

TEST(summary_says_whose_keys_are_handed_on)
{
	struct summary s = full;

	EQ_TEXT(line(summary_put_handed, &s), "keys   environment AKIA..MPLE: "
	    "account 123456789012 as federated-user/alice until 13:36 UTC (1h)");
	s.arn = s.account = "";
	s.session_expires_known = false;
	EQ_TEXT(line(summary_put_handed, &s), "keys   environment AKIA..MPLE: "
	    "for as long as the keys last");
}

TEST(summary_says_how_long_the_link_lives)
{
	struct summary s = full;

	HAS(line(summary_put_link, &s), "15 min");
	HAS(line(summary_put_brief, &s), "15 min");
	HAS(line(summary_put_brief, &s), "environment AKIA..MPLE opens account "
	    "123456789012 as federated-user/alice until 13:36 UTC (1h)");
	EQ(slice_find_char(line(summary_put_brief, &s), '\n'),
	    line(summary_put_brief, &s).len);
	s.signin_host = "us-west-2.signin.aws.amazon.com";
	HAS(line(summary_put_link, &s), "link   is of us-west-2.signin");
	HAS(line(summary_put_brief, &s), "the link is of us-west-2.signin");
}
