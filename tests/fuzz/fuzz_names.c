/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what names are looked up by: a line of --resolve, a line of
 * --dns, a line with a host, then one text as resolv.conf and hosts file.
 */
#include "fuzz.h"

#include "codec/uri.h"
#include "net/names.h"

static struct slice
take_line(struct slice *in)
{
	size_t len = slice_find_char(*in, '\n');
	struct slice line = slice_from(in->p, len);

	*in = slice_skip(*in, len < in->len ? len + 1 : len);
	return line;
}

static void
check_found(const struct names *names, const char *host)
{
	struct addresses found;

	if (!names_find(names, host, 443, &found))
		return;
	MUST(found.n <= ADDRESSES_MAX);
	for (size_t i = 0; i < found.n; i++)
		MUST(!names->family || found.ip[i].family == names->family);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = input_slice(data, size);
	struct slice override = take_line(&in), server = take_line(&in);
	struct slice name = take_line(&in);
	struct names names = { .hosts = in };
	struct error err = { 0 };
	char host[512];

	if (names_add_override(&names, override, &err))
		MUST(names.overrides_n == 1 &&
		    lies_within(names.overrides[0].host, override));
	else
		MUST(err.kind == ERR_USAGE && err.what[0] && err.hint[0]);
	memset(&err, 0, sizeof err);
	if (names_add_server(&names, server, &err))
		MUST(names.servers_n == 1 && names.servers[0].port);
	else
		MUST(err.kind == ERR_USAGE && err.what[0] && err.hint[0]);
	(void)names_read_servers(&names, in);
	MUST(names.servers_n >= 1 && names.servers_n <= NAMESERVERS_MAX);
	if (!copy_text(host, sizeof host, name))
		return 0;
	for (names.family = 0; names.family <= 6; names.family += 2) {
		if (names.family == 2)
			continue;
		check_found(&names, host);
	}
	return 0;
}
