/* SPDX-License-Identifier: MIT */
/*
 * Keys as assignments: the exact text of each style, and hostile values, which
 * no key of AWS has and which must not become commands all the same.
 */
#include "test.h"

#include "codec/ini.h"
#include "show/assign.h"

#define STYLES (ASSIGN_STRINGS + 1)

static char text[1024];
static struct error err;

static struct slice
made(enum assign_style style, const char *secret, const char *profile)
{
	struct buf b = BUF_OVER(text);
	struct result_creds keys = {
		.access_key_id = "ASIAI", .secret_access_key = secret,
		.session_token = "T==", .expires_known = true,
		.expires_s = 1440938160,
	};

	memset(&err, 0, sizeof err);
	return assign_put_keys(&b, &keys, style, slice_of(profile), &err) ?
	    buf_slice(&b) : slice_of("refused");
}

TEST(assign_writes_each_style)
{
	EQ_TEXT(made(ASSIGN_ENV, "a/b+c", ""),
	    "export AWS_ACCESS_KEY_ID='ASIAI'\n"
	    "export AWS_SECRET_ACCESS_KEY='a/b+c'\n"
	    "export AWS_SESSION_TOKEN='T=='\n"
	    "export AWS_CREDENTIAL_EXPIRATION='2015-08-30T12:36:00Z'\n");
	EQ_TEXT(made(ASSIGN_ENV_NO_EXPORT, "a/b+c", ""),
	    "AWS_ACCESS_KEY_ID=ASIAI\nAWS_SECRET_ACCESS_KEY=a/b+c\n"
	    "AWS_SESSION_TOKEN=T==\n"
	    "AWS_CREDENTIAL_EXPIRATION=2015-08-30T12:36:00Z\n");
	EQ_TEXT(made(ASSIGN_FISH, "a/b+c", ""),
	    "set -gx AWS_ACCESS_KEY_ID 'ASIAI'\n"
	    "set -gx AWS_SECRET_ACCESS_KEY 'a/b+c'\n"
	    "set -gx AWS_SESSION_TOKEN 'T=='\n"
	    "set -gx AWS_CREDENTIAL_EXPIRATION '2015-08-30T12:36:00Z'\n");
	EQ_TEXT(made(ASSIGN_POWERSHELL, "a/b+c", ""),
	    "$Env:AWS_ACCESS_KEY_ID = 'ASIAI'\n"
	    "$Env:AWS_SECRET_ACCESS_KEY = 'a/b+c'\n"
	    "$Env:AWS_SESSION_TOKEN = 'T=='\n"
	    "$Env:AWS_CREDENTIAL_EXPIRATION = '2015-08-30T12:36:00Z'\n");
	EQ_TEXT(made(ASSIGN_INI, "a/b+c", ""),
	    "[default]\naws_access_key_id = ASIAI\n"
	    "aws_secret_access_key = a/b+c\naws_session_token = T==\n"
	    "# aws_credential_expiration = 2015-08-30T12:36:00Z\n");
	EQ_TEXT(made(ASSIGN_STRINGS, "a/b+c", ""), slice_from(
	    "AWS_ACCESS_KEY_ID=ASIAI\0AWS_SECRET_ACCESS_KEY=a/b+c\0"
	    "AWS_SESSION_TOKEN=T==\0"
	    "AWS_CREDENTIAL_EXPIRATION=2015-08-30T12:36:00Z\0", 24 + 28 + 22 + 47));
}

TEST(assign_leaves_out_an_end_that_is_not_known)
{
	struct buf b = BUF_OVER(text);
	struct result_creds keys = {
		.access_key_id = "A", .secret_access_key = "B",
		.session_token = "C",
	};

	YES(assign_put_keys(&b, &keys, ASSIGN_ENV, slice_of(""), &err));
	LACKS(&b, "EXPIRATION");
}

TEST(assign_quotes_what_a_shell_would_obey)
{
	HAS(made(ASSIGN_ENV, "$(id)`id`;id&'", ""), "='$(id)`id`;id&'\\'''\n");
	HAS(made(ASSIGN_FISH, "(id);\\'", ""), " '(id);\\\\\\''\n");
	HAS(made(ASSIGN_POWERSHELL, "$(id);'`", ""), " = '$(id);''`'\n");
}

TEST(assign_refuses_in_every_style_what_no_key_has)
{
	const char *bad[] = {
		"a\nexport X=y", "a\r", "a\tb", "a\x1b[31m", "a\x7f", "a b", " a",
		"a ", "a #b", "a ;b", "\xc2\x9b", "\xe2\x80\x98; id",
		"\xe2\x80\x9b", "\xff",
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		test_input(slice_of(bad[i]));
		for (unsigned style = 0; style < STYLES; style++) {
			EQ_TEXT(made(style, bad[i], ""), "refused");
			EQ(err.kind, ERR_DATA);
			HAS((const char *)err.what, "AWS_SECRET_ACCESS_KEY");
		}
	}
}

TEST(assign_refuses_what_a_file_would_take_for_something_else)
{
	EQ_TEXT(made(ASSIGN_INI, "#a", ""), "refused");
	EQ_TEXT(made(ASSIGN_INI, ";a", ""), "refused");
	HAS(made(ASSIGN_INI, "a#;=", ""), " = a#;=\n");
	EQ_TEXT(made(ASSIGN_ENV_NO_EXPORT, "a'b", ""), "refused");
	EQ_TEXT(made(ASSIGN_ENV_NO_EXPORT, "a$b", ""), "refused");
	EQ_TEXT(made(ASSIGN_ENV_NO_EXPORT, "a;b", ""), "refused");
}

TEST(assign_names_the_section_after_the_profile)
{
	HAS(made(ASSIGN_INI, "a", "dev.1"), "[dev.1]\n");
	EQ_TEXT(made(ASSIGN_INI, "a", "x]\n[y"), "refused");
	EQ_TEXT(made(ASSIGN_INI, "a", "my profile"), "refused");
	HAS(made(ASSIGN_ENV, "a", "my profile"), "'a'\n");
}

/* What this reader takes is what the AWS SDKs take. */
TEST(assign_writes_ini_that_our_reader_reads_back)
{
	struct slice whole = made(ASSIGN_INI, "=a#b;\\'\"%(x)s", "dev");
	struct ini_item item;
	struct ini ini;

	ini_init(&ini, whole);
	EQ(ini_next(&ini).kind, INI_SECTION);
	EQ_TEXT(ini_next(&ini).value, "ASIAI");
	item = ini_next(&ini);
	EQ_TEXT(item.name, "aws_secret_access_key");
	EQ_TEXT(item.value, "=a#b;\\'\"%(x)s");
	EQ_TEXT(ini_next(&ini).value, "T==");
	EQ(ini_next(&ini).kind, INI_END);
}
