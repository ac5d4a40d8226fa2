/* SPDX-License-Identifier: MIT */
/*
 * The certificates in pki.c. Who signed what is written down in pki.py.
 */
#ifndef POSTERN_TESTS_UNIT_PKI_H
#define POSTERN_TESTS_UNIT_PKI_H

#include "base/slice.h"

#define PKI_HOST "sts.us-east-1.amazonaws.com"
#define PKI_FROM  1577836800    /* 2020-01-01T00:00:00Z */
#define PKI_UNTIL 2208988799    /* 2039-12-31T23:59:59Z */
#define PKI_NOW   1790000000    /* 2026 */

enum {
	PKI_ROOT, PKI_INTER, PKI_LEAF, PKI_LEAF_LATE, PKI_LEAF_CN_ONLY,
	PKI_LEAF_CRITICAL, PKI_LEAF_WEAK, PKI_LEAF_FORGED, PKI_LEAF_BY_LEAF,
	PKI_LEAF_IP, PKI_ROGUE_ROOT, PKI_ROGUE_LEAF, PKI_NAMELESS, PKI_COUNT
};

struct pki_cert {
	const uint8_t *der;
	size_t len;
};

extern const struct pki_cert pki[PKI_COUNT];

static inline struct slice
pki_slice(int i)
{
	return slice_from((const char *)pki[i].der, pki[i].len);
}

#endif
