/* SPDX-License-Identifier: MIT */
/*
 * postern help: the option table as text, on standard output.
 */
#include "cli/report.h"
#include "cmd/cmd.h"
#include "sys/file.h"

#include <unistd.h>

bool
cmd_output(struct slice text, struct error *err)
{
	int number;

	if (file_write(STDOUT_FILENO, text, &number))
		return true;
	err_set(err, ERR_IO, STEP_OUTPUT, "standard output: %s",
	    errno_words(number));
	return err_hint(err, "the same command with an output that can be "
	    "written");
}

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
