# SPDX-License-Identifier: MIT
"""Where the servers are, at a distance that can be set: behind a link between two network namespaces, or on loopback
behind relays where namespaces are not permitted. What is measured there is run.py's."""
import contextlib
import ctypes
import fcntl
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

from delay import Delay

HERE = os.path.dirname(os.path.abspath(__file__))
NEAR, STS, SIGNIN = "198.18.0.1", "198.18.0.2", "198.18.0.3"      # RFC 2544: for benchmarks only
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18


class Unusable(Exception):
    """This cannot be measured here; the text says why."""


def compiled(source, target, *compilers):
    for compiler in compilers:
        command = compiler.split()
        if shutil.which(command[0]) and subprocess.run([*command, "-o", target, os.path.join(HERE, source)],
                                                       capture_output=True).returncode == 0:
            return target
    raise Unusable("no compiler here makes a program of tests/bench/%s" % source)


def namespace_command():
    """A command that runs its arguments in network and mount namespaces of their own, or why there is none."""
    if not shutil.which("unshare"):
        return None, "there is no unshare (util-linux)"
    for command in (["unshare", "--net", "--mount"], ["unshare", "--map-root-user", "--net", "--mount"]):
        tried = subprocess.run(command + ["true"], capture_output=True, text=True)
        if tried.returncode == 0:
            return command, None
    return None, tried.stderr.strip() or "unshare fails"


class Child:
    """A process that lives as long as its standard input, so that it cannot outlive this one however this one ends."""

    def __init__(self, *command):
        self.complaints = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.complaints,
                                        text=True, start_new_session=True)

    def answer(self, line=None):
        """Send a line, if there is one, and wait for a line."""
        try:
            if line is not None:
                self.process.stdin.write(line + "\n")
                self.process.stdin.flush()
            said = self.process.stdout.readline()
        except BrokenPipeError:
            said = ""
        if not said:
            self.close()
            self.complaints.seek(0)
            raise Unusable(self.complaints.read().strip().split("\n")[-1] or "%s ends" % self.process.args[0])
        return said

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Place:
    """facts: what stand.py says of itself; words: what leads postern there; note: what a reader of the tables must know."""
    words, resolve = (), ()

    def __init__(self, folder):
        self.folder, self.children = folder, []
        try:
            self.open()
        except BaseException:
            self.close()
            raise

    def child(self, *command):
        self.children.append(Child(*command))
        return self.children[-1]

    def start(self, prefix, sts, signin, port):
        """Start the far side's process, which waits for a line before it listens."""
        certificates = os.path.join(self.folder, "pki")
        program = os.path.join(HERE, "stand.py")
        self.stand = self.child(*prefix, sys.executable, program, certificates, sts, signin, str(port))
        self.stand.answer()

    def tunnels(self):
        """How often the proxy was used so far."""
        return int(self.stand.answer("tunnels"))

    def url(self, name):
        port = self.facts["ports"][name]
        return "https://" + self.facts["hosts"][name] + ("" if port == 443 else ":%d" % port)

    def close(self):
        for child in self.children:
            child.close()


class Wan(Place):
    """This process is in the near namespace; the far one has the servers. The names are in /etc/hosts, ours alone."""
    note = "The servers are in another network namespace; a link delays each packet."

    def open(self):
        self.link_file = compiled("wan.c", os.path.join(self.folder, "wan"), "cc -O2", "gcc -O2", "clang -O2")
        self.etc = {path: self._own(path) for path in ("/etc/hosts", "/etc/resolv.conf")}
        self.start(["unshare", "--net"], STS, SIGNIN, 443)
        far = "/proc/%d/ns/net" % self.stand.process.pid
        self.link = self.child(self.link_file, "/proc/self/ns/net", NEAR, far, STS, SIGNIN)
        self.link.answer()
        self.facts = json.loads(self.stand.answer("go"))
        self.proxy = "http://%s:%d" % (STS, self.facts["proxy_port"])
        self.aws_url = self.url("sts")
        self.names_from("/etc/hosts")

    def _own(self, path):
        """An empty file that only this mount namespace has at path."""
        ours = os.path.join(self.folder, os.path.basename(path))
        libc = ctypes.CDLL(None, use_errno=True)
        with open(ours, "w"):
            pass
        libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
        if libc.mount(ours.encode(), os.path.realpath(path).encode(), None, MS_BIND, None):
            raise Unusable("a bind mount on %s: %s" % (path, os.strerror(ctypes.get_errno())))
        return ours

    def names_from(self, path):
        """Let the servers' names be known by this file alone."""
        lines = "".join("%s %s\n" % (self.facts["addresses"][n], host) for n, host in self.facts["hosts"].items())
        texts = {"/etc/hosts": lines, "/etc/resolv.conf": "nameserver %s\n" % self.facts["dns"]}
        for each, ours in self.etc.items():
            with open(ours, "w") as out:
                out.write(texts[each] if each == path else "")

    def set_rtt(self, ms):
        self.link.answer("%d" % (ms * 500))

    def traffic(self):
        """Bytes sent and received on the link so far, IP headers included."""
        with open("/proc/self/net/dev") as source:
            fields = [line.split(":")[1].split() for line in source if line.strip().startswith("wan0:")][0]
        return int(fields[8]), int(fields[0])


class Loopback(Place):
    note = "The servers are on loopback; relays delay the bytes, and each connection by a round trip."

    def open(self):
        self.start([], "127.0.0.1", "127.0.0.1", 0)
        self.facts = json.loads(self.stand.answer("go"))
        self.relays = {n: Delay("127.0.0.1", port) for n, port in self.facts["ports"].items()}
        self.relays["proxy"] = Delay("127.0.0.1", self.facts["proxy_port"])
        self.facts["ports"] = {n: self.relays[n].port for n in self.facts["ports"]}
        self.proxy = "http://127.0.0.1:%d" % self.relays["proxy"].port
        self.aws_url = "https://localhost:%d" % self.facts["ports"]["sts"]      # the AWS CLI takes no address for a name
        self.resolve = ["%s:%d:127.0.0.1" % (host, self.facts["ports"][n]) for n, host in self.facts["hosts"].items()]
        self.words = ["--endpoint-url", self.url("sts"), "--signin-endpoint-url", self.url("signin"),
                      *(word for pair in self.resolve for word in ("--resolve", pair))]

    def set_rtt(self, ms):
        for relay in self.relays.values():
            relay.rtt_s = ms / 1000

    def names_from(self, path):
        if path != "/etc/hosts":
            raise Unusable("needs network namespaces")

    def traffic(self):
        raise Unusable("needs network namespaces")


def loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, 0x8914, struct.pack("16sh", b"lo", 1))               # SIOCSIFFLAGS, IFF_UP


def settled(place, quiet_s):
    """The traffic so far, once nothing more comes."""
    seen, since = place.traffic(), time.monotonic()
    while time.monotonic() < since + quiet_s:
        time.sleep(0.01)
        if place.traffic() != seen:
            seen, since = place.traffic(), time.monotonic()
    return seen
