#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The checks of the source that take a moment and need no compiler: "make test"
# runs these, "make lint" these and the slow ones.

set -u
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lint/lib.sh
. tests/lint/lib.sh

all_files() {
	sh tests/lint/files.sh | tr '\n' '\0' | xargs -0 sh tests/lint/house.sh
}

check "include directions" sh tests/lint/directions.sh
check "a forbidden include is found" sh tests/lint/selftest.sh
check "licence lines, open marks, blanks, paths" all_files
if have shellcheck; then
	# shellcheck disable=SC2046 # names without blanks
	check shellcheck shellcheck -x $(shell_scripts)
fi
count
