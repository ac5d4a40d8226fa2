/* SPDX-License-Identifier: MIT */
/*
 * One lookup for all of these settings: the variable, else the profile's key
 * of the same name. The order of endpoints is botocore's.
 */
#include "settings.h"

#include "aws/partition.h"
#include "base/env.h"

/* Note a setting that counts. */
static void
add_name(struct settings *s, const char *name)
{
	struct buf b = TEXT_OVER(s->names);

	b.len = strlen(s->names);
	buf_puts(&b, b.len ? ", " : "");
	buf_puts(&b, name);
	buf_end(&b);
}

/* The variable's value, else that of the key: its name without "AWS_". */
static bool
find(struct setting *found, const struct surroundings *around,
	const char *variable)
{
	struct buf b = TEXT_OVER(found->from);

	found->value = env_get(around->env, variable);
	if (found->value.len) {
		buf_puts(&b, variable);
	} else {
		/* Keys compare without case. */
		found->value = shared_profile_value(&around->files,
		    plan_profile(around), variable + 4);
		for (const char *c = variable + 4; *c; c++)
			buf_putc(&b, ascii_lower(*c));
		buf_puts(&b, " of the profile");
	}
	buf_end(&b);
	return found->value.len > 0;
}

/* Only "true" counts, in any case; anything else is false, as in botocore. */
static bool
is_on(struct settings *s, const struct surroundings *around,
	const char *variable)
{
	struct setting set;

	if (!find(&set, around, variable) ||
	    !slice_ieq(set.value, slice_of("true")))
		return false;
	add_name(s, set.from);
	return true;
}

static bool
read_legacy(struct settings *s, const struct surroundings *around,
	struct error *err)
{
	struct setting set;

	if (!find(&set, around, "AWS_STS_REGIONAL_ENDPOINTS") ||
	    slice_is(set.value, "regional"))
		return true;
	if (!slice_is(set.value, "legacy"))
		return err_fail(err, ERR_CONFIG, STEP_OPTIONS,
		    "export AWS_STS_REGIONAL_ENDPOINTS=regional",
		    "%s is neither regional nor legacy", set.from);
	s->legacy = true;
	add_name(s, set.from);
	return true;
}

/* endpoint_url of a service in the section that the profile's `services` names. */
static bool
find_in_services(struct setting *found, const struct surroundings *around,
	const char *service, struct error *err)
{
	struct slice name = shared_profile_value(&around->files,
	    plan_profile(around), "services");

	fmt_text(found->from, sizeof found->from, "%s of the services section",
	    service);
	/* Without it keys would go where the profile does not want them. */
	if (name.len && !shared_service_endpoint(&around->files, name, service,
	    &found->value))
		return err_fail(err, ERR_CONFIG, STEP_OPTIONS,
		    "export AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true",
		    "%s has no section [services NAME] as the profile names it",
		    around->files.config_path);
	return true;
}

static bool
find_sts_url(struct settings *s, const struct surroundings *around,
	struct error *err)
{
	static const char own[] = "AWS_ENDPOINT_URL_STS";
	static const char all[] = "AWS_ENDPOINT_URL";
	struct setting *set = &s->sts_url;

	/* The profile has no key endpoint_url_sts: its services section has. */
	set->value = env_get(around->env, own);
	copy_text(set->from, sizeof set->from, slice_of(own));
	if (!set->value.len && !env_get(around->env, all).len &&
	    !find_in_services(set, around, "sts", err))
		return false;
	if (set->value.len || find(set, around, all))
		add_name(s, set->from);
	return true;
}

static bool
find_signin_url(struct settings *s, const struct surroundings *around,
	struct error *err)
{
	static const char own[] = "AWS_ENDPOINT_URL_SIGNIN";
	struct setting *set = &s->signin_url;

	/* AWS_ENDPOINT_URL is none of it: most mean an emulator or proxy of APIs. */
	set->value = env_get(around->env, own);
	copy_text(set->from, sizeof set->from, slice_of(own));
	if (!set->value.len && !find_in_services(set, around, "signin", err))
		return false;
	if (set->value.len)
		add_name(s, set->from);
	return true;
}

static bool
take_option(struct setting *set, struct slice given, const char *option)
{
	set->value = given;
	copy_text(set->from, sizeof set->from, slice_of(option));
	return given.len > 0;
}

bool
settings_read(struct settings *s, const struct options *opt,
	const struct surroundings *around, struct error *err)
{
	bool ignore;

	memset(s, 0, sizeof *s);
	s->region = opt->region;
	if (!s->region.len)
		s->region = shared_profile_value(&around->files,
		    plan_profile(around), "region");
	if (is_on(s, around, "AWS_USE_FIPS_ENDPOINT"))
		s->hosts |= HOSTS_FIPS;
	if (is_on(s, around, "AWS_USE_DUALSTACK_ENDPOINT"))
		s->hosts |= HOSTS_DUALSTACK;
	if (!read_legacy(s, around, err))
		return false;
	ignore = is_on(s, around, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
	if (!take_option(&s->sts_url, opt->endpoint_url, "--endpoint-url") &&
	    !ignore && !find_sts_url(s, around, err))
		return false;
	if (opt->signin_region.len && opt->signin_endpoint_url.len)
		return err_fail(err, ERR_USAGE, STEP_OPTIONS, "one of them",
		    "--signin-region and --signin-endpoint-url name one host each");
	return take_option(&s->signin_url, opt->signin_endpoint_url,
	    "--signin-endpoint-url") || opt->signin_region.len || ignore ||
	    find_signin_url(s, around, err);
}
