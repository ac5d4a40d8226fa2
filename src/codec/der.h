/* SPDX-License-Identifier: MIT */
/*
 * Reading DER (X.690), one element at a time: enough to find names, dates
 * and the key in a certificate.
 */
#ifndef POSTERN_CODEC_DER_H
#define POSTERN_CODEC_DER_H

#include "base/slice.h"

enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_OID = 0x06,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	/* [2], [4] and [7] of GeneralName, RFC 5280 §4.2.1.6 */
	DER_DNS_NAME = 0x82,
	DER_DIRECTORY_NAME = 0xA4,
	DER_IP_ADDRESS = 0x87,
	DER_CONTEXT_0 = 0xA0,
	DER_CONTEXT_1 = 0xA1,
	DER_CONTEXT_3 = 0xA3
};

struct der {
	unsigned tag;
	struct slice content;   /* borrowed */
	struct slice all;       /* with tag and length */
};

/*
 * The element at the front of *cur, which moves past it. Fails at the end and
 * on lengths that are not in their shortest form or reach beyond the input.
 */
bool der_next(struct slice *cur, struct der *e)
	__attribute__((warn_unused_result));

/* The same, and the tag must be this one; *cur stays when it is another. */
bool der_take(struct slice *cur, unsigned tag, struct der *e)
	__attribute__((warn_unused_result));

#endif
