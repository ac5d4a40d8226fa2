/* SPDX-License-Identifier: MIT */
/*
 * IP addresses in text form, both ways. Expected texts are those of RFC 5952
 * §4 and RFC 4291 §2.2.
 */
#include "test.h"

#include "codec/ip.h"

/* Read, and print again. */
static void
prints(const char *text, const char *wanted)
{
	struct buf b = edge_buf(strlen(wanted));
	struct ip ip;

	if (!YES(ip_read(edge(text), &ip)))
		return;
	EQ(ip.family, strchr(text, ':') ? 6 : 4);
	ip_put(&b, &ip);
	NO(b.full);
	EQ_TEXT(&b, wanted);
}

TEST(ip_reads_and_prints_dotted_decimal)
{
	prints("0.0.0.0", "0.0.0.0");
	prints("127.0.0.1", "127.0.0.1");
	prints("255.255.255.255", "255.255.255.255");
	prints("192.0.2.10", "192.0.2.10");
}

TEST(ip_refuses_other_forms_of_dotted_decimal)
{
	static const char *const bad[] = {
		"", "1", "1.2", "1.2.3", "1.2.3.", ".1.2.3", "1.2.3.4.",
		"1.2.3.4.5", "256.1.1.1", "1.2.3.256", "1.2.3.1000", "01.2.3.4",
		"1.2.3.04", "00.0.0.0", "0x7f.0.0.1", "1.2.3.4 ", " 1.2.3.4",
		"1..2.3", "1.2.3.a", "-1.2.3.4", "1.2.3.+4", "2130706433",
		"1.2.3.4/8", "1,2,3,4",
	};
	struct ip ip;

	for (size_t i = 0; i < COUNT(bad); i++)
		NO(ip_read(edge(bad[i]), &ip));
	NO(ip_read(EDGE("1.2.3.4\0"), &ip));
}

TEST(ip_prints_ipv6_as_rfc_5952_says)
{
	prints("2001:0DB8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1");
	prints("::", "::");
	prints("::1", "::1");
	prints("1::", "1::");
	prints("0:0:0:0:0:0:0:0", "::");
	prints("1:0:0:0:0:0:0:8", "1::8");
	prints("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8");
	prints("1:0:0:4:5:0:0:0", "1:0:0:4:5::");
	prints("0:0:3:4:5:6:0:0", "::3:4:5:6:0:0");
	prints("2001:db8::1:0:0:0:1", "2001:db8:0:1::1");
	prints("fd00:ec2::254", "fd00:ec2::254");
	prints("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8");
	prints("1:2:3:4:5:6::", "1:2:3:4:5:6::");
	prints("::3:4:5:6:7:8", "::3:4:5:6:7:8");
	prints("ffff:FFFF::abcd", "ffff:ffff::abcd");
	prints("::ffff:192.0.2.1", "::ffff:c000:201");
	prints("64:ff9b::192.0.2.33", "64:ff9b::c000:221");
	prints("1:2:3:4:5:6:192.0.2.33", "1:2:3:4:5:6:c000:221");
}

TEST(ip_refuses_malformed_ipv6)
{
	static const char *const bad[] = {
		":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:",
		":1:2:3:4:5:6:7", "1::2::3", "1:::2", "12345::", "g::", "1:2",
		"::1%eth0", "[::1]", "::1 ", " ::1", "::1.2.3", "::1.2.3.256",
		"1.2.3.4::", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4",
		"1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8",
		"::-1", "1:2:3:4:5:6:7:8:", "::ffff:01.2.3.4",
	};
	struct ip ip;

	for (size_t i = 0; i < COUNT(bad); i++)
		NO(ip_read(edge(bad[i]), &ip));
}

TEST(ip_reads_what_it_prints)
{
	/* Each pattern of zero and other groups. */
	for (unsigned pattern = 0; pattern < 256; pattern++) {
		struct ip ip = { .family = 6 }, back;
		char text[64];
		struct buf b = BUF_OVER(text);

		for (int i = 0; i < 8; i++)
			if (pattern >> i & 1)
				ip.bytes[2 * i + 1] = (uint8_t)(i + 1);
		ip_put(&b, &ip);
		YES(ip_read(edge_again(buf_slice(&b)), &back));
		EQ(memcmp(&ip, &back, sizeof ip), 0);
	}
}

TEST(ip_knows_the_loopback)
{
	static const struct { const char *text; bool loopback; } cases[] = {
		{ "127.0.0.1", true }, { "127.255.0.9", true },
		{ "128.0.0.1", false }, { "126.0.0.1", false },
		{ "0.0.0.0", false }, { "::1", true }, { "::", false },
		{ "::2", false }, { "::ffff:127.0.0.1", false }, { "1::1", false },
	};
	struct ip ip;

	for (size_t i = 0; i < COUNT(cases); i++) {
		YES(ip_read(edge(cases[i].text), &ip));
		EQ(ip_is_loopback(&ip), cases[i].loopback);
	}
}

TEST(ip_survives_being_cut_and_spoilt)
{
	struct slice whole = edge("2001:db8:1:2:3:4:192.0.2.33"), s;
	size_t accepted = 0;
	struct ip ip;

	EACH_CUT(whole, s)
		accepted += ip_read(s, &ip);
	EQ(accepted, 1);                /* "192.0.2.3" is whole, too */
	EACH_SPOILT(whole, s)
		NO(ip_read(s, &ip));
}
