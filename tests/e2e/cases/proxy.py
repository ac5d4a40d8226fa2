# SPDX-License-Identifier: MIT
"""Proxies: which one is used and for which host, what goes out to it, and a sentence for each way in which it can fail.
After each case everything that the proxy saw is searched: one CONNECT, then TLS, and no secret outside of it."""
import socket

import realm as facts
from cases._servers import SIGNIN, STS
from cases.names import inside as named
from cases.secrets import scan
from harness import Failed, Skip, case
from proxystand import HTML, ProxyStand, basic

LOGIN, ESCAPED = "us@er:h:nt/r2%-pass", "us%40er:h%3ant%2fr2%25-pass"


def start_proxy(t, **how):
    t.proxy = ProxyStand(t.aws, **how)
    return t.proxy


def judged(body, **how):
    """A case with a proxy of its own, whose record is judged afterwards."""
    def function(t):
        start_proxy(t, **how)
        try:
            body(t)
            for problem in t.proxy.problems(t.realm.secrets()):
                raise Failed("a proxy that sees nothing but CONNECT and TLS, but: " + problem)
        finally:
            t.proxy.stop()
    return function


def proxied(title, *needs, **how):
    def register(body):
        case(title, *needs)(judged(body, **how))
        return body
    return register


def run(t, *words, env=None, variable="https_proxy", url=None, **how):
    return t.run(*words, env=dict({variable: url or t.proxy.url()}, **(env or {})), **how)


def asked(t, region="us-east-1"):
    """Both hosts with their ports, as CONNECT has to name them."""
    return {"%s:%d" % (facts.sts_host(region), t.aws.sts.port), "%s:%d" % (facts.signin_host(region), t.aws.signin.port)}


def both(t, times=1):
    """Each host was asked for so often, and nobody went past the proxy."""
    t.equal(sorted(t.proxy.targets()), sorted(list(asked(t)) * times), "targets of CONNECT")
    t.equal(t.aws.connections(), len(t.proxy.tunnels), "connections to AWS, all of them from the proxy")


def alone(t, past, through):
    """One host was reached directly, the other through the proxy."""
    t.equal([target.rpartition(":")[0] for target in t.proxy.targets()], [through], "targets of CONNECT")
    t.true({r.host for r in t.aws.requests()} == {past, through}, "requests to both hosts")


# --- which proxy -----------------------------------------------------------------------------------------------------

for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
    def _variable(t, variable=name):
        t.ok(run(t, variable=variable))
        both(t)
    proxied("both hosts are reached through the proxy that %s names" % name)(_variable)


@proxied("--proxy leads both hosts through it and beats the variables")
def _(t):
    t.ok(t.run("--proxy", t.proxy.url(), env={"https_proxy": "http://127.0.0.1:1"}))
    both(t)


@proxied("the variables have curl's order, and an empty one counts for nothing")
def _(t):
    dead = "http://127.0.0.1:1"
    t.ok(run(t, env={"HTTPS_PROXY": dead, "all_proxy": dead, "ALL_PROXY": dead}))
    t.ok(run(t, variable="HTTPS_PROXY", env={"https_proxy": "", "all_proxy": dead, "ALL_PROXY": dead}))
    t.ok(run(t, variable="all_proxy", env={"https_proxy": "", "HTTPS_PROXY": "", "ALL_PROXY": dead}))
    both(t, 3)


@proxied("http_proxy is for other things")
def _(t):
    t.ok(run(t, variable="http_proxy", env={"HTTP_PROXY": t.proxy.url()}))
    t.equal(t.proxy.connections, 0, "connections to the proxy")


@proxied("a proxy is named without a scheme, in capitals, with a slash behind it")
def _(t):
    for url in (t.proxy.url(scheme=""), t.proxy.url(scheme="HTTP://"), t.proxy.url() + "/"):
        t.ok(run(t, url=url))
    both(t, 3)


@case("a proxy has an IPv6 address in brackets")
def _(t):
    try:
        judged(lambda t: (t.ok(run(t)), both(t)), address="::1")(t)
    except OSError:
        raise Skip("this host has no ::1") from None


@proxied("an address as a target is put in brackets where it is IPv6's")
def _(t):
    for host, wanted in (("[2001:db8::7]", "[2001:db8::7]:443"), ("192.0.2.7", "192.0.2.7:443")):
        t.proxy.tunnels.clear()
        t.proxy.routes[host.strip("[]")] = t.aws.sts
        result = run(t, *t.network("us-east-1"), "--endpoint-url", "https://" + host, net=False)
        t.fails(result, 68)
        t.true(wanted in t.proxy.targets(), "CONNECT " + wanted)


@proxied("--explain and -v name the proxy's host and port and never its login", login=LOGIN)
def _(t):
    t.other_secrets += [LOGIN, LOGIN.partition(":")[2], ESCAPED.partition(":")[2], basic(LOGIN)[6:]]
    name = r"proxy 127\.0\.0\.1:%d" % t.proxy.port
    result = run(t, "--explain", url=t.proxy.url(ESCAPED))
    t.equal((result.code, t.proxy.connections), (0, 0), "exit code, connections")
    t.true(result.out.count("proxy 127.0.0.1:%d" % t.proxy.port) == 2, "the proxy named for both hosts")
    result = run(t, "-v", url=t.proxy.url(ESCAPED))
    t.ok(result)
    t.says(result, "sts: .*" + name, "signin: .*" + name)


# --- which hosts -----------------------------------------------------------------------------------------------------

@proxied("NO_PROXY keeps hosts from the proxy by name and by suffix, and all by a lone *")
def _(t):
    for words in ("*", "amazonaws.com,.amazon.com", " x , .AmazonAWS.com. %s" % SIGNIN, "%s,%s" % (STS, SIGNIN)):
        for variable in ("NO_PROXY", "no_proxy"):
            t.ok(run(t, env={variable: words}))
    t.equal(t.proxy.connections, 0, "connections to the proxy")


@proxied("NO_PROXY holds for each host by itself")
def _(t):
    t.ok(run(t, env={"NO_PROXY": "amazonaws.com"}))
    alone(t, STS, SIGNIN)
    t.proxy.tunnels.clear()
    t.ok(run(t, env={"no_proxy": "aws.amazon.com", "NO_PROXY": "*"}))
    alone(t, SIGNIN, STS)


@proxied("NO_PROXY does not take names apart anywhere but at a dot, nor a * among others")
def _(t):
    t.ok(run(t, env={"NO_PROXY": "mazonaws.com,*.amazonaws.com,*,x.%s,%s:443,https://%s" % (STS, STS, STS)}))
    both(t)


@proxied("NO_PROXY holds for --proxy, too, as in curl")
def _(t):
    t.ok(t.run("--proxy", t.proxy.url(), env={"NO_PROXY": "*"}))
    t.equal(t.proxy.connections, 0, "connections to the proxy")


@proxied("this host is never asked for through a proxy")
def _(t):
    plain = t.aws.plain_sts()
    for host, endpoint in (("http://127.0.0.1:%d" % plain.port, plain), ("http://localhost:%d" % plain.port, plain),
                           ("https://localhost:%d" % t.aws.sts.port, t.aws.sts)):
        t.proxy.tunnels.clear()
        endpoint.requests.clear()
        words = ["--resolve", "localhost:%d:%s" % (endpoint.port, endpoint.address)]
        t.ok(run(t, *t.network("us-east-1"), *words, "--endpoint-url", host, net=False))
        t.equal(len(endpoint.all("GetFederationToken")), 1, "requests to " + host)
        t.equal([target.rpartition(":")[0] for target in t.proxy.targets()], [SIGNIN], "targets of CONNECT")


@named("names of AWS are the proxy's to resolve, and only its own name is asked for")
def _(t, zone):
    zone.clear()
    zone["proxy.corp.example"] = ["127.0.0.1"]

    def body(t):
        t.ok(t.run("--ca-bundle", t.bundle, env={"https_proxy": "http://proxy.corp.example:%d" % t.proxy.port}, net=False))
        t.equal(set(t.dns.names()), {"proxy.corp.example"}, "names asked")
        both(t)
    judged(body)(t)


@named("a proxy whose name does not exist is exit 69, and the proxy is named")
def _(t, zone):
    zone.clear()
    result = t.run("--ca-bundle", t.bundle, "--timeout", "4", env={"https_proxy": "http://proxy.corp.example:3128"}, net=False)
    t.fails(result, 69, r"proxy\.corp\.example", step="dns|proxy")
    t.hint(result)


@proxied("--resolve gives the address of a proxy by name")
def _(t):
    name = "proxy.corp.example"
    t.ok(run(t, "--resolve", "%s:127.0.0.1" % name, url="http://%s:%d" % (name, t.proxy.port)))
    both(t)


# --- at the same time ------------------------------------------------------------------------------------------------

@proxied("CONNECT goes out for both hosts before either is answered")
def _(t):
    t.proxy.fault("together", count=2)
    t.ok(run(t, "--timeout", "10"))
    both(t)


@proxied("a request that is signed again goes through the proxy, too")
def _(t):
    t.aws.clock.offset_s = 3600
    result = run(t)
    t.equal(result.code, 0, "exit code")
    t.equal(len(t.aws.sts.all()), 2, "requests to STS")
    t.equal(t.aws.connections(), len(t.proxy.tunnels), "connections to AWS, all of them from the proxy")
    t.equal(set(t.proxy.targets()), asked(t), "targets of CONNECT")


@proxied("temporary keys and whose they are go through the proxy")
def _(t):
    t.ok(run(t, keys=t.realm.session(facts.ROLE, t.user)))
    t.equal(sorted(t.actions()), ["GetCallerIdentity", "getSigninToken"], "what was asked")
    both(t)


# --- logins ----------------------------------------------------------------------------------------------------------

@proxied("user and password of the variable go to the proxy and nowhere else", login=LOGIN)
def _(t):
    t.other_secrets += [LOGIN.partition(":")[2], ESCAPED.partition(":")[2]]
    t.ok(run(t, "-v", url=t.proxy.url(ESCAPED)))
    both(t)
    t.equal({tunnel.field("proxy-authorization") for tunnel in t.proxy.tunnels}, {basic(LOGIN)}, "what the proxy was told")
    for request in t.aws.requests():
        t.true(request.header("proxy-authorization") is None and basic(LOGIN).encode()[6:] not in request.head + request.body,
               "no proxy login in a request to AWS")


@proxied("without user data nothing is said of a login")
def _(t):
    t.ok(run(t))
    t.equal({tunnel.field("proxy-authorization") for tunnel in t.proxy.tunnels}, {None}, "what the proxy was told")


@proxied("the proxy's password is nowhere in memory at exit, and at the first connection only as it is sent", "root",
         "release", login=LOGIN)
def _(t):
    password = "correct-horse-battery-staple"
    t.proxy.login = "me:" + password
    keys = type("Env", (), {"env": lambda self: dict(t.user.env(), HTTPS_PROXY=t.proxy.url("me:" + password))})()

    def needles(stop):
        found = {"password": password, "secret": t.user.secret}
        return dict(found, sent=basic(t.proxy.login)[10:40]) if stop == "exit" else found
    found, status, _ = scan(t, needles, keys=keys)
    t.equal((found, status), ({"connect": [], "exit": []}, 0), "places found, and exit status")
    both(t)


@proxied("user data in --proxy is exit 64 before any connection and is not said again")
def _(t):
    for words in (("--proxy", "http://me:hunter2hunter2@127.0.0.1:1"), ("--proxy=me:hunter2hunter2@127.0.0.1:1",),
                  ("--proxy=http://me:hunter2hunter2@127.0.0.1:1", "--duration", "12"),
                  ("--proxy=http://me:hunter2hunter2@127.0.0.1:1", "--timeout", "x")):
        result = t.run(*words)
        t.fails(result, 64, "proxy" if len(words) < 3 else "")
        t.silent_about(result, "hunter2")
        t.hint(result)
        t.offline()


# --- what is refused before any network ------------------------------------------------------------------------------

@proxied("a proxy of another kind is exit 64 by its name, before any connection")
def _(t):
    for kind in ("https", "HTTPS", "socks4", "socks4a", "socks5", "socks5h"):
        result = run(t, url=t.proxy.url("me:hunter2hunter2", kind + "://"), variable="ALL_PROXY")
        t.fails(result, 64, "ALL_PROXY", kind, step="proxy")
        t.hint(result, "http://")
        t.silent_about(result, "hunter2")
        t.fails(t.run("--proxy", t.proxy.url(scheme=kind + "://")), 64, kind, step="proxy")
    t.offline()
    t.equal(t.proxy.connections, 0, "connections to the proxy")


@proxied("a proxy's URL that is none is exit 64 before any connection, and is not said again")
def _(t):
    for url in ("http://me:hunter2 2@127.0.0.1:1", "http://me:hunter2@127.0.0.1:1\r\nX-Evil: 1", "http://hunter2\n", "\thunter2",
                "http://me:hunter2%0d%0aX:y@127.0.0.1:1", "http://127.0.0.1:hunter2", "http://127.0.0.1:0", "http://:1",
                "http://127.0.0.1:1/hunter2", "hunter2://127.0.0.1:1", "http://me:hun/ter2@127.0.0.1:1"):
        result = run(t, url=url)
        t.fails(result, 64, "https_proxy", step="proxy")
        t.silent_about(result, "hun", "evil")
        t.hint(result)
    t.offline()


@proxied("a proxy that cannot be used does not matter when NO_PROXY is *")
def _(t):
    t.ok(run(t, url="socks5://127.0.0.1:1", env={"NO_PROXY": "*"}))


# --- answers that open the tunnel ------------------------------------------------------------------------------------

for title, data in (
        ("as HTTP/1.0", b"HTTP/1.0 200 Connection established\r\n\r\n"),
        ("with a Content-Length", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
        ("as chunked", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("with framing that contradicts itself",
         b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: x\r\nTransfer-Encoding: gzip\r\nContent-Encoding: br\r\n\r\n"),
        ("with 299 and many headers", b"HTTP/1.1 299 Fine\r\nVia: 1.1 x\r\nConnection: close\r\nX-Cache: MISS\r\n\r\n"),
        ("after 100 and 103", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
        ("with 60 KiB of headers", b"HTTP/1.1 200 OK\r\n" + 60 * (b"X-Filler: " + b"x" * 1012 + b"\r\n") + b"\r\n")):
    for how in ("opened", "byte_by_byte"):
        if how == "byte_by_byte" and len(data) > 10000:
            continue

        def _opens(t, data=data, how=how):
            t.proxy.fault(how, data=data)
            t.ok(run(t))
            both(t)
        proxied("a tunnel that is opened %s works, %s" % (title, how.replace("_", " ").replace("opened", "at once")))(_opens)


# --- answers that do not ---------------------------------------------------------------------------------------------

def refused(t, *words, code=69, step="proxy", **how):
    result = run(t, "--timeout", "5", **how)
    t.fails(result, code, *words, step=step)
    t.silent_about(result, "<html", "guest", "wifi", "body")
    t.hint(result)
    t.equal((t.aws.connections(), t.actions()), (0, []), "connections to AWS, requests")
    return result


def once(t):
    """Nobody was asked twice."""
    t.equal(len(t.proxy.targets()), len(set(t.proxy.targets())), "CONNECTs, one per host")


PAGE = HTML + b"<p>body</p>"
for title, headers, body in (
        ("without a body", ["Proxy-Authenticate: Basic realm=\"x\""], b""),
        ("with a body", ["Proxy-Authenticate: Basic realm=\"x\"", "Content-Type: text/plain"], b"body body body"),
        ("with HTML", ["Proxy-Authenticate: Negotiate", "Proxy-Authenticate: Basic realm=\"x\"", "Content-Type: text/html"], PAGE),
        ("with gzip", ["Content-Encoding: gzip"], b"\x1f\x8b\x08\x00body"),
        ("without a challenge", [], PAGE)):
    def _login(t, headers=headers, body=body):
        t.proxy.refuse("407 Proxy Authentication Required", headers, body)
        result = refused(t, r"proxy 127\.0\.0\.1:\d+ wants a login")
        t.hint(result, r"export https_proxy=http://USER:PASSWORD@127\.0\.0\.1:%d" % t.proxy.port)
        once(t)
    proxied("407 %s is exit 69: the proxy wants a login" % title)(_login)


@proxied("407 names the variable that gave the proxy, or what takes the place of --proxy")
def _(t):
    t.proxy.refuse("407 Proxy Authentication Required", ['Proxy-Authenticate: Basic realm="x"'])
    t.hint(refused(t, variable="ALL_PROXY"), "export ALL_PROXY=")
    t.hint(t.run("--timeout", "5", "--proxy", t.proxy.url()), "export https_proxy=", "leave --proxy out")


@proxied("407 to a login is exit 69, said as such, and no other is tried", login=LOGIN)
def _(t):
    t.other_secrets.append("wrong-wrong-wrong")
    result = refused(t, "does not take this user and password", url=t.proxy.url("me:wrong-wrong-wrong"))
    t.hint(result, "%40")
    once(t)


@proxied("407 that offers no Basic is exit 69 and names the way round")
def _(t):
    t.proxy.refuse("407 Login", ["Proxy-Authenticate: NTLM", "Proxy-Authenticate: Negotiate"])
    result = refused(t, "not Basic")
    t.hint(result, "relay")
    once(t)


@proxied("403 is exit 69 with the host that the proxy does not allow")
def _(t):
    t.proxy.refuse("403 Forbidden", ["Content-Type: text/html"], PAGE)
    refused(t, "does not allow (%s|%s)" % (STS, SIGNIN))
    once(t)


@proxied("403 for sign-in alone is exit 69 and names it")
def _(t):
    t.proxy.refuse("403 Forbidden", host=SIGNIN)
    t.fails(run(t, "--timeout", "5"), 69, "does not allow " + SIGNIN, step="proxy")
    t.true(set(t.proxy.targets()) == asked(t), "no other sign-in host after a proxy's refusal")


for status in ("502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"):
    @proxied("%s is exit 69 with host and status" % status[:3])
    def _(t, status=status):
        t.proxy.refuse(status, ["Content-Type: text/html"], PAGE)
        refused(t, "does not reach (%s|%s)" % (STS, SIGNIN), status[:3])

    @proxied("%s once is tried again and works" % status[:3])
    def _(t, status=status):
        t.proxy.refuse(status, times=1, host=STS)
        t.ok(run(t))
        t.equal(t.proxy.targets().count("%s:%d" % (STS, t.aws.sts.port)), 2, "CONNECTs to STS")

for status in ("301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"):
    @proxied("%s from a proxy is exit 69 and not followed" % status[:3])
    def _(t, status=status):
        t.proxy.refuse(status, ["Location: http://127.0.0.1:%d/evil-place" % t.aws.plain_sts().port], PAGE)
        t.silent_about(refused(t, "redirected", "not followed"), "evil-place")
        once(t)

for status in ("400 Bad Request", "404 Not Found", "405 Method Not Allowed", "429 Too Many Requests", "500 Oops", "501 Not"):
    @proxied("%s from a proxy is exit 69 with the status" % status[:3])
    def _(t, status=status):
        t.proxy.refuse(status, ["Content-Type: text/html"], PAGE)
        refused(t, status[:3])


# --- somebody else in the tunnel -------------------------------------------------------------------------------------

@proxied("HTML right behind the 200 is exit 76: not TLS")
def _(t):
    t.proxy.fault("instead", data=PAGE)
    refused(t, "not TLS|does not speak TLS", code=76, step="tls")


@proxied("HTML in answer to the client's hello is exit 76: not TLS")
def _(t):
    t.proxy.fault("instead", data=PAGE, after_hello=True)
    refused(t, "not TLS|does not speak TLS", code=76, step="tls")


@proxied("a second answer in the tunnel is exit 76: not TLS")
def _(t):
    t.proxy.fault("instead", data=b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n", after_hello=True)
    refused(t, "not TLS|does not speak TLS", code=76, step="tls")


@proxied("a certificate that is not AWS's is refused in a tunnel, too")
def _(t):
    for fault in ("untrusted", "wrong_name"):
        t.aws.sts.faults.clear()
        t.aws.sts.fault(fault)
        t.fails(run(t), 68)
        t.equal(t.actions(), [], "what was asked")


# --- lines that break ------------------------------------------------------------------------------------------------

for title, fault, params, code, step in (
        ("closes without an answer", "answer", {}, 69, "proxy"),
        ("resets without an answer", "reset", {}, 69, "proxy"),
        ("closes within its answer", "answer", {"data": b"HTTP/1.1 200 OK\r\nVia: "}, 69, "proxy"),
        ("closes after its 200", "answer", {"data": b"HTTP/1.1 200 OK\r\n\r\n"}, (69, 76), "tls"),
        ("resets after its 200", "reset", {"data": b"HTTP/1.1 200 OK\r\n\r\n"}, (69, 76), "tls|proxy"),
        ("says nothing", "silent", {}, 69, "proxy"),
        ("says nothing after its 200", "silent", {"data": b"HTTP/1.1 200 OK\r\n\r\n"}, 69, "tls"),
        ("stops within its answer", "silent", {"data": b"HTTP/1.1 200 OK\r\nVia: "}, 69, "proxy"),
        ("drips its header", "drip", {}, 69, "proxy"),
        ("never ends its header", "endless", {}, 69, "proxy"),
        ("never ends a line", "endless", {"line": b"x" * 4096}, 69, "proxy"),
        ("sends interim answers without end", "endless", {"data": b"", "line": b"HTTP/1.1 100 Continue\r\n\r\n"}, 69, "proxy"),
        ("sends 70 KiB of header", "opened", {"data": b"HTTP/1.1 200 OK\r\n" + 70 * (b"X: " + b"x" * 1019 + b"\r\n") + b"\r\n"},
         69, "proxy"),
        ("answers 101", "answer", {"data": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"}, 69, "proxy"),
        ("is no proxy", "answer", {"data": b"SSH-2.0-OpenSSH_9.2\r\n"}, 69, "proxy"),
        ("speaks TLS itself", "answer", {"data": b"\x15\x03\x03\x00\x02\x02\x46"}, 69, "proxy"),
        ("sends HTML without a header", "answer", {"data": PAGE}, 69, "proxy")):
    def _breaks(t, fault=fault, params=params, code=code, step=step):
        t.proxy.fault(fault, **params)
        result = run(t, "--timeout", "3")
        t.fails(result, code, step=step)
        t.hint(result)
        t.silent_about(result, "wifi", "body")
        t.true(result.wall < 4.5, "an end at the deadline or before, and not %.1f s" % result.wall)
        t.equal(t.actions(), [], "what was asked")
    proxied("a run ends in time and says so when the proxy %s" % title)(_breaks)


@case("a proxy that refuses the connection is exit 69 and is named")
def _(t):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        result = t.run("--timeout", "5", env={"https_proxy": "http://127.0.0.1:%d" % port})
    t.fails(result, 69, "refused", r"127\.0\.0\.1", "proxy", step="connect|proxy")
    t.hint(result)
    t.offline()


@proxied("a proxy that only STS gets through is exit 69 at sign-in")
def _(t):
    t.proxy.fault("answer", host=SIGNIN)
    t.fails(run(t, "--timeout", "5"), 69, step="proxy")
