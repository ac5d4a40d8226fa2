#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Shows that directions.sh is not blind: a small tree with one wrong include of
# each kind must give one finding for each, and the right ones none.

set -u
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

mkdir -p "$tmp/codec" "$tmp/sts" "$tmp/net" "$tmp/base" "$tmp/creds" "$tmp/loft"
for header in codec/a sts/a net/a base/a creds/creds creds/plan login; do
	echo '/* empty */' >"$tmp/$header.h"
done
cat >"$tmp/codec/a.c" <<-'C'
	#include "codec/a.h"
	#include "base/a.h"
	#include "net/a.h"
	#include <stdio.h>
C
cat >"$tmp/sts/a.c" <<-'C'
	#include "sts/a.h"
	#include "creds/creds.h"
	#include "creds/plan.h"
	#include "login.h"
	#include "a.h"
	#include <bearssl.h>
	#include <sys/socket.h>
C
cat >"$tmp/net/a.c" <<-'C'
	#include "net/a.h"
	#include "codec/a.h"
	#include <sys/socket.h>
C
echo '#include "base/a.h"' >"$tmp/loft/a.c"

want='codec/a.c:3 codec/a.c:4 loft/a.c:1 sts/a.c:3 sts/a.c:4 sts/a.c:5 sts/a.c:6 sts/a.c:7 '
got=$(sh tests/lint/directions.sh "$tmp" | sed -n "s|^$tmp/\\([^:]*:[0-9]*\\):.*|\\1|p" | tr '\n' ' ')
if [ "$got" != "$want" ]; then
	echo "directions.sh found: $got"
	echo "it should find:      $want"
	exit 1
fi
