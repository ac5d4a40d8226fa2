/* SPDX-License-Identifier: MIT */
/*
 * Source: the metadata service of an EC2 instance, version 2 where it answers
 * (EC2 User Guide, "Use the Instance Metadata Service"; AWS SDKs and Tools
 * Reference Guide, "IMDS credential provider").
 */
#include "base/env.h"
#include "codec/json.h"
#include "creds/inquiry.h"
#include "creds/keys_json.h"

extern const struct source source_imds;

#define ROLES "/latest/meta-data/iam/security-credentials/"

enum { ASK_TOKEN, ASK_REGION, ASK_ROLE, ASK_KEYS };

static bool
may_ask(const struct ip *ip)
{
	static const uint8_t v4[4] = { 169, 254, 169, 254 };
	static const uint8_t v6[16] = {         /* fd00:ec2::254 */
		0xFD, 0, 0x0E, 0xC2, [14] = 0x02, 0x54,
	};

	return ip_is_loopback(ip) || (ip->family == 4 ?
	    memcmp(ip->bytes, v4, 4) == 0 : memcmp(ip->bytes, v6, 16) == 0);
}

static bool
is_on(const struct look *look, const char *variable)
{
	return slice_ieq(look_setting(look, variable), slice_of("true"));
}

static bool
find_url(const struct look *look, struct slice *url, struct error *err)
{
	struct slice mode = look_setting(look,
	    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
	bool ipv6 = slice_ieq(mode, slice_of("ipv6"));
	struct uri uri;

	*url = look_setting(look, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
	if (url->len) {
		if (uri_read(*url, &uri) && (!uri.rest.len ||
		    slice_is(uri.rest, "/")) &&
		    (uri.https || !uri.is_ip || may_ask(&uri.ip)))
			return true;
		return err_fail(err, ERR_CONFIG, STEP_CREDENTIALS,
		    "export AWS_EC2_METADATA_SERVICE_ENDPOINT=http://169.254.169.254",
		    "ec2_metadata_service_endpoint is no URL of a metadata service");
	}
	if (mode.len && !ipv6 && !slice_ieq(mode, slice_of("ipv4")))
		return err_fail(err, ERR_CONFIG, STEP_CREDENTIALS,
		    "export AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=ipv4",
		    "ec2_metadata_service_endpoint_mode is neither ipv4 nor ipv6");
	ipv6 = ipv6 || (!mode.len && is_on(look, "AWS_IMDS_USE_IPV6"));
	*url = slice_of(ipv6 ? "http://[fd00:ec2::254]" :
	    "http://169.254.169.254");
	return true;
}

static bool
find_number(const struct look *look, const char *variable, unsigned *n,
	struct error *err)
{
	struct slice text = look_setting(look, variable);
	uint64_t value = 1;

	if (text.len && (!slice_to_u64(text, 60, &value) || value == 0))
		return err_fail(err, ERR_CONFIG, STEP_CREDENTIALS,
		    "a number from 1 to 60", "%s, or the profile's key of that "
		    "name, is no such number", variable);
	*n = (unsigned)value;
	return true;
}

static bool
imds_plan(const struct look *look, struct plan *plan, struct error *err)
{
	struct step_of_plan *step;
	struct slice url;
	unsigned timeout_s = 1, tries = 1;

	if (slice_ieq(env_get(look->around->env, "AWS_EC2_METADATA_DISABLED"),
	    slice_of("true"))) {
		struct buf b = TEXT_OVER(plan->tried);

		if (look->from)
			return look_refuse(look->from, err,
			    "unset AWS_EC2_METADATA_DISABLED", "has "
			    "credential_source = Ec2InstanceMetadata, which "
			    "AWS_EC2_METADATA_DISABLED switches off");
		b.len = strlen(plan->tried);
		buf_puts(&b, ", instance metadata (switched off by "
		    "AWS_EC2_METADATA_DISABLED)");
		buf_end(&b);
		return true;
	}
	if (!find_url(look, &url, err) || !find_number(look,
	    "AWS_METADATA_SERVICE_TIMEOUT", &timeout_s, err) ||
	    !find_number(look, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", &tries, err))
		return false;
	step = plan_add(plan, &source_imds);
	step->url = plan_keep(plan, url);
	step->limit_ms = timeout_s * 1000;
	step->tries = tries;
	step->v1_refused = is_on(look, "AWS_EC2_METADATA_V1_DISABLED");
	/* Asked for by name: what else there is was not tried. */
	if (look->from)
		plan->tried[0] = '\0';
	fmt_text(plan->origin, sizeof plan->origin, "instance metadata");
	return true;
}

static bool
imds_write(struct inquiry *q, struct buf *request, struct error *err)
{
	static const char *const paths[] = {
		[ASK_TOKEN] = "/latest/api/token",
		[ASK_REGION] = "/latest/meta-data/placement/region",
		[ASK_ROLE] = ROLES, [ASK_KEYS] = ROLES,
	};
	char target[sizeof ROLES + 3 * sizeof q->role_name];
	struct buf b = BUF_OVER(target);
	bool token = q->stage == ASK_TOKEN;
	struct uri uri;

	buf_puts(&b, paths[q->stage]);
	if (q->stage == ASK_KEYS)
		uri_put_encoded(&b, slice_of(q->role_name));
	q->method = token ? "PUT" : "GET";
	return inquiry_set_endpoint(q, q->plan->base.url, &uri) &&
	    inquiry_write(q, request, buf_slice(&b), token ?
	    "x-aws-ec2-metadata-token-ttl-seconds" :
	    "x-aws-ec2-metadata-token", token ? slice_of("21600") :
	    buf_slice(q->bearer), slice_from(NULL, 0), err);
}

static enum inquiry_end
fail(struct inquiry *q, const char *why, struct error *err)
{
	const struct plan *plan = q->plan;

	if (plan->tried[0])
		err_fail(err, ERR_NOCREDS, STEP_CREDENTIALS, plan->cure,
		    "no credentials: %s, instance metadata (%s)", plan->tried,
		    why);
	else
		err_fail(err, ERR_NOCREDS, STEP_CREDENTIALS,
		    "another credential_source, or source_profile = NAME",
		    "instance metadata gives no keys: %s", why);
	return INQUIRY_FAILED;
}

/* After the token, or in its place. */
static enum inquiry_end
go_on(struct inquiry *q)
{
	q->stage = q->wants_region ? ASK_REGION : ASK_ROLE;
	return INQUIRY_MORE;
}

/* Tokens do not reach containers where their hop limit is 1. */
static enum inquiry_end
blame_hop_limit(const char *why, const char *and, struct error *err)
{
	err_fail(err, ERR_NOCREDS, STEP_CREDENTIALS,
	    "aws ec2 modify-instance-metadata-options --instance-id ID "
	    "--http-put-response-hop-limit 2, since with 1 no token reaches a "
	    "container",
	    "instance metadata gave no token of version 2 (%s), and %s", why,
	    and);
	return INQUIRY_FAILED;
}

static enum inquiry_end
without_token(struct inquiry *q, const char *why, struct error *err)
{
	return q->plan->base.v1_refused ? blame_hop_limit(why, "version 1 is "
	    "switched off by ec2_metadata_v1_disabled", err) : go_on(q);
}

static enum inquiry_end
imds_missed(struct inquiry *q, const char *why, bool connected,
	struct error *err)
{
	/* The token's hop limit: someone is there, but its answer is not. */
	if (q->stage == ASK_TOKEN && connected)
		return without_token(q, why, err);
	if (q->stage == ASK_REGION && connected) {
		q->stage = ASK_ROLE;
		return INQUIRY_MORE;
	}
	return fail(q, why, err);
}

/* A short text that stands alone: one line of letters, digits and `also`. */
static bool
read_line(const struct http1 *answer, const char *also, char *out, size_t cap)
{
	struct slice text = buf_slice(&answer->body);

	text.len = slice_find_char(text, '\n');
	text = slice_trim(text);
	return text.len && slice_span_alnum(text, also) == text.len &&
	    copy_text(out, cap, text);
}

static enum inquiry_end
read_token(struct inquiry *q, const struct http1 *answer, struct error *err)
{
	struct error not_one = { 0 };

	if (answer->status == 200) {
		if (keys_take_bearer(q->plan, buf_slice(&answer->body),
		    q->bearer, "", &not_one))
			return go_on(q);
		return fail(q, "it answers with something that is no token", err);
	}
	if (answer->status == 403 || answer->status == 404 ||
	    answer->status == 405)
		return without_token(q, "version 1 alone answers", err);
	return inquiry_refused(q, answer, q->plan->cure, err);
}

static enum inquiry_end
read_role(struct inquiry *q, const struct http1 *answer, struct error *err)
{
	q->stage = ASK_KEYS;
	if (answer->status == 404 ||
	    (answer->status == 200 && !answer->body.len))
		return fail(q, "this instance has no role", err);
	if (answer->status == 401 || answer->status == 403)
		return q->bearer->len ? fail(q, "it refuses its own token", err) :
		    blame_hop_limit("no answer", "wants one", err);
	if (answer->status != 200)
		return inquiry_refused(q, answer, q->plan->cure, err);
	/* IAM User Guide, "IAM and AWS STS quotas": names of roles. */
	return read_line(answer, "_+=,.@-", q->role_name, sizeof q->role_name) ?
	    INQUIRY_MORE : fail(q, "no role's name, so not EC2's", err);
}

static enum inquiry_end
read_keys(struct inquiry *q, const struct http1 *answer, struct error *err)
{
	struct slice doc = buf_slice(&answer->body), code;
	struct slice id = { NULL, 0 };
	char word[64];
	struct buf b = TEXT_OVER(word);
	char why[96];

	if (answer->status != 200)
		return inquiry_refused(q, answer, q->plan->cure, err);
	/* 200 with a Code and no keys: there are none now. */
	if (json_check(doc, &(const char *){ NULL }) &&
	    !json_find(doc, "AccessKeyId", &id) && !id.len &&
	    json_find(doc, "Code", &code) && json_string(code, &b) &&
	    !slice_is(buf_slice(&b), "Success")) {
		char shown[sizeof word];

		copy_printable(shown, sizeof shown, buf_slice(&b));
		fmt_text(why, sizeof why, "it says %s", shown);
		return fail(q, why, err);
	}
	return inquiry_read_keys(q, answer, NULL, q->plan->cure, err);
}

static enum inquiry_end
imds_read(struct inquiry *q, const struct http1 *answer, struct error *err)
{
	switch (q->stage) {
	case ASK_TOKEN:
		return read_token(q, answer, err);
	case ASK_REGION:
		q->stage = ASK_ROLE;
		if (answer->status != 200 || !read_line(answer, "-", q->region,
		    sizeof q->region))
			q->region[0] = '\0';
		return INQUIRY_MORE;
	case ASK_ROLE:
		return read_role(q, answer, err);
	default:
		return read_keys(q, answer, err);
	}
}

static const struct inquiry_kind inquiry = {
	.write = imds_write, .read = imds_read, .missed = imds_missed,
	.may_ask = may_ask, .tells_region = true,
};

const struct source source_imds = {
	.name = "imds", .way = BY_ASKING, .plan = imds_plan,
	.inquiry = &inquiry,
};
