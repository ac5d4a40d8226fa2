# SPDX-License-Identifier: MIT
"""Writes the SigV4 golden cases beside this file, with botocore as the signer.

    python3 tests/golden/sigv4/generate.py [--check]

A case is a directory: "request" is what build/checks/sigv4 is given; "canonical",
"to_sign", "key" (hex) and "signature" are the four stages, "sent" is the value of the
Authorization header or the presigned URL. None ends with a line feed. --check writes
nothing and says which cases differ from what botocore signs now.

Cases f* are the vectors of our protocol notes, section F. Their signatures and the
hashes of their canonical requests were published or computed beforehand and stand here:
botocore has to agree with them. Last run with botocore 1.43.11; Debian's
python3-botocore does as well."""

import base64
import datetime
import hashlib
import hmac
import json
import os
import random
import sys
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials

HERE = os.path.dirname(os.path.abspath(__file__))
KEY_ID = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TIME = "20150830T123600Z"
FORM = "application/x-www-form-urlencoded; charset=utf-8"
TOKEN1 = ("AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/"
          "qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xV"
          "qr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==")
ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'

CASES = []


def case(name, host, method="POST", path="/", query=(), headers=(), body=b"", region="us-east-1", service="sts",
         token=None, form="header", expires=None, time=TIME, key_id=KEY_ID, secret=SECRET, content_type=None,
         canonical_sha256=None, signature=None, key=None, body_sha256=None, url_sha256=None):
    assert hashlib.sha256(TOKEN1.encode()).hexdigest().startswith("377c62d1")
    headers = [["host", host]] + [list(h) for h in headers]
    if content_type:
        headers.insert(0, ["content-type", content_type])
    request = {"method": method, "path": path, "query": [list(q) for q in query], "headers": headers,
               "body_b64": base64.b64encode(body).decode(), "region": region, "service": service,
               "access_key": key_id, "secret_key": secret, "time": time, "form": form}
    if token:
        request["session_token"] = token
    if expires:
        request["expires"] = expires
    known = {"canonical_sha256": canonical_sha256, "signature": signature, "key": key,
             "body_sha256": body_sha256, "url_sha256": url_sha256}
    assert name not in [c[0] for c in CASES], name
    CASES.append((name, request, known))


def form(**parameters):
    """A form body as Postern writes it: every byte encoded that may be."""
    return "&".join("%s=%s" % (k.replace("__", "."), urllib.parse.quote(v, safe="-_.~"))
                    for k, v in parameters.items()).encode()


def sheet():
    """Section F of the protocol notes."""
    identity = form(Action="GetCallerIdentity", Version="2011-06-15")
    sts = "sts.us-east-1.amazonaws.com"
    us_key = "a9d028e9e96178f3ed6acfa66eff308447119de7ba1dd1dc7b666bbcb5686dfd"
    case("f0-get-vanilla", "example.amazonaws.com", "GET", service="service",
         signature="5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")
    case("f0-post-sts-header-before", "example.amazonaws.com", service="service", token=TOKEN1,
         signature="85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead")
    case("f0-list-users", "iam.amazonaws.com", "GET", query=[("Action", "ListUsers"), ("Version", "2010-05-08")],
         content_type=FORM, service="iam",
         signature="5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
         key="c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9")
    case("f1-identity", sts, body=identity, content_type=FORM, key=us_key,
         body_sha256="ab821ae955788b0e33ebd34c208442ccfc2d406e2edc5e7a39bd6458fbb4f843",
         canonical_sha256="74f85d64795bc5f30af8b92378344f5c25c0d305498fca44ea38f6a5a1d5860f",
         signature="52a8540fea00e731072179f763577cbe2a45eac2c5d32fb4d785f3eefac88165")
    case("f2-fewest-headers", sts, body=identity, key=us_key,
         canonical_sha256="8e70e4b7f6da372d49c253bb3f0bda42b7c99df78513deacc86ab7d2b288b7ad",
         signature="6f5b24efd725b4b1346d20ecef0d9907d33fb68d3ee5cc640fd6eb2da4505d57")
    case("f3-federation-token", "sts.amazonaws.com", content_type=FORM, key=us_key, body=form(
        Action="GetFederationToken", Version="2011-06-15", Name="dev@example.com", Policy=ALLOW_ALL,
        PolicyArns__member__1__arn="arn:aws:iam::aws:policy/ReadOnlyAccess", DurationSeconds="3600",
        Tags__member__1__Key="Team", Tags__member__1__Value="Ops & Caf\u00e9"),
        body_sha256="b581c72b9e43d203f1a1dcfaf54ad6d26c872725f702f9ecf0a160e23abfa520",
        canonical_sha256="29a7dfd159a2f47a47912758d4217c306637759f60c78b6fcc5f8a4622a9c6fd",
        signature="0bbe164332a49450aff1da18a48a4e08d093897efd536c0575a022450d957496")
    case("f4-assume-role", "sts.eu-west-1.amazonaws.com", content_type=FORM, region="eu-west-1", token=TOKEN1,
         key="d12a4a2cda0ef616ec540ad5452f5b0c0ecddade0e737266a439f64b775c2de6", body=form(
             Action="AssumeRole", Version="2011-06-15", RoleArn="arn:aws:iam::123456789012:role/Admin",
             RoleSessionName="dev+1=a,b.c@d-e", DurationSeconds="3600", ExternalId="x:/1"),
         body_sha256="5aedfd3bab0eb984dda6f4eb4876124eb444852b681255b4d951fc61b6c2c486",
         canonical_sha256="435eadd8d3119ac937842e2e3da5f031a3d04f6680449dccb174eb6dc90d893d",
         signature="0d1a61a81362d5be0600c989f2ebdebcac137e44a06cd0cfc1fff29478135b5e")
    case("f5-china", "sts.cn-north-1.amazonaws.com.cn", content_type=FORM, region="cn-north-1", token=TOKEN1,
         body=identity, key="46146bd5b412f73cff47645c974691466097d8f54f6a1668cc385896e2aa99ed",
         canonical_sha256="0977f5bf5ae5aeb49bd8317eddf73b07a9335d09f9bf6ab0189f4b4eb1ff4066",
         signature="1b395a7b22def6a590fa1813232f08a7f44e1e018ccf590b9b333377ee6aeef8")
    case("f6-presigned-identity", sts, "GET", form="query", expires=60, key=us_key,
         query=[("Action", "GetCallerIdentity"), ("Version", "2011-06-15")],
         canonical_sha256="f3545b13225e91b6f684506f9b07d6f5c61e1200bb6e78ad837dd90281a67104",
         url_sha256="66aa3f54405ac29da39e1433c02af81da2206e048cb4427938441fe1a6ae22be",
         signature="edc8907c6c6ab903df773b39e30bcee2e7cbef539f89e69dfe8e7f6a80781bb6")
    case("f7-presigned-federation-token", "sts.eu-central-1.amazonaws.com", "GET", form="query", expires=900,
         region="eu-central-1", key="01c650e920141ed6f0355716bb88daf5a0e52ba3d3cc35683ace8aee26c232ff",
         query=[("Action", "GetFederationToken"), ("Version", "2011-06-15"), ("Name", "dev"), ("Policy", ALLOW_ALL),
                ("DurationSeconds", "43200")],
         canonical_sha256="b73ab1b6c271a4b7e9cb6fe909f4bf3c26a538b213e88d2c43695466e978ab65",
         url_sha256="80343cd6b93d1366d3bec965bbd4e0c87063d02442697ee017ac1af509bfd0b1",
         signature="11abfa05eb5c6f4de8b679c9261579e60cc78ab687e772935ae073fdac9c6628")
    case("f8-presigned-with-token", sts, "GET", form="query", expires=900, token=TOKEN1, key=us_key,
         query=[("Action", "GetCallerIdentity"), ("Version", "2011-06-15")],
         canonical_sha256="a810c9d78b030c0ffc3a846bfda646251534a7971162c1dd4cec7a7a35a04fc4",
         url_sha256="20948c4fd8442eb391e0ff8fadce392d8de42c519828d46b1a210a1b65e3ba42",
         signature="0fe44c833f5e53be6bacece8bc347be5871d3614bc6560319c5ce7401b96dc55")
    case("f9a-sovereign-cloud", "sts.eusc-de-east-1.amazonaws.eu", content_type=FORM, region="eusc-de-east-1",
         body=identity, key="54b5ce5445844f6d127e161a280b7a8a95626becaa06a4de8ba0299cbfa9ea7a",
         canonical_sha256="8ff46a6abe7da828b4c04e8cc6e7d90060d5f36690f58ead8b875d5561a93459",
         signature="09f7a1399f2701b5a90aebddd44aab3183a0c95ea075b96a46d341ffabf38484")
    case("f9b-signed-accept", "sts.us-east-2.amazonaws.com", content_type=FORM, region="us-east-2",
         headers=[("accept", "application/json")],
         key="187e5b149ca96a982f4a9546180c07919ec0a10acc428048f8b037eed242d5b3",
         body=form(Action="GetFederationToken", Version="2011-06-15", Name="dev", DurationSeconds="900"),
         canonical_sha256="eb0837ba605dafd132c84a62f074d81786d4658ebdb1d4f3a3de76d550929a4b",
         signature="20ffe3ffc7c3406769b79331b0dc1d542b1b239da576dc18314792bc8678e989")


def own():
    """What is easy to get wrong, a case for each."""
    host = "sts.us-west-2.amazonaws.com"
    get = {"method": "GET", "region": "us-west-2"}
    case("query-sorted-by-encoded-name", host, query=[("z", "1"), ("\u00e9", "2"), ("a b", "3"), ("a-b", "4"), ("a", "5"),
         ("A", "6"), ("~", "7"), ("_", "8"), ("a!", "9"), ("aa", "10")], **get)
    case("query-same-name-sorted-by-value", host, query=[("n", "b"), ("n", "a"), ("n", ""), ("n", "a b"), ("n", "a-b"),
         ("n", "A")], **get)
    case("query-empty-values", host, query=[("Empty", ""), ("empty", ""), ("e", "x")], **get)
    case("query-every-printable-byte", host, query=[("all", "".join(map(chr, range(0x20, 0x7F))))], **get)
    case("query-name-every-printable-byte", host, query=[("".join(map(chr, range(0x20, 0x7F))), "v")], **get)
    case("query-unicode", host, query=[("\u1234", "bar"), ("k", "\u65e5\u672c\U0001f511")], **get)
    case("query-control-bytes", host, query=[("k", "\t\n\r\x01\x7f")], **get)
    case("query-plus-and-percent", host, query=[("plus", "+"), ("percent", "%20"), ("amp", "&="), ("slash", "/")], **get)
    case("query-prefixes", host, query=[("ab", "1"), ("a", "2"), ("abc", "3"), ("a%", "4"), ("a.", "5")], **get)
    case("path-unreserved", host, path="/-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", **get)
    case("path-space", host, path="/example space/", **get)
    case("path-utf8", host, path="/\u1234/\u00fc", **get)
    case("path-percent", host, path="/100%25/a+b", **get)
    case("path-reserved", host, path="/a:b@c!$&'()*,;=d", **get)
    case("headers-mixed-case", host, headers=[("My-Header1", "value1"), ("X-AMZ-Meta", "v"), ("Zebra", "z")], **get)
    case("header-blanks-are-folded", host, headers=[("my-header1", "  value1   two  three  "), ("my-header2", '"a   b"')], **get)
    case("header-empty-value", host, headers=[("my-header1", "")], **get)
    case("headers-sorted-by-name", host, headers=[("x-amz-z", "1"), ("x-amz", "2"), ("x-amz-a", "3"), ("a", "4"), ("x_b", "5"),
         ("x.c", "6"), ("x-", "7")], **get)
    case("header-unicode-value", host, headers=[("my-header1", "caf\u00e9 \u65e5")], **get)
    case("host-with-port", "127.0.0.1:4566", body=b"Action=GetCallerIdentity&Version=2011-06-15", content_type=FORM)
    case("body-binary", host, body=bytes(range(256)), region="us-west-2")
    case("body-of-64-bytes", host, body=b"x" * 64, region="us-west-2")
    case("body-of-70000-bytes", host, body=b"0123456789" * 7000, region="us-west-2")
    case("method-put", host, "PUT", path="/latest/api/token", service="ec2", region="us-west-2")
    case("method-delete", host, "DELETE", path="/thing", service="execute-api", region="us-west-2")
    case("secret-of-60-bytes", host, secret="s" * 60, **get)
    case("secret-of-61-bytes", host, secret="s" * 61, **get)
    case("secret-of-256-bytes", host, secret="S/+=" * 64, **get)
    case("secret-of-one-byte", host, secret="k", **get)
    case("token-of-2000-bytes", host, token="IQoJb3JpZ2luX2VjE/+=" * 100, **get)
    case("date-leap-day", host, time="20240229T000000Z", **get)
    case("date-last-second-of-year", host, time="19991231T235959Z", **get)
    case("date-first-second-of-year", host, time="20380101T000000Z", **get)
    case("date-far-ahead", host, time="20991231T120000Z", **get)
    case("date-epoch", host, time="19700101T000000Z", **get)
    for region in ("us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "ap-southeast-7"):
        case("region-" + region, "sts.%s.example" % region, region=region, content_type=FORM,
             body=b"Action=GetCallerIdentity&Version=2011-06-15")
    query = [("Action", "AssumeRole"), ("RoleArn", "arn:aws:iam::123456789012:role/a/b"), ("RoleSessionName", "x@y")]
    case("presigned-default-expiry", host, form="query", query=query, **get)
    case("presigned-more-headers", host, form="query", query=query, headers=[("X-K8s-Aws-Id", "cluster  one"), ("accept", "*/*")],
         expires=60, **get)
    case("presigned-without-parameters", host, form="query", expires=1, **get)
    case("presigned-token-with-metacharacters", host, form="query", expires=604800, token="a+b/c==&d?e#f g%20\u00e9", **get)
    case("presigned-key-id-of-temporary-keys", host, form="query", query=query, key_id="ASIAIOSFODNN7EXAMPLE", token=TOKEN1, **get)
    case("presigned-parameters-around-x-amz", host, form="query", query=[("X-Ama", "1"), ("X-Amz-E", "2"), ("X-Amz-T", "3"),
         ("Y", "4"), ("x-amz-date", "5")], **get)
    case("presigned-post", host, "POST", form="query", query=query, region="us-west-2")


def drawn():
    """Twenty requests drawn by lot, always the same."""
    lot = random.Random(4)
    letters = "abcXYZ019-_.~ +/=%&?#@:,;!*'()\"<>[]{}|\\^`\u00e9\u20ac\U0001f600"

    def text(least, most):
        return "".join(lot.choice(letters) for _ in range(lot.randint(least, most)))

    for i in range(20):
        presigned = i % 4 == 3
        names = sorted({text(1, 8) for _ in range(lot.randint(0, 9))})
        lot.shuffle(names)
        region = lot.choice(["us-east-1", "eu-west-3", "cn-northwest-1", "me-south-1"])
        when = datetime.datetime(2000, 1, 1) + datetime.timedelta(seconds=lot.randrange(3 * 10 ** 9))
        case("drawn-%02d" % i, "sts.%s.amazonaws.com" % region, "GET" if presigned else lot.choice(["GET", "POST"]),
             query=[(n, text(0, 20)) for n in names], region=region, form="query" if presigned else "header",
             headers=[("x-amz-meta-%d" % n, text(0, 12).strip()) for n in range(lot.randint(0, 3))],
             body=b"" if presigned else lot.randbytes(lot.randint(0, 200)), token=lot.choice([None, TOKEN1]),
             time=when.strftime("%Y%m%dT%H%M%SZ"), expires=lot.randint(1, 604800) if presigned else None,
             secret=base64.b64encode(lot.randbytes(30)).decode())


class Spy:
    """Keeps what the signer answers at each stage."""

    def canonical_request(self, request):
        self.canonical = super().canonical_request(request)
        return self.canonical

    def string_to_sign(self, request, canonical_request):
        self.to_sign = super().string_to_sign(request, canonical_request)
        return self.to_sign

    def signature(self, string_to_sign, request):
        self.signed = super().signature(string_to_sign, request)
        return self.signed


class HeaderSpy(Spy, botocore.auth.SigV4Auth):
    pass


class QuerySpy(Spy, botocore.auth.SigV4QueryAuth):
    pass


def signing_key(request):
    key = ("AWS4" + request["secret_key"]).encode()
    for part in (request["time"][:8], request["region"], request["service"], "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def sign(request):
    """The five texts of a case, as botocore has them."""
    credentials = botocore.credentials.Credentials(request["access_key"], request["secret_key"], request.get("session_token"))
    presigned = request["form"] == "query"
    signer = (QuerySpy(credentials, request["service"], request["region"], request.get("expires", 3600)) if presigned
              else HeaderSpy(credentials, request["service"], request["region"]))
    now = datetime.datetime.strptime(request["time"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    botocore.auth.get_current_datetime = lambda *_args, **_named: now
    host = dict((n.lower(), v) for n, v in request["headers"])["host"]
    query = [tuple(q) for q in request["query"]]
    sent = botocore.awsrequest.AWSRequest(
        method=request["method"], url="https://" + host + request["path"], data=base64.b64decode(request["body_b64"]),
        params=dict(query) if presigned else query)
    for name, value in request["headers"]:
        sent.headers[name] = value
    signer.add_auth(sent)
    key = signing_key(request)
    assert hmac.new(key, signer.to_sign.encode(), hashlib.sha256).hexdigest() == signer.signed
    return {"canonical": signer.canonical, "to_sign": signer.to_sign, "key": key.hex(), "signature": signer.signed,
            "sent": sent.url if presigned else sent.headers["Authorization"]}


def agree(name, request, known, stages):
    """botocore's answer against what section F says."""
    found = {"canonical_sha256": hashlib.sha256(stages["canonical"].encode()).hexdigest(),
             "signature": stages["signature"], "key": stages["key"],
             "body_sha256": hashlib.sha256(base64.b64decode(request["body_b64"])).hexdigest(),
             "url_sha256": hashlib.sha256(stages["sent"].encode()).hexdigest()}
    for what, wanted in known.items():
        if wanted and found[what] != wanted:
            sys.exit("%s: %s is %s by botocore and %s by section F" % (name, what, found[what], wanted))


def main():
    check = sys.argv[1:] == ["--check"]
    differ = 0
    sheet()
    own()
    drawn()
    for name, request, known in CASES:
        stages = sign(request)
        agree(name, request, known, stages)
        texts = dict(stages, request=json.dumps(request, indent=1, ensure_ascii=True))
        where = os.path.join(HERE, name)
        for stage, text in sorted(texts.items()):
            path = os.path.join(where, stage)
            if check:
                with open(path, encoding="utf-8", newline="") as file:
                    if file.read() != text:
                        print("%s: %s differs" % (name, stage))
                        differ += 1
                continue
            os.makedirs(where, exist_ok=True)
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
    print("%d cases, %d differences" % (len(CASES), differ) if check else "%d cases written" % len(CASES))
    return 1 if differ else 0


sys.exit(main())
