/* SPDX-License-Identifier: MIT */
/*
 * postern exec: a worker reads keys and asks AWS; this process never does
 * either. It waits for the variables to set and becomes CMD, so that CMD's
 * exit status and signals need nobody to pass them on.
 */
#include <errno.h>

#include "base/env.h"
#include "cli/report.h"
#include "cmd/cmd.h"
#include "show/assign.h"
#include "show/summary.h"
#include "sys/file.h"
#include "sys/worker.h"

static int result_pipe;                 /* the worker's end */

static void
print_summary(const struct login *login, const struct result_creds *keys)
{
	char text[PROFILE_NAME_MAX * 2 + ARN_MAX + 512];
	struct buf b = TEXT_OVER(text);

	summary_put_handed(&b, &(struct summary){
		.origin = login->origin, .origin_note = login->origin_note,
		.key_hint = login->key_hint, .region = "",
		.account = keys->account, .arn = keys->arn,
		.now_s = login->now_s,
		.session_expires_known = keys->expires_known,
		.session_expires_s = keys->expires_s,
	});
	buf_end(&b);
	report_line(text);
}

/* One string per variable, and an empty one: the result is whole. */
static bool
put_variables(struct buf *b, const struct login *login,
	const struct result_creds *keys, struct error *err)
{
	const struct route *r = &login->route;

	if (!assign_put_keys(b, keys, ASSIGN_STRINGS, slice_of(""), err) ||
	    (r->region_given && (!assign_put(b, ASSIGN_STRINGS, "AWS_REGION",
	    r->region, err) || !assign_put(b, ASSIGN_STRINGS,
	    "AWS_DEFAULT_REGION", r->region, err))))
		return false;
	buf_putc(b, '\0');
	return !b->full || err_set(err, ERR_LIMIT, STEP_EXEC,
	    "the variables are longer than our buffer");
}

static bool
work(struct workspace *ws, const struct options *opt, struct login *login,
	struct listener *listener, struct error *err)
{
	static char text[VARIABLES_TEXT_MAX];
	struct buf b = BUF_OVER(text);
	struct result_creds keys;
	int number;
	bool ok;

	if (!cmd_keys(ws, opt, login, listener, &keys, err))
		return false;
	if (!opt->quiet)
		print_summary(login, &keys);
	ok = put_variables(&b, login, &keys, err);
	if (ok && !file_write(result_pipe, buf_slice(&b), &number))
		ok = err_set(err, ERR_IO, STEP_EXEC, "the keys: %s",
		    errno_words(number));
	buf_wipe(&b);
	return ok;
}

/* All that would lead CMD to other keys than these. */
static bool
set_variables(char **env, char **out, char *text, struct error *err)
{
	static const char competing[] =
	    "AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SECURITY_TOKEN "
	    "AWS_CREDENTIAL_EXPIRATION AWS_ROLE_ AWS_WEB_IDENTITY_ "
	    "AWS_CONTAINER_";

	return env_merge(out, VARIABLES_MAX, env, competing, text) ||
	    err_fail(err, ERR_LIMIT, STEP_EXEC, "env -i with those that it needs",
	    "the environment has more than %d variables", VARIABLES_MAX);
}

static bool
is_whole(struct slice text)
{
	return text.len > 1 && !text.p[text.len - 1] && !text.p[text.len - 2];
}

/* Comes back only when CMD was not run. */
static void
become(const struct options *opt, char **env, struct worker *w,
	struct error *err)
{
	static char text[VARIABLES_TEXT_MAX];
	static char *variables[VARIABLES_MAX + 1];
	struct buf b = BUF_OVER(text);
	int number;

	if (worker_finish(w, &b, err) && is_whole(buf_slice(&b)) &&
	    set_variables(env, variables, text, err)) {
		number = worker_become(opt->program, variables);
		err_fail(err, number == ENOENT ? ERR_NOCOMMAND : ERR_UNRUNNABLE,
		    STEP_EXEC, "its whole path, or the name of a program in PATH",
		    "%s cannot be run: %s", opt->program[0],
		    errno_words(number));
	}
	buf_wipe(&b);
}

int
cmd_exec(const struct options *opt, char **env)
{
	struct worker w = { 0 };
	struct error err = { 0 };

	if (opt->explain)
		return cmd_run(opt, env, work);
	if (worker_start(&w, &err) && w.pid == 0) {
		result_pipe = w.pipe;
		return cmd_run(opt, env, work);
	}
	login_forget_keys(env);
	if (w.pid > 0)
		become(opt, env, &w, &err);
	/* What failed in the worker has been told by it. */
	return err.kind ? report_error(opt, &err) : ERR_EXEC;
}
