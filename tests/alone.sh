#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Builds this tree and runs its tests with nothing to download from: "make
# check-long" calls it, with an unpacked release, in a network namespace of its
# own. There it starts loopback, which the stand-ins need, and sees to it that
# nothing else can be reached.

set -u
unset CDPATH
cd "$(dirname "$0")/.." || exit 1

python3 - <<'PY' || exit 1
import fcntl
import socket
import struct

if [name for _, name in socket.if_nameindex()] == ["lo"]:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    fcntl.ioctl(sock, 0x8914, struct.pack("16sh", b"lo", 1))           # SIOCSIFFLAGS, IFF_UP
    for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            socket.socket(family, socket.SOCK_DGRAM).connect((address, 53))
        except OSError:
            continue
        raise SystemExit("alone: there is a route to " + address)
    print("alone: nothing but loopback can be reached", flush=True)
else:
    print("alone: this is no network namespace of its own", flush=True)
PY

jobs=$(nproc 2>/dev/null || echo 1)
make -j"$jobs" all asan unit replay checks build/release/no_entropy &&
	make --no-print-directory test
