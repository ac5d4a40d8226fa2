#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The compiled-in roots: the PEM files are those that Amazon Trust Services
# publishes, the distribution trusts them too, and anchors.c was made of them.
#
#   tests/roots/run.sh [CA-BUNDLE]

set -u
LC_ALL=C
export LC_ALL
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
bundle=${1:-/etc/ssl/certs/ca-certificates.crt}
passed=0
failed=0
skipped=0

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

passes() {
	passed=$((passed + 1))
}

fails() {
	echo "FAILED $1: got $2, wanted $3"
	failed=$((failed + 1))
}

# The base64 of the one certificate in a PEM file, on one line.
body() {
	sed -n '/-----BEGIN CERTIFICATE-----/,/-----END CERTIFICATE-----/p' "$1" | sed '/-----/d' | tr -d ' \r\n'
}

# SHA-256 of each certificate: www.amazontrust.com/repository
published='
amazon-root-ca-1 8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e
amazon-root-ca-2 1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4
amazon-root-ca-3 18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4
amazon-root-ca-4 e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092
starfield-services-root-ca-g2 568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5
'

printf '%s' "$published" | sed '/^$/d' >"$tmp/published"
while read -r name wanted; do
	got=$(body "vendor/roots/$name.pem" | base64 -d | sha256sum | cut -d ' ' -f 1)
	if [ "$got" = "$wanted" ]; then
		passes
	else
		fails "$name has its published fingerprint" "$got" "$wanted"
	fi
done <"$tmp/published"

# No root that is not in the list above.
got=$(find vendor/roots -name '*.pem' | sed 's|.*/||; s|\.pem$||' | sort | tr '\n' ' ')
wanted=$(cut -d ' ' -f 1 "$tmp/published" | sort | tr '\n' ' ')
if [ "$got" = "$wanted" ]; then
	passes
else
	fails "vendor/roots holds the published roots only" "$got" "$wanted"
fi

# Each certificate of the bundle as base64 on one line.
if [ -r "$bundle" ]; then
	awk '/-----BEGIN CERTIFICATE-----/ { inside = 1; next }
		/-----END CERTIFICATE-----/ { print text; text = ""; inside = 0 }
		inside { gsub(/[ \r]/, ""); text = text $0 }' "$bundle" >"$tmp/bundle"
	while read -r name wanted; do
		if grep -qxF "$(body "vendor/roots/$name.pem")" "$tmp/bundle"; then
			passes
		else
			fails "$name is in the distribution's CA bundle" "no such certificate" "$wanted"
		fi
	done <"$tmp/published"
else
	skipped=$((skipped + 1))
	echo "skipped: roots in the distribution's CA bundle: there is no $bundle (package ca-certificates)"
fi

if sh vendor/roots/anchors.sh >"$tmp/anchors.c" && cmp -s "$tmp/anchors.c" src/net/anchors.c; then
	passes
else
	fails "src/net/anchors.c is what vendor/roots/anchors.sh writes" \
		"$(diff "$tmp/anchors.c" src/net/anchors.c | wc -l) lines that differ" none
fi

if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
