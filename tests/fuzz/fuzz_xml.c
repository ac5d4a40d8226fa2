/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an XML document: what is accepted has one root that can be
 * found, and is refused when it is cut before its last tag ends.
 */
#include "fuzz.h"

#include "codec/xml.h"

static const char *const paths[] = {
	"AssumeRoleResponse/AssumeRoleResult/Credentials/SessionToken",
	"ErrorResponse/Error/Message", "a", "a/b", "a/b/c", "a/a",
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char out[1 << 16];
	struct slice doc = input_slice(data, size), root, raw;
	const char *why = NULL;
	char name[256];
	size_t last;

	if (!xml_check(doc, &why)) {
		MUST(why != NULL);
		return 0;
	}
	root = xml_root(doc);
	MUST(root.len > 0 && lies_within(root, doc));
	if (copy_text(name, sizeof name, root)) {
		MUST(xml_find(doc, name, &raw));
		MUST(lies_within(raw, doc));
	}
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		struct buf b = BUF_OVER(out);

		if (!xml_find(doc, paths[i], &raw))
			continue;
		MUST(lies_within(raw, doc));
		if (xml_text(raw, &b))
			MUST(b.len <= raw.len);
	}
	raw = xml_namespace(doc);
	MUST(raw.len == 0 || lies_within(raw, doc));
	for (last = doc.len; doc.p[last - 1] != '>'; )
		last--;
	MUST(!xml_check(slice_from(doc.p, last - 1), &why));
	return 0;
}
