/* SPDX-License-Identifier: MIT */
/*
 * Percent-encoding and splitting URLs. Which hosts are acceptable is decided
 * elsewhere (aws/partition.c).
 */
#include "codec/uri.h"

#include "base/limits.h"

void
uri_put_encoded(struct buf *b, struct slice s)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (ascii_is_alnum((char)c) || c == '-' || c == '_' ||
		    c == '.' || c == '~') {
			buf_putc(b, (char)c);
		} else {
			buf_putc(b, '%');
			buf_putc(b, digits[c >> 4]);
			buf_putc(b, digits[c & 15]);
		}
	}
}

static bool
is_label(struct slice label)
{
	if (label.len < 1 || label.len > 63 || label.p[0] == '-' ||
	    label.p[label.len - 1] == '-')
		return false;
	return slice_span_alnum(label, "-") == label.len;
}

bool
uri_is_host(struct slice host)
{
	if (host.len > HOST_NAME_MAX_LEN)
		return false;
	for (;;) {
		size_t dot = slice_find_char(host, '.');

		if (!is_label(slice_from(host.p, dot)))
			return false;
		/* All digits at the end would be an address (RFC 3986 §3.2.2). */
		if (dot == host.len)
			return slice_span_digits(host) != host.len;
		host = slice_skip(host, dot + 1);
	}
}

static bool
read_host(struct slice *s, struct uri *uri)
{
	size_t len = 0;

	if (s->len && s->p[0] == '[') {
		len = slice_find_char(*s, ']');
		if (len == s->len)
			return false;
		uri->host = slice_from(s->p + 1, len - 1);
		*s = slice_skip(*s, len + 1);
		uri->is_ip = true;
		return ip_read(uri->host, &uri->ip) && uri->ip.family == 6;
	}
	while (len < s->len && !char_in(s->p[len], ":/?#"))
		len++;
	uri->host = slice_from(s->p, len);
	*s = slice_skip(*s, len);
	uri->is_ip = ip_read(uri->host, &uri->ip) && uri->ip.family == 4;
	return uri->is_ip || uri_is_host(uri->host);
}

static bool
read_port(struct slice *s, struct uri *uri)
{
	uint64_t port;
	size_t len;

	if (s->len == 0 || s->p[0] != ':')
		return true;
	*s = slice_skip(*s, 1);
	len = slice_span_digits(*s);
	if (!slice_to_u64(slice_from(s->p, len), 65535, &port) || port == 0)
		return false;
	uri->port = (uint16_t)port;
	*s = slice_skip(*s, len);
	return true;
}

bool
uri_read_authority(struct slice s, struct uri *uri)
{
	if (!read_host(&s, uri) || !read_port(&s, uri))
		return false;
	uri->rest = s;
	return s.len == 0 || char_in(s.p[0], "/?#");
}

bool
uri_read(struct slice s, struct uri *uri)
{
	memset(uri, 0, sizeof *uri);
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7F)
			return false;

	size_t scheme = slice_find(s, "://");

	if (scheme == s.len)
		return false;
	uri->https = slice_ieq(slice_from(s.p, scheme), slice_of("https"));
	if (!uri->https && !slice_ieq(slice_from(s.p, scheme), slice_of("http")))
		return false;
	uri->port = uri->https ? 443 : 80;
	return uri_read_authority(slice_skip(s, scheme + 3), uri);
}
