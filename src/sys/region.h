/* SPDX-License-Identifier: MIT */
/*
 * The two memory regions that hold what must not leak: "secret" for keys and
 * tokens, "wire" for buffers that secrets pass through.
 */
#ifndef POSTERN_SYS_REGION_H
#define POSTERN_SYS_REGION_H

#include "base/error.h"

struct region {
	void *p;
	size_t len;             /* bytes usable at p */
	bool locked;            /* cannot be swapped out */
};

/*
 * Map `len` zeroed bytes between two guard pages, left out of core files and
 * of children made by fork(2). With `lock` the pages are locked too; where the
 * host refuses that, region.locked says so and the run goes on.
 */
bool region_map(struct region *r, size_t len, bool lock, struct error *err)
	__attribute__((warn_unused_result));

/* Overwrite with zeros and give back. */
void region_wipe(struct region *r);

#endif
