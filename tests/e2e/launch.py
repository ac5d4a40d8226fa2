# SPDX-License-Identifier: MIT
"""Starts a program in odd circumstances: descriptors closed, few or with a file, a core limit, an empty read-only root, in
the foreground of a terminal.
A program of its own, so that nothing has to run between fork and exec in the threaded test runner."""
import argparse
import ctypes
import fcntl
import json
import os
import resource
import signal
import sys
import termios

CLONE_NEWNS, MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 0x20000, 1, 32, 4096, 16384, 1 << 18


def check(result, what):
    if result != 0:
        raise OSError(ctypes.get_errno(), "%s: %s" % (what, os.strerror(ctypes.get_errno())))


def read_only_root(folder):
    """Make folder the root of this process, as a read-only bind mount that nobody else sees."""
    libc = ctypes.CDLL(None, use_errno=True)
    place = folder.encode()
    check(libc.unshare(CLONE_NEWNS), "unshare")
    check(libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "private mounts")
    check(libc.mount(place, place, None, MS_BIND, None), "bind mount")
    check(libc.mount(None, place, None, MS_REMOUNT | MS_BIND | MS_RDONLY, None), "read-only mount")
    os.chroot(folder)
    os.chdir("/")


def to_foreground(report):
    """What a shell does: standard input's terminal is that of a new session, and a child in a process group of its own has
    it. Only the child returns; of it is told on a descriptor: its number, then "stopped" each time that it is."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM, signal.SIGTSTP):
        signal.signal(number, signal.SIG_DFL)           # whatever the tests were started with
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.close(report)
        return
    os.write(report, b"%d\n" % child)
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            break
        os.write(report, b"stopped\n")
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.kill(os.getpid(), -code)
    os._exit(code)


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--close", type=int, action="append", default=[])
    words.add_argument("--fd3")
    words.add_argument("--stdout")
    words.add_argument("--core", action="store_true")
    words.add_argument("--files", type=int)
    words.add_argument("--locked", type=int, help="bytes of memory that may be locked")
    words.add_argument("--root")
    words.add_argument("--uid", type=int)
    words.add_argument("--terminal", type=int, metavar="REPORT")
    words.add_argument("--stdin", type=int, metavar="FD")
    words.add_argument("--nohup", action="store_true")
    words.add_argument("--env", required=True, help="the whole environment of the program, as JSON on this descriptor")
    words.add_argument("command", nargs="+")
    given = words.parse_args()
    with open(int(given.env)) as source:
        env = json.load(source)
    if given.core:
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    if given.fd3:
        held = os.open(given.fd3, os.O_RDONLY)
        os.dup2(held, 3)
        if held == 3:
            os.set_inheritable(3, True)
    if given.stdout:
        os.dup2(os.open(given.stdout, os.O_WRONLY), 1)
    if given.root:
        read_only_root(given.root)
    if given.locked is not None:
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (given.locked, given.locked))
    if given.uid is not None:
        os.setgroups([])
        os.setgid(given.uid)
        os.setuid(given.uid)
    for number in given.close:
        os.close(number)
    if given.files is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (given.files, given.files))
    if given.terminal is not None:
        to_foreground(given.terminal)
    if given.stdin is not None:
        os.dup2(given.stdin, 0)
    if given.nohup:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)      # Python had ignored it
    os.execve(given.command[0], given.command, env)


if __name__ == "__main__":
    try:
        main()
    except OSError as why:
        sys.stderr.write("launch: %s\n" % why)
        sys.exit(126)
