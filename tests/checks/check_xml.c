/* SPDX-License-Identifier: MIT */
/*
 * check xml PATH: the decoded text of the one element at PATH of the document
 * on standard input. An empty PATH asks only whether it is a document.
 */
#include "common.h"

#include "codec/xml.h"

int
main(int argc, char **argv)
{
	struct slice doc, raw;
	struct buf text;
	const char *why = "";

	if (argc != 2)
		bad_use("usage: xml PATH <DOCUMENT");
	doc = case_bytes();
	if (!xml_check(doc, &why))
		refuse("%s", why);
	if (!argv[1][0])
		return ACCEPTED;
	if (!xml_find(doc, argv[1], &raw))
		refuse("there is no one element at that path");
	text = take_buf(raw.len);
	if (!xml_text(raw, &text))
		refuse("the element holds more than text");
	answer(buf_slice(&text));
	return ACCEPTED;
}
