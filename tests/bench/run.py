#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a login URL costs, in one run on one machine: postern, curl with jq, and the AWS CLI against the stand-in of
tests/e2e. It prints medians and ratios, names what it could not measure, and judges nothing."""
import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from delay import Delay

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
FAR_MS = 200


class Unusable(Exception):
    """This cannot be measured here; the text says why."""


# --- what there is to compare ----------------------------------------------------------------------------------------

def program(name):
    """The file that a name stands for, behind a version manager's shim if need be; None when there is none."""
    path = shutil.which(name)
    if path and "shims" in path.split(os.sep):
        found = subprocess.run(["pyenv", "which", name], capture_output=True, text=True)
        path = found.stdout.strip() if found.returncode == 0 else None
    return path and os.path.realpath(path)


def size_with_libraries(*paths):
    """The bytes of these programs and of the libraries that they load, each once."""
    files = {os.path.realpath(p) for p in paths}
    for path in paths:
        listed = subprocess.run(["ldd", path], capture_output=True, text=True).stdout
        files.update(os.path.realpath(p) for p in re.findall(r"(/\S+) \(0x", listed))
    return sum(os.path.getsize(f) for f in files)


def size_of_tree(folder):
    return sum(os.lstat(os.path.join(at, name)).st_size for at, _, names in os.walk(folder) for name in names)


def size_of_aws(path):
    """The AWS CLI's own folder (version 2), or its Python packages, without Python."""
    with open(path, "rb") as source:
        head = source.readline(200)
    if not head.startswith(b"#!"):
        return size_of_tree(os.path.dirname(path))
    ask = "import os, awscli, botocore; print(*(os.path.dirname(m.__file__) for m in (awscli, botocore)), sep='\\n')"
    listed = subprocess.run([*head[2:].decode().split(), "-c", ask], capture_output=True, text=True).stdout
    return sum(map(size_of_tree, listed.splitlines()))


def peers(binary):
    """(name, command, bytes on disk) of those that are here, and a line for each that is not."""
    found, missing = [("postern", [binary], os.path.getsize(binary))], []
    for name, script, tools in (("curl + jq", "peer-curl.sh", ("bash", "curl", "jq")),
                                ("AWS CLI + curl", "peer-aws.sh", ("bash", "curl", "jq", "aws"))):
        bash, curl, jq, *aws = paths = [program(tool) for tool in tools]
        if all(paths):
            size = size_with_libraries(curl, jq) + sum(map(size_of_aws, aws))
            found.append((name, [bash, os.path.join(HERE, script)], size))
        else:
            lacking = [tool for tool, path in zip(tools, paths) if not path]
            missing.append("skipped: %s: there is no %s" % (name, " and no ".join(lacking)))
    return found, missing


# --- measuring -------------------------------------------------------------------------------------------------------

class Bench:
    """The stand-in with a relay before each endpoint, and the small program that runs and measures commands."""

    def __init__(self, folder, given):
        self.folder, self.output, self.ends = folder, os.path.join(folder, "output"), time.monotonic() + given.seconds
        self.measure = self._compile(os.path.join(folder, "measure"))
        self.process = subprocess.Popen([sys.executable, os.path.join(TOP, "tests", "e2e", "standin.py"), folder],
                                        stdout=subprocess.PIPE, text=True)
        facts = json.loads(self.process.stdout.readline())
        self.near = [(facts["address"], facts["sts_port"]), (facts["address"], facts["signin_port"])]
        self.relays = [Delay(*where) for where in self.near]
        self.names = [facts[which].split("/")[2].split(":")[0] for which in ("sts_url", "signin_url")]
        self.env = dict(facts["env"], PATH=os.environ.get("PATH", ""), HOME=folder, AWS_EC2_METADATA_DISABLED="true",
                        AWS_REGION="us-east-1", BENCH_CA=facts["ca_file"], BENCH_POLICY=POLICY,
                        BENCH_AWS=program("aws") or "", LC_ALL="C")

    @staticmethod
    def _compile(target):
        source = os.path.join(HERE, "measure.c")
        for compiler in ("musl-gcc", os.environ.get("CC", "cc"), "gcc"):
            if shutil.which(compiler.split()[0]) and subprocess.run(
                    [*compiler.split(), "-Os", "-static", "-o", target, source], capture_output=True).returncode == 0:
                return target
        sys.exit("bench: no compiler for tests/bench/measure.c: nothing was measured.")

    def command(self, name, command, ports):
        """The whole command line and its environment, towards these two ports."""
        sts, signin = ("%s:%d" % pair for pair in zip(self.names, ports))
        if name == "postern":
            command = command + [
                "--name", "bench", "--ca-bundle", self.env["BENCH_CA"], "--endpoint-url", "https://" + sts,
                "--signin-endpoint-url", "https://" + signin, "--resolve", sts + ":127.0.0.1",
                "--resolve", signin + ":127.0.0.1"]
        return command, dict(self.env, BENCH_STS=sts, BENCH_SIGNIN=signin)

    def once(self, command, env, *options):
        """(wall ms, CPU ms, peak KiB, KiB at exit, what it printed) of one run that must succeed."""
        said = subprocess.run([self.measure, *options, self.output, *command], env=env, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=120).stdout.split()
        with open(self.output, encoding="utf-8", errors="replace") as source:
            text = source.read()
        if len(said) != 5 or said[4] != "0":
            raise Unusable("it ends with exit %s: %s" % (said[4:] or "?", text.strip().replace("\n", " ")[:300]))
        return int(said[0]) / 1000, int(said[1]) / 1000, int(said[2]), int(said[3]), text

    def login(self, name, command, ports, *options):
        figures = self.once(*self.command(name, command, ports), *options)
        if not re.search(r"^https://\S+SigninToken=\S{100}", figures[4], re.MULTILINE):
            raise Unusable("it printed no login URL")
        return figures

    def in_turn(self, runs, jobs, share):
        """Each job once per round, so that a noisy minute is everyone's; stops early when its share of time is spent."""
        until, results = time.monotonic() + share, {name: [] for name, _ in jobs}
        for at in range(runs):
            if at and time.monotonic() > min(until, self.ends):
                break
            for name, job in jobs:
                results[name].append(job())
        return results


def middle(rows, column):
    return statistics.median(row[column] for row in rows)


def compare(bench, found, given):
    direct = [where[1] for where in bench.near]
    relayed = [relay.port for relay in bench.relays]

    def far(name, command, rtt_ms):
        for relay in bench.relays:
            relay.rtt_s = rtt_ms / 1000
        return bench.login(name, command, relayed)

    usable = []
    for name, command, size in found:
        try:
            bench.login(name, command, direct)               # warms the caches
            usable.append((name, command, size))
        except (Unusable, subprocess.TimeoutExpired) as why:
            print("skipped: %s: %s" % (name, why))
    near = bench.in_turn(given.runs, [(n, lambda n=n, c=c: bench.login(n, c, direct)) for n, c, _ in usable], given.seconds / 2)
    slow = bench.in_turn(max(3, given.runs // 3), [((n, ms), lambda n=n, c=c, ms=ms: far(n, c, ms))
                                                   for n, c, _ in usable for ms in (0, FAR_MS)], given.seconds / 4)
    print((" " * 16 + " %9s %9s %9s %9s %6s %12s   %s")
          % ("wall ms", "CPU ms", "peak KiB", "disk KiB", "runs", "round trips", "wall at %d ms" % FAR_MS))
    lines = []
    for name, _, size in usable:
        rows = near[name]
        # What adds to time is noise: the quickest runs tell the distance best.
        here, there = (min(row[0] for row in slow[name, ms]) for ms in (0, FAR_MS))
        lines.append((name, middle(rows, 0), middle(rows, 1), middle(rows, 2), size / 1024, len(rows),
                      (there - here) / FAR_MS, middle(slow[name, FAR_MS], 0)))
        print("%-16s %9.1f %9.1f %9d %9d %6d %12.1f   %.0f" % lines[-1])
    if usable and usable[0][0] == "postern":
        print("\n%-16s %9s %9s %9s %9s %6s %12s" % ("times postern", "wall", "CPU", "peak", "disk", "", "round trips"))
        for name, *figures in lines[1:]:
            ratios = [a / b if b else float("nan") for a, b in zip(figures, lines[0][1:])]
            print("%-16s %9.1f %9.1f %9.1f %9.1f %6s %12.1f" % (name, *ratios[:4], "", ratios[5]))
    print("\nMedians, servers on this machine. Peak: as the kernel counts, off by up to 256 KiB. Disk: postern's file; curl and\n"
          "jq with their libraries; the AWS CLI's packages without Python. Round trips: the slope of the quickest runs' time\n"
          "over a simulated distance of 0 to %d ms." % FAR_MS)


def alone(bench, binary):
    command, env = bench.command("postern", [binary], [where[1] for where in bench.near])

    def calls():
        table = os.path.join(bench.folder, "calls")
        bench.once([tool("strace"), "-f", "-c", "-o", table, *command], env)
        with open(table) as source:
            total = [line.split() for line in source if line.rstrip().endswith(" total")]
        return "%s" % total[0][3]

    def resident():
        kib = bench.once(command, env, "-r")[3]
        if kib < 0:
            raise Unusable("smaps_rollup of a process that hides its memory is for root only")
        return "%d KiB" % kib

    def spawn():
        rows = bench.in_turn(200, [("version", lambda: bench.once([binary, "version"], env))], 5)["version"]
        return "%.0f us, median of %d" % (middle(rows, 0) * 1000, len(rows))

    def instructions(*words):
        text = bench.once([tool("valgrind"), "--tool=callgrind", "--callgrind-out-file=/dev/null", *words], env)[4]
        return "%.1f million" % (int(re.search(r"Collected : (\d+)", text).group(1)) / 1e6)

    def tool(name):
        path = program(name)
        if not path:
            raise Unusable("there is no " + name)
        return path

    print("\npostern alone")
    for title, figure in (("system calls", calls), ("resident at exit", resident), ("exec to exit, version", spawn),
                          ("instructions, URL", lambda: instructions(*command)),
                          ("instructions, version", lambda: instructions(binary, "version"))):
        try:
            if time.monotonic() > bench.ends:
                raise Unusable("the time for this run is over")
            print("%-24s %s" % (title, figure()))
        except (Unusable, subprocess.TimeoutExpired, AttributeError, IndexError) as why:
            print("skipped: %s: %s" % (title, why))


def main():
    words = argparse.ArgumentParser(description="What a login URL costs: postern beside curl and the AWS CLI.")
    words.add_argument("binary", nargs="?", default=os.path.join(TOP, "postern"))
    words.add_argument("--runs", type=int, default=15, help="of each, at most (15)")
    words.add_argument("--seconds", type=float, default=60, help="about how long all may take (60)")
    given = words.parse_args()
    binary = os.path.abspath(given.binary)
    found, missing = peers(binary)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder, given)
        try:
            compare(bench, found, given)
            alone(bench, binary)
        finally:
            bench.process.terminate()
            bench.process.wait(10)
    print("\n".join(missing + ["measured; nothing was judged."]))


if __name__ == "__main__":
    main()
