/* SPDX-License-Identifier: MIT */
/*
 * Tags and lengths of DER (X.690 §8.1, §10.1). Certificates made of them are
 * read in test_cert.c.
 */
#include "test.h"

#include "codec/der.h"

/* The element is accepted and has this tag and content length. */
static void
reads(struct slice s, unsigned tag, size_t head, size_t len)
{
	struct slice cur = s;
	struct der e;

	if (!YES(der_next(&cur, &e)))
		return;
	EQ(e.tag, tag);
	EQ(e.content.len, len);
	EQ(e.content.p - s.p, head);
	EQ(e.all.p - s.p, 0);
	EQ(e.all.len, head + len);
	EQ(cur.p - s.p, head + len);
	EQ(cur.len, s.len - head - len);
}

static void
refuses(struct slice s)
{
	struct slice cur = s;
	struct der e;

	NO(der_next(&cur, &e));
	EQ(cur.p - s.p, 0);
	EQ(cur.len, s.len);
}

TEST(der_reads_short_and_long_lengths)
{
	struct buf b = edge_buf(70000);

	memset(b.p, 0, b.cap);
	reads(EDGE("\x05\x00"), 0x05, 2, 0);
	reads(EDGE("\x02\x01\x7F\x30\x00"), DER_INTEGER, 2, 1);
	memcpy(b.p, "\x30\x7F", 2);
	reads(slice_from(b.p, 200), DER_SEQUENCE, 2, 0x7F);
	memcpy(b.p, "\x30\x81\x80", 3);
	reads(slice_from(b.p, 200), DER_SEQUENCE, 3, 0x80);
	memcpy(b.p, "\x30\x82\x01\x00", 4);
	reads(slice_from(b.p, 400), DER_SEQUENCE, 4, 256);
	memcpy(b.p, "\xA0\x83\x01\x00\x00", 5);
	reads(slice_from(b.p, b.cap), DER_CONTEXT_0, 5, 65536);
	reads(slice_from(b.p, 65541), DER_CONTEXT_0, 5, 65536);
	refuses(slice_from(b.p, 65540));
}

TEST(der_refuses_lengths_that_are_not_the_shortest)
{
	struct buf b = edge_buf(400);

	memset(b.p, 0, b.cap);
	memcpy(b.p, "\x30\x81\x7F", 3);
	refuses(slice_from(b.p, b.cap));
	memcpy(b.p, "\x30\x81\x00", 3);
	refuses(slice_from(b.p, b.cap));
	memcpy(b.p, "\x30\x82\x00\x80", 4);
	refuses(slice_from(b.p, b.cap));
	memcpy(b.p, "\x30\x83\x00\x01\x00", 5);
	refuses(slice_from(b.p, b.cap));
	memcpy(b.p, "\x30\x84\x00\x00\x01\x00", 6);
	refuses(slice_from(b.p, b.cap));
}

TEST(der_refuses_indefinite_and_huge_lengths)
{
	refuses(EDGE("\x30\x80\x00\x00"));
	refuses(EDGE("\x30\xFF\x01\x01\x01\x01"));
	refuses(EDGE("\x30\x84\x01\x00\x00\x00\x00"));
	refuses(EDGE("\x30\x88\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00"));
}

TEST(der_refuses_tags_of_more_than_one_byte)
{
	refuses(EDGE("\x1F\x01\x00"));
	refuses(EDGE("\xBF\x81\x01\x00"));
}

TEST(der_refuses_what_reaches_beyond_the_input)
{
	refuses(EDGE(""));
	refuses(EDGE("\x30"));
	refuses(EDGE("\x30\x01"));
	refuses(EDGE("\x30\x81"));
	refuses(EDGE("\x30\x82\x01"));
	refuses(EDGE("\x30\x82\x01\x00\x00"));
}

TEST(der_take_stays_where_the_tag_is_another)
{
	struct slice whole = EDGE("\x02\x01\x05\x30\x00"), cur = whole;
	struct der e;

	NO(der_take(&cur, DER_SEQUENCE, &e));
	EQ(cur.len, whole.len);
	YES(der_take(&cur, DER_INTEGER, &e));
	EQ_TEXT(e.content, "\x05");
	YES(der_take(&cur, DER_SEQUENCE, &e));
	EQ(cur.len, 0);
	NO(der_take(&cur, DER_SEQUENCE, &e));
}

TEST(der_refuses_an_element_cut_at_any_place)
{
	struct buf b = edge_buf(300);
	struct slice whole, cut;

	memset(b.p, 0, b.cap);
	memcpy(b.p, "\x30\x82\x01\x28", 4);
	whole = slice_from(b.p, 300);
	reads(whole, DER_SEQUENCE, 4, 296);
	EACH_CUT(whole, cut)
		refuses(cut);
}
