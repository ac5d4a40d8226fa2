/* SPDX-License-Identifier: MIT */
/*
 * postern help: the option table as text, on standard output.
 */
#include "cli/report.h"
#include "cmd/cmd.h"

int
cmd_help(const struct options *opt, char **env)
{
	char text[8192];
	struct buf b = BUF_OVER(text);
	struct error err = { 0 };

	(void)env;
	options_put_help(&b);
	return cmd_output(buf_slice(&b), &err) ? 0 : report_error(opt, &err);
}
