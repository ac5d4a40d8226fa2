# SPDX-License-Identifier: MIT
"""What goes to stdout and stderr, in which format and how much; and descriptors that are closed, full or broken.
Exact sentences are not asserted: the fields, the words that matter and the exit codes are."""
import calendar
import os
import re
import time

import realm as facts
from harness import Login, case

FIELDS = {"url", "url_expires", "session_expires", "duration_requested", "account", "arn", "partition", "region", "route",
          "signin_host", "request_id"}


def when(text):
    """Seconds since 1970 of a JSON time, which is ISO 8601 UTC."""
    return calendar.timegm(time.strptime(re.sub(r"\.\d+", "", text), "%Y-%m-%dT%H:%M:%SZ"))


@case("--format json has the fields of the design, and they are true")
def _(t):
    result = t.run("--format", "json", "--duration", "2h")
    t.equal(result.code, 0, "exit code")
    found = t.json(result.out)
    t.equal(FIELDS - set(found), set(), "missing fields")
    login = t.login(Login(found["url"], t.realm), facts.signin_host("us-east-1"))
    t.equal((found["account"], found["arn"], found["partition"], found["region"]),
            (login.keys.account, login.keys.arn, "aws", "us-east-1"), "account, arn, partition and region")
    t.equal((found["duration_requested"], found["signin_host"]), (7200, login.host), "duration_requested and signin_host")
    t.true(abs(when(found["session_expires"]) - login.keys.expires) < 120, "session_expires as issued")
    t.true(abs(when(found["url_expires"]) - time.time() - 900) < 120, "url_expires in 15 minutes")


@case("--format json of temporary keys says null for what is not known")
def _(t):
    result = t.run("--format", "json", keys=t.realm.session(facts.ROLE, t.user))
    t.equal(result.code, 0, "exit code")
    found = t.json(result.out)
    t.equal(FIELDS - set(found), set(), "missing fields")
    t.equal(found["session_expires"], None, "session_expires")


@case("the routes have words that differ in the JSON")
def _(t):
    seen = []
    for words, keys in (((), t.user), (("--role-arn", t.realm.role().arn), t.user), ((), t.realm.session(facts.ROLE, t.user)),
                        (("--role-arn", t.realm.role().arn), t.realm.session(facts.ROLE, t.user))):
        result = t.run("--format", "json", *words, keys=keys)
        t.equal(result.code, 0, "exit code")
        seen.append(t.json(result.out)["route"])
    t.true(len(set(seen)) >= 3, "at least three words for four routes, not %r" % seen)


@case("--format json reports failures as JSON on stderr, with stable words")
def _(t):
    denied = t.realm.user(denied={"GetFederationToken"})
    result = t.run("--format", "json", keys=denied)
    t.equal((result.code, result.out), (77, ""), "exit code and stdout")
    found = t.error_json(result)
    t.equal(found["step"], "sts", "step")
    t.true(re.fullmatch(r"[0-9a-f-]{36}", found.get("request_id") or ""), "AWS's request id")
    result = t.run("--format", "json", keys=False)
    t.equal((result.code, t.error_json(result)["step"]), (66, "credentials"), "exit code and step")
    result = t.run("--format", "json", "--duration", "12")
    t.equal((result.code, t.error_json(result)["step"]), (64, "options"), "exit code and step")


@case("the JSON of a failure has nothing in it that a terminal would act on")
def _(t):
    hostile = "\u202e\u009b2J"
    policy = '{"Version":"2012-10-17","Statement":[],"Id":"%s"}' % hostile
    for words in (("--credentials", "/no/such/" + hostile), ("--policy", policy, "--duration", "12")):
        result = t.run("--format", "json", *words, keys=t.user if "--policy" in words else False)
        t.error_json(result)
        t.true("??2J" in result.err, "what was given, made printable")
        t.silent_about(result, "[\u0080-\u009f\u202e]")


@case("keys in the place of the name of their file are not shown")
def _(t):
    for text in ('{"AccessKeyId":"%s","SecretAccessKey":"%s"}', "export AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY='%s'",
                 "AWS_ACCESS_KEY_ID=%s\nAWS_SECRET_ACCESS_KEY=%s"):
        result = t.run("--credentials", text % ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI"), keys=False)
        t.fails(result, 66, "not the name of a file")
        t.silent_about(result, "wJalr")


@case("two options that want standard input are exit 64")
def _(t):
    t.fails(t.run("--credentials", "-", "--policy", "-", keys=False), 64, "standard input", step="options")


@case("a format that does not exist is exit 64 with those that do")
def _(t):
    result = t.bare("--format", "xml")
    t.fails(result, 64, "format")
    t.hint(result, "json")


@case("--explain says keys, hosts, calls and permissions, and makes no connection")
def _(t):
    for word in ("--explain", "--dry-run"):
        result = t.run(word, "--duration", "2h")
        t.equal(result.code, 0, "exit code")
        text = result.out + result.err
        for wanted in (t.user.key_id[-4:], facts.sts_host("us-east-1"), facts.signin_host("us-east-1"), "sts:GetFederationToken",
                       "getSigninToken", "7200|2h"):
            t.true(re.search(wanted, text), "%r in the explanation" % wanted)
        t.offline()


@case("--explain of a role names sts:AssumeRole")
def _(t):
    result = t.run("--explain", "--role-arn", t.realm.role().arn)
    t.equal(result.code, 0, "exit code")
    t.true("sts:AssumeRole" in result.out + result.err, "sts:AssumeRole in the explanation")
    t.offline()


@case("--explain prints no whole access key and no secret")
def _(t):
    result = t.run("--explain")
    t.silent_about(result, t.user.key_id)


@case("the summary on a pipe is one line, and says who, where and until when")
def _(t):
    result = t.run()
    login = t.ok(result)
    lines = [l for l in result.err.split("\n") if l]
    t.equal(len(lines), 1, "lines on stderr")
    t.true(lines[0].startswith("postern: "), "the line to begin with 'postern: '")
    t.says(result, login.keys.account, t.user.key_id[-4:], "UTC")


@case("the summary on a terminal shows keys, opens and link")
def _(t):
    result = t.run(tty=True)
    login = t.ok(result)
    t.says(result, r"(?m)^postern: keys .*" + t.user.key_id[-4:], r"(?m)^postern: opens .*" + login.keys.account,
           r"(?m)^postern: link .*15 min")


@case("the key id is shown by its ends only")
def _(t):
    result = t.run("-v")
    t.ok(result)
    t.silent_about(result, t.user.key_id)


@case("-q leaves nothing on stderr when all is well")
def _(t):
    for word in ("-q", "--quiet"):
        result = t.run(word)
        t.ok(result)
        t.equal(result.err, "", "stderr")


@case("-q does not hide an error")
def _(t):
    t.fails(t.run("-q", keys=t.realm.user(denied={"GetFederationToken"})), 77, "AccessDenied|not authorized")


@case("-v shows each step with its time, and neither URL nor body")
def _(t):
    result = t.run("-v")
    login = t.ok(result)
    t.true(len(result.err.split("\n")) > 4, "more lines with -v")
    t.says(result, facts.sts_host("us-east-1"), facts.signin_host("us-east-1"), r"\d+ ?ms|\d\.\d+ ?s")
    t.true(login.token.value[:60] not in result.err and "Action=login" not in result.err, "no URL on stderr")
    t.true("<Credentials>" not in result.err and "SigninToken=" not in result.err and '"SigninToken"' not in result.err, "no body on stderr")


@case("--help and --version exit 0 and print to stdout")
def _(t):
    for words in (("--help",), ("help",), ("-h",), ("help", "url")):
        result = t.bare(*words, keys=False)
        t.equal((result.code, result.err), (0, ""), "exit code and stderr of %s" % (words,))
        for wanted in ("--role-arn", "--duration", "--explain", "77"):
            t.true(wanted in result.out, "%s in the help" % wanted)
    for words in (("--version",), ("version",)):
        result = t.bare(*words, keys=False)
        t.equal((result.code, result.err), (0, ""), "exit code and stderr of %s" % (words,))
        for wanted in ("postern", "BearSSL", "Amazon Root CA 1", "Amazon Root CA 4", "Starfield"):
            t.true(wanted in result.out, "%s in the version" % wanted)


@case("--help on a full disk is exit 74")
def _(t):
    with open("/dev/full", "wb") as full:
        t.equal(t.bare("--help", keys=False, stdout=full).code, 74, "exit code")


@case("a full disk under stdout is exit 74 and is said")
def _(t):
    with open("/dev/full", "wb") as full:
        t.fails(t.run(stdout=full), 74, "space|full|write", step="output")


@case("a closed pipe under stdout is exit 74, not death by SIGPIPE")
def _(t):
    read, write = os.pipe()
    os.close(read)
    result = t.run(stdout=write)
    os.close(write)
    t.fails(result, 74, step="output")


@case("closed standard input and standard error are survived")
def _(t):
    for closed in (["0"], ["2"], ["0", "2"]):
        launch = [word for number in closed for word in ("--close", number)]
        login = t.ok(t.run(launch=launch))
        t.true(login.token, "a URL")


@case("a closed stdout is exit 74, and the URL goes into no socket")
def _(t):
    for closed in (["1"], ["0", "1"], ["0", "1", "2"]):
        result = t.run(launch=[word for number in closed for word in ("--close", number)])
        t.equal((result.code, result.out), (74, ""), "exit code and stdout")
    for request in t.aws.requests():
        t.true(b"Action=login" not in request.body and "Action=login" not in request.target, "no URL on the wire")


@case("text that AWS sends is shown without control bytes and cut")
def _(t):
    evil = "\x1b]0;owned\x07\x1b[2Jplease \u202eread " + "x" * 5000
    body = ("<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>%s</Message></Error>"
            "<RequestId>r-1\x1b[1m</RequestId></ErrorResponse>" % evil.replace("\x1b", "&#27;").replace("\x07", "&#7;"))
    t.aws.sts.fault("reply", status=403, body=body.replace("\x1b", "").encode())
    result = t.run()
    t.fails(result, (76, 77))
    t.true("\u202e" not in result.err and "\x1b" not in result.err, "no escapes, no bidirectional overrides")
    t.true(len(result.err) < 3000, "the text cut")


@case("a profile's name cannot send control sequences to a terminal")
def _(t):
    hostile = "x\x1b[31m\x07y"
    t.fails(t.run(keys=False, env={"AWS_PROFILE": hostile}), 66, r"x\?\[31m\?y")
    result = t.run(env={"AWS_PROFILE": hostile})
    t.ok(result)
    t.says(result, r"x\?\[31m\?y")


@case("a mistake in front of --format json is told as JSON, too")
def _(t):
    result = t.run("--bogus", "--format", "json")
    t.equal(t.error_json(result)["error"], "usage", "error")
