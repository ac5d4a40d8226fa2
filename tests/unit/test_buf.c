/* SPDX-License-Identifier: MIT */
/*
 * The byte buffer and its sticky "full". Buffers end at an unreadable page.
 */
#include "test.h"

TEST(buf_appends_until_it_is_exactly_full)
{
	struct buf b = edge_buf(6);

	buf_puts(&b, "ab");
	buf_putc(&b, 'c');
	buf_put_slice(&b, slice_of("def"));
	NO(b.full);
	EQ_TEXT(&b, "abcdef");
	buf_put(&b, "", 0);
	NO(b.full);
	buf_putc(&b, 'g');
	YES(b.full);
	EQ_TEXT(&b, "abcdef");
}

TEST(buf_stays_full_even_for_what_would_fit)
{
	struct buf b = edge_buf(4);

	buf_puts(&b, "abc");
	buf_puts(&b, "xy");
	YES(b.full);
	buf_putc(&b, 'd');
	EQ_TEXT(&b, "abc");
	YES(b.full);
}

TEST(buf_writes_numbers)
{
	struct buf b = edge_buf(22);

	buf_put_u64(&b, 0);
	buf_put_u64(&b, UINT64_MAX);
	buf_put_u64(&b, 7);
	NO(b.full);
	EQ_TEXT(&b, "0184467440737095516157");
	buf_put_u64(&b, 1);
	YES(b.full);
}

TEST(buf_wipes_what_was_appended)
{
	struct buf b = edge_buf(8);

	buf_puts(&b, "secretly");
	buf_putc(&b, '!');
	buf_wipe(&b);
	EQ(b.len, 0);
	NO(b.full);
	EQ_TEXT(slice_from(b.p, 8), slice_from("\0\0\0\0\0\0\0\0", 8));
}

TEST(buf_copies_texts_that_fit_with_their_nul)
{
	struct buf b = edge_buf(4);

	YES(copy_text(b.p, 4, edge("abc")));
	EQ_TEXT((const char *)b.p, "abc");
	NO(copy_text(b.p, 4, edge("abcd")));
	EQ_TEXT((const char *)b.p, "");
	NO(copy_text(b.p, 4, EDGE("a\0b")));
	EQ_TEXT((const char *)b.p, "");
	YES(copy_text(b.p, 4, slice_from(NULL, 0)));
	EQ_TEXT((const char *)b.p, "");
}

TEST(buf_copies_a_text_onto_itself)
{
	char text[8] = "xyabc";

	YES(copy_text(text, sizeof text, slice_of(text + 2)));
	EQ_TEXT((const char *)text, "abc");
}
