#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The same work as postern's by the AWS CLI, for which STS is asked by the name
# localhost since it takes no address for a name, and then by curl and jq.

set -euo pipefail
# shellcheck source=tests/bench/signin.sh
. "${0%/*}/signin.sh"

"$BENCH_AWS" sts get-federation-token --name bench --duration-seconds 3600 --policy "$BENCH_POLICY" \
	--region us-east-1 --output json --endpoint-url "https://localhost:${BENCH_STS#*:}" --ca-bundle "$BENCH_CA" |
	jq -c '.Credentials | {sessionId: .AccessKeyId, sessionKey: .SecretAccessKey, sessionToken: .SessionToken}' | login
