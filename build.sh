#!/bin/sh
# SPDX-License-Identifier: MIT
#
# One command from a bare machine to the binary: finds or installs what building
# needs, obtains BearSSL's source and calls make. It prints what it is about to
# install; where it may not install, it says what to install by hand.
#
#   ./build.sh         leaves the static binary ./postern
#   ./build.sh demo    and does the main job against a stand-in AWS on loopback
#   ./build.sh test    and passes all tests

set -u
unset CDPATH
cd "$(dirname "$0")" || exit 1

say() {
	printf 'build: %s\n' "$*"
}

die() {
	printf 'build: %s\n' "$*" >&2
	exit 1
}

have() {
	command -v "$1" >/dev/null 2>&1
}

usage="usage: ./build.sh [demo|test]"
goal=${1:-build}
[ $# -le 1 ] || die "$usage"
case $goal in
build | demo | test) ;;
-h | --help)
	echo "$usage"
	exit 0
	;;
*) die "\"$goal\" is not something build.sh can do: $usage" ;;
esac

# ------------------------------------------------------------------- what is missing
# Each "have_" asks for a thing, not for a package, so that what was installed
# by other means counts as well.

have_cc() {
	if [ -n "${CC:-}" ]; then
		have "${CC%% *}"
	else
		have gcc || have cc
	fi
}

compiler() {
	if [ -n "${CC:-}" ]; then
		$CC "$@"
	elif have gcc; then
		gcc "$@"
	else
		cc "$@"
	fi
}

is_musl() {
	case $(compiler -dumpmachine 2>/dev/null) in
	*musl*) return 0 ;;
	*) return 1 ;;
	esac
}

have_musl() {
	is_musl && return
	for file in /usr/lib/*-linux-musl*/rcrt1.o /usr/*-linux-musl*/lib/rcrt1.o /usr/local/musl/lib/rcrt1.o; do
		[ -e "$file" ] && return
	done
	return 1
}

have_source() {
	[ -e vendor/bearssl/.unpacked-from ] || [ -e vendor/bearssl-0.6.tar.gz ]
}

# The sanitizer build is linked against the system's own libc.
have_libc_dev() {
	is_musl && return
	echo '#include <stdio.h>' | compiler -E - >/dev/null 2>&1
}

have_python() {
	have python3 && python3 -c 'import ssl, json, http.server' >/dev/null 2>&1
}

if have apt-get; then
	manager=apt
elif have apk; then
	manager=apk
else
	manager=none
fi

need=
want=
# package APT-NAME APK-NAME: the package's name here.
package() {
	case $manager in
	apk) echo "$2" ;;
	*) echo "$1" ;;
	esac
}
must() {
	need="$need $(package "$1" "$2")"
}
may() {
	want="$want $(package "$1" "$2")"
}

look() {
	need=
	want=
	have_cc || must gcc build-base
	have make || must make make
	have_musl || must musl-tools musl-dev
	have_source || have xz || must xz-utils xz
	if [ "$goal" != build ]; then
		have_python || must python3 python3
		have openssl || must openssl openssl
	fi
	if [ "$goal" = test ]; then
		have_libc_dev || must libc6-dev libc-dev
		have shellcheck || may shellcheck shellcheck
		have strace || may strace strace
		have ip || [ -x /usr/sbin/ip ] || [ -x /sbin/ip ] || may iproute2 iproute2
	fi
}

# ------------------------------------------------------------------- installing

root=
if [ "$(id -u)" -ne 0 ]; then
	root=none
	if have sudo; then
		root=sudo
	fi
fi

show_and_run() {
	say "$*"
	"$@"
}

as_root() {
	if [ -n "$root" ]; then
		show_and_run "$root" "$@"
	else
		show_and_run "$@"
	fi
}

updated=
# install PACKAGE...: false where it cannot be done.
install() {
	[ "$root" != none ] || return 1
	case $manager in
	apt)
		if [ -z "$updated" ]; then
			as_root apt-get -q update || say "going on with the package lists that are there"
			updated=yes
		fi
		as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "$@" </dev/null
		;;
	apk) as_root apk add --no-progress "$@" ;;
	*) return 1 ;;
	esac
}

by_hand() {
	case $manager in
	apt) echo "apt-get install$1" ;;
	apk) echo "apk add$1" ;;
	*) echo "the packages that your system has for:$1" ;;
	esac
}

look
# shellcheck disable=SC2086 # lists of package names
if [ -n "$need" ]; then
	install $need ||
		die "these are needed and could not be installed from here: as root, do \"$(by_hand "$need")\" and run this again."
fi
# shellcheck disable=SC2086 # as above
if [ -n "$want" ]; then
	install $want ||
		say "some tests will be skipped, because these could not be installed:$want (as root: $(by_hand "$want"))"
fi
if [ -n "$need" ]; then
	look
	[ -z "$need" ] ||
		die "these were installed but are still not found:$need; look at PATH and CC and run this again."
fi

if [ "$goal" = test ] && is_musl; then
	echo 'int main(void) { return 0; }' | compiler -fsanitize=address -x c -o /dev/null - >/dev/null 2>&1 ||
		die "the tests need a compiler with AddressSanitizer, and this one has none: run them on a system with glibc; ./build.sh alone works here."
fi

# ------------------------------------------------------------------- building

jobs=$(nproc 2>/dev/null || echo 1)
sh vendor/bearssl.sh || exit 1
case $goal in
build)
	make -j"$jobs" || die "it did not build: the first error above says why."
	say "./postern is ready: $(($(wc -c <postern))) bytes, static; ./postern --help tells how to use it"
	;;
demo)
	make -j"$jobs" || die "it did not build: the first error above says why."
	exec python3 tests/e2e/demo.py
	;;
test)
	make -j"$jobs" all asan unit replay checks || die "it did not build: the first error above says why."
	exec make --no-print-directory test
	;;
esac
