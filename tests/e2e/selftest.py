#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The stand-in tested without postern, by a small client with a signer of its own: `selftest.py [WORD]`.
A bench that accepts a wrong signature or hands out what AWS would refuse would make every other test worthless."""
import hashlib
import hmac
import http.client
import importlib.util
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse

import dnsstand
import ecs
import imds
import proxystand
import realm as facts
import sts
import tap
from pki import Pki
from sigv4 import Refused, Signature
from sso import Sso
from standin import NAMES, StandIn
from wire import Request

TESTS = []
BOTOCORE = """
import socket, botocore.session
find = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: find("127.0.0.1" if host.endswith(".amazonaws.com") else host, *rest, **more)
print(botocore.session.Session().get_credentials().get_frozen_credentials().access_key)
"""
US = facts.sts_host("us-east-1")
SIGNIN = facts.signin_host("us-east-1")


def test(function):
    TESTS.append(function)
    return function


class Connection(http.client.HTTPSConnection):
    """To a loopback address, under another name."""

    def __init__(self, endpoint, name, ca_file, **versions):
        context = ssl.create_default_context(cafile=ca_file)
        for key, value in versions.items():
            setattr(context, key, value)
        super().__init__(name, endpoint.port, context=context, timeout=10)
        self.endpoint = endpoint

    def connect(self):
        raw = socket.create_connection((self.endpoint.address, self.endpoint.port), 10)
        self.sock = self._context.wrap_socket(raw, server_hostname=self.host)


def sign(keys, body, host, region="us-east-1", now=None, secret=None):
    """Headers of a signed STS request, written from the AWS documentation without a look at sigv4.py."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now or time.time()))
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8", "host": host, "x-amz-date": stamp}
    if keys.token:
        headers["x-amz-security-token"] = keys.token
    names = ";".join(sorted(headers))
    canonical = "POST\n/\n\n" + "".join("%s:%s\n" % (k, headers[k]) for k in sorted(headers)) + "\n" + names + "\n" \
        + hashlib.sha256(body).hexdigest()
    scope = "%s/%s/sts/aws4_request" % (stamp[:8], region)
    key = b"AWS4" + (secret or keys.secret).encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    text = "AWS4-HMAC-SHA256\n%s\n%s\n%s" % (stamp, scope, hashlib.sha256(canonical.encode()).hexdigest())
    headers["authorization"] = "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s" \
        % (keys.key_id, scope, names, hmac.digest(key, text.encode(), "sha256").hex())
    return headers


class Client:
    def __init__(self, aws):
        self.aws, self.versions = aws, {}

    def ask(self, endpoint, name, method, path, body, headers):
        connection = Connection(endpoint, name, self.aws.pki.ca_file, **self.versions)
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return reply.status, text, reply

    def sts(self, keys, action, region="us-east-1", host=None, now=None, secret=None, **form):
        host = host or facts.sts_host(region)
        body = urllib.parse.urlencode(dict(form, Action=action, Version="2011-06-15")).encode()
        shown = "%s:%d" % (host, self.aws.sts.port)
        return self.ask(self.aws.sts, host, "POST", "/", body, sign(keys, body, shown, region, now, secret))[:2]

    def credentials(self, text):
        return {n: re.search("<%s>([^<]+)</%s>" % (n, n), text).group(1)
                for n in ("AccessKeyId", "SecretAccessKey", "SessionToken")}

    def signin(self, found, duration=None, method="POST", host=SIGNIN):
        session = json.dumps({"sessionId": found["AccessKeyId"], "sessionKey": found["SecretAccessKey"],
                              "sessionToken": found["SessionToken"]})
        form = {"Action": "getSigninToken", "Session": session}
        if duration:
            form["SessionDuration"] = str(duration)
        text = urllib.parse.urlencode(form)
        path, body = ("/federation", text) if method == "POST" else ("/federation?" + text, None)
        headers = {"content-type": "application/x-www-form-urlencoded"} if body else {}
        return self.ask(self.aws.signin, host, method, path, body, headers)[:2]


def expect(claim, *shown):
    if not claim:
        raise AssertionError(repr(shown))


@test
def the_check_agrees_with_a_published_signature(aws, client):
    head = (b"POST / HTTP/1.1\r\nhost: sts.us-east-1.amazonaws.com\r\nx-amz-date: 20150830T123600Z\r\n"
            b"content-type: application/x-www-form-urlencoded; charset=utf-8\r\n"
            b"authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/sts/aws4_request, SignedHeaders="
            b"content-type;host;x-amz-date, Signature=52a8540fea00e731072179f763577cbe2a45eac2c5d32fb4d785f3eefac88165")
    request = Request(head, b"Action=GetCallerIdentity&Version=2011-06-15", "sts", 443, None, None)
    Signature(request).check(request, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", 1440938160, "us-east-1")
    request.body += b"&X=1"
    try:
        Signature(request).check(request, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", 1440938160, "us-east-1")
    except Refused:
        return
    raise AssertionError("a changed body was accepted")


@test
def keys_become_a_token_that_is_redeemed_once(aws, client):
    status, text = client.sts(aws.realm.user(), "GetFederationToken", Name="bob", DurationSeconds=3600)
    expect(status == 200, status, text)
    found = client.credentials(text)
    expect(1000 <= len(found["SessionToken"]) <= 1100, len(found["SessionToken"]))
    for method in ("POST", "GET"):
        status, text = client.signin(found, method=method)
        expect(status == 200, status, text)
    token = json.loads(text)["SigninToken"]
    expect(len(token) == 1400 and aws.realm.tokens[token].keys.key_id == found["AccessKeyId"])
    query = urllib.parse.urlencode({"Action": "login", "Destination": "https://console.aws.amazon.com/",
                                    "SigninToken": token})
    for wanted in (302, 400):
        status, _, reply = client.ask(aws.signin, SIGNIN, "GET", "/federation?" + query, None, {})
        expect(status == wanted, status)
    expect(aws.signin.last().sni == SIGNIN and aws.sts.last().keys is not None)


@test
def session_duration_is_refused_where_aws_refuses_it(aws, client):
    user, role = aws.realm.user(), aws.realm.role()
    _, text = client.sts(user, "GetFederationToken", Name="bob")
    expect(client.signin(client.credentials(text), 3600)[0] == 400)
    _, text = client.sts(user, "AssumeRole", RoleArn=role.arn, RoleSessionName="bob")
    expect(client.signin(client.credentials(text), 43200)[0] == 200)
    expect(client.signin(client.credentials(text), 899)[0] == 400)
    chained = aws.realm.issued(facts.ROLE)[0]
    status, text = client.sts(chained, "AssumeRole", RoleArn=role.arn, RoleSessionName="bob", DurationSeconds=3601)
    expect(status == 400 and "1 hour session limit" in text, text)
    _, text = client.sts(chained, "AssumeRole", RoleArn=role.arn, RoleSessionName="bob")
    expect(client.signin(client.credentials(text), 3600)[0] == 400 and client.signin(client.credentials(text))[0] == 200)
    _, text = client.sts(user, "GetSessionToken")
    expect(client.signin(client.credentials(text))[0] == 400)


@test
def refusals_carry_the_words_of_aws(aws, client):
    user = aws.realm.user(denied={"GetFederationToken"})
    mfa_role = aws.realm.role("Mfa", mfa=True)
    user.mfa_serial, user.mfa_codes = "arn:aws:iam::123456789012:mfa/alice", {"123456"}
    session = aws.realm.session(facts.SESSION, user)
    expired = aws.realm.session(facts.ROLE, user, duration_s=-5)
    aws.realm.disabled_regions.add("us-west-2")
    stranger = facts.Keys(key_id="AKIAAAAAAAAAAAAAAAAA", secret="x" * 40)
    mfa = {"RoleArn": mfa_role.arn, "RoleSessionName": "bob", "SerialNumber": user.mfa_serial, "TokenCode": "123456"}
    good = aws.realm.user("carol")
    shifted = time.time() - 1200
    table = [
        (user, "GetFederationToken", {"Name": "bob"}, 403, "AccessDenied", "is not authorized to perform: sts:GetFederationToken"),
        (session, "GetFederationToken", {"Name": "bob"}, 403, "AccessDenied", "with session credentials"),
        (good, "GetFederationToken", {"Name": "x"}, 400, "ValidationError", "length greater than or equal to 2"),
        (good, "GetFederationToken", {"Name": "x" * 33}, 400, "ValidationError", "length less than or equal to 32"),
        (good, "GetFederationToken", {"Name": "bob", "DurationSeconds": 800}, 400, "ValidationError", "equal to 900"),
        (good, "GetFederationToken", {"Name": "bob", "Policy": "{"}, 400, "MalformedPolicyDocument", ""),
        (good, "GetFederationToken", {"Name": "bob", "Policy": json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:*",
         "Resource": hashlib.shake_128(b"x").hexdigest(900)}]})}, 400, "PackedPolicyTooLarge", "% of allotted space"),
        (good, "AssumeRole", {"RoleArn": mfa_role.arn, "RoleSessionName": "bob"}, 403, "AccessDenied", "sts:AssumeRole"),
        (user, "AssumeRole", mfa, 200, "AssumedRoleUser", ""),
        (user, "AssumeRole", mfa, 403, "AccessDenied", "MultiFactorAuthentication failed"),
        (expired, "GetCallerIdentity", {}, 403, "ExpiredToken", ""),
        (stranger, "GetCallerIdentity", {}, 403, "InvalidClientTokenId", ""),
        (good, "GetCallerIdentity", {"secret": "wrong"}, 403, "SignatureDoesNotMatch", "does not match the signature"),
        (good, "GetCallerIdentity", {"now": shifted}, 403, "SignatureDoesNotMatch", "Signature expired: "),
        (good, "GetCallerIdentity", {"now": shifted + 2400}, 403, "SignatureDoesNotMatch", "Signature not yet current: "),
        (good, "GetCallerIdentity", {"region": "us-west-2"}, 403, "RegionDisabledException", "not activated"),
        (good, "GetCallerIdentity", {"region": "cn-north-1"}, 403, "InvalidClientTokenId", ""),
        (good, "GetCallerIdentity", {"region": "eu-west-1", "host": US}, 403, "SignatureDoesNotMatch", "scoped"),
    ]
    for keys, action, form, wanted, code, words in table:
        status, text = client.sts(keys, action, **form)
        expect(status == wanted and code in text and words in text, action, form, status, text)


@test
def faults_are_applied_once_and_in_their_stage(aws, client):
    user = aws.realm.user()
    aws.sts.fault("throttled", times=1)
    expect(client.sts(user, "GetCallerIdentity")[0] == 400 and client.sts(user, "GetCallerIdentity")[0] == 200)
    for name in ("reset", "close_after_hello", "garbage_tls", "wrong_name", "expired", "not_yet", "untrusted",
                 "self_signed", "cut", "cut_reset"):
        aws.sts.fault(name, times=1)
        try:
            client.sts(user, "GetCallerIdentity")
        except (OSError, http.client.HTTPException):
            continue
        raise AssertionError(name + " went unseen")
    for name in ("chunked", "dribble", "interim", "extra", "unframed", "no_intermediate"):
        aws.sts.fault(name, times=1)
        if name != "no_intermediate":
            expect(client.sts(user, "GetCallerIdentity")[0] == 200, name)
    for name, version in (("tls13_only", "TLSv1.3"), ("cbc_only", "TLSv1.2"), ("rsa_exchange_only", "TLSv1.2")):
        aws.sts.faults.clear()
        aws.sts.fault(name, times=1)
        try:
            expect(client.sts(user, "GetCallerIdentity")[0] == 200 and aws.sts.last().tls == version)
        except ssl.SSLError as why:
            expect("HANDSHAKE" in str(why) and name == "rsa_exchange_only", name, why)   # the client may not offer it


@test
def the_wire_is_faulty_where_it_is_told_to_be(aws, client):
    user, seen = aws.realm.user(), []
    client.versions = {"maximum_version": ssl.TLSVersion.TLSv1_2}
    aws.sts.fault("watch", times=1, seen=seen)
    expect(client.sts(user, "GetCallerIdentity")[0] == 200)
    labels = [label for label, _ in seen]                       # this client takes session tickets, and so there is one more
    expect([l for l in labels if l in tap.LABELS] == list(tap.LABELS) and "data" in labels, labels)
    for at in tap.LABELS:
        for part, act in (("after", tap.reset), ("inside", tap.close), ("after", tap.say(tap.GARBAGE)), ("instead", tap.skip),
                          ("instead", tap.flip)):
            if (at, act) == ("server_hello_done", tap.skip) or (at, act) == ("finished", tap.skip):
                continue                                        # the client waits for it, and so would this test
            aws.sts.fault("at_record", times=1, at=at, part=part, act=act)
            try:
                client.sts(user, "GetCallerIdentity")
            except OSError:
                continue
            raise AssertionError("%s %s %s went unseen" % (act.__name__, part, at))
    aws.sts.fault("bytewise", times=1)
    expect(client.sts(user, "GetCallerIdentity")[0] == 200)


@test
def a_deaf_port_refuses_or_swallows(aws, client):
    for full, wanted in ((False, ConnectionRefusedError), (True, TimeoutError)):
        aws.sts.deaf(full)
        try:
            socket.create_connection((aws.sts.address, aws.sts.port), 0.5).close()
        except wanted:
            continue
        raise AssertionError("a connection was accepted")


@test
def the_shifted_clock_is_in_the_date_header(aws, client):
    aws.clock.offset_s = 86400
    status, _, reply = client.ask(aws.sts, US, "POST", "/", b"", {"content-type": "application/x-www-form-urlencoded"})
    expect(status == 400 or status == 403, status)
    expect(time.strftime("%d %b", time.gmtime(aws.clock.now())) in reply.getheader("date"), reply.getheader("date"))


@test
def names_are_answered_as_the_zone_says(aws, client):
    zone = {"a.test": ["127.0.0.9"], "gone.test": "nxdomain", "alias.test": "cname:a.test", "b.test": ["127.0.0.8", "::1"]}
    server = dnsstand.DnsStand(("127.0.0.1", 0), zone)
    for name, kind, wanted in (("a.test", 1, [b"\x7f\0\0\x09"]), ("A.TEST", 28, []), ("gone.test", 1, 3),
                               ("b.test", 28, [b"\0" * 15 + b"\x01"]),
                               ("alias.test", 1, [b"\x7f\0\0\x09"]), ("other.test", 1, 3)):
        got = dnsstand.ask(server.port, name, kind)
        expect(got == wanted, name, kind, got)
    expect("a.test" in server.names())
    server.stop()


def plain(endpoint, method, path, **headers):
    """(status, text) of one request without TLS; names of headers with _ for -."""
    connection = http.client.HTTPConnection(endpoint.address, endpoint.port, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()
    return reply.status, text


@test
def instance_metadata_wants_a_token_of_its_own(aws, client):
    keys = aws.realm.session(facts.ROLE, aws.realm.user())
    app = imds.Imds(aws.realm, keys)
    at = aws.serve("imds", app)
    for ttl in (None, "", "0", "21601", "-1", "x"):
        expect(plain(at, "PUT", imds.TOKEN, **({imds.TTL: ttl} if ttl is not None else {}))[0] == 400, ttl)
    expect(plain(at, "PUT", imds.TOKEN, X_Forwarded_For="10.0.0.1", **{imds.TTL: "60"})[0] == 403)
    expect(plain(at, "GET", imds.TOKEN)[0] == 405 and plain(at, "GET", imds.ROLES)[0] == 401)
    status, token = plain(at, "PUT", imds.TOKEN, **{imds.TTL: "60"})
    expect(status == 200 and len(token) == 56 and token in aws.realm.secrets(), status, len(token))

    def get(path, token=token):
        return plain(at, "GET", path, x_aws_ec2_metadata_token=token)
    expect(get(imds.ROLES, token[:-3] + "A==")[0] == 401 and get(imds.ROLES) == (200, "web-server"))
    found = json.loads(get(imds.ROLES + "web-server")[1])
    expect((found["AccessKeyId"], found["Code"]) == (keys.key_id, "Success"))
    expect(get(imds.PLACEMENT + "region") == (200, "us-east-1") and get(imds.PLACEMENT + "availability-zone")[1] == "us-east-1b")
    expect(get(imds.ROLES + "other")[0] == 404)
    expect([r.action for r in at.all()][-5:] == ["role", "keys", "region", "availability-zone", "keys"])
    app.role = None
    expect(get(imds.ROLES)[0] == 404)
    aws.clock.offset_s = 61
    expect(get(imds.ROLES)[0] == 401)
    app.v1, app.refusal, app.role = True, 403, "web-server"
    expect(plain(at, "PUT", imds.TOKEN, **{imds.TTL: "60"})[0] == 403 and plain(at, "GET", imds.ROLES)[0] == 200)


@test
def a_container_gets_keys_for_the_authorization_that_it_was_given(aws, client):
    keys = aws.realm.session(facts.ROLE, aws.realm.user())
    at = aws.serve("container", ecs.Container(aws.realm, keys, authorization="Basic c2VjcmV0IG9mIGEgdGFzaw=="))
    expect(plain(at, "GET", ecs.TASK)[0] == 401 and plain(at, "GET", ecs.TASK, Authorization="Basic c2Vjcg==")[0] == 401)
    status, text = plain(at, "GET", ecs.TASK, Authorization="Basic c2VjcmV0IG9mIGEgdGFzaw==")
    expect(status == 200 and json.loads(text)["Token"] == keys.token)
    expect(plain(at, "GET", "/v2/credentials/other")[0] == 404 and plain(at, "PUT", ecs.TASK)[0] == 405)
    at = aws.serve("container", ecs.Container(aws.realm, keys), tls=True)
    expect(client.ask(at, "localhost", "GET", ecs.TASK, None, {})[0] == 200)
    expect(client.ask(at, "localhost", "GET", ecs.TASK, None, {"Authorization": "x"})[0] == 401, "nothing was to be shown")


@test
def identity_center_knows_who_signed_in_and_where(aws, client):
    sso = Sso(aws.realm)
    keys = sso.grant(aws.realm.session(facts.ROLE, aws.realm.user()))
    at, access, past = aws.serve("sso", sso, tls=True), sso.sign_in(), sso.sign_in(life_s=-1)

    def get(bearer, role="Admin", region="us-east-1"):
        status, text, _ = client.ask(at, "portal.sso.%s.amazonaws.com" % region, "GET", "/federation/credentials?role_name=%s"
                                     "&account_id=123456789012" % role, None, {"x-amz-sso_bearer_token": bearer})
        return status, json.loads(text)
    status, found = get(access.bearer)
    expect(status == 200 and found["roleCredentials"]["sessionToken"] == keys.token, status)
    expect(found["roleCredentials"]["expiration"] == int(keys.expires * 1000))
    for words, wanted in (((past.bearer,), 401), (("x",), 401), ((access.bearer, "Other"), 403), ((access.bearer, "Admin",
                                                                                             "eu-west-1"), 401)):
        expect(get(*words)[0] == wanted, words[1:], wanted)

    def renew(**changes):
        form = dict({"clientId": past.client, "clientSecret": sso.clients[past.client], "grantType": "refresh_token",
                     "refreshToken": past.refresh}, **changes)
        status, text, _ = client.ask(at, "oidc.us-east-1.amazonaws.com", "POST", "/token", json.dumps(form),
                                     {"content-type": "application/json"})
        return status, json.loads(text)
    status, found = renew()
    expect(status == 200 and get(found["accessToken"])[0] == 200, status)
    sso.rotates = True
    once = renew()[1]["refreshToken"]
    expect(renew()[0] == 400 and renew(refreshToken=once)[0] == 200)
    for changes, wanted, word in (({"clientSecret": "x"}, 401, "invalid_client"), ({"refreshToken": "x"}, 400, "invalid_grant"),
                                  ({"grantType": "x"}, 400, "unsupported_grant_type")):
        status, found = renew(**changes)
        expect((status, found["error"]) == (wanted, word), status, found)
    expect({access.bearer, access.refresh, sso.clients[past.client]} <= set(aws.realm.secrets()))


@test
def web_identity_is_a_token_and_no_signature(aws, client):
    token, past, role = aws.realm.web_token(), aws.realm.web_token(life_s=-1), aws.realm.role("Web")
    narrow = aws.realm.role("Narrow", trust=("someone else",))

    def ask(value, arn):
        body = urllib.parse.urlencode({"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleArn": arn,
                                       "RoleSessionName": "web", "WebIdentityToken": value})
        return client.ask(aws.sts, US, "POST", "/", body, {"content-type": "application/x-www-form-urlencoded"})[:2]
    status, text = ask(token, role.arn)
    expect(status == 200 and aws.sts.last().keys is None, status)
    expect(client.signin(client.credentials(text), 7200)[0] == 200, "role keys")
    for value, arn, wanted, word in ((past, role.arn, 400, "ExpiredTokenException"), ("abcd", role.arn, 400, "InvalidIdentityToken"),
                                     (token, narrow.arn, 403, "AccessDenied"), ("x", role.arn, 400, "ValidationError")):
        status, text = ask(value, arn)
        expect(status == wanted and word in text, status, text)
    aws.sts.fault("idp_down", times=1)
    expect("IDPCommunicationError" in ask(token, role.arn)[1])
    body = "Action=AssumeRole&Version=2011-06-15&RoleSessionName=web&RoleArn=" + role.arn
    expect(client.ask(aws.sts, US, "POST", "/", body, {"content-type": "application/x-www-form-urlencoded"})[0] == 403)


@test
def botocore_takes_keys_from_each_of_them(aws, client):
    """An independent client, where it is installed, that was written against the real ones."""
    if not importlib.util.find_spec("botocore"):
        print("skipped botocore is not installed")
        return
    wanted = {name: aws.realm.session(facts.ROLE, aws.realm.user()) for name in ("imds", "container", "sso")}
    sso = Sso(aws.realm)
    sso.grant(wanted["sso"])
    at = {"imds": aws.serve("imds", imds.Imds(aws.realm, wanted["imds"])), "sso": aws.serve("sso", sso, tls=True),
          "container": aws.serve("container", ecs.Container(aws.realm, wanted["container"], authorization="Basic a2V5cyBwbGVhc2U="))}
    with tempfile.TemporaryDirectory() as home:
        def keep(text, *names):
            path = os.path.join(home, *names)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as out:
                out.write(text)
            return path
        past = sso.sign_in(life_s=-60)
        keep("[sso-session s]\nsso_start_url = https://d-1.awsapps.com/start\nsso_region = us-east-1\n[profile sso]\n"
             "sso_session = s\nsso_account_id = 123456789012\nsso_role_name = Admin\n", ".aws", "config")
        keep(json.dumps({"startUrl": "https://d-1.awsapps.com/start", "region": "us-east-1", "accessToken": past.bearer,
                         "expiresAt": sts.iso(past.expires), "clientId": past.client, "refreshToken": past.refresh,
                         "clientSecret": sso.clients[past.client], "registrationExpiresAt": sts.iso(time.time() + 9e6)}),
             ".aws", "sso", "cache", hashlib.sha1(b"s").hexdigest() + ".json")
        url = "https://%s.us-east-1.amazonaws.com:%d"
        table = {
            "imds": {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:%d" % at["imds"].port},
            "container": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:%d%s" % (at["container"].port, ecs.TASK),
                          "AWS_CONTAINER_AUTHORIZATION_TOKEN": at["container"].app.authorization},
            "sso": {"AWS_PROFILE": "sso", "AWS_ENDPOINT_URL_SSO": url % ("portal.sso", at["sso"].port),
                    "AWS_ENDPOINT_URL_SSO_OIDC": url % ("oidc", at["sso"].port)},
            "web": {"AWS_ROLE_ARN": aws.realm.role("Web").arn, "AWS_ENDPOINT_URL_STS": url % ("sts", aws.sts.port),
                    "AWS_WEB_IDENTITY_TOKEN_FILE": keep(aws.realm.web_token(), "token")}}
        for name, env in table.items():
            done = subprocess.run([sys.executable, "-c", BOTOCORE], cwd=home, capture_output=True, text=True, timeout=120,
                                  env=dict({"HOME": home, "AWS_DEFAULT_REGION": "us-east-1", "AWS_CA_BUNDLE": aws.pki.ca_file}, **env))
            found = aws.realm.keys.get(done.stdout.strip())
            expect(found and found is wanted.get(name, found), name, done.stderr[-300:])
    expect([r.action for r in at["sso"].all()] == ["CreateToken", "GetRoleCredentials"], at["sso"].all())


def through(proxy, head):
    """What the proxy answers to these bytes, at least up to the end of a header."""
    with socket.create_connection((proxy.address, proxy.port), 10) as sock:
        sock.sendall(head)
        got = b""
        while b"\r\n\r\n" not in got:
            data = sock.recv(4096)
            if not data:
                break
            got += data
        return got


@test
def the_proxy_leads_by_name_and_notices_what_is_wrong(aws, client):
    proxy = proxystand.ProxyStand(aws, login="me:pass")
    connect = "CONNECT %s:443 HTTP/1.1\r\nHost: %s:443\r\n" % (US, US)
    right = connect + "Proxy-Authorization: Basic bWU6cGFzcw==\r\n\r\n"
    expect(through(proxy, connect.encode() + b"\r\n").startswith(b"HTTP/1.1 407 "))
    expect(through(proxy, (connect + "Proxy-Authorization: Basic bWU6bm8=\r\n\r\n").encode()).startswith(b"HTTP/1.1 407 "))
    expect(through(proxy, right.encode()) == proxystand.OPEN)
    expect(through(proxy, right.replace(US, "elsewhere.example").encode()).startswith(b"HTTP/1.1 502 "))
    expect(proxy.targets() == 3 * [US + ":443"] + ["elsewhere.example:443"], proxy.targets())
    expect(aws.sts.wait(lambda e: e.connections == 1), aws.sts.connections)
    proxy.refuse("403 No", host=US, times=1)
    expect(through(proxy, right.encode()).startswith(b"HTTP/1.1 403 "))
    expect(through(proxy, right.encode()) == proxystand.OPEN)
    expect(list(proxy.problems(["a secret that nobody has"])) == [], list(proxy.problems([])))
    for bad in (right.replace("Host: sts", "Host: x"), right.replace("\r\n\r\n", "\r\nX-Key: 1\r\n\r\n"), "GET / HTTP/1.1\r\n\r\n",
                right.replace("\r\n\r\n", "\r\n\r\nGET / HTTP/1.1\r\n")):
        proxy.tunnels.clear()
        through(proxy, bad.encode())
        expect(len(list(proxy.problems([]))) == 1, bad)
    proxy.tunnels.clear()
    through(proxy, right.encode())
    expect(len(list(proxy.problems(["me:pass"]))) == 1, "a secret in the header")
    for data, wanted in ((b"", True), (b"\x16\x03\x01\x00\x01x", True), (b"\x16\x03\x01\x00\x05x", True), (b"\x16\x02", False),
                         (b"\x16\x03\x01\x00\x01x<html>", False), (b"\x17\x03", True)):
        expect(proxystand.is_tls(data) == wanted, data)
    proxy.stop()
    expect(aws.sts.wait(lambda e: (e.connections, len(e.problems)) == (6, 6)), "six handshakes that came to nothing",
           aws.sts.problems)


def main(word):
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        pki = Pki(folder, NAMES)
        for one in TESTS:
            if word not in one.__name__:
                continue
            aws = StandIn(pki)
            try:
                one(aws, Client(aws))
                print("ok      " + one.__name__)
            except Exception as why:  # pylint: disable=broad-except
                bad += 1
                print("FAILED  %s: %s: %s\n        %s" % (one.__name__, type(why).__name__, why, aws.requests()[-3:]))
            aws.stop()
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
