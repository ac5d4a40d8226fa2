/* SPDX-License-Identifier: MIT */
/*
 * Terminal modes and their end. Signals are not handled but held back, and
 * seen by a descriptor: the terminal is put right first, then they do what
 * they would have done.
 */
#include "sys/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/limits.h"
#include "sys/file.h"
#include "sys/host.h"

/* The modes of standard input, and the signals that must not come between. */
struct modes {
	struct termios shown, hidden;
	sigset_t before, held;
	int signals;            /* readable when one that is held waits */
};

static void
say(int fd, struct slice text)
{
	int number;

	/* Whoever does not see a prompt is not helped by an error about it. */
	(void)!file_write(fd, text, &number);
}

static void
hide_and_prompt(const struct modes *m)
{
	sigprocmask(SIG_BLOCK, &m->held, NULL);
	tcsetattr(STDIN_FILENO, TCSANOW, &m->hidden);
	say(STDERR_FILENO, slice_of("postern: paste keys (JSON or export lines), "
	    "then Enter; not shown; Ctrl-D ends\n"));
}

/* Ends or stops this process when a signal was held back. */
static void
show(const struct modes *m)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &m->shown);
	/* The rest of a paste would be the shell's next command. */
	tcflush(STDIN_FILENO, TCIFLUSH);
	sigprocmask(SIG_SETMASK, &m->before, NULL);
}

static bool
begin(struct modes *m)
{
	/* After SIGCONT a shell may have changed the modes. */
	static const unsigned char held[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT,
	};

	if (tcgetattr(STDIN_FILENO, &m->shown) != 0)
		return false;
	m->hidden = m->shown;
	/* Canonical mode would cut lines at 4095 bytes (termios(3)). */
	m->hidden.c_lflag &= (tcflag_t)~(ICANON | ECHO);
	m->hidden.c_iflag |= ICRNL;
	m->hidden.c_cc[VMIN] = 1;
	m->hidden.c_cc[VTIME] = 0;
	sigemptyset(&m->held);
	for (size_t i = 0; i < sizeof held; i++)
		sigaddset(&m->held, held[i]);
	sigprocmask(SIG_BLOCK, NULL, &m->before);
	m->signals = signalfd(-1, &m->held, SFD_CLOEXEC);
	return m->signals >= 0;
}

/* True at Ctrl-D. */
static bool
take_typed(struct buf *b, struct slice typed, const struct modes *m)
{
	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.p[i];

		if (c == (char)m->shown.c_cc[VEOF])
			return true;
		if (c != '\b' && c != '\x7F')
			buf_putc(b, c);
		else if (b->len && b->p[b->len - 1] != '\n')
			b->p[--b->len] = '\0';
	}
	return false;
}

static int
read_paste(const struct modes *m, struct buf *b,
	bool (*is_whole)(const struct buf *b), int64_t until_ms)
{
	struct pollfd pf[2] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = m->signals, .events = POLLIN },
	};

	for (;;) {
		bool whole = b->full || is_whole(b), end;
		int64_t left_ms = until_ms - host_steady_ms();
		char typed[256];
		ssize_t n;
		int ready;

		if (whole && left_ms > PASTE_QUIET_MS)
			left_ms = PASTE_QUIET_MS;
		ready = left_ms > 0 ? poll(pf, 2, (int)left_ms) : 0;
		if (ready == 0)
			return whole ? 0 : ETIMEDOUT;
		if (ready < 0)
			continue;
		if (pf[1].revents) {
			show(m);
			hide_and_prompt(m);
			continue;
		}
		n = read(STDIN_FILENO, typed, sizeof typed);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return errno;
		end = n == 0 ||
		    (n > 0 && take_typed(b, slice_from(typed, (size_t)n), m));
		explicit_bzero(typed, sizeof typed);
		if (end)
			return 0;
	}
}

int
terminal_paste(struct buf *b, bool (*is_whole)(const struct buf *b),
	int wait_ms)
{
	char text[48];
	struct buf arrived = BUF_OVER(text);
	struct modes m;
	int number;

	if (!begin(&m))
		return errno;
	hide_and_prompt(&m);
	number = read_paste(&m, b, is_whole, host_steady_ms() + wait_ms);
	show(&m);
	close(m.signals);
	buf_fmt(&arrived, "postern: %zu characters\n", b->len);
	say(STDERR_FILENO, buf_slice(&arrived));
	return b->full ? EFBIG : number;
}

bool
terminal_open(struct terminal *t, struct error *err)
{
	t->fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	return t->fd >= 0 || err_fail(err, ERR_USAGE, STEP_OPTIONS,
	    "--token-code CODE with the device's current six digits",
	    "no terminal to ask for the MFA code on: %s",
	    errno == ENXIO ? "none is attached" : errno_words(errno));
}

void
terminal_ask_code(const struct terminal *t, struct slice serial_number)
{
	char text[SERIAL_NUMBER_MAX + 32];
	struct buf b = BUF_OVER(text);

	buf_puts(&b, "Enter MFA code for ");
	text_put_printable(&b, serial_number, SERIAL_NUMBER_MAX);
	buf_puts(&b, ": ");
	say(t->fd, buf_slice(&b));
}

/*
 * Echo stays on: the code is good once and for a minute, and whoever sits at
 * a serial console has to see what arrives.
 */
enum read_result
terminal_read_line(const struct terminal *t, struct buf *line)
{
	char typed[64];
	ssize_t n = read(t->fd, typed, sizeof typed);
	bool end;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return READ_MORE;
	if (n <= 0)
		return READ_BAD;
	/* In canonical mode nothing stands behind the end of a line. */
	end = typed[n - 1] == '\n';
	for (ssize_t i = 0; i < n; i++)
		if (!char_in(typed[i], " \t\r\n"))
			buf_putc(line, typed[i]);
	explicit_bzero(typed, sizeof typed);
	return !end ? READ_MORE : line->full ? READ_BAD : READ_DONE;
}

void
terminal_leave_prompt(const struct terminal *t)
{
	say(t->fd, slice_of("\n"));
}

void
terminal_close(struct terminal *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}
