/* SPDX-License-Identifier: MIT */
/*
 * The one carrier of failure: filled where the fact is known, printed once by
 * cli/report.c. The first error wins; later ones are its echoes.
 */
#ifndef POSTERN_BASE_ERROR_H
#define POSTERN_BASE_ERROR_H

#include "base/fmt.h"

/* Decides the exit code. Numbers of sysexits.h where it has one. */
enum err_kind {
	ERR_NONE = 0,
	ERR_USAGE = 64,         /* the command line is wrong */
	ERR_DATA = 65,          /* a credentials or config file is malformed */
	ERR_NOCREDS = 66,       /* no source had complete credentials */
	ERR_KEYKIND = 67,       /* these keys cannot do this */
	ERR_TRUST = 68,         /* the server's certificate is not acceptable */
	ERR_UNREACHABLE = 69,   /* name, connection, proxy or deadline failed */
	ERR_LIMIT = 70,         /* a bound on our own text was too small, or a bug */
	ERR_CLOCK = 71,         /* this host's clock is too far off */
	ERR_IO = 74,            /* a local read, or the write to stdout, failed */
	ERR_BUSY = 75,          /* AWS throttled or answered 5xx */
	ERR_PROTOCOL = 76,      /* TLS, HTTP, XML or JSON not as specified */
	ERR_DENIED = 77,        /* AWS refused the keys or the action */
	ERR_CONFIG = 78,        /* a region, CA file or profile setting is unusable */
	/* Of `exec` only, where all of the above are 125; numbers of env(1). */
	ERR_EXEC = 125,
	ERR_UNRUNNABLE = 126,   /* CMD is there and cannot be run */
	ERR_NOCOMMAND = 127     /* CMD is not there */
};

enum step {
	STEP_OPTIONS,
	STEP_CREDENTIALS,
	STEP_DNS,
	STEP_CONNECT,
	STEP_PROXY,
	STEP_TLS,
	STEP_STS,
	STEP_SIGNIN,
	STEP_OUTPUT,
	STEP_EXEC,
	STEP_COUNT
};

struct error {
	enum err_kind kind;
	enum step step;
	char what[320];         /* one clause: what failed, on what */
	char peer[520];         /* AWS's, the server's or the kernel's words, printable */
	char request_id[72];    /* AWS's, when there is one */
	char hint[440];         /* what the person can do next; may be empty */
	char again[320];        /* options to add to the same command; may be empty */
};

/*
 * Record a failure and answer false, so that a failure is one line. Does
 * nothing when err already holds one.
 */
bool err_set(struct error *err, enum err_kind kind, enum step step,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The next thing to do, as prose; the first one set stays. Answers false. */
bool err_hint(struct error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * err_set and err_hint in one, where the next thing to do is plain words: it
 * stands before the sentence, whose arguments end the call. Answers false.
 */
bool err_fail(struct error *err, enum err_kind kind, enum step step,
	const char *hint, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/*
 * Options which, added to the command as it was typed, cure the failure. They
 * are printed as a whole command that can be pasted. Answers false.
 */
bool err_again(struct error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * The other side's own words, made printable and cut to 512 bytes
 * (see text_put_printable). Answers false.
 */
bool err_peer(struct error *err, struct slice words);

/* The word that names a kind in JSON, and a step in any message. Stable. */
const char *err_kind_word(enum err_kind kind);
const char *err_step_word(enum step step);

/* A clause for an errno value, such as "connection refused". */
const char *errno_words(int number);

/*
 * Append text from outside for a terminal: control bytes, DEL, C1 controls,
 * bidirectional overrides and malformed UTF-8 become '?', runs of white space
 * one blank, and what exceeds `max` bytes is cut and marked "...".
 */
void text_put_printable(struct buf *b, struct slice s, size_t max);

/* The same into a NUL-terminated array, cut to what it holds. */
void copy_printable(char *out, size_t cap, struct slice s);

#endif
