/* SPDX-License-Identifier: MIT */
/*
 * The TLS client over a pair of sockets: what it says first, and how it ends
 * when the other side is no good. Whole handshakes are tested end to end.
 */
#include "test.h"

#include <sys/socket.h>

#include <poll.h>
#include <unistd.h>

#include "net/tls.h"
#include "pki.h"

static struct tls tls;
static struct trust trust;
static struct error err;
static int ends[2];             /* ours, the server's */

static void
start(struct slice entropy)
{
	trust_use_builtin(&trust);
	memset(&err, 0, sizeof err);
	tls_start(&tls, PKI_HOST, &trust, PKI_NOW, entropy);
}

static bool
connect_pair(void)
{
	static const char entropy[TLS_ENTROPY] = "0123456789abcdef0123456789abcde";

	start(slice_from(entropy, sizeof entropy));
	EQ(tls.end, TLS_GOING_ON);
	return YES(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
}

/* The server says this; then the client looks. */
static void
say(const void *bytes, size_t len)
{
	EQ(write(ends[1], bytes, len), len);
	tls_step(&tls, ends[0]);
}

static void
ends_with(enum tls_end end, enum err_kind kind, const char *part)
{
	EQ(tls.end, end);
	NO(tls_explain(&tls, STEP_STS, &err));
	EQ(err.kind, kind);
	EQ(err.step, STEP_TLS);
	HAS((const char *)err.what, part);
	HAS((const char *)err.what, PKI_HOST);
	YES(err.hint[0] != '\0');
}

TEST(tls_handshake_fails_without_entropy)
{
	start(slice_from(NULL, 0));
	EQ(tls.end, TLS_FAILED);
	NO(tls_step(&tls, -1));
	NO(tls_explain(&tls, STEP_STS, &err));
	EQ(err.kind, ERR_IO);
	HAS((const char *)err.what, "no random bytes");
}

static unsigned
u16(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

TEST(tls_offers_only_what_is_strong)
{
	static const unsigned suites[] = {      /* RFC 5289, RFC 7905, RFC 5746 */
		0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8
	};
	unsigned char hello[1024];
	ssize_t n;
	size_t at, len;

	if (!connect_pair())
		return;
	YES(tls_step(&tls, ends[0]));
	n = read(ends[1], hello, sizeof hello);
	if (!YES(n > 50))
		return;
	EQ(hello[0], 22);                       /* handshake record */
	EQ(hello[5], 1);                        /* client_hello */
	EQ(u16(hello + 9), 0x0303);             /* TLS 1.2 */
	at = 44u + hello[43];                   /* behind the session id */
	len = u16(hello + at);
	for (size_t i = 0; i < COUNT(suites); i++) {
		bool offered = false;

		for (size_t k = 0; k < len; k += 2)
			offered |= u16(hello + at + 2 + k) == suites[i];
		YES(offered);
	}
	/* Beside them at most the renegotiation signal, 0x00FF. */
	for (size_t k = 0; k < len; k += 2) {
		unsigned suite = u16(hello + at + 2 + k);

		YES(suite >> 8 == 0xC0 || suite >> 8 == 0xCC || suite == 0x00FF);
	}
	YES(len == 12 || len == 14);
	EQ(hello[at + 2 + len], 1);             /* one compression: none */
	EQ(hello[at + 3 + len], 0);
	/* SNI carries the name. */
	HAS(slice_from((char *)hello, (size_t)n), PKI_HOST);
}

TEST(tls_wants_to_write_only_while_there_is_something)
{
	if (!connect_pair())
		return;
	EQ(tls_wants(&tls), POLLIN | POLLOUT);
	YES(tls_step(&tls, ends[0]));
	EQ(tls_wants(&tls), POLLIN);
	EQ(tls_send(&tls, slice_of("x")), 0);   /* no handshake yet */
	EQ(tls_received(&tls).len, 0);
}

TEST(tls_tells_what_is_no_tls)
{
	static const char *const greetings[] = {
		"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
		"220 mail ESMTP ready, who are you\r\n",
	};

	for (size_t i = 0; i < COUNT(greetings); i++) {
		if (!connect_pair())
			return;
		test_input(slice_of(greetings[i]));
		say(greetings[i], strlen(greetings[i]));
		ends_with(TLS_FAILED, ERR_PROTOCOL, "does not speak TLS 1.2");
	}
}

TEST(tls_names_alerts)
{
	static const struct { unsigned char alert; const char *name; } alerts[] = {
		{ 40, "handshake_failure" }, { 70, "does not speak TLS 1.2" },
		{ 80, "internal_error" }, { 112, "unrecognized_name" },
	};

	for (size_t i = 0; i < COUNT(alerts); i++) {
		const unsigned char record[] = {
			21, 3, 3, 0, 2, 2, alerts[i].alert
		};

		if (!connect_pair())
			return;
		say(record, sizeof record);
		ends_with(TLS_FAILED, ERR_PROTOCOL, alerts[i].name);
	}
}

TEST(tls_reads_what_had_come_when_sending_fails)
{
	static const unsigned char denied[] = { 21, 3, 3, 0, 2, 2, 49 };

	/* An alert, and nothing; the connection itself stays open. */
	for (size_t len = 0; len <= sizeof denied; len += sizeof denied) {
		if (!connect_pair())
			return;
		EQ(shutdown(ends[1], SHUT_RD), 0);
		say(denied, len);
		ends_with(TLS_FAILED, len ? ERR_PROTOCOL : ERR_UNREACHABLE,
		    len ? "alert 49 (access_denied)" :
		    "lost during the handshake: nobody reads the other end");
	}
}

TEST(tls_tells_a_connection_that_was_closed)
{
	if (!connect_pair())
		return;
	tls_step(&tls, ends[0]);
	close(ends[1]);
	NO(tls_step(&tls, ends[0]));            /* read empty, and not awake */
	tls_wake(&tls);
	tls_step(&tls, ends[0]);
	YES(tls.end == TLS_CUT || tls.end == TLS_FAILED);
	NO(tls_explain(&tls, STEP_STS, &err));
	EQ(err.kind, ERR_UNREACHABLE);
	EQ(err.step, STEP_TLS);
	HAS((const char *)err.what, "during the handshake");
}

TEST(tls_bounds_a_flood_of_warnings)
{
	static unsigned char flood[7 * 4096];
	size_t sent = 0;

	for (size_t i = 0; i < sizeof flood; i += 7)
		memcpy(flood + i, "\x15\3\3\0\2\1\x5A", 7);
	if (!connect_pair())
		return;
	while (tls.end == TLS_GOING_ON && sent < 4 * TLS_HANDSHAKE_MAX) {
		ssize_t n = write(ends[1], flood, sizeof flood);

		if (n > 0)
			sent += (size_t)n;
		tls_wake(&tls);
		tls_step(&tls, ends[0]);
	}
	EQ(tls.end, TLS_FAILED);
	YES(sent < 2 * TLS_HANDSHAKE_MAX);
	NO(tls_explain(&tls, STEP_STS, &err));
	EQ(err.kind, ERR_PROTOCOL);
}

TEST(tls_wipe_leaves_no_record)
{
	static const unsigned char nothing[sizeof tls.io];

	if (!connect_pair())
		return;
	tls_step(&tls, ends[0]);
	YES(memcmp(tls.io, nothing, sizeof nothing) != 0);
	tls_wipe(&tls);
	EQ(memcmp(tls.io, nothing, sizeof nothing), 0);
}
