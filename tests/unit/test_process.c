/* SPDX-License-Identifier: MIT */
/*
 * Helper programs that do as they should, and all that they may do instead:
 * hang, talk without end, die, leave children, want the terminal.
 */
#include "test.h"

#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define SOON_MS 300
#define SOURCE  "credential_process of profile dev"

static char printed_bytes[DOCUMENT_MAX];
static struct buf printed;
static struct error err;

static bool
run_within(int timeout_ms, const char *const *argv)
{
	static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
	static char *const env[] = { path, NULL };
	struct process_ask ask = {
		.env = env, .source = SOURCE, .timeout_ms = timeout_ms,
	};

	memcpy(&ask.argv, &argv, sizeof argv);
	memset(&err, 0, sizeof err);
	memset(printed_bytes, 'U', sizeof printed_bytes);
	printed = BUF_OVER(printed_bytes);
	return process_run(&ask, &printed, &err);
}

static bool
run(const char *const *argv)
{
	return run_within(PROCESS_MS, argv);
}

#define SHELL(script) (const char *const[]){ "sh", "-c", script, NULL }
#define ALONE(name)   (const char *const[]){ name, NULL }

/* Refused as a source without credentials, in these words. */
static void
says(const char *what)
{
	EQ(err.kind, ERR_NOCREDS);
	EQ(err.step, STEP_CREDENTIALS);
	EQ_TEXT((const char *)err.what, what);
	YES(err.hint[0] != '\0');
	EQ(printed.len, 0);
}

static void
put_in_place(int fd, int of)
{
	YES(fd >= 0 && dup2(fd, of) == of);
	if (fd > 2)
		close(fd);
}

/* A file in the test's own directory. */
static void
write_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	YES(fd >= 0);
	YES(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	YES(fchmod(fd, mode) == 0);
	close(fd);
}

static void
enter_directory(char *name)
{
	YES(mkdtemp(name) != NULL && chdir(name) == 0);
}

static void
leave_directory(const char *name, const char *file)
{
	unlink(file);
	YES(chdir("/") == 0 && rmdir(name) == 0);
}

TEST(process_collects_what_a_helper_prints)
{
	YES(run(SHELL("printf '{\"Version\":'; printf ' 1}\\n'")));
	EQ_TEXT(&printed, "{\"Version\": 1}\n");
	YES(run(SHELL("head -c 32768 /dev/zero")));
	EQ(printed.len, DOCUMENT_MAX);
	YES(run((const char *const[]){ "printf", "%s|", "a b", "", "$HOME", NULL }));
	EQ_TEXT(&printed, "a b||$HOME|");
	YES(run(SHELL("printf '\\377\\000'")));
	EQ_TEXT(&printed, slice_from("\377\0", 2));
}

TEST(process_waits_for_a_helper_that_has_closed_its_output)
{
	NO(run(SHELL("echo secret; exec >&-; exit 4")));
	says(SOURCE ": sh ended with exit code 4");
}

TEST(process_names_a_helper_that_fails_and_keeps_nothing_of_it)
{
	NO(run((const char *const[]){ "/bin/sh", "-c", "echo SECRET; exit 1",
	    "--password=SECRET", NULL }));
	says(SOURCE ": sh ended with exit code 1");
	LACKS(slice_from(printed_bytes, sizeof printed_bytes), "SECRET");
	NO(run(SHELL("exit 127")));
	says(SOURCE ": sh ended with exit code 127");
	NO(run(SHELL("echo SECRET; kill -TERM $$")));
	says(SOURCE ": sh was ended by signal 15");
	LACKS(slice_from(printed_bytes, sizeof printed_bytes), "SECRET");
}

TEST(process_sees_exit_codes_where_sigchld_is_ignored)
{
	signal(SIGCHLD, SIG_IGN);
	NO(run(SHELL("exit 3")));
	says(SOURCE ": sh ended with exit code 3");
	YES(run(SHELL("echo yes")));
}

TEST(process_ends_a_helper_at_its_deadline)
{
	NO(run_within(SOON_MS, SHELL("echo SECRET; exec sleep 1000")));
	says(SOURCE ": sh was not done after 0 s");
	LACKS(slice_from(printed_bytes, sizeof printed_bytes), "SECRET");
	NO(run_within(SOON_MS, SHELL("exec >&-; sleep 1000")));
	says(SOURCE ": sh was not done after 0 s");
	NO(run_within(SOON_MS, SHELL("while :; do printf x; sleep 0.02; done")));
	says(SOURCE ": sh was not done after 0 s");
}

TEST(process_ends_a_helper_that_ignores_signals)
{
	NO(run_within(SOON_MS, SHELL("trap '' TERM INT HUP; while :; do :; done")));
	says(SOURCE ": sh was not done after 0 s");
}

TEST(process_ends_a_helper_that_stops)
{
	NO(run(SHELL("kill -STOP $$; echo never")));
	says(SOURCE ": sh was stopped: it may need a terminal");
	HAS((const char *)err.hint, "foreground");
}

TEST(process_refuses_more_than_fits_at_once)
{
	NO(run(SHELL("head -c 32769 /dev/zero")));
	says(SOURCE ": sh printed more than an answer can have");
	NO(run(SHELL("head -c 10000000 /dev/zero; sleep 1000")));
	says(SOURCE ": sh printed more than an answer can have");
	NO(run(ALONE("yes")));
	says(SOURCE ": yes printed more than an answer can have");
}

/*
 * Orphans of a helper come to this process, so that they can be seen: the
 * group is gone once there is nobody left to wait for. Who was not killed
 * would be waited for until this test is ended.
 */
static void
wait_for_killed(pid_t group)
{
	int status;

	while (waitpid(-group, &status, 0) > 0)
		EQ(status, SIGKILL);
	EQ(errno, ECHILD);
	YES(kill(-group, 0) != 0 && errno == ESRCH);
}

static bool
sees_orphans(void)
{
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
		return true;
	test_leave_out("the kernel lets nobody wait for orphans "
	    "(PR_SET_CHILD_SUBREAPER), or an emulator does not");
	return false;
}

TEST(process_does_not_wait_for_children_that_keep_the_pipe)
{
	if (!sees_orphans())
		return;
	YES(run(SHELL("sleep 1000 & echo $$")));
	wait_for_killed((pid_t)strtol(printed.p, NULL, 10));
	/* One that has left the group cannot be killed, but waits for nobody. */
	YES(run(SHELL("setsid sh -c 'echo $$; exec sleep 1000' & "
	    "while read -r x </proc/$!/comm && [ \"$x\" != sleep ]; do :; done")));
	if (printed.len) {
		pid_t apart = (pid_t)strtol(printed.p, NULL, 10);

		EQ(kill(apart, SIGKILL), 0);
		wait_for_killed(apart);
	}
}

TEST(process_leaves_nobody_of_a_helper_that_is_ended)
{
	char number[16] = { 0 }, dir[] = "/tmp/postern-unit-XXXXXX";
	int fd;

	if (!sees_orphans())
		return;
	enter_directory(dir);
	NO(run(SHELL("echo $$ >group; sleep 1000 & sleep 1000 & "
	    "head -c 10000000 /dev/zero; wait")));
	fd = open("group", O_RDONLY | O_CLOEXEC);
	YES(read(fd, number, sizeof number - 1) > 0);
	close(fd);
	wait_for_killed((pid_t)strtol(number, NULL, 10));
	leave_directory(dir, "group");
}

TEST(process_does_not_leave_a_helper_behind_when_postern_is_killed)
{
	char number[16] = { 0 };
	int ends[2], status = 0;
	pid_t postern, helper;

	if (!sees_orphans())
		return;
	YES(pipe(ends) == 0);
	postern = fork();
	if (postern == 0) {
		put_in_place(ends[1], 2);
		_exit(run(SHELL("echo $$ >&2; exec sleep 1000")));
	}
	YES(read(ends[0], number, sizeof number - 1) > 0);
	helper = (pid_t)strtol(number, NULL, 10);
	YES(kill(postern, SIGKILL) == 0);
	EQ(waitpid(postern, &status, 0), postern);
	EQ(waitpid(helper, &status, 0), helper);
	EQ(status, SIGKILL);
}

TEST(process_hands_on_standard_error)
{
	int ends[2], own = dup(2);
	char words[8] = { 0 };

	YES(pipe(ends) == 0);
	put_in_place(ends[1], 2);
	YES(run(SHELL("echo words >&2")));
	put_in_place(own, 2);
	EQ(read(ends[0], words, sizeof words - 1), 6);
	EQ_TEXT((const char *)words, "words\n");
	EQ(printed.len, 0);
}

TEST(process_gives_a_helper_nothing_of_what_is_piped_to_us)
{
	int ours[2];
	char kept[8] = { 0 };

	YES(pipe(ours) == 0 && write(ours[1], "kept", 4) == 4);
	put_in_place(ours[0], 0);
	YES(run(SHELL("wc -c; if read -r x; then echo eaten; fi")));
	EQ((int)strtol(printed.p, NULL, 10), 0);
	LACKS(&printed, "eaten");
	EQ(read(0, kept, sizeof kept - 1), 4);
	EQ_TEXT((const char *)kept, "kept");
}

TEST(process_gives_a_helper_no_descriptor_of_ours)
{
	YES(dup2(2, 57) == 57);
	YES(run(SHELL("ls /proc/$$/fd")));
	EQ_TEXT(&printed, "0\n1\n2\n");
}

TEST(process_gives_a_helper_ordinary_signals_and_a_group_of_its_own)
{
	sigset_t pipe_signal, after;

	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigprocmask(SIG_BLOCK, &pipe_signal, NULL);
	/* Not by a shell: they set signals to what they like. */
	YES(run((const char *const[]){ "grep", "SigBlk", "/proc/self/status",
	    NULL }));
	EQ_TEXT(&printed, "SigBlk:\t0000000000000000\n");
	sigprocmask(SIG_BLOCK, NULL, &after);
	YES(sigismember(&after, SIGPIPE));
	NO(sigismember(&after, SIGTTOU));
	YES(run(SHELL("set -- $(cat /proc/$$/stat); [ $1 = $5 ] && echo own")));
	EQ_TEXT(&printed, "own\n");
}

TEST(process_says_why_a_program_cannot_be_run)
{
	char dir[] = "/tmp/postern-unit-XXXXXX";

	NO(run(ALONE("no-such-helper")));
	says(SOURCE ": no-such-helper cannot be run: no such file");
	NO(run(ALONE("/no/such/helper")));
	says(SOURCE ": helper cannot be run: no such file");
	NO(run(ALONE("")));
	says(SOURCE ":  cannot be run: no such file");
	NO(run(ALONE("/usr")));
	says(SOURCE ": usr cannot be run: permission denied");
	enter_directory(dir);
	write_file("helper", "echo yes\n", 0600);
	NO(run(ALONE("./helper")));
	says(SOURCE ": helper cannot be run: permission denied");
	write_file("helper", "echo yes\n", 0700);
	NO(run(ALONE("./helper")));
	says(SOURCE ": helper cannot be run: not a program");
	write_file("helper", "#!/no/such/interpreter\n", 0700);
	NO(run(ALONE("./helper")));
	says(SOURCE ": helper cannot be run: no such file");
	leave_directory(dir, "helper");
}

TEST(process_shows_no_control_bytes_of_a_program_name)
{
	NO(run(ALONE("/tmp/\033[2Jx")));
	says(SOURCE ": ?[2Jx cannot be run: no such file");
}

static bool
run_by_path(const char *path)
{
	static char name[] = "true";
	char variable[128];
	char *const argv[] = { name, NULL }, *const env[] = { variable, NULL };
	struct process_ask ask = { argv, env, SOURCE, PROCESS_MS };
	struct buf b = TEXT_OVER(variable);

	buf_fmt(&b, "PATH=%s", path);
	buf_end(&b);
	memset(&err, 0, sizeof err);
	printed = BUF_OVER(printed_bytes);
	return process_run(&ask, &printed, &err);
}

TEST(process_searches_path_as_execvp_does)
{
	char dir[] = "/tmp/postern-unit-XXXXXX";

	enter_directory(dir);
	write_file("true", "#!/bin/sh\necho found\n", 0700);
	YES(run_by_path("/no/such/directory:/dev/null:."));
	EQ_TEXT(&printed, "found\n");
	YES(run_by_path(":/usr"));
	EQ_TEXT(&printed, "found\n");
	YES(run_by_path("/usr:"));
	EQ_TEXT(&printed, "found\n");
	NO(run_by_path("/usr"));
	says(SOURCE ": true cannot be run: no such file");
	YES(run_by_path(""));
	EQ(printed.len, 0);
	/* What may not be run is passed over, but says more than an absence. */
	write_file("true", "", 0600);
	YES(run_by_path(".:/bin:/usr/bin"));
	NO(run_by_path(".:/usr"));
	says(SOURCE ": true cannot be run: permission denied");
	leave_directory(dir, "true");
}

/* ---- the environment ---- */

static struct process_env env;

TEST(process_env_holds_all_but_aws_keys)
{
	char a[] = "AWS_ACCESS_KEY_ID=AKIA", b[] = "PATH=/bin";
	char c[] = "AWS_SECRET_ACCESS_KEY=s", d[] = "AWS_SESSION_TOKEN=t";
	char e[] = "AWS_SECURITY_TOKEN=u", f[] = "AWS_PROFILE=dev";
	char g[] = "AWS_SESSION_TOKENS=kept", h[] = "AWS_SESSION_TOKEN=again";
	char *vars[] = { a, b, c, d, e, f, g, h, NULL };

	YES(process_env_make(&env, vars, SOURCE, &err));
	EQ_TEXT(env.vars[0], "POSTERN_DEPTH=1");
	YES(env.vars[1] == b && env.vars[2] == f && env.vars[3] == g);
	YES(env.vars[4] == NULL);
}

TEST(process_env_counts_postern_within_postern)
{
	char depth[] = "POSTERN_DEPTH=2", empty[] = "POSTERN_DEPTH=";

	YES(process_env_make(&env, (char *[]){ depth, NULL }, SOURCE, &err));
	EQ_TEXT(env.vars[0], "POSTERN_DEPTH=3");
	YES(env.vars[1] == NULL);
	YES(process_env_make(&env, (char *[]){ empty, NULL }, SOURCE, &err));
	EQ_TEXT(env.vars[0], "POSTERN_DEPTH=1");
	YES(env.vars[1] == NULL);
	for (const char *bad = "39x-"; *bad; bad++) {
		depth[14] = *bad;
		memset(&err, 0, sizeof err);
		NO(process_env_make(&env, (char *[]){ depth, NULL }, SOURCE,
		    &err));
		EQ(err.kind, ERR_CONFIG);
		HAS((const char *)err.what, SOURCE);
		HAS((const char *)err.hint, "--profile OTHER");
	}
}

TEST(process_env_has_a_bound)
{
	static char one[] = "A=1", *vars[VARIABLES_MAX + 1];

	for (size_t i = 0; i < VARIABLES_MAX - 1; i++)
		vars[i] = one;
	YES(process_env_make(&env, vars, SOURCE, &err));
	YES(env.vars[VARIABLES_MAX - 1] == one);
	YES(env.vars[VARIABLES_MAX] == NULL);
	vars[VARIABLES_MAX - 1] = one;
	NO(process_env_make(&env, vars, SOURCE, &err));
	EQ(err.kind, ERR_LIMIT);
}

/* ---- a terminal ---- */

/* The end of a child of the test; what failed is to be seen. */
static _Noreturn void
leave(bool well)
{
	fflush(stdout);
	_exit(well ? 0 : 1);
}

/*
 * Run `act` in a session of its own with a terminal, of which it is the
 * foreground. Once the terminal shows "ready", `typed` is typed on it. What
 * `act` checks, it prints and answers by its exit code.
 */
static void
on_terminal(bool (*act)(void), const char *typed)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), status = -1;
	char seen[4096] = { 0 };
	size_t len = 0;
	pid_t child;

	YES(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	child = fork();
	if (child == 0) {
		setsid();
		/* Who runs the tests in the background may have set it aside. */
		signal(SIGINT, SIG_DFL);
		/* The first terminal of a session becomes its controlling one. */
		put_in_place(open(ptsname(master), O_RDWR), 0);
		leave(act());
	}
	while (len < sizeof seen - 1 && !strstr(seen, "ready")) {
		ssize_t n = read(master, seen + len, sizeof seen - 1 - len);

		/* EIO: the last of them has gone, or none has come yet. */
		if (n < 0 && waitpid(child, &status, WNOHANG) == child)
			break;
		len += n > 0 ? (size_t)n : 0;
	}
	YES(write(master, typed, strlen(typed)) == (ssize_t)strlen(typed));
	if (status < 0)
		YES(waitpid(child, &status, 0) == child);
	EQ(status, 0);
	close(master);
}

static bool
is_ours_again(void)
{
	struct termios t;

	return YES(tcgetpgrp(0) == getpgrp()) && YES(tcgetattr(0, &t) == 0) &&
	    YES((t.c_lflag & ECHO) != 0) && YES((t.c_lflag & ICANON) != 0);
}

static bool
ask_for_code(void)
{
	return YES(run(SHELL("exec 3<>/dev/tty; stty -echo <&3; echo ready >&3; "
	    "read -r code <&3; echo \"code $code\""))) &&
	    EQ_TEXT(&printed, "code 123456\n") && is_ours_again();
}

TEST(process_lets_a_helper_ask_on_the_terminal)
{
	on_terminal(ask_for_code, "123456\n");
}

static bool
ask_on_standard_input(void)
{
	return YES(run(SHELL("echo ready >/dev/tty; read -r code; echo $code"))) &&
	    EQ_TEXT(&printed, "123456\n") && is_ours_again();
}

TEST(process_hands_on_standard_input_that_is_a_terminal)
{
	on_terminal(ask_on_standard_input, "123456\n");
}

static bool
be_interrupted(void)
{
	return NO(run(SHELL("exec 3<>/dev/tty; stty -echo <&3; echo ready >&3; "
	    "read -r code <&3; echo no"))) &&
	    EQ_TEXT((const char *)err.what, SOURCE ": sh was ended by signal 2") &&
	    is_ours_again();
}

TEST(process_takes_the_terminal_back_after_ctrl_c)
{
	on_terminal(be_interrupted, "\003");
}

static bool
be_suspended(void)
{
	return NO(run(SHELL("echo ready >/dev/tty; read -r code </dev/tty"))) &&
	    HAS((const char *)err.what, "was stopped") && is_ours_again();
}

TEST(process_takes_the_terminal_back_after_ctrl_z)
{
	on_terminal(be_suspended, "\032");
}

static bool
be_late(void)
{
	return NO(run_within(SOON_MS, SHELL("stty -echo -icanon </dev/tty; "
	    "sleep 1000"))) && HAS((const char *)err.what, "was not done") &&
	    is_ours_again();
}

TEST(process_takes_the_terminal_back_at_the_deadline)
{
	on_terminal(be_late, "");
}

static bool
ask_from_the_background(void)
{
	pid_t child = fork(), foreground = getpgrp();
	int status = -1;

	if (child == 0) {
		setpgid(0, 0);
		leave(NO(run(SHELL("read -r code </dev/tty"))) &&
		    HAS((const char *)err.what, "was stopped") &&
		    YES(tcgetpgrp(0) == foreground));
	}
	return EQ(waitpid(child, &status, 0), child) && EQ(status, 0);
}

TEST(process_does_not_take_a_terminal_that_is_not_ours)
{
	on_terminal(ask_from_the_background, "");
}
