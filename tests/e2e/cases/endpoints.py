# SPDX-License-Identifier: MIT
"""The SDKs' endpoint settings, in the environment and in profiles: FIPS, dual-stack, the global host, VPC endpoints, private
endpoints. Without such settings hosts are partitions.py's; what options give is in network.py."""
import realm as facts
from cases._servers import server
from harness import case

STS, SIGNIN = facts.sts_host("us-east-1"), facts.signin_host("us-east-1")
FIPS = ("sts-fips.us-east-1.amazonaws.com", "signin-fips.us-east-1.amazonaws.com")
OTHER = "signin-fips.us-west-2.amazonaws.com"
DUAL = ("sts.us-east-1.api.aws", "signin.us-east-1.api.aws")
BOTH = ("sts-fips.us-east-1.api.aws", "signin-fips.us-east-1.api.aws")
GLOBAL = "sts.amazonaws.com"
VPCE = "vpce-1.sts.us-east-1.vpce.amazonaws.com"
CORP = ("sts.corp.example", "signin.corp.example")
ON = {"AWS_USE_FIPS_ENDPOINT": "true"}
TWO = {"AWS_USE_FIPS_ENDPOINT": "True", "AWS_USE_DUALSTACK_ENDPOINT": "TRUE"}
LEGACY = {"AWS_STS_REGIONAL_ENDPOINTS": "legacy"}


def led(t, hosts):
    """The options that lead these two hosts to the stand-in, too."""
    return ["--resolve", "%s:%s" % (hosts[0], t.aws.sts.address), "--resolve", "%s:%s" % (hosts[1], t.aws.signin.address)]


def asked(t):
    return t.aws.sts.last().host, t.aws.signin.last().host


def config(t, text, **env):
    return dict({"AWS_CONFIG_FILE": t.file("config", text)}, **env)


for title, settings, region, pair in (
        ("FIPS", ON, "us-east-1", FIPS),
        ("dual-stack", {"AWS_USE_DUALSTACK_ENDPOINT": "true"}, "us-east-1", DUAL),
        ("FIPS and dual-stack", TWO, "us-east-1", BOTH),
        ("FIPS in GovCloud", ON, "us-gov-west-1", ("sts.us-gov-west-1.amazonaws.com", "signin-fips.amazonaws-us-gov.com")),
        ("FIPS unless it is true", {"AWS_USE_FIPS_ENDPOINT": "1"}, "us-east-1", (STS, SIGNIN)),
        ("legacy regional endpoints", LEGACY, "eu-west-1", (GLOBAL, facts.signin_host("eu-west-1"))),
        ("legacy regional endpoints in China", LEGACY, "cn-north-1",
         (facts.sts_host("cn-north-1"), facts.signin_host("cn-north-1"))),
        ("legacy regional endpoints with FIPS", dict(LEGACY, **ON), "us-east-1", FIPS),
        ("a VPC endpoint", {"AWS_ENDPOINT_URL_STS": "https://" + VPCE}, "us-east-1", (VPCE, SIGNIN)),
        ("private endpoints", {"AWS_ENDPOINT_URL": "https://" + CORP[0], "AWS_ENDPOINT_URL_SIGNIN": "https://" + CORP[1]},
         "us-east-1", CORP)):
    def by_environment(t, settings=settings, region=region, pair=pair):
        user = t.realm.user("li", partition=facts.partition_of(region)[0])
        t.ok(t.run(*led(t, pair), keys=user, env=settings, region=region), signin=pair[1])
        t.equal(asked(t), pair, "hosts asked")
    case("the environment asks for " + title, "443")(by_environment)


@case("region aws-global is the global host, signed and signed in at us-east-1", "443")
def _(t):
    t.ok(t.run(*led(t, (GLOBAL, SIGNIN)), region="aws-global"))
    t.equal(asked(t), (GLOBAL, SIGNIN), "hosts asked")
    t.true("/us-east-1/sts/" in t.aws.sts.last().header("authorization"), "a scope of us-east-1")


@case("a profile asks for FIPS and dual-stack, and the environment may say no", "443")
def _(t):
    env = config(t, "[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = TRUE\n")
    t.ok(t.run(*led(t, BOTH), env=env), signin=BOTH[1])
    t.equal(asked(t), BOTH, "hosts asked")
    env["AWS_USE_FIPS_ENDPOINT"] = "false"
    t.ok(t.run(*led(t, DUAL), env=env), signin=DUAL[1])
    t.equal(asked(t), DUAL, "hosts asked")


SERVICES = ("[default]\nservices = corp\n%s[services corp]\nsts =\n  endpoint_url = https://sts.corp.example\n"
            "signin =\n  endpoint_url = https://signin.corp.example\n")


@case("a profile's services section gives private endpoints, and each of them is named", "443")
def _(t):
    result = t.run(*led(t, CORP), env=config(t, SERVICES % ""))
    t.ok(result, signin=CORP[1])
    t.equal(asked(t), CORP, "hosts asked")
    t.says(result, *CORP)


@case("a profile's endpoint_url is STS's and not sign-in's", "443")
def _(t):
    t.ok(t.run(*led(t, CORP), env=config(t, "[default]\nendpoint_url = https://sts.corp.example\n")))
    t.equal(asked(t), (CORP[0], SIGNIN), "hosts asked")


@case("an option beats the environment, and that beats the profile", "443")
def _(t):
    env = config(t, SERVICES % "endpoint_url = https://nowhere.example\n", AWS_ENDPOINT_URL="https://" + VPCE)
    t.ok(t.run(*led(t, (VPCE, CORP[1])), env=env), signin=CORP[1])
    t.equal(asked(t), (VPCE, CORP[1]), "hosts asked")
    t.ok(t.run("--endpoint-url", "https://" + STS, "--signin-endpoint-url", "https://" + SIGNIN, env=env))
    t.equal(asked(t), (STS, SIGNIN), "hosts asked")


@case("configured endpoints are ignored when that is set, but not options", "443")
def _(t):
    text = SERVICES % "endpoint_url = https://nowhere.example\nignore_configured_endpoint_urls = true\n"
    t.ok(t.run(env=config(t, text, AWS_ENDPOINT_URL="https://nowhere.example")))
    t.ok(t.run(*led(t, CORP), "--endpoint-url", "https://sts.corp.example", env=config(t, text)))
    t.equal(asked(t), (CORP[0], SIGNIN), "hosts asked")
    t.ok(t.run(env={"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_ENDPOINT_URL_SIGNIN": "https://nowhere.example"}))


@case("a services section that is not there is exit 78, and the hint leads on", "443")
def _(t):
    result = t.run(env=config(t, "[default]\nservices = gone\n"))
    t.fails(result, 78, "services")
    t.offline()
    t.ok(t.follow(result))


@case("FIPS or dual-stack beside an STS endpoint of one's own is exit 78, and the hint leads on", "443")
def _(t):
    for env in (ON, {"AWS_USE_DUALSTACK_ENDPOINT": "true"}, config(t, "[default]\nuse_fips_endpoint = true\n")):
        result = t.run(*led(t, CORP), env=dict(env, AWS_ENDPOINT_URL_STS="https://" + CORP[0]))
        t.fails(result, 78, "AWS_ENDPOINT_URL_STS", "fips|dualstack", step="options")
        t.equal(t.aws.sts.all() + t.aws.signin.all(), [], "requests")
        t.ok(t.follow(result))
        t.aws.sts.requests.clear()
        t.aws.signin.requests.clear()


@case("another word for regional endpoints is exit 78 and names the setting, and the hint leads on", "443")
def _(t):
    for env, name in (({"AWS_STS_REGIONAL_ENDPOINTS": "global"}, "AWS_STS_REGIONAL_ENDPOINTS"),
                      (config(t, "[default]\nsts_regional_endpoints = Regional\n"), "sts_regional_endpoints")):
        result = t.run(env=env)
        t.fails(result, 78, name, step="options")
        t.ok(t.follow(result))


@case("a FIPS sign-in host that fails is answered with the ordinary one, and the hint leads on", "443")
def _(t):
    nobody = t.aws.sts.address.rpartition(".")[0] + ".9"
    for fault, words in (("reply", {"status": 404, "body": b"<html>no</html>"}), ("reply", {"status": 400, "body": b""}),
                         ("close_after_hello", {}), ("unavailable", {})):
        t.aws.signin.fault(fault, **words)
        result = t.run(*led(t, FIPS), "--resolve", "%s:%s" % (OTHER, nobody), env=ON)
        t.fails(result, (69, 75, 76, 77), "FIPS")
        t.hint(result, "--signin-endpoint-url https://" + SIGNIN)
        t.aws.signin.faults.clear()
        t.ok(t.follow(result))
        t.equal(asked(t), (FIPS[0], SIGNIN), "hosts asked")


@case("a FIPS sign-in host that is down is replaced by another region's FIPS host", "443")
def _(t):
    t.aws.signin.fault("unavailable", times=3)
    result = t.run(*led(t, FIPS), "--resolve", "%s:%s" % (OTHER, t.aws.signin.address), "--no-false-start", env=ON)
    t.ok(result, signin=OTHER)
    t.says(result, "%s is down" % FIPS[1])


@case("--signin-region keeps to the kind of hosts, and its ordinary one is offered", "443")
def _(t):
    t.aws.signin.fault("reply", status=404, body=b"")
    result = t.run("--signin-region", "us-west-2", *led(t, (FIPS[0], OTHER)), env=ON, regions=["us-west-2"])
    t.hint(t.fails(result, 77, OTHER), "--signin-endpoint-url https://us-west-2.signin.aws.amazon.com")
    t.aws.signin.faults.clear()
    t.ok(t.run("--signin-region", "us-west-2", *led(t, (FIPS[0], OTHER)), env=ON), signin=OTHER)


@case("a refusal by STS is not blamed on sign-in's FIPS host", "443")
def _(t):
    t.aws.sts.fault("blocked")
    t.silent_about(t.fails(t.run(*led(t, FIPS), env=ON), (69, 76, 77), step="sts"), "--signin-endpoint-url")


@case("a FIPS host that does not exist is exit 69, and the hint speaks of the setting or of the ordinary sign-in host", "443")
def _(t):
    with server(t) as dns:
        words = ["--ca-bundle", t.bundle, "--dns", dns.where()]
        result = t.bare(*words, env=ON, region="eu-west-1")
        t.fails(result, 69, "sts-fips.eu-west-1", step="dns")
        t.hint(result, "AWS_USE_FIPS_ENDPOINT=false", "us-west-2")
        result = t.bare(*words, "--resolve", "%s:%s" % (FIPS[0], t.aws.sts.address), env=ON)
        t.fails(result, 69, FIPS[1], step="dns")
        t.hint(result, "--signin-endpoint-url https://" + SIGNIN)
        t.true(OTHER in dns.names() and not any("fips" not in name for name in dns.names()), "FIPS hosts asked for only")


@case("a VPC endpoint of another region is signed for that region, with a warning", "443")
def _(t):
    result = t.run(*led(t, (VPCE, SIGNIN)), env={"AWS_ENDPOINT_URL_STS": "https://" + VPCE}, region="eu-west-1")
    t.ok(result, region="eu-west-1")
    t.says(result, "warning: .*%s is of region us-east-1" % VPCE)
    t.silent_about(result, "none of AWS's")


@case("a VPC endpoint names the region when nothing else does", "443")
def _(t):
    t.ok(t.run(*led(t, (VPCE, SIGNIN)), env={"AWS_ENDPOINT_URL_STS": "https://" + VPCE}, region=None))
    t.silent_about(t.results[-1], "none is set")


@case("FIPS, dual-stack and VPC hosts of another partition are exit 78 before any connection", "443")
def _(t):
    for host in ("sts.us-gov-west-1.api.aws", "sts-fips.us-gov-west-1.api.aws", "vpce-1.sts.us-gov-west-1.vpce.amazonaws.com",
                 "sts.cn-north-1.api.amazonwebservices.com.cn", "sts-fips.cn-north-1.amazonaws.com.cn"):
        t.fails(t.run(env={"AWS_ENDPOINT_URL_STS": "https://" + host}), 78, "is of partition")
    for host in ("signin-fips.amazonaws-us-gov.com", "signin.us-gov-west-1.api.aws", "signin-fips.cn-north-1.amazonaws.com.cn"):
        t.fails(t.run(env={"AWS_ENDPOINT_URL_SIGNIN": "https://" + host}), 78, "is of partition")
    t.offline()


@case("http:// in a setting is refused like in an option, and named", "443")
def _(t):
    profile = config(t, "[default]\nendpoint_url = http://sts.corp.example\n")
    for env, name in (({"AWS_ENDPOINT_URL": "http://192.0.2.7"}, "AWS_ENDPOINT_URL"), (profile, "endpoint_url of the profile"),
                      ({"AWS_ENDPOINT_URL_SIGNIN": "http://127.0.0.1:9"}, "AWS_ENDPOINT_URL_SIGNIN"),
                      ({"POSTERN_CONSOLE_URL": "http://127.0.0.1:9"}, "console-url")):
        t.fails(t.run(env=env), (64, 78), name)
    t.offline()


@case("STS on loopback may be asked without TLS by a setting, too", "443")
def _(t):
    plain = t.aws.plain_sts()
    t.ok(t.run(env=config(t, "[default]\nendpoint_url = http://127.0.0.1:%d\n" % plain.port)))
    t.equal(len(plain.all("GetFederationToken")), 1, "requests at the plain endpoint")


@case("--explain and -v name the endpoint settings in force")
def _(t):
    env = config(t, "[default]\nuse_dualstack_endpoint = true\n", **ON)
    result = t.bare("--explain", "-v", env=env)
    t.equal(result.code, 0, "exit code")
    for text in (result.out, result.err):
        t.true("AWS_USE_FIPS_ENDPOINT, use_dualstack_endpoint of the profile" in text, "the settings in %r" % text)
    for host in BOTH:
        t.true("https://" + host in result.out, host)
    t.true("--signin-endpoint-url https://" + SIGNIN in result.out, "the ordinary sign-in host")
    result = t.bare("--explain", env=dict(LEGACY, AWS_REGION="eu-west-1"))
    t.true("https://sts.amazonaws.com, signed for us-east-1" in result.out, "the signing region")
    t.silent_about(t.bare("--explain", "-v"), "endpoints by")
