# SPDX-License-Identifier: MIT
"""`postern exec`: a command gets temporary keys, and all else as if postern had not been there: standard input, signals,
limits, descriptors, the terminal, its exit status. A worker asks AWS; what is seen of both from outside has no secret."""
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

import realm as facts
from harness import Failed, case

COMPETING = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SECURITY_TOKEN", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME",
             "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
             "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CREDENTIAL_EXPIRATION")
LEADER = "import fcntl, os, sys, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
DUMPABLE = "import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"       # PR_GET_DUMPABLE
PATH = os.environ.get("PATH", os.defpath)


def words(t, *command, options=()):
    return ["exec", *options, *t.network("us-east-1"), "--", *command]


def start(t, *command, options=(), env=None, **how):
    return t.start(*words(t, *command, options=options), net=False, env=dict({"PATH": PATH}, **(env or {})), **how)


def run(t, *command, **how):
    by_signal = how.pop("by_signal", False)
    return t.finish(start(t, *command, **how), by_signal=by_signal)


def variables(text):
    return dict(entry.split("=", 1) for entry in text.split("\0") if entry)


def given(keys, **more):
    found = {"AWS_ACCESS_KEY_ID": keys.key_id, "AWS_SECRET_ACCESS_KEY": keys.secret, "AWS_SESSION_TOKEN": keys.token,
             "AWS_CREDENTIAL_EXPIRATION": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(keys.expires))}
    return dict(found, **more)


@case("exec gives CMD temporary keys and its region, and nothing that leads to others, for every kind of keys")
def _(t):
    role = t.realm.role().arn
    region = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}
    config = t.file("config", "[profile x]\nregion = eu-west-1\n")
    around = {name: "xx" for name in COMPETING if name != "AWS_SECURITY_TOKEN"}
    kept = {"AWS_EC2_METADATA_DISABLED": "true", "PATH": PATH, "HTTPS_PROXY": "", "AWS_CONFIG_FILE": config, "POSTERN_DEPTH": "1", "ODD": "a=b c"}
    for held, options, kind in ((t.user, (), facts.FEDERATED), (t.user, ("--role-arn", role), facts.ROLE),
                                (t.realm.session(facts.ROLE, t.user), ("--role-arn", role), facts.CHAINED),
                                (t.realm.session(facts.ROLE, t.user), (), None), (t.realm.session(facts.SESSION, t.user), (), None)):
        result = run(t, "env", "-0", options=options, keys=held, env=dict(around, **kept))
        t.equal(result.code, 0, "exit code")
        wanted = given(t.realm.issued(kind)[-1] if kind else held, **region, **kept)
        if not kind:
            del wanted["AWS_CREDENTIAL_EXPIRATION"]
        found = variables(result.out)
        t.equal(sorted(found), sorted(wanted), "names of variables")
        t.true(found == wanted, "the values that STS gave and those that were there")
        t.says(result, "(?m)^postern: keys   environment %s…%s" % (held.key_id[:4], held.key_id[-4:]))
    t.equal(t.aws.signin.connections, 0, "connections to sign-in")


@case("exec sets no region where none was given, and that of the profile where one was", "443")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    found = variables(run(t, "env", "-0", keys=keys, region=None).out)
    t.equal([name for name in found if "REGION" in name], [], "variables of the region")
    config = t.file("config", "[profile prod]\nregion = eu-west-1\n")
    found = variables(run(t, "env", "-0", keys=keys, region=None,
                          env={"AWS_CONFIG_FILE": config, "AWS_PROFILE": "prod"}).out)
    t.equal((found["AWS_REGION"], found["AWS_DEFAULT_REGION"], found.get("AWS_PROFILE")), ("eu-west-1", "eu-west-1", None),
            "region and profile")


@case("exec takes keys of a helper and of a profile's role; standard input is CMD's alone")
def _(t):
    role = t.realm.role()
    helper = t.file("keys.json", json.dumps({"Version": 1, "AccessKeyId": t.user.key_id, "SecretAccessKey": t.user.secret}))
    config = t.file("config", "[profile held]\ncredential_process = cat %s\n[profile prod]\nrole_arn = %s\n"
                    "source_profile = held\n" % (helper, role.arn))
    result = run(t, "sh", "-c", "cat; env -0", keys=False, env={"AWS_CONFIG_FILE": config, "AWS_PROFILE": "prod"}, stdin=b"X=y\0")
    found = variables(result.out)
    keys = t.realm.issued(facts.ROLE)[-1]
    t.equal((result.code, found["X"], found.get("AWS_PROFILE")), (0, "y", None), "exit code, standard input, profile")
    t.true(found["AWS_SESSION_TOKEN"] == keys.token, "the role's keys")


@case("exec ends as CMD ends: with its status, or by its signal")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    for status in (0, 3, 255):
        t.equal(run(t, "sh", "-c", "exit %d" % status, keys=keys).code, status, "exit code")
    for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGPIPE):
        result = run(t, "sh", "-c", "kill -%d $$" % number, keys=keys, by_signal=True)
        t.equal(result.code, -number, "signal")


@case("exec is 127 when CMD is not there, 126 when it cannot be run")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    plain = t.file("plain", "text\n")
    for command, code in (("no-such-command", 127), (t.dir + "/none", 127), ("", 127), (plain, 126), (t.dir, 126),
                          (plain + "/x", 126)):
        result = run(t, command, keys=keys)
        t.fails(result, code, "cannot be run", step="exec")
        t.hint(result, "PATH")
    result = run(t, "no-such-command", keys=keys, options=("--format", "json", "-q"))
    t.equal((result.code, t.error_json(result)["error"]), (127, "nocommand"), "exit code and word")


@case("whatever fails in postern itself is 125, said once, and CMD is not run")
def _(t):
    mark = t.dir + "/ran"
    touch = ("touch", mark)
    denied = t.realm.user(denied={"GetFederationToken"})
    for result, word in ((run(t, *touch, keys=denied), "sts:GetFederationToken"), (run(t, *touch, keys=False), "no credentials"),
                         (run(t, *touch, options=("--nonsense",)), "unknown option"),
                         (run(t, *touch, options=("--format", "process")), "unknown --format"),
                         (run(t, *touch, options=("--name", "x")), "--name")):
        t.fails(result, 125, word)
        t.equal(len(re.findall("(?m)^postern: (?!try|aws says|note)", result.err)), 1, "failures told")
    result = run(t, *touch, keys=denied, options=("--format", "json"))
    t.equal((result.code, t.error_json(result)["error"]), (125, "denied"), "exit code and word")
    t.true(not os.path.exists(mark), "CMD not to be run")


@case("exec without --, and without CMD, is a usage error with the cure; -- is refused elsewhere")
def _(t):
    mark = t.dir + "/ran"
    result = t.run("exec", *t.network("us-east-1"), "touch", mark, "--nonsense", net=False, env={"PATH": PATH})
    t.fails(result, 125, "needs --", step="options")
    t.true(" -- touch " in t.hint(result), "-- in front of CMD")
    for more in ((), ("--",)):
        result = t.bare("exec", *more, keys=False)
        t.hint(t.fails(result, 125, "a command", step="options"), "postern exec -- ")
    t.fails(t.bare("creds", "--", "ls", keys=False), 64, "unknown option --")
    t.true(not os.path.exists(mark), "CMD not to be run")


@case("options that a hint adds stand in front of CMD, and followed literally it runs")
def _(t):
    result = run(t, "echo", "--duration", "it ran", options=("--duration", "12"))
    t.fails(result, 125, "did you mean 12h")
    done = t.follow(result)
    t.equal((done.code, done.out), (0, "--duration it ran\n"), "exit code and stdout")


@case("CMD's options, --help and another -- among them, are CMD's own")
def _(t):
    result = run(t, "echo", "--help", "--", "-v", "--format", "x", keys=t.realm.session(facts.ROLE, t.user), options=("-q",))
    t.equal((result.code, result.out, result.err), (0, "--help -- -v --format x\n", ""), "exit code, stdout, stderr")


@case("standard input reaches CMD untouched, when it is long, too")
def _(t):
    for data in (b"hi\n", b"", b"0123456789abcde\n" * 20000):
        result = run(t, "cat", stdin=data)
        t.equal(result.code, 0, "exit code")
        t.true(result.out.encode() == data, "all of standard input")


@case("with keys of GetFederationToken exec warns that they call neither IAM nor STS, and -q says nothing")
def _(t):
    t.says(run(t, "true"), "warning: .*IAM.*STS.*--role-arn ARN", "account 123456789012 as federated-user/.* until ")
    t.equal(run(t, "true", options=("-q",)).err, "", "stderr with -q")
    result = run(t, "true", options=("--role-arn", t.realm.role().arn))
    t.silent_about(result, "warning")


def plain(t, *command, launch=()):
    """What a command says when it is started as the cases start postern."""
    return subprocess.run([sys.executable, "-E", "-S", os.path.join(os.path.dirname(os.path.dirname(__file__)), "launch.py"),
                           "--env", "0", *launch, "--", *command], input=json.dumps({"PATH": PATH}).encode(), cwd=t.dir,
                          stdout=subprocess.PIPE, timeout=60).stdout.decode()


@case("CMD has the signals, limits and rights that postern was started with", "release")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    # No shell: some give the programs that they start a signal mask of their own.
    for sight in (("/bin/cat", "/proc/self/limits"),
                  ("/bin/grep", "-E", "^(Sig(Blk|Ign|Cgt)|NoNewPrivs|Seccomp|Cap.*):", "/proc/self/status")):
        for launch in ([], ["--core"]):
            result = run(t, *sight, keys=keys, launch=launch)
            t.equal(result.out, plain(t, *sight, launch=launch), "limits and signals")
    t.equal(run(t, sys.executable, "-c", DUMPABLE, keys=keys).out, "1\n", "PR_GET_DUMPABLE")


@case("CMD has the descriptors that postern was started with: none more, and closed ones stay closed")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    held = t.file("held", "x")
    for close, fds in ((), "0 1 2"), ((0,), "1 2"), ((2,), "0 1"), ((0, 2), "1"):
        launch = [w for fd in close for w in ("--close", str(fd))]
        look = "for f in 0 1 2 3 4 5 6 7 8 9; do test -e /proc/$$/fd/$f && printf '%s ' $f; done; true"
        result = run(t, "sh", "-c", look, keys=keys, launch=launch)
        t.equal((result.code, result.out.strip()), (0, fds), "descriptors, with %r closed" % (close,))
        result = run(t, "sh", "-c", look, keys=keys, launch=launch + ["--fd3", held])
        t.equal(result.out.strip(), fds + " 3", "descriptors, with one that is inherited")
    result = run(t, "no-such-command", keys=keys, launch=["--close", "2"])
    t.equal(result.code, 127, "exit code with nowhere to say it")


def children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid)) as source:
        return [int(word) for word in source.read().split()]


def at_sts(t, timeout="20", **how):
    """A run that waits for an answer of STS."""
    t.aws.sts.fault("hang")
    running = start(t, "true", options=("--timeout", timeout), **how)
    t.true(t.aws.sts.wait(lambda e: e.held), "a request to STS")
    return running


@case("while exec waits, the command lines and environments of both its processes hold no secret")
def _(t):
    running = at_sts(t, env={"AWS_SECURITY_TOKEN": ""})
    seen = [running.process.pid, *children(running.process.pid)]
    t.equal(len(seen), 2, "processes")
    for pid in seen:
        for name in ("cmdline", "environ"):
            try:
                with open("/proc/%d/%s" % (pid, name), "rb") as source:
                    text = source.read()
            except PermissionError:
                continue                # not dumpable: not ours to read, which is as good
            t.true(t.user.secret.encode() not in text, "no secret in /proc/PID/" + name)
    running.process.send_signal(signal.SIGTERM)
    t.finish(running, by_signal=True)


@case("a worker that is killed is told, with exit 125")
def _(t):
    running = at_sts(t)
    os.kill(children(running.process.pid)[0], signal.SIGKILL)
    t.fails(t.finish(running), 125, r"killed \(signal 9\)", step="exec")


@case("when exec is ended, its worker ends, too")
def _(t):
    running = at_sts(t, timeout="300")
    worker = children(running.process.pid)[0]
    watch = os.pidfd_open(worker)
    running.process.kill()
    ended = select.select([watch], [], [], 20)[0]
    os.close(watch)
    if not ended:
        os.kill(worker, signal.SIGKILL)
    t.equal((t.finish(running, by_signal=True).code, bool(ended)), (-signal.SIGKILL, True), "exit code, and an end of the worker")


class Terminal:
    """postern exec as the only program on a terminal of its own."""

    def __init__(self, t, *command, options=()):
        self.master, slave = pty.openpty()
        argv = [sys.executable, "-E", "-S", "-c", LEADER, t.binary, *words(t, *command, options=options)]
        env = dict(t.user.env(), AWS_REGION="us-east-1", PATH=PATH)
        self.process = subprocess.Popen(argv, env=env, cwd=t.dir, stdin=slave, stdout=slave, stderr=slave)
        os.close(slave)
        self.seen = b""

    def until(self, pattern):
        """Read until it is on the screen."""
        while not re.search(pattern, self.seen):
            if not select.select([self.master], [], [], 30)[0]:
                raise Failed("%r on the terminal, not %r" % (pattern, self.seen[-300:]))
            try:
                data = os.read(self.master, 4096)
            except OSError:
                data = b""
            if not data:
                raise Failed("%r on the terminal before its end, not %r" % (pattern, self.seen[-300:]))
            self.seen += data

    def type(self, data):
        os.write(self.master, data)

    def end(self):
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Failed("an end by itself on the terminal") from None
        finally:
            os.close(self.master)


@case("CMD has the terminal: it reads what is typed, is in the foreground, and Ctrl-C ends it")
def _(t):
    terminal = Terminal(t, "sh", "-c", 'printf "name? "; read x; echo "hello $x"; test -t 0 && cut -d" " -f5,8 /proc/$$/stat; cat')
    terminal.until(rb"name\? ")
    terminal.type(b"world\n")
    terminal.until(rb"hello world\r\n(\d+) \1\r\n")         # its group is the foreground's
    terminal.type(b"echoed\n")
    terminal.until(b"echoed\r\nechoed\r\n")
    terminal.type(b"\x03")
    t.equal(terminal.end(), -signal.SIGINT, "exit code")


@case("Ctrl-C while exec waits for AWS ends it by SIGINT")
def _(t):
    t.aws.sts.fault("hang")
    terminal = Terminal(t, "true", options=("--timeout", "20"))
    t.true(t.aws.sts.wait(lambda e: e.held), "a request to STS")
    terminal.type(b"\x03")
    t.equal(terminal.end(), -signal.SIGINT, "exit code")


@case("Ctrl-C ends exec only after its worker, which may have a terminal to restore")
def _(t):
    running = at_sts(t)
    worker = children(running.process.pid)[0]
    for pid, held in ((running.process.pid, True), (worker, False)):
        with open("/proc/%d/status" % pid) as source:
            blocked = int(re.search(r"SigBlk:\s+(\w+)", source.read()).group(1), 16)
        t.equal(bool(blocked & 1 << signal.SIGINT - 1), held, "SIGINT put off")
    running.process.send_signal(signal.SIGINT)
    os.kill(worker, signal.SIGINT)
    result = t.finish(running, by_signal=True)
    t.equal((result.code, result.out, result.err), (-signal.SIGINT, "", ""), "exit code, stdout, stderr")


@case("--explain of exec runs nothing and asks nobody")
def _(t):
    mark = t.dir + "/ran"
    result = run(t, "touch", mark, options=("--explain",))
    t.equal((result.code, "GetFederationToken" in result.out), (0, True), "exit code, and the call")
    t.silent_about(result, "signin", "opens")
    t.true(not os.path.exists(mark), "CMD not to be run")
    t.offline()


@case("an environment that is too large to hand on is refused before CMD")
def _(t):
    many = {"V%d" % i: "" for i in range(8200)}
    result = run(t, "true", env=many, keys=t.realm.session(facts.ROLE, t.user))
    t.fails(result, 125, "more than 8191 variables", step="exec")
