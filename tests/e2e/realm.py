# SPDX-License-Identifier: MIT
"""Who and what exists in the stand-in AWS: partitions, users, roles, issued sessions and sign-in tokens, and the clock.
Holds facts only; what may be done with them is decided in sts.py and signin.py."""
import base64
import json
import random
import re
import threading
import time

# name, region pattern, STS suffix, sign-in domain, console domain, region that the bare sign-in host stands for,
# suffix of dual-stack hosts
PARTITIONS = (
    ("aws", r"(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+", "amazonaws.com", "signin.aws.amazon.com", "console.aws.amazon.com",
     "us-east-1", "api.aws"),
    ("aws-cn", r"cn-\w+-\d+", "amazonaws.com.cn", "signin.amazonaws.cn", "console.amazonaws.cn", "cn-north-1",
     "api.amazonwebservices.com.cn"),
    ("aws-us-gov", r"us-gov-\w+-\d+", "amazonaws.com", "signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com",
     "us-gov-west-1", "api.aws"),
    ("aws-eusc", r"eusc-(de)-\w+-\d+", "amazonaws.eu", "signin.amazonaws-eusc.eu", "console.amazonaws-eusc.eu", None,
     "api.amazonwebservices.eu"),
    ("aws-iso", r"us-iso-\w+-\d+", "c2s.ic.gov", "signin.c2shome.ic.gov", "console.c2shome.ic.gov",
     "us-iso-east-1", "api.aws.ic.gov"),
)
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
LONG_TERM, FEDERATED, ROLE, CHAINED, SESSION = "long-term", "federated", "assumed-role", "chained", "session-token"


def partition_of(region):
    for row in PARTITIONS:
        if re.fullmatch(row[1], region):
            return row
    return PARTITIONS[0]


def sts_host(region):
    return "sts.%s.%s" % (region, partition_of(region)[2])


def signin_host(region):
    domain, bare = partition_of(region)[3], partition_of(region)[5]
    return domain if region == bare else "%s.%s" % (region, domain)


def other_signin_regions(region):
    """Where postern looks for a sign-in host in place of one that is down, its own region left out."""
    pairs = {"aws": ("us-east-1", "us-west-2"), "aws-cn": ("cn-north-1", "cn-northwest-1"),
             "aws-us-gov": ("us-gov-west-1", "us-gov-east-1")}
    return [r for r in pairs.get(partition_of(region)[0], ()) if r != region]


PRIVATE = {             # a private endpoint stands for its region's own
    "sts.amazonaws.com": ("sts", "us-east-1", "aws"),
    "sts.corp.example": ("sts", "us-east-1", "aws"),
    "signin.corp.example": ("signin", "us-east-1", "aws"),
    "signin-fips.amazonaws-us-gov.com": ("signin", "us-gov-west-1", "aws-us-gov"),
}


def place(host):
    """(service, region, partition) that a host name stands for, or None for a name that AWS does not have."""
    for name, pattern, suffix, domain, _, bare, dual in PARTITIONS:
        match = re.fullmatch(r"(?:vpce-\w+\.)?(sts|signin)(?:-fips)?\.(%s)(?:\.vpce)?\.(?:%s|%s)"
                             % (pattern, re.escape(suffix), re.escape(dual)), host)
        if match:
            return match.group(1), match.group(2), name
        match = re.fullmatch(r"(%s)\.%s" % (pattern, re.escape(domain)), host)
        if match:
            return "signin", match.group(1), name
        if host == domain and bare:
            return "signin", bare, name
    return PRIVATE.get(host)


class Clock:
    """The stand-in's time: this machine's, shifted."""

    def __init__(self, offset_s=0):
        self.offset_s = offset_s

    def now(self):
        return time.time() + self.offset_s


class Keys:
    """A user's long-term keys, or a session's temporary ones (then with token, kind and expiry)."""

    def __init__(self, **facts):
        self.token = None
        self.expires = None
        self.active = True
        self.policy = self.duration_s = None
        self.allows_duration = facts.get("kind") in (ROLE,)
        self.__dict__.update(facts)

    def env(self):
        """The environment variables that hand these keys to a program."""
        both = {"AWS_ACCESS_KEY_ID": self.key_id, "AWS_SECRET_ACCESS_KEY": self.secret}
        return dict(both, AWS_SESSION_TOKEN=self.token) if self.token else both

    def secrets(self):
        return [s for s in (self.secret, self.token) if s]


class Role:
    def __init__(self, arn, trust, external_id, mfa, max_session_s):
        self.arn, self.trust, self.external_id = arn, trust, external_id
        self.mfa, self.max_session_s = mfa, max_session_s
        self.name = arn.rpartition("/")[2]


class WebToken:
    def __init__(self, subject, issuer, audience, expires):
        self.subject, self.issuer, self.audience, self.expires = subject, issuer, audience, expires


class SigninToken:
    def __init__(self, value, keys, duration_s, issued, host):
        self.value, self.keys, self.duration_s, self.issued, self.host = value, keys, duration_s, issued, host
        self.redeemed = False


class Realm:
    def __init__(self, clock):
        self.clock = clock
        self.lock = threading.RLock()
        self.random = random.SystemRandom()
        self.keys = {}             # key id -> Keys
        self.roles = {}            # ARN -> Role
        self.tokens = {}           # sign-in token -> SigninToken
        self.disabled_regions = set()
        self.token_bytes = 750     # a session token is 4/3 of this
        self.web_tokens = {}       # web identity token -> WebToken
        self.hidden = []           # secrets that are nobody's keys: bearer tokens and what renews them

    def user(self, name="alice", account="123456789012", partition="aws", **flags):
        """A user with one pair of long-term keys. Flags: denied (a set of actions), explicit_deny, root, active,
        mfa_serial, mfa_codes (a set; each works once)."""
        root = flags.get("root", False)
        arn = "arn:%s:iam::%s:%s" % (partition, account, "root" if root else "user/" + name)
        facts = dict(name=name, account=account, partition=partition, arn=arn, root=False, denied=set(),
                     explicit_deny=False, mfa_serial=None, mfa_codes=set(), user_id="AIDA" + self._letters(16),
                     kind=LONG_TERM, key_id="AKIA" + self._letters(16), secret=self._secret())
        return self.add(Keys(**dict(facts, **flags)))

    def role(self, name="Admin", account="123456789012", partition="aws", trust=("*",), external_id=None, mfa=False,
             max_session_s=3600):
        role = Role("arn:%s:iam::%s:role/%s" % (partition, account, name), trust, external_id, mfa, max_session_s)
        self.roles[role.arn] = role
        return role

    def session(self, kind, caller, arn=None, duration_s=3600, **flags):
        """Temporary keys of a kind, as if STS had issued them to caller."""
        if arn is None and kind in (ROLE, CHAINED):
            arn = "arn:%s:sts::%s:assumed-role/Admin/session" % (caller.partition, caller.account)
        elif arn is None and kind == FEDERATED:
            arn = "arn:%s:sts::%s:federated-user/%s" % (caller.partition, caller.account, caller.name)
        facts = dict(kind=kind, arn=arn or caller.arn, account=caller.account, partition=caller.partition,
                     name=caller.name, root=caller.root, denied=set(), explicit_deny=False, user_id=caller.user_id,
                     mfa_serial=None, mfa_codes=set(), key_id="ASIA" + self._letters(16), secret=self._secret(),
                     token=self._token(), expires=self.clock.now() + duration_s, duration_s=duration_s)
        return self.add(Keys(**dict(facts, **flags)))

    def add(self, keys):
        with self.lock:
            self.keys[keys.key_id] = keys
        return keys

    def signin_token(self, keys, duration_s, host, length=1400):
        raw = base64.urlsafe_b64encode(self.random.randbytes(length)).decode().replace("=", "")
        token = SigninToken(raw[:length], keys, duration_s, self.clock.now(), host)
        with self.lock:
            self.tokens[token.value] = token
        return token

    def web_token(self, subject="system:serviceaccount:default:web", issuer="https://oidc.corp.example", life_s=3600):
        """A JSON Web Token that an identity provider which the account trusts has signed for subject."""
        made = WebToken(subject, issuer, "sts.amazonaws.com", self.clock.now() + life_s)
        claims = {"iss": issuer, "sub": subject, "aud": [made.audience], "exp": int(made.expires)}
        parts = (b'{"alg":"RS256","typ":"JWT"}', json.dumps(claims).encode(), self.random.randbytes(256))
        value = self.hide(".".join(base64.urlsafe_b64encode(p).decode().rstrip("=") for p in parts))
        self.web_tokens[value] = made
        return value

    def issued(self, kind):
        return [k for k in self.keys.values() if k.kind == kind]

    def secrets(self):
        """Every secret of this realm but the sign-in tokens."""
        with self.lock:
            return [s for k in self.keys.values() for s in k.secrets()] + self.hidden

    def hide(self, secret):
        """Let this be searched for as keys are; answers it."""
        with self.lock:
            self.hidden.append(secret)
        return secret

    def _letters(self, count):
        return "".join(self.random.choice(BASE32) for _ in range(count))

    def _secret(self):
        text = "".join(self.random.choice(BASE64) for _ in range(37))
        return text[:11] + "/" + text[11:25] + "+" + text[25:] + "/"   # what wants escaping is always there

    def _token(self):
        return "IQoJb3JpZ2luX2Vj" + base64.b64encode(self.random.randbytes(self.token_bytes)).decode()
