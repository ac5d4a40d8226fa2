# SPDX-License-Identifier: MIT
"""System calls that fail, a sample; what the whole of it (inject.py, `make check-long`) found is named here one by one."""
from harness import Skip, case
from inject import SCENES, inject, made, sample, strace_works

SAMPLE = 12         # of each scene

for name in SCENES:
    case("system calls that fail do not kill, hang or mislead a run: %s" % name, "release")(sample(name, SAMPLE))


@case("a helper that would print keys on our own standard output is not run", "release")
def _(t):
    if not strace_works():
        raise Skip("strace cannot make calls fail here")
    with made(t, SCENES["a credential process"]) as scene:
        for when in (1, 2):
            t.equal([call for call, _ in inject(t, scene, "dup2", "EPERM", when)], ["dup2"], "call that failed")
            t.fails(t.results[-1], 66, "cat cannot be run", step="credentials")
