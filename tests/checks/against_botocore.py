# SPDX-License-Identifier: MIT
"""Whether Postern and botocore choose the same credentials, over the combinations of combinations.py: the same source and
keys and the same roles in the same order, or both refuse, but for DIFFERENCES.

    python3 tests/checks/against_botocore.py [--all] ["NAME"]...     all combinations, or these; --all: with all pairs
    python3 tests/checks/against_botocore.py --list                  the names

Which keys a run would sign with and which roles it would assume are compared; not the words of a refusal."""
import concurrent.futures
import copy
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile

from combinations import LOGIN, SESSION, START, case_of, combinations, world

HERE = os.path.dirname(os.path.abspath(__file__))
DRIVER = os.path.join(os.path.dirname(os.path.dirname(HERE)), "build", "checks", "chain")
KEYS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token")
VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
RELATIVE, FULL = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"
REFUSED_URI = "http://192.0.2.1/"


# --- differences: each changes a world into one in which botocore chooses what Postern chooses in the first ----------

def empty_is_unset(made):
    for place in ("env", "config", "credentials"):
        made[place] = {name: value for name, value in made[place].items() if value or name in (RELATIVE, FULL)}


def newer_name_first(made):
    if made["env"].get("AWS_PROFILE"):
        made["env"].pop("AWS_DEFAULT_PROFILE", None)


def keys_beat_an_absent_profile(made):
    if made["env"].get("AWS_PROFILE") == "nobody" and any(made["env"].get(name) for name in VARIABLES[:2]):
        del made["env"]["AWS_PROFILE"]


def files_are_merged(made):
    both = [bool(made["credentials"].get(name)) for name in KEYS[:2]]
    if any(both) and not all(both):
        for name in KEYS:
            value = made["config"].pop(name, None)
            if value:
                made["credentials"].setdefault(name, value)


def half_is_refused(made):
    """Half a key that botocore passes over, as the half that it refuses."""
    for place, names in (("env", VARIABLES), ("config", KEYS), ("credentials", KEYS)):
        if made[place].get(names[1]) and not made[place].get(names[0]):
            made[place][names[0]] = made[place].pop(names[1])


def kind_is_checked(made):
    """Keys that no call would accept, as half a key."""
    for place, names in (("env", VARIABLES), ("config", KEYS), ("credentials", KEYS)):
        held, token = made[place], any(made[place].get(name) for name in names[2:])
        if held.get(names[1]) and held.get(names[0], "")[:4] == ("AKIA" if token else "ASIA"):
            del held[names[1]]


def names_are_resolved(made):
    if made["env"].get(FULL, "").startswith("http://keys.example.com"):
        made["env"][FULL] = "http://127.0.0.1/"


def empty_path_is_refused(made):
    if made["env"].get(RELATIVE) == "":
        del made["env"][RELATIVE]
        made["env"][FULL] = REFUSED_URI


def case_of_source_is_free(made):
    if made["config"].get("credential_source") == "ec2instancemetadata":
        made["config"]["credential_source"] = "Ec2InstanceMetadata"


def mode_is_read_when_used(made):
    """A mode that does not exist, as metadata that cannot be asked."""
    if made["env"].pop("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", None):
        made["env"]["AWS_EC2_METADATA_DISABLED"] = "true"


DIFFERENCES = (
    (empty_is_unset, "An empty variable or property is as good as none: botocore looks for a profile, role, login or command "
     "whose name is empty, and fails. What the credentials file leaves empty hides what the config file sets."),
    (newer_name_first, "AWS_PROFILE comes before AWS_DEFAULT_PROFILE, as in AWS CLI v2 and the other SDKs."),
    (keys_beat_an_absent_profile, "Keys in the environment win over AWS_PROFILE, also when there is no such profile, since "
     "nothing is taken from it; the summary says that it is not used."),
    (files_are_merged, "Where the credentials file has half a key, the two files are merged property by property, as the "
     "cross-SDK grammar has it; botocore takes keys from one of them."),
    (half_is_refused, "A secret without its access key id is refused, like an id without its secret: a source that is "
     "configured does not fall through to the next. botocore passes over it."),
    (kind_is_checked, "AKIA… with a session token and ASIA… without one are refused before anything is asked: AWS would refuse "
     "them."),
    (names_are_resolved, "A container endpoint may be http:// with a name, all of whose addresses are then checked, as in the "
     "SDKs that share the C runtime; botocore takes addresses and localhost."),
    (empty_path_is_refused, "An empty " + RELATIVE + " is refused by name. botocore asks the container's host for no path, and "
     "fails when that answers."),
    (case_of_source_is_free, "credential_source is compared without case, as botocore means to when it looks the source up; a "
     "check that it makes before is stricter."),
    (mode_is_read_when_used, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is looked at when metadata is asked; botocore refuses an "
     "unknown one though other keys win."),
)


def changed(made):
    """The world in which botocore is to choose as Postern does in this one, and the differences that lead there."""
    made, used = copy.deepcopy(made), []
    for change, _ in DIFFERENCES:
        before = copy.deepcopy(made)
        change(made)
        if made != before:
            used.append(change.__name__)
    return made, used


# --- both sides -----------------------------------------------------------------------------------------------------

def fill(home):
    """What `aws sso login` and `aws login` would have left in this HOME, and the token of a web identity."""
    login = {"accessToken": {"accessKeyId": LOGIN, "secretAccessKey": "s", "sessionToken": "t", "accountId": "123456789012",
                             "expiresAt": "2099-01-01T00:00:00Z"}, "refreshToken": "r", "dpopKey": "k", "clientId": "c"}
    sso = {"accessToken": "t", "expiresAt": "2099-01-01T00:00:00Z"}
    texts = {"token": "token", ".aws/login/cache/%s.json" % hashlib.sha256(SESSION.encode()).hexdigest(): json.dumps(login)}
    for name in ("s", START):
        texts[".aws/sso/cache/%s.json" % hashlib.sha1(name.encode()).hexdigest()] = json.dumps(sso)
    for name, text in texts.items():
        path = os.path.join(home, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def of_botocore(cases):
    with tempfile.TemporaryDirectory(prefix="postern-checks-") as home:
        fill(home)
        env = {"HOME": home, "PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": HERE}
        ran = subprocess.run([sys.executable, os.path.join(HERE, "botocore_choice.py")], input=json.dumps(cases), text=True,
                             stdout=subprocess.PIPE, cwd=home, env=env, timeout=300, check=True)
        return json.loads(ran.stdout)


def of_postern(case):
    ran = subprocess.run([DRIVER], input=json.dumps(case).encode(), capture_output=True, timeout=60)
    if ran.returncode == 1:
        return None
    if ran.returncode:
        raise ValueError("exit %d: %s" % (ran.returncode, ran.stderr.decode(errors="replace")))
    steps = json.loads(ran.stdout)
    # The driver says where a role's keys would come from; that there are none there is for the run to find out.
    return None if steps[0] == {"source": "env"} else steps


def missing():
    """Why botocore cannot be asked; empty when it can."""
    if not importlib.util.find_spec("botocore"):
        return "botocore is not installed"
    import botocore.credentials     # pylint: disable=import-outside-toplevel
    return "" if hasattr(botocore.credentials, "LoginProvider") else "this botocore is older than aws login"


def shown(name, choice):
    return "    %-22s %s\n" % (name, json.dumps(choice) if choice else "refuses")


def judge(table):
    """Compare over a table of combinations by name; the number that agree, and a text for each that does not."""
    cases, meant, used = [], [], []
    for combination in table.values():
        made = world(combination)
        like, differences = changed(made)
        cases.append(case_of(made))
        meant.append(case_of(like))
        used.append(differences)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        theirs = pool.submit(of_botocore, cases + [case for case in meant if case not in cases])
        ours = list(pool.map(of_postern, cases))
    theirs = dict(zip(map(json.dumps, cases + [case for case in meant if case not in cases]), theirs.result()))
    faults, seen = [], set()
    for name, case, like, differences, choice in zip(table, cases, meant, used, ours):
        plain, wanted = theirs[json.dumps(case)], theirs[json.dumps(like)]
        if choice != plain and len(differences) == 1:
            seen.add(differences[0])
        if choice != wanted:
            faults.append("FAILED %s: %s\n%s%s%s    %s\n" % (
                name, ", ".join(differences) or "no difference is listed", shown("botocore", plain),
                shown("hence wanted", wanted), shown("postern", choice), json.dumps(case)))
    return len(table) - len(faults), faults, seen


def main(words):
    table = combinations("--all" in words)
    names = [word for word in words if not word.startswith("--")]
    if "--list" in words:
        print("\n".join(table))
        return 0
    why = missing()
    if why:
        print("skipped: what botocore chooses in %d combinations: %s" % (len(table), why))
        print("0 passed, 0 failed, 1 skipped")
        return 0
    if names:
        every = combinations(True)
        table = {name: every[name] for name in names}
    passed, faults, seen = judge(table)
    for change, reason in DIFFERENCES:
        if not names and change.__name__ not in seen:
            faults.append("FAILED %s is listed and makes no difference: %s\n" % (change.__name__, reason))
    print("".join(faults), end="")
    print("%d passed, %d failed" % (passed, len(faults)))
    return 1 if faults or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
