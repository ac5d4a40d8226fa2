# SPDX-License-Identifier: MIT
"""What travels between client and stand-in: a request as it was received and recorded, and a reply before it is sent.
Reading is strict where AWS is; how a reply is spoiled on its way out is left to faults.py."""
import email.utils
import http.client

HEADER_MAX = 65536


class BadRequest(Exception):
    """The client sent something that is not HTTP/1.1."""


class Request:
    """One received request; the bench reads these afterwards. endpoint is "sts" or "signin"."""

    def __init__(self, head, body, endpoint, port, sni, tls):
        lines = head.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        if len(words) != 3 or words[2] != "HTTP/1.1":
            raise BadRequest("request line %r" % lines[0])
        self.method, self.target = words[:2]
        self.path, _, self.query = self.target.partition("?")
        self.headers = []
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if not colon or not name or name != name.strip():
                raise BadRequest("header line %r" % line)
            self.headers.append((name, value.strip(" \t")))
        self.head, self.body = head, body
        self.endpoint, self.port, self.sni, self.tls = endpoint, port, sni, tls
        self.form = {}
        self.keys = self.token = self.refused = self.status = self.fault = self.at = None

    def header(self, name):
        values = [v for n, v in self.headers if n.lower() == name]
        if len(values) > 1:
            raise BadRequest("header %s is given twice" % name)
        return values[0] if values else None

    @property
    def host(self):
        """The Host header without its port."""
        return (self.header("host") or "").rpartition("]")[2].partition(":")[0]

    @property
    def action(self):
        return self.form.get("Action")

    def __repr__(self):
        return "<%s %s %s%s Action=%s -> %s%s%s>" % (
            self.endpoint, self.method, self.host, self.path, self.action, self.status,
            " " + self.refused if self.refused else "", " fault=" + self.fault if self.fault else "")


class Reply:
    def __init__(self, status, body=b"", content_type="text/xml", request_id=None, headers=()):
        self.status, self.body, self.content_type = status, body, content_type
        self.request_id, self.headers = request_id, list(headers)
        self.framing = True        # add Content-Length

    def head(self, now):
        """Status line and header lines, ending in the empty line. Date comes from the stand-in's clock."""
        fields = [("Date", email.utils.formatdate(now, usegmt=True)), ("Content-Type", self.content_type)]
        if self.request_id:
            fields.append(("x-amzn-requestid", self.request_id))
        if self.framing:
            fields.append(("Content-Length", str(len(self.body))))
        reason = http.client.responses.get(self.status, "Unknown")
        lines = ["HTTP/1.1 %d %s" % (self.status, reason)] + ["%s: %s" % f for f in fields + self.headers]
        return "\r\n".join(lines + ["", ""]).encode("latin-1")


def read_request(receive, endpoint, port, sni, tls):
    """One request from receive(n), or None when the client closed before it began."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = receive(16384)
        if not more:
            if data:
                raise BadRequest("the request is cut: %r" % data[:80])
            return None
        data += more
        if len(data) > HEADER_MAX:
            raise BadRequest("the header is too long")
    head, _, body = data.partition(b"\r\n\r\n")
    request = Request(head, b"", endpoint, port, sni, tls)
    if request.header("transfer-encoding"):
        raise BadRequest("the body is sent chunked, which AWS query endpoints need not take")
    length = request.header("content-length")
    if request.method == "POST" and length is None:
        raise BadRequest("a POST has no Content-Length")
    wanted = int(length or 0)
    while len(body) < wanted:
        more = receive(wanted - len(body))
        if not more:
            raise BadRequest("the body is cut")
        body += more
    if len(body) > wanted:
        raise BadRequest("bytes follow the body")
    request.body = body
    return request
