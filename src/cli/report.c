/* SPDX-License-Identifier: MIT */
/*
 * Lines for standard error, each written with one write(2) so that two
 * processes' lines do not mix. A standard error that fails is nobody's to tell.
 */
#include "cli/report.h"

#include <unistd.h>

#include "codec/json.h"

#define CLEAR_LINE "\r\033[K"           /* ECMA-48, EL */

static bool running;                    /* a line without an end is shown */

static void
put_out(const struct buf *b)
{
	ssize_t n = 0;

	if (running)
		n = write(STDERR_FILENO, CLEAR_LINE, sizeof CLEAR_LINE - 1);
	running = false;
	if (n >= 0)
		n = write(STDERR_FILENO, b->p, b->len);
	(void)n;
}

/* What is quoted in a sentence may come from anywhere: names, paths, peers. */
static void
put_safe(struct buf *b, const char *text)
{
	text_put_printable(b, slice_of(text), SIZE_MAX);
}

void
report_line(const char *line)
{
	char text[1200];
	struct buf b = BUF_OVER(text);

	buf_fmt(&b, "postern: %s\n", line);
	put_out(&b);
}

void
report_warning(const char *line)
{
	char text[640];
	struct buf b = BUF_OVER(text);

	buf_puts(&b, "postern: warning: ");
	put_safe(&b, line);
	buf_putc(&b, '\n');
	put_out(&b);
}

void
report_trace(int64_t elapsed_ms, const char *line)
{
	char text[640];
	struct buf b = BUF_OVER(text);

	buf_fmt(&b, "postern: %d.%d%d%d s  ", (int)(elapsed_ms / 1000),
	    (int)(elapsed_ms / 100 % 10), (int)(elapsed_ms / 10 % 10),
	    (int)(elapsed_ms % 10));
	put_safe(&b, line);
	buf_putc(&b, '\n');
	put_out(&b);
}

void
report_running(const char *line)
{
	char text[640];
	struct buf b = BUF_OVER(text);

	buf_puts(&b, "postern: ");
	put_safe(&b, line);
	put_out(&b);
	running = true;
}

/* The cure as one text: a command to paste, or prose. */
static void
put_hint(struct buf *b, const struct options *opt, const struct error *err)
{
	if (err->again[0])
		options_put_command(b, opt, err->again);
	else
		buf_puts(b, err->hint);
}

/* Whoever looks at the JSON has a terminal, too. */
static void
put_member(struct buf *b, const char *name, struct slice text)
{
	char safe[2048];
	struct buf s = BUF_OVER(safe);

	text_put_printable(&s, text, SIZE_MAX);
	json_put_name(b, name);
	json_put_string(b, buf_slice(&s));
}

static unsigned
exit_code(const struct options *opt, const struct error *err)
{
	return opt->command == COMMAND_EXEC && err->kind < ERR_EXEC ?
	    ERR_EXEC : err->kind;
}

static void
put_json(struct buf *b, const struct options *opt, const struct error *err)
{
	char hint[2048];
	struct buf h = BUF_OVER(hint);

	put_hint(&h, opt, err);
	b->full |= h.full;
	buf_putc(b, '{');
	put_member(b, "error", slice_of(err_kind_word(err->kind)));
	put_member(b, "step", slice_of(err_step_word(err->step)));
	json_put_name(b, "exit");
	buf_put_u64(b, exit_code(opt, err));
	put_member(b, "message", slice_of(err->what));
	put_member(b, "aws_message", slice_of(err->peer));
	put_member(b, "hint", buf_slice(&h));
	put_member(b, "request_id", slice_of(err->request_id));
	buf_puts(b, "}\n");
}

static void
put_lines(struct buf *b, const struct options *opt, const struct error *err)
{
	char hint[2048];
	struct buf h = TEXT_OVER(hint);

	put_hint(&h, opt, err);
	buf_end(&h);
	b->full |= h.full;
	buf_fmt(b, "postern: %s: ", err_step_word(err->step));
	put_safe(b, err->what);
	if (err->request_id[0])
		buf_fmt(b, " (request %s)", err->request_id);
	buf_putc(b, '\n');
	if (err->peer[0])
		buf_fmt(b, "postern: aws says: %s\n", err->peer);
	if (err->again[0] || err->hint[0]) {
		buf_puts(b, "postern: try: ");
		put_safe(b, hint);
		buf_putc(b, '\n');
	}
	/* Three lines are enough to read at once. */
	if (err->again[0] && err->hint[0] && !err->peer[0]) {
		buf_puts(b, "postern: note: ");
		put_safe(b, err->hint);
		buf_putc(b, '\n');
	}
}

int
report_error(const struct options *opt, const struct error *err)
{
	char text[8192];
	struct buf b = BUF_OVER(text);
	struct error brief = *err;

	for (int i = 0; i < 2; i++) {
		if (opt->format == FORMAT_JSON)
			put_json(&b, opt, &brief);
		else
			put_lines(&b, opt, &brief);
		if (!b.full)
			break;
		/* A very long command line: leave out its repetition. */
		b.len = 0;
		b.full = false;
		fmt_text(brief.hint, sizeof brief.hint,
		    "the same command with %s", err->again);
		brief.again[0] = '\0';
	}
	put_out(&b);
	return (int)exit_code(opt, err);
}
