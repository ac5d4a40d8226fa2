#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Builds postern for other machines and runs it under qemu-user: its version, a
# login against the stand-in AWS, and the unit tests without sanitizers. What
# the host itself can do is not asked here; what is not installed is skipped.
#
#   tests/cross/run.sh [ARCH ...]      all of them by default
#
# E2E=WORD runs only the end-to-end cases whose name has WORD. Those that look at
# the process from outside are skipped by the harness, since it is qemu's.

set -u
LC_ALL=C
export LC_ALL
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
top=$(pwd)
MAKE=${MAKE:-make}
# The flags of a make that called this script are not those of the targets.
unset MAKEFLAGS MFLAGS MAKELEVEL
place=build/cross
jobs=$(nproc 2>/dev/null || echo 1)

# Our name, the compiler's prefix, the package manager's name, qemu's name, and
# what the compiler must be told: musl on ppc64le wants a long double of 64 bits.
# First come the one of the other byte order and those of 32 bits.
table='s390x    s390x-linux-gnu        s390x    s390x
armv7    arm-linux-gnueabihf    armhf    arm
i686     i686-linux-gnu         i386     i386
aarch64  aarch64-linux-gnu      arm64    aarch64
riscv64  riscv64-linux-gnu      riscv64  riscv64
ppc64le  powerpc64le-linux-gnu  ppc64el  ppc64le -mlong-double-64'
known=$(printf '%s\n' "$table" | cut -d' ' -f1)

have() {
	command -v "$1" >/dev/null 2>&1
}

passed=0
failed=0
skipped=0
ends() {
	case $1 in
	passed) passed=$((passed + 1)) ;;
	failed) failed=$((failed + 1)) ;;
	skipped) skipped=$((skipped + 1)) ;;
	esac
	printf '%s: %s: %s\n' "$1" "$2" "$3"
}

# ------------------------------------------------------------------- musl
# The package of another architecture is downloaded and unpacked, never
# installed: its lists and its state are ours, and dpkg hears nothing of it.

# fetch_musl ARCH...: leaves build/cross/musl/ARCH for those that can be had.
fetch_musl() {
	have apt-get && have dpkg-deb || return
	sources=$(apt-cache policy musl-dev 2>/dev/null |
		sed -n 's|^ *[0-9]* \([a-z]*:[^ ]*\) \([^ /]*\)/\([^ ]*\) [^ ]* Packages$|\1 \2 \3|p' | sort -u)
	[ -n "$sources" ] || return
	apt=$top/$place/apt
	mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$place/musl"
	: >"$apt/status"
	keys=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -r "$keys" ] && option="[signed-by=$keys] " || option=
	printf '%s\n' "$sources" | sed "s|^|deb $option|" >"$apt/sources.list"
	{
		echo '#clear APT::Update::Pre-Invoke;'
		echo '#clear APT::Update::Post-Invoke;'
		echo '#clear APT::Update::Post-Invoke-Success;'
		echo '#clear APT::Architectures;'
		printf 'APT::Architectures { "%s";' "$(dpkg --print-architecture)"
		printf ' "%s";' "$@"
		echo ' };'
		cat <<-CONF
			Dir::State "$apt";
			Dir::State::lists "$apt/lists";
			Dir::State::status "$apt/status";
			Dir::Cache "$apt";
			Dir::Cache::archives "$apt/archives";
			Dir::Etc::sourcelist "$apt/sources.list";
			Dir::Etc::sourceparts "/dev/null";
			Acquire::Languages "none";
			APT::Sandbox::User "$(id -un)";
		CONF
	} >"$apt/conf"
	echo "cross: fetching musl for $* with apt-get (unpacked under $place, not installed)"
	updated=
	timeout 300 apt-get -q -c "$apt/conf" update >"$apt/log" 2>&1 </dev/null && updated=yes
	for arch; do
		if (cd "$apt/archives" && timeout 300 apt-get -q -c "$apt/conf" download "musl-dev:$arch") >>"$apt/log" 2>&1 </dev/null; then
			rm -rf "$place/musl/$arch.new"
			dpkg-deb -x "$apt/archives/"musl-dev_*_"$arch".deb "$place/musl/$arch.new" &&
				mv "$place/musl/$arch.new" "$place/musl/$arch"
		elif [ -n "$updated" ]; then
			# The distribution has none: an empty folder says so next time.
			mkdir "$place/musl/$arch"
		fi
	done
	rm -rf "$apt/lists" "$apt/archives" "$apt"/*.bin
}

# ------------------------------------------------------------------- one architecture

# has_libc PREFIX: the cross compiler's own libc is there, static.
has_libc() {
	echo 'int main(void) { return 0; }' | "$1-gcc" -static -x c -o /dev/null - 2>/dev/null
}

# The tree is seen from build/cross/ARCH through links, so that the build has
# its own objects there and compiles again only what changed. Sets $libc.
build() {
	here=$place/$name
	mkdir -p "$here"
	for part in Makefile src vendor tests; do
		ln -sfn "$top/$part" "$here/$part"
	done
	musl_lib=$(find "$top/$place/musl/$arch" -name rcrt1.o 2>/dev/null | head -n 1)
	musl_inc=$(find "$top/$place/musl/$arch" -name stdlib.h 2>/dev/null | head -n 1)
	set -- CC="$prefix-gcc" CFLAGS="-Os -Werror $flags"
	if [ -n "$musl_lib" ] && [ -n "$musl_inc" ]; then
		libc=musl
		set -- "$@" MUSL_LIB="${musl_lib%/*}" MUSL_INC="${musl_inc%/*}"
	elif has_libc "$prefix"; then
		libc=glibc
		# shellcheck disable=SC2016 # make expands
		set -- "$@" MUSL_FOUND=none TARGET="$prefix" \
			MUSL_CFLAGS='-D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64' \
			MUSL_LINK='$(CC) -static $(1) $(REL_LDFLAGS) -o $(2)'
	else
		libc=
		return 1
	fi
	goals=postern
	[ -e tests/unit/test_main.c ] && goals="$goals build/release/unit"
	# shellcheck disable=SC2086 # names of goals
	(cd "$here" && "$MAKE" -j"$jobs" -f tests/cross/cross.mk "$@" $goals) >"$here/log" 2>&1
}

# A program that the harness can start as it starts ./postern.
wrap() {
	printf '#!/bin/sh\nexec %s %s "$@"\n' "$(command -v "$qemu")" "$top/$here/postern" >"$here/emulated"
	chmod +x "$here/emulated"
}

fails() {
	ends failed "$name" "$1"
	sed "s|^|    $name: |" "$here/log" | grep -v ': CC \|: AR \|: LD \|: STRIP ' | tail -n "${2:-40}"
}

one() {
	qemu=
	for found in "qemu-$emulator" "qemu-$emulator-static"; do
		have "$found" && qemu=$found && break
	done
	if ! have "$prefix-gcc"; then
		ends skipped "$name" "there is no $prefix-gcc (package gcc-$(echo "$prefix" | tr _ -))"
		return
	fi
	if [ -z "$qemu" ]; then
		ends skipped "$name" "there is no qemu-$emulator (package qemu-user)"
		return
	fi
	if ! build; then
		if [ -z "$libc" ]; then
			ends skipped "$name" "musl-dev:$arch cannot be had and the compiler has no static libc (package libc6-dev-$arch-cross)"
		else
			fails "it does not build with $libc"
		fi
		return
	fi
	said="$(($(wc -c <"$here/postern"))) bytes with $libc"
	wrap
	timeout 60 "$here/emulated" version >"$here/log" 2>&1 || {
		fails "\"postern version\" ends with exit $?"
		return
	}
	grep -q "$prefix\|$(echo "$prefix" | sed 's/-gnu/-musl/; s/^i686/i386/')" "$here/log" || {
		fails "\"postern version\" does not name its target"
		return
	}
	if have python3 && have openssl; then
		# What the wire does wrong it does to all machines alike.
		timeout 1800 python3 tests/e2e/run.py "$here/emulated" -k "${E2E:-}" -x "fault " >"$here/log" 2>&1 || {
			fails "the runs against the stand-in fail" 80
			return
		}
		said="$said; against the stand-in $(tail -n 1 "$here/log")"
	else
		said="$said; no run against the stand-in without python3 and openssl"
	fi
	if [ -e "$here/build/release/unit" ]; then
		timeout 1800 "$qemu" "$here/build/release/unit" >"$here/log" 2>&1 </dev/null || {
			fails "the unit tests fail; before them $said" 80
			return
		}
		said="$said; units $(tail -n 1 "$here/log")"
	fi
	ends passed "$name" "$said"
}

# ------------------------------------------------------------------- all of them

for wanted; do
	printf '%s\n' "$known" | grep -qx "$wanted" || {
		# shellcheck disable=SC2086 # on one line
		echo "cross: \"$wanted\" is none of:" $known >&2
		exit 64
	}
done
[ $# -gt 0 ] || eval "set -- $(printf '%s\n' "$known" | tr '\n' ' ')"

sh vendor/bearssl.sh || exit 1
mkdir -p "$place"
row() {
	printf '%s\n' "$table" | sed -n "s/^$1  *//p"
}
missing=
for name; do
	read -r prefix arch emulator flags <<-ROW
		$(row "$name")
	ROW
	have "$prefix-gcc" && [ ! -d "$place/musl/$arch" ] && missing="$missing $arch"
done
# shellcheck disable=SC2086 # names of architectures
[ -z "$missing" ] || fetch_musl $missing

for name; do
	read -r prefix arch emulator flags <<-ROW
		$(row "$name")
	ROW
	one
done

if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
