# SPDX-License-Identifier: MIT
"""Instance metadata: version 2 and when version 1 will do, what switches it off, every answer that gives no keys, and what
is said where there is nothing at all. Mostly on loopback, by the endpoint override; the real addresses in a namespace."""
import json

import linklocal
import realm as facts
from cases._sources import NOBODY, config, imds, kept_away, keys_of, label_of, profile
from cases.creds import handed_out
from harness import case
from imds import TTL, UNTRUSTED
from proxystand import ProxyStand

ROOM_S = 10        # far more than the second that is allowed, far less than the deadline that a bug would wait for
NO_KEYS = (66, 76)
A_SECOND = {"AWS_METADATA_SERVICE_TIMEOUT": None}


def run(t, at, *words, env=None, **how):
    return t.run(*words, keys=False, env=dict(at.env, **(env or {})), **how)


def served(t, result, at):
    """The URL is for the keys of this instance."""
    t.equal(t.ok(result).keys, at.app.keys, "keys")
    return result


def actions(at):
    return [r.action for r in at.all()]


# --- version 2 -------------------------------------------------------------------------------------------------------

@case("metadata gives an instance's keys by a token, and a URL for just these keys")
def _(t):
    at = imds(t)
    served(t, run(t, at), at)
    t.equal(actions(at), ["token", "role", "keys"], "requests")
    put, *gets = at.all()
    t.equal((put.method, put.header(TTL)), ("PUT", "21600"), "method and life of the token")
    t.true(all(g.token in at.app.tokens for g in gets), "the token on every GET")
    t.equal([r.header("authorization") for r in at.all()], [None] * 3, "Authorization")


@case("metadata endpoints with and without a slash at the end are the same")
def _(t):
    at = imds(t)
    served(t, run(t, at, env={"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:%d/" % at.port}), at)


@case("metadata is asked by creds, too, which knows when the keys end")
def _(t):
    at = imds(t)
    keys, found = handed_out(t, run(t, at, "creds"))
    t.equal((keys, "Expiration" in found["Credentials"]), (at.app.keys, True), "keys, and their end")


@case("metadata keys assume a role, as chained ones")
def _(t):
    at = imds(t)
    t.equal(t.ok(run(t, at, "--role-arn", t.realm.role().arn)).keys.kind, facts.CHAINED, "kind of keys")
    t.equal(t.aws.sts.last("AssumeRole").keys, at.app.keys, "keys that signed")


@case("metadata names the region where nothing else does", "443")
def _(t):
    at = imds(t, region="eu-west-1")
    result = run(t, at, region=None, regions=("us-east-1", "eu-west-1"))
    t.equal(t.ok(result, region="eu-west-1").keys, at.app.keys, "keys")


@case("metadata is not asked for a region that is known")
def _(t):
    at = imds(t, region="eu-west-1")
    served(t, run(t, at), at)
    t.equal([a for a in actions(at) if a not in ("token", "role", "keys")], [], "other requests")


@case("metadata is never asked through a proxy")
def _(t):
    at, proxy = imds(t), ProxyStand(t.aws)
    try:
        for variable in ("https_proxy", "all_proxy"):
            served(t, run(t, at, env={variable: proxy.url(), "http_proxy": NOBODY, "HTTP_PROXY": NOBODY}), at)
        t.true(not any("127.0.0.1" in target for target in proxy.targets()), "no CONNECT for metadata")
    finally:
        proxy.stop()


@case("metadata is part of --explain, which asks it nothing")
def _(t):
    result = run(t, imds(t), "--explain")
    t.equal(result.code, 0, "exit code")
    t.true("metadata" in result.out, "a word of metadata")
    t.offline()


@case("metadata endpoints may stand in the profile")
def _(t):
    at = imds(t)
    env = config(t, profile(ec2_metadata_service_endpoint=at.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"]))
    served(t, t.run(keys=False, env=dict(env, AWS_EC2_METADATA_DISABLED=None)), at)


@case("metadata keeps a connection that the other side keeps")
def _(t):
    at = imds(t)
    at.app.closes = False
    served(t, run(t, at), at)


for name, how in (("in chunks", {"name": "chunked"}), ("byte by byte", {"name": "dribble"}), ("without a length", {"name": "unframed"})):
    def _sent(t, how=how):
        at = imds(t)
        at.fault(**how)
        served(t, run(t, at), at)
    case("metadata answers are read when they come " + name)(_sent)


# --- version 1 -------------------------------------------------------------------------------------------------------

for status in (403, 404, 405):
    def _v1(t, status=status):
        at = imds(t, v1=True, refusal=status)
        served(t, run(t, at), at)
        t.equal([g.header("x-aws-ec2-metadata-token") for g in at.all()[1:]], [None, None], "tokens")
    case("metadata of version 1 is used where a token is answered by %d" % status)(_v1)


@case("metadata of version 1 is used where a token never comes", "waits")
def _(t):
    at = imds(t, v1=True)
    at.fault("hang", action="token")
    served(t, run(t, at, env=A_SECOND), at)


def v1_off(t, at, env):
    result = run(t, at, env=env)
    t.fails(result, NO_KEYS, "metadata", "V1|version 1|token", step="credentials")
    t.equal([a for a in actions(at) if a != "token"], [], "requests without a token")


@case("metadata of version 1 is not used where that is switched off")
def _(t):
    v1_off(t, imds(t, v1=True, refusal=403), {"AWS_EC2_METADATA_V1_DISABLED": "true"})
    v1_off(t, imds(t, v1=True, refusal=404), config(t, profile(ec2_metadata_v1_disabled="TRUE")))
    kept_away(t)


@case("metadata whose token never comes and that insists on one says what the hop limit does", "waits")
def _(t):
    at = imds(t)
    at.fault("hang", action="token")
    result = run(t, at, env=A_SECOND)
    t.fails(result, (66, 69, 76), "metadata", "token", "hop", step="credentials")
    kept_away(t)


@case("metadata that answers a token's request with 400 is an error, not version 1")
def _(t):
    at = imds(t, v1=True, refusal=400)
    t.fails(run(t, at), NO_KEYS, "metadata", "400", step="credentials")
    t.equal(actions(at), ["token"], "requests")


# --- what gives no keys ----------------------------------------------------------------------------------------------

HTML = b"<!DOCTYPE html><html><body>Welcome to another cloud</body></html>"
REFUSALS = (        # what metadata does, and the words for it; a fault, or a change of the application
    ("no role is attached", NO_KEYS, ("role",), lambda at: setattr(at.app, "role", None)),
    ("the role may not be assumed by EC2", (66, 76, 77), ("AssumeRoleUnauthorizedAccess",),
     lambda at: setattr(at.app, "document", UNTRUSTED)),
    ("the name of the role is empty", NO_KEYS, ("role",), lambda at: at.fault("reply", action="role", body=b"")),
    ("the name of the role is a page", NO_KEYS, ("role|name",), lambda at: at.fault("reply", action="role", body=HTML)),
    ("the name of the role is a path", NO_KEYS, ("role|name",), lambda at: at.fault("reply", action="role", body=b"../../user-data")),
    ("the name of the role has a line end in it", NO_KEYS, ("role|name",),
     lambda at: at.fault("reply", action="role", body=b"a HTTP/1.1\r\nHost: b\r\n\r\n")),
    ("the name of the role is very long", NO_KEYS, (), lambda at: at.fault("reply", action="role", body=b"r" * 5000)),
    ("the token is a page", NO_KEYS, ("token",), lambda at: at.fault("reply", action="token", body=HTML)),
    ("the token is empty", NO_KEYS, ("token",), lambda at: at.fault("reply", action="token", body=b"")),
    ("the token is very long", NO_KEYS, (), lambda at: at.fault("reply", action="token", body=b"t" * 100000)),
    ("the token has a line end in it", NO_KEYS, ("token",), lambda at: at.fault("reply", action="token", body=b"a\r\nHost: b")),
    ("the keys are a page", NO_KEYS, ("JSON",), lambda at: at.fault("reply", action="keys", body=HTML)),
    ("the keys are cut JSON", NO_KEYS, ("JSON",), lambda at: at.fault("reply", action="keys", body=b'{"Code" : "Success",')),
    ("the keys are a list", NO_KEYS, (), lambda at: at.fault("reply", action="keys", body=b"[]")),
    ("the keys have no end", NO_KEYS, (), lambda at: at.fault("flood", action="keys")),
    ("the header of the keys has no end", NO_KEYS, (), lambda at: at.fault("flood", action="keys", head=b"", more=b"A: b\r\n")),
    ("the keys are cut off", (66, 69, 76), (), lambda at: at.fault("cut", action="keys")),
    ("the keys are answered by 403", (66, 77), ("403",), lambda at: at.fault("reply", action="keys", status=403)),
    ("the keys are answered by 404", NO_KEYS, ("404",), lambda at: at.fault("reply", action="keys", status=404)),
    ("the keys are answered by 500", (66, 75), ("500",), lambda at: at.fault("reply", action="keys", status=500)),
    ("the keys are behind a redirect", NO_KEYS, ("302",), lambda at: at.fault("redirect", action="keys")),
    ("it speaks another protocol", (66, 69, 76), (), lambda at: at.fault("garbage_tls")),
)


for what, code, words, spoil in REFUSALS:
    def _refused(t, code=code, words=words, spoil=spoil):
        at = imds(t)
        spoil(at)
        t.fails(run(t, at), code, r"metadata|127\.0\.0\.1", *words, step="credentials")
        kept_away(t)
    case("metadata where %s gives no URL, and says so" % what)(_refused)


for field in ("AccessKeyId", "SecretAccessKey", "Token"):
    def _without(t, field=field):
        at = imds(t)
        whole = {"Code": "Success", "AccessKeyId": at.app.keys.key_id, "SecretAccessKey": at.app.keys.secret,
                 "Token": at.app.keys.token}
        at.app.document = {k: v for k, v in whole.items() if k != field}
        t.fails(run(t, at), NO_KEYS, "metadata", field, step="credentials")
        kept_away(t)
    case("metadata keys without %s are refused by that name" % field)(_without)


@case("metadata keys that have expired are refused before AWS is asked")
def _(t):
    at = imds(t, keys_of(t, duration_s=-100))
    t.fails(run(t, at), (66, 77), "expired", step="credentials")
    kept_away(t)


@case("metadata that falls silent or drips after the token is exit 66 or 69 in good time", "waits")
def _(t):
    for action, fault in (("role", "hang"), ("keys", "hang"), ("keys", "drip_reply")):
        at = imds(t)
        at.fault(fault, action=action)
        result = run(t, at, env=A_SECOND)
        t.fails(result, (66, 69), "metadata", step="credentials")
        t.true(result.wall < ROOM_S, "an end after a second or so")


@case("metadata has as long, and as many attempts, as the variables say", "waits")
def _(t):
    at = imds(t)
    at.fault("slow", action="keys", delay_s=2)
    served(t, run(t, at), at)
    at = imds(t)
    at.fault("unavailable", action="role", times=2)
    served(t, run(t, at, env={"AWS_METADATA_SERVICE_NUM_ATTEMPTS": "3"}), at)
    t.equal(actions(at).count("role"), 3, "requests for the role")


# --- settings --------------------------------------------------------------------------------------------------------

@case("metadata is left alone where AWS_EC2_METADATA_DISABLED is true in any case, and only then")
def _(t):
    at = imds(t)
    for word in ("true", "True", "TRUE"):
        result = run(t, at, env={"AWS_EC2_METADATA_DISABLED": word})
        t.fails(result, 66, "AWS_EC2_METADATA_DISABLED", step="credentials")
    t.offline()
    for word in ("false", "", "1"):
        served(t, run(t, at, env={"AWS_EC2_METADATA_DISABLED": word}), at)


for variable, value, key in (("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ipv5", "ec2_metadata_service_endpoint_mode"),
                             ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ftp://127.0.0.1/", "ec2_metadata_service_endpoint"),
                             ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "nonsense", "ec2_metadata_service_endpoint"),
                             ("AWS_METADATA_SERVICE_TIMEOUT", "soon", "metadata_service_timeout"),
                             ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "many", "metadata_service_num_attempts")):
    def _unusable(t, variable=variable, value=value, key=key):
        env = {"AWS_EC2_METADATA_DISABLED": None}
        t.fails(t.run(keys=False, env=dict(env, **{variable: value})), 78, variable, step="credentials|options")
        result = t.run(keys=False, env=dict(env, **config(t, profile(**{key: value}))))
        t.fails(result, 78, key + "|" + variable, step="credentials|options")
        t.offline()
    case("metadata settings that cannot be used are exit 78 by name: %s=%s" % (variable, value))(_unusable)


# --- where there is nothing ------------------------------------------------------------------------------------------

def nothing(t, result, *words):
    t.fails(result, 66, "no credentials", r"environment \(not set\)", *words, step="credentials")
    t.hint(result, "AWS_ACCESS_KEY_ID")
    kept_away(t)


@case("nothing at all is exit 66 with what was tried: no HOME, metadata switched off")
def _(t):
    nothing(t, t.run(keys=False), "no HOME", "metadata.*AWS_EC2_METADATA_DISABLED")


@case("nothing at all with a HOME names the files that are not there")
def _(t):
    nothing(t, t.run(keys=False, env={"HOME": t.dir}), r"\.aws/credentials \(not there\)", r"\.aws/config \(not there\)", "metadata")


@case("nothing at all on a host that refuses metadata says so")
def _(t):
    at = imds(t)
    at.deaf()
    nothing(t, run(t, at), "instance metadata")


@case("nothing at all on a host that swallows metadata says that no answer came in a second", "waits")
def _(t):
    at = imds(t)
    at.deaf(full=True)
    result = run(t, at, env=A_SECOND)
    nothing(t, result, r"instance metadata \(.*\b1 s")
    t.true(result.wall < ROOM_S, "an end after a second or so")


@case("nothing at all on another cloud, which answers with a page, is exit 66 and not version 1 with that page")
def _(t):
    at = imds(t)
    at.fault("reply", status=404, body=HTML, content_type="text/html")
    t.fails(run(t, at), NO_KEYS, "metadata", step="credentials")
    kept_away(t)


# --- the real addresses ----------------------------------------------------------------------------------------------

def real(t, address, env=None):
    with linklocal.on_loopback(address):
        at = imds(t, address=address, port=80)
        served(t, t.run(keys=False, env=dict({"AWS_EC2_METADATA_DISABLED": None}, **(env or {}))), at)
        t.equal({r.header("host") for r in at.all()}, {"[%s]" % address if ":" in address else address}, "Host")
        at.stop()


@case("metadata is found at 169.254.169.254", "netns")
def _(t):
    real(t, linklocal.IMDS)


@case("metadata is found at fd00:ec2::254 in IPv6 mode", "netns")
def _(t):
    for env in ({"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"}, {"AWS_IMDS_USE_IPV6": "true"},
                config(t, profile(ec2_metadata_service_endpoint_mode="ipv6"))):
        real(t, linklocal.IMDS6, env)


@case("metadata modes give way to an endpoint", "netns")
def _(t):
    at = imds(t)
    served(t, run(t, at, env={"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv6"}), at)


@case("metadata that has no route is in the list of what was tried", "netns")
def _(t):
    result = t.run(keys=False, env={"AWS_EC2_METADATA_DISABLED": None})
    nothing(t, result, "instance metadata")
    t.true(result.wall < ROOM_S, "an end after a second or so")


@case("metadata is left alone where keys are found elsewhere")
def _(t):
    at = imds(t)
    t.ok(t.run(env=at.env))
    t.equal(label_of(t.ok(t.run(keys=keys_of(t, "Env"), env=at.env)).keys), "Env", "keys")
    t.ok(run(t, at, "--credentials", "-", stdin=json.dumps({"AccessKeyId": t.user.key_id,
                                                            "SecretAccessKey": t.user.secret}).encode()))
    t.equal(at.connections, 0, "connections to metadata")
