#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Writes a release: postern-VERSION.tar.gz, the sources with BearSSL's archive
# inside, sorted and with fixed times, so that the same tree gives the same bytes;
# what it is made of, as SPDX 2.3 in JSON; and SHA256SUMS over both. The tarball
# builds where there is a compiler, make and musl but no network.
#
#   tests/dist.sh VERSION BEARSSL-VERSION

set -u
LC_ALL=C
export LC_ALL
unset CDPATH
cd "$(dirname "$0")/.." || exit 1

name=postern-$1
bearssl=$2
epoch=${SOURCE_DATE_EPOCH:-1767225600}
archive=
while read -r sum file; do
	if [ -z "$archive" ] && [ -f "vendor/$file" ]; then
		archive=$file
		archive_sum=$sum
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
		-type f ! -name '*.tar.*' ! -name 'postern-*.spdx.json' ! -path ./SHA256SUMS ! -path ./postern -print |
		sed 's|^\./||'
fi >"$list"
echo "vendor/$archive" >>"$list"

umask 022
sort -u "$list" | while IFS= read -r file; do [ -e "$file" ] && printf '%s\n' "$file"; done |
	tar --create --no-recursion --files-from=- --format=ustar --mtime="@$epoch" \
		--owner=0 --group=0 --numeric-owner --mode='u+rw,a+rX,go-w' --transform="s|^|$name/|" |
	gzip -9n >"$name.tar.gz" || exit 1
tarball_sum=$(sha256sum <"$name.tar.gz" | cut -d' ' -f1)

case $archive in
*+dfsg*) origin="file $archive of the Debian source package bearssl: upstream's $bearssl without one prebuilt program" ;;
*) origin="upstream's release $bearssl, file $archive" ;;
esac

# package ID NAME FIELDS: what all three have, and their own fields, each ending in a comma.
package() {
	cat <<-JSON
		    {
		      "SPDXID": "SPDXRef-Package-$1",
		      "name": "$2",
		      $3
		      "downloadLocation": "NOASSERTION",
		      "filesAnalyzed": false,
		      "licenseConcluded": "MIT",
		      "licenseDeclared": "MIT",
		      "copyrightText": "$4"
		    }
	JSON
}

relation() {
	printf '    { "spdxElementId": "SPDXRef-%s", "relationshipType": "%s", "relatedSpdxElement": "SPDXRef-Package-%s" }' "$@"
}

cat >"$name.spdx.json" <<JSON
{
  "spdxVersion": "SPDX-2.3",
  "dataLicense": "CC0-1.0",
  "SPDXID": "SPDXRef-DOCUMENT",
  "name": "$name",
  "documentNamespace": "https://spdx.org/spdxdocs/$name-$tarball_sum",
  "creationInfo": {
    "created": "$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)",
    "creators": ["Organization: the Postern authors", "Tool: postern-dist"]
  },
  "packages": [
$(package postern postern "\"versionInfo\": \"$1\",
      \"packageFileName\": \"$name.tar.gz\",
      \"checksums\": [{ \"algorithm\": \"SHA256\", \"checksumValue\": \"$tarball_sum\" }],
      \"sourceInfo\": \"all that is in the tarball but vendor/$archive\",
      \"primaryPackagePurpose\": \"APPLICATION\"," "$(sed -n '/^Copyright/p' LICENSE)"),
$(package bearssl BearSSL "\"versionInfo\": \"$bearssl\",
      \"packageFileName\": \"$archive\",
      \"checksums\": [{ \"algorithm\": \"SHA256\", \"checksumValue\": \"$archive_sum\" }],
      \"sourceInfo\": \"$origin; unchanged\",
      \"homepage\": \"https://bearssl.org\",
      \"supplier\": \"Person: Thomas Pornin\"," "Copyright (c) 2016 Thomas Pornin <pornin@bolet.org>"),
$(package musl musl "\"sourceInfo\": \"the C library of the machine that builds; not in the tarball\"," NOASSERTION)
  ],
  "relationships": [
$(relation DOCUMENT DESCRIBES postern),
$(relation Package-postern CONTAINS bearssl),
$(relation Package-postern STATIC_LINK bearssl),
$(relation Package-postern STATIC_LINK musl)
  ]
}
JSON
sha256sum "$name.spdx.json" "$name.tar.gz" | tee SHA256SUMS
