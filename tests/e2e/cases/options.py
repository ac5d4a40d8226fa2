# SPDX-License-Identifier: MIT
"""Each option of `url`, checked in the request that the stand-in received or in the URL that came out.
Bounds that postern checks before it calls anyone are here as well (exit 64)."""
import json
import os

from harness import case

POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}'
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def form(t):
    return t.aws.sts.last().form


@case("--name is the federated user's name")
def _(t):
    login = t.ok(t.run("--name", "carol@example.com"))
    t.equal(form(t)["Name"], "carol@example.com", "Name")
    t.true(login.keys.arn.endswith(":federated-user/carol@example.com"), "the name in the ARN")


@case("the name comes from POSTERN_NAME, SUDO_USER, USER unless root, else it is postern")
def _(t):
    every = {"POSTERN_NAME": "a-name", "SUDO_USER": "b-sudo", "USER": "c-user"}
    for env, wanted in ((every, "a-name"), (dict(every, POSTERN_NAME=None), "b-sudo"), ({"USER": "c-user"}, "c-user"),
                        ({"USER": "root"}, "postern"), ({}, "postern")):
        t.ok(t.run(env=env))
        t.equal(form(t)["Name"], wanted, "Name with %r" % env)


@case("a name from the environment is made valid and cut to 32 characters")
def _(t):
    t.ok(t.run(env={"USER": "DOMAIN\\jos\u00e9 the very long " + "x" * 40}))
    t.true(2 <= len(form(t)["Name"]) <= 32, "a name of 2 to 32 characters")


@case("a name that AWS would not take is exit 64 before any call")
def _(t):
    for name in ("x", "n" * 33, "with blank", "semi;colon"):
        t.fails(t.run("--name", name), 64, "name", step="options")
        t.offline()


@case("following the hint for a name that is too long gives a URL")
def _(t):
    result = t.run("--name", "n" * 33)
    t.fails(result, 64)
    t.ok(t.follow(result))


@case("--policy takes inline JSON, a file, file://, standard input and a descriptor")
def _(t):
    path = t.file("policy.json", POLICY)
    number = t.pipe(POLICY.encode())
    for word, how in ((POLICY, {}), (path, {}), ("policy.json", {}), ("file://" + path, {}), ("-", {"stdin": POLICY.encode()}),
                      ("fd:%d" % number, {"fds": [number]})):
        t.ok(t.run("--policy", word, **how))
        t.equal(json.loads(form(t)["Policy"]), json.loads(POLICY), "Policy from --policy %s" % word)
    os.close(number)


@case("a policy file that is not there is exit 66 and is named")
def _(t):
    result = t.run("--policy", "nowhere.json")
    t.fails(result, 66, "nowhere.json")
    t.offline()


@case("a policy that is no JSON is refused, and following the hint is no riddle")
def _(t):
    result = t.run("--policy", '{"Version": ')
    t.fails(result, (64, 65, 77), "policy")
    t.hint(result)


@case("a policy longer than 2048 characters is exit 64 before any call")
def _(t):
    long = POLICY.replace("s3:Get*", "s3:Get" + "x" * 2048)
    result = t.run("--policy", t.file("long.json", long))
    t.fails(result, 64, "2048")
    t.hint(result)
    t.offline()


@case("a pretty-printed policy is sent without its blanks or as it is, but means the same")
def _(t):
    t.ok(t.run("--policy", t.file("p.json", json.dumps(json.loads(POLICY), indent=4))))
    t.equal(json.loads(form(t)["Policy"]), json.loads(POLICY), "Policy")


@case("--policy-arn takes ARNs and AWS's short names, several times and in the AWS CLI's form")
def _(t):
    mine = "arn:aws:iam::123456789012:policy/team/Mine"
    for words, wanted in ((("--policy-arn", mine), [mine]), (("--policy-arn", "ReadOnlyAccess"), [READ_ONLY]),
                          (("--policy-arn", "ReadOnlyAccess", "--policy-arn", mine), [READ_ONLY, mine]),
                          (("--policy-arns", "arn=" + mine), [mine]),
                          (("--policy-arn", "ViewOnlyAccess"), ["arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"])):
        t.ok(t.run(*words))
        sent = [v for k, v in sorted(form(t).items()) if k.startswith("PolicyArns.member.")]
        t.equal(sent, wanted, "PolicyArns")


@case("with --policy-arn alone the inline policy does not take anything away")
def _(t):
    t.ok(t.run("--policy-arn", "ReadOnlyAccess"))
    t.true("Policy" not in form(t) or '"*"' in form(t)["Policy"], "no inline policy, or one that allows all")


@case("--read-only is ReadOnlyAccess, on both routes")
def _(t):
    for words in ((), ("--role-arn", t.realm.role().arn)):
        t.ok(t.run("--read-only", *words))
        t.equal(form(t).get("PolicyArns.member.1.arn"), READ_ONLY, "PolicyArns.member.1.arn")


@case("short names of policies carry their partition", "443")
def _(t):
    user = t.realm.user("wei", partition="aws-cn")
    t.ok(t.run("--read-only", keys=user, region="cn-north-1"), region="cn-north-1")
    t.equal(form(t)["PolicyArns.member.1.arn"], "arn:aws-cn:iam::aws:policy/ReadOnlyAccess", "ARN")


@case("a policy name that is not in the table asks for the full ARN")
def _(t):
    result = t.run("--policy-arn", "NoSuchPolicyOfAws")
    t.fails(result, 64, "NoSuchPolicyOfAws")
    t.hint(result, "arn:")
    t.offline()


@case("--duration is read in seconds, minutes and hours")
def _(t):
    for word, wanted in (("3600", "3600"), ("90m", "5400"), ("12h", "43200"), ("36h", "129600"), ("15m", "900"), ("900s", "900")):
        t.ok(t.run("--duration", word))
        t.equal(form(t)["DurationSeconds"], wanted, "DurationSeconds of --duration %s" % word)
    t.ok(t.run("--duration-seconds", "1800"))
    t.equal(form(t)["DurationSeconds"], "1800", "DurationSeconds of --duration-seconds")


@case("--duration 12 asks whether 12h was meant, and the hint works")
def _(t):
    result = t.run("--duration", "12")
    t.fails(result, 64, "12h")
    t.offline()
    t.ok(t.follow(result))
    t.equal(form(t)["DurationSeconds"], "43200", "DurationSeconds")


@case("durations out of bounds are exit 64 before any call, and the hint gives one that works")
def _(t):
    role = ("--role-arn", t.realm.role().arn)
    for words in (("--duration", "14m"), ("--duration", "37h"), ("--duration", "13h") + role, ("--duration", "1m") + role):
        result = t.run(*words)
        t.fails(result, 64, "duration|15 ?min|36 ?h|12 ?h")
        t.offline()
        t.true(t.hints(result), "a hint")
    t.ok(t.follow(result))


@case("a duration that is none is exit 64")
def _(t):
    for word in ("soon", "-1", "1.5h", "12hh", "", "99999999999999999999"):
        t.fails(t.run("--duration", word), 64, "duration")
        t.offline()


@case("POSTERN_DURATION is the default length")
def _(t):
    t.ok(t.run(env={"POSTERN_DURATION": "2h"}))
    t.equal(form(t)["DurationSeconds"], "7200", "DurationSeconds")


@case("root gets an hour whatever it asks for, and is told")
def _(t):
    result = t.run("--duration", "12h", keys=t.realm.user(root=True))
    t.ok(result)
    t.says(result, "warning: .*1h long, not 12h", r"\(1h\)")


@case("--destination takes a URL, a path and a service")
def _(t):
    for word, path in (("https://us-east-1.console.aws.amazon.com/ec2/home?region=us-east-1", "/ec2/home"),
                       ("/cloudwatch/home", "/cloudwatch/home"), ("ec2", "/ec2"), ("https://console.aws.amazon.com/s3/", "/s3/")):
        login = t.ok(t.run("--destination", word))
        t.true(login.destination.path.startswith(path), "%s in the Destination of --destination %s" % (path, word))


@case("a destination keeps its query and fragment")
def _(t):
    url = "https://us-east-1.console.aws.amazon.com/ec2/home?region=us-east-1&a=b%20c#Instances:sort=x"
    t.equal(t.ok(t.run("--destination", url)).one("Destination"), url, "Destination")


@case("a destination outside the partition's console is exit 64 before any call")
def _(t):
    for word in ("https://example.com/", "https://console.amazonaws.cn/", "http://console.aws.amazon.com/",
                 "https://console.aws.amazon.com.example.com/", "https://console.aws.amazon.com@example.com/", "//example.com/x"):
        result = t.run("--destination", word)
        t.fails(result, 64, "destination|console")
        t.offline()


@case("--issuer is in the URL, encoded")
def _(t):
    t.equal(t.ok(t.run("--issuer", "https://example.com/?a=b&c")).one("Issuer"), "https://example.com/?a=b&c", "Issuer")


@case("--signin-get sends the same by GET, on request only")
def _(t):
    result = t.run("--signin-get")
    t.ok(result)
    t.equal(t.aws.signin.last().method, "GET", "method")
    t.aws.signin.requests.clear()      # the audit finds the session in this request's URL, as asked for


@case("a sign-in host that does not take POST gets the option named that helps, and it does")
def _(t):
    for status in (405, 501):
        t.aws.signin.fault("reply", times=1, status=status, body=b"<html>no</html>", content_type="text/html")
        result = t.run()
        t.fails(result, (76, 77), "%d" % status, step="signin")
        t.hint(result, "--signin-get")
        t.ok(t.follow(result))
        t.aws.signin.requests.clear()


@case("an unknown option is exit 64 with the nearest right one")
def _(t):
    result = t.bare("--regoin", "us-east-1")
    t.fails(result, 64, "--regoin", step="options")
    t.hint(result, "--region")
    t.fails(t.bare("--duration"), 64)
    t.fails(t.bare("--read-only=yes"), 64)


@case("a word that is no command is taken for a profile in the hint")
def _(t):
    result = t.bare("prod")
    t.fails(result, 64, "prod")
    t.hint(result, "--profile prod")


@case("secrets are never taken from the command line")
def _(t):
    for word in ("--secret-access-key", "--session-token", "--aws-secret-access-key"):
        t.fails(t.bare(word, "x"), 64)


@case("an option may be written with an equals sign")
def _(t):
    t.ok(t.run("--name=dora", "--duration=30m"))
    t.equal((form(t)["Name"], form(t)["DurationSeconds"]), ("dora", "1800"), "Name and DurationSeconds")
