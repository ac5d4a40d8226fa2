#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tells where the bytes of the release binary are, by room and by file, from the
# linker's map. It only prints: what is too much is said by the tests of the
# build.
#
#   tests/size.sh MAP UNSTRIPPED STRIPPED

set -u
LC_ALL=C
export LC_ALL

echo "$3: $(wc -c <"$3") bytes stripped, on disk"
size "$2"
echo

# A line of the map is " .section 0xaddress 0xsize file" or, after a long name,
# the last three on a line of their own.
awk '
	function hex(s,  i, n) {
		n = 0
		s = tolower(substr(s, 3))
		for (i = 1; i <= length(s); i++)
			n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
		return n
	}
	/^Linker script and memory map/ { on = 1 }
	/^\/DISCARD\// { on = 0 }
	!on { next }
	/^ \.[^ ]+$/ { name = $1; next }
	/^ \.[^ ]+ +0x[0-9a-f]+ +0x[0-9a-f]+ [^ ]/ { name = $1; addr = $2; n = hex($3); file = $4 }
	/^ +0x[0-9a-f]+ +0x[0-9a-f]+ [^ ]*\.[oa]/ { addr = $1; n = hex($2); file = $3 }
	file != "" && n > 0 && addr !~ /^0x0+$/ && name !~ /^\.(comment|note|debug|symtab|strtab|shstrtab)/ {
		if (file ~ /build\/release\/src\//) {
			sub(/.*build\/release\//, "", file)
			sub(/\.o$/, ".c", file)
			room = file
			sub(/\/[^\/]*$/, "", room)
		} else if (file ~ /bearssl\.a/) {
			sub(/.*bearssl\.a\(/, "bearssl ", file)
			sub(/\)$/, "", file)
			room = "bearssl"
		} else {
			sub(/.*\//, "libc ", file)
			room = "libc and compiler"
		}
		if (name ~ /^\.bss|^COMMON/) {
			bss[file] += n; rbss[room] += n; all_bss += n
		} else {
			disk[file] += n; rdisk[room] += n; all += n
		}
		files[file] = room
		rooms[room] = 1
	}
	{ file = "" }
	END {
		sorted = "sort -k1,1nr -k3"
		printf "%8s %8s  %s\n", "bytes", "memory", "room"
		for (room in rooms)
			printf "%8d %8d  %s\n", rdisk[room], rbss[room], room | sorted
		close(sorted)
		printf "%8d %8d  %s\n\n", all, all_bss, "all"
		printf "%8s %8s  %s\n", "bytes", "memory", "file"
		for (file in files)
			printf "%8d %8d  %s\n", disk[file], bss[file], file | sorted
		close(sorted)
	}' "$1"
