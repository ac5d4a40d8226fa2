# SPDX-License-Identifier: MIT
"""Runs postern once, with nothing in its environment but what the case gives, and keeps all that it said and did.
Whoever is not finished at the deadline plus five seconds is killed, which the harness counts as a failure."""
import json
import os
import pty
import shlex
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TIMEOUT_S = 30         # postern's own default, design.md section 4
GRACE_S = 5


class Result:
    """What one run left behind. out and err are text; code is negative when a signal ended it."""

    def __init__(self, argv, env, started):
        self.argv, self.env, self.started = argv, env, started
        self.code = self.wall = None
        self.out = self.err = ""
        self.killed = self.tty = False

    def shown(self):
        setting = ["%s=%s" % (k, shlex.quote(v)) for k, v in sorted(self.env.items())]
        lines = ["$ " + " ".join(setting + [shlex.join(self.argv)]),
                 "  exit %s after %.2f s%s" % (self.code, self.wall or 0, ", KILLED at its deadline" if self.killed else "")]
        for title, text in (("stdout", self.out), ("stderr", self.err)):
            lines += ["  %s: %s" % (title, line) for line in text.split("\n") if line] or ["  %s: nothing" % title]
        return "\n".join(lines)


def timeout_of(argv):
    """The deadline that a command line asks for, in seconds."""
    for at, word in enumerate(argv):
        value = word[10:] if word.startswith("--timeout=") else argv[at + 1] if word == "--timeout" and at + 1 < len(argv) \
            else None
        if value and value.rstrip("s").replace(".", "", 1).isdigit():
            return min(float(value.rstrip("s")), 2 * TIMEOUT_S)
    return TIMEOUT_S


class Running:
    """A started run. launch: options of launch.py; stdin: bytes; tty: stderr is a terminal."""

    def __init__(self, argv, env, folder, stdin=b"", stdout=subprocess.PIPE, tty=False, fds=(), launch=None):
        self.result = Result(argv, env, time.monotonic())
        self.deadline_s = timeout_of(argv) + GRACE_S
        self.stdin, command, keep, self.terminal = stdin, list(argv), list(fds), None
        settings = None
        if launch is not None:
            settings, write = os.pipe()
            os.write(write, json.dumps(env).encode())
            os.close(write)
            keep.append(settings)
            command = [sys.executable, "-E", "-S", os.path.join(HERE, "launch.py"), "--env", str(settings), *launch, "--",
                       *argv]
        stderr = subprocess.PIPE
        if tty:
            self.result.tty = True
            self.terminal, stderr = pty.openpty()
        self.process = subprocess.Popen(command, env={} if launch is not None else env, cwd=folder, pass_fds=keep,
                                        stdin=subprocess.PIPE, stdout=stdout, stderr=stderr)
        if tty:
            os.close(stderr)
        if settings is not None:
            os.close(settings)

    def finish(self):
        """Wait for the end, or bring it about at the deadline."""
        seen = []
        reader = threading.Thread(target=self._read_terminal, args=(seen,), daemon=True)
        if self.terminal is not None:
            reader.start()
        try:
            out, err = self.process.communicate(self.stdin, timeout=self.deadline_s)
        except subprocess.TimeoutExpired:
            self.result.killed = True
            self.process.kill()
            out, err = self.process.communicate()
        if self.terminal is not None:
            reader.join(5)
            os.close(self.terminal)
            err = b"".join(seen).replace(b"\r\n", b"\n")
        result = self.result
        result.wall = time.monotonic() - result.started
        result.code = self.process.returncode
        result.out, result.err = ((data or b"").decode("utf-8", "surrogateescape") for data in (out, err))
        return result

    def _read_terminal(self, seen):
        while True:
            try:
                data = os.read(self.terminal, 4096)
            except OSError:
                return
            if not data:
                return
            seen.append(data)


def is_static(path):
    """Whether an ELF file asks for no interpreter: the released binary does not, the sanitizer build does."""
    with open(path, "rb") as source:
        head = source.read(8192)
    if head[:4] != b"\x7fELF":
        return False
    wide, order = head[4] == 2, "little" if head[5] == 1 else "big"

    def number(at, size):
        return int.from_bytes(head[at:at + size], order)
    table, size, count = (number(32, 8), number(54, 2), number(56, 2)) if wide else (number(28, 4), number(42, 2),
                                                                                       number(44, 2))
    return all(number(table + i * size, 4) != 3 for i in range(count))


def hint_commands(lines):
    """From "postern: try: ..." lines those that are commands, each as (changes of the environment, words or None)."""
    found = []
    for line in lines:
        env, words = {}, None
        for part in line.replace("&&", ";").split(";"):
            try:
                tokens = shlex.split(part)
            except ValueError:
                tokens = []
            if tokens and tokens[0] in ("export", "unset"):
                env.update((t.partition("=")[0], t.partition("=")[2] if tokens[0] == "export" else None) for t in tokens[1:])
                continue
            while tokens and tokens[0].partition("=")[0].isidentifier() and "=" in tokens[0]:
                name, _, value = tokens.pop(0).partition("=")
                env[name] = value
            if tokens and tokens[0].rpartition("/")[2] == "postern":
                words = tokens[1:]
            else:
                env = None
                break
        if env is not None and (env or words is not None):
            found.append((env, words))
    return found
