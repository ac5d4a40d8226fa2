/* SPDX-License-Identifier: MIT */
/*
 * The line grammar of AWS's shared config and credentials files (AWS SDKs and
 * Tools Reference Guide, "Shared config and credentials files"), one item at a
 * time. What a section's name means is for creds/sharedfile.c.
 */
#ifndef POSTERN_CODEC_INI_H
#define POSTERN_CODEC_INI_H

#include "base/slice.h"

enum ini_kind {
	INI_END,
	INI_SECTION,            /* name: what stands between the brackets, trimmed */
	INI_PROPERTY,           /* name, value; names compare without case */
	INI_CONTINUATION,       /* value: one more line of the last property */
	INI_SUBPROPERTY,        /* name, value: nested in the last property */
	INI_BAD                 /* why, on line `line` of the reader */
};

struct ini_item {
	enum ini_kind kind;
	struct slice name, value;       /* borrowed from the text */
	const char *why;
};

struct ini {
	struct slice rest;
	unsigned line;          /* of the last item, from 1 */
	bool in_section, in_property, nested;
};

void ini_init(struct ini *ini, struct slice text);

/* The next item; after INI_END or INI_BAD nothing more may be asked. */
struct ini_item ini_next(struct ini *ini);

/*
 * A name of sections and properties: letters, digits and - / . % @ _ : +
 * (others make a reader ignore what they name).
 */
bool ini_is_name(struct slice name);

#endif
