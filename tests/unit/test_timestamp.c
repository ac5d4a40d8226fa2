/* SPDX-License-Identifier: MIT */
/*
 * Instants and their texts, with the calendar's corners. Vectors that end in
 * "protocol" are AWS's own times.
 */
#include "test.h"

#include "codec/timestamp.h"

#define EXAMPLE 1440938160      /* 2015-08-30T12:36:00Z */

typedef void put(struct buf *, int64_t);

static void
writes(put *write, int64_t t, const char *wanted)
{
	struct buf b = edge_buf(strlen(wanted));

	write(&b, t);
	NO(b.full);
	EQ_TEXT(&b, wanted);
}

static void
iso(const char *text, int64_t wanted)
{
	int64_t t = -1;

	YES(timestamp_read_iso(edge(text), &t));
	EQ(t, wanted);
}

TEST(timestamp_writes_each_form)
{
	writes(timestamp_put_amz, EXAMPLE, "20150830T123600Z");
	writes(timestamp_put_day, EXAMPLE, "20150830");
	writes(timestamp_put_iso, EXAMPLE, "2015-08-30T12:36:00Z");
	writes(timestamp_put_iso, 0, "1970-01-01T00:00:00Z");
	writes(timestamp_put_iso, -1, "1969-12-31T23:59:59Z");
	writes(timestamp_put_iso, 951782400, "2000-02-29T00:00:00Z");
	writes(timestamp_put_iso, 4107542399, "2100-02-28T23:59:59Z");
	writes(timestamp_put_iso, 4107542400, "2100-03-01T00:00:00Z");
	writes(timestamp_put_iso, 253402300799, "9999-12-31T23:59:59Z");
	writes(timestamp_put_iso, -86400, "1969-12-31T00:00:00Z");
}

TEST(timestamp_reads_the_times_of_the_protocol)
{
	iso("2021-08-05T19:58:02Z", 1628193482);
	iso("2019-11-09T13:34:41.359Z", 1573306481);
	iso("2018-01-02T05:04:05Z", 1514869445);
	iso("2015-08-30T12:36:00Z", EXAMPLE);
}

TEST(timestamp_reads_what_rfc_3339_and_people_write)
{
	iso("2015-08-30t12:36:00z", EXAMPLE);
	iso("2015-08-30 12:36:00Z", EXAMPLE);
	iso("2015-08-30T12:36Z", EXAMPLE);
	iso("2015-08-30T14:36:00+02:00", EXAMPLE);
	iso("2015-08-30T08:06:00-04:30", EXAMPLE);
	iso("2015-08-30T12:36:00+00:00", EXAMPLE);
	iso("2015-08-31T12:35+23:59", EXAMPLE);
	iso("2015-08-30T12:36:00.000000001Z", EXAMPLE);
	iso("2016-12-31T23:59:60Z", 1483228800);
	iso("2000-02-29T00:00:00Z", 951782400);
	iso("1969-12-31T23:59:59Z", -1);
	iso("0001-01-01T00:00:00Z", -62135596800);
}

TEST(timestamp_refuses_times_that_are_none)
{
	static const char *const bad[] = {
		"", "2015", "2015-08-30", "2015-08-30T12:36:00", "2015-08-30T12Z",
		"2015-08-30T12:36:00ZZ", "2015-08-30T12:36:00Z ", " 2015-08-30T12:36Z",
		"2015-8-30T12:36:00Z", "15-08-30T12:36:00Z", "2015-08-30X12:36:00Z",
		"2015-08-30T12:36:00.Z", "2015-08-30T12:36:Z", "2015-08-30T12:36:0Z",
		"2015-13-01T00:00:00Z", "2015-00-01T00:00:00Z", "2015-01-00T00:00:00Z",
		"2015-01-32T00:00:00Z", "2015-04-31T00:00:00Z", "2015-02-29T00:00:00Z",
		"1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2015-08-30T24:00:00Z",
		"2015-08-30T12:60:00Z", "2015-08-30T12:36:61Z", "2015-08-30T12:36:00+2",
		"2015-08-30T12:36:00+0200", "2015-08-30T12:36:00+24:00",
		"2015-08-30T12:36:00+02:60", "2015-08-30T12:36:00+02:00Z",
		"2015-08-30T12:36:00 +02:00", "-015-08-30T12:36:00Z",
		"2015-08-30T12:36:00,5Z", "2015/08/30T12:36:00Z", "12015-08-30T12:36Z",
		"2015-08-30T-1:36:00Z",
	};
	int64_t t;

	for (size_t i = 0; i < COUNT(bad); i++)
		NO(timestamp_read_iso(edge(bad[i]), &t));
}

TEST(timestamp_reads_amz_dates)
{
	static const char *const bad[] = {
		"", "20150830", "20150830T123600", "20150830t123600Z",
		"20150830T123600z", "20150830T123600Z ", "2015-08-30T12:36:00Z",
		"20150832T123600Z", "20150830T243600Z", "2015083OT123600Z",
		"20150830T1236Z",
	};
	int64_t t = 0;

	YES(timestamp_read_amz(edge("20150830T123600Z"), &t));
	EQ(t, EXAMPLE);
	for (size_t i = 0; i < COUNT(bad); i++)
		NO(timestamp_read_amz(edge(bad[i]), &t));
}

TEST(timestamp_reads_http_dates)
{
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
		"Nov", "Dec",
	};
	int64_t t = 0, last = 0;

	YES(timestamp_read_http(edge("Sun, 30 Aug 2015 12:36:00 GMT"), &t));
	EQ(t, EXAMPLE);
	YES(timestamp_read_http(edge("Sun, 06 Nov 1994 08:49:37 GMT"), &t));
	EQ(t, 784111777);
	for (size_t i = 0; i < COUNT(months); i++) {
		char text[] = "Thu, 01 Jan 2015 00:00:00 GMT";

		memcpy(text + 8, months[i], 3);
		YES(timestamp_read_http(edge(text), &t));
		YES(t > last);
		last = t;
	}
	EQ(last, 1417392000 + 365 * DAY_S);     /* 2014-12-01 and a year */
}

TEST(timestamp_refuses_other_http_dates)
{
	static const char *const bad[] = {
		"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
		"Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 gmt",
		"Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Xxx 1994 08:49:37 GMT",
		"Sun, 06 anF 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT ",
		"Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 31 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 25:49:37 GMT", "Sun; 06 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 08-49-37 GMT", "Sun, 06 Nov +994 08:49:37 GMT",
	};
	int64_t t;

	for (size_t i = 0; i < COUNT(bad); i++)
		NO(timestamp_read_http(edge(bad[i]), &t));
}

TEST(timestamp_refuses_texts_cut_at_any_place)
{
	struct slice whole = edge("2015-08-30T12:36:00.5+02:00"), cut;
	int64_t t;

	EACH_CUT(whole, cut)
		NO(timestamp_read_iso(cut, &t));
	whole = edge("20150830T123600Z");
	EACH_CUT(whole, cut)
		NO(timestamp_read_amz(cut, &t));
	whole = edge("Sun, 30 Aug 2015 12:36:00 GMT");
	EACH_CUT(whole, cut)
		NO(timestamp_read_http(cut, &t));
}

TEST(timestamp_survives_a_spoilt_byte_anywhere)
{
	struct slice whole = edge("2015-08-30T12:36:00.5+02:00"), bad;
	int64_t t;

	EACH_SPOILT(whole, bad)         /* a blank may stand for the T */
		EQ(timestamp_read_iso(bad, &t), bad.p[10] == ' ');
	whole = edge("Sun, 30 Aug 2015 12:36:00 GMT");
	EACH_SPOILT(whole, bad)         /* the day's name is not read */
		EQ(timestamp_read_http(bad, &t), bad_i / SPOILS < 3 ||
		    memcmp(bad.p, whole.p, whole.len) == 0);
}

TEST(timestamp_reads_back_every_day_of_four_centuries)
{
	int64_t from = -62135596800, year_400 = 146097;

	for (int64_t day = 0; day < year_400; day++) {
		int64_t t = from + day * DAY_S * 3 + day % DAY_S, back = 0;
		char text[24];
		struct buf b = BUF_OVER(text);

		timestamp_put_iso(&b, t);
		if (!timestamp_read_iso(buf_slice(&b), &back) || back != t) {
			test_input(buf_slice(&b));
			EQ(back, t);
		}
		b.len = 0;
		timestamp_put_amz(&b, t);
		if (!timestamp_read_amz(buf_slice(&b), &back) || back != t) {
			test_input(buf_slice(&b));
			EQ(back, t);
		}
	}
}

static void
clock_is(int64_t t, int64_t now, const char *wanted)
{
	char text[32];
	struct buf b = BUF_OVER(text);

	timestamp_put_clock(&b, t, now);
	EQ_TEXT(&b, wanted);
}

TEST(timestamp_shows_the_date_only_when_it_is_another)
{
	clock_is(EXAMPLE, EXAMPLE, "12:36 UTC");
	clock_is(EXAMPLE, EXAMPLE + 11 * 3600, "12:36 UTC");
	clock_is(EXAMPLE, EXAMPLE + 12 * 3600, "2015-08-30 12:36 UTC");
	clock_is(EXAMPLE + 12 * 3600, EXAMPLE, "2015-08-31 00:36 UTC");
}

TEST(timestamp_writes_spans_as_people_read_them)
{
	static const struct { int64_t seconds; const char *wanted; } cases[] = {
		{ 0, "0s" }, { -5, "0s" }, { 1, "1s" }, { 59, "59s" }, { 60, "1m" },
		{ 61, "61s" }, { 900, "15m" }, { 3600, "1h" }, { 3605, "3605s" },
		{ 5400, "1h30m" }, { 43200, "12h" }, { 129600, "36h" },
		{ 3660, "1h1m" },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		writes(timestamp_put_span, cases[i].seconds, cases[i].wanted);
}
