/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a PEM text, decoded in place: blocks lie in order within the
 * text, and reading ends. The same text then fills a trust store.
 */
#include "fuzz.h"

#include "codec/pem.h"
#include "net/trust.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct trust trust;
	struct error err = { 0 };
	enum pem_result result;
	struct slice text, cur, der;
	size_t good = 0, broken = 0;
	const char *last;
	char *copy = malloc(size ? size : 1);

	MUST(copy != NULL);
	if (size)
		memcpy(copy, data, size);
	text = cur = slice_from(copy, size);
	last = cur.p;
	while ((result = pem_next(&cur, &der)) != PEM_END) {
		MUST(lies_within(cur, text) && cur.p > last);
		if (result == PEM_CERTIFICATE)
			MUST(der.len > 0 && lies_within(der, text) &&
			    der.p > last && der.p + der.len <= cur.p);
		last = cur.p;
		*(result == PEM_CERTIFICATE ? &good : &broken) += 1;
	}
	if (size)
		memcpy(copy, data, size);
	if (trust_read(&trust, text, &err))
		MUST(trust.n > 0 && trust.n + trust.broken == good + broken);
	else
		MUST(err.kind == ERR_CONFIG && err.hint[0]);
	MUST(trust.n <= good);
	for (size_t i = 0; i < trust.n; i++)
		MUST(lies_within(trust.certs[i], text));
	free(copy);
	return 0;
}
