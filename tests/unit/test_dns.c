/* SPDX-License-Identifier: MIT */
/*
 * The resolver, stepped against name servers on loopback that are played here
 * between its steps. Its clock is the test's, so nothing waits for a timer;
 * poll(2) waits only for what the kernel carries between two sockets.
 */
#include "test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/dns.h"

#define HOST "sts.us-east-1.amazonaws.com"
#define SOON_MS 5000            /* real time, for what must come at once */
#define V4 "\300\0\2\1"         /* 192.0.2.1 */
#define V6 "\040\1\015\270\0\0\0\0\0\0\0\0\0\0\0\1"
#define SERVFAIL 2
#define NXDOMAIN 3
#define TC 0x200

/* A server that the test plays: UDP and TCP on one port. */
struct peer {
	int udp, tcp, conn;
	struct sockaddr_in from;        /* of the last query */
};

struct query {
	size_t len;
	char bytes[512];
};

static struct peer peers[NAMESERVERS_MAX];
static struct names names;
static struct dns d;
static struct error err;
static int64_t now_ms;

static int
bound(int type, uint16_t *port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	socklen_t len = sizeof sa;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sa.sin_port = htons(*port);
	if (bind(fd, (struct sockaddr *)&sa, sizeof sa) != 0 ||
	    getsockname(fd, (struct sockaddr *)&sa, &len) != 0) {
		close(fd);
		return -1;
	}
	*port = ntohs(sa.sin_port);
	return fd;
}

/* Some ports are in use for the other kind: take another then. */
static uint16_t
open_peer(struct peer *p)
{
	uint16_t port = 0;

	p->conn = -1;
	for (int i = 0; i < 100; i++) {
		port = 0;
		p->udp = bound(SOCK_DGRAM, &port);
		p->tcp = bound(SOCK_STREAM, &port);
		if (p->tcp >= 0)
			break;
		close(p->udp);
	}
	YES(p->udp >= 0 && listen(p->tcp, 4) == 0);
	return port;
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
finish(void)
{
	dns_end(&d);
	EQ(d.fd, -1);
	for (size_t i = 0; i < names.servers_n; i++) {
		close_fd(&peers[i].udp);
		close_fd(&peers[i].tcp);
		close_fd(&peers[i].conn);
	}
}

/* A lookup of HOST with `n` servers, at the time 1000, its first step done. */
static void
begin(size_t n, int family)
{
	uint8_t random[DNS_RANDOM];

	for (size_t i = 0; i < sizeof random; i++)
		random[i] = (uint8_t)(i * 7 + 1);
	memset(&names, 0, sizeof names);
	names.servers_n = n;
	names.family = family;
	for (size_t i = 0; i < n; i++) {
		YES(ip_read(slice_of("127.0.0.1"), &names.servers[i].ip));
		names.servers[i].port = open_peer(&peers[i]);
	}
	now_ms = 1000;
	dns_start(&d, &names, HOST, 443, random, now_ms);
	dns_step(&d, now_ms);
	EQ(d.state, DNS_ASKING);
}

static bool
arrives(int fd, short events)
{
	struct pollfd pf = { .fd = fd, .events = events };

	return poll(&pf, 1, SOON_MS) == 1;
}

/* Step once what the resolver waits for has come. */
static void
step_soon(void)
{
	struct pollfd pf;
	int64_t next_ms;

	if (YES(dns_wants(&d, &pf, &next_ms)) && YES(poll(&pf, 1, SOON_MS) == 1))
		dns_step(&d, now_ms);
}

static void
step_at(int64_t ms)
{
	now_ms = ms;
	dns_step(&d, now_ms);
}

static int64_t
next_ms(void)
{
	struct pollfd pf;
	int64_t ms;

	dns_wants(&d, &pf, &ms);
	return ms;
}

static struct query
take_query(struct peer *p)
{
	struct query q = { 0 };
	socklen_t len = sizeof p->from;
	ssize_t n;

	if (!YES(arrives(p->udp, POLLIN)))
		return q;
	n = recvfrom(p->udp, q.bytes, sizeof q.bytes, 0,
	    (struct sockaddr *)&p->from, &len);
	YES(n > 12 + 4);
	q.len = n > 0 ? (size_t)n : 0;
	return q;
}

static bool
is_asked(const struct peer *p)
{
	struct pollfd pf = { .fd = p->udp, .events = POLLIN };

	return poll(&pf, 1, 0) == 1;
}

static unsigned
type_of(const struct query *q)
{
	return q->len < 4 ? 0 : (uint8_t)q->bytes[q->len - 3];
}

/* An answer with these flags and, when given, one address of the type. */
static struct slice
answer_to(const struct query *q, unsigned flags, const char *address)
{
	char out[640];
	struct buf b = BUF_OVER(out);
	size_t size = type_of(q) == DNSMSG_A ? 4 : 16;

	buf_put(&b, q->bytes, q->len);
	out[2] = (char)(0x81 | flags >> 8);
	out[3] = (char)(0x80 | (flags & 0xFF));
	out[7] = address != NULL;
	if (address) {
		buf_put(&b, "\xC0\x0C\0", 3);
		buf_putc(&b, (char)type_of(q));
		buf_put(&b, "\0\1\0\0\0\x3C\0", 7);
		buf_putc(&b, (char)size);
		buf_put(&b, address, size);
	}
	return edge_bytes(b.p, b.len);
}

static void
say(const struct peer *p, struct slice bytes)
{
	YES(sendto(p->udp, bytes.p, bytes.len, 0,
	    (const struct sockaddr *)&p->from, sizeof p->from) ==
	    (ssize_t)bytes.len);
}

/* Both queries of one try, A first, and one answer to each. */
static void
answer_both(struct peer *p, unsigned flags, const char *v4, const char *v6)
{
	struct query a = take_query(p), aaaa = take_query(p);

	EQ(type_of(&a), DNSMSG_A);
	EQ(type_of(&aaaa), DNSMSG_AAAA);
	say(p, answer_to(&a, flags, v4));
	say(p, answer_to(&aaaa, flags, v6));
	/* Both are in the socket before the next step looks. */
	YES(arrives(d.fd, POLLIN));
}

static struct slice
printed(void)
{
	static char text[64 * ADDRESSES_MAX];
	struct buf b = BUF_OVER(text);
	struct addresses found;

	dns_addresses(&d, &found);
	for (size_t i = 0; i < found.n; i++) {
		if (i)
			buf_putc(&b, ' ');
		ip_put(&b, &found.ip[i]);
	}
	return buf_slice(&b);
}

static void
explains(const char *what, const char *cure)
{
	memset(&err, 0, sizeof err);
	NO(dns_explain(&d, &err));
	EQ(err.kind, ERR_UNREACHABLE);
	EQ(err.step, STEP_DNS);
	HAS((const char *)err.what, what);
	HAS((const char *)err.hint, cure);
}

TEST(dns_asks_for_both_families_and_gives_both)
{
	begin(1, 0);
	answer_both(&peers[0], 0, V4, V6);
	step_soon();
	EQ(d.state, DNS_FOUND);
	EQ_TEXT(printed(), "2001:db8::1 192.0.2.1");
	EQ(d.fd, -1);
	finish();
}

TEST(dns_asks_for_one_family_when_told)
{
	struct query q;

	for (int family = 4; family <= 6; family += 2) {
		begin(1, family);
		q = take_query(&peers[0]);
		EQ(type_of(&q), family == 4 ? DNSMSG_A : DNSMSG_AAAA);
		NO(is_asked(&peers[0]));
		say(&peers[0], answer_to(&q, 0, family == 4 ? V4 : V6));
		step_soon();
		EQ(d.state, DNS_FOUND);
		EQ_TEXT(printed(), family == 4 ? "192.0.2.1" : "2001:db8::1");
		finish();
	}
	begin(1, 6);
	q = take_query(&peers[0]);
	say(&peers[0], answer_to(&q, 0, NULL));
	step_soon();
	EQ(d.state, DNS_FAILED);
	explains("no IPv6 address", "without -6");
	finish();
}

TEST(dns_waits_a_moment_for_the_other_family)
{
	for (int first = 0; first < 2; first++) {
		struct query q[2];

		begin(1, 0);
		q[0] = take_query(&peers[0]);
		q[1] = take_query(&peers[0]);
		say(&peers[0], answer_to(&q[first], 0, first == 0 ? V4 : V6));
		step_soon();
		EQ(d.state, DNS_ASKING);
		EQ(next_ms(), 1000 + DNS_GRACE_MS);
		step_at(999 + DNS_GRACE_MS);
		EQ(d.state, DNS_ASKING);
		step_at(1000 + DNS_GRACE_MS);
		EQ(d.state, DNS_FOUND);
		EQ_TEXT(printed(), first == 0 ? "192.0.2.1" : "2001:db8::1");
		EQ(d.fd, -1);
		finish();
	}
}

/* An empty answer is no reason to hurry: the address may be slow. */
TEST(dns_waits_long_for_a_family_when_the_other_has_no_address)
{
	struct query a, aaaa;

	begin(1, 0);
	a = take_query(&peers[0]);
	aaaa = take_query(&peers[0]);
	say(&peers[0], answer_to(&aaaa, 0, NULL));
	step_soon();
	EQ(next_ms(), 1000 + DNS_TRY_MS);
	step_at(1900);
	say(&peers[0], answer_to(&a, 0, V4));
	step_soon();
	EQ(d.state, DNS_FOUND);
	finish();
	begin(1, 0);
	answer_both(&peers[0], 0, NULL, NULL);
	step_soon();
	EQ(d.state, DNS_FAILED);
	explains("has no address", "--resolve " HOST ":ADDRESS");
	finish();
}

TEST(dns_tells_a_name_that_does_not_exist)
{
	begin(2, 0);
	answer_both(&peers[0], NXDOMAIN, NULL, NULL);
	step_soon();
	EQ(d.state, DNS_FAILED);
	NO(is_asked(&peers[1]));
	explains("the name " HOST " does not exist", "region");
	finish();
}

TEST(dns_believes_an_address_more_than_that_the_name_does_not_exist)
{
	struct query a, aaaa;

	begin(1, 0);
	a = take_query(&peers[0]);
	aaaa = take_query(&peers[0]);
	say(&peers[0], answer_to(&aaaa, NXDOMAIN, NULL));
	step_soon();
	EQ(d.state, DNS_ASKING);
	step_at(1000 + DNS_TRY_MS - 1);
	say(&peers[0], answer_to(&a, 0, V4));
	step_soon();
	EQ(d.state, DNS_FOUND);
	EQ_TEXT(printed(), "192.0.2.1");
	finish();
}

/* One byte of a right answer made another, where it must not be believed. */
static void
say_spoilt(const struct query *q, size_t at)
{
	struct slice lie = answer_to(q, 0, "\6\6\6\6");

	((char *)(uintptr_t)lie.p)[at] ^= 1;
	say(&peers[0], lie);
}

TEST(dns_ignores_what_does_not_belong_to_the_question)
{
	struct query q;
	size_t end;

	begin(1, 4);
	q = take_query(&peers[0]);
	end = q.len;
	say_spoilt(&q, 0);              /* id */
	say_spoilt(&q, 1);
	say_spoilt(&q, 13);             /* name */
	say_spoilt(&q, end - 3);        /* type */
	say_spoilt(&q, end - 1);        /* class */
	say(&peers[0], slice_of("garbage"));
	say(&peers[0], slice_of(""));
	say(&peers[0], slice_from(q.bytes, q.len));     /* the query itself */
	step_soon();
	EQ(d.state, DNS_ASKING);
	EQ(next_ms(), 1000 + DNS_TRY_MS);
	say(&peers[0], answer_to(&q, 0, V4));
	step_soon();
	EQ(d.state, DNS_FOUND);
	EQ_TEXT(printed(), "192.0.2.1");
	finish();
}

TEST(dns_hears_nobody_but_the_server_asked)
{
	struct query q;
	struct peer stranger;

	begin(1, 4);
	q = take_query(&peers[0]);
	open_peer(&stranger);
	stranger.from = peers[0].from;
	for (int i = 0; i < 1000; i++) {
		/* From elsewhere, right in all else: the kernel may refuse it. */
		struct slice lie = answer_to(&q, 0, "\6\6\6\6");

		sendto(stranger.udp, lie.p, lie.len, 0,
		    (struct sockaddr *)&stranger.from, sizeof stranger.from);
		if (i % 100 == 0)
			step_at(now_ms);
	}
	EQ(d.state, DNS_ASKING);
	say(&peers[0], answer_to(&q, 0, V4));
	step_soon();
	EQ_TEXT(printed(), "192.0.2.1");
	close(stranger.udp);
	close(stranger.tcp);
	finish();
}

TEST(dns_ends_in_time_under_a_flood_of_wrong_answers)
{
	struct query q;

	begin(1, 4);
	q = take_query(&peers[0]);
	for (int64_t ms = 1000; ms < 1000 + DNS_TOTAL_MS; ms += 100) {
		/* Each new try comes from another port. */
		if (is_asked(&peers[0]))
			q = take_query(&peers[0]);
		for (int i = 0; i < 100; i++)
			say_spoilt(&q, 1);
		step_at(ms);
		EQ(d.state, DNS_ASKING);
	}
	step_at(1000 + DNS_TOTAL_MS);
	EQ(d.state, DNS_FAILED);
	finish();
}

TEST(dns_asks_the_next_server_when_one_is_silent)
{
	begin(2, 0);
	step_at(1000 + DNS_TRY_MS - 1);
	NO(is_asked(&peers[1]));
	EQ(next_ms(), 1000 + DNS_TRY_MS);
	step_at(1000 + DNS_TRY_MS);
	answer_both(&peers[1], 0, V4, V6);
	step_soon();
	EQ(d.state, DNS_FOUND);
	finish();
}

TEST(dns_asks_the_next_server_at_once_when_one_refuses)
{
	begin(3, 0);
	answer_both(&peers[0], SERVFAIL, NULL, NULL);
	step_soon();
	answer_both(&peers[1], 5, NULL, NULL);
	step_soon();
	answer_both(&peers[2], 0, V4, V6);
	step_soon();
	EQ(d.state, DNS_FOUND);
	EQ(now_ms, 1000);
	finish();
}

TEST(dns_asks_the_next_server_at_once_when_one_is_not_there)
{
	begin(2, 0);
	close_fd(&peers[0].udp);
	dns_end(&d);
	dns_start(&d, &names, HOST, 443, d.random, now_ms);
	dns_step(&d, now_ms);
	if (d.tries == 1)
		step_soon();
	answer_both(&peers[1], 0, V4, V6);
	step_soon();
	EQ(d.state, DNS_FOUND);
	EQ(now_ms, 1000);
	finish();
}

TEST(dns_keeps_one_answer_while_another_server_is_asked_for_the_rest)
{
	struct query a, aaaa;

	begin(2, 0);
	a = take_query(&peers[0]);
	aaaa = take_query(&peers[0]);
	say(&peers[0], answer_to(&a, 0, NULL));
	say(&peers[0], answer_to(&aaaa, SERVFAIL, NULL));
	step_soon();
	if (!is_asked(&peers[1]))
		step_soon();
	aaaa = take_query(&peers[1]);
	EQ(type_of(&aaaa), DNSMSG_AAAA);
	NO(is_asked(&peers[1]));
	say(&peers[1], answer_to(&aaaa, 0, V6));
	step_soon();
	EQ(d.state, DNS_FOUND);
	EQ_TEXT(printed(), "2001:db8::1");
	finish();
}

TEST(dns_takes_an_address_without_waiting_when_the_other_family_is_refused)
{
	struct query a, aaaa;

	begin(1, 0);
	a = take_query(&peers[0]);
	aaaa = take_query(&peers[0]);
	say(&peers[0], answer_to(&a, 0, V4));
	say(&peers[0], answer_to(&aaaa, SERVFAIL, NULL));
	step_soon();
	if (d.state == DNS_ASKING)
		step_soon();
	EQ(d.state, DNS_FOUND);
	EQ(now_ms, 1000);
	finish();
}

TEST(dns_asks_all_again_after_a_pause_and_gives_up_when_all_fail_twice)
{
	begin(2, 0);
	answer_both(&peers[0], SERVFAIL, NULL, NULL);
	step_soon();
	answer_both(&peers[1], SERVFAIL, NULL, NULL);
	step_soon();
	EQ(d.state, DNS_ASKING);
	EQ(d.fd, -1);
	EQ(next_ms(), 1000 + DNS_TRY_MS);
	step_at(1000 + DNS_TRY_MS);
	answer_both(&peers[0], SERVFAIL, NULL, NULL);
	step_soon();
	answer_both(&peers[1], 5, NULL, NULL);
	step_soon();
	EQ(d.state, DNS_FAILED);
	explains("no resolver answered for " HOST " (127.0.0.1 port ", "--dns");
	HAS((const char *)err.what, "SERVFAIL; 127.0.0.1 port ");
	HAS((const char *)err.what, "REFUSED)");
	finish();
}

TEST(dns_goes_round_silent_servers_more_slowly_each_time_and_then_ends)
{
	static const int64_t asked_ms[] = {
		1000, 2000, 3000, 5000, 7000,
	};

	begin(2, 0);
	for (size_t i = 0; i < COUNT(asked_ms); i++) {
		step_at(asked_ms[i]);
		take_query(&peers[i % 2]);
		take_query(&peers[i % 2]);
		NO(is_asked(&peers[(i + 1) % 2]));
		EQ(next_ms(), i + 1 < COUNT(asked_ms) ? asked_ms[i + 1] :
		    1000 + DNS_TOTAL_MS);
	}
	step_at(1000 + DNS_TOTAL_MS - 1);
	EQ(d.state, DNS_ASKING);
	step_at(1000 + DNS_TOTAL_MS);
	EQ(d.state, DNS_FAILED);
	explains("no answer; 127.0.0.1 port ", "/etc/resolv.conf");
	finish();
}

TEST(dns_asks_each_time_from_another_port_with_another_id)
{
	uint16_t ports[2];
	uint16_t ids[4];

	begin(1, 0);
	for (int i = 0; i < 4; i++) {
		struct query q;

		if (i == 2)
			step_at(1000 + DNS_TRY_MS);
		q = take_query(&peers[0]);
		memcpy(&ids[i], q.bytes, 2);
		ports[i / 2] = peers[0].from.sin_port;
		for (int k = 0; k < i; k++)
			NO(ids[k] == ids[i]);
	}
	NO(ports[0] == ports[1]);
	finish();
}

/* A silent one may only be slow: the others' failures do not end it. */
TEST(dns_goes_on_when_one_server_fails_and_another_is_silent)
{
	static const int64_t fails_ms[] = { 1000, 2000, 4000, 8000 };

	begin(2, 0);
	for (size_t i = 0; i < COUNT(fails_ms); i++) {
		step_at(fails_ms[i]);
		answer_both(&peers[0], SERVFAIL, NULL, NULL);
		step_soon();
		EQ(d.state, DNS_ASKING);
		take_query(&peers[1]);          /* at once, and in vain */
		take_query(&peers[1]);
	}
	step_at(1000 + DNS_TOTAL_MS);
	EQ(d.state, DNS_FAILED);
	explains("SERVFAIL; 127.0.0.1 port ", "--dns");
	HAS((const char *)err.what, ": no answer)");
	finish();
}

/* The connection of a resolver whose answer was cut, its queries read. */
static void
accept_queries(struct peer *p, struct query *q, size_t n)
{
	struct pollfd pf;
	int64_t ms;
	uint8_t head[2];

	YES(dns_wants(&d, &pf, &ms));
	EQ(pf.events, POLLOUT);
	YES(arrives(p->tcp, POLLIN));
	p->conn = accept(p->tcp, NULL, NULL);
	YES(p->conn >= 0);
	step_soon();
	YES(dns_wants(&d, &pf, &ms));
	EQ(pf.events, POLLIN);
	for (size_t i = 0; i < n; i++) {
		EQ(recv(p->conn, head, 2, MSG_WAITALL), 2);
		q[i].len = (size_t)(head[0] << 8 | head[1]);
		if (!YES(q[i].len <= sizeof q[i].bytes))
			return;
		EQ(recv(p->conn, q[i].bytes, q[i].len, MSG_WAITALL), q[i].len);
	}
	EQ(recv(p->conn, head, 1, MSG_DONTWAIT), -1);
}

static void
put_framed(struct buf *b, struct slice msg)
{
	buf_putc(b, (char)(msg.len >> 8));
	buf_putc(b, (char)msg.len);
	buf_put_slice(b, msg);
}

TEST(dns_asks_over_tcp_when_an_answer_was_cut)
{
	struct query q[2];
	char out[1024];
	struct buf b = BUF_OVER(out);

	begin(1, 0);
	answer_both(&peers[0], TC, NULL, NULL);
	step_soon();
	EQ(next_ms(), 1000 + DNS_TRY_MS);
	accept_queries(&peers[0], q, 2);
	EQ(type_of(&q[0]), DNSMSG_A);
	EQ(type_of(&q[1]), DNSMSG_AAAA);
	/* The other way round, with strangers between, a byte at a time. */
	put_framed(&b, slice_from(NULL, 0));
	put_framed(&b, slice_of("x"));
	put_framed(&b, answer_to(&q[1], 0, V6));
	q[0].bytes[0] ^= 1;
	put_framed(&b, answer_to(&q[0], 0, "\6\6\6\6"));
	q[0].bytes[0] ^= 1;
	put_framed(&b, answer_to(&q[0], 0, V4));
	for (size_t i = 0; i < b.len; i++) {
		EQ(d.state, DNS_ASKING);
		EQ(send(peers[0].conn, b.p + i, 1, 0), 1);
		step_soon();
	}
	EQ(d.state, DNS_FOUND);
	EQ_TEXT(printed(), "2001:db8::1 192.0.2.1");
	EQ(d.tries, 1);
	finish();
}

TEST(dns_takes_one_answer_and_a_half_over_tcp_and_then_the_rest)
{
	struct query q[2];
	char out[1024];
	struct buf b = BUF_OVER(out);
	size_t half;

	begin(1, 0);
	answer_both(&peers[0], TC, NULL, NULL);
	step_soon();
	accept_queries(&peers[0], q, 2);
	put_framed(&b, answer_to(&q[0], 0, V4));
	half = b.len + 20;
	put_framed(&b, answer_to(&q[1], 0, V6));
	EQ(send(peers[0].conn, b.p, half, 0), half);
	step_soon();
	EQ(d.state, DNS_ASKING);
	EQ(send(peers[0].conn, b.p + half, b.len - half, 0), b.len - half);
	step_soon();
	EQ(d.state, DNS_FOUND);
	EQ_TEXT(printed(), "2001:db8::1 192.0.2.1");
	finish();
}

TEST(dns_asks_over_tcp_only_what_is_open)
{
	struct query a, aaaa, q;
	char out[1024];
	struct buf b = BUF_OVER(out);

	begin(1, 0);
	a = take_query(&peers[0]);
	aaaa = take_query(&peers[0]);
	say(&peers[0], answer_to(&aaaa, 0, NULL));
	step_soon();
	say(&peers[0], answer_to(&a, TC, NULL));
	step_soon();
	accept_queries(&peers[0], &q, 1);
	EQ(type_of(&q), DNSMSG_A);
	NO(memcmp(q.bytes, a.bytes, 2) == 0);           /* a fresh id */
	put_framed(&b, answer_to(&q, 0, V4));
	EQ(send(peers[0].conn, b.p, b.len, 0), b.len);
	step_soon();
	EQ(d.state, DNS_FOUND);
	finish();
}

/* A resolver with two servers, the first of which has cut its answers. */
static void
begin_cut(struct query *q)
{
	begin(2, 4);
	q[0] = take_query(&peers[0]);
	say(&peers[0], answer_to(&q[0], TC, NULL));
	step_soon();
	accept_queries(&peers[0], q, 1);
}

static void
second_server_answers(void)
{
	struct query q = take_query(&peers[1]);

	say(&peers[1], answer_to(&q, 0, V4));
	step_soon();
	EQ(d.state, DNS_FOUND);
	finish();
}

TEST(dns_asks_the_next_server_when_tcp_does_not_help)
{
	struct query q;
	char out[1024];
	struct buf b = BUF_OVER(out);

	begin_cut(&q);                  /* closes */
	close_fd(&peers[0].conn);
	step_soon();
	second_server_answers();

	begin_cut(&q);                  /* closes in the middle */
	put_framed(&b, answer_to(&q, 0, V4));
	EQ(send(peers[0].conn, b.p, b.len - 1, 0), b.len - 1);
	step_soon();
	EQ(d.state, DNS_ASKING);
	close_fd(&peers[0].conn);
	step_soon();
	second_server_answers();

	begin_cut(&q);                  /* stalls in the middle */
	EQ(send(peers[0].conn, b.p, b.len - 1, 0), b.len - 1);
	step_soon();
	step_at(1000 + DNS_TRY_MS - 1);
	NO(is_asked(&peers[1]));
	step_at(1000 + DNS_TRY_MS);
	second_server_answers();

	begin_cut(&q);                  /* cuts again */
	b.len = 0;
	put_framed(&b, answer_to(&q, TC, NULL));
	EQ(send(peers[0].conn, b.p, b.len, 0), b.len);
	step_soon();
	second_server_answers();

	begin(2, 4);                    /* nobody listens */
	close_fd(&peers[0].tcp);
	q = take_query(&peers[0]);
	say(&peers[0], answer_to(&q, TC, NULL));
	step_soon();
	if (d.tries == 1)
		step_soon();
	second_server_answers();
}

TEST(dns_takes_the_longest_answer_over_tcp_and_a_flood_of_empty_ones)
{
	static char out[3 * 65537];
	struct query q;
	struct buf b = BUF_OVER(out);
	struct slice good;
	size_t sent = 0;

	begin_cut(&q);
	for (int i = 0; i < 32768; i++)
		put_framed(&b, slice_from(NULL, 0));
	good = answer_to(&q, 0, V4);
	buf_put(&b, "\xFF\xFF", 2);
	buf_put_slice(&b, good);
	memset(b.p + b.len, 0, DNS_MESSAGE_MAX - good.len);
	b.len += DNS_MESSAGE_MAX - good.len;
	while (sent < b.len && d.state == DNS_ASKING) {
		ssize_t n = send(peers[0].conn, b.p + sent, b.len - sent, 0);

		sent += n > 0 ? (size_t)n : 0;
		step_soon();
	}
	while (d.state == DNS_ASKING && d.tries == 1)
		step_soon();
	EQ(d.state, DNS_FOUND);
	EQ_TEXT(printed(), "192.0.2.1");
	finish();
}

TEST(dns_says_over_tcp_where_that_is_what_failed)
{
	struct query q;

	begin(1, 4);
	q = take_query(&peers[0]);
	close_fd(&peers[0].tcp);
	say(&peers[0], answer_to(&q, TC, NULL));
	step_soon();
	if (d.fd >= 0)
		step_soon();
	explains(": connection refused over TCP", "--resolve");
	finish();
}

TEST(dns_asks_nobody_for_what_is_known)
{
	uint8_t random[DNS_RANDOM] = { 0 };

	memset(&names, 0, sizeof names);
	names.hosts = edge("192.0.2.1 a\n2001:db8::1 a\n");
	dns_start(&d, &names, "a", 443, random, 0);
	EQ(d.state, DNS_FOUND);
	EQ_TEXT(printed(), "2001:db8::1 192.0.2.1");
	names.family = 6;
	dns_start(&d, &names, "192.0.2.1", 443, random, 0);
	EQ(d.state, DNS_FAILED);
	explains("192.0.2.1 has no IPv6 address", "without -6");
}
