# SPDX-License-Identifier: MIT
"""Whose keys these are (`postern whoami`), for every kind of keys, and that it asks STS only."""
import json
import time

import realm as facts
from harness import case


def lines(t, result):
    """stdout of a success as {name: value}, after its shape was checked."""
    t.equal((result.code, result.err), (0, ""), "exit code and stderr")
    found = {}
    for line in result.out.splitlines():
        t.true(line[10] == " " and line[11] != " ", "a name and a value in columns: %r" % line)
        found[line[:11].strip()] = line[11:]
    return found


def kinds(t):
    """(keys, words, kind) of every kind that the stand-in knows."""
    sso = "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/alice"
    role = t.realm.role().arn
    return [(t.user, (), "user"), (t.realm.user("r", root=True), (), "root"),
            (t.realm.session(facts.SESSION, t.user), (), "session-token"),
            (t.realm.session(facts.ROLE, t.user), (), "role"), (t.realm.session(facts.ROLE, t.user, arn=sso), (), "sso-role"),
            (t.realm.session(facts.FEDERATED, t.user), (), "federated-user"), (t.user, ("--role-arn", role), "role"),
            (t.realm.session(facts.SESSION, t.user), ("--role-arn", role), "role")]


@case("whoami names account, ARN, user id and kind for every kind of keys, and asks nothing of sign-in")
def _(t):
    for keys, words, kind in kinds(t):
        found = lines(t, t.run("whoami", *words, keys=keys))
        made = t.realm.issued(facts.ROLE if keys is t.user else facts.CHAINED)[-1] if words else keys
        user_id = "AROA%s:%s" % (keys.user_id[4:], made.arn.rpartition("/")[2]) if words else keys.user_id
        t.equal((found["account"], found["arn"], found["user_id"]), (keys.account, made.arn, user_id), "account, ARN, id")
        t.equal(found["kind"].split(" (")[0], kind, "kind")
        t.equal(found["keys"], "%s…%s (environment)" % (keys.key_id[:4], keys.key_id[-4:]), "keys")
        t.equal((found["partition"], found["region"]), ("aws", "us-east-1"), "partition and region")
        t.equal("expires" in found, bool(words), "an end, where it is known")
    t.equal(t.aws.signin.connections, 0, "connections to sign-in")


@case("whoami --format json has stable names, with null for what is not known")
def _(t):
    result = t.run("whoami", "--format", "json")
    t.equal((result.code, result.err, result.out.count("\n")), (0, "", 1), "exit code, stderr, lines")
    found = t.json(result.out)
    t.equal(list(found), ["account", "arn", "user_id", "kind", "keys", "origin", "expires", "partition", "region", "request_id"],
            "names")
    t.equal((found["arn"], found["kind"], found["expires"]), (t.user.arn, "user", None), "ARN, kind and end")
    t.true(found["request_id"], "AWS's request id")


@case("whoami says how long keys of a document last")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user, duration_s=1810)
    text = json.dumps({"Version": 1, "AccessKeyId": keys.key_id, "SecretAccessKey": keys.secret, "SessionToken": keys.token,
                       "Expiration": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(keys.expires))})
    found = lines(t, t.run("whoami", "--credentials", "-", keys=False, stdin=text.encode()))
    t.true(found["expires"].endswith(("(30m left)", "(29m left)")), "time left in %r" % found["expires"])


@case("whoami without a region says so, and finds the partition that the region has", "443")
def _(t):
    found = lines(t, t.run("whoami", region=None))
    t.equal(found["region"], "us-east-1 (none is set)", "region")
    china = t.realm.user("li", partition="aws-cn")
    found = lines(t, t.run("whoami", keys=china, region="cn-north-1"))
    t.equal((found["partition"], found["arn"]), ("aws-cn", china.arn), "partition and ARN")


@case("options that shape a session are exit 64 for whoami, before any network")
def _(t):
    for words in (("--policy", "{}"), ("--destination", "ec2"), ("--duration", "1h"), ("--read-only",)):
        t.hint(t.fails(t.run("whoami", *words), 64, words[0] + " means nothing to whoami", step="options"), "leave it out")
    t.offline()


@case("whoami fails as the login URL does, with nothing on stdout, and tries again what is busy")
def _(t):
    unknown = facts.Keys(key_id="AKIA" + "Q" * 16, secret="k" * 40, kind=facts.LONG_TERM)
    t.other_secrets += unknown.secrets()
    t.fails(t.run("whoami", keys=unknown), 77, step="sts")
    t.equal(t.error_json(t.run("whoami", "--format", "json", keys=unknown))["error"], "denied", "word")
    t.aws.sts.fault("throttled", times=1)
    t.equal(lines(t, t.run("whoami"))["arn"], t.user.arn, "ARN after another try")
    t.aws.sts.fault("reset")
    t.fails(t.run("whoami", "--timeout", "5"), 69)


@case("--explain of whoami speaks of STS only, without network")
def _(t):
    for words, wanted in (((), "GetCallerIdentity"), (("--role-arn", t.realm.role().arn), "AssumeRole")):
        result = t.run("whoami", "--explain", *words)
        t.equal((result.code, wanted in result.out), (0, True), "exit code, and " + wanted)
        t.silent_about(result, "signin", "opens", "GetFederationToken")
    t.offline()
