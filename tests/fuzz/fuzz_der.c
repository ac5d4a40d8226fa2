/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as DER: elements lie one behind the other within the input, and
 * so do the fields and extensions of what passes for a certificate, whose name
 * constraints are compared with its own names.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "codec/der.h"
#include "net/constraints.h"

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

static void
check(struct cert *cert, struct slice in)
{
	unsigned budget = CHAIN_COMPARISONS_MAX;
	enum cert_fault fault = cert_check(cert);

	MUST(fault < CERT_FAULTS);
	for (size_t i = 0; i < CERT_EXTENSIONS; i++) {
		const char *flag = cert->critical[i];

		MUST(!cert->found[i].p || lies_within(cert->found[i], in));
		MUST(!flag || (cert->found[i].p && *flag == '\xFF' &&
		    lies_within(slice_from(flag, 1), in)));
	}
	if (fault)
		return;
	MUST(cert_check_server(cert) < CERT_FAULTS);
	MUST(constraints_check(cert, cert, &budget) < CERT_FAULTS);
	MUST(budget <= CHAIN_COMPARISONS_MAX);
	cert_is_for(cert, slice_of("sts.eu-west-1.example.com"), NULL);
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
	check(&cert, in);
	return 0;
}
