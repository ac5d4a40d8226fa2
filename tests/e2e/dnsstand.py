# SPDX-License-Identifier: MIT
"""A small name server over UDP and TCP whose answers, and whose lies, a test sets per name.
postern is led to it by --dns, or asks port 53 of a network namespace where that is the case (names.py)."""
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


def exactly(conn, size):
    """That many bytes of a connection."""
    data = b""
    while len(data) < size:
        piece = conn.recv(size - len(data))
        if not piece:
            raise OSError("the connection was closed")
        data += piece
    return data


class DnsStand:
    """zone: name -> list of addresses, or one of
    "nxdomain", "servfail", "refused", "silent", "empty", "garbage", "loop" (aliases in a circle), "cname:NAME",
    "chain:N:ADDRESS" (N aliases), "chain_back:N:ADDRESS" (the last alias first),
    "once:ADDRESS" (fails at first), "no_aaaa:ADDRESS", "nx_aaaa:ADDRESS", "a_only:ADDRESS" (fails, denies, is silent for AAAA),
    "wrong_id:ADDRESS", "wrong_name:ADDRESS", "wrong_type:ADDRESS", "wrong_class:ADDRESS" (a lie, then the truth),
    "flood:ADDRESS" (lies from the right port and from another, then the truth),
    "part:ADDRESS" (cut, but with an address),
    "cut:ADDRESS" (cut over UDP, whole over TCP); over TCP also "cut_pieces" (a byte at a time), "cut_turned" (both answers,
    the second question's first), "cut_lie" (a lie first), "cut_close", "cut_half", "cut_stall", "cut_again", "cut_long".
    A name that is not in the zone does not exist. tcp=False: nothing listens there. asked: (name, type, "udp" or "tcp")
    in order; queries: (port, id, type) of each over UDP; talks: how many queries each TCP connection carried."""

    def __init__(self, address, zone, tcp=True):
        self.zone, self.asked, self.queries, self.talks = zone, [], [], []
        self.lock, self.stopped = threading.Lock(), threading.Event()
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.udp, self.tcp = self._listen(family, address)
        self.address, self.port = self.udp.getsockname()[:2]
        if not tcp:
            self.tcp.close()
        self.threads = [threading.Thread(target=t, daemon=True) for t in (self._serve_udp, self._serve_tcp)[:1 + tcp]]
        for thread in self.threads:
            thread.start()

    @staticmethod
    def _listen(family, address):
        """One port for both; what the kernel picks for one kind may be in use for the other."""
        for last in (False,) * 20 + (True,):
            udp = socket.socket(family, socket.SOCK_DGRAM)
            try:
                udp.bind(address)
                return udp, socket.create_server(udp.getsockname()[:2], family=family)
            except OSError:
                udp.close()
                if last:
                    raise

    def where(self):
        """As --dns takes it."""
        return ("[%s]:%d" if ":" in self.address else "%s:%d") % (self.address, self.port)

    def names(self):
        with self.lock:
            return [name for name, _, _ in self.asked]

    def kinds(self, name=None, how=None):
        """The types asked for, of one name and over one transport when given."""
        with self.lock:
            return [k for n, k, h in self.asked if name in (None, n) and how in (None, h)]

    def stop(self):
        self.stopped.set()
        for sock in (self.udp, self.tcp):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        try:
            with socket.socket(self.udp.family, socket.SOCK_DGRAM) as sock:
                sock.sendto(b"", (self.address, self.port))
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
                word, answers = self._answers(data, "udp")
                if word or answers:
                    with self.lock:
                        self.queries.append((peer[1], data[:2], data[-3]))
                if word == "flood":
                    self._flood(answers[0], peer)
                for answer in answers:
                    self.udp.sendto(answer, peer)
            except (OSError, IndexError, struct.error):
                continue

    def _flood(self, lie, peer):
        with socket.socket(self.udp.family, socket.SOCK_DGRAM) as stranger:
            stranger.bind((self.address, 0))
            for _ in range(50):          # as many as a socket holds for both questions
                stranger.sendto(lie, peer)
                self.udp.sendto(lie, peer)

    def _serve_tcp(self):
        while not self.stopped.is_set():
            try:
                conn, _ = self.tcp.accept()
                threading.Thread(target=self._talk, args=(conn,), daemon=True).start()
            except OSError:
                continue

    def _talk(self, conn):
        with self.lock:
            at = len(self.talks)
            self.talks.append(0)
        with conn:
            conn.settimeout(5)
            try:
                held = []
                while True:
                    query = exactly(conn, struct.unpack(">H", exactly(conn, 2))[0])
                    with self.lock:
                        self.talks[at] += 1
                    word, answers = self._answers(query, "tcp")
                    framed = b"".join(struct.pack(">H", len(a)) + a for a in answers)
                    if word == "cut_turned":
                        held.insert(0, framed)
                        framed = b"".join(held) if len(held) == 2 else b""
                    self._send(conn, word, framed)
            except (OSError, IndexError, struct.error):
                return

    def _send(self, conn, word, framed):
        if word == "cut_pieces":
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for i in range(len(framed)):
                conn.sendall(framed[i:i + 1])
        elif word == "cut_half":
            conn.sendall(framed[:len(framed) // 2])
        elif word == "cut_stall":
            conn.sendall(framed[:-1])
            self.stopped.wait(30)
        elif word != "cut_close":
            conn.sendall(framed)
        if word in ("cut_half", "cut_close"):
            raise OSError("the case wants it closed")

    def _answers(self, query, how):
        """The zone's word for a query, and the messages to send back, in order."""
        if len(query) < 17 or query[2] & 0x80:
            return "", []
        name, end = read_name(query, 12)
        kind = struct.unpack(">H", query[end:end + 2])[0]
        question = query[12:end + 4]
        with self.lock:
            self.asked.append((name.lower(), kind, how))
        rule = self.zone.get(name.lower(), "nxdomain")
        word, _, rest = ("", "", "") if isinstance(rule, list) else rule.partition(":")

        def message(answers=(), code=0, query_id=query[:2], asked=question, cut=False):
            flags = 0x8180 | code | (0x0200 if cut else 0)
            return query_id + struct.pack(">HHHHH", flags, 1, len(answers), 0, 0) + asked + b"".join(answers)

        def truth():
            return message(self._addresses(name, kind, [rest]))

        def lie(**how):
            return message(self._addresses(name, kind, ["127.0.0.66", "::1"]), **how)

        def links(count, address):
            """Aliases one after the other, and the address of the last."""
            names = [name] + ["alias%d.test" % i for i in range(count)]
            return [record(a, CNAME, pack_name(b)) for a, b in zip(names, names[1:])] + \
                self._addresses(names[-1], kind, [address])
        forged = bytes([query[0] ^ 0xff, query[1]])
        codes = {"nxdomain": 3, "servfail": 2, "refused": 5}
        count, _, address = rest.partition(":")
        if isinstance(rule, list):
            return word, [message(self._addresses(name, kind, rule))]
        if word == "once":
            with self.lock:
                first = self.asked.count((name.lower(), kind, how)) == 1
            return word, [message(code=2) if first else truth()]
        if word in codes:
            return word, [message(code=codes[word])]
        if word in ("no_aaaa", "nx_aaaa", "a_only") and kind != A:
            return word, {"no_aaaa": [message(code=2)], "nx_aaaa": [message(code=3)], "a_only": []}[word]    # RFC 4074 4
        if word == "empty":
            return word, [message()]
        if word == "cname":
            target = self.zone.get(rest, [])
            return word, [message([record(name, CNAME, pack_name(rest))] + self._addresses(rest, kind, target))]
        if word == "loop":
            return word, [message([record(name, CNAME, pack_name("x.test")), record("x.test", CNAME, pack_name(name))])]
        if word == "chain":
            return word, [message(links(int(count), address))]
        if word == "chain_back":
            return word, [message(links(int(count), address)[::-1])]
        if word in ("wrong_id", "flood"):
            return word, [lie(query_id=forged), truth()]
        if word == "wrong_name":
            return word, [message(self._addresses("elsewhere.test", kind, ["127.0.0.66"]),
                                  asked=pack_name("elsewhere.test") + question[-4:]), truth()]
        if word == "wrong_type":
            return word, [lie(asked=question[:-4] + b"\0\x0f\0\1"), truth()]
        if word == "wrong_class":
            return word, [lie(asked=question[:-1] + b"\3"), truth()]
        if word == "part":
            return word, [message(self._addresses(name, kind, [rest]), cut=True)]
        if word == "cut_again" or (word.startswith("cut") and how == "udp"):
            return word, [message(cut=True)]
        if word == "cut_lie":
            return word, [lie(query_id=forged), b"", b"\xff" * 40, truth()]
        if word == "cut_long":                       # as long as TCP can say
            whole = [record("filler.test", 16, b"\xff" + b"x" * 255)] * 200 + self._addresses(name, kind, [rest])
            return word, [message(whole)]
        if word.startswith("cut") or word in ("no_aaaa", "nx_aaaa", "a_only"):
            return word, [truth()]
        return word, [b"\xff" * 40] if word == "garbage" else []

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
