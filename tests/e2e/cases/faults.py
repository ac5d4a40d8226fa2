# SPDX-License-Identifier: MIT
"""The table of faults (faultcases.py, replycases.py) on each link: STS, sign-in, and STS beside sign-in when the keys are
a session already. A fault that may go away is there once, and then always; how each has to end is in the table."""
import os
import re
import signal
import socket

import faultcases
import faults
import realm as facts
import replycases
import tap
from faultcases import DAMAGED, WORKS
from harness import case

TABLE = (faultcases.connections, faultcases.settings, faultcases.handshake, faultcases.exchange, faultcases.cuts,
         replycases.framings, replycases.statuses)
HOSTS = {"sts": facts.sts_host("us-east-1"), "signin": facts.signin_host("us-east-1")}


def exchange_length(t, endpoint):
    """Bytes that the endpoint sends in a good exchange, up to the end of the answer."""
    seen = []
    endpoint.fault("watch", times=1, seen=seen)
    t.ok(t.run())
    for used in (t.aws.sts, t.aws.signin):
        used.requests.clear()
        used.connections = 0
    return sum(size for label, size in seen if label != "alert")


def arrange(t, row, endpoint, times):
    params = dict(row.params)
    if isinstance(params.get("at"), float):
        params["at"] = int(params["at"] * exchange_length(t, endpoint))
    if row.fault in faults.TLS:
        t.aws.pki.leaf(endpoint.name, faults.TLS[row.fault].get("cert", "good"))       # not while the run waits for it
    if row.fault == "deaf":
        endpoint.deaf(**params)
    else:
        endpoint.fault(row.fault, times, **params)
    if row.also:
        endpoint.fault(row.also, times)


def tries(t, row, link):
    """How often it was tried: requests that were read, or connections where none could be."""
    endpoint = getattr(t.aws, link)
    return len(endpoint.all()) if row.of_reply else endpoint.connections


def least_tries(row):
    return 0 if row.fault == "deaf" or row.verdict.again is None else 3 if row.verdict.again else 1


def most_tries(row, link):
    """What is lost after False Start costs no try, nor what was opened to sign-in before there was a request."""
    most = 1 if row.verdict.again is False else 3
    late = row.fault in tap.WIRE and row.params.get("at") not in ("server_hello", "certificate", "server_key_exchange")
    told = row.verdict is DAMAGED and row.params.get("at") != "certificate"       # by an alert of the server's
    return most + (2 if late and link == "signin" else 1 if late or told else 0)


def leaves_nothing(t, result):
    t.true(result.left in (None, [0, 1, 2]), "no descriptor left behind, but there are %s" % result.left)


def judge(t, row, link, result):
    leaves_nothing(t, result)
    if row.verdict.codes == {0}:
        t.ok(result)
    else:
        t.fails(result, row.verdict.codes, *row.words, step="|".join([link, *row.verdict.steps]))
        lines = result.err.splitlines()
        t.true(len(lines) <= 3, "at most three lines on stderr")
        step = re.match(r"postern: (\w+): ", lines[0])
        t.true(step, "the first line to name the step")
        t.true(step.group(1) == link or HOSTS[link] in lines[0], "the first line to name the peer")
    t.silent_about(result, "<html", "<body")
    count, least, most = tries(t, row, link), least_tries(row), most_tries(row, link)
    t.true(least <= count <= most, "%d to %d tries, not %d" % (least, most, count))
    if link == "sts" and result.code:
        t.equal(t.aws.signin.all(), [], "requests to sign-in")
    if link == "signin":
        t.equal(len(t.aws.sts.all()), 1, "requests to STS")


def always(row, link):
    def body(t):
        t.on_443 = False                          # hosts by URL: no other region's host may stand in
        arrange(t, row, getattr(t.aws, link), None)
        judge(t, row, link, t.run("--timeout", str(row.verdict.timeout_s), watched=True))
    return body


def once(row, link):
    def body(t):
        t.on_443 = False
        arrange(t, row, getattr(t.aws, link), 1)
        result = t.run("--timeout", "12", "-v", watched=True)
        t.ok(result)
        if link == "sts" or row.of_reply:          # what was opened early and lost may be opened anew without a word
            t.says(result, r"try \d of \d|once more")
        t.equal(tries(t, row, link), 2, "tries")
        leaves_nothing(t, result)
    return body


def beside(row):
    """Whose keys these are is asked beside the way: whatever comes of that, the URL is printed."""
    def body(t):
        t.on_443 = False
        arrange(t, row, t.aws.sts, None)
        keys = t.realm.session(facts.ROLE, t.user)
        result = t.run("--timeout", "12", keys=keys, watched=True)
        t.ok(result)
        if row.verdict is not WORKS:
            t.says(result, "STS")
        leaves_nothing(t, result)
    return body


def register(row, link):
    """One case, or two: a fault that may go away is there once, and always."""
    name = "fault %s %s" % (link, row.name)
    case(name + (", always" if row.verdict.again else ""), "waits")(always(row, link))
    if row.verdict.again:
        case(name + ", once", "waits")(once(row, link))


for make in TABLE:
    for each in make():
        register(each, "sts")
        register(each, "signin")
for make in (replycases.sts_codes, replycases.documents):
    for each in make():
        register(each, "sts")
for make in (faultcases.connections, faultcases.settings):
    for each in make():
        case("fault identity " + each.name, "waits")(beside(each))


# --- signals, at ten points -----------------------------------------------------------------------------------------

POINTS = {"before the server's hello": ("silent", {}), "inside the certificate": ("at_record", {"at": "certificate", "part": "inside"}),
          "after the server's Finished": ("at_record", {"at": "finished"}), "before the answer": ("hang", {}),
          "inside the answer": ("hang", {"after": 200})}


def interrupted(link, fault, params, number):
    def body(t):
        t.on_443 = False
        endpoint = getattr(t.aws, link)
        endpoint.fault(fault, **params)
        running = t.start("--timeout", "4" if number == signal.SIGPIPE else "12")
        t.true(endpoint.wait(lambda e: e.held), "a run that comes as far as the fault")
        os.kill(running.process.pid, number)
        result = t.finish(running, by_signal=True)
        t.true(result.code in ((-number, 69) if number == signal.SIGPIPE else (-number,)), "an end by signal %d" % number)
        t.equal(result.out, "", "stdout")
    return body


for where in ("sts", "signin"):
    for point, (name, given) in POINTS.items():
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
            case("fault %s %s %s" % (where, sign.name, point), "waits")(interrupted(where, name, given, sign))


# --- what runs out on this side -------------------------------------------------------------------------------------

def limited(files):
    def body(t):
        t.on_443 = False
        result = t.run("--timeout", "6", launch=["--files", str(files)])
        if result.code:
            t.fails(result, {69, 74, 78}, "too many open files")
        else:
            t.ok(result)
    return body


for count in range(4, 9):
    case("fault host %d descriptors at most" % count, "waits")(limited(count))


@case("fault host no local port left", "netns")
def _(t):
    """One port in the whole range, and that is taken."""
    path = "/proc/sys/net/ipv4/ip_local_port_range"
    with open(path) as source:
        usual = source.read()
    with socket.socket() as taken:
        try:
            with open(path, "w") as out:
                out.write("61001 61001")
            taken.bind(("0.0.0.0", 61001))
            result = t.run("--timeout", "6")
        finally:
            with open(path, "w") as out:
                out.write(usual)
    t.fails(result, 69, "no free local port", step="connect")


@case("no run through a fault leaves a descriptor open at its end", "root", "release")
def _(t):
    t.on_443 = False
    for fault, params in (("reset", {}), ("silent", {}), ("at_record", {"at": "certificate", "act": tap.reset}),
                          ("cut", {"keep": 60}), ("unavailable", {}), ("portal", {})):
        for endpoint in (t.aws.sts, t.aws.signin):
            t.aws.sts.faults.clear()
            t.aws.signin.faults.clear()
            endpoint.fault(fault, **params)
            t.equal(t.run("--timeout", "2", watched=True).left, [0, 1, 2], "descriptors at the end")
