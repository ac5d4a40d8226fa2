/* SPDX-License-Identifier: MIT */
/*
 * Filling the error carrier, and the words for kinds, steps and errno values.
 * Printing is left to cli/report.c.
 */
#include "base/error.h"

#include <errno.h>

#include "base/utf8.h"

static void __attribute__((format(printf, 4, 0)))
set(struct error *err, enum err_kind kind, enum step step, const char *format,
	va_list ap)
{
	if (err->kind != ERR_NONE)
		return;
	err->kind = kind;
	err->step = step;
	fmt_vtext(err->what, sizeof err->what, format, ap);
}

bool
err_set(struct error *err, enum err_kind kind, enum step step,
	const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	set(err, kind, step, format, ap);
	va_end(ap);
	return false;
}

bool
err_fail(struct error *err, enum err_kind kind, enum step step,
	const char *hint, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	set(err, kind, step, format, ap);
	va_end(ap);
	return err_hint(err, "%s", hint);
}

bool
err_hint(struct error *err, const char *format, ...)
{
	va_list ap;

	if (err->hint[0])
		return false;
	va_start(ap, format);
	fmt_vtext(err->hint, sizeof err->hint, format, ap);
	va_end(ap);
	return false;
}

bool
err_again(struct error *err, const char *format, ...)
{
	va_list ap;

	if (err->again[0])
		return false;
	va_start(ap, format);
	fmt_vtext(err->again, sizeof err->again, format, ap);
	va_end(ap);
	return false;
}

bool
err_peer(struct error *err, struct slice words)
{
	struct buf b;

	if (err->peer[0])
		return false;
	buf_init(&b, err->peer, sizeof err->peer - 1);
	text_put_printable(&b, words, 512);
	buf_end(&b);
	return false;
}

const char *
err_kind_word(enum err_kind kind)
{
	switch (kind) {
	case ERR_NONE: return "none";
	case ERR_USAGE: return "usage";
	case ERR_DATA: return "data";
	case ERR_NOCREDS: return "nocreds";
	case ERR_KEYKIND: return "keykind";
	case ERR_TRUST: return "trust";
	case ERR_UNREACHABLE: return "unreachable";
	case ERR_LIMIT: return "limit";
	case ERR_CLOCK: return "clock";
	case ERR_IO: return "io";
	case ERR_BUSY: return "busy";
	case ERR_PROTOCOL: return "protocol";
	case ERR_DENIED: return "denied";
	case ERR_CONFIG: return "config";
	case ERR_UNRUNNABLE: return "unrunnable";
	case ERR_NOCOMMAND: return "nocommand";
	case ERR_EXEC: break;           /* an exit code only */
	}
	return "unknown";
}

const char *
err_step_word(enum step step)
{
	static const char words[][12] = {
		[STEP_OPTIONS] = "options",
		[STEP_CREDENTIALS] = "credentials",
		[STEP_DNS] = "dns",
		[STEP_CONNECT] = "connect",
		[STEP_PROXY] = "proxy",
		[STEP_TLS] = "tls",
		[STEP_STS] = "sts",
		[STEP_SIGNIN] = "signin",
		[STEP_OUTPUT] = "output",
		[STEP_EXEC] = "exec",
	};
	_Static_assert(sizeof words / sizeof words[0] == STEP_COUNT,
		"a word for each step");

	return words[step];
}

/* strerror(3) would bring in libc's locale code; these are what can occur. */
const char *
errno_words(int number)
{
	switch (number) {
	case EACCES: return "permission denied";
	case EPERM: return "operation not permitted";
	case ENOENT: return "no such file";
	case ENOEXEC: return "not a program";
	case EISDIR: return "is a directory";
	case ENOTDIR: return "not a directory";
	case ENAMETOOLONG: return "file name too long";
	case ELOOP: return "too many symbolic links";
	case EIO: return "input/output error";
	case EBADF: return "descriptor is not open";
	case ENOSPC: return "no space left on device";
	case EDQUOT: return "disk quota exceeded";
	case EFBIG: return "file too large";
	case EPIPE: return "nobody reads the other end";
	case EMFILE:
	case ENFILE: return "too many open files";
	case ENOMEM: return "out of memory";
	case ENOBUFS: return "no buffer space";
	case EINVAL: return "invalid argument";
	case EADDRNOTAVAIL: return "no free local port or address";
	case EAFNOSUPPORT: return "address family not supported here";
	case ECONNREFUSED: return "connection refused";
	case ECONNRESET: return "connection reset";
	case ECONNABORTED: return "connection aborted";
	case EHOSTUNREACH: return "no route to host";
	case ENETUNREACH: return "network unreachable";
	case ENETDOWN: return "network is down";
	case ETIMEDOUT: return "timed out";
	}
	return "system call failed";
}

/* Blank or line break: what a sentence may have between its words. */
static bool
is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Unicode bidirectional controls can reorder what a terminal shows. */
static bool
is_hostile(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C ||
	    c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
	    (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029 ||
	    c == 0xFEFF;
}

void
copy_printable(char *out, size_t cap, struct slice s)
{
	struct buf b = buf_over(out, cap - 1);

	text_put_printable(&b, s, cap - 1);
	buf_end(&b);
}

void
text_put_printable(struct buf *b, struct slice s, size_t max)
{
	size_t start = b->len, mark = b->len;
	bool blank = false;             /* one is due before the next character */

	if (b->full)                    /* by someone else: that must show */
		return;
	if (max > b->cap - b->len)
		max = b->cap - b->len;

	while (s.len) {
		uint32_t c;
		size_t n = utf8_next(s, &c);
		size_t before = b->len;

		if (n && is_space(c)) {
			blank = b->len > start;
		} else {
			if (blank)
				buf_putc(b, ' ');
			if (n == 0 || is_hostile(c))
				buf_putc(b, '?');
			else
				buf_put(b, s.p, n);
			blank = false;
		}
		if (b->full || b->len - start > max) {
			b->full = false;
			b->len = mark;
			buf_puts(b, "...");
			return;
		}
		/* The last place where "..." still fits. */
		if (before - start + 3 <= max)
			mark = before;
		s = slice_skip(s, n ? n : 1);
	}
}
