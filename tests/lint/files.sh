#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Lists the files of ours, one per line: what git knows, or in a tree without git
# all that is not built, unpacked or fetched.

cd "$(dirname "$0")/../.." || exit 1
if git rev-parse --git-dir >/dev/null 2>&1; then
	git ls-files --cached --others --exclude-standard | sort -u
else
	find . \( -name .git -o -path ./build -o -path ./vendor/bearssl -o -name __pycache__ \) -prune -o \
		-type f ! -path './vendor/*.tar.*' ! -name 'postern-*' ! -path ./SHA256SUMS ! -path ./postern ! -name '*.pyc' -print | sed 's|^\./||' | LC_ALL=C sort
fi | while IFS= read -r file; do
	[ -f "$file" ] && printf '%s\n' "$file"
done
