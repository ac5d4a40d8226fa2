# SPDX-License-Identifier: MIT
"""What the cases about names share: a name server for a case, and a run that asks it."""
import contextlib
import socket

import realm as facts
from dnsstand import DnsStand
from harness import case

STS, SIGNIN = facts.sts_host("us-east-1"), facts.signin_host("us-east-1")
A, AAAA = 1, 28


@contextlib.contextmanager
def server(t, rule=None, address="127.0.0.1", port=0, **how):
    """A name server; the rule is for both hosts, "%s" in it their address; without one it tells the truth."""
    ends = {STS: t.aws.sts.address, SIGNIN: t.aws.signin.address}
    zone = {name: rule % end if rule and "%s" in rule else rule or [end] for name, end in ends.items()}
    stand = DnsStand((address, port), zone, **how)
    try:
        yield stand
    finally:
        stand.stop()


def case_of(rule=None):
    """A case with a name server whose rule this is: body(t, dns)."""
    def named(title):
        def register(body):
            def function(t):
                with server(t, rule) as dns:
                    body(t, dns)
            case(title)(function)
            return body
        return register
    return named


def ask(t, *servers, words=(), **how):
    return t.run(*words, servers=[s if isinstance(s, str) else s.where() for s in servers], **how)


def nobody():
    """An address and port where nobody listens: the kernel says so at once."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return "127.0.0.1:%d" % sock.getsockname()[1]
