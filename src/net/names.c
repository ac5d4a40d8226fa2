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

static bool
read_server(struct slice s, struct server *server)
{
	bool bracket = slice_starts(s, "[");
	size_t end = slice_find_char(s, bracket ? ']' : ':');
	uint64_t port = DNS_PORT;

	server->port = DNS_PORT;
	if (ip_read(s, &server->ip))
		return true;
	if (end == s.len ||
	    !ip_read(slice_from(s.p + bracket, end - bracket), &server->ip) ||
	    (server->ip.family == 6) != bracket)
		return false;
	s = slice_skip(s, end + bracket);
	if (s.len && (s.p[0] != ':' ||
	    !slice_to_u64(slice_skip(s, 1), 65535, &port) || !port))
		return false;
	server->port = (uint16_t)port;
	return true;
}

bool
names_add_server(struct names *names, struct slice value, struct error *err)
{
	if (!read_server(value, &names->servers[names->servers_n])) {
		return err_fail(err, ERR_USAGE, STEP_OPTIONS, "--dns 192.0.2.53",
		    "--dns is not ADDRESS or ADDRESS:PORT");
	}
	names->servers_n++;
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

size_t
names_read_servers(struct names *names, struct slice text)
{
	size_t passed_over = 0;

	names->servers_n = 0;
	while (text.len && names->servers_n < NAMESERVERS_MAX) {
		struct slice line = take_line(&text);
		struct server *server = &names->servers[names->servers_n];

		if (!slice_is(take_word(&line), "nameserver"))
			continue;
		server->port = DNS_PORT;
		if (ip_read(take_word(&line), &server->ip))
			names->servers_n++;
		else
			passed_over++;
	}
	if (names->servers_n == 0 &&
	    read_server(slice_of("127.0.0.1"), &names->servers[0]))
		names->servers_n = 1;
	return passed_over;
}

/* What was found for one name, each family by itself. */
struct finds {
	int family;             /* as in struct names */
	struct addresses v4, v6;
};

static void
add(struct finds *finds, const struct ip *ip)
{
	struct addresses *of = ip->family == 4 ? &finds->v4 : &finds->v6;

	if ((!finds->family || finds->family == ip->family) &&
	    of->n < ADDRESSES_MAX)
		of->ip[of->n++] = *ip;
}

static void
add_text(struct finds *finds, const char *address)
{
	struct ip ip;

	if (ip_read(slice_of(address), &ip))
		add(finds, &ip);
}

static void
find_in_hosts(struct finds *finds, struct slice text, struct slice host)
{
	while (text.len) {
		struct slice line = take_line(&text), word;
		struct ip ip;

		if (!ip_read(take_word(&line), &ip))
			continue;
		while ((word = take_word(&line)).len)
			if (slice_ieq(word, host))
				add(finds, &ip);
	}
}

void
addresses_merge(struct addresses *out, const struct addresses *v4,
	const struct addresses *v6)
{
	out->n = 0;
	for (size_t i = 0; i < ADDRESSES_MAX; i++) {
		if (i < v6->n && out->n < ADDRESSES_MAX)
			out->ip[out->n++] = v6->ip[i];
		if (i < v4->n && out->n < ADDRESSES_MAX)
			out->ip[out->n++] = v4->ip[i];
	}
}

bool
names_find(const struct names *names, const char *host, uint16_t port,
	struct addresses *found)
{
	struct slice name = slice_of(host);
	struct finds finds = { .family = names->family };
	bool given = false;
	struct ip ip;

	for (size_t i = 0; i < names->overrides_n; i++) {
		const struct override *o = &names->overrides[i];

		if (!slice_ieq(o->host, name) || (o->port && o->port != port))
			continue;
		add(&finds, &o->ip);
		given = true;
	}
	if (!given && ip_read(name, &ip)) {
		add(&finds, &ip);
		given = true;
	}
	if (!given)
		find_in_hosts(&finds, names->hosts, name);
	/* RFC 6761 §6.3: localhost is the loopback, asked of nobody. */
	if (!given && !finds.v4.n && !finds.v6.n &&
	    slice_ieq(name, slice_of("localhost"))) {
		add_text(&finds, "127.0.0.1");
		add_text(&finds, "::1");
	}
	addresses_merge(found, &finds.v4, &finds.v6);
	return given || found->n;
}
