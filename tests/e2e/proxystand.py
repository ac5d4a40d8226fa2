# SPDX-License-Identifier: MIT
"""An HTTP proxy on loopback that leads CONNECT to the stand-in by host name, so that no name has to resolve, and misbehaves
when a test asks for it. It keeps every byte that a client sends it; what a client may send is judged in problems()."""
import base64
import select
import socket
import struct
import threading

import realm as facts

DEAD_S = 60        # nobody in the bench waits this long: a lost client cannot keep a thread
HTML = b"<!DOCTYPE html><html><head><title>\x1b[2JSign in</title></head><body>Guest WiFi</body></html>"
OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Tunnel:
    """One connection to the proxy: target is what CONNECT asked for, sent all that the client said in the tunnel."""

    def __init__(self):
        self.head, self.sent, self.target, self.fields = b"", b"", None, []

    def read(self, head):
        self.head = head
        lines = head.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        if len(words) == 3 and words[0] == "CONNECT":
            self.target = words[1]
        self.fields = [tuple(part.strip() for part in line.partition(":")[::2]) for line in lines[1:] if line]

    def field(self, name):
        values = [v for n, v in self.fields if n.lower() == name]
        return values[0] if len(values) == 1 else None

    @property
    def host(self):
        return (self.target or "").rpartition(":")[0].strip("[]")


# --- what it can do in place of opening the tunnel: (stand, socket, tunnel) ------------------------------------------

def answer(stand, sock, tunnel, data=b"", **_):
    """Say these bytes and close."""
    sock.sendall(data)


def byte_by_byte(stand, sock, tunnel, data=OPEN, **_):
    """The answer a byte at a time, as fast as it goes, then the tunnel."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for at in range(len(data)):
        sock.sendall(data[at:at + 1])
    stand.splice(sock, tunnel)


def opened(stand, sock, tunnel, data=OPEN, **_):
    """Another answer in front of the tunnel."""
    sock.sendall(data)
    stand.splice(sock, tunnel)


def instead(stand, sock, tunnel, data=HTML, after_hello=False, **_):
    """Open the tunnel and speak in the host's place, at once or when the client has."""
    if after_hello:
        sock.sendall(OPEN)
        tunnel.sent += sock.recv(4096)
        sock.sendall(data)
    else:
        sock.sendall(OPEN + data)
    stand.hold(sock, tunnel)


def silent(stand, sock, tunnel, data=b"", **_):
    """Say no more than this, and keep the connection."""
    sock.sendall(data)
    stand.hold(sock, tunnel)


def reset(stand, sock, tunnel, data=b"", **_):
    sock.sendall(data)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def drip(stand, sock, tunnel, data=b"HTTP/1.1 200 OK\r\nX: ", every_s=0.2, **_):
    """A header that goes on for ever, a byte now and then."""
    sock.sendall(data)
    while not stand.stopped.wait(every_s):
        sock.sendall(b"x")


def endless(stand, sock, tunnel, data=b"HTTP/1.1 200 OK\r\n", line=b"X-Filler: " + b"x" * 1000 + b"\r\n", **_):
    """A header that goes on for ever, as fast as it is taken."""
    sock.sendall(data)
    while not stand.stopped.is_set():
        sock.sendall(line)


def together(stand, sock, tunnel, count=2, **_):
    """Answer nobody before so many hosts have been asked for."""
    if stand.wait(lambda s: len({t.target for t in s.tunnels}) >= count):
        opened(stand, sock, tunnel)


FAULTS = {f.__name__: f for f in (answer, byte_by_byte, opened, instead, silent, reset, drip, endless, together)}


class ProxyStand:
    """login: the user:password that it wants, or None. routes: host -> Endpoint, for hosts that are none of AWS's."""

    def __init__(self, aws, login=None, address="127.0.0.1"):
        self.aws, self.login, self.routes = aws, login, {}
        self.tunnels, self.faults = [], []
        self.connections = 0
        self.changed, self.stopped = threading.Condition(), threading.Event()
        self.open = set()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.listener = socket.create_server((address, 0), family=family, backlog=64)
        self.address, self.port = self.listener.getsockname()[:2]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def url(self, login=None, scheme="http://"):
        host = "[%s]" % self.address if ":" in self.address else self.address
        return "%s%s%s:%d" % (scheme, login + "@" if login else "", host, self.port)

    def fault(self, name, times=None, host=None, **params):
        """times=None: until the end. host: only for CONNECT to it."""
        with self.changed:
            self.faults.append([FAULTS[name], times, host, params])

    def refuse(self, status, headers=(), body=b"", times=None, host=None):
        lines = ["HTTP/1.1 %s" % status, *headers, "Content-Length: %d" % len(body), "", ""]
        self.fault("answer", times, host, data="\r\n".join(lines).encode() + body)

    def targets(self):
        """What was asked for, in order of arrival."""
        with self.changed:
            return [t.target for t in self.tunnels]

    def wait(self, claim, timeout_s=20):
        with self.changed:
            return self.changed.wait_for(lambda: claim(self) or self.stopped.is_set(), timeout_s) and claim(self)

    def problems(self, secrets):
        """What a client said that it should not have: anything but one CONNECT and TLS, or a secret in the clear."""
        for tunnel in self.tunnels:
            if tunnel.target is None:
                yield "no CONNECT: %r" % tunnel.head[:200]
                continue
            if tunnel.field("host") != tunnel.target:
                yield "Host %r for %s" % (tunnel.field("host"), tunnel.target)
            strange = {n.lower() for n, _ in tunnel.fields} - {"host", "user-agent", "proxy-authorization"}
            if strange or len(tunnel.fields) != len({n.lower() for n, _ in tunnel.fields}):
                yield "header fields of CONNECT: %r" % tunnel.head
            if not is_tls(tunnel.sent):
                yield "not TLS in the tunnel to %s: %r" % (tunnel.target, tunnel.sent[:80])
            for secret in secrets:
                forms = secret.encode(), base64.b64encode(secret.encode()), secret[len(secret) // 3:][:16].encode()
                if any(form in tunnel.head or form in tunnel.sent for form in forms):
                    yield "a secret of %d characters outside TLS" % len(secret)

    def stop(self):
        self.stopped.set()
        with self.changed:
            self.changed.notify_all()
            left = list(self.open)
        for sock in [self.listener, *left]:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.listener.close()
        self.thread.join(5)

    def hold(self, sock, tunnel):
        """Keep the connection open, saying nothing, until the client or the bench gives up."""
        while not self.stopped.is_set():
            data = sock.recv(16384)
            if not data:
                return
            tunnel.sent += data

    def splice(self, sock, tunnel):
        """Carry bytes between client and endpoint until either closes."""
        place = facts.place(tunnel.host)
        endpoint = self.routes.get(tunnel.host) or (place and getattr(self.aws, place[0]))
        with socket.create_connection((endpoint.address, endpoint.port), DEAD_S) as far:
            while not self.stopped.is_set():
                for ready in select.select([sock, far], [], [], 0.5)[0]:
                    data = ready.recv(16384)
                    if not data:
                        return
                    if ready is sock:
                        tunnel.sent += data
                    (far if ready is sock else sock).sendall(data)

    def _accept(self):
        while not self.stopped.is_set():
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connection, args=(sock,), daemon=True).start()

    def _connection(self, sock):
        sock.settimeout(DEAD_S)
        tunnel = Tunnel()
        with self.changed:
            self.connections += 1
            self.open.add(sock)
        try:
            with sock:
                self._serve(sock, tunnel)
        except OSError:
            pass
        finally:
            with self.changed:
                self.open.discard(sock)

    def _serve(self, sock, tunnel):
        head = b""
        while b"\r\n\r\n" not in head and len(head) < 65536:
            data = sock.recv(4096)
            if not data:
                break
            head += data
        head, _, tunnel.sent = head.partition(b"\r\n\r\n")
        tunnel.read(head)
        with self.changed:
            self.tunnels.append(tunnel)
            self.changed.notify_all()
            act, params = self._take(tunnel)
        if act:
            act(self, sock, tunnel, **params)
        elif self.login and tunnel.field("proxy-authorization") != basic(self.login):
            sock.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"stand-in\"\r\n"
                         b"Content-Length: 0\r\n\r\n")
        elif facts.place(tunnel.host) or tunnel.host in self.routes:
            opened(self, sock, tunnel)
        else:
            sock.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")

    def _take(self, tunnel):
        for fault in self.faults:
            act, times, host, params = fault
            if times != 0 and host in (None, tunnel.host):
                fault[1] = times if times is None else times - 1
                return act, params
        return None, {}


def basic(login):
    return "Basic " + base64.b64encode(login.encode()).decode()


def is_tls(data):
    """Nothing but whole TLS records, the last of which may be cut."""
    while data:
        if data[0] not in (20, 21, 22, 23) or (len(data) > 1 and data[1] != 3):
            return False
        if len(data) < 5:
            return True
        data = data[5 + int.from_bytes(data[3:5], "big"):]
    return True
