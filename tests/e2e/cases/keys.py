# SPDX-License-Identifier: MIT
"""Where keys are found and which win: environment, credentials file, config file; and the shapes refused offline.
The grammar of the files has its own golden tests; here the binary reads them from disk."""
import os

import realm as facts
from harness import case


def section(keys, name="default"):
    lines = ["[%s]" % name, "aws_access_key_id = " + keys.key_id, "aws_secret_access_key = " + keys.secret]
    return "\n".join(lines + (["aws_session_token = " + keys.token] if keys.token else [])) + "\n"


def used(t, result):
    """The key id that signed the first STS call of a successful run."""
    t.ok(result)
    return t.aws.sts.all()[-1].keys.key_id


def files(t, credentials=None, config=None):
    env = {}
    if credentials is not None:
        env["AWS_SHARED_CREDENTIALS_FILE"] = t.file("credentials", credentials)
    if config is not None:
        env["AWS_CONFIG_FILE"] = t.file("config", config)
    return env


@case("keys are read from the default profile of the credentials file")
def _(t):
    result = t.run(keys=False, env=files(t, section(t.user)))
    t.equal(used(t, result), t.user.key_id, "key")


@case("keys are read from HOME's .aws folder")
def _(t):
    os.mkdir(os.path.join(t.dir, ".aws"))
    t.file(".aws/credentials", section(t.user))
    t.file(".aws/config", "[default]\nregion = eu-west-1\n")
    result = t.run(keys=False, region=None, regions=("eu-west-1",), env={"HOME": t.dir})
    if t.on_443:
        t.ok(result, region="eu-west-1")
    else:
        t.equal(result.code, 0, "exit code")


@case("keys are read from the config file")
def _(t):
    result = t.run(keys=False, env=files(t, config=section(t.user)))
    t.equal(used(t, result), t.user.key_id, "key")


@case("AWS_PROFILE names the profile")
def _(t):
    other = t.realm.user("bob")
    env = files(t, section(t.user) + section(other, "prod"))
    t.equal(used(t, t.run(keys=False, env=dict(env, AWS_PROFILE="prod"))), other.key_id, "key")


@case("--profile beats AWS_PROFILE")
def _(t):
    other = t.realm.user("bob")
    env = files(t, section(t.user, "one") + section(other, "two"))
    t.equal(used(t, t.run("--profile", "two", keys=False, env=dict(env, AWS_PROFILE="one"))), other.key_id, "key")


@case("--profile beats keys in the environment")
def _(t):
    other = t.realm.user("bob")
    t.equal(used(t, t.run("--profile", "prod", env=files(t, section(other, "prod")))), other.key_id, "key")


@case("keys in the environment beat AWS_PROFILE, and the summary says so")
def _(t):
    other = t.realm.user("bob")
    result = t.run(env=dict(files(t, section(other, "prod")), AWS_PROFILE="prod"))
    t.equal(used(t, result), t.user.key_id, "key")
    t.says(result, "AWS_PROFILE")


@case("the credentials file beats the config file")
def _(t):
    other = t.realm.user("bob")
    env = files(t, section(t.user), section(other))
    t.equal(used(t, t.run(keys=False, env=env)), t.user.key_id, "key")


@case("a profile of the config file is headed by the word profile")
def _(t):
    env = files(t, config=section(t.user, "profile prod") + "region = us-east-1\n")
    t.equal(used(t, t.run("--profile", "prod", keys=False, env=env)), t.user.key_id, "key")


@case("temporary keys of a profile keep their token")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    t.equal(t.ok(t.run(keys=False, env=files(t, section(keys)))).keys.key_id, keys.key_id, "keys")


@case("the legacy names of the session token are understood")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    env = dict(keys.env(), AWS_SECURITY_TOKEN=keys.token)
    env.pop("AWS_SESSION_TOKEN")
    t.equal(t.ok(t.run(keys=False, env=env)).keys.key_id, keys.key_id, "keys")


@case("an empty variable counts as unset")
def _(t):
    env = dict(files(t, section(t.user)), AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", AWS_SESSION_TOKEN="")
    t.equal(used(t, t.run(keys=False, env=env)), t.user.key_id, "key")


@case("AWS_REGION beats AWS_DEFAULT_REGION, and --region both", "443")
def _(t):
    for words, env, wanted in (((), {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "us-west-2"}, "eu-west-1"),
                               ((), {"AWS_DEFAULT_REGION": "us-west-2"}, "us-west-2"),
                               (("--region", "us-east-2"), {"AWS_REGION": "eu-west-1"}, "us-east-2")):
        regions = ("us-east-1", "eu-west-1", "us-west-2", "us-east-2")
        t.ok(t.run(*words, region=None, regions=regions, env=env), region=wanted)


@case("the profile's region is used when nothing else names one", "443")
def _(t):
    env = files(t, section(t.user), "[default]\nregion = us-west-2\n")
    t.ok(t.run(keys=False, region=None, regions=("us-west-2",), env=env), region="us-west-2")


@case("no keys anywhere is exit 66 with what was tried and what to set")
def _(t):
    result = t.run(keys=False)
    t.fails(result, 66, step="credentials")
    t.hint(result, "AWS_ACCESS_KEY_ID")
    t.offline()


@case("setting the variables that the hint names cures having no keys")
def _(t):
    result = t.run(keys=False)
    t.hint(result, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    t.ok(t.run())


@case("a key without its secret is exit 66 and makes no connection")
def _(t):
    result = t.run(keys=False, env={"AWS_ACCESS_KEY_ID": t.user.key_id})
    t.fails(result, 66, "AWS_SECRET_ACCESS_KEY")
    t.hint(result)
    t.offline()


@case("a secret without its key is exit 66 and makes no connection")
def _(t):
    result = t.run(keys=False, env={"AWS_SECRET_ACCESS_KEY": t.user.secret})
    t.fails(result, 66, "AWS_ACCESS_KEY_ID")
    t.offline()


@case("long-term keys with a session token are refused offline")
def _(t):
    result = t.run(env={"AWS_SESSION_TOKEN": "FwoGZXIvYXdzEJr" + "A" * 300})
    t.fails(result, (66, 67), "AWS_SESSION_TOKEN|session token")
    t.offline()
    t.ok(t.follow(result))


@case("temporary keys without their token are refused offline")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    result = t.run(keys=keys, env={"AWS_SESSION_TOKEN": None})
    t.fails(result, (66, 67), "token")
    t.hint(result, "AWS_SESSION_TOKEN")
    t.offline()


@case("a profile that does not exist is named, with the nearest one")
def _(t):
    result = t.run("--profile", "prood", keys=False, env=files(t, section(t.user, "prod")))
    t.fails(result, (66, 78), "prood", step="credentials")
    t.ok(t.follow(result))
    t.equal(t.aws.sts.all()[0].keys.key_id, t.user.key_id, "key")


@case("a malformed credentials file is exit 65, with its name and line, and never its text")
def _(t):
    text = "[default]\naws_access_key_id = %s\naws_secret_access_key %s\n" % (t.user.key_id, t.user.secret)
    result = t.run(keys=False, env=files(t, text))
    t.fails(result, 65, "credentials", "3")
    t.silent_about(result, t.user.secret[:8].replace("+", r"\+").replace("/", "."))
    t.offline()


@case("a credentials file of a megabyte is refused or read, but never crashes")
def _(t):
    text = section(t.user) + "[other]\n" + "key = value\n" * 90000
    result = t.run(keys=False, env=files(t, text))
    t.true(result.code in (0, 65), "exit 0 or 65")


@case("a config file that is named but cannot be read is reported")
def _(t):
    result = t.run(keys=False, env={"AWS_SHARED_CREDENTIALS_FILE": t.dir + "/nowhere", "AWS_CONFIG_FILE": t.dir + "/nowhere"})
    t.fails(result, 66)
    t.offline()


@case("a credentials file that others may read is warned of")
def _(t):
    path = t.file("credentials", section(t.user), mode=0o644)
    result = t.run(keys=False, env={"AWS_SHARED_CREDENTIALS_FILE": path})
    t.ok(result)
    t.says(result, "warning: .*may read .*chmod")
    own = t.file("own", section(t.user), mode=0o600)
    result = t.run(keys=False, env={"AWS_SHARED_CREDENTIALS_FILE": own})
    t.ok(result)
    t.silent_about(result, "chmod")


@case("keys with blanks, quotes or line ends inside are refused offline and not quoted back")
def _(t):
    for spoil in ("%s ", '"%s"', "%s\r", " %s\n"):
        secret = spoil % t.user.secret
        result = t.run(keys=False, env={"AWS_ACCESS_KEY_ID": t.user.key_id, "AWS_SECRET_ACCESS_KEY": secret})
        t.true(result.code in (0, 65, 66, 67), "exit 0, 65, 66 or 67")
