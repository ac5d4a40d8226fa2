# SPDX-License-Identifier: MIT
"""tests/live.sh, the questions for a real account: asked of the stand-in, whose answers are known, and of nobody."""
import os
import re
import shutil

from cases._sources import IdentityCenter, config, keys_of, login_cache, profile, static
from cases.logincache import NAME, SESSION
from harness import Skip, case
from process import HERE, Running

SCRIPT = os.path.join(os.path.dirname(HERE), "live.sh")
PATH = os.environ.get("PATH", os.defpath)


def live(t, *words, env, stdin=b""):
    """Run the script; answers what the table says, by number and first words."""
    result = t.finish(Running(["sh", SCRIPT, *words], dict({"PATH": PATH, "HOME": t.dir, "TMPDIR": t.dir}, **env), t.dir,
                              stdin=stdin))
    for secret in [*t.secrets(), *t.realm.tokens]:
        t.true(secret[100:130] not in result.out if len(secret) > 130 else secret not in result.out, "no secret in the table")
    t.equal(re.findall("SigninToken=|[AS]KIA[A-Z0-9]{8}", result.out + result.err), [], "keys or tokens in the table")
    return result, [[line[:3].strip(), line[4:66].strip(), line[67:76].strip(), line[77:]]
                    for line in result.out.splitlines() if re.match(r"\d", line)]


def led_here(t):
    """The variables that lead the script to the stand-in, and nothing of it elsewhere."""
    pairs = ["%s:443:%s" % (name, t.aws.sts.address) for name in ("sts.us-east-1.amazonaws.com", "sts-fips.us-east-1.amazonaws.com")]
    places = "".join('connect-to = "%s:443"\n' % pair for pair in pairs) + 'connect-to = "::%s:443"\n' % t.aws.signin.address
    options = ["--ca-bundle", t.bundle, "--dns", "127.0.0.1:1", *(word for pair in pairs for word in ("--resolve", pair))]
    return {"LIVE_POSTERN": t.binary, "LIVE_CURL_OPTIONS": t.file("curl", 'cacert = "%s"\n%s' % (t.bundle, places)),
            "LIVE_CONNECT": t.aws.sts.address + ":443", "LIVE_POSTERN_OPTIONS": " ".join(options), "LIVE_AGE_S": "0",
            "AWS_EC2_METADATA_DISABLED": "true"}


def said(rows, number, words):
    return [cell for row in rows if row[0] == number and words in row[1] for cell in row[2:]]


@case("live.sh prints a row for every open question, and asks before it makes anything", "443")
def _(t):
    for program in ("curl", "openssl"):
        if not shutil.which(program):
            raise Skip(program + " is not installed")
    center = IdentityCenter(t)
    center.cache()
    login_cache(t, SESSION, keys_of(t, "Login"), NAME)
    files = config(t, center.session(), profile("work", **center.settings()), profile("login", login_session=SESSION))
    env = dict(led_here(t), **t.user.env(), **files, LIVE_SSO_PROFILE="work", LIVE_LOGIN_PROFILE="login")
    env["LIVE_POSTERN_OPTIONS"] += " " + " ".join(center.words())
    result, rows = live(t, "--wait", env=env, stdin=b"y\n" * 3)
    t.equal((result.code, sorted({int(row[0]) for row in rows})), (0, list(range(1, 11))), "exit code and questions")
    t.says(result, "temporary keys that may only ask who they are", "opens a console session", "takes 16 minutes")
    for number, words, status in (("2", "GetFederationToken", "200"), ("3", "of GetFederationToken", "400"),
                                  ("1", "at signin.aws.amazon.com", "200"), ("1", "us-gov", "400"),
                                  ("9", "answer", "200"), ("4", "aws login", "200"), ("5", "a fresh token", "302"),
                                  ("5", "the same token", "400"), ("6", "sts.us-east-1", "ok"), ("8", "fips", "exit 0")):
        t.equal(said(rows, number, words)[:1], [status], "status of question %s, %s" % (number, words))
    t.true("GetFederationToken" in [r.action for r in t.aws.sts.all()], "a session that was allowed")
    t.equal(sorted(set(os.listdir(t.dir)) - {"config", "curl", ".aws"}), [], "what is left behind")


@case("live.sh makes nothing that is not allowed", "443")
def _(t):
    result, rows = live(t, env=dict(led_here(t), **t.user.env()), stdin=b"n\n")
    t.equal((result.code, said(rows, "2", "GetFederationToken")), (0, ["-", "not asked"]), "exit code and row")
    t.equal([r.action for r in t.aws.sts.all()], ["GetCallerIdentity"], "what STS was asked")
    t.equal([r.form for r in t.aws.signin.all() if r.form.get("Session") != "{}"], [], "keys at sign-in")


@case("live.sh takes keys of a profile, and is not misled by its neighbours", "443")
def _(t):
    text = "".join("[%s]\n%s\n" % (name, "".join("%s = %s\n" % pair for pair in static(keys).items()))
                   for name, keys in (("other", keys_of(t)), ("mine", t.user), ("last", keys_of(t))))
    env = dict(led_here(t), AWS_SHARED_CREDENTIALS_FILE=t.file("credentials", text))
    result, rows = live(t, "--profile", "mine", env=env, stdin=b"y\nn\n")
    t.equal((result.code, said(rows, "2", "GetFederationToken")[:1]), (0, ["200"]), "exit code and row")
    t.equal({r.keys.key_id for r in t.aws.sts.all()}, {t.user.key_id}, "keys that signed")


@case("live.sh --dry-run plans every question, without keys and network")
def _(t):
    result, rows = live(t, "--dry-run", env={"LIVE_POSTERN": "/nonexistent", "LIVE_CURL_OPTIONS": "/nonexistent"})
    t.equal((result.code, result.err), (0, ""), "exit code and stderr")
    t.equal((sorted({int(row[0]) for row in rows}), {row[2] for row in rows}), (list(range(1, 11)), {"plan"}), "rows")
    result, rows = live(t, env={})
    t.equal((result.code, rows), (66, []), "exit code and rows without keys")
    t.equal(live(t, "--profile", env={})[0].code, 64, "exit code without a name")
