# SPDX-License-Identifier: MIT
"""Certificates that are not acceptable (exit 68), TLS that is not spoken well (exit 76), and --ca-bundle.
After a refusal nothing has been sent: each case asserts that no request arrived."""
import os
import shutil
import ssl
import subprocess

from harness import case
from standin import StandIn


def refused(fault, code, *words, hint=()):
    def body(t):
        for endpoint in (t.aws.sts, t.aws.signin):
            for other in (t.aws.sts, t.aws.signin):
                other.faults.clear()
                other.requests.clear()
            endpoint.fault(fault)
            result = t.run("--timeout", "6")
            t.fails(result, code, *words, step="tls")
            t.equal(endpoint.all(), [], "requests at the refused endpoint")
            t.hint(result, *hint)
    return body


for title, fault, words, hint in (
        ("made for another name", "wrong_name", ["name"], []),
        ("that has expired", "expired", ["expired|valid|dates"], ["clock|--time|date"]),
        ("not valid yet", "not_yet", ["not yet|valid|dates"], ["clock|--time|date"]),
        ("of an unknown issuer", "untrusted", ["Corp Inspection Root"], ["ca-bundle"]),
        ("that signed itself", "self_signed", [], ["ca-bundle"]),
        ("with a key of 1024 bits", "weak_rsa", [], []),
        ("without its intermediate", "no_intermediate", [], [])):
    case("a certificate %s is exit 68, and nothing is sent" % title)(refused(fault, 68, *words, hint=hint))

for title, fault, words in (
        ("speaks only TLS 1.3", "tls13_only", [r"1\.3"]), ("speaks at most TLS 1.1", "tls11_only", []),
        ("offers only CBC", "cbc_only", []), ("offers only RSA key exchange", "rsa_exchange_only", []),
        ("sends garbage", "garbage_tls", ["TLS"]), ("speaks plain HTTP", "plain_http", ["TLS"]),
        ("sends an alert", "alert", ["handshake|alert|refused"])):
    case("a server that %s is exit 76, and nothing is sent" % title)(refused(fault, 76, *words))


@case("a server that asks for a client certificate but does not insist is no obstacle")
def _(t):
    t.aws.sts.fault("wants_client_cert")
    t.aws.signin.fault("wants_client_cert")
    t.ok(t.run())


@case("a server that insists on a client certificate is exit 76")
def _(t):
    t.aws.sts.fault("needs_client_cert")
    t.fails(t.run("--timeout", "6"), (68, 76), step="tls")


@case("without --ca-bundle the stand-in is not Amazon, exit 68, and --ca-bundle is the hint")
def _(t):
    words = t.network("us-east-1")[2:]
    result = t.run(*words, net=False)
    t.fails(result, 68, "Amazon|trust|issuer|signed", step="tls")
    t.hint(result, "ca-bundle")
    t.equal(t.aws.requests(), [], "requests")
    t.ok(t.run(*words, "--ca-bundle", t.bundle, net=False))


@case("following the hint, with the right bundle in the variable that it names, cures an unknown issuer")
def _(t):
    t.aws.sts.fault("untrusted")
    t.aws.signin.fault("untrusted")
    t.fails(t.run("--timeout", "6"), 68)
    t.ok(t.run(*t.network("us-east-1")[2:], net=False, env={"AWS_CA_BUNDLE": t.aws.pki.other_ca_file}))


@case("--ca-bundle takes a file, a descriptor and standard input, and beats AWS_CA_BUNDLE")
def _(t):
    words = t.network("us-east-1")[2:]
    with open(t.bundle, "rb") as source:
        pem = source.read()
    number = t.pipe(pem)
    wrong = {"AWS_CA_BUNDLE": t.aws.pki.other_ca_file}
    for word, how in ((t.bundle, {"env": wrong}), ("fd:%d" % number, {"fds": [number]}), ("-", {"stdin": pem})):
        t.ok(t.run(*words, "--ca-bundle", word, net=False, **how))
    os.close(number)
    t.ok(t.run(*words, net=False, env={"AWS_CA_BUNDLE": t.bundle}))


@case("ca_bundle of the profile is used")
def _(t):
    path = t.file("config", "[default]\nca_bundle = %s\n" % t.bundle)
    t.ok(t.run(*t.network("us-east-1")[2:], net=False, env={"AWS_CONFIG_FILE": path}))


SYSTEM_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
                  "/etc/ssl/cert.pem")


@case("a foreign issuer is named, and this host's own bundle offered only if it is there")
def _(t):
    t.aws.sts.fault("untrusted")
    result = t.run(*t.network("us-east-1")[2:], net=False)
    t.fails(result, 68, "signed by Corp Inspection Root G2, not by Amazon: something between here and AWS reads TLS",
            step="tls")
    there = [path for path in SYSTEM_BUNDLES if os.path.exists(path)]
    t.hint(result, "--ca-bundle %s" % (there[0] if there else "FILE"))


@case("in an empty root no bundle is offered by its path", "root", "mounts", "release")
def _(t):
    root = t.dir + "/root"
    os.mkdir(root)
    shutil.copy(t.binary, root + "/postern")
    t.binary = "/postern"
    t.aws.sts.fault("untrusted")
    result = t.run(*t.network("us-east-1")[2:], net=False, launch=["--root", root])
    t.fails(result, 68, "not by Amazon", step="tls")
    t.hint(result, "--ca-bundle FILE")


for variable in ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
    @case("a foreign issuer, and %s that could cure it: the hint says how, and cures it" % variable)
    def _(t, variable=variable):
        words = t.network("us-east-1")[2:]
        result = t.run(*words, net=False, env={variable: t.bundle})
        t.fails(result, 68, "not by Amazon", "note: %s has that file, and AWS_CA_BUNDLE is not set" % variable, step="tls")
        t.hint(result, "--ca-bundle " + t.bundle)
        t.ok(t.follow(result))


@case("a variable that names no file, or one that a shell would take apart, is no cure")
def _(t):
    words = t.network("us-east-1")[2:]
    odd = t.file("a file;rm.pem", "")
    for value in (t.dir + "/nowhere.pem", odd, "x" * 5000):
        result = t.run(*words, net=False, env={"SSL_CERT_FILE": value})
        t.fails(result, 68, "not by Amazon")
        t.true(value not in result.err and "SSL_CERT_FILE" not in result.err, "no word of it")


@case("a bundle without Amazon's roots, before a chain of Amazon's: the variable is named, and following cures")
def _(t):
    t.aws.sts.fault("amazon", times=1)
    words = t.network("us-east-1")[2:]
    result = t.run(*words, net=False, env={"AWS_CA_BUNDLE": t.bundle})
    t.fails(result, 68, "%s does not hold Amazon's roots" % t.bundle, step="tls")
    t.hint(result, "unset AWS_CA_BUNDLE", "add the roots of Amazon")
    followed = t.follow(result)
    t.fails(followed, 68, "not by Amazon")          # the stand-in is not, after all
    t.true("does not hold" not in followed.err, "the bundle to be left away")
    t.aws.sts.fault("amazon", times=1)
    result = t.run()
    t.fails(result, 68, "does not hold Amazon's roots")
    t.hint(result, "--ca-bundle away")
    t.aws.sts.fault("amazon", times=1)
    config = t.file("config", "[default]\nca_bundle = %s\n" % t.bundle)
    result = t.run(*words, net=False, env={"AWS_CONFIG_FILE": config})
    t.fails(result, 68, "does not hold Amazon's roots")
    t.hint(result, "ca_bundle away")


@case("a bundle that is missing, empty, unreadable, too long or no PEM is exit 78 before any connection")
def _(t):
    words = t.network("us-east-1")[2:]
    with open(t.bundle, "rb") as source:
        good = source.read()
    for path in (t.dir + "/nowhere.pem", t.file("empty.pem", ""), t.file("text.pem", "no certificate here\n"),
                 t.file("half.pem", good[:len(good) // 2]), t.file("key.pem", good.replace(b"CERTIFICATE", b"PRIVATE KEY")),
                 t.file("10mb.pem", good * (10 * 2 ** 20 // len(good))), t.file("16.pem", good.decode().encode("utf-16")),
                 "/proc/self/mem", t.dir, "fd:99", "x" * 5000):
        for how in ({"env": {"AWS_CA_BUNDLE": path}}, {}):
            result = t.run(*words, *([] if how else ["--ca-bundle", path]), net=False, **how)
            t.fails(result, 78, os.path.basename(path)[:100], step="options")
            t.true(("AWS_CA_BUNDLE" in result.err) == bool(how), "the variable to be named where it is what is wrong")
            t.hint(result, "AWS_CA_BUNDLE|--ca-bundle" if how else "--ca-bundle")
            t.offline()


@case("a bundle in DER form is exit 78, and the hint converts it")
def _(t):
    words = t.network("us-east-1")[2:]
    with open(t.bundle) as source:
        der = ssl.PEM_cert_to_DER_cert(source.read())
    result = t.run(*words, "--ca-bundle", t.file("root.der", der), net=False)
    t.fails(result, 78, "root.der", "DER", step="options")
    command = t.hint(result, "openssl").partition(",")[0]
    t.offline()
    subprocess.run(command, shell=True, check=True, cwd=t.dir)
    t.ok(t.run(*words, "--ca-bundle", t.dir + "/ca.pem", net=False))


@case("broken entries of a bundle, half a one at its end too, are skipped and counted when others load")
def _(t):
    with open(t.bundle) as source:
        good = source.read()
    broken = "-----BEGIN CERTIFICATE-----\nMIIBAAAA\n-----END CERTIFICATE-----\n"
    path = t.file("b.pem", broken + good + good[:len(good) // 2])
    result = t.run(*t.network("us-east-1")[2:], "--ca-bundle", path, net=False)
    t.ok(result)
    t.says(result, "warning: broken certificates passed over in %s: 2" % path)


@case("a bundle of several roots and comments is read whole")
def _(t):
    text = "# comment\n"
    for path in (t.aws.pki.other_ca_file, t.bundle):
        with open(path) as source:
            text += "some text\n" + source.read().replace("\n", "\r\n")
    t.ok(t.run(*t.network("us-east-1")[2:], "--ca-bundle", t.file("b.pem", text), net=False))


@case("an endpoint may be an address, which its certificate must hold")
def _(t):
    aws = StandIn(t.aws.pki)
    try:
        words = ["--endpoint-url", "https://127.0.0.1:%d" % aws.sts.port, "--ca-bundle", t.bundle,
                 "--signin-endpoint-url", "https://localhost:%d" % aws.signin.port]
        result = t.bare(*words, keys=aws.realm.user())
        t.true([r.action for r in aws.sts.all()] == ["GetFederationToken"], "STS to be asked by its address")
        t.true(result.code in (0, 77), "no refusal of the certificate")
        aws.sts.requests.clear()
        words[1] = words[1].replace("127.0.0.1", "127.0.0.2") if aws.sts.address != "127.0.0.2" else words[1]
        result = t.bare(*words, "--resolve", "127.0.0.2:127.0.0.1", keys=aws.realm.user())
        t.true(result.code != 0 and not aws.sts.all(), "another address to be refused")
    finally:
        aws.stop()
