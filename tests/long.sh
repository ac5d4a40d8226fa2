#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What "make check-long" runs beyond "make test": fuzzing of every reader for
# SECONDS_EACH seconds, reproducibility, other machines under qemu, and the whole
# fault matrices. It stops at nothing, and ends with one count like every runner.

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

# The tarball, unpacked elsewhere, builds where there is no network.
dist_builds() {
	place=$(mktemp -d) || return 1
	"$MAKE" --no-print-directory dist &&
		tar -xzf "$(find . -maxdepth 1 -name 'postern-*.tar.gz' | sort | tail -n 1)" -C "$place" &&
		(
			cd "$place"/postern-* || exit 1
			unset MAKEFLAGS MFLAGS MAKELEVEL
			# Without a network namespace the private package manager must do.
			mkdir bin
			printf '#!/bin/sh\nexit 100\n' >bin/apt-get
			chmod +x bin/apt-get
			PATH=$PWD/bin:$PATH
			if unshare -n true 2>/dev/null; then
				unshare -n "$MAKE" -j"$(nproc 2>/dev/null || echo 1)"
			else
				"$MAKE" -j"$(nproc 2>/dev/null || echo 1)"
			fi
		) &&
		cmp "$place"/postern-*/postern postern
	status=$?
	rm -rf "$place"
	return "$status"
}

run fuzz "$MAKE" --no-print-directory fuzz "SECONDS=${SECONDS_EACH:-60}"
run repro sh tests/repro.sh
run "a tarball that builds alone" dist_builds
run "all pairs against botocore" python3 tests/checks/against_botocore.py --all
run "other machines" sh tests/cross/run.sh
[ -e tests/e2e/long.py ] && run "fault matrices" python3 tests/e2e/long.py
run "system calls that fail" python3 tests/e2e/inject.py

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
