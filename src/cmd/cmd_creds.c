/* SPDX-License-Identifier: MIT */
/*
 * postern creds: the half of the main job that ends with STS. Its result are
 * temporary keys, which other tools read, or postern --credentials elsewhere.
 */
#include "cli/report.h"
#include "cmd/cmd.h"
#include "show/result.h"

static bool
run(struct workspace *ws, const struct options *opt, struct login *login,
	struct listener *listener, struct error *err)
{
	static char text[2 * (SESSION_TOKEN_MAX + ARN_MAX) + 2048];
	struct buf b = BUF_OVER(text);

	if (!login_creds(ws, opt, login, listener, err))
		return false;
	if (login->route.kind == ROUTE_FEDERATE && !opt->quiet)
		report_warning("keys of GetFederationToken can call neither IAM "
		    "nor STS; those of a role can: --role-arn ARN");
	result_put_creds(&b, &(struct result_creds){
		.process = opt->format == FORMAT_PROCESS,
		.access_key_id = login->session->creds.access_key_id,
		.secret_access_key = login->session->creds.secret_access_key,
		.session_token = login->session->creds.session_token,
		.expires_known = login->session->expires_known,
		.expires_s = login->session->expires_s,
		.account = login->who.account, .arn = login->who.arn,
	});
	return cmd_result(&b, err);
}

int
cmd_creds(const struct options *opt, char **env)
{
	return cmd_run(opt, env, run);
}
