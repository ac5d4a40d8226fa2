/* SPDX-License-Identifier: MIT */
/*
 * check redact: a server's words on standard input, what a terminal is shown of
 * them on standard output.
 */
#include "common.h"

#include "base/error.h"
#include "base/limits.h"

int
main(void)
{
	struct slice words = case_bytes();
	struct buf shown = take_buf(PEER_TEXT_MAX + 8);

	text_put_printable(&shown, words, PEER_TEXT_MAX);
	must_fit(&shown);
	answer(buf_slice(&shown));
	return ACCEPTED;
}
