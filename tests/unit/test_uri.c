/* SPDX-License-Identifier: MIT */
/*
 * Percent-encoding and the URLs that Postern is given. Which hosts belong to
 * AWS is tested in test_partition.c.
 */
#include "test.h"

#include <stdlib.h>

#include "codec/uri.h"

static void
encodes(struct slice s, const char *wanted)
{
	struct buf b = edge_buf(strlen(wanted));

	uri_put_encoded(&b, s);
	NO(b.full);
	EQ_TEXT(&b, wanted);
}

TEST(uri_encodes_all_but_unreserved_characters)
{
	encodes(EDGE(""), "");
	encodes(EDGE("AZaz09-_.~"), "AZaz09-_.~");
	encodes(EDGE(" +/=&%*"), "%20%2B%2F%3D%26%25%2A");
	encodes(EDGE("Caf\xC3\xA9"), "Caf%C3%A9");
	encodes(EDGE("\0\xFF\n"), "%00%FF%0A");
	encodes(EDGE("!'()[]@:,;?#$"), "%21%27%28%29%5B%5D%40%3A%2C%3B%3F%23%24");
}

TEST(uri_encodes_each_byte_so_that_it_can_be_read_back)
{
	size_t plain = 0;

	for (int c = 0; c < 256; c++) {
		const char one[] = { (char)c };
		char out[4];
		struct buf b = BUF_OVER(out);

		uri_put_encoded(&b, edge_again(slice_from(one, 1)));
		if (b.len == 1) {
			plain++;
			EQ(out[0], one[0]);
			continue;
		}
		EQ(b.len, 3);
		EQ(out[0], '%');
		EQ(strchr("0123456789ABCDEF", out[1]) != NULL, 1);
		EQ(strtoul((const char[]){ out[1], out[2], 0 }, NULL, 16), c);
	}
	EQ(plain, 66);
}

TEST(uri_reads_scheme_host_port_and_rest)
{
	struct uri u;

	YES(uri_read(edge("https://sts.us-east-1.amazonaws.com"), &u));
	YES(u.https);
	NO(u.is_ip);
	EQ_TEXT(u.host, "sts.us-east-1.amazonaws.com");
	EQ(u.port, 443);
	EQ_TEXT(u.rest, "");
	YES(uri_read(edge("HTTP://localhost/a?b#c"), &u));
	NO(u.https);
	EQ(u.port, 80);
	EQ_TEXT(u.rest, "/a?b#c");
	YES(uri_read(edge("https://H:8443?x"), &u));
	EQ_TEXT(u.host, "H");
	EQ(u.port, 8443);
	EQ_TEXT(u.rest, "?x");
	YES(uri_read(edge("https://h#x"), &u));
	EQ_TEXT(u.rest, "#x");
	YES(uri_read(edge("https://h:65535"), &u));
	EQ(u.port, 65535);
}

TEST(uri_reads_addresses)
{
	struct uri u;

	YES(uri_read(edge("http://127.0.0.1:8080/"), &u));
	YES(u.is_ip);
	EQ(u.ip.family, 4);
	EQ(u.ip.bytes[0], 127);
	EQ(u.port, 8080);
	YES(uri_read(edge("https://[2001:db8::1]:444/x"), &u));
	YES(u.is_ip);
	EQ(u.ip.family, 6);
	EQ_TEXT(u.host, "2001:db8::1");
	EQ(u.port, 444);
	EQ_TEXT(u.rest, "/x");
}

TEST(uri_refuses_what_is_no_http_url)
{
	static const char *const bad[] = {
		"", "https", "https:", "https:/", "https://", "://h", "//h", "h",
		"ftp://h", "httpss://h", "https//h", "https:// h", "https://h h",
		"https://h\t", "https://h\n", "https://h\x7F", "https://\xC3\xA9",
		"https://h/\xC3\xA9", "https://h\x01",
	};
	struct uri u;

	for (size_t i = 0; i < COUNT(bad); i++)
		NO(uri_read(edge(bad[i]), &u));
	NO(uri_read(EDGE("https://h/\0"), &u));
}

TEST(uri_refuses_malformed_authorities)
{
	static const char *const bad[] = {
		"https://user@h", "https://user:pw@h", "https://h:", "https://h:0",
		"https://h:65536", "https://h:-1", "https://h:+1", "https://h:4a",
		"https://h:99999999999999999999", "https://h:/", "https://:443",
		"https://-a", "https://a-", "https://a..b", "https://.a",
		"https://a.", "https://a_b", "https://a%62", "https://[::1",
		"https://::1", "https://[::1]x", "https://[127.0.0.1]",
		"https://[h]", "https://[]", "https://[::1%25eth0]",
		"https://*.a", "https://a\\b", "https://?", "https://#", "https:///a",
	};
	struct uri u;

	for (size_t i = 0; i < COUNT(bad); i++)
		NO(uri_read(edge(bad[i]), &u));
}

TEST(uri_reads_an_authority_alone)
{
	struct uri u = { .port = 1080 };

	YES(uri_read_authority(edge("h"), &u));
	EQ_TEXT(u.host, "h");
	EQ(u.port, 1080);
	YES(uri_read_authority(edge("[::1]:80/x"), &u));
	YES(u.is_ip);
	EQ(u.port, 80);
	EQ_TEXT(u.rest, "/x");
	YES(uri_read_authority(edge("h?"), &u));
	NO(u.is_ip);
	EQ(u.port, 80);
	NO(uri_read_authority(edge(""), &u));
	NO(uri_read_authority(edge("h:"), &u));
	NO(uri_read_authority(edge("u@h"), &u));
	NO(uri_read_authority(edge("h "), &u));
}

TEST(uri_host_labels_have_bounds)
{
	char text[256];

	memset(text, 'a', sizeof text);
	YES(uri_is_host(edge_bytes(text, 63)));
	NO(uri_is_host(edge_bytes(text, 64)));
	text[63] = text[127] = text[191] = '.';
	YES(uri_is_host(edge_bytes(text, 253)));
	NO(uri_is_host(edge_bytes(text, 254)));
	NO(uri_is_host(edge("")));
	YES(uri_is_host(edge("a")));
	YES(uri_is_host(edge("A-9.0a")));
	NO(uri_is_host(edge("1.2.3.256")));
}

TEST(uri_survives_being_cut_and_spoilt)
{
	struct slice whole = edge("https://[2001:db8::1]:444/x?y#z"), s;
	size_t accepted = 0;
	struct uri u;

	EACH_CUT(whole, s)
		if (uri_read(s, &u))
			YES(lies_within(u.host, s) && u.host.len == 11);
	EACH_SPOILT(whole, s) {
		if (!uri_read(s, &u))
			continue;
		accepted++;
		YES(lies_within(u.host, s) && lies_within(u.rest, s));
		YES(u.port > 0);
	}
	EQ(accepted, 0);
}
