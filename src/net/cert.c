/* SPDX-License-Identifier: MIT */
/*
 * Walking a certificate, and the rules for one by itself. Signatures, dates and
 * what follows from its place in a chain are chain.c's and BearSSL's.
 */
#include "net/cert.h"

#include "base/error.h"
#include "base/limits.h"
#include "codec/der.h"
#include "codec/timestamp.h"

/* RFC 5280 §4.1.2.5: YYMMDDHHMMSSZ until 2049, YYYYMMDDHHMMSSZ after. */
static bool
read_time(struct slice *cur, int64_t *t)
{
	char text[16];
	struct buf b = BUF_OVER(text);
	struct der e;

	if (!der_next(cur, &e))
		return false;
	if (e.tag == DER_UTC_TIME && e.content.len == 13)
		buf_puts(&b, e.content.p[0] >= '5' ? "19" : "20");
	else if (e.tag != DER_GENERALIZED_TIME || e.content.len != 15)
		return false;
	/* timestamp_read_amz's form has a T between date and time. */
	buf_put(&b, e.content.p, 8 - b.len);
	buf_putc(&b, 'T');
	buf_put(&b, e.content.p + e.content.len - 7, 7);
	return timestamp_read_amz(buf_slice(&b), t);
}

bool
cert_read(struct slice der, struct cert *cert)
{
	struct der outer, tbs, e;
	struct slice cur = der;

	if (!der_take(&cur, DER_SEQUENCE, &outer) || cur.len)
		return false;
	cur = outer.content;
	if (!der_take(&cur, DER_SEQUENCE, &tbs))
		return false;
	cert->signed_part = tbs.all;
	cur = tbs.content;
	/* [0] version (version 1 has none), serialNumber, signature, issuer */
	if (!der_next(&cur, &e))
		return false;
	cert->version_3 = e.tag == DER_CONTEXT_0 &&
	    slice_is(e.content, "\x02\x01\x02");
	if ((e.tag == DER_CONTEXT_0 && !der_next(&cur, &e)) ||
	    e.tag != DER_INTEGER || !der_take(&cur, DER_SEQUENCE, &e) ||
	    !der_take(&cur, DER_SEQUENCE, &e))
		return false;
	cert->issuer = e.all;
	if (!der_take(&cur, DER_SEQUENCE, &e))
		return false;
	cert->validity = e.content;
	if (!der_take(&cur, DER_SEQUENCE, &e))
		return false;
	cert->subject = e.all;
	if (!der_take(&cur, DER_SEQUENCE, &e))
		return false;
	cert->key = e.content;
	cert->extensions = slice_from(NULL, 0);
	/* [1] and [2], unique identifiers, are passed over. */
	while (der_next(&cur, &e))
		if (e.tag == DER_CONTEXT_3)
			cert->extensions = e.content;
	return cur.len == 0;
}

bool
cert_read_validity(const struct cert *cert, int64_t *from_s, int64_t *until_s)
{
	struct slice cur = cert->validity;

	return read_time(&cur, from_s) && read_time(&cur, until_s) &&
	    cur.len == 0;
}

struct extension {
	struct slice oid, value;
	const char *critical;   /* where that is said; NULL when it is not */
};

/* Extension ::= SEQUENCE { OID, critical BOOLEAN DEFAULT FALSE, value } */
static bool
take_extension(struct slice *cur, struct extension *x)
{
	struct der one, e;

	x->critical = NULL;
	if (!der_take(cur, DER_SEQUENCE, &one) ||
	    !der_take(&one.content, DER_OID, &e))
		return false;
	x->oid = e.content;
	if (der_take(&one.content, DER_BOOLEAN, &e)) {
		if (slice_is(e.content, "\xFF"))
			x->critical = e.content.p;
		else if (e.content.len != 1 || e.content.p[0])
			return false;
	}
	if (!der_take(&one.content, DER_OCTET_STRING, &e))
		return false;
	x->value = e.content;
	return one.content.len == 0;
}

/* One SEQUENCE of at least one element, all of that tag or, with 0, of any. */
static bool
read_list(struct slice value, unsigned tag, struct slice *inside)
{
	struct der list, e;

	if (!der_take(&value, DER_SEQUENCE, &list) || value.len)
		return false;
	*inside = list.content;
	while (der_next(&list.content, &e))
		if (tag && e.tag != tag)
			return false;
	return inside->len && list.content.len == 0;
}

/* id-ce, 2.5.29 (RFC 5280 §4.2.1): the last arc, in the enum's order; */
static const char arcs[] = "\x0F\x11\x13\x1E\x25"
    /* and keyIdentifiers, issuerAltName and policies, which ask nothing of us */
    "\x0E\x23\x12\x20";

static enum cert_fault
note_extension(struct cert *cert, const struct extension *x)
{
	struct slice inside = x->value;
	size_t kind;

	/* id-pe-authorityInfoAccess, §4.2.2.1 */
	if (slice_is(x->oid, "\x2B\x06\x01\x05\x05\x07\x01\x01"))
		return read_list(x->value, DER_SEQUENCE, &inside) ?
		    CERT_FINE : CERT_MALFORMED;
	if (x->oid.len != 3 || !slice_starts(x->oid, "\x55\x1D") ||
	    !char_in(x->oid.p[2], arcs))
		return x->critical ? CERT_CRITICAL : CERT_FINE;
	kind = slice_find_char(slice_of(arcs), x->oid.p[2]);
	if (kind >= CERT_EXTENSIONS)
		return CERT_FINE;
	if (kind != CERT_USAGE && kind != CERT_BASIC &&
	    !read_list(x->value, kind == CERT_PURPOSES ? DER_OID : 0, &inside))
		return CERT_MALFORMED;
	cert->found[kind] = inside;
	cert->critical[kind] = x->critical;
	return CERT_FINE;
}

static enum cert_fault
read_extensions(struct cert *cert)
{
	struct slice cur = cert->extensions, all;
	enum cert_fault fault = CERT_FINE;
	struct extension x, other;

	if (!read_list(cur, DER_SEQUENCE, &all))
		return cur.len ? CERT_MALFORMED : CERT_FINE;
	cur = all;
	for (size_t n = 0; cur.len && !fault; n++) {
		struct slice before = all, here = cur;

		if (n == CERT_EXTENSIONS_MAX || !take_extension(&cur, &x))
			return CERT_MALFORMED;
		while (before.p < here.p && take_extension(&before, &other))
			if (slice_eq(other.oid, x.oid))
				return CERT_DOUBLE;     /* RFC 5280 §4.2 */
		fault = note_extension(cert, &x);
	}
	return fault;
}

/* RFC 5280 §4.2.1.12: serverAuth or any, of the certificate and those above. */
static bool
may_serve(struct slice purposes)
{
	struct der e;

	if (!purposes.p)
		return true;
	while (der_next(&purposes, &e))
		if (slice_is(e.content, "\x2B\x06\x01\x05\x05\x07\x03\x01") ||
		    slice_eq(e.content, slice_from("\x55\x1D\x25\x00", 4)))
			return true;
	return false;
}

enum cert_fault
cert_check(struct cert *cert)
{
	enum cert_fault fault;

	memset(cert->found, 0, sizeof cert->found);
	memset(cert->critical, 0, sizeof cert->critical);
	if (!cert->version_3)           /* §4.1.2.1: extensions need it */
		return CERT_OLD;
	fault = read_extensions(cert);
	if (!fault && !may_serve(cert->found[CERT_PURPOSES]))
		return CERT_WRONG_USE;
	return fault;
}

/* Is digitalSignature, bit 0, among them? (RFC 5280 §4.2.1.3) */
static bool
may_sign(struct slice usage)
{
	struct der bits;

	return !usage.p || (der_take(&usage, DER_BIT_STRING, &bits) &&
	    bits.content.len > 1 && bits.content.p[1] & 0x80);
}

enum cert_fault
cert_check_server(const struct cert *cert)
{
	if (cert_is_authority(cert))
		return CERT_NO_SERVER;
	if (!cert->found[CERT_NAMES].p)         /* RFC 9525 §2 */
		return CERT_NO_NAMES;
	if (!may_sign(cert->found[CERT_USAGE]))
		return CERT_WRONG_USE;
	/* RFC 5280 §4.2.1.10: only in a certificate of an authority */
	return cert->found[CERT_LIMITS].p ? CERT_BAD_LIMITS : CERT_FINE;
}

bool
cert_is_authority(const struct cert *cert)
{
	struct slice cur = cert->found[CERT_BASIC];
	struct der basic, e;

	return der_take(&cur, DER_SEQUENCE, &basic) &&
	    der_take(&basic.content, DER_BOOLEAN, &e) &&
	    e.content.len == 1 && e.content.p[0] != 0;
}

static bool
is_name_of(struct slice name, struct slice host)
{
	if (!slice_starts(name, "*."))
		return slice_ieq(name, host);
	name = slice_skip(name, 1);
	host = slice_skip(host, slice_find_char(host, '.'));
	return slice_ieq(name, host) &&
	    slice_find_char(slice_skip(name, 1), '.') < name.len - 1;
}

bool
cert_is_for(const struct cert *cert, struct slice host, const struct ip *ip)
{
	struct slice cur = cert->found[CERT_NAMES];
	struct der e;

	while (der_next(&cur, &e))
		if (ip ? e.tag == DER_IP_ADDRESS && slice_eq(e.content,
		    slice_from((const char *)ip->bytes,
		    ip->family == 4 ? 4 : 16)) :
		    e.tag == DER_DNS_NAME && is_name_of(e.content, host))
			return true;
	return false;
}

/* The last value of an attribute such as 2.5.4.3 in a name. */
static struct slice
find_attribute(struct slice name, const char oid[3])
{
	struct slice found = { NULL, 0 };
	struct der outer, set, pair, type, value;

	if (!der_take(&name, DER_SEQUENCE, &outer))
		return found;
	while (der_take(&outer.content, DER_SET, &set))
		while (der_take(&set.content, DER_SEQUENCE, &pair))
			if (der_take(&pair.content, DER_OID, &type) &&
			    der_next(&pair.content, &value) &&
			    slice_eq(type.content, slice_from(oid, 3)))
				found = value.content;
	return found;
}

void
cert_put_name(struct buf *b, struct slice name)
{
	/* RFC 5280 appendix A: id-at-commonName, id-at-organizationName */
	struct slice words = find_attribute(name, "\x55\x04\x03");

	if (!words.len)
		words = find_attribute(name, "\x55\x04\x0A");
	if (words.len)
		text_put_printable(b, words, 80);
	else
		buf_puts(b, "an unnamed issuer");
}
