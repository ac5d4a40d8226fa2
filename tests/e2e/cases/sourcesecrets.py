# SPDX-License-Identifier: MIT
"""What each source of keys leaves in memory: nothing, neither the keys nor the tokens that led to them. The memory is
searched at the end of the run, by the helper that secrets.py has for it."""
from cases._sources import IdentityCenter
from cases.precedence import SOURCES, World, metadata, sso, task
from cases.secrets import everything, scan
from harness import case

BASIC = "Basic c2hvd24gdG8gdGhlIGVuZHBvaW50IG9mIGEgdGFzaw=="


def hidden(t):
    """Keys, and tokens that are nobody's keys."""
    found = everything(t)
    for at, keys in enumerate(t.realm.keys.values()):
        found["keys-%d" % at] = keys.secret
    for at, secret in enumerate(t.realm.hidden):
        found["token-%d" % at] = secret.split()[-1][4:200]
    return found


def forgotten(t, world, *words, status=0):
    env = {k: v for k, v in {**world.env, **world.files()}.items() if v is not None}
    holder = type("Env", (), {"env": lambda self: env})()
    found, code, _ = scan(t, lambda stop: hidden(t), *world.words, *words, keys=holder)
    t.equal((found["exit"], code), ([], status), "places where a secret is left at the end, and exit status")
    return found


for title, prepare, _ in SOURCES[1:]:
    def _source(t, prepare=prepare):
        world = World(t)
        prepare(world)
        forgotten(t, world)
        forgotten(t, world, "--role-arn", t.realm.role("Further").arn)
    case("memory has nothing left of the keys of %s at the end, nor of what led to them" % title, "root", "release",
         *(["443"] if prepare is sso else []))(_source)


@case("memory has nothing left of a renewed token, nor of what renewed it", "root", "release", "443")
def _(t):
    world, center = World(t), IdentityCenter(t, life_s=-60)
    center.cache()
    world.config.update(center.settings())
    world.more.append(center.session())
    world.words += center.words()
    forgotten(t, world)


@case("memory has nothing left of a container's token, of the variable or of a file", "root", "release")
def _(t):
    world = World(t)
    task(world)
    at = t.aws.others[-1]
    at.app.authorization = t.realm.hide(BASIC)
    world.env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = BASIC
    forgotten(t, world)
    del world.env["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    world.env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = t.file("task-token", BASIC)
    forgotten(t, world)


@case("memory has nothing left of an instance's keys and tokens when AWS refuses them", "root", "release")
def _(t):
    world = World(t)
    metadata(world)
    t.aws.signin.fault("reply", status=400, body=b"<html>400 Bad Request</html>", content_type="text/html")
    forgotten(t, world, status=77)


@case("memory has nothing left of a chain of roles but what is in use, when the next one is asked for", "root", "release")
def _(t):
    world = World(t)
    world.config.update(role_arn=t.realm.role("Second").arn, source_profile="first")
    world.more.append("[profile first]\nrole_arn = %s\nsource_profile = base\n" % t.realm.role("First").arn)
    found = forgotten(t, world)
    t.equal([hit for hit in found["connect"] if hit.startswith("secret ")], [], "places of the user's secret at the first connection")
