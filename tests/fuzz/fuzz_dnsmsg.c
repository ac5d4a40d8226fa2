/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a DNS answer to a question for one of our hosts, with the id
 * and type that the bytes themselves claim, so that the rest is reached.
 */
#include "fuzz.h"

#include "codec/dnsmsg.h"

#define HOST "sts.us-east-1.amazonaws.com"

static void
check(struct slice msg, uint16_t id, enum dnsmsg_type type)
{
	struct dnsmsg_answer answer = { 0 };
	enum dnsmsg_result result = dnsmsg_read(msg, id, slice_of(HOST), type,
	    &answer);

	MUST(answer.n <= ADDRESSES_MAX);
	MUST(answer.n == 0 || result == DNSMSG_OK || result == DNSMSG_NOT_OURS);
	for (size_t i = 0; i < answer.n; i++)
		MUST(answer.addresses[i].family == (type == DNSMSG_A ? 4 : 6));
	/* An answer to another question is none to this one. */
	if (result != DNSMSG_NOT_OURS) {
		MUST(dnsmsg_read(msg, (uint16_t)(id + 1), slice_of(HOST), type,
		    &answer) == DNSMSG_NOT_OURS);
		MUST(dnsmsg_read(msg, id, slice_of("example.com"), type,
		    &answer) == DNSMSG_NOT_OURS);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice msg = input_slice(data, size);
	uint16_t id = (uint16_t)(size < 2 ? 0 : data[0] << 8 | data[1]);
	struct dnsmsg_answer answer;
	char query[512];
	struct buf b = BUF_OVER(query);

	check(msg, id, DNSMSG_A);
	check(msg, id, DNSMSG_AAAA);
	dnsmsg_write(&b, id, slice_of(HOST), DNSMSG_A);
	MUST(dnsmsg_read(buf_slice(&b), id, slice_of(HOST), DNSMSG_A,
	    &answer) == DNSMSG_NOT_OURS);
	return 0;
}
