/* SPDX-License-Identifier: MIT */
/*
 * check x509: would a run accept this chain for this host at this time? Without
 * "roots" those that are compiled in count.
 */
#include "common.h"

#include "net/cert.h"
#include "net/chain.h"

/* As with a CA bundle: what is no certificate is passed over. */
static void
fill_trust(struct trust *trust, struct slice object)
{
	struct json_walk walk = case_walk(object, "roots", true);
	struct slice none, raw;
	struct cert cert;

	if (!case_find(object, "roots", &raw)) {
		trust_use_builtin(trust);
		return;
	}
	while (json_walk_next(&walk, &none, &raw)) {
		struct slice der = case_base64(raw);

		if (!cert_read(der, &cert)) {
			trust->broken++;
			continue;
		}
		if (trust->n == BUNDLE_CERTS_MAX)
			bad_use("more than %d roots", BUNDLE_CERTS_MAX);
		trust->certs[trust->n++] = der;
	}
}

int
main(void)
{
	static struct trust trust;
	static struct chain chain;
	struct slice object = case_object(), host = case_needed(object, "host");
	struct json_walk walk = case_walk(object, "chain", true);
	struct slice *certs = take(case_count(walk) * sizeof *certs), none, raw;
	struct buf name = take_buf(host.len + 1);
	struct error err = { 0 };
	int64_t now_s = 0;
	unsigned code;
	size_t n = 0;

	if (!case_number(object, "time", &now_s))
		bad_use("the case has no \"time\"");
	buf_put_slice(&name, host);
	buf_putc(&name, '\0');
	while (json_walk_next(&walk, &none, &raw))
		certs[n++] = case_base64(raw);
	fill_trust(&trust, object);
	chain_init(&chain, &trust, now_s);
	code = chain_check(&chain, name.p, certs, n);
	if (!code)
		return ACCEPTED;
	chain_explain(&chain, (int)code, name.p, &err);
	refuse("%s", err.what);
}
