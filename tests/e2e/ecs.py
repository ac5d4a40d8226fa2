# SPDX-License-Identifier: MIT
"""The endpoint that hands keys to a container, as ECS and EKS Pod Identity have it (AWS SDKs and Tools Reference Guide,
"Container credential provider"). An application for server.py's Endpoint."""
import json

from sts import iso
from wire import Reply

TASK = "/v2/credentials/4f2f7a1e-5d21-4c57-8cf0-1d2c1f7f2f5b"     # ECS
POD = "/v1/credentials"                                           # EKS


class Container:
    """authorization: what the header of that name has to be, byte for byte; None: there must be none.
    document: a dictionary in the place of the keys."""

    def __init__(self, realm, keys, path=TASK, authorization=None, document=None):
        self.realm, self.keys, self.path, self.document = realm, keys, path, document
        self.authorization = authorization and realm.hide(authorization)

    def __call__(self, request):
        request.form = {"Action": "keys"}
        if request.target != self.path:
            return refusal(404, "CredentialsNotFound", "Credentials not found")
        if request.method != "GET" or request.body:
            return refusal(405, "MethodNotAllowed", "Only GET")
        if request.header("authorization") != self.authorization:
            return refusal(401, "AccessDeniedException", "Unauthorized Exception! EKS does not have permissions to assume "
                           "the associated role.")
        return Reply(200, json.dumps(self.document or self._keys()).encode(), "application/json")

    def _keys(self):
        return {"RoleArn": self.keys.arn, "AccessKeyId": self.keys.key_id, "SecretAccessKey": self.keys.secret,
                "Token": self.keys.token, "Expiration": iso(self.keys.expires), "AccountId": self.keys.account}


def refusal(status, code, message):
    body = {"code": code, "message": message, "HTTPErrorCode": status}
    return Reply(status, json.dumps(body).encode(), "application/json")
