# SPDX-License-Identifier: MIT
"""credential_process: what a helper is given, what is read of what it prints, every way in which one fails, and that nobody
of it is left. Helpers are scripts that /bin/sh reads, so that no file is executed which a fork of the tests still writes."""
import json
import os
import re
import select
import shlex
import shutil

import realm as facts
from cases._sources import config, iso, label_of, profile, static
from cases.creds import process_json
from harness import case

HOUR = 3600


def script(t, *lines, name="helper"):
    """A command that runs these lines of shell."""
    return "/bin/sh " + t.file(name, "\n".join(lines) + "\n")


def prints(t, text, name="helper"):
    """A command that prints this."""
    return script(t, "cat " + t.file(name + ".json", text), name=name)


def start(t, command, *words, sections=(), env=None, **how):
    given = config(t, profile("p", credential_process=command), *sections)
    return t.start("--profile", "p", *words, keys=False, env=dict(given, **(env or {})), **how)


def run(t, *words, **how):
    return t.finish(start(t, *words, **how))


def refused(t, result, code, words=""):
    t.fails(result, code, "credential_process of profile p" + words, step="credentials")
    t.hint(result)
    t.offline()


class Lifeline:
    """A FIFO for a helper to take with `hold` and, with it, all that it starts: who is left is seen by who holds it."""

    def __init__(self, t):
        self.path = os.path.join(t.dir, "lifeline")
        os.mkfifo(self.path)
        self.reader = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        self.hold = "exec 9>%s; echo held >&9" % self.path

    def is_cut(self):
        """Wait until nobody holds it; answers whether somebody had, and nobody does any more."""
        seen = b""
        while select.select([self.reader], [], [], 20)[0]:
            data = os.read(self.reader, 100)
            if not data:
                os.close(self.reader)
                return seen == b"held\n"
            seen += data
        return False


# --- what it is good for ---------------------------------------------------------------------------------------------

@case("credential_process prints long-term keys, and a URL comes of them")
def _(t):
    login = t.ok(run(t, prints(t, process_json(t.user))))
    t.equal((login.keys.kind, t.aws.sts.last("GetFederationToken").keys), (facts.FEDERATED, t.user), "kind, and who asked")


@case("credential_process prints temporary keys, with an Expiration and without, and a URL comes of them")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    without = json.loads(process_json(keys))
    del without["Expiration"]
    for text in (process_json(keys), json.dumps(without), process_json(keys, Expiration=iso(keys.expires, "+00:00")),
                 process_json(keys, AccountId="123456789012", Extra={"Version": 2}), "\n " + process_json(keys) + " \r\n\n"):
        t.equal(t.ok(run(t, prints(t, text))).keys, keys, "keys")


@case("credential_process is the source of a role")
def _(t):
    role = t.realm.role("Second")
    for keys in (t.user, t.realm.session(facts.ROLE, t.user)):
        sections = [profile("base", credential_process=prints(t, process_json(keys))),
                    profile("r", role_arn=role.arn, source_profile="base")]
        login = t.ok(t.run("--profile", "r", keys=False, env=config(t, *sections)))
        t.equal((t.aws.sts.last("AssumeRole").keys, label_of(login.keys)), (keys, "Second"), "who asked, and the role")


@case("credential_process may be postern for another profile")
def _(t):
    words = [t.binary, "creds", "--format", "process", "--profile", "base", "-q", *t.network("us-east-1")]
    login = t.ok(run(t, shlex.join(words), sections=[profile("base", **static(t.user))]))
    t.equal((login.keys.kind, [r.action for r in t.aws.sts.all()]),
            (facts.FEDERATED, ["GetFederationToken", "GetCallerIdentity"]), "kind, and what was asked")


@case("credential_process is not run by --explain")
def _(t):
    for words in (("--explain",), ("creds", "--explain")):
        result = run(t, script(t, ": >%s/ran" % t.dir, "cat " + t.file("answer", process_json(t.user))), *words)
        t.equal(result.code, 0, "exit code")
        t.true(re.search("credential_process of profile p, temporary\n +or so it is assumed", result.out), "what is assumed of its keys")
        t.true(not os.path.exists(t.dir + "/ran"), "nothing run")
    t.offline()


# --- what it is given ------------------------------------------------------------------------------------------------

@case("credential_process is split like a shell's words, and no shell sees them")
def _(t):
    echo = 'printf "%%s\\n" "$@" >%s/words; cat %s' % (t.dir, t.file("answer", process_json(t.user)))
    for text in (r"""one "two words" 'three  blanks  here' fo\ ur "" '' five""",
                 r"""a"b"'c'd "a\"b" "c\\d" "e\f" 'g\h' \i \'j "k'l" 'm"n'""",
                 "$HOME `id` $(id) *.json a;b | > out & ~ a#b {a,b} !! && \t x",
                 "--profile=\u00fc\u4e2d \u00a0"):
        command = "%s %s" % (script(t, echo), text)
        t.ok(run(t, command))
        with open(t.dir + "/words", encoding="utf-8") as found:
            t.equal(found.read(), "".join(w + "\n" for w in shlex.split(command)[2:]), "words of %r" % text)


@case("credential_process may have blanks, quotes and backslashes in its path")
def _(t):
    for name in ("two  words", "it's", 'a "quoted" one', "back\\slash", "\\", "all 'of' \"it\" \\"):
        os.mkdir(os.path.join(t.dir, name))
        path = os.path.join(t.dir, name, "sh")
        os.symlink(shutil.which("sh"), path)
        held = t.file("answer", process_json(t.user))
        forms = [shlex.quote(path), '"%s"' % re.sub(r'(["\\])', r"\\\1", path), re.sub(r"([ '\"\\])", r"\\\1", path)]
        for form in forms:
            t.ok(run(t, "%s -c 'cat %s'" % (form, held)))


@case("credential_process is found by PATH, a path with a slash in the folder that postern is in")
def _(t):
    os.mkdir(t.dir + "/bin")
    os.symlink(shutil.which("cat"), t.dir + "/bin/cat")
    t.file("answer", process_json(t.user))
    t.ok(run(t, "cat answer", env={"PATH": t.dir + "/none:" + t.dir + "/bin"}))
    t.ok(run(t, "bin/cat answer", env={"PATH": "/nowhere"}))
    t.ok(run(t, "cat answer"))


@case("credential_process gets the environment without AWS keys, and POSTERN_DEPTH=1")
def _(t):
    other = t.realm.session(facts.ROLE, t.user)
    held = script(t, "env >%s/env" % t.dir, "cat " + t.file("answer", process_json(t.user)))
    t.ok(run(t, held, env=dict(other.env(), AWS_SECURITY_TOKEN=other.token, HOME="/root", MORE="one two=3")))
    t.equal(t.aws.sts.last("GetFederationToken").keys, t.user, "who asked")
    with open(t.dir + "/env", encoding="utf-8") as source:
        text = source.read()
    found = dict(line.split("=", 1) for line in text.splitlines())
    t.equal([n for n in found if re.search("KEY|SECRET|TOKEN", n)], [], "variables of keys")
    t.true(not any(secret in text for secret in t.secrets()), "no secret in its environment")
    t.equal((found["POSTERN_DEPTH"], found["HOME"], found["MORE"], found["AWS_REGION"]), ("1", "/root", "one two=3", "us-east-1"),
            "the other variables")


@case("credential_process may speak on stderr, which is postern's")
def _(t):
    result = run(t, script(t, "echo 'Touch your key' >&2", "cat " + t.file("answer", process_json(t.user))))
    t.ok(result)
    t.true("\nTouch your key\n" in "\n" + result.err, "its words on stderr")
    result = run(t, script(t, "echo 'no key found' >&2", "exit 3"))
    t.equal((result.code, result.out), (66, ""), "exit code and stdout")
    t.says(result, "(?m)^no key found$", "(?m)^postern: credentials: credential_process of profile p: .*ended with exit code 3$")


@case("credential_process does not eat what is piped to postern")
def _(t):
    policy = '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
    held = script(t, "cat >%s/eaten" % t.dir, "cat " + t.file("answer", process_json(t.user)))
    login = t.ok(run(t, held, "--policy", "-", stdin=policy.encode()))
    t.equal((login.keys.policy, os.path.getsize(t.dir + "/eaten")), (policy, 0), "policy, and bytes that the helper read")


# --- refusals --------------------------------------------------------------------------------------------------------

@case("credential_process that is not there, no program or not executable is exit 66 with the reason")
def _(t):
    os.mkdir(t.dir + "/folder")
    plain = t.file("plain", process_json(t.user))
    for command, name, words in ((t.dir + "/gone --x", "gone ", "No such file"), ("no-such-program", "no-such-program ", "No such file"),
                                 (plain, "plain ", "Permission denied"), (t.dir + "/folder", "folder ", "Permission denied"),
                                 (plain + "/x", "x ", "Not a directory"), ('""', "", "No such file")):
        result = run(t, command)
        refused(t, result, 66, ": %scannot be run: %s\n" % (name, words))
        t.hint(result, "executable", "path")


@case("credential_process that fails is exit 66 with its exit code, and what it printed is not used")
def _(t):
    for line, words in (("exit 1", "1"), ("exit 127", "127"), ("exit 255", "255")):
        refused(t, run(t, script(t, "cat " + t.file("answer", process_json(t.user)), line)), 66, ": sh ended with exit code %s\n" % words)


@case("credential_process that is killed by a signal is exit 66 with its number")
def _(t):
    for name, number in (("KILL", 9), ("TERM", 15), ("SEGV", 11)):
        refused(t, run(t, script(t, "ulimit -c 0", "kill -%s $$" % name)), 66, ": sh was ended by signal %d\n" % number)


@case("credential_process that prints 10 MB or without end is exit 66, and nobody of it is left")
def _(t):
    for line in ("head -c 10000000 /dev/zero", "yes", "yes | cat"):
        line_of = Lifeline(t)
        refused(t, run(t, script(t, line_of.hold, line)), 66, ": sh printed more than an answer can have")
        t.true(line_of.is_cut(), "nobody left of it")
        os.unlink(line_of.path)


@case("credential_process whose answer is no JSON in UTF-8 is exit 65, and not shown")
def _(t):
    good = process_json(t.user)
    marker = "marker-of-what-a-helper-said"
    t.other_secrets.append(marker)
    for text in (b"", b"\n", marker.encode(), b"[]", b"\x00", good.encode()[:-1], good.encode() * 2, good.encode() + marker.encode(),
                 process_json(t.user, Note="?").encode().replace(b"?", b"\xff"),
                 process_json(t.user, Note="?").encode().replace(b"?", b"\xc0\xaf"),
                 process_json(t.user, Note="?").encode().replace(b"?", b"\xed\xa0\x80"),
                 b"\xef\xbb\xbf" + good.encode(), good.encode("utf-16"), good.replace(",", ",,", 1).encode(),
                 b"<html>%s</html>" % marker.encode(), b"[" * 5000):
        refused(t, run(t, prints(t, text)), 65)


def changed(t, **changes):
    """An answer with these changes; None leaves a member out."""
    found = dict(json.loads(process_json(t.realm.session(facts.ROLE, t.user))), **changes)
    return json.dumps({k: v for k, v in found.items() if v is not None})


@case("credential_process with another Version than the number 1 is exit 65")
def _(t):
    for version, words in ((2, "is not 1"), (None, "is missing"), ("1", "is not 1"), (True, "is not 1"), (0, "is not 1"),
                           ([1], "is not 1"), (11, "is not 1"), (-1, "is not 1")):
        refused(t, run(t, prints(t, changed(t, Version=version))), 65, ": Version " + words)
    twice = process_json(t.user).replace("{", '{"Version":2,', 1)
    refused(t, run(t, prints(t, twice)), 65, ": Version stands there twice")


@case("credential_process without one of the keys is refused by the name of what is missing")
def _(t):
    for name in ("AccessKeyId", "SecretAccessKey", "SessionToken"):
        for value in (None, ""):
            refused(t, run(t, prints(t, changed(t, **{name: value}))), 65, ": %s is missing" % name)
        refused(t, run(t, prints(t, changed(t, **{name: 7}))), 65, ": %s is no string" % name)


@case("credential_process with a malformed Expiration is exit 65")
def _(t):
    for value in ("soon", "1700000000", "2026-13-01T00:00:00Z", "2026-11-23 00:00:00", "2026-11-23T00:00:00"):
        refused(t, run(t, prints(t, changed(t, Expiration=value))), 65, ": Expiration is no time")
    refused(t, run(t, prints(t, changed(t, Expiration=1700000000))), 65, ": Expiration is no string")


@case("credential_process whose keys have expired is refused with both times")
def _(t):
    end = t.realm.clock.now() - HOUR
    refused(t, run(t, prints(t, changed(t, Expiration=iso(end)))), 77, " expired at %s, and it is " % iso(end))


@case("credential_process that is no command line is exit 78")
def _(t):
    for command, words in (("/bin/cat 'answer", "a quote that is not closed"), ('/bin/cat "answer\\"', "a quote that is not closed"),
                           ("/bin/cat answer\\", "ends in a backslash"), ("/bin/cat" + 64 * " x", "more than 64 words"),
                           ("/bin/cat " + 8192 * "x", "longer than 8192 bytes")):
        refused(t, run(t, command), 78, ": the command (has |is |)" + words)


@case("credential_process that never ends is given up after 60 s, and nobody of it is left", "waits")
def _(t):
    line = Lifeline(t)
    result = run(t, script(t, line.hold, "trap '' TERM HUP INT", "sleep 100 & sleep 100"), more_s=60)
    refused(t, result, 66, ": sh was not done after 60 s")
    t.true(line.is_cut(), "nobody left of it")


@case("credential_process may take longer than --timeout, which is the network's", "waits")
def _(t):
    t.ok(run(t, script(t, "sleep 3", "cat " + t.file("answer", process_json(t.user))), "--timeout", "2"))


@case("credential_process may leave a child that keeps its output, which is not waited for and not left over")
def _(t):
    line = Lifeline(t)
    t.ok(run(t, script(t, line.hold, "cat " + t.file("answer", process_json(t.user)), "sleep 100 &")))
    t.true(line.is_cut(), "nobody left of it")


@case("credential_process that fails leaves nobody of its group")
def _(t):
    line = Lifeline(t)
    refused(t, run(t, script(t, line.hold, "sleep 100 &", "exit 1")), 66, ": sh ended with exit code 1")
    t.true(line.is_cut(), "nobody left of it")


@case("credential_process that is postern for the same profile is refused with the cure, after three of them")
def _(t):
    again = "exec %s creds --format process --profile p" % shlex.quote(t.binary)
    result = run(t, script(t, "echo x >>%s/runs" % t.dir, again))
    refused(t, result, (66, 78), " is run by postern, which was run by postern")
    t.hint(result, "another profile in that command", "--profile OTHER")
    t.equal(os.path.getsize(t.dir + "/runs"), 3 * len("x\n"), "bytes that three helpers note")
