# SPDX-License-Identifier: MIT
"""IAM Identity Center of the stand-in: GetRoleCredentials of the portal and CreateToken of OIDC, by host name (API
references "AWS IAM Identity Center Portal" and "… OIDC"). An application for server.py's Endpoint; signs nothing."""
import json
import re
import secrets
import urllib.parse
import uuid

from wire import Reply

HOST = r"(portal\.sso|oidc)\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?|amazonaws\.eu)"
LIFE_S = 8 * 3600
CACHED_AT = "%Y-%m-%dT%H:%M:%SZ"


class Refusal(Exception):
    def __init__(self, status, kind, message):
        super().__init__(message)
        self.status, self.kind, self.message = status, kind, message


class Access:
    """What one person has after `aws sso login`: a bearer token, perhaps with what renews it."""

    def __init__(self, bearer, region, expires, client=None, refresh=None):
        self.bearer, self.region, self.expires, self.client, self.refresh = bearer, region, expires, client, refresh


class Sso:
    """grants: (account, role name) -> keys. Every bearer may use each of them. rotates: what renews a token does so once."""

    def __init__(self, realm):
        self.realm, self.rotates = realm, False
        self.grants, self.access, self.clients = {}, {}, {}

    def grant(self, keys, account="123456789012", role="Admin"):
        self.grants[account, role] = keys
        return keys

    def sign_in(self, region="us-east-1", life_s=LIFE_S, refresh=True):
        """A person has signed in; answers what `aws sso login` would put into its cache."""
        hide = self.realm.hide
        made = Access(hide("aoaAAAAAG" + secrets.token_urlsafe(220)), region, self.realm.clock.now() + life_s)
        if refresh:
            made.client = secrets.token_urlsafe(18)
            self.clients[made.client] = hide("eyJraWQ" + secrets.token_urlsafe(300))
            made.refresh = hide("aorAAAAAG" + secrets.token_urlsafe(220))
        self.access[made.bearer] = made
        return made

    def __call__(self, request):
        request_id = str(uuid.uuid4())
        where = re.fullmatch(HOST, request.host)
        try:
            if not where:
                raise Refusal(404, "UnknownOperationException", "no such host")
            if where.group(1) == "oidc":
                request.form = {"Action": "CreateToken"}
                found = self._create_token(request, where.group(2))
            else:
                request.form = {"Action": "GetRoleCredentials"}
                found = self._role_credentials(request, where.group(2))
            return Reply(200, json.dumps(found).encode(), "application/json", request_id)
        except Refusal as no:
            request.refused = no.kind
            if where and where.group(1) == "oidc":
                word = re.sub(r"(?<!^)(?=[A-Z])", "_", no.kind.replace("Exception", "")).lower()
                body = {"error": word, "error_description": no.message}
            else:
                body = {"__type": "com.amazonaws.switchboard.portal#" + no.kind, "message": no.message}
            return Reply(no.status, json.dumps(body).encode(), "application/json", request_id, [("x-amzn-ErrorType", no.kind)])

    def _role_credentials(self, request, region):
        if (request.method, request.path) != ("GET", "/federation/credentials"):
            raise Refusal(404, "UnknownOperationException", "no such operation")
        query = urllib.parse.parse_qs(request.query, strict_parsing=True)
        if set(query) != {"role_name", "account_id"} or request.header("authorization"):
            raise Refusal(400, "InvalidRequestException", "role_name and account_id, unsigned")
        access = self.access.get(request.header("x-amz-sso_bearer_token"))
        if not access or access.region != region or access.expires < self.realm.clock.now():
            raise Refusal(401, "UnauthorizedException", "Session token not found or invalid")
        keys = self.grants.get((query["account_id"][0], query["role_name"][0]))
        if not keys:
            raise Refusal(403, "ForbiddenException", "No access")
        request.keys = keys
        return {"roleCredentials": {"accessKeyId": keys.key_id, "secretAccessKey": keys.secret, "sessionToken": keys.token,
                                    "expiration": int(keys.expires * 1000)}}

    def _create_token(self, request, region):
        if (request.method, request.path) != ("POST", "/token"):
            raise Refusal(404, "UnknownOperationException", "no such operation")
        if (request.header("content-type") or "").split(";")[0] not in ("application/json", "application/x-amz-json-1.1"):
            raise Refusal(400, "InvalidRequestException", "the body is not said to be JSON")
        try:
            form = json.loads(request.body)
        except ValueError:
            raise Refusal(400, "InvalidRequestException", "the body is not JSON") from None
        if not isinstance(form, dict) or form.get("grantType") != "refresh_token":
            raise Refusal(400, "UnsupportedGrantTypeException", "only refresh_token")
        if form.get("clientId") not in self.clients or self.clients[form["clientId"]] != form.get("clientSecret"):
            raise Refusal(401, "InvalidClientException", "Client credentials are not valid")
        held = [a for a in self.access.values() if a.refresh and a.refresh == form.get("refreshToken")
                and (a.client, a.region) == (form["clientId"], region)]
        if not held:
            raise Refusal(400, "InvalidGrantException", "Invalid refresh token provided")
        fresh = self.sign_in(region, refresh=False)
        fresh.client, fresh.refresh = held[0].client, held[0].refresh
        if self.rotates:
            fresh.refresh, held[0].refresh = self.realm.hide("aorAAAAAG" + secrets.token_urlsafe(220)), None
        return {"accessToken": fresh.bearer, "tokenType": "Bearer", "expiresIn": LIFE_S, "refreshToken": fresh.refresh}
