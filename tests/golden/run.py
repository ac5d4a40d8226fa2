# SPDX-License-Identifier: MIT
"""Feeds each golden case to its check driver and says which stage differs.

    python3 tests/golden/run.py [CASE...]

The drivers are those of build/checks (make checks, or SAN=1 make checks)."""

import glob
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
DRIVERS = os.path.join(os.path.dirname(os.path.dirname(HERE)), "build", "checks")

# The stages of a signature in the order in which they build on each other: the
# file of the case, and the member of the driver's answer.
STAGES = [("canonical", "canonical_request"), ("to_sign", "string_to_sign"), ("key", "signing_key"),
          ("signature", "signature"), ("sent", None)]


class Different(Exception):
    pass


def read(where, name):
    with open(os.path.join(where, name), encoding="utf-8", newline="") as file:
        return file.read()


def ask(driver, text):
    result = subprocess.run([os.path.join(DRIVERS, driver)], input=text.encode(), capture_output=True, timeout=60)
    if result.returncode:
        raise Different("%s ended with %d: %s" % (driver, result.returncode, result.stderr.decode(errors="replace").strip()))
    return result.stdout.decode()


def compare(what, wanted, got):
    if wanted != got:
        raise Different("%s is wrong\n--- wanted\n%s\n--- got\n%s" % (what, wanted, got))


def sigv4(where):
    """All four stages are compared; the first that is wrong is named, and those that are right."""
    answer = json.loads(ask("sigv4", read(where, "request")))
    right = []
    for stage, member in STAGES:
        got = answer[member] if member else answer.get("authorization", answer.get("url"))
        try:
            compare("stage %s" % stage, read(where, stage), got)
        except Different as reason:
            raise Different("%s\n(right: %s)" % (reason, ", ".join(right) or "none before it"))
        right.append(stage)


def text(driver):
    def run(where):
        compare(driver, read(where, "answer"), ask(driver, read(where, "request")))
    return run


ROOMS = {"sigv4": sigv4, "login": text("login"), "signin": text("signin")}


def main():
    passed = failed = 0
    for room, run in ROOMS.items():
        for where in sorted(glob.glob(os.path.join(HERE, room, "*", ""))):
            name = "%s/%s" % (room, os.path.basename(os.path.dirname(where)))
            if sys.argv[1:] and name not in sys.argv[1:]:
                continue
            try:
                run(where)
                passed += 1
            except (Different, OSError, KeyError, ValueError, subprocess.SubprocessError) as reason:
                failed += 1
                print("FAILED %s: %s" % (name, reason))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


sys.exit(main())
