/* SPDX-License-Identifier: MIT */
/*
 * Whole files in, and bytes out to a descriptor. Every wait for EINTR and
 * every short write is dealt with here.
 */
#ifndef POSTERN_SYS_FILE_H
#define POSTERN_SYS_FILE_H

#include "base/error.h"
#include "base/limits.h"

enum file_result { FILE_READ, FILE_MISSING, FILE_FAILED };

/*
 * Append the whole of `name` to `b`: a path, "-" for standard input, or
 * "fd:N" for an open descriptor. Answers FILE_FAILED with *number set to an
 * errno value, or to EFBIG when it does not fit; FILE_MISSING when there is no
 * such file.
 */
enum file_result file_read(struct buf *b, struct slice name, int *number)
	__attribute__((warn_unused_result));

/* The same for an open descriptor, which stays open. */
enum file_result file_read_fd(struct buf *b, int fd, int *number)
	__attribute__((warn_unused_result));

/*
 * One line of "-" or "fd:N", waited for `timeout_ms` at most: appended without
 * its end. False with *number an errno value, ETIME when nobody wrote it.
 */
bool file_read_line(struct buf *b, struct slice name, int timeout_ms,
	int *number) __attribute__((warn_unused_result));

/* The same for a path only: "-" and "fd:N" are then names like any other. */
enum file_result file_read_path(struct buf *b, const char *path, int *number)
	__attribute__((warn_unused_result));

/* Is there a file at `path` that could be read? */
bool file_is_there(const char *path);

/* Can anyone but its owner read the file at `path`? */
bool file_is_exposed(const char *path);

/* A file that is about to take the place of another. */
struct replacement {
	char path[PATH_TEXT_MAX + 1];
	char beside[PATH_TEXT_MAX + 16];        /* empty: there is none */
	int fd;
	int number;             /* errno value: why there is none */
};

/*
 * Make an empty file beside the one at `path`, for its owner's eyes only.
 * When that fails, it is told by file_replace_end. A process that is killed
 * before the end or the drop leaves it there.
 */
void file_replace_begin(struct replacement *r, struct slice path);

/*
 * Write it and put it in the other's place: whole, or not at all. Nothing is
 * opened any more. On failure *number is the errno value.
 */
bool file_replace_end(struct replacement *r, struct slice bytes, int *number)
	__attribute__((warn_unused_result));

/* Remove what was begun and not ended; else it does nothing. */
void file_replace_drop(struct replacement *r);

/* Write all of it; on failure *number is the errno value. */
bool file_write(int fd, struct slice bytes, int *number)
	__attribute__((warn_unused_result));

#endif
