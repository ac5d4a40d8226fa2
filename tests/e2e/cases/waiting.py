# SPDX-License-Identifier: MIT
"""What is waited for and how long: addresses that race, the limits of each step with their sentences, and the running
line on a terminal. An address that swallows packets is a socket whose queue of connections is full."""
import contextlib
import fcntl
import os
import re
import socket
import tempfile

import realm as facts
from harness import case

STS, SIGNIN = facts.sts_host("us-east-1"), facts.signin_host("us-east-1")


@contextlib.contextmanager
def swallowing(address):
    """This address drops each connection request, as a firewall does."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with contextlib.ExitStack() as held:
        listener = held.enter_context(socket.socket(family))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, 443))
        listener.listen(0)
        for _ in range(4):
            filler = held.enter_context(socket.socket(family))
            filler.setblocking(False)
            filler.connect_ex((address, 443))
        yield


def at(t, *addresses, **how):
    """Run with these addresses of STS, in this order."""
    words = ["--ca-bundle", t.bundle, "--resolve", "%s:443:%s" % (SIGNIN, t.aws.signin.address)]
    for address in addresses:
        words += ["--resolve", "%s:443:%s" % (STS, "[%s]" % address if ":" in address else address)]
    return t.run("--timeout", "4", *words, net=False, **how)


def near(t, last):
    return t.aws.sts.address.rpartition(".")[0] + ".%d" % last


@case("an address that swallows packets costs no more than the head start", "443")
def _(t):
    with swallowing(near(t, 21)):
        t.ok(at(t, near(t, 21), t.aws.sts.address))


@case("two, three, seven addresses that refuse are passed by at once", "443")
def _(t):
    for count in (1, 2, 6):
        t.ok(at(t, *(near(t, 30 + i) for i in range(count)), t.aws.sts.address))


@case("IPv6 that swallows packets leaves the way to IPv4", "443")
def _(t):
    with open(os.path.join(tempfile.gettempdir(), "postern-e2e-ipv6-%d.lock" % os.getuid()), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)        # there is one such address, and another run may have it
        with swallowing("::1"):
            t.ok(at(t, "::1", t.aws.sts.address))


@case("IPv6 without a route leaves the way to IPv4", "netns")
def _(t):
    t.ok(at(t, "2001:db8::7", t.aws.sts.address))


@case("when every address fails each is named with its reason", "443")
def _(t):
    with swallowing(near(t, 22)):
        result = at(t, near(t, 41), near(t, 42))
        t.fails(result, 69, re.escape(near(t, 41)) + ": connection refused", re.escape(near(t, 42)) + ": connection refused",
                step="connect")
        result = at(t, near(t, 41), near(t, 22))
        t.fails(result, 69, "connecting to " + re.escape(STS), "given up after 4 s", step="connect")


@case("a handshake that stalls is given up after ten seconds, before the run's own deadline", "waits")
def _(t):
    t.aws.sts.fault("silent")
    t.fails(t.run("--timeout", "20"), 69, "did not finish the TLS handshake within 10 s", step="tls")
    t.equal(t.aws.sts.connections, 1, "connections: a stalled host is not asked again")


@case("an answer of a byte a second is given up ten seconds after its first byte", "waits")
def _(t):
    t.aws.sts.fault("drip_reply", every_s=1)
    t.fails(t.run("--timeout", "20"), 69, "began to answer and did not end within 10 s", step="sts")


@case("an answer that is long in coming is waited for until the run's deadline", "waits")
def _(t):
    t.aws.sts.fault("slow", delay_s=12)
    t.ok(t.run("--timeout", "20"))


@case("a longer --timeout gives each step more, too", "waits")
def _(t):
    t.aws.sts.fault("drip_reply", every_s=0.012)
    t.ok(t.run("--timeout", "90"))


@case("on a terminal a line tells what is waited for and for how long, and goes when something happens")
def _(t):
    t.aws.sts.fault("slow", delay_s=2.5)
    result = t.run("--timeout", "20", tty=True)
    t.ok(result)
    for seconds in (1, 2):
        t.true("postern: waiting for the answer of STS, %d s (gives up at 20 s)" % seconds in result.err, "second %d" % seconds)
    running = result.err.count("waiting for the answer")
    t.equal(result.err.count("\r\x1b[K"), running, "lines cleared")
    t.true("\n" not in result.err[:result.err.rindex("\x1b[K")], "nothing left behind")


@case("the running line tells the deadline that comes first")
def _(t):
    t.aws.sts.fault("silent")
    t.says(t.run("--timeout", "3", tty=True), r"TLS handshake with STS, [12] s \(gives up at 3 s\)")


@case("an identity that is not waited for any longer is said with the time that it had")
def _(t):
    t.aws.sts.fault("silent")
    result = t.run(keys=t.realm.session(facts.ROLE, t.user))
    t.ok(result)
    t.says(result, "did not say whose keys these are: .* given up after [12] s")


@case("the running line says connecting, and is none of -q and of what is no terminal", "443")
def _(t):
    with swallowing(near(t, 23)):
        t.says(at(t, near(t, 23), tty=True), r"connecting to STS, [12] s \(gives up at 4 s\)")
        t.silent_about(at(t, near(t, 23)), r"connecting to STS, ")
    t.aws.sts.fault("slow", delay_s=1.5)
    t.silent_about(t.run("-q", tty=True), "waiting for")
