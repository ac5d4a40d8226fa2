#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a login URL costs, in one run on one machine: round trips per route, postern beside curl and the AWS CLI, and
where postern's own instructions go. It prints tables, names what it could not measure, and judges nothing."""
import argparse
import os
import platform
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import phases
from peers import Row, needed, peers, program, version
from place import HERE, Loopback, Unusable, Wan, compiled, loopback_up, namespace_command, settled

TOP = os.path.dirname(os.path.dirname(HERE))
PARTS = os.path.join(TOP, "build", "release", "parts")
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
RTTS_MS = (0, 20, 50, 100, 200)
TRAFFIC_RTT_MS = 20


def table(head, rows):
    """An aligned Markdown table; numbers to the right."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    right = [all(re.fullmatch(r"[\d.]+( \([\d.]+x\))?|–", row[i]) for row in rows) for i in range(len(head))]
    rule = ["-" * (width - r) + ":" * r for width, r in zip(widths, right)]
    for row in (head, rule, *rows):
        print("| " + " | ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right)) + " |")
    print()


# --- measuring -------------------------------------------------------------------------------------------------------

class Bench:
    """A place with servers, and the small program that runs and measures commands."""

    def __init__(self, place, folder, given):
        self.place, self.folder, self.output = place, folder, os.path.join(folder, "output")
        self.seconds, self.ends = given.seconds, time.monotonic() + given.seconds
        self.measure = compiled("measure.c", os.path.join(folder, "measure"), "musl-gcc -Os -static", "cc -Os -static",
                                "gcc -Os -static", "clang -Os -static")
        self.options = ["--ca-bundle", place.facts["ca_file"], *place.words]
        curl = os.path.join(folder, "curlrc")
        with open(curl, "w") as out:
            out.write('silent\nshow-error\nfail\nmax-time = 60\ncacert = "%s"\n' % place.facts["ca_file"])
            out.write("".join('resolve = "%s"\n' % pair for pair in place.resolve))
        self.env = dict(PATH=os.environ.get("PATH", ""), HOME=folder, LC_ALL="C", AWS_EC2_METADATA_DISABLED="true",
                        AWS_REGION="us-east-1", BENCH_AWS=program("aws") or "", BENCH_CURL=curl, BENCH_POLICY=POLICY,
                        BENCH_CA=place.facts["ca_file"], BENCH_AWS_URL=place.aws_url, BENCH_STS=place.url("sts"),
                        BENCH_SIGNIN=place.url("signin"))

    def once(self, command, env, *options):
        """(wall ms, CPU ms, peak KiB, KiB at exit, what it printed) of one run that must succeed."""
        running = subprocess.Popen([self.measure, *options, self.output, *command], env=env, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True)
        try:
            said = running.communicate(timeout=120)[0].split()
        except BaseException:
            os.killpg(running.pid, signal.SIGKILL)               # what it has started, too
            running.wait()
            raise
        with open(self.output, encoding="utf-8", errors="replace") as source:
            text = source.read()
        if len(said) != 5 or said[4] != "0":
            raise Unusable("exit %s: %s" % (" ".join(said[4:]) or "?", text.strip().replace("\n", " ")[:300]))
        return int(said[0]) / 1000, int(said[1]) / 1000, int(said[2]), int(said[3]), text

    def login(self, row, rtt_ms=0, *options):
        self.place.set_rtt(rtt_ms)
        tunnels = self.place.tunnels() if "--proxy" in row.command else None
        if not row.hosts_file:
            self.place.names_from("/etc/resolv.conf")
        try:
            figures = self.once(row.command, dict(self.env, **self.place.facts[row.keys]), *options)
        finally:
            if not row.hosts_file:
                self.place.names_from("/etc/hosts")
        if tunnels is not None and self.place.tunnels() == tunnels:
            raise Unusable("the proxy was not used")
        if not re.search(r"^https://\S+SigninToken=\S{100}", figures[4], re.MULTILINE):
            raise Unusable("it printed no login URL")
        return figures

    def traffic(self, row):
        """Median bytes (sent, received) of three runs, counted once the last packet has come."""
        seen = []
        for _ in range(3):
            before = settled(self.place, 0.1)
            self.login(row, TRAFFIC_RTT_MS)
            seen.append([b - a for a, b in zip(before, settled(self.place, 0.2))])
        return tuple(statistics.median(column) for column in zip(*seen))

    def in_turn(self, runs, jobs, share):
        """({name: results}, {name: why it failed}): each job once per round, so that a noisy minute is everyone's, and none
        any more when the next round would not end within this share of time."""
        until, results, failed = min(time.monotonic() + share, self.ends), {name: [] for name, _ in jobs}, {}
        for at in range(runs):
            began = time.monotonic()
            for name, job in jobs:
                try:
                    if name not in failed:
                        results[name].append(job())
                except (Unusable, subprocess.TimeoutExpired) as why:
                    failed[name] = str(why)
            if at + 1 < runs and 2 * time.monotonic() - began > until:      # as long as this one
                print("(%d rounds of %d: the time for this part is over)\n" % (at + 1, runs))
                break
        return results, failed


def attempt(*steps):
    """Each (title, function), by name when it cannot be done."""
    for title, step in steps:
        try:
            step()
        except (Unusable, subprocess.TimeoutExpired, AttributeError, IndexError, OSError) as why:
            print("skipped: %s: %s\n" % (title, why))


def middle(rows, column):
    return statistics.median(row[column] for row in rows)


def beside(text, figure, first):
    """A figure, and in brackets how many times postern's it is."""
    return text % figure if first == figure or not first else (text + " (%.1fx)") % (figure, figure / first)


# --- the tables ------------------------------------------------------------------------------------------------------

def side_by_side(bench, rows, runs):
    jobs = [(row.name, lambda row=row: bench.login(row)) for row in rows]
    results, failed = bench.in_turn(runs, jobs, bench.seconds / 6)
    lines = []
    for row in rows:
        figures = results[row.name]
        if row.name in failed:
            print("skipped: %s: %s\n" % (row.name, failed[row.name]))
            continue
        try:
            sent = bench.traffic(row)
        except Unusable:
            sent = (0, 0)
        lines.append((row.name, middle(figures, 0), middle(figures, 1), middle(figures, 2), *sent, row.size / 1024))
    print("Side by side, servers 0 ms away; medians of %d runs, in brackets times postern's\n"
          % len(results[rows[0].name]))
    formats = ("%.1f", "%.1f", "%d", "%d", "%d", "%d")
    table(("", "wall ms", "CPU ms", "peak KiB", "bytes sent", "received", "disk KiB"),
          [[name, *(beside(*cell) if cell[1] else "–" for cell in zip(formats, figures, lines[0][1:]))]
           for name, *figures in lines])
    print("Peak: of the largest process, as the kernel counts, off by up to 256 KiB. Bytes: IP packets on the link, not\n"
          "counted on loopback. Disk: postern's file; curl and jq with their libraries; the AWS CLI's packages without\n"
          "Python.\n")


def slope(points):
    """The least squares' slope of y over x."""
    x, y = (statistics.mean(column) for column in zip(*points))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, b in points)


def routes(bench, usual, help_text):
    """[(route, False Start, proxy, Row or why there is none)]: each route, with and without either; usual is postern as
    it comes."""
    listed, known = [], "--no-false-start" in help_text
    for route, words, keys in (("long-term keys, GetFederationToken", [], "long_term"),
                               ("long-term keys, AssumeRole", ["--role-arn", bench.place.facts["role_arn"]], "long_term"),
                               ("temporary keys, no STS call", [], "temporary")):
        for proxy in ("no", "yes"):
            for false_start in ("yes", "no"):
                more = [*words, *(["--no-false-start"] if known and false_start == "no" else []),
                        *(["--proxy", bench.place.proxy] if proxy == "yes" else [])]
                row = Row(" ".join((route, false_start, proxy)), usual.command + more, keys)
                if (not known and false_start == "yes") or (proxy == "yes" and "--proxy" not in help_text):
                    row = "not in this version"
                elif (more, keys) == ([], usual.keys):
                    row = usual
                listed.append((route, false_start, proxy, row))
    asked = Row("names asked", usual.command, hosts_file=False)
    try:
        bench.place.names_from("/etc/hosts")
    except Unusable as why:
        asked = str(why)
    return listed + [("the first, names asked of a server", "yes" if known else "no", "no", asked)]


def distances(bench, compared, listed, runs):
    """The tables over distance: time to URL of those that are compared, round trips of every route."""
    rows = dict.fromkeys([*compared, *(row[3] for row in listed if isinstance(row[3], Row))])
    jobs = [((row.name, ms), lambda row=row, ms=ms: bench.login(row, ms)) for ms in RTTS_MS for row in rows]
    results, failed = bench.in_turn(runs, jobs, bench.seconds * 0.7)

    def cells(row):
        why = row if isinstance(row, str) else next((why for (name, _), why in failed.items() if name == row.name), "")
        if why:
            return ["–"] * len(RTTS_MS) + [why]
        # What adds to time is noise: the quickest runs tell the distance best.
        trips = slope([(ms, min(f[0] - f[1] for f in results[row.name, ms])) for ms in RTTS_MS])
        return ["%.0f" % middle(results[row.name, ms], 0) for ms in RTTS_MS] + ["%.2f" % trips]

    head = ["%d ms" % ms for ms in RTTS_MS]
    print("Time to URL in ms over the distance to the servers; medians of %d runs\n" % max(map(len, results.values())))
    table(("", *head, "round trips"), [[row.name, *cells(row)] for row in compared])
    print("Per route\n")
    table(("route", "False Start", "proxy", *head, "round trips"), [[*row[:3], *cells(row[3])] for row in listed])
    print("Round trips: the slope of (wall - CPU) over distance, of the quickest runs. The servers offer TLS 1.2 and 1.3\n"
          "and take no time to think. The proxy is as far away as the servers, and they are next to it.\n")


def alone(bench, binary):
    row = Row("postern", [binary, *bench.options])
    env = dict(bench.env, **bench.place.facts["long_term"])

    def calls():
        counted = os.path.join(bench.folder, "calls")
        bench.once([needed("strace"), "-f", "-c", "-o", counted, *row.command], env)
        with open(counted) as source:
            calls_of = {line.split()[-1]: int(line.split()[3]) for line in source if re.match(r" *\d", line)}
        total, most = calls_of.pop("total"), sorted(calls_of, key=calls_of.get, reverse=True)[:5]
        return "%d, of them %s" % (total, ", ".join("%s %d" % (name, calls_of[name]) for name in most))

    def resident():
        kib = bench.login(row, 0, "-r")[3]
        if kib < 0:
            raise Unusable("smaps_rollup of a process that hides its memory is for root only")
        return "%d KiB" % kib

    def cpu():
        rows = bench.in_turn(30, [("login", lambda: bench.login(row))], 5)[0]["login"]
        return "%.1f ms, median of %d; %.1f at best" % (middle(rows, 1), len(rows), min(r[1] for r in rows))

    def spawn():
        rows = bench.in_turn(200, [("version", lambda: bench.once([binary, "version"], env))], 5)[0]["version"]
        return "%.0f us, median of %d" % (middle(rows, 0) * 1000, len(rows))

    def instructions(*words):
        text = bench.once([needed("valgrind"), "--tool=callgrind", "--callgrind-out-file=/dev/null", *words], env)[4]
        return "%.1f million" % (int(re.search(r"Collected : (\d+)", text).group(1)) / 1e6)

    print("postern alone: a URL from long-term keys, chains of four RSA-2048 certificates (%d bytes)\n"
          % bench.place.facts["chain_bytes"])
    lines = []
    for title, figure in (("CPU", cpu), ("system calls", calls), ("resident at exit (smaps_rollup)", resident),
                          ("exec to exit, version", spawn), ("instructions", lambda: instructions(*row.command)),
                          ("instructions, version", lambda: instructions(binary, "version"))):
        try:
            lines.append((title, figure()))
        except (Unusable, subprocess.TimeoutExpired, AttributeError, IndexError) as why:
            lines.append((title, "skipped: %s" % why))
    table(("", "measured"), lines)


def where_instructions_go(bench):
    """Of the same objects linked one by one, since a program that is optimised as one has no files any more."""
    profile = os.path.join(bench.folder, "profile")
    if not os.path.exists(PARTS):
        raise Unusable("there is no build/release/parts (make build/release/parts)")
    bench.once([needed("valgrind"), "--tool=callgrind", "--separate-callers=40", "--callgrind-out-file=" + profile,
                PARTS, *bench.options], dict(bench.env, **bench.place.facts["long_term"]))
    with open(profile) as source, open(PARTS + ".map") as linked:
        sums = phases.by_phase(source.read(), linked.read())
    total = sum(sums.values())
    print("Instructions by phase (callgrind), in thousands\n")
    order = [*(phase for phase, _ in phases.PHASES), phases.REST]
    table(("phase", "thousand", "%"), [(phase, "%.0f" % (sums[phase] / 1e3), "%.1f" % (100 * sums[phase] / total))
                                       for phase in sorted(order, key=lambda p: -sums[p])] +
          [("together", "%.0f" % (total / 1e3), "100.0")])


# --- the command -----------------------------------------------------------------------------------------------------

def somewhere(folder, given):
    """The best place that can be had here."""
    if given.inside:
        loopback_up()
        try:
            return Wan(folder)
        except (Unusable, OSError) as why:
            print("no link between namespaces: %s. Loopback instead.\n" % why)
    return Loopback(folder)


def everything(bench, binary, given):
    help_text = subprocess.run([binary, "--help"], capture_output=True, text=True).stdout
    found, missing = peers()
    usual, working = Row("postern", [binary, *bench.options], size=os.path.getsize(binary)), []
    for row in [usual, *found]:
        try:
            bench.login(row)                                     # warms the caches
            working.append(row)
        except (Unusable, subprocess.TimeoutExpired) as why:
            missing.append("skipped: %s: %s" % (row.name, why))
    others = [path for path in map(program, ("curl", "jq", "aws")) if path]
    print("%s; %s %s, %d processors, load %.1f.\n%s\n" % (
        "; ".join([version(binary, "version"), *(version(path, "--version") for path in others)]),
        platform.system(), platform.machine(), os.cpu_count() or 0, os.getloadavg()[0], bench.place.note))
    if working:
        attempt(("side by side", lambda: side_by_side(bench, working, 3 * given.runs)))
    attempt(("distances", lambda: distances(bench, working, routes(bench, usual, help_text), given.runs)),
            ("postern alone", lambda: alone(bench, binary)),
            ("instructions by phase", lambda: where_instructions_go(bench)))
    print("\n".join(missing + ["measured; nothing was judged."]))


def main():
    words = argparse.ArgumentParser(description="What a login URL costs: postern beside curl and the AWS CLI.")
    words.add_argument("binary", nargs="?", default=os.path.join(TOP, "postern"))
    words.add_argument("--runs", type=int, default=5, help="at each distance, at most (5); side by side thrice as many")
    words.add_argument("--seconds", type=float, default=270, help="about how long all may take (270)")
    words.add_argument("--loopback", action="store_true", help="without network namespaces")
    words.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = words.parse_args()
    if not given.inside and not given.loopback:
        command, why = namespace_command()
        if command:
            sys.stdout.flush()
            os.execvp(command[0], [*command, sys.executable, os.path.abspath(__file__), "--inside", *sys.argv[1:]])
        print("no network namespaces: %s. Loopback instead.\n" % why)
    sys.stdout.reconfigure(line_buffering=True)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as folder:
        place = somewhere(folder, given)
        try:
            everything(Bench(place, folder, given), os.path.abspath(given.binary), given)
        finally:
            place.close()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except Unusable as why_not:
        sys.exit("bench: %s: nothing was measured." % why_not)
