/* SPDX-License-Identifier: MIT */
/*
 * Names within and without name constraints (RFC 5280 §4.2.1.10), as they stand
 * in certificates that cert_check has read.
 */
#include "test.h"

#include "base/limits.h"
#include "der_put.h"
#include "net/constraints.h"

enum { PERMITTED = DER_CONTEXT_0, EXCLUDED = DER_CONTEXT_1, MAIL = 0x81 };

static unsigned budget;

static struct slice
tree(unsigned tag, struct slice base)
{
	return der_put(DER_SEQUENCE, der_put(tag, base));
}

static enum cert_fault
check(struct slice limits, struct slice names, struct slice subject)
{
	struct cert above = { .found[CERT_LIMITS] = edge_again(limits) };
	struct cert below = { .found[CERT_NAMES] = names, .subject = subject };

	budget = CHAIN_COMPARISONS_MAX;
	return constraints_check(&above, &below, &budget);
}

/* One constraint and one name, of these tags. */
static enum cert_fault
one(unsigned which, unsigned tag, struct slice base, unsigned name_tag,
	struct slice name)
{
	der_forget();
	return check(der_put(which, tree(tag, base)), der_put(name_tag, name),
	    slice_of(NULL));
}

static enum cert_fault
dns(unsigned which, const char *base, const char *name)
{
	return one(which, DER_DNS_NAME, slice_of(base), DER_DNS_NAME,
	    slice_of(name));
}

TEST(constraints_permit_a_domain_and_what_is_below)
{
	EQ(dns(PERMITTED, "example.com", "example.com"), CERT_FINE);
	EQ(dns(PERMITTED, "example.com", "a.b.EXAMPLE.com"), CERT_FINE);
	EQ(dns(PERMITTED, "", "example.com"), CERT_FINE);
	EQ(dns(PERMITTED, "example.com", "myexample.com"), CERT_OUTSIDE);
	EQ(dns(PERMITTED, "example.com", "example.net"), CERT_OUTSIDE);
	EQ(dns(PERMITTED, "a.example.com", "example.com"), CERT_OUTSIDE);
	EQ(dns(PERMITTED, "example.com", "com"), CERT_OUTSIDE);
}

TEST(constraints_exclude_a_domain_and_what_is_below)
{
	EQ(dns(EXCLUDED, "example.com", "example.com"), CERT_OUTSIDE);
	EQ(dns(EXCLUDED, "example.com", "a.b.EXAMPLE.com"), CERT_OUTSIDE);
	EQ(dns(EXCLUDED, "", "example.com"), CERT_OUTSIDE);
	EQ(dns(EXCLUDED, "example.com", "myexample.com"), CERT_FINE);
	EQ(dns(EXCLUDED, "a.example.com", "example.com"), CERT_FINE);
}

TEST(constraints_count_all_that_a_wildcard_stands_for)
{
	EQ(dns(PERMITTED, "example.com", "*.example.com"), CERT_FINE);
	EQ(dns(PERMITTED, "a.example.com", "*.example.com"), CERT_OUTSIDE);
	EQ(dns(EXCLUDED, "a.example.com", "*.example.com"), CERT_OUTSIDE);
	EQ(dns(EXCLUDED, "example.com", "*.example.com"), CERT_OUTSIDE);
	EQ(dns(EXCLUDED, "a.example.net", "*.example.com"), CERT_FINE);
}

TEST(constraints_that_are_no_domains_refuse)
{
	static const char *const bad[] = {
		".example.com", "*.example.com", "example.com.", ".", "*", "a b",
		"a..example.com", "-", "a_b",
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		EQ(dns(PERMITTED, bad[i], "example.com"), CERT_BAD_LIMITS);
		EQ(dns(EXCLUDED, bad[i], "example.net"), CERT_BAD_LIMITS);
	}
}

TEST(constraints_compare_addresses_under_their_mask)
{
	static const struct { const char *base; unsigned permitted, excluded; }
	cases[] = {
		{ "\xC0\x00\x02\x00\xFF\xFF\xFF\x00", CERT_FINE, CERT_OUTSIDE },
		{ "\xC0\x00\x02\x07\xFF\xFF\xFF\xFF", CERT_FINE, CERT_OUTSIDE },
		{ "\x00\x00\x00\x00\x00\x00\x00\x00", CERT_FINE, CERT_OUTSIDE },
		{ "\xC0\x00\x02\x00\xFF\xFF\xFF\xF8", CERT_FINE, CERT_OUTSIDE },
		{ "\xC0\x00\x02\x00\xFF\xFF\xFF\xFC", CERT_OUTSIDE, CERT_FINE },
		{ "\xC0\x00\x03\x00\xFF\xFF\xFF\x00", CERT_OUTSIDE, CERT_FINE },
		/* masks with a hole, in a byte and between bytes */
		{ "\xC0\x00\x02\x00\xFF\xFF\xFD\x00", CERT_BAD_LIMITS, CERT_BAD_LIMITS },
		{ "\xC0\x00\x02\x00\xFF\x00\xFF\x00", CERT_BAD_LIMITS, CERT_BAD_LIMITS },
		{ "\xC0\x00\x02\x00\xFF\xF0\x80\x00", CERT_BAD_LIMITS, CERT_BAD_LIMITS },
	};
	struct slice name = slice_from("\xC0\x00\x02\x07", 4);

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice base = slice_from(cases[i].base, 8);

		EQ(one(PERMITTED, DER_IP_ADDRESS, base, DER_IP_ADDRESS, name),
		    cases[i].permitted);
		EQ(one(EXCLUDED, DER_IP_ADDRESS, base, DER_IP_ADDRESS, name),
		    cases[i].excluded);
	}
	/* IPv6 is of the same kind; odd lengths are none. */
	EQ(one(PERMITTED, DER_IP_ADDRESS, slice_from("\0\0\0\0\0\0\0\0", 8),
	    DER_IP_ADDRESS, slice_from("2001:db8:0:0:0:7", 16)), CERT_OUTSIDE);
	EQ(one(PERMITTED, DER_IP_ADDRESS, slice_from("\0\0\0\0\0\0", 6),
	    DER_IP_ADDRESS, name), CERT_BAD_LIMITS);
}

TEST(constraints_of_one_kind_say_nothing_of_another)
{
	EQ(one(PERMITTED, DER_DNS_NAME, slice_of("example.com"), DER_IP_ADDRESS,
	    slice_from("\xC0\x00\x02\x07", 4)), CERT_FINE);
	EQ(one(PERMITTED, MAIL, slice_of("example.net"), DER_DNS_NAME,
	    slice_of("example.com")), CERT_FINE);
}

TEST(constraints_of_a_kind_that_is_not_compared_refuse_its_names)
{
	EQ(one(PERMITTED, MAIL, slice_of("example.com"), MAIL,
	    slice_of("a@example.com")), CERT_OUTSIDE);
	EQ(one(EXCLUDED, MAIL, slice_of("example.net"), MAIL,
	    slice_of("a@example.com")), CERT_OUTSIDE);
}

TEST(constraints_look_at_each_name_and_each_tree)
{
	struct slice trees, names;

	der_forget();
	trees = der_join(tree(DER_DNS_NAME, slice_of("example.com")),
	    tree(DER_DNS_NAME, slice_of("example.net")));
	names = der_join(der_text(DER_DNS_NAME, "a.example.net"),
	    der_text(DER_DNS_NAME, "example.com"));
	EQ(check(der_put(PERMITTED, trees), names, slice_of(NULL)), CERT_FINE);
	EQ(budget, CHAIN_COMPARISONS_MAX - 4);
	EQ(check(der_put(EXCLUDED, trees), names, slice_of(NULL)), CERT_OUTSIDE);
	names = der_join(names, der_text(DER_DNS_NAME, "example.org"));
	EQ(check(der_put(PERMITTED, trees), names, slice_of(NULL)),
	    CERT_OUTSIDE);
	EQ(check(der_join(der_put(PERMITTED, trees), der_put(EXCLUDED,
	    tree(DER_DNS_NAME, slice_of("a.example.net")))),
	    der_text(DER_DNS_NAME, "a.example.net"), slice_of(NULL)),
	    CERT_OUTSIDE);
}

TEST(constraints_permit_a_subject_and_exclude_none)
{
	static const char own[] = "\x30\x06\x31\x01" "a" "\x31\x01" "b";
	static const char *const permitted[] = { "\x30\x03\x31\x01" "a" };
	struct slice subject = slice_from(own, 8);
	struct slice first = slice_from(permitted[0], 5);
	struct slice other = slice_from("\x30\x03\x31\x01" "b", 5);

	der_forget();
	EQ(check(der_put(PERMITTED, tree(DER_DIRECTORY_NAME, first)),
	    slice_of(NULL), subject), CERT_FINE);
	EQ(check(der_put(PERMITTED, tree(DER_DIRECTORY_NAME, other)),
	    slice_of(NULL), subject), CERT_OUTSIDE);
	EQ(check(der_put(PERMITTED, tree(DER_DIRECTORY_NAME, subject)),
	    slice_of(NULL), first), CERT_OUTSIDE);
	EQ(check(der_put(EXCLUDED, tree(DER_DIRECTORY_NAME, other)),
	    slice_of(NULL), subject), CERT_OUTSIDE);
	/* A subject of nothing is no name. */
	EQ(check(der_put(EXCLUDED, tree(DER_DIRECTORY_NAME, other)),
	    slice_of(NULL), slice_from("\x30\x00", 2)), CERT_FINE);
	/* The same in an alternative name. */
	EQ(check(der_put(PERMITTED, tree(DER_DIRECTORY_NAME, other)),
	    der_put(DER_DIRECTORY_NAME, subject), slice_of(NULL)),
	    CERT_OUTSIDE);
}

TEST(constraints_that_are_malformed_refuse)
{
	struct slice good, name, bad[8];
	size_t n = 0;

	der_forget();
	name = der_text(DER_DNS_NAME, "example.com");
	good = tree(DER_DNS_NAME, slice_of("example.com"));
	EQ(check(der_put(PERMITTED, good), name, slice_of(NULL)), CERT_FINE);
	bad[n++] = der_put(PERMITTED, slice_of(NULL));
	bad[n++] = der_put(PERMITTED, der_text(DER_SEQUENCE, ""));
	bad[n++] = der_put(PERMITTED, name);
	bad[n++] = der_put(PERMITTED, der_join(good, slice_of("x")));
	/* minimum [0] is 0 and left out, maximum [1] is not there */
	bad[n++] = der_put(PERMITTED, der_put(DER_SEQUENCE,
	    der_join(name, der_text(0x80, "\x01"))));
	bad[n++] = der_join(der_put(PERMITTED, good), der_put(PERMITTED, good));
	bad[n++] = der_put(DER_CONTEXT_3, good);
	bad[n++] = der_join(der_put(PERMITTED, good), slice_of("x"));
	EQ(n, COUNT(bad));
	for (size_t i = 0; i < n; i++)
		EQ(check(bad[i], name, slice_of(NULL)), CERT_BAD_LIMITS);
	/* The wrong way round, what stands first does not help. */
	EQ(check(der_join(der_put(EXCLUDED, tree(DER_DNS_NAME,
	    slice_of("example.net"))), der_put(PERMITTED, good)), name,
	    slice_of(NULL)), CERT_BAD_LIMITS);
}

TEST(constraints_are_compared_with_a_bounded_number_of_names)
{
	struct cert above = { 0 }, below = { 0 };

	der_forget();
	above.found[CERT_LIMITS] = der_put(PERMITTED,
	    tree(DER_DNS_NAME, slice_of("com")));
	below.found[CERT_NAMES] = der_join(der_text(DER_DNS_NAME, "a.com"),
	    der_text(DER_DNS_NAME, "b.com"));
	budget = 2;
	EQ(constraints_check(&above, &below, &budget), CERT_FINE);
	EQ(budget, 0);
	budget = 1;
	EQ(constraints_check(&above, &below, &budget), CERT_TOO_MANY);
	EQ(budget, 0);
	/* Where there are none, nothing is compared. */
	EQ(constraints_check(&below, &below, &budget), CERT_FINE);
}
