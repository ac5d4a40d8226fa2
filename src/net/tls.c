/* SPDX-License-Identifier: MIT */
/*
 * Setting the engine up with what is strong and little else, the loop that
 * feeds it, and its errors as sentences.
 */
#include "net/tls.h"

#include <errno.h>
#include <poll.h>

#include "codec/ip.h"
#include "net/socket.h"

enum { RECORD_HANDSHAKE = 22, RECORD_APPLICATION_DATA = 23 };    /* RFC 5246 §6.2.1 */

/*
 * RFC 5289, RFC 7905: forward secrecy and AEAD, nothing else; tls_send_early
 * depends on it (RFC 7918 §5.1, §5.2).
 */
static const uint16_t suites[] = {
	BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
	BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	BR_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
	BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
};

static void
set_algorithms(br_ssl_engine_context *e)
{
	br_ssl_engine_set_versions(e, BR_TLS12, BR_TLS12);
	br_ssl_engine_set_suites(e, suites, sizeof suites / sizeof suites[0]);
	br_ssl_engine_set_hash(e, br_sha256_ID, &br_sha256_vtable);
	br_ssl_engine_set_hash(e, br_sha384_ID, &br_sha384_vtable);
	br_ssl_engine_set_hash(e, br_sha512_ID, &br_sha512_vtable);
	br_ssl_engine_set_prf_sha256(e, br_tls12_sha256_prf);
	br_ssl_engine_set_prf_sha384(e, br_tls12_sha384_prf);
	/* Constant-time portable code everywhere: a few kB need no AES-NI. */
	br_ssl_engine_set_gcm(e, &br_sslrec_in_gcm_vtable,
	    &br_sslrec_out_gcm_vtable);
	br_ssl_engine_set_aes_ctr(e, &br_aes_ct64_ctr_vtable);
	br_ssl_engine_set_ghash(e, br_ghash_ctmul64);
	br_ssl_engine_set_chapol(e, &br_sslrec_in_chapol_vtable,
	    &br_sslrec_out_chapol_vtable);
	br_ssl_engine_set_chacha20(e, br_chacha20_ct_run);
	br_ssl_engine_set_poly1305(e, br_poly1305_ctmul_run);
	br_ssl_engine_set_ec(e, &br_ec_all_m31);
	br_ssl_engine_set_rsavrfy(e, br_rsa_i31_pkcs1_vrfy);
	br_ssl_engine_set_ecdsa(e, br_ecdsa_i31_vrfy_asn1);
	br_ssl_engine_add_flags(e, BR_OPT_NO_RENEGOTIATION);
}

void
tls_start(struct tls *t, const char *host, const struct trust *trust,
	int64_t now_s, struct slice entropy)
{
	br_ssl_engine_context *e = &t->client.eng;

	t->host = host;
	t->end = TLS_GOING_ON;
	t->code = t->number = 0;
	t->established = t->flooded = t->drained = false;
	t->received = t->ahead_at = t->ahead_len = 0;
	br_ssl_client_zero(&t->client);
	set_algorithms(e);
	chain_init(&t->chain, trust, now_s);
	chain_expect(&t->chain, host);
	br_ssl_engine_set_x509(e, &t->chain.vtable);
	br_ssl_engine_set_buffer(e, t->io, sizeof t->io, 1);
	if (entropy.len)
		br_ssl_engine_inject_entropy(e, entropy.p, entropy.len);
	/* An address is no server name to send (RFC 6066 §3), nor a dot behind. */
	if (!br_ssl_client_reset(&t->client,
	    t->chain.is_ip ? NULL : t->chain.host, 0)) {
		t->end = TLS_FAILED;
		t->code = br_ssl_engine_last_error(e);
	}
	t->clear_out = e->out.vtable;
}

/*
 * False when nothing moved. Who refuses a request that is still being sent
 * answers and closes: the answer lies here unread when sending fails. From then
 * on what is to be sent is thrown away, and read_ahead finds the end.
 */
static bool
send_records(struct tls *t, int fd)
{
	size_t len, n;
	const unsigned char *p = br_ssl_engine_sendrec_buf(&t->client.eng, &len);

	if (!p)
		return false;
	if (!t->number) {
		switch (socket_send(fd, p, len, &n)) {
		case SOCKET_MOVED:
			len = n;
			break;
		case SOCKET_BROKEN:
			t->number = errno;
			t->drained = false;
			break;
		default:
			return false;
		}
	}
	br_ssl_engine_sendrec_ack(&t->client.eng, len);
	return true;
}

/* Fill what is read ahead, when all of it is used; false when nothing came. */
static bool
read_ahead(struct tls *t, int fd)
{
	enum socket_result result;

	if (t->ahead_at < t->ahead_len)
		return true;
	if (t->drained)
		return false;
	t->ahead_at = 0;
	result = socket_receive(fd, t->ahead, sizeof t->ahead, &t->ahead_len);
	if (result == SOCKET_MOVED) {
		t->received += t->ahead_len;
		t->drained = t->ahead_len < sizeof t->ahead && !t->number;
		return true;
	}
	if (result == SOCKET_BROKEN && !t->number)
		t->number = errno;
	if (t->number)
		t->end = TLS_FAILED;
	else if (result == SOCKET_ENDED)
		t->end = TLS_CUT;
	else
		t->drained = true;
	return false;
}

/* False when nothing moved. */
static bool
receive_records(struct tls *t, int fd)
{
	size_t len;
	unsigned char *p = br_ssl_engine_recvrec_buf(&t->client.eng, &len);

	if (!p || !read_ahead(t, fd))
		return false;
	if (len > t->ahead_len - t->ahead_at)
		len = t->ahead_len - t->ahead_at;
	memcpy(p, t->ahead + t->ahead_at, len);
	t->ahead_at += len;
	br_ssl_engine_recvrec_ack(&t->client.eng, len);
	return true;
}

void
tls_wake(struct tls *t)
{
	t->drained = false;
}

static void
look(struct tls *t)
{
	unsigned state = br_ssl_engine_current_state(&t->client.eng);
	size_t cap = t->established ? TLS_TOTAL_MAX : TLS_HANDSHAKE_MAX;

	if (state & BR_SSL_SENDAPP)
		t->established = true;
	if (state == BR_SSL_CLOSED && t->end == TLS_GOING_ON) {
		t->code = br_ssl_engine_last_error(&t->client.eng);
		t->end = t->code ? TLS_FAILED : TLS_CLOSED;
	}
	/* BearSSL reads floods of warnings and empty records for ever. */
	if (t->received > cap && t->end == TLS_GOING_ON) {
		t->flooded = true;
		t->end = TLS_FAILED;
	}
}

bool
tls_step(struct tls *t, int fd)
{
	bool moved = false;

	while (t->end == TLS_GOING_ON) {
		bool sent = send_records(t, fd);
		bool got = t->end == TLS_GOING_ON && receive_records(t, fd);

		look(t);
		if (!sent && !got)
			break;
		moved = true;
	}
	return moved;
}

short
tls_wants(const struct tls *t)
{
	unsigned state = br_ssl_engine_current_state(&t->client.eng);

	/* POLLIN while the engine takes nothing would wake at once, for nothing. */
	return (short)((state & BR_SSL_RECVREC ? POLLIN : 0) |
	    (state & BR_SSL_SENDREC ? POLLOUT : 0));
}

size_t
tls_send(struct tls *t, struct slice bytes)
{
	size_t len;
	unsigned char *p = br_ssl_engine_sendapp_buf(&t->client.eng, &len);

	if (!p || !bytes.len)
		return 0;
	if (len > bytes.len)
		len = bytes.len;
	memcpy(p, bytes.p, len);
	br_ssl_engine_sendapp_ack(&t->client.eng, len);
	if (len == bytes.len)
		br_ssl_engine_flush(&t->client.eng, 0);
	return len;
}

bool
tls_send_early(struct tls *t, struct slice bytes)
{
	br_ssl_engine_context *e = &t->client.eng;
	size_t len;
	unsigned char *p;

	/* All of ours has left, and the last of it was encrypted: Finished. */
	if (t->end != TLS_GOING_ON || t->established ||
	    br_ssl_engine_current_state(e) != BR_SSL_RECVREC ||
	    e->out.vtable == t->clear_out)
		return false;
	/*
	 * These two must be set back before anything is read: while
	 * application_data is 1 the engine hands out incoming data as well, and
	 * until the server's ChangeCipherSpec that is anybody's, in the clear.
	 */
	e->application_data = 1;
	e->record_type_out = RECORD_APPLICATION_DATA;
	p = br_ssl_engine_sendapp_buf(e, &len);
	if (p && len >= bytes.len) {
		memcpy(p, bytes.p, bytes.len);
		br_ssl_engine_sendapp_ack(e, bytes.len);
		br_ssl_engine_flush(e, 0);
	}
	e->application_data = 0;
	e->record_type_out = RECORD_HANDSHAKE;
	return p && len >= bytes.len;
}

bool
tls_alerted(const struct tls *t)
{
	return t->code >= BR_ERR_RECV_FATAL_ALERT &&
	    t->code < BR_ERR_SEND_FATAL_ALERT;
}

struct slice
tls_received(const struct tls *t)
{
	size_t len = 0;
	const unsigned char *p = br_ssl_engine_recvapp_buf(&t->client.eng, &len);

	return slice_from((const char *)p, p ? len : 0);
}

void
tls_taken(struct tls *t, size_t n)
{
	br_ssl_engine_recvapp_ack(&t->client.eng, n);
	look(t);
}

static const char *
alert_name(int alert)
{
	switch (alert) {                /* RFC 5246 §7.2, RFC 6066 §9 */
	case 40: return "handshake_failure";
	case 42: return "bad_certificate";
	case 43: return "unsupported_certificate";
	case 46: return "certificate_unknown";
	case 47: return "illegal_parameter";
	case 48: return "unknown_ca";
	case 49: return "access_denied";
	case 50: return "decode_error";
	case 51: return "decrypt_error";
	case 70: return "protocol_version";
	case 71: return "insufficient_security";
	case 80: return "internal_error";
	case 86: return "inappropriate_fallback";
	case 112: return "unrecognized_name";
	case 116: return "certificate_required";
	case 120: return "no_application_protocol";
	}
	return "unknown";
}

static bool
explain_alert(const struct tls *t, int alert, enum step step,
	struct error *err)
{
	if (t->established) {
		return err_fail(err, ERR_PROTOCOL, step,
		    "the same command again; if it stays so, look for a firewall "
		    "or proxy",
		    "%s ended the connection with TLS alert %d (%s)", t->host,
		    alert, alert_name(alert));
	}
	if (alert == 70) {
		return err_fail(err, ERR_PROTOCOL, STEP_TLS,
		    "an endpoint or proxy that allows TLS 1.2, as AWS's do",
		    "%s does not speak TLS 1.2 (alert protocol_version), only 1.3 "
		    "or older", t->host);
	}
	return err_fail(err, ERR_PROTOCOL, STEP_TLS,
	    "a proxy or firewall may not allow this name or these ciphers",
	    "%s ended the handshake with TLS alert %d (%s)", t->host, alert,
	    alert_name(alert));
}

static bool
explain_code(const struct tls *t, enum step step, struct error *err)
{
	int code = t->code;

	if (code >= BR_ERR_X509_OK && code <= CHAIN_CODE_LAST)
		return chain_explain(&t->chain, code, t->host, err);
	if (tls_alerted(t))
		return explain_alert(t, code - BR_ERR_RECV_FATAL_ALERT, step,
		    err);
	switch (code) {
	case BR_ERR_NO_RANDOM:
		return err_fail(err, ERR_IO, STEP_TLS,
		    "please report this",
		    "no random bytes were given to the handshake");
	case BR_ERR_UNSUPPORTED_VERSION:
	case BR_ERR_BAD_VERSION:
	case BR_ERR_UNEXPECTED:
		if (!t->established && t->chain.n == 0) {
			return err_fail(err, ERR_PROTOCOL, STEP_TLS,
			    "sign in to the network first, and check the "
			    "endpoint's port",
			    "%s does not speak TLS 1.2: a proxy, a portal, or "
			    "another port", t->host);
		}
		break;
	case BR_ERR_BAD_MAC:
		return err_fail(err, ERR_PROTOCOL, STEP_TLS,
		    "another network: this one changes what is sent",
		    "%s sent a record that was tampered with", t->host);
	case BR_ERR_BAD_SIGNATURE:
		return err_fail(err, ERR_PROTOCOL, STEP_TLS,
		    "this is not AWS: check --resolve, hosts file and network",
		    "%s could not prove that it holds its certificate's key",
		    t->host);
	}
	return err_fail(err, ERR_PROTOCOL, STEP_TLS,
	    "another network, or a proxy that leaves TLS alone",
	    "%s broke TLS 1.2 (BearSSL error %d)", t->host, code);
}

bool
tls_explain(const struct tls *t, enum step step, struct error *err)
{
	if (t->flooded) {
		return err_fail(err, ERR_PROTOCOL,
		    t->established ? step : STEP_TLS,
		    "this is not AWS: check --resolve, hosts file and network",
		    "%s sent more than any answer needs", t->host);
	}
	if (t->code)
		return explain_code(t, step, err);
	return err_fail(err, ERR_UNREACHABLE, t->established ? step : STEP_TLS,
	    "the same command again; if it stays so, look for a firewall or "
	    "proxy",
	    t->established ? "the connection to %s was lost: %s" :
	    "the connection to %s was lost during the handshake: %s",
	    t->host,
	    t->number ? errno_words(t->number) : "closed by the other side");
}

void
tls_wipe(struct tls *t)
{
	explicit_bzero(&t->client, sizeof t->client);
	explicit_bzero(t->io, sizeof t->io);
	explicit_bzero(t->ahead, sizeof t->ahead);
}
