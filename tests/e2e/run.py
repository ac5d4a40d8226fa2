#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the end-to-end cases: `run.py [BINARY ...] [-k WORD] [--list] [-j N]`, by default on ./postern and build/asan/postern.
Picks the cases, spreads them over threads, runs those that need a network namespace in one, and counts."""
import argparse
import concurrent.futures
import ctypes
import fcntl
import functools
import importlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)

import harness                                    # noqa: E402
from pki import Pki                               # noqa: E402
from standin import NAMES, StandIn, may_listen_on_443  # noqa: E402


def load():
    """The cases of all files in cases/, in the order of the files."""
    for name in sorted(os.listdir(os.path.join(HERE, "cases"))):
        if name.endswith(".py") and not name.startswith("_"):
            importlib.import_module("cases." + name[:-3])
    return harness.CASES


class Report:
    """Prints each outcome as it comes and keeps count."""

    def __init__(self, verbose):
        self.counts = {"ok": 0, "failed": 0, "skipped": 0}
        self.verbose, self.lock = verbose, threading.Lock()

    def add(self, name, binary, outcome, text, wall):
        with self.lock:
            self._add(name, os.path.relpath(binary, TOP), outcome, text, wall)

    def _add(self, name, label, outcome, text, wall):
        self.counts[outcome] += 1
        if outcome == "failed":
            print("FAILED  %s [%s]\n    %s" % (name, label, text.replace("\n", "\n    ")), flush=True)
        elif outcome == "skipped":
            print("skipped %s [%s]: %s" % (name, label, text), flush=True)
        elif self.verbose:
            print("ok      %s [%s] %.2f s" % (name, label, wall), flush=True)

    def end(self):
        skipped = ", %d skipped" % self.counts["skipped"] if self.counts["skipped"] else ""
        print("%d passed, %d failed%s" % (self.counts["ok"], self.counts["failed"], skipped))
        return 1 if self.counts["failed"] else 0


def timed(one, binary, make_standin, on_443, prepare=None):
    started = time.monotonic()
    try:
        outcome, text = harness.perform(one, binary, make_standin, on_443, prepare)
    except Exception:  # pylint: disable=broad-except
        outcome, text = "failed", "the bench itself broke:\n" + traceback.format_exc()
    return one.name, binary, outcome, text, time.monotonic() - started


# --- cases that need names and port 53: a network and mount namespace of their own ----------------------------------

def namespace_command():
    """A command that runs its arguments in fresh network and mount namespaces, or None where that is not permitted."""
    if not shutil.which("unshare"):
        return None
    for command in (["unshare", "-n", "-m"], ["unshare", "-r", "-n", "-m"]):
        if subprocess.run(command + ["true"], capture_output=True).returncode == 0:
            return command
    return None


def outside(cases, binaries, report):
    """Run these cases by a copy of this program inside a namespace, and report what it says."""
    command = namespace_command()
    if command:
        by_a_copy(command, "--inside", cases, binaries, report)
        return
    for one in cases:
        for binary in binaries:
            report.add(one.name, binary, "skipped", "network namespaces are not permitted here", 0)


def by_a_copy(command, option, cases, binaries, report):
    """Have a copy of this program run these cases, and report each outcome as it comes."""
    job = {"binaries": binaries, "names": [one.name for one in cases]}
    missing = {(one.name, binary) for one in cases for binary in binaries}
    with subprocess.Popen([*command, sys.executable, os.path.abspath(__file__), option], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as child:
        child.stdin.write(json.dumps(job))
        child.stdin.close()
        for line in child.stdout:
            outcome = json.loads(line)
            missing.discard(tuple(outcome[:2]))
            report.add(*outcome)
    for name, binary in sorted(missing):
        report.add(name, binary, "failed", "the copy of run.py that had this case ended before it", 0)


def chosen(job):
    """The cases of a job, each with each binary."""
    names = set(job["names"])
    return [(one, binary) for one in load() if one.name in names for binary in job["binaries"]]


def share():
    """A share of the cases that wait, many at once. In one process with all others they would all be served late."""
    job = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(20) as pool:
        on_443 = may_listen_on_443()
        make = functools.partial(StandIn, certificates(folder), 443 if on_443 else 0)
        jobs = [pool.submit(timed, one, binary, make, on_443) for one, binary in chosen(job)]
        for done in concurrent.futures.as_completed(jobs):
            print(json.dumps(done.result()), flush=True)


def certificates(folder):
    os.chmod(folder, 0o755)                        # some runs are those of another user
    pki = Pki(folder, NAMES)
    for name in NAMES:
        pki.leaf(name, "good")                     # now, and not while a run waits for it
    return pki


def inside():
    """In the namespace: loopback up, our own resolv.conf and hosts file, then the cases one after the other."""
    job = json.load(sys.stdin)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, 0x8914, struct.pack("16sh", b"lo", 1))           # SIOCSIFFLAGS, IFF_UP
    libc = ctypes.CDLL(None, use_errno=True)
    with tempfile.TemporaryDirectory() as folder:
        libc.mount(b"none", b"/", None, 0x44000, None)                     # MS_REC | MS_PRIVATE
        files = {}
        for path in ("/etc/resolv.conf", "/etc/hosts"):
            files[path] = os.path.join(folder, os.path.basename(path))
            with open(files[path], "w"):
                pass
            if libc.mount(files[path].encode(), os.path.realpath(path).encode(), None, 4096, None):   # MS_BIND
                raise OSError(ctypes.get_errno(), "bind mount on " + path)

        def prepare(t):
            t.etc = files
        pki = Pki(os.path.join(folder, "pki"), NAMES)
        for one, binary in chosen(job):
            make = functools.partial(StandIn, pki, 443)
            print(json.dumps(timed(one, binary, make, True, prepare)), flush=True)


# --- the command ----------------------------------------------------------------------------------------------------

def main():
    words = argparse.ArgumentParser(description="End-to-end tests of postern against a stand-in AWS on loopback.")
    words.add_argument("binary", nargs="*", help="default: ./postern and build/asan/postern, those that exist")
    words.add_argument("-k", metavar="WORD", action="append", default=[], help="only cases whose name has WORD")
    words.add_argument("-x", metavar="WORD", action="append", default=[], help="but not those whose name has WORD")
    words.add_argument("-j", metavar="N", type=int, default=2 * (os.cpu_count() or 1), help="cases at once")
    words.add_argument("-v", action="store_true", help="name the cases that pass, too")
    words.add_argument("--list", action="store_true", help="name the cases and stop")
    words.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    words.add_argument("--share", action="store_true", help=argparse.SUPPRESS)
    given = words.parse_args()
    # A shell's background job has Ctrl-C set aside, and all that it starts as well: cases type it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if given.inside or given.share:
        return inside() if given.inside else share()
    cases = [one for one in load() if all(word in one.name for word in given.k) and
             not any(word in one.name for word in given.x)]
    if given.list:
        print("\n".join(one.name for one in cases))
        return 0
    usual = [os.path.join(TOP, "postern"), os.path.join(TOP, "build", "asan", "postern")]
    binaries = [os.path.abspath(b) for b in given.binary] or [b for b in usual if os.path.exists(b)]
    missing = [b for b in binaries if not os.access(b, os.X_OK)]
    if not binaries or missing:
        sys.exit("run.py: no binary to test: %s" % (", ".join(missing) or "build one first (make)"))
    report = Report(given.v)
    on_443 = may_listen_on_443()
    separate = [one for one in cases if "netns" in one.needs or ("443" in one.needs and not on_443)]
    waiting = [one for one in cases if "waits" in one.needs and one not in separate]
    together = [one for one in cases if one not in separate and "waits" not in one.needs]
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(max(given.j, 2)) as pool:
        make = functools.partial(StandIn, certificates(folder), 443 if on_443 else 0)
        namespace = pool.submit(outside, separate, binaries, report) if separate else None
        jobs = [pool.submit(timed, one, binary, make, on_443) for one in together for binary in binaries]
        for job in concurrent.futures.as_completed(jobs):
            report.add(*job.result())
        if namespace:
            namespace.result()
        copies = os.cpu_count() or 1
        jobs = [pool.submit(by_a_copy, [], "--share", part, binaries, report)
                for part in (waiting[at::copies] for at in range(copies)) if part]
        for job in jobs:
            job.result()
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
