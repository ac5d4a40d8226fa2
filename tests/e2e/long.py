#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The fault matrices that `make check-long` has time for: `long.py [BINARY] [-k WORD] [--list]`. Each endpoint's good exchange
is reset after every byte on the wire and its answer ended after every byte, once: the run has to see it and to try again. And
the limits of single steps, which take their ten seconds."""
import argparse
import concurrent.futures
import functools
import os
import sys
import tempfile

import faultcases
import tap
from cases import faults
from faultcases import CUT, LOST, Row
from harness import Bench, Case
from pki import Pki
from run import TOP, Report, timed
from standin import NAMES, StandIn

SLACK = 4            # signatures of ECDSA vary in length


def sizes(pki, binary, folder):
    """For each link: bytes on the wire of a good exchange, and bytes of its answer."""
    aws = StandIn(pki)
    t = Bench(binary, aws, folder, False)
    found = {}
    for link in ("sts", "signin"):
        total = faults.exchange_length(t, getattr(aws, link))
        found[link] = total - SLACK, total - before_answer(t, getattr(aws, link)) - 29 - SLACK   # head, nonce and tag of a record
    aws.stop()
    return found


def before_answer(t, endpoint):
    seen = []
    endpoint.fault("watch", times=1, seen=seen)
    t.ok(t.run())
    return sum(size for label, size in seen if label not in ("alert", "data"))


def rows(found):
    """(link, row) of all of it."""
    for link, (total, answer) in found.items():
        for at in range(total):
            yield link, Row("wire: reset after byte %d" % at, "at_byte", LOST, at=at, act=tap.reset)
        for at in range(0, total, 3):
            yield link, Row("wire: closed after byte %d" % at, "at_byte", LOST, at=at, act=tap.close)
        for keep in range(answer):
            yield link, Row("answer: ended politely after byte %d" % keep, "cut", CUT, keep=keep)
        for keep in range(0, answer, 5):
            yield link, Row("answer: ended without close_notify after byte %d" % keep, "cut", CUT, keep=keep, polite=False)
            yield link, Row("answer: reset after byte %d" % keep, "cut_reset", CUT, keep=keep)


def cases(found):
    for row in faultcases.patience():
        for link in ("sts", "signin"):
            yield Case("fault %s %s" % (link, row.name), (), faults.always(row, link))
    for link, row in rows(found):
        yield Case("fault %s %s" % (link, row.name), (), faults.once(row, link))


def main():
    words = argparse.ArgumentParser(description="The long fault matrices.")
    words.add_argument("binary", nargs="?", default=os.path.join(TOP, "postern"))
    words.add_argument("-k", metavar="WORD", action="append", default=[], help="only cases whose name has WORD")
    words.add_argument("--list", action="store_true", help="name the cases and stop")
    given = words.parse_args()
    report = Report(False)
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(8 * (os.cpu_count() or 1)) as pool:
        pki = Pki(folder, NAMES)
        binary = os.path.abspath(given.binary)
        chosen = [one for one in cases(sizes(pki, binary, folder)) if all(word in one.name for word in given.k)]
        if given.list:
            print("\n".join(one.name for one in chosen))
            return 0
        make = functools.partial(StandIn, pki)
        jobs = [pool.submit(timed, one, binary, make, False) for one in chosen]
        for job in concurrent.futures.as_completed(jobs):
            report.add(*job.result())
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
