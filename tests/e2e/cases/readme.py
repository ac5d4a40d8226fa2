# SPDX-License-Identifier: MIT
"""Every command of the README is run: what stands in its shell blocks, word for word but for placeholders that only the
reader can fill (addresses, a CA file, keys), which the stand-in fills here."""
import calendar
import json
import os
import re
import shlex
import time

from harness import case

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
CORP = {"https://sts.corp.example": "sts", "https://signin.corp.example": "signin"}


def readme():
    with open(os.path.join(TOP, "README.md"), encoding="utf-8") as text:
        return text.read()


def commands():
    """The postern commands of all shell blocks, as lists of words."""
    found = []
    for block in re.findall(r"(?ms)^```sh\n(.*?)^```", readme()):
        for line in block.split("\n"):
            words = shlex.split(line, comments=True)
            if words and os.path.basename(words[0]) == "postern":
                found.append(words[1:])
    return found


def fill(t, words):
    """The words with the reader's placeholders filled, and what else the run needs."""
    out = []
    for word in words:
        word = word.replace("192.0.2.10", t.aws.sts.address).replace("192.0.2.20", t.aws.signin.address)
        out.append(t.bundle if word == "/etc/corp/root.pem" else word)
    return out


def options_for(t, words):
    """How the stand-in is reached, unless the command says so itself."""
    more = [] if "--ca-bundle" in words else ["--ca-bundle", t.bundle]
    if "--endpoint-url" in words:
        for url, endpoint in CORP.items():
            more += ["--resolve", url[8:] + ":" + getattr(t.aws, endpoint).address]
    elif "--resolve" not in words:
        more += ["--resolve", "sts.us-east-1.amazonaws.com:" + t.aws.sts.address,
                 "--resolve", "signin.aws.amazon.com:" + t.aws.signin.address]
    return more


@case("every postern command of the README works as it stands there", "443")
def _(t):
    found = commands()
    t.true(len(found) >= 8, "commands in the README, not %d" % len(found))
    for words in found:
        t.aws.clock.offset_s = 0
        if "--time" in words:
            moment = time.strptime(words[words.index("--time") + 1], "%Y-%m-%dT%H:%MZ")
            t.aws.clock.offset_s = calendar.timegm(moment) - time.time()
        line = fill(t, words)
        pasted = {"keys": False, "stdin": json.dumps(
            {"AccessKeyId": t.user.key_id, "SecretAccessKey": t.user.secret}).encode()} if "--credentials" in words else {}
        result = t.bare(*line, *options_for(t, line), region=None, **pasted)
        t.equal(result.code, 0, "exit code of postern " + shlex.join(words))
        t.true(result.out, "output of postern " + shlex.join(words))


@case("the first screen of the README has the two commands, and they are there")
def _(t):
    first = readme().split("\n")[:25]
    for words in ("./build.sh demo", "./build.sh test"):
        t.true(any(line.strip().startswith(words) for line in first), words + " in the first screen")
    t.true(os.access(os.path.join(TOP, "build.sh"), os.X_OK), "build.sh can be run")


@case("the README lists every exit code and every option that it names exists")
def _(t):
    text = t.bare("--help", keys=False).out
    for code in re.findall(r"(?m)^ +(\d+)  ", text):
        t.true(re.search(r"(?m)^\| %s \|" % code, readme()), "exit code %s in the README" % code)
    for option in set(re.findall(r"`(?:postern )?(--[a-z-]+)", readme())):
        t.true(option in text, "%s in --help" % option)
