# SPDX-License-Identifier: MIT
"""make and build.sh: no work twice, installing, the caller's flags, the tarball.

They run in the tree itself after everything was built, and change nothing in it."""

import filecmp
import fnmatch
import json
import os
import re
import shutil
import tarfile

from support import TOP, one_sentence, path_without, program, run, test

EVERYTHING = ["all", "asan", "unit", "replay", "checks"]


def built_files():
    """Path -> time of every file that making everything leaves."""
    times = {"postern": os.stat(os.path.join(TOP, "postern")).st_mtime_ns}
    for where, _, names in os.walk(os.path.join(TOP, "build")):
        for name in names:
            path = os.path.join(where, name)
            times[path] = os.stat(path).st_mtime_ns
    return times


def changed(before):
    after = built_files()
    return sorted(path for path in after if after[path] != before.get(path))


@test
def second_make_does_no_work(_):
    before = built_files()
    result = run(["make", "--no-print-directory"] + EVERYTHING)
    assert result.returncode == 0, result.stderr
    said = [line for line in result.stdout.splitlines() if "Nothing to be done" not in line]
    assert not said, "it says it did something: %r" % said
    assert not changed(before), "it wrote %s" % changed(before)


@test
def second_build_sh_installs_and_makes_nothing(place):
    for name in ("apt-get", "apt", "apk", "sudo"):
        program(place, name, 'echo "$0 $*" >>"%s/called"\nexit 1\n' % place)
    before = built_files()
    result = run(["./build.sh"], env={"PATH": place + ":" + os.environ["PATH"]})
    assert result.returncode == 0, result.stderr
    assert not os.path.exists(place + "/called"), open(place + "/called").read()
    assert not changed(before), "it wrote %s" % changed(before)


@test
def build_sh_refuses_an_unknown_goal(_):
    result = run(["./build.sh", "everything"])
    assert result.returncode != 0 and "usage: ./build.sh [demo|test]" in result.stderr, result.stderr


@test
def build_sh_without_rights_says_what_to_install(place):
    bin_dir = path_without(place + "/bin", "xz", "sudo")
    program(bin_dir, "apt-get", "exit 100\n")
    tree = place + "/tree"
    os.makedirs(tree + "/vendor")
    shutil.copy(os.path.join(TOP, "build.sh"), tree)
    os.chmod(tree, 0o755)
    result = run(["sh", "build.sh"], cwd=tree, env={"PATH": bin_dir}, nobody=os.getuid() == 0)
    one_sentence(result, "apt-get install", "xz-utils", "as root")


@test
def install_and_uninstall_honour_destdir_and_prefix(place):
    settings = ["DESTDIR=" + place + "/stage", "PREFIX=/opt/postern"]
    target = place + "/stage/opt/postern/bin/postern"
    result = run(["make", "install"] + settings, umask=0o077)
    assert result.returncode == 0, result.stderr
    assert filecmp.cmp(target, os.path.join(TOP, "postern"), shallow=False), "not the same bytes"
    assert os.stat(target).st_mode & 0o7777 == 0o755, "mode %o" % os.stat(target).st_mode
    assert os.listdir(os.path.dirname(target)) == ["postern"], "it left more than the binary"
    result = run(["make", "uninstall"] + settings)
    assert result.returncode == 0, result.stderr
    left = [name for _, _, names in os.walk(place) for name in names]
    assert not left, "uninstall left %s" % left


@test
def make_honours_cc_cflags_and_ldflags(_):
    said = run(["make", "-n", "postern", "CC=gcc -pipe", "CFLAGS=-O3 -DCALLER", "LDFLAGS=-Wl,-O1"]).stdout
    ours = [line for line in said.splitlines() if "src/main.c" in line and " -c " in line]
    assert ours and all("gcc -pipe" in line and "-O3 -DCALLER" in line for line in ours), ours
    link = [line for line in said.splitlines() if "postern.map" in line]
    assert link and all("-Wl,-O1" in line for line in link), link


@test
def make_without_musl_says_what_to_install(_):
    result = run(["make", "build/release/flags", "MUSL_LIB=", "MUSL_INC="])
    assert result.returncode != 0
    first = result.stderr.splitlines()[0]
    assert "no musl" in first and "musl-tools" in first and "./build.sh" in first, result.stderr


def copy_of_tree(place):
    """The tree without what git ignores: what is built, unpacked or made by dist."""
    made = {TOP: {".git", "build", "postern"}, os.path.join(TOP, "vendor"): {"bearssl"}}

    def skip(where, names):
        return [name for name in names if name in made.get(where, ()) or name == "__pycache__"
                or name == "SHA256SUMS" or fnmatch.fnmatch(name, "postern-*.*")]
    shutil.copytree(TOP, place, ignore=skip)
    return place


def dist(place, **more):
    """A release of a copy of the tree; gives its directory."""
    tree = copy_of_tree(place)
    result = run(["sh", "tests/dist.sh", "9.9", "0.6"], cwd=tree, **more)
    assert result.returncode == 0, result.stderr
    return tree


def content(path):
    with open(path, "rb") as file:
        return file.read()


@test
def dist_gives_the_same_bytes_and_holds_all_it_needs(place):
    one = dist(place + "/a", umask=0o022)
    two = dist(place + "/a-longer-name", umask=0o077, env={"TZ": "Asia/Kathmandu", "LC_ALL": "C.UTF-8"})
    for name in ("postern-9.9.tar.gz", "postern-9.9.spdx.json", "SHA256SUMS"):
        assert content(os.path.join(one, name)) == content(os.path.join(two, name)), "two %s differ" % name
    with tarfile.open(one + "/postern-9.9.tar.gz") as tar:
        entries = tar.getmembers()
    names = [entry.name for entry in entries]
    assert names == sorted(names), "not sorted"
    assert {(e.uid, e.gid, e.uname, e.gname) for e in entries} == {(0, 0, "", "")}, "owners are named"
    assert len({e.mtime for e in entries}) == 1, "times differ"
    for name in ("Makefile", "build.sh", "src/main.c", "vendor/bearssl.sha256", "tests/build/run.py"):
        assert "postern-9.9/" + name in names, "%s is missing" % name
    assert any(".tar." in name and "bearssl" in name for name in names), "BearSSL's archive is missing"


@test
def dist_sums_name_every_file_of_the_release(place):
    tree = dist(place + "/a")
    files = {name for name in os.listdir(tree) if name.startswith("postern-9.9")}
    assert files == {"postern-9.9.tar.gz", "postern-9.9.spdx.json"}, files
    assert run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=tree).returncode == 0
    listed = {line.split()[1] for line in content(tree + "/SHA256SUMS").decode().splitlines()}
    assert listed == files, "SHA256SUMS lists %s" % listed
    with open(tree + "/postern-9.9.tar.gz", "ab") as file:
        file.write(b"more")
    assert run(["sha256sum", "-c", "SHA256SUMS"], cwd=tree).returncode != 0, "a changed tarball passes"


def spdx_faults(text, sums):
    """What SPDX 2.3 requires of a document in JSON (its schema's "required"), and what it must say here."""
    document = json.loads(text)
    needs = {"spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo"}
    faults = ["no " + name for name in needs - set(document)]
    if (document.get("spdxVersion"), document.get("dataLicense"), document.get("SPDXID")) != \
            ("SPDX-2.3", "CC0-1.0", "SPDXRef-DOCUMENT"):
        faults.append("not an SPDX 2.3 document")
    if not re.fullmatch(r"https?://[^#\s]+", document.get("documentNamespace", "")):
        faults.append("the namespace is no URI without a fragment")
    creation = document.get("creationInfo", {})
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", creation.get("created", "")):
        faults.append("no time of creation")
    if not creation.get("creators") or \
            not all(re.match("(Person|Organization|Tool): .", one) for one in creation["creators"]):
        faults.append("no creators")
    packages = {package.get("name"): package for package in document.get("packages", ())}
    if set(packages) != {"postern", "BearSSL", "musl"}:
        faults.append("packages are %s" % sorted(packages))
    ids = {"SPDXRef-DOCUMENT"}
    for name, package in packages.items():
        ids.add(package.get("SPDXID"))
        if not re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", package.get("SPDXID", "")):
            faults.append("%s has no identifier" % name)
        for field in ("downloadLocation", "licenseConcluded", "licenseDeclared", "copyrightText", "sourceInfo"):
            if not package.get(field):
                faults.append("%s has no %s" % (name, field))
        if package.get("filesAnalyzed") is not False:
            faults.append("%s promises its files" % name)
        if name != "musl":
            wanted = [{"algorithm": "SHA256", "checksumValue": sums.get(package.get("packageFileName"))}]
            if not package.get("versionInfo") or package.get("checksums") != wanted:
                faults.append("%s has no version, or not its file's checksum" % name)
    relations = {(one.get("spdxElementId"), one.get("relationshipType"), one.get("relatedSpdxElement"))
                 for one in document.get("relationships", ())}
    if ("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Package-postern") not in relations:
        faults.append("it describes nothing")
    faults += ["%s is not in it" % one for relation in relations for one in relation[::2] if one not in ids]
    return faults


@test
def dist_tells_what_it_is_made_of(place):
    tree = dist(place + "/a")
    sums = dict(reversed(line.split()) for file in ("SHA256SUMS", "vendor/bearssl.sha256")
                for line in content(os.path.join(tree, file)).decode().splitlines())
    text = content(tree + "/postern-9.9.spdx.json").decode()
    assert not spdx_faults(text, sums), "; ".join(spdx_faults(text, sums))
    for part in ("SPDX-2.3", "DESCRIBES", "licenseDeclared", "SPDXRef-Package-musl", sums["postern-9.9.tar.gz"]):
        assert spdx_faults(text.replace('"%s"' % part, '"x"', 1), sums), "this check misses %s" % part
