# SPDX-License-Identifier: MIT
"""What a case works with: `@case("a sentence")` registers it, `t` runs postern against a stand-in of its own and judges.
Every run is searched for every secret of its realm, whatever the case asserts; how cases are picked and run is run.py's."""
import functools
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.parse

import process
import realm as facts
from process import Running, hint_commands

CASES = []
STEPS = ("options", "credentials", "dns", "connect", "proxy", "tls", "sts", "signin", "output", "exec")


@functools.cache
def may_mount():
    return bool(shutil.which("unshare")) and subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0


class Skip(Exception):
    """The case cannot be run here; the text says why."""


class Failed(Exception):
    """The case does not hold; the text says what was expected."""


class Case:
    def __init__(self, name, needs, function):
        self.name, self.needs, self.function = name, needs, function


def case(name, *needs):
    """Register a case. needs: "443" (may listen on port 443), "root", "release" (the static binary), "netns",
    "mounts" (mounts that nobody else sees; not in a plain chroot)."""
    def register(function):
        if any(other.name == name for other in CASES):
            raise ValueError("two cases are called: " + name)
        CASES.append(Case(name, needs, function))
        return function
    return register


class Login:
    """A login URL, taken apart and followed back to the token and keys that it stands for."""

    def __init__(self, url, realm):
        self.url = url
        parts = urllib.parse.urlsplit(url)
        self.host, self.path, self.scheme = parts.hostname, parts.path, parts.scheme
        self.query = urllib.parse.parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
        self.token = realm.tokens.get(self.one("SigninToken"))
        self.keys = self.token and self.token.keys
        self.destination = urllib.parse.urlsplit(self.one("Destination") or "")

    def one(self, name):
        values = self.query.get(name, [None])
        return values[0] if len(values) == 1 else None


class Bench:
    def __init__(self, binary, aws, folder, on_443):
        self.binary, self.aws, self.dir, self.on_443 = binary, aws, folder, on_443
        self.realm = aws.realm
        self.user = self.realm.user()
        self.results, self.bundle = [], aws.pki.ca_file
        self.other_secrets = []         # of files and of keys that the realm does not know

    # --- running -------------------------------------------------------------------------------------------------

    def network(self, *regions, servers=()):
        """The options that lead postern to the stand-in instead of AWS: by --resolve, or by these name servers."""
        words = ["--ca-bundle", self.bundle]
        sts, signin = self.aws.sts, self.aws.signin
        if self.on_443:
            pairs = [(facts.sts_host(r), 443, sts.address) for r in regions]
            pairs += [(facts.signin_host(r), 443, signin.address) for r in regions]
            # Where sign-in is down another region's host is asked: in most cases nobody listens there either.
            others = facts.other_signin_regions(regions[0])
            nobody = sts.address.rpartition(".")[0] + ".9"
            pairs += [(facts.signin_host(r), 443, nobody) for r in others if r not in regions]
        else:
            names = facts.sts_host(regions[0]), facts.signin_host(regions[0])
            words += ["--endpoint-url", "https://%s:%d" % (names[0], sts.port),
                      "--signin-endpoint-url", "https://%s:%d" % (names[1], signin.port)]
            pairs = [(names[0], sts.port, sts.address), (names[1], signin.port, signin.address)]
        for pair in pairs if not servers else ():
            words += ["--resolve", "%s:%d:%s" % pair]
        # What a case does not name is asked of nobody: the host's own name servers are not the tests'.
        for server in servers or ["127.0.0.1:1"]:
            words += ["--dns", server]
        return words

    def start(self, *words, keys=None, env=None, region="us-east-1", regions=(), net=True, servers=(), **how):
        """Start postern with these words, as the given keys (False: none), in a region (None: unset), and env besides."""
        keys = self.user if keys is None else keys
        given = dict(keys.env() if keys else {}, **({"AWS_REGION": region} if region else {}))
        given["AWS_EC2_METADATA_DISABLED"] = "true"       # nothing leaves for link-local addresses unless a case wants it
        given.update(env or {})
        given = {k: v for k, v in given.items() if v is not None}
        argv = [self.binary, *words]
        if net:
            argv += self.network(*dict.fromkeys([region or "us-east-1", *regions]), servers=servers)
        for secret in self.secrets():
            if any(secret in word for word in argv):
                raise Failed("the case itself puts a secret into argv")
        return Running(argv, given, self.dir, **how)

    def run(self, *words, **how):
        return self.finish(self.start(*words, **how))

    def bare(self, *words, **how):
        """Run with these words only: no options for the network."""
        return self.run(*words, net=False, **how)

    def finish(self, running, by_signal=False):
        """Wait for a started run; by_signal: the case itself sent one."""
        result = running.finish()
        self.results.append(result)
        if result.killed:
            raise Failed("an end by itself within %.0f s" % running.deadline_s)
        if result.code < 0 and not by_signal:
            raise Failed("an exit code, not death by signal %d" % -result.code)
        if re.search(r"AddressSanitizer|LeakSanitizer|runtime error:", result.err):
            raise Failed("no sanitizer report")
        self.search(result)
        return result

    def file(self, name, text, mode=0o600):
        path = os.path.join(self.dir, name)
        with open(path, "wb") as out:
            out.write(text if isinstance(text, bytes) else text.encode())
        os.chmod(path, mode)
        return path

    def pipe(self, data):
        """A descriptor from which data can be read; give it to run(fds=[...])."""
        read, write = os.pipe()
        os.write(write, data)
        os.close(write)
        return read

    # --- judging -------------------------------------------------------------------------------------------------

    def ok(self, result, region="us-east-1", signin=None):
        """The run succeeded; answers the Login of the one URL on stdout."""
        self.equal(result.code, 0, "exit code")
        if not re.fullmatch(r"https://[!-~]+\n", result.out):
            raise Failed("exactly one URL on stdout")
        login = Login(result.out.strip(), self.realm)
        self.login(login, signin or facts.signin_host(region))
        return login

    def login(self, login, host):
        self.equal((login.scheme, login.host, login.path, login.one("Action")), ("https", host, "/federation", "login"), "URL")
        if not login.token:
            raise Failed("a SigninToken that the stand-in issued")
        self.equal(login.token.host, host, "host that issued the token")
        partition = facts.place(host)
        console = [row[4] for row in facts.PARTITIONS if partition and row[0] == partition[2]]
        target = login.destination
        if target.scheme != "https" or not console or not ("." + (target.hostname or "")).endswith("." + console[0]):
            raise Failed("a Destination in the console of %s" % (partition,))
        return login

    def fails(self, result, code, *words, step=None):
        """The run failed with this exit code (or one of several), said so in words, and left stdout empty."""
        codes = code if isinstance(code, (set, tuple)) else (code,)
        if result.code not in codes:
            raise Failed("exit code %s" % " or ".join(map(str, sorted(codes))))
        self.equal(result.out, "", "stdout")
        lines = [l for l in result.err.split("\n") if l]
        if not lines or any(not l.startswith("postern: ") for l in lines):
            raise Failed("lines on stderr that all begin with 'postern: '")
        if not any(re.match(r"postern: (%s): " % "|".join(STEPS), l) for l in lines):
            raise Failed("a line that names the step, 'postern: STEP: ...'")
        if step and not re.search(r"(?m)^postern: (%s): " % step, result.err):
            raise Failed("the step %r named" % step)
        return self.says(result, *words)

    def says(self, result, *words):
        """stderr has each of these (regular expressions, case ignored)."""
        for word in words:
            if not re.search(word, result.err, re.IGNORECASE):
                raise Failed("stderr to speak of %r" % word)
        return result

    def silent_about(self, result, *words):
        for word in words:
            if re.search(word, result.out + result.err, re.IGNORECASE):
                raise Failed("no word of %r" % word)

    def equal(self, got, wanted, what):
        if got != wanted:
            raise Failed("%s %r, not %r" % (what, wanted, got))

    def true(self, claim, what):
        if not claim:
            raise Failed(what)

    def json(self, text):
        try:
            return json.loads(text)
        except ValueError:
            raise Failed("JSON, the whole of it") from None

    def error_json(self, result):
        """With --format json, the failure on stderr."""
        lines = [l for l in result.err.split("\n") if l.startswith("{")]
        self.equal(len(lines), 1, "lines of JSON on stderr")
        found = self.json(lines[0])
        self.equal(found.get("exit"), result.code, "exit in the JSON")
        for name in ("error", "step", "exit", "message", "hint"):
            self.true(name in found, "a field %r in the JSON error" % name)
        return found

    def offline(self):
        """Not one connection was made."""
        self.equal(self.aws.connections(), 0, "connections")

    def actions(self):
        """What was asked, in order of arrival at each endpoint."""
        return [r.action for r in self.aws.sts.all()] + [r.action for r in self.aws.signin.all()]

    # --- hints ---------------------------------------------------------------------------------------------------

    def hints(self, result):
        return [l[len("postern: try: "):] for l in result.err.split("\n") if l.startswith("postern: try: ")]

    def hint(self, result, *words):
        """The failure comes with a hint that has each of these words."""
        text = "\n".join(self.hints(result))
        self.true(text, "a line 'postern: try: ...'")
        for word in words:
            self.true(re.search(word, text, re.IGNORECASE), "a hint that speaks of %r" % word)
        return text

    def follow(self, result, **how):
        """Do literally what the hint says: its command line with this binary, in the environment that it asks for."""
        commands = hint_commands(self.hints(result))
        self.true(commands, "a hint that is a command to paste")
        changes, words = commands[0]
        env = {k: v for k, v in dict(result.env, **changes).items() if v is not None}
        argv = [self.binary, *words] if words is not None else result.argv
        return self.finish(Running(argv, env, self.dir, **how))

    # --- secrets -------------------------------------------------------------------------------------------------

    def secrets(self):
        return self.realm.secrets() + self.other_secrets

    def search(self, result):
        """No secret anywhere in what was printed but keys on stdout of a successful `creds` or of what `exec` runs; sign-in
        tokens only in the URL on stdout of a success."""
        keys = result.code == 0 and {"creds", "exec"} & set(result.argv) and "--explain" not in result.argv
        text = ("" if keys else result.out + "\n") + result.err
        for secret in self.secrets():
            middle = secret[len(secret) // 3:][:16]
            for form in (secret, urllib.parse.quote(secret, safe=""), middle, json.dumps(secret)[1:-1]):
                if form in text:
                    raise Failed("no secret in the output (found one of %d characters)" % len(secret))
        for token in self.realm.tokens:
            if token[100:130] in result.err or (result.code and token[100:130] in result.out):
                raise Failed("no sign-in token but in the URL on stdout")
        # On a terminal the running line is cleared by these four bytes.
        lines = result.err.replace("\r\x1b[K", "") if result.tty else result.err
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", lines):
            raise Failed("no control bytes on stderr")

    def audit(self):
        """After each case: what went over the wire was meant for AWS, well-formed, and had no secret in a URL."""
        for endpoint in self.aws.endpoints():
            for problem in endpoint.problems:
                self.true(not problem.startswith("bad request"), "well-formed HTTP, but: " + problem)
            for request in endpoint.all():
                where = facts.place(request.host)
                self.true(not request.tls or request.sni == request.host, "SNI to equal Host in %r" % request)
                self.true(not where or where[0] == endpoint.name,
                          "%s asked only for what is its own: %r" % (endpoint.name, request))
                target = urllib.parse.unquote(request.target)
                self.true(not any(s[8:24] in target for s in self.secrets()), "no secret in the URL of %r" % request)


def perform(one, binary, make_standin, on_443, prepare=None):
    """Run one case against one binary: ("ok", "failed" or "skipped", and the text to print)."""
    with tempfile.TemporaryDirectory(prefix="postern-e2e-") as folder:
        os.chmod(folder, 0o755)
        aws = make_standin()
        t = Bench(binary, aws, folder, on_443)
        try:
            if "release" in one.needs and not process.is_static(binary):
                raise Skip("for the released static binary only")
            if "mounts" in one.needs and not may_mount():
                raise Skip("mounts of one's own are not permitted here")
            if "root" in one.needs and os.geteuid() != 0:
                raise Skip("needs root")
            if "443" in one.needs and not on_443:
                raise Skip("may not listen on port 443")
            if prepare:
                prepare(t)
            one.function(t)
            t.audit()
            return "ok", ""
        except Skip as why:
            return "skipped", str(why)
        except Exception as why:  # pylint: disable=broad-except
            expected = "expected " + str(why) if isinstance(why, Failed) else "%s: %s" % (type(why).__name__, why)
            seen = ["  asked: %r" % r for r in aws.requests()] + ["  note: " + p for e in aws.endpoints() for p in e.problems]
            return "failed", "\n".join([expected] + [r.shown() for r in t.results] + seen)
        finally:
            aws.stop()
