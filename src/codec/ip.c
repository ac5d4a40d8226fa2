/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing IP addresses without libc's inet_* functions, of which
 * the writing one would bring in stdio.
 */
#include "codec/ip.h"

#include "codec/hex.h"

static bool
read_v4(struct slice s, uint8_t out[4])
{
	for (int i = 0; i < 4; i++) {
		size_t dot = slice_find_char(s, '.');
		struct slice part = slice_from(s.p, dot);
		uint64_t v;

		/* No leading zero: some readers take it for octal. */
		if ((i < 3) != (dot < s.len) || part.len > 3 ||
		    (part.len > 1 && part.p[0] == '0') ||
		    !slice_to_u64(part, 255, &v))
			return false;
		out[i] = (uint8_t)v;
		if (i < 3)
			s = slice_skip(s, dot + 1);
	}
	return true;
}

static bool
read_group(struct slice part, uint8_t out[2])
{
	unsigned v = 0;

	if (part.len < 1 || part.len > 4)
		return false;
	for (size_t i = 0; i < part.len; i++) {
		int d = hex_digit(part.p[i]);

		if (d < 0)
			return false;
		v = v << 4 | (unsigned)d;
	}
	out[0] = (uint8_t)(v >> 8);
	out[1] = (uint8_t)v;
	return true;
}

/* Groups without "::" to out; the last may be dotted decimal. */
static bool
read_groups(struct slice s, uint8_t *out, size_t cap, size_t *n)
{
	*n = 0;
	while (s.len) {
		size_t colon = slice_find_char(s, ':');
		struct slice part = slice_from(s.p, colon);

		if (colon == s.len && slice_find_char(part, '.') < part.len) {
			if (*n + 4 > cap || !read_v4(part, out + *n))
				return false;
			*n += 4;
			return true;
		}
		if (*n + 2 > cap || !read_group(part, out + *n))
			return false;
		*n += 2;
		if (colon == s.len)
			return true;
		s = slice_skip(s, colon + 1);
		if (s.len == 0)
			return false;           /* a single trailing colon */
	}
	return true;
}

static bool
read_v6(struct slice s, uint8_t out[16])
{
	size_t gap = slice_find(s, "::"), head, tail;
	uint8_t end[16];

	if (gap == s.len)
		return read_groups(s, out, 16, &head) && head == 16;
	if (!read_groups(slice_from(s.p, gap), out, 14, &head) ||
	    !read_groups(slice_skip(s, gap + 2), end, 14, &tail) ||
	    head + tail > 14)
		return false;
	/* Dotted decimal cannot stand before "::". */
	if (slice_find_char(slice_from(s.p, gap), '.') < gap)
		return false;
	memset(out + head, 0, 16 - head - tail);
	memcpy(out + 16 - tail, end, tail);
	return true;
}

bool
ip_read(struct slice s, struct ip *ip)
{
	memset(ip, 0, sizeof *ip);
	ip->family = slice_find_char(s, ':') < s.len ? 6 : 4;
	return ip->family == 6 ? read_v6(s, ip->bytes) : read_v4(s, ip->bytes);
}

static unsigned
group_at(const struct ip *ip, int i)
{
	return (unsigned)ip->bytes[2 * i] << 8 | ip->bytes[2 * i + 1];
}

static void
put_group(struct buf *b, unsigned v)
{
	static const char digits[] = "0123456789abcdef";
	int shift = 12;

	while (shift > 0 && v >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		buf_putc(b, digits[v >> shift & 15]);
}

/* The longest run of two or more zero groups; the first of equals. */
static int
longest_run(const struct ip *ip, int *len)
{
	int best = -1;

	*len = 1;
	for (int i = 0; i < 8; i++) {
		int n = 0;

		while (i + n < 8 && group_at(ip, i + n) == 0)
			n++;
		if (n > *len) {
			best = i;
			*len = n;
		}
		i += n;
	}
	return best;
}

void
ip_put(struct buf *b, const struct ip *ip)
{
	if (ip->family == 4) {
		for (int i = 0; i < 4; i++) {
			if (i)
				buf_putc(b, '.');
			buf_put_u64(b, ip->bytes[i]);
		}
		return;
	}

	int len, run = longest_run(ip, &len);

	for (int i = 0; i < 8; i++) {
		if (i == run) {
			buf_puts(b, "::");
			i += len - 1;
			continue;
		}
		if (i && i != run + len)
			buf_putc(b, ':');
		put_group(b, group_at(ip, i));
	}
}

bool
ip_is_loopback(const struct ip *ip)
{
	static const uint8_t one[16] = { [15] = 1 };

	return ip->family == 4 ? ip->bytes[0] == 127 :
	    memcmp(ip->bytes, one, 16) == 0;
}
