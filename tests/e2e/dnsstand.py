# SPDX-License-Identifier: MIT
"""A small name server over UDP and TCP whose answers, and whose lies, a test sets per name.
The resolver under test asks port 53, so postern's own cases run it inside a network namespace (names.py)."""
import ipaddress
import socket
import struct
import threading

A, CNAME, AAAA = 1, 5, 28


def pack_name(name):
    return b"".join(bytes([len(l)]) + l.encode() for l in name.split(".") if l) + b"\0"


def read_name(data, at):
    labels = []
    while data[at]:
        labels.append(data[at + 1:at + 1 + data[at]].decode("ascii"))
        at += 1 + data[at]
    return ".".join(labels), at + 1


def record(name, kind, value):
    return pack_name(name) + struct.pack(">HHIH", kind, 1, 60, len(value)) + value


class DnsStand:
    """zone: name -> list of addresses, or one of "nxdomain", "servfail", "refused", "silent", "empty", "cname:NAME",
    "chain:N:ADDRESS" (N aliases), "wrong_id:ADDRESS", "wrong_name:ADDRESS", "cut:ADDRESS" (TC over UDP), "garbage".
    A name that is not in the zone does not exist."""

    def __init__(self, address, zone):
        self.zone, self.asked, self.lock = zone, [], threading.Lock()
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(address)
        self.address, self.port = self.udp.getsockname()
        self.tcp = socket.create_server((self.address, self.port))
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=t, daemon=True) for t in (self._serve_udp, self._serve_tcp)]
        for thread in self.threads:
            thread.start()

    def names(self):
        with self.lock:
            return [name for name, _, _ in self.asked]

    def stop(self):
        self.stopped.set()
        for sock in (self.udp, self.tcp):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        try:
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"", (self.address, self.port))
        except OSError:
            pass
        for thread in self.threads:
            thread.join(5)
        self.udp.close()
        self.tcp.close()

    def _serve_udp(self):
        while not self.stopped.is_set():
            try:
                data, peer = self.udp.recvfrom(4096)
                for answer in self._answers(data, "udp"):
                    self.udp.sendto(answer, peer)
            except (OSError, IndexError, struct.error):
                continue

    def _serve_tcp(self):
        while not self.stopped.is_set():
            try:
                conn, _ = self.tcp.accept()
                with conn:
                    conn.settimeout(5)
                    length = struct.unpack(">H", conn.recv(2))[0]
                    for answer in self._answers(conn.recv(length), "tcp"):
                        conn.sendall(struct.pack(">H", len(answer)) + answer)
            except (OSError, IndexError, struct.error):
                continue

    def _answers(self, query, how):
        """The messages to send back for one query, in order."""
        if len(query) < 17 or query[2] & 0x80:
            return []
        name, end = read_name(query, 12)
        kind = struct.unpack(">H", query[end:end + 2])[0]
        question = query[12:end + 4]
        with self.lock:
            self.asked.append((name.lower(), kind, how))
        rule = self.zone.get(name.lower(), "nxdomain")
        word, _, rest = (rule, "", "") if isinstance(rule, list) else rule.partition(":")

        def message(answers=(), code=0, query_id=query[:2], asked=question, cut=False):
            flags = 0x8180 | code | (0x0200 if cut else 0)
            return query_id + struct.pack(">HHHHH", flags, 1, len(answers), 0, 0) + asked + b"".join(answers)
        codes = {"nxdomain": 3, "servfail": 2, "refused": 5}
        if isinstance(rule, list):
            return [message(self._addresses(name, kind, rule))]
        if word in codes:
            return [message(code=codes[word])]
        if word == "no_aaaa":                        # a forwarder that fails for AAAA only
            return [message(self._addresses(name, kind, [rest])) if kind == A else message(code=2)]
        if word == "nx_aaaa":                        # RFC 4074 4.2
            return [message(self._addresses(name, kind, [rest])) if kind == A else message(code=3)]
        if word == "empty":
            return [message()]
        if word == "cname":
            target = self.zone.get(rest, [])
            return [message([record(name, CNAME, pack_name(rest))] + self._addresses(rest, kind, target))]
        if word == "chain":
            count, _, address = rest.partition(":")
            names = [name] + ["alias%d.test" % i for i in range(int(count))]
            links = [record(a, CNAME, pack_name(b)) for a, b in zip(names, names[1:])]
            return [message(links + self._addresses(names[-1], kind, [address]))]
        if word == "wrong_id":                       # a forged answer first, then the right one
            forged = bytes([query[0] ^ 0xff, query[1]])
            lie = message(self._addresses(name, kind, ["127.0.0.66"]), query_id=forged)
            return [lie, message(self._addresses(name, kind, [rest]))]
        if word == "wrong_name":
            other = pack_name("elsewhere.test") + question[-4:]
            lie = message(self._addresses("elsewhere.test", kind, ["127.0.0.66"]), asked=other)
            return [lie, message(self._addresses(name, kind, [rest]))]
        if word == "cut":
            return [message(cut=True)] if how == "udp" else [message(self._addresses(name, kind, [rest]))]
        return [b"\xff" * 40] if word == "garbage" else []

    @staticmethod
    def _addresses(name, kind, addresses):
        packed = [ipaddress.ip_address(a) for a in addresses]
        return [record(name, A if a.version == 4 else AAAA, a.packed) for a in packed if (a.version == 4) == (kind == A)
                and kind in (A, AAAA)]


def ask(port, name, kind):
    """A client for the self-test: the addresses, or the response code when it is not 0."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(5)
        sock.sendto(b"\x12\x34\x01\x00\x00\x01\0\0\0\0\0\0" + pack_name(name) + struct.pack(">HH", kind, 1), ("127.0.0.1", port))
        data = sock.recv(4096)
    if data[3] & 15:
        return data[3] & 15
    count, at = struct.unpack(">H", data[6:8])[0], read_name(data, 12)[1] + 4
    found = []
    for _ in range(count):
        at = read_name(data, at)[1]
        got, _, _, length = struct.unpack(">HHIH", data[at:at + 10])
        found += [data[at + 10:at + 10 + length]] if got == kind else []
        at += 10 + length
    return found
