# SPDX-License-Identifier: MIT
"""The lock on the process that speaks to the network: how far it is closed at the first connection, and what becomes of calls
that a run never makes. What each of the two locks does by itself is tests/unit/test_lockdown.c's."""
import os
import shutil
import signal
import subprocess

from cases.exec import run as run_command, start
from harness import Failed, Skip, case
from process import HERE

LOCKED, OPEN = {"Seccomp": "2", "NoNewPrivs": "1"}, {"Seccomp": "0", "NoNewPrivs": "1"}
AT_FDCWD = -100


def inject(t, what, *words, env=None):
    """Run postern with another call in the place of its first connect; answers what locks it, its end, stdout and stderr."""
    with open(t.binary, "rb") as elf:
        if elf.read(20)[18:] != b"\x3e\0":
            raise Skip("calls are put into a process of x86-64 only")
    program, out, err = (os.path.join(t.dir, name) for name in ("inject", "out", "err"))
    try:
        done = subprocess.run(["cc", "-O1", "-o", program, os.path.join(HERE, "inject.c")], capture_output=True, text=True)
    except FileNotFoundError:
        raise Skip("there is no C compiler") from None
    if done.returncode:
        raise Failed("inject.c to compile: " + done.stderr)
    done = subprocess.run([program, out, err, what, t.binary, *words, *t.network("us-east-1")], capture_output=True, text=True,
                          env=dict(t.user.env(), AWS_REGION="us-east-1", **(env or {})), cwd=t.dir, timeout=40)
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise Failed("inject to work: " + done.stderr)
    lock = dict(line.split(":\t") for line in lines[:-1])
    with open(out) as text, open(err) as words:
        return lock, lines[-1], text.read(), words.read()


def without(t, *faults, words=()):
    """Run postern with -v on a kernel that answers some calls as strace(1) has it; answers exit code, stdout and stderr."""
    tool = shutil.which("strace")
    if not tool:
        raise Skip("strace is not installed")
    faults = [word for fault in faults for word in ("-e", "inject=" + fault)]
    done = subprocess.run([tool, "-qq", "-o", os.path.join(t.dir, "trace"), *faults, t.binary, *words, *t.network("us-east-1")],
                          capture_output=True, text=True, env=dict(t.user.env(), AWS_REGION="us-east-1"), cwd=t.dir, timeout=40)
    return done.returncode, done.stdout, done.stderr


def call(number, first=0, second=0, third=0):
    return "call %d %d %d %d" % (number, first, second, third)


@case("at the first connection the process is locked for good", "root", "release")
def _(t):
    lock, end, out, err = inject(t, "nothing", "-v")
    t.equal((lock, end), (LOCKED, "EXIT 0"), "lock and end")
    t.true(out.startswith("https://"), "a URL")
    t.true("cannot lock" not in err, "no word of what is not locked")


@case("at the first connection of creds and whoami the process is locked, too", "root", "release")
def _(t):
    for words in (("creds",), ("whoami",)):
        lock, end, _, _ = inject(t, "nothing", *words)
        t.equal((lock, end), (LOCKED, "EXIT 0"), "lock and end")


@case("exec's worker is locked while it waits for STS, and its parent has nothing to lock", "root", "release")
def _(t):
    t.aws.sts.fault("silent")
    running = start(t, "true", options=("--timeout", "20"))
    try:
        if not t.aws.sts.wait(lambda e: e.connections):
            raise Failed("a connection to STS")
        with open("/proc/%d/task/%d/children" % (running.process.pid, running.process.pid)) as children:
            worker, = children.read().split()
        with open("/proc/%s/status" % worker) as text:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in text if ":\t" in line)
        t.equal({name: status[name] for name in LOCKED}, LOCKED, "lock of the worker")
    finally:
        running.process.send_signal(signal.SIGTERM)
        t.finish(running, by_signal=True)


@case("a program that is run, a fork, tracing, another process's memory or a file for writing is the end", "root", "release")
def _(t):
    fatal = {"execve": call(59), "execveat": call(322), "fork": call(57), "vfork": call(58), "clone": call(56, 17),
             "clone3": call(435), "ptrace": call(101), "process_vm_readv": call(310), "process_vm_writev": call(311),
             "open for writing": call(2, 0, os.O_WRONLY), "creat": call(85),
             "openat for reading and writing": call(257, AT_FDCWD, 0, os.O_RDWR),
             "openat that creates": call(257, AT_FDCWD, 0, os.O_CREAT)}
    for name, what in fatal.items():
        lock, end, out, _ = inject(t, what)
        t.equal((name, lock, end, out), (name, LOCKED, "SIGNAL %d" % signal.SIGSYS, ""), "lock, end and stdout")


@case("a call that nobody foresaw is an error and no more", "root", "release")
def _(t):
    # A file for reading, openat2, mprotect, io_uring_setup, bind, x32's execve, and one that there is not.
    for number, third in ((257, 0), (437, 0), (10, 0), (425, 0), (49, 0), (0x40000000 + 520, 0), (9999, 0)):
        _, end, out, err = inject(t, call(number, AT_FDCWD, 0, third), "--timeout", "5")
        t.equal((number, end, out), (number, "EXIT 69", ""), "end and stdout")
        t.true("connect" in err, "the step that failed")


@case("a connection to a port that is not in use is refused by the kernel", "root", "release")
def _(t):
    _, end, out, err = inject(t, "port 9", "--timeout", "5")
    if "connection refused" in err and end == "EXIT 69":
        raise Skip("this kernel's Landlock knows no ports")
    t.equal((end, out), ("EXIT 69", ""), "end and stdout")
    t.true("permission denied" in err, "the kernel's word for it")


@case("POSTERN_SANDBOX=off unlocks, and says so", "root", "release")
def _(t):
    lock, end, out, err = inject(t, "nothing", env={"POSTERN_SANDBOX": "off"})
    t.equal((lock, end), (OPEN, "EXIT 0"), "lock and end")
    t.true("POSTERN_SANDBOX=off" in err, "a warning")
    t.true(out.startswith("https://"), "a URL")


@case("a kernel that can lock nothing, or not all, is told of with -v only, and the run goes on", "root", "release")
def _(t):
    refuses = "landlock_create_ruleset:error=ENOSYS", "prctl:error=EINVAL"
    for faults, what in ((refuses, " files ports system calls"), (refuses[:1], " files ports"), (refuses[1:], " system calls"),
                         (("landlock_restrict_self:error=E2BIG",), " files ports")):
        code, out, err = without(t, *faults, words=("-v",))
        t.equal((code, out[:8]), (0, "https://"), "exit code and a URL")
        t.true("cannot lock:%s\n" % what in err, "what is not locked:" + what)
    code, out, err = without(t, *refuses)
    t.equal((code, out[:8], "lock" in err), (0, "https://", False), "exit code, a URL, and no word of locks")


@case("older Landlock locks what it can, and -v says that ports are open where it knows none", "root", "release")
def _(t):
    for version in range(1, 10):
        code, out, err = without(t, "landlock_create_ruleset:retval=%d:when=1" % version, words=("-v",))
        t.equal((version, code, out[:8]), (version, 0, "https://"), "exit code and a URL")
        t.equal((version, "cannot lock: ports\n" in err, "cannot lock" in err), (version, version < 4, version < 4), "what is told")


@case("exec's CMD is neither locked nor kept from gaining rights", "release")
def _(t):
    result = run_command(t, "grep", "-E", "^(Seccomp|NoNewPrivs):", "/proc/self/status", options=("-q",))
    t.equal(result.code, 0, "exit code")
    with open("/proc/self/status") as own:
        t.equal(result.out.splitlines(), [l.rstrip("\n") for l in own if l.startswith(("Seccomp:", "NoNewPrivs:"))], "its lock")
