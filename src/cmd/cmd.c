/* SPDX-License-Identifier: MIT */
/*
 * What all commands do at their two ends: harden the process, and write the
 * result to standard output.
 */
#include "cmd/cmd.h"

#include <unistd.h>

#include "login.h"
#include "sys/file.h"
#include "sys/host.h"

void
cmd_start(void)
{
	host_harden();
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
