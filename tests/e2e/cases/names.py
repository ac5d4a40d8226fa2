# SPDX-License-Identifier: MIT
"""Names: the resolver against a name server that lies, is silent or is not there, in a network namespace of the tests' own.
There /etc/resolv.conf and /etc/hosts are ours, the name server is on port 53 and the stand-in on port 443."""

import realm as facts
from dnsstand import DnsStand
from harness import case

STS, SIGNIN = facts.sts_host("us-east-1"), facts.signin_host("us-east-1")


def named(title):
    """A case with a name server of its own: body(t, zone) may change the zone, which leads to the stand-in at first."""
    def register(body):
        def function(t):
            t.set = lambda path, text: open(t.etc[path], "w").write(text)
            t.set("/etc/resolv.conf", "nameserver 127.0.0.1\n")
            t.set("/etc/hosts", "127.0.0.1 localhost\n")
            t.dns = DnsStand(("127.0.0.1", 53), {STS: [t.aws.sts.address], SIGNIN: [t.aws.signin.address]})
            try:
                body(t, t.dns.zone)
            finally:
                t.dns.stop()
        case(title, "netns")(function)
        return body
    return register


def run(t, *words, **how):
    return t.run("--ca-bundle", t.bundle, *words, net=False, **how)


@named("names are resolved by the name server of resolv.conf, A and AAAA, absolute")
def _(t, zone):
    t.ok(run(t))
    t.equal(set(t.dns.names()), {STS, SIGNIN}, "names asked")
    t.equal({kind for _, kind, _ in t.dns.asked}, {1, 28}, "types asked")


@named("nothing else is asked of the name server than the two hosts")
def _(t, zone):
    t.set("/etc/resolv.conf", "search corp.example\noptions ndots:9\nnameserver 127.0.0.1\n")
    t.ok(run(t))
    t.equal(set(t.dns.names()), {STS, SIGNIN}, "names asked")


@named("/etc/hosts is read first")
def _(t, zone):
    zone.clear()
    t.set("/etc/hosts", "%s  %s # sts\n%s\tother.example %s\n" % (t.aws.sts.address, STS.upper(), t.aws.signin.address, SIGNIN))
    t.ok(run(t))
    t.equal(t.dns.names(), [], "names asked")


@named("--resolve is asked before anything else")
def _(t, zone):
    zone.clear()
    t.ok(t.run())
    t.equal(t.dns.names(), [], "names asked")


@named("an unknown host is exit 69, with the name and the region in doubt")
def _(t, zone):
    zone.clear()
    result = run(t, "--timeout", "4")
    t.fails(result, 69, STS, step="dns")
    t.hint(result)


@named("following the hint for an unknown host, with the address known, gives a URL")
def _(t, zone):
    zone.clear()
    t.fails(run(t, "--timeout", "4"), 69)
    t.ok(run(t, "--resolve", "%s:%s" % (STS, t.aws.sts.address), "--resolve", "%s:443:%s" % (SIGNIN, t.aws.signin.address)))


@named("a region that has no host is exit 69 and the hint speaks of the region")
def _(t, zone):
    result = run(t, "--timeout", "4", region="eu-west-9")
    t.fails(result, (69, 78), "eu-west-9")
    t.hint(result, "region")


@named("no resolver at all is exit 69 and names resolv.conf")
def _(t, zone):
    t.dns.stop()
    t.set("/etc/resolv.conf", "")
    result = run(t, "--timeout", "4")
    t.fails(result, 69, step="dns")
    t.hint(result, "--resolve|resolv.conf")


@named("a silent name server ends at the deadline with exit 69")
def _(t, zone):
    zone.update({STS: "silent", SIGNIN: "silent"})
    result = run(t, "--timeout", "3")
    t.fails(result, 69, STS, step="dns")
    t.true(result.wall < 4.5, "an end at the deadline")


@named("a name server that answers SERVFAIL or REFUSED is exit 69")
def _(t, zone):
    for answer in ("servfail", "refused", "empty", "garbage"):
        zone.update({STS: answer, SIGNIN: answer})
        t.fails(run(t, "--timeout", "4"), 69, STS, step="dns")


@named("a name server that fails for AAAA does not cost the A")
def _(t, zone):
    zone.update({STS: "no_aaaa:" + t.aws.sts.address, SIGNIN: "no_aaaa:" + t.aws.signin.address})
    t.ok(run(t))


@named("a name server that denies the name for AAAA only does not cost the A")
def _(t, zone):
    zone.update({STS: "nx_aaaa:" + t.aws.sts.address, SIGNIN: "nx_aaaa:" + t.aws.signin.address})
    t.ok(run(t))


@named("http to a name that is not this host's is refused before a byte is sent")
def _(t, zone):
    t.set("/etc/hosts", "192.0.2.1 localhost\n")
    result = run(t, "--endpoint-url", "http://localhost:9")
    t.fails(result, 78, "in the clear", step="connect")


@named("a dead first name server is passed over")
def _(t, zone):
    t.set("/etc/resolv.conf", "nameserver 127.0.0.99\nnameserver 127.0.0.1\n")
    t.ok(run(t))


@named("a first name server that fails is passed over")
def _(t, zone):
    other = DnsStand(("127.0.0.98", 53), {STS: "servfail", SIGNIN: "servfail"})
    t.set("/etc/resolv.conf", "nameserver 127.0.0.98\nnameserver 127.0.0.1\n")
    try:
        t.ok(run(t))
    finally:
        other.stop()


@named("aliases are followed")
def _(t, zone):
    zone["real.test"] = zone[STS]
    zone.update({STS: "cname:real.test", SIGNIN: "chain:5:" + t.aws.signin.address})
    t.ok(run(t))


@named("a forged answer with a wrong id or another name is ignored")
def _(t, zone):
    for lie in ("wrong_id", "wrong_name"):
        zone.update({STS: "%s:%s" % (lie, t.aws.sts.address), SIGNIN: "%s:%s" % (lie, t.aws.signin.address)})
        t.ok(run(t))


@named("a dead address is passed over for the next one")
def _(t, zone):
    zone.update({STS: ["127.0.0.99", "127.0.0.97", t.aws.sts.address], SIGNIN: ["127.0.0.99", t.aws.signin.address]})
    t.ok(run(t))


@named("an IPv6 address that refuses is passed over for IPv4")
def _(t, zone):
    zone.update({STS: ["::1", t.aws.sts.address], SIGNIN: ["2001:db8::1", t.aws.signin.address]})
    t.ok(run(t))


@named("when all addresses refuse, exit 69 names each")
def _(t, zone):
    zone[STS] = ["127.0.0.99", "127.0.0.97"]
    t.fails(run(t, "--timeout", "4"), 69, r"127\.0\.0\.99", r"127\.0\.0\.97", step="connect")


@named("no route to a network is exit 69 with the kernel's word")
def _(t, zone):
    zone[STS] = ["192.0.2.7"]
    t.fails(run(t, "--timeout", "4"), 69, r"192\.0\.2\.7", "unreachable|no route", step="connect")


@named("a resolv.conf of a megabyte or of nonsense does not crash")
def _(t, zone):
    for text in ("nonsense\0\xff\n" * 100, "# comment\n" * 100000 + "nameserver 127.0.0.1\n", "nameserver not-an-address\n"):
        t.set("/etc/resolv.conf", text)
        result = run(t, "--timeout", "4")
        t.true(result.code in (0, 69, 78), "exit 0, 69 or 78")


@named("temporary keys get their URL though STS has no address")
def _(t, zone):
    zone[STS] = "nxdomain"
    result = run(t, keys=t.realm.session(facts.ROLE, t.user))
    t.ok(result)
    t.says(result, "sts|identity")


@named("temporary keys get their URL though the name of STS is never answered")
def _(t, zone):
    zone[STS] = "silent"
    result = run(t, keys=t.realm.session(facts.ROLE, t.user))
    t.ok(result)
    t.true(result.wall < 10, "an end within a second of the sign-in answer")
