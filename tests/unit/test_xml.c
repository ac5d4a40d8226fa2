/* SPDX-License-Identifier: MIT */
/*
 * The XML reader against XML 1.0 and against the ways in which a document can
 * say two things. What an STS answer has to hold is tested in test_sts.c.
 */
#include "test.h"

#include "base/limits.h"
#include "codec/xml.h"

#define REFUSES(sentence, text, reason) \
	TEST(sentence) { refuse(edge(text), reason); }

static void
refuse(struct slice doc, const char *reason)
{
	const char *why = "";

	NO(xml_check(doc, &why));
	EQ_TEXT(why, reason);
}

static void
accept(const char *text)
{
	const char *why = "";

	YES(xml_check(edge(text), &why));
	EQ_TEXT(why, "");
}

/* As STS sends it (STS API Reference, AssumeRole), with blanks of our own. */
static const char answer[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!-- an answer -->\n"
    "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
    "  <AssumeRoleResult>\n"
    "    <Credentials>\n"
    "      <AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>\n"
    "      <Empty/>\n"
    "      <SessionToken >a&amp;b&lt;&#x2F;&#47;</SessionToken >\n"
    "      <Note unit='s' x=\"&quot;>\">t&#xA;\xC3\xA9</Note>\n"
    "    </Credentials>\n"
    "  </AssumeRoleResult>\n"
    "</AssumeRoleResponse>";

#define CREDENTIALS "AssumeRoleResponse/AssumeRoleResult/Credentials"

REFUSES(xml_refuses_document_type, "<!DOCTYPE a><a/>",
    "document type or CDATA section")
REFUSES(xml_refuses_entity_declaration,
    "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>",
    "document type or CDATA section")
REFUSES(xml_refuses_cdata_section, "<a><![CDATA[x]]></a>",
    "document type or CDATA section")
REFUSES(xml_refuses_processing_instruction, "<a><?php x?></a>",
    "processing instruction")
REFUSES(xml_refuses_stylesheet_before_the_root, "<?xml-stylesheet x?><a/>",
    "processing instruction")
REFUSES(xml_refuses_late_declaration, "\n<?xml version=\"1.0\"?><a/>",
    "processing instruction")
REFUSES(xml_refuses_unknown_entity, "<a>&nbsp;</a>",
    "unknown entity or bad reference")
REFUSES(xml_refuses_unknown_entity_in_an_attribute, "<a b='&nbsp;'/>",
    "unknown entity or bad reference")
REFUSES(xml_refuses_ampersand_alone, "<a>b & c</a>",
    "unknown entity or bad reference")
REFUSES(xml_refuses_empty_document, "", "no root element")
REFUSES(xml_refuses_document_of_comments, "<!-- a --> ", "no root element")
REFUSES(xml_refuses_text_alone, "hello", "text outside the root element")
REFUSES(xml_refuses_text_before_the_root, "x<a/>",
    "text outside the root element")
REFUSES(xml_refuses_text_after_the_root, "<a/>x",
    "text outside the root element")
REFUSES(xml_refuses_second_root, "<a/><b/>", "more than one root element")
REFUSES(xml_refuses_second_root_with_content, "<a></a><b></b>",
    "more than one root element")
REFUSES(xml_refuses_crossed_tags, "<a><b></a></b>",
    "closing tag does not match")
REFUSES(xml_refuses_other_case_in_the_closing_tag, "<a></A>",
    "closing tag does not match")
REFUSES(xml_refuses_closing_tag_alone, "</a>", "closing tag does not match")
REFUSES(xml_refuses_second_closing_tag, "<a></a></a>",
    "closing tag does not match")
REFUSES(xml_refuses_prefix_as_closing_tag, "<ab></a>",
    "closing tag does not match")
REFUSES(xml_refuses_open_root, "<a><b></b>", "document is cut short")
REFUSES(xml_refuses_attribute_in_a_closing_tag, "<a></a b='c'>",
    "closing tag with attributes")
REFUSES(xml_refuses_doubled_attribute, "<a b='1' c='2' b='1'/>",
    "an attribute stands twice")
REFUSES(xml_refuses_unquoted_attribute, "<a b=c/>", "malformed attribute")
REFUSES(xml_refuses_attribute_without_value, "<a b/>", "malformed attribute")
REFUSES(xml_refuses_attributes_without_a_blank_between, "<a b='1'c='2'/>",
    "malformed attribute")
REFUSES(xml_refuses_attribute_that_starts_with_a_digit, "<a 1='1'/>",
    "malformed attribute")
REFUSES(xml_refuses_less_than_in_an_attribute, "<a b='<'/>",
    "'<' in an attribute value")
REFUSES(xml_refuses_open_attribute, "<a b='c></a>", "tag is cut short")
REFUSES(xml_refuses_tag_without_name, "<>x</>", "tag without a name")
REFUSES(xml_refuses_blank_before_the_name, "< a/>", "tag without a name")
REFUSES(xml_refuses_name_that_starts_with_a_digit, "<1a/>",
    "tag without a name")
REFUSES(xml_refuses_name_that_starts_with_a_hyphen, "<-a/>",
    "tag without a name")
REFUSES(xml_refuses_two_hyphens_in_a_comment, "<a><!-- b -- c --></a>",
    "comment does not end, or holds \"--\"")
REFUSES(xml_refuses_comment_that_ends_in_three_hyphens, "<a><!-- b ---></a>",
    "comment does not end, or holds \"--\"")
REFUSES(xml_refuses_open_comment, "<a/><!-- ",
    "comment does not end, or holds \"--\"")
REFUSES(xml_refuses_end_of_cdata_in_text, "<a>]]></a>", "\"]]>\" in text")
REFUSES(xml_refuses_control_character, "<a>\x01</a>",
    "a character that XML does not allow")
REFUSES(xml_refuses_control_character_in_a_comment, "<a/><!-- \x1B -->",
    "a character that XML does not allow")
REFUSES(xml_refuses_control_character_in_an_attribute, "<a b='\x02'/>",
    "a character that XML does not allow")

TEST(xml_refuses_nul_bytes)
{
	const char *why;

	NO(xml_check(EDGE("<a>\0</a>"), &why));
	NO(xml_check(EDGE("<a/>\0"), &why));
	NO(xml_check(EDGE("<a\0/>"), &why));
	NO(xml_check(EDGE("<a b='\0'/>"), &why));
}

TEST(xml_refuses_text_that_is_not_utf_8)
{
	static const char *const bad[] = {
		"<a>\xE9</a>", "<a>\xC0\xAF</a>", "<a>\xED\xA0\x80</a>",
		"<a>\xEF\xBF\xBE</a>", "<a>\xEF\xBF\xBF</a>", "<a>\xC3</a>",
		"<a>\xF4\x90\x80\x80</a>", "<a b='\xE9'/>",
		"<a/><!-- \xE9 -->",
	};

	for (size_t i = 0; i < COUNT(bad); i++)
		refuse(edge(bad[i]), "a character that XML does not allow");
	accept("<a>\xC3\xA9\xEF\xBF\xBD\xF0\x9F\x98\x80</a>");
}

TEST(xml_refuses_bad_character_references)
{
	static const char *const bad[] = {
		"<a>&#0;</a>", "<a>&#x0;</a>", "<a>&#8;</a>", "<a>&#xD800;</a>",
		"<a>&#xFFFE;</a>", "<a>&#x110000;</a>", "<a>&#1114112;</a>",
		"<a>&#4294967361;</a>", "<a>&#x100000041;</a>", "<a>&#;</a>",
		"<a>&#x;</a>", "<a>&#6a;</a>", "<a>&#xg;</a>", "<a>&#65</a>",
		"<a>&#X41;</a>", "<a>&lt</a>", "<a>&LT;</a>", "<a>&;</a>",
		"<a>&#-65;</a>", "<a>& #65;</a>", "<a>&</a>",
	};

	for (size_t i = 0; i < COUNT(bad); i++)
		refuse(edge(bad[i]), "unknown entity or bad reference");
	accept("<a>&#9;&#x9;&#10;&#13;&#65;&#x10FFFF;&#1114111;&#xD7FF;</a>");
}

TEST(xml_reads_the_declaration)
{
	accept("<?xml version=\"1.0\"?><a/>");
	accept("<?xml version='1.0' encoding='utf-8' standalone='yes' ?><a/>");
	accept("<?xml version='1.1' standalone='no'?>\n<a/>");
	refuse(edge("<?xml version='2.0'?><a/>"),
	    "XML declaration is not for UTF-8");
	refuse(edge("<?xml version='1.0' encoding='ISO-8859-1'?><a/>"),
	    "XML declaration is not for UTF-8");
	refuse(edge("<?xml encoding='UTF-8'?><a/>"),
	    "XML declaration is not for UTF-8");
	refuse(edge("<?xml version='1.0' standalone='maybe'?><a/>"),
	    "XML declaration is not for UTF-8");
	refuse(edge("<?xml version='1.0' version='1.0'?><a/>"),
	    "XML declaration is not for UTF-8");
	refuse(edge("<?xml ?><a/>"), "malformed XML declaration");
	refuse(edge("<?xml version=1.0?><a/>"), "malformed XML declaration");
	refuse(edge("<?xml version='1.0?><a/>"), "malformed XML declaration");
	refuse(edge("<?xml version='1.0'"), "XML declaration is cut short");
	refuse(edge("<?xmlversion='1.0'?><a/>"), "processing instruction");
}

TEST(xml_accepts_each_kind_of_content)
{
	const char *why;

	YES(xml_check(edge(answer), &why));
	accept("<a/>");
	accept(" <a />\r\n");
	accept("<a></a>");
	accept("<a:b.c-d_e xmlns:a='u'>text<x/>more<!-- c --></a:b.c-d_e>");
	accept("<a b = '>' c=\"/\">]]&gt;</a>");
	accept("<a><!----></a>");
	accept("<a>x ]] > y</a>");
}

TEST(xml_accepts_depth_up_to_the_bound_only)
{
	char text[8 * (XML_DEPTH_MAX + 1)];
	const char *why = "";

	for (size_t depth = XML_DEPTH_MAX; depth <= XML_DEPTH_MAX + 1; depth++) {
		struct buf b = BUF_OVER(text);

		for (size_t i = 0; i < depth; i++)
			buf_puts(&b, "<a>");
		for (size_t i = 0; i < depth; i++)
			buf_puts(&b, "</a>");
		EQ(xml_check(edge_again(buf_slice(&b)), &why),
		    depth == XML_DEPTH_MAX);
	}
	EQ_TEXT(why, "nested too deeply");
	NO(xml_check(repeat("<a>", 10000), &why));
}

TEST(xml_refuses_a_document_cut_at_any_place)
{
	struct slice whole = edge(answer), cut;
	const char *why;

	EACH_CUT(whole, cut)
		NO(xml_check(cut, &why));
}

TEST(xml_survives_a_spoilt_byte_anywhere)
{
	struct slice whole = edge(answer), bad, raw;
	size_t accepted = 0;

	EACH_SPOILT(whole, bad) {
		const char *why = NULL;

		if (!xml_check(bad, &why)) {
			YES(why != NULL);
			continue;
		}
		accepted++;
		if (xml_find(bad, CREDENTIALS "/SessionToken", &raw))
			YES(lies_within(raw, bad));
		YES(xml_root(bad).len > 0);
		YES(xml_namespace(bad).len < bad.len);
	}
	YES(accepted > 0 && accepted < whole.len * SPOILS / 2);
}

/* ---- finding ---- */

static struct slice
checked(const char *text)
{
	struct slice doc = edge(text);
	const char *why;

	YES(xml_check(doc, &why));
	return doc;
}

static struct slice
found(const char *text, const char *path)
{
	struct slice raw = { NULL, 0 };

	YES(xml_find(checked(text), path, &raw));
	return raw;
}

static void
not_found(const char *text, const char *path)
{
	struct slice raw;

	NO(xml_find(checked(text), path, &raw));
}

TEST(xml_finds_elements_by_their_whole_path)
{
	EQ_TEXT(found(answer, CREDENTIALS "/AccessKeyId"),
	    "ASIAIOSFODNN7EXAMPLE");
	EQ_TEXT(found(answer, CREDENTIALS "/Empty"), "");
	EQ_TEXT(found(answer, CREDENTIALS "/SessionToken"),
	    "a&amp;b&lt;&#x2F;&#47;");
	EQ_TEXT(found("<a>x<b>y</b>z</a>", "a"), "x<b>y</b>z");
	not_found(answer, CREDENTIALS "/SecretAccessKey");
	not_found(answer, "AssumeRoleResponse/Credentials/AccessKeyId");
	not_found(answer, "AssumeRoleResult/Credentials/AccessKeyId");
	not_found(answer, "AccessKeyId");
	not_found("<a><b/></a>", "a/b/c");
	not_found("<a>b</a>", "a/b");
	not_found("<a b='c'/>", "a/b");
}

TEST(xml_finds_elements_of_one_name_within_each_other)
{
	EQ_TEXT(found("<a><a><a>x</a></a></a>", "a/a/a"), "x");
	EQ_TEXT(found("<a><b><b>x</b></b></a>", "a/b"), "<b>x</b>");
	EQ_TEXT(found("<a><b><b>x</b></b></a>", "a/b/b"), "x");
	EQ_TEXT(found("<a><c><b>1</b></c><b>2</b><c/></a>", "a/b"), "2");
}

TEST(xml_finds_nothing_where_it_stands_twice)
{
	not_found("<a><b>1</b><b>2</b></a>", "a/b");
	not_found("<a><b>1</b><c/><b/></a>", "a/b");
	not_found("<a><b><c>1</c></b><b><c>2</c></b></a>", "a/b/c");
}

TEST(xml_finds_nothing_in_comments)
{
	EQ_TEXT(found("<a><!-- <b>1</b> --><b>2</b></a>", "a/b"), "2");
	not_found("<a><!-- <b>1</b> --></a>", "a/b");
}

TEST(xml_finds_no_name_that_only_begins_or_ends_alike)
{
	not_found("<a><xb>1</xb><bx>2</bx><x:b>3</x:b></a>", "a/b");
	not_found("<a><B>1</B></a>", "a/b");
}

TEST(xml_finds_nothing_where_the_namespace_changes_below_the_root)
{
	not_found("<a xmlns='u'><b xmlns='v'>1</b></a>", "a/b");
	not_found("<a xmlns='u'><b xmlns=''><c>1</c></b></a>", "a/b/c");
	EQ_TEXT(found("<a xmlns='u'><b x='v'>1</b></a>", "a/b"), "1");
}

TEST(xml_tells_root_and_namespace)
{
	struct slice doc = checked(answer);

	EQ_TEXT(xml_root(doc), "AssumeRoleResponse");
	EQ_TEXT(xml_namespace(doc), "https://sts.amazonaws.com/doc/2011-06-15/");
	EQ_TEXT(xml_root(checked("<!-- <b/> --> <a/>")), "a");
	EQ_TEXT(xml_namespace(checked("<a x='xmlns'/>")), "");
	EQ_TEXT(xml_namespace(checked("<a xmlns:x='u'/>")), "");
}

/* ---- text ---- */

static void
decodes(const char *raw, const char *wanted)
{
	struct buf b = edge_buf(strlen(wanted));

	YES(xml_text(edge(raw), &b));
	EQ_TEXT(&b, wanted);
}

TEST(xml_decodes_references)
{
	decodes("", "");
	decodes("&lt;&gt;&amp;&quot;&apos;", "<>&\"'");
	decodes("a&#65;&#x41;&#x6A;&#x6a;", "aAAjj");
	decodes("&#xe9;&#8364;&#x1F600;", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
	decodes("&amp;lt;", "&lt;");
}

TEST(xml_decodes_line_breaks_as_one_line_feed)
{
	decodes("a\r\nb\rc\nd\r\r\n", "a\nb\nc\nd\n\n");
	decodes("&#13;&#xA;", "\r\n");
}

TEST(xml_text_fails_where_there_is_more_than_text)
{
	char out[32];
	struct buf b = BUF_OVER(out);

	NO(xml_text(edge("a<b/>"), &b));
	NO(xml_text(edge("a<!-- b -->c"), &b));
	b = edge_buf(2);
	YES(xml_text(edge("ab"), &b));
	b = edge_buf(2);
	NO(xml_text(edge("abc"), &b));
	b = edge_buf(2);
	NO(xml_text(edge("&#x20AC;"), &b));
}
