#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Checks what every file of ours owes the house: a licence line at its head, no
# open marks, no blanks at line ends, no path of the machine it was written on.
#
#   tests/lint/house.sh FILE...

set -u
LC_ALL=C
export LC_ALL
status=0

finding() {
	printf '%s\n' "$1"
	status=1
}

# The words are put together here, so that this file has none of them.
mark='\<\(TO''DO\|FIX''ME\|X''XX\)\>'
path='/\(work\|root\|home/[a-z]*\)/'

for file; do
	case $file in
	*.md | LICENSE | *.sha256 | .clang-* | .gitignore | */corpus/* | */golden/* | *.pem | *.json | *.dict) ;;
	*.c | *.h | *.sh | *.py | *.mk | Makefile | .ci/run)
		head -n 3 "$file" | grep -q 'SPDX-License-Identifier: MIT' ||
			finding "$file:1: no SPDX-License-Identifier: MIT in the first three lines: add it"
		grep -n "$mark" "$file" | sed "s|^\\([0-9]*\\):.*|$file:\\1: an open mark: do it or take it out|" | grep . && status=1
		grep -n '[ 	]$' "$file" | sed "s|^\\([0-9]*\\):.*|$file:\\1: blanks at the end of the line: remove them|" | grep . && status=1
		grep -n "[\"' =]$path" "$file" | sed "s|^\\([0-9]*\\):.*|$file:\\1: a path of one machine: make it relative|" | grep . && status=1
		;;
	esac
done
exit "$status"
