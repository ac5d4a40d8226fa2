/* SPDX-License-Identifier: MIT */
/*
 * Chains as servers send them, right and wrong, against an authority of our
 * own; and that each refusal has its sentence.
 */
#include "test.h"

#include "net/anchors.h"
#include "net/chain.h"
#include "pki.h"

static struct trust trust;
static struct chain chain;
static struct error err;

/* Up to eight certificates, by number, ended by -1. */
static unsigned
check_at(int64_t now, const char *host, const int *list)
{
	struct slice certs[8];
	size_t n = 0;

	for (; list[n] >= 0; n++)
		certs[n] = edge_bytes(pki[list[n]].der, pki[list[n]].len);
	if (trust.n == 0) {
		trust.n = 1;
		strcpy(trust.given_by, "--ca-bundle");
		trust.certs[0] = pki_slice(PKI_ROOT);
	}
	chain_init(&chain, &trust, now);
	return chain_check(&chain, host, certs, n);
}

#define CHAIN(...) ((const int[]){ __VA_ARGS__, -1 })
#define GOOD CHAIN(PKI_LEAF, PKI_INTER)

static unsigned
check(const int *list)
{
	return check_at(PKI_NOW, PKI_HOST, list);
}

static void
explains(unsigned code, const char *part)
{
	memset(&err, 0, sizeof err);
	NO(chain_explain(&chain, (int)code, PKI_HOST, &err));
	EQ(err.kind, ERR_TRUST);
	EQ(err.step, STEP_TLS);
	HAS((const char *)err.what, part);
	HAS((const char *)err.what, PKI_HOST);
	YES(err.hint[0] != '\0');
}

TEST(chain_accepts_leaf_and_intermediate)
{
	EQ(check(GOOD), 0);
	EQ(check(CHAIN(PKI_LEAF, PKI_INTER, PKI_ROOT)), 0);
	EQ(check(CHAIN(PKI_LEAF_LATE, PKI_INTER)), 0);
}

TEST(chain_accepts_a_wildcard_for_one_label_only)
{
	EQ(check_at(PKI_NOW, "eu-west-1.signin.aws.amazon.com", GOOD), 0);
	EQ(check_at(PKI_NOW, "a.b.signin.aws.amazon.com", GOOD),
	    BR_ERR_X509_BAD_SERVER_NAME);
	EQ(check_at(PKI_NOW, "signin.aws.amazon.com", GOOD),
	    BR_ERR_X509_BAD_SERVER_NAME);
}

TEST(chain_compares_addresses_with_addresses_only)
{
	static const struct { const char *host; unsigned code; } cases[] = {
		{ "192.0.2.7", 0 }, { "2001:db8::7", 0 }, { "2001:DB8:0::7", 0 },
		{ "192.0.2.8", BR_ERR_X509_BAD_SERVER_NAME },   /* a DNS name */
		{ "192.0.2.9", BR_ERR_X509_BAD_SERVER_NAME },   /* a wildcard */
		{ "192.0.2.6", BR_ERR_X509_BAD_SERVER_NAME },
		{ "2001:db8::8", BR_ERR_X509_BAD_SERVER_NAME },
		{ PKI_HOST, BR_ERR_X509_BAD_SERVER_NAME },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		EQ(check_at(PKI_NOW, cases[i].host,
		    CHAIN(PKI_LEAF_IP, PKI_INTER)), cases[i].code);
	EQ(check_at(PKI_NOW, "192.0.2.7", GOOD), BR_ERR_X509_BAD_SERVER_NAME);
	EQ(check_at(PKI_NOW, "192.0.2.7", CHAIN(PKI_LEAF_IP)),
	    BR_ERR_X509_NOT_TRUSTED);
}

TEST(chain_compares_host_names_without_case)
{
	EQ(check_at(PKI_NOW, "STS.us-east-1.AmazonAWS.com", GOOD), 0);
}

TEST(chain_refuses_another_host)
{
	static const char *const bad[] = {
		"sts.us-east-2.amazonaws.com", "us-east-1.amazonaws.com",
		"xsts.us-east-1.amazonaws.com", "sts.us-east-1.amazonaws.com.evil",
		"localhost", "*.signin.aws.amazon.com.x",
	};

	for (size_t i = 0; i < COUNT(bad); i++)
		EQ(check_at(PKI_NOW, bad[i], GOOD), BR_ERR_X509_BAD_SERVER_NAME);
	explains(BR_ERR_X509_BAD_SERVER_NAME, "certificate");
}

TEST(chain_takes_names_of_letters_digits_and_hyphens_only)
{
	static const char *const bad[] = {
		PKI_HOST "..", ".", "a_b.signin.aws.amazon.com",
		"-a.signin.aws.amazon.com", "*.signin.aws.amazon.com",
		"a b.signin.aws.amazon.com", ".signin.aws.amazon.com",
	};

	EQ(check_at(PKI_NOW, PKI_HOST ".", GOOD), 0);
	EQ_TEXT((const char *)chain.host, PKI_HOST);
	for (size_t i = 0; i < COUNT(bad); i++) {
		EQ(check_at(PKI_NOW, bad[i], GOOD), BR_ERR_X509_BAD_SERVER_NAME);
		EQ_TEXT((const char *)chain.host, "");
	}
}

/* The good chain below its root, which has these bytes in place of those. */
static unsigned
check_root_with(const char *old, const char *new, size_t len)
{
	static struct trust one = { .n = 1 };
	static char bytes[1024];
	struct slice whole = pki_slice(PKI_ROOT), certs[2];
	size_t at = slice_find(whole, old);

	YES(at < whole.len);
	memcpy(bytes, whole.p, whole.len);
	memcpy(bytes + at, new, len);
	one.certs[0] = slice_from(bytes, whole.len);
	certs[0] = pki_slice(PKI_LEAF);
	certs[1] = pki_slice(PKI_INTER);
	chain_init(&chain, &one, PKI_NOW);
	return chain_check(&chain, PKI_HOST, certs, 2);
}

TEST(chain_refuses_roots_that_are_no_good_and_says_why)
{
	static const struct { const char *old, *new; size_t len; const char *why; }
	cases[] = {
		{ "391231", "210101", 6, "the root Test Root, which is out of date" },
		{ "200101", "381231", 6, "which is out of date" },
		{ "\x55\x1D\x13", "\x55\x1D\x63", 3, "which has a critical extension" },
		{ "\x02\x01\x02", "\x02\x01\x01", 3, "which is not of version 3" },
		/* id-ecPublicKey becomes something else */
		{ "\x2A\x86\x48\xCE\x3D\x02\x01", "\x2A\x86\x48\xCE\x3D\x02\x02", 7,
		    "which uses a key" },
	};

	EQ(check_root_with("391231", "391231", 6), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		EQ(check_root_with(cases[i].old, cases[i].new, cases[i].len),
		    CHAIN_BAD_ROOT);
		explains(CHAIN_BAD_ROOT, cases[i].why);
		HAS((const char *)err.hint, "--ca-bundle");
	}
}

TEST(chain_says_what_is_wrong_with_a_certificate)
{
	static const char *const words[CERT_FAULTS] = {
		[CERT_MALFORMED] = "is malformed", [CERT_OLD] = "version 3",
		[CERT_DOUBLE] = "twice", [CERT_CRITICAL] = "critical extension",
		[CERT_WRONG_USE] = "not for TLS servers",
		[CERT_NO_NAMES] = "no subjectAltName",
		[CERT_NO_SERVER] = "is an authority's",
		[CERT_BAD_LIMITS] = "name constraints that are no good",
		[CERT_OUTSIDE] = "authority forbid",
		[CERT_TOO_MANY] = "too many names",
	};

	for (unsigned i = CERT_MALFORMED; i < CERT_FAULTS; i++)
		explains(CHAIN_FAULT(i), words[i]);
}

TEST(chain_refuses_to_check_no_name_at_all)
{
	YES(check_at(PKI_NOW, "", GOOD) != 0);
	YES(check_at(PKI_NOW, NULL, GOOD) != 0);
}

TEST(chain_checks_validity_to_the_second)
{
	EQ(check_at(PKI_FROM, PKI_HOST, GOOD), 0);
	EQ(check_at(PKI_UNTIL, PKI_HOST, GOOD), 0);
	EQ(check_at(PKI_FROM - 1, PKI_HOST, GOOD), BR_ERR_X509_EXPIRED);
	explains(BR_ERR_X509_EXPIRED,
	    "is not valid before 2020-01-01T00:00:00Z; the time here is "
	    "2019-12-31T23:59:59Z");
	HAS((const char *)err.hint, "--time");
	EQ(check_at(PKI_UNTIL + 1, PKI_HOST, GOOD), BR_ERR_X509_EXPIRED);
	explains(BR_ERR_X509_EXPIRED,
	    "has expired on 2039-12-31T23:59:59Z; the time here is "
	    "2040-01-01T00:00:00Z");
	EQ(check_at(0, PKI_HOST, GOOD), BR_ERR_X509_EXPIRED);
	EQ(check_at(-1, PKI_HOST, GOOD), BR_ERR_X509_EXPIRED);
	/* The leaf is good until 2055, its issuer is not. */
	EQ(check_at(PKI_UNTIL + 1, PKI_HOST, CHAIN(PKI_LEAF_LATE, PKI_INTER)),
	    BR_ERR_X509_EXPIRED);
}

TEST(chain_refuses_an_authority_that_is_not_trusted)
{
	EQ(check(CHAIN(PKI_ROGUE_LEAF, PKI_ROGUE_ROOT)), BR_ERR_X509_NOT_TRUSTED);
	explains(BR_ERR_X509_NOT_TRUSTED, "Corp Inspection Root");
	HAS((const char *)err.what, "CA bundle");
	trust.builtin = true;
	explains(BR_ERR_X509_NOT_TRUSTED, "Corp Inspection Root");
	HAS((const char *)err.hint, "--ca-bundle");
	EQ(check(CHAIN(PKI_ROGUE_LEAF)), BR_ERR_X509_NOT_TRUSTED);
	EQ(check(CHAIN(PKI_LEAF)), BR_ERR_X509_NOT_TRUSTED);
}

TEST(chain_trusts_the_builtin_roots_and_nobody_else)
{
	static struct trust builtin;
	struct slice certs[2] = { pki_slice(PKI_LEAF), pki_slice(PKI_INTER) };

	trust_use_builtin(&builtin);
	chain_init(&chain, &builtin, PKI_NOW);
	EQ(chain_check(&chain, PKI_HOST, certs, 2), BR_ERR_X509_NOT_TRUSTED);
	explains(BR_ERR_X509_NOT_TRUSTED, "is signed by Test Root, not by Amazon: "
	    "something between here and AWS reads TLS");
	HAS((const char *)err.hint, "--ca-bundle FILE");
	strcpy(builtin.name, "/etc/ssl/cert.pem");
	explains(BR_ERR_X509_NOT_TRUSTED, "not by Amazon");
	EQ_TEXT((const char *)err.again, "--ca-bundle /etc/ssl/cert.pem");
	strcpy(builtin.given_by, "CURL_CA_BUNDLE");
	explains(BR_ERR_X509_NOT_TRUSTED, "not by Amazon");
	HAS((const char *)err.hint, "CURL_CA_BUNDLE has that file");
}

TEST(chain_tells_a_bundle_without_the_roots_of_amazon)
{
	static struct trust bundle = {
		.n = 1, .name = "corp.pem", .given_by = "AWS_CA_BUNDLE",
	};
	struct slice certs[2] = { pki_slice(PKI_LEAF) };

	bundle.certs[0] = pki_slice(PKI_ROOT);
	certs[1] = slice_from((const char *)anchors[0].der, anchors[0].len);
	chain_init(&chain, &bundle, PKI_NOW);
	YES(chain_check(&chain, PKI_HOST, certs, 2) != 0);
	explains(BR_ERR_X509_NOT_TRUSTED,
	    "bundle corp.pem does not hold Amazon's roots");
	HAS((const char *)err.hint, "unset AWS_CA_BUNDLE # or add");
	strcpy(bundle.given_by, "ca_bundle");
	explains(BR_ERR_X509_NOT_TRUSTED, "does not hold");
	HAS((const char *)err.hint, "leave ca_bundle away, or add");
	/* With one of them in it, something else must be wrong. */
	bundle.certs[bundle.n++] = certs[1];
	YES(chain_check(&chain, PKI_HOST, certs, 2) != 0);
	explains(BR_ERR_X509_NOT_TRUSTED, "not in the CA bundle corp.pem");
}

TEST(chain_refuses_forged_signatures)
{
	EQ(check(CHAIN(PKI_LEAF_FORGED, PKI_INTER)), BR_ERR_X509_BAD_SIGNATURE);
	explains(BR_ERR_X509_BAD_SIGNATURE, "signature");
}

TEST(chain_refuses_a_leaf_as_authority)
{
	YES(check_at(PKI_NOW, "second",
	    CHAIN(PKI_LEAF_BY_LEAF, PKI_LEAF, PKI_INTER)) != 0);
	EQ(check(CHAIN(PKI_LEAF_BY_LEAF, PKI_LEAF, PKI_INTER)),
	    BR_ERR_X509_NOT_CA);
	explains(BR_ERR_X509_NOT_CA, "authority");
}

TEST(chain_refuses_weak_keys_and_unknown_critical_extensions)
{
	EQ(check(CHAIN(PKI_LEAF_WEAK, PKI_INTER)), BR_ERR_X509_WEAK_PUBLIC_KEY);
	explains(BR_ERR_X509_WEAK_PUBLIC_KEY, "weak");
	EQ(check(CHAIN(PKI_LEAF_CRITICAL, PKI_INTER)),
	    BR_ERR_X509_CRITICAL_EXTENSION);
	explains(BR_ERR_X509_CRITICAL_EXTENSION, "critical extension");
}

TEST(chain_refuses_an_empty_chain)
{
	EQ(check((const int[]){ -1 }), BR_ERR_X509_EMPTY_CHAIN);
	explains(BR_ERR_X509_EMPTY_CHAIN, "not sent");
}

TEST(chain_bounds_what_a_server_may_send)
{
	static char big[CHAIN_BYTES_MAX + 1];
	struct slice certs[CHAIN_CERTS_MAX + 1];

	check(GOOD);
	for (size_t i = 0; i < COUNT(certs); i++)
		certs[i] = pki_slice(PKI_ROGUE_ROOT);
	certs[0] = pki_slice(PKI_LEAF);
	certs[1] = pki_slice(PKI_INTER);
	EQ(chain_check(&chain, PKI_HOST, certs, CHAIN_CERTS_MAX), 0);
	EQ(chain_check(&chain, PKI_HOST, certs, CHAIN_CERTS_MAX + 1),
	    BR_ERR_X509_LIMIT_EXCEEDED);
	explains(BR_ERR_X509_LIMIT_EXCEEDED, "10 certificates");
	certs[2] = slice_from(big, sizeof big);
	EQ(chain_check(&chain, PKI_HOST, certs, 3), BR_ERR_X509_LIMIT_EXCEEDED);
}

/* As many as are taken of one authority, behind a leaf of its own or not. */
static unsigned
check_namesakes(struct slice first, int root)
{
	static struct trust one = { .n = 1 };
	struct slice certs[CHAIN_CERTS_MAX];

	one.certs[0] = pki_slice(root);
	certs[0] = first;
	for (size_t i = 1; i < COUNT(certs); i++)
		certs[i] = pki_slice(PKI_ROGUE_ROOT);
	chain_init(&chain, &one, PKI_NOW);
	return chain_check(&chain, PKI_HOST, certs, COUNT(certs));
}

TEST(chain_bounds_the_walk_among_authorities_of_one_name)
{
	EQ(check_namesakes(pki_slice(PKI_ROGUE_LEAF), PKI_ROOT),
	    BR_ERR_X509_NOT_TRUSTED);
	EQ(chain.steps, CHAIN_STEPS_MAX);
	EQ(check_namesakes(pki_slice(PKI_ROGUE_ROOT), PKI_ROOT),
	    BR_ERR_X509_BAD_SERVER_NAME);
	EQ(chain.steps, CHAIN_STEPS_MAX);
	EQ(check_namesakes(pki_slice(PKI_ROGUE_LEAF), PKI_ROGUE_ROOT), 0);
	EQ(chain.steps, 0);
}

TEST(chain_bounds_the_signatures_that_are_verified)
{
	struct slice leaf = edge_bytes(pki[PKI_ROGUE_LEAF].der,
	    pki[PKI_ROGUE_LEAF].len);

	/* Each order is complete, and the leaf's signature wrong in each. */
	((char *)(uintptr_t)leaf.p)[leaf.len - 1] ^= 1;
	EQ(check_namesakes(leaf, PKI_ROGUE_ROOT), BR_ERR_X509_BAD_SIGNATURE);
	EQ(chain.signatures, CHAIN_SIGNATURES_MAX);
	YES(chain.steps <= CHAIN_STEPS_MAX);
	/* Each chain has its own. */
	EQ(check(GOOD), 0);
	EQ(chain.signatures, 2);
}

TEST(chain_refuses_a_certificate_cut_at_any_place)
{
	struct slice whole = edge_bytes(pki[PKI_LEAF].der, pki[PKI_LEAF].len), cut;
	unsigned code = 0;

	check(GOOD);
	EACH_CUT(whole, cut) {
		struct slice certs[2] = { cut, pki_slice(PKI_INTER) };

		code = chain_check(&chain, PKI_HOST, certs, 2);
		YES(code != 0);
		memset(&err, 0, sizeof err);
		NO(chain_explain(&chain, (int)code, PKI_HOST, &err));
		EQ(err.kind, ERR_TRUST);
	}
}

TEST(chain_refuses_a_leaf_with_any_signed_byte_spoilt)
{
	struct slice whole = edge_bytes(pki[PKI_LEAF].der, pki[PKI_LEAF].len), bad;

	check(GOOD);
	EACH_SPOILT(whole, bad) {
		struct slice certs[2] = { bad, pki_slice(PKI_INTER) };

		/* One in six is enough: each is a signature's worth of work. */
		if (bad_i % 6 != 0 || memcmp(bad.p, whole.p, whole.len) == 0)
			continue;
		YES(chain_check(&chain, PKI_HOST, certs, 2) != 0);
	}
}
