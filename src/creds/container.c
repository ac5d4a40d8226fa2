/* SPDX-License-Identifier: MIT */
/*
 * Source: the credential endpoint of a container, of ECS or of EKS Pod Identity
 * (AWS SDKs and Tools Reference Guide, "Container credential provider").
 */
#include "base/env.h"
#include "creds/inquiry.h"
#include "creds/keys_json.h"

extern const struct source source_container;

#define RELATIVE "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
#define FULL "AWS_CONTAINER_CREDENTIALS_FULL_URI"
#define ECS "http://169.254.170.2"

static const char hint[] = "check the role of this task or pod, and the token's "
	"variable or file";

/* The addresses that may be asked in the clear. */
static bool
may_ask(const struct ip *ip)
{
	/* ECS, EKS, and fd00:ec2::23 of EKS */
	static const uint8_t v4[][4] = {
		{ 169, 254, 170, 2 }, { 169, 254, 170, 23 },
	};
	static const uint8_t v6[16] = {
		0xFD, 0, 0x0E, 0xC2, [15] = 0x23,
	};

	if (ip->family == 6 && memcmp(ip->bytes, v6, 16) == 0)
		return true;
	for (size_t i = 0; i < 2 && ip->family == 4; i++)
		if (memcmp(ip->bytes, v4[i], 4) == 0)
			return true;
	return ip_is_loopback(ip);
}

static bool
container_plan(const struct look *look, struct plan *plan, struct error *err)
{
	char *const *env = look->around->env;
	struct slice relative = env_get(env, RELATIVE);
	struct slice full = env_get(env, FULL);
	char url[DESTINATION_MAX];
	struct buf b = BUF_OVER(url);
	struct step_of_plan *step;
	struct uri uri;

	/*
	 * A variable that is set and empty is not passed over: the next source
	 * would be another's keys, the host's own (botocore, ContainerProvider).
	 */
	if (!relative.p && !full.p)
		return !look->from || look_refuse(look->from, err, "export "
		    FULL "=URL, or another credential_source",
		    "has credential_source = EcsContainer, and neither "
		    RELATIVE " nor " FULL " is set");
	if (relative.p)
		buf_puts(&b, ECS);
	buf_put_slice(&b, relative.p ? relative : full);
	if (b.full || !uri_read(buf_slice(&b), &uri) ||
	    (relative.p && relative.p[0] != '/'))
		return err_fail(err, ERR_CONFIG, STEP_CREDENTIALS, relative.p ?
		    RELATIVE "=/PATH, or unset it" :
		    FULL "=http://127.0.0.1:PORT/PATH, or unset it",
		    "%s is %s", relative.p ? RELATIVE : FULL,
		    !(relative.p ? relative : full).len ? "set, and empty" :
		    relative.p ? "no path" : "no URL");
	if (!uri.https && uri.is_ip && !may_ask(&uri.ip))
		return err_fail(err, ERR_CONFIG, STEP_CREDENTIALS,
		    "https://, or http:// with a loopback address or AWS's own "
		    "for containers", FULL " would ask for keys in the clear");
	step = plan_add(plan, &source_container);
	step->url = plan_keep(plan, buf_slice(&b));
	step->file = plan_keep(plan, env_get(env,
	    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
	step->bearer = env_get(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
	step->limit_ms = 2000;          /* botocore, ContainerMetadataFetcher */
	step->tries = 3;
	fmt_text(plan->origin, sizeof plan->origin, "container endpoint");
	return true;
}

static bool
container_take(struct plan *plan, struct buf *text, struct buf *bearer,
	int64_t now_s, struct error *err)
{
	(void)now_s;
	return keys_take_bearer(plan, buf_slice(text), bearer, "the token alone "
	    "in AWS_CONTAINER_AUTHORIZATION_TOKEN or the file that "
	    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names", err);
}

static bool
container_write(struct inquiry *q, struct buf *request, struct error *err)
{
	struct uri uri;

	q->method = "GET";
	return inquiry_set_endpoint(q, q->plan->base.url, &uri) &&
	    inquiry_write(q, request, uri.rest.len ? uri.rest : slice_of("/"),
	    "Authorization", buf_slice(q->bearer), slice_from(NULL, 0), err);
}

static enum inquiry_end
container_read(struct inquiry *q, const struct http1 *answer,
	struct error *err)
{
	return answer->status == 200 ?
	    inquiry_read_keys(q, answer, NULL, hint, err) :
	    inquiry_refused(q, answer, hint, err);
}

static const struct inquiry_kind inquiry = {
	.write = container_write, .read = container_read, .may_ask = may_ask,
};

const struct source source_container = {
	.name = "container", .way = BY_ASKING, .plan = container_plan,
	.take = container_take, .inquiry = &inquiry,
};
