#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What the two lint runners share: running one check, and counting. It is
# sourced with the top of the tree as working directory.

passed=0
failed=0
skipped=0

# check NAME COMMAND...: quiet on success, else all it said.
check() {
	check_name=$1
	shift
	if check_out=$("$@" 2>&1); then
		echo "ok      $check_name"
		passed=$((passed + 1))
	else
		printf '%s\n' "$check_out"
		echo "FAILED  $check_name"
		failed=$((failed + 1))
	fi
}

# have TOOL: says so, by name, when an optional tool is not there.
have() {
	command -v "$1" >/dev/null 2>&1 && return
	echo "skipped: $1: it is not installed"
	skipped=$((skipped + 1))
	return 1
}

count() {
	if [ "$skipped" -gt 0 ]; then
		echo "$passed passed, $failed failed, $skipped skipped"
	else
		echo "$passed passed, $failed failed"
	fi
	[ "$failed" -eq 0 ]
}

shell_scripts() {
	sh tests/lint/files.sh | while IFS= read -r file; do
		head -n 1 "$file" | LC_ALL=C grep -q '^#!.*sh$' && printf '%s\n' "$file"
	done
}
