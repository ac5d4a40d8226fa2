/* SPDX-License-Identifier: MIT */
/*
 * postern creds: the half of the main job that ends with STS. Its result are
 * temporary keys, which a shell, other tools or postern --credentials read.
 */
#include "cmd/cmd.h"
#include "show/assign.h"

/* JSON is an object, all others are assignments. */
static bool
put_keys(struct buf *b, const struct options *opt,
	const struct result_creds *keys, struct error *err)
{
	static const uint8_t styles[] = {
		[FORMAT_ENV] = ASSIGN_ENV,
		[FORMAT_ENV_NO_EXPORT] = ASSIGN_ENV_NO_EXPORT,
		[FORMAT_FISH] = ASSIGN_FISH,
		[FORMAT_POWERSHELL] = ASSIGN_POWERSHELL,
		[FORMAT_INI] = ASSIGN_INI,
	};

	if (opt->format >= FORMAT_ENV)
		return assign_put_keys(b, keys, styles[opt->format],
		    opt->profile, err);
	result_put_creds(b, keys);
	return true;
}

static bool
run(struct workspace *ws, const struct options *opt, struct login *login,
	struct listener *listener, struct error *err)
{
	static char text[2 * (SESSION_TOKEN_MAX + ARN_MAX) + 2048];
	struct buf b = BUF_OVER(text);
	struct result_creds keys;

	if (!cmd_keys(ws, opt, login, listener, &keys, err))
		return false;
	if (put_keys(&b, opt, &keys, err))
		return cmd_result(&b, err);
	buf_wipe(&b);
	return false;
}

int
cmd_creds(const struct options *opt, char **env)
{
	return cmd_run(opt, env, run);
}
