/* SPDX-License-Identifier: MIT */
/*
 * The base64 decoder against the vectors of RFC 4648 §10 and the ways of
 * padding wrongly. PEM's lines are tested in test_pem.c.
 */
#include "test.h"

#include "codec/base64.h"

static void
decodes(const char *in, const char *wanted)
{
	struct buf out = edge_buf(strlen(in) / 4 * 3);
	size_t len = 99;

	YES(base64_read(edge(in), (uint8_t *)out.p, &len));
	EQ_TEXT(slice_from(out.p, len), wanted);
}

TEST(base64_decodes_the_vectors_of_the_rfc)
{
	decodes("", "");
	decodes("Zg==", "f");
	decodes("Zm8=", "fo");
	decodes("Zm9v", "foo");
	decodes("Zm9vYg==", "foob");
	decodes("Zm9vYmE=", "fooba");
	decodes("Zm9vYmFy", "foobar");
}

TEST(base64_knows_the_whole_alphabet)
{
	static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
	    "uvwxyz0123456789+/";
	uint8_t out[48];
	size_t len;

	YES(base64_read(edge(all), out, &len));
	EQ(len, 48);
	for (unsigned i = 0; i < 64; i++) {
		unsigned bit = i * 6, v = 0;

		for (unsigned k = bit; k < bit + 6; k++)
			v = v << 1 | ((unsigned)out[k / 8] >> (7 - k % 8) & 1);
		EQ(v, i);
	}
}

TEST(base64_passes_over_blanks_and_line_breaks)
{
	decodes(" Zm9v\r\nYm\tFy\n", "foobar");
	decodes("Zg=\n=\n", "f");
}

TEST(base64_refuses_wrong_padding)
{
	static const char *const bad[] = {
		"Z", "Zg", "Zg=", "Zm8", "Zg===", "Zm8==", "Zm9v=", "=", "==",
		"====", "Z===", "Zg==Zg==", "Zm8=Zm9v", "Z=g=", "Zg=a", "Zm9v====",
		"Zm9vZ",
	};
	uint8_t out[32];
	size_t len;

	for (size_t i = 0; i < COUNT(bad); i++)
		NO(base64_read(edge(bad[i]), out, &len));
}

TEST(base64_refuses_bits_left_over_behind_the_end)
{
	static const char *const bad[] = { "Zh==", "Zv==", "Zm9=", "Zm+=" };
	uint8_t out[8];
	size_t len;

	for (size_t i = 0; i < COUNT(bad); i++)
		NO(base64_read(edge(bad[i]), out, &len));
}

TEST(base64_refuses_other_characters)
{
	uint8_t out[8];
	size_t len;

	for (int c = 0; c < 256; c++) {
		char text[] = { 'Z', 'm', '9', (char)c };
		bool good = ascii_is_alnum((char)c) || c == '+' || c == '/';
		bool cut = c == ' ' || c == '\t' || c == '\r' || c == '\n';

		if (c == '=')
			continue;               /* leaves bits over: see above */
		EQ(base64_read(edge_again(slice_from(text, 4)), out, &len), good);
		EQ(base64_read(edge_again(slice_from(text, 3)), out, &len), false);
		if (cut)
			continue;
		text[0] = (char)c;
		text[3] = 'v';
		EQ(base64_read(edge_again(slice_from(text, 4)), out, &len), good);
	}
}

TEST(base64_decodes_in_place)
{
	struct slice s = edge("Zm9v\nYmFyIGFuZCBtb3Jl\nLg==");
	size_t len;

	YES(base64_read(s, (uint8_t *)(uintptr_t)s.p, &len));
	EQ_TEXT(slice_from(s.p, len), "foobar and more.");
}

static void
encodes(struct slice in, const char *wanted)
{
	char text[64];
	struct buf b = BUF_OVER(text);

	base64_put(&b, edge_again(in));
	EQ_TEXT(&b, wanted);
}

TEST(base64_encodes_the_vectors_of_its_rfc)
{
	/* RFC 4648 §10 */
	static const char *const wanted[] = {
		"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy",
	};

	for (size_t i = 0; i < COUNT(wanted); i++)
		encodes(slice_from("foobar", i), wanted[i]);
	encodes((struct slice)SLICE("\xFB\xFF\xBF\x00"), "+/+/AA==");
}

TEST(base64_reads_what_it_wrote)
{
	uint8_t bytes[256], back[256];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 7 + 3);
	for (size_t n = 0; n <= sizeof bytes; n++) {
		char text[400];
		struct buf b = BUF_OVER(text);
		struct slice whole = slice_from((const char *)bytes, n);
		size_t len;

		base64_put(&b, whole);
		EQ(b.len, (n + 2) / 3 * 4);
		YES(base64_read(buf_slice(&b), back, &len));
		EQ_TEXT(slice_from((const char *)back, len), whole);
	}
}

TEST(base64_refuses_a_text_cut_within_a_group)
{
	struct slice whole = edge("Zm9vYmFyIGFuZCBtb3JlLg=="), cut;
	uint8_t out[32];
	size_t len;

	EACH_CUT(whole, cut)
		EQ(base64_read(cut, out, &len), cut.len % 4 == 0);
}
