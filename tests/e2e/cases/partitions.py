# SPDX-License-Identifier: MIT
"""Each partition's own hosts, without any endpoint option: China, GovCloud, the European Sovereign Cloud, and the isolated
ones. The stand-in listens on port 443 of loopback addresses, so the URLs are those that a user would get."""
import realm as facts
from cases._servers import server
from harness import case

HOSTS = {
    "cn-north-1": ("sts.cn-north-1.amazonaws.com.cn", "signin.amazonaws.cn"),
    "cn-northwest-1": ("sts.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1.signin.amazonaws.cn"),
    "us-gov-west-1": ("sts.us-gov-west-1.amazonaws.com", "signin.amazonaws-us-gov.com"),
    "us-gov-east-1": ("sts.us-gov-east-1.amazonaws.com", "us-gov-east-1.signin.amazonaws-us-gov.com"),
    "eusc-de-east-1": ("sts.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1.signin.amazonaws-eusc.eu"),
    "us-east-1": ("sts.us-east-1.amazonaws.com", "signin.aws.amazon.com"),
    "eu-west-1": ("sts.eu-west-1.amazonaws.com", "eu-west-1.signin.aws.amazon.com"),
}
for name, hosts in HOSTS.items():
    def own_hosts(t, region=name, pair=hosts):
        partition = facts.partition_of(region)
        login = t.ok(t.run(keys=t.realm.user("li", partition=partition[0]), region=region), region=region)
        t.equal((t.aws.sts.last().host, t.aws.signin.last().host), pair, "hosts asked")
        t.true(login.destination.hostname.endswith(partition[4]), "a console of " + partition[0])
    case("%s has its own STS, sign-in and console hosts" % name, "443")(own_hosts)


@case("the console host of cn-north-1 has no region in front", "443")
def _(t):
    login = t.ok(t.run(keys=t.realm.user(partition="aws-cn"), region="cn-north-1"), region="cn-north-1")
    t.equal(login.destination.hostname, "console.amazonaws.cn", "console host")


@case("a role ARN names the partition when no region does", "443")
def _(t):
    user, role = t.realm.user(partition="aws-cn"), t.realm.role(partition="aws-cn")
    t.ok(t.run("--role-arn", role.arn, keys=user, region=None, regions=("cn-north-1",)), region="cn-north-1")
    t.equal({facts.place(r.host)[2] for r in t.aws.requests()}, {"aws-cn"}, "partitions asked")


@case("a role ARN and a region of two partitions are refused offline", "443")
def _(t):
    result = t.run("--role-arn", t.realm.role(partition="aws-cn").arn, region="us-east-1")
    t.fails(result, (64, 67, 78), "partition|aws-cn")
    t.offline()


@case("an isolated partition needs --console-url and --ca-bundle, exit 78")
def _(t):
    user = t.realm.user(partition="aws-iso")
    result = t.bare("--region", "us-iso-east-1", keys=user, region=None)
    t.fails(result, 78)
    text = t.hint(result)
    t.true("--console-url" in text + result.err or "--ca-bundle" in text + result.err, "the options that are missing")
    t.offline()
    result = t.bare("--region", "us-iso-east-1", "--ca-bundle", t.bundle, keys=user, region=None)
    t.fails(result, 78, "console-url")
    t.offline()


@case("an isolated partition works once both options are given", "443")
def _(t):
    user = t.realm.user(partition="aws-iso")
    login = t.ok(t.run("--console-url", "https://console.c2shome.ic.gov/", keys=user, region="us-iso-east-1"),
                 region="us-iso-east-1")
    t.equal(login.destination.hostname, "console.c2shome.ic.gov", "console host")


@case("a region with a slip of the hand is exit 78 with the nearest one, and the hint works", "443")
def _(t):
    with server(t) as dns:
        result = t.run("--region", "us-esat-1", region=None, servers=[dns.where()])
        t.fails(result, 78, "us-esat-1")
        t.ok(t.follow(result))


@case("a region that could not be a host name is exit 78 and never gets into one")
def _(t):
    for word in ("us-east-1.evil.example", "us east 1", "../x", "us-east-1/", "-us-east-1", "x" * 80):
        t.fails(t.run("--region", word), (64, 78), "region")
        t.offline()
