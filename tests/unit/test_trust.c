/* SPDX-License-Identifier: MIT */
/*
 * The trust store: the compiled-in roots, and bundles with all that bundles
 * have in them.
 */
#include "test.h"

#include <stdlib.h>

#include "codec/hex.h"
#include "net/anchors.h"
#include "net/trust.h"
#include "pki.h"

static struct trust trust;
static struct error err;

static void
put_base64(struct buf *b, struct slice s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
	    "stuvwxyz0123456789+/";

	for (size_t i = 0; i < s.len; i += 3) {
		unsigned v = (unsigned)(unsigned char)s.p[i] << 16;

		if (i + 1 < s.len)
			v |= (unsigned)(unsigned char)s.p[i + 1] << 8;
		if (i + 2 < s.len)
			v |= (unsigned char)s.p[i + 2];
		buf_putc(b, digits[v >> 18]);
		buf_putc(b, digits[v >> 12 & 63]);
		buf_putc(b, i + 1 < s.len ? digits[v >> 6 & 63] : '=');
		buf_putc(b, i + 2 < s.len ? digits[v & 63] : '=');
		if (i % 48 == 45)
			buf_putc(b, '\n');
	}
}

static void
put_pem(struct buf *b, struct slice der)
{
	buf_puts(b, "-----BEGIN CERTIFICATE-----\n");
	put_base64(b, der);
	buf_puts(b, "\n-----END CERTIFICATE-----\n");
}

static bool
read_text(struct slice text)
{
	memset(&err, 0, sizeof err);
	strcpy(trust.name, "ca.pem");
	strcpy(trust.given_by, "--ca-bundle");
	return trust_read(&trust, text, &err);
}

static bool
read_bundle(const struct buf *b)
{
	return read_text(edge_bytes(b->p, b->len));
}

TEST(trust_has_the_five_roots_of_amazon)
{
	static const char *const prints[] = {
		"8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
		"1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
		"18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
		"e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
		"568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
	};

	trust_use_builtin(&trust);
	YES(trust.builtin);
	EQ(trust.n, COUNT(prints));
	for (size_t i = 0; i < COUNT(prints); i++) {
		uint8_t hash[32];
		char text[64];
		struct buf b = BUF_OVER(text);

		trust_fingerprint(hash, trust.certs[i]);
		hex_put(&b, hash, sizeof hash);
		EQ_TEXT(&b, prints[i]);
	}
}

TEST(trust_reads_a_bundle)
{
	char text[4096];
	struct buf b = BUF_OVER(text);

	buf_puts(&b, "# Test Root\n");
	put_pem(&b, pki_slice(PKI_ROOT));
	put_pem(&b, pki_slice(PKI_ROGUE_ROOT));
	YES(read_bundle(&b));
	NO(trust.builtin);
	EQ(trust.n, 2);
	EQ(trust.broken, 0);
	EQ_TEXT(trust.certs[0], pki_slice(PKI_ROOT));
	EQ_TEXT(trust.certs[1], pki_slice(PKI_ROGUE_ROOT));
}

TEST(trust_passes_over_broken_blocks_and_counts_them)
{
	char text[4096];
	struct buf b = BUF_OVER(text);

	buf_puts(&b, "-----BEGIN CERTIFICATE-----\nZm9v\n"
	    "-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nZm\n"
	    "-----END CERTIFICATE-----\n");
	put_pem(&b, pki_slice(PKI_ROOT));
	buf_puts(&b, "-----BEGIN CERTIFICATE-----\nZm9v");
	YES(read_bundle(&b));
	EQ(trust.n, 1);
	EQ(trust.broken, 3);
}

TEST(trust_refuses_a_bundle_without_a_usable_certificate)
{
	static const char *const bad[] = {
		"", "hello\n",
		("-----BEGIN CERTIFICATE-----\nZm9v\n"
		"-----END CERTIFICATE-----\n"),
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		NO(read_text(edge(bad[i])));
		EQ(err.kind, ERR_CONFIG);
		HAS((const char *)err.what, "ca.pem");
		HAS((const char *)err.hint, "--ca-bundle");
	}
}

TEST(trust_knows_a_certificate_in_der_form)
{
	char text[2048];
	struct buf b = BUF_OVER(text);

	NO(read_text(edge_bytes(pki[PKI_ROOT].der, pki[PKI_ROOT].len)));
	EQ(err.kind, ERR_CONFIG);
	HAS((const char *)err.what, "ca.pem is in DER form");
	HAS((const char *)err.hint, "openssl x509 -inform der -in ca.pem -out");
	/* Cut, or with more behind it, it is nothing that openssl could read. */
	NO(read_text(edge_bytes(pki[PKI_ROOT].der, pki[PKI_ROOT].len - 1)));
	HAS((const char *)err.what, "no usable certificate");
	buf_put_slice(&b, pki_slice(PKI_ROOT));
	buf_putc(&b, '\n');
	NO(read_bundle(&b));
	HAS((const char *)err.what, "no usable certificate");
}

TEST(trust_bounds_the_certificates_of_a_bundle)
{
	size_t cap = (BUNDLE_CERTS_MAX + 1) * 1024;
	char *text = malloc(cap);
	struct buf b;

	buf_init(&b, text, cap);
	for (int i = 0; i < BUNDLE_CERTS_MAX; i++)
		put_pem(&b, pki_slice(PKI_ROOT));
	YES(read_bundle(&b));
	EQ(trust.n, BUNDLE_CERTS_MAX);
	put_pem(&b, pki_slice(PKI_ROOT));
	NO(read_bundle(&b));
	EQ(err.kind, ERR_CONFIG);
	free(text);
}
