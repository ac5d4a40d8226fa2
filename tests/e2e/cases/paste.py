# SPDX-License-Identifier: MIT
"""Keys pasted into `--credentials -` on a terminal: what ends the paste, that nothing of it is shown, and that the terminal
is as before on every way out. Cases wait for the prompt, which is printed when echo is off, and for what a shell is told."""
import os
import signal

import realm as facts
from cases.creds import iso, lines, process_json, sso_json, sts_json
from harness import case

PROMPT = "postern: paste keys"
CTRL_C, CTRL_D, CTRL_Z, CTRL_BACKSLASH = "\x03", "\x04", "\x1a", "\x1c"


def prompted(t, *words, **how):
    """A run that waits at its prompt, with the person at its terminal."""
    running = t.start("--credentials", "-", *words, keys=False, typing=True, **how)
    t.true(running.typist.sees(PROMPT), "a prompt")
    t.true(running.typist.hidden(), "echo off and lines not gathered once the prompt is there")
    return running


def ended(t, running, by_signal=False):
    """Its result, after the terminal was found as it had been, with nothing left for a shell to read as a command."""
    result = t.finish(running, by_signal)
    t.equal(running.typist.after, running.typist.before, "modes of the terminal afterwards")
    t.equal(running.typist.left, 0, "bytes of input left for a shell")
    return result


def pasted(t, text, *words, **how):
    running = prompted(t, *words, **how)
    running.typist.types(text)
    return ended(t, running)


def shown(t, result, size, prompts=1):
    """Prompt and size, and what any run says after them: nothing that was typed."""
    begin = [line.startswith(PROMPT) for line in result.err.split("\n")[:prompts]]
    t.equal(begin, [True] * prompts, "prompts")
    t.equal(result.err.split("\n")[prompts], "postern: %d characters" % size, "line after the prompt")


@case("pasted export lines end by themselves after the last of them, and become a URL")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    for text in lines(keys).values():
        text = text.rstrip() + "\r"
        result = pasted(t, text.replace("\n", "\r"))
        t.equal(t.ok(result).keys, keys, "keys")
        shown(t, result, len(text))
    t.equal(t.ok(pasted(t, lines(t.user)["sh"], "-q")).keys.kind, facts.FEDERATED, "kind of long-term keys, without a token")


@case("pasted JSON ends by itself with its last bracket, on one line and on many")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    for text in (sts_json(keys), sso_json(keys), process_json(keys)):
        result = pasted(t, text.replace("\n", "\r"))
        t.equal(t.ok(result).keys, keys, "keys")
        shown(t, result, len(text))


@case("a pasted token of 16 kB in one line is not cut")
def _(t):
    token = "IQoJ" + "".join("%04x" % i for i in range(4095))
    t.other_secrets += [token]
    for text in ('{"Version":1,"AccessKeyId":"ASIAIOSFODNN7EXAMPLE","SecretAccessKey":"s","SessionToken":"%s"}' % token,
                 "AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=s AWS_SESSION_TOKEN=%s\r" % token):
        result = pasted(t, text, "creds", "--format", "process", net=False)
        shown(t, result, len(text))
        t.equal(t.json(result.out)["SessionToken"], token, "token")


@case("a paste with CR LF line ends, a comment and blank lines is read")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    text = "# keys\r\n\r\n" + lines(keys)["powershell"].replace("\n", "\r\n")
    t.equal(t.ok(pasted(t, text)).keys, keys, "keys")
    t.equal(t.ok(pasted(t, sts_json(keys).replace("\n", "\r\n") + "\r\n")).keys, keys, "keys")


@case("what stands behind the keys in one paste is read with them, and nothing is left for the shell")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    text = lines(keys)["sh"] + "export AWS_CREDENTIAL_EXPIRATION=%s\n" % iso(keys.expires)
    result = pasted(t, text, "creds")
    t.equal(t.json(result.out)["Credentials"].get("Expiration"), iso(keys.expires), "Expiration")
    shown(t, result, len(text))


@case("a paste without a line end takes Enter, or Ctrl-D")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    for end in ("\r", CTRL_D):
        running = prompted(t)
        running.typist.types(lines(keys)["sh"].rstrip())
        running.typist.types(end)
        t.equal(t.ok(ended(t, running)).keys, keys, "keys")


@case("backspace takes the last character back, and at the begin of a line nothing")
def _(t):
    text = "\x7f\b\nAWS_ACCESS_KEY_ID=%sX\x7f\n\x7f\bAWS_SECRET_ACCESS_KEY='%sxy'\b\b\b'\n" % (t.user.key_id, t.user.secret)
    t.equal(t.ok(pasted(t, text)).keys.kind, facts.FEDERATED, "kind")


@case("Ctrl-D at once or before the keys are complete is exit 66 with a hint")
def _(t):
    keys = t.realm.session(facts.ROLE, t.user)
    whole = lines(keys)["sh"].splitlines(True)
    for text, words in (("", "no keys"), ("\r\r", "no keys"), (whole[0], "no secret access key"),
                        (whole[0] + whole[1], "without its session token")):
        result = pasted(t, text + CTRL_D)
        t.fails(result, 66, words, step="credentials")
        t.hint(result, "export AWS_")
    t.offline()


@case("a paste that is neither JSON nor lines is exit 65 and not shown")
def _(t):
    for text, words in (("%s\r" % t.user.secret, "line 1 is neither JSON"), (process_json(t.user)[:-1], "not JSON"),
                        (process_json(t.user) + "x", "text after the document"), ("\x1b[200~\0\x01\r", "line 1")):
        result = pasted(t, text + CTRL_D)
        t.fails(result, 65, words, step="credentials")
        shown(t, result, len(text))
    t.offline()


@case("a paste that is too long is exit 65, and none of it is left for the shell")
def _(t):
    t.fails(pasted(t, "x" * 32769), 65, "longer than we take")


@case("Ctrl-C, Ctrl-Backslash and signals at the prompt end the run as they always do, after the terminal was put right")
def _(t):
    for press, number in ((CTRL_C, signal.SIGINT), (CTRL_BACKSLASH, signal.SIGQUIT), ("", signal.SIGTERM), ("", signal.SIGHUP)):
        for text in ("", "AWS_SECRET_ACCESS_KEY=" + t.user.secret):
            running = prompted(t)
            running.typist.types(text + press)
            if not press:
                os.kill(running.typist.pid, number)
            result = ended(t, running, by_signal=True)
            t.equal((result.code, result.out), (-number, ""), "signal that ended it, and stdout")
    t.offline()


@case("Ctrl-Z at the prompt gives the terminal back, and in the foreground again the paste goes on unseen")
def _(t):
    running = prompted(t)
    typist = running.typist
    typist.types(CTRL_Z)
    t.true(typist.stopped(), "a run that is stopped")
    t.true(typist.restored(), "modes as before while it is stopped")
    os.kill(typist.pid, signal.SIGCONT)
    t.true(typist.sees(PROMPT, times=2), "the prompt once more")
    t.true(typist.hidden(), "echo off again")
    typist.types(lines(t.user)["sh"])
    result = ended(t, running)
    t.equal(t.ok(result).keys.kind, facts.FEDERATED, "kind")
    shown(t, result, len(lines(t.user)["sh"]), prompts=2)


@case("echo that a shell turned on while the run was stopped goes off again")
def _(t):
    running = prompted(t)
    typist = running.typist
    os.kill(typist.pid, signal.SIGSTOP)
    t.true(typist.stopped(), "a run that is stopped")
    typist.put_right()
    os.kill(typist.pid, signal.SIGCONT)
    t.true(typist.sees(PROMPT, times=2), "the prompt once more")
    t.true(typist.hidden(), "echo off again")
    typist.types(lines(t.user)["fish"])
    t.equal(t.ok(ended(t, running)).keys.kind, facts.FEDERATED, "kind")


@case("a signal that is ignored, as under nohup, does not end the prompt")
def _(t):
    running = prompted(t, launch=["--nohup"])
    os.kill(running.typist.pid, signal.SIGHUP)
    t.true(running.typist.sees(PROMPT, times=2), "the prompt once more")
    running.typist.types(process_json(t.user))
    t.equal(t.ok(ended(t, running)).keys.kind, facts.FEDERATED, "kind")
