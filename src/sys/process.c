/* SPDX-License-Identifier: MIT */
/*
 * A child, two pipes and a deadline. See process.h for the contract.
 */
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/env.h"
#include "sys/host.h"

#define READ_END  0
#define WRITE_END 1
#define EXEC_FAILED 127         /* exit code, as env(1) has it */

enum outcome { ENDED, TOO_MUCH, TOO_SLOW };

struct child {
	pid_t pid;
	int output[2];          /* what it prints */
	int failure[2];         /* the errno value of an exec that failed */
	int terminal;           /* of which we were the foreground, or -1 */
	struct termios settings;
	sigset_t mask;          /* of signals, before SIGTTOU was added */
	siginfo_t end;          /* si_pid is 0 as long as it runs */
};

bool
process_env_make(struct process_env *env, char **vars, const char *source,
	struct error *err)
{
	struct slice given = env_get(vars, "POSTERN_DEPTH");
	struct buf b = TEXT_OVER(env->depth);
	uint64_t depth = 0;

	if (given.len && !slice_to_u64(given, PROCESS_DEPTH_MAX - 1, &depth))
		return err_fail(err, ERR_CONFIG, STEP_CREDENTIALS,
		    "another profile in that command (postern creds --profile "
		    "OTHER), or unset POSTERN_DEPTH",
		    "%s is run by postern, which was run by postern, and so on",
		    source);
	buf_fmt(&b, "POSTERN_DEPTH=%u", (unsigned)depth + 1);
	buf_putc(&b, '\0');
	buf_end(&b);
	return env_merge(env->vars, VARIABLES_MAX, vars, "AWS_ACCESS_KEY_ID "
	    "AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN",
	    env->depth) || err_fail(err, ERR_LIMIT, STEP_CREDENTIALS,
	    "env -i with the variables that are needed",
	    "more than %d environment variables", VARIABLES_MAX);
}

int
process_become(char *const *argv, char *const *env)
{
	struct slice path = env_get(env, "PATH");
	struct slice name = slice_of(argv[0]);
	char file[PATH_TEXT_MAX];
	int number = ENOENT;

	if (slice_find_char(name, '/') < name.len) {
		execve(argv[0], argv, env);
		return errno;
	}
	if (!path.len)
		path = slice_of("/usr/local/bin:/bin:/usr/bin");
	for (;;) {
		size_t len = slice_find_char(path, ':');
		struct buf b = TEXT_OVER(file);

		/* An empty entry is the current directory. */
		buf_put(&b, path.p, len);
		buf_puts(&b, &"/"[len == 0]);
		buf_put_slice(&b, name);
		buf_end(&b);
		if (!b.full && name.len) {
			execve(file, argv, env);
			if (errno != ENOENT && errno != ENOTDIR)
				number = errno;
		}
		if (len == path.len)
			return number;
		path = slice_skip(path, len + 1);
	}
}

/* Let the parent know why the program was not run. */
static _Noreturn void
give_up(const struct child *c, int number)
{
	while (write(c->failure[WRITE_END], &number, sizeof number) < 0 &&
	    errno == EINTR)
		continue;
	_exit(EXEC_FAILED);
}

/* The child's side, up to its program. */
static _Noreturn void
become(const struct process_ask *ask, const struct child *c)
{
	sigset_t mask = c->mask;

	/* Should we be killed, it has nobody to answer to. */
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	setpgid(0, 0);
	if (c->terminal >= 0)
		tcsetpgrp(c->terminal, getpid());
	sigdelset(&mask, SIGPIPE);      /* see host_harden */
	sigprocmask(SIG_SETMASK, &mask, NULL);
	/*
	 * What is piped to us is not for it. A pipe that nobody writes to any
	 * more stands for /dev/null, which a container may lack.
	 */
	if (!host_is_terminal(STDIN_FILENO) &&
	    dup2(c->failure[READ_END], STDIN_FILENO) < 0)
		give_up(c, errno);
	/* Else it would print keys where our result goes. */
	if (dup2(c->output[WRITE_END], STDOUT_FILENO) < 0)
		give_up(c, errno);
	/*
	 * Its program gets no pipe's other end, and no file that was handed to
	 * us (fd:N). fcntl(2) would be 400 bytes more.
	 */
	for (int fd = 3; fd < PROCESS_FILES_MAX; fd++)
		ioctl(fd, FIOCLEX);
	give_up(c, process_become(ask->argv, ask->env));
}

static void
close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static bool
start(const struct process_ask *ask, struct child *c)
{
	/*
	 * Whoever started us may have SIGCHLD ignored, and then the kernel keeps
	 * no exit codes. All zeros are SIG_DFL in its struct, on every machine.
	 */
	static const uint64_t standard[8];

	syscall(SYS_rt_sigaction, SIGCHLD, standard, NULL, 8L);
	if (pipe(c->output) != 0 || pipe(c->failure) != 0 ||
	    (c->pid = host_fork()) < 0)
		return false;
	if (c->pid == 0)
		become(ask, c);
	close_end(&c->output[WRITE_END]);
	close_end(&c->failure[WRITE_END]);
	/* Both sides do it, so that neither runs ahead of it. */
	setpgid(c->pid, c->pid);
	return true;
}

/* Read once; false when there is more than fits. At the end the fd is -1. */
static bool
take_output(struct pollfd *pf, struct buf *out)
{
	size_t room = out->cap - out->len;
	char past_end;
	ssize_t n = read(pf->fd, room ? out->p + out->len : &past_end,
	    room ? room : 1);

	if (n > 0 && room)
		out->len += (size_t)n;
	else if (n > 0)
		return false;
	else if (n == 0 || errno != EINTR)
		pf->fd = -1;
	return true;
}

/*
 * Read until the child itself ends: its own children may keep the pipe, and it
 * may close the pipe and go on. What it printed is in the pipe by then. Looking
 * every few milliseconds has no race, works on every kernel and notices a stop;
 * a pidfd would need all of this beside it. Ordinarily poll(2) returns because
 * the pipe is closed, an instant before the end.
 */
static enum outcome
collect(struct child *c, struct buf *out, int64_t deadline_ms)
{
	struct pollfd pf = { .fd = c->output[READ_END], .events = POLLIN };

	for (;;) {
		/* It stays a zombie: its number must not be another's yet. */
		waitid(P_PID, (id_t)c->pid, &c->end,
		    WEXITED | WSTOPPED | WNOHANG | WNOWAIT);
		if (poll(&pf, 1, c->end.si_pid ? 0 :
		    pf.fd < 0 ? 1 : PROCESS_LOOK_MS) > 0) {
			if (!take_output(&pf, out))
				return TOO_MUCH;
		} else if (c->end.si_pid) {
			return ENDED;
		}
		if (host_steady_ms() >= deadline_ms)
			return TOO_SLOW;
	}
}

/* No process of the group is left, or none that we may kill (sudo's). */
static void
finish(struct child *c)
{
	siginfo_t gone = { 0 };

	kill(-c->pid, SIGKILL);
	for (int i = 0; i < PROCESS_KILL_MS && waitid(P_PID, (id_t)c->pid, &gone,
	    WEXITED | WNOHANG) == 0 && !gone.si_pid; i++)
		poll(NULL, 0, 1);
}

/* If the terminal's foreground is ours, the helper will have it. */
static void
lend_terminal(struct child *c)
{
	sigset_t output_stop;

	sigemptyset(&output_stop);
	sigaddset(&output_stop, SIGTTOU);
	sigprocmask(SIG_BLOCK, &output_stop, &c->mask);
	c->terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (c->terminal >= 0 && (tcgetpgrp(c->terminal) != getpgrp() ||
	    tcgetattr(c->terminal, &c->settings) != 0)) {
		close(c->terminal);
		c->terminal = -1;
	}
}

/* A helper that was killed at its prompt has left echo off. */
static void
take_terminal_back(struct child *c)
{
	if (c->terminal >= 0) {
		tcsetpgrp(c->terminal, getpgrp());
		tcsetattr(c->terminal, TCSANOW, &c->settings);
		close(c->terminal);
	}
	sigprocmask(SIG_SETMASK, &c->mask, NULL);
}

/* The last part of the program's path: arguments may be secrets. */
static void
put_program(struct buf *b, const char *path)
{
	struct slice name = slice_of(path);
	size_t at;

	while ((at = slice_find_char(name, '/')) < name.len)
		name = slice_skip(name, at + 1);
	text_put_printable(b, name, 64);
}

static bool
judge(const struct process_ask *ask, const struct child *c,
	enum outcome outcome, struct error *err)
{
	const char *hint = "run that command by hand: it has to print its answer "
	    "and end with exit code 0";
	int code = c->end.si_code, status = c->end.si_status, number;
	char what[160];
	struct buf b = TEXT_OVER(what);

	put_program(&b, ask->argv[0]);
	if (outcome == TOO_MUCH) {
		buf_puts(&b, " printed more than an answer can have");
	} else if (outcome == TOO_SLOW) {
		buf_fmt(&b, " was not done after %d s", ask->timeout_ms / 1000);
	} else if (code == CLD_STOPPED) {
		buf_puts(&b, " was stopped: it may need a terminal");
		hint = "run postern in the foreground of a terminal";
	} else if (code != CLD_EXITED) {
		buf_fmt(&b, " was ended by signal %d", status);
	} else if (status == EXEC_FAILED && read(c->failure[READ_END], &number,
	    sizeof number) == (ssize_t)sizeof number) {
		buf_fmt(&b, " cannot be run: %s", errno_words(number));
		hint = "name a program that is there and executable, by its "
		    "whole path";
	} else if (status != 0) {
		buf_fmt(&b, " ended with exit code %d", status);
	} else {
		return true;
	}
	buf_end(&b);
	return err_fail(err, ERR_NOCREDS, STEP_CREDENTIALS, hint, "%s: %s",
	    ask->source, what);
}

bool
process_run(const struct process_ask *ask, struct buf *out, struct error *err)
{
	struct child c = { .output = { -1, -1 }, .failure = { -1, -1 } };
	int64_t deadline_ms = host_steady_ms() + ask->timeout_ms;
	bool ok;

	lend_terminal(&c);
	if (start(ask, &c)) {
		enum outcome outcome = collect(&c, out, deadline_ms);

		finish(&c);
		ok = judge(ask, &c, outcome, err);
	} else {
		ok = err_set(err, ERR_IO, STEP_CREDENTIALS,
		    "%s: no process for it: %s", ask->source,
		    errno_words(errno));
	}
	take_terminal_back(&c);
	for (int i = 0; i < 2; i++) {
		close_end(&c.output[i]);
		close_end(&c.failure[i]);
	}
	if (!ok)
		buf_wipe(out);
	return ok;
}
