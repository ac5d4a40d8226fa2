/* SPDX-License-Identifier: MIT */
/*
 * argv in, exit code out: limits on this process, options, the table of
 * commands. The only file that exits.
 */
#include "cli/report.h"
#include "cmd/cmd.h"

int
main(int argc, char **argv, char **env)
{
	static int (*const commands[])(const struct options *, char **) = {
		[COMMAND_URL] = cmd_url,
		[COMMAND_CREDS] = cmd_creds,
		[COMMAND_EXEC] = cmd_exec,
		[COMMAND_WHOAMI] = cmd_whoami,
		[COMMAND_HELP] = cmd_help,
		[COMMAND_VERSION] = cmd_version,
	};
	struct options opt;
	struct error err = { 0 };

	cmd_start();
	if (!options_read(&opt, argc, argv, env, &err)) {
		cmd_forget(env);
		return report_error(&opt, &err);
	}
	return commands[opt.command](&opt, env);
}
