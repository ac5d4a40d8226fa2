/* SPDX-License-Identifier: MIT */
/*
 * Names that need no server: --resolve, addresses, the hosts file; and the
 * servers that resolv.conf names.
 */
#include "test.h"

#include "net/names.h"

static struct names names;
static struct error err;
static struct addresses found;

static bool
override(const char *value)
{
	memset(&err, 0, sizeof err);
	return names_add_override(&names, edge(value), &err);
}

static struct slice
printed(const struct ip *ip)
{
	static char text[64];
	struct buf b = BUF_OVER(text);

	ip_put(&b, ip);
	return buf_slice(&b);
}

static void
finds(const char *host, uint16_t port, const char *address)
{
	test_input(slice_of(host));
	EQ(names_find(&names, host, port, &found), address != NULL);
	if (address && EQ(found.n, 1))
		EQ_TEXT(printed(&found.ip[0]), address);
}

TEST(names_reads_each_form_of_resolve)
{
	memset(&names, 0, sizeof names);
	YES(override("a.example:192.0.2.1"));
	YES(override("b.example:443:192.0.2.2"));
	YES(override("c.example:2001:db8::1"));
	YES(override("d.example:[2001:db8::2]"));
	YES(override("e.example:8443:[2001:db8::3]"));
	EQ(names.overrides_n, 5);
	finds("A.Example", 1, "192.0.2.1");
	finds("b.example", 443, "192.0.2.2");
	finds("b.example", 444, NULL);
	finds("c.example", 443, "2001:db8::1");
	finds("d.example", 443, "2001:db8::2");
	finds("e.example", 8443, "2001:db8::3");
	finds("e.example", 443, NULL);
	finds("x.a.example", 443, NULL);
}

TEST(names_takes_several_addresses_for_one_name)
{
	memset(&names, 0, sizeof names);
	YES(override("a:192.0.2.1"));
	YES(override("a:192.0.2.2"));
	YES(names_find(&names, "a", 443, &found));
	EQ(found.n, 2);
	EQ_TEXT(printed(&found.ip[1]), "192.0.2.2");
}

TEST(names_refuses_other_forms_of_resolve)
{
	static const char *const bad[] = {
		"", ":", "a", "a:", ":192.0.2.1", "a:b", "a:192.0.2.256",
		"a:0:192.0.2.1", "a:65536:192.0.2.1", "a:x:192.0.2.1",
		"a:443:443:192.0.2.1", "a:[192.0.2.1]", "a:[::1", "a:::1]",
		"a b:192.0.2.1", "-a:192.0.2.1", "a:192.0.2.1 ", "[::1]:192.0.2.1",
		"a:192.0.2.1:443", "a:[]", "*:192.0.2.1",
	};

	memset(&names, 0, sizeof names);
	for (size_t i = 0; i < COUNT(bad); i++) {
		NO(override(bad[i]));
		EQ(err.kind, ERR_USAGE);
		EQ(names.overrides_n, 0);
	}
}

TEST(names_knows_addresses_and_localhost)
{
	memset(&names, 0, sizeof names);
	finds("192.0.2.9", 443, "192.0.2.9");
	finds("2001:db8::9", 443, "2001:db8::9");
	YES(names_find(&names, "LocalHost", 443, &found));
	EQ(found.n, 2);
	EQ_TEXT(printed(&found.ip[0]), "::1");
	EQ_TEXT(printed(&found.ip[1]), "127.0.0.1");
	finds("localhost.example", 443, NULL);
	finds("example", 443, NULL);
}

TEST(names_reads_the_hosts_file)
{
	memset(&names, 0, sizeof names);
	names.hosts = edge("# 192.0.2.9 commented\n\n127.0.0.1\tlocalhost lo\n"
	    " 192.0.2.1  a.example A2 # a3\r\n2001:db8::1 a6\n"
	    "garbage a.example\n192.0.2.256 b\n192.0.2.5\n192.0.2.7 last;x");
	finds("a.EXAMPLE", 443, "192.0.2.1");
	finds("a2", 443, "192.0.2.1");
	finds("a3", 443, NULL);
	finds("a6", 443, "2001:db8::1");
	finds("b", 443, NULL);
	finds("commented", 443, NULL);
	finds("a", 443, NULL);
	finds("last", 443, "192.0.2.7");
	finds("garbage", 443, NULL);
}

TEST(names_lets_resolve_win_over_the_hosts_file)
{
	memset(&names, 0, sizeof names);
	names.hosts = edge("192.0.2.1 a\n");
	YES(override("a:443:192.0.2.2"));
	finds("a", 443, "192.0.2.2");
	finds("a", 80, "192.0.2.1");
}

TEST(names_bounds_the_addresses_of_one_name)
{
	char text[32 * (ADDRESSES_MAX + 4)];
	struct buf b = BUF_OVER(text);

	memset(&names, 0, sizeof names);
	for (int i = 0; i < ADDRESSES_MAX + 4; i++)
		buf_puts(&b, "192.0.2.1 a\n");
	names.hosts = edge_bytes(b.p, b.len);
	YES(names_find(&names, "a", 443, &found));
	EQ(found.n, ADDRESSES_MAX);
}

TEST(names_gives_both_families_in_turns_and_ipv6_first)
{
	char text[64 * ADDRESSES_MAX];
	struct buf b = BUF_OVER(text);

	memset(&names, 0, sizeof names);
	names.hosts = edge("192.0.2.1 a b\n192.0.2.2 a\n2001:db8::1 a\n"
	    "192.0.2.3 a\n");
	YES(names_find(&names, "a", 443, &found));
	EQ(found.n, 4);
	EQ_TEXT(printed(&found.ip[0]), "2001:db8::1");
	EQ_TEXT(printed(&found.ip[1]), "192.0.2.1");
	EQ_TEXT(printed(&found.ip[2]), "192.0.2.2");
	EQ_TEXT(printed(&found.ip[3]), "192.0.2.3");
	/* More than fit, of either: half of each is left. */
	for (int i = 0; i < ADDRESSES_MAX; i++)
		buf_fmt(&b, "192.0.2.%d x\n2001:db8::%d x\n", i, i);
	names.hosts = edge_bytes(b.p, b.len);
	YES(names_find(&names, "x", 443, &found));
	EQ(found.n, ADDRESSES_MAX);
	EQ_TEXT(printed(&found.ip[ADDRESSES_MAX - 2]), "2001:db8::7");
	EQ_TEXT(printed(&found.ip[ADDRESSES_MAX - 1]), "192.0.2.7");
}

TEST(names_gives_one_family_alone_when_told)
{
	memset(&names, 0, sizeof names);
	names.hosts = edge("192.0.2.1 a b\n2001:db8::1 a\n127.0.0.1 localhost\n");
	YES(override("c:192.0.2.3"));
	YES(override("d:192.0.2.4"));
	YES(override("d:2001:db8::4"));
	names.family = 6;
	finds("a", 443, "2001:db8::1");
	finds("d", 443, "2001:db8::4");
	finds("localhost", 443, "::1");
	/* The hosts file may have one family and the servers the other. */
	finds("b", 443, NULL);
	/* What was given for this name is not asked of anybody else. */
	YES(names_find(&names, "c", 443, &found));
	EQ(found.n, 0);
	YES(names_find(&names, "192.0.2.9", 443, &found));
	EQ(found.n, 0);
	names.family = 4;
	finds("a", 443, "192.0.2.1");
	finds("c", 443, "192.0.2.3");
	YES(names_find(&names, "2001:db8::9", 443, &found));
	EQ(found.n, 0);
}

static size_t passed_over;

static void
servers(const char *text, size_t n, const char *first)
{
	EQ(names_read_servers(&names, edge(text)), passed_over);
	EQ(names.servers_n, n);
	EQ_TEXT(printed(&names.servers[0].ip), first);
	EQ(names.servers[0].port, 53);
}

TEST(names_reads_the_servers_of_resolv_conf)
{
	servers("nameserver 192.0.2.1\n", 1, "192.0.2.1");
	servers("# x\nsearch a b\nnameserver\t192.0.2.1 \nnameserver 2001:db8::1\n",
	    2, "192.0.2.1");
	servers("nameserver 192.0.2.1\r\n", 1, "192.0.2.1");
	servers("nameserver 192.0.2.1 # x\nnameserver 192.0.2.2\nnameserver 192.0.2."
	    "3\nnameserver 192.0.2.4\n", NAMESERVERS_MAX, "192.0.2.1");
}

TEST(names_asks_this_host_when_resolv_conf_names_nobody)
{
	servers("", 1, "127.0.0.1");
	servers("search a\n#nameserver 192.0.2.1\n;nameserver 192.0.2.1\n", 1,
	    "127.0.0.1");
	servers("Nameserver 192.0.2.1\nnameservers 192.0.2.1\n", 1, "127.0.0.1");
}

TEST(names_counts_servers_whose_address_is_none_or_has_a_zone)
{
	passed_over = 1;
	servers("nameserver nonsense\nnameserver 192.0.2.2", 1, "192.0.2.2");
	servers("nameserver fe80::1%eth0\n", 1, "127.0.0.1");
	servers("nameserver fe80::1%eth0\nnameserver fe80::1\n", 1, "fe80::1");
	servers("nameserver\n", 1, "127.0.0.1");
	passed_over = 2;
	servers("nameserver 192.0.2.1:53\nnameserver [2001:db8::1]\n", 1,
	    "127.0.0.1");
	passed_over = 0;
}

static void
adds(const char *value, const char *address, unsigned port)
{
	memset(&names, 0, sizeof names);
	memset(&err, 0, sizeof err);
	YES(names_add_server(&names, edge(value), &err));
	EQ(names.servers_n, 1);
	EQ_TEXT(printed(&names.servers[0].ip), address);
	EQ(names.servers[0].port, port);
}

TEST(names_reads_servers_with_and_without_a_port)
{
	adds("192.0.2.53", "192.0.2.53", 53);
	adds("192.0.2.53:5353", "192.0.2.53", 5353);
	adds("2001:db8::53", "2001:db8::53", 53);
	adds("[2001:db8::53]", "2001:db8::53", 53);
	adds("[2001:db8::53]:65535", "2001:db8::53", 65535);
}

TEST(names_refuses_other_forms_of_servers)
{
	static const char *const bad[] = {
		"", "dns.example", "192.0.2.53:", "192.0.2.53:0",
		"192.0.2.53:65536", "192.0.2.53:53 ", "192.0.2.53:+53",
		"192.0.2.53:53:53", "192.0.2", ":53", "[192.0.2.53]",
		"[2001:db8::53", "2001:db8::53]", "[2001:db8::53]53",
		"[2001:db8::53]:", "[2001:db8::53]:x", "[]", "[", "]", "[]:53",
		"fe80::1%eth0", "[fe80::1%2]", "192.0.2.53,192.0.2.54",
	};

	memset(&names, 0, sizeof names);
	for (size_t i = 0; i < COUNT(bad); i++) {
		memset(&err, 0, sizeof err);
		NO(names_add_server(&names, edge(bad[i]), &err));
		EQ(err.kind, ERR_USAGE);
		HAS((const char *)err.hint, "--dns");
		EQ(names.servers_n, 0);
	}
}
