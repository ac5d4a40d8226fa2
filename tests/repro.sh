#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Builds two copies of this tree in directories of different depth, with another
# time zone, locale, umask and home, and compares the two binaries byte by byte.
# The compiler is the same: what other compilers make is not its business.

set -u
unset CDPATH
cd "$(dirname "$0")/.." || exit 1
MAKE=${MAKE:-make}
# The flags of a make that called this script are not those of the copies.
unset MAKEFLAGS MFLAGS MAKELEVEL

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
a=$tmp/a
b=$tmp/b/with/a/much/longer/name/than/the/other/one

copy() {
	mkdir -p "$1" && tar -cf - Makefile src vendor | (cd "$1" && tar -xof -)
}

build() {
	(cd "$1" && "$MAKE" -j"$(nproc 2>/dev/null || echo 1)" postern) >"$tmp/log" 2>&1 && return
	cat "$tmp/log" >&2
	echo "repro: the copy in $1 does not build: see above; make the tree itself build first." >&2
	exit 1
}

copy "$a" && copy "$b" || exit 1
(umask 022 && TZ=UTC LC_ALL=C build "$a") || exit 1
(umask 077 && TZ=Asia/Kathmandu LC_ALL=C.UTF-8 HOME=/nonexistent build "$b") || exit 1

if cmp "$a/postern" "$b/postern"; then
	echo "repro: two builds in two directories gave the same $(wc -c <"$a/postern") bytes"
	exit 0
fi
echo "repro: two builds in two directories differ: look for a path, a date or an unsorted list in the first differing bytes above." >&2
exit 1
