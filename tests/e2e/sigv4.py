# SPDX-License-Identifier: MIT
"""The stand-in's check of AWS Signature Version 4, from the bytes that were received.
Knows nothing of users or actions: it is given the secret and says what is wrong with the signature, in AWS's words."""
import calendar
import hashlib
import hmac
import re
import time
import urllib.parse

WINDOW_S = 15 * 60
MISMATCH = ("The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details.")


class Refused(Exception):
    """An AWS error: HTTP status, code and message."""

    def __init__(self, status, code, message):
        super().__init__("%d %s: %s" % (status, code, message))
        self.status, self.code, self.message = status, code, message


def amz_date(seconds):
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))


def signing_key(secret, date, region, service):
    key = ("AWS4" + secret).encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def quote(text):
    return urllib.parse.quote(text, safe="-_.~")


def canonical_query(query, without=()):
    pairs = []
    for item in query.split("&") if query else []:
        name, _, value = item.partition("=")
        name, value = urllib.parse.unquote_plus(name), urllib.parse.unquote_plus(value)
        if name not in without:
            pairs.append((quote(name), quote(value)))
    return "&".join("%s=%s" % pair for pair in sorted(pairs))


def canonical_request(request, signed, query, payload_hash):
    lines = []
    for name in signed:
        values = [re.sub(" +", " ", v.strip()) for n, v in request.headers if n.lower() == name]
        if not values:
            raise Refused(403, "SignatureDoesNotMatch", "Signed header '%s' is missing from the request." % name)
        lines.append("%s:%s\n" % (name, ",".join(values)))
    return "\n".join([request.method, request.path or "/", query, "".join(lines), ";".join(signed), payload_hash])


class Signature:
    """What the request claims: key id, scope, date, signed headers, signature, token. From header or query."""

    def __init__(self, request):
        given = dict(urllib.parse.parse_qsl(request.query))
        header = request.header("authorization")
        self.presigned = header is None and "X-Amz-Signature" in given
        if header is None and not self.presigned:
            raise Refused(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
        if self.presigned:
            credential, signed = given.get("X-Amz-Credential"), given.get("X-Amz-SignedHeaders")
            self.signature = given["X-Amz-Signature"]
            self.date, self.token = given.get("X-Amz-Date", ""), given.get("X-Amz-Security-Token")
        else:
            match = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=(\S+?), ?SignedHeaders=(\S+?), ?Signature=(\S+)", header)
            if not match:
                raise Refused(400, "IncompleteSignature", "Authorization header is not what is expected.")
            credential, signed, self.signature = match.groups()
            self.date = request.header("x-amz-date") or ""
            self.token = request.header("x-amz-security-token")
        parts = (credential or "").split("/")
        if len(parts) != 5 or parts[4] != "aws4_request" or not re.fullmatch(r"\d{8}T\d{6}Z", self.date):
            raise Refused(400, "IncompleteSignature", "Credential or date is malformed.")
        self.key_id, self.day, self.region, self.service = parts[:4]
        self.signed = signed.split(";")

    def check(self, request, secret, now, region, service="sts"):
        """Raise Refused unless the signature is right, in its window and scoped to region and service."""
        self._check_window(now)
        if self.day != self.date[:8] or self.service != service:
            raise Refused(403, "SignatureDoesNotMatch", "Credential should be scoped to correct service: '%s'." % service)
        if self.region != region:
            raise Refused(403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region. ")
        self._check_headers(request)
        without = ("X-Amz-Signature",) if self.presigned else ()
        payload = b"" if self.presigned else request.body
        text = canonical_request(request, self.signed, canonical_query(request.query, without),
                                 hashlib.sha256(payload).hexdigest())
        scope = "/".join((self.day, self.region, self.service, "aws4_request"))
        to_sign = "\n".join(("AWS4-HMAC-SHA256", self.date, scope, hashlib.sha256(text.encode("latin-1")).hexdigest()))
        wanted = hmac.new(signing_key(secret, self.day, self.region, self.service), to_sign.encode(), hashlib.sha256)
        if not hmac.compare_digest(wanted.hexdigest(), self.signature):
            raise Refused(403, "SignatureDoesNotMatch", MISMATCH)

    def _check_window(self, now):
        then = calendar.timegm(time.strptime(self.date, "%Y%m%dT%H%M%SZ"))
        mine, here = self.date, amz_date(now)
        if then < now - WINDOW_S:
            raise Refused(403, "SignatureDoesNotMatch", "Signature expired: %s is now earlier than %s (%s - 15 min.)"
                          % (mine, amz_date(now - WINDOW_S), here))
        if then > now + WINDOW_S:
            raise Refused(403, "SignatureDoesNotMatch", "Signature not yet current: %s is still later than %s (%s + 15 min.)"
                          % (mine, amz_date(now + WINDOW_S), here))

    def _check_headers(self, request):
        if self.signed != sorted(self.signed) or "host" not in self.signed:
            raise Refused(403, "SignatureDoesNotMatch", "'Host' must be a signed header, and headers must be sorted.")
        for name, _ in request.headers:
            if name.lower().startswith("x-amz-") and name.lower() not in self.signed:
                raise Refused(403, "SignatureDoesNotMatch", "Header '%s' must be signed." % name)
