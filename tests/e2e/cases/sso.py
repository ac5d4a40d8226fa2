# SPDX-License-Identifier: MIT
"""IAM Identity Center: the token that `aws sso login` left in its cache, renewed where that is possible, becomes the keys of
a role. What cannot be used ends with the command that renews it, for this profile."""
import json
import os
import re
import signal
import urllib.parse

import realm as facts
from cases._sources import ACCOUNT, IdentityCenter, config, iso, kept_away, profile, static
from cases.creds import handed_out
from harness import case

PORTAL, OIDC = "GetRoleCredentials", "CreateToken"
START = IdentityCenter.START
# protocol.md F11: what the AWS CLI calls the file
NAMES = {"my-sso": "0ad374308c5a4e22f723adf10145eafad7c4031c", START: "40a89917e3175433e361b710a9d43528d7f1890a"}


def sso(title, *needs, **how):
    """A case with Identity Center and a person who has signed in: body(t, center)."""
    def register(body):
        case("sso " + title, "443", *needs)(lambda t: body(t, IdentityCenter(t, **how)))
        return body
    return register


def served(t, result, center):
    t.equal(t.ok(result).keys, center.keys, "keys")
    return result


def login_again(t, result, name="work", code=(66, 77)):
    t.fails(result, code, name, step="credentials")
    t.hint(result, "aws sso login --profile " + re.escape(name))
    kept_away(t)


# --- the way to the keys ---------------------------------------------------------------------------------------------

@sso("sessions have a cached token, which becomes the keys of the role and a URL for them")
def _(t, center):
    t.equal(os.path.basename(center.cache()), NAMES["my-sso"] + ".json", "name of the file")
    served(t, center.run(), center)
    request, = center.at.all()
    t.equal((request.action, request.host), (PORTAL, "portal.sso.us-east-1.amazonaws.com"), "action and host")
    t.equal(urllib.parse.parse_qs(request.query), {"role_name": ["Admin"], "account_id": [ACCOUNT]}, "query")


@sso("profiles of the older kind have a token by the start URL")
def _(t, center):
    t.equal(os.path.basename(center.cache(START)), NAMES[START] + ".json", "name of the file")
    served(t, center.run(settings=center.legacy()), center)


@sso("tokens of the older kind end in UTC", refresh=False)
def _(t, center):
    center.cache(START, ending="UTC")
    served(t, center.run(settings=center.legacy()), center)


@sso("hosts are those of its own region, not of the profile's", region="eu-west-1")
def _(t, center):
    center.cache()
    served(t, center.run(settings=center.settings(region="us-east-1")), center)
    t.equal({r.host for r in center.at.all()}, {"portal.sso.eu-west-1.amazonaws.com"}, "hosts")


@sso("role names are escaped in the query")
def _(t, center):
    keys = center.app.grant(center.keys, role="Power+User=@x,y.z-1")
    center.cache()
    t.equal(t.ok(center.run(settings=center.settings(sso_role_name="Power+User=@x,y.z-1"))).keys, keys, "keys")


@sso("keys are the result of creds, with their end")
def _(t, center):
    center.cache()
    keys, found = handed_out(t, center.run("creds"))
    t.equal((keys, "Expiration" in found["Credentials"]), (center.keys, True), "keys, and their end")


@sso("keys assume a further role, as chained ones")
def _(t, center):
    center.cache()
    t.equal(t.ok(center.run("--role-arn", t.realm.role("Second").arn)).keys.kind, facts.CHAINED, "kind")


@sso("profiles are the source of a role's profile")
def _(t, center):
    center.cache()
    role = t.realm.role("Second")
    base = profile("base", **center.settings())
    login = t.ok(center.run(settings={"role_arn": role.arn, "source_profile": "base"}, more=[base]))
    t.equal((login.keys.kind, t.aws.sts.last("AssumeRole").keys), (facts.CHAINED, center.keys), "kind, and whose keys signed")


@sso("profiles are explained by --explain without a packet or a token")
def _(t, center):
    center.cache()
    result = center.run("--explain")
    t.equal(result.code, 0, "exit code")
    t.true("GetRoleCredentials" in result.out or "portal.sso" in result.out, "a word of the portal")
    t.offline()


# --- renewal ---------------------------------------------------------------------------------------------------------

@sso("tokens that have expired are renewed where the cache has what that takes", life_s=-60)
def _(t, center):
    center.cache()
    served(t, center.run(), center)
    t.equal(center.asked(), [OIDC, PORTAL], "requests")
    t.equal(center.at.last(OIDC).host, "oidc.us-east-1.amazonaws.com", "host")


@sso("tokens with less than a quarter of an hour left are used, renewed or not", life_s=12 * 60)
def _(t, center):
    center.cache()
    served(t, center.run(), center)


@sso("tokens with more than a quarter of an hour left are used as they are", life_s=20 * 60)
def _(t, center):
    center.cache()
    served(t, center.run(), center)
    t.equal(center.asked(), [PORTAL], "requests")


@sso("tokens that still hold are used where renewal is refused", life_s=12 * 60)
def _(t, center):
    center.cache(refreshToken="x" * 40)
    served(t, center.run(), center)


@sso("tokens with a quarter of an hour left and nothing to renew them are used", life_s=10 * 60, refresh=False)
def _(t, center):
    center.cache()
    served(t, center.run(), center)


@sso("renewal leaves a cache from which the AWS CLI can go on, and nothing beside it", life_s=-60)
def _(t, center):
    path = center.cache()
    served(t, center.run(), center)
    found = t.json(open(path).read())
    held = center.app.access.get(found["accessToken"])
    t.true(held and held.refresh == found["refreshToken"], "a token of Identity Center and what renews it")
    t.equal((found["clientId"], found["startUrl"], found["region"]), (held.client, START, "us-east-1"), "the rest of the file")
    t.equal(os.stat(path).st_mode & 0o777, 0o600, "mode of the file")
    t.equal(os.listdir(os.path.dirname(path)), [os.path.basename(path)], "files in the cache")


@sso("renewal that may be done once only is not lost for the next run", life_s=-60)
def _(t, center):
    center.app.rotates = True
    center.cache()
    served(t, center.run(), center)
    served(t, center.run(), center)


# --- what takes a new login ------------------------------------------------------------------------------------------

@sso("tokens that have expired for good name the command that renews them, before any network", life_s=-60, refresh=False)
def _(t, center):
    center.cache()
    login_again(t, t.says(center.run(), "expired"))
    center.cache(START)
    login_again(t, center.run(settings=center.legacy(), name="old"), "old")
    t.offline()


@sso("tokens whose registration has expired too are not renewed", life_s=-60)
def _(t, center):
    center.cache(registered_s=-60)
    login_again(t, center.run())
    t.offline()


@sso("tokens that cannot be renewed any more name the command", life_s=-60)
def _(t, center):
    path = center.cache(refreshToken="x" * 40)
    login_again(t, center.run())
    t.equal(center.asked(), [OIDC], "requests")
    t.equal(os.listdir(os.path.dirname(path)), [os.path.basename(path)], "files in the cache")


@sso("tokens that the portal does not take name the command")
def _(t, center):
    center.cache(accessToken="aoaAAAAA" + "b" * 200)
    login_again(t, t.says(center.run(), "401"))


@sso("profiles that nobody has signed in to name the command and the file")
def _(t, center):
    result = center.run()
    login_again(t, result, code=66)
    t.says(result, r"sso/cache|not signed in|no cached")
    center.cache("another session")
    login_again(t, center.run(), code=66)
    t.offline()


# --- what is refused otherwise ---------------------------------------------------------------------------------------

@sso("roles that the person does not have are exit 77, and the hint names the settings")
def _(t, center):
    center.cache()
    result = center.run(settings=center.settings(sso_role_name="Other"))
    t.fails(result, 77, "work", "403|No access", step="credentials")
    t.hint(result, "sso_role_name|sso_account_id|role|account")


for what, status, body, code in (
        ("a request that it does not take", 400, b'{"message":"Invalid request"}', (66, 76, 77)),
        ("an account that is not there", 404, b'{"message":"Account not found"}', (66, 77)),
        ("500", 500, b"", (66, 75))):
    def _portal(t, status=status, body=body, code=code):
        center = IdentityCenter(t)
        center.cache()
        center.at.fault("reply", status=status, body=body, content_type="application/json", action=PORTAL)
        t.fails(center.run("--timeout", "10"), code, str(status), step="credentials")
    case("sso portals that answer %s fail by that status" % what, "443", "waits")(_portal)


@sso("portals that are busy are asked again, and stay exit 75 if they stay it", "waits")
def _(t, center):
    center.cache()
    center.at.fault("reply", status=429, body=b'{"message":"Too many requests"}', times=1, action=PORTAL)
    served(t, center.run(), center)
    center.at.fault("reply", status=429, body=b'{"message":"Too many requests"}', action=PORTAL)
    t.fails(center.run("--timeout", "10"), 75, "429", step="credentials")


for what, body in (("a page", b"<html>Welcome</html>"), ("cut JSON", b'{"roleCredentials":{'), ("nothing", b""),
                   ("no keys", b'{"roleCredentials":{}}'), ("another document", b'{"a":1}')):
    def _garbage(t, body=body):
        center = IdentityCenter(t)
        center.cache()
        center.at.fault("reply", body=body, content_type="application/json", action=PORTAL)
        t.fails(center.run(), (66, 76), step="credentials")
    case("sso portals whose answer is %s give no keys" % what, "443")(_garbage)


@sso("portals with another's certificate get no token")
def _(t, center):
    center.cache()
    for fault in ("untrusted", "wrong_name"):
        center.at.faults.clear()
        center.at.fault(fault)
        t.fails(center.run(), 68, "portal.sso", step="tls")
    t.equal(center.asked(), [], "requests")


@sso("portals out of reach are exit 69 by their name", "waits")
def _(t, center):
    center.cache()
    center.at.fault("reset")
    t.fails(center.run("--timeout", "5"), 69, "portal.sso.us-east-1.amazonaws.com")


@sso("keys that have expired already are refused")
def _(t, center):
    center.app.grant(t.realm.session(facts.ROLE, t.user, duration_s=-100))
    center.cache()
    t.fails(center.run(), (66, 77), "expired", step="credentials")


# --- files and settings ----------------------------------------------------------------------------------------------

SPOILED = (("is cut", dict(text='{"accessToken":')), ("is empty", dict(text="")), ("has no token", dict(accessToken=None)),
           ("has no end", dict(expiresAt=None)), ("ends at no time", dict(expiresAt="soon")), ("has a number for a token", dict(accessToken=7)),
           ("has a token with a line end", dict(accessToken="abc\r\nHost: x")), ("is a list", dict(text="[]")),
           ("is a megabyte", dict(text=" " * (1 << 20))))
for what, changes in SPOILED:
    def _spoiled(t, changes=changes):
        center = IdentityCenter(t, refresh=False)
        center.cache(**changes)
        t.fails(center.run(), (65, 66), "work", step="credentials")
        t.offline()
    case("sso caches are refused before any network: one that %s" % what, "443")(_spoiled)


SETTINGS = (("without an account", "sso_account_id", dict(sso_account_id=None)), ("without a role", "sso_role_name", dict(sso_role_name=None)),
            ("of a session that is not there", "sso_session.*nowhere|nowhere", dict(sso_session="nowhere")),
            ("with another region than its session", "sso_region", dict(sso_region="eu-west-1")),
            ("with another start URL than its session", "sso_start_url", dict(sso_start_url="https://other.awsapps.com/start")),
            ("with a region that is none", "sso_region|region", dict(sso_session=None, sso_start_url=START, sso_region="x/../y")),
            ("of the older kind without a region", "sso_region", dict(sso_session=None, sso_start_url=START)))
for what, word, changes in SETTINGS:
    def _setting(t, word=word, changes=changes):
        center = IdentityCenter(t)
        center.cache()
        center.cache(START)
        t.fails(center.run(settings=center.settings(**changes)), 78, "work", word, step="credentials")
        t.offline()
    case("sso profiles %s are exit 78 by the name of the setting" % what, "443")(_setting)


@sso("profiles without a HOME say that there is none")
def _(t, center):
    t.fails(center.run(env={"HOME": None}), (66, 78), "HOME", step="credentials")
    t.offline()


@sso("sessions without a region or start URL are exit 78")
def _(t, center):
    center.cache()
    for session, word in ((profile("sso-session my-sso", sso_start_url=START), "sso_region"),
                          (profile("sso-session my-sso", sso_region="us-east-1"), "sso_start_url")):
        center.session = lambda session=session: session
        result = center.run()
        # The start URL is not needed for a cached token; the AWS CLI wants it all the same.
        t.fails(result, 78, word, step="credentials")
    t.offline()


@sso("keys of the profile itself are not used where it has a session")
def _(t, center):
    center.cache()
    served(t, center.run(settings=dict(center.settings(), **static(t.user))), center)


@sso("tokens that were renewed are kept although the run is ended before the portal answers")
def _(t, center):
    center.app.rotates = True
    path = center.cache(expiresAt=iso(t.realm.clock.now() - 60))
    with open(path, encoding="utf-8") as text:
        before = text.read()
    center.at.fault("hang", action=PORTAL)
    env = {"HOME": t.dir, **config(t, center.session(), profile("work", **center.settings()))}
    running = t.start("--profile", "work", *center.words(), keys=False, env=env)
    t.true(center.at.wait(lambda at: at.all(PORTAL)), "a question to the portal")
    running.process.send_signal(signal.SIGINT)
    t.finish(running, by_signal=True)
    with open(path, encoding="utf-8") as text:
        t.true(text.read() != before, "a cache with the new token")


@sso("words of the portal that echo the token are cut before it")
def _(t, center):
    center.cache()
    center.at.fault("reply", action=PORTAL, status=400, body=json.dumps({"message": "not valid: " + center.access.bearer}).encode())
    result = center.run()
    t.fails(result, 66, "refused", step="credentials")
    t.true("not valid:" in result.err, "the words before it")
