/* SPDX-License-Identifier: MIT */
/*
 * Filling the trust store. Certificates stay DER until a chain names one of
 * them: decoding a whole bundle would cost more than the rest of a run.
 */
#include "net/trust.h"

#include "codec/pem.h"
#include "crypto/hash.h"
#include "net/anchors.h"
#include "net/cert.h"

void
trust_fingerprint(uint8_t out[static 32], struct slice der)
{
	hash_sha256(out, der);
}

void
trust_use_builtin(struct trust *t)
{
	t->builtin = true;
	t->broken = 0;
	for (t->n = 0; t->n < ANCHORS; t->n++)
		t->certs[t->n] = slice_from((const char *)anchors[t->n].der,
		    anchors[t->n].len);
}

bool
trust_read(struct trust *t, struct slice pem, const char *name,
	struct error *err)
{
	enum pem_result result;
	struct slice der;
	struct cert cert;

	t->builtin = false;
	t->n = t->broken = 0;
	while ((result = pem_next(&pem, &der)) != PEM_END) {
		if (result == PEM_BROKEN || !cert_read(der, &cert)) {
			t->broken++;
			continue;
		}
		if (t->n == BUNDLE_CERTS_MAX) {
			return err_fail(err, ERR_CONFIG, STEP_OPTIONS,
			    "--ca-bundle with fewer",
			    "%s has more than %d certificates", name,
			    BUNDLE_CERTS_MAX);
		}
		t->certs[t->n++] = der;
	}
	if (t->n)
		return true;
	return err_fail(err, ERR_CONFIG, STEP_OPTIONS,
	    "--ca-bundle FILE in PEM form; for Amazon's own roots: env -u "
	    "AWS_CA_BUNDLE postern",
	    "%s has no usable certificate (%zu broken)", name, t->broken);
}
