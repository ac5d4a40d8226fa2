# SPDX-License-Identifier: MIT
"""The addresses at which AWS serves metadata, on the loopback device of a network namespace that is the tests' own.
By ioctl, so that nothing has to be installed for it (netdevice(7))."""
import contextlib
import fcntl
import ipaddress
import socket
import struct
import time

from harness import Skip

IMDS, IMDS6 = "169.254.169.254", "fd00:ec2::254"
ECS, EKS, EKS6 = "169.254.170.2", "169.254.170.23", "fd00:ec2::23"
SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK, SIOCDIFADDR = 0x8914, 0x8916, 0x891C, 0x8936
IFF_UP = 1


def _change4(request, label, *fields):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, request, struct.pack("16s16s8x", label, struct.pack(*fields)))


def _address4(address):
    return "=H2x4s8x", socket.AF_INET, ipaddress.ip_address(address).packed


@contextlib.contextmanager
def _on_loopback4(address):
    label = b"lo:" + ipaddress.ip_address(address).packed.hex().encode()
    _change4(SIOCSIFADDR, label, *_address4(address))
    _change4(SIOCSIFNETMASK, label, *_address4("255.255.255.255"))
    try:
        yield
    finally:
        _change4(SIOCSIFFLAGS, label, "=H14x", 0)           # a label that is not up is no address any more


def need_ipv6():
    """Skip a case where IPv6 is switched off."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            sock.bind(("::1", 0))
    except OSError as why:
        raise Skip("no IPv6 loopback here") from why


def _settled(address):
    """The kernel looks for a duplicate of an IPv6 address even here, and so it is tentative for a moment."""
    deadline = time.monotonic() + 10
    while True:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            try:
                return sock.bind((address, 0))
            except OSError:
                if time.monotonic() > deadline:
                    raise
        time.sleep(0.01)


@contextlib.contextmanager
def _on_loopback6(address):
    need_ipv6()
    entry = struct.pack("=16sIi", ipaddress.ip_address(address).packed, 128, socket.if_nametoindex("lo"))
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCSIFADDR, entry)
        _settled(address)
        try:
            yield
        finally:
            fcntl.ioctl(sock, SIOCDIFADDR, entry)


def on_loopback(address):
    """While this lasts, the address is one of this namespace's own."""
    return _on_loopback6(address) if ":" in address else _on_loopback4(address)
