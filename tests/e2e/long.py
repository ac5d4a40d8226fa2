#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The whole matrix of cut answers, for make check-long: each endpoint's good answer is ended politely after every single
byte, and after every fifth without close_notify and by reset. No run may print a URL, hang, or end in any way but an exit code."""
import concurrent.futures
import os
import sys
import tempfile

from harness import Bench, Failed
from pki import Pki
from standin import NAMES, StandIn

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WAYS = (("cut politely", "cut", {"polite": True}, 1), ("cut without close_notify", "cut", {"polite": False}, 5),
        ("reset", "cut_reset", {}, 5))
EXITS = {69, 76}


def length_of_answer(t, endpoint):
    """The bytes of a whole good answer, found by cutting ever later until the run works."""
    low, high = 0, 65536
    while low < high:
        middle = (low + high) // 2
        endpoint.faults.clear()
        endpoint.fault("cut", keep=middle, polite=False)
        if t.run().code == 0:
            high = middle
        else:
            low = middle + 1
    endpoint.faults.clear()
    return low


def row(pki, binary, folder, place, way):
    """All cuts of one endpoint's answer in one way: (passed, failures)."""
    title, fault, params, stride = way
    aws = StandIn(pki)
    passed, failures = 0, []
    try:
        t = Bench(binary, aws, folder, False)
        endpoint = getattr(aws, place)
        for keep in range(0, length_of_answer(t, endpoint), stride):
            endpoint.faults.clear()
            endpoint.fault(fault, keep=keep, **params)
            try:
                result = t.run()
                if result.code not in EXITS or result.out or not result.err.startswith("postern: "):
                    raise Failed("exit %s and a sentence, not %s: %r" % (sorted(EXITS), result.code, result.err))
                passed += 1
            except Failed as why:
                failures.append("%s %s after %d bytes: expected %s" % (place, title, keep, why))
    finally:
        aws.stop()
    return passed, failures


def main(binary):
    passed, failures = 0, []
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        pki = Pki(folder, NAMES)
        jobs = [pool.submit(row, pki, binary, folder, place, way) for place in ("sts", "signin") for way in WAYS]
        for job in concurrent.futures.as_completed(jobs):
            good, bad = job.result()
            passed += good
            failures += bad
    for line in failures[:40]:
        print("FAILED  " + line)
    print("%d passed, %d failed" % (passed, len(failures)))
    return 1 if failures or not passed else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(TOP, "postern")))
