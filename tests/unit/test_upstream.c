/* SPDX-License-Identifier: MIT */
/*
 * What vendor/README.md says that BearSSL 0.6 does without upstream's later
 * fixes: who calls its curves looks at a point's length first. Curves that
 * count stand before the real ones; the other side is BearSSL's own server.
 */
#include "test.h"

#include <bearssl.h>

#include "net/tls.h"
#include "pki.h"

static unsigned computed;
static unsigned char sent_len;  /* of the server's point; 0: as it should be */

static uint32_t
count_mul(unsigned char *point, size_t len, const unsigned char *k,
	size_t k_len, int curve)
{
	computed++;
	return br_ec_all_m31.mul(point, len, k, k_len, curve);
}

static uint32_t
count_muladd(unsigned char *a, const unsigned char *b, size_t len,
	const unsigned char *x, size_t x_len, const unsigned char *y,
	size_t y_len, int curve)
{
	computed++;
	return br_ec_all_m31.muladd(a, b, len, x, x_len, y, y_len, curve);
}

static size_t
wrong_mulgen(unsigned char *point, const unsigned char *k, size_t k_len,
	int curve)
{
	size_t len = br_ec_all_m31.mulgen(point, k, k_len, curve);

	return sent_len ? sent_len : len;
}

static br_ec_impl
counting(void)
{
	br_ec_impl ec = br_ec_all_m31;

	ec.mul = count_mul;
	ec.muladd = count_muladd;
	return ec;
}

TEST(upstream_signatures_compute_nothing_with_a_point_of_wrong_length)
{
	static const struct { int curve; size_t len; } curves[] = {
		{ BR_EC_secp256r1, 65 }, { BR_EC_secp384r1, 97 },
		{ BR_EC_secp521r1, 133 },
	};
	/* r = s = 1 */
	static const char signature[] = { 0x30, 6, 2, 1, 1, 2, 1, 1 };
	static const char hash[32] = "a hash of thirty-two bytes, or s";
	br_ec_impl ec = counting();

	for (size_t i = 0; i < COUNT(curves); i++) {
		size_t right;
		unsigned char point[140];

		memset(point, 4, sizeof point);
		(void)br_ec_all_m31.generator(curves[i].curve, &right);
		EQ(right, curves[i].len);
		for (size_t len = 0; len <= sizeof point; len++) {
			br_ec_public_key key = { curves[i].curve, point, len };

			computed = 0;
			(void)br_ecdsa_i31_vrfy_asn1(&ec, hash, sizeof hash,
			    &key, signature, sizeof signature);
			EQ(computed, len == right);
		}
	}
}

static void
carry(br_ssl_engine_context *from, br_ssl_engine_context *to)
{
	size_t n, room;
	unsigned char *out, *in;

	while ((out = br_ssl_engine_sendrec_buf(from, &n)) != NULL &&
	    (in = br_ssl_engine_recvrec_buf(to, &room)) != NULL) {
		if (n > room)
			n = room;
		memcpy(in, out, n);
		br_ssl_engine_sendrec_ack(from, n);
		br_ssl_engine_recvrec_ack(to, n);
	}
}

/*
 * A whole handshake of postern's client on one curve, with a server whose point
 * has `len` bytes. The server's key is taken as known: certificates are tested
 * elsewhere. Answers the client's error.
 */
static int
shake_hands(int curve, unsigned char len)
{
	static const char entropy[TLS_ENTROPY] = "0123456789abcdef0123456789abcde";
	static struct tls tls;
	static br_ssl_server_context server;
	static unsigned char records[BR_SSL_BUFSIZE_BIDI];
	static struct trust trust;
	unsigned char k[BR_EC_KBUF_PRIV_MAX_SIZE], q[BR_EC_KBUF_PUB_MAX_SIZE];
	br_ec_private_key secret;
	br_ec_public_key public;
	br_x509_knownkey_context known;
	static unsigned char der[] = "taken as known";
	br_x509_certificate cert = { der, sizeof der };
	br_ec_impl ours = counting(), theirs = br_ec_all_m31;
	br_hmac_drbg_context rng;

	theirs.supported_curves = 1u << curve;
	theirs.mulgen = wrong_mulgen;
	sent_len = 0;
	br_hmac_drbg_init(&rng, &br_sha256_vtable, entropy, sizeof entropy);
	EQ(br_ec_keygen(&rng.vtable, &br_ec_all_m31, &secret, k,
	    BR_EC_secp256r1) > 0, true);
	EQ(br_ec_compute_pub(&br_ec_all_m31, &public, q, &secret), 65);

	trust_use_builtin(&trust);
	tls_start(&tls, PKI_HOST, &trust, PKI_NOW,
	    slice_from(entropy, sizeof entropy));
	br_x509_knownkey_init_ec(&known, &public, BR_KEYTYPE_SIGN);
	br_ssl_engine_set_x509(&tls.client.eng, &known.vtable);
	br_ssl_engine_set_ec(&tls.client.eng, &ours);
	EQ(br_ssl_client_reset(&tls.client, PKI_HOST, 0), 1);

	br_ssl_server_init_full_ec(&server, &cert, 1, BR_KEYTYPE_EC, &secret);
	br_ssl_engine_set_ec(&server.eng, &theirs);
	br_ssl_engine_set_buffer(&server.eng, records, sizeof records, 1);
	br_ssl_engine_inject_entropy(&server.eng, entropy, sizeof entropy);
	EQ(br_ssl_server_reset(&server), 1);

	sent_len = len;
	computed = 0;
	for (int flights = 0; flights < 6; flights++) {
		carry(&tls.client.eng, &server.eng);
		carry(&server.eng, &tls.client.eng);
	}
	EQ((br_ssl_engine_current_state(&tls.client.eng) & BR_SSL_SENDAPP) != 0,
	    len == 0);
	return br_ssl_engine_last_error(&tls.client.eng);
}

TEST(upstream_key_exchange_computes_nothing_with_a_point_of_wrong_length)
{
	static const struct { int curve; unsigned char len; } curves[] = {
		{ BR_EC_curve25519, 32 }, { BR_EC_secp256r1, 65 },
		{ BR_EC_secp384r1, 97 }, { BR_EC_secp521r1, 133 },
	};
	/* The server's buffer holds 133 bytes. */
	static const unsigned char lens[] = { 1, 31, 33, 64, 66, 96, 98, 132 };

	for (size_t i = 0; i < COUNT(curves); i++) {
		EQ(shake_hands(curves[i].curve, 0), BR_ERR_OK);
		EQ(computed, 2);        /* the signature, and the exchange */
		for (size_t k = 0; k < COUNT(lens); k++) {
			EQ(shake_hands(curves[i].curve, lens[k]),
			    BR_ERR_INVALID_ALGORITHM);
			EQ(computed, 1);        /* the signature alone */
		}
	}
}
