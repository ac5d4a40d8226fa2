/* SPDX-License-Identifier: MIT */
/*
 * A reader for the XML that STS answers with: elements, attributes, text, the
 * five entities and character references. A document type, processing
 * instructions, CDATA and other entities are refused: STS sends none, and each
 * is a way to say one thing and mean another.
 */
#ifndef POSTERN_CODEC_XML_H
#define POSTERN_CODEC_XML_H

#include "base/buf.h"

/*
 * Check a whole document: UTF-8, one root, tags that match, attributes that
 * are quoted and not doubled, characters that XML 1.0 §2.2 allows, depth of at
 * most XML_DEPTH_MAX. Only a checked document may be handed to the functions
 * below.
 */
bool xml_check(struct slice doc, const char **why)
	__attribute__((warn_unused_result));

/*
 * The raw content of the one element at `path`, such as "A/B/C" with A the
 * root. Fails when a part is missing or stands twice among its siblings, or
 * when an element below the root changes the namespace.
 */
bool xml_find(struct slice doc, const char *path, struct slice *raw)
	__attribute__((warn_unused_result));

/* The root's default namespace; empty when it has none. */
struct slice xml_namespace(struct slice doc);

/* The root's name. */
struct slice xml_root(struct slice doc);

/*
 * Append the text of an element with its references decoded. Fails when the
 * element holds anything but text (elements, comments).
 */
bool xml_text(struct slice raw, struct buf *out)
	__attribute__((warn_unused_result));

#endif
