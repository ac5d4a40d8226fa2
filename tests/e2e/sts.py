# SPDX-License-Identifier: MIT
"""The STS actions of the stand-in: who may call what, the limits of the API reference, and AWS's error texts.
Takes a received request and gives a reply; bytes on the wire are left to server.py, signatures to sigv4.py."""
import json
import re
import time
import urllib.parse
import uuid
import zlib
from xml.sax.saxutils import escape

import realm as facts
from sigv4 import Refused, Signature
from wire import Reply

NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
INVALID_TOKEN = "The security token included in the request is invalid."
EXPIRED_TOKEN = "The security token included in the request is expired"
NO_SESSION_KEYS = "Cannot call %s with session credentials"
BAD_MFA = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
WORD = r"[\w+=,.@-]*"
PACKED_BYTES = 1024


def iso(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def error_reply(status, code, message, request_id=None):
    request_id = request_id or str(uuid.uuid4())
    kind = "Sender" if status < 500 else "Receiver"
    body = ('<ErrorResponse xmlns="%s">\n  <Error>\n    <Type>%s</Type>\n    <Code>%s</Code>\n    <Message>%s</Message>\n'
            '  </Error>\n  <RequestId>%s</RequestId>\n</ErrorResponse>\n'
            % (NAMESPACE, kind, code, escape(message), request_id))
    return Reply(status, body.encode(), "text/xml", request_id)


def element(name, value):
    inner = "".join(element(*pair) for pair in value) if isinstance(value, list) else escape(str(value))
    return "<%s>%s</%s>" % (name, inner, name)


def constraint(value, member, rule):
    return Refused(400, "ValidationError", "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: "
                   "Member must %s" % (value, member, rule))


class Sts:
    """One account-wide STS: call it with a request, get a Reply."""

    def __init__(self, realm):
        self.realm = realm

    def __call__(self, request):
        request_id = str(uuid.uuid4())
        try:
            form = urllib.parse.parse_qsl(request.query if request.method == "GET" else request.body.decode(),
                                          keep_blank_values=True, strict_parsing=True)
            request.form = dict(form)
            if len(request.form) != len(form):
                raise Refused(400, "MalformedQueryString", "A parameter is given twice.")
            action = request.form.get("Action")
            known = {"GetFederationToken": self._federation, "AssumeRole": self._assume,
                     "GetCallerIdentity": self._identity, "GetSessionToken": self._session_token,
                     "AssumeRoleWithWebIdentity": self._web_identity}
            request.keys = caller = None if action == "AssumeRoleWithWebIdentity" else self._caller(request)
            if action not in known or request.form.get("Version") != "2011-06-15":
                raise Refused(400, "InvalidAction", "Could not find operation %s for version %s"
                              % (action, request.form.get("Version")))
            result = known[action](caller, request.form)
        except Refused as no:
            request.refused = no.code
            return error_reply(no.status, no.code, no.message, request_id)
        except ValueError:
            request.refused = "MalformedQueryString"
            return error_reply(400, "MalformedQueryString", "The query string contains a syntax error.", request_id)
        body = '<%sResponse xmlns="%s">%s%s</%sResponse>\n' % (
            action, NAMESPACE, element(action + "Result", result),
            element("ResponseMetadata", [("RequestId", request_id)]), action)
        return Reply(200, body.encode(), "text/xml", request_id)

    def _caller(self, request):
        """The keys that signed the request, after every check that AWS makes of them."""
        signature = Signature(request)
        where = facts.place(request.host) or ("sts", signature.region, facts.partition_of(signature.region)[0])
        keys = self.realm.keys.get(signature.key_id)
        if where[0] != "sts" or not keys or not keys.active or keys.partition != where[2] \
                or (keys.token or "") != (signature.token or ""):
            raise Refused(403, "InvalidClientTokenId", INVALID_TOKEN)
        if keys.expires is not None and keys.expires < self.realm.clock.now():
            raise Refused(403, "ExpiredToken", EXPIRED_TOKEN)
        signature.check(request, keys.secret, self.realm.clock.now(), where[1])
        if where[1] in self.realm.disabled_regions:
            raise Refused(403, "RegionDisabledException", "STS is not activated in this region for account:%s. Your account "
                          "administrator can activate STS in this region using the IAM Console." % keys.account)
        return keys

    def _identity(self, caller, _form):
        return [("Arn", caller.arn), ("UserId", caller.user_id), ("Account", caller.account)]

    def _federation(self, caller, form):
        name = form.get("Name", "")
        self._word(name, "name", 2, 32)
        duration = self._duration(form, 43200, 129600)
        packed = self._policy(form)
        if caller.token:
            raise Refused(403, "AccessDenied", NO_SESSION_KEYS % "GetFederationToken")
        arn = "arn:%s:sts::%s:federated-user/%s" % (caller.partition, caller.account, name)
        self._permit(caller, "GetFederationToken", arn)
        duration = min(duration, 3600) if caller.root else duration
        session = self.realm.session(facts.FEDERATED, caller, arn, duration)
        session.policy = form.get("Policy") or form.get("PolicyArns.member.1.arn")
        return [self._credentials(session), ("PackedPolicySize", packed),
                ("FederatedUser", [("FederatedUserId", "%s:%s" % (caller.account, name)), ("Arn", arn)])]

    def _assume(self, caller, form):
        arn, name = form.get("RoleArn", ""), form.get("RoleSessionName", "")
        self._word(name, "roleSessionName", 2, 64)
        if not 20 <= len(arn) <= 2048:
            raise constraint(arn, "roleArn", "have length greater than or equal to 20")
        if not re.fullmatch(r"arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+", arn):
            raise Refused(400, "ValidationError", "%s is invalid" % arn)
        duration = self._duration(form, 3600, 43200)
        packed = self._policy(form)
        role = self.realm.roles.get(arn)
        if caller.root:
            raise Refused(403, "AccessDenied", "Roles may not be assumed by root accounts.")
        trusted = role and ("*" in role.trust or caller.arn in role.trust) and role.external_id == form.get("ExternalId")
        if not trusted or caller.kind == facts.FEDERATED or (role.mfa and "TokenCode" not in form):
            raise self._denied(caller, "AssumeRole", arn)
        self._permit(caller, "AssumeRole", arn)
        if role.mfa:
            self._mfa(caller, form)
        chained = caller.kind in (facts.ROLE, facts.CHAINED)
        if chained and duration > 3600:
            raise Refused(400, "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles "
                          "assumed by role chaining")
        if duration > role.max_session_s:
            raise Refused(400, "ValidationError",
                          "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
        user = arn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/" + name
        kind = facts.ROLE if caller.kind == facts.LONG_TERM else facts.CHAINED
        session = self.realm.session(kind, caller, user, duration)
        return [("AssumedRoleUser", [("AssumedRoleId", "AROA" + session.user_id[4:] + ":" + name), ("Arn", user)]),
                self._credentials(session), ("PackedPolicySize", packed)]

    def _web_identity(self, _caller, form):
        arn, name, value = form.get("RoleArn", ""), form.get("RoleSessionName", ""), form.get("WebIdentityToken", "")
        self._word(name, "roleSessionName", 2, 64)
        if not 4 <= len(value) <= 20000:
            raise constraint("hidden", "webIdentityToken", "have length between 4 and 20000")
        duration = self._duration(form, 3600, 43200)
        token, role, now = self.realm.web_tokens.get(value), self.realm.roles.get(arn), self.realm.clock.now()
        if not token:
            raise Refused(400, "InvalidIdentityToken", "No OpenIDConnect provider found in your account for "
                          "https://oidc.corp.example")
        if token.expires < now:
            raise Refused(400, "ExpiredTokenException", "Token expired: current date/time %d must be before the expiration "
                          "date/time %d" % (now, token.expires))
        if not role or ("*" not in role.trust and token.subject not in role.trust):
            raise Refused(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
        if duration > role.max_session_s:
            raise Refused(400, "ValidationError",
                          "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
        partition, account = arn.split(":")[1], arn.split(":")[4]
        owner = facts.Keys(partition=partition, account=account, name=name, root=False, user_id="AROA" + "W" * 16)
        user = arn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/" + name
        session = self.realm.session(facts.ROLE, owner, user, duration)
        return [("SubjectFromWebIdentityToken", token.subject), ("Audience", token.audience),
                ("AssumedRoleUser", [("AssumedRoleId", owner.user_id + ":" + name), ("Arn", user)]),
                self._credentials(session), ("Provider", token.issuer), ("PackedPolicySize", self._policy(form))]

    def _session_token(self, caller, form):
        duration = self._duration(form, 43200, 129600)
        if caller.token:
            raise Refused(403, "AccessDenied", NO_SESSION_KEYS % "GetSessionToken")
        if "TokenCode" in form:
            self._mfa(caller, form)
        return [self._credentials(self.realm.session(facts.SESSION, caller, caller.arn, duration))]

    def _credentials(self, session):
        return ("Credentials", [("AccessKeyId", session.key_id), ("SecretAccessKey", session.secret),
                                ("SessionToken", session.token), ("Expiration", iso(session.expires))])

    def _denied(self, caller, action, resource):
        why = " with an explicit deny in an identity-based policy" if caller.explicit_deny else ""
        return Refused(403, "AccessDenied", "User: %s is not authorized to perform: sts:%s on resource: %s%s"
                       % (caller.arn, action, resource, why))

    def _permit(self, caller, action, resource):
        if action in caller.denied:
            raise self._denied(caller, action, resource)

    def _mfa(self, caller, form):
        code = form.get("TokenCode", "")
        if not re.fullmatch(r"\d{6}", code):
            raise constraint(code, "tokenCode", r"satisfy regular expression pattern: [\d]*")
        with self.realm.lock:
            if form.get("SerialNumber") != caller.mfa_serial or code not in caller.mfa_codes:
                raise Refused(403, "AccessDenied", BAD_MFA)
            caller.mfa_codes.discard(code)

    def _word(self, text, member, least, most):
        if len(text) < least:
            raise constraint(text, member, "have length greater than or equal to %d" % least)
        if len(text) > most:
            raise constraint(text, member, "have length less than or equal to %d" % most)
        if not re.fullmatch(WORD, text, re.ASCII):
            raise constraint(text, member, r"satisfy regular expression pattern: [\w+=,.@-]*")

    def _duration(self, form, usual, most):
        text = form.get("DurationSeconds", str(usual))
        if not re.fullmatch(r"\d+", text):
            raise Refused(400, "MalformedQueryString", "DurationSeconds is not a number")
        if int(text) < 900:
            raise constraint(text, "durationSeconds", "have value greater than or equal to 900")
        if int(text) > most:
            raise constraint(text, "durationSeconds", "have value less than or equal to %d" % most)
        return int(text)

    def _policy(self, form):
        """Checks the session policy and managed policies; answers PackedPolicySize in percent."""
        policy = form.get("Policy", "")
        arns = [v for k, v in sorted(form.items()) if re.fullmatch(r"PolicyArns\.member\.\d+\.arn", k)]
        if "Policy" in form and not policy:
            raise constraint("", "policy", "have length greater than or equal to 1")
        if len(policy) > 2048:
            raise constraint(policy[:32], "policy", "have length less than or equal to 2048")
        if len(arns) > 10 or len(policy) + sum(map(len, arns)) > 2048:
            raise Refused(400, "ValidationError", "Policy and policy ARNs together are too long.")
        for arn in arns:
            if not re.fullmatch(r"arn:[\w-]+:iam::(aws|\d{12}):policy/[\w+=,.@/-]+", arn):
                raise Refused(400, "ValidationError", "ARN %s is not valid." % arn)
        if policy:
            try:
                document = json.loads(policy)
                statements = document["Statement"]
                for statement in [statements] if isinstance(statements, dict) else statements:
                    if statement["Effect"] not in ("Allow", "Deny"):
                        raise ValueError
            except (ValueError, KeyError, TypeError):
                raise Refused(400, "MalformedPolicyDocument", "Syntax errors in policy.") from None
        packed = len(zlib.compress("".join([policy, *arns]).encode())) * 100 // PACKED_BYTES
        if packed > 100:
            raise Refused(400, "PackedPolicyTooLarge",
                          "Packed policy consumes %d%% of allotted space, please use smaller policy" % packed)
        return packed
