/* SPDX-License-Identifier: MIT */
/*
 * The conversions of fmt.h, without stdio. An unknown conversion prints its
 * own letters, so a mistake shows in the message and harms nothing.
 */
#include "base/fmt.h"

static void
put_signed(struct buf *b, int v)
{
	if (v < 0)
		buf_putc(b, '-');
	buf_put_u64(b, v < 0 ? (uint64_t)(-(int64_t)v) : (uint64_t)v);
}

static void
put_string(struct buf *b, const char *s)
{
	if (s)
		buf_puts(b, s);
}

void
buf_vfmt(struct buf *b, const char *format, va_list ap)
{
	for (const char *f = format; *f; f++) {
		if (*f != '%') {
			buf_putc(b, *f);
			continue;
		}
		switch (*++f) {
		case 's': put_string(b, va_arg(ap, const char *)); break;
		case 'd': put_signed(b, va_arg(ap, int)); break;
		case 'u': buf_put_u64(b, va_arg(ap, unsigned)); break;
		case 'c': buf_putc(b, (char)va_arg(ap, int)); break;
		case '%': buf_putc(b, '%'); break;
		case 'z':
			buf_put_u64(b, va_arg(ap, size_t));
			f += f[1] == 'u';
			break;
		case '.': {
			int len = va_arg(ap, int);

			buf_put(b, va_arg(ap, const char *), (size_t)len);
			f += 2;         /* over "*s" */
			break;
		}
		default:
			buf_putc(b, '%');
			buf_putc(b, *f);
			break;
		}
	}
}

void
buf_fmt(struct buf *b, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	buf_vfmt(b, format, ap);
	va_end(ap);
}

void
fmt_vtext(char *out, size_t cap, const char *format, va_list ap)
{
	char whole[2048] = "";
	struct buf b = TEXT_OVER(whole);

	buf_vfmt(&b, format, ap);
	if (!b.full && b.len < cap) {
		memcpy(out, whole, b.len);
		out[b.len] = '\0';
		return;
	}

	/* "..." and the NUL have their place; never cut inside UTF-8. */
	size_t keep = b.len + 4 < cap ? b.len : cap - 4;

	while (keep && ((unsigned char)whole[keep] & 0xC0) == 0x80)
		keep--;
	memcpy(out, whole, keep);
	memcpy(out + keep, "...", 4);
}

void
fmt_text(char *out, size_t cap, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	fmt_vtext(out, cap, format, ap);
	va_end(ap);
}
