# SPDX-License-Identifier: MIT
"""Writes tests/fuzz/corpus/tls anew: what OpenSSL's server sends to our handshake, whose random bytes are always the
same. Run by hand when the handshake changes and the flights no longer fit:

    make build/asan/replay_tls && python3 tests/fuzz/record_tls.py

New keys are drawn each time and thrown away. The flights come one by one from replaying what there is so far: the
harness prints what it sends when TLS_SENT names a file."""
import datetime
import os
import ssl
import subprocess
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HOST = "sts.us-east-1.amazonaws.com"
BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
ECDSA = "ECDHE-ECDSA-AES128-GCM-SHA256"
HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


def certificate(subject, key, signer, ca, names=()):
    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
    builder = (x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name("R")).public_key(key.public_key())
               .serial_number(7).not_valid_before(datetime.datetime(2020, 1, 1))
               .not_valid_after(datetime.datetime(2039, 1, 1))
               .add_extension(x509.BasicConstraints(ca, None), critical=True))
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False)
    return builder.sign(signer, hashes.SHA256())


def sent(entry):
    """All that our side sends to a server that has sent this much."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (("entry", entry), ("sent", b"")):
            with open(os.path.join(folder, name), "wb") as f:
                f.write(data)
        subprocess.run([os.path.join(TOP, "build/asan/replay_tls"), os.path.join(folder, "entry")], check=True,
                       stdout=subprocess.DEVNULL, env=dict(os.environ, TLS_SENT=os.path.join(folder, "sent")))
        with open(os.path.join(folder, "sent"), "rb") as f:
            twice = f.read()            # an entry is replayed twice
            return twice[:len(twice) // 2]


def record(name, key, suite=ECDSA, end=b"c", names=(HOST,), trusted=True, curve=None, parts=1):
    signer = ec.generate_private_key(ec.SECP256R1())
    root = certificate("R", signer, signer, True).public_bytes(Encoding.DER) if trusted else b""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as pem:
        pem.write(certificate("L", key, signer, False, names).public_bytes(Encoding.PEM) +
                  key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        pem.flush()
        context.load_cert_chain(pem.name)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suite)
    if curve:
        context.set_ecdh_curve(curve)
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(into, out, server_side=True)
    head = len(root).to_bytes(2, "big") + root + b"o"
    flights, had, over = [], 0, False
    while not over:
        bytes_sent = sent(head + b"k" + b"\n++\n".join(flights))
        if len(bytes_sent) == had:
            break
        into.write(bytes_sent[had:])
        had = len(bytes_sent)
        try:
            server.do_handshake()
            server.read(65536)
            for i in range(parts):
                server.write(BODY[i * len(BODY) // parts:(i + 1) * len(BODY) // parts])
            over = True
            if end == b"c":
                server.unwrap()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            over = True
        flights.append(out.read())
    with open(os.path.join(HERE, "corpus/tls", name), "wb") as f:
        f.write(head + end + b"\n++\n".join(flights))
    print(name, [len(flight) for flight in flights])


def main():
    curve = ec.generate_private_key(ec.SECP256R1())
    for kind, key in (("ECDSA", curve), ("RSA", rsa.generate_private_key(65537, 2048))):
        for short, suite in (("gcm128", "AES128-GCM-SHA256"), ("gcm256", "AES256-GCM-SHA384"),
                             ("chacha", "CHACHA20-POLY1305")):
            record("%s-%s" % (kind.lower(), short), key, "ECDHE-%s-%s" % (kind, suite))
    record("p384", ec.generate_private_key(ec.SECP384R1()))
    record("curve384", curve, curve="secp384r1")
    record("cut", curve, end=b"x")
    record("records", curve, parts=6)
    record("wrong-name", curve, names=("other.example",))
    record("untrusted", curve, trusted=False)
    record("no-suite", curve, "ECDHE-ECDSA-AES128-SHA")


main()
