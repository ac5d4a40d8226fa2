# SPDX-License-Identifier: MIT
"""A TLS connection of the stand-in whose records pass through our hands one by one, so that the wire itself can be faulty.
What the records say is OpenSSL's; here they are held back, cut, changed or followed by what nobody asked for."""
import socket
import ssl
import struct

GARBAGE = bytes(range(256)) * 4
HANDSHAKE = {2: "server_hello", 11: "certificate", 12: "server_key_exchange", 14: "server_hello_done"}    # RFC 5246 section 7.4
LABELS = (*HANDSHAKE.values(), "change_cipher_spec", "finished")
ALERT, HANDSHAKE_TYPE, DATA = 21, 22, 23


class Over(OSError):
    """The fault has ended the connection."""


def record(kind, body, version=b"\x03\x03"):
    return bytes([kind]) + version + struct.pack(">H", len(body)) + body


# --- what happens where the fault is put: (tap, the record at hand) -------------------------------------------------

def stall(tap, _):
    tap.endpoint.hold(tap.sock)
    raise Over("stalled")


def reset(tap, _):
    tap.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Over("reset")


def close(tap, _):
    """End our side, and wait for the client to end its own: closing at once would be a reset."""
    tap.sock.shutdown(socket.SHUT_WR)
    tap.endpoint.hold(tap.sock)
    raise Over("closed")


def skip(_tap, _record):
    pass


def twice(tap, data):
    tap.sock.sendall(data + data)


def flip(tap, data):
    """One bit in the middle of the record's content."""
    at = 5 + (len(data) - 5) // 2
    tap.sock.sendall(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])


def fragments(tap, data):
    """The same content in records of one byte."""
    tap.sock.sendall(b"".join(record(data[0], data[i:i + 1]) for i in range(5, len(data))))


def say(data):
    """Send these bytes, then wait for the client to give up."""
    def act(tap, _):
        tap.sock.sendall(data)
        stall(tap, _)
    return act


def flood(data, head=b""):
    """Send head, then data again and again for as long as the client takes it."""
    def act(tap, _):
        tap.sock.sendall(head)
        while not tap.endpoint.stopped.is_set():
            tap.sock.sendall(data * (65536 // len(data)))
    return act


def patch(at, data):
    """Other bytes at a place of the record's content."""
    def act(tap, old):
        tap.sock.sendall(old[:5 + at] + data + old[5 + at + len(data):])
    return act


def alert(number, level=2):
    return record(ALERT, bytes([level, number]))


BIG_CERTIFICATE = flood(record(HANDSHAKE_TYPE, bytes(16384)), record(HANDSHAKE_TYPE, b"\x0b\xff\xff\xff\xff\xff\xfc\xff\xff\xf9"))

# --- where it is put: (tap, label, record, its parameters) ----------------------------------------------------------


def at_record(tap, label, data, at="finished", part="after", act=stall):
    """At the first record with a label; part: before, inside or after it, or instead of it."""
    if label != at or tap.done:
        tap.sock.sendall(data)
        return
    tap.done = True
    whole = {"before": 0, "inside": len(data) // 2, "after": len(data), "instead": 0}[part]
    tap.sock.sendall(data[:whole])
    act(tap, data)
    tap.sock.sendall(b"" if part == "instead" else data[whole:])


def at_byte(tap, _, data, at=0, act=reset):
    """After so many bytes from the connection's begin."""
    rest = at - tap.sent
    if rest < len(data):
        tap.sock.sendall(data[:rest])
        act(tap, data)
    tap.sock.sendall(data)


def bytewise(tap, _, data, every_s=0):
    """One byte per packet, and then a pause."""
    tap.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for at in range(len(data)):
        tap.sock.sendall(data[at:at + 1])
        if every_s and tap.endpoint.stopped.wait(every_s):
            raise Over("stopped")


def watch(tap, label, data, seen=None):
    """Nothing is wrong; seen receives (label, bytes) of each record."""
    seen.append((label, len(data)))
    tap.sock.sendall(data)


WIRE = {f.__name__: f for f in (at_record, at_byte, bytewise, watch)}


class Tapped:
    """What server.py wants of a connection, on a plain socket and an SSLObject between two buffers."""
    polite = True

    def __init__(self, endpoint, sock, context, fault):
        self.endpoint, self.sock, self.fault = endpoint, sock, fault
        self.received, self.written = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.received, self.written, server_side=True)
        self.tls.sni = None
        self.sent, self.encrypted, self.done = 0, False, False

    @property
    def sni(self):
        return self.tls.sni

    def do_handshake(self):
        self._drive(self.tls.do_handshake)

    def version(self):
        return self.tls.version()

    def recv(self, count):
        try:
            return self._drive(self.tls.read, count)
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    def sendall(self, data):
        while data:
            data = data[self._drive(self.tls.write, data):]

    def unwrap(self):
        """Say close_notify, and do not wait for the other side's."""
        try:
            self.tls.unwrap()
        except ssl.SSLWantReadError:
            pass
        self._flush()

    def settimeout(self, seconds):
        self.sock.settimeout(seconds)

    def setsockopt(self, *words):
        self.sock.setsockopt(*words)

    def shutdown(self, how):
        self.sock.shutdown(how)

    def close(self):
        self.sock.close()

    def _drive(self, step, *words):
        while True:
            try:
                return step(*words)
            except ssl.SSLWantReadError:
                pass
            finally:
                self._flush()
            data = self.sock.recv(65536)
            if data:
                self.received.write(data)
            else:
                self.received.write_eof()

    def _flush(self):
        data = self.written.read()
        while data:
            size = 5 + int.from_bytes(data[3:5], "big")
            self._forward(data[:size])
            data = data[size:]

    def _forward(self, data):
        label = "alert"
        if data[0] == HANDSHAKE_TYPE:
            label = "finished" if self.encrypted else HANDSHAKE.get(data[5], "handshake")
        elif data[0] == 20:
            label, self.encrypted = "change_cipher_spec", True
        elif data[0] == DATA:
            label = "data"
        try:
            WIRE[self.fault.name](self, label, data, **self.fault.params)
        except Over:
            self.polite = False
            raise
        self.sent += len(data)
