/* SPDX-License-Identifier: MIT */
/*
 * DER of a few bytes, written from the inside out, for tests of certificates.
 */
#ifndef POSTERN_TESTS_UNIT_DER_PUT_H
#define POSTERN_TESTS_UNIT_DER_PUT_H

#include "codec/der.h"

#define DER_ROOM 8192   /* bytes of all elements since the last der_forget */

struct slice der_two(unsigned tag, struct slice a, struct slice b);
void der_forget(void);

static inline struct slice
der_put(unsigned tag, struct slice content)
{
	return der_two(tag, content, slice_of(NULL));
}

static inline struct slice
der_text(unsigned tag, const char *text)
{
	return der_put(tag, slice_of(text));
}

static inline struct slice
der_join(struct slice a, struct slice b)
{
	return der_two(0, a, b);
}

#endif
