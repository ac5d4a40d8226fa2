# SPDX-License-Identifier: MIT
"""Runs the tests of what the build promises, or those named on the command line.

What postern does once built is tested elsewhere."""

import sys

sys.dont_write_bytecode = True

import support  # noqa: E402
import binary  # noqa: E402,F401
import making  # noqa: E402,F401
import obtaining  # noqa: E402,F401
import stack  # noqa: E402,F401

sys.exit(support.main(sys.argv[1:]))
