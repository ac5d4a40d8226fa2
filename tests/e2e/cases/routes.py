# SPDX-License-Identifier: MIT
"""The routes of design.md section 2: which keys lead to which calls, and to a URL for exactly the credentials issued.
What each option adds to a call is in options.py."""
import json

import realm as facts
from harness import case


@case("long-term keys become a URL by GetFederationToken, and SessionDuration is never sent")
def _(t):
    login = t.ok(t.run())
    t.equal(t.actions(), ["GetFederationToken", "getSigninToken"], "calls")
    t.equal((login.keys.kind, login.token.duration_s), (facts.FEDERATED, None), "kind of keys and SessionDuration")
    form = t.aws.sts.last().form
    t.equal(form["DurationSeconds"], "3600", "DurationSeconds")
    statement = json.loads(form["Policy"])["Statement"]
    statement = statement[0] if isinstance(statement, list) else statement
    t.equal((statement["Effect"], statement["Action"], statement["Resource"]), ("Allow", "*", "*"), "default policy")
    t.equal(t.aws.signin.last().method, "POST", "method of getSigninToken")


@case("long-term keys with a role become a URL by AssumeRole, with SessionDuration")
def _(t):
    role = t.realm.role()
    login = t.ok(t.run("--role-arn", role.arn, "--duration", "12h"))
    t.equal(t.actions(), ["AssumeRole", "getSigninToken"], "calls")
    t.equal((login.keys.kind, login.token.duration_s), (facts.ROLE, 43200), "kind of keys and SessionDuration")
    t.true(int(t.aws.sts.last().form.get("DurationSeconds", "3600")) <= 3600, "DurationSeconds of at most an hour")


@case("a role's console session lasts an hour when nothing else is asked for")
def _(t):
    login = t.ok(t.run("--role-arn", t.realm.role().arn))
    t.equal(login.token.duration_s or login.keys.duration_s, 3600, "console session")


@case("a role whose own maximum is an hour still gives a console of twelve")
def _(t):
    login = t.ok(t.run("--role-arn", t.realm.role(max_session_s=3600).arn, "--duration", "12h"))
    t.equal(login.token.duration_s, 43200, "SessionDuration")


@case("a role is assumed with session name and external id as given")
def _(t):
    role = t.realm.role(external_id="x:/1", trust=(t.user.arn,))
    login = t.ok(t.run("--role-arn", role.arn, "--role-session-name", "dev+1=a,b.c@d-e", "--external-id", "x:/1"))
    t.true(login.keys.arn.endswith("/dev+1=a,b.c@d-e"), "the role session name in the ARN")


@case("temporary role keys open the console directly")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    login = t.ok(t.run(keys=keys))
    t.equal((login.keys.key_id, login.token.duration_s), (keys.key_id, None), "keys and SessionDuration")
    t.equal([r.action for r in t.aws.signin.all()], ["getSigninToken"], "sign-in calls")
    t.true(set(r.action for r in t.aws.sts.all()) <= {"GetCallerIdentity"}, "STS asked for the identity only")


@case("federated keys open the console directly")
def _(t):
    keys = t.realm.session(facts.FEDERATED, t.user)
    t.equal(t.ok(t.run(keys=keys)).keys.key_id, keys.key_id, "keys")


@case("a duration asked for is sent with role keys")
def _(t):
    login = t.ok(t.run("--duration", "2h", keys=t.realm.session(facts.ROLE, t.user)))
    t.equal(login.token.duration_s, 7200, "SessionDuration")


@case("a duration that AWS does not take for these role keys is left out once, with a warning")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user, allows_duration=False)
    result = t.run("--duration", "2h", keys=keys)
    t.equal(t.ok(result).token.duration_s, None, "SessionDuration")
    sent = [r.form.get("SessionDuration") for r in t.aws.signin.all()]
    t.equal(sent, ["7200", None], "SessionDuration of each try")
    t.says(result, "duration")


@case("a duration that was left out is still in the JSON as requested")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user, allows_duration=False)
    result = t.run("--duration", "2h", "--format", "json", keys=keys)
    t.equal(result.code, 0, "exit code")
    t.equal(t.json(result.out)["duration_requested"], 7200, "duration_requested")


@case("without a duration, a 400 from sign-in is not tried again")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    t.aws.signin.fault("reply", status=400, body=b"<html><body>400 Bad Request</body></html>", content_type="text/html")
    t.fails(t.run(keys=keys), 77, step="signin")
    t.equal(len(t.aws.signin.all()), 1, "sign-in requests")


@case("temporary keys with a role are chained, for an hour at most")
def _(t):
    role = t.realm.role("Second")
    login = t.ok(t.run("--role-arn", role.arn, keys=t.realm.session(facts.ROLE, t.user)))
    t.equal((login.keys.kind, login.token.duration_s), (facts.CHAINED, None), "kind of keys and SessionDuration")


@case("more than an hour for a chained role is refused before any call")
def _(t):
    role = t.realm.role("Second")
    result = t.run("--role-arn", role.arn, "--duration", "2h", keys=t.realm.session(facts.ROLE, t.user))
    t.fails(result, 67, "hour|1 ?h")
    t.equal(t.aws.signin.all() + t.aws.sts.all("AssumeRole"), [], "calls")


@case("following the hint for a chained role gives a URL")
def _(t):
    role = t.realm.role("Second")
    result = t.run("--role-arn", role.arn, "--duration", "2h", keys=t.realm.session(facts.ROLE, t.user))
    t.fails(result, 67)
    t.ok(t.follow(result))


@case("GetSessionToken keys give no URL, exit 67 and the way out")
def _(t):
    result = t.run(keys=t.realm.session(facts.SESSION, t.user))
    t.fails(result, 67, "GetSessionToken")
    t.hint(result, "role-arn|long-term|force")


@case("GetSessionToken keys may assume a role")
def _(t):
    login = t.ok(t.run("--role-arn", t.realm.role().arn, keys=t.realm.session(facts.SESSION, t.user)))
    t.equal(login.keys.kind, facts.CHAINED, "kind of keys")


@case("--force tries GetSessionToken keys all the same and reports the refusal")
def _(t):
    result = t.run("--force", keys=t.realm.session(facts.SESSION, t.user))
    t.fails(result, (67, 77), step="signin")
    t.equal(len(t.aws.signin.all("getSigninToken")) > 0, True, "sign-in asked")


@case("root's keys get a session of an hour")
def _(t):
    root = t.realm.user("root", root=True)
    login = t.ok(t.run(keys=root))
    t.equal(login.keys.duration_s, 3600, "seconds")


@case("the URL opens the console once and within its 15 minutes")
def _(t):
    login = t.ok(t.run())
    request = type("Get", (), {"method": "GET", "path": "/federation", "query": login.url.partition("?")[2],
                               "host": login.host, "body": b"", "form": {}, "refused": None})
    t.equal(t.aws.signin.app(request).status, 302, "status of the URL when it is opened")
    t.equal(t.aws.signin.app(request).status, 400, "status when it is opened again")


@case("the URL has no Issuer and is no longer than it must be")
def _(t):
    login = t.ok(t.run())
    t.equal(sorted(login.query), ["Action", "Destination", "SigninToken"], "parameters of the URL")
    t.true(len(login.url) < len(login.token.value) + 200, "a URL hardly longer than its token")


@case("the two hosts are asked, and nobody else")
def _(t):
    t.ok(t.run())
    asked = {(r.endpoint, r.host) for r in t.aws.requests()}
    t.equal(asked, {("sts", facts.sts_host("us-east-1")), ("signin", facts.signin_host("us-east-1"))}, "hosts")


@case("another region's hosts are used when a region is given")
def _(t):
    login = t.ok(t.run(region="eu-west-1"), region="eu-west-1")
    t.true("eu-west-1" in login.destination.netloc + login.destination.query, "eu-west-1 in the Destination")


@case("the url command and its other names do the same")
def _(t):
    for word in ("url", "login", "console"):
        t.ok(t.run(word))
