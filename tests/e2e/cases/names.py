# SPDX-License-Identifier: MIT
"""Names: which servers are asked and for what, the files of the host, and the addresses that come of it. What is about
/etc/resolv.conf, /etc/hosts and port 53 has a network namespace of the tests' own, where those are ours."""
import socket

from cases._servers import A, AAAA, SIGNIN, STS, ask, case_of, server
from harness import Skip, case


def inside(title):
    """A case in the namespace: body(t, zone), t.dns on port 53; the zone, which may be changed, tells the truth at first."""
    def register(body):
        def function(t):
            t.set = lambda path, text: open(t.etc[path], "w").write(text)
            t.set("/etc/resolv.conf", "nameserver 127.0.0.1\n")
            t.set("/etc/hosts", "127.0.0.1 localhost\n")
            with server(t, port=53) as t.dns:
                body(t, t.dns.zone)
        case(title, "netns")(function)
        return body
    return register


def run(t, *words, **how):
    """In the namespace: without any option that leads to the stand-in."""
    return t.run("--ca-bundle", t.bundle, *words, net=False, **how)


# --- --dns ----------------------------------------------------------------------------------------------------------

@case_of()("--dns asks that server, with a port, A and AAAA, absolute")
def _(t, dns):
    t.ok(ask(t, dns))
    t.equal(set(dns.names()), {STS, SIGNIN}, "names asked")
    t.equal(sorted(dns.kinds(STS)), [A, AAAA], "types asked")


@case("--dns takes an IPv6 address")
def _(t):
    if not socket.has_ipv6:
        raise Skip("no IPv6 here")
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as why:
        raise Skip("no IPv6 loopback here") from why
    with server(t, address="::1") as dns:
        t.ok(ask(t, dns))
        t.equal(set(dns.names()), {STS, SIGNIN}, "names asked")


@case("a --dns value that is no address is exit 64 before any network, and the hint shows one")
def _(t):
    for value in ("dns.example", "127.0.0.1:0", "127.0.0.1:x", "::1%lo", "[127.0.0.1]:53"):
        result = t.run("--dns", value)
        t.fails(result, 64, "--dns", step="options")
        t.hint(result, "--dns 192")
    t.offline()


@case_of("nxdomain")("--resolve is asked before --dns")
def _(t, dns):
    t.ok(t.run("--dns", dns.where()))
    t.equal(dns.names(), [], "names asked")


@inside("--dns stands in the place of resolv.conf's servers")
def _(t, zone):
    zone.clear()
    with server(t, address="127.0.0.53", port=53) as other:
        t.ok(run(t, "--dns", "127.0.0.53"))
        t.equal(set(other.names()), {STS, SIGNIN}, "names asked")
    t.equal(t.dns.names(), [], "names asked of resolv.conf's server")


# --- the files of the host ------------------------------------------------------------------------------------------

@inside("names are resolved by the name server of resolv.conf")
def _(t, zone):
    t.ok(run(t))
    t.equal(set(t.dns.names()), {STS, SIGNIN}, "names asked")


@inside("nothing else is asked of the name server than the two hosts")
def _(t, zone):
    t.set("/etc/resolv.conf", "search corp.example\noptions ndots:9\nnameserver 127.0.0.1\n")
    t.ok(run(t))
    t.equal(set(t.dns.names()), {STS, SIGNIN}, "names asked")


@inside("an empty resolv.conf means a server on this host")
def _(t, zone):
    t.set("/etc/resolv.conf", "")
    t.ok(run(t))


@inside("/etc/hosts is read first")
def _(t, zone):
    zone.clear()
    t.set("/etc/hosts", "%s  %s # sts\n%s\tother.example %s\n" % (t.aws.sts.address, STS.upper(), t.aws.signin.address, SIGNIN))
    t.ok(run(t))
    t.equal(t.dns.names(), [], "names asked")


@inside("no resolver at all is exit 69, says where none was, and names resolv.conf")
def _(t, zone):
    t.dns.stop()
    t.set("/etc/resolv.conf", "")
    result = run(t, "--timeout", "4")
    t.fails(result, 69, "no resolver answered", r"127\.0\.0\.1: connection refused", step="dns")
    t.hint(result, "/etc/resolv.conf.*--dns.*--resolve")


@inside("following the hint, with a server that answers, cures a dead resolver")
def _(t, zone):
    t.set("/etc/resolv.conf", "nameserver 127.0.0.99\n")
    t.hint(t.fails(run(t), 69), "--dns ADDRESS")
    t.ok(run(t, "--dns", "127.0.0.1"))


@inside("a resolv.conf of a megabyte is not used, and named; this host is asked")
def _(t, zone):
    t.set("/etc/resolv.conf", "# comment\n" * 100000 + "nameserver 127.0.0.99\n")
    result = run(t)
    t.ok(result)
    t.says(result, r"/etc/resolv\.conf is not used: file too large")


@inside("a resolv.conf of nonsense does not crash, and a server with a zone is passed over and told")
def _(t, zone):
    for text, told in (("nonsense\0\xff\n" * 100, False), ("nameserver not-an-address\n", True),
                       ("nameserver fe80::1%lo\nnameserver 127.0.0.1\n", True)):
        t.set("/etc/resolv.conf", text)
        result = run(t)
        t.ok(result)
        t.equal("/etc/resolv.conf" in result.err, told, "resolv.conf named")


@inside("http to a name that is not this host's is refused before a byte is sent")
def _(t, zone):
    t.set("/etc/hosts", "192.0.2.1 localhost\n")
    result = run(t, "--endpoint-url", "http://localhost:9")
    t.fails(result, 78, "in the clear", step="connect")


@inside("no route to a network is exit 69 with the kernel's word")
def _(t, zone):
    zone[STS] = ["192.0.2.7"]
    t.fails(run(t, "--timeout", "4"), 69, r"192\.0\.2\.7", "unreachable|no route", step="connect")


# --- names that do not exist ----------------------------------------------------------------------------------------

@case_of("nxdomain")("an unknown host is exit 69, with the name and the region in doubt")
def _(t, dns):
    result = ask(t, dns)
    t.fails(result, 69, "does not exist", STS, step="dns")
    t.hint(result, "region.*--resolve")
    t.true(result.wall < 4, "no wait for what was answered")


@case_of("nxdomain")("following the hint for an unknown host, with the address known, gives a URL")
def _(t, dns):
    t.fails(ask(t, dns), 69)
    words = [w for host, end in ((STS, t.aws.sts), (SIGNIN, t.aws.signin)) for w in ("--resolve", "%s:%s" % (host, end.address))]
    t.ok(ask(t, dns, words=words))


@case_of()("a region that has no host is exit 69 and the hint speaks of the region")
def _(t, dns):
    result = ask(t, dns, region="eu-west-9")
    t.fails(result, (69, 78), "eu-west-9")
    t.hint(result, "region")


@case_of("empty")("a name without an address is exit 69 and says so")
def _(t, dns):
    t.fails(ask(t, dns), 69, STS, "has no address", step="dns")


# --- addresses ------------------------------------------------------------------------------------------------------

@case("a dead address is passed over for the next one")
def _(t):
    with server(t) as dns:
        dns.zone.update({STS: ["127.0.0.99", "127.0.0.97", t.aws.sts.address], SIGNIN: ["127.0.0.99", t.aws.signin.address]})
        t.ok(ask(t, dns))


@inside("an IPv6 address that refuses is passed over for IPv4")
def _(t, zone):
    zone.update({STS: ["::1", t.aws.sts.address], SIGNIN: ["2001:db8::1", t.aws.signin.address]})
    t.ok(run(t))


@case("when all addresses refuse, exit 69 names each, the families in turns and IPv6 first")
def _(t):
    with server(t) as dns:
        dns.zone[STS] = ["127.0.0.99", "127.0.0.97", "::1"]
        t.fails(ask(t, dns, words=["--timeout", "4"]), 69, r"::1.*127\.0\.0\.99.*127\.0\.0\.97", step="connect")


@case("more addresses of one family than are tried do not hide the other")
def _(t):
    with server(t) as dns:
        many = ["::ffff:127.0.9.%d" % i for i in range(1, 21)]
        dns.zone.update({STS: [t.aws.sts.address] + many, SIGNIN: [t.aws.signin.address] + many})
        t.ok(ask(t, dns))


# --- one family -----------------------------------------------------------------------------------------------------

@case_of()("-4 asks for A only, -6 for AAAA only")
def _(t, dns):
    t.ok(ask(t, dns, words=["-4"]))
    t.equal(set(dns.kinds()), {A}, "types asked with -4")
    dns.asked.clear()
    result = ask(t, dns, words=["--ipv6"])
    t.fails(result, 69, "has no IPv6 address", step="dns")
    t.hint(result, "without -6")
    t.equal(set(dns.kinds()), {AAAA}, "types asked with -6")


@inside("-4 and -6 hold for /etc/hosts too; what it lacks is asked for")
def _(t, zone):
    t.set("/etc/hosts", "".join("%s %s\n2001:db8::1 %s\n" % (end.address, name, name)
                                for name, end in ((STS, t.aws.sts), (SIGNIN, t.aws.signin))))
    t.ok(run(t, "--ipv4"))
    t.equal(t.dns.names(), [], "names asked")
    t.fails(run(t, "-6"), 69, "2001:db8::1", step="connect")
    t.set("/etc/hosts", "2001:db8::1 %s %s\n" % (STS, SIGNIN))
    t.ok(run(t, "-4"))
    t.equal(set(t.dns.kinds()), {A}, "types asked")


@case("an address of the other family, in a URL or by --resolve, is exit 64 before any network", "443")
def _(t):
    for words in (["-6"], ["-6", "--endpoint-url", "https://127.0.0.1:9"], ["-4", "--endpoint-url", "https://[::1]:9"]):
        result = t.run(*words)
        t.fails(result, 64, words[0], "not of IPv" + words[0][1], step="options")
        t.hint(result, "leave out " + words[0])
    t.offline()


@case("-4 and -6 together are exit 64")
def _(t):
    t.fails(t.run("-4", "-6"), 64, "-4 and -6", step="options")
