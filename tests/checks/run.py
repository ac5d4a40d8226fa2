# SPDX-License-Identifier: MIT
"""Runs the check drivers over the cases of tests/checks/cases.

    python3 tests/checks/run.py [DRIVER | "DRIVER: NAME"]...

cases/DRIVER.json (and DRIVER.MORE.json) is a list of cases. Input: "input" (text, sent as UTF-8), "bytes" (each
character one byte) or "case" (sent as JSON); a text may be a list of parts, where
[TEXT, N] stands for TEXT repeated N times. "argument" is the driver's argument. Expected:
"exit", then "stdout" (text or parts), "answer" (JSON, compared as values) and "stderr"
(words that its one line holds). A case with "goal" is what Postern should do one day: while
it does not, the case is skipped, not failed."""

import concurrent.futures
import glob
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
DRIVERS = os.path.join(os.path.dirname(os.path.dirname(HERE)), "build", "checks")


def whole(text):
    if isinstance(text, str):
        return text
    return "".join(part if isinstance(part, str) else part[0] * part[1] for part in text)


def given(case):
    if "case" in case:
        return json.dumps(case["case"]).encode()
    if "bytes" in case:
        return whole(case["bytes"]).encode("latin-1")
    return whole(case["input"]).encode()


def short(data):
    return repr(data if len(data) < 600 else data[:600] + b"...")


def faults(case, result):
    """What is not as the case has it, a line each."""
    lines = result.stderr.decode(errors="replace").splitlines()
    if result.returncode != case["exit"]:
        yield "exit %d, wanted %d: %s" % (result.returncode, case["exit"], " / ".join(lines[:12]))
        return
    if case["exit"] and (len(lines) != 1 or result.stdout):
        yield "not one line on stderr and nothing on stdout: %r %s" % (lines[:4], short(result.stdout))
    if not case["exit"] and lines:
        yield "it says %r" % lines[:4]
    if "stdout" in case and result.stdout != whole(case["stdout"]).encode("latin-1" if "bytes" in case else "utf-8"):
        yield "answer %s, wanted %s" % (short(result.stdout), short(whole(case["stdout"]).encode()))
    if "answer" in case and json.loads(result.stdout) != case["answer"]:
        yield "answer %s, wanted %s" % (short(result.stdout), short(json.dumps(case["answer"]).encode()))
    if case.get("stderr", "") not in " ".join(lines):
        yield "it says %r, wanted %r" % (lines, case["stderr"])


def run(item):
    driver, case = item
    command = [os.path.join(DRIVERS, driver)] + ([case["argument"]] if "argument" in case else [])
    try:
        result = subprocess.run(command, input=given(case), capture_output=True, timeout=60)
        return list(faults(case, result))
    except (OSError, ValueError, subprocess.SubprocessError) as reason:
        return [str(reason)]


def main():
    items = []
    for path in sorted(glob.glob(os.path.join(HERE, "cases", "*.json"))):
        driver = os.path.basename(path).split(".")[0]
        with open(path, encoding="utf-8") as file:
            items += [(driver, case) for case in json.load(file)]
    wanted = sys.argv[1:]
    items = [i for i in items if not wanted or i[0] in wanted or "%s: %s" % (i[0], i[1]["name"]) in wanted]
    passed = failed = skipped = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (driver, case), found in zip(items, pool.map(run, items)):
            if found and case.get("goal"):
                skipped += 1
                print("skipped: %s: %s: not yet: %s" % (driver, case["name"], found[0]))
                continue
            passed += not found
            failed += bool(found)
            for fault in found:
                print("FAILED %s: %s: %s" % (driver, case["name"], fault))
    print("%d passed, %d failed%s" % (passed, failed, ", %d skipped" % skipped if skipped else ""))
    return 1 if failed or not items else 0


sys.exit(main())
