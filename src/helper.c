/* SPDX-License-Identifier: MIT */
/*
 * From a line of a config file to a program's output.
 */
#include "helper.h"

#include "codec/words.h"
#include "sys/process.h"

bool
helper_run(struct buf *out, struct slice command, char **env,
	const char *source, struct error *err)
{
	/* Not in a region: a child sees nothing of those. */
	static char text[PROCESS_COMMAND_MAX + 1], *argv[PROCESS_WORDS_MAX + 1];
	static char printed[DOCUMENT_MAX], name[2 * PROFILE_NAME_MAX];
	static struct process_env helper_env;
	struct buf words = BUF_OVER(text), b = BUF_OVER(printed);
	const struct process_ask ask = {
		.argv = argv, .env = helper_env.vars, .source = name,
		.timeout_ms = PROCESS_MS,
	};
	const char *why;
	bool ok;

	copy_printable(name, sizeof name, slice_of(source));
	if (!words_split(command, &words, argv, &why))
		err_fail(err, ERR_CONFIG, STEP_CREDENTIALS, "a program and its "
		    "arguments, quoted as for a shell", "%s: the command %s",
		    source, why);
	ok = err->kind == ERR_NONE &&
	    process_env_make(&helper_env, env, source, err) &&
	    process_run(&ask, &b, err);
	if (ok)
		buf_put_slice(out, buf_slice(&b));
	buf_wipe(&words);
	buf_wipe(&b);
	return ok;
}
