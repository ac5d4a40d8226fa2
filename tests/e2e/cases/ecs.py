# SPDX-License-Identifier: MIT
"""Keys of a container's endpoint, as ECS and EKS have it: which URLs are asked, what is shown to them, and every answer
that gives no keys. A container's endpoint that is named but fails is an error, never a reason to look further."""
import linklocal
from cases._servers import server
from cases._sources import NOBODY, config, container, imds, kept_away, keys_of, profile
from cases.creds import handed_out
from ecs import POD, TASK
from harness import case

RELATIVE, FULL = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"
TOKEN, TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
BASIC, JWT = "Basic Y29udGFpbmVyIHNlY3JldCBvZiBhIHRhc2s=", "eyJhbGciOiJSUzI1NiIsImtpZCI6IjFiIn0.eyJhdWQiOlsicG9kcyJdfQ.c2lnbmF0dXJl"
NO_KEYS = (66, 76)


def run(t, at, *words, env=None, **how):
    return t.run(*words, keys=False, env=dict(at.env, **(env or {})), **how)


def served(t, result, at):
    t.equal(t.ok(result).keys, at.app.keys, "keys")
    return result


# --- which URLs ------------------------------------------------------------------------------------------------------

@case("container keys become a URL for just these keys")
def _(t):
    at = container(t)
    served(t, run(t, at), at)
    request, = at.all()
    t.equal((request.method, request.target, request.header("accept"), request.header("authorization")),
            ("GET", TASK, "application/json", None), "the request")
    keys, found = handed_out(t, run(t, at, "creds"))
    t.equal((keys, "Expiration" in found["Credentials"]), (at.app.keys, True), "keys of creds, and their end")


@case("container keys are asked for with the query of the URL")
def _(t):
    at = container(t, path=TASK + "?role=a%20b&n=1")
    served(t, run(t, at), at)


for host, address in (("localhost", "127.0.0.1"), ("127.9.8.7", "127.9.8.7"), ("[::1]", "::1")):
    def _loopback(t, host=host, address=address):
        if ":" in address:
            linklocal.need_ipv6()
        at = container(t, address=address)
        served(t, run(t, at, env={FULL: "http://%s:%d%s" % (host, at.port, TASK)}), at)
    case("container URLs lead to %s over http" % host, *(["netns"] if host == "[::1]" else []))(_loopback)


@case("a container's variable that is set and empty is exit 78, for the instance's keys are not the container's")
def _(t):
    metadata = imds(t)
    for name in (RELATIVE, FULL):
        result = t.run(keys=False, env=dict(metadata.env, **{name: ""}))
        t.hint(t.fails(result, 78, name + " is set, and empty", step="credentials"), "unset")
    t.equal(metadata.all(), [], "requests to instance metadata")


@case("container URLs over https lead to any host, whose certificate is checked")
def _(t):
    at = container(t, tls=True)
    env = {FULL: "https://keys.corp.example:%d%s" % (at.port, TASK)}
    words = ("--resolve", "keys.corp.example:%d:%s" % (at.port, at.address))
    served(t, run(t, at, *words, env=env), at)
    for fault, code in (("wrong_name", 68), ("untrusted", 68), ("expired", (68, 71))):
        at.fault(fault, times=1)
        t.fails(run(t, at, *words, env=env), code, step="tls")
    t.equal(len(at.all()), 1, "requests")


for url in ("http://10.0.0.1/keys", "http://192.0.2.7/keys", "http://[2001:db8::1]/keys", "http://169.254.169.254/keys",
            "http://169.254.170.3/keys", "http://126.0.0.1/keys", "ftp://127.0.0.1/keys", "127.0.0.1/keys", "nonsense"):
    def _forbidden(t, url=url):
        t.fails(t.run(keys=False, env={FULL: url}), 78, FULL, step="credentials|options")
        t.offline()
    case("container URLs that AWS does not allow are exit 78 with the variable's name: " + url)(_forbidden)


@case("container URLs of a name over http are asked only where all its addresses are allowed")
def _(t):
    at = container(t)
    with server(t) as dns:
        env = {FULL: "http://keys.corp.example:%d%s" % (at.port, TASK)}
        dns.zone["keys.corp.example"] = ["127.0.0.1"]
        served(t, run(t, at, env=env, servers=[dns.where()]), at)
        dns.zone["keys.corp.example"] = ["127.0.0.1", "192.0.2.7"]
        t.fails(run(t, at, env=env, servers=[dns.where()]), 78, "keys.corp.example|" + FULL)
    t.equal(len(at.all()), 1, "requests")


@case("container URLs are never asked through a proxy")
def _(t):
    at = container(t)
    served(t, run(t, at, env={"http_proxy": NOBODY, "HTTP_PROXY": NOBODY}), at)


@case("container URLs are part of --explain, which asks them nothing")
def _(t):
    result = run(t, container(t), "--explain")
    t.equal(result.code, 0, "exit code")
    t.true("container" in result.out, "a word of the container")
    t.offline()


# --- the real addresses ----------------------------------------------------------------------------------------------

@case("container keys of ECS are found by a relative URI, which beats a full one, and are shown the token", "netns")
def _(t):
    with linklocal.on_loopback(linklocal.ECS):
        at, other = container(t, address=linklocal.ECS, port=80), container(t)
        served(t, t.run(keys=False, env={RELATIVE: TASK, **other.env}), at)
        at.app.authorization = t.realm.hide(BASIC)
        served(t, t.run(keys=False, env={RELATIVE: TASK, TOKEN: BASIC}), at)
        t.equal({r.header("host") for r in at.all()}, {linklocal.ECS}, "Host")
        t.equal(other.connections, 0, "connections to the full URI")


for host in (linklocal.EKS, linklocal.EKS6):
    def _pod(t, host=host):
        with linklocal.on_loopback(host):
            at = container(t, path=POD, address=host, port=80, authorization=JWT)
            url = "http://%s%s" % ("[%s]" % host if ":" in host else host, POD)
            served(t, t.run(keys=False, env={FULL: url, TOKEN_FILE: t.file("pod-token", JWT)}), at)
    case("container keys of EKS Pod Identity are found at %s with a token file" % host, "netns")(_pod)


@case("container endpoints without a route are exit 69 and name the address", "netns")
def _(t):
    result = t.run("--timeout", "20", keys=False, env={RELATIVE: TASK})
    t.fails(result, 69, "169.254.170.2")


# --- what is shown to it ---------------------------------------------------------------------------------------------

@case("container tokens are shown as they are, and a token file beats the variable")
def _(t):
    at = container(t, authorization=BASIC)
    served(t, run(t, at, env={TOKEN: BASIC}), at)
    at = container(t, authorization=JWT)
    served(t, run(t, at, env={TOKEN: BASIC, TOKEN_FILE: t.file("pod-token", JWT)}), at)
    served(t, run(t, at, env={TOKEN_FILE: t.file("pod-token", JWT + "\n")}), at)


for what, text, code in (("has two lines", JWT + "\n" + JWT, (65, 66)), ("has a carriage return", JWT + "\rx", (65, 66)),
                         ("is empty", "", (65, 66)), ("is longer than any token", "t" * 100000, (65, 66)),
                         ("has a NUL", JWT.encode() + b"\0", (65, 66))):
    def _token_file(t, text=text, code=code):
        at = container(t, authorization=JWT)
        t.fails(run(t, at, env={TOKEN_FILE: t.file("pod-token", text)}), code, "pod-token|container", step="credentials")
        t.offline()
    case("container token files are refused before any network: one that " + what)(_token_file)


@case("container token files that are not there are exit 66 with their path")
def _(t):
    at = container(t, authorization=JWT)
    t.fails(run(t, at, env={TOKEN_FILE: t.dir + "/pod-token"}), 66, "pod-token: no such file", step="credentials")
    t.offline()


@case("container tokens with a line end in the variable are refused before any network, and not quoted")
def _(t):
    at = container(t, authorization=BASIC)
    for spoiled in (BASIC + "\r\nX: y", BASIC + "\ny"):
        t.fails(run(t, at, env={TOKEN: spoiled}), (65, 66, 78), TOKEN, step="credentials")
    t.offline()


# --- what gives no keys ----------------------------------------------------------------------------------------------

HTML = b"<!DOCTYPE html><html><body>Welcome</body></html>"
REFUSALS = (
    ("answers 400", (66, 76, 77), ("400",), {"name": "reply", "status": 400}),
    ("answers 401", 77, ("401",), {"name": "reply", "status": 401}),
    ("answers 403", 77, ("403",), {"name": "reply", "status": 403}),
    ("answers 404", NO_KEYS, ("404",), {"name": "reply", "status": 404}),
    ("answers with a page", NO_KEYS, ("JSON",), {"name": "reply", "body": HTML}),
    ("answers with nothing", NO_KEYS, ("JSON",), {"name": "reply"}),
    ("answers with a list", NO_KEYS, (), {"name": "reply", "body": b"[]"}),
    ("answers with a redirect", NO_KEYS, ("302",), {"name": "redirect"}),
    ("answers without end", NO_KEYS, (), {"name": "flood"}),
)

for what, code, words, fault in REFUSALS:
    def _refused(t, code=code, words=words, fault=fault):
        at, further = container(t), imds(t)
        at.fault(**fault)
        t.fails(run(t, at, env=further.env), code, r"container|127\.0\.0\.1", *words, step="credentials")
        t.equal(further.connections, 0, "connections to instance metadata")
        kept_away(t)
    case("container endpoints that fail are an error, and metadata is not asked: one that " + what)(_refused)


@case("container endpoints that want another token are exit 77, and the hint speaks of it")
def _(t):
    at = container(t, authorization=JWT)
    result = run(t, at)
    t.fails(result, 77, "401", step="credentials")
    t.hint(result, "token")
    t.fails(run(t, at, env={TOKEN: BASIC}), 77, "401", step="credentials")
    kept_away(t)


for field in ("AccessKeyId", "SecretAccessKey", "Token"):
    def _without(t, field=field):
        keys = keys_of(t)
        whole = {"AccessKeyId": keys.key_id, "SecretAccessKey": keys.secret, "Token": keys.token}
        at = container(t, keys, document={k: v for k, v in whole.items() if k != field})
        t.fails(run(t, at), (65, 66, 76), "container", field, step="credentials")
        kept_away(t)
    case("container keys without %s are refused by that name" % field)(_without)


@case("container keys that have expired are refused before AWS is asked")
def _(t):
    t.fails(run(t, container(t, keys_of(t, duration_s=-100))), (66, 77), "expired", step="credentials")
    kept_away(t)


@case("container endpoints that answer 500 are asked three times", "waits")
def _(t):
    at = container(t)
    at.fault("internal_empty", times=2)
    served(t, run(t, at), at)
    t.equal(len(at.all()), 3, "requests")
    at = container(t)
    at.fault("internal_empty")
    t.fails(run(t, at), (66, 75), "500", step="credentials")
    t.equal(len(at.all()), 3, "requests")


@case("container endpoints that say nothing are exit 69 with their address, after three attempts", "waits")
def _(t):
    at = container(t)
    at.fault("hang")
    t.fails(run(t, at), 69, r"127\.0\.0\.1")
    t.equal(len(at.all()), 3, "requests")
    kept_away(t)


@case("container endpoints that say nothing are given up with --timeout", "waits")
def _(t):
    at = container(t)
    at.fault("hang")
    t.fails(run(t, at, "--timeout", "1"), 69, r"127\.0\.0\.1")
    t.equal(len(at.all()), 1, "requests")


@case("container endpoints that refuse the connection are exit 69 with their address", "waits")
def _(t):
    at, further = container(t), imds(t)
    at.deaf()
    t.fails(run(t, at, env=further.env), 69, r"127\.0\.0\.1")
    t.equal(further.connections, 0, "connections to instance metadata")


@case("container variables count though --profile is given, when the profile has no keys of its own")
def _(t):
    at = container(t)
    env = config(t, profile("bare", region="us-east-1"))
    served(t, run(t, at, "--profile", "bare", env=env), at)
