# SPDX-License-Identifier: MIT
"""vendor/bearssl.sh: what it accepts, what it fetches, and each way to fail.

Every test has a vendor/ of its own and a package manager that only pretends."""

import glob
import os
import shutil
import tarfile

from support import TOP, Skip, one_sentence, path_without, program, run, test

ARCHIVE = "bearssl_0.6+dfsg.1.orig.tar.xz"
UPSTREAM = "bearssl-0.6.tar.gz"

# Stands for apt-get: notes its arguments and the sources it was given, then
# delivers a file, or fails like one that has no network.
APT = """
echo "$*" >>"%(place)s/called"
rm -rf "%(place)s/sources.d"
cp -r "${3%%/conf}/sources.d" "%(place)s/sources.d"
case " $* " in
*" source "*) %(source)s ;;
esac
exit 0
"""


def setup(place, source="exit 0", have_apt=True, without=()):
    """A private vendor/ and PATH; gives the directory and the environment."""
    vendor = place + "/tree/vendor"
    os.makedirs(vendor)
    for name in ("bearssl.sh", "bearssl.sha256"):
        shutil.copy(os.path.join(TOP, "vendor", name), vendor)
    bin_dir = path_without(place + "/bin", "apt-get", "apt-config", *without)
    if have_apt:
        program(bin_dir, "apt-get", APT % {"place": place, "source": source})
        os.makedirs(place + "/etc/parts")
        program(bin_dir, "apt-config", "echo \"list='%s/etc/list'\"\necho \"parts='%s/etc/parts/'\"\n" % (place, place))
        with open("/etc/os-release") as file:
            codename = [line.split("=")[1].strip().strip('"') for line in file
                        if line.startswith("VERSION_CODENAME=")] or ["stable"]
        with open(place + "/etc/list", "w") as file:
            file.write("deb http://mirror.invalid/os %s main\n" % codename[0])
    return vendor, {"PATH": bin_dir}


def real_archive():
    for name in (ARCHIVE, UPSTREAM):
        path = os.path.join(TOP, "vendor", name)
        if os.path.exists(path):
            return path
    raise Skip("BearSSL's archive: it is not in vendor/, only its unpacked source is")


def obtain(vendor, env, **more):
    return run(["sh", "bearssl.sh"], cwd=vendor, env=env, **more)


def left_over(vendor):
    return sorted(set(os.listdir(vendor)) - {"bearssl.sh", "bearssl.sha256"})


@test
def source_that_is_there_is_not_fetched_again(place):
    vendor, env = setup(place)
    shutil.copy(real_archive(), vendor)
    first = obtain(vendor, env)
    assert first.returncode == 0, first.stderr
    assert os.path.exists(vendor + "/bearssl/inc/bearssl.h")
    stamp = os.stat(vendor + "/bearssl").st_mtime_ns
    second = obtain(vendor, env)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", ""), second
    assert os.stat(vendor + "/bearssl").st_mtime_ns == stamp, "it was unpacked again"
    assert not os.path.exists(place + "/called"), "apt-get was called"


@test
def source_stays_when_the_archive_is_taken_away(place):
    vendor, env = setup(place)
    archive = shutil.copy(real_archive(), vendor)
    assert obtain(vendor, env).returncode == 0
    os.remove(archive)
    assert obtain(vendor, env).returncode == 0
    assert not os.path.exists(place + "/called"), "apt-get was called"


@test
def fetched_archive_is_checked_and_unpacked(place):
    vendor, env = setup(place, "cp '%s' ." % real_archive())
    result = obtain(vendor, env)
    assert result.returncode == 0, result.stderr
    assert os.path.exists(vendor + "/bearssl/src/inner.h")
    assert len(left_over(vendor)) == 2, left_over(vendor)


@test
def wrong_checksum_of_a_file_in_vendor_is_one_sentence(place):
    vendor, env = setup(place)
    with open(vendor + "/" + ARCHIVE, "wb") as file:
        file.write(b"not the archive")
    one_sentence(obtain(vendor, env), ARCHIVE, "SHA-256", "remove")
    assert left_over(vendor) == [ARCHIVE], left_over(vendor)


@test
def wrong_checksum_of_a_fetched_file_is_one_sentence(place):
    vendor, env = setup(place, "echo changed >" + ARCHIVE)
    one_sentence(obtain(vendor, env), ARCHIVE, "SHA-256")
    assert left_over(vendor) == [], left_over(vendor)


@test
def no_network_is_one_sentence_that_names_the_file(place):
    vendor, env = setup(place, "echo 'E: Could not resolve mirror.invalid' >&2; exit 100")
    one_sentence(obtain(vendor, env), "Could not resolve", ARCHIVE, "vendor/")
    assert left_over(vendor) == [], left_over(vendor)


@test
def another_version_in_the_distribution_is_one_sentence(place):
    vendor, env = setup(place, "echo newer >bearssl_0.7.orig.tar.xz")
    one_sentence(obtain(vendor, env), ARCHIVE, "vendor/")


@test
def no_package_manager_is_one_sentence_that_names_the_file(place):
    vendor, env = setup(place, have_apt=False)
    one_sentence(obtain(vendor, env), ARCHIVE, "vendor/")


@test
def no_package_sources_is_one_sentence_that_names_the_file(place):
    vendor, env = setup(place)
    os.remove(place + "/etc/list")
    one_sentence(obtain(vendor, env), ARCHIVE, "vendor/")


@test
def no_rights_is_one_sentence(place):
    vendor, env = setup(place)
    os.chmod(vendor, 0o555)
    one_sentence(obtain(vendor, env, nobody=os.getuid() == 0), "tree/vendor", "write")


@test
def no_xz_is_one_sentence(place):
    vendor, env = setup(place, without=("xz",))
    one_sentence(obtain(vendor, env), "xz", "install")
    assert not os.path.exists(place + "/called"), "it fetched before it looked"


@test
def failed_unpacking_leaves_no_half_of_the_source(place):
    vendor, env = setup(place)
    shutil.copy(real_archive(), vendor)
    program(env["PATH"], "tar", "mkdir -p bearssl/src && : >bearssl/src/inner.h; exit 2\n")
    one_sentence(obtain(vendor, env), "unpacked")
    assert not os.path.exists(vendor + "/bearssl")
    assert not glob.glob(vendor + "/.bearssl*")


@test
def foreign_tree_in_vendor_is_left_alone(place):
    vendor, env = setup(place)
    os.makedirs(vendor + "/bearssl/mine")
    one_sentence(obtain(vendor, env), "vendor/bearssl", "move it away")
    assert os.path.isdir(vendor + "/bearssl/mine")


def given_sources(place):
    text = ""
    for path in sorted(glob.glob(place + "/sources.d/*")):
        with open(path) as file:
            text += file.read()
    return text


def codename():
    with open("/etc/os-release") as file:
        for line in file:
            if line.startswith("VERSION_CODENAME="):
                return line.split("=")[1].strip().strip('"')
    raise Skip("the distribution's code name: this one has none")


@test
def one_line_sources_become_source_entries(place):
    vendor, env = setup(place, "cp '%s' ." % real_archive())
    name = codename()
    with open(place + "/etc/list", "w") as file:
        file.write("# deb http://comment.invalid/os %s main\n"
                   "deb cdrom:[Disc 1]/ %s main\n"
                   "deb [ arch=amd64 signed-by=/etc/key.gpg ] http://a.invalid/os %s main contrib # ours\n"
                   "deb http://b.invalid/os %s-updates main\n"
                   "deb http://c.invalid/third stable vendor\n" % (name, name, name, name))
    assert obtain(vendor, env).returncode == 0
    assert given_sources(place) == \
        "deb-src [ arch=amd64 signed-by=/etc/key.gpg ] http://a.invalid/os %s main\n" % name, given_sources(place)


@test
def deb822_sources_become_source_entries(place):
    vendor, env = setup(place, "cp '%s' ." % real_archive())
    name = codename()
    os.remove(place + "/etc/list")
    with open(place + "/etc/parts/os.sources", "w") as file:
        file.write("# the system's\nTypes: deb\nURIs: http://a.invalid/os\n# and a remark\n"
                   "Suites: %s %s-updates\nComponents: main contrib\nArchitectures: amd64\n"
                   "Signed-By:\n -----BEGIN KEY-----\n .\n abc\n -----END KEY-----\n\n"
                   "Types: deb\nURIs: http://b.invalid/os\nSuites: %s-security\nComponents: main\n\n"
                   "Enabled: no\nTypes: deb\nURIs: http://c.invalid/os\nSuites: %s\nComponents: main\n"
                   % (name, name, name, name))
    with open(place + "/etc/parts/third.sources", "w") as file:
        file.write("Types: deb\nURIs: http://d.invalid/\nSuites: nodistro\nComponents: main\n")
    assert obtain(vendor, env).returncode == 0
    assert given_sources(place) == (
        "Types: deb-src\nURIs: http://a.invalid/os\nSuites: %s\nComponents: main\n"
        "Signed-By:\n -----BEGIN KEY-----\n .\n abc\n -----END KEY-----\n\n" % name), given_sources(place)


@test
def pins_are_those_of_the_design(_):
    with open(os.path.join(TOP, "vendor/bearssl.sha256")) as file:
        pins = dict(reversed(line.split()) for line in file)
    assert pins == {
        ARCHIVE: "102a625bd8f6155260867a50c508df8d8c3f796985dd744df1a68e5cd1a79004",
        UPSTREAM: "6705bba1714961b41a728dfc5debbe348d2966c117649392f8c8139efc83ff14"}, pins


@test
def unpacked_source_is_that_of_the_archive(_):
    top = os.path.join(TOP, "vendor/bearssl")
    with tarfile.open(real_archive()) as tar:
        for entry in tar:
            path = os.path.join(top, *entry.name.split("/")[1:])
            if entry.isfile():
                with open(path, "rb") as file:
                    assert file.read() == tar.extractfile(entry).read(), "%s was changed" % entry.name
