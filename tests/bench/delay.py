# SPDX-License-Identifier: MIT
"""A relay on loopback that makes a near server look far away, so that round trips can be counted as the slope of time
over distance. A connection's first bytes wait one round trip more, as they would for TCP's own handshake."""
import queue
import socket
import threading
import time


class Delay:
    """Stands before (host, port) on a port of its own; rtt_s may be changed between runs."""

    def __init__(self, host, port):
        self.target, self.rtt_s = (host, port), 0.0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            near, _ = self.listener.accept()
            opened = time.monotonic() + self.rtt_s
            far = socket.create_connection(self.target)
            for sock in (near, far):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for source, sink, earliest in ((near, far, opened), (far, near, 0)):
                under_way = queue.SimpleQueue()
                threading.Thread(target=self._take, args=(source, under_way, earliest), daemon=True).start()
                threading.Thread(target=self._give, args=(sink, under_way), daemon=True).start()

    def _take(self, source, under_way, earliest):
        data = b"-"
        while data:
            try:
                data = source.recv(65536)
            except OSError:
                data = b""
            under_way.put((max(time.monotonic(), earliest) + self.rtt_s / 2, data))

    @staticmethod
    def _give(sink, under_way):
        data = b"-"
        while data:
            due, data = under_way.get()
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                if data:
                    sink.sendall(data)
                else:
                    sink.shutdown(socket.SHUT_WR)
            except OSError:
                return
