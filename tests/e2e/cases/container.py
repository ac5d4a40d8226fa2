# SPDX-License-Identifier: MIT
"""The scratch container: an empty, read-only root with nothing but the binary, an unknown user, keys in the environment.
No file is needed and none is written; the stand-in is reached by --resolve and --ca-bundle fd:3."""
import os
import shutil

import realm as facts
from harness import case


def empty_root(t):
    root = os.path.join(t.dir, "root")
    os.mkdir(root)
    shutil.copy(t.binary, os.path.join(root, "postern"))
    os.chmod(os.path.join(root, "postern"), 0o755)
    return root


def in_container(t, *words, keys=None, env=None):
    root = empty_root(t)
    binary, t.binary = t.binary, "/postern"
    network = t.network("us-east-1")[2:]
    try:
        return t.run(*words, "--ca-bundle", "fd:3", *network, net=False, keys=keys, region=None, env=env,
                     launch=["--root", root, "--uid", "65534", "--fd3", t.bundle])
    finally:
        t.binary = binary
        t.equal(os.listdir(root), ["postern"], "files in the root")


@case("keys in the environment become a URL in an empty read-only root as uid 65534", "root", "mounts", "release")
def _(t):
    login = t.ok(in_container(t))
    t.equal(login.keys.kind, facts.FEDERATED, "kind of keys")


@case("a role is assumed in an empty root", "root", "mounts", "release")
def _(t):
    t.ok(in_container(t, "--role-arn", t.realm.role().arn))


@case("temporary keys become a URL in an empty root", "root", "mounts", "release")
def _(t):
    t.ok(in_container(t, keys=t.realm.session(facts.ROLE, t.user)))


@case("no keys in an empty root is exit 66, and says that there is no HOME", "root", "mounts", "release")
def _(t):
    t.fails(in_container(t, keys=False), 66, "AWS_ACCESS_KEY_ID|environment")


@case("without --resolve an empty root has no resolver, which is exit 69", "root", "mounts", "release")
def _(t):
    root = empty_root(t)
    t.binary = "/postern"
    result = t.run("--timeout", "3", net=False, launch=["--root", root, "--uid", "65534"])
    t.fails(result, 69, step="dns|connect")
    t.hint(result)
