# SPDX-License-Identifier: MIT
"""One endpoint of the stand-in: a listening socket on loopback, a thread per connection, TLS with the certificate that
was asked for, and a record of every connection and request. What is answered is the application's business."""
import socket
import ssl
import threading
import warnings

import faults
from tap import Tapped
from wire import BadRequest, read_request

DEAD_S = 60        # nobody in the bench waits this long: a lost client cannot keep a thread


class Endpoint:
    def __init__(self, name, address, app, clock, pki=None, family=socket.AF_INET):
        self.name, self.app, self.clock, self.pki = name, app, clock, pki
        self.faults = faults.Faults()
        self.requests, self.problems = [], []     # what arrived; what was not HTTP or TLS
        self.snis = []                            # server names asked for, one per handshake
        self.connections = self.held = 0          # held: those on which a fault says nothing any more
        self.changed = threading.Condition()
        self.stopped = threading.Event()
        self.open, self.contexts = set(), {}
        self.listener = socket.create_server(address, family=family, backlog=64)
        self.address, self.port = self.listener.getsockname()[:2]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def fault(self, name, times=None, **params):
        self.faults.add(name, times, **params)

    def last(self, action=None):
        """The newest request, or the newest of an action; None when there is none."""
        found = self.all(action)
        return found[-1] if found else None

    def all(self, action=None):
        with self.changed:
            return [r for r in self.requests if action is None or r.action == action]

    def wait(self, claim, timeout_s=20):
        """Wait until claim(self) holds; false when it never did."""
        with self.changed:
            return self.changed.wait_for(lambda: claim(self), timeout_s)

    def deaf(self, full=False):
        """Let connections be refused from now on; full: swallowed, since the queue of the port is full."""
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:                           # deaf already
            pass
        self.thread.join(5)
        self.listener.close()
        self.listener = socket.socket(self.listener.family)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((self.address, self.port))
        if full:
            self.listener.listen(0)
            for _ in range(2):                    # one is let in, and the next one is not
                sock = socket.socket(self.listener.family)
                sock.setblocking(False)
                sock.connect_ex((self.address, self.port))
                self.open.add(sock)

    def hang_up(self):
        """Close all connections, as a server does that was asked nothing for a while."""
        with self.changed:
            left = list(self.open)
        for sock in left:
            try:
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            except OSError:
                pass

    def stop(self):
        self.stopped.set()
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        with self.changed:
            left = list(self.open)
        for sock in left:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.thread.join(5)

    def hold(self, sock):
        """Keep the connection open, saying nothing, until the client or the bench gives up."""
        with self.changed:
            self.held += 1
            self.changed.notify_all()
        try:
            while not self.stopped.is_set() and sock.recv(16384):
                pass
        except OSError:
            pass

    def context(self, cert="good", least="TLSv1_2", most="TLSv1_3", ciphers=None, client_cert=None):
        key = (cert, least, most, ciphers, client_cert)
        if key not in self.contexts:
            made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)       # TLS 1.1 is asked for on purpose
                made.minimum_version = ssl.TLSVersion[least]
                made.maximum_version = ssl.TLSVersion[most]
            if ciphers:
                if most == "TLSv1_3":
                    made.maximum_version = ssl.TLSVersion.TLSv1_2
                made.set_ciphers(ciphers)
            if client_cert:
                made.verify_mode = ssl.CERT_REQUIRED if client_cert == "required" else ssl.CERT_OPTIONAL
                made.load_verify_locations(self.pki.ca_file)
            made.load_cert_chain(*self.pki.leaf(self.name, cert))
            self.contexts[key] = made
        return self.contexts[key]

    def _accept(self):
        while not self.stopped.is_set():
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            if not self.pki:
                sock = Plain(fileno=sock.detach())
            threading.Thread(target=self._connection, args=(sock,), daemon=True).start()

    def _connection(self, sock):
        sock.settimeout(DEAD_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)      # a reset must not overtake what was sent before
        with self.changed:
            self.open.add(sock)
            self.connections += 1
            self.changed.notify_all()
        conn = sock
        try:
            fault = self.faults.take("connect")
            if fault:
                act, params = faults.CONNECT[fault.name]
                act(self, sock, **dict(params, **fault.params))
                return
            sni, version = None, None
            if self.pki:
                conn, sni = self._handshake(sock)
                version = conn.version()
            self._exchange(conn, sni, version)
        except (OSError, ValueError) as why:       # a client that goes away is no problem of ours, but worth a note
            self._note(why)
        except BadRequest as why:
            self._note("bad request: %s" % why)
        finally:
            self._close(conn)
            with self.changed:
                self.open.discard(sock)
                self.open.discard(conn)
                self.changed.notify_all()

    def _handshake(self, sock):
        fault, wire = self.faults.take("tls"), self.faults.take("wire")
        context = self.context(**(faults.TLS[fault.name] if fault else {}))
        context.sni_callback = self._server_name
        conn = Tapped(self, sock, context, wire) if wire else Connection.over(sock, context)
        with self.changed:
            self.open.add(conn)
        conn.do_handshake()
        if fault and fault.name == "speaks_first":
            conn.sendall(fault.params["data"])
        if fault and fault.name == "hasty":
            faults.answer_in_haste(conn, **fault.params)
        return conn, conn.sni

    def _exchange(self, conn, sni, version):
        while True:
            request = read_request(conn.recv, self.name, self.port, sni, version)
            if request is None:
                return
            request.at = self.clock.now()
            reply = self.app(request)
            fault = self.faults.take("reply", request.action)
            request.status, request.fault = reply.status, fault and fault.name
            with self.changed:
                self.requests.append(request)
                self.changed.notify_all()
            faults.send_reply(self, conn, reply, fault, self.clock.now())
            if fault or (request.header("connection") or "").lower() == "close" or ("Connection", "close") in reply.headers:
                return

    def _server_name(self, conn, name, _context):
        conn.sni = name
        with self.changed:
            self.snis.append(name)

    def _note(self, why):
        with self.changed:
            self.problems.append(str(why))

    def _close(self, conn):
        try:
            if isinstance(conn, (ssl.SSLSocket, Tapped)) and getattr(conn, "polite", True):
                conn.settimeout(0.5)
                conn.unwrap()
        except (OSError, ValueError):
            pass
        conn.close()


class Plain(socket.socket):
    """A connection without TLS, whose end is never polite but may be said to be."""
    polite = True


class Connection(ssl.SSLSocket):
    """A TLS connection that knows the server name asked for and whether it ends with a close_notify."""
    sni = None
    polite = True

    @classmethod
    def over(cls, sock, context):
        context.sslsocket_class = cls
        return context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
