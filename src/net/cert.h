/* SPDX-License-Identifier: MIT */
/*
 * The fields of a certificate (RFC 5280 §4.1) that are needed beside BearSSL's
 * own reading, and the rules for one certificate by itself.
 */
#ifndef POSTERN_NET_CERT_H
#define POSTERN_NET_CERT_H

#include "base/buf.h"
#include "codec/ip.h"

/* What can be wrong with one, beside what BearSSL finds. */
enum cert_fault {
	CERT_FINE,
	CERT_MALFORMED,
	CERT_OLD,               /* not version 3 */
	CERT_DOUBLE,            /* an extension twice */
	CERT_CRITICAL,          /* a critical extension that is not known */
	CERT_WRONG_USE,         /* not for TLS servers */
	CERT_NO_NAMES,          /* no subjectAltName */
	CERT_NO_SERVER,         /* an authority's, where a server's is due */
	CERT_BAD_LIMITS,        /* name constraints: malformed, or on a server's */
	CERT_OUTSIDE,           /* a name that an authority above may not give */
	CERT_TOO_MANY,          /* more names and constraints than are compared */
	CERT_FAULTS
};

/* The extensions that are looked into. */
enum cert_extension {
	CERT_USAGE,             /* keyUsage */
	CERT_NAMES,             /* subjectAltName */
	CERT_BASIC,             /* basicConstraints */
	CERT_LIMITS,            /* nameConstraints */
	CERT_PURPOSES,          /* extendedKeyUsage */
	CERT_EXTENSIONS
};

struct cert {
	struct slice signed_part;       /* tbsCertificate, all that is signed */
	struct slice issuer, subject;   /* whole DER names; borrowed */
	struct slice validity;          /* inside of it; see cert_read_validity */
	struct slice key;               /* inside of subjectPublicKeyInfo */
	struct slice extensions;        /* inside of [3]; empty when none */
	bool version_3;
	/*
	 * From cert_check: the value of each extension, or what is inside of
	 * its SEQUENCE for those that are lists; p is NULL when there is none.
	 * And where its "critical" stands, NULL when it is not.
	 */
	struct slice found[CERT_EXTENSIONS];
	const char *critical[CERT_EXTENSIONS];
};

/* Find the fields, no more: this is done for each certificate of a bundle. */
bool cert_read(struct slice der, struct cert *cert)
	__attribute__((warn_unused_result));

/* First and last second of it, since 1970-01-01 UTC. */
bool cert_read_validity(const struct cert *cert, int64_t *from_s,
	int64_t *until_s) __attribute__((warn_unused_result));

/*
 * Find the extensions, for the functions below, and check what has to be so in
 * any certificate (RFC 5280 §4.2): version 3, each extension once and well
 * formed, none unknown and critical, and an extendedKeyUsage, where there is
 * one, that has serverAuth or any.
 */
enum cert_fault cert_check(struct cert *cert)
	__attribute__((warn_unused_result));

/* The same for the server's own: alternative names, and no authority. */
enum cert_fault cert_check_server(const struct cert *cert)
	__attribute__((warn_unused_result));

/* May it sign certificates? Its basicConstraints say so (RFC 5280 §4.2.1.9). */
bool cert_is_authority(const struct cert *cert);

/*
 * Is the host among its subjectAltNames? An address, when `ip` is not NULL, only
 * among iPAddress (§4.2.1.6), a name only among dNSName; "*" is one whole label
 * on the left, with two or more behind it (RFC 9525 §6.3).
 */
bool cert_is_for(const struct cert *cert, struct slice host,
	const struct ip *ip);

/*
 * Append what a person calls the name: its common name, else its
 * organisation, made printable; "an unnamed issuer" when it has neither.
 */
void cert_put_name(struct buf *b, struct slice name);

#endif
