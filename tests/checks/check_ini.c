/* SPDX-License-Identifier: MIT */
/*
 * check ini: the shared config and credentials files of a case, merged into one
 * JSON object. Which section is what and how lines read is asked of Postern;
 * every plain value is looked up again the way Postern itself does it.
 */
#include "common.h"

#include "base/limits.h"
#include "creds/sharedfile.h"

/* A named thing: a section, a property in it, or a sub property of that. */
struct entry {
	struct entry *next, *inner;
	struct slice name;              /* properties: in lower case */
	struct slice value;
	bool nested, continued;
};

/* The three groups of the answer. */
struct groups {
	struct entry *profiles, *sso_sessions, *services;
};

static struct entry *
find_entry(struct entry **list, struct slice name)
{
	for (; *list; list = &(*list)->next)
		if (slice_eq((*list)->name, name))
			return *list;
	*list = take(sizeof **list);
	(*list)->name = name;
	return *list;
}

static struct slice
lower(struct slice s)
{
	struct buf b = take_buf(s.len);

	for (size_t i = 0; i < s.len; i++)
		buf_putc(&b, ascii_lower(s.p[i]));
	return buf_slice(&b);
}

/* The section's entry; NULL for one that is ignored. */
static struct entry *
open_section(struct groups *groups, struct slice inside, bool config,
	bool prefixed_default)
{
	struct section s = section_read(inside, config);

	switch (s.kind) {
	case SECTION_PROFILE:
		if (prefixed_default && !s.prefixed && slice_is(s.name, "default"))
			return NULL;
		return find_entry(&groups->profiles, s.name);
	case SECTION_SSO_SESSION:
		return find_entry(&groups->sso_sessions, s.name);
	case SECTION_SERVICES:
		return find_entry(&groups->services, s.name);
	default:
		return NULL;
	}
}

/* A value, or a sub property's; a later one takes an earlier one's place. */
static struct entry *
set_value(struct entry *owner, struct ini_item item)
{
	struct entry *e;

	if (!owner || !ini_is_name(item.name))
		return NULL;
	e = find_entry(&owner->inner, lower(item.name));
	e->value = item.value;
	e->inner = NULL;
	e->nested = e->continued = false;
	return e;
}

static void
continue_value(struct entry *property, struct slice more)
{
	struct buf b;

	if (!property)
		return;
	b = take_buf(property->value.len + 1 + more.len);
	buf_put_slice(&b, property->value);
	buf_putc(&b, '\n');
	buf_put_slice(&b, more);
	property->value = buf_slice(&b);
	property->continued = true;
}

/* The text was checked before: what it yields are items and then the end. */
static void
read_file(struct groups *groups, struct slice text, bool config)
{
	bool prefixed_default = config && shared_default_is_prefixed(text);
	struct entry *section = NULL, *property = NULL;
	struct ini ini;
	struct ini_item item;

	ini_init(&ini, text);
	while ((item = ini_next(&ini)).kind != INI_END) {
		switch (item.kind) {
		case INI_SECTION:
			section = open_section(groups, item.name, config,
			    prefixed_default);
			property = NULL;
			break;
		case INI_PROPERTY:
			property = set_value(section, item);
			break;
		case INI_CONTINUATION:
			continue_value(property, item.value);
			break;
		case INI_SUBPROPERTY:
			if (set_value(property, item))
				property->nested = true;
			break;
		default:
			refuse("line %u: %s", ini.line, item.why);
		}
	}
}

/* What a run would find for this property is what the answer says. */
static void
look_up_again(const struct shared_files *files, const struct entry *profile,
	const struct entry *property)
{
	char name[PROFILE_NAME_MAX];
	struct slice found;

	if (property->nested || property->continued || !property->value.len ||
	    !copy_text(name, sizeof name, property->name))
		return;
	found = shared_profile_value(files, profile->name, name);
	if (!slice_eq(found, property->value))
		refuse("a run would find another value of %s in profile %.*s",
		    name, (int)profile->name.len, profile->name.p);
}

static void
put_key(struct buf *b, struct slice name)
{
	if (b->len && b->p[b->len - 1] != '{')
		buf_putc(b, ',');
	json_put_string(b, name);
	buf_putc(b, ':');
}

static void
put_properties(struct buf *b, const struct entry *e)
{
	buf_putc(b, '{');
	for (; e; e = e->next) {
		put_key(b, e->name);
		if (e->nested)
			put_properties(b, e->inner);
		else
			json_put_string(b, e->value);
	}
	buf_putc(b, '}');
}

static void
put_group(struct buf *b, const char *name, const struct entry *e)
{
	json_put_name(b, name);
	buf_putc(b, '{');
	for (; e; e = e->next) {
		put_key(b, e->name);
		put_properties(b, e->inner);
	}
	buf_putc(b, '}');
}

int
main(void)
{
	struct slice object = case_object();
	struct shared_files files = {
		.config = case_text(object, "configFile"),
		.credentials = case_text(object, "credentialsFile"),
		.config_path = "configFile",
		.credentials_path = "credentialsFile",
	};
	struct buf out = take_buf(6u * CASE_MAX);
	struct groups groups = { NULL, NULL, NULL };
	struct error err = { 0 };

	if (!shared_check(&files, &err))
		refuse("%s", err.what);
	read_file(&groups, files.config, true);
	read_file(&groups, files.credentials, false);
	for (struct entry *p = groups.profiles; p; p = p->next) {
		if (!shared_has_profile(&files, p->name))
			refuse("a run would not find profile %.*s",
			    (int)p->name.len, p->name.p);
		for (struct entry *e = p->inner; e; e = e->next)
			look_up_again(&files, p, e);
	}
	buf_putc(&out, '{');
	put_group(&out, "profiles", groups.profiles);
	put_group(&out, "sso-sessions", groups.sso_sessions);
	put_group(&out, "services", groups.services);
	buf_putc(&out, '}');
	must_fit(&out);
	answer(buf_slice(&out));
	return ACCEPTED;
}
