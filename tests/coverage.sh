#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs the units and the kept corpora in the build that counts, and prints how
# many lines of each reader they reach, with the numbers of those they do not. A
# reader below the bound is a failure. "make coverage" builds what this needs.
#
#   tests/coverage.sh HARNESS...

set -u
LC_ALL=C
export LC_ALL

bound=95 # per cent of the lines of each
readers='
	codec/*.c
	creds/assume_role.c creds/container.c creds/document.c creds/imds.c
	creds/inquiry.c creds/keys_json.c creds/login_cache.c creds/pasted.c
	creds/plan.c creds/sharedfile.c creds/sso.c creds/web_identity.c
	net/cert.c net/chain.c net/dns.c net/names.c
	net/proxy.c net/trust.c
	signin/signin.c
	sts/refusal.c sts/sts.c
'

# tool NAME: of the same release as the compiler, since its format changes.
tool() {
	path=$("${CLANG:-clang}" -print-prog-name="$1")
	command -v "$path" && return
	echo "coverage: $1 is not installed (package llvm)" >&2
	return 1
}
profdata=$(tool llvm-profdata) && cov=$(tool llvm-cov) || exit 1

rm -rf build/cover/raw
mkdir -p build/cover/raw
# run NAME COMMAND...: counted even where a test ends without exit(3).
run() {
	name=$1
	shift
	LLVM_PROFILE_FILE="build/cover/raw/$name%c.profraw" "$@" \
		>"build/cover/$name.log" 2>&1 </dev/null && return
	echo "coverage: $name failed: see build/cover/$name.log" >&2
	exit 1
}
run unit build/cover/unit
set -- build/cover/unit "$@"
objects=build/cover/unit
shift
for name; do
	run "$name" "build/cover/replay_$name" "tests/fuzz/corpus/$name"
	objects="$objects -object build/cover/replay_$name"
done

"$profdata" merge -sparse -o build/cover/all.profdata build/cover/raw/*.profraw || exit 1
files=$(cd src && for file in $readers; do echo "src/$file"; done | sort)
# shellcheck disable=SC2086 # lists of names without blanks
"$cov" export -format=lcov -instr-profile build/cover/all.profdata $objects \
	$files >build/cover/all.lcov || exit 1

awk -v bound="$bound" -v want="$files" '
function end_run() {
	if (from)
		missing = missing (missing ? " " : "") \
			(from == to ? from : from "-" to)
	from = 0
}
BEGIN {
	n = split(want, names, "\n")
	printf "%-26s %6s %8s %7s  %s\n", "file", "lines", "reached", "", "not reached"
}
/^SF:/ { file = substr($0, 4); sub(/.*\/src\//, "src/", file); missing = ""; from = 0 }
/^DA:/ {
	split(substr($0, 4), f, ",")
	lines[file]++
	if (f[2] > 0) {
		reached[file]++
		end_run()
	} else {
		if (!from)
			from = f[1]
		to = f[1]
	}
}
/^end_of_record/ { end_run(); missed[file] = missing }
END {
	for (i = 1; i <= n; i++) {
		file = names[i]
		share = lines[file] ? 100 * reached[file] / lines[file] : 0
		printf "%-26s %6d %8d %6.1f%%  %s\n", file, lines[file], \
			reached[file], share, missed[file]
		all += lines[file]
		got += reached[file]
		if (share >= bound)
			passed++
		else
			failed++
	}
	printf "%-26s %6d %8d %6.1f%%\n", "all", all, got, 100 * got / all
	printf "%d passed, %d failed\n", passed, failed
	exit failed > 0
}' build/cover/all.lcov
