# SPDX-License-Identifier: MIT
"""Runs postern once, with nothing in its environment but what the case gives, and keeps all that it said and did.
Whoever is not finished at the deadline plus five seconds is killed, which the harness counts as a failure."""
import ctypes
import fcntl
import json
import os
import pty
import shlex
import signal
import struct
import subprocess
import sys
import termios
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
        self.left = None                # descriptors that were open at the end, when that was watched

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


class Watch:
    """Stops a process as it ends, and notes which descriptors it still has. One thread does all of it."""
    HELD = ("/bin/sh", "-c", 'kill -STOP $$; exec "$@"', "sh")       # so that nothing has happened when the watch begins
    SEIZE, CONT, OPTION_EXIT, EVENT_EXIT, ALL = 0x4206, 7, 0x40, 6, 0x40000000       # ptrace(2), waitpid(2)

    def __init__(self, process):
        """process: started by HELD before its command."""
        self.process, self.left = process, None
        os.waitpid(process.pid, os.WUNTRACED)
        self._ptrace(self.SEIZE, self.OPTION_EXIT)
        os.kill(process.pid, signal.SIGCONT)

    def wait(self, deadline_s):
        """Until the process is over; kills it at the deadline, and answers whether that was needed."""
        killer = threading.Timer(deadline_s, self.process.kill)
        killer.start()
        while self.process.returncode is None:
            _, status = os.waitpid(self.process.pid, self.ALL)
            if not os.WIFSTOPPED(status):
                self.process.returncode = os.waitstatus_to_exitcode(status)
                break
            if status >> 16 == self.EVENT_EXIT:
                self.left = sorted(map(int, os.listdir("/proc/%d/fd" % self.process.pid)))
            self._ptrace(self.CONT, 0 if status >> 16 else os.WSTOPSIG(status))
        killer.cancel()
        return self.process.returncode == -signal.SIGKILL

    def _ptrace(self, request, data):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.ptrace(request, self.process.pid, None, ctypes.c_void_p(data)):
            raise OSError(ctypes.get_errno(), "ptrace: " + os.strerror(ctypes.get_errno()))


class Typist:
    """The person at a run's terminal: reads all the time, and types when told."""

    def __init__(self, terminal, line, reports, patience_s):
        """line: the run's end of the terminal; reports: what launch.py tells of the run."""
        self.terminal, self.line, self.patience_s = terminal, line, patience_s
        self.reports = os.fdopen(reports)
        self.before = self.after = termios.tcgetattr(line)
        self.left = None                # bytes of input, after the end, for whoever has the terminal next
        self.seen, self.more = b"", threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.pid = int(self.reports.readline())

    def sees(self, text, times=1):
        """Wait until this has been printed so often; answers whether it was."""
        with self.more:
            return self.more.wait_for(lambda: self.seen.count(text.encode()) >= times, self.patience_s)

    def types(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        while data:
            data = data[os.write(self.terminal, data):]

    def hidden(self):
        """Whether what is typed now is neither shown nor gathered to lines."""
        return not termios.tcgetattr(self.line)[3] & (termios.ECHO | termios.ICANON)

    def restored(self):
        return termios.tcgetattr(self.line) == self.before

    def put_right(self):
        """What a shell does to the terminal when a run was stopped."""
        termios.tcsetattr(self.line, termios.TCSANOW, self.before)

    def stopped(self):
        """Wait until the run is stopped; answers whether it was, and not ended."""
        return self.reports.readline() == "stopped\n"

    def end(self):
        """After the run: all that was printed."""
        self.after = termios.tcgetattr(self.line)
        # Part of a line would not be counted in canonical mode.
        raw = termios.tcgetattr(self.line)
        raw[3] &= ~termios.ICANON
        termios.tcsetattr(self.line, termios.TCSANOW, raw)
        self.left = struct.unpack("i", fcntl.ioctl(self.line, termios.FIONREAD, b"\0" * 4))[0]
        os.close(self.line)
        self.reader.join(5)
        self.reports.close()
        return self.seen

    def _read(self):
        while True:
            try:
                data = os.read(self.terminal, 4096)
            except OSError:
                return
            with self.more:
                self.seen += data
                self.more.notify_all()


class Running:
    """A started run. launch: options of launch.py; stdin: bytes; tty: stderr is a terminal; typing: stdin is that terminal,
    too, and the run has it in the foreground; else it is in a session without one, wherever the tests were started; watched:
    note what descriptors are open at the end, where root runs the static binary (the sanitizers' own tracer would be in the
    way); more_s: what the run may take besides its deadline."""

    def __init__(self, argv, env, folder, stdin=b"", stdout=subprocess.PIPE, tty=False, typing=False, fds=(), launch=None,
                 watched=False, more_s=0):
        self.result = Result(argv, env, time.monotonic())
        self.deadline_s = timeout_of(argv) + GRACE_S + more_s
        self.stdin, command, keep, self.terminal = stdin, list(argv), list(fds), None
        settings = reports = None
        if typing:
            reports, write_reports = os.pipe()
            keep.append(write_reports)
            launch = [*(launch or ()), "--terminal", str(write_reports)]
        if launch is not None:
            settings, write = os.pipe()
            os.write(write, json.dumps(env).encode())
            os.close(write)
            keep.append(settings)
            command = [sys.executable, "-E", "-S", os.path.join(HERE, "launch.py"), "--env", str(settings), *launch, "--",
                       *argv]
        watched = watched and os.geteuid() == 0 and is_static(argv[0])
        if watched:
            command = [*Watch.HELD, *command]
        stderr = subprocess.PIPE
        if tty or typing:
            self.result.tty = True
            self.terminal, stderr = pty.openpty()
        self.process = subprocess.Popen(command, env={} if launch is not None else env, cwd=folder, pass_fds=keep,
                                        stdin=stderr if typing else subprocess.PIPE, stdout=stdout, stderr=stderr,
                                        start_new_session=not typing)
        self.watch = Watch(self.process) if watched else None
        self.typist = None
        if typing:
            os.close(write_reports)
            self.typist = Typist(self.terminal, stderr, reports, self.deadline_s)
        elif tty:
            os.close(stderr)
        if settings is not None:
            os.close(settings)

    def finish(self):
        """Wait for the end, or bring it about at the deadline."""
        seen = []
        reader = threading.Thread(target=self._read_terminal, args=(seen,), daemon=True)
        if self.terminal is not None and not self.typist:
            reader.start()
        try:
            if self.watch:
                self.result.killed = self.watch.wait(self.deadline_s)
                self.result.left = self.watch.left
            out, err = self.process.communicate(self.stdin, timeout=self.deadline_s)
        except subprocess.TimeoutExpired:
            self.result.killed = True
            self.process.kill()
            out, err = self.process.communicate()
        if self.typist:
            seen = [self.typist.end()]
        elif self.terminal is not None:
            reader.join(5)
        if self.terminal is not None:
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
