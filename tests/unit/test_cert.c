/* SPDX-License-Identifier: MIT */
/*
 * Names and dates of certificates. Whether one is acceptable is tested in
 * test_chain.c.
 */
#include "test.h"

#include "net/anchors.h"
#include "net/cert.h"
#include "pki.h"

static struct slice
edge_cert(int i)
{
	return edge_bytes(pki[i].der, pki[i].len);
}

static struct slice
called(struct slice name)
{
	static char text[128];
	struct buf b = BUF_OVER(text);

	cert_put_name(&b, name);
	return buf_slice(&b);
}

TEST(cert_reads_names_and_dates)
{
	int64_t from, until;
	struct cert c;

	YES(cert_read(edge_cert(PKI_LEAF), &c));
	YES(cert_read_validity(&c, &from, &until));
	EQ(from, PKI_FROM);
	EQ(until, PKI_UNTIL);
	EQ_TEXT(called(c.issuer), "Test Issuing CA");
	EQ_TEXT(called(c.subject), PKI_HOST);
	YES(cert_read(edge_cert(PKI_ROOT), &c));
	YES(slice_eq(c.issuer, c.subject));
}

TEST(cert_reads_dates_beyond_2049)
{
	int64_t from, until;
	struct cert c;

	YES(cert_read(edge_cert(PKI_LEAF_LATE), &c));
	YES(cert_read_validity(&c, &from, &until));
	EQ(until, 2695420800);                  /* 2055-06-01T00:00:00Z */
}

TEST(cert_refuses_dates_that_are_none)
{
	static const struct { const char *bytes; size_t len; } bad[] = {
#define BAD(text) { text, sizeof text - 1 }
		BAD(""), BAD("\x17\x0D" "200101000000Z"),
		BAD("\x17\x0D" "200101000000Z" "\x17\x0D" "391301000000Z"),
		BAD("\x17\x0D" "200101000000Z" "\x17\x0B" "3912312359Z"),
		BAD("\x17\x0D" "200101000000Z" "\x18\x0D" "391231235959Z"),
		BAD("\x17\x0D" "200101000000Z" "\x17\x0D" "391231235959Z" "\x05\x00"),
#undef BAD
	};
	struct cert c = { 0 };
	int64_t from, until;

	c.validity = EDGE("\x17\x0D" "200101000000Z" "\x17\x0D" "391231235959Z");
	YES(cert_read_validity(&c, &from, &until));
	EQ(until, PKI_UNTIL);
	for (size_t i = 0; i < COUNT(bad); i++) {
		c.validity = edge_again(slice_from(bad[i].bytes, bad[i].len));
		NO(cert_read_validity(&c, &from, &until));
	}
}

TEST(cert_reads_the_compiled_in_roots)
{
	static const struct { const char *name; int64_t until_day; } roots[] = {
		{ "Amazon Root CA 1", 24853 },          /* 2038-01-17 */
		{ "Amazon Root CA 2", 25713 },          /* 2040-05-26 */
		{ "Amazon Root CA 3", 25713 }, { "Amazon Root CA 4", 25713 },
		{ "Starfield Services Root Certificate Authority - G2", 24836 },
	};

	EQ(COUNT(roots), ANCHORS);
	for (size_t i = 0; i < ANCHORS; i++) {
		int64_t from, until;
		struct cert c;

		EQ_TEXT(anchors[i].name, roots[i].name);
		YES(cert_read(edge_bytes(anchors[i].der, anchors[i].len), &c));
		EQ_TEXT(called(c.subject), roots[i].name);
		YES(cert_read_validity(&c, &from, &until));
		EQ(until / 86400, roots[i].until_day);
	}
}

TEST(cert_names_those_that_have_no_common_name)
{
	struct cert c;

	YES(cert_read(edge_cert(PKI_NAMELESS), &c));
	EQ_TEXT(called(c.subject), "Only an organisation");
	EQ_TEXT(called(c.issuer), "an unnamed issuer");
	EQ_TEXT(called(edge("")), "an unnamed issuer");
	EQ_TEXT(called(edge("garbage")), "an unnamed issuer");
}

TEST(cert_makes_names_printable)
{
	EQ_TEXT(called(EDGE("\x30\x10\x31\x0E\x30\x0C\x06\x03\x55\x04\x03\x0C\x05"
	    "a\x1B[1b")), "a?[1b");
}

TEST(cert_refuses_a_certificate_cut_at_any_place)
{
	struct slice whole = edge_cert(PKI_LEAF), cut;
	struct cert c;

	EACH_CUT(whole, cut)
		NO(cert_read(cut, &c));
}

TEST(cert_refuses_bytes_behind_the_certificate)
{
	char text[2048];
	struct buf b = BUF_OVER(text);
	struct cert c;

	buf_put_slice(&b, pki_slice(PKI_LEAF));
	YES(cert_read(edge_again(buf_slice(&b)), &c));
	buf_putc(&b, 0);
	NO(cert_read(edge_again(buf_slice(&b)), &c));
}

TEST(cert_survives_a_spoilt_byte_anywhere)
{
	struct slice whole = edge_cert(PKI_LEAF), bad;
	struct cert c;

	EACH_SPOILT(whole, bad) {
		if (!cert_read(bad, &c))
			continue;
		YES(lies_within(c.issuer, bad) && lies_within(c.subject, bad));
		YES(called(c.issuer).len > 0);
	}
}
