/* SPDX-License-Identifier: MIT */
/*
 * The plan of a run in words, for a person who wants to know before anything
 * is sent. Nothing here touches a secret.
 */
#include "cmd/explain.h"

#include "codec/timestamp.h"

static void
put_endpoint(struct buf *b, const struct endpoint *e)
{
	buf_puts(b, e->https ? "https://" : "http://");
	endpoint_put_authority(b, e);
}

static void
put_proxy(struct buf *b, const struct login *login, bool used)
{
	if (used)
		buf_fmt(b, " through proxy %s", login->proxy);
}

static void
put_duration(struct buf *b, const char *name, int64_t seconds)
{
	if (!seconds)
		return;
	buf_fmt(b, "        %s %d (", name, (int)seconds);
	timestamp_put_span(b, seconds);
	buf_puts(b, ")\n");
}

static void
put_policies(struct buf *b, const struct route *r)
{
	if (r->policy.len)
		buf_fmt(b, "        Policy %.*s\n", (int)r->policy.len,
		    r->policy.p);
	for (size_t i = 0; i < r->policy_arns_n; i++)
		buf_fmt(b, "        PolicyArns %s\n", r->policy_arns[i]);
}

static void
put_role(struct buf *b, const struct role *role)
{
	const struct { const char *name; struct slice value; } texts[] = {
		{ "RoleArn", role->role_arn },
		{ "ExternalId", role->external_id },
		{ "SerialNumber", role->mfa_serial },
		{ "SourceIdentity", role->source_identity },
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (texts[i].value.len)
			buf_fmt(b, "        %s %.*s\n", texts[i].name,
			    (int)texts[i].value.len, texts[i].value.p);
	if (role->mfa_serial.len)
		buf_puts(b, "        TokenCode (used once)\n");
}

static void
put_text(struct buf *b, const char *before, struct slice text)
{
	if (text.len)
		buf_fmt(b, "        %s%.*s\n", before, (int)text.len, text.p);
}

/* How the first keys are come by. */
static void
put_base(struct buf *b, const struct step_of_plan *base)
{
	if (base->region.len)
		buf_fmt(b, "        GetRoleCredentials at portal.sso.%.*s.%s\n",
		    (int)base->region.len, base->region.p,
		    partition_of_region(base->region)->dns_suffix);
	put_text(b, "by AssumeRoleWithWebIdentity for ", base->role_arn);
	put_text(b, "asked at ", base->url);
	put_text(b, "with the text of ", base->file);
	if (base->command.len)
		buf_puts(b, "        or so it is assumed: its program was not run\n");
}

static void
put_sts(struct buf *b, const struct options *opt, const struct login *login)
{
	const struct route *r = &login->route;
	const struct role *role = login->roles_n ?
	    &login->roles[login->roles_n - 1] : NULL;
	bool whoami = opt->command == COMMAND_WHOAMI;

	if (r->kind == ROUTE_DIRECT && (opt->command == COMMAND_CREDS ||
	    opt->command == COMMAND_EXEC)) {
		buf_puts(b, "sts     not asked: these keys are handed on\n");
		return;
	}
	buf_puts(b, "sts     ");
	put_endpoint(b, &r->sts);
	if (strcmp(r->signing_region, r->region) != 0)
		buf_fmt(b, ", signed for %s", r->signing_region);
	put_proxy(b, login, login->sts_by_proxy);
	if (r->kind == ROUTE_DIRECT || (whoami && !role)) {
		if (login->base->role_arn.len)
			buf_puts(b, "\n        AssumeRoleWithWebIdentity\n");
		else
			buf_fmt(b, "\n        GetCallerIdentity%s\n"
			    "        needs no permission\n", whoami ? "" :
			    r->identity_first ?
			    ", first, since the partition is not known" :
			    ", beside the sign-in request");
		return;
	}
	for (size_t i = 0; i + 1 < login->roles_n; i++)
		buf_fmt(b, "\n        AssumeRole %.*s, with which",
		    (int)login->roles[i].role_arn.len,
		    login->roles[i].role_arn.p);
	buf_fmt(b, "\n        %s\n", role ? "AssumeRole" : "GetFederationToken");
	if (role)
		put_role(b, role);
	buf_fmt(b, "        %s %s\n", role ? "RoleSessionName" : "Name", r->name);
	put_duration(b, "DurationSeconds", r->sts_duration_s);
	put_policies(b, r);
	if (role)
		buf_fmt(b, "        needs sts:AssumeRole on %.*s\n",
		    (int)role->role_arn.len, role->role_arn.p);
	else
		buf_fmt(b, "        needs sts:GetFederationToken on "
		    "arn:%s:sts::ACCOUNT:federated-user/%s\n",
		    r->partition->name, r->name);
}

static void
put_signin(struct buf *b, const struct options *opt, const struct login *login)
{
	const struct route *r = &login->route;

	buf_puts(b, "signin  ");
	put_endpoint(b, &r->signin);
	buf_puts(b, "/federation");
	put_proxy(b, login, login->signin_by_proxy);
	buf_fmt(b, "\n        getSigninToken by %s\n",
	    opt->signin_get ? "GET" : "POST");
	put_duration(b, "SessionDuration", r->session_duration_s);
	buf_puts(b, "        needs no permission\n");
	if (!r->hosts || r->signin_given)
		return;
	buf_puts(b, "        " ROUTE_SIGNIN_DOUBT "; the ordinary one:\n"
	    "        ");
	route_put_ordinary_signin(b, r, opt);
	buf_putc(b, '\n');
}

void
explain_put(struct buf *b, const struct options *opt, const struct login *login)
{
	const struct route *r = &login->route;

	buf_fmt(b, "keys    %s%s%s, %s\n", login->origin,
	    login->key_hint[0] ? " " : "", login->key_hint,
	    login->temporary ? "temporary" : "long-term");
	put_base(b, login->base);
	if (login->origin_note[0])
		buf_fmt(b, "        %s\n", login->origin_note);
	buf_fmt(b, "route   %s, partition %s, region %s%s\n",
	    opt->command == COMMAND_WHOAMI && !login->roles_n ? "whoami" :
	    route_word(r->kind),
	    r->partition->name, r->region, r->region_given ? "" :
	    " (none is set)");
	if (r->settings[0])
		buf_fmt(b, "        endpoints by %s\n", r->settings);
	put_sts(b, opt, login);
	if (opt->command != COMMAND_URL)
		return;
	put_signin(b, opt, login);
	buf_fmt(b, "opens   %s\n", login->destination);
}
