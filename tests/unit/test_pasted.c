/* SPDX-License-Identifier: MIT */
/*
 * Lines that a person pastes: each shell's way to set a variable, a profile's
 * section, what is refused, and when a text is all there.
 */
#include "test.h"

#include "creds/pasted.h"

#define ID     "ASIAIOSFODNN7EXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPx"
#define TOKEN  "IQoJb3JpZ2luX2Vj//8="
#define JSON   "{\"AccessKeyId\":\"AKIAI\",\n\"SecretAccessKey\":\"a}b\"}"

static struct pasted keys;
static struct error err;

/* Values are decoded into as much room as the text has, and no more. */
static bool
read_from(struct slice text)
{
	struct buf room = edge_buf(text.len + 1);
	bool done;

	room.cap--;
	test_input(text);
	memset(&err, 0, sizeof err);
	done = pasted_read(&keys, text, &room, &err);
	NO(room.full);
	return done;
}

static void
values_are(const char *id, const char *secret, const char *token,
	const char *expiration)
{
	EQ_TEXT(keys.values[PASTED_KEY_ID], id);
	EQ_TEXT(keys.values[PASTED_SECRET], secret);
	EQ_TEXT(keys.values[PASTED_TOKEN], token);
	EQ_TEXT(keys.values[PASTED_EXPIRATION], expiration);
}

static void
takes(const char *text)
{
	YES(read_from(edge(text)));
	values_are(ID, SECRET, TOKEN, "");
}

static void
refuses(const char *text, const char *what)
{
	NO(read_from(edge(text)));
	EQ(err.kind, ERR_DATA);
	EQ(err.step, STEP_CREDENTIALS);
	HAS((const char *)err.what, what);
	YES(err.hint[0] != '\0');
	LACKS((const char *)err.what, "wJalr");
	LACKS((const char *)err.what, "IQoJ");
}

TEST(pasted_lines_of_sh_are_read)
{
	takes("export AWS_ACCESS_KEY_ID=" ID "\nexport AWS_SECRET_ACCESS_KEY="
	    SECRET "\nexport AWS_SESSION_TOKEN=" TOKEN "\n");
	takes("AWS_ACCESS_KEY_ID=" ID "\nAWS_SECRET_ACCESS_KEY='" SECRET "'\n"
	    "AWS_SESSION_TOKEN=\"" TOKEN "\"");
	takes("export AWS_ACCESS_KEY_ID=" ID " AWS_SECRET_ACCESS_KEY='" SECRET "' "
	    "AWS_SESSION_TOKEN=" TOKEN);
	takes("export AWS_ACCESS_KEY_ID=" ID ";export AWS_SECRET_ACCESS_KEY="
	    SECRET "; export AWS_SECURITY_TOKEN=" TOKEN " && ");
}

TEST(pasted_lines_of_fish_are_read)
{
	takes("set -gx AWS_ACCESS_KEY_ID " ID ";\nset -gx AWS_SECRET_ACCESS_KEY '"
	    SECRET "'\nset --global --export AWS_SESSION_TOKEN \"" TOKEN "\"\n");
	takes("set AWS_ACCESS_KEY_ID " ID "; set -x AWS_SECRET_ACCESS_KEY " SECRET
	    "; set -x AWS_SESSION_TOKEN " TOKEN ";");
}

TEST(pasted_lines_of_powershell_are_read)
{
	takes("$Env:AWS_ACCESS_KEY_ID=\"" ID "\"\r\n$env:AWS_SECRET_ACCESS_KEY = '"
	    SECRET "'\r\n$ENV:AWS_SESSION_TOKEN= \"" TOKEN "\"\r\n");
}

TEST(pasted_lines_of_cmd_are_read)
{
	takes("SET AWS_ACCESS_KEY_ID=" ID "\r\nset AWS_SECRET_ACCESS_KEY=" SECRET
	    "\r\nSet aws_session_token=" TOKEN "\r\n");
	takes("set AWS_ACCESS_KEY_ID=" ID "&set AWS_SECRET_ACCESS_KEY=" SECRET
	    "&&set AWS_SESSION_TOKEN=" TOKEN);
}

TEST(pasted_section_of_a_profile_is_read)
{
	takes("[123456789012_Admin]\naws_access_key_id = " ID "\n"
	    "aws_secret_access_key=" SECRET "\naws_session_token= " TOKEN "\n");
	takes("# keys\n[default] # mine\r\nregion = eu-west-1\r\n; a note\r\n"
	    "credential_process = \"/a b\" --c 'd\r\ns3 =\r\n  x-y.z = $1\r\n"
	    "aws_session_token = " TOKEN " ; old\r\n"
	    "aws_secret_access_key = " SECRET "\r\n  aws_access_key_id = " ID);
	/* Cut out of its section. */
	takes("aws_access_key_id = " ID "\naws_secret_access_key = " SECRET
	    "\naws_session_token = " TOKEN "\n");
}

TEST(pasted_names_stand_in_any_order_between_others)
{
	takes("\n\n  # a comment; with = signs\nexport AWS_SESSION_TOKEN=" TOKEN
	    " # end\n\t export AWS_REGION=us-east-1\nAWS_PROFILE=\"a b\"\r\n"
	    "export AWS_SECRET_ACCESS_KEY=" SECRET "\n\nAWS_ACCESS_KEY_ID=" ID);
	YES(read_from(edge("AWS_CREDENTIAL_EXPIRATION=2015-08-30T12:36:00+00:00\n")));
	values_are("", "", "", "2015-08-30T12:36:00+00:00");
	YES(read_from(edge("")));
	values_are("", "", "", "");
}

TEST(pasted_double_quotes_have_the_escapes_of_sh)
{
	YES(read_from(edge("AWS_ACCESS_KEY_ID=\"a\\\\b\\\"c\\$d\\`e\\f'\"")));
	EQ_TEXT(keys.values[PASTED_KEY_ID], "a\\b\"c$d`e\\f'");
	YES(read_from(edge("AWS_ACCESS_KEY_ID='a\\\"$`b'")));
	EQ_TEXT(keys.values[PASTED_KEY_ID], "a\\\"$`b");
}

TEST(pasted_value_that_a_shell_would_work_out_is_refused)
{
	refuses("AWS_SECRET_ACCESS_KEY=$SECRET", "line 1 ");
	refuses("AWS_SECRET_ACCESS_KEY=\"$SECRET\"", "line 1 ");
	refuses("AWS_SECRET_ACCESS_KEY=\"`pass aws`\"", "line 1 ");
	refuses("AWS_SECRET_ACCESS_KEY=wJalr'x'", "line 1 ");
	refuses("AWS_SECRET_ACCESS_KEY='wJalr'x", "line 1 ");
	refuses("AWS_SECRET_ACCESS_KEY=wJalr\\x", "line 1 ");
	refuses("AWS_ACCESS_KEY_ID='A'X=y", "line 1 ");
	refuses("OTHER=$HOME", "line 1 ");
}

TEST(pasted_text_of_another_kind_is_refused_by_its_line)
{
	refuses("hello", "line 1 is neither JSON nor NAME=value");
	refuses("\r\n\r\n  wJalrXUtnFEMI\n", "line 3 ");
	refuses("# x\nAWS_ACCESS_KEY_ID=A\nexport\n", "line 3 ");
	refuses("export AWS_SECRET_ACCESS_KEY", "line 1 ");
	refuses("AWS_SECRET_ACCESS_KEY wJalr", "line 1 ");
	refuses("set -gx AWS_SECRET_ACCESS_KEY", "line 1 ");
	refuses("=wJalr", "line 1 ");
	refuses("AWS_SECRET_ACCESS_KEY='wJalr\n'", "line 1 ");
	refuses("AWS_SECRET_ACCESS_KEY=\"wJalr\\", "line 1 ");
	refuses("AWS_SECRET_ACCESS_KEY=\"wJalr\\\n\"", "line 1 ");
	refuses("[prod\naws_access_key_id = A\n]", "line 1 ");
	refuses("\"AccessKeyId\": \"A\",\n", "line 1 ");
	NO(read_from(EDGE("AWS_ACCESS_KEY_ID=A\0")));
}

TEST(pasted_empty_value_counts_as_unset)
{
	YES(read_from(edge("AWS_SESSION_TOKEN= AWS_ACCESS_KEY_ID=A\n"
	    "AWS_ACCESS_KEY_ID=''\nAWS_SECRET_ACCESS_KEY=\nset X=\n")));
	values_are("A", "", "", "");
}

TEST(pasted_name_with_two_values_is_refused)
{
	refuses("AWS_SECRET_ACCESS_KEY=wJalr\nAWS_SECRET_ACCESS_KEY=wJalx",
	    "AWS_SECRET_ACCESS_KEY stands there twice, with another value on "
	    "line 2");
	refuses("AWS_SESSION_TOKEN=IQoJ\nset -gx AWS_SECURITY_TOKEN IQoK",
	    "AWS_SECURITY_TOKEN stands there twice");
	refuses("[a]\naws_access_key_id = A\n[b]\naws_access_key_id = B\n",
	    "line 4");
	YES(read_from(edge("AWS_SESSION_TOKEN=a AWS_SECURITY_TOKEN='a' "
	    "AWS_SESSION_TOKEN=\"a\"")));
	values_are("", "", "a", "");
}

TEST(pasted_lines_cut_or_spoilt_are_read_or_refused_without_their_words)
{
	struct slice whole = EDGE("export AWS_ACCESS_KEY_ID=" ID "\r\n"
	    "set -gx AWS_SECRET_ACCESS_KEY \"" SECRET "\\$\"; # x\n"
	    "$Env:AWS_SESSION_TOKEN = '" TOKEN "'\n[p]\nregion = x\n"), part;

	EACH_CUT(whole, part)
		if (!read_from(part))
			LACKS((const char *)err.what, "wJalr");
	EACH_SPOILT(whole, part)
		if (!read_from(part))
			LACKS((const char *)err.what, "wJalr");
}

/* Of all beginnings of `text` only the whole is whole. */
static void
whole_at_its_end(const char *text)
{
	size_t len = strlen(text);

	test_input(slice_of(text));
	for (size_t n = 0; n <= len; n++) {
		struct buf room = edge_buf(2 * n + 1);

		buf_put(&room, text, n);
		EQ(pasted_is_whole(&room), n == len);
		EQ(room.len, n);
		for (size_t i = n; i < room.cap; i++)
			EQ(room.p[i], 0);
	}
}

TEST(pasted_text_is_whole_at_its_end_and_not_before)
{
	whole_at_its_end(JSON);
	whole_at_its_end("\xEF\xBB\xBF\r\n" JSON);
	whole_at_its_end("export AWS_ACCESS_KEY_ID=\"AKIA\"\n"
	    "export AWS_SECRET_ACCESS_KEY=\"a\"\r\n");
	whole_at_its_end("AWS_ACCESS_KEY_ID=ASIA\nAWS_SECRET_ACCESS_KEY=a\n"
	    "AWS_SESSION_TOKEN=\"b\"\n");
	whole_at_its_end("\xEF\xBB\xBF[p]\naws_session_token = b\n"
	    "aws_secret_access_key = a\naws_access_key_id = ASIA\n");
}

TEST(pasted_text_that_is_refused_is_never_whole)
{
	struct slice text = EDGE("AWS_ACCESS_KEY_ID=A AWS_SECRET_ACCESS_KEY=B\n!\n");
	struct buf room = edge_buf(2 * text.len);

	buf_put_slice(&room, text);
	NO(pasted_is_whole(&room));
}

TEST(pasted_text_is_json_when_it_begins_or_ends_as_json)
{
	YES(pasted_is_json(edge("{")));
	YES(pasted_is_json(edge(" \r\n\t{\"a\"")));
	YES(pasted_is_json(edge("[1]")));
	NO(pasted_is_json(edge("[default]\naws_access_key_id = A\n")));
	NO(pasted_is_json(edge("A={")));
	NO(pasted_is_json(edge("")));
	EQ_TEXT(pasted_text(edge("\xEF\xBB\xBF{}")), "{}");
	EQ_TEXT(pasted_text(edge("\xEF\xBB")), "\xEF\xBB");
}
