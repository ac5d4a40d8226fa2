/* SPDX-License-Identifier: MIT */
/*
 * The compiled-in trust anchors: the five roots of Amazon Trust Services, as
 * its repository asks custom trust stores to have them.
 */
#ifndef POSTERN_NET_ANCHORS_H
#define POSTERN_NET_ANCHORS_H

#include <stddef.h>
#include <stdint.h>

#define ANCHORS 5

struct anchor {
	const char *name;
	const uint8_t *der;     /* the whole certificate */
	size_t len;             /* bytes */
};

extern const struct anchor anchors[ANCHORS];

#endif
