/* SPDX-License-Identifier: MIT */
/*
 * Everything that goes to standard error: failures, warnings, traces and the
 * summary's lines.
 */
#ifndef POSTERN_CLI_REPORT_H
#define POSTERN_CLI_REPORT_H

#include "cli/options.h"

/*
 * Print a failure as one to four lines, or as one JSON object when that format
 * was asked for. Answers the exit code, which for exec is 125 whatever failed
 * before CMD was tried.
 */
int report_error(const struct options *opt, const struct error *err);

/* Print "postern: " and the line, whose parts were made printable before. */
void report_line(const char *line);

/* A line that the next one takes the place of; for terminals only. */
void report_running(const char *line);

/* The same as report_line for a warning, made printable here. */
void report_warning(const char *line);

/* The same with the time since the start in front, for -v. */
void report_trace(int64_t elapsed_ms, const char *line);

#endif
