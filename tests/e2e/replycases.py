# SPDX-License-Identifier: MIT
"""The table of faults, its second half: answers that are framed otherwise or badly, and answers that say something else.
Each is a right answer with one thing changed, so that nothing else can be the reason of a refusal."""
import gzip
import re

from faultcases import (BUSY, BUSY_ONCE, BUSY_SOMEHOW, BUSY_OR_NOT_USABLE, CUT, CUT_POLITELY, HTTP, REDIRECT, REFUSED, REFUSED_OR_NOT_USABLE, WORKS, Row)
from sts import error_reply

# --- the answer, framed otherwise or badly: RFC 9112 ----------------------------------------------------------------

def lengths(text):
    """text: of the length n, what stands in Content-Length."""
    def change(head, body):
        lines = [l for l in head.split(b"\r\n") if not l.startswith(b"Content-Length:")]
        return b"\r\n".join(lines + [b"Content-Length: " + t for t in text(len(body))] + [b"", body])
    return change


def codings(*values, version=b"1.1", name=b"Transfer-Encoding:"):
    """Transfer-Encoding with these values, the body as one good chunk."""
    def change(head, body):
        lines = [l for l in head.split(b"\r\n") if not l.startswith(b"Content-Length:")]
        lines[0] = lines[0].replace(b"1.1", version)
        lines += [name + b" " + v for v in values]
        return b"\r\n".join(lines + [b"", b"%x" % len(body), body, b"0", b"", b""])
    return change


def chunks(make):
    """make: of the body, what is sent as the chunked body."""
    def change(head, body):
        lines = [l for l in head.split(b"\r\n") if not l.startswith(b"Content-Length:")]
        return b"\r\n".join(lines + [b"Transfer-Encoding: chunked", b"", b""]) + make(body)
    return change


def one_chunk(size_line):
    """One chunk, then the end; size_line: what announces n bytes."""
    return chunks(lambda body: size_line(len(body)) + body + b"\r\n0\r\n\r\n")


def status_line(line, rest=b""):
    return lambda head, body: line + rest + b"\r\n" + head.partition(b"\r\n")[2] + b"\r\n\r\n" + body


def fields(*lines):
    return lambda head, body: b"\r\n".join([head, *lines, b"", body])


LENGTHS = {
    "negative": lambda n: [b"-%d" % n], "signed": lambda n: [b"+%d" % n], "hexadecimal": lambda n: [b"0x%x" % n],
    "text": lambda n: [b"many"], "with a suffix": lambda n: [b"%d bytes" % n], "with a blank inside": lambda n: [b"1 %d" % n],
    "empty": lambda n: [b""], "of 2^64 and more": lambda n: [b"%d" % (2 ** 64 + n)], "with a point": lambda n: [b"%d.0" % n],
    "twice, differing": lambda n: [b"%d" % n, b"%d" % (n + 1)], "a list that differs": lambda n: [b"%d, %d" % (n, n + 1)],
    "with an exponent": lambda n: [b"%de0" % n], "of other digits": lambda n: ["".join(chr(0x660 + int(d)) for d in str(n)).encode()],
    "of a terabyte": lambda n: [b"%d" % 2 ** 40], "one more than we take": lambda n: [b"65537"]}
SIZES = {
    "signed": b"+%x", "negative": b"-%x", "with 0x": b"0x%x", "with underscore": b"0_%x", "after a blank": b" %x",
    "before a blank": b"%x ", "before a tab": b"%x\t", "before a NUL": b"%x\0", "with a letter": b"%xg", "quoted": b'"%x"',
    "with a comma": b"%x,0", "wrapping at 32 bits": b"1%08x", "wrapping at 64 bits": b"1%016x", "of all bits": b"ffffffffffffffff",
    "empty": b"", "not hexadecimal": b"zz", "of a long extension": b"%x;" + b"e" * 300, "of an extension with NUL": b"%x;a=\0",
    "of a megabyte": b"100000"}
BODIES = {
    "without a line end": lambda b: b"%x" % len(b) + b + b"\r\n0\r\n\r\n",
    "with a bare LF": lambda b: b"%x\n" % len(b) + b + b"\r\n0\r\n\r\n",
    "with a bare CR": lambda b: b"%x\r" % len(b) + b + b"\r\n0\r\n\r\n",
    "shorter than said": lambda b: b"%x\r\n" % (len(b) - 1) + b + b"\r\n0\r\n\r\n",
    "longer than said": lambda b: b"%x\r\n" % (len(b) + 2) + b + b"\r\n0\r\n\r\n",
    "without an end of data": lambda b: b"%x\r\n" % len(b) + b + b"0\r\n\r\n",
    "with a negative last": lambda b: b"%x\r\n" % len(b) + b + b"\r\n-0\r\n\r\n",
    "with a bad trailer": lambda b: b"%x\r\n" % len(b) + b + b"\r\n0\r\nnonsense\r\n\r\n",
    "with trailers of 9 KiB": lambda b: b"%x\r\n" % len(b) + b + b"\r\n0\r\n" + b"X: " + b"y" * 9216 + b"\r\n\r\n",
    "with a folded trailer": lambda b: b"%x\r\n" % len(b) + b + b"\r\n0\r\nX: y\r\n z\r\n\r\n"}
CUT_CHUNKS = {
    "in its size": lambda b: b"%x" % len(b), "in its data": lambda b: b"%x\r\n" % len(b) + b[:-1],
    "before the end of data": lambda b: b"%x\r\n" % len(b) + b, "before the last chunk": lambda b: b"%x\r\n" % len(b) + b + b"\r\n",
    "in the last chunk": lambda b: b"%x\r\n" % len(b) + b + b"\r\n0\r\n",
    "in a trailer": lambda b: b"%x\r\n" % len(b) + b + b"\r\n0\r\nX: y\r\n"}
CODINGS = {
    "gzip": [b"gzip"], "gzip, chunked": [b"gzip, chunked"], "chunked, gzip": [b"chunked, gzip"], "chunked twice": [b"chunked"] * 2,
    "chunked, chunked": [b"chunked, chunked"], "identity": [b"identity"], "empty": [b""], "with a parameter": [b"chunked;q=1"],
    "of another name": [b"xchunked"], "after a vertical tab": [b"\x0bchunked"]}
STATUS_LINES = {
    "of HTTP/0.9": b"HTTP/0.9 200 OK", "of HTTP/2": b"HTTP/2 200", "of HTTP/2.0": b"HTTP/2.0 200 OK", "of ICY": b"ICY 200 OK",
    "in lower case": b"http/1.1 200 OK", "of two digits": b"HTTP/1.1 20 OK", "of four digits": b"HTTP/1.1 2000 OK",
    "with a sign": b"HTTP/1.1 +200 OK", "with a tab": b"HTTP/1.1\t200 OK", "with two blanks": b"HTTP/1.1  200 OK",
    "with a NUL": b"HTTP/1.1 200 O\0K", "with a bare CR": b"HTTP/1.1 200 O\rK", "of 64 KiB": b"HTTP/1.1 200 " + b"x" * 65536,
    "of status 99": b"HTTP/1.1 099 OK", "of status 600": b"HTTP/1.1 600 OK", "after a blank": b" HTTP/1.1 200 OK",
    "after a letter": b"XHTTP/1.1 200 OK", "without status": b"HTTP/1.1 OK", "with letters": b"HTTP/1.1 2xx OK"}
FIELDS = {
    "with a NUL": [b"X: a\0b"], "with a bare CR": [b"X: a\rb"], "with DEL": [b"X: a\x7fb"], "without a colon": [b"nonsense"],
    "without a name": [b": x"], "with a blank before the colon": [b"X : y"], "with a blank in the name": [b"X y: z"],
    "with a folded line": [b"X: y", b" z"], "with a bracket in the name": [b"X(: y"], "of a line of 17 KiB": [b"X: " + b"y" * 17408],
    "of 64 KiB": [b"X-%d: " % i + b"y" * 8000 for i in range(9)], "of a megabyte": [b"X: " + b"y" * 1048576],
    "of 101 fields": [b"X: y"] * 101, "of ten thousand fields": [b"X: y"] * 10000}
RIGHT = {
    "in one chunk": chunks(lambda b: b"%x\r\n" % len(b) + b + b"\r\n0\r\n\r\n"),
    "in 21 chunks": chunks(lambda b: b"".join(b"%X\r\n%s\r\n" % (len(p), p) for p in
                                              (b[i * len(b) // 21:(i + 1) * len(b) // 21] for i in range(21))) + b"0\r\n\r\n"),
    "in chunks of one byte": chunks(lambda b: b"".join(b"1\r\n%c\r\n" % c for c in b) + b"0\r\n\r\n"),
    "in chunks with extensions": one_chunk(lambda n: b"%x;a=b;c=\"d\"\r\n" % n),
    "in chunks with trailers": chunks(lambda b: b"%x\r\n" % len(b) + b + b"\r\n0\r\nX-Y: z\r\nZ: \r\n\r\n"),
    "with leading zeros in the chunk size": one_chunk(lambda n: b"000%x\r\n" % n),
    "with chunked in capitals": codings(b"CHUNKED"), "with a length with leading zeros": lengths(lambda n: [b"000%d" % n]),
    "of HTTP/1.0": lambda h, b: h.replace(b"1.1", b"1.0", 1) + b"\r\n\r\n" + b, "without a reason": status_line(b"HTTP/1.1 200 "),
    "with another reason": status_line(b"HTTP/1.1 200 \xc3\xa4h \t ja"), "with 60 more fields": fields(*[b"X-%d: y" % i for i in range(60)]),
    "with blanks round a value": fields(b"X: \t y \t "), "with an empty field": fields(b"X:"),
    "with field names in capitals": lambda h, b: h.replace(b"Content-Length", b"CONTENT-LENGTH") + b"\r\n\r\n" + b,
    "with coding identity": fields(b"Content-Encoding: identity"), "with bytes behind it": lambda h, b: h + b"\r\n\r\n" + b + b"HTTP/1.1 500 X"}


def framings():
    for name, change in RIGHT.items():
        yield Row("http right: " + name, "edit", WORKS, change=change)
    for status, count, verdict in (("100 Continue", 1, WORKS), ("103 Early Hints", 1, WORKS), ("102 Processing", 8, WORKS),
                                   ("100 Continue", 9, HTTP), ("103 Early Hints", 500, HTTP), ("101 Switching Protocols", 1, HTTP)):
        yield Row("http interim: %d of %s" % (count, status[:3]), "interim", verdict, status=status, count=count)
    yield Row("http interim: only that", "raw", CUT_POLITELY, instead=b"HTTP/1.1 100 Continue\r\n\r\n")
    for name, text in LENGTHS.items():
        yield Row("http length: " + name, "edit", HTTP, change=lengths(text))
    yield Row("http length: longer than the body", "edit", CUT_POLITELY, change=lengths(lambda n: [b"%d" % (n + 9)]))
    for name, line in SIZES.items():
        whole = (lambda n, line=line: (line % n if b"%" in line else line) + b"\r\n")
        yield Row("http chunk size: " + name, "edit", HTTP, change=one_chunk(whole))
    for name, make in BODIES.items():
        yield Row("http chunk: " + name, "edit", HTTP, change=chunks(make))
    for name, make in CUT_CHUNKS.items():
        yield Row("http chunk: cut " + name, "edit", CUT, change=chunks(make), polite=False)
    for name, values in CODINGS.items():
        yield Row("http transfer coding: " + name, "edit", HTTP, change=codings(*values))
    yield Row("http transfer coding: in HTTP/1.0", "edit", HTTP, change=codings(b"chunked", version=b"1.0"))
    yield Row("http transfer coding: with a blank before the colon", "edit", HTTP,
              change=codings(b"chunked", name=b"Transfer-Encoding :"))
    yield Row("http transfer coding: beside a length", "edit", HTTP, change=fields(b"Transfer-Encoding: chunked"))
    for name, line in STATUS_LINES.items():
        yield Row("http status line: " + name, "edit", HTTP, change=status_line(line))
    yield Row("http status line: garbage", "raw", HTTP)
    yield Row("http status line: HTML", "raw", HTTP, instead=b"<html>hello</html>")
    yield Row("http status line: none", "edit", HTTP, change=lambda head, body: body)
    for name, lines in FIELDS.items():
        yield Row("http header: " + name, "edit", HTTP, change=fields(*lines))
    yield Row("http header: with a blank first", "edit", HTTP,
              change=lambda head, body: head.replace(b"\r\n", b"\r\n X: y\r\n", 1) + b"\r\n\r\n" + body)
    yield Row("http header: with bare LF", "edit", HTTP, change=lambda h, b: h.replace(b"\r\n", b"\n") + b"\n\n" + b)
    for coding in (b"gzip", b"x-gzip", b"deflate", b"br", b"identity, gzip"):
        yield Row("http content coding: " + coding.decode(), "edit", HTTP,
                  change=lambda head, body, coding=coding: lengths(lambda n: [b"%d" % n])(
                      head + b"\r\nContent-Encoding: " + coding, gzip.compress(body)))
    yield Row("http content coding: gzip, not said", "edit", HTTP,
              change=lambda head, body: lengths(lambda n: [b"%d" % n])(head, gzip.compress(body)))


# --- statuses and bodies: what is answered instead ------------------------------------------------------------------

HTML = b"<!DOCTYPE html><html><head><title>No</title></head><body>\x1b[31mno\x1b[0m</body></html>"
TOKEN = b'{"SigninToken":"abcdefghijklmnopqrstuvwxyz0123456789"}'
OTHER_XML = b'<Error xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Code>No</Code><Message>no</Message></Error>'
KINDS = {"empty": b"", "HTML": HTML, "JSON": b'{"message":"no"}', "a token": TOKEN, "other XML": OTHER_XML}


def statuses():
    for status in (300, 301, 302, 303, 304, 305, 307, 308):
        yield Row("status %d" % status, "reply", REDIRECT, r"portal\.example", str(status), status=status,
                  headers=[("Location", "https://portal.example/login?a=b")])
    for name, where in (("nowhere", []), ("a path", [("Location", "/login")]), ("plain http", [("Location", "http://portal.example/")]),
                        ("AWS itself", [("Location", "https://signin.aws.amazon.com/oauth")]),
                        ("a name with user data", [("Location", "https://a:b@portal.example/")]),
                        ("megabytes", [("Location", "https://portal.example/" + "x" * 12000)])):
        yield Row("status 302 to " + name, "reply", REDIRECT, "302", status=302, headers=where)
    for status in (400, 401, 403, 404, 405, 407, 408, 409, 411, 413, 414, 415, 421, 422, 426, 431, 451):
        for name, body in KINDS.items() if status in (400, 403, 407) else (("HTML", HTML),):
            yield Row("status %d with %s" % (status, name), "reply", REFUSED_OR_NOT_USABLE, str(status), status=status, body=body,
                      content_type="text/html" if name == "HTML" else "text/plain")
    for status in (429, 500, 502, 503, 504):
        for name, body in KINDS.items() if status in (429, 503) else (("empty", b""), ("HTML", HTML)):
            yield Row("status %d with %s" % (status, name), "reply", BUSY, str(status), status=status, body=body)
    for status in (501, 505, 507, 511, 529, 599):
        yield Row("status %d" % status, "reply", BUSY_OR_NOT_USABLE, str(status), status=status, body=HTML)
    for name, body in {"empty": b"", "blank": b" \r\n", "HTML": HTML, "text": b"hello", "other XML": OTHER_XML, "null": b"null",
                       "an array": b"[]", "NULs": bytes(100), "a list of bytes": bytes(range(256)), "64 KiB": b" " * 65536,
                       "too long": b" " * 65537}.items():
        yield Row("status 200 with " + name, "reply", HTTP, "HTML" if name == "HTML" else "", status=200, body=body)
    for status in (201, 202, 204, 205, 206, 226):
        yield Row("status %d with a token" % status, "reply", REFUSED_OR_NOT_USABLE, str(status), status=status, body=TOKEN)
    for name, value, verdict in (("0", "0", BUSY), ("a second", "1", BUSY), ("no number", "soon", BUSY), ("a negative", "-5", BUSY),
                                 ("a number too large", "9" * 30, BUSY_SOMEHOW), ("a week", "604800", BUSY_ONCE),
                                 ("an hour", "3600", BUSY_ONCE), ("a date to come", "Fri, 31 Dec 2100 23:59:59 GMT", BUSY_ONCE),
                                 ("a date gone by", "Thu, 01 Jan 1970 00:00:00 GMT", BUSY)):
        for status in (429, 503):
            yield Row("status %d, retry after %s" % (status, name), "reply", verdict, status=status, headers=[("Retry-After", value)])


# --- what STS refuses, by its codes (STS API Reference, "Common Errors") --------------------------------------------

THROTTLING = ("Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
              "RequestLimitExceeded", "TooManyRequestsException", "SlowDown", "BandwidthLimitExceeded", "LimitExceededException",
              "PriorRequestNotComplete", "TransactionInProgressException", "ProvisionedThroughputExceededException",
              "EC2ThrottledException")
FINAL = (("AccessDenied", 403), ("AccessDeniedException", 403), ("InvalidClientTokenId", 403), ("SignatureDoesNotMatch", 403),
         ("ExpiredToken", 403), ("ExpiredTokenException", 400), ("IncompleteSignature", 400), ("MissingAuthenticationToken", 403),
         ("RequestExpired", 400), ("RegionDisabledException", 403), ("OptInRequired", 403), ("MalformedPolicyDocument", 400),
         ("PackedPolicyTooLarge", 400), ("ValidationError", 400), ("MalformedQueryString", 400), ("InvalidAction", 400),
         ("InvalidParameterValue", 400), ("MissingParameter", 400), ("InvalidIdentityToken", 400), ("IDPRejectedClaim", 403),
         ("InvalidAuthorizationMessageException", 400), ("SomethingNew", 400))


def sts_codes():
    for code in THROTTLING:
        reply = error_reply(400, code, "Rate exceeded")
        yield Row("code %s" % code, "reply", BUSY, code, status=400, body=reply.body)
    for code, status in FINAL:
        reply = error_reply(status, code, "That was not to be.")
        yield Row("code %s" % code, "reply", REFUSED, code, "not to be", status=status, body=reply.body)
    for code in ("InternalFailure", "ServiceUnavailable"):
        yield Row("code %s" % code, "reply", BUSY, code, status=503, body=error_reply(503, code, "Not now").body)


# --- STS documents, of which one thing is not as it should be -------------------------------------------------------

def document(pattern, instead):
    def change(head, body):
        found, count = re.subn(pattern, instead, body, count=1, flags=re.DOTALL)
        if not count:
            raise ValueError("the right answer has no %r" % pattern)
        return lengths(lambda n: [b"%d" % n])(head, found)
    return change


FIELDS_OF_KEYS = (b"AccessKeyId", b"SecretAccessKey", b"SessionToken", b"Expiration")
WHOLE = b"<Credentials>(.*)</Credentials>"
EXPIRY = b"<Expiration>[^<]*"
DOCUMENTS = {
    "credentials in CDATA": (WHOLE, rb"<![CDATA[<Credentials>\1</Credentials>]]>"),
    "credentials in a comment": (WHOLE, rb"<!--<Credentials>\1</Credentials>-->"),
    "credentials in FederatedUser": (WHOLE, rb"<FederatedUser><Credentials>\1</Credentials></FederatedUser>"),
    "credentials of another prefix": (WHOLE, rb"<MyCredentials>\1</MyCredentials>"),
    "credentials of another namespace prefix": (WHOLE, rb"<x:Credentials>\1</x:Credentials>"),
    "credentials twice": (WHOLE, rb"<Credentials>\1</Credentials><Credentials>\1</Credentials>"),
    "credentials in an attribute": (WHOLE, rb'<Credentials AccessKeyId="ASIAQQQQQQQQQQQQQQQQ"/>'),
    "a document type": (b"^", b'<!DOCTYPE x [<!ENTITY e "x">]>'),
    "a billion laughs": (b"^", b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'),
    "an unknown entity": (b"<SecretAccessKey>", b"<SecretAccessKey>&lol;"),
    "another namespace": (b'xmlns="[^"]*"', b'xmlns="https://sts.example.com/doc/"'), "no namespace": (b'xmlns="[^"]*"', b""),
    "another action's root": (b"GetFederationTokenResponse(.*)GetFederationTokenResponse", rb"AssumeRoleResponse\1AssumeRoleResponse"),
    "an expiry gone by": (EXPIRY, b"<Expiration>2001-01-01T00:00:00Z"), "an expiry in seconds": (EXPIRY, b"<Expiration>4102444800"),
    "an expiry without zone": (EXPIRY, b"<Expiration>2099-01-01T00:00:00"),
    "an expiry in month 13": (EXPIRY, b"<Expiration>2099-13-01T00:00:00Z"),
    "an expiry in words": (EXPIRY, b"<Expiration>Thu, 01 Jan 2099 00:00:00 GMT"), "bytes behind it": (b"$", b"<more/>"),
    "its end cut": (b".{30}$", b""), "a NUL": (b"</SecretAccessKey>", b"\0</SecretAccessKey>"),
    "bad UTF-8": (b"</SecretAccessKey>", b"\xff</SecretAccessKey>")}


def documents():
    for name, (pattern, instead) in DOCUMENTS.items():
        yield Row("document with " + name, "edit", HTTP, change=document(pattern, instead))
    for field in FIELDS_OF_KEYS:
        whole = b"<%s>([^<]*)</%s>" % (field, field)
        for name, instead in (("missing", b""), ("empty", b"<%s></%s>" % (field, field)), ("twice", rb"\g<0>\g<0>"),
                              ("nested", rb"<%s><a>\1</a></%s>" % (field, field)),
                              ("of 20 KiB", b"<%s>%s</%s>" % (field, b"A" * 20480, field))):
            yield Row("document with %s %s" % (field.decode(), name), "edit", HTTP, change=document(whole, instead))
