/* SPDX-License-Identifier: MIT */
/*
 * The shapes of AWS keys, and that no message quotes one. Where keys come from
 * is tested in test_plan.c.
 */
#include "test.h"

#include "creds/creds.h"

#define ID     "AKIAIOSFODNN7EXAMPLE"
#define TEMP   "ASIAIOSFODNN7EXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

static struct creds c;
static struct error err;

static bool
load(const char *id, const char *secret, const char *token)
{
	memset(&c, 0, sizeof c);
	memset(&err, 0, sizeof err);
	test_input(slice_of(id));
	return creds_load(&c, slice_of(id), slice_of(secret), slice_of(token),
	    "the test", &err);
}

static void
refuses(const char *id, const char *secret, const char *token,
	enum err_kind kind, const char *part)
{
	NO(load(id, secret, token));
	EQ(err.kind, kind);
	EQ(err.step, STEP_CREDENTIALS);
	HAS((const char *)err.what, part);
	HAS((const char *)err.what, "the test");
	YES(err.hint[0] != '\0');
	LACKS((const char *)err.what, "wJalr");
	LACKS((const char *)err.hint, "wJalr");
}

TEST(creds_takes_whole_sets)
{
	YES(load(ID, SECRET, ""));
	EQ_TEXT((const char *)c.access_key_id, ID);
	EQ_TEXT((const char *)c.secret_access_key, SECRET);
	NO(creds_temporary(&c));
	YES(load(TEMP, SECRET, "AQoDYXdz//+=="));
	EQ_TEXT((const char *)c.session_token, "AQoDYXdz//+==");
	YES(creds_temporary(&c));
	YES(load("someThing_else0", SECRET, ""));
	YES(load("someThing_else0", SECRET, "token"));
}

TEST(creds_refuses_half_a_set)
{
	refuses("", SECRET, "", ERR_NOCREDS, "access key id");
	HAS((const char *)err.hint, "AWS_ACCESS_KEY_ID");
	refuses(ID, "", "", ERR_NOCREDS, "secret access key");
	HAS((const char *)err.hint, "AWS_SECRET_ACCESS_KEY");
	refuses("", "", "token", ERR_NOCREDS, "no keys");
}

TEST(creds_refuses_kinds_that_contradict_each_other)
{
	refuses(ID, SECRET, "token", ERR_KEYKIND, "AKIA");
	HAS((const char *)err.hint, "unset AWS_SESSION_TOKEN");
	refuses(TEMP, SECRET, "", ERR_NOCREDS, "ASIA");
	HAS((const char *)err.hint, "AWS_SESSION_TOKEN");
}

TEST(creds_copy_takes_what_sts_made_whatever_its_prefix)
{
	memset(&err, 0, sizeof err);
	YES(creds_copy(&c, slice_of(ID), slice_of(SECRET), slice_of("token"),
	    "the test", &err));
	YES(creds_copy(&c, slice_of(TEMP), slice_of(SECRET), slice_of(""),
	    "the test", &err));
	NO(creds_copy(&c, slice_of(TEMP), slice_of(""), slice_of("token"),
	    "the test", &err));
}

TEST(creds_refuses_characters_that_no_key_has)
{
	static const char *const ids[] = {
		"AKIA IOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE\n", "\"AKIAIOSF\"",
		"AKIA-IOSF", "AKIA/IOSF", "AKIA\xC3\xA9", "AKIA\x1B", " AKIAIOSF",
	};
	static const char *const secrets[] = {
		"wJalr XUtn", "wJalrXUtn\n", "\"wJalrXUtn\"", "'wJalrXUtn'",
		"wJalr\xC3\xA9", "wJalr\x7F", "wJalr\tx",
	};

	for (size_t i = 0; i < COUNT(ids); i++)
		refuses(ids[i], SECRET, "", ERR_DATA, "access key id");
	for (size_t i = 0; i < COUNT(secrets); i++) {
		refuses(ID, secrets[i], "", ERR_DATA, "secret access key");
		refuses(TEMP, SECRET, secrets[i], ERR_DATA, "session token");
	}
}

static void
bound(size_t max, int field, const char *what)
{
	static char text[SESSION_TOKEN_MAX + 2];

	for (size_t len = max; len <= max + 1; len++) {
		memset(text, 'a', len);
		text[len] = '\0';
		EQ(load(field == 0 ? text : TEMP, field == 1 ? text : SECRET,
		    field == 2 ? text : "token"), len == max);
		if (len > max) {
			EQ(err.kind, ERR_DATA);
			HAS((const char *)err.what, what);
			HAS((const char *)err.what, "longer");
		}
	}
}

TEST(creds_refuses_fields_that_are_too_long)
{
	bound(ACCESS_KEY_ID_MAX, 0, "access key id");
	bound(SECRET_KEY_MAX, 1, "secret access key");
	bound(SESSION_TOKEN_MAX, 2, "session token");
}

TEST(creds_shows_only_the_ends_of_a_key_id)
{
	char text[32];
	struct buf b = BUF_OVER(text);

	creds_put_key_hint(&b, slice_of(ID));
	EQ_TEXT(&b, "AKIA\xE2\x80\xA6MPLE");
	b.len = 0;
	creds_put_key_hint(&b, slice_of("AKIA1234567"));
	EQ_TEXT(&b, "\xE2\x80\xA6");
}
