/* SPDX-License-Identifier: MIT */
/*
 * postern whoami: whose keys these are, and what they are good for. It works
 * for all keys, those that open no console, too.
 */
#include "cli/report.h"
#include "cmd/cmd.h"
#include "show/whoami.h"

static bool
run(struct workspace *ws, const struct options *opt, struct login *login,
	struct listener *listener, struct error *err)
{
	static char text[2 * ARN_MAX + 2048];
	struct buf b = BUF_OVER(text);
	const struct route *r = &login->route;

	if (!login_whoami(ws, opt, login, listener, err))
		return false;
	(opt->format == FORMAT_JSON ? whoami_put_json : whoami_put_lines)(&b,
	    &(struct whoami){
		.account = login->who.account, .arn = login->who.arn,
		.user_id = login->who.user_id, .request_id = login->who.request_id,
		.origin = login->origin, .key_hint = login->key_hint,
		.temporary = r->kind != ROUTE_FEDERATE,
		.expires_known = login->session_expires_known,
		.expires_s = login->session_expires_s, .now_s = login->now_s,
		.partition = r->partition->name, .region = r->region,
		.region_given = r->region_given,
	});
	return cmd_result(&b, err);
}

int
cmd_whoami(const struct options *opt, char **env)
{
	return cmd_run(opt, env, run);
}
