#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What only a real AWS account can answer: asks the questions that documents and
# stand-ins leave open, and prints a line for each, without any secret, so that
# the table can be shown to others. For a person, with keys in the environment or
# in a profile; no other test runs it.
#
#	sh tests/live.sh [--dry-run] [--profile NAME] [--wait]
#
#	--dry-run       print what would be asked; no network, no keys
#	--profile NAME  long-term keys of this profile of the credentials file
#	--wait          also wait 16 minutes, for a sign-in token that is too old
#
# LIVE_SSO_PROFILE and LIVE_LOGIN_PROFILE name profiles of IAM Identity Center and
# of `aws login`, when there are such. Secrets pass through files in a directory
# of this user's own (TMPDIR), which is removed at the end; never through argv.

set -u
LC_ALL=C
export LC_ALL
unset CDPATH
cd "$(dirname "$0")/.." || exit 1
umask 077

# For the test of this script: the binary and its options, a file of options for
# curl, and where TLS is looked at in place of each host.
POSTERN=${LIVE_POSTERN:-./postern}
POSTERN_OPTIONS=${LIVE_POSTERN_OPTIONS:-}
CURL_OPTIONS=${LIVE_CURL_OPTIONS:-/dev/null}
CONNECT=${LIVE_CONNECT:-}

# A policy that allows nothing but to ask who one is.
POLICY='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:GetCallerIdentity","Resource":"*"}]}'

usage() {
	echo "usage: sh tests/live.sh [--dry-run] [--profile NAME] [--wait]" >&2
	exit 64
}

dry=
profile=
wait=
while [ $# -gt 0 ]; do
	case $1 in
	--dry-run) dry=1 ;;
	--wait) wait=1 ;;
	--profile)
		[ $# -gt 1 ] || usage
		profile=$2
		shift
		;;
	*) usage ;;
	esac
	shift
done

region=${AWS_REGION:-${AWS_DEFAULT_REGION:-us-east-1}}
case $region in
cn-*) domain=signin.amazonaws.cn bare=cn-north-1 suffix=amazonaws.com.cn console=console.amazonaws.cn ;;
us-gov-*) domain=signin.amazonaws-us-gov.com bare=us-gov-west-1 suffix=amazonaws.com console=console.amazonaws-us-gov.com ;;
eusc-*) domain=signin.amazonaws-eusc.eu bare='' suffix=amazonaws.eu console=$region.console.amazonaws-eusc.eu ;;
*) domain=signin.aws.amazon.com bare=us-east-1 suffix=amazonaws.com console=console.aws.amazon.com ;;
esac
sts=sts.$region.$suffix
signin=$region.$domain
[ "$region" = "$bare" ] && signin=$domain

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# row NUMBER ASKED STATUS MEANING, as in the list of questions
row() {
	printf '%-3s %-62s %-9s %s\n' "$1" "$2" "$3" "$4"
}

# may NUMBER ASKED [MAKES]: is this asked? A plan only says so; what makes something
# in the account, or opens a session there, is for the person to allow.
may() {
	if [ -n "$dry" ]; then
		row "$1" "$2" plan "${3:-nothing is made}"
		return 1
	fi
	[ -n "${3:-}" ] || return 0
	printf '%s\n  This %s. Go on? [y/N] ' "$2" "$3" >&2
	read -r answer || answer=
	case $answer in
	[yY]*) return 0 ;;
	esac
	row "$1" "$2" - "not asked"
	return 1
}

# ask: one HTTP exchange by the options for curl in $tmp/ask, which is removed; sets
# status, and leaves $tmp/head and $tmp/body.
ask() {
	: >"$tmp/head"
	: >"$tmp/body"
	status=$(curl -q -sS --http1.1 --max-time 30 -K "$CURL_OPTIONS" -K "$tmp/ask" -D "$tmp/head" \
		-o "$tmp/body" -w '%{http_code}' 2>"$tmp/curl") || status=$(sed -n '1s/^curl: (\([0-9]*\)).*/curl-\1/p' "$tmp/curl")
	rm -f "$tmp/ask"
}

# field NAME: its value in the last body, which is XML or JSON
field() {
	tr -d '\n' <"$tmp/body" | sed -n -e "s:.*<$1>\([^<]*\)</$1>.*:\1:p" -e "s:.*\"$1\" *\: *\"\([^\"]*\)\".*:\1:p" |
		sed 's:\\/:/:g'
}

header() {
	grep -i "^$1:" "$tmp/head" | tail -n 1 | tr -d '\r' | sed 's/^[^:]*: *//'
}

# short KEY: what of it may be shown
short() {
	printf '%.4s…%s' "$1" "$(printf '%s' "$1" | tail -c 4)"
}

# as_session ID SECRET TOKEN: the keys that are signed in with next
as_session() {
	printf '{"sessionId":"%s","sessionKey":"%s","sessionToken":"%s"}' "$1" "$2" "$3" >"$tmp/session"
}

# sign_in [HOST [OPTIONS]]: getSigninToken by POST with $tmp/session
sign_in() {
	printf 'url = "https://%s/federation"\ndata = "Action=getSigninToken"\ndata-urlencode = "Session@%s/session"\n%s\n' \
		"${1:-$signin}" "$tmp" "${2:-}" >"$tmp/ask"
	ask
}

# of_profile NAME: the keys that postern has of it; sets id, secret, token
of_profile() {
	# shellcheck disable=SC2086 # words
	"$POSTERN" creds --format process -q $POSTERN_OPTIONS --profile "$1" >"$tmp/body" 2>"$tmp/error" || return
	id=$(field AccessKeyId) secret=$(field SecretAccessKey) token=$(field SessionToken)
}

# setting KEY: of the profile, in the credentials file
setting() {
	awk -v title="[$profile]" -v key="$1" '
		/^[ \t]*\[/ { sub(/^[ \t]*/, ""); sub(/[ \t]*$/, ""); ours = $0 == title }
		ours && match($0, "^[ \t]*" key "[ \t]*=[ \t]*") { value = substr($0, RLENGTH + 1); sub(/[ \t\r]*$/, "", value) }
		END { print value }' "${AWS_SHARED_CREDENTIALS_FILE:-${HOME:-}/.aws/credentials}" 2>/dev/null
}

meaning_of_session_duration() {
	case $status in
	200) echo "taken, although the IAM User Guide says that it fails" ;;
	400) echo "refused, as the IAM User Guide says" ;;
	*) echo "neither taken nor refused: see the status" ;;
	esac
}

# ---- keys

if [ -n "$dry" ]; then
	id='' secret='' token=''
elif [ -n "$profile" ]; then
	id=$(setting aws_access_key_id) secret=$(setting aws_secret_access_key) token=$(setting aws_session_token)
else
	id=${AWS_ACCESS_KEY_ID:-} secret=${AWS_SECRET_ACCESS_KEY:-} token=${AWS_SESSION_TOKEN:-}
fi
if [ -z "$dry" ]; then
	if [ -z "$id" ] || [ -z "$secret" ]; then
		echo "live: no keys: export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give --profile NAME; or --dry-run" >&2
		exit 66
	fi
	echo "keys $(short "$id"), region $region, STS $sts, sign-in $signin"
fi
held_id=$id held_secret=$secret held_token=$token
row '#' asked status meaning

# ---- 2 and 3: a federated session that may do nothing, which the rest needs too

federated=
asked="GetFederationToken, Accept: application/json"
if [ -n "$held_token" ]; then
	row 2 "$asked" - "needs long-term keys; these are temporary"
	as_session "$held_id" "$held_secret" "$held_token"
	federated=1
elif may 2 "$asked" "makes temporary keys that may only ask who they are, for an hour"; then
	printf '%s' "$POLICY" >"$tmp/policy"
	{
		printf 'url = "https://%s/"\naws-sigv4 = "aws:amz:%s:sts"\n' "$sts" "$region"
		printf 'user = "%s:%s"\nheader = "Accept: application/json"\n' "$held_id" "$held_secret"
		printf 'data = "Action=GetFederationToken&Version=2011-06-15&Name=postern-live&DurationSeconds=3600"\n'
		printf 'data-urlencode = "Policy@%s/policy"\n' "$tmp"
	} >"$tmp/ask"
	ask
	case $(head -n 1 "$tmp/body") in
	'{'*) shape=JSON ;;
	'<'*) shape=XML ;;
	*) shape="neither JSON nor XML" ;;
	esac
	row 2 "$asked" "$status" "$shape, Content-Type $(header content-type)"
	if [ "$status" = 200 ]; then
		federated=1
		as_session "$(field AccessKeyId)" "$(field SecretAccessKey)" "$(field SessionToken)"
	fi
fi

asked="getSigninToken, SessionDuration, keys of GetFederationToken"
if [ -n "$dry" ] || { [ -n "$federated" ] && [ -z "$held_token" ]; }; then
	if may 3 "$asked"; then
		sign_in "$signin" 'data = "SessionDuration=3600"'
		row 3 "$asked" "$status" "$(meaning_of_session_duration)"
	fi
fi

# ---- 1 and 9: POST, and what the answer looks like

asked="POST /federation at $signin"
[ -n "$dry" ] && may 9 "getSigninToken's answer"
if may 1 "$asked"; then
	if [ -n "$federated" ]; then
		sign_in
		framing="$(header transfer-encoding)"
		row 1 "$asked" "$status" "$([ "$status" = 200 ] && echo "POST is taken" || echo "see the status")"
		row 9 "getSigninToken's answer" "$status" \
			"Content-Type $(header content-type), ${framing:-Content-Length $(header content-length)}"
		field SigninToken >"$tmp/token"
	else
		row 1 "$asked" - "no temporary keys to ask with"
	fi
fi
# No keys go to other partitions: an empty session shows whether POST is read at all.
for host in signin.amazonaws-us-gov.com signin.amazonaws.cn; do
	[ "$host" = "$domain" ] && continue
	asked="POST /federation at $host, without keys"
	may 1 "$asked" || continue
	printf 'url = "https://%s/federation"\ndata = "Action=getSigninToken"\ndata = "Session=%%7B%%7D"\n' "$host" >"$tmp/ask"
	ask
	case $status in
	400) row 1 "$asked" "$status" "POST is read, and its session refused" ;;
	405 | 501) row 1 "$asked" "$status" "POST is not taken there" ;;
	*) row 1 "$asked" "$status" "see the status" ;;
	esac
done

# ---- 3 and 4: keys of Identity Center and of `aws login`

asked="getSigninToken, SessionDuration, keys of Identity Center"
if [ -z "$dry" ] && [ -z "${LIVE_SSO_PROFILE:-}" ]; then
	row 3 "$asked" - "LIVE_SSO_PROFILE names no profile"
elif may 3 "$asked"; then
	if of_profile "$LIVE_SSO_PROFILE"; then
		mv "$tmp/session" "$tmp/kept" 2>/dev/null
		as_session "$id" "$secret" "$token"
		sign_in "$signin" 'data = "SessionDuration=3600"'
		row 3 "$asked" "$status" "$([ "$status" = 200 ] && echo taken || echo "not taken")"
		mv "$tmp/kept" "$tmp/session" 2>/dev/null
	else
		row 3 "$asked" - "postern has no keys of that profile"
	fi
fi

asked="getSigninToken, keys of aws login"
if [ -z "$dry" ] && [ -z "${LIVE_LOGIN_PROFILE:-}" ]; then
	row 4 "$asked" - "LIVE_LOGIN_PROFILE names no profile"
elif may 4 "$asked"; then
	if of_profile "$LIVE_LOGIN_PROFILE"; then
		mv "$tmp/session" "$tmp/kept" 2>/dev/null
		as_session "$id" "$secret" "$token"
		sign_in
		row 4 "$asked" "$status" "$([ "$status" = 200 ] && echo "they open a console" || echo "they open none")"
		mv "$tmp/kept" "$tmp/session" 2>/dev/null
	else
		row 4 "$asked" - "postern has no keys of that profile"
	fi
fi

# ---- 5: a sign-in token that was used, or is too old

# log_in NUMBER ASKED: follow the URL of the token, without its redirect
log_in() {
	printf 'url = "https://%s/federation?Action=login&Destination=https%%3A%%2F%%2F%s%%2F&SigninToken=%s"\n' \
		"$signin" "$console" "$(cat "$tmp/token")" >"$tmp/ask"
	ask
	# Of the address that it leads to the host alone: the rest may be worth a session.
	place=$(header location | sed -n 's,^https://\([^/?#]*\).*,leads to \1\, ,p')
	cookies=$(grep -ci '^set-cookie:' "$tmp/head")
	row "$1" "$2" "$status" "$place$cookies cookies, $(wc -c <"$tmp/body" | tr -d ' ') bytes of $(header content-type)"
}

if [ -n "$dry" ] || [ -s "$tmp/token" ]; then
	if may 5 "login with a fresh token, then once more" "opens a console session with the rights of these keys, and drops it"; then
		log_in 5 "login with a fresh token"
		log_in 5 "login with the same token again"
	fi
	if [ -n "$dry$wait" ] && may 5 "login with a token that is 16 minutes old" "takes 16 minutes"; then
		sign_in
		field SigninToken >"$tmp/token"
		sleep "${LIVE_AGE_S:-960}"
		log_in 5 "login with a token that is 16 minutes old"
	fi
else
	row 5 "login with a token that was used" - "no sign-in token to ask with"
fi

# ---- 6, 7, 10: who signs for these hosts, and what TLS 1.2 they choose

# look NUMBER HOST: no keys, no request
look() {
	asked="TLS 1.2 with $2"
	may "$1" "$asked" || return
	# shellcheck disable=SC2086 # no timeout is no word
	$limit openssl s_client -connect "${CONNECT:-$2:443}" -servername "$2" -tls1_2 -showcerts </dev/null >"$tmp/tls" 2>/dev/null
	cipher=$(sed -n 's/^ *Cipher *: *//p' "$tmp/tls" | head -n 1)
	ems=$(sed -n 's/^ *Extended master secret: *//p' "$tmp/tls" | head -n 1)
	if [ -z "$cipher" ] || [ "$cipher" = 0000 ]; then
		row "$1" "$asked" - "no answer from here"
		return
	fi
	issuers=$(sed -n 's/^ *i:.*CN *= *//p' "$tmp/tls" | tr '\n' '<' | sed 's/<$//; s/</ < /g')
	row "$1" "$asked" ok "$cipher, extended master secret ${ems:-unknown}, signed by $issuers"
}

limit=$(command -v timeout >/dev/null && echo "timeout 20")
for host in "$sts" "$signin" sts.amazonaws.com sts.cn-north-1.amazonaws.com.cn signin.amazonaws.cn \
	sts.us-gov-west-1.amazonaws.com signin.amazonaws-us-gov.com; do
	look 6 "$host"
done
look 7 signin.c2shome.ic.gov
look 7 signin.sc2shome.sgov.gov
look 10 sts.eusc-de-east-1.amazonaws.eu
look 10 eusc-de-east-1.signin.amazonaws-eusc.eu

# ---- 8: postern's own TLS has no extended master secret

fips='sts-fips.us-east-1.amazonaws.com'
asked="postern whoami at $fips"
if may 8 "$asked"; then
	export AWS_ACCESS_KEY_ID="$held_id" AWS_SECRET_ACCESS_KEY="$held_secret" AWS_SESSION_TOKEN="$held_token"
	# shellcheck disable=SC2086 # words
	env -u AWS_PROFILE -u AWS_DEFAULT_PROFILE -u AWS_SECURITY_TOKEN "$POSTERN" whoami -q $POSTERN_OPTIONS --region us-east-1 \
		--endpoint-url "https://$fips" >/dev/null 2>"$tmp/error"
	code=$?
	case $code in
	0 | 77) said="it does not insist on an extended master secret" ;;
	*) said=$(sed -n 's/^postern: \([a-z]*\): .*/failed at \1/p' "$tmp/error" | head -n 1) ;;
	esac
	row 8 "$asked" "exit $code" "$said"
fi
