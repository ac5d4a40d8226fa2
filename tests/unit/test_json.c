/* SPDX-License-Identifier: MIT */
/*
 * The JSON reader against RFC 8259, and the pieces that write JSON. What a
 * sign-in answer has to hold is tested in test_signin.c.
 */
#include "test.h"

#include "base/limits.h"
#include "codec/json.h"

#define REFUSES(sentence, text, reason) \
	TEST(sentence) { refuse(text, reason); }

static void
refuse(const char *text, const char *reason)
{
	const char *why = "";

	NO(json_check(edge(text), &why));
	EQ_TEXT(why, reason);
}

static void
accept(const char *text)
{
	const char *why = "";

	YES(json_check(edge(text), &why));
	EQ_TEXT(why, "");
}

REFUSES(json_refuses_trailing_comma, "{\"a\":1,}",
    "object member without a quoted name")
REFUSES(json_refuses_trailing_comma_in_an_array, "[1,]", "not a JSON value")
REFUSES(json_refuses_name_without_value, "{\"a\"}",
    "member name without a colon")
REFUSES(json_refuses_lone_comma, "{,}", "object member without a quoted name")
REFUSES(json_refuses_two_colons, "{\"a\":\"b\":\"c\"}",
    "comma or closing bracket missing")
REFUSES(json_refuses_doubled_comma, "[1,,3]", "not a JSON value")
REFUSES(json_refuses_second_document, "{} {}", "text after the document")
REFUSES(json_refuses_misspelt_word, "{\"a\":tru3}", "not a JSON value")
REFUSES(json_refuses_number_with_two_points, "{\"a\":01.2.3}",
    "comma or closing bracket missing")
REFUSES(json_refuses_raw_newline_in_a_string, "{\"a\":\"b\nc\"}",
    "control character in a string")

REFUSES(json_refuses_empty_document, "", "document is cut short")
REFUSES(json_refuses_blank_document, " \t\r\n", "document is cut short")
REFUSES(json_refuses_missing_comma, "[1 2]", "comma or closing bracket missing")
REFUSES(json_refuses_wrong_bracket, "[1}", "comma or closing bracket missing")
REFUSES(json_refuses_unquoted_name, "{a:1}",
    "object member without a quoted name")
REFUSES(json_refuses_single_quotes, "{'a':1}",
    "object member without a quoted name")
REFUSES(json_refuses_comment, "/* a */ {}", "not a JSON value")
REFUSES(json_refuses_form_feed_as_space, "\f{}", "not a JSON value")
REFUSES(json_refuses_byte_order_mark, "\xEF\xBB\xBF{}", "not a JSON value")
REFUSES(json_refuses_closing_bracket_alone, "]", "not a JSON value")
REFUSES(json_refuses_html, "<html></html>", "not a JSON value")

TEST(json_refuses_nul_after_the_document)
{
	const char *why = "";

	NO(json_check(EDGE("{}\0"), &why));
	EQ_TEXT(why, "text after the document");
}

TEST(json_refuses_nul_in_a_string)
{
	const char *why = "";

	NO(json_check(EDGE("\"\0\""), &why));
	EQ_TEXT(why, "control character in a string");
	NO(json_check(EDGE("\"\\\0\""), &why));
	EQ_TEXT(why, "unknown escape in a string");
}

TEST(json_accepts_each_kind_of_value)
{
	static const char *const good[] = {
		"{}", "[]", "null", "true", "false", "0", "\"\"", " {} ",
		"\t[\n1\r,\n2 ]\n", "{\"a\":{\"b\":[{}, [], \"\"]}}",
		"[null,true,false]", "\"\x7F\"", "{\"\":\"\"}",
		"{\"a\" : 1 , \"b\" : 2}",
	};

	for (size_t i = 0; i < COUNT(good); i++)
		accept(good[i]);
}

TEST(json_accepts_each_form_of_number)
{
	static const char *const good[] = {
		"0", "-0", "1", "-1", "10", "1234567890123456789012345678901",
		"0.5", "-0.5", "1.0", "1.25e5", "1E5", "1e+5", "1e-5", "0e0",
		"1.514869445E9", "1603577714",
	};

	for (size_t i = 0; i < COUNT(good); i++)
		accept(good[i]);
}

TEST(json_refuses_other_forms_of_number)
{
	static const char *const bad[] = {
		"01", "-01", "+1", ".5", "5.", "-", "- 1", "1e", "1e+", "1e-",
		"1.e5", "1.5.5", "0x10", "1_000", "NaN", "Infinity", "-Infinity",
		"1a", "00", "1e1.5", "--1", "\xEF\xBC\x91",
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		const char *why;

		NO(json_check(edge(bad[i]), &why));
	}
}

TEST(json_accepts_each_escape)
{
	accept("\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u00e9 \\uD83D\\uDE00\"");
	/* RFC 8259 §8.2: grammar lets these pass; json_string does not. */
	accept("\"\\uD800\"");
	accept("\"\\u0000\"");
}

TEST(json_refuses_other_escapes)
{
	static const char *const bad[] = {
		"\"\\a\"", "\"\\v\"", "\"\\0\"", "\"\\x41\"", "\"\\'\"",
		"\"\\U0041\"", "\"\\\n\"", "\"\\\xC3\xA9\"",
	};

	for (size_t i = 0; i < COUNT(bad); i++)
		refuse(bad[i], "unknown escape in a string");
	refuse("\"\\u00g0\"", "\\u needs four hex digits");
	refuse("\"\\u12\"", "\\u needs four hex digits");
	refuse("\"\\u+123\"", "\\u needs four hex digits");
	refuse("\"\\u", "\\u needs four hex digits");
}

TEST(json_refuses_text_that_is_not_utf_8)
{
	static const char *const bad[] = {
		"\"\x80\"",                     /* continuation alone */
		"\"\xC3\"",                     /* sequence cut short */
		"\"\xC0\xAF\"",                 /* two bytes for one */
		"\"\xE0\x80\xAF\"",             /* three bytes for one */
		"\"\xED\xA0\x80\"",             /* surrogate */
		"\"\xF4\x90\x80\x80\"",         /* beyond U+10FFFF */
		"\"\xF8\x88\x80\x80\x80\"", "\"\xFF\"", "\"\xE9\"",
		"{\"\xE9\":1}",
	};

	for (size_t i = 0; i < COUNT(bad); i++)
		refuse(bad[i], "text is not UTF-8");
	accept("\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"");
}

TEST(json_refuses_each_control_character_in_a_string)
{
	for (char c = 1; c < ' '; c++) {
		const char text[] = { '"', c, '"' };
		const char *why = "";

		NO(json_check(edge_bytes(text, sizeof text), &why));
		EQ_TEXT(why, "control character in a string");
	}
}

/* `depth` opening brackets, a 0, and as many closing ones. */
static struct slice
nested(size_t depth)
{
	struct buf b = edge_buf(2 * depth + 1);

	for (size_t i = 0; i < depth; i++)
		buf_putc(&b, '[');
	buf_putc(&b, '0');
	for (size_t i = 0; i < depth; i++)
		buf_putc(&b, ']');
	test_input(buf_slice(&b));
	return buf_slice(&b);
}

TEST(json_accepts_depth_up_to_the_bound_only)
{
	const char *why = "";

	YES(json_check(nested(JSON_DEPTH_MAX), &why));
	NO(json_check(nested(JSON_DEPTH_MAX + 1), &why));
	EQ_TEXT(why, "nested too deeply");
	NO(json_check(nested(10000), &why));
	NO(json_check(repeat("{\"a\":", 10000), &why));
	EQ_TEXT(why, "nested too deeply");
}

TEST(json_refuses_a_document_cut_at_any_place)
{
	struct slice whole = edge("{\"Creds\": {\"Id\":\"AK\\u00e9\xE2\x82\xAC\","
	    "\"Expiration\":1.5e9,\"x\":[true,false,null,-0.5]}, \"b\":\"\\\\\"}");
	struct slice cut;
	const char *why;

	YES(json_check(whole, &why));
	EACH_CUT(whole, cut)
		NO(json_check(cut, &why));
}

TEST(json_survives_a_spoilt_byte_anywhere)
{
	struct slice whole = edge("{\"a\": {\"b\":\"\\u00e9\xE2\x82\xAC\"},"
	    "\"n\":1.5e9,\"x\":[true,null,{}],\"s\":\"\\\\\"}");
	struct slice bad, raw;
	char text[64];
	size_t accepted = 0;

	EACH_SPOILT(whole, bad) {
		const char *why = NULL;
		struct buf b = BUF_OVER(text);

		if (!json_check(bad, &why)) {
			YES(why != NULL);
			continue;
		}
		accepted++;
		if (json_find(bad, "a", &raw))
			YES(lies_within(raw, bad));
		if (json_find(bad, "s", &raw) && json_string(raw, &b))
			YES(b.len < bad.len);
	}
	/* Blanks for blanks, and bytes within strings, may well be right. */
	YES(accepted > 0 && accepted < whole.len * SPOILS / 2);
}

/* ---- finding and walking ---- */

static struct slice
checked(const char *text)
{
	struct slice doc = edge(text);
	const char *why;

	YES(json_check(doc, &why));
	return doc;
}

static struct slice
found(const char *text, const char *name)
{
	struct slice raw = { NULL, 0 };

	YES(json_find(checked(text), name, &raw));
	return raw;
}

static void
not_found(const char *text, const char *name)
{
	struct slice raw;

	NO(json_find(checked(text), name, &raw));
}

TEST(json_finds_a_member_of_each_kind)
{
	static const char doc[] = " {\"s\" : \"a}b\\\"]\" ,\"n\":-1.5e3\t,"
	    "\"o\":{\"x\":\"}\"},\"a\":[1,[2]] , \"t\":true,\"z\":null}";

	EQ_TEXT(found(doc, "s"), "\"a}b\\\"]\"");
	EQ_TEXT(found(doc, "n"), "-1.5e3");
	EQ_TEXT(found(doc, "o"), "{\"x\":\"}\"}");
	EQ_TEXT(found(doc, "a"), "[1,[2]]");
	EQ_TEXT(found(doc, "t"), "true");
	EQ_TEXT(found(doc, "z"), "null");
}

TEST(json_finds_the_expiration_that_sts_writes_with_an_exponent)
{
	EQ_TEXT(found("{\"Expiration\":1.514869445E9}", "Expiration"),
	    "1.514869445E9");
	EQ_TEXT(found("{\"Expiration\":1514869445}", "Expiration"),
	    "1514869445");
}

TEST(json_finds_no_member_of_an_inner_object)
{
	not_found("{\"a\":{\"b\":1}}", "b");
	not_found("{\"a\":\"{\\\"b\\\":1}\"}", "b");
	EQ_TEXT(found("{\"a\":{\"b\":1},\"b\":2}", "b"), "2");
}

TEST(json_finds_nothing_where_it_stands_twice)
{
	not_found("{\"a\":1,\"a\":1}", "a");
	not_found("{\"a\":1,\"b\":2,\"\\u0061\":1}", "a");
	EQ_TEXT(found("{\"b\":1,\"b\":2,\"a\":3}", "a"), "3");
}

TEST(json_compares_names_after_decoding)
{
	EQ_TEXT(found("{\"\\u0053ignin\\u0054oken\":1}", "SigninToken"), "1");
	not_found("{\"signinToken\":1}", "SigninToken");
	not_found("{\"SigninToken \":1}", "SigninToken");
}

TEST(json_passes_over_names_that_are_no_text)
{
	EQ_TEXT(found("{\"\\uD800\":1,\"\\u0000\":2,\"a\":3}", "a"), "3");
	EQ_TEXT(found("{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaa\":1,\"a\":2}", "a"), "2");
}

TEST(json_finds_nothing_outside_objects)
{
	not_found("[\"a\",1]", "a");
	not_found("\"a\"", "a");
	not_found("{}", "a");
	not_found("1", "a");
}

TEST(json_walks_objects_and_arrays_in_order)
{
	struct json_walk walk;
	struct slice name, raw;

	YES(json_walk_begin(&walk, checked(" [ 1 , \"b\" ,{\"c\":2} ] ")));
	NO(walk.object);
	YES(json_walk_next(&walk, &name, &raw));
	EQ_TEXT(name, "");
	EQ_TEXT(raw, "1");
	YES(json_walk_next(&walk, &name, &raw));
	EQ_TEXT(raw, "\"b\"");
	YES(json_walk_next(&walk, &name, &raw));
	EQ_TEXT(raw, "{\"c\":2}");
	NO(json_walk_next(&walk, &name, &raw));

	YES(json_walk_begin(&walk, checked("{\"a\" : 1, \"b\" :[]}")));
	YES(walk.object);
	YES(json_walk_next(&walk, &name, &raw));
	EQ_TEXT(name, "\"a\"");
	EQ_TEXT(raw, "1");
	YES(json_walk_next(&walk, &name, &raw));
	EQ_TEXT(name, "\"b\"");
	EQ_TEXT(raw, "[]");
	NO(json_walk_next(&walk, &name, &raw));
}

TEST(json_walks_nothing_in_what_is_empty_or_no_container)
{
	struct json_walk walk;
	struct slice name, raw;

	YES(json_walk_begin(&walk, checked("{ }")));
	NO(json_walk_next(&walk, &name, &raw));
	YES(json_walk_begin(&walk, checked("[]")));
	NO(json_walk_next(&walk, &name, &raw));
	NO(json_walk_begin(&walk, checked("\"[]\"")));
	NO(json_walk_begin(&walk, checked("12")));
	NO(json_walk_begin(&walk, edge("")));
}

/* ---- strings ---- */

static void
decodes(const char *raw, const char *wanted)
{
	struct buf b = edge_buf(strlen(wanted));

	YES(json_string(edge(raw), &b));
	EQ_TEXT(&b, wanted);
}

TEST(json_decodes_each_escape)
{
	decodes("\"\"", "");
	decodes("\"a\\\"b\\\\c\\/d\\be\\ff\\ng\\rh\\ti\"",
	    "a\"b\\c/d\be\ff\ng\rh\ti");
	decodes("\"\\u0041\\u00e9\\u00E9\\u20ac\"", "A\xC3\xA9\xC3\xA9\xE2\x82\xAC");
	decodes("\"\\uD83D\\uDE00\"", "\xF0\x9F\x98\x80");
	decodes("\"\\uDBFF\\uDFFF\"", "\xF4\x8F\xBF\xBF");
	decodes("\"\\uD7FF\\uE000\"", "\xED\x9F\xBF\xEE\x80\x80");
	decodes("\"\xC3\xA9\"", "\xC3\xA9");
}

TEST(json_refuses_to_decode_what_is_no_text)
{
	static const char *const bad[] = {
		"\"\\u0000\"", "\"a\\u0000b\"", "\"\\uD800\"", "\"\\uDC00\"",
		"\"\\uD800\\uD800\"", "\"\\uD800\\u0041\"", "\"\\uD800x\"",
		"\"\\uDE00\\uD83D\"", "\"\\uD800\\n\"", "\"\\uD83D\\uDE\"",
		"1", "null", "{}", "[]", "\"", "", "true",
	};
	char text[64];

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct buf b = BUF_OVER(text);

		NO(json_string(edge(bad[i]), &b));
	}
}

TEST(json_string_fails_when_the_buffer_is_full)
{
	struct buf b = edge_buf(3);

	YES(json_string(edge("\"abc\""), &b));
	b = edge_buf(3);
	NO(json_string(edge("\"abcd\""), &b));
	b = edge_buf(3);
	NO(json_string(edge("\"\\uD83D\\uDE00\""), &b));
}

static void
writes(struct slice text, const char *wanted)
{
	char out[128];
	struct buf b = BUF_OVER(out);
	const char *why;

	json_put_string(&b, text);
	EQ_TEXT(&b, wanted);
	YES(json_check(buf_slice(&b), &why));
}

TEST(json_writes_strings_that_every_reader_takes)
{
	writes(EDGE(""), "\"\"");
	writes(EDGE("a/b"), "\"a/b\"");
	writes(EDGE("\"\\"), "\"\\\"\\\\\"");
	writes(EDGE("\n\r\t"), "\"\\n\\r\\t\"");
	writes(EDGE("\0\x01\b\f\x1F\x7F"),
	    "\"\\u0000\\u0001\\u0008\\u000c\\u001f\\u007f\"");
	writes(EDGE("\xC3\xA9\xF0\x9F\x98\x80"), "\"\xC3\xA9\xF0\x9F\x98\x80\"");
}

TEST(json_writes_malformed_utf_8_as_replacement_characters)
{
	writes(EDGE("\xFF"), "\"\xEF\xBF\xBD\"");
	writes(EDGE("a\xC3"), "\"a\xEF\xBF\xBD\"");
	writes(EDGE("\xC0\xAFz"), "\"\xEF\xBF\xBD\xEF\xBF\xBDz\"");
	writes(EDGE("\xED\xA0\x80"),
	    "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(json_reads_back_every_character_it_writes)
{
	for (int c = 1; c < 0x80; c++) {
		const char one[] = { (char)c };
		char out[16], back[16];
		struct buf w = BUF_OVER(out), r = BUF_OVER(back);

		json_put_string(&w, edge_again(slice_from(one, 1)));
		YES(json_string(buf_slice(&w), &r));
		EQ_TEXT(&r, slice_from(one, 1));
	}
}

TEST(json_puts_commas_between_members_only)
{
	char out[64];
	struct buf b = BUF_OVER(out);

	buf_putc(&b, '{');
	json_put_name(&b, "a");
	buf_puts(&b, "1");
	json_put_name(&b, "b\"");
	buf_puts(&b, "2}");
	EQ_TEXT(&b, "{\"a\":1,\"b\\\"\":2}");
}
