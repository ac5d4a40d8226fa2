/* SPDX-License-Identifier: MIT */
/*
 * The UTF-8 decoder and encoder over every code point and every short sequence
 * of bytes (RFC 3629 §3, §4).
 */
#include "test.h"

#include "base/utf8.h"

TEST(utf8_reads_back_every_character_it_writes)
{
	size_t bad = 0;

	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		char text[4];
		struct buf b = BUF_OVER(text);
		uint32_t back = 0;
		size_t wanted = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

		if (c == 0xD800)
			c = 0xE000;
		utf8_put(&b, c);
		bad += b.full || b.len != wanted ||
		    utf8_next(buf_slice(&b), &back) != wanted || back != c;
	}
	EQ(bad, 0);
}

TEST(utf8_accepts_exactly_the_sequences_of_the_rfc)
{
	size_t two = 0, three = 0, four = 0;
	char s[4];
	uint32_t c;

	for (int first = 0x80; first < 0x100; first++) {
		s[0] = (char)first;
		EQ(utf8_next(edge_again(slice_from(s, 1)), &c), 0);
		for (int i = 0; i < 0x100; i++) {
			s[1] = (char)i;
			two += utf8_next(slice_from(s, 2), &c) == 2;
			for (int k = 0x7F; k < 0xC1; k++) {
				s[2] = (char)k;
				three += utf8_next(slice_from(s, 3), &c) == 3;
				s[3] = (char)k;
				four += utf8_next(slice_from(s, 4), &c) == 4;
			}
		}
	}
	EQ(two, 0x800 - 0x80);
	EQ(three, 0x10000 - 0x800 - 0x800);
	EQ(four, 0x100000 / 64);        /* the last two bytes were the same */
}

TEST(utf8_looks_at_no_byte_beyond_the_end)
{
	struct slice whole = EDGE("\xF0\x9F\x98\x80"), cut;
	uint32_t c;

	EQ(utf8_next(whole, &c), 4);
	EQ(c, 0x1F600);
	EACH_CUT(whole, cut)
		if (cut.len)
			EQ(utf8_next(cut, &c), 0);
}
