# SPDX-License-Identifier: MIT
"""XML and JSON on the wire: what is cut, doubled or forged is exit 76. A few of each kind through the whole binary; every byte
and position is the business of unit tests and fuzzers, and how an answer is framed that of the table of faults."""
import re
import socket
import urllib.parse

import realm as facts
from harness import case


def token_body(text, code=76):
    def body(t):
        t.aws.signin.fault("reply", body=text, content_type="application/json")
        result = t.run("--timeout", "8")
        t.fails(result, code, step="signin")
    return body


for title, text in {
        "is empty": b"", "is nothing but blanks": b"  \n", "is no JSON": b"hello", "is null": b"null",
        "is an array": b'["SigninToken"]',
        "is a string": b'"SigninToken"', "lacks the token": b'{"Other":"x"}', "has a token that is null": b'{"SigninToken":null}',
        "has a token that is a number": b'{"SigninToken":17}', "has an empty token": b'{"SigninToken":""}',
        "has its token nested": b'{"a":{"SigninToken":"x"}}', "has its token twice": b'{"SigninToken":"a","SigninToken":"b"}',
        "is cut": b'{"SigninToken":"abc', "has text behind it": b'{"SigninToken":"abc"} x',
        "has a trailing comma": b'{"SigninToken":"abc",}', "has a NUL in the token": b'{"SigninToken":"a\0b"}',
        "has a raw newline in the token": b'{"SigninToken":"a\nb"}', "has bad UTF-8": b'{"SigninToken":"\xff\xfe"}',
        "has a lone surrogate": b'{"SigninToken":"\\ud800"}', "has ten thousand levels": b'{"a":' * 10000 + b"1" + b"}" * 10000,
        "has a token of a megabyte": b'{"SigninToken":"' + b"a" * 1048576 + b'"}',
        "has a token longer than the bound": b'{"SigninToken":"' + b"a" * 20000 + b'"}'}.items():
    case("a sign-in answer that %s is exit 76" % title)(token_body(text))


@case("a token with characters that a URL cannot hold is percent-encoded")
def _(t):
    token = "a+b/c=d&e?f%20#g h\u00e9\U0001f600"
    t.aws.signin.fault("reply", content_type="application/json",
                       body=('{"SigninToken" : "a+b\\/c=d&e?f%20#g h\\u00e9\\ud83d\\ude00", "x": [1e5, {"y": null}]}').encode())
    result = t.run()
    t.equal(result.code, 0, "exit code")
    t.true(re.fullmatch(r"[!-~]+\n", result.out), "a URL of printable ASCII")
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(result.out.strip()).query)
    t.equal(query["SigninToken"], [token], "SigninToken")


@case("a well-formed token in an error answer is no token")
def _(t):
    for status, code in ((400, 77), (403, 77), (500, 75), (302, 76)):
        t.aws.signin.faults.clear()
        t.aws.signin.fault("reply", status=status, body=b'{"SigninToken":"abcdefghijklmnopqrstuvwxyz"}')
        t.fails(t.run(), code, step="signin")


@case("session tokens of 16 KiB are taken")
def _(t):
    t.realm.token_bytes = 12000            # 16,000 characters
    t.ok(t.run())


@case("an answer to half a request is taken when the other half can no longer be sent")
def _(t):
    # Small segments and no room: this end's buffer is full, and waits, with half of the request in it.
    t.aws.signin.listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 88)
    t.aws.signin.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    keys = t.realm.session(facts.ROLE, t.user, token="+/" * 8000)
    t.aws.signin.fault("hasty", data=b"HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge")
    result = t.run(keys=keys)
    t.fails(result, 77, "HTTP 413", step="signin")
    t.equal(t.aws.signin.connections, 1, "connections")


@case("a session token beyond the bound is refused and not cut")
def _(t):
    t.realm.token_bytes = 15000
    t.fails(t.run(), (70, 76), step="sts")
    t.equal(t.aws.signin.all(), [], "sign-in requests")


GOOD = ("<GetFederationTokenResponse><GetFederationTokenResult><Credentials><AccessKeyId>ASIAABCDEFGHIJKLMNOP</AccessKeyId>"
        "<SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken><Expiration>%s</Expiration></Credentials>"
        "</GetFederationTokenResult></GetFederationTokenResponse>") % ("s" * 40, "t" * 400, "2099-01-01T00:00:00Z")
SPOILED = {
    "is empty": "", "is no XML": "hello", "is cut": GOOD[:-30], "is another document": "<Other/>", "is an error under status 200":
    "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>",
    "has no session token": re.sub("<SessionToken>.*</SessionToken>", "", GOOD),
    "has no expiry": re.sub("<Expiration>.*</Expiration>", "", GOOD),
    "has its key twice": GOOD.replace("<SecretAccessKey>", "<AccessKeyId>ASIAQQQQQQQQQQQQQQQQ</AccessKeyId><SecretAccessKey>"),
    "has its credentials in a comment":
    GOOD.replace("<Credentials>", "<!--<Credentials>").replace("</Credentials>", "</Credentials>-->"),
    "has a document type": "<!DOCTYPE x [<!ENTITY e 'x'>]>" + GOOD, "has an unknown entity": GOOD.replace("ssss", "&lol;", 1),
    "has its credentials in the wrong place": GOOD.replace("GetFederationTokenResult>", "FederatedUser>"),
    "has tags that do not match": GOOD.replace("</AccessKeyId>", "</AccessKey>"),
    "has an expiry that is no time": GOOD.replace("2099-01-01T00:00:00Z", "tomorrow"),
    "has bad UTF-8": GOOD.replace("ssss", "\udcff", 1), "has text behind it": GOOD + "<more/>",
}
for title, text in SPOILED.items():
    def unusable(t, text=text):
        t.other_secrets += ["t" * 400, "s" * 40]
        t.aws.sts.fault("reply", body=text.encode("utf-8", "surrogateescape"))
        t.fails(t.run("--timeout", "8"), (76, 77), step="sts")
        t.equal(t.aws.signin.all(), [], "sign-in requests")
    case("an STS answer that %s is refused" % title)(unusable)


@case("an STS answer that is pretty-printed, with entities, is understood")
def _(t):
    right = t.aws.sts.app

    def pretty(request):
        reply = right(request)
        text = reply.body.decode().replace("><", ">\n  <").replace("/", "&#47;").replace("<&#47;", "</").replace("+", "&#x2B;")
        reply.body = b'<?xml version="1.0" encoding="UTF-8"?>\n' + re.sub(
            r'xmlns="([^"]*)"', lambda m: 'xmlns="%s"' % m.group(1).replace("&#47;", "/"), text).encode()
        return reply
    t.aws.sts.app = pretty
    login = t.ok(t.run())
    t.equal(login.keys.kind, facts.FEDERATED, "kind of keys")


@case("an error of STS in HTML is reported by its status, without the HTML")
def _(t):
    t.aws.sts.fault("blocked")
    result = t.run()
    t.fails(result, (76, 77), "403", step="sts")
    t.silent_about(result, "<html", "<body")
