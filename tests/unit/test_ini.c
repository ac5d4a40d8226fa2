/* SPDX-License-Identifier: MIT */
/*
 * The line grammar of the shared files, item by item. Which section is which
 * profile is tested in test_sharedfile.c.
 */
#include "test.h"

#include "codec/ini.h"

/* All items as one text: kind letter, name, value, a bar between items. */
static struct slice
items(struct slice text)
{
	static char out[4096];
	struct buf b = BUF_OVER(out);
	struct ini ini;
	struct ini_item item;

	ini_init(&ini, text);
	for (;;) {
		item = ini_next(&ini);
		if (item.kind == INI_END)
			return buf_slice(&b);
		if (b.len)
			buf_putc(&b, '|');
		if (item.kind == INI_BAD) {
			buf_puts(&b, "bad ");
			buf_put_u64(&b, ini.line);
			buf_puts(&b, ": ");
			buf_puts(&b, item.why);
			return buf_slice(&b);
		}
		buf_putc(&b, "?[=+."[item.kind]);
		if (item.kind != INI_CONTINUATION)
			buf_put_slice(&b, item.name);
		if (item.kind == INI_PROPERTY || item.kind == INI_SUBPROPERTY)
			buf_putc(&b, '=');
		if (item.kind != INI_SECTION)
			buf_put_slice(&b, item.value);
	}
}

static void
reads(const char *text, const char *wanted)
{
	EQ_TEXT(items(edge(text)), wanted);
}

TEST(ini_reads_sections_and_properties)
{
	reads("[default]\naws_access_key_id = AKIA\nregion=eu-west-1\n",
	    "[default|=aws_access_key_id=AKIA|=region=eu-west-1");
	reads("", "");
	reads("\n\n  \n\t\n", "");
	reads("[a]", "[a");
	reads("[a]\nb=c", "[a|=b=c");
}

TEST(ini_trims_blanks_inside_and_outside)
{
	reads("[ \t profile a \t ]  \n", "[profile a");
	reads("[a]\nb \t = \t c d \t \n", "[a|=b=c d");
	reads("[a]\r\nb = c\r\n\r\n", "[a|=b=c");
}

TEST(ini_takes_everything_behind_the_first_equals_sign)
{
	reads("[a]\nb = c=d==\n", "[a|=b=c=d==");
	reads("[a]\nb==\n", "[a|=b==");
}

TEST(ini_takes_an_empty_value)
{
	reads("[a]\nb =\nc = d\n", "[a|=b=|=c=d");
}

TEST(ini_takes_only_lines_that_begin_with_a_mark_for_comments)
{
	reads("# x\n; y\n[a]\n#b = c\n;b = c\n", "[a");
	reads("[a]# x\n[b] ; y\n[c]\t#z\n", "[a|[b|[c");
	reads("[a];x\n", "[a");
}

TEST(ini_takes_a_mark_behind_a_blank_for_a_comment)
{
	reads("[a]\nb = c # d\nb = c ; d\nb = c\t#d\n", "[a|=b=c|=b=c|=b=c");
	reads("[a]\nb = c#d\nb = c;d\n", "[a|=b=c#d|=b=c;d");
	reads("[a]\nb = # c\n", "[a|=b=");
	reads("[a]\nb # = c\n", "[a|bad 2: no '=' in the line");
}

TEST(ini_reads_continuations_with_their_comments)
{
	reads("[a]\nb = c\n  d # e\n\t= f\n", "[a|=b=c|+d # e|+= f");
	reads("[a]\nb = c\n\n  d\n", "[a|=b=c|+d");
	reads("[a]\nb = c\n# x\n  d\n", "[a|=b=c|+d");
}

TEST(ini_reads_nested_properties_below_an_empty_value)
{
	reads("[a]\ns3 =\n  b = c\n\n  d=e=f\nregion = x\n",
	    "[a|=s3=|.b=c|.d=e=f|=region=x");
	reads("[a]\ns3 =\n  b\n", "[a|=s3=|bad 3: no '=' in the line");
	reads("[a]\ns3 =\n  = b\n", "[a|=s3=|bad 3: no name before the '='");
}

TEST(ini_refuses_what_belongs_to_nothing)
{
	reads("b = c\n", "bad 1: a property before any [section]");
	reads("  b = c\n", "bad 1: an indented line before any [section]");
	reads("[a]\n  b = c\n", "[a|bad 2: an indented line that continues no "
	    "property");
	reads("[a]\nb = c\n[d]\n e\n", "[a|=b=c|[d|bad 4: an indented line that "
	    "continues no property");
}

TEST(ini_refuses_broken_sections_and_properties)
{
	reads("[a\n", "bad 1: section without its closing ']'");
	reads("[", "bad 1: section without its closing ']'");
	reads("[a] b\n", "bad 1: text after the section's ']'");
	reads("[a]\nb\n", "[a|bad 2: no '=' in the line");
	reads("[a]\n\n\nb : c\n", "[a|bad 4: no '=' in the line");
	reads("[a]\n= c\n", "[a|bad 2: no name before the '='");
}

TEST(ini_refuses_nul_bytes)
{
	EQ_TEXT(items(EDGE("[a]\nb = c\0d\n")), "[a|bad 2: a NUL byte");
	EQ_TEXT(items(EDGE("[a]\n# \0\n")), "[a|bad 2: a NUL byte");
}

TEST(ini_passes_over_a_byte_order_mark)
{
	reads("\xEF\xBB\xBF[a]\nb = c\n", "[a|=b=c");
	reads("\xEF\xBB[a]\n", "bad 1: a property before any [section]");
}

TEST(ini_knows_the_characters_of_names)
{
	YES(ini_is_name(edge("aZ09-/.%@_:+")));
	NO(ini_is_name(edge("")));
	NO(ini_is_name(edge("a b")));
	NO(ini_is_name(edge("a\tb")));
	NO(ini_is_name(edge("a\"b")));
	NO(ini_is_name(edge("\xC3\xA9")));
	NO(ini_is_name(EDGE("a\0b")));
}

static const char whole_text[] = "\xEF\xBB\xBF# c\r\n[profile a]\r\nb = c # d\n"
    " e\n[services s]\nsts =\n  endpoint_url = https://x\n\n[default]\nk=v";

/* A file may be cut between two lines and be a file still; never a crash. */
TEST(ini_reads_a_text_cut_at_any_place)
{
	struct slice whole = edge(whole_text), cut;
	size_t refused = 0;

	EACH_CUT(whole, cut) {
		struct slice got = items(cut);

		refused += slice_find(got, "bad ") < got.len;
		YES(got.len < whole.len + 64);
	}
	YES(refused > 20);
}

TEST(ini_survives_a_spoilt_byte_anywhere)
{
	struct slice whole = edge(whole_text), bad;

	EACH_SPOILT(whole, bad)
		YES(items(bad).len > 0);
}
