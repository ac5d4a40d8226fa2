# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# The second half of both scripts: temporary keys become a sign-in token and a
# login URL, by curl and jq. Where the keys come from is the first half's.

# login: reads {"sessionId":…,"sessionKey":…,"sessionToken":…}, prints the URL.
login() {
	curl -K "$BENCH_CURL" -d Action=getSigninToken --data-urlencode Session@- "$BENCH_SIGNIN/federation" |
		jq -r '"https://signin.aws.amazon.com/federation?Action=login&Destination=" +
			("https://console.aws.amazon.com/" | @uri) + "&SigninToken=" + (.SigninToken | @uri)'
}
