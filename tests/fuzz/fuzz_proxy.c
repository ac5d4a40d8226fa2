/* SPDX-License-Identifier: MIT */
/*
 * A proxy's URL, a NO_PROXY and a host name on three lines: what is read of
 * the first makes a well-formed CONNECT, and a longer list covers no less.
 */
#include "fuzz.h"

#include "codec/base64.h"
#include "codec/uri.h"
#include "net/proxy.h"

static struct slice
take_line(struct slice *in)
{
	size_t len = slice_find_char(*in, '\n');
	struct slice line = slice_from(in->p, len);

	*in = slice_skip(*in, len < in->len ? len + 1 : len);
	return line;
}

static bool
is_host(struct slice host)
{
	struct ip ip;

	return ip_read(host, &ip) || uri_is_host(host);
}

/* Lines without control bytes, and the empty one at the end only. */
static void
check_request(const struct proxy *p, const char *host)
{
	char text[PROXY_REQUEST_MAX];
	struct buf b = BUF_OVER(text);
	size_t lines = 0;

	proxy_write_connect(&b, p, host, 443);
	MUST(!b.full);
	MUST(slice_starts(buf_slice(&b), "CONNECT "));
	MUST(slice_find(buf_slice(&b), "\r\n\r\n") == b.len - 4);
	for (size_t i = 0; i < b.len; i++) {
		if (text[i] == '\r')
			MUST(text[++i] == '\n' && ++lines);
		else
			MUST(text[i] >= ' ' && text[i] < 0x7F);
	}
	MUST(lines == (p->authorization[0] ? 5 : 4));
}

static void
check_url(struct slice url)
{
	static uint8_t login[PROXY_LOGIN_MAX];
	struct error err = { 0 };
	struct proxy p;
	size_t len;

	if (!proxy_read(&p, url, "https_proxy", &err)) {
		MUST(!p.on && err.kind == ERR_USAGE);
		return;
	}
	MUST(p.on && p.port && is_host(slice_of(p.host)));
	MUST(base64_read(slice_of(p.authorization), login, &len));
	if (len) {
		MUST(memchr(login, ':', len) && slice_find_char(url, '@') < url.len);
		MUST(!proxy_read(&p, url, "--proxy", &err));
		MUST(proxy_read(&p, url, "https_proxy", &err));
	}
	check_request(&p, "sts.us-east-1.amazonaws.com");
}

static void
check_list(struct slice no_proxy, struct slice rest)
{
	static char list[1 << 16], host[512];
	struct buf b = BUF_OVER(list);
	bool past;

	if (no_proxy.len > sizeof list / 2 ||
	    !copy_text(host, sizeof host, take_line(&rest)))
		return;
	past = proxy_is_bypassed(no_proxy, host);
	MUST(proxy_is_bypassed(slice_of("*"), host));
	buf_puts(&b, "x.invalid,");
	buf_put_slice(&b, no_proxy);
	if (past && !slice_is(no_proxy, "*"))
		MUST(proxy_is_bypassed(buf_slice(&b), host));
	buf_putc(&b, ' ');
	buf_puts(&b, host);
	if (is_host(slice_of(host)))
		MUST(proxy_is_bypassed(buf_slice(&b), host));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = input_slice(data, size);
	struct slice url = take_line(&in);
	struct slice no_proxy = take_line(&in);

	check_url(url);
	check_list(no_proxy, in);
	return 0;
}
