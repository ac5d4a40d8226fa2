# SPDX-License-Identifier: MIT
"""Connections that are refused, silent, reset or slow, and the deadline over all of them (exit 69).
What names do is in names.py, what TLS refuses in trust.py, what replies look like in replies.py."""
import socket

import realm as facts
from harness import case


def closed_port():
    """A loopback port at which nothing listens, kept bound so that nobody else takes it."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    return sock, sock.getsockname()[1]


def at_port(t, port):
    name = facts.sts_host("us-east-1")
    return ["--endpoint-url", "https://%s:%d" % (name, port), "--resolve", "%s:%d:127.0.0.1" % (name, port)]


@case("a refused connection is exit 69 and names host, address and the way on")
def _(t):
    held, port = closed_port()
    result = t.run(*at_port(t, port), *t.network("us-east-1")[:2], "--dns", "127.0.0.1:1", net=False)
    held.close()
    t.fails(result, 69, "refused", r"127\.0\.0\.1", r"sts\.us-east-1", step="connect")
    t.hint(result)
    t.equal(t.aws.signin.all(), [], "sign-in requests")


@case("a refused connection to sign-in is exit 69 though STS works", "443")
def _(t):
    t.aws.signin.stop()
    t.fails(t.run(), 69, "refused", facts.signin_host("us-east-1").replace(".", r"\."))


def ends(endpoint, fault, code, words, **params):
    def body(t):
        getattr(t.aws, endpoint).fault(fault, **params)
        result = t.run("--timeout", "3")
        t.fails(result, code, *words)
        t.true(result.wall < 4.5, "an end at the deadline or before, and not %.1f s" % result.wall)
    return body


for where in ("sts", "signin"):
    for title, name, code, words in (
            ("says nothing at all", "silent", 69, ["given up after"]),
            ("drips its handshake for ever", "drip_handshake", (69, 76), []),
            ("never answers the request", "hang", 69, ["given up after"]),
            ("drips its answer", "drip_reply", 69, ["given up after"]),
            ("resets every connection", "reset", (69, 76), []),
            ("resets after the hello", "reset_after_hello", (69, 76), []),
            ("closes every connection", "close", (69, 76), []),
            ("floods its answer", "flood", 76, [])):
        case("a run ends in time when %s %s" % ("STS" if where == "sts" else "sign-in", title))(ends(where, name, code, words))


@case("the timeout of a run is said with its length and how to change it")
def _(t):
    t.aws.sts.fault("silent")
    result = t.run("--timeout", "2")
    t.fails(result, 69, "2 ?s")
    t.hint(result, "--timeout|network|firewall|proxy")


@case("a timeout that is none is exit 64")
def _(t):
    for word in ("0", "-1", "soon", "9999999"):
        t.fails(t.run("--timeout", word), 64, "timeout", step="options")
        t.offline()


@case("a connection that breaks each time is exit 69 after three tries, of which none got to a request")
def _(t):
    for where, step in ((t.aws.sts, "sts"), (t.aws.signin, "signin")):
        for fault in ("reset", "reset_after_hello", "close_after_hello"):
            t.aws.sts.faults.clear()
            t.aws.signin.faults.clear()
            where.requests.clear()
            where.fault(fault)
            before = where.connections
            t.fails(t.run("--no-false-start"), 69)
            t.equal(len(where.all()), 0, "requests to " + step)
            t.equal(where.connections - before, 3, "connections to " + step)


@case("an answer that is slow but in time is waited for")
def _(t):
    t.aws.sts.fault("slow", delay_s=1.5)
    t.aws.signin.fault("slow", delay_s=1.5)
    t.ok(t.run())


@case("both hosts are connected to while STS is still to answer")
def _(t):
    t.aws.sts.fault("hang")
    running = t.start("--timeout", "4")
    met = t.aws.signin.wait(lambda e: e.snis)
    result = t.finish(running)
    t.fails(result, 69)
    t.true(met, "a handshake with sign-in before STS has answered")


@case("STS on loopback may be asked without TLS")
def _(t):
    plain = t.aws.plain_sts()
    words = ["--endpoint-url", "http://127.0.0.1:%d" % plain.port]
    network = t.network("us-east-1")
    if not t.on_443:
        del network[2:4]       # the stand-in's own --endpoint-url
    t.ok(t.run(*words, *network, net=False))
    t.equal(len(plain.all("GetFederationToken")), 1, "requests at the plain endpoint")


@case("http:// is refused for STS elsewhere and for sign-in everywhere, before any connection")
def _(t):
    for words in (("--endpoint-url", "http://sts.us-east-1.amazonaws.com"), ("--endpoint-url", "http://192.0.2.7:80"),
                  ("--signin-endpoint-url", "http://127.0.0.1:%d" % t.aws.signin.port),
                  ("--endpoint-url", "ftp://127.0.0.1/"), ("--endpoint-url", "https://"), ("--endpoint-url", "nonsense url")):
        t.fails(t.run(*t.network("us-east-1"), *words, net=False), (64, 78), "http|url")
        t.offline()


@case("AWS_ENDPOINT_URL is STS's and not sign-in's", "443")
def _(t):
    t.ok(t.run(env={"AWS_ENDPOINT_URL": "https://" + facts.sts_host("us-east-1")}))
    t.equal({r.host for r in t.aws.signin.all()}, {facts.signin_host("us-east-1")}, "hosts asked for sign-in")


@case("a host that is not AWS's is named on stderr before keys go to it")
def _(t):
    port = t.aws.signin.port
    words = ["--signin-endpoint-url", "https://localhost:%d" % port, "--resolve", "localhost:%d:%s" % (port, t.aws.signin.address)]
    result = t.run(*t.network("us-east-1"), *words, net=False)
    t.says(result, "localhost")


@case("--resolve works with and without a port, and is refused when it is malformed")
def _(t):
    words = t.network("us-east-1")
    bare = [w.replace(":443:", ":") if t.on_443 else w.replace(":%d:127" % t.aws.sts.port, ":127")
            .replace(":%d:127" % t.aws.signin.port, ":127") for w in words]
    t.ok(t.run(*bare, net=False))
    for word in ("nonsense", "host:99999:127.0.0.1", "host:443:not-an-address", "host:443:", ":443:127.0.0.1"):
        t.fails(t.run("--resolve", word), (64, 78), "resolve")


@case("the request tells who sends it, closes the connection and asks for no coding")
def _(t):
    t.ok(t.run())
    for request in t.aws.requests():
        t.true("postern" in (request.header("user-agent") or ""), "a User-Agent")
        t.true((request.header("accept-encoding") or "identity") == "identity", "no content coding")
        t.equal(request.tls, "TLSv1.2", "TLS version")
        t.true(request.header("expect") is None, "no Expect")
