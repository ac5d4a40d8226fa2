# SPDX-License-Identifier: MIT
"""Somebody on the path between postern and an endpoint: a relay that reads TLS records without keys and can hold them
back, cut the connection or answer in the clear. What it saw is in its log, what it passed on in passed."""
import socket
import struct
import threading

HANDSHAKE, CHANGE_CIPHER_SPEC, ALERT, DATA = 22, 20, 21, 23
ANSWER = (b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s")


def clear_record(kind, payload):
    """A record as it is before encryption begins."""
    return struct.pack(">BHH", kind, 0x0303, len(payload)) + payload


class Middle:
    """behave(self, who, kind, number): called for each record of `who` ("client" or "server") before it is passed on,
    number counting that side's records of one connection, and with kind None for its end; answers True to pass it on, False
    to keep it back."""

    def __init__(self, listen, target, behave=lambda middle, who, kind, number: True):
        self.target, self.behave = target, behave
        self.log, self.passed, self.connections = [], [], 0
        self.changed = threading.Condition()
        self.listener = socket.create_server(listen)
        self.sockets = [self.listener]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def stop(self):
        for sock in self.sockets:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()

    def to_client(self, data):
        self.client.sendall(data)

    def cut(self):
        """End the connection to the client, without a word."""
        self.client.shutdown(socket.SHUT_RDWR)

    def saw(self, who, kind):
        with self.changed:
            return (self.connections, who, kind) in self.log

    def wait_for(self, who, kind, timeout_s=20):
        """Until the present connection has had such a record."""
        with self.changed:
            wanted = self.connections, who, kind
            return self.changed.wait_for(lambda: wanted in self.log, timeout_s)

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection(self.target)
            except OSError:
                return
            self.sockets += [client, server]
            with self.changed:
                self.connections += 1
            self.client = client
            for who, source, sink in (("client", client, server), ("server", server, client)):
                threading.Thread(target=self._relay, args=(self.connections, who, source, sink), daemon=True).start()

    def _relay(self, connection, who, source, sink):
        number = 0
        try:
            with source.makefile("rb") as stream:
                while len(head := stream.read(5)) == 5:
                    record = head + stream.read(struct.unpack(">H", head[3:])[0])
                    with self.changed:
                        self.log.append((connection, who, head[0]))
                        self.changed.notify_all()
                    if self.behave(self, who, head[0], number):
                        self.passed.append((connection, who, head[0]))
                        sink.sendall(record)
                    number += 1
            if self.behave(self, who, None, number):
                sink.shutdown(socket.SHUT_WR)
        except (OSError, ValueError):
            pass
