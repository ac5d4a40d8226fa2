/* SPDX-License-Identifier: MIT */
/*
 * Keys and options in, route out: kind, hosts, durations, names, policies.
 * Everything that can be refused offline is refused here.
 */
#include "route.h"

#include "aws/arn.h"
#include "base/env.h"
#include "codec/json.h"
#include "codec/timestamp.h"
#include "codec/uri.h"
#include "settings.h"

const char *
route_word(enum route_kind kind)
{
	static const char words[][10] = {
		[ROUTE_FEDERATE] = "federate", [ROUTE_ASSUME] = "assume",
		[ROUTE_CHAIN] = "chain", [ROUTE_DIRECT] = "direct",
	};

	return words[kind];
}

static bool
usage(struct error *err, const char *what)
{
	return err_set(err, ERR_USAGE, STEP_OPTIONS, "%s", what);
}

/* ---- partition, region and hosts ---- */

static bool
refuse_region(const char *option, struct slice region, struct error *err)
{
	struct slice near = region_nearest(region);
	size_t global = slice_find(region, "-global");
	const struct partition *p =
	    partition_by_name(slice_from(region.p, global));

	/* aws-cn-global and its like: some SDKs' words for a whole partition. */
	if (p)
		near = slice_of(p->default_region);
	else if (!near.len)
		near = slice_of("us-east-1");
	err_set(err, ERR_CONFIG, STEP_OPTIONS,
	    "no region can have that name");
	return err_again(err, "%s %.*s", option, (int)near.len, near.p);
}

static bool
read_endpoint(struct endpoint *e, const struct setting *set,
	const char *option, bool loopback_http, struct error *err)
{
	char right[HOST_NAME_MAX_LEN + 16];
	struct buf b = TEXT_OVER(right);
	enum err_kind kind = slice_is(slice_of(set->from), option) ?
	    ERR_USAGE : ERR_CONFIG;
	struct uri uri;

	if (!uri_read(set->value, &uri) ||
	    !copy_text(e->host, sizeof e->host, uri.host)) {
		err_set(err, kind, STEP_OPTIONS, "%s is no URL", set->from);
		return err_hint(err, "%s https://HOST or https://HOST:PORT",
		    option);
	}
	/* One spelling for certificates, requests and --resolve. */
	for (char *c = e->host; *c; c++)
		*c = ascii_lower(*c);
	e->port = uri.port;
	e->https = uri.https;
	endpoint_put_authority(&b, e);
	buf_end(&b);
	if (uri.rest.len > 1 || (uri.rest.len && uri.rest.p[0] != '/')) {
		err_set(err, kind, STEP_OPTIONS,
		    "%s has a path, and only host and port count", set->from);
		return err_hint(err, "%s %s://%s", option,
		    uri.https ? "https" : "http", right);
	}
	if (!uri.https && !(loopback_http && (slice_ieq(uri.host,
	    slice_of("localhost")) || (uri.is_ip && ip_is_loopback(&uri.ip))))) {
		err_set(err, kind, STEP_OPTIONS,
		    "%s over http would send keys in the clear", set->from);
		return err_hint(err, "%s https://%s", option, right);
	}
	return true;
}

/* The endpoints that option, environment or profile give. */
static bool
read_endpoints(struct route *r, const struct settings *s, struct error *err)
{
	r->hosts = s->hosts;
	copy_text(r->settings, sizeof r->settings, slice_of(s->names));
	r->sts_given = s->sts_url.value.len > 0;
	r->signin_given = s->signin_url.value.len > 0;
	/* As in the SDKs: a name of one's own has no such variants. */
	if (r->sts_given && r->hosts)
		return err_fail(err, ERR_CONFIG, STEP_OPTIONS,
		    "export AWS_USE_FIPS_ENDPOINT=false "
		    "AWS_USE_DUALSTACK_ENDPOINT=false",
		    "%s gives the endpoint of STS, which excludes %s",
		    s->sts_url.from, r->hosts & HOSTS_FIPS ?
		    "use_fips_endpoint" : "use_dualstack_endpoint");
	if (r->sts_given && !read_endpoint(&r->sts, &s->sts_url,
	    "--endpoint-url", true, err))
		return false;
	return !r->signin_given || read_endpoint(&r->signin, &s->signin_url,
	    "--signin-endpoint-url", false, err);
}

/* The partition that the keys or the first role name; NULL when neither does. */
static const struct partition *
partition_held(const struct keys_held *held)
{
	struct arn arn;

	if (held->partition || !held->roles_n ||
	    !arn_read(held->roles[0].role_arn, &arn))
		return held->partition;
	return partition_by_name(arn.partition);
}

static const struct partition *
partition_named(const struct route *r, const struct options *opt,
	const struct keys_held *held, struct slice region, bool *known)
{
	const struct partition *p;

	*known = true;
	if (region.len)
		return partition_of_region(region);
	if ((p = partition_held(held)))
		return p;
	if (opt->signin_region.len)
		return partition_of_region(opt->signin_region);
	if ((p = partition_of_host(slice_of(r->sts.host))) ||
	    (p = partition_of_host(slice_of(r->signin.host))))
		return p;
	*known = false;
	return partition_at(0);
}

static void
default_endpoint(struct endpoint *e, const struct route *r,
	struct slice region,
	void (*put)(struct buf *, const struct partition *, struct slice,
	unsigned))
{
	struct buf b = TEXT_OVER(e->host);

	put(&b, r->partition, region, r->hosts);
	buf_end(&b);
	e->port = 443;
	e->https = true;
}

/* Keys go to no partition but their own. */
static bool
check_partition(const struct route *r, const struct partition *p,
	const char *option, const char *value, struct error *err)
{
	if (!p || p == r->partition)
		return true;
	err_set(err, ERR_CONFIG, STEP_OPTIONS, "%s %s is of partition %s, and "
	    "these keys are taken to be of %s", option, value, p->name,
	    r->partition->name);
	return err_hint(err, "leave it out, or all of region, role and endpoints "
	    "of partition %s, such as --region %s", p->name,
	    p->default_region);
}

static bool
check_host(const struct route *r, const struct endpoint *e, struct error *err)
{
	return check_partition(r, partition_of_host(slice_of(e->host)),
	    "endpoint", e->host, err);
}

/*
 * STS's host and the region that it wants signatures for. `global` and
 * `legacy` ask for the host without a region.
 */
static bool
set_sts(struct route *r, bool global, bool legacy, struct error *err)
{
	struct slice region = slice_of(r->region), signer;

	global |= legacy && region_is_legacy(region);
	if (!r->sts_given)
		default_endpoint(&r->sts, r, global && !r->hosts ?
		    slice_from(NULL, 0) : region, partition_put_sts_host);
	signer = partition_sts_region(slice_of(r->sts.host));
	r->sts_foreign = !signer.len;
	copy_text(r->signing_region, sizeof r->signing_region,
	    signer.len ? signer : region);
	return check_host(r, &r->sts, err);
}

static struct slice
signin_region(const struct route *r, const struct options *opt)
{
	return opt->signin_region.len ? opt->signin_region :
	    slice_of(r->region);
}

void
route_put_ordinary_signin(struct buf *b, const struct route *r,
	const struct options *opt)
{
	buf_puts(b, "--signin-endpoint-url https://");
	partition_put_signin_host(b, r->partition, signin_region(r, opt), 0);
}

static bool
set_signin(struct route *r, const struct options *opt, struct error *err)
{
	if (!r->signin_given)
		default_endpoint(&r->signin, r, signin_region(r, opt),
		    partition_put_signin_host);
	r->signin_foreign = !partition_is_signin_host(slice_of(r->signin.host));
	return check_host(r, &r->signin, err);
}

static bool
check_signin_region(const struct route *r, struct slice region,
	struct error *err)
{
	char name[REGION_MAX + 1];

	if (!region.len)
		return true;
	if (!region_is_valid(region) || !copy_text(name, sizeof name, region))
		return refuse_region("--signin-region", region, err);
	return check_partition(r, partition_of_region(region),
	    "--signin-region", name, err);
}

/* Isolated partitions publish neither consoles nor roots. */
static bool
check_isolated(const struct route *r, const struct options *opt,
	struct error *err)
{
	if (!r->partition->isolated || opt->console_url.len ||
	    opt->command != COMMAND_URL)
		return true;
	return err_fail(err, ERR_CONFIG, STEP_OPTIONS,
	    "--console-url https://CONSOLE --ca-bundle FILE",
	    "partition %s publishes neither its console nor its certificate "
	    "authorities", r->partition->name);
}

static bool
check_console(const struct options *opt, struct error *err)
{
	struct uri uri;

	if (!opt->console_url.len ||
	    (uri_read(opt->console_url, &uri) && uri.https))
		return true;
	return err_fail(err, ERR_USAGE, STEP_OPTIONS,
	    "--console-url https://HOST", "--console-url is no https URL");
}

/* Keys and roles of one partition, and so is all that they are sent to. */
static bool
check_roles_partition(const struct keys_held *held, const struct partition *of,
	struct slice region, struct error *err)
{
	const struct partition *p;
	struct arn role;

	if (held->partition && held->partition != of)
		return err_fail(err, ERR_CONFIG, STEP_OPTIONS,
		    "--region with a region of these keys' partition",
		    "the keys are of partition %s, region %.*s is not",
		    held->partition->name, (int)region.len, region.p);
	for (size_t i = 0; i < held->roles_n; i++) {
		/* check_role has seen that it is one. */
		if (!arn_read(held->roles[i].role_arn, &role) ||
		    !(p = partition_by_name(role.partition)) || p == of)
			continue;
		err_set(err, ERR_CONFIG, STEP_OPTIONS, "the role is of partition "
		    "%s, region %.*s is not", p->name, (int)region.len, region.p);
		return err_again(err, "--region %s", p->default_region);
	}
	return true;
}

static bool
set_place(struct route *r, const struct options *opt,
	const struct keys_held *held, const struct settings *s,
	struct error *err)
{
	bool global = slice_is(s->region, "aws-global");
	struct slice region = global ? slice_of("us-east-1") : s->region;

	if (region.len && !region_is_valid(region))
		return refuse_region("--region", region, err);
	if (!read_endpoints(r, s, err))
		return false;
	if (!region.len)
		region = partition_sts_region(slice_of(r->sts.host));
	if (region.len && !check_roles_partition(held,
	    partition_of_region(region), region, err))
		return false;
	r->region_given = region.len > 0;
	r->partition = partition_named(r, opt, held, region,
	    &r->partition_known);
	if (!region.len && r->partition_known && !check_roles_partition(held,
	    r->partition, slice_of(r->partition->default_region), err))
		return false;
	copy_text(r->region, sizeof r->region, region.len ? region :
	    slice_of(r->partition->default_region));
	return check_signin_region(r, opt->signin_region, err) &&
	    check_console(opt, err) && set_sts(r, global, s->legacy, err) &&
	    set_signin(r, opt, err) && check_isolated(r, opt, err);
}

bool
route_other_signin(struct route *r)
{
	static const struct { char partition[12], region[16]; } others[] = {
		{ "aws", "us-east-1" }, { "aws", "us-west-2" },
		{ "aws-cn", "cn-north-1" }, { "aws-cn", "cn-northwest-1" },
		{ "aws-us-gov", "us-gov-west-1" }, { "aws-us-gov", "us-gov-east-1" },
	};

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		struct buf b = TEXT_OVER(r->signin.host);

		if (r->signin_replaced ||
		    strcmp(others[i].partition, r->partition->name) != 0 ||
		    strcmp(others[i].region, r->region) == 0)
			continue;
		partition_put_signin_host(&b, r->partition,
		    slice_of(others[i].region), r->hosts);
		buf_end(&b);
		r->signin_replaced = true;
		return true;
	}
	return false;
}

bool
route_settle_partition(struct route *r, const struct options *opt,
	struct slice arn_text, struct error *err)
{
	const struct partition *p;
	struct arn arn;

	if (r->partition_known)
		return true;
	if (!arn_read(arn_text, &arn) || !(p = partition_by_name(arn.partition)))
		return err_fail(err, ERR_CONFIG, STEP_STS,
		    "--region with a region of these keys' partition",
		    "STS names a partition that is not known here");
	r->partition_known = true;
	r->partition = p;
	copy_text(r->region, sizeof r->region, slice_of(p->default_region));
	/* STS has been asked already; only what follows it can still change. */
	return set_signin(r, opt, err) && check_isolated(r, opt, err);
}

bool
route_settle_region(struct route *r, const struct options *opt,
	struct slice region, struct error *err)
{
	if (!region_is_valid(region) || (r->partition_known &&
	    partition_of_region(region) != r->partition))
		return true;
	r->partition_known = r->region_given = true;
	r->identity_first = false;
	r->partition = partition_of_region(region);
	copy_text(r->region, sizeof r->region, region);
	return set_sts(r, false, false, err) && set_signin(r, opt, err) &&
	    check_isolated(r, opt, err);
}

/* ---- durations ---- */

static bool
refuse_duration(const struct options *opt, int64_t max, const char *why,
	struct error *err)
{
	char limit[24];
	struct buf b = TEXT_OVER(limit);
	int64_t asked = opt->duration_s;

	timestamp_put_span(&b, max);
	buf_end(&b);
	if (asked < DURATION_MIN_S) {
		/* A bare small number was most likely meant as hours. */
		bool hours = asked >= 1 && asked * 3600 <= max;

		err_set(err, ERR_USAGE, STEP_OPTIONS, hours ?
		    "--duration: %d s is below 15 min; did you mean %dh?" :
		    "--duration: %d s is below 15 min", (int)asked, (int)asked);
		if (hours)
			return err_again(err, "--duration %dh", (int)asked);
		return err_again(err, "--duration 15m");
	}
	err_set(err, max == CHAINED_MAX_S ? ERR_KEYKIND : ERR_USAGE,
	    STEP_OPTIONS, "--duration is above %s, %s", limit, why);
	return err_again(err, "--duration %s", limit);
}

/* duration_seconds of a profile is meant for the console, as --duration is. */
static bool
read_profile_duration(const struct role *role, int64_t max, int64_t *duration_s,
	struct error *err)
{
	uint64_t n;
	char limit[24];
	struct buf b = TEXT_OVER(limit);

	if (slice_to_u64(role->duration, (uint64_t)max, &n) &&
	    n >= DURATION_MIN_S) {
		*duration_s = (int64_t)n;
		return true;
	}
	timestamp_put_span(&b, max);
	buf_end(&b);
	err_set(err, ERR_CONFIG, STEP_OPTIONS, "duration_seconds of profile "
	    "%.*s is not between 900 and %d, AWS's bounds here",
	    (int)role->profile.len, role->profile.p, (int)max);
	return err_again(err, "--duration %s", limit);
}

static bool
set_duration(struct route *r, const struct options *opt,
	const struct keys_held *held, struct error *err)
{
	static const struct { int64_t max; const char *why; } limits[] = {
		[ROUTE_FEDERATE] = { DURATION_MAX_S,
		    "AWS's most for a federated user" },
		[ROUTE_ASSUME] = { CONSOLE_MAX_S, "AWS's most for a role" },
		[ROUTE_CHAIN] = { CHAINED_MAX_S, "AWS's most for a role "
		    "assumed with temporary keys (role chaining)" },
		[ROUTE_DIRECT] = { CONSOLE_MAX_S, "AWS's most for a role" },
	};
	int64_t max = limits[r->kind].max;
	int64_t d = opt->duration_s ? opt->duration_s : DURATION_DEFAULT_S;

	if (!opt->duration_given && held->roles_n &&
	    held->roles[held->roles_n - 1].duration.len &&
	    !read_profile_duration(&held->roles[held->roles_n - 1], max, &d,
	    err))
		return false;
	if (opt->duration_given && (d < DURATION_MIN_S || d > max ||
	    opt->duration_s == 0))
		return refuse_duration(opt, max, limits[r->kind].why, err);
	if (d < DURATION_MIN_S || d > max) {
		d = d > max ? max : DURATION_MIN_S;
		fmt_text(r->warning, sizeof r->warning,
		    "POSTERN_DURATION is out of bounds here: %d s are asked for",
		    (int)d);
	}
	/* Who it is shows in the shortest session. */
	if (opt->command == COMMAND_WHOAMI)
		d = DURATION_MIN_S;
	switch (r->kind) {
	case ROUTE_FEDERATE:
		r->sts_duration_s = d;
		break;
	case ROUTE_ASSUME:
		/* The console goes by SessionDuration; keys that are handed out
		 * last as long as was asked for. */
		r->sts_duration_s = d < CHAINED_MAX_S ||
		    opt->command != COMMAND_URL ? d : CHAINED_MAX_S;
		r->session_duration_s = d;
		break;
	case ROUTE_CHAIN:
		r->sts_duration_s = d;
		break;
	case ROUTE_DIRECT:
		r->session_duration_s = opt->duration_given ? d : 0;
		break;
	}
	return true;
}

/* ---- names ---- */

/* [\w+=,.@-], STS API Reference */
static bool
is_name_char(char c)
{
	return ascii_is_alnum(c) || char_in(c, "_+=,.@-");
}

/* Make a name of any text: others become "-", at least two, at most `max`. */
static void
make_name(char *out, struct slice from, size_t max)
{
	struct buf b = buf_over(out, max);

	if (from.len == 1)
		buf_puts(&b, "postern-");
	for (size_t i = 0; i < from.len && b.len < max; i++)
		buf_putc(&b, is_name_char(from.p[i]) ? from.p[i] : '-');
	buf_end(&b);
}

static bool
is_name(struct slice s, size_t max)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_name_char(s.p[i]))
			return false;
	return s.len >= NAME_MIN && s.len <= max;
}

static bool
set_name(struct route *r, const struct options *opt,
	const struct keys_held *held, char *const *env, struct error *err)
{
	static const char variables[][13] = {
		"POSTERN_NAME", "SUDO_USER", "USER"
	};
	bool federate = r->kind == ROUTE_FEDERATE;
	size_t max = federate ? NAME_MAX : SESSION_NAME_MAX;
	struct slice given = federate ? opt->name : held->roles_n ?
	    held->roles[held->roles_n - 1].session_name : opt->role_session_name;
	struct slice from = { NULL, 0 };

	if (given.len && !is_name(given, max)) {
		char fit[SESSION_NAME_MAX + 1];

		make_name(fit, given, max);
		err_set(err, ERR_USAGE, STEP_OPTIONS, "%s must be 2 to %zu "
		    "letters, digits or _+=,.@-",
		    federate ? "--name" : "--role-session-name", max);
		return err_again(err, "%s %s",
		    federate ? "--name" : "--role-session-name", fit);
	}
	for (size_t i = 0; i < 3 && !from.len; i++) {
		from = env_get(env, variables[i]);
		if (i == 2 && slice_is(from, "root"))
			from.len = 0;
	}
	if (!from.len)
		from = slice_of("postern");
	make_name(r->name, given.len ? given : from, max);
	return true;
}

/* ---- role and session policies ---- */

static bool
bounded(struct slice s, size_t min, size_t max, const char *more)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_name_char(s.p[i]) && !char_in(s.p[i], more))
			return false;
	return s.len == 0 || (s.len >= min && s.len <= max);
}

/* A text of a role, which an option or a profile gives. */
static bool
refuse_role(const struct role *role, const char *option, const char *key,
	const char *what, const char *hint, struct error *err)
{
	if (!role->profile.len)
		return err_fail(err, ERR_USAGE, STEP_OPTIONS, hint, "%s %s",
		    option, what);
	return err_fail(err, ERR_CONFIG, STEP_OPTIONS, hint,
	    "%s of profile %.*s %s", key, (int)role->profile.len,
	    role->profile.p, what);
}

static bool
check_role(const struct role *role, struct error *err)
{
	struct arn arn;

	if (role->role_arn.len < ARN_MIN || role->role_arn.len > ARN_MAX ||
	    !arn_read(role->role_arn, &arn) || !arn_is_role(&arn) ||
	    !partition_by_name(arn.partition))
		return refuse_role(role, "--role-arn", "role_arn",
		    "is no ARN of a role",
		    "--role-arn arn:aws:iam::123456789012:role/NAME", err);
	if (!bounded(role->external_id, 2, EXTERNAL_ID_MAX, ":/"))
		return refuse_role(role, "--external-id", "external_id",
		    "must be 2 to 1224 letters, digits or _+=,.@:/-",
		    "--external-id as the role's owner gave it", err);
	if (!bounded(role->source_identity, 2, SESSION_NAME_MAX, ""))
		return refuse_role(role, "--source-identity", "source_identity",
		    "must be 2 to 64 letters, digits or _+=,.@-",
		    "--source-identity NAME", err);
	/* That of the options is for set_name, which can mend it. */
	if (role->profile.len && !bounded(role->session_name, NAME_MIN,
	    SESSION_NAME_MAX, ""))
		return refuse_role(role, "", "role_session_name",
		    "must be 2 to 64 letters, digits or _+=,.@-",
		    "--role-session-name NAME", err);
	return bounded(role->mfa_serial, SERIAL_NUMBER_MIN, SERIAL_NUMBER_MAX,
	    ":/") || refuse_role(role, "--serial-number", "mfa_serial",
	    "is no MFA device's",
	    "--serial-number arn:aws:iam::123456789012:mfa/NAME", err);
}

/* Options that would do nothing on this route are mistakes, not decoration. */
static bool
check_fit(const struct route *r, const struct options *opt, struct error *err)
{
	bool role = r->kind == ROUTE_ASSUME || r->kind == ROUTE_CHAIN;
	struct slice of_role[] = {
		opt->external_id, opt->serial_number, opt->source_identity
	};
	struct uri issuer;

	for (size_t i = 0; i < sizeof of_role / sizeof of_role[0]; i++) {
		if (!of_role[i].len || role)
			continue;
		return err_fail(err, ERR_USAGE, STEP_OPTIONS,
		    "--role-arn ARN with them",
		    "--external-id, --serial-number and --source-identity "
		    "need a role");
	}
	if (opt->session_name_given && !role) {
		return err_fail(err, ERR_USAGE, STEP_OPTIONS,
		    "--role-arn ARN with it",
		    "--role-session-name is for a role, and none is named");
	}
	if (opt->issuer.len && (opt->issuer.len > DESTINATION_MAX ||
	    !uri_read(opt->issuer, &issuer))) {
		return err_fail(err, ERR_USAGE, STEP_OPTIONS,
		    "--issuer https://HOST/PATH", "--issuer is no URL");
	}
	if (opt->name.len && r->kind != ROUTE_FEDERATE) {
		usage(err, "--name is for a federated user, and none is "
		    "made here");
		return err_hint(err, "%s", role ? "--role-session-name NAME" :
		    "leave --name out");
	}
	if (r->kind == ROUTE_DIRECT && (opt->policy.len || opt->read_only ||
	    opt->policy_arns_n)) {
		return err_fail(err, ERR_USAGE, STEP_OPTIONS,
		    "--role-arn ARN with it, or long-term keys",
		    "a policy is for a new session, and these keys already "
		    "are one");
	}
	return true;
}

static bool
refuse_policy_name(struct slice name, struct error *err)
{
	struct slice near = arn_policy_nearest(name);

	err_set(err, ERR_USAGE, STEP_OPTIONS, "--policy-arn %.*s is neither "
	    "an ARN nor a well-known name",
	    (int)(name.len < 128 ? name.len : 128), name.p);
	if (near.len)
		return err_hint(err, "--policy-arn %.*s", (int)near.len, near.p);
	return err_hint(err, "--policy-arn arn:aws:iam::aws:policy/NAME");
}

static bool
add_policy_arn(struct route *r, struct slice given, struct error *err)
{
	struct buf b = buf_over(r->policy_arns[r->policy_arns_n], ARN_MAX);
	struct arn arn;

	if (r->policy_arns_n == POLICY_ARNS_MAX) {
		return err_fail(err, ERR_USAGE, STEP_OPTIONS,
		    "leave some out",
		    "more than 10 policy ARNs");
	}
	if (slice_starts(given, "arn="))        /* the AWS CLI's shorthand */
		given = slice_skip(given, 4);
	if (slice_starts(given, "arn:")) {
		if (given.len < ARN_MIN || !arn_read(given, &arn) ||
		    !slice_is(arn.service, "iam"))
			return refuse_policy_name(given, err);
		buf_put_slice(&b, given);
	} else if (!arn_put_policy(&b, r->partition->name, given)) {
		return refuse_policy_name(given, err);
	}
	if (b.full)
		return refuse_policy_name(given, err);
	r->policy_arn[r->policy_arns_n++] = buf_slice(&b);
	return true;
}

/* Characters, U+0009 U+000A U+000D U+0020 to U+00FF, as STS counts them. */
static bool
check_policy(struct slice policy, struct error *err)
{
	const char *why;
	size_t characters = 0;

	if (!json_check(policy, &why)) {
		return err_fail(err, ERR_USAGE, STEP_OPTIONS,
		    "--policy FILE, with the policy as IAM shows it",
		    "--policy is not JSON: %s", why);
	}
	for (size_t i = 0; i < policy.len; i++) {
		unsigned char c = (unsigned char)policy.p[i];

		if (c >= 0xC4) {
			return err_fail(err, ERR_USAGE, STEP_OPTIONS,
			    "write it as \\u and its four digits",
			    "--policy has a character beyond U+00FF");
		}
		characters += (c & 0xC0) != 0x80;
	}
	if (characters > POLICY_MAX) {
		return err_fail(err, ERR_USAGE, STEP_OPTIONS,
		    "leave out its blanks (jq -c .), or --policy-arn ARN of a "
		    "managed policy",
		    "--policy has %zu characters, and STS takes %d", characters,
		    POLICY_MAX);
	}
	return true;
}

static bool
set_policy(struct route *r, const struct options *opt, struct slice policy,
	struct error *err)
{
	/* Without any policy a federated session could do nothing at all. */
	static const char allow_all[] = "{\"Version\":\"2012-10-17\",\"Statement\":"
	    "[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}";

	r->policy = policy;
	if (opt->policy.len && !check_policy(policy, err))
		return false;
	if (opt->read_only &&
	    !add_policy_arn(r, slice_of("ReadOnlyAccess"), err))
		return false;
	for (size_t i = 0; i < opt->policy_arns_n; i++)
		if (!add_policy_arn(r, opt->policy_arns[i], err))
			return false;
	if (r->kind == ROUTE_FEDERATE && !policy.len && !r->policy_arns_n)
		r->policy = slice_of(allow_all);
	return true;
}

bool
route_plan(struct route *r, const struct options *opt,
	const struct keys_held *held, const struct settings *settings,
	struct slice policy, char *const *env, struct error *err)
{
	memset(r, 0, sizeof *r);
	if (held->roles_n)
		r->kind = held->temporary || held->roles_n > 1 ? ROUTE_CHAIN :
		    ROUTE_ASSUME;
	else
		r->kind = held->temporary ? ROUTE_DIRECT : ROUTE_FEDERATE;
	for (size_t i = 0; i < held->roles_n; i++)
		if (!check_role(&held->roles[i], err))
			return false;
	if (!check_fit(r, opt, err) ||
	    !set_place(r, opt, held, settings, err) ||
	    !set_duration(r, opt, held, err) ||
	    !set_name(r, opt, held, env, err) ||
	    !set_policy(r, opt, policy, err))
		return false;
	r->identity_first = r->kind == ROUTE_DIRECT && !r->partition_known;
	return true;
}
