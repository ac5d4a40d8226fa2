/* SPDX-License-Identifier: MIT */
/*
 * Console addresses and the login URL. Hosts come from aws/partition.c.
 */
#include "signin/loginurl.h"

#include "codec/uri.h"

static bool
refuse(struct error *err, const char *why, const char *hint)
{
	err_set(err, ERR_USAGE, STEP_OPTIONS, "--destination %s", why);
	return err_hint(err, "%s", hint);
}

static void
put_base(struct buf *b, const struct destination_ask *ask)
{
	if (ask->console_url.len) {
		struct slice base = ask->console_url;

		while (base.len && base.p[base.len - 1] == '/')
			base.len--;
		buf_put_slice(b, base);
		return;
	}
	buf_puts(b, "https://");
	partition_put_console_host(b, ask->partition, ask->region);
}

static bool
put_url(struct buf *b, const struct destination_ask *ask, struct error *err)
{
	struct uri uri, console;
	bool ours;

	if (!uri_read(ask->place, &uri) || !uri.https)
		return refuse(err, "is no https URL",
		    "the address as the browser shows it");
	ours = partition_has_console(ask->partition, uri.host) ||
	    (ask->console_url.len && uri_read(ask->console_url, &console) &&
	    slice_ieq(console.host, uri.host) && console.port == uri.port);
	if (!ours) {
		err_set(err, ERR_USAGE, STEP_OPTIONS,
		    "--destination %.*s is no console host of partition %s",
		    (int)uri.host.len, uri.host.p, ask->partition->name);
		return err_hint(err, "one below https://%s/, or --region "
		    "with one of the other partition",
		    ask->partition->console_domain);
	}
	buf_put_slice(b, ask->place);
	return true;
}

/* Path characters as they may stand in a URL; the rest is encoded. */
static void
put_path(struct buf *b, struct slice path)
{
	for (size_t i = 0; i < path.len; i++) {
		char c = path.p[i];

		if (ascii_is_alnum(c) || char_in(c, "/-_.~?#[]@!$&'()*+,;=:%"))
			buf_putc(b, c);
		else
			uri_put_encoded(b, slice_from(path.p + i, 1));
	}
}

static bool
is_service(struct slice place)
{
	return slice_span_alnum(place, "-_") == place.len;
}

bool
destination_put(struct buf *b, const struct destination_ask *ask,
	struct error *err)
{
	struct slice place = ask->place;

	if (place.len > DESTINATION_MAX)
		return refuse(err, "is longer than 2048 bytes",
		    "a shorter one");
	for (size_t i = 0; i < place.len; i++)
		if ((unsigned char)place.p[i] < ' ' || place.p[i] == 0x7F)
			return refuse(err, "has a control character",
			    "the address as the browser shows it");
	if (slice_find(place, "://") < place.len && place.p[0] != '/')
		return put_url(b, ask, err);
	put_base(b, ask);
	if (!place.len) {
		buf_putc(b, '/');
	} else if (place.p[0] == '/' && !slice_starts(place, "//")) {
		put_path(b, place);
	} else if (is_service(place)) {
		/* The pages of services: AWS Toolkits' and granted's form. */
		buf_putc(b, '/');
		buf_put_slice(b, place);
		buf_puts(b, "/home");
		if (ask->region.len) {
			buf_puts(b, "?region=");
			buf_put_slice(b, ask->region);
		}
	} else {
		return refuse(err, "is neither a URL, a path nor a service",
		    "--destination ec2, or /ec2/home, or the whole URL");
	}
	return true;
}

bool
loginurl_write(struct buf *b, const struct endpoint *signin,
	struct slice issuer, struct slice destination, struct slice token,
	struct error *err)
{
	buf_puts(b, "https://");
	endpoint_put_authority(b, signin);
	buf_puts(b, "/federation?Action=login");
	if (issuer.len) {
		buf_puts(b, "&Issuer=");
		uri_put_encoded(b, issuer);
	}
	buf_puts(b, "&Destination=");
	uri_put_encoded(b, destination);
	buf_puts(b, "&SigninToken=");
	uri_put_encoded(b, token);
	if (b->full)
		return err_set(err, ERR_LIMIT, STEP_OUTPUT,
		    "the URL is longer than our buffer");
	return true;
}
