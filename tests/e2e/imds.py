# SPDX-License-Identifier: MIT
"""Instance metadata of the stand-in (EC2 User Guide, "Use the Instance Metadata Service"): tokens of version 2, the role,
its keys, where the instance is. An application for server.py's Endpoint, without TLS; that is how EC2 has it."""
import json
import secrets

from sts import iso
from wire import Reply

TOKEN, ROLES = "/latest/api/token", "/latest/meta-data/iam/security-credentials/"
PLACEMENT = "/latest/meta-data/placement/"
TTL = "x-aws-ec2-metadata-token-ttl-seconds"
TTL_MAX_S = 21600
PAGE = ('<?xml version="1.0" encoding="iso-8859-1"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"\n'
        '\t"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml">\n'
        ' <head>\n  <title>%(status)d - %(reason)s</title>\n </head>\n <body>\n  <h1>%(status)d - %(reason)s</h1>\n'
        ' </body>\n</html>\n')
REASONS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed"}
UNTRUSTED = {       # EC2 User Guide, "Troubleshoot IAM": a role that EC2 may not assume
    "Code": "AssumeRoleUnauthorizedAccess", "LastUpdated": "2026-11-23T03:12:00Z",
    "Message": "EC2 cannot assume the role web-server.  Please see documentation at "
               "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html"}


class Imds:
    """An instance with a role. What a test may change:
    role      its name; None: no role is attached
    v1        requests without a token are answered, too
    refusal   status that refuses tokens, as where there is only version 1
    document  a dictionary in the place of the keys
    closes    each answer ends its connection, as EC2 has it"""

    def __init__(self, realm, keys, role="web-server", region="us-east-1", v1=False, refusal=None, document=None):
        self.realm, self.keys, self.role, self.region = realm, keys, role, region
        self.v1, self.refusal, self.document = v1, refusal, document
        self.tokens, self.closes = {}, True     # tokens: -> when they end

    def __call__(self, request):
        request.form = {"Action": self._action(request.path)}
        status, body = self._answer(request)
        if body is None:
            body = PAGE % {"status": status, "reason": REASONS[status]}
        kind = "text/plain" if status == 200 else "text/html"
        more = [("Server", "EC2ws")] + [("Connection", "close")] * self.closes
        if status == 200 and request.method == "PUT":
            more.append(("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", request.header(TTL)))
        return Reply(status, body.encode(), kind, None, more)

    def _action(self, path):
        if path == TOKEN:
            return "token"
        if path.startswith(ROLES):
            return "keys" if path != ROLES else "role"
        return path[len(PLACEMENT):] if path.startswith(PLACEMENT) else "other"

    def _answer(self, request):
        if request.path == TOKEN:
            return self._token(request)
        if request.method != "GET":
            return 405, None
        given = request.header("x-aws-ec2-metadata-token")
        if given is None and not self.v1:
            return 401, None
        if given is not None and self.tokens.get(given, 0) < self.realm.clock.now():
            return 401, None
        request.token = given
        found = {ROLES: self.role, PLACEMENT + "region": self.region, PLACEMENT + "availability-zone": self.region + "b"}
        if self.role:
            found[ROLES + self.role] = json.dumps(self.document or self._keys(), indent=2)
        text = found.get(request.path)
        return (404, None) if text is None else (200, text)

    def _token(self, request):
        if self.refusal:
            return self.refusal, None
        if request.method != "PUT":
            return 405, None
        if request.header("x-forwarded-for") is not None:
            return 403, None
        ttl = request.header(TTL) or ""
        if not ttl.isdigit() or not 1 <= int(ttl) <= TTL_MAX_S or request.body:
            return 400, None
        token = self.realm.hide("AQAEAA" + secrets.token_urlsafe(36) + "==")
        self.tokens[token] = self.realm.clock.now() + int(ttl)
        return 200, token

    def _keys(self):
        return {"Code": "Success", "LastUpdated": iso(self.realm.clock.now()), "Type": "AWS-HMAC",
                "AccessKeyId": self.keys.key_id, "SecretAccessKey": self.keys.secret, "Token": self.keys.token,
                "Expiration": iso(self.keys.expires)}
