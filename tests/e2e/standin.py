#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A stand-in for AWS on loopback: an STS endpoint and a sign-in endpoint over real TLS, sharing one realm of users,
roles and sessions. Used as a module by the tests; `standin.py DIR` runs it alone and prints one line of JSON."""
import json
import random
import signal
import socket
import sys

import realm as facts
from pki import Pki
from server import Endpoint
from signin import Signin
from sts import Sts

REGIONS = ("us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-central-1", "cn-north-1", "cn-northwest-1",
           "us-gov-west-1", "us-gov-east-1", "eusc-de-east-1", "us-iso-east-1")
NAMES = {
    "sts": [facts.sts_host(r) for r in REGIONS] + ["sts.amazonaws.com", "sts.corp.example", "localhost", "127.0.0.1"] +
           ["sts-fips.us-east-1.amazonaws.com", "sts.us-east-1.api.aws", "sts-fips.us-east-1.api.aws",
            "vpce-1.sts.us-east-1.vpce.amazonaws.com"],
    "signin": [n for row in facts.PARTITIONS for n in (row[3], "*." + row[3])] + ["signin.corp.example", "localhost"] +
              ["signin-fips.us-east-1.amazonaws.com", "signin.us-east-1.api.aws", "signin-fips.us-east-1.api.aws",
               "signin-fips.us-west-2.amazonaws.com", "signin-fips.amazonaws-us-gov.com"],
    "sso": [n % r for r in REGIONS[:5] for n in ("portal.sso.%s.amazonaws.com", "oidc.%s.amazonaws.com")],
    "container": ["localhost", "127.0.0.1", "keys.corp.example"],
}


def loopback_pair(port):
    """Two loopback addresses with this port free on both; port 0 leaves the choice of port to the kernel."""
    if port == 0:
        return "127.0.0.1", "127.0.0.1"
    for _ in range(50):
        net = "127.%d.%d." % (random.randrange(64, 128), random.randrange(256))
        try:
            for host in (net + "1", net + "2"):
                socket.create_server((host, port)).close()
            return net + "1", net + "2"
        except PermissionError:
            raise
        except OSError:
            continue
    raise OSError("no free loopback address for port %d" % port)


def may_listen_on_443():
    try:
        loopback_pair(443)
        return True
    except OSError:
        return False


class StandIn:
    """sts and signin are Endpoints (server.py), realm holds who exists, clock can be shifted by setting offset_s."""

    def __init__(self, pki, port=0):
        self.pki = pki
        self.clock = facts.Clock()
        self.realm = facts.Realm(self.clock)
        self.signin_app = Signin(self.realm)
        self.sts, self.signin = self._pair(port)
        self.others = []

    def _pair(self, port):
        """Both endpoints; a port that was free a moment ago may be held by a run that has just been started."""
        for last in (False,) * 20 + (True,):
            sts_at, signin_at = loopback_pair(port)
            sts = None
            try:
                sts = Endpoint("sts", (sts_at, port), Sts(self.realm), self.clock, self.pki)
                return sts, Endpoint("signin", (signin_at, port), self.signin_app, self.clock, self.pki)
            except OSError:
                if sts:
                    sts.stop()
                if last:
                    raise

    def plain_sts(self):
        """One more STS endpoint, without TLS, for `--endpoint-url http://127.0.0.1:PORT`."""
        return self.serve("sts", Sts(self.realm))

    def serve(self, name, app, address="127.0.0.1", port=0, tls=False):
        """One more endpoint: of instance metadata (imds.py), of a container (ecs.py), of Identity Center (sso.py)."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.others.append(Endpoint(name, (address, port), app, self.clock, self.pki if tls else None, family))
        return self.others[-1]

    def endpoints(self):
        return [self.sts, self.signin, *self.others]

    def requests(self):
        return [r for e in self.endpoints() for r in e.all()]

    def connections(self):
        return sum(e.connections for e in self.endpoints())

    def stop(self):
        for endpoint in self.endpoints():
            endpoint.stop()


def main(folder):
    aws = StandIn(Pki(folder, NAMES))
    user = aws.realm.user()
    print(json.dumps({
        "sts_url": "https://%s:%d" % (facts.sts_host("us-east-1"), aws.sts.port),
        "signin_url": "https://%s:%d" % (facts.signin_host("us-east-1"), aws.signin.port),
        "sts_port": aws.sts.port, "signin_port": aws.signin.port, "address": aws.sts.address,
        "ca_file": aws.pki.ca_file, "env": user.env(), "role_arn": aws.realm.role().arn}), flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    aws.stop()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: standin.py DIR   (certificates are made in DIR; ends by SIGTERM or Ctrl-C)")
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main(sys.argv[1])
