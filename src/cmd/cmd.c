/* SPDX-License-Identifier: MIT */
/*
 * What all commands do at their two ends: harden the process, prepare, wipe,
 * and write the result to standard output.
 */
#include "cmd/cmd.h"

#include <unistd.h>

#include "cli/report.h"
#include "cmd/explain.h"
#include "show/result.h"
#include "sys/file.h"
#include "sys/host.h"

void
cmd_start(void)
{
	host_begin();
}

void
cmd_forget(char **env)
{
	login_forget(env);
}

bool
cmd_output(struct slice text, struct error *err)
{
	int number;

	if (file_write(STDOUT_FILENO, text, &number))
		return true;
	return err_fail(err, ERR_IO, STEP_OUTPUT,
	    "another output for the same command",
	    "standard output: %s", errno_words(number));
}

bool
cmd_result(struct buf *b, struct error *err)
{
	bool ok = b->full ? err_set(err, ERR_LIMIT, STEP_OUTPUT,
	    "the result is longer than our buffer") :
	    cmd_output(buf_slice(b), err);

	buf_wipe(b);
	return ok;
}

static void
say(void *context, enum say kind, int64_t elapsed_ms, const char *line)
{
	const struct options *opt = context;

	if (kind == SAY_WARNING)
		report_warning(line);
	else if (kind == SAY_RUNNING)
		report_running(line);
	else if (opt->verbose)
		report_trace(elapsed_ms, line);
}

static bool
explain(const struct options *opt, const struct login *login,
	struct error *err)
{
	static char text[3 * POLICY_MAX + POLICY_ARNS_MAX * ARN_MAX + 16384];
	struct buf b = BUF_OVER(text);

	explain_put(&b, opt, login);
	return cmd_result(&b, err);
}

int
cmd_run(const struct options *opt, char **env,
	bool (*rest)(struct workspace *ws, const struct options *opt,
	struct login *login, struct listener *listener, struct error *err))
{
	static struct login login;
	struct listener listener = {
		.say = say, .context = (void *)(uintptr_t)opt,
		.live = !opt->quiet && host_is_terminal(STDERR_FILENO),
	};
	struct workspace ws;
	struct error err = { 0 };
	bool ok = login_open(&ws, &err) &&
	    login_prepare(&ws, opt, env, &login, &listener, &err);

	if (ok)
		login_lock(&ws, opt, env, &login, &listener);
	ok = ok && (opt->explain ? explain(opt, &login, &err) :
	    rest(&ws, opt, &login, &listener, &err));
	/* Wipe, then report. */
	login_close(&ws);
	cmd_forget(env);
	return ok ? 0 : report_error(opt, &err);
}

bool
cmd_keys(struct workspace *ws, const struct options *opt, struct login *login,
	struct listener *listener, struct result_creds *keys, struct error *err)
{
	if (!login_creds(ws, opt, login, listener, err))
		return false;
	if (login->route.kind == ROUTE_FEDERATE && !opt->quiet)
		report_warning("keys of GetFederationToken can call neither IAM "
		    "nor STS; those of a role can: --role-arn ARN");
	*keys = (struct result_creds){
		.process = opt->format == FORMAT_PROCESS,
		.access_key_id = login->session->creds.access_key_id,
		.secret_access_key = login->session->creds.secret_access_key,
		.session_token = login->session->creds.session_token,
		.expires_known = login->session->expires_known,
		.expires_s = login->session->expires_s,
		.account = login->who.account, .arn = login->who.arn,
	};
	return true;
}
