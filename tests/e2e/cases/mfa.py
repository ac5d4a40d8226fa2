# SPDX-License-Identifier: MIT
"""Codes of MFA devices: given by option, printed by mfa_process, or typed by a person while the links connect. The stand-in
takes each code once, and no code is in two requests of a case."""
import os
import re
import shlex
import signal
import threading
import time

import realm as facts
from cases._sources import config, profile, static
from cases.creds import handed_out
from cases.falsestart import relay
from harness import case
from middle import CHANGE_CIPHER_SPEC, DATA

SERIAL = "arn:aws:iam::123456789012:mfa/alice"
PROMPT = "Enter MFA code for %s: " % SERIAL
CTRL_C, CTRL_D = "\x03", "\x04"
MINUTE = 60


def start(t, *words, codes=("123456",), env=None, profiled=True, **settings):
    """As a profile whose role wants MFA, of a user whose device shows these codes. Settings of the profile begin with mfa_."""
    t.user.mfa_serial, t.user.mfa_codes = SERIAL, set(codes)
    how = {name: settings.pop(name) for name in list(settings) if not name.startswith("mfa_")}
    role = profile("p", role_arn=t.realm.role(mfa=True).arn, source_profile="base", mfa_serial=SERIAL, **settings)
    given = dict(config(t, profile("base", **static(t.user)), role), **(env or {}))
    return t.start(*(("--profile", "p") if profiled else ()), *words, keys=False, env=given, **how)


def run(t, *words, **how):
    return t.finish(start(t, *words, **how))


def prompted(t, *words, **how):
    """A run that has asked for a code, with the person at its terminal."""
    running = start(t, *words, typing=True, **how)
    t.true(running.typist.sees(PROMPT), "a prompt")
    return running


def types(t, running, *lines):
    """Type each line and wait for the prompt that follows it."""
    for line in lines:
        prompts = running.typist.seen.count(PROMPT.encode())
        running.typist.types(line + "\n")
        t.true(running.typist.sees(PROMPT, prompts + 1), "a prompt after %r" % line)


def ended(t, running, last="", prompts=1, by_signal=False):
    """Type this; the result, without the prompts and what was typed behind them, of which there were so many."""
    running.typist.types(last)
    result = t.finish(running, by_signal)
    t.equal(running.typist.after, running.typist.before, "modes of the terminal afterwards")
    t.equal(running.typist.left, 0, "bytes of input left for a shell")
    result.err, found = re.subn("(?m)^%s.*\n?" % re.escape(PROMPT), "", result.err)
    t.equal(found, prompts, "prompts")
    return result


def sent(t, *codes):
    """These codes were shown to STS, in this order, and nowhere is one twice."""
    t.equal([r.form["TokenCode"] for r in t.aws.sts.all() if "TokenCode" in r.form], list(codes), "codes that were sent")
    t.equal(len(set(codes)), len(codes), "codes of the case, which differ")


# --- given -----------------------------------------------------------------------------------------------------------

@case("MFA codes are taken from --token-code, from standard input and from a descriptor")
def _(t):
    ways = [("111111", b""), (" 111112 ", b""), ("-", b"222221\n"), ("-", b"222222"), ("-", b" 222223 \r\nmore\n")]
    for word, stdin in ways:
        t.ok(run(t, "--token-code", word, codes={stdin[:8].decode().strip() or word.strip()}, stdin=stdin))
    fd = t.pipe(b"333333\n")
    t.ok(run(t, "--token-code", "fd:%d" % fd, codes={"333333"}, fds=[fd]))
    os.close(fd)
    sent(t, "111111", "111112", "222221", "222222", "222223", "333333")


@case("MFA codes that are not six digits are exit 64 before any network, from wherever they come")
def _(t):
    for code in ("12345", "1234567", "12345a", "123 456", "-12345", "+12345", "0x1234", "\u0661\u0662\u0663\u0664\u0665\u0666", "1" * 5000):
        result = run(t, "--token-code=" + code)
        t.fails(result, 64, "--token-code must be six digits", step="options")
        t.hint(result, "--token-code CODE")
        t.true(code not in result.err, "a message without it")
        t.fails(run(t, "--token-code", "-", stdin=code.encode()), 64, "--token-code", step="options")
    for nothing in (b"", b"\n", b"\n123456\n", b"\0", b"123456\0"):
        t.fails(run(t, "--token-code", "-", stdin=nothing), 64, "what --token-code reads must be six digits", step="options")
    t.offline()


@case("MFA codes of a descriptor that is not open, or without a device, are exit 64 before any network")
def _(t):
    result = run(t, "--token-code", "fd:77")
    t.fails(result, 64, "--token-code fd:77: ", step="options")
    t.hint(result, "--token-code CODE")
    result = t.run("--token-code", "123456", "--role-arn", t.realm.role().arn)
    t.fails(result, 64, "none is named", step="options")
    t.hint(result, "--serial-number")
    t.offline()


@case("MFA codes are in AssumeRole before sign-in, so that the console has twelve hours")
def _(t):
    for words in (("--profile", "p"), ("--profile", "base", "--role-arn", t.realm.role(mfa=True).arn, "--serial-number", SERIAL)):
        login = t.ok(run(t, *words, "--token-code", "123456", "--duration", "12h", profiled=False))
        t.equal((login.token.duration_s, login.keys.kind), (43200, facts.ROLE), "SessionDuration, and kind")
        call = t.aws.sts.last("AssumeRole").form
        t.equal((call["SerialNumber"], call["DurationSeconds"]), (SERIAL, "3600"), "serial number, and the keys' own life")


@case("MFA codes that AWS does not take are exit 77 with the next step, where nobody can be asked")
def _(t):
    result = run(t, "--token-code", "654321")
    t.fails(result, 77, "MultiFactorAuthentication failed", step="sts")
    t.hint(result, "--token-code", "next")
    sent(t, "654321")


# --- mfa_process -----------------------------------------------------------------------------------------------------

def prints(t, text):
    """A command that notes its environment and prints this."""
    return "/bin/sh " + t.file("device", "env >>%s/env; cat %s" % (t.dir, t.file("code", text)))


@case("mfa_process prints the code, has no AWS keys, and is run once")
def _(t):
    other = t.realm.session(facts.ROLE, t.user)
    for code, end in (("111111", ""), ("222222", "\n"), ("333333", " \r\nvalid for 12 s\n")):
        t.ok(run(t, codes={code}, mfa_process=prints(t, code + end), env=dict(other.env(), AWS_SECURITY_TOKEN=other.token)))
        with open(t.dir + "/env", encoding="utf-8") as source:
            text = source.read()
        t.equal(re.findall("(?m)^POSTERN_DEPTH=.*$", text), ["POSTERN_DEPTH=1"], "depth of its one run")
        t.equal(re.findall("(?m)^AWS_.*(?:KEY|TOKEN).*$", text), [], "variables of keys")
        os.unlink(t.dir + "/env")
    sent(t, "111111", "222222", "333333")


@case("mfa_process is not run where a code is given, and not by --explain")
def _(t):
    t.ok(run(t, "--token-code", "123456", mfa_process=prints(t, "654321")))
    t.equal(run(t, "--explain", mfa_process=prints(t, "654321")).code, 0, "exit code")
    t.true(not os.path.exists(t.dir + "/env"), "nothing run")
    sent(t, "123456")


@case("mfa_process that prints no code is exit 64, and what it printed is not shown")
def _(t):
    t.other_secrets.append("words-of-the-device")
    for text in ("", "\n", "12345\n", "code: 123456\n", "words-of-the-device\n", "\n123456\n", b"\xff\xff\xff\xff\xff\xff", "123456\0"):
        result = run(t, mfa_process=prints(t, text))
        t.fails(result, 64, "what mfa_process prints must be six digits", step="options")
        t.hint(result, "--token-code CODE")
    t.offline()


@case("mfa_process that fails is exit 66 with its name, and one that is no command line exit 78")
def _(t):
    for command, code, words in (("/bin/sh -c 'echo 123456; exit 1'", 66, "sh ended with exit code 1"),
                                 (t.dir + "/gone", 66, "gone cannot be run: no such file"),
                                 ("/bin/sh -c 'yes 123456'", 66, "sh printed more than an answer can have"),
                                 ("/bin/echo '123456", 78, "a quote that is not closed")):
        result = run(t, mfa_process=command)
        t.fails(result, code, "mfa_process of profile p: .*" + words, step="credentials")
        t.hint(result)
    t.offline()


@case("mfa_process whose code is wrong is exit 77, and it is not run again")
def _(t):
    result = run(t, mfa_process=prints(t, "654321"))
    t.fails(result, 77, "MultiFactorAuthentication failed", step="sts")
    t.hint(result, "--token-code")
    with open(t.dir + "/env", encoding="utf-8") as source:
        t.equal(source.read().count("POSTERN_DEPTH="), 1, "times that it was run")
    sent(t, "654321")


@case("mfa_process may be asked for by postern at a terminal, and then nobody is prompted")
def _(t):
    running = start(t, mfa_process=prints(t, "123456"), typing=True)
    t.ok(ended(t, running, prompts=0))
    sent(t, "123456")


# --- typed -----------------------------------------------------------------------------------------------------------

@case("MFA prompts are on the terminal while standard input is a pipe and both links connect")
def _(t):
    policy = '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
    fd = t.pipe(policy.encode())
    running = prompted(t, "-v", "--policy", "-", launch=["--stdin", str(fd)], fds=[fd])
    os.close(fd)
    for endpoint in (t.aws.sts, t.aws.signin):
        t.true(running.typist.sees(endpoint.name + ": connected to "), "a connection to %s before the code is typed" % endpoint.name)
        t.equal(len(endpoint.snis), 1, "handshakes with %s before the code is typed" % endpoint.name)
    t.equal(t.actions(), [], "requests before the code is typed")
    t.ok(ended(t, running, "123456\n"))
    t.equal(t.aws.sts.last("AssumeRole").form["Policy"], policy, "policy")
    t.equal((t.aws.sts.connections, t.aws.signin.connections), (1, 1), "connections")
    sent(t, "123456")


@case("MFA prompts come for roles of options, for creds, whoami and exec, and with -q")
def _(t):
    role = t.realm.role(mfa=True).arn
    t.ok(ended(t, prompted(t, "--profile", "base", "--role-arn", role, "--serial-number", SERIAL, codes={"111111"}, profiled=False),
               "111111\n"))
    t.ok(ended(t, prompted(t, "-q", codes={"222222"}), "222222\n"))
    result = ended(t, prompted(t, "creds", codes={"333333"}), "333333\n")
    t.equal(handed_out(t, result)[0].kind, facts.ROLE, "kind")
    result = ended(t, prompted(t, "whoami", codes={"444444"}), "444444\n")
    t.equal(result.code, 0, "exit code of whoami")
    network = t.network("us-east-1")
    running = prompted(t, "exec", *network, "--", "/usr/bin/env", codes={"555555"}, net=False)
    result = ended(t, running, "555555\n")
    t.equal((result.code, "AWS_SESSION_TOKEN=" in result.out), (0, True), "exit code, and keys in the environment")
    sent(t, "111111", "222222", "333333", "444444", "555555")


@case("MFA prompts open a console of twelve hours")
def _(t):
    login = t.ok(ended(t, prompted(t, "--duration", "12h"), "123456\n"))
    t.equal(login.token.duration_s, 43200, "SessionDuration")
    sent(t, "123456")


@case("MFA codes that AWS does not take are asked for again, each shown to it once")
def _(t):
    running = prompted(t, codes={"222222"})
    types(t, running, "111111")
    result = ended(t, running, "222222\n", prompts=2)
    t.ok(result)
    t.says(result, "AWS did not take the code")
    sent(t, "111111", "222222")


@case("MFA codes that were used are not taken again, and AWS does not see them")
def _(t):
    running = prompted(t, codes={"222222"})
    types(t, running, "111111", "111111", " 111111 ")
    result = ended(t, running, "222222\n", prompts=4)
    t.ok(result)
    t.equal(result.err.count("that code was used"), 2, "words about it")
    sent(t, "111111", "222222")


@case("MFA codes that are typed wrong are asked for again, and blanks in them are no matter")
def _(t):
    wrong = ("12345", "1234567", "abcdef", "", "  ", "12345a", "\u0661\u0662\u0663\u0664\u0665\u0666", "1" * 100, "1" * 3000, "-12345")
    running = prompted(t)
    types(t, running, *wrong)
    result = ended(t, running, "123 456\n", prompts=1 + len(wrong))
    t.ok(result)
    t.equal(result.err.count("a code has six digits"), len(wrong), "words about it")
    sent(t, "123456")


@case("MFA prompts end with Ctrl-D as exit 64 with the command, and nothing is asked")
def _(t):
    for keys in (CTRL_D, "123" + CTRL_D + CTRL_D):
        result = ended(t, prompted(t), keys)
        t.fails(result, 64, "no code of MFA device %s was typed" % re.escape(SERIAL), step="options")
        t.hint(result, "--profile p .*--token-code CODE")
    t.equal(t.actions(), [], "requests")


@case("MFA prompts end with Ctrl-C as programs do, and nothing is asked")
def _(t):
    for keys in (CTRL_C, "123" + CTRL_C):
        result = ended(t, prompted(t), keys, by_signal=True)
        t.equal((result.code, result.out), (-signal.SIGINT, ""), "signal that ended it, and stdout")
    t.equal(t.actions(), [], "requests")


@case("MFA codes that AWS does not take three times end as exit 77")
def _(t):
    running = prompted(t, codes=())
    types(t, running, "111111", "222222")
    result = ended(t, running, "333333\n", prompts=3)
    t.fails(result, 77, "MultiFactorAuthentication failed", step="sts")
    t.hint(result, "--token-code")
    sent(t, "111111", "222222", "333333")


@case("MFA codes are not lost with a connection that the server closed while the person typed")
def _(t):
    for endpoint, code in ((t.aws.sts, "111111"), (t.aws.signin, "222222")):
        running = prompted(t, "-v", codes={code})
        for each in (t.aws.sts, t.aws.signin):
            t.true(running.typist.sees(each.name + ": connected to "), "a connection to " + each.name)
        before = endpoint.connections
        endpoint.hang_up()
        result = ended(t, running, code + "\n")
        t.ok(result)
        t.silent_about(result, "try 2 of")
        t.equal(endpoint.connections, before + 1, "connections to %s, a new one" % endpoint.name)
    sent(t, "111111", "222222")


@case("MFA codes are not lost with a connection that was lost in its handshake while the person typed")
def _(t):
    t.aws.sts.fault("reset_after_hello", times=1)
    running = prompted(t, "-v")
    t.true(running.typist.sees("signin: connected to "), "a connection to sign-in")
    t.ok(ended(t, running, "123456\n"))
    sent(t, "123456")


@case("MFA codes whose answer was lost are not sent again")
def _(t):
    for fault, code in (("cut_reset", "111111"), ("cut", "222222"), ("unavailable", "333333"), ("throttled", "444444")):
        t.aws.sts.fault(fault, times=1)
        result = ended(t, prompted(t, codes={code}), code + "\n")
        t.fails(result, (69, 75, 76))
        t.hint(result)
    sent(t, "111111", "222222", "333333", "444444")


@case("MFA codes that met a wrong clock are asked for again, since the first may have been seen")
def _(t):
    for offset_s, first, second in ((20 * MINUTE, "111111", "222222"), (-20 * MINUTE, "333333", "444444")):
        t.aws.clock.offset_s = offset_s
        running = prompted(t, codes={first, second})
        types(t, running, first)
        result = ended(t, running, second + "\n", prompts=2)
        t.ok(result)
        t.says(result, "clock is 20 min (slow|fast)", "corrected for this run")
    sent(t, "111111", "222222", "333333", "444444")


@case("MFA without a terminal and without a code is exit 64 with the command, and nobody is connected to")
def _(t):
    for words, code in (((), 64), (("creds",), 64), (("whoami",), 64), (("exec", "--", "/bin/true"), 125)):
        result = run(t, *words, net=False)
        t.fails(result, code, "a code of MFA device %s is needed" % re.escape(SERIAL), "no terminal", step="options")
        t.hint(result, "--token-code CODE")
    t.offline()
    result = run(t)
    commands = [shlex.split(hint) for hint in t.hints(result)]
    argv = next(words for words in commands if words[0].endswith("postern"))
    t.equal(argv[-2:], ["--token-code", "CODE"], "end of the command")
    t.user.mfa_codes = {"123456"}
    result = run(t, *argv[1:-1], "123456", net=False, profiled=False)
    t.ok(result)


@case("MFA codes wait for the server's Finished, however early they are typed", "443")
def _(t):
    typed = threading.Event()

    def behave(_middle, who, _kind, number):
        """The server says nothing before the code is typed, so that it could leave with our Finished."""
        return who == "client" or number > 0 or typed.wait(20)
    with relay(t, behave) as (middle, network):
        running = prompted(t, *network, net=False)
        running.typist.types("123456\n")
        typed.set()
        t.ok(ended(t, running))
    t.true(middle.passed.index((1, "client", DATA)) > middle.passed.index((1, "server", CHANGE_CIPHER_SPEC)), "the request last")
    sent(t, "123456")


@case("MFA prompts may take longer than --timeout, which is the network's", "waits")
def _(t):
    running = prompted(t, "--timeout", "2", more_s=5)
    time.sleep(3)
    t.ok(ended(t, running, "123456\n"))
    sent(t, "123456")
