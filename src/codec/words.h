/* SPDX-License-Identifier: MIT */
/*
 * A command line as words, split as Python's shlex.split does it: that is what
 * the AWS CLI and botocore do to credential_process. No shell takes part.
 */
#ifndef POSTERN_CODEC_WORDS_H
#define POSTERN_CODEC_WORDS_H

#include "base/buf.h"
#include "base/limits.h"

/*
 * Split `text` at space, tab, CR and LF. Single quotes keep what they hold; in
 * double quotes a backslash escapes '"' and '\' and else stands for itself;
 * outside quotes it escapes any character. Pieces that touch are one word, ''
 * is an empty one. Nothing else has a meaning: no comments, no variables.
 *   room  receives the words, a NUL behind each; PROCESS_COMMAND_MAX + 1 bytes
 *         take whatever a command of that length holds
 *   argv  receives where each begins, and NULL behind the last
 *   why   on failure, a clause for a sentence whose subject is the command
 * Fails on no word, an open quote, a backslash at the end, a NUL, and text or
 * words beyond their bounds; room then holds a part, which the caller wipes.
 * Source: Python Library Reference, shlex, "Parsing Rules", POSIX mode.
 */
bool words_split(struct slice text, struct buf *room,
	char *argv[static PROCESS_WORDS_MAX + 1], const char **why)
	__attribute__((warn_unused_result));

#endif
