/* SPDX-License-Identifier: MIT */
/*
 * Mapping and wiping the memory regions. What lies in them is laid out by
 * login.c.
 */
#include "sys/region.h"

#include <errno.h>
#include <sys/auxv.h>
#include <sys/mman.h>

static size_t
page_size(void)
{
	return (size_t)getauxval(AT_PAGESZ);
}

static size_t
whole_pages(size_t len)
{
	size_t page = page_size();

	return (len + page - 1) / page * page;
}

bool
region_map(struct region *r, size_t len, bool lock, struct error *err)
{
	size_t page = page_size(), inner = whole_pages(len);
	char *all = mmap(NULL, inner + 2 * page, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (all == MAP_FAILED)
		return err_set(err, ERR_IO, STEP_OPTIONS, "no memory: %s",
		    errno_words(errno));
	if (mprotect(all + page, inner, PROT_READ | PROT_WRITE) != 0) {
		munmap(all, inner + 2 * page);
		return err_set(err, ERR_IO, STEP_OPTIONS, "no memory: %s",
		    errno_words(errno));
	}
	r->p = all + page;
	r->len = len;
	/* Both are best effort: old kernels know neither. */
	madvise(r->p, inner, MADV_DONTDUMP);
	madvise(r->p, inner, MADV_WIPEONFORK);
	r->locked = lock && mlock(r->p, inner) == 0;
	return true;
}

void
region_wipe(struct region *r)
{
	size_t page = page_size(), inner = whole_pages(r->len);
	unsigned char resident[4096];   /* pages: 16 MiB where a page has 4 KiB */
	bool known;

	if (!r->p)
		return;
	known = inner / page <= sizeof resident &&
	    mincore(r->p, inner, resident) == 0;
	/* Untouched pages hold nothing; swapped ones go with the mapping. */
	for (size_t i = 0; i < inner / page; i++)
		if (!known || resident[i] & 1)
			explicit_bzero((char *)r->p + i * page, page);
	munmap((char *)r->p - page, inner + 2 * page);
	r->p = NULL;
}
