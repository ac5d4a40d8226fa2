/* SPDX-License-Identifier: MIT */
/*
 * check login: the login URL for a sign-in token. Hosts follow from the region,
 * else from the partition, else they are those of partition aws.
 */
#include "common.h"

#include "signin/loginurl.h"

static const struct partition *
partition_of_case(struct slice name, struct slice region)
{
	const struct partition *p = partition_at(0);

	if (region.len && !region_is_valid(region))
		refuse("the region's name is not one that a region can have");
	if (region.len)
		p = partition_of_region(region);
	if (!name.len)
		return p;
	if (!partition_by_name(name))
		refuse("no such partition");
	if (region.len && p != partition_by_name(name))
		refuse("the region is of partition %s", p->name);
	return partition_by_name(name);
}

static void
check_token(struct slice token)
{
	if (token.len == 0 || token.len > SIGNIN_TOKEN_MAX)
		refuse("the token is empty or longer than %d bytes",
		    SIGNIN_TOKEN_MAX);
	for (size_t i = 0; i < token.len; i++)
		if ((unsigned char)token.p[i] < ' ' || token.p[i] == 0x7F)
			refuse("the token has a control character");
}

int
main(void)
{
	struct slice object = case_object();
	struct slice region = case_text(object, "region");
	struct slice token = case_needed(object, "signin_token");
	const struct partition *p = partition_of_case(
	    case_text(object, "partition"), region);
	struct endpoint signin = { .port = 443, .https = true };
	struct buf host = { signin.host, 0, sizeof signin.host - 1, false };
	struct buf page = take_buf(3 * DESTINATION_MAX), url = take_buf(URL_MAX);
	struct error err = { 0 };
	struct destination_ask ask = {
		.place = case_text(object, "destination"),
		.region = region.len || p->bare_region[0] ? region :
		    slice_of(p->default_region),
		.partition = p,
	};

	check_token(token);
	partition_put_signin_host(&host, p,
	    region.len ? region : slice_of(p->default_region), 0);
	if (!destination_put(&page, &ask, &err))
		refuse("%s", err.what);
	must_fit(&page);
	if (!loginurl_write(&url, &signin, case_text(object, "issuer"),
	    buf_slice(&page), token, &err))
		refuse("%s", err.what);
	answer(buf_slice(&url));
	return ACCEPTED;
}
