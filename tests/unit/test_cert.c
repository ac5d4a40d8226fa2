/* SPDX-License-Identifier: MIT */
/*
 * Names, dates and extensions of certificates, and the rules for one by itself.
 * What follows from its place in a chain is tested in test_chain.c.
 */
#include "test.h"

#include "base/limits.h"
#include "der_put.h"
#include "net/anchors.h"
#include "net/cert.h"
#include "pki.h"

static struct slice
edge_cert(int i)
{
	return edge_bytes(pki[i].der, pki[i].len);
}

static struct slice
called(struct slice name)
{
	static char text[128];
	struct buf b = BUF_OVER(text);

	cert_put_name(&b, name);
	return buf_slice(&b);
}

TEST(cert_reads_names_and_dates)
{
	int64_t from, until;
	struct cert c;

	YES(cert_read(edge_cert(PKI_LEAF), &c));
	YES(cert_read_validity(&c, &from, &until));
	EQ(from, PKI_FROM);
	EQ(until, PKI_UNTIL);
	EQ_TEXT(called(c.issuer), "Test Issuing CA");
	EQ_TEXT(called(c.subject), PKI_HOST);
	YES(cert_read(edge_cert(PKI_ROOT), &c));
	YES(slice_eq(c.issuer, c.subject));
}

TEST(cert_reads_dates_beyond_2049)
{
	int64_t from, until;
	struct cert c;

	YES(cert_read(edge_cert(PKI_LEAF_LATE), &c));
	YES(cert_read_validity(&c, &from, &until));
	EQ(until, 2695420800);                  /* 2055-06-01T00:00:00Z */
}

TEST(cert_refuses_dates_that_are_none)
{
	static const struct { const char *bytes; size_t len; } bad[] = {
#define BAD(text) { text, sizeof text - 1 }
		BAD(""), BAD("\x17\x0D" "200101000000Z"),
		BAD("\x17\x0D" "200101000000Z" "\x17\x0D" "391301000000Z"),
		BAD("\x17\x0D" "200101000000Z" "\x17\x0B" "3912312359Z"),
		BAD("\x17\x0D" "200101000000Z" "\x18\x0D" "391231235959Z"),
		BAD("\x17\x0D" "200101000000Z" "\x17\x0D" "391231235959Z" "\x05\x00"),
#undef BAD
	};
	struct cert c = { 0 };
	int64_t from, until;

	c.validity = EDGE("\x17\x0D" "200101000000Z" "\x17\x0D" "391231235959Z");
	YES(cert_read_validity(&c, &from, &until));
	EQ(until, PKI_UNTIL);
	for (size_t i = 0; i < COUNT(bad); i++) {
		c.validity = edge_again(slice_from(bad[i].bytes, bad[i].len));
		NO(cert_read_validity(&c, &from, &until));
	}
}

TEST(cert_reads_the_compiled_in_roots)
{
	static const struct { const char *name; int64_t until_day; } roots[] = {
		{ "Amazon Root CA 1", 24853 },          /* 2038-01-17 */
		{ "Amazon Root CA 2", 25713 },          /* 2040-05-26 */
		{ "Amazon Root CA 3", 25713 }, { "Amazon Root CA 4", 25713 },
		{ "Starfield Services Root Certificate Authority - G2", 24836 },
	};

	EQ(COUNT(roots), ANCHORS);
	for (size_t i = 0; i < ANCHORS; i++) {
		int64_t from, until;
		struct cert c;

		EQ_TEXT(anchors[i].name, roots[i].name);
		YES(cert_read(edge_bytes(anchors[i].der, anchors[i].len), &c));
		EQ_TEXT(called(c.subject), roots[i].name);
		YES(cert_read_validity(&c, &from, &until));
		EQ(until / 86400, roots[i].until_day);
	}
}

TEST(cert_names_those_that_have_no_common_name)
{
	struct cert c;

	YES(cert_read(edge_cert(PKI_NAMELESS), &c));
	EQ_TEXT(called(c.subject), "Only an organisation");
	EQ_TEXT(called(c.issuer), "an unnamed issuer");
	EQ_TEXT(called(edge("")), "an unnamed issuer");
	EQ_TEXT(called(edge("garbage")), "an unnamed issuer");
}

TEST(cert_makes_names_printable)
{
	EQ_TEXT(called(EDGE("\x30\x10\x31\x0E\x30\x0C\x06\x03\x55\x04\x03\x0C\x05"
	    "a\x1B[1b")), "a?[1b");
}

TEST(cert_refuses_a_certificate_cut_at_any_place)
{
	struct slice whole = edge_cert(PKI_LEAF), cut;
	struct cert c;

	EACH_CUT(whole, cut)
		NO(cert_read(cut, &c));
}

TEST(cert_refuses_bytes_behind_the_certificate)
{
	char text[2048];
	struct buf b = BUF_OVER(text);
	struct cert c;

	buf_put_slice(&b, pki_slice(PKI_LEAF));
	YES(cert_read(edge_again(buf_slice(&b)), &c));
	buf_putc(&b, 0);
	NO(cert_read(edge_again(buf_slice(&b)), &c));
}

TEST(cert_survives_a_spoilt_byte_anywhere)
{
	struct slice whole = edge_cert(PKI_LEAF), bad;
	struct cert c;

	EACH_SPOILT(whole, bad) {
		if (!cert_read(bad, &c))
			continue;
		YES(lies_within(c.issuer, bad) && lies_within(c.subject, bad));
		YES(called(c.issuer).len > 0);
	}
}

/* ---- extensions ---- */

#define CE(arc) slice_from("\x55\x1D" arc, 3)
#define SERVER_AUTH "\x06\x08\x2B\x06\x01\x05\x05\x07\x03\x01"
#define CLIENT_AUTH "\x06\x08\x2B\x06\x01\x05\x05\x07\x03\x02"
#define ANY_PURPOSE "\x06\x04\x55\x1D\x25\x00"

static struct cert checked;

static struct slice
extension(struct slice oid, const char *critical, struct slice value)
{
	struct slice flag = critical ? der_text(DER_BOOLEAN, critical) :
	    slice_of(NULL);

	return der_put(DER_SEQUENCE, der_join(der_join(der_put(DER_OID, oid),
	    flag), der_put(DER_OCTET_STRING, value)));
}

static enum cert_fault
check_list(struct slice list)
{
	checked = (struct cert){ .version_3 = true,
	    .extensions = edge_again(der_put(DER_SEQUENCE, list)) };
	return cert_check(&checked);
}

static enum cert_fault
check_one(struct slice oid, const char *critical, const char *value, size_t len)
{
	der_forget();
	return check_list(extension(oid, critical, slice_from(value, len)));
}

#define ONE(oid, critical, value) \
	check_one(oid, critical, value, sizeof value - 1)

TEST(cert_has_to_be_of_version_3)
{
	char text[2048];
	struct slice whole = pki_slice(PKI_LEAF);
	struct cert c;
	size_t at;

	memcpy(text, whole.p, whole.len);
	at = slice_find(whole, "\xA0\x03\x02\x01\x02");
	YES(at < whole.len);
	for (int version = 0; version < 4; version++) {
		text[at + 4] = (char)version;
		YES(cert_read(edge_bytes((uint8_t *)text, whole.len), &c));
		EQ(cert_check(&c), version == 2 ? CERT_FINE : CERT_OLD);
	}
	/* Without a version it is 1, whatever the serial number looks like. */
	der_forget();
	memset(&c, 0, sizeof c);
	YES(cert_read(der_put(DER_SEQUENCE, der_put(DER_SEQUENCE, der_join(
	    der_text(DER_INTEGER, "\x02\x01\x02"), slice_from(
	    "\x30\0\x30\0\x30\0\x30\0\x30\0", 10)))), &c));
	EQ(cert_check(&c), CERT_OLD);
}

TEST(cert_with_an_extension_twice_is_refused)
{
	struct slice a, b;

	der_forget();
	a = extension(slice_of("\x2A\x03"), NULL, slice_of("x"));
	b = extension(slice_of("\x2A\x04"), NULL, slice_of("x"));
	EQ(check_list(der_join(a, b)), CERT_FINE);
	EQ(check_list(der_join(a, a)), CERT_DOUBLE);
	EQ(check_list(der_join(der_join(a, b), a)), CERT_DOUBLE);
	EQ(check_list(der_join(a, der_join(b, b))), CERT_DOUBLE);
}

TEST(cert_with_an_unknown_critical_extension_is_refused)
{
	EQ(ONE(slice_of("\x2A\x03"), "\xFF", "x"), CERT_CRITICAL);
	EQ(ONE(slice_of("\x2A\x03"), NULL, "x"), CERT_FINE);
	EQ(ONE(CE("\x24"), "\xFF", "x"), CERT_CRITICAL);
	EQ(ONE(CE("\x20"), "\xFF", "x"), CERT_FINE);            /* policies */
	EQ(ONE(CE("\x13"), "\xFF", "\x30\x00"), CERT_FINE);
	/* false is left out in DER, and true is FF; BearSSL takes the first */
	der_forget();
	EQ(check_list(der_put(DER_SEQUENCE, slice_from(
	    "\x06\x01\x2A\x01\x01\x00\x04\x00", 8))), CERT_FINE);
	EQ(ONE(slice_of("\x2A\x03"), "\x01", "x"), CERT_MALFORMED);
	EQ(ONE(slice_of("\x2A\x03"), "\xFF\xFF", "x"), CERT_MALFORMED);
}

TEST(cert_extensions_have_their_shape)
{
	struct slice good = slice_from("\x06\x01\x2A\x04\x00", 5), a, list;

	der_forget();
	EQ(check_list(der_put(DER_SEQUENCE, good)), CERT_FINE);
	for (size_t len = 0; len < good.len; len++)
		EQ(check_list(der_put(DER_SEQUENCE, slice_from(good.p, len))),
		    CERT_MALFORMED);
	EQ(check_list(der_put(DER_SEQUENCE, der_join(good, good))),
	    CERT_MALFORMED);
	EQ(check_list(good), CERT_MALFORMED);
	EQ(check_list(slice_of(NULL)), CERT_MALFORMED);
	a = der_put(DER_SEQUENCE, good);
	EQ(check_list(der_join(a, slice_of("\x30"))), CERT_MALFORMED);
	/* As many as are looked at, and one more. */
	list = slice_of(NULL);
	for (int i = 0; i <= CERT_EXTENSIONS_MAX; i++) {
		char oid[] = { 0x2A, (char)i, 0x01 };

		der_forget();
		if (i == CERT_EXTENSIONS_MAX)
			EQ(check_list(edge_again(list)), CERT_FINE);
		der_forget();
		list = edge_again(der_join(list, extension(slice_from(oid, 3),
		    NULL, slice_of("x"))));
	}
	EQ(check_list(list), CERT_MALFORMED);
}

TEST(cert_with_malformed_access_information_is_refused)
{
	struct slice oid = slice_of("\x2B\x06\x01\x05\x05\x07\x01\x01");

	EQ(ONE(oid, NULL, "\x30\x06\x30\x04\x06\x00\x86\x00"), CERT_FINE);
	EQ(ONE(oid, NULL, "malformed"), CERT_MALFORMED);
	EQ(ONE(oid, NULL, "\x30\x00"), CERT_MALFORMED);
	EQ(ONE(oid, NULL, "\x30\x03\x0C\x01" "a"), CERT_MALFORMED);
	EQ(ONE(oid, NULL, "\x30\x02\x30\x00" "a"), CERT_MALFORMED);
	EQ(ONE(oid, "\xFF", "\x30\x02\x30\x00"), CERT_FINE);
}

TEST(cert_has_to_serve_tls_when_it_says_for_what_it_is)
{
	EQ(ONE(CE("\x25"), NULL, "\x30\x0A" SERVER_AUTH), CERT_FINE);
	EQ(ONE(CE("\x25"), "\xFF", "\x30\x0A" SERVER_AUTH), CERT_FINE);
	YES(checked.critical[CERT_PURPOSES] != NULL);
	EQ(ONE(CE("\x25"), NULL, "\x30\x14" CLIENT_AUTH SERVER_AUTH), CERT_FINE);
	YES(checked.critical[CERT_PURPOSES] == NULL);
	EQ(ONE(CE("\x25"), NULL, "\x30\x06" ANY_PURPOSE), CERT_FINE);
	EQ(ONE(CE("\x25"), NULL, "\x30\x0A" CLIENT_AUTH), CERT_WRONG_USE);
	EQ(ONE(CE("\x25"), NULL, "\x30\x00"), CERT_MALFORMED);
	EQ(ONE(CE("\x25"), NULL, "\x30\x0B" SERVER_AUTH "x"), CERT_MALFORMED);
	EQ(ONE(CE("\x25"), NULL, "\x30\x0C" SERVER_AUTH "\x04\x00"),
	    CERT_MALFORMED);
	EQ(ONE(CE("\x25"), NULL, SERVER_AUTH), CERT_MALFORMED);
}

static enum cert_fault
check_server(struct slice more)
{
	struct slice names = extension(CE("\x11"), NULL, slice_of(
	    "\x30\x03\x82\x01" "a"));

	EQ(check_list(der_join(names, more)), CERT_FINE);
	return cert_check_server(&checked);
}

TEST(cert_of_a_server_has_names_and_is_no_authority)
{
	der_forget();
	EQ(check_server(slice_of(NULL)), CERT_FINE);
	EQ(check_server(extension(CE("\x13"), "\xFF", slice_of(
	    "\x30\x03\x01\x01\xFF"))), CERT_NO_SERVER);
	EQ(check_server(extension(CE("\x13"), "\xFF", slice_from("\x30\0", 2))),
	    CERT_FINE);
	EQ(check_list(extension(CE("\x13"), NULL, slice_from("\x30\0", 2))),
	    CERT_FINE);
	EQ(cert_check_server(&checked), CERT_NO_NAMES);
	/* digitalSignature is the first bit */
	EQ(check_server(extension(CE("\x0F"), NULL, slice_of("\x03\x02\x07\x80"))),
	    CERT_FINE);
	EQ(check_server(extension(CE("\x0F"), NULL, slice_of("\x03\x02\x03\x28"))),
	    CERT_WRONG_USE);
	EQ(check_server(extension(CE("\x0F"), NULL, slice_of("\x03\x01\x01"))),
	    CERT_WRONG_USE);
	EQ(check_server(extension(CE("\x0F"), NULL, slice_of("\x04\x02\x07\x80"))),
	    CERT_WRONG_USE);
	EQ(check_server(extension(CE("\x1E"), NULL, slice_from("\x30\x02\xA0\0",
	    4))), CERT_BAD_LIMITS);
}

TEST(cert_names_are_compared_as_what_they_are)
{
	static const struct { const char *name, *host; bool same; } cases[] = {
		{ "a.example.com", "A.Example.com", true },
		{ "a.example.com", "b.example.com", false },
		{ "a.example.com.", "a.example.com", false },
		{ "*.example.com", "a.example.com", true },
		{ "*.example.com", "a.b.example.com", false },
		{ "*.example.com", "example.com", false },
		{ "*.com", "example.com", false }, { "*.", "a", false },
		{ "*", "a", false }, { "*.com.", "example.com", false },
		{ "a*.example.com", "ab.example.com", false },
		{ "*a.example.com", "ba.example.com", false },
		{ "a.*.com", "a.b.com", false },
		{ "*.*.example.com", "a.b.example.com", false },
		{ "192.0.2.7", "192.0.2.7", true },     /* a name, if asked as one */
	};
	struct ip ip;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cert c = { 0 };

		der_forget();
		c.found[CERT_NAMES] = edge_again(der_text(DER_DNS_NAME,
		    cases[i].name));
		EQ(cert_is_for(&c, slice_of(cases[i].host), NULL), cases[i].same);
		YES(ip_read(slice_of("192.0.2.7"), &ip));
		NO(cert_is_for(&c, slice_of("192.0.2.7"), &ip));
		c.found[CERT_NAMES] = der_text(0x86, cases[i].name);
		NO(cert_is_for(&c, slice_of(cases[i].host), NULL));
	}
}
