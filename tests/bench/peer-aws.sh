#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The same work as postern's by the AWS CLI, and then by curl and jq. Where the
# servers are is told by run.py in BENCH_… variables.

set -euo pipefail
# shellcheck source=tests/bench/signin.sh
. "${0%/*}/signin.sh"

"$BENCH_AWS" sts get-federation-token --name bench --duration-seconds 3600 --policy "$BENCH_POLICY" \
	--region us-east-1 --output json --endpoint-url "$BENCH_AWS_URL" --ca-bundle "$BENCH_CA" |
	jq -c '.Credentials | {sessionId: .AccessKeyId, sessionKey: .SecretAccessKey, sessionToken: .SessionToken}' | login
