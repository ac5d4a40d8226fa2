/* SPDX-License-Identifier: MIT */
/*
 * BearSSL's client engine on a non-blocking socket: TLS 1.2, ECDHE with
 * AES-GCM or ChaCha20-Poly1305, certificate and name always checked.
 */
#ifndef POSTERN_NET_TLS_H
#define POSTERN_NET_TLS_H

#include "net/chain.h"

#define TLS_ENTROPY 32          /* bytes for each handshake */

enum tls_end {
	TLS_GOING_ON,
	TLS_CLOSED,             /* the peer said so (close_notify) */
	TLS_CUT,                /* the connection ended without saying so */
	TLS_FAILED              /* see tls_explain */
};

struct tls {
	br_ssl_client_context client;
	struct chain chain;
	const char *host;               /* borrowed */
	enum tls_end end;
	int code;                       /* BearSSL's, 0: none */
	int number;                     /* errno of a failed send or recv; ends sending */
	bool established, flooded;
	const void *clear_out;          /* how records leave before encryption */
	size_t received;                /* bytes from the network */
	/*
	 * The engine asks for each record's head by itself; reading ahead makes
	 * one system call of two.
	 */
	size_t ahead_at, ahead_len;
	bool drained;                   /* the socket had no more: wait for it */
	unsigned char ahead[4096];
	unsigned char io[BR_SSL_BUFSIZE_BIDI];
};

/*
 * Prepare a handshake with `host`. `entropy` comes from the kernel; without it
 * the handshake fails. The clock is for certificate validity.
 */
void tls_start(struct tls *t, const char *host, const struct trust *trust,
	int64_t now_s, struct slice entropy);

/* It may be that something has arrived: look at the socket again. */
void tls_wake(struct tls *t);

/*
 * Move bytes both ways until neither side can go on; never waits. Answers
 * whether anything moved.
 */
bool tls_step(struct tls *t, int fd);

/* What to wait for: POLLIN, and POLLOUT when there is something to send. */
short tls_wants(const struct tls *t);

/* Application bytes taken into the engine, 0 when it has no room now. */
size_t tls_send(struct tls *t, struct slice bytes);

/*
 * TLS False Start (RFC 7918): once our Finished has left, so that certificate
 * chain, name and key exchange signature are verified, send `bytes` without
 * waiting for the server's. Answers false, with nothing done, when it is not
 * yet time or they do not fit one record. What the server sends is released
 * only after its own Finished has been verified, as ever.
 */
bool tls_send_early(struct tls *t, struct slice bytes);

/* Did the peer end it with a fatal alert? */
bool tls_alerted(const struct tls *t);

/* Application bytes that have arrived; tls_taken says how many were used. */
struct slice tls_received(const struct tls *t);
void tls_taken(struct tls *t, size_t n);

/* Fill err with what ended the connection, `step` being what it was for. */
bool tls_explain(const struct tls *t, enum step step, struct error *err);

/* Overwrite keys and records. */
void tls_wipe(struct tls *t);

#endif
