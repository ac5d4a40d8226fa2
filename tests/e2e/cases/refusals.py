# SPDX-License-Identifier: MIT
"""What AWS refuses, each with its exit code and a hint that, followed literally, cures it (issue "the main job", point 8).
Clocks are in clocks.py, certificates in trust.py, wires and names in network.py and names.py."""
import hashlib
import json
import re

import realm as facts
from harness import case


@case("AccessDenied is exit 77 with AWS's words, its request id and the permission to ask for")
def _(t):
    result = t.run(keys=t.realm.user(denied={"GetFederationToken"}))
    t.fails(result, 77, "not authorized to perform: sts:GetFederationToken", r"[0-9a-f]{8}-?", step="sts")
    t.true(t.aws.sts.last().refused == "AccessDenied", "a refusal by the stand-in")
    t.hint(result, "GetFederationToken|--role-arn")
    t.equal(len(t.aws.sts.all()), 1, "tries")
    t.equal(t.aws.signin.all(), [], "sign-in requests")


@case("a role that does not trust the user is exit 77 with the trust policy in the hint")
def _(t):
    result = t.run("--role-arn", t.realm.role(trust=("arn:aws:iam::123456789012:user/other",)).arn)
    t.fails(result, 77, "sts:AssumeRole", step="sts")
    t.hint(result, "trust")


@case("a missing external id is exit 77, and --external-id cures it")
def _(t):
    role = t.realm.role(external_id="team-7")
    result = t.run("--role-arn", role.arn)
    t.fails(result, 77)
    t.ok(t.run("--role-arn", role.arn, "--external-id", "team-7"))


@case("a role that demands MFA is exit 77 and the hint speaks of MFA")
def _(t):
    result = t.run("--role-arn", t.realm.role(mfa=True).arn)
    t.fails(result, 77)
    t.hint(result, "MFA|serial-number")


@case("a policy that demands MFA of GetFederationToken says that this call cannot carry it")
def _(t):
    user = t.realm.user(denied={"GetFederationToken"}, explicit_deny=True)
    result = t.run(keys=user)
    t.fails(result, 77, "explicit deny")
    t.hint(result, "MFA", "--role-arn")


@case("an MFA code is sent in AssumeRole, once")
def _(t):
    t.user.mfa_serial, t.user.mfa_codes = "arn:aws:iam::123456789012:mfa/alice", {"123456"}
    words = ("--role-arn", t.realm.role(mfa=True).arn, "--serial-number", t.user.mfa_serial, "--token-code", "123456")
    t.ok(t.run(*words))
    result = t.run(*words)
    t.fails(result, 77, "MultiFactorAuthentication|MFA")
    t.equal(len(t.aws.sts.all("AssumeRole")), 2, "AssumeRole requests")


@case("a request with an MFA code is not sent twice when the answer is lost")
def _(t):
    t.user.mfa_serial, t.user.mfa_codes = "arn:aws:iam::123456789012:mfa/alice", {"123456"}
    t.aws.sts.fault("cut_reset", times=1)
    result = t.run("--role-arn", t.realm.role(mfa=True).arn, "--serial-number", t.user.mfa_serial, "--token-code", "123456")
    t.fails(result, (69, 76))
    t.equal(len(t.aws.sts.all("AssumeRole")), 1, "AssumeRole requests")


@case("session keys for GetFederationToken are exit 67, and the role in the hint is a way")
def _(t):
    body = ("<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Cannot call GetFederationToken with "
            "session credentials</Message></Error><RequestId>r-1</RequestId></ErrorResponse>")
    t.aws.sts.fault("reply", status=403, body=body.encode())
    result = t.run()
    t.fails(result, (67, 77), "session credentials")
    t.hint(result)


@case("an unknown key is exit 77, and without a region the hint names the other partitions", "443")
def _(t):
    wei = t.realm.user("wei", partition="aws-cn")
    result = t.run(keys=wei, region=None, regions=("cn-north-1",))
    t.fails(result, 77, "InvalidClientTokenId|security token", step="sts")
    t.hint(result, "cn-north-1")
    t.ok(t.follow(result), region="cn-north-1")


@case("an unknown key with a region is exit 77 and speaks of the key")
def _(t):
    result = t.run(keys=t.realm.user(active=False), region="eu-west-1")
    t.fails(result, 77, "InvalidClientTokenId|security token", step="sts")
    t.hint(result)


@case("a key of another partition is not tried there by itself", "443")
def _(t):
    t.fails(t.run(keys=t.realm.user(partition="aws-us-gov"), region=None, regions=("us-gov-west-1",)), 77)
    t.equal({r.host for r in t.aws.requests()}, {"sts.us-east-1.amazonaws.com"}, "hosts")


@case("a wrong secret is exit 77 and says that the secret does not fit the key")
def _(t):
    wrong = t.realm.user("eve").secret
    result = t.run(env={"AWS_SECRET_ACCESS_KEY": wrong})
    t.fails(result, 77, "secret", step="sts")
    t.hint(result)
    t.equal(len(t.aws.sts.all()), 1, "tries")


@case("expired temporary keys are exit 77 on the way to a role")
def _(t):
    result = t.run("--role-arn", t.realm.role().arn, keys=t.realm.session(facts.ROLE, t.user, duration_s=-60))
    t.fails(result, 77, "expired", step="sts")
    t.hint(result)


@case("a packed policy that is too large is exit 77 with the percentage")
def _(t):
    noise = [hashlib.sha256(bytes([i])).hexdigest() for i in range(26)]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": noise}]},
                        separators=(",", ":"))
    result = t.run("--policy", t.file("p.json", policy))
    t.fails(result, (64, 77), "PackedPolicyTooLarge|packed", r"\d+ ?%")
    t.hint(result, "policy|smaller|shorter")


@case("a policy that AWS finds malformed is exit 77 with AWS's words")
def _(t):
    result = t.run("--policy", '{"Version":"2012-10-17","Statement":[{"Effect":"Perhaps"}]}')
    t.fails(result, (64, 77), "policy")
    t.hint(result)


@case("a disabled region is exit 77 or 78, and the hint gives a region that works", "443")
def _(t):
    t.realm.disabled_regions.add("us-west-2")
    result = t.run(region="us-west-2", regions=("us-east-1",))
    t.fails(result, (77, 78), "RegionDisabled|not activated", step="sts")
    t.ok(t.follow(result), region="us-east-1")


@case("sign-in blocked while STS works is exit 69, 76 or 77 and names the host that must be allowed")
def _(t):
    for fault, code in (("reset", 69), ("silent", 69), ("blocked", (76, 77))):
        t.aws.signin.faults.clear()
        t.aws.signin.fault(fault)
        result = t.run("--timeout", "4")
        t.fails(result, code, re.escape(facts.signin_host("us-east-1")))
        t.hint(result)


@case("a 400 from sign-in lists causes that fit federated keys only")
def _(t):
    t.aws.signin.fault("reply", status=400, body=b"<html><body>400 Bad Request</body></html>", content_type="text/html")
    result = t.run()
    t.fails(result, 77, "400", step="signin")
    t.silent_about(result, "GetSessionToken", "SessionDuration", "<html")


@case("a role route whose SessionDuration sign-in refuses names the duration")
def _(t):
    t.aws.signin.fault("reply", status=400, body=b"<html>400</html>", content_type="text/html")
    result = t.run("--role-arn", t.realm.role().arn, "--duration", "12h")
    t.fails(result, 77, step="signin")
    t.hint(result)


@case("a portal instead of AWS's answer is exit 76 and is called one")
def _(t):
    t.aws.sts.fault("portal")
    result = t.run()
    t.fails(result, 76, "HTML", step="sts")
    t.hint(result, "portal|proxy")
    t.aws.sts.faults.clear()
    t.aws.signin.fault("portal")
    t.fails(t.run(), 76, "HTML", step="signin")


@case("a redirect is an error that shows the host and is never followed")
def _(t):
    for endpoint, step in ((t.aws.sts, "sts"), (t.aws.signin, "signin")):
        t.aws.sts.faults.clear()
        endpoint.fault("redirect")
        t.fails(t.run(), 76, r"login\.example\.net", step=step)
