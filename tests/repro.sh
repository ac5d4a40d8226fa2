#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Builds two copies of this tree and compares the two binaries byte by byte. They
# lie in directories of different depth, with source files of other dates, and are
# built one after the other, by other users, with another time zone, locale,
# umask, home and number of jobs. The compiler is the same: what other compilers
# make is not its business.

set -u
unset CDPATH
cd "$(dirname "$0")/.." || exit 1
MAKE=${MAKE:-make}
# The flags of a make that called this script are not those of the copies.
unset MAKEFLAGS MFLAGS MAKELEVEL

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
chmod 755 "$tmp"
a=$tmp/a
b=$tmp/b/with/a/much/longer/name/than/the/other/one

copy() {
	mkdir -p "$1" && tar -cf - Makefile src vendor | (cd "$1" && tar -xof -)
}

# build DIRECTORY JOBS [COMMAND...]: the command starts make, as another user perhaps.
build() {
	directory=$1
	jobs=$2
	shift 2
	(cd "$directory" && "$@" "$MAKE" -j"$jobs" postern) >"$tmp/log" 2>&1 && return
	cat "$tmp/log" >&2
	echo "repro: the copy in $directory does not build: see above; make the tree itself build first." >&2
	exit 1
}

copy "$a" && (umask 077 && copy "$b") || exit 1
find "$b" -type f -exec touch -d '2001-02-03 04:05:06' {} +

other=
what="directories, dates, times, locales, umasks"
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null 2>&1; then
	chmod 755 "$tmp/b"
	chown -R 65534:65534 "$tmp/b"
	other="setpriv --reuid 65534 --regid 65534 --clear-groups"
	what="$what and users"
else
	echo "repro: one user for both: another takes root and setpriv (package util-linux)"
fi
(umask 022 && TZ=UTC LC_ALL=C build "$a" "$(nproc 2>/dev/null || echo 1)" env) || exit 1
# shellcheck disable=SC2086 # a command and its arguments, or none
(umask 077 && TZ=Asia/Kathmandu LC_ALL=C.UTF-8 HOME=/nonexistent USER=other LOGNAME=other SOURCE_DATE_EPOCH=1 \
	build "$b" 3 $other env) || exit 1

if cmp "$a/postern" "$b/postern"; then
	echo "repro: two builds with other $what gave the same $(wc -c <"$a/postern") bytes"
	exit 0
fi
echo "repro: two builds with other $what differ: look for a path, a date or an unsorted list in the first differing bytes above." >&2
exit 1
