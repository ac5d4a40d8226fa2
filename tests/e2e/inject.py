#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every system call of ordinary runs made to fail, one a run, by strace: `inject.py [BINARY] [-k WORD] [--list]`, which
`make check-long` has. However the kernel answers, the run ends by itself and on time, tells a failure in a sentence without
a secret, and says success only with the whole result. cases/inject.py has a sample of it in `make test`."""
import argparse
import collections
import concurrent.futures
import contextlib
import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from cases._servers import server
from harness import Bench, Case, Failed, Skip
from pki import Pki
from process import GRACE_S, Result
from proxystand import ProxyStand
from run import TOP, Report, timed
from standin import NAMES, StandIn

DEADLINE_S = 8
LEAST = 1000            # injections of a whole run
# What a call may answer. exit_group cannot fail, arch_prctl cannot with what libc gives it, and strace itself needs execve.
ERRORS = {
    "read": "EINTR EAGAIN EIO", "write": "EINTR EAGAIN EIO ENOSPC EPERM", "open": "EINTR EIO ENOMEM EMFILE EPERM",
    "close": "EINTR EIO ENOSPC", "poll": "EINTR ENOMEM", "socket": "EMFILE ENOMEM EPERM", "pipe2": "EMFILE ENOMEM",
    "connect": "EINTR EAGAIN ENOMEM ECONNRESET EPERM", "sendto": "EINTR EAGAIN ENOMEM ECONNRESET EPERM EIO",
    "recvfrom": "EINTR EAGAIN ENOMEM ECONNRESET EIO", "getsockopt": "ENOMEM EPERM", "setsockopt": "ENOMEM EPERM",
    "mmap": "ENOMEM EPERM EAGAIN", "mprotect": "ENOMEM EPERM", "madvise": "EAGAIN ENOMEM EPERM",
    "mlock": "EAGAIN ENOMEM EPERM", "munmap": "ENOMEM EPERM", "mincore": "EAGAIN ENOMEM EPERM",
    "getrandom": "EINTR EAGAIN EIO EPERM", "clone": "EAGAIN ENOMEM EPERM", "fork": "EAGAIN ENOMEM EPERM",
    "wait4": "EINTR EPERM", "waitid": "EINTR EPERM", "ioctl": "EINTR EIO EPERM",
}
OTHERS = "EPERM ENOMEM"
NEVER = {"execve", "exit_group", "exit", "arch_prctl", "rt_sigreturn", "set_tid_address", "set_thread_area"}
CALL = re.compile(r"(?:(\d+) +)?(\w+)\((\d*)")
# Linux lets a descriptor go whatever close(2) answers, which strace cannot act: this pipe would never have an end.
UNREAL = {("exec", "close", 1)}
STEPS = r"postern: (options|credentials|dns|connect|proxy|tls|sts|signin|output|exec): "


class Scene:
    """An ordinary run: its words, its environment and standard input, and what its stdout has to be."""

    def __init__(self, t, words=(), env=None, stdin=b"", result="url", network=None, last=()):
        network = t.network("us-east-1") if network is None else network
        self.argv = [t.binary, *words, "--timeout", str(DEADLINE_S), *network, *last]
        self.env = dict({"AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true", "HOME": t.dir,
                         "PATH": os.environ.get("PATH", os.defpath)}, **(t.user.env() if env is None else env))
        self.stdin, self.result, self.ends = stdin, result, []


def environment(t):
    return Scene(t)


def role(t):
    text = "[base]\naws_access_key_id = %s\naws_secret_access_key = %s\n" % (t.user.key_id, t.user.secret)
    config = "[profile prod]\nregion = us-east-1\nrole_arn = %s\nsource_profile = base\n" % t.realm.role().arn
    return Scene(t, ("--profile", "prod"), {"AWS_SHARED_CREDENTIALS_FILE": t.file("credentials", text),
                                           "AWS_CONFIG_FILE": t.file("config", config)})


def document(t):
    keys = {"Version": 1, "AccessKeyId": t.user.key_id, "SecretAccessKey": t.user.secret}
    return Scene(t, ("--credentials", "-"), {}, json.dumps(keys).encode())


def process(t):
    keys = json.dumps({"Version": 1, "AccessKeyId": t.user.key_id, "SecretAccessKey": t.user.secret})
    config = "[default]\ncredential_process = cat %s\n" % t.file("keys.json", keys)
    return Scene(t, (), {"AWS_CONFIG_FILE": t.file("config", config)})


def name_server(t):
    stand = server(t)
    scene = Scene(t, network=t.network("us-east-1", servers=[stand.__enter__().where()]))
    scene.ends.append(lambda: stand.__exit__(None, None, None))
    return scene


def proxy(t):
    stand = ProxyStand(t.aws)
    scene = Scene(t, env=dict(t.user.env(), https_proxy=stand.url()))
    scene.ends.append(stand.stop)
    return scene


def creds(t):
    return Scene(t, ("creds",), result="keys")


def whoami(t):
    return Scene(t, ("whoami",), result="words")


def handed_on(t):
    return Scene(t, ("exec",), result="token", last=("--", "/bin/sh", "-c", 'printf "%s\\n" "$AWS_SESSION_TOKEN"'))


SCENES = {"keys of the environment": environment, "a profile with a role": role, "a document on standard input": document,
          "a credential process": process, "a name server": name_server, "a proxy": proxy, "creds": creds, "whoami": whoami,
          "exec": handed_on}


@functools.cache
def strace_works():
    return bool(shutil.which("strace")) and subprocess.run(
        ["strace", "-f", "-b", "execve", "-o", os.devnull, "-e", "inject=getpid:error=EPERM:when=1", "true"],
        capture_output=True).returncode == 0


def traced(t, scene, *options):
    """Run it under strace; answers the Result and the lines of the trace. What `exec` becomes is not traced any more."""
    trace = os.path.join(t.dir, "trace")
    command = ["strace", "-f", "-b", "execve", "-o", trace, *options, "--", *scene.argv]
    result = Result(scene.argv, scene.env, time.monotonic())
    with subprocess.Popen(command, env=scene.env, cwd=t.dir, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, start_new_session=True) as child:
        try:
            out, err = child.communicate(scene.stdin, timeout=DEADLINE_S + GRACE_S)
        except subprocess.TimeoutExpired:
            result.killed = True
            os.killpg(child.pid, signal.SIGKILL)
            out, err = child.communicate()
    result.wall, result.code = time.monotonic() - result.started, child.returncode
    result.out, result.err = (text.decode("utf-8", "surrogateescape") for text in (out, err))
    t.results[:] = [result]
    with open(trace, errors="replace") as lines:
        return result, lines.read().split("\n")


def whole(t, scene, result):
    """Whether stdout is the whole of what this run is for."""
    if scene.result == "url":
        t.ok(result)
    elif scene.result == "keys":
        found = t.json(result.out)["Credentials"]
        held = t.realm.keys.get(found["AccessKeyId"])
        t.true(held and (held.secret, held.token) == (found["SecretAccessKey"], found["SessionToken"]),
               "keys that were issued")
    elif scene.result == "token":
        t.true(result.out[:-1] in [keys.token for keys in t.realm.keys.values()] and result.out.endswith("\n"), "the session token")
    else:
        t.true(result.out.endswith("\n") and t.user.arn in result.out, "who it is")


def hit(lines):
    """Which calls were made to fail, as (call, first argument)."""
    begun, found = {}, []
    for line in lines:
        match = CALL.match(line)
        if match:
            begun[match[1], match[2]] = match[3]
        if "(INJECTED)" in line:
            resumed = re.match(r"(?:(\d+) +)?<\.\.\. (\w+) resumed", line) or match
            found.append((resumed[2], begun.get((resumed[1], resumed[2]), "")))
    return found


def judge(t, scene, result, lines):
    failed = hit(lines)
    if result.killed:
        raise Failed("an end by itself within %d s" % (DEADLINE_S + GRACE_S))
    died = [line for line in lines if "+++ killed by" in line and "SIGKILL" not in line]
    if result.code < 0 or died:
        raise Failed("no death by a signal: %s" % (died or -result.code))
    t.search(result)
    if result.code == 0:
        whole(t, scene, result)
        return
    t.equal(result.out, "", "stdout of a failure")
    if ("write", "2") in failed:
        return
    if not re.search("(?m)^" + STEPS, result.err) or not all(l.startswith("postern: ") for l in result.err.split("\n") if l):
        raise Failed("a sentence that names the step")


def occurrences(t, scene):
    """{call: how often}, the most that one process of the run makes it before another program takes its place."""
    result, lines = traced(t, scene)
    judge(t, scene, result, lines)
    if result.code:
        raise Failed("a run that succeeds without faults: " + result.shown())
    count = collections.Counter(CALL.match(line).group(1, 2) for line in lines if CALL.match(line))
    most = {}
    for (_, call), times in count.items():
        most[call] = max(times, most.get(call, 0))
    return {call: times for call, times in most.items() if call not in NEVER}


def plan(name, calls):
    """(call, error, when) of all injections; of a loop over a thousand descriptors fifty will do."""
    return [(call, error, when) for call, times in sorted(calls.items()) for error in ERRORS.get(call, OTHERS).split()
            for when in range(1, times + 1, max(1, times // 50)) if (name, call, when) not in UNREAL]


@contextlib.contextmanager
def made(t, prepare):
    """A scene, and the end of its stands."""
    scene = prepare(t)
    try:
        yield scene
    finally:
        for end in scene.ends:
            end()


def inject(t, scene, call, error, when):
    """Run it with this call failing; answers which calls did."""
    result, lines = traced(t, scene, "-e", "inject=%s:error=%s:when=%d" % (call, error, when))
    judge(t, scene, result, lines)
    return hit(lines)


def sample(name, count):
    """The body of a case: so many of a scene's injections, spread over its calls."""
    def function(t):
        if not strace_works():
            raise Skip("strace cannot make calls fail here")
        with made(t, SCENES[name]) as scene:
            rows = plan(name, occurrences(t, scene))
            for row in rows[::len(rows) // count][:count]:
                inject(t, scene, *row)
    return function


def single(name, row, struck):
    """The body of a case of one injection; struck gathers those that took place."""
    def function(t):
        with made(t, SCENES[name]) as scene:
            struck.extend(inject(t, scene, *row)[:1])
    return function


def measured(pki, binary):
    """(scene, row) of all injections."""
    for name, prepare in SCENES.items():
        with tempfile.TemporaryDirectory() as folder:
            aws = StandIn(pki)
            t = Bench(binary, aws, folder, False)
            with made(t, prepare) as scene:
                yield from ((name, row) for row in plan(name, occurrences(t, scene)))
            aws.stop()


def main():
    words = argparse.ArgumentParser(description="System calls made to fail.")
    words.add_argument("binary", nargs="?", default=os.path.join(TOP, "postern"))
    words.add_argument("-k", metavar="WORD", action="append", default=[], help="only cases whose name has WORD")
    words.add_argument("--list", action="store_true", help="name the cases and stop")
    given = words.parse_args()
    if not strace_works():
        print("skipped: system calls made to fail: strace cannot do that here\n0 passed, 0 failed, 1 skipped")
        return 0
    report = Report(False)
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        pki, binary = Pki(folder, NAMES), os.path.abspath(given.binary)
        struck = []
        chosen = [Case("%s: %s %d answers %s" % (name, row[0], row[2], row[1]), (), single(name, row, struck))
                  for name, row in measured(pki, binary)]
        chosen = [one for one in chosen if all(word in one.name for word in given.k)]
        if given.list:
            print("\n".join(one.name for one in chosen))
            return 0
        make = functools.partial(StandIn, pki)
        for job in concurrent.futures.as_completed([pool.submit(timed, one, binary, make, False) for one in chosen]):
            report.add(*job.result())
    print("%d system calls made to fail" % len(struck))
    if not given.k and len(struck) < LEAST:
        print("too few: at least %d" % LEAST)
        return 1
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
