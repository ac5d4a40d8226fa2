# SPDX-License-Identifier: MIT
"""Name servers that fail, lie, cut, stall, are silent or are not there, reached by --dns."""
import realm as facts
from cases._servers import A, AAAA, STS, ask, case_of, nobody, server
from harness import case


# --- servers that fail ----------------------------------------------------------------------------------------------

@case_of("silent")("a silent name server ends at the run's deadline with exit 69")
def _(t, dns):
    result = ask(t, dns, words=["--timeout", "3"])
    t.fails(result, 69, STS, r"127\.0\.0\.1 port \d+: no answer", step="dns")
    t.true(result.wall < 4.5, "an end at the deadline")


@case_of("silent")("a silent name server ends after ten seconds when the deadline is later")
def _(t, dns):
    result = ask(t, dns)
    t.fails(result, 69, "no resolver answered", STS, step="dns")
    t.true(9 < result.wall < 12, "an end after ten seconds")
    t.true(len(dns.kinds(STS)) in (6, 8), "three or four rounds")


@case("a name server that answers SERVFAIL, REFUSED or garbage is exit 69, and named with what it did")
def _(t):
    for rule, word in (("servfail", "SERVFAIL"), ("refused", "REFUSED"), ("garbage", "no answer")):
        with server(t, rule) as dns:
            t.fails(ask(t, dns, words=["--timeout", "4"]), 69, STS, word, step="dns")


@case("each name server is named with what it did")
def _(t):
    with server(t, "silent") as first, server(t, "servfail") as second:
        result = ask(t, first, nobody(), second, words=["--timeout", "3"])
        t.fails(result, 69, r"port %d: no answer; 127\.0\.0\.1 port \d+: connection refused; 127\.0\.0\.1 port %d: .*SERVFAIL" %
                (first.port, second.port), step="dns")


@case("a dead first name server costs a second for the whole run, not more")
def _(t):
    with server(t, "silent") as dead, server(t) as dns:
        result = ask(t, dead, dns)
        t.ok(result)
        t.true(0.9 < result.wall < 2.5, "about a second")


@case("a first name server that refuses or fails is passed over")
def _(t):
    with server(t) as dns:
        t.ok(ask(t, nobody(), dns))
        for rule in ("servfail", "refused", "loop"):
            with server(t, rule) as other:
                t.ok(ask(t, other, dns))
                t.equal(sorted(other.kinds(STS)), [A, AAAA], "types asked of the server that fails")


@case_of("once:%s")("a name server that fails at first is asked again")
def _(t, dns):
    t.ok(ask(t, dns))
    t.equal(sorted(dns.kinds(STS)), [A, A, AAAA, AAAA], "types asked")


@case("a name server that fails, denies or is silent for AAAA does not cost the A")
def _(t):
    for rule in ("no_aaaa:%s", "nx_aaaa:%s", "a_only:%s"):
        with server(t, rule) as dns:
            t.ok(ask(t, dns))


@case("temporary keys get their URL though STS has no address")
def _(t):
    with server(t) as dns:
        dns.zone[STS] = "nxdomain"
        result = ask(t, dns, keys=t.realm.session(facts.ROLE, t.user))
        t.ok(result)
        t.says(result, "sts|identity")


@case("temporary keys get their URL though the name of STS is never answered")
def _(t):
    with server(t) as dns:
        dns.zone[STS] = "silent"
        result = ask(t, dns, keys=t.realm.session(facts.ROLE, t.user))
        t.ok(result)
        t.true(result.wall < 10, "an end within a second of the sign-in answer")


# --- what is believed -----------------------------------------------------------------------------------------------

@case_of()("an alias is followed")
def _(t, dns):
    dns.zone["real.test"] = dns.zone[STS]
    dns.zone[STS] = "cname:real.test"
    t.ok(ask(t, dns))


@case("ten aliases in one answer are followed, in any order")
def _(t):
    for rule in ("chain:1:%s", "chain:10:%s", "chain_back:10:%s"):
        with server(t, rule) as dns:
            t.ok(ask(t, dns))


@case("eleven aliases, or a circle of them, are exit 69 and said to be without end")
def _(t):
    for rule in ("chain:11:%s", "loop"):
        with server(t, rule) as dns:
            t.fails(ask(t, dns), 69, "no resolver answered", "aliases without end", step="dns")


@case("a forged answer with a wrong id, name, type or class is ignored, and the right one awaited")
def _(t):
    for word in ("wrong_id", "wrong_name", "wrong_type", "wrong_class"):
        with server(t, word + ":%s") as dns:
            result = ask(t, dns, words=["-v"])
            t.ok(result)
            t.silent_about(result, r"127\.0\.0\.66")


@case_of("flood:%s")("a flood of strangers' answers does not keep the right one out")
def _(t, dns):
    result = ask(t, dns, words=["-v"])
    t.ok(result)
    t.silent_about(result, r"127\.0\.0\.66")


@case_of("silent")("each query has an id of its own, each try a port of its own")
def _(t, dns):
    ask(t, dns, words=["--timeout", "4"])
    seen = dns.queries
    t.true(len(seen) >= 8, "two tries for each host")
    t.equal(len({number for _, number, _ in seen}), len(seen), "different ids")
    t.equal(len({port for port, _, _ in seen}) * 2, len(seen), "ports, one for both questions of a try")


# --- TCP ------------------------------------------------------------------------------------------------------------

@case_of("cut:%s")("a cut answer is asked for again over TCP, both questions on one connection")
def _(t, dns):
    t.ok(ask(t, dns))
    t.equal(sorted(dns.kinds(STS, "tcp")), [A, AAAA], "types asked over TCP")
    t.equal(dns.talks, [2, 2], "questions on each connection")


@case_of("part:%s")("a cut answer that has an address needs no TCP")
def _(t, dns):
    t.ok(ask(t, dns, words=["-4"]))
    t.equal(dns.talks, [], "connections")


@case("answers over TCP may come in pieces, in the other order, after lies, and as long as TCP can say")
def _(t):
    for word in ("cut_pieces", "cut_turned", "cut_lie", "cut_long"):
        with server(t, word + ":%s") as dns:
            result = ask(t, dns, words=["-v"])
            t.ok(result)
            t.silent_about(result, r"127\.0\.0\.66")


@case("a server that closes, stalls or cuts over TCP is passed over for the next")
def _(t):
    with server(t) as dns:
        for word in ("cut_close", "cut_half", "cut_stall", "cut_again"):
            with server(t, word + ":%s") as first:
                result = ask(t, first, dns)
                t.ok(result)
                t.true(result.wall < 2.5, "at most a second")
                t.true(dns.names(), "the next server asked")
        with server(t, "cut:%s", tcp=False) as first:
            t.ok(ask(t, first, dns))


@case("where only TCP fails, the message says that it was over TCP")
def _(t):
    for word, said in (("cut", "connection refused"), ("cut_close", "closed the connection|connection reset"),
                       ("cut_stall", "no answer"), ("cut_again", "cuts its answers")):
        with server(t, word + ":%s", tcp=word != "cut") as dns:
            t.fails(ask(t, dns, words=["--timeout", "4"]), 69, STS, "(%s) over TCP" % said, step="dns")
