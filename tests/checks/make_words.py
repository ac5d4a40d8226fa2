# SPDX-License-Identifier: MIT
"""Writes tests/checks/cases/words.json: command lines and what Python's shlex.split makes of them.

    python3 tests/checks/make_words.py [--check]

shlex.split is what botocore and the AWS CLI do to credential_process (botocore.compat.compat_shell_split). Some lines are
such as people write, the others are drawn from the characters that matter. --check writes nothing and says whether the
file is what it would write now."""

import json
import os
import random
import shlex
import sys

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases", "words.json")
DRAWN = 500
PIECES = ["a", "b-1", "\u00e9", "'", '"', "\\", "\\", " ", " ", "\t", "\r", "\n", "#", "$x", ";", "*", "~", "''", '""',
          "'a \\ \" b'", '"a \' b"', '"\\a', '\\""', "\\'", "\\ "]
WRITTEN = [
    "aws-vault exec dev --json",
    "/opt/bin/awscreds-custom --username helen",
    '"/Path/To/My Tools/get" --flag "two words" third',
    "'/opt/it'\"'\"'s here/get' x",
    "sh -c 'aws sso login >&2; aws configure export-credentials --format process'",
    'sh -c "echo \\"$HOME\\" \\\\ \\n"',
    "/opt/my\\ tools/get --a=b\\=c",
    "a --empty '' \"\" end",
    "a # no comment",
    "C:\\tools\\get.exe x",
    "\u00a0a\u2003b\u0085c \x0bd\x0ce",     # blanks to Unicode, not to shlex
    "a \\\n b",
    "",
    "''",
    "\\",
]
REASONS = {"No closing quotation": "a quote that is not closed", "No escaped character": "ends in a backslash"}


def case(text):
    answer = {"name": ascii(text), "input": text}
    try:
        words = shlex.split(text)
    except ValueError as reason:
        return dict(answer, exit=1, stderr=REASONS[str(reason)])
    return dict(answer, exit=0, answer=words) if words else dict(answer, exit=1, stderr="names no program")


def lines():
    draw = random.Random(5)
    texts = dict.fromkeys(WRITTEN)
    while len(texts) < len(WRITTEN) + DRAWN:
        texts["".join(draw.choice(PIECES) for _ in range(draw.randint(1, 12)))] = None
    return "[\n%s\n]\n" % ",\n".join(json.dumps(case(text)) for text in texts)


def main():
    text = lines()
    if sys.argv[1:] == ["--check"]:
        with open(FILE, encoding="utf-8") as file:
            same = file.read() == text
        print("the same" if same else "it would be another")
        return not same
    with open(FILE, "w", encoding="utf-8") as file:
        file.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
