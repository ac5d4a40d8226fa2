#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs every quick test that "make test" has built and adds up what they counted.
# Each sub-runner ends with "N passed, N failed[, N skipped]" and names what it
# skips in lines "skipped: WHAT: WHY"; one that does not count, or that exits
# non-zero without counting a failure, is itself a failure.

set -u
LC_ALL=C
export LC_ALL
unset CDPATH
cd "$(dirname "$0")/.." || exit 1

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

passed=0
failed=0
skipped=0
: >"$tmp/failed"
: >"$tmp/skipped"

# run NAME COMMAND...: show its output as it comes, then add up its last count.
run() {
	name=$1
	shift
	echo "== $name"
	echo 1 >"$tmp/status"
	{
		"$@" </dev/null
		echo $? >"$tmp/status"
	} 2>&1 | tee "$tmp/log" | sed 's/^\([0-9][0-9]* passed, [0-9]* failed.*\)/-- \1/'
	count=$(sed -n 's/^\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed\(, \([0-9][0-9]*\) skipped\)\{0,1\}$/\1 \2 \4/p' "$tmp/log" | tail -n 1)
	sed -n "s/^skipped:\{0,1\} /skipped: $name: /p" "$tmp/log" >>"$tmp/skipped"
	if [ -z "$count" ]; then
		failed=$((failed + 1))
		echo "$name: it ended without a count (exit status $(cat "$tmp/status"))" >>"$tmp/failed"
		return
	fi
	# shellcheck disable=SC2086 # three numbers
	set -- $count
	passed=$((passed + $1))
	skipped=$((skipped + ${3:-0}))
	if [ "$2" -gt 0 ]; then
		failed=$((failed + $2))
		echo "$name: $2 failed" >>"$tmp/failed"
	elif [ "$(cat "$tmp/status")" -ne 0 ]; then
		failed=$((failed + 1))
		echo "$name: nothing failed by its count, but its exit status is $(cat "$tmp/status")" >>"$tmp/failed"
	fi
}

# The stand-in's own test prints a line for each case; here they are counted.
# shellcheck disable=SC2016 # awk expands
count_lines='"$@" | awk "{ print } /^ok /{ p++ } /^FAILED /{ f++ } END { printf \"%d passed, %d failed\\n\", p, f }"'

run lint sh tests/lint/quick.sh
run unit build/asan/unit
for harness in tests/fuzz/fuzz_*.c; do
	[ -e "$harness" ] || continue
	name=${harness#tests/fuzz/fuzz_}
	name=${name%.c}
	run "corpus $name" "build/asan/replay_$name" "tests/fuzz/corpus/$name"
done
run build python3 tests/build/run.py
run roots sh tests/roots/run.sh
run golden python3 tests/golden/run.py
run checks python3 tests/checks/run.py
run botocore python3 tests/checks/against_botocore.py
run stand-in sh -c "$count_lines" count python3 tests/e2e/selftest.py
run e2e python3 tests/e2e/run.py

echo
sort -u "$tmp/skipped"
sed 's/^/failed: /' "$tmp/failed"
if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
