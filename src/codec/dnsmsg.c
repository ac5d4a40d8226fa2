/* SPDX-License-Identifier: MIT */
/*
 * Writing queries and reading answers, message compression included. Sections
 * without a name are those of RFC 1035.
 */
#include "codec/dnsmsg.h"

#define NAME_WIRE_MAX 255       /* bytes, §2.3.4 */
#define LABELS_MAX    127             /* in such a name, root not counted */
#define ALIASES_MAX   10
#define RECORDS_MAX   256       /* of an answer; more serve only to cost time */
#define TYPE_CNAME    5
#define CLASS_IN      1

struct name {
	size_t len;
	char text[NAME_WIRE_MAX];       /* labels with dots, lower case */
};

static void
put_u16(struct buf *b, unsigned v)
{
	buf_putc(b, (char)(v >> 8));
	buf_putc(b, (char)v);
}

void
dnsmsg_write(struct buf *b, uint16_t id, struct slice host,
	enum dnsmsg_type type)
{
	put_u16(b, id);
	put_u16(b, 0x0100);             /* recursion desired, §4.1.1 */
	put_u16(b, 1);                  /* one question */
	put_u16(b, 0);
	put_u16(b, 0);
	/*
	 * No EDNS (RFC 6891): our answers are far below 512 bytes, a longer one
	 * comes over TCP, and some middleboxes drop what they do not know.
	 */
	put_u16(b, 0);
	while (host.len) {
		size_t dot = slice_find_char(host, '.');

		buf_putc(b, (char)dot);
		buf_put(b, host.p, dot);
		host = slice_skip(host, dot < host.len ? dot + 1 : dot);
	}
	buf_putc(b, 0);
	put_u16(b, type);
	put_u16(b, CLASS_IN);
}

/* Bounded reading: once past the end, everything fails. */
struct reader {
	const uint8_t *p;
	size_t len, at;
	bool bad;
};

static unsigned
take_u16(struct reader *r)
{
	if (r->bad || r->len - r->at < 2) {
		r->bad = true;
		return 0;
	}
	r->at += 2;
	return (unsigned)r->p[r->at - 2] << 8 | r->p[r->at - 1];
}

static void
skip(struct reader *r, size_t n)
{
	if (r->bad || r->len - r->at < n)
		r->bad = true;
	else
		r->at += n;
}

static void
name_add(struct name *name, const uint8_t *label, size_t len, bool *bad)
{
	if (name->len + len + 1 > sizeof name->text) {
		*bad = true;
		return;
	}
	if (name->len)
		name->text[name->len++] = '.';
	for (size_t i = 0; i < len; i++) {
		/* A dot inside a label would read as a border between two. */
		if (label[i] == '.')
			*bad = true;
		name->text[name->len++] = ascii_lower((char)label[i]);
	}
}

/*
 * A name, its compression pointers followed (§4.1.4). Each pointer must lead
 * backwards, which ends every loop; more than labels serve only to cost time.
 */
static void
take_name(struct reader *r, struct name *name)
{
	size_t at = r->at, limit = r->at;
	int jumps = 0;

	name->len = 0;
	while (!r->bad) {
		if (at >= r->len) {
			r->bad = true;
			return;
		}

		unsigned n = r->p[at];

		if (n >= 0xC0 && at + 1 < r->len) {
			size_t to = (n & 0x3F) << 8 | r->p[at + 1];

			if (!jumps)
				r->at = at + 2;
			if (to >= limit || ++jumps > LABELS_MAX)
				r->bad = true;
			at = limit = to;
			continue;
		}
		if (n > 63 || at + 1 + n > r->len) {
			r->bad = true;
			return;
		}
		at += 1 + n;
		if (n == 0) {
			if (!jumps)
				r->at = at;
			return;
		}
		name_add(name, r->p + at - n, n, &r->bad);
	}
}

static bool
name_is(const struct name *name, struct slice host)
{
	return slice_ieq(slice_from(name->text, name->len), host);
}

struct record {
	struct name owner;
	unsigned type, class;
	size_t data_at, data_len;
};

static void
take_record(struct reader *r, struct record *rec)
{
	take_name(r, &rec->owner);
	rec->type = take_u16(r);
	rec->class = take_u16(r);
	skip(r, 4);                     /* time to live */
	rec->data_len = take_u16(r);
	rec->data_at = r->at;
	skip(r, rec->data_len);
}

static bool
is_whole(struct reader r, unsigned count)
{
	struct record rec;

	while (count--)
		take_record(&r, &rec);
	return !r.bad;
}

/* The alias of `name` among the answers, if there is one. */
static bool
find_alias(struct reader r, unsigned count, const struct name *name,
	struct name *target)
{
	while (count--) {
		struct record rec;

		take_record(&r, &rec);
		if (r.bad)
			return false;
		if (rec.type == TYPE_CNAME && rec.class == CLASS_IN &&
		    name_is(&rec.owner, slice_from(name->text, name->len))) {
			struct reader data = {
				r.p, rec.data_at + rec.data_len, rec.data_at, false
			};

			take_name(&data, target);
			return !data.bad && target->len > 0;
		}
	}
	return false;
}

static void
collect(struct reader r, unsigned count, const struct name *name,
	enum dnsmsg_type type, struct dnsmsg_answer *answer)
{
	size_t size = type == DNSMSG_A ? 4 : 16;

	while (count--) {
		struct record rec;

		take_record(&r, &rec);
		if (r.bad)
			return;
		if (rec.type != (unsigned)type || rec.class != CLASS_IN ||
		    rec.data_len != size || answer->n == ADDRESSES_MAX ||
		    !name_is(&rec.owner, slice_from(name->text, name->len)))
			continue;

		struct ip *ip = &answer->addresses[answer->n++];

		memset(ip, 0, sizeof *ip);
		ip->family = type == DNSMSG_A ? 4 : 6;
		memcpy(ip->bytes, r.p + rec.data_at, size);
	}
}

enum dnsmsg_result
dnsmsg_read(struct slice msg, uint16_t id, struct slice host,
	enum dnsmsg_type type, struct dnsmsg_answer *answer)
{
	struct reader r = { (const uint8_t *)msg.p, msg.len, 0, false };
	struct name name, target;
	unsigned flags, questions, count;

	answer->n = 0;
	answer->code = 0;
	if (take_u16(&r) != id)
		return DNSMSG_NOT_OURS;
	flags = take_u16(&r);
	questions = take_u16(&r);
	count = take_u16(&r);
	skip(&r, 4);
	/* An answer (QR) to a standard query, with our question in it. */
	if (r.bad || (flags & 0xF800) != 0x8000 || questions != 1)
		return DNSMSG_NOT_OURS;
	take_name(&r, &name);
	if (take_u16(&r) != (unsigned)type || take_u16(&r) != CLASS_IN ||
	    r.bad || !name_is(&name, host))
		return DNSMSG_NOT_OURS;
	if ((flags & 15) == 3)
		return DNSMSG_NO_NAME;
	answer->code = flags & 15;
	if (answer->code)
		return DNSMSG_REFUSED;
	/*
	 * A cut answer (TC) is good as far as it goes: RFC 2181 §9 would ask
	 * again for the rest, which a network may let through or not, when one
	 * address is all we need. Others must be whole.
	 */
	if (count > RECORDS_MAX || (!(flags & 0x0200) && !is_whole(r, count)))
		return DNSMSG_NOT_OURS;
	collect(r, count, &name, type, answer);
	for (int i = 0; !answer->n && find_alias(r, count, &name, &target); i++) {
		if (i == ALIASES_MAX)
			return DNSMSG_REFUSED;
		name = target;
		collect(r, count, &name, type, answer);
	}
	return (flags & 0x0200) && answer->n == 0 ? DNSMSG_CUT : DNSMSG_OK;
}
