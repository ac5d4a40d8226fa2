# SPDX-License-Identifier: MIT
"""How an endpoint of the stand-in misbehaves when a test asks for it: at the connection, in TLS, or in the reply.
One function or one row per fault; when each applies is kept by the queue at the end."""
import socket
import struct
import threading

from sts import error_reply
from tap import GARBAGE, WIRE
from wire import Reply

PORTAL = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body><form action='/login'>Guest WiFi</form></body></html>"
BLOCKED = b"<html><head><title>403 Forbidden</title></head><body>Access to this site is blocked by policy.</body></html>"


# --- at the connection, before TLS: (endpoint, socket) -------------------------------------------------------------

def silent(endpoint, sock, **_):
    """Accept, then say nothing."""
    endpoint.hold(sock)


def reset(endpoint, sock, after=0, **_):
    """Send RST, at once or after so many bytes of the ClientHello."""
    if after:
        sock.recv(after)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def close(endpoint, sock, after=0, **_):
    if after:
        sock.recv(after)


def send(endpoint, sock, data=GARBAGE, first=False, hold=False, **_):
    """Answer the ClientHello with these bytes (first: do not wait for it) and close (hold: leave that to the client)."""
    if not first:
        sock.recv(4096)
    sock.sendall(data)
    if hold:
        endpoint.hold(sock)


def pour(endpoint, sock, data, **_):
    """Answer the ClientHello with these bytes for as long as they are taken."""
    sock.recv(4096)
    while not endpoint.stopped.is_set():
        sock.sendall(data * (65536 // len(data)))


def drip(endpoint, sock, data=b"\x16", every_s=0.2, **_):
    """A byte now and then, for ever: a TLS record with a server's hello that never ends."""
    sock.recv(4096)
    sock.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03")
    while not endpoint.stopped.wait(every_s):
        sock.sendall(data)


CONNECT = {
    "silent": (silent, {}),
    "reset": (reset, {}),
    "reset_after_hello": (reset, {"after": 4096}),
    "close": (close, {}),
    "close_after_hello": (close, {"after": 4096}),
    "garbage_tls": (send, {}),
    "says": (send, {"hold": True}), "pours": (pour, {}),
    "plain_http": (send, {"data": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"}),
    "alert": (send, {"data": b"\x15\x03\x03\x00\x02\x02\x28"}),           # handshake_failure
    "drip_handshake": (drip, {}),
}

# --- in TLS: what the context gets (see Endpoint.context) ----------------------------------------------------------

TLS = {
    "wrong_name": {"cert": "wrong_name"}, "expired": {"cert": "expired"}, "not_yet": {"cert": "not_yet"},
    "untrusted": {"cert": "untrusted"}, "amazon": {"cert": "amazon"}, "self_signed": {"cert": "self_signed"}, "cn_only": {"cert": "cn_only"},
    "client_only": {"cert": "client_only"}, "weak_rsa": {"cert": "weak_rsa", "ciphers": "ALL:@SECLEVEL=0"},
    "no_intermediate": {"cert": "no_intermediate"}, "speaks_first": {}, "hasty": {},
    "tls13_only": {"least": "TLSv1_3", "most": "TLSv1_3"},
    "tls11_only": {"least": "TLSv1", "most": "TLSv1_1", "ciphers": "ALL:@SECLEVEL=0"},
    "cbc_only": {"ciphers": "ECDHE+AES:!AESGCM:!AESCCM:@SECLEVEL=0"},
    "rsa_exchange_only": {"ciphers": "kRSA:@SECLEVEL=0"},
    "dhe_only": {"ciphers": "DHE+AESGCM:@SECLEVEL=0"}, "null_only": {"ciphers": "NULL:@SECLEVEL=0"},
    "wants_client_cert": {"client_cert": "optional"}, "needs_client_cert": {"client_cert": "required"},
}


def answer_in_haste(conn, data):
    """Answer at the first record of a request and close with the rest unread, which is a reset behind the answer."""
    conn.recv(1)
    conn.sendall(data)
    conn.close()


# --- in the reply: another reply, or another way to send it: (endpoint, connection, bytes of the right reply) ------


def hang(endpoint, conn, data, after=0, **_):
    conn.sendall(data[:after])
    endpoint.hold(conn)


def cut(endpoint, conn, data, keep=-20, polite=True, **_):
    """Send only the first bytes (or leave out the last), then close, with or without close_notify."""
    conn.sendall(data[:keep])
    conn.polite = polite


def cut_reset(endpoint, conn, data, keep=0, **_):
    conn.sendall(data[:keep])
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.polite = False


def dribble(endpoint, conn, data, **_):
    """One byte per TLS record."""
    conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for at in range(len(data)):
        conn.sendall(data[at:at + 1])


def drip_reply(endpoint, conn, data, every_s=0.2, **_):
    """One byte now and then, for longer than anyone should wait."""
    for at in range(len(data)):
        conn.sendall(data[at:at + 1])
        if endpoint.stopped.wait(every_s):
            return


def slow(endpoint, conn, data, delay_s=1.0, **_):
    endpoint.stopped.wait(delay_s)
    conn.sendall(data)


def interim(endpoint, conn, data, count=1, status="100 Continue", **_):
    conn.sendall(("HTTP/1.1 %s\r\n\r\n" % status).encode() * count + data)


def chunked(endpoint, conn, data, size=7, extension=b"", trailer=b"", **_):
    head, _, body = data.partition(b"\r\n\r\n")
    lines = [l for l in head.split(b"\r\n") if not l.lower().startswith(b"content-length:")]
    out = b"\r\n".join(lines + [b"Transfer-Encoding: chunked", b"", b""])
    for at in range(0, len(body), size):
        part = body[at:at + size]
        out += b"%x%s\r\n%s\r\n" % (len(part), extension, part)
    conn.sendall(out + b"0\r\n" + trailer + b"\r\n")


def halves(endpoint, conn, data, **_):
    """In two TLS records."""
    conn.sendall(data[:len(data) // 2])
    conn.sendall(data[len(data) // 2:])


def unframed(endpoint, conn, data, polite=True, **_):
    """Neither length nor chunks: the end is the close."""
    head, _, body = data.partition(b"\r\n\r\n")
    lines = [l for l in head.split(b"\r\n") if not l.lower().startswith(b"content-length:")]
    conn.sendall(b"\r\n".join(lines + [b"", b""]) + body)
    conn.polite = polite


def edit(endpoint, conn, data, change=None, polite=True, **_):
    """The answer as change(head, body) has it; head without the empty line."""
    head, _, body = data.partition(b"\r\n\r\n")
    conn.sendall(change(head, body))
    conn.polite = polite


def add_header(endpoint, conn, data, line=b"", **_):
    conn.sendall(data.replace(b"\r\n", b"\r\n" + line + b"\r\n", 1))


def wait_please(endpoint, conn, data, seconds="1", **_):
    """Not now: 503 with a Retry-After."""
    conn.sendall(("HTTP/1.1 503 Busy\r\nRetry-After: %s\r\nContent-Length: 0\r\n\r\n" % seconds).encode())


def by(endpoint, conn, data, act=None, **_):
    """As the case itself does it."""
    act(endpoint, conn, data)


def extra(endpoint, conn, data, more=b"trailing bytes", **_):
    conn.sendall(data + more)


def raw(endpoint, conn, data, instead=GARBAGE, **_):
    conn.sendall(instead)


def flood(endpoint, conn, data, head=b"Content-Type: text/plain\r\nContent-Length: 99999999999\r\n\r\n", more=b"x", **_):
    """An answer without end: more, again and again; of a body, when no other head is given."""
    conn.sendall(b"HTTP/1.1 200 OK\r\n" + head)
    while not endpoint.stopped.is_set():
        conn.sendall(more * (65536 // len(more)))


REPLY = {f.__name__: f for f in (hang, by, cut, cut_reset, dribble, drip_reply, slow, interim, chunked, halves, unframed, edit,
                                 add_header, wait_please, extra, raw, flood)}
INSTEAD = {
    "throttled": lambda: error_reply(400, "Throttling", "Rate exceeded"),
    "too_many": lambda: error_reply(429, "TooManyRequestsException", "Too Many Requests"),
    "unavailable": lambda: error_reply(503, "ServiceUnavailable", "Service is unavailable, try again later"),
    "idp_down": lambda: error_reply(400, "IDPCommunicationError", "The identity provider could not be reached"),
    "internal_empty": lambda: Reply(500),
    "portal": lambda: Reply(200, PORTAL, "text/html"),
    "blocked": lambda: Reply(403, BLOCKED, "text/html"),
    "redirect": lambda: Reply(302, b"", "text/html", None, [("Location", "https://login.example.net/portal")]),
}


class Fault:
    def __init__(self, name, times, params):
        self.name, self.left, self.params = name, times, params
        self.stage = "connect" if name in CONNECT else "tls" if name in TLS else "wire" if name in WIRE else "reply"
        if self.stage == "reply" and name not in REPLY and name not in INSTEAD and name != "reply":
            raise KeyError("no such fault: " + name)


class Faults:
    """The faults set for one endpoint; each stage takes the oldest that is left for it and, if it names an action, fits."""

    def __init__(self):
        self.lock = threading.Lock()
        self.list = []

    def add(self, name, times=None, action=None, **params):
        """times=None: until cleared. action: only for requests of that Action. "reply": status=, body=, content_type=."""
        with self.lock:
            fault = Fault(name, times, params)
            fault.action = action
            self.list.append(fault)

    def clear(self):
        with self.lock:
            self.list.clear()

    def take(self, stage, action=None):
        with self.lock:
            for fault in self.list:
                if fault.stage == stage and fault.left != 0 and fault.action in (None, action):
                    if fault.left is not None:
                        fault.left -= 1
                    return fault
        return None


def send_reply(endpoint, conn, reply, fault, now):
    """Send reply as it is, or as the fault has it."""
    if fault and fault.name == "reply":
        reply = Reply(fault.params.get("status", 200), fault.params.get("body", b""),
                      fault.params.get("content_type", "text/xml"), reply.request_id, fault.params.get("headers", ()))
    elif fault and fault.name in INSTEAD:
        reply = INSTEAD[fault.name]()
    data = reply.head(now) + reply.body
    if fault and fault.name in REPLY:
        REPLY[fault.name](endpoint, conn, data, **fault.params)
    else:
        conn.sendall(data)
