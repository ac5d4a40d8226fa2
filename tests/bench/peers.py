# SPDX-License-Identifier: MIT
"""What is compared: postern and, where they are installed, the programs that people use for the same work.
Says where they are, which version, and what they take on disk; runs none of them (run.py)."""
import os
import re
import shutil
import subprocess

from place import HERE, Unusable


def program(name):
    """The file that a name stands for, behind a version manager's shim if need be; None when there is none."""
    path = shutil.which(name)
    if path and "shims" in path.split(os.sep):
        found = subprocess.run(["pyenv", "which", name], capture_output=True, text=True)
        path = found.stdout.strip() if found.returncode == 0 else None
    return path and os.path.realpath(path)


def needed(name):
    path = program(name)
    if not path:
        raise Unusable("there is no " + name)
    return path


def version(path, *words):
    said = subprocess.run([path, *words], capture_output=True, text=True)
    return " ".join((said.stdout or said.stderr).split()[:2])


def size_with_libraries(*paths):
    """The bytes of these programs and of the libraries that they load, each once."""
    files = {os.path.realpath(p) for p in paths}
    for path in paths:
        listed = subprocess.run(["ldd", path], capture_output=True, text=True).stdout
        files.update(os.path.realpath(p) for p in re.findall(r"(/\S+) \(0x", listed))
    return sum(os.path.getsize(f) for f in files)


def size_of_tree(folder):
    return sum(os.lstat(os.path.join(at, name)).st_size for at, _, names in os.walk(folder) for name in names)


def size_of_aws(path):
    """The AWS CLI's own folder (version 2), or its Python packages, without Python."""
    with open(path, "rb") as source:
        head = source.readline(200)
    if not head.startswith(b"#!"):
        return size_of_tree(os.path.dirname(path))
    ask = "import os, awscli, botocore; print(*(os.path.dirname(m.__file__) for m in (awscli, botocore)), sep='\\n')"
    listed = subprocess.run([*head[2:].decode().split(), "-c", ask], capture_output=True, text=True).stdout
    return sum(map(size_of_tree, listed.splitlines()))


class Row:
    """Something that makes a login URL: a command, the keys that it gets, the bytes that it takes on disk."""

    def __init__(self, name, command, keys="long_term", size=0, hosts_file=True):
        self.name, self.command, self.keys, self.size, self.hosts_file = name, command, keys, size, hosts_file


def peers():
    """Those that are here, and a line for each that is not."""
    found, missing = [], []
    for name, script, tools in (("curl + jq", "peer-curl.sh", ("bash", "curl", "jq")),
                                ("AWS CLI + curl", "peer-aws.sh", ("bash", "curl", "jq", "aws"))):
        bash, curl, jq, *aws = paths = [program(tool) for tool in tools]
        if all(paths):
            size = size_with_libraries(curl, jq) + sum(map(size_of_aws, aws))
            found.append(Row(name, [bash, os.path.join(HERE, script)], size=size))
        else:
            lacking = [tool for tool, path in zip(tools, paths) if not path]
            missing.append("skipped: %s: there is no %s" % (name, " and no ".join(lacking)))
    return found, missing
