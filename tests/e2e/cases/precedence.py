# SPDX-License-Identifier: MIT
"""Which source of keys wins: each pair of them at once, in the order of AWS CLI v2 (protocol.md C1). Every source has keys of
a role by its own name, so that the URL tells whose they are."""
import ecs
from cases._sources import IdentityCenter, config, container, imds, keys_of, label_of, login_cache, profile, static, web_identity
from cases.creds import process_json
from cases.logincache import NAME, SESSION
from harness import case


class World:
    """What stands in the default profile of both files and in the environment, and the options that it takes."""

    def __init__(self, t):
        self.t, self.env, self.words = t, {"HOME": t.dir}, []
        self.config, self.credentials, self.more = {}, {}, [profile("base", **static(t.user))]

    def files(self, name="default"):
        credentials = "".join("%s = %s\n" % pair for pair in self.credentials.items())
        credentials = "[%s]\n%s" % (name, credentials) if credentials else None
        return config(self.t, profile(name, **self.config), *self.more, credentials=credentials)

    def run(self, *words, name="default", env=None):
        return self.t.run(*self.words, *words, keys=False, env={**self.env, **self.files(name), **(env or {})})


def environment(world):
    world.env.update(keys_of(world.t, "Environment").env())


def role(world):
    world.config.update(role_arn=world.t.realm.role("Role").arn, source_profile="base")


def web(world):
    world.env.update(web_identity(world.t, world.t.realm.role("Web")))


def sso(world):
    center = IdentityCenter(world.t)
    center.cache()
    world.config.update(center.settings())
    world.more.append(center.session())
    world.words += center.words()


def shared(world):
    world.credentials.update(static(keys_of(world.t, "Shared")))


def login(world):
    login_cache(world.t, SESSION, keys_of(world.t, "Login"), NAME)
    world.config["login_session"] = SESSION


def process(world):
    path = world.t.file("process.json", process_json(keys_of(world.t, "Process")))
    world.config["credential_process"] = "/bin/cat " + path


def static_config(world):
    world.config.update(static(keys_of(world.t, "Config")))


def task(world):
    world.env.update(container(world.t, path=ecs.TASK).env)


def metadata(world):
    world.env.update(imds(world.t).env)


# In the order of AWS CLI v2: title, what sets it up, the role whose keys it has.
SOURCES = (("the environment", environment, "Environment"), ("a role of the profile", role, "Role"), ("a web identity", web, "Web"),
           ("Identity Center", sso, "Sso"), ("the credentials file", shared, "Shared"), ("aws login", login, "Login"),
           ("a process", process, "Process"), ("the config file", static_config, "Config"), ("a container", task, "Container"),
           ("metadata", metadata, "Imds"))


def both(winner, loser):
    def body(t):
        world = World(t)
        for _, prepare, _ in (loser, winner):
            prepare(world)
        t.equal(label_of(t.ok(world.run()).keys), winner[2], "whose keys they are")
    case("keys of %s beat those of %s" % (winner[0], loser[0]), *(["443"] if sso in (winner[1], loser[1]) else []))(body)


for at, first in enumerate(SOURCES):
    for second in SOURCES[at + 1:]:
        both(first, second)


# --- --profile -------------------------------------------------------------------------------------------------------

for what, prepare, label in SOURCES[3:8] + SOURCES[1:2]:
    def _explicit(t, prepare=prepare, label=label):
        world = World(t)
        for one in (environment, web, prepare):
            one(world)
        t.equal(label_of(t.ok(world.run("--profile", "prod", name="prod")).keys), label, "whose keys they are")
        t.equal(label_of(t.ok(world.run(name="prod", env={"AWS_PROFILE": "prod"})).keys), "Environment", "whose keys they are")
    case("keys of %s are used with --profile, whatever the environment has, but not with AWS_PROFILE" % what,
         *(["443"] if prepare is sso else []))(_explicit)


@case("keys of AWS_PROFILE beat those of AWS_DEFAULT_PROFILE, which beat those of the default profile")
def _(t):
    env = config(t, *(profile(name, **static(keys_of(t, name.title()))) for name in ("default", "one", "two")))
    for more, label in (({}, "Default"), ({"AWS_DEFAULT_PROFILE": "one"}, "One"), ({"AWS_PROFILE": "two"}, "Two"),
                        ({"AWS_DEFAULT_PROFILE": "one", "AWS_PROFILE": "two"}, "Two")):
        t.equal(label_of(t.ok(t.run(keys=False, env=dict(env, **more))).keys), label, "whose keys they are")


@case("keys that a profile has not are looked for in a container and in metadata, with --profile and without")
def _(t):
    for prepare, label in ((task, "Container"), (metadata, "Imds")):
        world = World(t)
        world.config["region"] = "us-east-1"
        prepare(world)
        for words in ((), ("--profile", "prod")):
            t.equal(label_of(t.ok(world.run(*words, name="prod" if words else "default")).keys), label, "whose keys they are")


@case("keys of a source that fails are not replaced by those of the next one")
def _(t):
    for spoil in ({"credential_process": "/bin/false"}, {"login_session": "arn:aws:iam::123456789012:user/nobody"},
                  {"role_arn": t.realm.role().arn, "source_profile": "gone"},
                  {"role_arn": t.realm.role().arn, "web_identity_token_file": t.dir + "/gone"},
                  {"sso_session": "gone", "sso_account_id": "123456789012", "sso_role_name": "Admin"}):
        world = World(t)
        for one in (static_config, task, metadata):
            one(world)
        world.config.update(spoil)
        t.fails(world.run(), (65, 66, 78), "default", step="credentials")
    t.offline()


@case("keys that are half there are an error, not a reason to look further")
def _(t):
    for spoil in ("aws_access_key_id", "aws_secret_access_key"):
        world = World(t)
        for one in (task, metadata, shared):
            one(world)
        world.credentials = {spoil: static(t.user)[spoil]}
        t.fails(world.run(), 66, "access.key.id", "secret", step="credentials")
    t.offline()
