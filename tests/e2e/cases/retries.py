# SPDX-License-Identifier: MIT
"""What is tried again and what is not, how long is waited, and the other sign-in host that takes a dead one's place."""
import email.utils
import socket

import realm as facts
from harness import case

BUSY = ("throttled", "too_many", "unavailable", "internal_empty")
OTHER = facts.signin_host("us-west-2")


@case("what STS puts off once is tried again, which -v shows")
def _(t):
    for fault in BUSY:
        t.aws.sts.requests.clear()
        t.aws.sts.fault(fault, times=1)
        result = t.run("-v")
        t.ok(result)
        t.equal(len(t.aws.sts.all()), 2, "requests at %s" % fault)
        t.says(result, r"try 2 of 3 in \d+ ms")


@case("what STS puts off each time is exit 75 after three tries, and later the same command works")
def _(t):
    for fault in BUSY:
        t.aws.sts.requests.clear()
        t.aws.sts.fault(fault, times=3)
        result = t.run()
        t.fails(result, 75, step="sts")
        t.hint(result)
        t.equal(len(t.aws.sts.all()), 3, "requests at %s" % fault)
    t.ok(t.run())


@case("what sign-in puts off once is tried again")
def _(t):
    for fault in ("unavailable", "too_many"):
        t.aws.signin.requests.clear()
        t.aws.signin.fault(fault, times=1)
        t.ok(t.run())
        t.equal(len(t.aws.signin.all()), 2, "requests at %s" % fault)


@case("sign-in that throttles each time is exit 75 after three tries, and no other host is troubled")
def _(t):
    t.aws.signin.fault("too_many")
    t.fails(t.run(), 75, step="signin")
    t.equal(len(t.aws.signin.all()), 3, "requests")
    t.equal({r.host for r in t.aws.signin.all()}, {facts.signin_host("us-east-1")}, "hosts")


@case("a refusal, a bad answer and an untrusted certificate are not tried again")
def _(t):
    for where, fault, params in ((t.aws.sts, "reply", {"status": 403}), (t.aws.sts, "reply", {"status": 501}),
                                 (t.aws.sts, "raw", {}), (t.aws.signin, "reply", {"status": 400}),
                                 (t.aws.signin, "portal", {}), (t.aws.signin, "redirect", {}),
                                 (t.aws.signin, "untrusted", {})):
        t.ok(t.run())           # behind which no connection of an earlier run is left to be accepted
        t.aws.sts.requests.clear()
        t.aws.signin.requests.clear()
        where.fault(fault, **params)
        before = where.connections
        result = t.run()
        t.true(result.code, "a failure at %s" % fault)
        t.true(len(where.all()) <= 1, "one request at %s" % fault)
        t.equal(where.connections - before, 1, "connections at %s" % fault)
        where.faults.clear()


@case("a connection that is lost before or in the middle of an answer is tried again")
def _(t):
    for where in (t.aws.sts, t.aws.signin):
        for fault, params in (("reset", {}), ("reset_after_hello", {}), ("close_after_hello", {}), ("cut", {}),
                              ("cut", {"keep": 0}), ("cut_reset", {}), ("cut_reset", {"keep": 100})):
            where.requests.clear()
            where.fault(fault, times=1, **params)
            t.ok(t.run())
            t.true(len(where.all()) == (2 if fault.startswith("cut") else 1), "requests at %s" % fault)


@case("an answer that is cut each time is exit 76 after three tries")
def _(t):
    t.aws.sts.fault("cut")
    t.fails(t.run(), 76, "cut short", step="sts")
    t.equal(len(t.aws.sts.all()), 3, "requests")


@case("a Retry-After is waited for")
def _(t):
    for where in (t.aws.sts, t.aws.signin):
        where.fault("wait_please", times=1, seconds="2")
        result = t.run("-v")
        t.ok(result)
        t.says(result, "try 2 of 3 in 2000 ms")
        t.true(result.wall >= 2, "two seconds of waiting")


@case("a Retry-After beyond the deadline is not waited for, and said")
def _(t):
    t.aws.sts.fault("wait_please", seconds="120")
    result = t.run("--timeout", "5")
    t.fails(result, 75, "503", step="sts")
    t.hint(result, "120")
    t.true(result.wall < 4, "no waiting")
    t.equal(len(t.aws.sts.all()), 1, "requests")


@case("a token code is never sent twice, whatever becomes of the request")
def _(t):
    serial = "arn:aws:iam::123456789012:mfa/alice"
    for fault in ("throttled", "unavailable", "cut_reset", "cut"):
        user = t.realm.user(mfa_serial=serial, mfa_codes={"123456"})
        t.aws.sts.requests.clear()
        t.aws.sts.fault(fault, times=1)
        result = t.run("--role-arn", t.realm.role(mfa=True).arn, "--serial-number", serial, "--token-code", "123456",
                       keys=user)
        t.true(result.code in (69, 75, 76), "a failure at %s" % fault)
        t.equal(len(t.aws.sts.all()), 1, "requests at %s" % fault)


@case("a token code whose request never left may be sent on another connection")
def _(t):
    serial = "arn:aws:iam::123456789012:mfa/alice"
    user = t.realm.user(mfa_serial=serial, mfa_codes={"123456"})
    t.aws.sts.fault("reset_after_hello", times=1)
    t.ok(t.run("--role-arn", t.realm.role(mfa=True).arn, "--serial-number", serial, "--token-code", "123456", keys=user))
    t.equal(len(t.aws.sts.all()), 1, "requests")


@case("a Retry-After that is a date counts by the clock of the answer", "443")
def _(t):
    def late(endpoint, conn, data, **_):
        date, later = (email.utils.formatdate(t.aws.clock.now() + s, usegmt=True) for s in (0, 2))
        conn.sendall(("HTTP/1.1 503 Busy\r\nDate: %s\r\nRetry-After: %s\r\nContent-Length: 0\r\n\r\n" % (date, later)).encode())
    t.aws.clock.offset_s = 600
    t.aws.sts.fault("by", times=1, act=late)
    result = t.run("-v")
    t.ok(result)
    t.says(result, "try 2 of 3 in 2000 ms")


@case("a sign-in host that is down is replaced by another region's, and the person is told", "443")
def _(t):
    for fault, times in (("reset", 3), ("unavailable", 3)):
        t.aws.signin.fault(fault, times=times)
        result = t.run("--format", "json", "--no-false-start", regions=["us-west-2"])
        t.equal(result.code, 0, "exit code")
        t.says(result, "warning: signin.aws.amazon.com is down", "us-west-2.signin.aws.amazon.com is used",
               "the link is of us-west-2.signin.aws.amazon.com")
        t.equal(t.json(result.out)["signin_host"], OTHER, "signin_host")
        t.equal(t.aws.signin.last().host, OTHER, "host of the last request")


@case("a name of sign-in that nobody knows is replaced as well", "443")
def _(t):
    words = t.network("us-west-2")
    t.says(t.run(*words, "--resolve", "sts.us-east-1.amazonaws.com:443:" + t.aws.sts.address,
                 "--resolve", "signin.aws.amazon.com:443:127.0.0.9", net=False), "is used in its place")
    t.equal(t.aws.signin.last().host, OTHER, "host of the last request")


@case("when the other sign-in host fails as well, the first one's failure is the error", "443")
def _(t):
    t.aws.signin.fault("unavailable")
    result = t.run(regions=["us-west-2"])
    t.fails(result, 75, r"signin\.aws\.amazon\.com is not able to answer now \(HTTP 503\)", "warning: us-west-2")


@case("a resolver that is silent is no reason to ask for another sign-in host", "443")
def _(t):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        result = t.run("--timeout", "4", "--dns", "127.0.0.1:%d" % silent.getsockname()[1], "--ca-bundle", t.bundle,
                       "--resolve", "sts.us-east-1.amazonaws.com:443:" + t.aws.sts.address, net=False)
    t.fails(result, 69, step="dns")
    t.silent_about(result, "is used in its place")


@case("--signin-region beside --signin-endpoint-url is exit 64, and beats the variable", "443")
def _(t):
    t.fails(t.run("--signin-region", "eu-west-1", "--signin-endpoint-url", "https://signin.aws.amazon.com"), 64,
            "name one host each", step="options")
    t.offline()
    t.ok(t.run("--signin-region", "eu-west-1", regions=["eu-west-1"],
               env={"AWS_ENDPOINT_URL_SIGNIN": "https://signin.aws.amazon.com"}), signin=facts.signin_host("eu-west-1"))


@case("an endpoint that was given, --signin-region and a certificate failure have no replacement", "443")
def _(t):
    for words, fault in ((("--signin-endpoint-url", "https://signin.aws.amazon.com"), "unavailable"),
                         (("--signin-region", "us-east-1"), "unavailable"), ((), "untrusted")):
        t.aws.signin.faults.clear()
        t.aws.signin.requests.clear()
        t.aws.signin.fault(fault)
        t.true(t.run(*words, regions=["us-west-2"]).code, "a failure")
        t.true(all(r.host != OTHER for r in t.aws.signin.all()), "no request to the other host")


@case("in a partition with one region there is no other sign-in host", "443")
def _(t):
    user = t.realm.user(partition="aws-eusc")
    t.aws.signin.fault("unavailable")
    result = t.run(keys=user, region="eusc-de-east-1")
    t.fails(result, 75)
    t.silent_about(result, "is used in its place")


@case("--signin-region chooses the host that signs in, and STS and console stay where they are", "443")
def _(t):
    result = t.run("--signin-region", "eu-west-1", region="us-east-2", regions=["eu-west-1"])
    login = t.ok(result, signin=facts.signin_host("eu-west-1"))
    t.says(result, r"the link is of eu-west-1\.signin\.aws\.amazon\.com")
    t.equal(t.aws.sts.last().host, facts.sts_host("us-east-2"), "STS")
    t.equal(login.destination.hostname, "us-east-2.console.aws.amazon.com", "console")


@case("a --signin-region of another partition, or of none, is exit 78 with no network", "443")
def _(t):
    for region in ("cn-north-1", "us-gov-west-1", "not a region"):
        t.fails(t.run("--signin-region", region), 78)
        t.offline()


@case("a second call to the same host goes over the same connection")
def _(t):
    t.aws.clock.offset_s = 20 * 60
    t.ok(t.run())
    t.equal((len(t.aws.sts.all()), t.aws.sts.connections), (2, 1), "requests and connections to STS")


@case("a connection that the server closed behind its answer is no try lost")
def _(t):
    t.aws.sts.fault("throttled", times=2)           # the stand-in closes after each fault
    t.ok(t.run())
    t.equal((len(t.aws.sts.all()), t.aws.sts.connections), (3, 3), "requests and connections to STS")
