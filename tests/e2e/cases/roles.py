# SPDX-License-Identifier: MIT
"""Profiles that assume a role: where the keys for it come from, chains and loops, what goes into the call, and each profile
that AWS's own tools refuse. Nothing is guessed: whatever is refused names the profile and the setting."""
import re

import realm as facts
from cases._sources import config, container, imds, label_of, profile, static, web_identity
from cases.creds import handed_out
from harness import case


def run(t, name, *words, sections, env=None, **how):
    return t.run("--profile", name, *words, keys=False, env=dict(config(t, *sections), **(env or {})), **how)


def signed(t):
    """Who signed each AssumeRole, and for which role."""
    return [(r.keys, r.form["RoleArn"]) for r in t.aws.sts.all("AssumeRole")]


def refused(t, result, *words, code=78):
    t.fails(result, code, *words, step="credentials|options")
    t.hint(result)
    t.offline()


def base(t, **more):
    return profile("base", **dict(static(t.user), **more))


# --- source_profile --------------------------------------------------------------------------------------------------

@case("role profiles take the keys of their source_profile, and AWS_PROFILE names them as --profile does")
def _(t):
    role = t.realm.role()
    sections = [base(t), profile("p", role_arn=role.arn, source_profile="base")]
    login = t.ok(run(t, "p", sections=sections))
    t.equal((login.keys.kind, signed(t)), (facts.ROLE, [(t.user, role.arn)]), "kind, and who signed")
    t.ok(t.run(keys=False, env=dict(config(t, *sections), AWS_PROFILE="p")))


@case("role profiles may stand in the credentials file, with their source in the config file")
def _(t):
    role = t.realm.role()
    env = config(t, base(t), credentials="[p]\nrole_arn = %s\nsource_profile = base\n" % role.arn)
    t.ok(t.run("--profile", "p", keys=False, env=env))


@case("role profiles as the default one are used when none is named")
def _(t):
    env = config(t, base(t), profile(role_arn=t.realm.role().arn, source_profile="base"))
    t.equal(label_of(t.ok(t.run(keys=False, env=env)).keys), "Admin", "role")


@case("role profiles open a console of twelve hours, by SessionDuration")
def _(t):
    sections = [base(t), profile("p", role_arn=t.realm.role().arn, source_profile="base")]
    t.equal(t.ok(run(t, "p", "--duration", "12h", sections=sections)).token.duration_s, 43200, "SessionDuration")


@case("role profiles form a chain of three, each role assumed with the keys of the one before")
def _(t):
    first, second, third = (t.realm.role(name) for name in ("First", "Second", "Third"))
    login = t.ok(run(t, "c", sections=[
        profile("c", role_arn=third.arn, source_profile="b"), profile("b", role_arn=second.arn, source_profile="a"),
        profile("a", role_arn=first.arn, source_profile="base"), base(t)]))
    t.equal([(k.key_id if k is t.user else label_of(k), arn) for k, arn in signed(t)],
            [(t.user.key_id, first.arn), ("First", second.arn), ("Second", third.arn)], "who signed, for which role")
    t.equal((label_of(login.keys), login.keys.kind), ("Third", facts.CHAINED), "keys behind the URL")


@case("role profiles in a chain of seven may have the role of --role-arn behind them, and no eighth")
def _(t):
    arns = [t.realm.role("R%d" % i).arn for i in range(9)]

    def chain(n):
        return [profile("p%d" % i, role_arn=arns[i], source_profile="p%d" % (i + 1)) for i in range(n - 1)] + \
            [profile("p%d" % (n - 1), role_arn=arns[n - 1], credential_source="Environment")]
    env = {"AWS_ACCESS_KEY_ID": t.user.key_id, "AWS_SECRET_ACCESS_KEY": t.user.secret}
    login = t.ok(t.run("--profile", "p0", "--role-arn", arns[8], keys=False, env=dict(env, **config(t, *chain(7)))))
    t.equal((len(signed(t)), label_of(login.keys)), (8, "R8"), "roles, and the last")
    result = t.run("--profile", "p0", "--role-arn", arns[8], keys=False, env=dict(env, **config(t, *chain(8))))
    t.fails(result, 78, "more than 7", step="credentials")


@case("role profiles show the code of a device to the role that asks for it alone")
def _(t):
    t.user.mfa_serial, t.user.mfa_codes = SERIAL, {"123456"}
    first, last = t.realm.role("First").arn, t.realm.role("Last").arn
    sections = [base(t), profile("a", role_arn=first, source_profile="base"), profile("b", role_arn=last, source_profile="a")]
    run(t, "b", "--serial-number", SERIAL, "--token-code", "123456", sections=sections)
    codes = [(r.form["RoleArn"], r.form.get("TokenCode")) for r in t.aws.sts.all("AssumeRole")]
    t.equal(codes, [(first, None), (last, "123456")], "roles and codes")


@case("role profiles in a chain are named when the first of them is refused")
def _(t):
    first, second = t.realm.role("First", trust=("nobody",)), t.realm.role("Second")
    result = run(t, "b", sections=[profile("b", role_arn=second.arn, source_profile="a"),
                                   profile("a", role_arn=first.arn, source_profile="base"), base(t)])
    t.fails(result, 77, "sts:AssumeRole", "role/First", step="sts")
    t.hint(result, "trust")
    t.equal(len(signed(t)), 1, "calls")


@case("role profiles in a chain of twenty are refused, not followed for ever")
def _(t):
    role = t.realm.role()
    sections = [profile("p%d" % n, role_arn=role.arn, source_profile="p%d" % (n + 1)) for n in range(20)]
    refused(t, run(t, "p0", sections=sections + [profile("p20", **static(t.user))]), "chain")


@case("role profiles take temporary keys of their source, which makes a chain of an hour")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    sections = [profile("base", **static(keys)), profile("p", role_arn=t.realm.role("Second").arn, source_profile="base")]
    t.equal(t.ok(run(t, "p", sections=sections)).keys.kind, facts.CHAINED, "kind")
    t.fails(run(t, "p", "--duration", "2h", sections=sections), 67, "hour|1 ?h")


@case("role profiles may name themselves where they have keys of their own")
def _(t):
    role = t.realm.role()
    t.ok(run(t, "p", sections=[profile("p", role_arn=role.arn, source_profile="p", **static(t.user))]))
    env = config(t, profile("p", role_arn=role.arn, source_profile="p"),
                 credentials="[p]\n" + "".join("%s = %s\n" % pair for pair in static(t.user).items()))
    t.ok(t.run("--profile", "p", keys=False, env=env))
    t.equal(signed(t), [(t.user, role.arn)] * 2, "who signed")


@case("role profiles that name themselves without keys are exit 78")
def _(t):
    refused(t, run(t, "p", sections=[profile("p", role_arn=t.realm.role().arn, source_profile="p")]), '"p"', "source_profile", "loop|itself")


@case("role profiles that lead to one another are exit 78, and the message has the loop")
def _(t):
    arn = t.realm.role().arn
    sections = [profile("one", role_arn=arn, source_profile="two"), profile("two", role_arn=arn, source_profile="three"),
                profile("three", role_arn=arn, source_profile="one")]
    for name in ("one", "two", "three"):
        refused(t, run(t, name, sections=sections), "loop", '"(one|two|three)"', "source_profile")
    sections.append(profile("in", role_arn=arn, source_profile="one"))
    refused(t, run(t, "in", sections=sections), "loop")


@case("role profiles whose source has both keys and a role take its keys")
def _(t):
    first, second = t.realm.role("First"), t.realm.role("Second")
    sections = [profile("a", role_arn=first.arn, source_profile="b"),
                profile("b", role_arn=second.arn, source_profile="a", **static(t.user))]
    t.equal(label_of(t.ok(run(t, "a", sections=sections)).keys), "First", "role")
    t.equal(signed(t), [(t.user, first.arn)], "who signed")


@case("role profiles with keys of their own and another source take those of the source")
def _(t):
    role, other = t.realm.role(), t.realm.user("bob")
    t.ok(run(t, "p", sections=[base(t), profile("p", role_arn=role.arn, source_profile="base", **static(other))]))
    t.equal(signed(t), [(t.user, role.arn)], "who signed")


@case("role profiles whose source is not there are exit 78 with its name")
def _(t):
    refused(t, run(t, "p", sections=[profile("p", role_arn=t.realm.role().arn, source_profile="bsae"), base(t)]), '"p"', "bsae",
            code=(66, 78))


@case("role profiles whose source has no keys are refused by its name")
def _(t):
    sections = [profile("p", role_arn=t.realm.role().arn, source_profile="base"), profile("base", region="us-east-1")]
    refused(t, run(t, "p", sections=sections), '"base"', "no keys|no credentials", code=(66, 78))


@case("role profiles whose source has half a key are refused by the name of the other half")
def _(t):
    sections = [profile("p", role_arn=t.realm.role().arn, source_profile="base"),
                profile("base", aws_access_key_id=t.user.key_id)]
    refused(t, run(t, "p", sections=sections), "aws_secret_access_key", code=66)


@case("role profiles with both or neither of source_profile and credential_source are exit 78")
def _(t):
    arn = t.realm.role().arn
    for more in ({}, {"source_profile": "base", "credential_source": "Environment"}):
        refused(t, run(t, "p", sections=[base(t), profile("p", role_arn=arn, **more)]), '"p"', "source_profile", "credential_source")


@case("role profiles without a way to keys are not passed over for those of a container")
def _(t):
    at = container(t)
    result = run(t, "p", sections=[profile("p", role_arn=t.realm.role().arn)], env=at.env)
    refused(t, result, '"p"', "source_profile")


@case("role profiles have a web identity, a process or another role's as their source")
def _(t):
    role = t.realm.role("Second")
    env = web_identity(t)
    pod = profile("pod", role_arn=env["AWS_ROLE_ARN"], web_identity_token_file=env["AWS_WEB_IDENTITY_TOKEN_FILE"])
    login = t.ok(run(t, "p", sections=[pod, profile("p", role_arn=role.arn, source_profile="pod")]))
    t.equal(([label_of(k) for k, _ in signed(t)], label_of(login.keys)), (["Web"], "Second"), "who signed, and the result")


# --- credential_source -----------------------------------------------------------------------------------------------

@case("role profiles take the keys of the environment where credential_source says so, even with --profile")
def _(t):
    role = t.realm.role()
    sections = [profile("p", role_arn=role.arn, credential_source="Environment")]
    t.ok(run(t, "p", sections=sections, env=t.user.env()))
    t.equal(signed(t), [(t.user, role.arn)], "who signed")


@case("role profiles that want the environment's keys are exit 66 where there are none")
def _(t):
    refused(t, run(t, "p", sections=[profile("p", role_arn=t.realm.role().arn, credential_source="Environment")]), "Environment|AWS_ACCESS_KEY_ID",
            code=(66, 78))


@case("role profiles take the keys of instance metadata where credential_source says so")
def _(t):
    at, role = imds(t), t.realm.role("Second")
    login = t.ok(run(t, "p", sections=[profile("p", role_arn=role.arn, credential_source="Ec2InstanceMetadata")], env=at.env))
    t.equal((signed(t), login.keys.kind), ([(at.app.keys, role.arn)], facts.CHAINED), "who signed, and the kind")


@case("role profiles that want metadata are refused where it is switched off or has no role")
def _(t):
    sections = [profile("p", role_arn=t.realm.role().arn, credential_source="Ec2InstanceMetadata")]
    refused(t, run(t, "p", sections=sections), "AWS_EC2_METADATA_DISABLED", code=(66, 78))
    at = imds(t, role=None)
    t.fails(run(t, "p", sections=sections, env=at.env), (66, 76), "metadata", "role", step="credentials")


@case("role profiles take the keys of a container where credential_source says so")
def _(t):
    at, role = container(t), t.realm.role("Second")
    login = t.ok(run(t, "p", sections=[profile("p", role_arn=role.arn, credential_source="EcsContainer")], env=at.env))
    t.equal((signed(t), login.keys.kind), ([(at.app.keys, role.arn)], facts.CHAINED), "who signed, and the kind")


@case("role profiles that want a container's keys are refused by the variables' name where there is none")
def _(t):
    sections = [profile("p", role_arn=t.realm.role().arn, credential_source="EcsContainer")]
    refused(t, run(t, "p", sections=sections), "AWS_CONTAINER_CREDENTIALS", code=(66, 78))


@case("role profiles with a credential_source that AWS does not have are exit 78 with those that there are")
def _(t):
    result = run(t, "p", sections=[profile("p", role_arn=t.realm.role().arn, credential_source="Ec2")])
    refused(t, result, '"p"', "credential_source")
    t.hint(result, "Environment", "Ec2InstanceMetadata", "EcsContainer")


# --- what goes into the call -----------------------------------------------------------------------------------------

def form(t, *words, code=0, env=None, **settings):
    """What AssumeRole was asked for a profile with these settings."""
    held = dict({"role_arn": t.realm.role(external_id=settings.get("external_id")).arn, "source_profile": "base"}, **settings)
    result = run(t, "p", *words, sections=[base(t), profile("p", **held)], env=env)
    t.equal(result.code, code, "exit code")
    return t.aws.sts.last("AssumeRole").form


@case("role profiles' external_id and role_session_name go into the call, and options beat them")
def _(t):
    found = form(t, external_id="x:/1=a", role_session_name="dev+1=a,b.c@d-e")
    t.equal((found["ExternalId"], found["RoleSessionName"]), ("x:/1=a", "dev+1=a,b.c@d-e"), "external id and name")
    found = form(t, "--role-session-name", "other", role_session_name="dev")
    t.equal(found["RoleSessionName"], "other", "name")
    t.true("ExternalId" not in found, "no ExternalId where none is set")


@case("role profiles' duration_seconds is what creds asks for, and --duration beats it")
def _(t):
    t.equal(form(t, "creds", duration_seconds="1800")["DurationSeconds"], "1800", "seconds")
    t.equal(form(t, "creds", "--duration", "20m", duration_seconds="1800")["DurationSeconds"], "1200", "seconds")


@case("role profiles' duration_seconds is the length of the console session")
def _(t):
    sections = [base(t), profile("p", role_arn=t.realm.role().arn, source_profile="base", duration_seconds="7200")]
    t.equal(t.ok(run(t, "p", sections=sections)).token.duration_s, 7200, "SessionDuration")


@case("role profiles with settings that cannot be used are exit 78 by name, before any network")
def _(t):
    for setting, value in (("duration_seconds", "soon"), ("duration_seconds", "5"), ("duration_seconds", "99999999999999999999"),
                           ("role_arn", "Admin"), ("role_arn", "arn:aws:iam::123456789012:user/alice"), ("role_session_name", "a b"),
                           ("role_session_name", "x"), ("external_id", "a b"), ("mfa_serial", "a b")):
        held = dict({"role_arn": t.realm.role().arn, "source_profile": "base"}, **{setting: value})
        words = ("--token-code", "123456") if setting == "mfa_serial" else ()
        refused(t, run(t, "p", *words, sections=[base(t), profile("p", **held)]), setting, code=(64, 78))


@case("role profiles' region is used when nothing else names one, and AWS_REGION beats it", "443")
def _(t):
    sections = [base(t, region="us-west-2"), profile("p", role_arn=t.realm.role().arn, source_profile="base", region="eu-west-1")]
    regions = ("us-east-1", "eu-west-1", "us-west-2")
    t.ok(run(t, "p", sections=sections, region=None, regions=regions), region="eu-west-1")
    t.equal(t.aws.sts.last("AssumeRole").host, "sts.eu-west-1.amazonaws.com", "host of STS")
    t.ok(run(t, "p", sections=sections, regions=regions), region="us-east-1")


@case("role profiles work with creds in each of its shapes")
def _(t):
    sections = [base(t), profile("p", role_arn=t.realm.role().arn, source_profile="base")]
    for words, process in (((), False), (("--format", "process"), True)):
        t.equal(handed_out(t, run(t, "p", "creds", *words, sections=sections), process)[0].kind, facts.ROLE, "kind")


@case("role profiles are part of --explain, every role of a chain, without network")
def _(t):
    first, second = t.realm.role("First"), t.realm.role("Second")
    result = run(t, "b", "--explain", sections=[profile("b", role_arn=second.arn, source_profile="a"),
                                                profile("a", role_arn=first.arn, source_profile="base"), base(t)])
    t.equal(result.code, 0, "exit code")
    t.true(first.arn in result.out and second.arn in result.out, "both roles")
    t.offline()


@case("role profiles that AWS refuses are exit 77, name the role, and hint at the trust policy")
def _(t):
    role = t.realm.role(trust=("arn:aws:iam::123456789012:user/other",))
    result = run(t, "p", sections=[base(t), profile("p", role_arn=role.arn, source_profile="base")])
    t.fails(result, 77, "sts:AssumeRole", re.escape(role.arn), step="sts")
    t.hint(result, "trust")


# --- MFA -------------------------------------------------------------------------------------------------------------

SERIAL = "arn:aws:iam::123456789012:mfa/alice"


def guarded(t):
    """The sections of a profile whose role wants MFA, of a user who has it."""
    t.user.mfa_serial, t.user.mfa_codes = SERIAL, {"123456"}
    return [base(t), profile("p", role_arn=t.realm.role(mfa=True).arn, source_profile="base", mfa_serial=SERIAL)]


@case("role profiles with mfa_serial show it to STS with the --token-code, once")
def _(t):
    t.ok(run(t, "p", "--token-code", "123456", sections=guarded(t)))
    found, = t.aws.sts.all("AssumeRole")
    t.equal((found.form["SerialNumber"], found.form["TokenCode"]), (SERIAL, "123456"), "serial and code")


@case("role profiles with mfa_serial open a console of twelve hours")
def _(t):
    t.equal(t.ok(run(t, "p", "--token-code", "123456", "--duration", "12h", sections=guarded(t))).token.duration_s, 43200, "SessionDuration")


@case("role profiles with mfa_serial and no way to ask for a code say how to give one, before any network")
def _(t):
    result = run(t, "p", sections=guarded(t))
    t.fails(result, (64, 66, 67, 77, 78), re.escape(SERIAL) + "|mfa", step="credentials|options|sts")
    t.hint(result, "--token-code")
    t.offline()


@case("role profiles with mfa_serial whose code is wrong are exit 77, and it was shown once")
def _(t):
    result = run(t, "p", "--token-code", "654321", sections=guarded(t))
    t.fails(result, 77, "MultiFactorAuthentication failed|MFA", step="sts")
    t.equal(len(t.aws.sts.all("AssumeRole")), 1, "calls")


@case("role profiles use the mfa_serial of the role that has it, in a chain")
def _(t):
    sections = guarded(t) + [profile("q", role_arn=t.realm.role("Second").arn, source_profile="p")]
    t.equal(t.ok(run(t, "q", "--token-code", "123456", sections=sections)).keys.kind, facts.CHAINED, "kind")
    t.equal([r.form.get("SerialNumber") for r in t.aws.sts.all("AssumeRole")], [SERIAL, None], "serial of each call")
    t.equal([label_of(k) for k, _ in signed(t)[1:]], ["Admin"], "who signed the second call")
