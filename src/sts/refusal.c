/* SPDX-License-Identifier: MIT */
/*
 * One table from STS error codes to kinds and cures, and the few codes whose
 * cure depends on what was asked.
 */
#include "sts/refusal.h"

static bool
says(const struct sts_refusal *r, const char *words)
{
	struct slice message = slice_of(r->message);

	return slice_find(message, words) < message.len;
}

static bool
is_code(const struct sts_refusal *r, const char *code)
{
	return slice_is(slice_of(r->code), code);
}

void
refusal_hide(struct sts_refusal *r, struct slice secret)
{
	struct slice message = slice_of(r->message);
	char start[17];
	size_t at;

	/* Sixteen bytes do not occur by chance, and cuts leave that many. */
	if (secret.len < sizeof start ||
	    !copy_text(start, sizeof start, slice_from(secret.p, 16)))
		return;
	at = slice_find(message, start);
	if (at < message.len)
		explicit_bzero(r->message + at, message.len - at);
	explicit_bzero(start, sizeof start);
}

bool
refusal_is_skew(const struct sts_refusal *r, int64_t signed_at)
{
	int64_t off = r->server_time_s - signed_at;

	if (!r->server_time_known)
		return false;
	/* SignatureDoesNotMatch says so in words; RequestExpired is only that. */
	if (says(r, "Signature expired") || says(r, "Signature not yet current"))
		return true;
	if (off < 0)
		off = -off;
	return (is_code(r, "RequestExpired") && off > CLOCK_WARN_S) ||
	    (is_code(r, "SignatureDoesNotMatch") && off > STS_WINDOW_S);
}

bool
refusal_is_of_keys(const struct sts_refusal *r)
{
	return is_code(r, "InvalidClientTokenId") || is_code(r, "ExpiredToken") ||
	    is_code(r, "ExpiredTokenException") ||
	    is_code(r, "SignatureDoesNotMatch");
}

bool
refusal_is_of_code(const struct sts_refusal *r)
{
	return says(r, "MultiFactorAuthentication failed") &&
	    says(r, "one time pass code");
}

bool
refusal_is_busy(const struct sts_refusal *r)
{
	static const char codes[] =
	    "Throttling ThrottlingException ThrottledException "
	    "RequestThrottled RequestThrottledException "
	    "RequestLimitExceeded TooManyRequestsException SlowDown "
	    "BandwidthLimitExceeded LimitExceededException "
	    "PriorRequestNotComplete TransactionInProgressException "
	    "ProvisionedThroughputExceededException EC2ThrottledException "
	    "RequestTimeout RequestTimeoutException IDPCommunicationError "
	    "InternalFailure ServiceUnavailable";
	struct slice rest = slice_of(codes), code;

	while (slice_take_word(&rest, &code))
		if (slice_is(code, r->code))
			return true;
	return r->status == 429 || r->status >= 500;
}

static bool
hint_access_denied(const struct sts_refusal *r, const struct refusal_facts *f,
	struct error *err)
{
	if (says(r, "MultiFactorAuthentication") && f->mfa_sent)
		return err_hint(err, "--token-code with the device's next "
		    "code: each is good once");
	if (f->action == STS_ASSUME_ROLE && !f->mfa_sent)
		return err_hint(err, "where the role asks for MFA, "
		    "--serial-number arn:%s:iam::ACCOUNT:mfa/NAME "
		    "--token-code CODE; for an external id, --external-id "
		    "ID; else its trust policy and the caller's policies "
		    "must allow sts:AssumeRole", f->partition->name);
	if (f->action == STS_ASSUME_ROLE)
		return err_hint(err, "check the code, the device's ARN and "
		    "--external-id; the role's trust policy and the caller's "
		    "policies must allow sts:AssumeRole");
	return err_hint(err, "allow sts:GetFederationToken to this user, or "
	    "--role-arn ARN; GetFederationToken cannot carry MFA: where a policy "
	    "demands it, --role-arn ARN --serial-number "
	    "arn:%s:iam::ACCOUNT:mfa/NAME --token-code CODE",
	    f->partition->name);
}

static bool
hint_unknown_key(const struct refusal_facts *f, struct error *err)
{
	if (f->region_given)
		return err_hint(err, "the key is deleted, inactive or of "
		    "another partition than %s: aws iam list-access-keys, "
		    "or --region with one of its partition", f->partition->name);
	return err_again(err, "--region cn-north-1");
}

static bool
hint_validation(const struct sts_refusal *r, struct error *err)
{
	if (says(r, "DurationSeconds") || says(r, "durationSeconds"))
		return err_again(err, "--duration 1h");
	if (says(r, "oleSessionName"))
		return err_again(err, "--role-session-name postern");
	if (says(r, "roleArn") || says(r, "RoleArn"))
		return err_hint(err, "--role-arn "
		    "arn:aws:iam::123456789012:role/NAME");
	return err_hint(err, "change what AWS names in its words above");
}

static bool
hint(const struct sts_refusal *r, const struct refusal_facts *f,
	struct error *err)
{
	if (f->action == STS_ASSUME_ROLE_WITH_WEB_IDENTITY)
		return err_hint(err, "a token of today in the web identity's "
		    "file, and a trust policy of the role that names its issuer "
		    "and audience");
	if (is_code(r, "AccessDenied") || is_code(r, "AccessDeniedException"))
		return hint_access_denied(r, f, err);
	if (is_code(r, "InvalidClientTokenId"))
		return hint_unknown_key(f, err);
	if (is_code(r, "SignatureDoesNotMatch"))
		return err_hint(err, "the secret is not this key's: copy it "
		    "again, whole (40 characters)%s", f->temporary ?
		    ", and its session token" : "");
	if (is_code(r, "ExpiredToken") || is_code(r, "ExpiredTokenException"))
		return err_hint(err, "new keys from where these came from: "
		    "all three AWS_… variables");
	if (is_code(r, "RegionDisabledException") || is_code(r, "OptInRequired"))
		return err_again(err, "--region %s",
		    f->partition->default_region);
	if (is_code(r, "PackedPolicyTooLarge"))
		return err_hint(err, "a shorter --policy, or --policy-arn "
		    "ARN of a managed policy");
	if (is_code(r, "MalformedPolicyDocument"))
		return err_hint(err, "mend the policy: aws accessanalyzer "
		    "validate-policy says where");
	if (is_code(r, "ValidationError"))
		return hint_validation(r, err);
	return err_hint(err, "STS API Reference, \"Common Errors\", "
	    "explains the code");
}

/* Keys that this action does not take, whatever their policies say. */
static bool
wrong_kind(const struct sts_refusal *r, struct error *err)
{
	if (says(r, "with session credentials")) {
		err_fail(err, ERR_KEYKIND, STEP_STS,
		    "long-term keys (AKIA…), or --role-arn ARN",
		    "these are session keys, which cannot make a federated "
		    "session");
		return true;
	}
	if (says(r, "may not be assumed by root")) {
		err_fail(err, ERR_KEYKIND, STEP_STS,
		    "an IAM user's keys, or no --role-arn",
		    "these are root's keys, and root cannot assume a role");
		return true;
	}
	return false;
}

bool
refusal_explain(const struct sts_refusal *r, const struct refusal_facts *f,
	struct error *err)
{
	const char *action = sts_action_name(f->action);

	if (err->kind != ERR_NONE)
		return false;
	copy_text(err->request_id, sizeof err->request_id,
	    slice_of(r->request_id));
	if (refusal_is_busy(r)) {
		err_fail(err, ERR_BUSY, STEP_STS,
		    "the same command again in a minute",
		    "%s was put off by AWS (HTTP %u %s)", action, r->status,
		    r->code);
	} else if (!wrong_kind(r, err)) {
		bool elsewhere = is_code(r, "InvalidClientTokenId") &&
		    !f->region_given;

		err_set(err, ERR_DENIED, STEP_STS, "%s was refused (HTTP %u %s)%s",
		    action, r->status, r->code, elsewhere ? ": no key of "
		    "partition aws; of aws-cn, or aws-us-gov (--region "
		    "us-gov-west-1)?" : "");
		hint(r, f, err);
	}
	return err_peer(err, slice_of(r->message));
}
