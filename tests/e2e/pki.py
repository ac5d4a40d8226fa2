# SPDX-License-Identifier: MIT
"""Certificates of the stand-in, made with the openssl command in a folder that the caller throws away.
Makes a root, an intermediate and one leaf per endpoint and defect; says nothing about how TLS is spoken (server.py)."""
import datetime
import os
import subprocess
import threading

DAY = datetime.timedelta(days=1)
# kind -> what is wrong with the leaf; "good" is what AWS would serve.
DEFECTS = ("good", "wrong_name", "expired", "not_yet", "untrusted", "self_signed",
           "client_only", "cn_only", "weak_rsa", "no_intermediate", "amazon")
AMAZON = "/C=US/O=Amazon/CN=Amazon Root CA 1"       # whom "amazon" claims to be signed by

CONFIG = """
[ca]
default_ca = only
[only]
new_certs_dir = .
database = index.txt
serial = serial
default_md = sha256
policy = names
unique_subject = no
copy_extensions = none
[names]
countryName = optional
organizationName = optional
commonName = supplied
[req]
distinguished_name = names
string_mask = default
"""


def utc(offset_days):
    when = datetime.datetime.now(datetime.timezone.utc) + offset_days * DAY
    return when.strftime("%Y%m%d%H%M%SZ")


class Pki:
    """names: {"sts": [host, ...], "signin": [host, ...]}; leaves are made when first asked for."""

    def __init__(self, folder, names):
        self.folder = folder
        self.names = names
        self.lock = threading.RLock()
        self.made = {}
        os.makedirs(folder, exist_ok=True)
        self._write("ca.cnf", CONFIG)
        self._write("index.txt", "")
        self._write("serial", "1000\n")
        self._root("root", "Stand-in Root CA", "rsa")
        self._root("other", "Corp Inspection Root G2", "ec")
        self._root("amazon", AMAZON, "ec")
        self._key("inter", "ec")
        self._sign("inter", "Stand-in CA M01", "root", -1000, 3000,
                   "basicConstraints=critical,CA:true,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n"
                   "extendedKeyUsage=serverAuth,clientAuth\n")
        self.ca_file = self._path("root.pem")
        self.other_ca_file = self._path("other.pem")

    def leaf(self, endpoint, kind):
        """(chain file, key file) for an endpoint of self.names and a kind of DEFECTS."""
        if (endpoint, kind) in self.made:         # a handshake does not wait for the making of others
            return self.made[endpoint, kind]
        with self.lock:
            if (endpoint, kind) not in self.made:
                self.made[endpoint, kind] = self._leaf(endpoint, kind)
            return self.made[endpoint, kind]

    def _leaf(self, endpoint, kind):
        base = "%s-%s" % (endpoint, kind)
        self._key(base, "rsa1024" if kind == "weak_rsa" else "rsa" if endpoint == "sts" else "ec")
        hosts = ["wrong.example.com"] if kind == "wrong_name" else self.names[endpoint]
        usage = "clientAuth" if kind == "client_only" else "serverAuth"
        text = ("basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\n"
                "extendedKeyUsage=%s\n" % usage)
        if kind != "cn_only":
            alternatives = ["IP:" + h if h.replace(".", "").isdigit() else "DNS:" + h for h in hosts]
            text += "subjectAltName=%s\n" % ",".join(alternatives)
        first, last = {"expired": (-400, -30), "not_yet": (30, 400)}.get(kind, (-730, 730))
        issuer = {"untrusted": "other", "self_signed": base, "amazon": "amazon"}.get(kind, "inter")
        self._sign(base, hosts[0], issuer, first, last, text)
        chain = [base] if kind in ("self_signed", "no_intermediate") else [base, issuer]
        with open(self._path(base + "-chain.pem"), "w") as out:
            for name in chain:
                with open(self._path(name + ".pem")) as part:
                    out.write(part.read())
        return self._path(base + "-chain.pem"), self._path(base + ".key")

    def _root(self, base, title, kind):
        self._key(base, kind)
        self._sign(base, title, base, -1100, 3650,
                   "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\n"
                   "subjectKeyIdentifier=hash\n")

    def _key(self, base, kind):
        option = {"rsa": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
                  "rsa1024": ["RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
                  "ec": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]}[kind]
        self._openssl("genpkey", "-algorithm", *option, "-out", base + ".key")

    def _sign(self, base, title, issuer, first_day, last_day, extensions):
        self._write(base + ".ext", extensions)
        subject = title if title.startswith("/") else "/O=Postern test bench/CN=" + title
        self._openssl("req", "-new", "-config", "ca.cnf", "-key", base + ".key", "-subj", subject, "-out", base + ".csr")
        who = ["-selfsign", "-keyfile", base + ".key"] if issuer == base else \
            ["-cert", issuer + ".pem", "-keyfile", issuer + ".key"]
        self._openssl("ca", "-batch", "-notext", "-config", "ca.cnf", *who, "-in", base + ".csr",
                      "-out", base + ".pem", "-startdate", utc(first_day), "-enddate", utc(last_day),
                      "-extfile", base + ".ext")

    def _openssl(self, *words):
        done = subprocess.run(["openssl", *words], cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            raise RuntimeError("openssl %s failed:\n%s" % (" ".join(words), done.stdout.decode()))

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _write(self, name, text):
        with open(self._path(name), "w") as out:
            out.write(text)
