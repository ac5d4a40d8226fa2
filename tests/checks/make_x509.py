# SPDX-License-Identifier: MIT
"""Writes tests/checks/cases/x509.json: chains made with the openssl command, and what is due to each.

    python3 tests/checks/make_x509.py

The keys are new each time and thrown away. Dates are fixed: leaves are good in 2024 and
2025, and most cases ask in the middle of that. Cases named after C2SP's x509-limbo are
chains of our own that stand on the rule of the case of that name."""

import base64
import datetime
import json
import os
import re
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
HOST = "sts.eu-west-1.example.com"
CONFIG = """
[ca]
default_ca = only
[only]
new_certs_dir = .
database = index.txt
rand_serial = yes
default_md = sha256
policy = names
unique_subject = no
[names]
organizationName = optional
commonName = optional
"""
CA = "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\n"
LEAF = "basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\n"
SERVER = "extendedKeyUsage=serverAuth\n"
KEYS = {"ec": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "p384": ["EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        "p521": ["EC", "-pkeyopt", "ec_paramgen_curve:P-521"], "k1": ["EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
        "ed": ["ED25519"], "rsa1024": ["RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
        "rsa2047": ["RSA", "-pkeyopt", "rsa_keygen_bits:2040"], "rsa": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        "rsa-e8": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_pubexp:%d" % (2 ** 64 - 59)],
        "rsa-e9": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_pubexp:%d" % (2 ** 64 + 13)],
        "rsa3072": ["RSA", "-pkeyopt", "rsa_keygen_bits:3072"], "rsa4096": ["RSA", "-pkeyopt", "rsa_keygen_bits:4096"]}


def at(year, month=1, day=1, second=0):
    when = datetime.datetime(year, month, day, tzinfo=datetime.timezone.utc)
    return int(when.timestamp()) + second


class Bench:
    def __init__(self, folder):
        self.folder = folder
        self.cases = []
        for name, text in (("ca.cnf", CONFIG), ("index.txt", ""), ("plain.ext", "")):
            self.write(name, text)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def openssl(self, *words):
        done = subprocess.run(["openssl", *words], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode:
            raise SystemExit("openssl %s: %s" % (" ".join(words), done.stderr.decode()))

    def key(self, name, kind="ec"):
        self.openssl("genpkey", "-algorithm", *KEYS[kind], "-out", name + ".key")

    def certificate(self, name, issuer, extensions, title=None, first=2024, last=2026, kind="ec", digest="sha256", key=None):
        """Makes NAME.der; `issuer` may be the name itself. `key` is the name of a key that is there already."""
        if not key:
            self.key(name, kind)
        key = key or name
        self.write(name + ".ext", extensions)
        self.openssl("req", "-new", "-key", key + ".key", "-subj", "/O=Postern checks/CN=" + (title or name), "-out", name + ".csr")
        who = (["-selfsign", "-keyfile", key + ".key"] if issuer == name else
               ["-cert", issuer + ".pem", "-keyfile", self.keys.get(issuer, issuer) + ".key"])
        self.keys[name] = key
        self.openssl("ca", "-batch", "-notext", "-config", "ca.cnf", *who, "-in", name + ".csr", "-out", name + ".pem",
                     "-startdate", "%d0101000000Z" % first, "-enddate", "%d0101000000Z" % last, "-md", digest,
                     "-extfile", name + ".ext")
        self.openssl("x509", "-in", name + ".pem", "-outform", "DER", "-out", name + ".der")

    keys = {}

    def root(self, name, **more):
        self.certificate(name, name, more.pop("extensions", CA + "subjectKeyIdentifier=hash\n"), **dict(dict(first=2015, last=2040), **more))

    def middle(self, name, issuer, extensions=CA, **more):
        self.certificate(name, issuer, extensions, **dict(dict(first=2020, last=2035), **more))

    def leaf(self, name, issuer, names="DNS:" + HOST, extensions=LEAF + SERVER, **more):
        self.certificate(name, issuer, extensions + ("subjectAltName=%s\n" % names if names else ""), **more)

    def der(self, name):
        with open(os.path.join(self.folder, name + ".der"), "rb") as file:
            return file.read()

    def signed_again(self, name, source, issuer, change):
        """NAME.der is SOURCE.der with what is signed changed, and signed by the issuer's key of P-256."""
        def element(der):
            head = 2 + (der[1] & 0x7F if der[1] & 0x80 else 0)
            size = int.from_bytes(der[2:head], "big") if head > 2 else der[1]
            return der[head:head + size], der[head + size:], der[:head + size]
        inside, _, _ = element(self.der(source))
        _, behind, signed = element(inside)
        algorithm = element(behind)[2]
        self.write_bytes("again.tbs", change(signed))
        self.openssl("dgst", "-sha256", "-sign", issuer + ".key", "-out", "again.sig", "again.tbs")
        with open(os.path.join(self.folder, "again.sig"), "rb") as file:
            bits = b"\0" + file.read()
        content = change(signed) + algorithm + b"\x03" + bytes([len(bits)]) + bits
        self.write_bytes(name + ".der", b"\x30\x82" + len(content).to_bytes(2, "big") + content)

    def write_bytes(self, name, data):
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(data)

    def case(self, name, chain, roots=("root",), words=None, host=HOST, time=at(2025), known=True):
        """`words`: of the refusal; None for a chain that is right. Names of certificates, or bytes."""
        def encode(parts):
            return [base64.b64encode(self.der(p) if isinstance(p, str) else p).decode() for p in parts]
        asked = {"host": host, "time": time, "chain": encode(chain)}
        if known:
            asked["roots"] = encode(roots)
        case = {"name": name, "case": asked, "exit": 0 if words is None else 1}
        if words:
            case["stderr"] = words
        self.cases.append(case)


def authorities(b):
    b.root("root", title="Checks Root CA 1")
    b.root("other", title="Checks Root CA 2")
    b.root("namesake", title="Checks Root CA 1")
    b.root("rsaroot", kind="rsa4096")
    b.root("p384root", kind="p384")
    b.middle("middle", "root")
    b.middle("second", "middle")
    b.middle("middle-by-other", "other", title="middle", key="middle")
    b.middle("root-by-other", "other", title="Checks Root CA 1", key="root")


def right(b):
    b.leaf("leaf", "middle")
    b.leaf("direct", "root")
    b.case("right: leaf and intermediate", ["leaf", "middle"])
    b.case("right: leaf under the root itself", ["direct"])
    b.case("right: the root is sent, too", ["leaf", "middle", "root"])
    b.leaf("deep", "second")
    b.case("right: two intermediates", ["deep", "second", "middle"])
    b.case("right: cross-signed, the newer root is known", ["leaf", "middle", "root-by-other"])
    b.case("right: cross-signed, the older root is known", ["leaf", "middle", "root-by-other"], roots=["other"])
    b.case("right: both roots are known", ["leaf", "middle", "root-by-other"], roots=["root", "other"])
    b.case("right: another root of the same name is known, too", ["leaf", "middle"], roots=["namesake", "root"])
    b.case("right: a broken root beside is passed over", ["leaf", "middle"], roots=[b"\x30\x03\x02\x01\x01", b"", "root"])
    b.case("right: nine roots that the chain does not name", ["leaf", "middle"], roots=["other", "rsaroot", "p384root"] * 3 + ["root"])
    b.case("right: the intermediate is what is trusted", ["leaf", "middle"], roots=["middle"])
    for kind in ("rsa", "rsa3072", "rsa4096", "p384", "p521"):
        b.leaf("leaf-" + kind, "middle", kind=kind)
        b.case("right: leaf with a key of " + kind, ["leaf-" + kind, "middle"])
    for root, digest in (("rsaroot", "sha256"), ("rsaroot", "sha384"), ("rsaroot", "sha512"), ("p384root", "sha384")):
        name = "leaf-%s-%s" % (root, digest)
        b.leaf(name, root, digest=digest)
        b.case("right: signed by %s with %s" % (root, digest), [name], roots=[root])
    b.case("right: first second of the leaf", ["leaf", "middle"], time=at(2024))
    b.case("right: last second of the leaf", ["leaf", "middle"], time=at(2026))
    b.leaf("wild", "middle", names="DNS:*.eu-west-1.example.com")
    b.leaf("many", "middle", names=",".join("DNS:h%d.example.com" % i for i in range(60)) + ",DNS:" + HOST)
    b.case("right: wildcard for one label", ["wild", "middle"])
    b.case("right: the last of 61 names", ["many", "middle"])
    b.case("right: name in capitals", ["leaf", "middle"], host=HOST.upper())
    b.leaf("capitals", "middle", names="DNS:STS.EU-West-1.Example.COM")
    b.case("right: certificate with a name in capitals", ["capitals", "middle"])


def names(b):
    words = "certificate does not have the name"
    b.case("name: another host", ["leaf", "middle"], words=words, host="sts.eu-west-2.example.com")
    b.case("name: a host below", ["leaf", "middle"], words=words, host="x." + HOST)
    b.case("name: the domain above", ["leaf", "middle"], words=words, host="eu-west-1.example.com")
    b.case("name: wildcard for two labels", ["wild", "middle"], words=words, host="a.b.eu-west-1.example.com")
    b.case("name: wildcard for none", ["wild", "middle"], words=words, host="eu-west-1.example.com")
    b.leaf("inner", "middle", names="DNS:s*.eu-west-1.example.com,DNS:sts.*.example.com,DNS:*ts.eu-west-1.example.com")
    b.case("name: wildcard for a part of a label", ["inner", "middle"], words=words)
    b.leaf("mail", "middle", names="email:a@" + HOST + ",URI:https://" + HOST)
    b.case("name: only in a mail address and a URI", ["mail", "middle"], words=words)
    b.leaf("title", "middle", names="DNS:other.example.com", title=HOST)
    b.case("name: only in the title, beside other names", ["title", "middle"], words=words)
    b.leaf("only-title", "middle", names=None, title=HOST)
    b.case("name: only in the title", ["only-title", "middle"], words="no subjectAltName")
    b.leaf("top", "middle", names="DNS:*.com")
    b.case("name: wildcard for a whole top domain", ["top", "middle"], words=words, host="example.com")
    b.leaf("second-level", "middle", names="DNS:*.example.com")
    b.case("right: wildcard with two labels behind it", ["second-level", "middle"], host="sts.example.com")
    b.leaf("only-star", "middle", names="DNS:*,DNS:*.*.example.com,DNS:**.example.com")
    b.case("name: wildcard for a host of one label", ["only-star", "middle"], words=words, host="sts")
    b.case("name: two wildcards", ["only-star", "middle"], words=words, host="sts.x.example.com")
    b.leaf("address", "middle", names="DNS:192.0.2.7,DNS:*.0.2.7")
    b.case("name: an address as text", ["address", "middle"], words="name", host="192.0.2.7")
    b.case("name: a dot behind the host", ["leaf", "middle"], host=HOST + ".")
    b.case("name: two dots behind the host", ["leaf", "middle"], words=words, host=HOST + "..")
    for host in ("a_b.example.com", "-a.example.com", "a..example.com", "a b.example.com", "*.example.com", "ä.example.com"):
        b.leaf("not-ldh", "middle", names="DNS:*.example.com" + (",DNS:" + host if host.isascii() else ""))
        b.case("name: not of letters, digits and hyphens, " + host, ["not-ldh", "middle"], words=words, host=host)
    b.leaf("numeric", "middle", names="IP:192.0.2.7,IP:2001:db8::7,DNS:192.0.2.9,DNS:" + HOST)
    for host, words_of in (("192.0.2.7", None), ("2001:db8::7", None), ("2001:DB8:0:0::7", None), (HOST, None), ("192.0.2.8", words),
                           ("192.0.2.9", words), ("2001:db8::8", words)):
        b.case("%s: an address among addresses, %s" % ("name" if words_of else "right", host), ["numeric", "middle"], words=words_of,
               host=host)
    b.case("name: none", ["leaf", "middle"], words="", host="")


def dates(b):
    b.case("time: expired", ["leaf", "middle"], words="has expired on 2026-01-01T00:00:00Z; the time here is 2027-01-01T00:00:00Z",
           time=at(2027))
    b.case("time: a second too late", ["leaf", "middle"], words="has expired on", time=at(2026, second=1))
    b.case("time: not yet valid", ["leaf", "middle"], words="is not valid before 2024-01-01T00:00:00Z", time=at(2023))
    b.case("time: a second too early", ["leaf", "middle"], words="is not valid before", time=at(2024, second=-1))
    b.case("time: 1970", ["leaf", "middle"], words="the time here is 1970-01-01T00:00:00Z", time=0)
    b.case("time: before 1970", ["leaf", "middle"], words="is not valid before", time=-86401)
    b.case("time: far ahead", ["leaf", "middle"], words="has expired on", time=at(2999))
    b.middle("short", "root", last=2023)
    b.leaf("under-short", "short")
    b.case("time: the intermediate has expired", ["under-short", "short"], words="has expired on 2023-01-01")
    b.middle("early", "root", first=2026)
    b.leaf("under-early", "early")
    b.case("time: the intermediate is not yet valid", ["under-early", "early"], words="is not valid before 2026-01-01")
    b.root("old", last=2023)
    b.leaf("under-old", "old")
    b.root("renewed", title="old", key="old")
    b.case("time: the root has expired", ["under-old"], roots=["old"], words="root old, which is out of date")
    b.case("time: an expired root, and a good one of the same key", ["under-old"], roots=["old", "renewed"])
    b.root("early-root", first=2026)
    b.leaf("under-early-root", "early-root")
    b.case("time: the root is not yet valid", ["under-early-root"], roots=["early-root"], words="which is out of date")
    b.leaf("late", "middle", first=2024, last=2060)
    b.case("time: dates beyond 2049", ["late", "middle"])


def trust(b):
    words = "not in the CA bundle"
    b.case("trust: another root", ["leaf", "middle"], roots=["other"], words=words)
    b.case("trust: no roots", ["leaf", "middle"], roots=[], words=words)
    b.case("trust: the compiled-in roots", ["leaf", "middle"], words="not by Amazon", known=False)
    b.case("trust: another root of the same name", ["direct"], roots=["namesake"], words=words)
    b.case("trust: intermediate missing", ["leaf"], words=words)
    b.case("trust: intermediate of another chain", ["leaf", "short"], words="")
    b.case("trust: one of two intermediates missing", ["deep", "middle"], words="")
    b.certificate("alone", "alone", LEAF + SERVER + "subjectAltName=DNS:%s\n" % HOST)
    b.case("trust: signed by itself", ["alone"], words=words)
    b.leaf("by-leaf", "leaf")
    b.case("trust: signed by a leaf", ["by-leaf", "leaf", "middle"], words="no authority")
    b.middle("no-ca", "root", extensions="keyUsage=critical,keyCertSign\n")
    b.leaf("under-no-ca", "no-ca")
    b.case("trust: intermediate without basic constraints", ["under-no-ca", "no-ca"], words="no authority")
    b.middle("no-sign", "root", extensions="basicConstraints=critical,CA:true\nkeyUsage=critical,cRLSign\n")
    b.leaf("under-no-sign", "no-sign")
    b.case("trust: intermediate that may not sign certificates", ["under-no-sign", "no-sign"], words="")
    b.middle("last-ca", "root", extensions="basicConstraints=critical,CA:true,pathlen:0\nkeyUsage=critical,keyCertSign\n")
    b.middle("beyond", "last-ca")
    b.leaf("under-beyond", "beyond")
    b.case("trust: longer than a path length allows", ["under-beyond", "beyond", "last-ca"], words="")
    b.leaf("under-last", "last-ca")
    b.case("trust: path length of none, and none", ["under-last", "last-ca"])
    b.leaf("strange", "middle", extensions=LEAF + "extendedKeyUsage=clientAuth\n")
    b.case("order: root before the intermediate", ["leaf", "root", "middle"])
    b.case("order: two intermediates swapped", ["deep", "middle", "second"])
    b.case("order: the leaf twice", ["leaf", "leaf", "middle"])
    b.case("order: a stranger between", ["leaf", "other", "middle"])
    b.case("order: a stranger behind", ["leaf", "middle", "other"])
    b.case("order: a stranger first", ["other", "leaf", "middle"])
    for stranger in ("root", "short", "leaf", "mail"):
        b.case("order: first %s, for an address" % stranger, [stranger, "numeric", "middle"], host="192.0.2.7")
    b.case("order: the server's own is not good, another has the name", ["strange", "leaf", "middle"], words="not for TLS servers")
    b.case("trust: a leaf that is trusted as it is", ["leaf"], roots=["leaf"])
    b.leaf("pin", "root", names="DNS:internal.example.com")
    b.leaf("forged", "other", title="pin", key="pin")
    b.case("trust: name and key of a leaf that is trusted, in another certificate", ["forged"], roots=["pin"], words="")
    b.case("trust: a leaf that is trusted as it is, with a wildcard for a top domain", ["top"], roots=["top"], host="example.com",
           words="does not have the name")
    b.case("trust: a leaf that is trusted as it is, with a title only", ["only-title"], roots=["only-title"], words="no subjectAltName")
    b.case("order: reversed", ["root", "middle", "second", "deep"])
    b.case("order: reversed, without a root that is trusted", ["middle", "leaf"], roots=["other"], words="")
    b.middle("crossed", "other", key="middle", title="middle")
    b.case("order: a second way up, to a root that is not trusted, first", ["leaf", "crossed", "middle"])
    b.case("order: a second way up, which is the one that is trusted", ["leaf", "middle", "crossed"], roots=["other"])
    b.case("order: authorities without end", ["leaf"] + ["crossed"] * 9, words="")


def broken(b):
    good = b.der("leaf")
    b.case("broken: no certificate at all", [], words="was not sent")
    b.case("broken: an empty certificate", [b""], words="")
    b.case("broken: no DER", [b"hello"], words="")
    b.case("broken: a bit of the signature", [good[:-1] + bytes([good[-1] ^ 1]), "middle"], words="")
    at_host = good.index(HOST.encode())
    b.case("broken: a letter of the name", [good[:at_host] + b"x" + good[at_host + 1:], "middle"],
           words="signature", host="x" + HOST[1:])
    for part in (1, 4, 100, len(good) // 2, len(good) - 1):
        b.case("broken: cut at byte %d" % part, [good[:part], "middle"], words="")
    b.case("broken: a byte behind", [good + b"\0", "middle"], words="")
    b.case("limits: ten certificates", ["leaf", "middle"] + ["other"] * 8)
    b.case("limits: eleven certificates", ["leaf", "middle"] + ["other"] * 9, words="beyond 10 certificates")
    b.case("limits: 64 KiB and more", ["leaf", "middle", b"\0" * 65535], words="beyond 10 certificates")


def exponents(b):
    """Who chooses the exponent chooses what each signature costs to verify."""
    for kind, words in (("rsa-e8", None), ("rsa-e9", "wrong signature")):
        b.middle("middle-" + kind, "root", kind=kind)
        b.leaf("under-" + kind, "middle-" + kind)
        b.case("%s: intermediate with an exponent of %s bytes" % ("weak" if words else "right", kind[-1]),
               ["under-" + kind, "middle-" + kind], words=words)


def weak(b):
    b.leaf("leaf-rsa1024", "middle", kind="rsa1024")
    b.case("weak: leaf of 1024 bits", ["leaf-rsa1024", "middle"], words="too weak")
    b.leaf("leaf-rsa2040", "middle", kind="rsa2047")
    b.case("weak: leaf of 2040 bits", ["leaf-rsa2040", "middle"], words="too weak")
    b.middle("middle-rsa1024", "root", kind="rsa1024")
    b.leaf("under-rsa1024", "middle-rsa1024")
    b.case("weak: intermediate of 1024 bits", ["under-rsa1024", "middle-rsa1024"], words="too weak")
    b.root("root-rsa1024", kind="rsa1024")
    b.leaf("under-root-rsa1024", "root-rsa1024")
    b.case("weak: root of 1024 bits", ["under-root-rsa1024"], roots=["root-rsa1024"],
           words="root root-rsa1024, which has a key that is too weak")
    exponents(b)
    for digest in ("sha1", "sha224", "md5"):
        b.leaf("leaf-" + digest, "rsaroot", digest=digest)
        b.case("weak: signed with " + digest, ["leaf-" + digest], roots=["rsaroot"], words="")
    for kind in ("k1", "ed"):
        b.leaf("leaf-" + kind, "middle", kind=kind)
        b.case("weak: leaf with a key of a kind that is not taken, " + kind, ["leaf-" + kind, "middle"], words="")


def extensions(b):
    b.leaf("critical", "middle", extensions=LEAF + SERVER + "1.2.3.4=critical,ASN1:NULL\n")
    b.case("extension: unknown and critical", ["critical", "middle"], words="critical extension")
    b.leaf("uncritical", "middle", extensions=LEAF + SERVER + "1.2.3.4=ASN1:NULL\n")
    b.case("extension: unknown and not critical", ["uncritical", "middle"])
    b.middle("critical-ca", "root", extensions=CA + "1.2.3.4=critical,ASN1:NULL\n")
    b.leaf("under-critical-ca", "critical-ca")
    b.case("extension: unknown and critical, in the intermediate", ["under-critical-ca", "critical-ca"], words="critical extension")
    for name, extension, words in (("critical-root", "critical,ASN1:NULL", "root critical-root, which has a critical extension"),
                                   ("uncritical-root", "ASN1:NULL", None)):
        b.root(name, extensions=CA + "1.2.3.4=%s\n" % extension)
        b.leaf("under-" + name, name)
        b.case("limbo: rfc5280::unknown-critical-extension-root" + ("" if words else ", not critical"), ["under-" + name], roots=[name],
               words=words)
    b.leaf("single", "middle", extensions=LEAF + SERVER + "2.5.29.99=DER:300A06082B06010505070301\n1.2.3=ASN1:NULL\n1.2.4=ASN1:NULL\n")
    b.case("extension: each once", ["single", "middle"])
    b.signed_again("double", "single", "middle", lambda der: der.replace(b"\x55\x1d\x63", b"\x55\x1d\x25"))
    b.case("limbo: rfc5280::duplicate-extensions", ["double", "middle"], words="an extension twice")
    b.signed_again("double-unknown", "single", "middle", lambda der: der.replace(b"\x06\x02\x2a\x04", b"\x06\x02\x2a\x03"))
    b.case("extension: an unknown one twice", ["double-unknown", "middle"], words="an extension twice")
    b.middle("single-ca", "root", extensions=CA + "2.5.29.99=DER:03020106\n")
    b.leaf("under-double-ca", "single-ca")
    b.signed_again("double-ca", "single-ca", "root", lambda der: der.replace(b"\x55\x1d\x63", b"\x55\x1d\x0f"))
    b.case("extension: each once in the intermediate", ["under-double-ca", "single-ca"])
    b.case("extension: twice in the intermediate", ["under-double-ca", "double-ca"], words="an extension twice")
    for count, words in ((60, None), (61, "malformed")):
        name = "extensions-%d" % count
        b.leaf(name, "middle", extensions=LEAF + SERVER + "subjectKeyIdentifier=none\nauthorityKeyIdentifier=none\n" +
               "".join("1.2.3.%d=ASN1:NULL\n" % i for i in range(count)))
        b.case("extension: %d in all" % (count + 4), [name, "middle"], words=words)
    access = {"malformed-aia": "DER:6D616C666F726D6564", "empty-aia": "DER:3000", "text-aia": "DER:30030C0161"}
    for name, value in access.items():
        b.leaf(name, "middle", extensions=LEAF + SERVER + "authorityInfoAccess=%s\n" % value)
        b.case("limbo: webpki::malformed-aia" if name == "malformed-aia" else "extension: " + name, [name, "middle"], words="is malformed")
    b.leaf("good-aia", "middle", extensions=LEAF + SERVER + "authorityInfoAccess=OCSP;URI:http://o.example.com\n")
    b.case("right: an authorityInfoAccess", ["good-aia", "middle"])
    b.leaf("empty-names", "middle", names=None, extensions=LEAF + SERVER + "subjectAltName=DER:3000\n", title=HOST)
    b.case("extension: a subjectAltName of nothing", ["empty-names", "middle"], words="does not have the name")
    b.leaf("torn-names", "middle", names=None, title="torn", extensions=LEAF + SERVER + "subjectAltName=DER:%s\n" % (
        bytes([0x30, len(HOST) + 4, 0x82, len(HOST)]) + HOST.encode() + b"\x82\x09").hex())
    b.case("extension: a subjectAltName that ends in the middle", ["torn-names", "middle"], words="malformed")


def versions(b):
    words = "not of version 3"
    b.key("v1")
    b.openssl("req", "-new", "-key", "v1.key", "-subj", "/CN=" + HOST, "-out", "v1.csr")
    b.openssl("x509", "-req", "-in", "v1.csr", "-CA", "middle.pem", "-CAkey", "middle.key", "-set_serial", "7", "-days", "9999",
              "-outform", "DER", "-out", "v1.der")
    now = int(datetime.datetime.now(datetime.timezone.utc).timestamp()) + 60
    b.case("limbo: webpki::v1-cert", ["v1", "middle"], words=words, time=now)
    version = bytes.fromhex("a003020102")
    for number in (0, 1):
        b.signed_again("version-%d" % number, "leaf", "middle", lambda der, n=number: der.replace(version, version[:4] + bytes([n]), 1))
        b.case("version: %d, with extensions" % (number + 1), ["version-%d" % number, "middle"], words=words)
    b.signed_again("version-2", "leaf", "middle", lambda der: der)
    b.case("version: 3, signed by the same hand", ["version-2", "middle"])
    b.case("limbo: webpki::san::no-san", ["only-title", "middle"], words="no subjectAltName", host=HOST)
    b.case("limbo: rfc5280::san::ip-in-dns", ["address", "middle"], words="does not have the name", host="192.0.2.7")
    b.case("limbo: rfc5280::validity::expired-root", ["under-old"], roots=["old"], words="root old, which is out of date")


def uses(b):
    words = "not for TLS servers"
    for usage in ("clientAuth", "codeSigning", "emailProtection"):
        b.leaf("leaf-" + usage, "middle", extensions=LEAF + "extendedKeyUsage=%s\n" % usage)
        b.case("use: a leaf for " + usage, ["leaf-" + usage, "middle"], words=words)
        b.leaf("strict-" + usage, "middle", extensions=LEAF + "extendedKeyUsage=critical,%s\n" % usage)
        b.case("use: critical, a leaf for " + usage, ["strict-" + usage, "middle"], words=words)
    b.case("limbo: rfc5280::eku::ee-wrong-eku", ["leaf-clientAuth", "middle"], words=words)
    for name, value in (("no-use", "DER:3000"), ("odd-use", "DER:3003020101"), ("torn-use", "DER:300B06082B06010505070301AA")):
        b.leaf(name, "middle", extensions=LEAF + "extendedKeyUsage=%s\n" % value)
        b.case("use: an extendedKeyUsage that is malformed, " + name, [name, "middle"], words="malformed")
    b.middle("mail-ca", "root", extensions=CA + "extendedKeyUsage=emailProtection\n")
    b.leaf("under-mail-ca", "mail-ca")
    b.case("use: an intermediate for mail", ["under-mail-ca", "mail-ca"], words=words)
    b.root("mail-root", extensions=CA + "extendedKeyUsage=emailProtection\n")
    b.leaf("under-mail-root", "mail-root")
    b.case("use: a root for mail", ["under-mail-root"], roots=["mail-root"], words=words)
    for strict in ("", "critical,"):
        for usage in ("serverAuth", "clientAuth,serverAuth", "anyExtendedKeyUsage"):
            name = "good-%s%s" % (strict[:4], usage[:10])
            b.middle(name + "-ca", "root", extensions=CA + "extendedKeyUsage=%s%s\n" % (strict, usage))
            b.leaf(name, name + "-ca", extensions=LEAF + "extendedKeyUsage=%s%s\n" % (strict, usage))
            b.case("use: leaf and intermediate for %s%s" % (strict, usage), [name, name + "-ca"])
    b.leaf("rsa-strict", "rsaroot", kind="rsa", extensions=LEAF + "extendedKeyUsage=critical,serverAuth\n", digest="sha384")
    b.case("use: critical, and for servers, under RSA", ["rsa-strict"], roots=["rsaroot"])
    b.leaf("p384-strict", "p384root", extensions=LEAF + "extendedKeyUsage=critical,serverAuth\n", digest="sha512")
    b.case("use: critical, and for servers, with SHA-512", ["p384-strict"], roots=["p384root"])
    for name in ("rsa-strict", "p384-strict", "good-critserverAuth"):
        der = b.der(name)
        at_flag = der.index(bytes.fromhex("0603551d250101ff")) + 7
        above = [] if "-strict" in name else [name + "-ca"]
        roots = {"rsa-strict": ["rsaroot"], "p384-strict": ["p384root"]}.get(name, ["root"])
        forged = "wrong signature" if above else "not in the CA bundle"
        for value in (0, 1):
            b.case("use: critical when it was signed, and then %d, %s" % (value, name),
                   [der[:at_flag] + bytes([value]) + der[at_flag + 1:]] + above, roots=roots, words="" if value else forged)
        b.case("use: critical, and the name is another than was signed, " + name,
               [der.replace(HOST.encode(), b"x" + HOST[1:].encode())] + above, roots=roots, words=forged, host="x" + HOST[1:])
    b.leaf("no-usage", "middle", extensions=LEAF)
    b.case("use: a leaf that does not say", ["no-usage", "middle"])
    b.leaf("leaf-ca", "middle", extensions=CA.replace("cRLSign", "digitalSignature") + SERVER)
    b.case("use: a leaf that is an authority", ["leaf-ca", "middle"], words="is an authority's")
    b.leaf("no-basic", "middle", extensions=SERVER)
    b.case("use: neither key usage nor basic constraints", ["no-basic", "middle"])
    for usage, due in (("keyAgreement", words), ("keyEncipherment", words), ("nonRepudiation", words), ("digitalSignature,keyAgreement", None)):
        name = "usage-" + usage[:12]
        b.leaf(name, "middle", extensions="keyUsage=%s\n" % usage + SERVER)
        b.case("use: a key for " + usage, [name, "middle"], words=due)


def limited(b, name, constraints, names="DNS:" + HOST, **more):
    """An intermediate with these constraints and a leaf below it; their names."""
    b.middle(name, "root", extensions=CA + "nameConstraints=%s\n" % constraints)
    b.leaf("under-" + name, name, names=names, **more)
    return ["under-" + name, name]


def constraints(b):
    outside, odd = "constraints of its authority forbid", "name constraints that are no good"
    wild = "DNS:*.example.com,DNS:" + HOST
    table = (
        ("permitted;DNS:example.net", None, outside), ("permitted;DNS:example.com", None, None),
        ("permitted;DNS:" + HOST, None, None), ("permitted;DNS:EXAMPLE.com", None, None), ("permitted;DNS:com", None, None),
        ("permitted;DNS:ample.com", None, outside), ("permitted;DNS:x." + HOST, None, outside),
        ("permitted;DNS:example.net,permitted;DNS:example.com", None, None),
        ("permitted;DNS:example.com", "DNS:%s,DNS:example.net" % HOST, outside),
        ("excluded;DNS:example.com", None, outside), ("excluded;DNS:example.net", None, None), ("excluded;DNS:ample.com", None, None),
        ("excluded;DNS:example.net", "DNS:%s,DNS:a.example.net" % HOST, outside), ("excluded;DNS:x." + HOST, None, None),
        ("permitted;DNS:example.com,excluded;DNS:west.example.com", None, None),
        ("permitted;DNS:example.com", wild, None), ("permitted;DNS:eu-west-1.example.com", wild, outside),
        ("excluded;DNS:secret.example.com", wild, outside), ("excluded;DNS:secret.example.net", wild, None),
        ("permitted;email:example.net", None, None), ("permitted;email:example.com", "DNS:%s,email:a@example.com" % HOST, outside),
        ("excluded;email:example.com", "DNS:%s,email:a@example.net" % HOST, outside), ("permitted;URI:.example.com", None, None),
        ("excluded;URI:.example.net", "DNS:%s,URI:https://example.com" % HOST, outside),
        ("excluded;IP:0.0.0.0/0.0.0.0,excluded;IP:::/::", None, None),
    )
    for strict in ("", "critical,"):
        for i, (text, names_of, words) in enumerate(table):
            if strict and i % 3:
                continue
            chain = limited(b, "nc-%s%d" % (strict[:4], i), strict + text, **({"names": names_of} if names_of else {}))
            b.case("constraints: %s%s%s" % (strict, text, " for " + names_of if names_of else ""), chain, words=words)
    addresses = (("permitted;IP:192.0.2.0/255.255.255.0", None), ("permitted;IP:192.0.2.7/255.255.255.255", None),
                 ("permitted;IP:0.0.0.0/0.0.0.0", None), ("permitted;IP:198.51.100.0/255.255.255.0", outside),
                 ("permitted;IP:192.0.2.8/255.255.255.248", outside), ("excluded;IP:192.0.2.0/255.255.255.0", outside),
                 ("excluded;IP:198.51.100.0/255.255.255.0", None), ("permitted;IP:2001:db8::/ffff:ffff::", outside),
                 ("excluded;IP:2001:db8::/ffff:ffff::", None), ("permitted;DNS:example.com", None),
                 ("permitted;IP:192.0.2.0/255.0.255.0", odd), ("permitted;IP:192.0.2.0/255.255.253.0", odd))
    for i, (text, words) in enumerate(addresses):
        b.case("constraints: %s for 192.0.2.7" % text, limited(b, "nc-ip%d" % i, text, names="IP:192.0.2.7"), words=words, host="192.0.2.7")
    for i, (text, words) in enumerate((("permitted;IP:2001:db8::/ffff:ffff::", None), ("permitted;IP:2001:db9::/ffff:ffff::", outside),
                                       ("excluded;IP:2001:db8::/ffff:ffff::", outside))):
        b.case("constraints: %s for 2001:db8::7" % text, limited(b, "nc-ip6-%d" % i, text, names="IP:2001:db8::7"), words=words,
               host="2001:db8::7")
    right_name, wrong_name = "[here]\nO=Postern checks\n", "[here]\nO=Postern\n"
    for i, (text, words) in enumerate((("permitted;dirName:here\n" + right_name, None), ("permitted;dirName:here\n" + wrong_name, outside),
                                       ("excluded;dirName:here\n" + right_name, outside), ("excluded;dirName:here\n" + wrong_name, outside))):
        b.case("constraints: subject, " + text.replace("\n", " ").strip(), limited(b, "nc-dn%d" % i, text), words=words)
    malformed = {"nothing": "3000", "no trees": "3002A000", "an empty tree": "3004A0023000", "text": "6162", "trailing": "3000AA",
                 "a minimum": "3010A00E300C8207" + b"a.b.com".hex() + "800100", "a third part": "300BA00730058203636F6DA200",
                 "the excluded first": "300CA10430028200A00430028200", "an odd address": "3009A007300587030A0000"}
    for i, (what, value) in enumerate(malformed.items()):
        b.case("constraints: malformed, " + what, limited(b, "nc-odd%d" % i, "DER:" + value),
               words="malformed" if what in ("nothing", "text", "trailing") else odd)
    b.leaf("nc-leaf", "middle", extensions=LEAF + SERVER + "nameConstraints=permitted;DNS:example.com\n")
    b.case("constraints: in a leaf", ["nc-leaf", "middle"], words="name constraints that are no good")
    b.middle("nc-high", "root", extensions=CA + "nameConstraints=permitted;DNS:example.net\n")
    b.middle("nc-low", "nc-high")
    b.leaf("under-nc-low", "nc-low")
    b.case("constraints: two above", ["under-nc-low", "nc-low", "nc-high"], words=outside)


def root_constraints(b):
    outside = "constraints of its authority forbid"
    for i, (text, words) in enumerate((("permitted;DNS:example.com", None), ("permitted;DNS:example.net", outside),
                                       ("excluded;DNS:example.com", outside), ("excluded;DNS:example.net", None))):
        for strict in ("", "critical,"):
            name = "nc-root%d%s" % (i, strict[:4])
            b.root(name, extensions=CA + "nameConstraints=%s\n" % (strict + text))
            b.leaf("under-" + name, name)
            b.case("constraints: of the root, " + strict + text, ["under-" + name], roots=[name], words=words)
    b.root("odd-root", extensions=CA + "nameConstraints=DER:3000\n")
    b.leaf("under-odd-root", "odd-root")
    b.case("constraints: of the root, malformed", ["under-odd-root"], roots=["odd-root"], words="root odd-root, which is malformed")
    b.root("root-barred", title="Checks Root CA 1", key="root", extensions=CA + "nameConstraints=excluded;DNS:example.com\n")
    b.case("order: of two roots of one key the first has constraints", ["leaf", "middle"], roots=["root-barred", "root"])
    b.case("order: of two roots of one key the second has constraints", ["leaf", "middle"], roots=["root", "root-barred"])
    b.case("order: the only root has constraints", ["leaf", "middle"], roots=["root-barred"], words=outside)
    b.case("order: the one root has constraints, and the other cross-signed it", ["leaf", "middle", "root-by-other"],
           roots=["root-barred", "other"])
    b.middle("middle-barred", "root", title="middle", key="middle", extensions=CA + "nameConstraints=excluded;DNS:example.com\n")
    b.middle("middle-mail", "root", title="middle", key="middle", extensions=CA + "extendedKeyUsage=emailProtection\n")
    b.case("order: an intermediate with constraints, then one without", ["leaf", "middle-barred", "middle"])
    b.case("order: an intermediate for mail, then one for all", ["leaf", "middle-mail", "middle"])
    b.case("order: an intermediate with constraints, then one for mail", ["leaf", "middle-barred", "middle-mail"], words=outside)


def limbo(b):
    outside, odd, many = "constraints of its authority forbid", "name constraints that are no good", "too many names"
    table = (("excluded-dns-match-second", "excluded;DNS:example.com", "DNS:example.net,DNS:" + HOST, outside),
             ("excluded-dns-match-second, neither", "excluded;DNS:example.org", "DNS:example.net,DNS:" + HOST, None),
             ("excluded-match-permitted-and-excluded", "permitted;DNS:%s,excluded;DNS:%s" % (HOST, HOST), "DNS:" + HOST, outside),
             ("excluded-match-permitted-and-excluded, permitted only", "permitted;DNS:%s,excluded;DNS:x.%s" % (HOST, HOST), "DNS:" + HOST, None),
             ("invalid-dnsname-wildcard", "permitted;DNS:*.example.com", "DNS:" + HOST, odd),
             ("invalid-dnsname-leading-period", "permitted;DNS:.example.com", "DNS:" + HOST, odd),
             ("invalid-dnsname-leading-period, excluded", "excluded;DNS:.example.net", "DNS:" + HOST, odd))
    for name, text, names_of, words in table:
        for kind in ("root", "middle"):
            label = "limbo-%s-%s" % (kind, name.replace(", ", "-").replace(" ", "-"))
            getattr(b, kind)(label, *([] if kind == "root" else ["root"]), title=name[:60],
                             extensions=CA + "nameConstraints=critical,%s\n" % text)
            b.leaf("under-" + label, label, names=names_of, title="limbo")
            b.case("limbo: rfc5280::nc::%s (%s)" % (name, kind), ["under-" + label] + ([label] if kind == "middle" else []),
                   roots=[label if kind == "root" else "root"], words=words)
    for name, text, words in (("excluded-self-issued-leaf", "excluded;DNS:example.com", outside),
                              ("excluded-self-issued-leaf, another name", "excluded;DNS:example.net", None)):
        label = "limbo-self-" + text[-3:]
        b.root(label, extensions=CA + "nameConstraints=critical,%s\n" % text)
        b.leaf("under-" + label, label, title=label)
        b.case("limbo: rfc5280::nc::" + name, ["under-" + label], roots=[label], words=words)
    for i, (kind, tree, name) in enumerate((("permitted", "DNS:a%d.b", "DNS:x.a%d.b"), ("excluded", "IP:10.1.%d.%d/255.255.255.255", "IP:10.2.%d.%d"),
                                            ("excluded", "email:a%d.b", "DNS:a%d.c"))):
        def some(text, count):
            return [text % ((n,) if text.count("%") == 1 else (n // 250, n % 250)) for n in range(count)]
        for count, words in ((600, many), (400, None)):
            trees = ["%s;%s" % (kind, t) for t in some(tree, count)] + (["permitted;DNS:example.com"] if kind == "permitted" else [])
            chain = limited(b, "nc-dos-%d-%d" % (i + 1, count), ",".join(trees), names=",".join(some(name, count) + ["DNS:" + HOST]))
            b.case("limbo: pathological::nc-dos-%d, %d names and constraints" % (i + 1, count), chain, words=words)


def compact(case):
    """A long run of one letter is written as a part that is repeated."""
    text = json.dumps(case.get("case"))
    run = re.search(r"A{9000,}", text)
    if run:
        del case["case"]
        case["input"] = [text[:run.start()], ["A", len(run.group())], text[run.end():]]
    return json.dumps(case)


def main():
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder)
        for part in (authorities, right, names, dates, trust, broken, weak, extensions, versions, uses, constraints,
                     root_constraints, limbo):
            part(bench)
    for use in ("no-JSON", "no host", "no time", "a root that is no base64"):
        asked = {"host": HOST, "time": at(2025), "roots": [], "chain": []}
        asked.pop(use[3:], None)
        if use.startswith("a root"):
            asked["roots"] = ["?"]
        bench.cases.append({"name": "bad use: " + use, "exit": 2,
                            **({"input": "x"} if use == "no-JSON" else {"case": asked})})
    with open(os.path.join(HERE, "cases", "x509.json"), "w", encoding="utf-8") as file:
        file.write("[\n%s\n]\n" % ",\n".join(map(compact, bench.cases)))
    print("%d cases written" % len(bench.cases))


main()
