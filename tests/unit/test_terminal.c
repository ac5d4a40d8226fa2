/* SPDX-License-Identifier: MIT */
/*
 * The two prompts on a pseudo-terminal that nobody else has. What signals do
 * at the prompt for keys is tried with the whole program in tests/e2e.
 */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "sys/terminal.h"

static int person;              /* the other end of the terminal */
static struct terminal terminal;
static char typed_room[6];      /* a code */
static struct buf line;

static void
open_pair(void)
{
	person = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	YES(person >= 0 && unlockpt(person) == 0);
	terminal.fd = open(ptsname(person),
	    O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	YES(terminal.fd >= 0);
	line = BUF_OVER(typed_room);
}

static void
types(const char *text)
{
	test_input(slice_of(text));
	EQ(write(person, text, strlen(text)), (int64_t)strlen(text));
}

/* What is printed, up to and with this text. */
static struct slice
printed(const char *end)
{
	static char text[1024];
	struct buf b = BUF_OVER(text);
	ssize_t n = 1;

	while (n > 0 && slice_find(buf_slice(&b), end) == b.len) {
		n = read(person, b.p + b.len, b.cap - b.len);
		b.len += n > 0 ? (size_t)n : 0;
	}
	return buf_slice(&b);
}

/* As the caller does: when poll says that there is something. */
static enum read_result
next(const struct terminal *t)
{
	struct pollfd pf = { .fd = t->fd, .events = POLLIN };

	poll(&pf, 1, -1);
	return terminal_read_line(t, &line);
}

static void
code_is(const char *text, const char *code)
{
	line.len = 0;
	types(text);
	EQ(next(&terminal), READ_DONE);
	EQ_TEXT(&line, code);
}

TEST(terminal_code_is_a_line_without_its_blanks)
{
	open_pair();
	code_is("123456\r", "123456");
	code_is(" 123 456\t\n", "123456");
	code_is("12\177\177654321\n", "654321");
	code_is("\n", "");
	code_is("abc\n", "abc");
}

TEST(terminal_code_waits_for_the_end_of_its_line_and_blocks_nobody)
{
	open_pair();
	EQ(terminal_read_line(&terminal, &line), READ_MORE);
	types("123");
	EQ(terminal_read_line(&terminal, &line), READ_MORE);
	types("\004");
	EQ(next(&terminal), READ_MORE);
	types("456\n");
	EQ(next(&terminal), READ_DONE);
	EQ_TEXT(&line, "123456");
	EQ(terminal_read_line(&terminal, &line), READ_MORE);
}

TEST(terminal_code_that_is_too_long_is_refused_with_its_line)
{
	open_pair();
	types("1234567\n");
	EQ(next(&terminal), READ_BAD);
	YES(line.full);
	line = BUF_OVER(typed_room);
	types("123456789012345678901234567890123456789012345678901234567890"
	    "123456\n");
	EQ(next(&terminal), READ_MORE);
	EQ(next(&terminal), READ_BAD);
	YES(line.full);
	line = BUF_OVER(typed_room);
	EQ(terminal_read_line(&terminal, &line), READ_MORE);
	EQ(line.len, 0);
}

TEST(terminal_code_ends_with_ctrl_d_or_the_terminal)
{
	open_pair();
	types("\004");
	EQ(next(&terminal), READ_BAD);
	NO(line.full);
	close(person);
	EQ(next(&terminal), READ_BAD);
	terminal_close(&terminal);
	EQ(terminal.fd, -1);
}

TEST(terminal_prompt_names_the_device_in_printable_characters)
{
	open_pair();
	terminal_ask_code(&terminal, slice_of("arn:aws:iam::1:mfa/\033[2J\nme"));
	EQ_TEXT(printed("me: "), "Enter MFA code for arn:aws:iam::1:mfa/?[2J me: ");
	terminal_ask_code(&terminal, repeat("a", 1000));
	EQ(printed(": ").len, 19 + 256 + 2);
}

/* In a session of its own, at first without a terminal. */
static int
open_in_session(void)
{
	struct error err = { 0 };
	struct terminal found;
	int failures = 0;

	failures += setsid() < 0;
	failures += terminal_open(&found, &err);
	failures += err.kind != ERR_USAGE || !slice_starts(slice_of(err.what),
	    "no terminal to ask for the MFA code on: none is attached");
	failures += !slice_starts(slice_of(err.hint), "--token-code ");
	failures += ioctl(terminal.fd, TIOCSCTTY, 0) != 0;
	failures += !terminal_open(&found, &err);
	failures += !(fcntl(found.fd, F_GETFD) & FD_CLOEXEC);
	failures += terminal_read_line(&found, &line) != READ_MORE;
	types("123456\n");
	failures += next(&found) != READ_DONE;
	return failures;
}

TEST(terminal_of_the_session_is_opened_or_there_is_none)
{
	int status = -1;
	pid_t child;

	open_pair();
	child = fork();
	if (child == 0)
		_exit(open_in_session());
	EQ(waitpid(child, &status, 0), child);
	EQ(status, 0);
}

static size_t whole_len;

static bool
has_its_length(const struct buf *b)
{
	return b->len == whole_len;
}

/* With that terminal as standard input and error; keys pressed at its prompt. */
static int
paste(const char *keys, size_t wanted, struct buf *b, int wait_ms)
{
	struct termios before, after;
	int in, err, number;
	pid_t child;

	open_pair();
	fcntl(terminal.fd, F_SETFL, 0);
	child = fork();
	if (child == 0) {
		printed("\n");
		types(keys);
		_exit(0);
	}
	in = dup(STDIN_FILENO);
	err = dup(STDERR_FILENO);
	tcgetattr(terminal.fd, &before);
	/* As other programs may have left it. */
	before.c_iflag &= (tcflag_t)~ICRNL;
	before.c_cc[VMIN] = 200;
	before.c_cc[VTIME] = 200;
	tcsetattr(terminal.fd, TCSANOW, &before);
	dup2(terminal.fd, STDIN_FILENO);
	dup2(terminal.fd, STDERR_FILENO);
	whole_len = wanted;
	number = terminal_paste(b, has_its_length, wait_ms);
	dup2(in, STDIN_FILENO);
	dup2(err, STDERR_FILENO);
	EQ(waitpid(child, NULL, 0), child);
	tcgetattr(terminal.fd, &after);
	EQ(after.c_lflag, before.c_lflag);
	EQ(after.c_iflag, before.c_iflag);
	EQ(after.c_cc[VMIN], before.c_cc[VMIN]);
	return number;
}

TEST(terminal_paste_ends_when_it_is_whole)
{
	struct buf b = edge_buf(8);

	EQ(paste("ab\rcd", 5, &b, 60000), 0);
	EQ_TEXT(&b, "ab\ncd");
	HAS(printed("characters\r\n"), "postern: 5 characters\r\n");
}

TEST(terminal_paste_ends_with_ctrl_d)
{
	struct buf b = edge_buf(8);

	EQ(paste("a\177\177b\004c", 7, &b, 60000), 0);
	EQ_TEXT(&b, "b");
}

TEST(terminal_paste_ends_when_nobody_types)
{
	struct buf b = edge_buf(8);

	EQ(paste("ab", 3, &b, 1), ETIMEDOUT);
}

TEST(terminal_paste_that_does_not_fit_is_read_to_its_end_and_refused)
{
	struct buf b = edge_buf(3);
	int unread = -1;

	EQ(paste("abcdefgh\n", 0, &b, 60000), EFBIG);
	YES(b.full);
	EQ(ioctl(terminal.fd, FIONREAD, &unread), 0);
	EQ(unread, 0);
}

TEST(terminal_paste_needs_a_terminal)
{
	struct buf b = edge_buf(3);
	int in = dup(STDIN_FILENO), ends[2];

	EQ(pipe(ends), 0);
	dup2(ends[0], STDIN_FILENO);
	EQ(terminal_paste(&b, has_its_length, 1), ENOTTY);
	dup2(in, STDIN_FILENO);
}
