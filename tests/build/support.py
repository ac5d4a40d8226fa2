# SPDX-License-Identifier: MIT
"""What the tests of the build share: a register of tests, and private places.

A test is a function whose name is a sentence; it raises AssertionError to fail
and Skip to be skipped. Each may ask for a directory of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
import traceback

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TESTS = []


class Skip(Exception):
    """Raised with the reason, in the form "WHAT: WHY"."""


def test(function):
    TESTS.append(function)
    return function


def run(argv, cwd=TOP, env=None, nobody=False, timeout=300, umask=-1):
    """One command without input; the result has returncode, stdout, stderr as text."""
    environ = {k: v for k, v in os.environ.items()
               if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "CC", "CFLAGS", "LDFLAGS",
                            "PREFIX", "DESTDIR", "APT_CONFIG")}
    environ.update(env or {})
    who = {"user": 65534, "group": 65534, "extra_groups": []} if nobody else {}
    return subprocess.run(argv, cwd=cwd, env=environ, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, errors="replace",
                          timeout=timeout, umask=umask, **who)


def one_sentence(result, *words):
    """The command failed with one line on stderr, a sentence that holds the words."""
    lines = result.stderr.splitlines()
    assert result.returncode != 0, "it succeeded: %r" % result.stdout
    assert len(lines) == 1, "not one line on stderr: %r" % result.stderr
    assert lines[0].endswith("."), "not a sentence: %r" % lines[0]
    for word in words:
        assert word in lines[0], "%r is not in %r" % (word, lines[0])


def program(directory, name, text):
    """A small shell program in a directory that will stand in PATH."""
    path = os.path.join(directory, name)
    if os.path.lexists(path):
        os.remove(path)
    with open(path, "w") as file:
        file.write("#!/bin/sh\n" + text)
    os.chmod(path, 0o755)


def path_without(directory, *names):
    """A directory with links to all that PATH holds, but for the names given."""
    os.makedirs(directory)
    for part in os.environ["PATH"].split(":") + ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]:
        if not os.path.isdir(part):
            continue
        for name in os.listdir(part):
            link = os.path.join(directory, name)
            if name not in names and not os.path.lexists(link):
                os.symlink(os.path.join(part, name), link)
    return directory


def main(only):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for function in TESTS:
        name = function.__name__
        if only and name not in only:
            continue
        place = tempfile.mkdtemp(prefix="postern-build-")
        os.chmod(place, 0o755)
        try:
            function(place)
            counts["passed"] += 1
            print("ok      " + name, flush=True)
        except Skip as reason:
            counts["skipped"] += 1
            print("skipped: %s (%s)" % (reason, name), flush=True)
        except (AssertionError, subprocess.SubprocessError, OSError) as error:
            counts["failed"] += 1
            where = traceback.extract_tb(sys.exc_info()[2])[-1]
            print("FAILED  %s: %s (%s:%d)" % (name, error, where.filename, where.lineno), flush=True)
        finally:
            shutil.rmtree(place, ignore_errors=True)
    line = "%(passed)d passed, %(failed)d failed" % counts
    if counts["skipped"]:
        line += ", %(skipped)d skipped" % counts
    print(line)
    return 1 if counts["failed"] or not counts["passed"] else 0
