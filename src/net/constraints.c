/* SPDX-License-Identifier: MIT */
/*
 * Names against the subtrees that authorities are kept to. What cannot be
 * compared is refused; which certificates stand above which is chain.c's.
 */
#include "net/constraints.h"

#include "codec/der.h"
#include "codec/uri.h"

/* The name itself, or with labels added on its left. */
static bool
is_below(struct slice name, struct slice base)
{
	size_t more = name.len - base.len;

	return base.len == 0 || (name.len >= base.len &&
	    slice_ieq(slice_skip(name, more), base) &&
	    (more == 0 || name.p[more - 1] == '.'));
}

/* A wildcard is excluded, too, when a name that it stands for is. */
static bool
fits_dns(struct slice base, struct slice name, bool permitted)
{
	return is_below(name, base) || (!permitted &&
	    slice_starts(name, "*.") && is_below(base, slice_skip(name, 2)));
}

/* The base is an address, then its mask. */
static bool
fits_address(struct slice base, struct slice name)
{
	if (base.len != 2 * name.len)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if ((base.p[i] ^ name.p[i]) & base.p[name.len + i])
			return false;
	return true;
}

/*
 * The base's parts are the first of the name. Compared byte by byte, which says
 * too rarely that they are: good for what is permitted only.
 */
static bool
fits_directory(struct slice base, struct slice name)
{
	struct der b, n;

	return der_take(&base, DER_SEQUENCE, &b) &&
	    der_take(&name, DER_SEQUENCE, &n) &&
	    n.content.len >= b.content.len && slice_eq(b.content,
	    slice_from(n.content.p, b.content.len));
}

static bool
fits(const struct der *base, const struct der *name, bool permitted)
{
	switch (base->tag) {
	case DER_DNS_NAME:
		return fits_dns(base->content, name->content, permitted);
	case DER_IP_ADDRESS:
		return fits_address(base->content, name->content);
	case DER_DIRECTORY_NAME:
		return !permitted || fits_directory(base->content,
		    name->content);
	}
	return !permitted;
}

/* Ones, then zeros, in the style of RFC 4632. */
static bool
is_mask(struct slice mask)
{
	unsigned zeros = 0;

	for (size_t i = 0; i < mask.len; i++) {
		unsigned here = ~(unsigned)mask.p[i] & 0xFF;

		if (here & (here + 1) || (zeros && here != 0xFF))
			return false;
		zeros = here;
	}
	return true;
}

/* A domain without a dot or a "*" before it, or an address and its mask. */
static bool
is_base(const struct der *base)
{
	struct slice s = base->content;

	if (base->tag == DER_DNS_NAME)
		return s.len == 0 || uri_is_host(s);
	return base->tag != DER_IP_ADDRESS || ((s.len == 8 || s.len == 32) &&
	    is_mask(slice_skip(s, s.len / 2)));
}

/* GeneralSubtrees: a base each; minimum and maximum have to be left out. */
static enum cert_fault
check_name(struct slice trees, bool permitted, const struct der *name,
	unsigned *budget)
{
	bool of_kind = false, within = false;
	struct der tree, base;

	do {
		if (!der_take(&trees, DER_SEQUENCE, &tree) ||
		    !der_next(&tree.content, &base) || tree.content.len ||
		    !is_base(&base))
			return CERT_BAD_LIMITS;
		if (*budget == 0)
			return CERT_TOO_MANY;
		--*budget;
		if (base.tag != name->tag)
			continue;
		of_kind = true;
		within |= fits(&base, name, permitted);
	} while (trees.len);
	return of_kind && within != permitted ? CERT_OUTSIDE : CERT_FINE;
}

/* NameConstraints ::= SEQUENCE { permitted [0], excluded [1] }, each optional */
static enum cert_fault
check_both(struct slice limits, const struct der *name, unsigned *budget)
{
	enum cert_fault fault = CERT_FINE;
	struct der trees;

	if (der_take(&limits, DER_CONTEXT_0, &trees))
		fault = check_name(trees.content, true, name, budget);
	if (!fault && der_take(&limits, DER_CONTEXT_1, &trees))
		fault = check_name(trees.content, false, name, budget);
	return fault || !limits.len ? fault : CERT_BAD_LIMITS;
}

enum cert_fault
constraints_check(const struct cert *authority, const struct cert *cert,
	unsigned *budget)
{
	struct slice limits = authority->found[CERT_LIMITS];
	struct slice cur = cert->found[CERT_NAMES];
	/* The subject is a name, too, as [4] has it. */
	struct der name = { DER_DIRECTORY_NAME, cert->subject, cert->subject };
	enum cert_fault fault = CERT_FINE;

	if (!limits.p)
		return CERT_FINE;
	/* An empty one is a SEQUENCE of nothing, of two bytes. */
	if (cert->subject.len > 2)
		fault = check_both(limits, &name, budget);
	while (!fault && der_next(&cur, &name))
		fault = check_both(limits, &name, budget);
	return fault;
}
