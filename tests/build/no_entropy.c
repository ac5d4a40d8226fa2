/* SPDX-License-Identifier: MIT */
/*
 * Shows that BearSSL, as it is compiled for the release, has no seeder of its
 * own: a handshake that was given no entropy must not start. That postern gives
 * it some is tested elsewhere.
 */

#include <bearssl.h>

#include <unistd.h>

static unsigned char io[BR_SSL_BUFSIZE_BIDI];
static br_ssl_client_context client;
static br_x509_minimal_context x509;

static int
start(const void *entropy, size_t len)
{
	br_ssl_client_init_full(&client, &x509, NULL, 0);
	br_ssl_engine_set_buffer(&client.eng, io, sizeof(io), 1);
	if (len)
		br_ssl_engine_inject_entropy(&client.eng, entropy, len);
	return br_ssl_client_reset(&client, "sts.amazonaws.com", 0);
}

/* Exit 0: refused without entropy, for that reason, and started with it. */
int
main(void)
{
	static const char seed[32] = "not random, but thirty-two bytes";
	const char *name = "?";

	if (br_prng_seeder_system(&name) != 0)
		return 1;
	if (start(NULL, 0))
		return 2;
	if (br_ssl_engine_last_error(&client.eng) != BR_ERR_NO_RANDOM)
		return 3;
	if (!start(seed, sizeof(seed)))
		return 4;
	return 0;
}
