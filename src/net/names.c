/* SPDX-License-Identifier: MIT */
/*
 * Pure lookups over options and file texts. Asking servers is dns.c's.
 */
#include "net/names.h"

#include "codec/uri.h"

/* ":ADDRESS" at the end, its brackets taken off. */
static bool
take_address(struct slice *value, struct ip *ip)
{
	struct slice s = *value;
	size_t open = slice_find_char(s, '[');

	if (s.len && s.p[s.len - 1] == ']' && open > 0 && s.p[open - 1] == ':') {
		*value = slice_from(s.p, open - 1);
		return ip_read(slice_from(s.p + open + 1, s.len - open - 2), ip) &&
		    ip->family == 6;
	}
	/* Without brackets: the first colon behind which an address stands. */
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] != ':' || !ip_read(slice_skip(s, i + 1), ip))
			continue;
		*value = slice_from(s.p, i);
		return true;
	}
	return false;
}

bool
names_add_override(struct names *names, struct slice value, struct error *err)
{
	struct override *o = &names->overrides[names->overrides_n];
	size_t colon;
	uint64_t port = 0;

	bool ok = take_address(&value, &o->ip);

	colon = slice_find_char(value, ':');
	if (colon < value.len)
		ok = ok && slice_to_u64(slice_skip(value, colon + 1), 65535,
		    &port) && port;
	o->host = slice_from(value.p, colon);
	o->port = (uint16_t)port;
	if (!ok || !uri_is_host(o->host)) {
		return err_fail(err, ERR_USAGE, STEP_OPTIONS,
		    "--resolve sts.us-east-1.amazonaws.com:192.0.2.1",
		    "--resolve is not HOST:ADDRESS or HOST:PORT:ADDRESS");
	}
	names->overrides_n++;
	return true;
}

static struct slice
take_line(struct slice *text)
{
	size_t len = slice_find_char(*text, '\n');
	struct slice line = slice_from(text->p, len);

	*text = slice_skip(*text, len < text->len ? len + 1 : len);
	return line;
}

/* The next word of a line, up to a comment. */
static struct slice
take_word(struct slice *line)
{
	struct slice s = *line, word;
	size_t len = 0;

	while (s.len && (s.p[0] == ' ' || s.p[0] == '\t' || s.p[0] == '\r'))
		s = slice_skip(s, 1);
	while (len < s.len && s.p[len] && !char_in(s.p[len], " \t\r#;"))
		len++;
	word = slice_from(s.p, len);
	*line = slice_skip(s, len);
	if (len == 0)
		*line = slice_from(s.p, 0);
	return word;
}

void
names_read_servers(struct names *names, struct slice text)
{
	names->servers_n = 0;
	while (text.len && names->servers_n < NAMESERVERS_MAX) {
		struct slice line = take_line(&text);

		if (slice_is(take_word(&line), "nameserver") &&
		    ip_read(take_word(&line), &names->servers[names->servers_n]))
			names->servers_n++;
	}
	if (names->servers_n == 0 &&
	    ip_read(slice_of("127.0.0.1"), &names->servers[0]))
		names->servers_n = 1;
}

static void
add(struct addresses *found, const struct ip *ip)
{
	if (found->n < ADDRESSES_MAX)
		found->ip[found->n++] = *ip;
}

static void
find_in_hosts(struct slice text, struct slice host, struct addresses *found)
{
	while (text.len) {
		struct slice line = take_line(&text), word;
		struct ip ip;

		if (!ip_read(take_word(&line), &ip))
			continue;
		while ((word = take_word(&line)).len)
			if (slice_ieq(word, host))
				add(found, &ip);
	}
}

bool
names_find(const struct names *names, const char *host, uint16_t port,
	struct addresses *found)
{
	struct slice name = slice_of(host);
	struct ip ip;

	found->n = 0;
	for (size_t i = 0; i < names->overrides_n; i++) {
		const struct override *o = &names->overrides[i];

		if (slice_ieq(o->host, name) && (!o->port || o->port == port))
			add(found, &o->ip);
	}
	if (found->n)
		return true;
	if (ip_read(name, &ip)) {
		add(found, &ip);
		return true;
	}
	find_in_hosts(names->hosts, name, found);
	/* RFC 6761 §6.3: localhost is the loopback, asked of nobody. */
	if (!found->n && slice_ieq(name, slice_of("localhost")) &&
	    ip_read(slice_of("127.0.0.1"), &ip))
		add(found, &ip);
	return found->n > 0;
}
