#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Everything that looks at the source without running it: the quick checks, two
# compilers with warnings as errors, and four analyzers. "make lint" calls it
# with the flags and the list of files; a tool that is not installed is named.
#
#   CC=... CLANG=... JOBS=... tests/lint/run.sh FLAGS FILE...

set -u
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lint/lib.sh
. tests/lint/lib.sh

flags=$1
shift
CC=${CC:-gcc}
CLANG=${CLANG:-clang}
JOBS=${JOBS:-1}
files=$*

# The flags hold quoted words (-DNAME='"text"'), so a shell has to read them.
each() {
	# shellcheck disable=SC2086,SC2016 # a list of names; the inner shell expands
	printf '%s\n' $files | xargs -P "$JOBS" -I{} sh -c "$1"' "$1"' lint {}
}

test_files() {
	find tests/unit tests/fuzz tests/checks -name '*.c' 2>/dev/null | sort
}

# The flags see a value that changes its sign, which no test would show.
changed_sign() {
	for compiler in "$CC" "$CLANG"; do
		command -v "${compiler%% *}" >/dev/null 2>&1 || continue
		echo 'unsigned f(int n); unsigned f(int n) { return n; }' |
			eval "$compiler $flags -Werror -fsyntax-only -x c -" >/dev/null 2>&1 || continue
		echo "$compiler takes a changed sign with these flags: give -Wsign-conversion."
		return 1
	done
}

check "a changed sign is found" changed_sign
check "gcc, warnings are errors" each "$CC $flags -Werror -O2 -fPIE -c -o /dev/null"
check "gcc, the sanitizer build's definitions" each "$CC $flags -Werror -DPOSTERN_NO_CONTAINMENT -fsyntax-only"
check "gcc -fanalyzer" each "$CC $flags -Werror -O1 -fanalyzer -c -o /dev/null"
if have "$CLANG"; then
	check "clang, warnings are errors" each "$CLANG $flags -Werror -O1 -c -o /dev/null"
	check "clang --analyze" each "$CLANG --analyze --analyzer-output text -Xclang -analyzer-werror $flags"
fi
if have python3; then
	check "stack use and recursion" python3 tests/build/stack.py
fi
if have cppcheck; then
	# shellcheck disable=SC2086 # a list of names
	check cppcheck cppcheck -q -j "$JOBS" --std=c11 --enable=warning,performance,portability \
		--inline-suppr --error-exitcode=1 --suppress=missingIncludeSystem \
		-Isrc -D_GNU_SOURCE -DPOSTERN_VERSION='""' -DPOSTERN_TARGET='""' -DPOSTERN_BEARSSL_VERSION='""' $files
fi
if have clang-tidy; then
	check clang-tidy each "tidy() { clang-tidy --quiet --warnings-as-errors='*' \"\$1\" -- $flags; }; tidy"
fi
files=$(test_files | tr '\n' ' ')
if [ -n "$files" ]; then
	check "gcc, the tests" each "$CC $flags -Itests/unit -Itests/checks -Itests/fuzz -Werror -O2 -c -o /dev/null"
fi

quick=$(sh tests/lint/quick.sh)
printf '%s\n' "$quick" | sed '$d'
# shellcheck disable=SC2046 # three numbers
set -- $(printf '%s\n' "$quick" | tail -n 1 | tr -cd '0-9 ')
passed=$((passed + $1))
failed=$((failed + $2))
skipped=$((skipped + ${3:-0}))
count
