# SPDX-License-Identifier: MIT
"""Combinations of environment, files and --profile, as cases of the chain driver. A combination is a dict that says what
is unusual about it, {"env": "temporary", "role": "chain"}, and its name is the same as text. There is each unusual thing
alone, the first of each area with each other, all pairs of areas that speak of one thing, and some of four that are
drawn, always alike; or all pairs there are."""
import itertools

ROLE = "arn:aws:iam::123456789012:role/"
PROCESS, LOGIN = "ASIAPROCESS", "ASIALOGIN"
SESSION = "arn:aws:iam::123456789012:user/person"       # of `aws login`
START = "https://d-abc123.awsapps.com/start"


def keys(key_id, token=None):
    found = {"aws_access_key_id": key_id, "aws_secret_access_key": "secret"}
    return dict(found, aws_session_token=token) if token else found


def variables(key_id, **more):
    return {"AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": "secret", **more}


def kinds(key_id):
    """Keys of a profile, whole and less so."""
    return {"long": keys("AKIA" + key_id), "temporary": keys("ASIA" + key_id, "token"),
            "legacy token": {**keys("ASIA" + key_id), "aws_security_token": "token"},
            "id alone": {"aws_access_key_id": "AKIA" + key_id}, "secret alone": {"aws_secret_access_key": "secret"}}


ROLE_ARN = {"role_arn": ROLE + "Own"}
WEB = {"role_arn": ROLE + "Web", "web_identity_token_file": "token"}
SSO = {"sso_account_id": "123456789012", "sso_role_name": "R"}
HOST = {"sso_start_url": START, "sso_region": "eu-west-1"}
HELPER = {"credential_process": "/bin/echo '{\"Version\":1,\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\"}'"
          % PROCESS}

# What of a combination goes where: variables, settings of the profile that is meant in either file, --profile.
VARIABLES = {
    "env": {
        "long": variables("AKIAENV"),
        "temporary": variables("ASIAENV", AWS_SESSION_TOKEN="token"),
        "legacy token": variables("ASIAENV", AWS_SECURITY_TOKEN="token"),
        "id alone": {"AWS_ACCESS_KEY_ID": "AKIAENV"},
        "secret alone": {"AWS_SECRET_ACCESS_KEY": "secret"},
        "long with token": variables("AKIAENV", AWS_SESSION_TOKEN="token"),
        "temporary without token": variables("ASIAENV"),
        "token alone": {"AWS_SESSION_TOKEN": "token"},
        "empty": {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": ""},
    },
    "profile": {
        "named": {"AWS_PROFILE": "dev"},
        "old name": {"AWS_DEFAULT_PROFILE": "dev"},
        "both": {"AWS_PROFILE": "dev", "AWS_DEFAULT_PROFILE": "base"},
        "absent": {"AWS_PROFILE": "nobody"},
        "empty": {"AWS_PROFILE": ""},
    },
    "web variables": {
        "whole": {"AWS_ROLE_ARN": ROLE + "Web", "AWS_WEB_IDENTITY_TOKEN_FILE": "token", "AWS_ROLE_SESSION_NAME": "me"},
        "file alone": {"AWS_WEB_IDENTITY_TOKEN_FILE": "token"},
        "role alone": {"AWS_ROLE_ARN": ROLE + "Web"},
        "empty": {"AWS_ROLE_ARN": "", "AWS_WEB_IDENTITY_TOKEN_FILE": ""},
    },
    "container": {
        "relative": {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/x"},
        "full": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials"},
        "both": {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/x"},
        "loopback": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://[::1]:8080/keys"},
        "https": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "https://keys.example.com/x"},
        "elsewhere": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/x"},
        "a name": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://keys.example.com/x"},
        "empty": {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": ""},
        "empty full": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": ""},
        "empty and full": {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "",
                           "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/x"},
    },
    "metadata": {
        "disabled": {"AWS_EC2_METADATA_DISABLED": "TRUE"},
        "not disabled": {"AWS_EC2_METADATA_DISABLED": "yes"},
        "mode unknown": {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv5"},
    },
}
CREDENTIALS = {"credentials": kinds("SHARED")}
CONFIG = {
    "config": kinds("CONFIG"),
    "role": {
        "self": {**ROLE_ARN, "source_profile": "*"},
        "base": {**ROLE_ARN, "source_profile": "base"},
        "base, all settings": {**ROLE_ARN, "source_profile": "base", "external_id": "x/1", "duration_seconds": "7200",
                               "mfa_serial": "arn:aws:iam::123456789012:mfa/me", "role_session_name": "me"},
        "chain": {**ROLE_ARN, "source_profile": "link"},
        "long chain": {**ROLE_ARN, "source_profile": "link2"},
        "chain of keys": {**ROLE_ARN, "source_profile": "keyed"},
        "chain of metadata": {**ROLE_ARN, "source_profile": "instance"},
        "loop": {**ROLE_ARN, "source_profile": "loop"},
        "loop beyond": {**ROLE_ARN, "source_profile": "into-loop"},
        "process": {**ROLE_ARN, "source_profile": "process"},
        "sso": {**ROLE_ARN, "source_profile": "sso"},
        "web": {**ROLE_ARN, "source_profile": "web"},
        "login": {**ROLE_ARN, "source_profile": "login"},
        "half": {**ROLE_ARN, "source_profile": "half"},
        "bare": {**ROLE_ARN, "source_profile": "bare"},
        "absent": {**ROLE_ARN, "source_profile": "nobody"},
        "Environment": {**ROLE_ARN, "credential_source": "Environment"},
        "Ec2InstanceMetadata": {**ROLE_ARN, "credential_source": "Ec2InstanceMetadata"},
        "EcsContainer": {**ROLE_ARN, "credential_source": "EcsContainer"},
        "unknown": {**ROLE_ARN, "credential_source": "Moon"},
        "lower case": {**ROLE_ARN, "credential_source": "ec2instancemetadata"},
        "both": {**ROLE_ARN, "source_profile": "base", "credential_source": "Environment"},
        "neither": ROLE_ARN,
        "no role": {"source_profile": "base"},
        "empty": {"role_arn": "", "source_profile": "base"},
        "empty source": {**ROLE_ARN, "source_profile": ""},
    },
    "web": {"whole": WEB, "file alone": {"web_identity_token_file": "token"},
            "empty": {"web_identity_token_file": "", "role_arn": ROLE + "Web"}},
    "sso": {
        "session": {**SSO, "sso_session": "s"},
        "without session": {**SSO, **HOST},
        "session agrees": {**SSO, **HOST, "sso_session": "s"},
        "session differs": {**SSO, "sso_session": "s", "sso_region": "us-east-1"},
        "session absent": {**SSO, "sso_session": "nobody"},
        "no role name": {"sso_account_id": "123456789012", **HOST},
        "no account": {"sso_role_name": "R", **HOST},
        "no region": {**SSO, "sso_start_url": START},
        "session alone": {"sso_session": "s"},
    },
    "login": {"cached": {"login_session": SESSION}, "empty": {"login_session": ""}},
    "process": {"whole": HELPER, "empty": {"credential_process": ""}},
}
OPTION = {"--profile": {"named": "dev", "absent": "nobody", "default": "default"}}

# Profiles that roles are assumed with; "*" is the profile that is meant.
OTHERS = {
    "link": {"role_arn": ROLE + "Link", "source_profile": "base", "external_id": "x2"},
    "link2": {"role_arn": ROLE + "Link2", "source_profile": "link"},
    "keyed": {**keys("AKIAKEYED"), "role_arn": ROLE + "Unused", "source_profile": "base"},
    "instance": {"role_arn": ROLE + "Link", "credential_source": "Ec2InstanceMetadata"},
    "loop": {"role_arn": ROLE + "Loop", "source_profile": "*"},
    "into-loop": {"role_arn": ROLE + "Into", "source_profile": "loop"},
    "process": HELPER, "sso": {**SSO, "sso_session": "s"}, "web": WEB, "login": {"login_session": SESSION},
    "half": {"aws_access_key_id": "AKIAHALF"}, "bare": {"region": "eu-west-1"},
}
TOGETHER = (("env", "profile"), ("env", "metadata"), ("profile", "--profile"), ("credentials", "config"))
AREAS = {**VARIABLES, **OPTION, **CREDENTIALS, **CONFIG}


def section(title, settings, meant):
    lines = ["%s = %s\n" % (name, meant if value == "*" else value) for name, value in settings.items()]
    return "[%s]\n%s" % (title, "".join(lines))


def world(combination):
    """What a combination sets where, as dicts; None where two of its settings would contradict one another."""
    made = {"env": {}, "config": {}, "credentials": {}, "--profile": combination.get("--profile")}
    made["--profile"] = OPTION["--profile"].get(made["--profile"])
    for area, title in combination.items():
        if area in OPTION:
            continue
        into = made["env" if area in VARIABLES else "credentials" if area in CREDENTIALS else "config"]
        found = AREAS[area][title]
        if any(into.get(name, value) != value for name, value in found.items()):
            return None
        into.update(found)
    # The profile that the settings are of: it is there when it is meant by name, whatever it says.
    named = made["--profile"] or made["env"].get("AWS_PROFILE") or made["env"].get("AWS_DEFAULT_PROFILE")
    made["meant"] = "dev" if named in ("dev", "nobody") else "default"
    return made


def case_of(made):
    """A world as a case of the driver."""
    meant, config, needed = made["meant"], "", list(made["config"].values())
    for name in needed:
        if name in OTHERS and "[profile %s]" % name not in config:
            config += section("profile " + name, OTHERS[name], meant)
            needed += OTHERS[name].values()
    if "s" in needed:
        config += section("sso-session s", HOST, meant)
    if made["config"] or meant == "dev" or made["--profile"]:
        config += section(meant if meant == "default" else "profile dev", made["config"], meant)
    credentials = section("base", keys("AKIABASE"), meant)
    if made["credentials"]:
        credentials += section(meant, made["credentials"], meant)
    case = {"env": made["env"], "home": "/h",
            "files": {"/h/.aws/config": config, "/h/.aws/credentials": credentials}}
    return dict(case, profile=made["--profile"]) if made["--profile"] else case


def name_of(combination):
    return ", ".join("%s: %s" % pair for pair in combination.items()) or "nothing unusual"


def draw(number, total):
    """A number below total that looks like any: Knuth's multiplicative hash, alike in every Python."""
    return (number * 2654435761 % 2 ** 32) * total >> 32


def combinations(pairs=False):
    """Combinations by name; pairs: with any two unusual things."""
    singles = [(area, title) for area, titles in AREAS.items() for title in titles]
    first = [(area, next(iter(titles))) for area, titles in AREAS.items()]
    found = [{}] + [dict([one]) for one in singles]
    found += [dict(two) for two in itertools.combinations(singles if pairs else first, 2)]
    for one, two in TOGETHER:
        found += [{one: title, two: other} for title in AREAS[one] for other in AREAS[two]]
    found += [dict(sorted(singles[draw(4 * n + i, len(singles))] for i in range(4))) for n in range(300)]
    return {name_of(one): one for one in found if world(one)}
