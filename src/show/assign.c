/* SPDX-License-Identifier: MIT */
/*
 * One table of names and one of styles. Values are checked before they are
 * quoted, so that each layer holds without the other.
 */
#include "show/assign.h"

#include "codec/ini.h"
#include "codec/quote.h"
#include "codec/timestamp.h"

static const struct {
	char before[9], between[4], after;
} styles[] = {
	[ASSIGN_ENV] = { "export ", "=", '\n' },
	[ASSIGN_ENV_NO_EXPORT] = { "", "=", '\n' },
	[ASSIGN_FISH] = { "set -gx ", " ", '\n' },
	[ASSIGN_POWERSHELL] = { "$Env:", " = ", '\n' },
	[ASSIGN_INI] = { "", " = ", '\n' },
	[ASSIGN_STRINGS] = { "", "=", '\0' },
};

static bool
refuse(struct error *err, const char *what)
{
	err_set(err, ERR_DATA, STEP_OUTPUT,
	    "%s has a character that this format cannot carry", what);
	return err_again(err, "--format json");
}

static bool
is_carried(enum assign_style style, struct slice value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.p[i] <= ' ' || value.p[i] >= 0x7F)
			return false;
	/* Docker takes quotes for part of the value, systemd takes them off. */
	if (style == ASSIGN_ENV_NO_EXPORT)
		return quote_is_plain(value);
	/* Behind the blank of " = " they begin a comment. */
	return style != ASSIGN_INI ||
	    !(slice_starts(value, "#") || slice_starts(value, ";"));
}

static void
put_value(struct buf *b, enum assign_style style, struct slice value)
{
	if (style == ASSIGN_ENV)
		quote_put(b, value, QUOTE_SH);
	else if (style == ASSIGN_FISH)
		quote_put(b, value, QUOTE_FISH);
	else if (style == ASSIGN_POWERSHELL)
		quote_put(b, value, QUOTE_POWERSHELL);
	else
		buf_put_slice(b, value);
}

bool
assign_put(struct buf *b, enum assign_style style, const char *name,
	const char *value, struct error *err)
{
	if (!is_carried(style, slice_of(value)))
		return refuse(err, name);
	buf_puts(b, styles[style].before);
	for (const char *c = name; *c; c++)
		buf_putc(b, style == ASSIGN_INI ? ascii_lower(*c) : *c);
	buf_puts(b, styles[style].between);
	put_value(b, style, slice_of(value));
	buf_putc(b, styles[style].after);
	return true;
}

static bool
put_section(struct buf *b, struct slice profile, struct error *err)
{
	if (!profile.len)
		profile = slice_of("default");
	if (!ini_is_name(profile))
		return refuse(err, "the profile's name");
	buf_putc(b, '[');
	buf_put_slice(b, profile);
	buf_puts(b, "]\n");
	return true;
}

bool
assign_put_keys(struct buf *b, const struct result_creds *keys,
	enum assign_style style, struct slice profile, struct error *err)
{
	char end[24];
	struct buf e = TEXT_OVER(end);

	if ((style == ASSIGN_INI && !put_section(b, profile, err)) ||
	    !assign_put(b, style, "AWS_ACCESS_KEY_ID", keys->access_key_id,
	    err) ||
	    !assign_put(b, style, "AWS_SECRET_ACCESS_KEY",
	    keys->secret_access_key, err) ||
	    !assign_put(b, style, "AWS_SESSION_TOKEN", keys->session_token,
	    err))
		return false;
	if (!keys->expires_known)
		return true;
	timestamp_put_iso(&e, keys->expires_s);
	buf_end(&e);
	/* No reader of the file knows it; people do. */
	if (style == ASSIGN_INI)
		buf_puts(b, "# ");
	return assign_put(b, style, "AWS_CREDENTIAL_EXPIRATION", end, err);
}
