# SPDX-License-Identifier: MIT
"""System calls that fail, a sample; what the whole of it (inject.py, `make check-long`) found is named here one by one."""
from harness import case
from inject import SCENES, sample

SAMPLE = 12         # of each scene

for name in SCENES:
    case("system calls that fail do not kill, hang or mislead a run: %s" % name, "release")(sample(name, SAMPLE))
