#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Asks curl what NO_PROXY means and writes no_proxy.h, which test_proxy.c holds us to.

    unshare -rn python3 tests/unit/no_proxy.py > tests/unit/no_proxy.h

A proxy on loopback notes whether curl came to it. It is run in a network namespace of its
own, since curl goes to the host itself where it goes past the proxy. Where we differ from
curl on purpose, the question is not in here but in test_proxy.c, with the reason."""

import os
import socket
import subprocess
import sys
import threading

NAME, V4, V6 = "a.example", "192.0.2.1", "2001:db8::1"
QUESTIONS = [
    (NAME, ["*", "b,*", "* ", " *", "*,b", "", " ", ",", ".", "a.example", "example", ".example", ".a.example",
            "..a.example", "a.example.", "a.example..", ".a.example.", "A.eXAMPLE", "xample", "ple", "*.example",
            "b a.example c", "b\ta.example", "b,,a.example", "b;a.example", "b , a.example", " a.example ",
            "a.example:443", "https://a.example", "b.a.example", "ba.example", "a.example.b", V4, V6, "0.0.0.0/0",
            "192.0.2.0/24,a.example", "[a.example]", "a.example/24"]),
    ("example", ["example", ".example", "a.example", "xample"]),
    (V4, [V4, "192.0.2.0/24", "192.0.2.0/25", "192.0.2.0/31", "192.0.2.0/32", "192.0.2.1/32", "192.0.2.1/33",
          "192.0.3.255/23", "192.0.3.255/24", "128.0.0.0/1", "0.0.0.0/1", "192.0.2.9/-1", ".2.1", "2.1", "192.0.2.1.",
          ".192.0.2.1", "192.0.2", "192.0.2/24", "192.0.2.1:443", "192.0.2.10", "192.0.2.1/08", "*.0.2.1", "*", "b,*",
          "10.0.0.0/8 192.0.2.0/24", "::ffff:192.0.2.1", V6, NAME, "999.0.2.1", "192.0.2.256/24"]),
    (V6, [V6, "2001:db8::2", V4, "*", NAME, "b 2001:db8::1"]),
]


def listen(seen):
    listener = socket.create_server(("127.0.0.1", 0), backlog=16)

    def serve():
        while True:
            connection, _ = listener.accept()
            with connection:
                seen.append(connection.recv(4096))
                connection.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


def goes_past(seen, port, no_proxy, host):
    seen.clear()
    url = "https://%s/" % ("[%s]" % host if ":" in host else host)
    env = {"PATH": os.environ["PATH"], "https_proxy": "http://127.0.0.1:%d" % port, "NO_PROXY": no_proxy}
    subprocess.run(["curl", "-q", "-s", "--max-time", "5", "--resolve", "*:443:127.0.0.1", url], env=env,
                   capture_output=True, check=False, timeout=20)
    return not seen


def quoted(text):
    return '"%s"' % text.replace("\t", "\\t")


def main():
    seen = []
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with open("/proc/net/route", encoding="ascii") as routes:
        if len(routes.readlines()) > 1:
            sys.exit("not in a network namespace of its own: see the head of this file")
    port = listen(seen)
    version = subprocess.run(["curl", "-q", "--version"], capture_output=True, check=True, text=True).stdout.split()[1]
    print("/* SPDX-License-Identifier: MIT */\n/*\n * What curl %s takes NO_PROXY for. Written by no_proxy.py, not by hand.\n */"
          % version)
    for host, lists in QUESTIONS:
        for no_proxy in lists:
            print("{ %s, %s, %s }," % (quoted(no_proxy), quoted(host),
                                       "true" if goes_past(seen, port, no_proxy, host) else "false"))


main()
