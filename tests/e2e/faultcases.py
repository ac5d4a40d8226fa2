# SPDX-License-Identifier: MIT
"""The table of faults: what the other side does, how, and how a run has to end. cases/faults.py runs it, on each link.
The letters are those of Postern's reliability goals; a row that says "again" is run with the fault once and always."""
import faults
import tap
from tap import alert, flood, patch, record, say


class Verdict:
    """How a run ends: exit codes, steps that may be named besides the link's own, words that stderr has."""

    def __init__(self, codes, steps=(), words=(), again=False, timeout_s=12):
        self.codes, self.steps, self.words = set(codes), set(steps), words
        self.again = again           # may be tried again: never (False), up to three tries (True), left open (None)
        self.timeout_s = timeout_s


WORKS = Verdict({0})
NAME = Verdict({69}, {"connect"})          # N
LOST = Verdict({69, 76}, {"connect", "tls"}, ["lost|closed|cut|reset"], again=True)          # N or T
LATE = Verdict({69}, {"connect", "tls"}, [r"given up after \d+ s|within \d+ s"], again=None, timeout_s=4)  # D
LATE_OR_TLS = Verdict({69, 76}, {"tls"}, again=None, timeout_s=4)
TLS = Verdict({76}, {"tls"})          # T
TRUST = Verdict({68}, {"tls"})
DAMAGED = Verdict({68, 76}, {"tls"})
HTTP = Verdict({76})          # R
CUT = Verdict({76}, (), ["cut short|closed"], again=True)
CUT_POLITELY = Verdict({76}, (), ["cut short|closed"], again=None)
REDIRECT = Verdict({76}, (), ["redirect", "not followed"])
REFUSED = Verdict({77})          # A
REFUSED_OR_NOT_USABLE = Verdict({76, 77})
BUSY = Verdict({75}, again=True)
BUSY_ONCE = Verdict({75})
BUSY_SOMEHOW = Verdict({75}, again=None)
BUSY_OR_NOT_USABLE = Verdict({75, 76})


class Row:
    """One fault. params are the fault's; words are looked for on stderr; also: a fault of the reply besides."""

    def __init__(self, name, fault, verdict, *words, also=None, **params):
        self.name, self.fault, self.verdict, self.params, self.also = name, fault, verdict, params, also
        self.words = [*verdict.words, *words]
        self.of_reply = fault in faults.REPLY or fault in faults.INSTEAD or fault == "reply"


# --- certificates and versions: faults.TLS -------------------------------------------------------------------------

TLS_SETTINGS = {
    "wrong_name": (TRUST, "name"), "expired": (TRUST, "expired|valid"), "not_yet": (TRUST, "not yet|valid"),
    "untrusted": (TRUST, "Corp Inspection Root"), "self_signed": (TRUST,), "cn_only": (TRUST, "no subjectAltName"),
    "client_only": (TRUST, "not for TLS servers"),
    "weak_rsa": (TRUST,), "no_intermediate": (TRUST,), "tls13_only": (TLS, r"1\.3"), "tls11_only": (TLS,), "cbc_only": (TLS,),
    "rsa_exchange_only": (TLS,), "dhe_only": (TLS,), "null_only": (TLS,), "wants_client_cert": (WORKS,),
    "needs_client_cert": (DAMAGED,),
}


def settings():
    for name, (verdict, *words) in TLS_SETTINGS.items():
        yield Row("certificate or version: " + name, name, verdict, *words)


# --- connections, and what is said before any handshake: faults.CONNECT ---------------------------------------------

PORTAL = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>"
ALERTS = {                                                                       # RFC 5246 section 7.2, RFC 6066 section 9
    10: "", 20: "", 22: "", 40: "handshake_failure", 42: "bad_certificate", 43: "unsupported_certificate", 45: "",
    46: "certificate_unknown", 47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error",
    51: "decrypt_error", 70: "protocol_version", 71: "insufficient_security", 80: "internal_error",
    86: "inappropriate_fallback", 90: "", 100: "", 110: "", 112: "unrecognized_name", 116: "certificate_required",
    120: "no_application_protocol", 255: ""}
NOT_TLS = {
    "garbage": tap.GARBAGE, "plain HTTP": PORTAL, "an SSH banner": b"SSH-2.0-OpenSSH_9.2\r\n", "a mail banner": b"220 mx ESMTP\r\n",
    "zeros": bytes(2048), "ones": b"\xff" * 2048, "version SSL 3.0": record(22, b"\x02\0\0\x26\x03\0" + bytes(40), b"\x03\x00"),
    "version 2.0": b"\x80\x2e\x04\0\0\0\0", "a record of no type": record(99, b"hello"), "data before keys": record(23, b"hello"),
    "a record too long": b"\x16\x03\x03\x48\x01" + bytes(18433), "a server hello of nothing": record(22, b"\x02\0\0\0")}


def connections():
    yield Row("connect: refused", "deaf", NAME, "refused", r"127\.\d+\.\d+\.\d+")
    yield Row("connect: swallowed", "deaf", LATE, full=True)
    yield Row("connect: accepted, then silence", "silent", LATE)
    yield Row("connect: reset at once", "reset", LOST)
    yield Row("connect: closed at once", "close", LOST)
    yield Row("hello: reset", "reset_after_hello", LOST)
    yield Row("hello: closed", "close_after_hello", LOST)
    yield Row("hello: a handshake record dripped", "drip_handshake", LATE)
    for name, data in NOT_TLS.items():
        yield Row("hello: answered by " + name, "says", TLS, "TLS|more than", data=data)
        if name in ("garbage", "plain HTTP", "an SSH banner", "zeros"):
            yield Row("hello: not even awaited by " + name, "says", TLS, "TLS", data=data, first=True)
    for number, name in ALERTS.items():
        yield Row("hello: alert %d" % number, "says", TLS, name or str(number), data=alert(number))
    for name, data in (("warning alerts", alert(90, 1)), ("empty handshake records", record(22, b"")),
                       ("hello requests", record(22, b"\0\0\0\0"))):
        yield Row("hello: flood of " + name, "pours", TLS, data=data)


# --- in the handshake and behind it: tap.py ------------------------------------------------------------------------

def handshake():
    for at in tap.LABELS:
        for part in ("after", "inside"):
            yield Row("tls: stall %s %s" % (part, at), "at_record", LATE, at=at, part=part, act=tap.stall)
        yield Row("tls: reset after " + at, "at_record", LOST, at=at, act=tap.reset)
        yield Row("tls: close after " + at, "at_record", LOST, at=at, act=tap.close)
        yield Row("tls: garbage before " + at, "at_record", TLS, at=at, part="before", act=say(tap.GARBAGE))
        yield Row("tls: garbage after " + at, "at_record", TLS, at=at, act=say(tap.GARBAGE))
        yield Row("tls: data in the clear after " + at, "at_record", TLS, at=at, act=say(record(23, b"HTTP/1.1 200 OK\r\n\r\n")))
        yield Row("tls: alert in the clear after " + at, "at_record", TLS, at=at, act=say(alert(80)))
        yield Row("tls: flood of warnings after " + at, "at_record", TLS, at=at, act=flood(alert(90, 1)))
        yield Row("tls: flood of empty records after " + at, "at_record", TLS, at=at, act=flood(record(22, b"")))
        yield Row("tls: %s twice" % at, "at_record", TLS, at=at, part="instead", act=tap.twice)
        yield Row("tls: a bit of %s flipped" % at, "at_record", DAMAGED, at=at, part="instead", act=tap.flip)
        yield Row("tls: %s left out" % at, "at_record", LATE_OR_TLS, at=at, part="instead", act=tap.skip)
        yield Row("tls: %s in records of one byte" % at, "at_record", TLS if at == "finished" else WORKS, at=at, part="instead",
                  act=tap.fragments)
    for name, at, data in (("SSL 3.0", 4, b"\x03\x00"), ("TLS 1.0", 4, b"\x03\x01"), ("TLS 1.1", 4, b"\x03\x02"),
                           ("TLS 1.3", 4, b"\x03\x04"), ("RSA and CBC", 71, b"\0\x2f"), ("no suite", 71, b"\0\0")):
        yield Row("tls: the server's hello chooses " + name, "at_record", TLS, at="server_hello", part="instead",
                  act=patch(at, data))
    yield Row("tls: a certificate message of 16 MiB", "at_record", TLS, at="certificate", part="instead", act=tap.BIG_CERTIFICATE)
    yield Row("tls: one byte per packet", "bytewise", WORKS)
    yield Row("tls: one byte now and then", "bytewise", LATE, every_s=0.2)
    for name, part, act, verdict in (
            ("a bit of it flipped", "instead", tap.flip, TLS), ("replayed", "instead", tap.twice, TLS),
            ("left out", "instead", tap.skip, TLS), ("in records of one byte", "instead", tap.fragments, TLS),
            ("garbage before it", "before", say(tap.GARBAGE), TLS), ("garbage after it", "after", say(tap.GARBAGE), TLS),
            ("data in the clear after it", "after", say(record(23, b"HTTP/1.1 200 OK\r\n\r\n")), TLS),
            ("a hello request in the clear after it", "after", say(record(22, b"\0\0\0\0")), TLS),
            ("a record too long after it", "after", say(b"\x17\x03\x03\x48\x01" + bytes(18433)), TLS),
            ("flood of empty records after it", "after", flood(record(23, b"")), TLS),
            ("stall inside it", "inside", tap.stall, LATE), ("reset inside it", "inside", tap.reset, LOST),
            ("close inside it", "inside", tap.close, LOST), ("stall after it", "after", tap.stall, LATE),
            ("reset after it", "after", tap.reset, CUT), ("close after it", "after", tap.close, CUT)):
        yield Row("first record of two: " + name, "at_record", verdict, at="data", part=part, act=act, also="halves")


def exchange(every=8):
    """A sample of what long.py does at each byte."""
    for part in range(every):
        for name, act in (("reset", tap.reset), ("close", tap.close)):
            yield Row("bytes: %s after %d/%d of the exchange" % (name, part, every), "at_byte", LOST, at=part / every, act=act)


# --- the answer, cut: faults.REPLY ---------------------------------------------------------------------------------

CUTS = {"before its first byte": 0, "in its status line": 9, "in its head": 60, "before its last byte": -1, "in its body": -200}


def cuts():
    for name, keep in CUTS.items():
        yield Row("answer: stalled " + name, "hang", LATE, after=keep)
        yield Row("answer: reset " + name, "cut_reset", LOST if keep == 0 else CUT, keep=keep)
        yield Row("answer: closed without close_notify " + name, "cut", LOST if keep == 0 else CUT, keep=keep, polite=False)
        yield Row("answer: closed politely " + name, "cut", LOST if keep == 0 else CUT_POLITELY, keep=keep)
    yield Row("answer: whole, then held open", "hang", WORKS, after=None)
    yield Row("answer: whole, then reset", "cut_reset", WORKS, keep=None)
    yield Row("answer: whole, closed without close_notify", "cut", WORKS, keep=None, polite=False)
    yield Row("answer: without length, closed politely", "unframed", WORKS)
    yield Row("answer: without length, closed without close_notify", "unframed", CUT_POLITELY, polite=False)
    yield Row("answer: a byte per record", "dribble", WORKS)
    yield Row("answer: dripped", "drip_reply", LATE)
    yield Row("answer: a second late", "slow", WORKS)
    yield Row("answer: a body without end", "flood", HTTP)
    yield Row("answer: a header without end", "flood", HTTP, head=b"", more=b"X-Y: z\r\n")
    yield Row("answer: a header line without end", "flood", HTTP, head=b"X: ")
    yield Row("answer: a chunk extension without end", "flood", HTTP, head=b"Transfer-Encoding: chunked\r\n\r\n1;")
    yield Row("answer: trailers without end", "flood", HTTP, head=b"Transfer-Encoding: chunked\r\n\r\n0\r\n", more=b"X-Y: z\r\n")
    yield Row("answer: a body of HTTP/1.0 without end", "flood", HTTP, head=b"Connection: close\r\n\r\n")


# --- what only long.py has time for ---------------------------------------------------------------------------------

LIMIT = Verdict({69}, {"connect", "tls"}, ["within 10 s|no answer"], again=None, timeout_s=30)
PATIENT = Verdict({0}, timeout_s=30)


def patience():
    """Steps have limits of their own, far from the deadline of the run; an answer that is only slow has none."""
    yield Row("limit: a connection swallowed", "deaf", LIMIT, full=True)
    yield Row("limit: accepted, then silence", "silent", LIMIT)
    yield Row("limit: a hello dripped", "drip_handshake", LIMIT, every_s=1)
    yield Row("limit: stall after certificate", "at_record", LIMIT, at="certificate")
    yield Row("limit: one byte a second", "bytewise", LIMIT, every_s=1)
    yield Row("limit: an answer of one byte a second", "drip_reply", LIMIT, every_s=1)
    yield Row("limit: an answer stalled in its body", "hang", LIMIT, after=-200)
    yield Row("limit: an answer 25 s late", "slow", PATIENT, delay_s=25)
