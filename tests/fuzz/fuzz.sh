#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs libFuzzer harnesses for a number of seconds each, some at a time, on the
# kept corpora. New inputs and crashes stay under build/fuzz; a person moves
# what is worth keeping to tests/fuzz/corpus.
#
#   tests/fuzz/fuzz.sh SECONDS JOBS NAME...

set -u
seconds=$1
jobs=$2
shift 2

if [ $# -eq 0 ]; then
	echo "fuzz: there is no tests/fuzz/fuzz_*.c to run: write one first." >&2
	exit 1
fi

# The dictionary of what a harness reads: of its own name, or another's.
words_of() {
	case $1 in
	chain | tls) echo der ;;
	inquiry | signin) echo json ;;
	plan) echo ini ;;
	run) echo http1 ;;
	sts) echo xml ;;
	*) echo "$1" ;;
	esac
}

one() {
	name=$1
	words=tests/fuzz/$(words_of "$name").dict
	mkdir -p "build/fuzz/corpus/$name" build/fuzz/crash
	set -- "build/fuzz/corpus/$name"
	[ -d "tests/fuzz/corpus/$name" ] && set -- "$@" "tests/fuzz/corpus/$name"
	[ -f "$words" ] && set -- "-dict=$words" "$@"
	if "build/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-artifact_prefix="build/fuzz/crash/$name-" -print_final_stats=1 "$@" \
		>"build/fuzz/$name.log" 2>&1; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$name.log")
		echo "fuzz: $name: ${runs:-?} runs in $seconds s, nothing found"
		: >"build/fuzz/result/$name.passed"
	else
		echo "fuzz: $name: FAILED; the input is in build/fuzz/crash, the report ends build/fuzz/$name.log:" >&2
		tail -n 25 "build/fuzz/$name.log" >&2
		: >"build/fuzz/result/$name.failed"
	fi
}

rm -rf build/fuzz/result
mkdir -p build/fuzz/result
running=0
for name; do
	one "$name" &
	running=$((running + 1))
	if [ "$running" -ge "$jobs" ]; then
		wait
		running=0
	fi
done
wait

passed=$(find build/fuzz/result -name '*.passed' | wc -l)
failed=$(find build/fuzz/result -name '*.failed' | wc -l)
echo "$((passed)) passed, $((failed)) failed"
[ "$failed" -eq 0 ] && [ "$passed" -eq $# ]
