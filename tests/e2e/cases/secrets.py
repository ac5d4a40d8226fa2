# SPDX-License-Identifier: MIT
"""Where secrets must not be: memory after their last use, core files, the command line and environment seen from outside.
That no output has any is searched for after every run of every case (harness.py)."""
import json
import os
import re
import resource
import signal
import subprocess
import threading

import realm as facts
from harness import Failed, Skip, case
from process import HERE


def memscan(t):
    """Compile the helper that stops a program at its first connect and at its exit."""
    program = os.path.join(t.dir, "memscan")
    try:
        done = subprocess.run(["cc", "-O1", "-o", program, os.path.join(HERE, "memscan.c")], capture_output=True, text=True)
    except FileNotFoundError:
        raise Skip("there is no C compiler") from None
    if done.returncode:
        raise Failed("memscan.c to compile: " + done.stderr)
    return program


def scan(t, needles, *words, keys=None, last=(), stops=("connect", "exit")):
    """Run postern under memscan; answers {stop: [label, ...]} of what was found, and the exit status.
    needles(stop) gives {label: secret} at each of these stops; a worker's are "worker-connect" and so on."""
    program, out, err = memscan(t), os.path.join(t.dir, "out"), os.path.join(t.dir, "err")
    env = dict((keys or t.user).env(), AWS_REGION="us-east-1")
    argv = [program, out, err, t.binary, *words, *t.network("us-east-1"), *last]
    found, mapped, status, stop = {}, 0, None, None
    with subprocess.Popen(argv, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=t.dir) as child:
        killer = threading.Timer(40, child.kill)
        killer.start()
        for line in child.stdout:
            word, _, rest = line.rstrip("\n").partition(" ")
            if word == "STOP":
                stop = rest
                if stop in stops:
                    found[stop] = []
                for label, value in needles(stop).items() if stop in stops else ():
                    child.stdin.write("%s %s\n" % (label, value))
                child.stdin.write("\n")
                child.stdin.flush()
            elif word == "HIT":
                found[stop].append(rest)
            elif word == "MAPPED":
                mapped = int(rest)
            elif word == "EXIT":
                status = int(rest)
        killer.cancel()
    if mapped == 0:
        raise Failed("memory that could be read")
    with open(out) as text:
        return found, status, text.read()


@case("the memory helper finds what is there", "root", "release")
def _(t):
    found, _, _ = scan(t, lambda stop: {"binary": "postern"})
    t.true(found.get("exit") and found.get("connect"), "the word postern in its own memory")
    found, _, _ = scan(t, lambda stop: everything(t), stops=("written",))
    t.true(any(hit.startswith("signin-token") for hit in found["written"]), "the URL in memory when it is written")
    stops = ("worker-connect", "worker-exit", "execve")
    found, _, _ = scan(t, lambda stop: {"binary": "postern", **everything(t)}, "exec", last=("--", "/bin/true"), stops=stops)
    t.true(all(found.get(stop) for stop in stops), "the same in exec's worker and in the process that becomes CMD")
    t.true(any(hit.startswith("session-token") for hit in found["execve"]), "CMD's keys in memory when it is run")


@case("the long-term secret is nowhere in memory at the first connection and at exit", "root", "release")
def _(t):
    found, status, out = scan(t, lambda stop: {"secret": t.user.secret, "half": t.user.secret[3:23]})
    t.equal((found, status), ({"connect": [], "exit": []}, 0), "places found, and exit status")
    t.true(out.startswith("https://"), "a URL")


def everything(t):
    found = {"secret": t.user.secret}
    for i, keys in enumerate(t.realm.issued(facts.FEDERATED) + t.realm.issued(facts.ROLE)):
        found["session-secret-%d" % i] = keys.secret
        found["session-token-%d" % i] = keys.token[40:300]
    for i, token in enumerate(t.realm.tokens):
        found["signin-token-%d" % i] = token[:200]
    return found


@case("session secret, session token and sign-in token are nowhere in memory at exit", "root", "release")
def _(t):
    found, status, _ = scan(t, lambda stop: everything(t))
    t.equal((found["exit"], status), ([], 0), "places found, and exit status")
    t.equal(len(t.realm.tokens), 1, "sign-in tokens issued")


@case("the same holds on the way to a role", "root", "release")
def _(t):
    found, status, _ = scan(t, lambda stop: everything(t), "--role-arn", t.realm.role().arn)
    t.equal((found, status), ({"connect": [], "exit": []}, 0), "places found, and exit status")


@case("the same holds with a profile file, whose text is wiped too", "root", "release")
def _(t):
    path = t.file("credentials", "[prod]\naws_access_key_id = %s\naws_secret_access_key = %s\n" % (t.user.key_id, t.user.secret))
    keys = type("Env", (), {"env": lambda self: {"AWS_SHARED_CREDENTIALS_FILE": path}})()
    found, status, _ = scan(t, lambda stop: everything(t), "--profile", "prod", keys=keys)
    t.equal((found, status), ({"connect": [], "exit": []}, 0), "places found, and exit status")


@case("the same holds with a document of keys, which is wiped too", "root", "release")
def _(t):
    path = t.file("keys.json", json.dumps({"Version": 1, "AccessKeyId": t.user.key_id, "SecretAccessKey": t.user.secret}))
    keys = type("Env", (), {"env": lambda self: {}})()
    for words in ((), ("creds",), ("creds", "--role-arn", t.realm.role().arn)):
        found, status, _ = scan(t, lambda stop: everything(t), "--credentials", path, *words, keys=keys)
        t.equal((found["exit"], status), ([], 0), "places found, and exit status")
        hits = [hit for hit in found["connect"] if hit.startswith("secret ")]
        t.equal(hits, [], "places where the document's secret is left at the first connection")


@case("temporary keys that are handed on or used are gone from memory at exit", "root", "release")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    path = t.file("keys.json", json.dumps({"Credentials": {"AccessKeyId": keys.key_id, "SecretAccessKey": keys.secret,
                                                           "SessionToken": keys.token}}))
    for words in ((), ("creds",)):
        found, status, _ = scan(t, lambda stop: everything(t), "--credentials", path, *words,
                                keys=type("Env", (), {"env": lambda self: {}})())
        t.equal((found["exit"], status), ([], 0), "places found, and exit status")


@case("the same holds when AWS refuses", "root", "release")
def _(t):
    user = t.realm.user(denied={"GetFederationToken"})
    found, status, _ = scan(t, lambda stop: {"secret": user.secret}, keys=user)
    t.equal((found, status), ({"connect": [], "exit": []}, 77), "places found, and exit status")


@case("temporary keys used directly are gone from memory at exit", "root", "release")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    found, status, _ = scan(t, lambda stop: everything(t), keys=keys)
    t.equal((found["exit"], status), ([], 0), "places found, and exit status")


def while_it_waits(t, look, **how):
    """Start a run that STS keeps waiting, look(process) once it has connected, and end it by SIGABRT."""
    t.aws.sts.fault("silent")
    running = t.start("--timeout", "20", **how)
    if not t.aws.sts.wait(lambda e: e.connections):
        running.process.kill()
        running.process.communicate()
        raise Failed("a connection to STS")
    try:
        look(running.process)
    finally:
        running.process.send_signal(signal.SIGABRT)
        running.process.communicate()


@case("a process that is aborted leaves no core file", "release")
def _(t):
    with open("/proc/sys/kernel/core_pattern") as source:
        if source.read(1) in "|/":
            raise Skip("this system's core files do not go to the working directory")
    while_it_waits(t, lambda process: None, launch=["--core"])
    t.equal([name for name in os.listdir(t.dir) if name.startswith("core")], [], "core files")


@case("command line and environment, seen from outside, hold no secret", "release")
def _(t):
    def look(process):
        for name in ("cmdline", "environ"):
            try:
                with open("/proc/%d/%s" % (process.pid, name), "rb") as source:
                    seen = source.read()
            except PermissionError:
                continue            # not dumpable: not ours to read, which is as good
            t.true(t.user.secret.encode() not in seen, "no secret in /proc/PID/" + name)
    while_it_waits(t, look)


def by_stop(t):
    """What must not be found any more at a stop: at the first connection the long-term secret; when the result is written
    session keys too, unless they are the result, and at the end everything."""
    def needles(stop):
        found = everything(t)
        if stop.endswith("connect"):
            return {"secret": found["secret"]}
        if stop.endswith("written"):
            return {label: value for label, value in found.items() if not label.startswith("signin-")}
        return found
    return needles


@case("when the URL is written, neither the keys nor the session that it was made of are left", "root", "release")
def _(t):
    for words in ((), ("--role-arn", t.realm.role().arn), ("--format", "json")):
        found, status, _ = scan(t, by_stop(t), *words, stops=("connect", "written", "exit"))
        t.equal((found, status), ({"connect": [], "written": [], "exit": []}, 0), "places found, and exit status")


@case("when the URL is written, temporary keys that it was made of are not left", "root", "release")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    found, status, _ = scan(t, by_stop(t), keys=keys, stops=("written", "exit"))
    t.equal((found, status), ({"written": [], "exit": []}, 0), "places found, and exit status")


@case("creds and whoami have nothing left of the long-term secret at the first connection, nor of anything at the end",
      "root", "release")
def _(t):
    for words in (("creds",), ("creds", "--format", "env"), ("creds", "--role-arn", t.realm.role().arn), ("whoami",)):
        found, status, _ = scan(t, by_stop(t), *words)
        t.equal((found, status), ({"connect": [], "exit": []}, 0), "places found, and exit status")
    found, status, _ = scan(t, by_stop(t), "whoami", keys=t.realm.session(facts.ROLE, t.user), stops=("written", "exit"))
    t.equal((found, status), ({"written": [], "exit": []}, 0), "places found of temporary keys, and exit status")


@case("exec's worker has no long-term secret at its first connection and nothing at its end, nor has CMD's process the secret",
      "root", "release")
def _(t):
    def needles(stop):
        found = by_stop(t)(stop)
        return {"secret": found["secret"]} if stop == "execve" else found
    stops = ("worker-connect", "worker-exit", "execve")
    for words in ((), ("--role-arn", t.realm.role().arn)):
        found, status, _ = scan(t, needles, "exec", *words, last=("--", "/bin/true"), stops=stops)
        t.equal((found, status), ({stop: [] for stop in stops}, 0), "places found, and exit status")


@case("the process that exec's keys were handed to holds no key when CMD could not be run", "root", "release")
def _(t):
    found, status, _ = scan(t, lambda stop: everything(t), "exec", last=("--", "/none"))
    t.equal((found, status), ({"exit": []}, 127), "places found, and exit status")
    t.true(t.realm.issued(facts.FEDERATED), "keys that were handed over")


def mappings(process):
    """(first address, past the last, rights, flags, kB locked) of each mapping, in order."""
    found = []
    with open("/proc/%d/smaps" % process.pid) as source:
        for line in source:
            place = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line)
            if place:
                found.append([int(place[1], 16), int(place[2], 16), place[3], "", 0])
            elif line.startswith("VmFlags:"):
                found[-1][3] = line.split()[1:]
            elif line.startswith("Locked:"):
                found[-1][4] = int(line.split()[1])
    return found


@case("keys lie in locked pages, 64 KiB of them at most, and both regions are guarded and left out of core files", "release")
def _(t):
    def look(process):
        with open("/proc/%d/status" % process.pid) as source:
            locked = int(re.search(r"(?m)^VmLck:\s+(\d+) kB", source.read())[1])
        most = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0]
        if locked == 0 and os.geteuid() != 0 and 0 <= most < 65536:
            raise Skip("no memory may be locked here")
        t.true(0 < locked <= 64, "VmLck of 64 kB at most, and more than none")
        found = mappings(process)
        regions = [at for at, row in enumerate(found) if "wf" in row[3]]
        t.equal(len(regions), 2, "mappings that no child gets")
        for at in regions:
            before, region, after = found[at - 1:at + 2]
            t.equal((before[1], before[2], after[0], after[2]), (region[0], "---p", region[1], "---p"), "guard pages")
            t.true("dd" in region[3], "a region left out of core files")
        t.equal(sum(found[at][4] > 0 for at in regions), 1, "regions that are locked")
    while_it_waits(t, look)


@case("where no memory may be locked the run goes on and says so with -v", "root", "release")
def _(t):
    t.says(t.run("-v", launch=["--uid", "65534", "--locked", "0"]), "keys could be swapped out")
    t.ok(t.results[-1])


@case("another process of the same user cannot read the memory", "root", "release")
def _(t):
    def look(process):
        t.equal(os.stat("/proc/%d/mem" % process.pid).st_uid, 0, "owner of /proc/PID/mem of a process that is not dumpable")
    while_it_waits(t, look, launch=["--uid", "65534"])


@case("a run ended by a signal prints nothing")
def _(t):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        t.aws.sts.faults.clear()
        t.aws.sts.requests.clear()
        t.aws.sts.fault("hang")
        running = t.start("--timeout", "20")
        t.true(t.aws.sts.wait(lambda e: e.requests), "a request to STS")
        running.process.send_signal(number)
        result = t.finish(running, by_signal=True)
        t.true(result.code != 0 and result.out == "", "a failure without output")
