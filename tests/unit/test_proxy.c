/* SPDX-License-Identifier: MIT */
/*
 * Proxies: their URLs, NO_PROXY held to curl's own answers, the request for a
 * tunnel and the sentence for each answer to it.
 */
#include "test.h"

#include "net/proxy.h"

static struct proxy proxy;
static struct error err;

static bool
reads(const char *url, const char *from)
{
	memset(&err, 0, sizeof err);
	return proxy_read(&proxy, edge(url), from, &err);
}

static void
is_proxy(const char *url, const char *host, uint16_t port,
	const char *authorization)
{
	if (!YES(reads(url, "https_proxy")))
		return;
	YES(proxy.on);
	EQ_TEXT(proxy.host, host);
	EQ(proxy.port, port);
	EQ_TEXT(proxy.authorization, authorization);
}

TEST(proxy_reads_its_url_as_curl_does)
{
	is_proxy("http://p:3128", "p", 3128, "");
	is_proxy("HTTP://P.example:1/", "P.example", 1, "");
	is_proxy("p.example:8080", "p.example", 8080, "");
	is_proxy("p", "p", 1080, "");
	is_proxy("http://p", "p", 1080, "");
	is_proxy("http://192.0.2.1:80", "192.0.2.1", 80, "");
	is_proxy("http://[2001:db8::1]:80/", "2001:db8::1", 80, "");
	is_proxy("[::1]", "::1", 1080, "");
}

TEST(proxy_decodes_user_and_password_as_curl_does)
{
	is_proxy("http://u:p@h:1", "h", 1, "dTpw");
	is_proxy("u:p@h", "h", 1080, "dTpw");
	is_proxy("http://u@h", "h", 1080, "dTo=");
	is_proxy("http://u:@h", "h", 1080, "dTo=");
	is_proxy("http://:p@h", "h", 1080, "OnA=");
	is_proxy("http://@h", "h", 1080, "Og==");
	is_proxy("http://u:a:b@h", "h", 1080, "dTphOmI=");
	is_proxy("http://u:p%40%3a%2F%25@h", "h", 1080, "dTpwQDovJQ==");
	is_proxy("http://u:p%zz@h", "h", 1080, "dTpwJXp6");
	is_proxy("http://u:p%4@h", "h", 1080, "dTpwJTQ=");
	is_proxy("http://u:p%@h", "h", 1080, "dTpwJQ==");
	is_proxy("http://u%3ax:p@h", "h", 1080, "dTp4OnA=");
	is_proxy("http://u:p\xC3\xA4@h", "h", 1080, "dTpww6Q=");
	is_proxy("http://u:p@[::1]:8", "::1", 8, "dTpw");
}

TEST(proxy_refuses_what_is_no_url_of_one)
{
	static const char *const bad[] = {
		"", "http://", "http:p", "http:/p", "//p:1", ":1", "p:", "p:0",
		"p:65536", "p:x", "http://p:1/x", "http://p?x", "p#", " p", "p ",
		"p:1\r\nX:y", "p\n", "p\t", "p\x7F", "p\x01", "p_q", "-p", "[::1",
		"[p]", "::1", "http://u:p@x@h", "http://u/x:p@h", "http://u:p x@h",
		"http://u:p#x@h", "http://u:p?x@h", "http://u:p%0a@h",
		"http://u:p%00@h", "http://u:p%7f@h", "http://u:p%0D%0A@h",
		"foo://p:1", "u:secret://p:1", "socks5:x://p", "h\xC3\xA4",
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		NO(reads(bad[i], "HTTPS_PROXY"));
		NO(proxy.on);
		EQ(err.kind, ERR_USAGE);
		EQ_TEXT(err.what, "HTTPS_PROXY is no proxy's URL");
	}
	NO(proxy_read(&proxy, EDGE("p\0"), "HTTPS_PROXY", &err));
}

TEST(proxy_bounds_user_and_password)
{
	static char text[PROXY_LOGIN_MAX + 16];
	struct buf b = TEXT_OVER(text);

	buf_put_slice(&b, repeat("x", PROXY_LOGIN_MAX - 1));
	buf_puts(&b, "@h");
	buf_end(&b);
	YES(reads(text, "all_proxy"));
	EQ(strlen(proxy.authorization), sizeof proxy.authorization - 1);
	text[PROXY_LOGIN_MAX - 1] = 'x';
	buf_puts(&b, "h");
	memcpy(text + PROXY_LOGIN_MAX, "@h", 3);
	NO(reads(text, "all_proxy"));
	EQ(err.kind, ERR_USAGE);
}

TEST(proxy_names_the_schemes_that_it_does_not_speak)
{
	static const char *const schemes[] = {
		"https", "HTTPS", "socks", "socks4", "socks4a", "socks5", "socks5h",
	};

	for (size_t i = 0; i < COUNT(schemes); i++) {
		char url[64];
		struct buf b = TEXT_OVER(url);

		buf_puts(&b, schemes[i]);
		buf_puts(&b, "://hunter2:hunter3@p:1");
		buf_end(&b);
		NO(reads(url, "ALL_PROXY"));
		EQ(err.kind, ERR_USAGE);
		EQ(err.step, STEP_PROXY);
		HAS(err.what, "ALL_PROXY names a ");
		HAS(err.what, schemes[i]);
		HAS(err.hint, "http://HOST:PORT");
	}
}

TEST(proxy_takes_no_user_data_from_the_command_line)
{
	YES(reads("http://p:1", "--proxy"));
	NO(reads("http://hunter1:hunter2@p:1", "--proxy"));
	EQ(err.kind, ERR_USAGE);
	HAS(err.what, "--proxy holds user data");
	HAS(err.hint, "https_proxy");
	NO(reads("@p:1", "--proxy"));
	EQ_TEXT(proxy.authorization, "");
}

TEST(proxy_never_quotes_user_data)
{
	static const char *const urls[] = {
		"http://hunter1:hunter2@p:x", "http://hunter1:hunter2@p:1/x",
		"https://hunter1:hunter2@p:1", "hunter1:hunter2@p q",
		"hunter1:hunter2://p", "socks5:hunter2://p", "http://hunter1:hun/ter2@p",
	};
	static const char *const from[] = { "--proxy", "https_proxy" };

	for (size_t i = 0; i < 2 * COUNT(urls); i++) {
		NO(reads(urls[i / 2], from[i % 2]));
		LACKS(err.what, "hun");
		LACKS(err.hint, "hun");
		LACKS(err.again, "hun");
		LACKS(err.peer, "hun");
	}
}

TEST(proxy_survives_urls_that_are_cut_and_spoilt)
{
	struct slice whole = edge("http://us%40er:pa%3ass@[2001:db8::1]:3128/"), part;

	EACH_CUT(whole, part)
		if (proxy_read(&proxy, part, "https_proxy", &err))
			YES(proxy.host[0] && proxy.port);
	EACH_SPOILT(whole, part)
		if (proxy_read(&proxy, part, "https_proxy", &err))
			YES(proxy.host[0] && proxy.port);
}

/* ---- NO_PROXY ---- */

static void
bypassed(const char *no_proxy, const char *host, bool wanted)
{
	if (!EQ(proxy_is_bypassed(edge_again(slice_of(no_proxy)), host), wanted))
		EQ_TEXT(no_proxy, host);
}

TEST(proxy_takes_no_proxy_for_what_curl_takes_it_for)
{
	static const struct { const char *no_proxy, *host; bool past; } rows[] = {
#include "no_proxy.h"
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		bypassed(rows[i].no_proxy, rows[i].host, rows[i].past);
}

/* curl 7.88 compares IPv6 addresses as text, which its manual does not say. */
TEST(proxy_compares_ipv6_addresses_as_addresses)
{
	static const char *const past[] = {
		"2001:DB8:0::1", "2001:db8::/32", "2001:db8::2/126", "::/1",
		"2001:db8::1/128", "b, 2001:db8::/64",
	};
	static const char *const not_past[] = {
		"2001:db8::/128", "2001:db8::2/127", "2001:db9::/32", "8000::/1",
		"2001:db8::1/129", "2001:db8::1/", "2001:db8::1/x", "2001:db8::1/-1",
		"2001:db8::/ 32", "2001:db8::1:443", "::ffff:192.0.2.1",
	};

	for (size_t i = 0; i < COUNT(past); i++)
		bypassed(past[i], "2001:db8::1", true);
	for (size_t i = 0; i < COUNT(not_past); i++)
		bypassed(not_past[i], "2001:db8::1", false);
}

/* Other programs write them so; to curl they mean nothing. */
TEST(proxy_takes_addresses_in_brackets)
{
	bypassed("[2001:db8::1]", "2001:db8::1", true);
	bypassed("[2001:db8::]/32", "2001:db8::1", true);
	bypassed("b,[192.0.2.1]", "192.0.2.1", true);
	bypassed("[2001:db8::2]", "2001:db8::1", false);
	bypassed("[2001:db8::1", "2001:db8::1", false);
	bypassed("2001:db8::1]", "2001:db8::1", false);
	bypassed("[]", "2001:db8::1", false);
	bypassed("[[2001:db8::1]]", "2001:db8::1", false);
}

/* curl takes "/0" and "/x" for no block at all, and "/8x" for "/8". */
TEST(proxy_reads_the_length_of_a_block_as_a_number)
{
	bypassed("0.0.0.0/0", "192.0.2.1", true);
	bypassed("::/0", "2001:db8::1", true);
	bypassed("::/0", "192.0.2.1", false);
	bypassed("0.0.0.0/0", "2001:db8::1", false);
	bypassed("192.0.2.1/", "192.0.2.1", false);
	bypassed("192.0.2.1/x", "192.0.2.1", false);
	bypassed("192.0.2.1/8x", "192.0.2.1", false);
	bypassed("192.0.2.1/+8", "192.0.2.1", false);
}

TEST(proxy_is_never_used_for_this_host_and_its_metadata)
{
	static const char *const past[] = {
		"localhost", "LOCALHOST", "a.localhost", "127.0.0.1",
		"127.255.255.255", "::1", "169.254.169.254", "169.254.170.2",
		"169.254.0.0", "fd00:ec2::254", "fd00:ec2::23", "::ffff:127.0.0.1",
	};
	static const char *const not_past[] = {
		"localhost.example", "mylocalhost", "126.255.255.255", "128.0.0.1",
		"::2", "::", "169.253.255.255", "169.255.0.0", "fd00:ec3::254",
		"10.0.0.1", "sts.us-east-1.amazonaws.com", "127.0.0.1.example",
	};

	for (size_t i = 0; i < COUNT(past); i++)
		bypassed("", past[i], true);
	for (size_t i = 0; i < COUNT(not_past); i++)
		bypassed("", not_past[i], false);
}

/* ---- CONNECT ---- */

static void
writes(const char *url, const char *host, uint16_t port, const char *wanted)
{
	char text[PROXY_REQUEST_MAX];
	struct buf b = BUF_OVER(text);

	YES(reads(url, "https_proxy"));
	proxy_write_connect(&b, &proxy, host, port);
	EQ_TEXT(&b, wanted);
}

#define AGENT "\r\nUser-Agent: postern/" POSTERN_VERSION "\r\n\r\n"

TEST(proxy_writes_the_request_for_a_tunnel)
{
	writes("p:1", "sts.us-east-1.amazonaws.com", 443,
	    "CONNECT sts.us-east-1.amazonaws.com:443 HTTP/1.1\r\n"
	    "Host: sts.us-east-1.amazonaws.com:443" AGENT);
	writes("u:p@p:1", "h", 8443, "CONNECT h:8443 HTTP/1.1\r\nHost: h:8443\r\n"
	    "Proxy-Authorization: Basic dTpw" AGENT);
	writes("p:1", "2001:db8::1", 443, "CONNECT [2001:db8::1]:443 HTTP/1.1\r\n"
	    "Host: [2001:db8::1]:443" AGENT);
	writes("p:1", "192.0.2.1", 80, "CONNECT 192.0.2.1:80 HTTP/1.1\r\n"
	    "Host: 192.0.2.1:80" AGENT);
}

TEST(proxy_request_has_room_for_the_longest_of_all)
{
	char text[PROXY_REQUEST_MAX], host[HOST_NAME_MAX_LEN + 1];
	struct buf b = BUF_OVER(text);

	memset(host, 'x', HOST_NAME_MAX_LEN);
	host[HOST_NAME_MAX_LEN] = '\0';
	memset(proxy.authorization, 'y', sizeof proxy.authorization - 1);
	proxy.authorization[sizeof proxy.authorization - 1] = '\0';
	proxy_write_connect(&b, &proxy, host, 65535);
	NO(b.full);
}

TEST(proxy_is_shown_by_host_and_port_only)
{
	char text[64];
	struct buf b = BUF_OVER(text);

	YES(reads("http://hunter1:hunter2@[::1]:8", "https_proxy"));
	proxy_put_name(&b, &proxy);
	EQ_TEXT(&b, "[::1]:8");
}

/* ---- its answer ---- */

static bool
opens(const char *url, const char *answer)
{
	static struct http1 reply;
	char body[16];

	YES(reads(url, "https_proxy"));
	http1_init(&reply, "CONNECT", body, sizeof body);
	http1_read(&reply, edge(answer));
	if (!http1_has_head(&reply))
		http1_read_end(&reply, true);
	return proxy_explain(&reply, &proxy, "sts.example", &err);
}

static void
explains(const char *url, const char *answer, const char *what,
	const char *hint)
{
	NO(opens(url, answer));
	EQ(err.kind, ERR_UNREACHABLE);
	EQ(err.step, STEP_PROXY);
	EQ_TEXT(err.what, what);
	HAS(err.hint, hint);
	LACKS(err.hint, "hunter");
	LACKS(err.what, "<");
	EQ_TEXT(err.peer, "");
}

TEST(proxy_opens_with_any_2xx)
{
	YES(opens("p:1", "HTTP/1.1 200 OK\r\n\r\n"));
	YES(opens("p:1", "HTTP/1.0 200 Connection established\r\n\r\n"));
	YES(opens("p:1", "HTTP/1.1 204 OK\r\nContent-Length: 5\r\n\r\n"));
	YES(opens("p:1", "HTTP/1.1 100 A\r\n\r\nHTTP/1.1 103 B\r\n\r\n"
	    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
}

TEST(proxy_hears_it_when_somebody_speaks_before_tls_does)
{
	NO(opens("p:1", "HTTP/1.1 200 OK\r\n\r\n<html>\x1b[2J"));
	EQ(err.kind, ERR_PROTOCOL);
	EQ(err.step, STEP_TLS);
	EQ_TEXT(err.what, "what proxy p:1 sends in place of sts.example is not TLS");
}

TEST(proxy_tells_its_logins_apart)
{
	explains("p:1", "HTTP/1.1 407 x\r\n\r\n", "proxy p:1 wants a login (HTTP 407)",
	    "export https_proxy=http://USER:PASSWORD@p:1");
	explains("p:1", "HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=x\r\n"
	    "Content-Type: text/html\r\n\r\n<html>", "proxy p:1 wants a login (HTTP 407)",
	    "export https_proxy=http://USER:PASSWORD@p:1");
	explains("hunter1:hunter2@p:1", "HTTP/1.1 407 x\r\n\r\n",
	    "proxy p:1 does not take this user and password (HTTP 407)", "%40");
	explains("p:1", "HTTP/1.1 407 x\r\nProxy-Authenticate: NTLM\r\n\r\n",
	    "proxy p:1 wants a login, and not Basic, the one kind known here "
	    "(HTTP 407)", "relay");
}

TEST(proxy_waits_for_the_header_and_not_for_a_body)
{
	static const char *const answers[] = {
		"HTTP/1.1 200 x\r\n\r\n", "HTTP/1.1 407 x\r\nContent-Length: 9\r\n\r\n",
		"HTTP/1.1 403 x\r\nTransfer-Encoding: chunked\r\n\r\n",
		"HTTP/1.1 103 x\r\nA: b\r\n\r\nHTTP/1.0 503 x\r\nVia: x\r\n\r\n",
	};
	static struct http1 reply;
	char body[16];

	for (size_t i = 0; i < COUNT(answers); i++) {
		struct slice whole = edge(answers[i]);

		http1_init(&reply, "CONNECT", body, sizeof body);
		for (size_t at = 0; at < whole.len; at++) {
			NO(http1_has_head(&reply));
			http1_read(&reply, slice_from(whole.p + at, 1));
		}
		YES(http1_has_head(&reply));
	}
}

/* What a refusal may be in besides: a coding, a length or lines of its own. */
TEST(proxy_reads_the_status_of_a_refusal_that_is_malformed)
{
	explains("p:1", "HTTP/1.1 407 x\r\nProxy-Authenticate: NTLM\r\n"
	    "Content-Encoding: gzip\r\n\r\n\x1f\x8b", "proxy p:1 wants a login, and "
	    "not Basic, the one kind known here (HTTP 407)", "relay");
	explains("p:1", "HTTP/1.1 403 x\r\nContent-Length: 99999999\r\n\r\n",
	    "proxy p:1 does not allow sts.example (HTTP 403)", "no_proxy");
	explains("p:1", "HTTP/1.1 503 x\r\nA\r\n",
	    "proxy p:1 does not reach sts.example (HTTP 503)", "again");
	explains("p:1", "HTTP/1.1 407 x\r\nVia: ", "proxy p:1 wants a login (HTTP 407)",
	    "USER");
}

TEST(proxy_has_a_sentence_for_each_refusal)
{
	explains("p:1", "HTTP/1.1 403 x\r\n\r\n<html>",
	    "proxy p:1 does not allow sts.example (HTTP 403)",
	    "add sts.example to no_proxy");
	explains("p:1", "HTTP/1.1 502 x\r\n\r\n",
	    "proxy p:1 does not reach sts.example (HTTP 502)", "again");
	explains("p:1", "HTTP/1.1 503 x\r\n\r\n",
	    "proxy p:1 does not reach sts.example (HTTP 503)", "again");
	explains("p:1", "HTTP/1.1 504 x\r\n\r\n",
	    "proxy p:1 does not reach sts.example (HTTP 504)", "again");
	explains("p:1", "HTTP/1.1 301 x\r\nLocation: https://evil/\r\n\r\n",
	    "proxy p:1 redirected (HTTP 301), which is not followed", "sign in");
	explains("p:1", "HTTP/1.1 400 x\r\n\r\n",
	    "proxy p:1 refused a tunnel to sts.example (HTTP 400)", "port");
	explains("p:1", "HTTP/1.1 500 x\r\n\r\n",
	    "proxy p:1 refused a tunnel to sts.example (HTTP 500)", "port");
	explains("p:1", "HTTP/1.1 200 x\r\nContent-Le",
	    "the answer of proxy p:1 is not good HTTP/1.1: the answer is cut short",
	    "port");
	explains("[::1]:1", "SSH-2.0-x\r\n",
	    "the answer of proxy [::1]:1 is not good HTTP/1.1: status line is not "
	    "HTTP/1.1's", "port");
	explains("p:1", "", "the answer of proxy p:1 is not good HTTP/1.1: the "
	    "connection was closed before any answer", "port");
}
