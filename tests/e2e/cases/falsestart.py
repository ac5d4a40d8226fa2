# SPDX-License-Identifier: MIT
"""TLS False Start (RFC 7918): the request leaves with our Finished, and nothing of an answer is used before the server's
Finished has been verified, whoever stands on the path. The relay is middle.py's."""
import contextlib

import realm as facts
from harness import case
from middle import ALERT, ANSWER, CHANGE_CIPHER_SPEC, DATA, HANDSHAKE, Middle, clear_record

FORGED = b"""<GetFederationTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetFederationTokenResult>
<Credentials><AccessKeyId>ASIAFORGEDFORGEDFORG</AccessKeyId><SecretAccessKey>forgedforgedforgedforgedforgedforgedforg</SecretAccessKey>
<SessionToken>Zm9yZ2Vk</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
<FederatedUser><Arn>arn:aws:sts::123456789012:federated-user/x</Arn><FederatedUserId>123456789012:x</FederatedUserId>
</FederatedUser></GetFederationTokenResult></GetFederationTokenResponse>"""


@contextlib.contextmanager
def relay(t, behave, service="sts"):
    """A relay before one endpoint, and the options that lead through it."""
    endpoint = getattr(t.aws, service)
    middle = Middle((endpoint.address.rpartition(".")[0] + ".7", 443), (endpoint.address, 443), behave)
    host = {"sts": facts.sts_host, "signin": facts.signin_host}[service]("us-east-1")
    network = [w.replace(endpoint.address, middle.listener.getsockname()[0]) if w.startswith(host) else w
               for w in t.network("us-east-1")]
    try:
        yield middle, network
    finally:
        middle.stop()


def through(t, behave, *words, service="sts", **how):
    """Run with a relay before one endpoint; answers the result and the relay."""
    with relay(t, behave, service) as (middle, network):
        return t.run(*words, *network, net=False, **how), middle


def hold_until_asked(middle, who, kind, number):
    """Keep the server's Finished back until the request has been seen: only a client that starts early gets on."""
    return who == "client" or kind != CHANGE_CIPHER_SPEC or middle.wait_for("client", DATA)


@case("the request leaves with our Finished, before the server's", "443")
def _(t):
    result, middle = through(t, hold_until_asked, "-v")
    t.ok(result)
    t.says(result, "sts: waiting for the answer of .* \\(False Start\\)")
    t.true(middle.passed.index((1, "client", DATA)) < middle.passed.index((1, "server", CHANGE_CIPHER_SPEC)), "the request first")


@case("with temporary keys both requests leave early", "443")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    for service in ("sts", "signin"):
        result, _ = through(t, hold_until_asked, "-v", service=service, keys=keys)
        t.ok(result)
        t.says(result, service + ": waiting for the answer of .* \\(False Start\\)")


@case("--no-false-start and a token code wait for the server's Finished", "443")
def _(t):
    serial = "arn:aws:iam::123456789012:mfa/alice"
    user = t.realm.user(mfa_serial=serial, mfa_codes={"123456"})
    role = t.realm.role(mfa=True).arn
    for words in (("--no-false-start",), ("--role-arn", role, "--serial-number", serial, "--token-code", "123456")):
        result, middle = through(t, lambda *_: True, *words, keys=user)
        t.ok(result)
        t.true(middle.passed.index((1, "client", DATA)) > middle.passed.index((1, "server", CHANGE_CIPHER_SPEC)),
               "the request last at %s" % words[0])


def forge(kinds):
    def behave(middle, who, kind, number):
        """Once the request was seen, say all this in the clear, and let nothing of the server's through any more."""
        if who == "server" and kind == CHANGE_CIPHER_SPEC and middle.wait_for("client", DATA):
            for kind, payload in kinds:
                middle.to_client(clear_record(kind, payload))
        return who == "client" or not middle.saw("server", CHANGE_CIPHER_SPEC)
    return behave


@case("an answer in the clear is not taken for one: nothing is released before the server's Finished", "443")
def _(t):
    answer = DATA, ANSWER % (len(FORGED), FORGED)
    change = CHANGE_CIPHER_SPEC, b"\x01"
    finished = HANDSHAKE, b"\x14\x00\x00\x0c" + bytes(12)
    # All runs with sign-in's relay last: what they ask may be recorded when they are over.
    for service in ("sts", "signin"):
        for records in ([answer], [change, answer], [finished, answer], [change, finished, answer]):
            for keys in (t.user, t.realm.session(facts.ROLE, t.user)):
                t.aws.signin.requests.clear()
                result, middle = through(t, forge(records), service=service, keys=keys)
                t.true(middle.saw("client", DATA), "a request that left early")
                if service == "sts" and keys is not t.user:
                    continue            # who the keys are is beside the way: the URL is not withheld
                if keys is t.user and service == "signin":
                    continue            # that link is ready before it is used: see the first case
                t.fails(result, 76, step="tls")
                t.true(service == "signin" or not t.aws.signin.all(), "no request to sign-in")
                t.equal(middle.connections, 1, "connections: a forger gets no second try")


def silent(middle, who, kind, number):
    return who == "client" or not middle.saw("server", CHANGE_CIPHER_SPEC)


@case("a server that never sends its Finished is given up at the deadline, and nothing was believed", "443")
def _(t):
    result, middle = through(t, silent, "-v", "--timeout", "2")
    t.fails(result, 69, "given up after 2 s")
    t.true(middle.saw("client", DATA), "a request that left early")


def dislike(how):
    def behave(middle, who, kind, number):
        if who == "server" and kind == CHANGE_CIPHER_SPEC and middle.connections == 1:
            middle.wait_for("client", DATA)
            how(middle)
            return False
        return middle.connections > 1 or silent(middle, who, kind, number)
    return behave


@case("a server that dislikes False Start is asked once more without it, which -v shows", "443")
def _(t):
    for how in (Middle.cut, lambda middle: middle.to_client(clear_record(ALERT, b"\x02\x0a"))):
        result, middle = through(t, dislike(how), "-v")
        t.ok(result)
        t.says(result, "once more without it")
        t.equal(middle.connections, 2, "connections")
        t.true(middle.passed.index((2, "client", DATA)) > middle.passed.index((2, "server", CHANGE_CIPHER_SPEC)),
               "the second request last")


@case("STS that dislikes False Start still says whose temporary keys these are", "443")
def _(t):
    result, middle = through(t, dislike(Middle.cut), "-v", keys=t.realm.session(facts.ROLE, t.user))
    t.ok(result)
    t.silent_about(result, "did not say whose keys")
    t.equal(middle.connections, 2, "connections")


@case("nothing leaves early to a server whose certificate or key exchange is not good", "443")
def _(t):
    for fault in ("untrusted", "wrong_name", "expired", "self_signed"):
        t.aws.sts.faults.clear()
        t.aws.sts.fault(fault)
        result, middle = through(t, lambda *_: True)
        t.fails(result, 68)
        t.true(not middle.saw("client", DATA), "no request at %s" % fault)


@case("a server that stalls after an early request is asked once more without it", "443", "waits")
def _(t):
    result, middle = through(t, lambda middle, who, *rest: middle.connections > 1 or silent(middle, who, *rest),
                             "-v", "--timeout", "25")
    t.ok(result)
    t.says(result, "once more without it")
    t.equal(middle.connections, 2, "connections")
