/* SPDX-License-Identifier: MIT */
/*
 * AWS's partitions and the host names in them: one table, and the rules from a
 * region to its STS, sign-in and console hosts.
 */
#ifndef POSTERN_AWS_PARTITION_H
#define POSTERN_AWS_PARTITION_H

#include "base/buf.h"
#include "base/limits.h"

struct partition {
	/* Arrays, not pointers: a static PIE pays 32 bytes for each pointer. */
	char name[11];                  /* as in ARNs */
	char dns_suffix[18];            /* of API hosts */
	char dual_suffix[29];           /* of those that have IPv6, too */
	char signin_domain[29];
	char console_domain[31];
	char default_region[16];        /* when only the partition is known */
	char bare_region[16];           /* uses the hosts without a region; or empty */
	char region_prefixes[37];       /* blank between them */
	bool isolated;                  /* no public endpoints or roots known to us */
};

/* Where one HTTPS (or loopback HTTP) service is reached. */
struct endpoint {
	char host[HOST_NAME_MAX_LEN + 1];
	uint16_t port;
	bool https;
};

/* Append the host, with its port unless that is the scheme's own. */
void endpoint_put_authority(struct buf *b, const struct endpoint *e);

/*
 * The partition that a region belongs to; `aws` for a name that fits no
 * pattern, as the SDKs do it.
 */
const struct partition *partition_of_region(struct slice region);

/* By name, such as "aws-cn"; NULL when unknown. */
const struct partition *partition_by_name(struct slice name);

/*
 * The partition whose domains `host` (lower case) lies in; NULL when it is in
 * none. amazonaws.com and api.aws serve two: the region in the name decides.
 */
const struct partition *partition_of_host(struct slice host);

/*
 * The region that one of AWS's own STS hosts wants signatures for: regional,
 * FIPS, dual-stack, VPC endpoint, global. Empty for any other host: customers
 * have names below amazonaws.com, too.
 */
struct slice partition_sts_region(struct slice host);

/* Is it one of AWS's own hosts for sign-in, of any of these kinds? */
bool partition_is_signin_host(struct slice host);

/* All of them, in the order of the table; NULL past the end. */
const struct partition *partition_at(size_t i);

/* Could this be a region's name: a-z, 0-9 and hyphens, 1 to REGION_MAX. */
bool region_is_valid(struct slice region);

/* Is it one that AWS has published (botocore 1.43.11)? */
bool region_is_known(struct slice region);

/* Is it one that `sts_regional_endpoints = legacy` sends to the global host? */
bool region_is_legacy(struct slice region);

/* The published region nearest to a mistyped one; empty when none is near. */
struct slice region_nearest(struct slice region);

/* Which of a service's hosts: a set of these, 0 for the ordinary ones. */
enum { HOSTS_FIPS = 1, HOSTS_DUALSTACK = 2 };

/*
 * Append the host name for a region. An empty region gives the bare host,
 * which of STS is the global one.
 */
void partition_put_sts_host(struct buf *b, const struct partition *p,
	struct slice region, unsigned hosts);
void partition_put_signin_host(struct buf *b, const struct partition *p,
	struct slice region, unsigned hosts);
void partition_put_console_host(struct buf *b, const struct partition *p,
	struct slice region);

/* Is `host` a console host of the partition? */
bool partition_has_console(const struct partition *p, struct slice host);

#endif
