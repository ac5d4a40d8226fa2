# SPDX-License-Identifier: MIT
"""What botocore chooses: a list of cases of the chain driver on standard input, and for each on standard output the steps
as the driver writes them, or null where botocore refuses. Run by against_botocore.py, in a folder that is HOME.

botocore's own resolver decides. Whom it would ask is answered from here: addresses of metadata and containers by one
stubbed send, STS and Identity Center by a client that writes down each role. Nothing is connected to."""
import json
import os
import re
import sys

import botocore.credentials
import botocore.httpsession
import botocore.session

import combinations

# Keys by which a source is known again; the rest are of the environment and of profiles.
SOURCES = {"ASIACONTAINER": "container", "ASIAIMDS": "imds", "ASIASSO": "sso", "ASIAWEB": "web-identity",
           combinations.LOGIN: "login", combinations.PROCESS: "process"}
FIELDS = {"RoleArn": "role_arn", "ExternalId": "external_id", "SerialNumber": "mfa_serial",
          "RoleSessionName": "role_session_name", "DurationSeconds": "duration"}
LATER = "2099-01-01T00:00:00Z"


def given(key_id):
    return {"AccessKeyId": key_id, "SecretAccessKey": "s", "SessionToken": "t", "Token": "t", "Expiration": LATER}


class Answer:
    def __init__(self, text):
        self.status_code, self.text, self.content = 200, text, text.encode()


def send(_, request):
    """Instance metadata, or the endpoint of a container, by the address that is asked."""
    host, path = re.match("https?://([^/]+)(.*)", request.url).groups()
    if host != "169.254.169.254":
        return Answer(json.dumps(given("ASIACONTAINER")))
    if path == "/latest/api/token":
        return Answer("token")
    return Answer("Role" if path.endswith("/") else json.dumps({"Code": "Success", **given("ASIAIMDS")}))


class Client:
    """STS or Identity Center. `calls`: whose keys asked, whose were given, for which role."""

    class exceptions:
        UnauthorizedException = ValueError

    def __init__(self, calls, key_id):
        self.calls, self.key_id = calls, key_id

    def assume_role(self, **request):
        new = "ASIAROLE%d" % len(self.calls)
        role = {ours: request[theirs] for theirs, ours in FIELDS.items() if theirs in request}
        if role.get("role_session_name", "").startswith("botocore-session-"):
            del role["role_session_name"]
        self.calls.append((self.key_id, new, role))
        return {"Credentials": given(new), "AssumedRoleUser": {"Arn": "arn:aws:sts::123456789012:assumed-role/R/s"}}

    def assume_role_with_web_identity(self, **_):
        answer = self.assume_role(RoleArn="")
        del self.calls[-1]
        answer["Credentials"] = given("ASIAWEB")
        return answer

    def get_role_credentials(self, **_):
        return {"roleCredentials": {"accessKeyId": "ASIASSO", "secretAccessKey": "s", "sessionToken": "t",
                                    "expiration": 4102444800000}}


def base(credentials, case):
    """The first step: which source these keys are of."""
    key_id = credentials
    if key_id in SOURCES:
        return {"source": SOURCES[key_id]}
    if key_id == case["env"].get("AWS_ACCESS_KEY_ID"):
        return {"source": "env", "access_key": key_id}
    for text in case["files"].values():
        for title, settings in re.findall(r"(?m)^\[([^]]+)\]\n([^[]*)", text):
            if "aws_access_key_id = %s\n" % key_id in settings:
                return {"source": "profile:" + re.sub("^profile ", "", title), "access_key": key_id}
    raise ValueError("keys of nobody: " + key_id)


def choose(case):
    calls = []
    os.environ.clear()
    os.environ.update(case["env"], HOME=os.getcwd(), BOTO_CONFIG="/dev/null")
    for name, text in case["files"].items():
        with open(name.replace(case["home"] + "/", ""), "w", encoding="utf-8") as file:
            file.write(text)
    session = botocore.session.Session(profile=case.get("profile"))
    session.create_client = lambda *_, **how: Client(calls, how.get("aws_access_key_id"))
    try:
        resolver = botocore.credentials.create_credential_resolver(session)
        resolver.get_provider("assume-role")._prompter = lambda prompt: "123456"
        found = resolver.load_credentials()
        key_id = found.get_frozen_credentials().access_key if found else ""
    except Exception as why:  # pylint: disable=broad-except
        if isinstance(why, (AttributeError, TypeError, NameError, AssertionError)):
            raise                       # that is a fault of the stubs
        return None
    for asked, new, _ in reversed(calls):
        if new != key_id:
            raise ValueError("roles that are no chain")
        key_id = asked
    # An empty id is chosen by botocore like any other, and signs nothing.
    return [base(key_id, case)] + [{"assume_role": role} for _, _, role in calls] if key_id else None


def main():
    botocore.httpsession.URLLib3Session.send = send
    botocore.credentials.create_nested_client = lambda session, *_, **how: session.create_client(**how)
    # The keys that `aws login` left are read as they are; what renewing them would take is not asked for.
    botocore.credentials.EC = botocore.credentials.EC or object()
    json.dump([choose(case) for case in json.load(sys.stdin)], sys.stdout)


main()
