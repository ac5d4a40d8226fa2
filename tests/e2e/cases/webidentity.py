# SPDX-License-Identifier: MIT
"""A role for whoever holds an OpenID Connect token: variables and profile, the file as it is read, the request that nobody
signs, and each refusal of STS."""
import realm as facts
from cases._sources import config, label_of, profile, static, web_identity
from cases.creds import handed_out
from harness import case

FILE, ROLE, NAME = "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME"
ACTION = "AssumeRoleWithWebIdentity"


def run(t, env, *words, **how):
    return t.run(*words, keys=False, env=env, **how)


@case("web identity of the environment becomes a URL by a request that nobody signed")
def _(t):
    env = web_identity(t, AWS_ROLE_SESSION_NAME="pod-1")
    login = t.ok(run(t, env))
    t.equal((login.keys.kind, login.keys.arn), (facts.ROLE, "arn:aws:sts::123456789012:assumed-role/Web/pod-1"), "kind and ARN")
    request = t.aws.sts.last(ACTION)
    t.equal((request.header("authorization"), request.header("x-amz-security-token")), (None, None), "headers of a signature")
    t.equal((request.method, request.query), ("POST", ""), "method and query")
    t.equal(len(t.aws.sts.all(ACTION)), 1, "requests")
    t.true("ProviderId" not in request.form, "no ProviderId")


@case("web identity sessions have a name where none is given")
def _(t):
    t.ok(run(t, web_identity(t)))


@case("web identity of a profile becomes a URL")
def _(t):
    env = web_identity(t)
    settings = profile("pod", role_arn=env[ROLE], web_identity_token_file=env[FILE], role_session_name="pod-2")
    login = t.ok(run(t, dict(config(t, settings), AWS_PROFILE="pod")))
    t.true(login.keys.arn.endswith("/Web/pod-2"), "the name of the session")
    t.ok(run(t, config(t, settings), "--profile", "pod"))


@case("web identity variables do not count with --profile, but beat the keys of AWS_PROFILE")
def _(t):
    env = dict(config(t, profile("prod", **static(t.realm.session(facts.ROLE, t.user)))), **web_identity(t))
    t.equal(label_of(t.ok(run(t, dict(env, AWS_PROFILE="prod"))).keys), "Web", "role")
    t.equal(label_of(t.ok(run(t, env, "--profile", "prod")).keys), "Admin", "role")


@case("web identity variables that do not count are no keys for a --profile without any")
def _(t):
    env = dict(config(t, profile("bare", region="us-east-1")), **web_identity(t))
    t.fails(run(t, env, "--profile", "bare"), 66, "bare", step="credentials")
    t.offline()


@case("web identity files are read as they are at each run, without the line end of an editor")
def _(t):
    env = web_identity(t)
    t.ok(run(t, env))
    fresh = t.realm.web_token("someone else")
    t.file("web-token", fresh + "\n")
    t.ok(run(t, env))
    t.equal(t.aws.sts.last(ACTION).form["WebIdentityToken"], fresh, "token")


@case("web identity works with creds, and asks STS for the whole duration")
def _(t):
    env = web_identity(t, t.realm.role("Web", max_session_s=43200))
    keys, found = handed_out(t, run(t, env, "creds"))
    t.equal((label_of(keys), found["Credentials"]["Expiration"] != ""), ("Web", True), "role")


@case("web identity takes the duration of the console into SessionDuration")
def _(t):
    t.equal(t.ok(run(t, web_identity(t), "--duration", "2h")).token.duration_s, 7200, "SessionDuration")


@case("web identity keys assume a further role, as chained ones")
def _(t):
    second = t.realm.role("Second")
    login = t.ok(run(t, web_identity(t), "--role-arn", second.arn))
    t.equal((login.keys.kind, label_of(login.keys)), (facts.CHAINED, "Second"), "kind and role")
    t.equal(label_of(t.aws.sts.last("AssumeRole").keys), "Web", "whose keys signed")


@case("web identity asks the STS of the region")
def _(t):
    t.ok(run(t, web_identity(t), region="eu-west-1"), region="eu-west-1")
    t.equal(t.aws.sts.last(ACTION).host, "sts.eu-west-1.amazonaws.com", "Host")


@case("web identity is part of --explain, which neither shows the token nor asks anybody")
def _(t):
    result = run(t, web_identity(t), "--explain")
    t.equal(result.code, 0, "exit code")
    t.true(ACTION in result.out, "the name of the call")
    t.offline()


@case("web identity without a role is refused and names AWS_ROLE_ARN or role_arn")
def _(t):
    env = web_identity(t)
    t.fails(run(t, {FILE: env[FILE]}), (66, 78), ROLE, step="credentials")
    t.fails(run(t, config(t, profile(web_identity_token_file=env[FILE]))), (66, 78), "role_arn", step="credentials")
    t.offline()


@case("web identity files that are not there are exit 66 with path and variable, though keys stand further down")
def _(t):
    env = dict(config(t, profile(**static(t.user))), **web_identity(t))
    result = run(t, dict(env, **{FILE: t.dir + "/gone"}))
    t.fails(result, 66, "gone: no such file", step="credentials")
    t.says(result, FILE + "|web identity")
    t.offline()


for what, text in (("is empty", ""), ("has only a line end", "\n"), ("has two lines", "a.b.c\nd.e.f"), ("has a NUL", b"abcdef\0"),
                   ("has a blank in it", "abc def"), ("is longer than STS takes", "t" * 20001), ("is a megabyte", "t" * (1 << 20))):
    def _spoiled(t, text=text):
        t.fails(run(t, web_identity(t, token=text)), (65, 66), "web-token|web identity", step="credentials")
        t.offline()
    case("web identity files are refused before any network: one that " + what)(_spoiled)


@case("web identity tokens of 20000 bytes are sent")
def _(t):
    value = t.realm.web_token()
    held = t.realm.web_tokens[value]
    long = t.realm.hide(value + "A" * (20000 - len(value)))
    t.realm.web_tokens[long] = held
    t.ok(run(t, web_identity(t, token=long)))


@case("web identity tokens that have expired are exit 77, and say so")
def _(t):
    result = run(t, web_identity(t, token=t.realm.web_token(life_s=-60)))
    t.fails(result, 77, "expired", ACTION, step="sts")
    t.hint(result, "token")


@case("web identity tokens of somebody whom the account does not know are exit 77 with AWS's words")
def _(t):
    t.fails(run(t, web_identity(t, token=t.realm.hide("eyJhbGciOiJub25lIn0.e30.c3RyYW5nZXI"))), 77, "OpenIDConnect provider", step="sts")


@case("web identity that the role does not trust is exit 77 with the trust policy in the hint")
def _(t):
    result = run(t, web_identity(t, t.realm.role("Web", trust=("someone else",))))
    t.fails(result, 77, ACTION, step="sts")
    t.hint(result, "trust")


@case("web identity is asked for again where STS could not reach the provider")
def _(t):
    t.aws.sts.fault("idp_down", times=1)
    t.ok(run(t, web_identity(t)))
    t.equal(len(t.aws.sts.all(ACTION)), 2, "requests")


@case("web identity whose provider stays out of STS's reach is exit 75", "waits")
def _(t):
    t.aws.sts.fault("idp_down")
    t.fails(run(t, web_identity(t), "--timeout", "10"), 75, "IDPCommunicationError|provider", step="sts")


@case("web identity where STS is unreachable is exit 69", "waits")
def _(t):
    t.aws.sts.fault("reset")
    t.fails(run(t, web_identity(t), "--timeout", "5"), 69)
    t.equal(t.aws.signin.all(), [], "requests to sign-in")


@case("web identity answers without keys are exit 76")
def _(t):
    for body in (b"", b"<AssumeRoleWithWebIdentityResponse/>", b"{}"):
        t.aws.sts.faults.clear()
        t.aws.sts.fault("reply", status=200, body=body, action=ACTION)
        t.fails(run(t, web_identity(t)), 76, step="sts")
