# SPDX-License-Identifier: MIT
"""What another side could do with what it is told: echo it, answer before it is asked, or stand in another partition.
Every run is searched for secrets by the bench; here the other side hands them back on purpose."""
import json

import realm as facts
from harness import case

ANSWER = (b"HTTP/1.1 200 OK\r\nContent-Length: 32\r\nConnection: close\r\n\r\n" + b'{"SigninToken":"NotAskedForAAAA"}'[:32])
ROLE_ARN = "arn:aws:iam::123456789012:role/Admin"


@case("a redirect that repeats the request shows its host and nothing of it")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    for endpoint in (t.aws.sts, t.aws.signin):
        endpoint.faults.clear()
    where = "https://portal.example/?u=%s&k=%s" % (keys.token[:200], keys.secret)
    t.aws.signin.fault("reply", status=302, headers=[("Location", where)])
    result = t.run(keys=keys)
    t.fails(result, 76, r"portal\.example", step="signin")
    t.silent_about(result, r"portal\.example/")


@case("AWS's words are cut where they repeat a session token")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    text = "The canonical string should have been 'POST host:sts x-amz-security-token:%s'" % keys.token
    body = ('<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>'
            "<Code>SignatureDoesNotMatch</Code><Message>%s</Message></Error><RequestId>r-1</RequestId></ErrorResponse>" % text)
    t.aws.sts.fault("reply", status=403, body=body.encode())
    result = t.run("--role-arn", ROLE_ARN, keys=keys)
    t.fails(result, 77, "canonical string", step="sts")
    t.silent_about(result, keys.token[:16])


@case("an answer that comes before the request is none, and the request is made on another connection")
def _(t):
    t.aws.sts.fault("slow", delay_s=0.5)
    t.aws.signin.fault("speaks_first", times=1, data=ANSWER)
    t.ok(t.run())


@case("an answer that always comes before the request is exit 76")
def _(t):
    t.aws.sts.fault("slow", delay_s=0.5)
    t.aws.signin.fault("speaks_first", data=ANSWER)
    result = t.run("--timeout", "6")
    t.fails(result, (69, 76))
    t.silent_about(result, "NotAskedFor")


@case("a sign-in endpoint of another partition than the region's is refused before any connection", "443")
def _(t):
    result = t.run("--signin-endpoint-url", "https://signin.amazonaws.cn", keys=t.realm.session(facts.ROLE, t.user))
    t.fails(result, 78, "aws-cn")
    t.offline()


@case("a customer's name below amazonaws.com is called none of AWS's", "443")
def _(t):
    result = t.run("--signin-endpoint-url", "https://x.execute-api.us-east-1.amazonaws.com", "--timeout", "2")
    t.says(result, "none of AWS's names")


@case("a slow clock does not hide that only the duration was wrong")
def _(t):
    t.aws.clock.offset_s = 20 * 60
    keys = t.realm.session(facts.CHAINED, t.user)
    result = t.run("--duration", "2h", keys=keys)
    t.ok(result)
    t.says(result, "without it", "clock")


@case("a code given with an equals sign is not repeated in a command to paste")
def _(t):
    result = t.run("--role-arn", ROLE_ARN, "--serial-number", "arn:aws:iam::123456789012:mfa/a", "--token-code=123456",
                   "--duration", "12")
    t.fails(result, 64)
    t.says(result, "--token-code=CODE")
    t.silent_about(result, "123456 ")


@case("a command too long to repeat is not cut in the middle of the JSON hint")
def _(t):
    policy = json.dumps({"Version": "2012-10-17", "Statement": [], "Id": "x" * 1900})
    result = t.run("--format", "json", "--policy", policy, "--duration", "12")
    t.true("--duration 12h" in t.error_json(result)["hint"], "the cure in the hint")


@case("sign-in's request id is shown with every refusal")
def _(t):
    for status in (403, 405, 503):
        t.aws.signin.faults.clear()
        t.aws.signin.fault("reply", status=status, headers=[("x-amzn-RequestId", "id-%d" % status)])
        t.says(t.run(), "id-%d" % status)


@case("the profile's ca_bundle will do for an isolated partition")
def _(t):
    config = t.file("config", "[default]\nregion = us-iso-east-1\nca_bundle = %s\n" % t.bundle)
    result = t.bare("--explain", "--console-url", "https://console.c2s.example", env={"AWS_CONFIG_FILE": config}, region=None)
    t.equal(result.code, 0, "exit code")


@case("a URL that AWS gives is printed though the ARN looks like GetSessionToken's")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user, arn=t.user.arn)
    t.ok(t.run(keys=keys))


@case("a command too long to repeat is told by what to add to it")
def _(t):
    policy = json.dumps({"Version": "2012-10-17", "Statement": [], "Id": "x" * 1900})
    result = t.run("--policy", policy, "--duration", "12")
    t.fails(result, 64, "did you mean 12h", "try: the same command with --duration 12h")


@case("a result that cannot be written shows no request id of a call that went well", "443")
def _(t):
    with open("/dev/full", "w") as full:
        result = t.run(stdout=full)
    t.equal(result.code, 74, "exit code")
    t.silent_about(result, "request [0-9a-f]")


@case("the cure for an IPv6 endpoint over http is a URL", "443")
def _(t):
    t.fails(t.run("--signin-endpoint-url", "http://[::1]:9"), 64, r"https://\[::1\]:9")


@case("an endpoint's name is the same in upper case", "443")
def _(t):
    result = t.run("--endpoint-url", "https://STS.us-east-1.amazonaws.com:1", "--timeout", "3")
    t.fails(result, 69)
    t.silent_about(result, "none of AWS")


@case("a CA bundle in a variable that cannot be read names the option that can")
def _(t):
    t.fails(t.bare(env={"AWS_CA_BUNDLE": "/nonexistent"}), 78, "--ca-bundle")
