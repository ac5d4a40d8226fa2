# SPDX-License-Identifier: MIT
"""The AWS CLI as the one who uses what postern gives: as its credential_process, and as what `postern exec` runs. Whatever
`aws` is on PATH is taken, of version 1 or 2, and asks the stand-in's STS who it is, over TLS."""
import os
import shlex
import shutil
import subprocess

import realm as facts
from cases._sources import config, profile
from harness import Skip, case
from sts import Sts

PATH = os.environ.get("PATH", os.defpath)
WHO = ("aws", "sts", "get-caller-identity", "--output", "json", "--no-cli-pager")


class Cli:
    """An STS for `aws` by the name of localhost, and the variables that lead it there."""

    def __init__(self, t):
        if not shutil.which("aws"):
            raise Skip("aws is not installed")
        version = subprocess.run(["aws", "--version"], capture_output=True, text=True, timeout=120).stdout
        self.t, self.who = t, WHO if version.startswith("aws-cli/2") else WHO[:-1]
        self.sts = t.aws.serve("sts", Sts(t.realm), tls=True)
        self.env = {"HOME": t.dir, "PATH": PATH, "AWS_CA_BUNDLE": t.bundle, "AWS_EC2_METADATA_DISABLED": "true",
                    "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}

    def words(self):
        return (*self.who, "--endpoint-url", "https://localhost:%d" % self.sts.port)

    def profile(self, name, *words, **settings):
        """A profile whose keys are what postern prints for these words."""
        command = shlex.join([self.t.binary, "creds", "--format", "process", *words, *self.t.network("us-east-1")])
        return profile(name, credential_process=command, **settings)

    def asks(self, name, *sections):
        """What STS says of `aws --profile NAME` with these profiles; the user's own keys are in the profile "held"."""
        files = config(self.t, profile("held"), *sections, credentials="[held]\naws_access_key_id = %s\n"
                       "aws_secret_access_key = %s\n" % (self.t.user.key_id, self.t.user.secret))
        done = subprocess.run([*self.words(), "--profile", name], env=dict(self.env, **files), cwd=self.t.dir,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        self.t.equal((done.returncode, done.stderr if done.returncode else ""), (0, ""), "exit code and stderr of aws")
        return self.t.json(done.stdout)

    def signed_by(self, kind):
        """The keys by which the one request at this STS was signed are the last of their kind."""
        request, = self.sts.all("GetCallerIdentity")
        self.t.equal(request.keys.key_id, self.t.realm.issued(kind)[-1].key_id, "keys that aws signed with")


@case("aws takes its keys from postern as credential_process")
def _(t):
    cli = Cli(t)
    found = cli.asks("p", cli.profile("p", "--profile", "held", "--name", "bob"))
    t.equal((found["Account"], found["Arn"].split(":")[5]), (t.user.account, "federated-user/bob"), "who aws is")
    cli.signed_by(facts.FEDERATED)


@case("aws takes the keys of a role profile from postern as credential_process")
def _(t):
    cli, role = Cli(t), t.realm.role("Admin")
    held = profile("admin", role_arn=role.arn, source_profile="held", role_session_name="me")
    found = cli.asks("p", held, cli.profile("p", "--profile", "admin"))
    t.equal(found["Arn"].split(":")[5], "assumed-role/Admin/me", "who aws is")
    cli.signed_by(facts.ROLE)


@case("aws assumes a role of its own with keys from postern as credential_process")
def _(t):
    cli, first, second = Cli(t), t.realm.role("First"), t.realm.role("Second")
    cli.env["AWS_ENDPOINT_URL_STS"] = "https://localhost:%d" % cli.sts.port
    found = cli.asks("admin", cli.profile("p", "--profile", "held", "--role-arn", first.arn),
                     profile("admin", role_arn=second.arn, source_profile="p", role_session_name="me"))
    t.equal(found["Arn"].split(":")[5], "assumed-role/Second/me", "who aws is")
    cli.signed_by(facts.CHAINED)


@case("aws run by postern exec is who the keys are, whatever profile was in force")
def _(t):
    cli, role = Cli(t), t.realm.role("Admin")
    for words, who in ((("--name", "bob"), "federated-user/bob"),
                       (("--role-arn", role.arn, "--role-session-name", "me"), "assumed-role/Admin/me")):
        result = t.run("exec", *words, *t.network("us-east-1"), "--", *cli.words(), net=False,
                       env=dict(cli.env, AWS_DEFAULT_PROFILE="nobody"))
        t.equal(result.code, 0, "exit code of aws")
        t.equal(t.json(result.out)["Arn"].split(":")[5], who, "who aws is")
