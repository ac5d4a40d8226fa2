#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Puts the source of BearSSL into vendor/bearssl/: from an archive that lies in
# vendor/, else from the distribution's source package, always against the pins
# in bearssl.sha256. It installs nothing, needs no rights beyond writing to
# vendor/, and does nothing when the source is there; compiling is the
# Makefile's work.

set -u
LC_ALL=C
export LC_ALL
unset CDPATH

tmp=

cleanup() {
	if [ -n "$tmp" ]; then
		chmod -R u+rwX "$tmp" 2>/dev/null
		rm -rf "$tmp"
	fi
}

die() {
	printf 'postern: vendor: %s\n' "$*" >&2
	exit 1
}

trap cleanup EXIT
trap 'exit 1' HUP INT TERM

cd "$(dirname "$0")" || exit 1
here=vendor

# The archives that are accepted, best first, as "sum  name" lines.
pins=bearssl.sha256
[ -r "$pins" ] || die "the list of checksums $here/$pins is missing or cannot be read: restore it from the repository."
first=$(sed -n '1s/^[0-9a-f]*  //p' "$pins")

sum_of() {
	if command -v sha256sum >/dev/null 2>&1; then
		sha256sum <"$1" | cut -d' ' -f1
	elif command -v shasum >/dev/null 2>&1; then
		shasum -a 256 <"$1" | cut -d' ' -f1
	elif command -v openssl >/dev/null 2>&1; then
		openssl dgst -sha256 <"$1" | sed 's/.* //'
	fi
}

pin_of() {
	sed -n "s/^\\([0-9a-f]\\{64\\}\\)  $1\$/\\1/p" "$pins"
}

# Anything that is not one of the pinned archives, byte for byte, ends here.
check_sum() {
	want=$(pin_of "$2")
	got=$(sum_of "$1")
	[ -n "$got" ] || die "no program to compute a SHA-256 was found: install coreutils (sha256sum), shasum or openssl and run this again."
	[ "$got" = "$want" ] || die "$here/$2 has the SHA-256 $got, but $want is expected: remove the file, put the right one there and run this again."
}

# ---------------------------------------------------------------- there already?

stamp=bearssl/.unpacked-from
if [ -r "$stamp" ] && grep -qxF "$(cat "$stamp")" "$pins"; then
	exit 0
fi
if [ -e bearssl ] && [ ! -e "$stamp" ]; then
	die "$here/bearssl is there but was not unpacked by $here/bearssl.sh: move it away and run this again."
fi

tmp=$(mktemp -d .bearssl.XXXXXX 2>/dev/null)
if [ -z "$tmp" ] || [ ! -w "$tmp" ]; then
	tmp=
	die "no file can be made in $(pwd): run this as a user who may write there, or free some space."
fi
tmp=$(pwd)/$tmp

# ---------------------------------------------------------------- the archive

# The machine knows where its binary packages come from; the sources lie beside
# them. These two filters turn its entries into deb-src ones and leave out all
# that cannot hold the package (other suites, other components, discs), so that
# one index is fetched and third parties are not asked.
sources_one_line() {
	awk -v name="$codename" '
		$1 == "deb" || $1 == "deb-src" {
			line = $0
			sub(/#.*/, "", line)
			opts = ""
			if (match(line, /\[[^]]*\]/)) {
				opts = substr(line, RSTART, RLENGTH) " "
				line = substr(line, 1, RSTART - 1) " " substr(line, RSTART + RLENGTH)
			}
			n = split(line, f, " ")
			if (f[2] ~ /^cdrom:/ || f[3] != name)
				next
			comps = ""
			for (i = 4; i <= n; i++)
				if (f[i] == "main" || f[i] == "universe")
					comps = comps " " f[i]
			if (comps ~ / main/)
				print "deb-src " opts f[2] " " f[3] comps
		}' "$@"
}

sources_deb822() {
	awk -v name="$codename" '
		function flush(  i, n, f, comps, suite) {
			n = split(v["suites"], f, " ")
			for (i = 1; i <= n; i++)
				if (f[i] == name)
					suite = name
			n = split(v["components"], f, " ")
			for (i = 1; i <= n; i++)
				if (f[i] == "main" || f[i] == "universe")
					comps = comps " " f[i]
			if (suite != "" && comps ~ / main/ && v["uris"] !~ /cdrom:/ &&
			    v["types"] ~ /deb/ && tolower(v["enabled"]) !~ /no|false/) {
				print "Types: deb-src"
				print "URIs:" v["uris"]
				print "Suites: " suite
				print "Components:" comps
				printf "%s\n", rest
			}
			split("", v)
			rest = ""
		}
		FNR == 1 { flush(); key = "" }
		/^#/ { next }
		/^[ \t]*$/ { flush(); key = ""; next }
		/^[^ \t]/ {
			key = tolower($0)
			sub(/[ \t]*:.*/, "", key)
			value = $0
			sub(/^[^:]*:/, "", value)
			v[key] = value
		}
		/^[ \t]/ { v[key] = v[key] " " $0 }
		key != "types" && key != "uris" && key != "suites" && key != "components" &&
		key != "architectures" && key != "enabled" { rest = rest $0 "\n" }
		END { flush() }' "$@"
}

make_sources() {
	list=/etc/apt/sources.list
	parts=/etc/apt/sources.list.d/
	eval "$(apt-config shell list Dir::Etc::sourcelist/f parts Dir::Etc::sourceparts/d 2>/dev/null)"
	mkdir -p "$tmp/apt/sources.d"
	for codename in $1; do
		for file in "$list" "$parts"*.list; do
			[ -r "$file" ] && sources_one_line "$file"
		done >"$tmp/apt/sources.d/a.list"
		for file in "$parts"*.sources; do
			[ -r "$file" ] && sources_deb822 "$file"
		done >"$tmp/apt/sources.d/b.sources"
		if [ -s "$tmp/apt/sources.d/a.list" ] || [ -s "$tmp/apt/sources.d/b.sources" ]; then
			return 0
		fi
	done
	return 1
}

by_hand="put $first into $here/ by hand and run this again"

# The package manager is asked with its own configuration (proxy, keys), but
# with state, cache and list of sources of ours: nothing of the machine changes.
download() {
	command -v apt-get >/dev/null 2>&1 ||
		die "BearSSL's source is not there and this system has no apt-get to fetch it: $by_hand."
	os_codename=$(sed -n 's/^VERSION_CODENAME="\{0,1\}\([a-z]*\)"\{0,1\}$/\1/p' /etc/os-release 2>/dev/null)
	make_sources "$os_codename stable testing unstable sid" ||
		die "no source of packages of this distribution was found in apt's configuration: $by_hand."
	mkdir -p "$tmp/apt/lists/partial" "$tmp/apt/archives/partial" "$tmp/got"
	cat >"$tmp/apt/conf" <<-CONF
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		Dir::State "$tmp/apt";
		Dir::State::lists "$tmp/apt/lists";
		Dir::Cache "$tmp/apt";
		Dir::Cache::archives "$tmp/apt/archives";
		Dir::Cache::pkgcache "";
		Dir::Cache::srcpkgcache "";
		Dir::Etc::sourcelist "/dev/null";
		Dir::Etc::sourceparts "$tmp/apt/sources.d";
		Acquire::Languages "none";
		Acquire::Retries "2";
		APT::Sandbox::User "$(id -un)";
		APT::Get::List-Cleanup "false";
	CONF
	echo "vendor: fetching BearSSL's source with apt-get (source index and one archive; nothing is installed)"
	if ! { apt-get -q -c "$tmp/apt/conf" update &&
		cd "$tmp/got" &&
		apt-get -q -c "$tmp/apt/conf" source --download-only --tar-only bearssl; } >"$tmp/log" 2>&1 </dev/null; then
		cause=$(sed -n 's/^[EW]: //p' "$tmp/log" | head -n 1 | cut -c1-160)
		cd "$tmp/.." || exit 1
		die "apt-get could not fetch BearSSL's source (${cause:-it gave no reason}): with a network run this again, without one $by_hand."
	fi
	cd "$tmp/.." || exit 1
	archive=
	for file in "$tmp"/got/*.tar.*; do
		name=${file##*/}
		[ -n "$(pin_of "$name")" ] && archive=$name
	done
	[ -n "$archive" ] ||
		die "this distribution's BearSSL is not the pinned one ($first): $by_hand."
	check_sum "$tmp/got/$archive" "$archive"
	mv "$tmp/got/$archive" "$archive" || die "$(pwd)/$archive cannot be written: check the rights and the free space there."
}

archive=
while read -r _ name; do
	if [ -z "$archive" ] && [ -e "$name" ]; then
		archive=$name
	fi
done <"$pins"

case ${archive:-$first} in
*.xz)
	command -v xz >/dev/null 2>&1 ||
		die "xz is needed to unpack ${archive:-$first}: install it (package xz-utils, or xz) and run this again."
	;;
esac

if [ -n "$archive" ]; then
	check_sum "$archive" "$archive"
else
	download
fi

# ---------------------------------------------------------------- unpacking

mkdir "$tmp/tree"
case $archive in
*.xz) xz -dc "$archive" >"$tmp/tar" ;;
*.gz) gzip -dc "$archive" >"$tmp/tar" ;;
esac || die "$here/$archive cannot be unpacked: check the free space and run this again."
(cd "$tmp/tree" && tar -xof ../tar) ||
	die "$here/$archive cannot be unpacked: check the free space and run this again."
set -- "$tmp"/tree/*/src/inner.h
[ -r "$1" ] || die "$here/$archive holds no BearSSL source: put the right file there and run this again."
top=${1%/src/inner.h}
printf '%s  %s\n' "$(pin_of "$archive")" "$archive" >"$top/.unpacked-from"

# The name vendor/bearssl only ever stands for a whole tree.
if [ -e bearssl ]; then
	mv bearssl "$tmp/old" || die "$(pwd)/bearssl cannot be replaced: check the rights there."
fi
mv "$top" bearssl || die "$(pwd)/bearssl cannot be written: check the rights there."
echo "vendor: BearSSL's source is in $here/bearssl (from $archive, checksum verified)"
