/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an ARN, a policy's short name, a region and a host: the parts
 * of what is accepted make up the whole again.
 */
#include "fuzz.h"

#include "aws/arn.h"
#include "aws/partition.h"

static void
check_arn(struct slice in)
{
	static char text[1 << 16];
	struct buf b = BUF_OVER(text);
	struct arn arn;

	if (!arn_read(in, &arn))
		return;
	buf_puts(&b, "arn:");
	buf_put_slice(&b, arn.partition);
	buf_putc(&b, ':');
	buf_put_slice(&b, arn.service);
	buf_putc(&b, ':');
	buf_put_slice(&b, arn.region);
	buf_putc(&b, ':');
	buf_put_slice(&b, arn.account);
	buf_putc(&b, ':');
	buf_put_slice(&b, arn.resource);
	MUST(b.full || slice_eq(buf_slice(&b), in));
	MUST(lies_within(arn.resource, in) && arn.resource.len > 0);
	if (arn_is_role(&arn))
		MUST(arn.account.len == 12 && slice_starts(arn.resource, "role/"));
}

static void
check_policy(struct slice in)
{
	char text[256];
	struct buf b = BUF_OVER(text);
	struct slice near = arn_policy_nearest(in);
	struct arn arn;

	if (arn_put_policy(&b, "aws", in))
		MUST(arn_read(buf_slice(&b), &arn) &&
		    slice_is(arn.account, "aws"));
	b.len = 0;
	b.full = false;
	if (near.len)
		MUST(arn_put_policy(&b, "aws", near));
}

static void
check_region(struct slice in)
{
	const struct partition *p = partition_of_region(in);
	char text[512];
	struct buf b = BUF_OVER(text);

	MUST(p != NULL);
	if (region_is_known(in))
		MUST(region_is_valid(in) && slice_eq(region_nearest(in), in));
	if (!region_is_valid(in))
		return;
	partition_put_console_host(&b, p, in);
	MUST(!b.full && partition_has_console(p, buf_slice(&b)));
	for (unsigned hosts = 0; hosts < 4; hosts++) {
		b.len = 0;
		partition_put_signin_host(&b, p, in, hosts);
		MUST(!b.full && partition_of_host(buf_slice(&b)) == p);
		b.len = 0;
		partition_put_sts_host(&b, p, in, hosts);
		MUST(!b.full && partition_of_host(buf_slice(&b)) == p);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = input_slice(data, size);

	check_arn(in);
	check_policy(in);
	check_region(in);
	(void)partition_of_host(in);
	(void)partition_sts_region(in);
	(void)partition_is_signin_host(in);
	return 0;
}
