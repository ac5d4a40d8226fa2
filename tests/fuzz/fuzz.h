/* SPDX-License-Identifier: MIT */
/*
 * What the harnesses share: the entry that libFuzzer and replay.c call, and a
 * claim that stops the run where it does not hold.
 */
#ifndef POSTERN_TESTS_FUZZ_FUZZ_H
#define POSTERN_TESTS_FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Never compiled out, unlike assert(3). */
#define MUST(claim) \
	do { \
		if (!(claim)) { \
			fprintf(stderr, "%s:%d: does not hold: %s\n", \
			    __FILE__, __LINE__, #claim); \
			abort(); \
		} \
	} while (0)

static inline struct slice
input_slice(const uint8_t *data, size_t size)
{
	return slice_from(size ? (const char *)data : "", size);
}

static inline bool
lies_within(struct slice part, struct slice whole)
{
	return part.p >= whole.p && part.len <= whole.len &&
	    (size_t)(part.p - whole.p) <= whole.len - part.len;
}

#endif
