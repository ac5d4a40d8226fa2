#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Checks who includes whom: the rooms of src/ may only look where the table below
# lets them. It also keeps BearSSL, sockets and stdio behind their seams.
#
#   tests/lint/directions.sh [DIRECTORY]     (default: src)

set -u
LC_ALL=C
export LC_ALL
src=${1:-src}

# ROOM may include ROOM... or single headers. A file at the top of src/ is a room
# of its own; every room may include itself and base.
table='
main    cli cmd
cmd     login.h route.h show cli creds sts signin net aws codec sys
login   fetch.h calls.h links.h workspace.h route.h creds sts signin net aws codec sys cli/options.h
fetch   calls.h links.h workspace.h route.h creds sts net aws codec sys cli/options.h
calls   mfa.h links.h workspace.h route.h creds sts net aws codec sys cli/options.h
helper  codec sys
mfa     helper.h links.h workspace.h route.h creds codec sys cli/options.h
links   workspace.h net codec sys cli/options.h
prepare fetch.h helper.h mfa.h workspace.h route.h settings.h creds sts signin net aws codec sys cli/options.h
contain workspace.h codec sys
workspace login.h route.h creds sts signin net aws codec sys cli/options.h
route   settings.h creds aws codec cli/options.h
settings creds aws cli/options.h
creds   aws codec crypto cli/options.h
sts     aws codec crypto creds/creds.h cli/options.h
signin  aws codec crypto sts/session.h cli/options.h
cli     aws codec
show    aws codec
net     codec crypto
crypto
codec
aws
sys
base
'

find "$src" -name '*.[ch]' | sort | {
	status=0
	files=0
	while IFS= read -r file; do
		files=$((files + 1))
		printf '%s' "$table" | awk -v src="$src" -v file="$file" '
			function finding(text) {
				printf "%s:%d: %s\n", file, FNR, text
				bad = 1
			}
			function room_of(path) {
				if (path ~ /\//)
					sub(/\/.*/, "", path)
				else
					sub(/\.[ch]$/, "", path)
				return path
			}
			BEGIN {
				name = substr(file, length(src) + 2)
				room = room_of(name)
			}
			FILENAME == "-" {
				if ($1 != "") known[$1] = 1
				if ($1 == room)
					for (i = 2; i <= NF; i++)
						may[$i] = 1
				next
			}
			FNR == 1 && !(room in known) {
				finding("room \"" room "\" is not in the table of tests/lint/directions.sh: add its row")
				exit
			}
			/^[ \t]*#[ \t]*include[ \t]*"/ {
				split($0, part, "\"")
				header = part[2]
				target = room_of(header)
				if ((getline line < (src "/" header)) < 0)
					finding("\"" header "\" is not a path below " src "/: write it as \"room/file.h\"")
				else if (target != room && target != "base" && !(target in may) && !(header in may))
					finding(room " may not include \"" header "\": move what is needed, or pass it in")
				close(src "/" header)
			}
			/^[ \t]*#[ \t]*include[ \t]*<bearssl/ && name !~ /^(net\/(tls|chain|anchors)\.|crypto\/)/ {
				finding("BearSSL is used in net/tls, net/chain, net/anchors and crypto only: call those")
			}
			/^[ \t]*#[ \t]*include[ \t]*<(sys\/socket|sys\/un|netinet\/|arpa\/)/ && room != "net" && room != "sys" {
				finding("sockets belong to net: call it")
			}
			/^[ \t]*#[ \t]*include[ \t]*<(stdio|wchar|wctype|locale|malloc|netdb|resolv|search|iconv)\.h>/ {
				finding("this header brings stdio, the heap, locales or the C library resolver, and none of them is linked: use base/fmt.h, base/buf.h or net/dns.h")
			}
			END { exit bad }' - "$file" || status=1
	done
	if [ "$files" -eq 0 ]; then
		echo "$src holds no C file: give the directory of the sources." >&2
		exit 1
	fi
	exit "$status"
}
