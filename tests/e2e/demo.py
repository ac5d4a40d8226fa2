#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The main job at once, without an AWS account: `demo.py [BINARY]` starts the stand-in and runs postern against it.
Prints the URL as postern prints it, and that it opens nothing."""
import os
import subprocess
import sys
import tempfile

from pki import Pki
from realm import signin_host, sts_host
from standin import NAMES, StandIn

REGION = "us-east-1"
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def main(binary):
    with tempfile.TemporaryDirectory() as folder:
        aws = StandIn(Pki(folder, NAMES))
        sts = "%s:%d" % (sts_host(REGION), aws.sts.port)
        signin = "%s:%d" % (signin_host(REGION), aws.signin.port)
        command = [binary, "--region", REGION, "--ca-bundle", aws.pki.ca_file,
                   "--endpoint-url", "https://" + sts, "--signin-endpoint-url", "https://" + signin,
                   "--resolve", sts + ":" + aws.sts.address, "--resolve", signin + ":" + aws.signin.address]
        try:
            code = subprocess.run(command, env=aws.realm.user("demo").env(), timeout=40).returncode
        except (OSError, subprocess.TimeoutExpired) as why:
            code = 70
            print("demo: %s" % why, file=sys.stderr)
        aws.stop()
    if code == 0:
        print("fake AWS on this machine: opens nothing")
    return code


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(TOP, "postern")))
