#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Writes postern-VERSION.tar.gz: the sources with BearSSL's archive inside, sorted
# and with fixed times, so that the same tree gives the same bytes. It builds
# where there is a compiler, make and musl but no network.
#
#   tests/dist.sh VERSION

set -u
LC_ALL=C
export LC_ALL
unset CDPATH
cd "$(dirname "$0")/.." || exit 1

name=postern-$1
archive=
while read -r _ file; do
	if [ -z "$archive" ] && [ -f "vendor/$file" ]; then
		archive=vendor/$file
	fi
done <vendor/bearssl.sha256
if [ -z "$archive" ]; then
	echo "dist: BearSSL's archive is not in vendor/: remove vendor/bearssl and run vendor/bearssl.sh." >&2
	exit 1
fi
tar --version 2>/dev/null | grep -q 'GNU tar' || {
	echo "dist: this needs GNU tar for sorted names and fixed times: install it (package tar)." >&2
	exit 1
}

list=$(mktemp) || exit 1
trap 'rm -f "$list"' EXIT
trap 'exit 1' HUP INT TERM
if git rev-parse --git-dir >/dev/null 2>&1; then
	git ls-files --cached --others --exclude-standard
else
	find . \( -name .git -o -path ./build -o -path ./vendor/bearssl -o -name __pycache__ \) -prune -o \
		-type f ! -name '*.tar.*' ! -path ./postern -print | sed 's|^\./||'
fi >"$list"
echo "$archive" >>"$list"

umask 022
sort -u "$list" | while IFS= read -r file; do [ -e "$file" ] && printf '%s\n' "$file"; done |
	tar --create --no-recursion --files-from=- --format=ustar --mtime="@${SOURCE_DATE_EPOCH:-1767225600}" \
		--owner=0 --group=0 --numeric-owner --mode='u+rw,a+rX,go-w' --transform="s|^|$name/|" |
	gzip -9n >"$name.tar.gz" || exit 1
sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256"
