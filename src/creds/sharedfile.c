/* SPDX-License-Identifier: MIT */
/*
 * Lookups over the two files, each a pass over the text: they are small, and
 * a table of them would have to be bounded and wiped.
 */
#include "creds/sharedfile.h"

/* "profile NAME" -> NAME; empty when the word does not stand in front. */
static struct slice
after_word(struct slice inside, const char *word)
{
	size_t n = strlen(word);

	if (!slice_starts(inside, word) || inside.len == n ||
	    (inside.p[n] != ' ' && inside.p[n] != '\t'))
		return slice_from(NULL, 0);
	return slice_trim(slice_skip(inside, n));
}

struct section
section_read(struct slice inside, bool config)
{
	static const struct { char word[12]; enum section_kind kind; } words[] = {
		{ "profile", SECTION_PROFILE },
		{ "sso-session", SECTION_SSO_SESSION },
		{ "services", SECTION_SERVICES },
	};
	struct section s = { SECTION_IGNORED, inside, false };

	if (!config || slice_is(inside, "default")) {
		if (ini_is_name(inside))
			s.kind = SECTION_PROFILE;
		return s;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		struct slice name = after_word(inside, words[i].word);

		if (!ini_is_name(name))
			continue;
		s.kind = words[i].kind;
		s.name = name;
		s.prefixed = true;
	}
	return s;
}

bool
shared_default_is_prefixed(struct slice config)
{
	struct ini ini;
	struct ini_item item;

	ini_init(&ini, config);
	while ((item = ini_next(&ini)).kind != INI_END && item.kind != INI_BAD) {
		struct section s = section_read(item.name, true);

		if (item.kind == INI_SECTION && s.kind == SECTION_PROFILE &&
		    s.prefixed && slice_is(s.name, "default"))
			return true;
	}
	return false;
}

static bool
check_file(struct slice text, const char *path, struct error *err)
{
	struct ini ini;
	struct ini_item item;

	ini_init(&ini, text);
	while ((item = ini_next(&ini)).kind != INI_END) {
		if (item.kind != INI_BAD)
			continue;
		return err_fail(err, ERR_DATA, STEP_CREDENTIALS,
		    "mend that line, or export AWS_CONFIG_FILE=/dev/null "
		    "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
		    "%s, line %u: %s", path, ini.line, item.why);
	}
	return true;
}

bool
shared_check(const struct shared_files *files, struct error *err)
{
	return check_file(files->config, files->config_path, err) &&
	    check_file(files->credentials, files->credentials_path, err);
}

/* What is looked for: a property of a section, or one nested in it. */
struct place {
	enum section_kind kind;
	struct slice name;              /* of the section */
	const char *key;
	const char *nested;             /* or NULL */
};

/* Does this section of the file define what `place` names? */
static bool
is_section(struct section s, const struct place *place, bool prefixed_default)
{
	if (s.kind != place->kind || !slice_eq(s.name, place->name))
		return false;
	return s.prefixed || !prefixed_default || !slice_is(s.name, "default");
}

/* The last value there, and whether the section stands in this file. */
static bool
find_in(struct slice text, bool config, const struct place *place,
	struct slice *value)
{
	bool prefixed_default = config && shared_default_is_prefixed(text);
	bool ours = false, this_key = false, found = false;
	struct ini ini;
	struct ini_item item;

	ini_init(&ini, text);
	while ((item = ini_next(&ini)).kind != INI_END && item.kind != INI_BAD) {
		switch (item.kind) {
		case INI_SECTION:
			ours = is_section(section_read(item.name, config), place,
			    prefixed_default);
			found |= ours;
			this_key = false;
			break;
		case INI_PROPERTY:
			this_key = ours &&
			    slice_ieq(item.name, slice_of(place->key));
			if (this_key && !place->nested)
				*value = item.value;
			break;
		case INI_SUBPROPERTY:
			if (this_key && place->nested &&
			    slice_ieq(item.name, slice_of(place->nested)))
				*value = item.value;
			break;
		case INI_CONTINUATION:
			if (this_key && !place->nested)
				value->len = (size_t)(item.value.p +
				    item.value.len - value->p);
			break;
		default:
			break;
		}
	}
	return found;
}

struct slice
shared_value_in(const struct shared_files *files, bool config,
	struct slice name, const char *key)
{
	const struct place place = { SECTION_PROFILE, name, key, NULL };
	struct slice value = { NULL, 0 };

	find_in(config ? files->config : files->credentials, config, &place,
	    &value);
	return value;
}

struct slice
shared_profile_value(const struct shared_files *files, struct slice name,
	const char *key)
{
	struct slice better = shared_value_in(files, false, name, key);

	return better.p ? better : shared_value_in(files, true, name, key);
}

bool
shared_sso_session_value(const struct shared_files *files, struct slice name,
	const char *key, struct slice *value)
{
	const struct place place = { SECTION_SSO_SESSION, name, key, NULL };

	*value = slice_from(NULL, 0);
	return find_in(files->config, true, &place, value);
}

bool
shared_service_endpoint(const struct shared_files *files,
	struct slice services, const char *service, struct slice *url)
{
	const struct place place = {
		SECTION_SERVICES, services, service, "endpoint_url"
	};

	*url = slice_from(NULL, 0);
	return find_in(files->config, true, &place, url);
}

bool
shared_has_profile(const struct shared_files *files, struct slice name)
{
	const struct place place = { SECTION_PROFILE, name, "", NULL };
	struct slice ignored;

	return find_in(files->config, true, &place, &ignored) ||
	    find_in(files->credentials, false, &place, &ignored);
}

struct slice
shared_nearest_profile(const struct shared_files *files, struct slice name)
{
	const struct slice texts[] = { files->config, files->credentials };
	struct slice best = { NULL, 0 };
	size_t least = 4;

	for (int i = 0; i < 2; i++) {
		struct ini ini;
		struct ini_item item;

		ini_init(&ini, texts[i]);
		while ((item = ini_next(&ini)).kind != INI_END &&
		    item.kind != INI_BAD) {
			struct section s = section_read(item.name, i == 0);
			size_t d = slice_distance(s.name, name);

			if (item.kind == INI_SECTION &&
			    s.kind == SECTION_PROFILE && d < least) {
				least = d;
				best = s.name;
			}
		}
	}
	return best;
}
