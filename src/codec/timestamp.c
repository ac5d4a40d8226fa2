/* SPDX-License-Identifier: MIT */
/*
 * Civil dates from seconds and back, in the proleptic Gregorian calendar.
 * libc's functions would bring in time zones and locales.
 */
#include "codec/timestamp.h"

struct civil {
	int year, month, day, hour, minute, second;
};

/* The part that strftime(3) knows by this letter. */
static int *
part(struct civil *c, char letter)
{
	switch (letter) {
	case 'Y': return &c->year;
	case 'm': return &c->month;
	case 'd': return &c->day;
	case 'H': return &c->hour;
	case 'M': return &c->minute;
	default: return &c->second;
	}
}

/* Digits of a part: four of %Y, two of %m %d %H %M %S. */
static size_t
width(char letter)
{
	return letter == 'Y' ? 4 : 2;
}

/* Days since 1970-01-01; the year is counted from March so that February ends it. */
static int64_t
days_from_civil(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	    of_year - 719468;
}

static struct civil
civil_from(int64_t t)
{
	int64_t days = t / DAY_S, rest = t % DAY_S;

	if (rest < 0) {
		rest += DAY_S;
		days--;
	}
	days += 719468;

	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t of_era = days - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 -
	    of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	struct civil c = {
		.year = (int)(year + era * 400 + (month >= 10)),
		.month = (int)(month < 10 ? month + 3 : month - 9),
		.day = (int)(of_year - (153 * month + 2) / 5 + 1),
		.hour = (int)(rest / 3600),
		.minute = (int)(rest / 60 % 60),
		.second = (int)(rest % 60),
	};

	return c;
}

static bool
is_leap(int64_t y)
{
	return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

static bool
civil_to(const struct civil *c, int64_t *t)
{
	static const int days_in[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	if (c->month < 1 || c->month > 12 || c->day < 1 ||
	    c->day > days_in[c->month - 1] + (c->month == 2 && is_leap(c->year)) ||
	    c->hour > 23 || c->minute > 59 || c->second > 60)
		return false;
	*t = days_from_civil(c->year, c->month, c->day) * DAY_S +
	    c->hour * 3600 + c->minute * 60 + c->second;
	return true;
}

/* A date in a form such as "%Y-%m-%dT%H:%M:%SZ". */
static void
put_form(struct buf *b, const char *form, int64_t t)
{
	struct civil c = civil_from(t);

	for (; *form; form++) {
		char digits[4];
		size_t n;
		int v;

		if (*form != '%') {
			buf_putc(b, *form);
			continue;
		}
		v = *part(&c, *++form);
		n = width(*form);
		for (size_t i = n; i-- > 0; v /= 10)
			digits[i] = (char)('0' + v % 10);
		buf_put(b, digits, n);
	}
}

static bool
take_char(struct slice *s, char c)
{
	if (s->len == 0 || s->p[0] != c)
		return false;
	*s = slice_skip(*s, 1);
	return true;
}

/* The parts of a form at the front of *s; on failure *s may have moved. */
static bool
take_form(struct slice *s, const char *form, struct civil *c)
{
	for (; *form; form++) {
		uint64_t v;
		size_t n;

		if (*form != '%') {
			if (!take_char(s, *form))
				return false;
			continue;
		}
		n = width(*++form);
		if (s->len < n || !slice_to_u64(slice_from(s->p, n), 9999, &v))
			return false;
		*part(c, *form) = (int)v;
		*s = slice_skip(*s, n);
	}
	return true;
}

void
timestamp_put_day(struct buf *b, int64_t t)
{
	put_form(b, "%Y%m%d", t);
}

void
timestamp_put_amz(struct buf *b, int64_t t)
{
	put_form(b, "%Y%m%dT%H%M%SZ", t);
}

bool
timestamp_read_amz(struct slice s, int64_t *t)
{
	struct civil c = { 0 };

	return take_form(&s, "%Y%m%dT%H%M%SZ", &c) && s.len == 0 &&
	    civil_to(&c, t);
}

void
timestamp_put_iso(struct buf *b, int64_t t)
{
	put_form(b, "%Y-%m-%dT%H:%M:%SZ", t);
}

void
timestamp_put_clock(struct buf *b, int64_t t, int64_t now)
{
	put_form(b, t / DAY_S != now / DAY_S ? "%Y-%m-%d %H:%M UTC" :
	    "%H:%M UTC", t);
}

/* "Z", "z" or +hh:mm / -hh:mm, and nothing after it. */
static bool
read_offset(struct slice s, int64_t *offset_s)
{
	struct civil off = { 0 };
	int sign = s.len && s.p[0] == '-' ? -1 : 1;

	*offset_s = 0;
	if (s.len == 1 && ascii_lower(s.p[0]) == 'z')
		return true;
	if (!take_form(&s, sign < 0 ? "-%H:%M" : "+%H:%M", &off) || s.len ||
	    off.hour > 23 || off.minute > 59)
		return false;
	*offset_s = sign * (off.hour * 3600 + off.minute * 60);
	return true;
}

bool
timestamp_read_iso(struct slice s, int64_t *t)
{
	struct civil c = { 0 };
	int64_t offset_s;

	if (!take_form(&s, "%Y-%m-%d", &c) ||
	    !(take_char(&s, 'T') || take_char(&s, 't') || take_char(&s, ' ')) ||
	    !take_form(&s, "%H:%M", &c))
		return false;
	if (take_char(&s, ':')) {
		if (!take_form(&s, "%S", &c))
			return false;
		if (take_char(&s, '.')) {
			size_t n = slice_span_digits(s);

			if (n == 0)
				return false;
			s = slice_skip(s, n);
		}
	}
	if (!read_offset(s, &offset_s) || !civil_to(&c, t))
		return false;
	*t -= offset_s;
	return true;
}

bool
timestamp_read_http(struct slice s, int64_t *t)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct civil c = { 0 };

	/* The day's name says nothing new: "Sun, " is skipped. */
	if (s.len != 29 || s.p[3] != ',' || s.p[4] != ' ')
		return false;
	s = slice_skip(s, 5);
	if (!take_form(&s, "%d ", &c))
		return false;
	for (int m = 0; m < 12; m++)
		if (memcmp(s.p, months + 3 * m, 3) == 0)
			c.month = m + 1;
	s = slice_skip(s, 3);
	return take_form(&s, " %Y %H:%M:%S GMT", &c) && s.len == 0 &&
	    civil_to(&c, t);
}

void
timestamp_put_span(struct buf *b, int64_t seconds)
{
	if (seconds < 0)
		seconds = 0;
	if (seconds % 60 || seconds == 0) {
		buf_put_u64(b, (uint64_t)seconds);
		buf_putc(b, 's');
		return;
	}
	if (seconds >= 3600) {
		buf_put_u64(b, (uint64_t)seconds / 3600);
		buf_putc(b, 'h');
	}
	if (seconds % 3600) {
		buf_put_u64(b, (uint64_t)seconds % 3600 / 60);
		buf_putc(b, 'm');
	}
}
