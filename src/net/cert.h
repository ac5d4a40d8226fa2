/* SPDX-License-Identifier: MIT */
/*
 * The few fields of a certificate (RFC 5280 §4.1) that are needed beside
 * BearSSL's own reading: names, validity, and what makes it a trust anchor.
 */
#ifndef POSTERN_NET_CERT_H
#define POSTERN_NET_CERT_H

#include "base/buf.h"
#include "codec/ip.h"

struct cert {
	struct slice issuer, subject;   /* whole DER names; borrowed */
	struct slice validity;          /* inside of it; see cert_read_validity */
	struct slice key;               /* inside of subjectPublicKeyInfo */
	struct slice extensions;        /* inside of [3]; empty when none */
};

/* Find the fields, no more: this is done for each certificate of a bundle. */
bool cert_read(struct slice der, struct cert *cert)
	__attribute__((warn_unused_result));

/* First and last second of it, since 1970-01-01 UTC. */
bool cert_read_validity(const struct cert *cert, int64_t *from_s,
	int64_t *until_s) __attribute__((warn_unused_result));

/* May it sign certificates? Its basicConstraints say so (RFC 5280 §4.2.1.9). */
bool cert_is_authority(const struct cert *cert);

/*
 * May it serve TLS? An extendedKeyUsage, where there is one, has to name
 * serverAuth or any (§4.2.1.12).
 */
bool cert_may_serve(const struct cert *cert);

/* Has it subjectAltNames at all? A common name is none (RFC 9525 §2). */
bool cert_has_names(const struct cert *cert);

/* Is the address among its subjectAltNames (§4.2.1.6, iPAddress)? */
bool cert_has_ip(const struct cert *cert, const struct ip *ip);

/*
 * Append what a person calls the name: its common name, else its
 * organisation, made printable; "an unnamed issuer" when it has neither.
 */
void cert_put_name(struct buf *b, struct slice name);

#endif
