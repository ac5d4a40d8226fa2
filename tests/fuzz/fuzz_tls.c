/* SPDX-License-Identifier: MIT */
/*
 * A TLS connection whose server's bytes are the input, beginning with two bytes
 * of length and the root that is trusted; the rest is a connection of peer.h.
 * Our side draws the same random bytes each time, so that a recorded server
 * is taken for a live one. What arrives arrives after the handshake, and an end
 * is told.
 */
#include "fuzz.h"
#include "peer.h"

#include <poll.h>
#include <sys/socket.h>

#include "net/socket.h"
#include "net/tls.h"
#include "../unit/pki.h"

#define REQUEST "POST / HTTP/1.1\r\nHost: " PKI_HOST "\r\n\r\n"
#define PATIENCE_MS 10000

static struct trust trust;
static struct tls tls;

/* One turn; false when there is nothing more to come. */
static bool
turn(int fd, bool *asked)
{
	struct pollfd pf = { .fd = fd };
	struct slice got;

	tls_wake(&tls);
	while (tls_step(&tls, fd))
		;
	got = tls_received(&tls);
	if (got.len) {
		MUST(tls.established && tls.received > got.len);
		tls_taken(&tls, got.len);
		return true;
	}
	if (tls.end != TLS_GOING_ON)
		return false;
	if (tls.established && !*asked) {
		*asked = true;
		MUST(tls_send(&tls, slice_of(REQUEST)) == strlen(REQUEST));
		return true;
	}
	pf.events = tls_wants(&tls);
	MUST(pf.events != 0);
	return poll(&pf, 1, PATIENCE_MS) > 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t entropy[TLS_ENTROPY] = { 1, 2, 3 };
	struct slice in = input_slice(data, size);
	struct ip ip = { 4, { 192, 0, 2, 1 } };
	struct error err = { 0 };
	bool connected, asked = false;
	size_t len;
	int fd;

	if (size < 2)
		return 0;
	len = (size_t)data[0] << 8 | data[1];
	in = slice_skip(in, 2);
	len = len < in.len ? len : in.len;
	trust_use_builtin(&trust);
	trust.certs[trust.n++] = slice_from(in.p, len);
	peer_begin(slice_skip(in, len));
	fd = socket_connect(SOCK_STREAM, &ip, 443, &connected);
	if (fd < 0)
		return 0;
	tls_start(&tls, PKI_HOST, &trust, PKI_NOW,
	    slice_from((const char *)entropy, sizeof entropy));
	while (connected && turn(fd, &asked))
		;
	MUST(tls.received <= TLS_TOTAL_MAX + sizeof tls.ahead);
	MUST(tls.established || !asked);
	if (tls.end == TLS_FAILED || tls.end == TLS_CUT) {
		MUST(!tls_explain(&tls, STEP_STS, &err));
		MUST(err.kind != ERR_NONE && err.what[0] && err.hint[0]);
	}
	tls_wipe(&tls);
	socket_close(&fd);
	MUST(peer_open() == 0);
	return 0;
}
