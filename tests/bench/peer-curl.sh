#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The same work as postern's by curl, which signs, and jq: long-term keys from
# the environment, GetFederationToken, a login URL. It has no errors of its own.

set -euo pipefail
# shellcheck source=tests/bench/signin.sh
. "${0%/*}/signin.sh"

answer=$(printf 'user = "%s:%s"\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" |
	curl -K "$BENCH_CURL" -K - --aws-sigv4 aws:amz:us-east-1:sts \
		-d Action=GetFederationToken -d Version=2011-06-15 -d Name=bench -d DurationSeconds=3600 \
		--data-urlencode "Policy=$BENCH_POLICY" "$BENCH_STS/")
field() {
	local text=${answer#*"<$1>"}
	printf '%s' "${text%%"</$1>"*}"
}
id=$(field AccessKeyId) key=$(field SecretAccessKey) token=$(field SessionToken) \
	jq -cn 'env | {sessionId: .id, sessionKey: .key, sessionToken: .token}' | login
