/* SPDX-License-Identifier: MIT */
/*
 * check endpoint: the hosts that a run would use for the region, endpoint and
 * kind of hosts of a case. The route is asked for them; the console that an
 * isolated partition does not publish is shown all the same.
 */
#include "common.h"

#include "route.h"
#include "settings.h"

static void
put_url(struct buf *b, const char *name, bool https, const struct buf *authority)
{
	struct buf url = take_buf(authority->len + 16);

	buf_puts(&url, https ? "https://" : "http://");
	buf_put_slice(&url, buf_slice(authority));
	must_fit(&url);
	json_put_name(b, name);
	json_put_string(b, buf_slice(&url));
}

static void
put_endpoint(struct buf *b, const char *name, const struct endpoint *e)
{
	struct buf authority = take_buf(HOST_NAME_MAX_LEN + 16);

	endpoint_put_authority(&authority, e);
	put_url(b, name, e->https, &authority);
}

static void
put_console(struct buf *b, const struct route *r)
{
	struct buf host = take_buf(HOST_NAME_MAX_LEN + 16);
	/* Without a region the console picks one, where it can. */
	bool named = r->region_given || !r->partition->bare_region[0];

	partition_put_console_host(&host, r->partition,
	    slice_of(named ? r->region : ""));
	put_url(b, "console_url", true, &host);
}

int
main(void)
{
	static struct options options;
	static struct settings settings;
	static struct route route;
	static const struct keys_held held;
	static char *const no_env[] = { NULL };
	struct slice object = case_object();
	struct buf out = take_buf(8192);
	struct error err = { 0 };

	settings.region = case_text(object, "region");
	settings.hosts = (case_flag(object, "use_fips") ? HOSTS_FIPS : 0) |
	    (case_flag(object, "use_dualstack") ? HOSTS_DUALSTACK : 0);
	settings.legacy = case_flag(object, "use_global");
	settings.sts_url = (struct setting){
		case_text(object, "endpoint"), "--endpoint-url"
	};
	/* What isolated partitions ask for is given, so that they answer. */
	options.console_url = slice_of("https://console.invalid");
	options.ca_bundle = slice_of("bundle.pem");
	if (!route_plan(&route, &options, &held, &settings,
	    slice_from(NULL, 0), no_env, &err))
		refuse("%s", err.what);
	buf_putc(&out, '{');
	json_put_name(&out, "partition");
	json_put_string(&out, slice_of(route.partition->name));
	put_endpoint(&out, "sts_url", &route.sts);
	json_put_name(&out, "signing_region");
	json_put_string(&out, slice_of(route.signing_region));
	put_endpoint(&out, "signin_url", &route.signin);
	put_console(&out, &route);
	buf_putc(&out, '}');
	must_fit(&out);
	answer(buf_slice(&out));
	return ACCEPTED;
}
