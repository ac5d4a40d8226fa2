#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The far side: both endpoints of the stand-in AWS with a chain like AWS's own, a CONNECT proxy and a name server.
`stand.py FOLDER STS SIGNIN PORT` says that it runs, waits for a line, and listens until standard input ends; each more
line is answered with the number of tunnels so far (place.py)."""
import json
import os
import shutil
import socket
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(os.path.dirname(HERE), "e2e"))
import realm as facts                    # noqa: E402  pylint: disable=wrong-import-position
from dnsstand import DnsStand            # noqa: E402  pylint: disable=wrong-import-position
from pki import Pki                      # noqa: E402  pylint: disable=wrong-import-position
from server import Endpoint              # noqa: E402  pylint: disable=wrong-import-position
from signin import Signin                # noqa: E402  pylint: disable=wrong-import-position
from sts import Sts                      # noqa: E402  pylint: disable=wrong-import-position

REGION = "us-east-1"
# What makes AWS's certificates as long as they are: where to ask about them, and what logs have seen the leaf.
ABOUT = ("certificatePolicies=2.23.140.1.2.1\ncrlDistributionPoints=URI:http://crl.%s.example/%s.crl\n"
         "authorityInfoAccess=OCSP;URI:http://ocsp.%s.example,caIssuers;URI:http://crt.%s.example/%s.cer\n")
LOGGED = "1.3.6.1.4.1.11129.2.4.2=DER:04:82:01:6c" + ":5a" * 0x16c + "\n"
HOSTS = {"sts": facts.sts_host(REGION), "signin": facts.signin_host(REGION)}
PROXY_PORT, DNS_PORT = 3128, 53


class RsaPki(Pki):
    """Four RSA-2048 certificates, as AWS serves: leaf, issuer, the root that clients trust and the one before it, both
    signed by an older authority."""

    def __init__(self, folder):
        super().__init__(folder, {name: [host, "localhost"] for name, host in HOSTS.items()})
        self._root("oldest", "Stand-in Class 2 Certification Authority", "rsa")
        self._authority("services", "Stand-in Services Root Certificate Authority G2", "oldest")
        self._root("anchor", "Stand-in Root CA 1", "rsa")
        shutil.copy(self._path("anchor.key"), self._path("cross.key"))
        self._authority("cross", "Stand-in Root CA 1", "services")
        self._authority("issuer", "Stand-in RSA 2048 M01", "anchor")
        self.ca_file = self._path("anchor.pem")

    def _authority(self, base, title, issuer):
        if not os.path.exists(self._path(base + ".key")):
            self._key(base, "rsa")
        self._sign(base, title, issuer, -1000, 3000,
                   "basicConstraints=critical,CA:true\nkeyUsage=critical,digitalSignature,keyCertSign,cRLSign\n"
                   "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n" + ABOUT % ((issuer,) * 5))

    def _leaf(self, endpoint, kind):
        base = "%s-%s" % (endpoint, kind)
        self._key(base, "rsa")
        self._sign(base, HOSTS[endpoint], "issuer", -30, 365,
                   "basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature,keyEncipherment\n"
                   "extendedKeyUsage=serverAuth,clientAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
                   "subjectAltName=%s\n" % ",".join("DNS:" + host for host in self.names[endpoint])
                   + ABOUT % (("issuer",) * 5) + LOGGED)
        with open(self._path(base + "-chain.pem"), "w") as out:
            for part in (base, "issuer", "cross", "services"):
                with open(self._path(part + ".pem")) as one:
                    out.write(one.read())
        return self._path(base + "-chain.pem"), self._path(base + ".key")


class Proxy:
    """Carries CONNECT tunnels to the endpoints, which it knows by name, on an address and port of its own."""

    def __init__(self, address, targets):
        self.targets, self.tunnels = targets, 0
        self.listener = socket.create_server(address, backlog=64)
        self.listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)       # connections inherit it
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            near, _ = self.listener.accept()
            threading.Thread(target=self._tunnel, args=(near,), daemon=True).start()

    def _tunnel(self, near):
        head = b""
        with near:
            while b"\r\n\r\n" not in head:
                data = near.recv(4096)
                if not data:
                    return
                head += data
            method, target, _ = head.split(b"\r\n")[0].decode("ascii", "replace").split(" ", 2)
            where = self.targets.get(target.rpartition(":")[0])
            if method != "CONNECT" or not where:
                near.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                return
            with socket.create_connection(where) as far:
                far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.tunnels += 1
                near.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=self._carry, args=(far, near), daemon=True)
                back.start()
                self._carry(near, far)
                back.join()

    @staticmethod
    def _carry(source, sink):
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return


def main(folder, sts_at, signin_at, port):
    print("here", flush=True)
    if not sys.stdin.readline():
        return                                       # the link did not come up
    pki, clock = RsaPki(folder), facts.Clock()
    realm = facts.Realm(clock)
    ends = {"sts": Endpoint("sts", (sts_at, int(port)), Sts(realm), clock, pki),
            "signin": Endpoint("signin", (signin_at, int(port)), Signin(realm), clock, pki)}
    for end in ends.values():
        end.listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    far = sts_at != signin_at
    proxy = Proxy((sts_at, PROXY_PORT if far else 0), {HOSTS[n]: (e.address, e.port) for n, e in ends.items()})
    if far:
        DnsStand((sts_at, DNS_PORT), {HOSTS[n]: [e.address] for n, e in ends.items()})
    user, role = realm.user(), realm.role()
    with open(pki.leaf("sts", "good")[0]) as chain:
        chain_bytes = sum(len(line.strip()) * 3 // 4 for line in chain if not line.startswith("-"))
    print(json.dumps({
        "hosts": HOSTS, "ports": {n: e.port for n, e in ends.items()},
        "addresses": {n: e.address for n, e in ends.items()},
        "ca_file": pki.ca_file, "proxy_port": proxy.port, "dns": sts_at, "role_arn": role.arn,
        "chain_bytes": chain_bytes, "long_term": user.env(),
        "temporary": realm.session(facts.ROLE, user, role.arn.replace(":iam:", ":sts:")
                                   .replace(":role/", ":assumed-role/") + "/bench", 7200).env()}), flush=True)
    for _ in sys.stdin:
        print(proxy.tunnels, flush=True)
    for end in ends.values():
        end.stop()


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: stand.py FOLDER STS_ADDRESS SIGNIN_ADDRESS PORT   (of use to place.py only)")
    main(*sys.argv[1:])
