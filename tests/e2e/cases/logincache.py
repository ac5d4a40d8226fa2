# SPDX-License-Identifier: MIT
"""The keys that `aws login` (AWS CLI 2.32 and later) leaves in its cache: used while they hold. When they do not, the
message has the command that renews them."""
import json
import os
import re

from cases._sources import config, keys_of, login_cache, profile
from cases.creds import handed_out
from harness import case

# protocol.md F11: session, and what the AWS CLI calls the file
VECTORS = (("arn:aws:sts::012345678910:assumed-role/Admin/admin", "4b0ba8f99f075c0633e122fd73346ce203a3faf18ea0310eb2d29df1bab2e255"),
           ("arn:aws:iam::123456789012:user/Alice", "67f119a748e39fbe7e9b5e37b3cb10159423c843a3272800b8a2b1bd03d95a04"))
SESSION, NAME = VECTORS[1][0], VECTORS[1][1] + ".json"


def run(t, *words, session=SESSION, env=None, **how):
    held = config(t, profile("dev", login_session=session))
    return t.run("--profile", "dev", *words, keys=False, env={"HOME": t.dir, **held, **(env or {})}, **how)


def login_again(t, result, code=(66, 77)):
    t.fails(result, code, "dev", step="credentials")
    t.hint(result, "aws login --profile dev")
    t.offline()


@case("aws login left keys in its cache, and they become a URL")
def _(t):
    for session, name in VECTORS:
        keys = keys_of(t)
        login_cache(t, session, keys, name + ".json")
        t.equal(t.ok(run(t, session=session)).keys, keys, "keys")


@case("aws login may have its cache elsewhere")
def _(t):
    keys = keys_of(t)
    login_cache(t, SESSION, keys, NAME, where=("else where",))
    for env in ({}, {"HOME": None}):
        t.equal(t.ok(run(t, env=dict({"AWS_LOGIN_CACHE_DIRECTORY": t.dir + "/else where"}, **env))).keys, keys, "keys")


@case("aws login keys are the result of creds, with their end")
def _(t):
    login_cache(t, SESSION, keys_of(t, duration_s=900), NAME)
    t.true("Expiration" in handed_out(t, run(t, "creds"))[1]["Credentials"], "an Expiration")


@case("aws login keys are the source of a role's profile")
def _(t):
    keys, role = keys_of(t), t.realm.role("Second")
    login_cache(t, SESSION, keys, NAME)
    env = config(t, profile("dev", login_session=SESSION), profile("p", role_arn=role.arn, source_profile="dev"))
    t.ok(t.run("--profile", "p", keys=False, env=dict(env, HOME=t.dir)))
    t.equal(t.aws.sts.last("AssumeRole").keys, keys, "keys that signed")


@case("aws login keys that have expired, or will in a moment, name the command that renews them")
def _(t):
    for left in (-3600, -1, 30):
        login_cache(t, SESSION, keys_of(t), NAME, life_s=left)
        login_again(t, t.says(run(t), "expire"))


@case("aws login keys with more than a minute left are used")
def _(t):
    login_cache(t, SESSION, keys_of(t), NAME, life_s=110)
    t.ok(run(t))


@case("aws login that was never done names the command and the file")
def _(t):
    result = run(t)
    login_again(t, result, 66)
    t.says(result, NAME[:12] + "|not signed in|no cached")


@case("aws login caches without a HOME say that there is none")
def _(t):
    t.fails(run(t, env={"HOME": None}), (66, 78), "HOME", step="credentials")
    t.offline()


WHOLE = {"accessKeyId": "ASIA" + "Q" * 16, "secretAccessKey": "k" * 40, "sessionToken": "t" * 400, "accountId": "123456789012",
         "expiresAt": "2099-01-01T00:00:00Z"}
for what, changes in (("has no accessToken", dict(accessToken=None)), ("has a text for accessToken", dict(accessToken="abc")),
                      ("has an end that is no time", dict(accessToken=dict(WHOLE, expiresAt="soon"))),
                      *(("has no " + field, dict(accessToken={k: v for k, v in WHOLE.items() if k != field}))
                        for field in ("accessKeyId", "secretAccessKey", "sessionToken", "expiresAt"))):
    def _without(t, changes=changes):
        login_cache(t, SESSION, keys_of(t), NAME, **changes)
        t.fails(run(t), (65, 66), "dev|" + NAME[:12], step="credentials")
        t.offline()
    case("aws login caches are refused before any network: one that " + what)(_without)


for what, text in (("is empty", ""), ("is cut", '{"accessToken": {'), ("is a list", "[]"), ("is a megabyte", " " * (1 << 20)),
                   ("is followed by more", json.dumps({"accessToken": WHOLE}) + "{}")):
    def _spoiled(t, text=text):
        path = login_cache(t, SESSION, keys_of(t), NAME)
        t.file(os.path.relpath(path, t.dir), text)
        t.fails(run(t), (65, 66), "dev|" + re.escape(NAME[:12]), step="credentials")
        t.offline()
    case("aws login caches are refused before any network: one that " + what)(_spoiled)


@case("aws login caches are part of --explain")
def _(t):
    login_cache(t, SESSION, keys_of(t), NAME)
    result = run(t, "--explain")
    t.equal(result.code, 0, "exit code")
    t.true("login" in result.out, "a word of aws login")
    t.offline()
