/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a URL and as an address, and percent-encoded: only unreserved
 * characters come out, and they can be read back.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "codec/hex.h"
#include "codec/uri.h"

static void
check_encoded(struct slice in)
{
	static char out[1 << 16];
	struct buf b = BUF_OVER(out);
	size_t at = 0;

	uri_put_encoded(&b, in);
	if (b.full)
		return;
	for (size_t i = 0; i < b.len; i++, at++) {
		unsigned char c = (unsigned char)out[i];

		MUST(at < in.len);
		if (c != '%') {
			MUST(ascii_is_alnum((char)c) || strchr("-_.~", c));
			MUST(c == (unsigned char)in.p[at]);
			continue;
		}
		MUST(i + 2 < b.len && ascii_lower(out[i + 1]) < 'g');
		MUST((hex_digit(out[i + 1]) << 4 | hex_digit(out[i + 2])) ==
		    (unsigned char)in.p[at]);
		MUST(out[i + 1] < 'a' && out[i + 2] < 'a');
		i += 2;
	}
	MUST(at == in.len);
}

static void
check_address(struct slice in)
{
	char text[64];
	struct buf b = BUF_OVER(text);
	struct ip ip, back;

	if (!ip_read(in, &ip))
		return;
	MUST(ip.family == 4 || ip.family == 6);
	ip_put(&b, &ip);
	MUST(!b.full && ip_read(buf_slice(&b), &back));
	MUST(memcmp(&ip, &back, sizeof ip) == 0);
	MUST(b.len <= 39);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = input_slice(data, size);
	struct uri uri;
	struct ip ip;

	check_encoded(in);
	check_address(in);
	if (!uri_read(in, &uri))
		return 0;
	MUST(uri.host.len > 0 && lies_within(uri.host, in));
	MUST(lies_within(uri.rest, in) && uri.port > 0);
	MUST(uri.rest.p + uri.rest.len == in.p + in.len);
	MUST(uri.is_ip == ip_read(uri.host, &ip));
	if (!uri.is_ip)
		MUST(uri_is_host(uri.host) && uri.host.len <= HOST_NAME_MAX_LEN);
	MUST(uri.rest.len == 0 || strchr("/?#", uri.rest.p[0]));
	return 0;
}
