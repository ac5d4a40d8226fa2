# SPDX-License-Identifier: MIT
"""A host whose clock is wrong: corrected and reported within a day, exit 71 with a command to paste beyond.
It is the stand-in's clock that is shifted, so that the host's need not be touched; certificates are wide enough."""
import time

import realm as facts
from harness import case

MINUTE, DAY = 60, 86400


def corrected(offset_s):
    def body(t):
        t.aws.clock.offset_s = offset_s
        result = t.run()
        t.ok(result)
        t.says(result, "clock")
        t.equal([r.refused for r in t.aws.sts.all()], ["SignatureDoesNotMatch", None], "refusals by STS")
    return body


for title, offset in (("20 minutes slow", 20 * MINUTE), ("20 minutes fast", -20 * MINUTE), ("20 hours slow", 20 * 60 * MINUTE),
                      ("20 hours fast", -20 * 60 * MINUTE)):
    case("a clock %s is corrected once and reported" % title)(corrected(offset))


@case("a clock 20 minutes slow is corrected on the way to a role, too")
def _(t):
    t.aws.clock.offset_s = 20 * MINUTE
    result = t.run("--role-arn", t.realm.role().arn)
    t.ok(result)
    t.says(result, "clock")


@case("a clock 20 minutes wrong does not withhold the URL of temporary keys")
def _(t):
    t.aws.clock.offset_s = -20 * MINUTE
    t.ok(t.run(keys=t.realm.session(facts.ROLE, t.user)))


def refused(offset_s):
    def body(t):
        t.aws.clock.offset_s = offset_s
        result = t.run()
        t.fails(result, 71, "clock")
        t.hint(result, "--time")
        t.equal(len(t.aws.signin.all()), 0, "sign-in requests")
        t.aws.sts.requests.clear()
        t.ok(t.follow(result))
        t.equal([r.refused for r in t.aws.sts.all()], [None], "refusals by STS once the time is given")
    return body


for title, offset in (("slow", 21 * DAY), ("fast", -21 * DAY)):
    case("a clock 21 days %s is exit 71, and the --time command in the hint cures it" % title)(refused(offset))


@case("exit 71 is JSON with the word clock when JSON is asked for")
def _(t):
    t.aws.clock.offset_s = 21 * DAY
    result = t.run("--format", "json")
    t.equal(result.code, 71, "exit code")
    found = t.error_json(result)
    t.equal((found["error"], found["step"]), ("clock", "sts"), "error and step")
    t.true("--time" in (found["hint"] or ""), "--time in the hint")


@case("--time sets the time of the signature")
def _(t):
    t.aws.clock.offset_s = 21 * DAY
    for form in ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%S+00:00"):
        t.ok(t.run("--time", time.strftime(form, time.gmtime(t.aws.clock.now()))))


@case("--time without zone is exit 64")
def _(t):
    for word in ("2026-11-23T03:12", "2026-11-23", "now", "03:12Z", "2026-13-23T03:12Z"):
        result = t.run("--time", word)
        t.fails(result, 64, "time", step="options")
        t.hint(result)
        t.offline()


@case("a clock ten years off is told from the certificate's dates")
def _(t):
    for word in ("2014-01-01T00:00Z", "2044-01-01T00:00Z"):
        result = t.run("--time", word)
        t.fails(result, (68, 71), "clock|time", step="tls")
        t.hint(result, "--time|clock|date")
        t.equal(t.aws.requests(), [], "requests")
