/* SPDX-License-Identifier: MIT */
/*
 * Splitting ARNs, and the table of AWS policies that people name without
 * their path. Policies that are not in it are given as full ARNs.
 */
#include "aws/arn.h"

/* AWS Managed Policy Reference Guide: path and name below "policy/". */
static const char policies[] =
    "AdministratorAccess ReadOnlyAccess PowerUserAccess "
    "SecurityAudit IAMFullAccess IAMReadOnlyAccess "
    "IAMUserChangePassword AWSSupportAccess "
    "AWSBillingReadOnlyAccess AWSCloudTrail_ReadOnlyAccess "
    "AmazonEC2FullAccess AmazonEC2ReadOnlyAccess "
    "AmazonS3FullAccess AmazonS3ReadOnlyAccess AmazonRDSFullAccess "
    "AmazonRDSReadOnlyAccess AmazonVPCFullAccess "
    "AmazonVPCReadOnlyAccess AmazonDynamoDBFullAccess "
    "AmazonDynamoDBReadOnlyAccess AmazonRoute53FullAccess "
    "AmazonRoute53ReadOnlyAccess AmazonSSMFullAccess "
    "AmazonSSMReadOnlyAccess AWSCloudFormationFullAccess "
    "AWSCloudFormationReadOnlyAccess AWSLambda_FullAccess "
    "AWSLambda_ReadOnlyAccess CloudFrontFullAccess "
    "CloudFrontReadOnlyAccess CloudWatchFullAccess "
    "CloudWatchReadOnlyAccess CloudWatchLogsFullAccess "
    "CloudWatchLogsReadOnlyAccess job-function/Billing "
    "job-function/DatabaseAdministrator job-function/DataScientist "
    "job-function/NetworkAdministrator job-function/SupportUser "
    "job-function/SystemAdministrator job-function/ViewOnlyAccess";

bool
arn_read(struct slice s, struct arn *arn)
{
	struct slice *parts[] = {
		&arn->partition, &arn->service, &arn->region, &arn->account
	};

	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7F)
			return false;
	if (!slice_starts(s, "arn:"))
		return false;
	s = slice_skip(s, 4);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		size_t colon = slice_find_char(s, ':');

		if (colon == s.len)
			return false;
		*parts[i] = slice_from(s.p, colon);
		s = slice_skip(s, colon + 1);
	}
	arn->resource = s;
	return arn->partition.len && arn->service.len && s.len;
}

bool
arn_is_role(const struct arn *arn)
{
	uint64_t account;

	return slice_is(arn->service, "iam") && arn->region.len == 0 &&
	    arn->account.len == 12 &&
	    slice_to_u64(arn->account, UINT64_MAX, &account) &&
	    slice_starts(arn->resource, "role/") && arn->resource.len > 5;
}

static struct slice
short_name(struct slice policy)
{
	size_t slash = slice_find_char(policy, '/');

	return slash < policy.len ? slice_skip(policy, slash + 1) : policy;
}

bool
arn_put_policy(struct buf *b, const char *partition, struct slice name)
{
	struct slice rest = slice_of(policies), policy;

	while (slice_take_word(&rest, &policy)) {
		if (!slice_eq(name, short_name(policy)) && !slice_eq(name, policy))
			continue;
		buf_puts(b, "arn:");
		buf_puts(b, partition);
		buf_puts(b, ":iam::aws:policy/");
		buf_put_slice(b, policy);
		return !b->full;
	}
	return false;
}

struct slice
arn_policy_nearest(struct slice name)
{
	struct slice rest = slice_of(policies), policy, best = { NULL, 0 };
	size_t least = 5;

	while (slice_take_word(&rest, &policy)) {
		size_t d = slice_distance(name, short_name(policy));

		if (d < least) {
			least = d;
			best = short_name(policy);
		}
	}
	return best;
}
