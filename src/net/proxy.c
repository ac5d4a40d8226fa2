/* SPDX-License-Identifier: MIT */
/*
 * Reading a proxy's URL and NO_PROXY, writing CONNECT, and a sentence for each
 * kind of answer. What curl does was asked of curl 7.88 (tests/unit/no_proxy.py).
 */
#include "net/proxy.h"

#include "base/fmt.h"
#include "codec/base64.h"
#include "codec/hex.h"
#include "codec/uri.h"

#define PROXY_PORT 1080         /* curl(1), --proxy */

static bool
refuse_url(const char *from, struct error *err)
{
	return err_fail(err, ERR_USAGE, STEP_PROXY,
	    "http://HOST:PORT; in a password @ is %40, : is %3A, / is %2F",
	    "%s is no proxy's URL", from);
}

static bool
check_scheme(struct slice scheme, const char *from, struct error *err)
{
	if (slice_ieq(scheme, slice_of("http")))
		return true;
	/* Other words before "://" may be part of a password. */
	if (!slice_ieq(scheme, slice_of("https")) &&
	    (!slice_starts(scheme, "socks") || scheme.len > 7 ||
	    slice_span_alnum(scheme, "") != scheme.len))
		return refuse_url(from, err);
	return err_fail(err, ERR_USAGE, STEP_PROXY,
	    "http://HOST:PORT, which carries TLS all the same; or NO_PROXY='*'",
	    "%s names a %.*s:// proxy, and only http:// ones are understood",
	    from, (int)scheme.len, scheme.p);
}

/* A "%" that begins no pair of digits stands for itself, as curl has it. */
static char
take_decoded(struct slice *s)
{
	int high, low;
	char c = s->p[0];

	if (c == '%' && s->len > 2 && (high = hex_digit(s->p[1])) >= 0 &&
	    (low = hex_digit(s->p[2])) >= 0) {
		c = (char)(high << 4 | low);
		*s = slice_skip(*s, 2);
	}
	*s = slice_skip(*s, 1);
	return c;
}

static bool
is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7F;
}

/* RFC 7617 §2: user-id ":" password, no control characters, in base64. */
static bool
read_login(struct proxy *p, struct slice s)
{
	char login[PROXY_LOGIN_MAX];
	struct buf b = BUF_OVER(login), out = TEXT_OVER(p->authorization);
	bool alone = slice_find_char(s, ':') == s.len, bad = false;

	while (s.len) {
		char c = take_decoded(&s);

		bad |= is_control(c);
		buf_putc(&b, c);
	}
	if (alone)
		buf_putc(&b, ':');
	base64_put(&out, buf_slice(&b));
	buf_end(&out);
	bad |= b.full;
	buf_wipe(&b);
	return !bad;
}

bool
proxy_read(struct proxy *p, struct slice url, const char *from,
	struct error *err)
{
	struct uri uri = { .port = PROXY_PORT };
	size_t scheme = slice_find(url, "://"), end = 0, at;

	memset(p, 0, sizeof *p);
	for (size_t i = 0; i < url.len; i++)
		if (url.p[i] == ' ' || is_control(url.p[i]))
			return refuse_url(from, err);
	if (scheme < url.len) {
		if (!check_scheme(slice_from(url.p, scheme), from, err))
			return false;
		url = slice_skip(url, scheme + 3);
	}
	while (end < url.len && !char_in(url.p[end], "/?#"))
		end++;
	at = slice_find_char(slice_from(url.p, end), '@');
	if (at < end) {
		if (from[0] == '-')
			return err_fail(err, ERR_USAGE, STEP_PROXY,
			    "export https_proxy=http://USER:PASSWORD@HOST:PORT",
			    "%s holds user data, and others on this host can "
			    "read it there", from);
		if (!read_login(p, slice_from(url.p, at)))
			return refuse_url(from, err);
		url = slice_skip(url, at + 1);
	}
	if (!uri_read_authority(url, &uri) ||
	    (uri.rest.len && !slice_is(uri.rest, "/")) ||
	    !copy_text(p->host, sizeof p->host, uri.host))
		return refuse_url(from, err);
	copy_text(p->from, sizeof p->from, slice_of(from));
	p->port = uri.port;
	p->on = true;
	return true;
}

/* ---- NO_PROXY ---- */

/* ADDRESS or ADDRESS/BITS; curl takes IPv6 without brackets, others with. */
static bool
covers_address(struct slice block, const struct ip *ip)
{
	uint64_t bits = ip->family == 4 ? 32 : 128;
	size_t slash = slice_find_char(block, '/');
	struct ip net;

	if (slash < block.len &&
	    !slice_to_u64(slice_skip(block, slash + 1), bits, &bits))
		return false;
	block.len = slash;
	if (block.len > 2 && block.p[0] == '[' && block.p[block.len - 1] == ']')
		block = slice_from(block.p + 1, block.len - 2);
	if (!ip_read(block, &net) || net.family != ip->family)
		return false;
	for (size_t i = 0; i < bits; i++)
		if ((net.bytes[i / 8] ^ ip->bytes[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return true;
}

/* "example.com" and ".example.com" cover example.com and www.example.com. */
static bool
covers_name(struct slice domain, struct slice host)
{
	if (domain.len && domain.p[domain.len - 1] == '.')
		domain.len--;
	if (domain.len && domain.p[0] == '.')
		domain = slice_skip(domain, 1);
	if (domain.len == 0 || domain.len > host.len)
		return false;

	size_t before = host.len - domain.len;

	return slice_ieq(slice_skip(host, before), domain) &&
	    (before == 0 || host.p[before - 1] == '.');
}

static bool
is_listed(struct slice list, struct slice host)
{
	struct ip ip;
	bool is_ip = ip_read(host, &ip);

	while (list.len) {
		size_t len = 0;
		struct slice entry;

		while (len < list.len && !char_in(list.p[len], ", \t"))
			len++;
		entry = slice_from(list.p, len);
		list = slice_skip(list, len < list.len ? len + 1 : len);
		if (is_ip ? covers_address(entry, &ip) : covers_name(entry, host))
			return true;
	}
	return false;
}

bool
proxy_is_bypassed(struct slice no_proxy, const char *host)
{
	struct slice name = slice_of(host);

	/* curl: a "*" counts when it stands alone. */
	return slice_is(no_proxy, "*") || is_listed(no_proxy, name) ||
	    is_listed(slice_of("localhost 127.0.0.0/8 ::1 169.254.0.0/16 "
	    "fd00:ec2::/32 ::ffff:127.0.0.0/104 ::ffff:169.254.0.0/112"), name);
}

/* ---- CONNECT ---- */

static void
put_authority(struct buf *b, const char *host, uint16_t port)
{
	bool v6 = slice_find_char(slice_of(host), ':') < strlen(host);

	buf_fmt(b, v6 ? "[%s]:%d" : "%s:%d", host, port);
}

void
proxy_put_name(struct buf *b, const struct proxy *p)
{
	put_authority(b, p->host, p->port);
}

void
proxy_write_connect(struct buf *b, const struct proxy *p, const char *host,
	uint16_t port)
{
	buf_puts(b, "CONNECT ");
	put_authority(b, host, port);
	buf_puts(b, " HTTP/1.1\r\nHost: ");         /* RFC 9112 §3.2 */
	put_authority(b, host, port);
	if (p->authorization[0]) {
		buf_puts(b, "\r\nProxy-Authorization: Basic ");
		buf_puts(b, p->authorization);
	}
	buf_puts(b, "\r\nUser-Agent: postern/" POSTERN_VERSION "\r\n\r\n");
}

/* ---- its answer ---- */

/* 407: RFC 9110 §15.5.8. There is one login, so there is no second try. */
static bool
explain_login(const struct http1 *reply, const struct proxy *p,
	const char *name, struct error *err)
{
	if (p->authorization[0]) {
		err_set(err, ERR_UNREACHABLE, STEP_PROXY,
		    "proxy %s does not take this user and password (HTTP 407)",
		    name);
		return err_hint(err, "export %s=http://USER:PASSWORD@%s, where @ "
		    "in a password is %%40, : is %%3A, / is %%2F", p->from, name);
	}
	if (reply->login_asked && !reply->basic_offered) {
		return err_fail(err, ERR_UNREACHABLE, STEP_PROXY,
		    "a relay on this host that can (cntlm, px), and "
		    "HTTPS_PROXY=http://127.0.0.1:PORT",
		    "proxy %s wants a login, and not Basic, the one kind known "
		    "here (HTTP 407)", name);
	}
	err_set(err, ERR_UNREACHABLE, STEP_PROXY,
	    "proxy %s wants a login (HTTP 407)", name);
	/* Of the option, too, only a variable may have it. */
	if (p->from[0] == '-')
		return err_hint(err, "export https_proxy=http://USER:PASSWORD@%s, "
		    "and leave --proxy out", name);
	return err_hint(err, "export %s=http://USER:PASSWORD@%s", p->from, name);
}

static bool
explain_status(const struct http1 *reply, const struct proxy *p,
	const char *name, const char *host, struct error *err)
{
	unsigned status = reply->status;

	if (status == 407)
		return explain_login(reply, p, name, err);
	if (status == 403) {
		err_set(err, ERR_UNREACHABLE, STEP_PROXY,
		    "proxy %s does not allow %s (HTTP 403)", name, host);
		return err_hint(err, "ask who runs it to allow that host; or, "
		    "where there is a way past it, add %s to no_proxy", host);
	}
	if (status >= 502 && status <= 504) {
		return err_fail(err, ERR_UNREACHABLE, STEP_PROXY,
		    "the same command again; if it stays so, ask who runs the "
		    "proxy",
		    "proxy %s does not reach %s (HTTP %u)", name, host, status);
	}
	if (status < 400) {
		return err_fail(err, ERR_UNREACHABLE, STEP_PROXY,
		    "sign in to the network first, or correct the proxy's address",
		    "proxy %s redirected (HTTP %u), which is not followed", name,
		    status);
	}
	return err_fail(err, ERR_UNREACHABLE, STEP_PROXY,
	    "check the proxy's host and port: is it one for HTTPS?",
	    "proxy %s refused a tunnel to %s (HTTP %u)", name, host, status);
}

bool
proxy_explain(const struct http1 *reply, const struct proxy *p,
	const char *host, struct error *err)
{
	char name[HOST_NAME_MAX_LEN + 10];
	struct buf b = TEXT_OVER(name);

	proxy_put_name(&b, p);
	buf_end(&b);
	/* A refusal is one, whatever else is wrong with it. */
	if (reply->status >= 300)
		return explain_status(reply, p, name, host, err);
	if (reply->state != HTTP1_COMPLETE) {
		return err_fail(err, ERR_UNREACHABLE, STEP_PROXY,
		    "check the proxy's host and port: is it an HTTP proxy?",
		    "the answer of proxy %s is not good HTTP/1.1: %s", name,
		    reply->why);
	}
	/* The client speaks first in TLS: nobody can have answered it yet. */
	if (reply->unread)
		return err_fail(err, ERR_PROTOCOL, STEP_TLS,
		    "sign in to the network first, or correct the proxy's address",
		    "what proxy %s sends in place of %s is not TLS", name, host);
	return true;
}
