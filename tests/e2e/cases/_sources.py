# SPDX-License-Identifier: MIT
"""What the cases about sources of keys share: profiles as text, keys that are told apart by their role's name, and each
stand-in with the variables that lead to it."""
import hashlib
import json
import os
import time

import ecs
import realm as facts
from cases.keys import files
from imds import Imds
from sso import Sso

ACCOUNT = "123456789012"
NOBODY = "http://127.0.0.1:1"           # nothing listens there


def profile(name="default", **settings):
    """A section of the config file."""
    title = name if name == "default" or name.startswith("sso-session ") else "profile " + name
    return "[%s]\n%s\n" % (title, "".join("%s = %s\n" % pair for pair in settings.items()))


def static(keys):
    """The settings that are these keys."""
    found = {"aws_access_key_id": keys.key_id, "aws_secret_access_key": keys.secret}
    return dict(found, aws_session_token=keys.token) if keys.token else found


def config(t, *sections, credentials=None):
    """Variables that name files with these sections; without credentials there is no such file."""
    return files(t, credentials, "".join(sections))


def keys_of(t, label="Admin", **how):
    """Temporary keys of a role with this name."""
    return t.realm.session(facts.ROLE, t.user, arn="arn:aws:sts::%s:assumed-role/%s/x" % (ACCOUNT, label), **how)


def label_of(keys):
    return keys.arn.split("/")[1]


def folder(t, *names):
    """A folder below the case's own, which is HOME."""
    made = os.path.join(t.dir, *names)
    os.makedirs(made, exist_ok=True)
    return made


def iso(moment, ending="Z"):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment)) + ending


def kept_away(t):
    """AWS may have been connected to meanwhile, but was asked nothing."""
    t.equal(t.aws.sts.all() + t.aws.signin.all(), [], "requests to AWS")


def imds(t, keys=None, address="127.0.0.1", port=0, **how):
    """Instance metadata; answers its endpoint, with .app to change what it says, and .env to reach it."""
    at = t.aws.serve("imds", Imds(t.realm, keys or keys_of(t, "Imds"), **how), address, port)
    # A busy machine may keep a stand-in from answering within the second that is usual: most cases are not about that.
    at.env = {"AWS_EC2_METADATA_DISABLED": None, "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:%d" % at.port,
              "AWS_METADATA_SERVICE_TIMEOUT": "20"}
    return at


def container(t, keys=None, path=ecs.TASK, address="127.0.0.1", port=0, tls=False, **how):
    """A container's endpoint, with .app and .env likewise."""
    at = t.aws.serve("container", ecs.Container(t.realm, keys or keys_of(t, "Container"), path, **how), address, port, tls)
    at.env = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:%d%s" % (at.port, path)}
    return at


def web_identity(t, role=None, token=None, **more):
    """The variables of a web identity."""
    path = t.file("web-token", t.realm.web_token() if token is None else token)
    role = role or t.realm.role("Web")
    return dict({"AWS_ROLE_ARN": role.arn, "AWS_WEB_IDENTITY_TOKEN_FILE": path}, **more)


def login_cache(t, session, keys, name, where=(".aws", "login", "cache"), life_s=900, **changes):
    """A file as `aws login` leaves it; None among the changes leaves a field out."""
    ends = iso(t.realm.clock.now() + life_s)
    found = {"accessToken": {"accessKeyId": keys.key_id, "secretAccessKey": keys.secret, "sessionToken": keys.token,
                             "accountId": ACCOUNT, "expiresAt": ends},
             "tokenType": "aws_sigv4", "clientId": "arn:aws:signin:::devtools/same-device",
             "refreshToken": t.realm.hide("eyJlbmMiOiJBMjU2R0NNIiwidHlwIjoicmVmcmVzaCJ9" + keys.token[40:90]),
             "idToken": t.realm.hide("eyJlbmMiOiJub25lIiwidHlwIjoiaWQifQ" + keys.token[90:140]),
             "dpopKey": "-----BEGIN EC PRIVATE KEY-----\n%s\n-----END EC PRIVATE KEY-----\n"
                        % t.realm.hide("MHcCAQEEI" + keys.token[140:190])}
    found = {k: v for k, v in dict(found, **changes).items() if v is not None}
    folder(t, *where)
    return t.file(os.path.join(*where, name), json.dumps(found, indent=2))


class IdentityCenter:
    """IAM Identity Center on port 443, and a person who has signed in; HOME has what `aws sso login` leaves there."""
    START = "https://d-abc123.awsapps.com/start"

    def __init__(self, t, region="us-east-1", **how):
        self.t, self.region = t, region
        self.app = Sso(t.realm)
        self.keys = self.app.grant(keys_of(t, "Sso"))
        self.at = t.aws.serve("sso", self.app, t.aws.sts.address.rpartition(".")[0] + ".3", 443, tls=True)
        self.access = self.app.sign_in(region, **how)

    def words(self):
        pairs = ["%s.%s.amazonaws.com:443:%s" % (name, self.region, self.at.address) for name in ("portal.sso", "oidc")]
        return [word for pair in pairs for word in ("--resolve", pair)]

    def settings(self, **changes):
        """Of a profile that names the session my-sso."""
        found = dict({"sso_session": "my-sso", "sso_account_id": ACCOUNT, "sso_role_name": "Admin"}, **changes)
        return {k: v for k, v in found.items() if v is not None}

    def legacy(self, **changes):
        return self.settings(**dict({"sso_session": None, "sso_start_url": self.START, "sso_region": self.region}, **changes))

    def session(self, **changes):
        return profile("sso-session my-sso", **dict({"sso_start_url": self.START, "sso_region": self.region}, **changes))

    def cache(self, name="my-sso", text=None, ending="Z", registered_s=90 * 86400, **changes):
        """Write the file of the cache for this session name or start URL."""
        held, now = self.access, self.t.realm.clock.now()
        found = {"startUrl": self.START, "region": self.region, "accessToken": held.bearer, "expiresAt": iso(held.expires, ending)}
        if held.refresh:
            found.update(clientId=held.client, clientSecret=self.app.clients[held.client], refreshToken=held.refresh,
                         registrationExpiresAt=iso(now + registered_s))
        found = {k: v for k, v in dict(found, **changes).items() if v is not None}
        folder(self.t, ".aws", "sso", "cache")
        path = os.path.join(".aws", "sso", "cache", hashlib.sha1(name.encode()).hexdigest() + ".json")
        return self.t.file(path, json.dumps(found) if text is None else text)

    def run(self, *words, settings=None, name="work", more=(), env=None, **how):
        """As this profile, which is of the session unless settings say otherwise."""
        held = profile(name, **(self.settings() if settings is None else settings))
        given = {"HOME": self.t.dir, **config(self.t, self.session(), held, *more), **(env or {})}
        return self.t.run("--profile", name, *self.words(), *words, keys=False, env=given, **how)

    def asked(self, action=None):
        return [r.action for r in self.at.all(action)]
