/* SPDX-License-Identifier: MIT */
/*
 * Amazon Resource Names (IAM User Guide, "Identify AWS resources with ARNs"),
 * and the short names of AWS's own policies.
 */
#ifndef POSTERN_AWS_ARN_H
#define POSTERN_AWS_ARN_H

#include "base/buf.h"

struct arn {
	struct slice partition, service, region, account, resource;  /* borrowed */
};

/* arn:partition:service:region:account:resource, printable ASCII. */
bool arn_read(struct slice s, struct arn *arn)
	__attribute__((warn_unused_result));

/* arn:…:iam::123456789012:role/… : twelve digits and a name. */
bool arn_is_role(const struct arn *arn);

/*
 * Append the full ARN of one of AWS's policies, given its short name such as
 * ReadOnlyAccess; false when the name is not in the table.
 */
bool arn_put_policy(struct buf *b, const char *partition, struct slice name)
	__attribute__((warn_unused_result));

/* The nearest short name to a mistyped one; empty when none is near. */
struct slice arn_policy_nearest(struct slice name);

#endif
