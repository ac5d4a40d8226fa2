/* SPDX-License-Identifier: MIT */
/*
 * A byte buffer over memory that the caller owns. Appends do nothing once it
 * is full; the writer looks at `full` once, at the end.
 */
#ifndef POSTERN_BASE_BUF_H
#define POSTERN_BASE_BUF_H

#include "base/slice.h"

/* What a reader says of bytes that may arrive in parts. */
enum read_result { READ_DONE, READ_MORE, READ_BAD };

struct buf {
	char *p;
	size_t len, cap;
	bool full;              /* something did not fit; contents are unusable */
};

/* An empty buf over `cap` bytes; a call is half the size of its four stores. */
void buf_init(struct buf *b, char *p, size_t cap);
struct buf buf_over(char *p, size_t cap) __attribute__((noinline));

/* The same over an array (not a pointer), whole or without room for a NUL. */
#define BUF_OVER(array) buf_over((array), sizeof (array))
#define TEXT_OVER(array) buf_over((array), sizeof (array) - 1)

/* Write the NUL behind what was appended; a TEXT_OVER has room for it. */
void buf_end(struct buf *b);

void buf_put(struct buf *b, const void *p, size_t len);
void buf_putc(struct buf *b, char c);
void buf_puts(struct buf *b, const char *literal);
void buf_put_slice(struct buf *b, struct slice s);
void buf_put_u64(struct buf *b, uint64_t v);

/* Overwrite what was appended with zeros and start again empty. */
void buf_wipe(struct buf *b);

static inline struct slice
buf_slice(const struct buf *b)
{
	return (struct slice){ b->p, b->len };
}

/*
 * Copy a slice into a NUL-terminated array; false, and an empty array, when
 * it does not fit with its NUL or contains one.
 */
bool copy_text(char *out, size_t cap, struct slice s);

#endif
