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

/* One certificate without PEM's lines around it, as some tools export them. */
static bool
refuse_der(const struct trust *t, struct error *err)
{
	err_set(err, ERR_CONFIG, STEP_OPTIONS,
	    "%s is in DER form, not PEM", t->name);
	return err_hint(err, "openssl x509 -inform der -in %s -out ca.pem, then "
	    "%s with ca.pem", t->name, t->given_by);
}

bool
trust_read(struct trust *t, struct slice pem, struct error *err)
{
	struct slice cur = pem, der;
	enum pem_result result;
	struct cert cert;

	t->builtin = false;
	t->n = t->broken = 0;
	while ((result = pem_next(&cur, &der)) != PEM_END) {
		if (result == PEM_BROKEN || !cert_read(der, &cert)) {
			t->broken++;
			continue;
		}
		if (t->n == BUNDLE_CERTS_MAX) {
			err_set(err, ERR_CONFIG, STEP_OPTIONS,
			    "%s has more than %d certificates", t->name,
			    BUNDLE_CERTS_MAX);
			return err_hint(err, "%s with fewer", t->given_by);
		}
		t->certs[t->n++] = der;
	}
	if (t->n)
		return true;
	if (cert_read(pem, &cert))
		return refuse_der(t, err);
	err_set(err, ERR_CONFIG, STEP_OPTIONS,
	    "%s has no usable certificate (%zu broken)", t->name, t->broken);
	return err_hint(err, "%s with certificates in PEM form, or without it for "
	    "Amazon's own roots", t->given_by);
}
