# SPDX-License-Identifier: MIT
"""A second opinion on STS: moto_server, where it is installed, which other people wrote from the same documentation.
It has no sign-in endpoint, so the stand-in's is told of the keys that moto hands out."""
import contextlib
import re
import shutil
import socket
import subprocess
import time
import urllib.request

import realm as facts
from harness import Failed, Skip, case


@contextlib.contextmanager
def moto():
    """The port of a moto_server of our own, which is ended by its handle."""
    program = shutil.which("moto_server")
    if not program:
        raise Skip("moto_server is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([program, "-H", "127.0.0.1", "-p", str(port)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        give_up = time.monotonic() + 60
        while True:
            if server.poll() is not None:
                raise Skip("moto_server does not start")
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            if time.monotonic() > give_up:
                raise Failed("moto_server to listen within a minute")
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def adopt(t, port, kind, body):
    """Ask moto once, and tell the stand-in's sign-in of the keys that it answers with, which are always the same."""
    scope = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=00"
    request = urllib.request.Request("http://127.0.0.1:%d/" % port, body.encode(), {"Authorization": scope})
    with urllib.request.urlopen(request, timeout=20) as reply:
        text = reply.read().decode()
    values = [re.search("<%s>([^<]+)</%s>" % (n, n), text).group(1) for n in ("AccessKeyId", "SecretAccessKey", "SessionToken")]
    return t.realm.session(kind, t.user, key_id=values[0], secret=values[1], token=values[2].strip())


@case("moto's GetFederationToken is understood")
def _(t):
    with moto() as port:
        keys = adopt(t, port, facts.FEDERATED, "Action=GetFederationToken&Version=2011-06-15&Name=bob&DurationSeconds=3600")
        network = t.network("us-east-1")
        if not t.on_443:
            del network[2:4]
        result = t.run("--endpoint-url", "http://127.0.0.1:%d" % port, *network, net=False)
    t.equal(t.ok(result).keys.key_id, keys.key_id, "keys")


@case("moto's AssumeRole is understood as far as its keys go")
def _(t):
    with moto() as port:
        network = t.network("us-east-1")
        if not t.on_443:
            del network[2:4]
        result = t.run("--endpoint-url", "http://127.0.0.1:%d" % port, "--role-arn", "arn:aws:iam::123456789012:role/Admin",
                       *network, net=False)
    t.fails(result, 77, step="signin")
    session = t.aws.signin.last("getSigninToken").form["Session"]
    t.true(re.search(r'"sessionId": ?"ASIA\w{16}"', session), "moto's keys at the sign-in endpoint")
    found = re.search(r'"sessionKey": ?"([^"]+)"', session).group(1)
    t.true(found not in result.err, "no secret on stderr")
