/* SPDX-License-Identifier: MIT */
/*
 * The one place where AWS's host names are written down. Sources: botocore
 * 1.43.11 (partitions.json, STS and sign-in endpoint rules), AWS General
 * Reference ("AWS Sign-In endpoints", "AWS Management Console endpoints"); the
 * AWS CLI's rules for sign-in's FIPS and dual-stack hosts.
 */
#include "aws/partition.h"

/* Rows that rules name. */
enum { AWS = 0, GOV = 2 };

static const struct partition table[] = {
	[AWS] = {
		/* General Reference; the sign-in host without region is us-east-1's. */
		.name = "aws",
		.dns_suffix = "amazonaws.com",
		.dual_suffix = "api.aws",
		.signin_domain = "signin.aws.amazon.com",
		.console_domain = "console.aws.amazon.com",
		.default_region = "us-east-1",
		.bare_region = "us-east-1",
		.region_prefixes = "us- eu- ap- sa- ca- me- af- il- mx-",
	}, {
		/* AWS in China; console hosts have no cn-north-1 prefix (AWS Toolkits). */
		.name = "aws-cn",
		.dns_suffix = "amazonaws.com.cn",
		.dual_suffix = "api.amazonwebservices.com.cn",
		.signin_domain = "signin.amazonaws.cn",
		.console_domain = "console.amazonaws.cn",
		.default_region = "cn-north-1",
		.bare_region = "cn-north-1",
		.region_prefixes = "cn-",
	}, [GOV] = {
		/* AWS GovCloud (US) User Guide. */
		.name = "aws-us-gov",
		.dns_suffix = "amazonaws.com",
		.dual_suffix = "api.aws",
		.signin_domain = "signin.amazonaws-us-gov.com",
		.console_domain = "console.amazonaws-us-gov.com",
		.default_region = "us-gov-west-1",
		.bare_region = "us-gov-west-1",
		.region_prefixes = "us-gov-",
	}, {
		/* European Sovereign Cloud: there is no host without a region. */
		.name = "aws-eusc",
		.dns_suffix = "amazonaws.eu",
		.dual_suffix = "api.amazonwebservices.eu",
		.signin_domain = "signin.amazonaws-eusc.eu",
		.console_domain = "console.amazonaws-eusc.eu",
		.default_region = "eusc-de-east-1",
		.region_prefixes = "eusc-de-",
	}, {
		/* Isolated partitions: API and sign-in names from botocore and the */
		/* AWS CLI's sign-in rules; consoles are unpublished. */
		.name = "aws-iso",
		.dns_suffix = "c2s.ic.gov",
		.dual_suffix = "api.aws.ic.gov",
		.signin_domain = "signin.c2shome.ic.gov",
		.console_domain = "console.c2shome.ic.gov",
		.default_region = "us-iso-east-1",
		.bare_region = "us-iso-east-1",
		.region_prefixes = "us-iso-",
		.isolated = true,
	}, {
		.name = "aws-iso-b",
		.dns_suffix = "sc2s.sgov.gov",
		.dual_suffix = "api.aws.scloud",
		.signin_domain = "signin.sc2shome.sgov.gov",
		.console_domain = "console.sc2shome.sgov.gov",
		.default_region = "us-isob-east-1",
		.bare_region = "us-isob-east-1",
		.region_prefixes = "us-isob-",
		.isolated = true,
	}, {
		.name = "aws-iso-e",
		.dns_suffix = "cloud.adc-e.uk",
		.dual_suffix = "api.cloud-aws.adc-e.uk",
		.signin_domain = "signin.csphome.adc-e.uk",
		.console_domain = "console.csphome.adc-e.uk",
		.default_region = "eu-isoe-west-1",
		.bare_region = "eu-isoe-west-1",
		.region_prefixes = "eu-isoe-",
		.isolated = true,
	}, {
		.name = "aws-iso-f",
		.dns_suffix = "csp.hci.ic.gov",
		.dual_suffix = "api.aws.hci.ic.gov",
		.signin_domain = "signin.csphome.hci.ic.gov",
		.console_domain = "console.csphome.hci.ic.gov",
		.default_region = "us-isof-south-1",
		.bare_region = "us-isof-south-1",
		.region_prefixes = "us-isof-",
		.isolated = true,
	},
};

#define PARTITIONS (sizeof table / sizeof table[0])

/* GovCloud's FIPS sign-in domain (the AWS CLI's sign-in endpoint rules). */
#define GOV_FIPS_SIGNIN "signin-fips.amazonaws-us-gov.com"

/* What "legacy" sends to the global host (botocore's STS endpoint rules). */
#define LEGACY_REGIONS \
    "us-east-1 us-east-2 us-west-1 us-west-2 eu-west-1 eu-west-2 " \
    "eu-west-3 eu-central-1 eu-north-1 ap-northeast-1 ap-southeast-1 " \
    "ap-southeast-2 ap-south-1 ca-central-1 sa-east-1"

/* botocore 1.43.11, partitions.json */
static const char regions[] = LEGACY_REGIONS
    " eu-central-2 eu-south-1 eu-south-2 ap-northeast-2 ap-northeast-3 "
    "ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 "
    "ap-southeast-7 ap-south-2 ap-east-1 ap-east-2 ca-west-1 "
    "af-south-1 me-central-1 me-south-1 il-central-1 "
    "mx-central-1 cn-north-1 cn-northwest-1 us-gov-east-1 "
    "us-gov-west-1 eusc-de-east-1 us-iso-east-1 us-iso-west-1 "
    "us-isob-east-1 us-isob-west-1 eu-isoe-west-1 us-isof-east-1 "
    "us-isof-south-1";

void
endpoint_put_authority(struct buf *b, const struct endpoint *e)
{
	bool v6 = strchr(e->host, ':') != NULL;         /* RFC 3986 §3.2.2 */

	buf_puts(b, v6 ? "[" : "");
	buf_puts(b, e->host);
	buf_puts(b, v6 ? "]" : "");
	if (e->port != (e->https ? 443 : 80)) {
		buf_putc(b, ':');
		buf_put_u64(b, e->port);
	}
}

const struct partition *
partition_at(size_t i)
{
	return i < PARTITIONS ? &table[i] : NULL;
}

/* What botocore's patterns have behind the prefix: \w+-\d+ */
static bool
is_word_and_number(struct slice s)
{
	size_t hyphen = slice_find_char(s, '-');

	if (hyphen == 0 || hyphen + 1 >= s.len)
		return false;
	return slice_span_alnum(s, "_") == hyphen &&
	    slice_span_digits(slice_skip(s, hyphen + 1)) == s.len - hyphen - 1;
}

static bool
region_fits(const struct partition *p, struct slice region)
{
	struct slice rest = slice_of(p->region_prefixes), prefix;

	while (slice_take_word(&rest, &prefix))
		if (region.len > prefix.len &&
		    memcmp(region.p, prefix.p, prefix.len) == 0 &&
		    is_word_and_number(slice_skip(region, prefix.len)))
			return true;
	return false;
}

const struct partition *
partition_of_region(struct slice region)
{
	for (size_t i = 0; i < PARTITIONS; i++)
		if (region_fits(&table[i], region))
			return &table[i];
	return &table[0];
}

const struct partition *
partition_by_name(struct slice name)
{
	for (size_t i = 0; i < PARTITIONS; i++)
		if (slice_is(name, table[i].name))
			return &table[i];
	return NULL;
}

/* Is `host` the domain or a name below it? */
static bool
is_below(struct slice host, const char *domain)
{
	size_t n = strlen(domain);

	return host.len >= n &&
	    slice_ieq(slice_skip(host, host.len - n), slice_of(domain)) &&
	    (host.len == n || host.p[host.len - n - 1] == '.');
}

/* The next label of a name; false at its end. */
static bool
take_label(struct slice *host, struct slice *label)
{
	size_t dot = slice_find_char(*host, '.');

	*label = slice_from(host->p, dot);
	*host = slice_skip(*host, dot < host->len ? dot + 1 : dot);
	return label->len > 0;
}

const struct partition *
partition_of_host(struct slice host)
{
	const struct partition *found = NULL;

	for (size_t i = 0; i < PARTITIONS && !found; i++)
		if (is_below(host, table[i].signin_domain) ||
		    is_below(host, table[i].dns_suffix) ||
		    is_below(host, table[i].dual_suffix))
			found = &table[i];
	if (is_below(host, GOV_FIPS_SIGNIN))
		return &table[GOV];
	if (found != &table[AWS] || is_below(host, found->signin_domain))
		return found;
	/* Two partitions share the suffixes: the region decides. */
	for (struct slice label; take_label(&host, &label); )
		if (region_fits(&table[GOV], label))
			return &table[GOV];
	return found;
}

/*
 * The region of [vpce-ID "."] SERVICE["-fips"] "." REGION [".vpce"] "." SUFFIX;
 * empty when `host` is no such name. Without REGION it is the global host.
 */
static struct slice
region_of_service(struct slice host, const char *service)
{
	const struct slice none = { NULL, 0 };
	const struct partition *p = partition_of_host(host);
	struct slice label, region;
	bool vpce;

	if (!p || !take_label(&host, &label))
		return none;
	vpce = slice_starts(label, "vpce-");
	if (vpce && !take_label(&host, &label))
		return none;
	if (!slice_starts(label, service))
		return none;
	label = slice_skip(label, strlen(service));
	if (label.len && !slice_is(label, "-fips"))
		return none;
	if (!vpce && slice_is(host, p->dns_suffix))
		return slice_of(p->bare_region);
	if (!take_label(&host, &region) || !region_is_valid(region))
		return none;
	if (vpce && (!take_label(&host, &label) || !slice_is(label, "vpce")))
		return none;
	return slice_is(host, p->dns_suffix) ||
	    (!vpce && slice_is(host, p->dual_suffix)) ? region : none;
}

struct slice
partition_sts_region(struct slice host)
{
	return region_of_service(host, "sts");
}

bool
partition_is_signin_host(struct slice host)
{
	for (size_t i = 0; i < PARTITIONS; i++)
		if (is_below(host, table[i].signin_domain))
			return true;
	return is_below(host, GOV_FIPS_SIGNIN) ||
	    region_of_service(host, "signin").len;
}

bool
region_is_valid(struct slice region)
{
	if (region.len == 0 || region.len > REGION_MAX ||
	    region.p[0] == '-' || region.p[region.len - 1] == '-')
		return false;
	for (size_t i = 0; i < region.len; i++)
		if (!ascii_is_digit(region.p[i]) && region.p[i] != '-' &&
		    (region.p[i] < 'a' || region.p[i] > 'z'))
			return false;
	/* The SDKs' words for "no region" (aws-global): they have no hosts. */
	return !slice_starts(region, "aws-");
}

static bool
is_listed(struct slice region, struct slice list)
{
	struct slice known;

	while (slice_take_word(&list, &known))
		if (slice_eq(region, known))
			return true;
	return false;
}

bool
region_is_known(struct slice region)
{
	return is_listed(region, slice_of(regions));
}

bool
region_is_legacy(struct slice region)
{
	return is_listed(region, slice_from(regions, sizeof LEGACY_REGIONS - 1));
}

struct slice
region_nearest(struct slice region)
{
	struct slice rest = slice_of(regions), known, best = { NULL, 0 };
	size_t least = 4;               /* further off is no slip of the hand */

	while (slice_take_word(&rest, &known)) {
		size_t d = slice_distance(region, known);

		if (d < least) {
			least = d;
			best = known;
		}
	}
	return best;
}

/* SERVICE["-fips"] "." [REGION "."] SUFFIX */
static void
put_service_host(struct buf *b, const char *service, bool fips,
	struct slice region, const char *suffix)
{
	buf_puts(b, service);
	buf_puts(b, fips ? "-fips." : ".");
	if (region.len) {
		buf_put_slice(b, region);
		buf_putc(b, '.');
	}
	buf_puts(b, suffix);
}

void
partition_put_sts_host(struct buf *b, const struct partition *p,
	struct slice region, unsigned hosts)
{
	/* GovCloud's ordinary hosts are its FIPS hosts. */
	bool plain = p == &table[GOV] && !(hosts & HOSTS_DUALSTACK);

	put_service_host(b, "sts", (hosts & HOSTS_FIPS) && !plain, region,
	    hosts & HOSTS_DUALSTACK ? p->dual_suffix : p->dns_suffix);
}

static bool
wants_prefix(const struct partition *p, struct slice region)
{
	return region.len && !slice_is(region, p->bare_region);
}

void
partition_put_signin_host(struct buf *b, const struct partition *p,
	struct slice region, unsigned hosts)
{
	bool gov = p == &table[GOV];

	if (hosts & HOSTS_DUALSTACK) {
		put_service_host(b, "signin", hosts & HOSTS_FIPS, region,
		    p->dual_suffix);
		return;
	}
	if ((hosts & HOSTS_FIPS) && !gov) {
		put_service_host(b, "signin", true, region, p->dns_suffix);
		return;
	}
	if (wants_prefix(p, region)) {
		buf_put_slice(b, region);
		buf_putc(b, '.');
	}
	buf_puts(b, hosts & HOSTS_FIPS ? GOV_FIPS_SIGNIN : p->signin_domain);
}

void
partition_put_console_host(struct buf *b, const struct partition *p,
	struct slice region)
{
	/* us-east-1 has a console host of its own; cn-north-1 has not. */
	bool prefix = strcmp(p->name, "aws-cn") == 0 ? wants_prefix(p, region) :
	    region.len > 0;

	if (prefix) {
		buf_put_slice(b, region);
		buf_putc(b, '.');
	}
	buf_puts(b, p->console_domain);
}

bool
partition_has_console(const struct partition *p, struct slice host)
{
	/* The European Sovereign Cloud's public entry has a name of its own. */
	return is_below(host, p->console_domain) ||
	    (strcmp(p->name, "aws-eusc") == 0 &&
	    slice_ieq(host, slice_of("console.aws.eu")));
}
