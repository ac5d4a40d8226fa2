/* SPDX-License-Identifier: MIT */
/*
 * DNS queries as they are written, and answers as servers and attackers may
 * send them. Asking servers is not tested here.
 */
#include "test.h"

#include "codec/dnsmsg.h"

#define ID   0x1234
#define NAME "\3sts\11us-east-1\11amazonaws\3com\0"     /* at offset 12 */
#define HOST "sts.us-east-1.amazonaws.com"
#define QUESTION_A NAME "\0\1\0\1"
#define PTR  "\xC0\x0C"                 /* to the question's name */
#define TTL  "\0\0\0\x3C"
#define A_OF(name, address) name "\0\1\0\1" TTL "\0\4" address

static struct dnsmsg_answer answer;

/* A header with these flags and this count of answers, then the rest. */
static struct slice
message(unsigned flags, unsigned answers, const char *rest, size_t len)
{
	char out[8192];
	struct buf b = BUF_OVER(out);
	const unsigned words[] = { ID, flags, 1, answers, 0, 0 };

	for (size_t i = 0; i < COUNT(words); i++) {
		buf_putc(&b, (char)(words[i] >> 8));
		buf_putc(&b, (char)words[i]);
	}
	buf_put(&b, rest, len);
	return edge_bytes(b.p, b.len);
}

#define MESSAGE(flags, answers, rest) \
	message(flags, answers, rest, sizeof (rest) - 1)
#define GOOD 0x8180             /* answer, recursion desired and available */

static enum dnsmsg_result
read_a(struct slice msg)
{
	return dnsmsg_read(msg, ID, slice_of(HOST), DNSMSG_A, &answer);
}

static struct slice
printed(size_t i)
{
	static char out[64];
	struct buf b = BUF_OVER(out);

	if (i < answer.n)
		ip_put(&b, &answer.addresses[i]);
	return buf_slice(&b);
}

TEST(dnsmsg_writes_a_query)
{
	struct buf b = edge_buf(12 + sizeof NAME - 1 + 4);

	dnsmsg_write(&b, ID, slice_of(HOST), DNSMSG_A);
	NO(b.full);
	EQ_TEXT(&b, slice_from("\x12\x34\1\0\0\1\0\0\0\0\0\0" QUESTION_A,
	    12 + sizeof QUESTION_A - 1));
	b.len = 0;
	dnsmsg_write(&b, 0xFFFE, slice_of(HOST), DNSMSG_AAAA);
	EQ_TEXT(slice_from(b.p, 2), "\xFF\xFE");
	EQ_TEXT(slice_from(b.p + b.len - 4, 4), slice_from("\0\x1C\0\1", 4));
}

TEST(dnsmsg_reads_addresses_of_the_name_that_was_asked_for)
{
	EQ(read_a(MESSAGE(GOOD, 2, QUESTION_A A_OF(PTR, "\xC0\0\2\1")
	    A_OF(NAME, "\xC0\0\2\2"))), DNSMSG_OK);
	EQ(answer.n, 2);
	EQ_TEXT(printed(0), "192.0.2.1");
	EQ_TEXT(printed(1), "192.0.2.2");
	EQ(dnsmsg_read(MESSAGE(GOOD, 1, NAME "\0\x1C\0\1" PTR "\0\x1C\0\1" TTL
	    "\0\x10\x20\1\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\1"), ID, slice_of(HOST),
	    DNSMSG_AAAA, &answer), DNSMSG_OK);
	EQ_TEXT(printed(0), "2001:db8::1");
}

TEST(dnsmsg_compares_names_without_case)
{
	EQ(read_a(MESSAGE(GOOD, 1, "\3STS\11Us-East-1\11amazonaws\3COM\0\0\1\0\1"
	    A_OF(NAME, "\xC0\0\2\1"))), DNSMSG_OK);
	EQ(answer.n, 1);
}

TEST(dnsmsg_answers_ok_without_addresses_when_there_are_none)
{
	EQ(read_a(MESSAGE(GOOD, 0, QUESTION_A)), DNSMSG_OK);
	EQ(answer.n, 0);
}

TEST(dnsmsg_tells_failures_apart)
{
	EQ(read_a(MESSAGE(GOOD | 3, 0, QUESTION_A)), DNSMSG_NO_NAME);
	EQ(read_a(MESSAGE(GOOD | 2, 0, QUESTION_A)), DNSMSG_REFUSED);
	EQ(answer.code, 2);
	EQ(read_a(MESSAGE(GOOD | 5, 0, QUESTION_A)), DNSMSG_REFUSED);
	EQ(answer.code, 5);
	EQ(read_a(MESSAGE(GOOD | 0x200, 0, QUESTION_A)), DNSMSG_CUT);
	EQ(read_a(MESSAGE(GOOD | 0x200, 1, QUESTION_A A_OF(PTR, "\1\2\3\4"))),
	    DNSMSG_OK);
	EQ(answer.n, 1);
}

TEST(dnsmsg_believes_nothing_that_is_no_answer_to_the_question)
{
	struct slice good = MESSAGE(GOOD, 1, QUESTION_A A_OF(PTR, "\1\2\3\4"));

	EQ(read_a(good), DNSMSG_OK);
	EQ(dnsmsg_read(good, ID + 1, slice_of(HOST), DNSMSG_A, &answer),
	    DNSMSG_NOT_OURS);
	EQ(dnsmsg_read(good, ID, slice_of(HOST), DNSMSG_AAAA, &answer),
	    DNSMSG_NOT_OURS);
	EQ(dnsmsg_read(good, ID, slice_of("sts.us-east-1.amazonaws.co"), DNSMSG_A,
	    &answer), DNSMSG_NOT_OURS);
	EQ(dnsmsg_read(good, ID, slice_of("us-east-1.amazonaws.com"), DNSMSG_A,
	    &answer), DNSMSG_NOT_OURS);
	EQ(read_a(MESSAGE(0x0100, 1, QUESTION_A A_OF(PTR, "\1\2\3\4"))),
	    DNSMSG_NOT_OURS);           /* a query */
	EQ(read_a(MESSAGE(GOOD | 0x0800, 1, QUESTION_A A_OF(PTR, "\1\2\3\4"))),
	    DNSMSG_NOT_OURS);           /* another operation */
	EQ(read_a(MESSAGE(GOOD, 1, NAME "\0\1\0\3" A_OF(PTR, "\1\2\3\4"))),
	    DNSMSG_NOT_OURS);           /* another class */
	EQ(answer.n, 0);
}

TEST(dnsmsg_wants_exactly_one_question)
{
	struct slice s = MESSAGE(GOOD, 1, QUESTION_A A_OF(PTR, "\1\2\3\4"));
	char *count = (char *)(uintptr_t)s.p + 5;

	*count = 0;
	EQ(read_a(s), DNSMSG_NOT_OURS);
	*count = 2;
	EQ(read_a(s), DNSMSG_NOT_OURS);
}

TEST(dnsmsg_passes_over_records_of_others)
{
	EQ(read_a(MESSAGE(GOOD, 6, QUESTION_A
	    A_OF("\4evil\3com\0", "\6\6\6\6")
	    A_OF("\3sts\4evil\3com\0", "\6\6\6\6")
	    PTR "\0\1\0\3" TTL "\0\4\6\6\6\6"           /* class CHAOS */
	    PTR "\0\x10\0\1" TTL "\0\4\6\6\6\6"         /* type TXT */
	    PTR "\0\1\0\1" TTL "\0\3\6\6\6"             /* three bytes */
	    A_OF(PTR, "\1\2\3\4"))), DNSMSG_OK);
	EQ(answer.n, 1);
	EQ_TEXT(printed(0), "1.2.3.4");
}

TEST(dnsmsg_takes_no_label_with_a_dot_for_two_labels)
{
	/* "sts.us-east-1" as one label, of an answer and of the question */
	read_a(MESSAGE(GOOD, 1, QUESTION_A
	    A_OF("\15sts.us-east-1\11amazonaws\3com\0", "\6\6\6\6")));
	EQ(answer.n, 0);
	EQ(read_a(MESSAGE(GOOD, 1, "\15sts.us-east-1\11amazonaws\3com\0\0\1\0\1"
	    A_OF(PTR, "\6\6\6\6"))), DNSMSG_NOT_OURS);
	EQ(answer.n, 0);
}

TEST(dnsmsg_follows_aliases)
{
	EQ(read_a(MESSAGE(GOOD, 2, QUESTION_A
	    PTR "\0\5\0\1" TTL "\0\4\1x\xC0\x1A"        /* x.amazonaws.com */
	    A_OF("\1x\xC0\x1A", "\1\2\3\4"))), DNSMSG_OK);
	EQ_TEXT(printed(0), "1.2.3.4");
	/* The other way round, and with an address of another alias. */
	EQ(read_a(MESSAGE(GOOD, 3, QUESTION_A A_OF("\1y\xC0\x1A", "\6\6\6\6")
	    A_OF("\1x\xC0\x1A", "\1\2\3\4")
	    PTR "\0\5\0\1" TTL "\0\4\1x\xC0\x1A")), DNSMSG_OK);
	EQ(answer.n, 1);
	EQ_TEXT(printed(0), "1.2.3.4");
}

static void
put_alias(struct buf *b, int i)
{
	if (i == 0)
		buf_put(b, PTR, 2);
	else
		buf_put(b, ((const char[]){ 1, (char)('a' + i), 0 }), 3);
	buf_put(b, "\0\5\0\1" TTL "\0\3", 10);
	buf_put(b, ((const char[]){ 1, (char)('b' + i), 0 }), 3);
}

/* Aliases a -> b -> c ... and the address of the last, or all backwards. */
static enum dnsmsg_result
chain(int aliases, bool backwards)
{
	char out[1024];
	struct buf b = BUF_OVER(out);

	buf_put(&b, QUESTION_A, sizeof QUESTION_A - 1);
	for (int i = 0; i < aliases && !backwards; i++)
		put_alias(&b, i);
	buf_put(&b, ((const char[]){ 1, (char)('a' + aliases), 0 }), 3);
	buf_put(&b, "\0\1\0\1" TTL "\0\4\1\2\3\4", 14);
	for (int i = aliases; i > 0 && backwards; i--)
		put_alias(&b, i - 1);
	return read_a(message(GOOD, (unsigned)aliases + 1, b.p, b.len));
}

TEST(dnsmsg_follows_ten_aliases_and_refuses_more)
{
	EQ(chain(1, false), DNSMSG_OK);
	EQ(answer.n, 1);
	EQ(chain(10, false), DNSMSG_OK);
	EQ(answer.n, 1);
	EQ(chain(10, true), DNSMSG_OK);
	EQ(answer.n, 1);
	EQ(chain(11, false), DNSMSG_REFUSED);
	EQ(answer.n, 0);
	EQ(answer.code, 0);
	EQ(chain(11, true), DNSMSG_REFUSED);
}

TEST(dnsmsg_refuses_aliases_that_go_round_in_a_circle)
{
	EQ(read_a(MESSAGE(GOOD, 2, QUESTION_A
	    PTR "\0\5\0\1" TTL "\0\3\1x\0"
	    "\1x\0\0\5\0\1" TTL "\0\2" PTR)), DNSMSG_REFUSED);
	EQ(answer.n, 0);
	EQ(read_a(MESSAGE(GOOD, 1, QUESTION_A PTR "\0\5\0\1" TTL "\0\2" PTR)),
	    DNSMSG_REFUSED);
	EQ(answer.n, 0);
}

TEST(dnsmsg_finds_no_address_where_aliases_end_without_one)
{
	EQ(read_a(MESSAGE(GOOD, 2, QUESTION_A A_OF("\1y\0", "\6\6\6\6")
	    PTR "\0\5\0\1" TTL "\0\3\1x\0")), DNSMSG_OK);
	EQ(answer.n, 0);
	/* Cut: the rest may have it. */
	EQ(read_a(MESSAGE(GOOD | 0x200, 1, QUESTION_A
	    PTR "\0\5\0\1" TTL "\0\3\1x\0")), DNSMSG_CUT);
}

/* A name behind `jumps` pointers, each to the one before. */
static enum dnsmsg_result
pointers(unsigned jumps)
{
	char out[1024];
	struct buf b = BUF_OVER(out);
	unsigned at = 12;               /* of the name in the question */
	struct slice msg;

	buf_put(&b, QUESTION_A, sizeof QUESTION_A - 1);
	buf_put(&b, PTR "\0\x10\0\1" TTL, 10);           /* TXT */
	buf_putc(&b, (char)((jumps - 1) * 2 >> 8));
	buf_putc(&b, (char)((jumps - 1) * 2));
	for (unsigned i = 0; i < jumps; i++) {
		unsigned here = 12 + (unsigned)b.len;

		buf_putc(&b, (char)(0xC0 | at >> 8));
		buf_putc(&b, (char)at);
		at = here;
	}
	buf_put(&b, "\0\1\0\1" TTL "\0\4\1\2\3\4", 14);
	msg = message(GOOD, 2, b.p, b.len);
	return read_a(msg);
}

TEST(dnsmsg_follows_no_more_pointers_than_a_name_has_labels)
{
	EQ(pointers(1), DNSMSG_OK);
	EQ(answer.n, 1);
	EQ(pointers(127), DNSMSG_OK);
	EQ(answer.n, 1);
	EQ(pointers(128), DNSMSG_NOT_OURS);
}

TEST(dnsmsg_refuses_pointers_that_do_not_lead_backwards)
{
	EQ(read_a(MESSAGE(GOOD, 0, "\xC0\x0C\0\1\0\1")), DNSMSG_NOT_OURS);
	EQ(read_a(MESSAGE(GOOD, 0, "\xC0\x0E\0\1\0\1")), DNSMSG_NOT_OURS);
	EQ(read_a(MESSAGE(GOOD, 0, "\xFF\xFF\0\1\0\1")), DNSMSG_NOT_OURS);
	EQ(read_a(MESSAGE(GOOD, 0, "\3sts\xC0\x0C\0\1\0\1")), DNSMSG_NOT_OURS);
}

TEST(dnsmsg_refuses_labels_and_names_that_are_too_long)
{
	char rest[600];
	struct buf b = BUF_OVER(rest);

	EQ(read_a(MESSAGE(GOOD, 0, "\x40sts\0\0\1\0\1")), DNSMSG_NOT_OURS);
	EQ(read_a(MESSAGE(GOOD, 0, "\x80sts\0\0\1\0\1")), DNSMSG_NOT_OURS);
	for (int i = 0; i < 8; i++) {
		buf_putc(&b, 63);
		for (int k = 0; k < 63; k++)
			buf_putc(&b, 'a');
	}
	buf_put(&b, "\0\0\1\0\1", 5);
	EQ(read_a(message(GOOD, 0, b.p, b.len)), DNSMSG_NOT_OURS);
}

TEST(dnsmsg_leaves_out_addresses_beyond_the_bound)
{
	char rest[1000];
	struct buf b = BUF_OVER(rest);

	buf_put(&b, QUESTION_A, sizeof QUESTION_A - 1);
	for (int i = 0; i < ADDRESSES_MAX + 4; i++) {
		buf_put(&b, PTR "\0\1\0\1" TTL "\0\4\1\2\3", 15);
		buf_putc(&b, (char)i);
	}
	EQ(read_a(message(GOOD, ADDRESSES_MAX + 4, b.p, b.len)), DNSMSG_OK);
	EQ(answer.n, ADDRESSES_MAX);
	EQ_TEXT(printed(ADDRESSES_MAX - 1), "1.2.3.15");
}

#define LONG QUESTION_A PTR "\0\5\0\1" TTL "\0\4\1x\xC0\x1A" \
	A_OF("\1x\xC0\x1A", "\1\2\3\4")

/* A message that is malformed is nobody's answer (dnsmsg.h). */
TEST(dnsmsg_refuses_a_message_cut_at_any_place)
{
	struct slice whole = MESSAGE(GOOD, 2, LONG), cut;

	EQ(read_a(whole), DNSMSG_OK);
	EACH_CUT(whole, cut)
		EQ(read_a(cut), DNSMSG_NOT_OURS);
}

TEST(dnsmsg_refuses_a_message_of_very_many_records)
{
	char rest[300 * 16 + 100];
	struct buf b = BUF_OVER(rest);

	buf_put(&b, QUESTION_A, sizeof QUESTION_A - 1);
	for (int i = 0; i < 300; i++)
		buf_put(&b, A_OF(PTR, "\1\2\3\4"), sizeof A_OF(PTR, "\1\2\3\4") - 1);
	EQ(read_a(message(GOOD, 256, b.p, b.len)), DNSMSG_OK);
	EQ(read_a(message(GOOD, 257, b.p, b.len)), DNSMSG_NOT_OURS);
}

TEST(dnsmsg_refuses_a_message_with_fewer_answers_than_it_says)
{
	EQ(read_a(MESSAGE(GOOD, 2, QUESTION_A A_OF(PTR, "\1\2\3\4"))),
	    DNSMSG_NOT_OURS);
}

TEST(dnsmsg_survives_a_spoilt_byte_anywhere)
{
	struct slice whole = MESSAGE(GOOD, 2, LONG), bad;
	size_t same = 0;

	EACH_SPOILT(whole, bad) {
		same += read_a(bad) == DNSMSG_OK && answer.n == 1;
		YES(answer.n <= 2);
	}
	/* The address itself, times to live, the counts that are not read. */
	YES(same > 60 && same < whole.len * SPOILS / 2);
}
