/* SPDX-License-Identifier: MIT */
/*
 * Finding and decoding CERTIFICATE blocks in texts as bundles have them.
 * Whether the bytes are a certificate is tested in test_trust.c.
 */
#include "test.h"

#include "codec/pem.h"

#define BEGIN "-----BEGIN CERTIFICATE-----"
#define END   "-----END CERTIFICATE-----"

/* All blocks as one text: their contents, "!" for a broken one. */
static struct slice
blocks(struct slice text)
{
	static char out[256];
	struct buf b = BUF_OVER(out);
	enum pem_result result;
	struct slice der, cur = text;

	while ((result = pem_next(&cur, &der)) != PEM_END) {
		if (b.len)
			buf_putc(&b, '|');
		if (result == PEM_BROKEN)
			buf_putc(&b, '!');
		else
			buf_put_slice(&b, der);
		if (result == PEM_CERTIFICATE)
			YES(der.len > 0 && lies_within(der, text));
		YES(lies_within(cur, text));
	}
	return buf_slice(&b);
}

static void
reads(const char *text, const char *wanted)
{
	EQ_TEXT(blocks(edge(text)), wanted);
}

TEST(pem_reads_blocks_in_order)
{
	reads(BEGIN "\nZm9v\n" END "\n", "foo");
	reads(BEGIN "\r\nZm9v\r\nYmE=\r\n" END "\r\n", "fooba");
	reads(BEGIN "\nZm9v\n" END "\n" BEGIN "\nYmFy\n" END, "foo|bar");
	reads("", "");
	reads("no block here\n", "");
}

TEST(pem_passes_over_text_and_other_blocks)
{
	reads("# Root\nIssuer: x\n" BEGIN "\nZm9v\n" END "\nmore\n", "foo");
	reads("-----BEGIN PRIVATE KEY-----\nYmFy\n-----END PRIVATE KEY-----\n"
	    BEGIN "\nZm9v\n" END "\n", "foo");
	reads("-----BEGIN X509 CRL-----\nYmFy\n-----END X509 CRL-----\n", "");
	reads("-----BEGIN certificate-----\nZm9v\n-----END certificate-----\n",
	    "");
}

TEST(pem_counts_broken_blocks_and_goes_on)
{
	reads(BEGIN "\nZm9\n" END "\n" BEGIN "\nYmFy\n" END "\n", "!|bar");
	reads(BEGIN "\n" END "\n" BEGIN "\nYmFy\n" END "\n", "!|bar");
	reads(BEGIN "\nZm9v\n" BEGIN "\nYmFy\n" END "\n", "!|bar");
	reads(BEGIN "\nZm*v\n" END "\n", "!");
	reads(BEGIN "\nProc-Type: 4\n\nZm9v\n" END "\n", "!");
	reads(BEGIN "\nZm9v\n-----END X509 CRL-----\n", "!");
	reads(BEGIN "\nZm9v\n", "!");
	reads(BEGIN, "!");
}

TEST(pem_refuses_a_block_cut_at_any_place)
{
	struct slice whole = edge("x\n" BEGIN "\nZm9v\nYmFy\n" END), cut;

	EACH_CUT(whole, cut)
		EQ_TEXT(blocks(cut), cut.len < 2 + sizeof BEGIN - 1 ? "" : "!");
	EQ_TEXT(blocks(edge_again(whole)), "foobar");
}

TEST(pem_survives_a_spoilt_byte_anywhere)
{
	struct slice whole = edge(BEGIN "\nZm9v\nYmFy\n" END "\n" BEGIN
	    "\nYmFy\n" END "\n"), bad;

	EACH_SPOILT(whole, bad)
		YES(blocks(bad).len <= 13);
}
