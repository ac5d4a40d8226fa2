/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as DER: elements lie one behind the other within the input, and
 * so do the fields of what passes for a certificate.
 */
#include "fuzz.h"

#include "codec/der.h"
#include "net/cert.h"

static void
walk(struct slice s, int depth)
{
	struct slice cur = s;
	struct der e;

	while (der_next(&cur, &e)) {
		MUST(lies_within(e.all, s) && lies_within(e.content, e.all));
		MUST(e.all.p + e.all.len == cur.p);
		MUST(e.content.p + e.content.len == cur.p);
		MUST(e.all.len - e.content.len <= 5 && e.all.len >= 2);
		if (depth < 16 && e.tag & 0x20)
			walk(e.content, depth + 1);
	}
	MUST(lies_within(cur, s));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = input_slice(data, size);
	char name[128];
	struct buf b = BUF_OVER(name);
	struct cert cert;

	walk(in, 0);
	cert_put_name(&b, in);
	MUST(!b.full);
	if (!cert_read(in, &cert))
		return 0;
	MUST(lies_within(cert.issuer, in) && lies_within(cert.subject, in));
	MUST(cert.issuer.p < cert.subject.p);
	b.len = 0;
	cert_put_name(&b, cert.issuer);
	cert_put_name(&b, cert.subject);
	for (size_t i = 0; i < b.len; i++)
		MUST((unsigned char)name[i] >= ' ' && name[i] != 0x7F);
	return 0;
}
