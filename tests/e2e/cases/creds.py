# SPDX-License-Identifier: MIT
"""Temporary keys as a result (`postern creds`), and as what a document on another host brings (`--credentials`).
That no secret stands anywhere but on stdout of a success is searched for after every run (harness.py)."""
import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import time

import realm as facts
from harness import Failed, Skip, case

FIELDS = {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}
READ_BY_BOTOCORE = """
import json, botocore.session
keys = botocore.session.Session(profile="p").get_credentials()
frozen = keys.get_frozen_credentials()
print(json.dumps([keys.method, frozen.access_key, frozen.secret_key, frozen.token]))
"""


def iso(moment):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


def process_json(keys, **more):
    """What a credential process prints for these keys."""
    found = {"Version": 1, "AccessKeyId": keys.key_id, "SecretAccessKey": keys.secret}
    if keys.token:
        found.update(SessionToken=keys.token, Expiration=iso(keys.expires))
    return json.dumps(dict(found, **more))


def sts_json(keys):
    found = {"AccessKeyId": keys.key_id, "SecretAccessKey": keys.secret, "SessionToken": keys.token,
             "Expiration": iso(keys.expires).replace("Z", "+00:00")}
    return json.dumps({"Credentials": found, "PackedPolicySize": 6}, indent=4)


def sso_json(keys):
    return json.dumps({"roleCredentials": {"accessKeyId": keys.key_id, "secretAccessKey": keys.secret,
                                           "sessionToken": keys.token, "expiration": int(keys.expires * 1000)}})


def lines(keys):
    """The same keys as each shell and the shared files have them."""
    values = [("AWS_ACCESS_KEY_ID", keys.key_id), ("AWS_SECRET_ACCESS_KEY", keys.secret)]
    values += [("AWS_SESSION_TOKEN", keys.token)] if keys.token else []
    forms = {"sh": "export %s=%s\n", "quoted": "%s='%s'; ", "fish": 'set -gx %s "%s";\n', "cmd": "SET %s=%s\n",
             "powershell": '$Env:%s="%s"\n'}
    found = {name: "".join(form % pair for pair in values) for name, form in forms.items()}
    found["section"] = "[1_Admin]\n" + "".join("%s = %s\n" % (name.lower(), value) for name, value in values)
    return found


def handed_out(t, result, process=False):
    """The keys of a success as the realm knows them, after every field was compared."""
    t.equal(result.code, 0, "exit code")
    t.equal(result.out.count("\n"), 1, "lines on stdout")
    found = t.json(result.out)
    inner = found if process else found["Credentials"]
    t.equal(set(inner) - {"Version"} | {"Expiration"}, FIELDS, "fields")
    t.equal(inner.get("Version"), 1 if process else None, "Version")
    keys = t.realm.keys[inner["AccessKeyId"]]
    t.equal((inner["SecretAccessKey"], inner["SessionToken"]), (keys.secret, keys.token), "secret and token")
    if "Expiration" in inner:
        t.equal(inner["Expiration"], iso(keys.expires), "Expiration")
    if not process:
        t.equal(set(found), {"Credentials", "account", "arn"}, "fields beside the keys")
    return keys, found


def document(t, text, *words, **how):
    return t.run("--credentials", "-", *words, keys=False, stdin=text.encode(), **how)


@case("creds prints a federated session's keys as STS does, asks nothing of sign-in, and names what they cannot do")
def _(t):
    for words in (("creds",), ("creds", "--format", "json")):
        result = t.run(*words)
        keys, found = handed_out(t, result)
        t.equal((keys.kind, found["arn"], found["account"]), (facts.FEDERATED, keys.arn, keys.account), "kind, ARN, account")
        t.says(result, "warning: .*IAM.*STS.*--role-arn ARN")
    t.equal(t.aws.signin.connections, 0, "connections to sign-in")
    t.equal(t.run("creds", "-q").err, "", "stderr with -q")


@case("creds with a role asks STS for the whole duration")
def _(t):
    role = t.realm.role(max_session_s=43200)
    result = t.run("creds", "--role-arn", role.arn, "--duration", "2h")
    keys, found = handed_out(t, result)
    t.equal((keys.kind, keys.duration_s, found["arn"]), (facts.ROLE, 7200, keys.arn), "kind, duration and ARN")
    t.equal((result.err, t.actions()), ("", ["AssumeRole"]), "stderr, and what was asked")


@case("creds with temporary keys and a role chains")
def _(t):
    result = t.run("creds", "--role-arn", t.realm.role().arn, keys=t.realm.session(facts.ROLE, t.user))
    t.equal(handed_out(t, result)[0].kind, facts.CHAINED, "kind")


@case("creds hands temporary keys on as they are, without network")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    result = t.run("creds", keys=keys)
    given, found = handed_out(t, result)
    t.equal((given, found["account"], found["arn"]), (keys, None, None), "keys, account and ARN")
    t.true("Expiration" not in found["Credentials"], "no Expiration where none is known")
    result = document(t, sso_json(keys), "creds", "--format", "process")
    t.equal(handed_out(t, result, process=True)[0], keys, "keys")
    t.true("Expiration" in t.json(result.out), "an Expiration that is known")
    t.offline()


@case("creds --format process is read by botocore as a credential process")
def _(t):
    try:
        import botocore                                      # noqa: F401 # pylint: disable=import-outside-toplevel
    except ImportError:
        raise Skip("botocore is not installed") from None
    held = t.file("held.json", process_json(t.user))
    words = [t.binary, "creds", "--format", "process", "--credentials", held, *t.network("us-east-1")]
    config = t.file("config", "[profile p]\ncredential_process = %s\n" % " ".join(words))
    env = {"AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": t.dir + "/none", "AWS_EC2_METADATA_DISABLED": "true",
           "PATH": os.environ.get("PATH", os.defpath), "AWS_REGION": "us-east-1"}
    done = subprocess.run([sys.executable, "-c", READ_BY_BOTOCORE], env=env, cwd=t.dir, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise Failed("botocore to read the keys: " + done.stderr[-400:].replace(t.user.secret, "…"))
    keys = t.realm.issued(facts.FEDERATED)[-1]
    t.equal(json.loads(done.stdout) == ["custom-process", keys.key_id, keys.secret, keys.token], True, "the keys that STS issued")


@case("creds in JSON, piped into postern --credentials -, gives a URL")
def _(t):
    for words in ((), ("--role-arn", t.realm.role().arn)):
        first = t.run("creds", *words)
        keys = handed_out(t, first)[0]
        result = document(t, first.out, "--format", "json")
        t.equal(result.code, 0, "exit code")
        found = t.json(result.out)
        t.equal((found["route"], found["session_expires"]), ("direct", iso(keys.expires)), "route and end of the session")
        t.equal(t.ok(document(t, first.out)).keys, keys, "keys behind the URL")


@case("where sign-in is blocked, doing what the hint says gives a URL elsewhere")
def _(t):
    blocked = ("--signin-endpoint-url", "https://signin.corp.example:%d" % t.aws.signin.port,
               "--resolve", "signin.corp.example:%d:%s" % (t.aws.signin.port, t.aws.signin.address))
    role = ("--role-arn", t.realm.role().arn)
    temporary = t.realm.session(facts.ROLE, t.user)
    for same, keys in (((), t.user), (role, t.user), ((), temporary), (role, temporary)):
        t.aws.signin.fault("reset")
        result = t.run(*same, *t.network("us-east-1"), *blocked, net=False, keys=keys, env={"AWS_REGION": "us-east-1"})
        t.fails(result, 69, "only sign-in is blocked")
        here, there = (m.split()[1:] for m in re.findall(r"postern (?:-\S+|creds)(?: -\S*| json)*", t.hint(result, "same options")))
        first = t.run(*here, *same, keys=keys)
        given = handed_out(t, first)[0]
        t.aws.signin.faults.clear()
        t.equal(t.ok(t.run(*there, keys=False, stdin=first.out.encode())).keys, given, "keys behind the URL elsewhere")


@case("a document of STS, of SSO and of a credential process is read from a file, a pipe and a descriptor")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    for text in (sts_json(keys), sso_json(keys), process_json(keys), process_json(keys).replace("/", r"\/")):
        t.equal(t.ok(document(t, text)).keys, keys, "keys")
        t.equal(t.ok(t.run("--credentials", t.file("keys.json", text), keys=False)).keys, keys, "keys")
        fd = t.pipe(text.encode())
        t.equal(t.ok(t.run("--credentials", "fd:%d" % fd, keys=False, fds=[fd])).keys, keys, "keys")
        os.close(fd)


@case("--credentials beats the environment and the profile, whose region still holds", "443")
def _(t):
    other = t.realm.user("bob")
    config = t.file("config", "[profile prod]\nregion = eu-west-1\naws_access_key_id = %s\naws_secret_access_key = %s\n"
                    % (other.key_id, other.secret))
    result = t.run("--credentials", t.file("keys.json", process_json(t.user)), "--profile", "prod", keys=other, region=None,
                   regions=("eu-west-1",), env={"AWS_CONFIG_FILE": config})
    t.ok(result, region="eu-west-1")
    t.equal(t.aws.sts.all()[-1].keys, t.user, "keys that signed")
    t.says(result, "--credentials AKIA")


@case("long-term keys of a document take the usual ways")
def _(t):
    for words, kind in (((), facts.FEDERATED), (("--role-arn", t.realm.role().arn), facts.ROLE)):
        t.equal(t.ok(document(t, process_json(t.user), *words)).keys.kind, kind, "kind")


@case("keys whose Expiration has passed are exit 77 before any network, with both times; --force and --time overrule it")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user, duration_s=-100)
    for text in (sts_json(keys), sso_json(keys), process_json(keys)):
        for words in ((), ("creds",), ("--explain",)):
            result = document(t, text, *words)
            t.fails(result, 77, "expired at " + iso(keys.expires), step="credentials")
            t.hint(result, "new keys", "--time")
    t.offline()
    t.fails(document(t, sts_json(keys), "--force"), 77, step="sts|signin")
    t.true(t.aws.connections(), "connections with --force")
    result = document(t, sts_json(keys), "--explain", "--time", iso(keys.expires - 60))
    t.equal(result.code, 0, "exit code with --time")


@case("a document that is not the keys of one session is exit 65, names the field and quotes nothing")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    flat, inner = process_json(keys), sts_json(keys)
    whole = json.loads(flat)
    without = {name: json.dumps({k: v for k, v in whole.items() if k != name}) for name in whole}
    for text, words in ((flat[:-1], "JSON"), (flat + flat, "JSON"), (inner[:40], "JSON"),
                        ("export AWS_SECRET_ACCESS_KEY " + keys.secret, "line 1 is neither JSON"),
                        (keys.secret, "line 1 is neither JSON"), ("x=1\nAWS_SECRET_ACCESS_KEY=$SECRET", "line 2"),
                        ("AWS_SECRET_ACCESS_KEY=%s\nAWS_SECRET_ACCESS_KEY=%sx" % (keys.secret, keys.secret), "twice"),
                        (without["AccessKeyId"], "AccessKeyId"), (without["SecretAccessKey"], "SecretAccessKey"),
                        (without["SessionToken"], "SessionToken"),
                        (json.dumps(dict(whole, SecretAccessKey=[keys.secret])), "SecretAccessKey"),
                        (flat[:-1] + ', "SecretAccessKey": "%s"}' % keys.secret, "SecretAccessKey.*twice"),
                        (json.dumps(dict(whole, **json.loads(inner))), "more than one"),
                        (json.dumps(dict(whole, Version=2)), "Version"),
                        (json.dumps(dict(whole, SecretAccessKey=keys.secret + " x")), "secret access key"),
                        (" " * 40000 + flat, "longer")):
        result = document(t, text)
        t.fails(result, 65, words)
        t.hint(result)
        t.silent_about(result, re.escape(keys.key_id))
    t.offline()


@case("lines of each shell and a profile's section are keys, from a file and a pipe, with their expiration")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    for text in lines(keys).values():
        t.equal(t.ok(document(t, text)).keys, keys, "keys")
        t.equal(t.ok(t.run("--credentials", t.file("keys", text.replace("\n", "\r\n")), keys=False)).keys, keys, "keys")
    t.equal(t.ok(document(t, lines(t.user)["sh"])).keys.kind, facts.FEDERATED, "kind of long-term keys")
    old = t.realm.session(facts.ROLE, t.user, duration_s=-100)
    text = lines(old)["sh"] + "export AWS_CREDENTIAL_EXPIRATION=%s\n" % iso(old.expires)
    t.fails(document(t, text), 77, "expired at " + iso(old.expires), step="credentials")


@case("keys as instance metadata and postern creds give them are taken as a document, after a byte order mark too")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    metadata = {"Code": "Success", "LastUpdated": iso(time.time()), "Type": "AWS-HMAC", "AccessKeyId": keys.key_id,
                "SecretAccessKey": keys.secret, "Token": keys.token, "Expiration": iso(keys.expires)}
    for text in (json.dumps(metadata), t.run("creds", keys=keys).out):
        t.equal(t.ok(document(t, "\ufeff" + text)).keys, keys, "keys")


@case("a document without keys or with half of them is exit 66 with a hint, before any network")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    whole = lines(keys)["sh"].splitlines(True)
    for text, words in (("", "no keys"), ("\n# nothing\nexport AWS_REGION=us-east-1\n", "no keys"),
                        (whole[0], "no secret access key"), (whole[1], "no access key id"),
                        (whole[0] + whole[1], "without its session token")):
        result = document(t, text)
        t.fails(result, 66, "--credentials.* " + words, step="credentials")
        t.hint(result, "export AWS_")
    t.offline()


@case("a document that cannot be read is exit 66, and keys in the place of its name are not shown again")
def _(t):
    result = t.run("--credentials", t.dir + "/none.json", keys=False)
    t.fails(result, 66, "--credentials .*none.json: no such file")
    result = t.run("--credentials", '{"SecretAccessKey":"wJalrXUtnFEMI"}', keys=False)
    t.fails(result, 66, "--credentials")
    t.silent_about(result, "wJalr")
    t.offline()


@case("formats that creds does not have are exit 64, naming those that there are")
def _(t):
    for word in ("windows-cmd", "url"):
        result = t.run("creds", "--format", word)
        t.fails(result, 64, "json", "process", "env", "fish", "powershell", "ini")
        t.equal(handed_out(t, t.follow(result))[0].kind, facts.FEDERATED, "kind of keys after the hint")
    t.fails(t.run("--format", "process"), 64, "url")


VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION")


def values(keys):
    return [keys.key_id, keys.secret, keys.token, iso(keys.expires)]


def evaluated(t, name, shell, script, text):
    """What a program that a shell starts sees of VARIABLES, once the shell has read text on its standard input."""
    if not shutil.which(shell[0]):
        raise Skip(name + " is not installed")
    done = subprocess.run([*shell, script % "env"], input=text, env={"PATH": os.environ.get("PATH", os.defpath), "HOME": t.dir},
                          cwd=t.dir, capture_output=True, text=True, timeout=60)
    found = dict(line.split("=", 1) for line in done.stdout.split("\n") if "=" in line)
    t.equal((done.returncode, done.stderr), (0, ""), "exit code and stderr of " + name)
    return [found.get(v) for v in VARIABLES]


def shells(form, *rows):
    for name, shell, script in rows:
        @case("creds --format %s is evaluated by %s" % (form, name))
        def _(t, name=name, shell=shell, script=script):
            result = t.run("creds", "-q", "--format", form)
            t.equal((result.code, result.err), (0, ""), "exit code and stderr")
            keys = t.realm.issued(facts.FEDERATED)[-1]
            t.equal(evaluated(t, name, shell, script, result.out) == values(keys), True, "the keys that STS issued")


shells("env", *((name, (name, "-c"), 'eval "$(cat)"; %s') for name in ("sh", "bash", "zsh")))
shells("env-no-export", ("sh", ("sh", "-c"), 'set -a; eval "$(cat)"; %s'))
shells("fish", ("fish", ("fish", "--no-config", "-c"), "source; %s"))
shells("powershell", ("pwsh", ("pwsh", "-NoProfile", "-NonInteractive", "-Command"), "$input | Out-String | iex; %s"))


@case("creds --format ini is a credentials file for postern and for configparser, under the name of --profile")
def _(t):
    files = {"AWS_CONFIG_FILE": t.dir + "/none"}
    held = t.file("held", "[prod]\naws_access_key_id = %s\naws_secret_access_key = %s\n" % (t.user.key_id, t.user.secret))
    for words, name in (((), "default"), (("--profile", "prod"), "prod")):
        result = t.run("creds", "--format", "ini", *words, keys=False if words else None,
                       env=dict(files, AWS_SHARED_CREDENTIALS_FILE=held))
        t.equal(result.code, 0, "exit code")
        keys = t.realm.issued(facts.FEDERATED)[-1]
        read = configparser.RawConfigParser()
        read.read_string(result.out)
        t.equal(read.sections(), [name], "sections")
        t.equal(list(read[name].values()) == [keys.key_id, keys.secret, keys.token], True, "the keys that STS issued")
        t.true(iso(keys.expires) in result.out, "the end of the keys for people")
        env = dict(files, AWS_SHARED_CREDENTIALS_FILE=t.file("made", result.out))
        t.equal(t.ok(t.run(*words, keys=False, env=env)).keys, keys, "keys behind the URL")


@case("creds --format ini is read by botocore")
def _(t):
    try:
        import botocore                                      # noqa: F401 # pylint: disable=import-outside-toplevel
    except ImportError:
        raise Skip("botocore is not installed") from None
    result = t.run("creds", "--format", "ini")
    text = result.out.replace("[default]", "[p]")
    env = {"AWS_CONFIG_FILE": t.dir + "/none", "AWS_SHARED_CREDENTIALS_FILE": t.file("made", text), "AWS_EC2_METADATA_DISABLED": "true"}
    done = subprocess.run([sys.executable, "-c", READ_BY_BOTOCORE], env=env, cwd=t.dir, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120)
    keys = t.realm.issued(facts.FEDERATED)[-1]
    t.equal(done.returncode, 0, "exit code of botocore")
    t.equal(json.loads(done.stdout) == ["shared-credentials-file", keys.key_id, keys.secret, keys.token], True,
            "the keys that STS issued")


@case("a profile whose name no credentials file can have is refused for ini, before stdout gets anything")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    result = document(t, sts_json(keys), "creds", "--format", "ini", "--profile", "my prod")
    t.fails(result, 65, "the profile's name", step="output")
    t.hint(result, "--format json")


@case("creds fails as the login URL does, with nothing on stdout")
def _(t):
    denied = t.realm.user(denied={"GetFederationToken"})
    t.fails(t.run("creds", keys=denied), 77, "sts:GetFederationToken", step="sts")
    t.equal(t.error_json(t.run("creds", "--format", "json", keys=denied))["error"], "denied", "word")
    t.fails(t.run("creds", "--format", "process", keys=denied), 77, step="sts")
    t.aws.sts.fault("reset")
    t.fails(t.run("creds", "--timeout", "5"), 69)


@case("--explain of creds speaks of no sign-in, and works with --credentials")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    for words, wanted in (((), "GetFederationToken"), (("--role-arn", t.realm.role().arn), "AssumeRole")):
        result = t.run("creds", "--explain", *words)
        t.equal((result.code, wanted in result.out), (0, True), "exit code, and " + wanted)
        t.silent_about(result, "signin", "opens")
    result = document(t, sts_json(keys), "creds", "--explain")
    t.equal((result.code, "not asked" in result.out), (0, True), "exit code, and no STS")
    result = document(t, sts_json(keys), "--explain")
    t.true("--credentials ASIA…" + keys.key_id[-4:] in result.out, "where the keys come from")
    t.offline()


@case("creds writes whole keys or fails: a full stdout is exit 74")
def _(t):
    with open("/dev/full", "wb") as full:
        result = t.run("creds", stdout=full)
    t.fails(result, 74, step="output")
