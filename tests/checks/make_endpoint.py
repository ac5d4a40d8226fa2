# SPDX-License-Identifier: MIT
"""Writes tests/checks/cases/endpoint.rules.json: the hosts of every region, of each kind, as botocore's rules have them.

    python3 tests/checks/make_endpoint.py [--check]

STS comes from botocore's rule set for STS (last run with botocore 1.43.11), signing region included. Its rule set for
sign-in is that of an API on the same hosts and gives the FIPS and dual-stack names; GovCloud's FIPS names, which it lacks,
are the AWS CLI 2's. Ordinary sign-in hosts and consoles are those that AWS General Reference and the GovCloud and China
guides name, written down here once more. Left out: aws-global with FIPS or dual-stack, where the rules make a name that
nothing answers to, and no region at all, where Postern has a default. --check writes nothing and says whether the file
is what it would write now."""

import gzip
import json
import os
import sys

import botocore
import botocore.endpoint_provider
import botocore.exceptions

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = os.path.join(HERE, "cases", "endpoint.rules.json")
DATA = os.path.join(os.path.dirname(botocore.__file__), "data")

# partition: sign-in domain, console domain, region that the sign-in host without a region stands for
DOMAINS = {
    "aws": ("signin.aws.amazon.com", "console.aws.amazon.com", "us-east-1"),
    "aws-cn": ("signin.amazonaws.cn", "console.amazonaws.cn", "cn-north-1"),
    "aws-us-gov": ("signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com", "us-gov-west-1"),
    "aws-eusc": ("signin.amazonaws-eusc.eu", "console.amazonaws-eusc.eu", None),
    "aws-iso": ("signin.c2shome.ic.gov", "console.c2shome.ic.gov", "us-iso-east-1"),
    "aws-iso-b": ("signin.sc2shome.sgov.gov", "console.sc2shome.sgov.gov", "us-isob-east-1"),
    "aws-iso-e": ("signin.csphome.adc-e.uk", "console.csphome.adc-e.uk", "eu-isoe-west-1"),
    "aws-iso-f": ("signin.csphome.hci.ic.gov", "console.csphome.hci.ic.gov", "us-isof-south-1"),
}
CUSTOM = "https://sts.corp.example"


def load(path):
    with (gzip.open if path.endswith(".gz") else open)(os.path.join(DATA, path)) as source:
        return json.load(source)


PARTITIONS = load("partitions.json")
STS, SIGNIN = (botocore.endpoint_provider.EndpointProvider(load(path + "/endpoint-rule-set-1.json.gz"), PARTITIONS)
               for path in ("sts/2011-06-15", "signin/2023-01-01"))


def sts(case):
    """URL and signing region, or None where the rules refuse."""
    words = dict(Region=case["region"], UseFIPS=case.get("use_fips", False), UseDualStack=case.get("use_dualstack", False),
                 UseGlobalEndpoint=case.get("use_global", False))
    if "endpoint" in case:
        words["Endpoint"] = case["endpoint"]
    try:
        found = STS.resolve_endpoint(**words)
    except botocore.exceptions.EndpointProviderError:
        return None
    schemes = found.properties.get("authSchemes", [])
    return found.url, schemes[0]["signingRegion"] if schemes else case["region"]


def signin(case, region, partition):
    domain, _, bare = DOMAINS[partition]
    fips, dual = case.get("use_fips", False), case.get("use_dualstack", False)
    if fips and not dual and partition == "aws-us-gov":
        domain = domain.replace("signin.", "signin-fips.")
    elif fips or dual:
        return SIGNIN.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dual).url
    return "https://" + (domain if region == bare else "%s.%s" % (region, domain))


def answer(case):
    region = "us-east-1" if case["region"] == "aws-global" else case["region"]
    partition = partition_of(region)
    place = sts(case)
    if not place:
        return None
    console = DOMAINS[partition][1]
    return {"partition": partition, "sts_url": place[0], "signing_region": place[1],
            "signin_url": signin(case, region, partition),
            "console_url": "https://" + (console if region == "cn-north-1" else "%s.%s" % (region, console))}


def partition_of(region):
    library = botocore.endpoint_provider.RuleSetStandardLibrary(PARTITIONS)
    return library.aws_partition(region)["name"]


def cases():
    regions = [r for p in PARTITIONS["partitions"] for r in p["regions"] if not r.endswith("-global")]
    regions += ["us-newplace-9", "us-gov-north-3", "cn-west-2", "mars-1"]
    for region in regions:
        for fips, dual in ((True, False), (False, True), (True, True)):
            yield dict({"region": region}, **{k: True for k, on in (("use_fips", fips), ("use_dualstack", dual)) if on})
        yield {"region": region, "use_global": True}
    yield {"region": "aws-global"}
    yield {"region": "aws-global", "use_global": True}
    for region in ("us-east-1", "eu-west-1", "us-gov-west-1", "cn-northwest-1"):
        for word in ("use_fips", "use_dualstack", "use_global"):
            yield {"region": region, "endpoint": CUSTOM, word: True}
    for word in ("use_fips", "use_dualstack"):
        yield {"region": "us-east-1", "use_global": True, word: True}


def name(case):
    words = [case["region"]] + [word for word in ("use_fips", "use_dualstack", "use_global") if word in case]
    return "rules: " + " ".join(words + (["endpoint"] if "endpoint" in case else []))


def main():
    lines = []
    for case in cases():
        found = answer(case)
        whole = {"name": name(case), "case": case}
        whole.update({"answer": found, "exit": 0} if found else {"exit": 1})
        lines.append(json.dumps(whole))
    text = "[\n%s\n]\n" % ",\n".join(lines)
    if sys.argv[1:] == ["--check"]:
        with open(FILE, encoding="utf-8") as file:
            same = file.read() == text
        print("the same" if same else "%s is not what botocore says now" % FILE)
        return 0 if same else 1
    with open(FILE, "w", encoding="utf-8") as file:
        file.write(text)
    print("%d cases" % len(lines))
    return 0


sys.exit(main())
