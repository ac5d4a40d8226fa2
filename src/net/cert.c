/* SPDX-License-Identifier: MIT */
/*
 * Walking a certificate's outer fields. No decision about trust is made here;
 * that is chain.c's and BearSSL's.
 */
#include "net/cert.h"

#include "base/error.h"
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
	cur = tbs.content;
	/* [0] version (version 1 has none), serialNumber, signature, issuer */
	if (!der_next(&cur, &e) ||
	    (e.tag == DER_CONTEXT_0 && !der_next(&cur, &e)) ||
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

/* The SEQUENCE in an extension's value; false when it is not there. */
static bool
find_extension(const struct cert *cert, const char *oid, struct der *value)
{
	struct slice cur = cert->extensions;
	struct der all, one, e;

	if (!der_take(&cur, DER_SEQUENCE, &all))
		return false;
	while (der_take(&all.content, DER_SEQUENCE, &one)) {
		if (!der_take(&one.content, DER_OID, &e) ||
		    !slice_is(e.content, oid))
			continue;
		/* "critical" may stand before the value. */
		return der_next(&one.content, &e) &&
		    (e.tag != DER_BOOLEAN || der_next(&one.content, &e)) &&
		    e.tag == DER_OCTET_STRING &&
		    der_take(&e.content, DER_SEQUENCE, value);
	}
	return false;
}

bool
cert_is_authority(const struct cert *cert)
{
	struct der constraints, e;

	return find_extension(cert, "\x55\x1D\x13", &constraints) &&
	    der_take(&constraints.content, DER_BOOLEAN, &e) &&
	    e.content.len == 1 && e.content.p[0] != 0;
}

bool
cert_may_serve(const struct cert *cert)
{
	struct der usages, e;

	if (!find_extension(cert, "\x55\x1D\x25", &usages))
		return true;
	while (der_take(&usages.content, DER_OID, &e))
		if (slice_is(e.content, "\x2B\x06\x01\x05\x05\x07\x03\x01") ||
		    slice_eq(e.content, slice_from("\x55\x1D\x25\x00", 4)))
			return true;
	return false;
}

bool
cert_has_names(const struct cert *cert)
{
	struct der names;

	return find_extension(cert, "\x55\x1D\x11", &names);
}

bool
cert_has_ip(const struct cert *cert, const struct ip *ip)
{
	struct slice wanted = slice_from((const char *)ip->bytes,
	    ip->family == 4 ? 4 : 16);
	struct der names, e;

	if (!find_extension(cert, "\x55\x1D\x11", &names))
		return false;
	while (der_next(&names.content, &e))
		if (e.tag == DER_IP_ADDRESS && slice_eq(e.content, wanted))
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
