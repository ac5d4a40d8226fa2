/* SPDX-License-Identifier: MIT */
/*
 * Hexadecimal digits, both ways. Who uses them is tested elsewhere.
 */
#include "test.h"

#include "codec/hex.h"

TEST(hex_writes_two_lower_case_digits_for_each_byte)
{
	static const uint8_t bytes[] = { 0x00, 0x01, 0x0A, 0x9F, 0xA0, 0xFF };
	struct buf b = edge_buf(12);

	hex_put(&b, bytes, sizeof bytes);
	NO(b.full);
	EQ_TEXT(&b, "00010a9fa0ff");
	hex_put(&b, bytes, 0);
	EQ(b.len, 12);
}

TEST(hex_knows_digits_of_either_case_and_no_others)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";

	for (int c = 0; c < 256; c++) {
		const char *at = c ? strchr(digits, c) : NULL;
		int wanted = at ? (int)((at - digits) % 16) : -1;

		EQ(hex_digit((char)c), wanted);
	}
}
