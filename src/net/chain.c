/* SPDX-License-Identifier: MIT */
/*
 * BearSSL's X.509 interface, implemented by collecting. Signatures and dates
 * are BearSSL's "minimal" validator's, with SHA-256 and up and RSA from 2048
 * bits; what it leaves out is checked when it has found the way to an anchor.
 */
#include "net/chain.h"

#include "codec/der.h"
#include "codec/timestamp.h"
#include "codec/uri.h"
#include "net/anchors.h"
#include "net/constraints.h"

#define MIN_RSA_BYTES 256       /* 2048 bits (CA/Browser Forum, §6.1.5) */
/* BearSSL counts days from year 0; 1970-01-01 is this one. */
#define DAYS_TO_1970  719528

static struct chain *
chain_of(const br_x509_class **vtable)
{
	return (struct chain *)(void *)vtable;
}

static void
start_chain(const br_x509_class **vtable, const char *server_name)
{
	struct chain *c = chain_of(vtable);

	c->n = c->len = 0;
	c->over = false;
	/* The name to check is chain_expect's, whatever the engine was told. */
	(void)server_name;
}

static void
start_cert(const br_x509_class **vtable, uint32_t length)
{
	struct chain *c = chain_of(vtable);

	if (c->n == CHAIN_CERTS_MAX || length > sizeof c->bytes - c->len)
		c->over = true;
	if (c->over)
		return;
	c->certs[c->n++] = slice_from((char *)c->bytes + c->len, 0);
}

static void
append(const br_x509_class **vtable, const unsigned char *bytes, size_t len)
{
	struct chain *c = chain_of(vtable);

	if (len > sizeof c->bytes - c->len)
		c->over = true;
	if (c->over)
		return;
	memcpy(c->bytes + c->len, bytes, len);
	c->len += len;
	c->certs[c->n - 1].len += len;
}

static void
end_cert(const br_x509_class **vtable)
{
	struct chain *c = chain_of(vtable);
	size_t i = c->n - 1;

	if (c->over)
		return;
	memset(&c->read[i], 0, sizeof c->read[i]);
	c->faults[i] = cert_read(c->certs[i], &c->read[i]) ?
	    cert_check(&c->read[i]) : CERT_MALFORMED;
}

/* BearSSL's types are not const, but it only reads. */
static unsigned char *
bytes_of(struct slice s)
{
	return (unsigned char *)(uintptr_t)s.p;
}

/* A positive number without the zeros before it. */
static bool
take_number(struct slice *cur, struct slice *number)
{
	struct der e;

	if (!der_take(cur, DER_INTEGER, &e))
		return false;
	while (e.content.len && e.content.p[0] == 0)
		e.content = slice_skip(e.content, 1);
	*number = e.content;
	return true;
}

static bool
read_rsa(struct slice bits, br_rsa_public_key *key)
{
	struct slice modulus, exponent;
	struct der both;

	if (!der_take(&bits, DER_SEQUENCE, &both) ||
	    !take_number(&both.content, &modulus) ||
	    !take_number(&both.content, &exponent))
		return false;
	*key = (br_rsa_public_key){ bytes_of(modulus), modulus.len,
	    bytes_of(exponent), exponent.len };
	return true;
}

static int
curve_of(struct slice oid)
{
	/* RFC 5480 §2.1.1.1: secp256r1, secp384r1, secp521r1 */
	if (slice_is(oid, "\x2A\x86\x48\xCE\x3D\x03\x01\x07"))
		return BR_EC_secp256r1;
	if (slice_eq(oid, slice_from("\x2B\x81\x04\x00\x22", 5)))
		return BR_EC_secp384r1;
	if (slice_eq(oid, slice_from("\x2B\x81\x04\x00\x23", 5)))
		return BR_EC_secp521r1;
	return 0;
}

/* SubjectPublicKeyInfo (RFC 5280 §4.1.2.7): algorithm, then the key as bits. */
static bool
read_key(struct slice info, br_x509_pkey *key)
{
	struct der algorithm, oid, curve, bits;

	if (!der_take(&info, DER_SEQUENCE, &algorithm) ||
	    !der_take(&algorithm.content, DER_OID, &oid) ||
	    !der_take(&info, DER_BIT_STRING, &bits) ||
	    bits.content.len == 0 || bits.content.p[0] != 0)
		return false;
	bits.content = slice_skip(bits.content, 1);
	/* RFC 3279 §2.3.1: rsaEncryption */
	if (slice_is(oid.content, "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01")) {
		key->key_type = BR_KEYTYPE_RSA;
		return read_rsa(bits.content, &key->key.rsa);
	}
	/* RFC 5480 §2.1.1: id-ecPublicKey, with the curve's name */
	if (!slice_is(oid.content, "\x2A\x86\x48\xCE\x3D\x02\x01") ||
	    !der_take(&algorithm.content, DER_OID, &curve))
		return false;
	key->key_type = BR_KEYTYPE_EC;
	key->key.ec = (br_ec_public_key){ curve_of(curve.content),
	    bytes_of(bits.content), bits.content.len };
	return key->key.ec.curve != 0;
}

static bool
is_in_date(const struct chain *c, const struct cert *cert)
{
	int64_t from_s, until_s;

	return cert_read_validity(cert, &from_s, &until_s) &&
	    c->now_s >= from_s && c->now_s <= until_s;
}

/* BearSSL takes an anchor's name and key, and asks nothing else of it. */
static unsigned
check_root(const struct chain *c, struct cert *root, br_x509_pkey *key)
{
	enum cert_fault fault = cert_check(root);

	if (fault)
		return CHAIN_FAULT(fault);
	if (!read_key(root->key, key))
		return BR_ERR_X509_UNSUPPORTED;
	if (key->key_type == BR_KEYTYPE_RSA &&
	    key->key.rsa.nlen < MIN_RSA_BYTES)
		return BR_ERR_X509_WEAK_PUBLIC_KEY;
	return is_in_date(c, root) ? 0 : BR_ERR_X509_EXPIRED;
}

/* A trusted certificate becomes the next anchor, or is left out. */
static void
add_anchor(struct chain *c, struct cert *cert)
{
	br_x509_trust_anchor *a = &c->anchors[c->anchors_n];
	unsigned fault = check_root(c, cert, &a->pkey);

	if (fault) {
		c->root_fault = fault;
		c->root_name = cert->subject;
		return;
	}
	c->roots[c->anchors_n] = *cert;
	a->dn.data = bytes_of(cert->subject);
	a->dn.len = cert->subject.len;
	a->flags = cert_is_authority(cert) ? BR_X509_TA_CA : 0;
	c->anchors_n++;
}

/* Does the chain name it, as an issuer or as one of its own? */
static bool
names_subject(const struct chain *c, struct slice name)
{
	for (size_t i = 0; i < c->n; i++)
		if (slice_eq(c->read[i].issuer, name) ||
		    slice_eq(c->read[i].subject, name))
			return true;
	return false;
}

static void
pick_anchors(struct chain *c)
{
	struct cert cert;

	c->anchors_n = c->root_fault = 0;
	for (size_t i = 0; i < c->trust->n; i++) {
		if (c->anchors_n == CHAIN_ANCHORS_MAX)
			return;
		if (cert_read(c->trust->certs[i], &cert) &&
		    names_subject(c, cert.subject))
			add_anchor(c, &cert);
	}
}

/*
 * BearSSL refuses any critical extension that it does not know. Name
 * constraints and extended key usages are checked here, so it is shown them as
 * not critical: "critical" says no while it reads, and the signature is
 * verified over what was signed.
 */
static bool
is_masked(const struct cert *cert)
{
	return cert->critical[CERT_LIMITS] || cert->critical[CERT_PURPOSES];
}

static void
mask(const struct cert *cert, char critical)
{
	for (int i = CERT_LIMITS; i <= CERT_PURPOSES; i++)
		if (cert->critical[i])
			*(char *)(uintptr_t)cert->critical[i] = critical;
}

static unsigned
check_constraints(struct chain *c, const struct path *p, size_t n,
	const struct cert *authority)
{
	for (size_t i = 0; i < n; i++) {
		const struct cert *cert = &c->read[p->at[i]];
		enum cert_fault fault;

		/* RFC 5280 §6.1.3 (b): not to those self-issued in between */
		if (i > 0 && slice_eq(cert->issuer, cert->subject))
			continue;
		fault = constraints_check(authority, cert, &c->comparisons);
		if (fault)
			return CHAIN_FAULT(fault);
	}
	return 0;
}

static bool
is_for_host(const struct chain *c, const struct cert *cert)
{
	return cert_is_for(cert, slice_of(c->host), c->is_ip ? &c->ip : NULL);
}

/*
 * What BearSSL leaves out, for the first n certificates of a path and the root
 * above them.
 */
static unsigned
check_path(struct chain *c, const struct path *p, size_t n,
	const struct cert *root)
{
	const struct cert *server = &c->read[p->at[0]];
	enum cert_fault fault = CERT_FINE;
	unsigned code = 0;

	for (size_t i = 0; i < n && !fault; i++)
		fault = c->faults[p->at[i]];
	if (!fault)
		fault = cert_check_server(server);
	if (fault)
		return CHAIN_FAULT(fault);
	if (!is_for_host(c, server))
		return BR_ERR_X509_BAD_SERVER_NAME;
	for (size_t i = 1; i < n && !code; i++)
		code = check_constraints(c, p, i, &c->read[p->at[i]]);
	return code || !root ? code : check_constraints(c, p, n, root);
}

/* The path is accepted, or BearSSL goes on to the next anchor. */
static bool
may_end(struct chain *c, size_t n, const struct cert *root)
{
	unsigned code = check_path(c, c->path, n, root);

	if (!c->fault)
		c->fault = code;
	c->anchored = !code;
	return c->anchored;
}

/* The place of the anchor whose key that is; an issuer's own is none. */
static size_t
anchor_of(const struct chain *c, const void *key)
{
	uintptr_t at = (uintptr_t)key - (uintptr_t)c->anchors;

	return at / sizeof c->anchors[0];
}

/*
 * BearSSL hands the signature over where it has it, in its own context: that is
 * how the chain to count it for is found.
 */
static struct chain *
chain_of_signature(const unsigned char *signature)
{
	return (struct chain *)((uintptr_t)signature -
	    offsetof(struct chain, minimal.cert_sig));
}

static bool
may_verify(struct chain *c)
{
	return c->signatures < CHAIN_SIGNATURES_MAX && ++c->signatures;
}

/*
 * The hash that a signature has to be of. With an anchor's key it is of the
 * certificate that was read last, else of the one before it.
 */
static const uint8_t *
hash_signed(struct chain *c, const void *key, size_t len)
{
	bool by_anchor = anchor_of(c, key) < c->anchors_n;
	const struct cert *cert = &c->read[c->path->at[c->at - !by_anchor]];
	const br_hash_class *hash = len == br_sha256_SIZE ? &br_sha256_vtable :
	    len == br_sha384_SIZE ? &br_sha384_vtable : &br_sha512_vtable;
	br_hash_compat_context hc;

	if (!is_masked(cert))
		return c->minimal.tbs_hash;
	mask(cert, '\xFF');             /* read to its end: as it was, again */
	hash->init(&hc.vtable);
	hash->update(&hc.vtable, cert->signed_part.p, cert->signed_part.len);
	hash->out(&hc.vtable, c->hash);
	return c->hash;
}

/* The signature is good: with an anchor's key the rest is checked. */
static bool
accept(struct chain *c, const void *key)
{
	size_t anchor = anchor_of(c, key);

	return anchor >= c->anchors_n ||
	    may_end(c, c->at + 1, &c->roots[anchor]);
}

static uint32_t
verify_rsa(const unsigned char *signature, size_t len,
	const unsigned char *hash_oid, size_t hash_len,
	const br_rsa_public_key *key, unsigned char *hash)
{
	struct chain *c = chain_of_signature(signature);

	if (key->elen > RSA_EXPONENT_MAX || !may_verify(c) ||
	    !br_rsa_i31_pkcs1_vrfy(signature, len, hash_oid, hash_len, key,
	    hash) || memcmp(hash, hash_signed(c, key, hash_len), hash_len) != 0)
		return 0;
	/* BearSSL compares with the hash of what it was given. */
	memcpy(hash, c->minimal.tbs_hash, hash_len);
	return accept(c, key);
}

static uint32_t
verify_ecdsa(const br_ec_impl *curves, const void *hash, size_t hash_len,
	const br_ec_public_key *key, const void *signature, size_t len)
{
	struct chain *c = chain_of_signature(signature);

	(void)hash;
	return may_verify(c) && br_ecdsa_i31_vrfy_asn1(curves,
	    hash_signed(c, key, hash_len), hash_len, key, signature, len) &&
	    accept(c, key);
}

static void
init_minimal(struct chain *c)
{
	br_x509_minimal_context *m = &c->minimal;
	int64_t days = c->now_s / DAY_S, seconds = c->now_s % DAY_S;

	if (seconds < 0) {
		seconds += DAY_S;
		days--;
	}
	br_x509_minimal_init(m, &br_sha256_vtable, c->anchors, c->anchors_n);
	br_x509_minimal_set_rsa(m, verify_rsa);
	br_x509_minimal_set_ecdsa(m, &br_ec_all_m31, verify_ecdsa);
	br_x509_minimal_set_hash(m, br_sha256_ID, &br_sha256_vtable);
	br_x509_minimal_set_hash(m, br_sha384_ID, &br_sha384_vtable);
	br_x509_minimal_set_hash(m, br_sha512_ID, &br_sha512_vtable);
	br_x509_minimal_set_minrsa(m, MIN_RSA_BYTES);
	br_x509_minimal_set_time(m, (uint32_t)(days + DAYS_TO_1970),
	    (uint32_t)seconds);
}

static void
give(struct chain *c, size_t i)
{
	const br_x509_class **inner = &c->minimal.vtable;
	struct slice der = c->certs[i];

	(*inner)->start_cert(inner, (uint32_t)der.len);
	mask(&c->read[i], '\0');
	(*inner)->append(inner, (const unsigned char *)der.p, der.len);
	mask(&c->read[i], '\xFF');
	(*inner)->end_cert(inner);
}

static bool
is_trusted_itself(const struct chain *c, const struct cert *cert)
{
	for (size_t i = 0; i < c->anchors_n; i++)
		if (slice_eq(c->roots[i].signed_part, cert->signed_part))
			return true;
	return false;
}

static unsigned
try_path(struct chain *c, const struct path *p)
{
	const br_x509_class **inner = &c->minimal.vtable;
	unsigned code;

	init_minimal(c);
	c->path = p;
	c->anchored = false;
	(*inner)->start_chain(inner, c->is_ip ? NULL : c->host);
	for (c->at = 0; c->at < p->n; c->at++)
		give(c, p->at[c->at]);
	code = (*inner)->end_chain(inner);
	if (code || c->anchored)
		return code;
	/*
	 * The server's own may be trusted as it is. BearSSL has compared name and
	 * key then and no signature, so all the rest has to be the same, too.
	 */
	if (!is_trusted_itself(c, &c->read[p->at[0]]))
		return BR_ERR_X509_NOT_TRUSTED;
	return may_end(c, 1, NULL) ? 0 : c->fault;
}

static bool
is_anchors(const struct chain *c, struct slice issuer)
{
	for (size_t i = 0; i < c->anchors_n; i++)
		if (slice_eq(issuer, slice_from((char *)c->anchors[i].dn.data,
		    c->anchors[i].dn.len)))
			return true;
	return false;
}

static const struct cert *
top_of(const struct chain *c, const struct path *p)
{
	return &c->read[p->at[p->n - 1]];
}

static bool
may_follow(const struct chain *c, const struct path *p, size_t i)
{
	const struct cert *cert = &c->read[i];

	for (size_t k = 0; k < p->n; k++)
		if (p->at[k] == i)
			return false;
	if (p->n == 0)
		return i == 0 || (p->first_is_not && !cert_is_authority(cert));
	return slice_eq(top_of(c, p)->issuer, cert->subject);
}

/*
 * Extra certificates, another order, a second way up: walk from each to its
 * issuers, and try what ends below an anchor. Depth and steps are bounded, and
 * so is the number of signatures.
 */
static bool
search_path(struct chain *c, bool first_is_not)
{
	struct path p = { .first_is_not = first_is_not };
	size_t next = 0;

	for (;;) {
		while (next < c->n && !(p.n < CHAIN_DEPTH_MAX &&
		    may_follow(c, &p, next)))
			next++;
		if (next == c->n) {             /* back, and on from there */
			if (p.n == 0)
				return false;
			next = p.at[--p.n] + 1;
			continue;
		}
		if (c->steps == CHAIN_STEPS_MAX)
			return false;
		c->steps++;
		p.at[p.n++] = next;
		next = 0;
		if (is_anchors(c, top_of(c, &p)->issuer) &&
		    try_path(c, &p) == 0)
			return true;
	}
}

static unsigned
end_chain(const br_x509_class **vtable)
{
	struct chain *c = chain_of(vtable);
	struct path sent = { .n = c->n };
	unsigned code;

	if (!c->host[0])                /* BearSSL would check no name at all */
		return BR_ERR_X509_BAD_SERVER_NAME;
	if (c->over)
		return BR_ERR_X509_LIMIT_EXCEEDED;
	if (c->n == 0)
		return BR_ERR_X509_EMPTY_CHAIN;
	for (size_t i = 0; i < c->n; i++)
		sent.at[i] = i;
	c->steps = c->signatures = c->fault = 0;
	c->comparisons = CHAIN_COMPARISONS_MAX;
	pick_anchors(c);
	code = try_path(c, &sent);
	/* It has to be the server's own, unless it has not even the name. */
	if (code == 0 || search_path(c, !is_for_host(c, &c->read[0])))
		return 0;
	if (c->fault)
		return c->fault;
	return code == BR_ERR_X509_NOT_TRUSTED && c->root_fault ?
	    CHAIN_BAD_ROOT : code;
}

static const br_x509_pkey *
get_pkey(const br_x509_class *const *vtable, unsigned *usages)
{
	const struct chain *c = (const struct chain *)(const void *)vtable;
	const br_x509_class *const *inner = &c->minimal.vtable;

	return (*inner)->get_pkey(inner, usages);
}

static const br_x509_class chain_class = {
	.context_size = sizeof(struct chain),
	.start_chain = start_chain,
	.start_cert = start_cert,
	.append = append,
	.end_cert = end_cert,
	.end_chain = end_chain,
	.get_pkey = get_pkey,
};

void
chain_init(struct chain *c, const struct trust *trust, int64_t now_s)
{
	c->vtable = &chain_class;
	c->trust = trust;
	c->now_s = now_s;
	c->n = c->len = c->anchors_n = 0;
	c->over = false;
	c->host[0] = '\0';
}

void
chain_expect(struct chain *c, const char *host)
{
	struct slice name = slice_of(host);

	if (name.len && name.p[name.len - 1] == '.')
		name.len--;
	c->is_ip = ip_read(name, &c->ip);
	if (!(c->is_ip || uri_is_host(name)) ||
	    !copy_text(c->host, sizeof c->host, name))
		c->host[0] = '\0';
}

unsigned
chain_check(struct chain *c, const char *host, const struct slice *certs,
	size_t n)
{
	const br_x509_class **v = &c->vtable;

	chain_expect(c, host);
	start_chain(v, host);
	for (size_t i = 0; i < n; i++) {
		start_cert(v, (uint32_t)certs[i].len);
		append(v, (const unsigned char *)certs[i].p, certs[i].len);
		end_cert(v);
	}
	return end_chain(v);
}

/* ---- the words for a refusal ---- */

static bool
explain_time(const struct chain *c, const char *host, struct error *err)
{
	char now[24], when[24];
	struct buf nb = TEXT_OVER(now);
	struct buf wb = TEXT_OVER(when);
	const char *verb = "is not valid at this time";

	timestamp_put_iso(&nb, c->now_s);
	buf_end(&nb);
	for (size_t i = 0; i < c->n; i++) {
		int64_t from_s, until_s;

		if (is_in_date(c, &c->read[i]) ||
		    !cert_read_validity(&c->read[i], &from_s, &until_s))
			continue;
		verb = c->now_s < from_s ? "is not valid before" :
		    "has expired on";
		timestamp_put_iso(&wb, c->now_s < from_s ? from_s : until_s);
		break;
	}
	buf_end(&wb);
	return err_fail(err, ERR_TRUST, STEP_TLS,
	    "if that time is wrong, --time 2026-11-23T03:12Z with the right "
	    "one; else the server's certificate must be renewed",
	    "the certificate of %s %s %s; the time here is %s", host, verb,
	    when, now);
}

/* Does the chain say that it comes from one of Amazon's roots? */
static bool
is_amazons(const struct chain *c)
{
	struct cert root;

	for (size_t i = 0; i < ANCHORS; i++)
		if (cert_read(slice_from((const char *)anchors[i].der,
		    anchors[i].len), &root) &&
		    names_subject(c, root.subject))
			return true;
	return false;
}

/* With the compiled-in roots: whatever answered, it is not AWS itself. */
static bool
explain_foreign(const struct trust *t, const char *host, const char *issuer,
	struct error *err)
{
	err_set(err, ERR_TRUST, STEP_TLS,
	    "the certificate of %s is signed by %s, not by Amazon: something "
	    "between here and AWS reads TLS", host, issuer);
	if (!t->name[0])
		return err_hint(err, "if that is meant to be, --ca-bundle FILE "
		    "(PEM) with its authority");
	if (t->given_by[0])
		err_hint(err, "%s has that file, and AWS_CA_BUNDLE is not set",
		    t->given_by);
	else
		err_hint(err, "only if that is meant to be");
	return err_again(err, "--ca-bundle %s", t->name);
}

static bool
explain_issuer(const struct chain *c, const char *host, struct error *err)
{
	const struct trust *t = c->trust;
	char issuer[100];
	struct buf b = TEXT_OVER(issuer);

	cert_put_name(&b, c->n ? c->read[c->n - 1].issuer : slice_of(NULL));
	buf_end(&b);
	if (t->builtin)
		return explain_foreign(t, host, issuer, err);
	if (c->anchors_n == 0 && is_amazons(c)) {
		err_set(err, ERR_TRUST, STEP_TLS,
		    "the certificate of %s says that Amazon signed it, but the CA "
		    "bundle %s does not hold Amazon's roots", host, t->name);
		return err_hint(err, t->given_by[0] == 'A' ?
		    "unset %s # or add the roots of Amazon to that file" :
		    "leave %s away, or add Amazon's roots to that file",
		    t->given_by);
	}
	err_set(err, ERR_TRUST, STEP_TLS,
	    "the certificate of %s is signed by %s, which is not in the CA bundle "
	    "%s", host, issuer, t->name);
	return err_hint(err, "%s with one that holds it, or without it for "
	    "Amazon's own roots", t->given_by);
}

/* What else can be wrong with a chain, as the end of a sentence. */
static const char *
words_for(int code)
{
	switch (code) {
	case BR_ERR_X509_BAD_SIGNATURE: return "has a wrong signature";
	case BR_ERR_X509_UNSUPPORTED: return "uses a key or signature that is "
	    "not supported (RSA to 4096 bits, NIST curves, SHA-256 and up)";
	case BR_ERR_X509_DN_MISMATCH: return "comes with a chain out of order";
	case CHAIN_FAULT(CERT_CRITICAL):
	case BR_ERR_X509_CRITICAL_EXTENSION: return "has a critical extension "
	    "not known here";
	case BR_ERR_X509_NOT_CA: return "is signed by one that is no authority's";
	case BR_ERR_X509_FORBIDDEN_KEY_USAGE: return "has a key not meant for "
	    "this";
	case BR_ERR_X509_WEAK_PUBLIC_KEY: return "has a key that is too weak";
	case BR_ERR_X509_LIMIT_EXCEEDED: return "comes with a chain beyond 10 "
	    "certificates or 64 KiB";
	case BR_ERR_X509_EMPTY_CHAIN: return "was not sent";
	case BR_ERR_X509_EXPIRED: return "is out of date";
	case CHAIN_FAULT(CERT_OLD): return "is not of version 3";
	case CHAIN_FAULT(CERT_DOUBLE): return "has an extension twice";
	case CHAIN_FAULT(CERT_WRONG_USE): return "is not for TLS servers";
	case CHAIN_FAULT(CERT_NO_NAMES): return "has no subjectAltName, and a "
	    "common name is not looked at";
	case CHAIN_FAULT(CERT_NO_SERVER): return "is an authority's, not for TLS "
	    "servers";
	case CHAIN_FAULT(CERT_BAD_LIMITS): return "comes with name constraints "
	    "that are no good";
	case CHAIN_FAULT(CERT_OUTSIDE): return "has a name that name "
	    "constraints of its authority forbid";
	case CHAIN_FAULT(CERT_TOO_MANY): return "comes with too many names and "
	    "name constraints";
	}
	return "is malformed";
}

/* The chain leads to a root that is trusted and cannot be used. */
static bool
explain_root(const struct chain *c, const char *host, struct error *err)
{
	char root[100];
	struct buf b = TEXT_OVER(root);

	cert_put_name(&b, c->root_name);
	buf_end(&b);
	return err_fail(err, ERR_TRUST, STEP_TLS,
	    "--ca-bundle FILE with another certificate of that authority",
	    "the certificate of %s leads to the root %s, which %s", host, root,
	    words_for((int)c->root_fault));
}

bool
chain_explain(const struct chain *c, int code, const char *host,
	struct error *err)
{
	if (code == BR_ERR_X509_EXPIRED)
		return explain_time(c, host, err);
	if (code == BR_ERR_X509_NOT_TRUSTED)
		return explain_issuer(c, host, err);
	if (code == CHAIN_BAD_ROOT)
		return explain_root(c, host, err);
	if (code == BR_ERR_X509_BAD_SERVER_NAME) {
		return err_fail(err, ERR_TRUST, STEP_TLS,
		    "this is not AWS: check --resolve, hosts file and network",
		    "the server's certificate does not have the name %s", host);
	}
	return err_fail(err, ERR_TRUST, STEP_TLS,
	    "that server, or the proxy before it, needs another certificate",
	    "the certificate of %s %s", host, words_for(code));
}
