# SPDX-License-Identifier: MIT
"""With temporary keys the identity is asked for beside the way: it explains and warns, but never withholds a URL.
Only when the partition is unknown does it go first, so that session keys reach no other partition's sign-in host."""
import realm as facts
from harness import case

ROOM_S = 10        # far more than the one second that is allowed, far less than the deadline that a bug would wait for


def direct(t, *words, **how):
    return t.run(*words, keys=t.realm.session(facts.ROLE, t.user), **how)


@case("the identity is in the summary of temporary keys")
def _(t):
    result = direct(t)
    login = t.ok(result)
    t.says(result, login.keys.account, "assumed-role")


def beside(fault, **params):
    def body(t):
        t.aws.sts.fault(fault, **params)
        result = direct(t)
        t.ok(result)
        t.true(result.wall < ROOM_S, "an end within a second of the sign-in answer")
        t.says(result, r"sts\.us-east-1|identity|STS")
    return body


for title, name in (("is silent", "silent"), ("resets every connection", "reset"), ("answers no request", "hang"),
                    ("answers 500 with nothing", "internal_empty"), ("answers with a portal", "portal"),
                    ("has an untrusted certificate", "untrusted"), ("throttles", "throttled"), ("drips its answer", "drip_reply")):
    case("the URL is printed with a warning when STS " + title)(beside(name))


@case("the URL is printed with a warning when nothing listens at STS", "443")
def _(t):
    t.aws.sts.stop()
    result = direct(t)
    t.ok(result)
    t.true(result.wall < ROOM_S, "an end within a second of the sign-in answer")
    t.says(result, "identity|STS|sts")


@case("a silent STS does not hold up the report that sign-in refused")
def _(t):
    t.aws.sts.fault("silent")
    t.aws.signin.fault("reply", status=400, body=b"<html>400</html>", content_type="text/html")
    result = direct(t)
    t.fails(result, 77, step="signin")
    t.true(result.wall < ROOM_S, "an end within a second of the sign-in answer")


@case("expired temporary keys are told from other refusals by the identity call")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user, duration_s=-60)
    result = t.run(keys=keys)
    t.fails(result, 77, "expired")
    t.hint(result)


@case("temporary keys that nobody knows are exit 77, and the causes that STS ruled out are not listed")
def _(t):
    keys = facts.Keys(key_id="ASIA" + "Q" * 16, secret="k" * 40, token="t" * 900, kind=facts.ROLE)
    t.other_secrets += keys.secrets()
    t.fails(t.run(keys=keys), 77)


@case("a 400 for keys that STS accepts does not speak of expired or unknown keys")
def _(t):
    t.aws.signin.fault("reply", status=400, body=b"<html>400 Bad Request</html>", content_type="text/html")
    result = direct(t)
    t.fails(result, 77, step="signin")
    t.silent_about(result, r"keys (have|are) expired", "no session token", "GetSessionToken")


@case("when nothing names the partition, the identity is asked before session keys leave", "443")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    t.ok(t.run(keys=keys, region=None))
    sts, signin = t.aws.sts.last("GetCallerIdentity"), t.aws.signin.last("getSigninToken")
    t.true(sts and signin and sts.at <= signin.at, "GetCallerIdentity before getSigninToken")


@case("when nothing names the partition, keys of another one reach no sign-in host", "443")
def _(t):
    keys = t.realm.session(facts.ROLE, t.realm.user("wei", partition="aws-cn"))
    result = t.run(keys=keys, region=None, regions=("cn-north-1",))
    t.fails(result, 77)
    t.equal(t.aws.signin.all(), [], "sign-in requests")
    t.hint(result, "cn-north-1|--region")


@case("when nothing names the partition and STS is silent, no session key leaves", "443")
def _(t):
    t.aws.sts.fault("silent")
    result = t.run("--timeout", "3", keys=t.realm.session(facts.ROLE, t.user), region=None)
    t.fails(result, 69)
    t.equal(t.aws.signin.all(), [], "sign-in requests")


@case("when nothing names the partition, a region default of us-east-1 is said", "443")
def _(t):
    result = t.run(region=None)
    t.ok(result)
    t.says(result, "us-east-1")


@case("a 400 for a duration is tried without only once, and its refusal is final")
def _(t):
    t.aws.signin.fault("reply", status=400, body=b"<html>400 Bad Request</html>", content_type="text/html")
    result = direct(t, "--duration", "2h")
    t.fails(result, 77, step="signin")
    t.equal(len(t.aws.signin.all()), 2, "sign-in requests")
