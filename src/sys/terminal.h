/* SPDX-License-Identifier: MIT */
/*
 * A person at a terminal: keys that are pasted and not shown, and a code that
 * is typed. What was read is wiped by whoever owns the buffer.
 */
#ifndef POSTERN_SYS_TERMINAL_H
#define POSTERN_SYS_TERMINAL_H

#include "base/error.h"

/*
 * Prompt on standard error and append to `b` what is pasted into standard
 * input, which is a terminal: without echo, of any line length, until
 * `is_whole` says so and no more comes, or Ctrl-D. The terminal is as before
 * on every way out, signals that end or stop this process included. Answers 0
 * or an errno value: EFBIG for more than fits, ETIMEDOUT after `wait_ms`.
 */
int terminal_paste(struct buf *b, bool (*is_whole)(const struct buf *b),
	int wait_ms) __attribute__((warn_unused_result));

struct terminal {
	int fd;                 /* never waits; for poll(2), POLLIN */
};

/* The terminal of this session, whatever standard input is. */
bool terminal_open(struct terminal *t, struct error *err)
	__attribute__((warn_unused_result));

/* Prompt for the current code of this MFA device. */
void terminal_ask_code(const struct terminal *t, struct slice serial_number);

/*
 * Append what was typed, blanks left out: when poll says that there is some.
 * READ_DONE is a line, READ_MORE a part of one. READ_BAD is a line that was
 * too long (line->full) or that nobody will type: Ctrl-D, or an error.
 */
enum read_result terminal_read_line(const struct terminal *t, struct buf *line)
	__attribute__((warn_unused_result));

/* What comes next stands on a line of its own. */
void terminal_leave_prompt(const struct terminal *t);

void terminal_close(struct terminal *t);

#endif
