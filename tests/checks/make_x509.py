# SPDX-License-Identifier: MIT
"""Writes tests/checks/cases/x509.json: chains made with the openssl command, and what is due to each.

    python3 tests/checks/make_x509.py

The keys are new each time and thrown away. Dates are fixed: leaves are good in 2024 and
2025, and most cases ask in the middle of that. Cases marked "goal" are the chains that a
BearSSL validator by itself judges wrongly (reliability goals, section 3); the runner
counts them as skipped until they come out right."""

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

    def case(self, name, chain, roots=("root",), words=None, host=HOST, time=at(2025), goal=False, known=True):
        """`words`: of the refusal; None for a chain that is right. Names of certificates, or bytes."""
        def encode(parts):
            return [base64.b64encode(self.der(p) if isinstance(p, str) else p).decode() for p in parts]
        asked = {"host": host, "time": time, "chain": encode(chain)}
        if known:
            asked["roots"] = encode(roots)
        case = {"name": name, "case": asked, "exit": 0 if words is None else 1}
        if words:
            case["stderr"] = words
        if goal:
            case["goal"] = True
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
    b.case("name: wildcard for a whole top domain", ["top", "middle"], words="", host="example.com", goal=True)
    b.leaf("address", "middle", names="DNS:192.0.2.7,DNS:*.0.2.7")
    b.case("name: an address as text", ["address", "middle"], words="name", host="192.0.2.7")
    b.case("name: a dot behind the host", ["leaf", "middle"], host=HOST + ".", goal=True)
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
    b.case("time: the root has expired", ["under-old"], roots=["old"], words="", goal=True)
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
    b.case("order: root before the intermediate", ["leaf", "root", "middle"])
    b.case("order: two intermediates swapped", ["deep", "middle", "second"])
    b.case("order: the leaf twice", ["leaf", "leaf", "middle"])
    b.case("order: a stranger between", ["leaf", "other", "middle"])
    b.case("order: a stranger behind", ["leaf", "middle", "other"])
    b.case("order: a stranger first", ["other", "leaf", "middle"])
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
    b.case("weak: root of 1024 bits", ["under-root-rsa1024"], roots=["root-rsa1024"], words="", goal=True)
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
    for usage in ("clientAuth", "codeSigning", "emailProtection"):
        b.leaf("leaf-" + usage, "middle", extensions=LEAF + "extendedKeyUsage=%s\n" % usage)
        b.case("use: a leaf for " + usage, ["leaf-" + usage, "middle"], words="not for TLS servers")
    b.middle("mail-ca", "root", extensions=CA + "extendedKeyUsage=emailProtection\n")
    b.leaf("under-mail-ca", "mail-ca")
    b.case("use: an intermediate for mail", ["under-mail-ca", "mail-ca"], words="not for TLS servers")
    b.leaf("no-usage", "middle", extensions=LEAF)
    b.case("use: a leaf that does not say", ["no-usage", "middle"])
    b.leaf("critical-usage", "middle", extensions=LEAF + "extendedKeyUsage=critical,serverAuth\n")
    b.case("use: critical, and for servers", ["critical-usage", "middle"], goal=True)
    b.leaf("leaf-ca", "middle", extensions=CA.replace("cRLSign", "digitalSignature") + SERVER)
    b.case("use: a leaf that is an authority", ["leaf-ca", "middle"], words="not for TLS servers")
    b.middle("limited", "root", extensions=CA + "nameConstraints=permitted;DNS:example.net\n")
    b.leaf("under-limited", "limited")
    b.case("constraints: a name outside what is permitted", ["under-limited", "limited"], words="", goal=True)
    b.middle("barred", "root", extensions=CA + "nameConstraints=excluded;DNS:example.com\n")
    b.leaf("under-barred", "barred")
    b.case("constraints: a name that is excluded", ["under-barred", "barred"], words="", goal=True)
    b.middle("limited-critical", "root", extensions=CA + "nameConstraints=critical,permitted;DNS:example.net\n")
    b.leaf("under-limited-critical", "limited-critical")
    b.case("constraints: critical, and a name outside", ["under-limited-critical", "limited-critical"], words="")


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
        for part in (authorities, right, names, dates, trust, broken, weak, extensions):
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
