/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as both shared files: every item lies within the text, lines only
 * rise, and what the profile lookups find lies within one of the files.
 */
#include "fuzz.h"

#include "creds/sharedfile.h"

static void
walk(struct slice text)
{
	struct ini ini;
	struct ini_item item;
	unsigned line = 0;
	size_t items = 0;

	ini_init(&ini, text);
	while ((item = ini_next(&ini)).kind != INI_END) {
		MUST(ini.line > line && ++items <= text.len);
		line = ini.line;
		if (item.kind == INI_BAD) {
			MUST(item.why != NULL);
			return;
		}
		MUST(item.name.len == 0 || lies_within(item.name, text));
		MUST(item.value.len == 0 || lies_within(item.value, text));
		if (item.kind == INI_PROPERTY || item.kind == INI_SUBPROPERTY)
			MUST(item.name.len > 0);
		MUST(slice_find_char(item.value, '\n') == item.value.len);
	}
	MUST(ini.rest.len == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "default", "a", "dev" };
	struct slice text = input_slice(data, size), value;
	struct shared_files files = {
		.config = text, .credentials = text,
		.config_path = "config", .credentials_path = "credentials",
	};
	struct error err = { 0 };

	walk(text);
	if (!shared_check(&files, &err)) {
		MUST(err.kind == ERR_DATA && err.hint[0]);
		return 0;
	}
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		value = shared_profile_value(&files, slice_of(names[i]), "region");
		MUST(value.len == 0 || lies_within(value, text));
		if (value.len)
			MUST(shared_has_profile(&files, slice_of(names[i])));
	}
	value = shared_nearest_profile(&files, slice_of("defualt"));
	MUST(value.len == 0 || lies_within(value, text));
	return 0;
}
