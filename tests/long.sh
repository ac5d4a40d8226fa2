#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What "make check-long" runs beyond "make test": fuzzing of every reader for
# SECONDS_EACH seconds, what tests reach of each, reproducibility, the release
# alone, MemorySanitizer, other machines under qemu, and the whole fault
# matrices. It stops at nothing, and ends with one count like every runner.

set -u
LC_ALL=C
export LC_ALL
unset CDPATH
cd "$(dirname "$0")/.." || exit 1
MAKE=${MAKE:-make}

passed=0
failed=0
run() {
	name=$1
	shift
	echo "== $name"
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "failed: $name" >&2
	fi
}

# The tarball, unpacked elsewhere, builds the same binary and passes its tests
# where nothing but loopback can be reached.
dist_builds() {
	place=$(mktemp -d) || return 1
	# Some tests are run as another user.
	chmod 755 "$place"
	"$MAKE" --no-print-directory dist &&
		sha256sum -c --quiet SHA256SUMS &&
		tar -xzf "$(sed -n 's/^[0-9a-f]*  \(.*\.tar\.gz\)$/\1/p' SHA256SUMS)" -C "$place" &&
		(
			unset MAKEFLAGS MFLAGS MAKELEVEL
			alone=
			if unshare -n true 2>/dev/null; then
				alone="unshare -n"
			else
				echo "no network namespace: only the package manager is taken away"
				mkdir "$place/bin"
				printf '#!/bin/sh\nexit 100\n' >"$place/bin/apt-get"
				chmod +x "$place/bin/apt-get"
				PATH=$place/bin:$PATH
			fi
			cd "$place"/postern-* && $alone sh tests/alone.sh
		) &&
		cmp "$place"/postern-*/postern postern
	status=$?
	rm -rf "$place"
	return "$status"
}

# The unit tests, BearSSL with them, where a read of memory that was not set is an
# error: clang's MemorySanitizer, in a copy of the tree.
unit_with_msan() {
	command -v clang >/dev/null 2>&1 || {
		echo "skipped: clang: it is not installed"
		return
	}
	place=$(mktemp -d) || return 1
	chmod 755 "$place"
	tar -cf - Makefile src tests vendor | tar -xof - -C "$place" &&
		(unset MAKEFLAGS MFLAGS MAKELEVEL &&
			"$MAKE" --no-print-directory -C "$place" -j"$(nproc 2>/dev/null || echo 1)" CC=clang \
				SANITIZE='-fsanitize=memory -fno-sanitize-recover=all' \
				SAN_VENDOR='-fsanitize=memory -O1 -g' unit) &&
		"$place/build/asan/unit"
	status=$?
	rm -rf "$place"
	return "$status"
}

run fuzz "$MAKE" --no-print-directory fuzz "SECONDS=${SECONDS_EACH:-60}"
run coverage "$MAKE" --no-print-directory coverage
run repro sh tests/repro.sh
run "a tarball that builds and passes its tests alone" dist_builds
run "memory that was not set" unit_with_msan
run "all pairs against botocore" python3 tests/checks/against_botocore.py --all
run "other machines" sh tests/cross/run.sh
[ -e tests/e2e/long.py ] && run "fault matrices" python3 tests/e2e/long.py
run "system calls that fail" python3 tests/e2e/inject.py

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
