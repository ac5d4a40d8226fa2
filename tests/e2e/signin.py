# SPDX-License-Identifier: MIT
"""The sign-in side of the stand-in: getSigninToken and login at /federation, with AWS's rules for SessionDuration.
Every token records the keys and duration it was issued for, so that a test can follow a URL back to its keys."""
import json
import re
import urllib.parse
import uuid

import realm as facts
from wire import Reply

TOKEN_LIFE_S = 15 * 60
PAGE = """<!DOCTYPE html>
<html><head><title>%(status)d %(reason)s</title><meta charset="utf-8"></head>
<body><h1>HTTP Status %(status)d - %(reason)s</h1>
<p>The request sent by the client was syntactically incorrect (%(reason)s).</p>
<p>Request ID: %(id)s</p></body></html>
"""


def page(status, reason):
    request_id = str(uuid.uuid4())
    body = PAGE % {"status": status, "reason": reason, "id": request_id}
    return Reply(status, body.encode(), "text/html; charset=utf-8", request_id,
                 [("Content-Security-Policy", "default-src 'none'")])


class Refusal(Exception):
    """Why a request is refused; recorded for the test, never told to the client, as at AWS."""


class Signin:
    """The federation endpoint: call it with a request, get a Reply."""

    def __init__(self, realm):
        self.realm = realm
        self.token_length = 1400

    def __call__(self, request):
        if request.path != "/federation":
            return page(404, "Not Found")
        try:
            text = request.query if request.method == "GET" else request.body.decode("ascii")
            if request.method == "POST" and request.query:
                raise Refusal("a POST has a query string")
            pairs = urllib.parse.parse_qsl(text, keep_blank_values=True, strict_parsing=True)
            request.form = dict(pairs)
            if len(request.form) != len(pairs):
                raise Refusal("a parameter is given twice")
            if request.method == "POST":
                kind = (request.header("content-type") or "").split(";")[0].strip().lower()
                if kind != "application/x-www-form-urlencoded":
                    raise Refusal("Content-Type is %r" % kind)
            elif request.method != "GET":
                return page(405, "Method Not Allowed")
            action = request.form.get("Action")
            if action == "getSigninToken":
                return self._token(request)
            if action == "login" and request.method == "GET":
                return self._login(request)
            raise Refusal("Action is %r" % action)
        except (Refusal, ValueError) as why:
            request.refused = str(why)
            return page(400, "Invalid credentials parameter")

    def _token(self, request):
        session = json.loads(request.form.get("Session", "null"))
        if not isinstance(session, dict) or set(session) != {"sessionId", "sessionKey", "sessionToken"}:
            raise Refusal("Session has other fields than sessionId, sessionKey and sessionToken")
        keys = self.realm.keys.get(session["sessionId"])
        where = facts.place(request.host)
        if not keys or not keys.token or (keys.secret, keys.token) != (session["sessionKey"], session["sessionToken"]):
            raise Refusal("the session keys were not issued here")
        request.keys = keys
        if keys.expires < self.realm.clock.now():
            raise Refusal("the session keys have expired")
        if where is None or where[0] != "signin" or keys.partition != where[2]:
            raise Refusal("%s is no sign-in host of partition %s" % (request.host, keys.partition))
        if keys.kind == facts.SESSION:
            raise Refusal("GetSessionToken keys cannot open a console")
        duration = self._duration(request.form.get("SessionDuration"), keys)
        token = self.realm.signin_token(keys, duration, request.host, self.token_length)
        request.token = token
        return Reply(200, json.dumps({"SigninToken": token.value}).encode(), "application/json", str(uuid.uuid4()))

    def _duration(self, text, keys):
        if text is None:
            return None
        if not keys.allows_duration:
            raise Refusal("SessionDuration is not allowed for %s keys" % keys.kind)
        if not re.fullmatch(r"\d+", text) or not 900 <= int(text) <= 43200:
            raise Refusal("SessionDuration %r is out of bounds" % text)
        return int(text)

    def _login(self, request):
        token = self.realm.tokens.get(request.form.get("SigninToken"))
        target = urllib.parse.urlsplit(request.form.get("Destination", ""))
        where = facts.place(request.host)
        if not token or token.redeemed or self.realm.clock.now() > token.issued + TOKEN_LIFE_S:
            raise Refusal("the sign-in token is unknown, used or older than 15 minutes")
        if where is None or where[2] != token.keys.partition:
            raise Refusal("the sign-in token is of another partition")
        console = [row[4] for row in facts.PARTITIONS if row[0] == where[2]][0]
        host = target.hostname or ""
        if target.scheme != "https" or not (host == console or host.endswith("." + console)):
            raise Refusal("Destination is no console of this partition")
        token.redeemed = True
        return Reply(302, b"", "text/html", str(uuid.uuid4()), [("Location", request.form["Destination"])])
