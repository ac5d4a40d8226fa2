# SPDX-License-Identifier: MIT
"""How deep the stack of the released binary can get, read from the compiler's call graph.

gcc writes, beside what it links, each function's frame and whom it calls; for calls
through a pointer the table below says who is meant. What the table forgets is found:
a function that was linked but that nobody reaches is a failure. The C library is not
in the graph: each call of it counts as LIBC bytes.

    python3 tests/build/stack.py      prints the largest frames and the deepest chain,
                                      and fails where a bound does not hold"""

import os
import re
import sys

sys.dont_write_bytecode = True

from support import TESTS, TOP, Skip, test  # noqa: E402

FRAME_MAX = 20 * 1024          # bytes; the largest is the one that wipes dead frames
CHAIN_MAX = 64 * 1024          # bytes; every thread and "ulimit -s" that is met in practice leaves more
ARRAYS = 512                   # bytes; a larger frame of ours holds arrays
LIBC = 1024                    # bytes; any function of musl that is linked, with those it calls, takes less than 512

RELEASE = "build/release"
GRAPH = os.path.join(TOP, RELEASE, "postern.ltrans0.ltrans.ci")
BEAR = "vendor/bearssl/src/"
HASHES = r"init|update|out|state|set_state"

# A call through a pointer, by the file it stands in and the word before "(":
# the functions that are meant, as FILE:NAME. None: the pointer is never set.
POINTERS = [
    (r"src/main\.c", r"\w+", r"src/cmd/cmd_\w+\.c:cmd_\w+"),
    (r"src/cmd/cmd\.c", r"rest", r"src/cmd/cmd_\w+\.c:(run|work)"),
    (r"src/cmd/cmd_url\.c", r"lines", r"src/show/\w+\.c:\w+"),
    (r"src/cmd/cmd_whoami\.c", r"whoami_put_lines", r"src/show/whoami\.c:whoami_put_\w+"),
    (r"src/workspace\.c", r"say", r"src/cmd/cmd\.c:say"),
    (r"src/creds/plan\.c", r"plan", r"src/creds/\w+\.c:\w+_plan"),
    (r"src/prepare\.c", r"take", r"src/creds/\w+\.c:\w+_take"),
    (r"src/fetch\.c", r"write|read|missed", r"src/creds/\w+\.c:\w+_(write|read|missed)"),
    (r"src/net/link\.c", r"may_ask", r"src/(creds/\w+\.c:may_ask|codec/ip\.c:ip_is_loopback)"),
    (r"src/route\.c", r"put", r"src/aws/partition\.c:\w+"),
    (r"src/sts/sigv4\.c", r"before", r"src/sts/sigv4\.c:\w+_before"),
    (r"src/sys/terminal\.c", r"is_whole", r"src/\w+\.c:\w+|src/creds/pasted\.c:\w+"),
    (r"src/net/chain\.c", r"start_chain|start_cert|append|end_cert|end_chain|get_pkey",
     BEAR + r"x509/x509_minimal\.c:xm_\w+"),
    (r"src/net/chain\.c|" + BEAR + r"(hash/multihash|mac/hmac|x509/x509_minimal)\.c", HASHES,
     BEAR + r"hash/sha\w+\.c:br_sha\w+"),
    (BEAR + r"ec/ec_all_m31\.c", r"\w+", BEAR + r"ec/ec_(p256_m31|c25519_m31|prime_i31)\.c:api_\w+"),
    (BEAR + r"ec/ecdsa_i31_vrfy_raw\.c", r"muladd", BEAR + r"ec/ec_all_m31\.c:api_muladd"),
    (BEAR + r"x509/x509_minimal\.c", r"irsa", r"src/net/chain\.c:verify_rsa"),
    (BEAR + r"x509/x509_minimal\.c", r"iecdsa", r"src/net/chain\.c:verify_ecdsa"),
    (BEAR + r"ssl/ssl_engine\.c", r"hsrun", BEAR + r"ssl/ssl_hs_client\.c:br_ssl_hs_client_run"),
    (BEAR + r"ssl/ssl_engine\.c", r"hsinit", BEAR + r"ssl/ssl_hs_client\.c:br_ssl_hs_client_init_main"),
    (BEAR + r"ssl/ssl_engine\.c", r"sd", None),
    (BEAR + r"ssl/ssl_(engine|hs_client)\.c", r"i?prf", BEAR + r"ssl/prf_sha\d+\.c:\w+"),
    (BEAR + r"ssl/ssl_engine\.c", r"init|max_plaintext|check_length|decrypt|encrypt",
     BEAR + r"ssl/ssl_(rec_gcm|rec_chapol|engine)\.c:(\w*_?(gcm|chapol)|clear)_(init|max_plaintext|check_length|decrypt|encrypt)"),
    (BEAR + r"ssl/ssl_hs_client\.c", r"start_chain|start_cert|append|end_cert|get_pkey",
     r"src/net/chain\.c:(start_chain|start_cert|append|end_cert|get_pkey)"),
    (BEAR + r"ssl/ssl_hs_client\.c", r"T0_PUSH", r"src/net/chain\.c:end_chain"),
    (BEAR + r"ssl/ssl_hs_client\.c", r"irsavrfy", BEAR + r"rsa/rsa_i31_pkcs1_vrfy\.c:\w+"),
    (BEAR + r"ssl/ssl_hs_client\.c", r"iecdsa", BEAR + r"ec/ecdsa_i31_vrfy_asn1\.c:\w+"),
    (BEAR + r"ssl/ssl_hs_client\.c", r"order|generator|mul|xoff|mulgen", BEAR + r"ec/ec_all_m31\.c:api_\w+"),
    (BEAR + r"ssl/ssl_hs_client\.c", r"irsapub|do_keyx|do_sign|choose|(append|start|end)_name(_list)?", None),
    (BEAR + r"ssl/ssl_rec_\w+\.c", r"ipoly", BEAR + r"symcipher/poly1305_ctmul\.c:br_poly1305_ctmul_run"),
    (BEAR + r"ssl/ssl_rec_gcm\.c", r"gh", BEAR + r"hash/ghash_ctmul64\.c:\w+"),
    (BEAR + r"ssl/ssl_rec_gcm\.c", r"init|run", BEAR + r"symcipher/aes_ct64_ctr\.c:\w+"),
    (BEAR + r"symcipher/poly1305_ctmul\.c", r"ichacha", BEAR + r"symcipher/chacha20_ct\.c:\w+"),
]

# What is called by the kernel or the C library.
ROOTS = {"src/main.c:main"}

# Functions that can come back to themselves: the bound in src/base/limits.h on how often, and why.
RECURSION = {
    "src/creds/assume_role.c:assume_role_plan": ("PLAN_ROLES_MAX", "a profile names its source_profile"),
}


class Node:
    """One function: its frame in bytes, and whom it calls."""

    def __init__(self, member, label, frame):
        self.member, self.file, self.name = member, label[1].split(":")[0], label[0].split(".")[0]
        self.place = "%s:%s" % (self.file, self.name)
        self.frame, self.bounded = int(frame[1]), frame[2] != "dynamic"
        self.calls, self.libc, self.guarded, self.unknown = set(), False, False, []


def read_graph(path, nodes, edges):
    """Add what one file of the compiler's holds; titles are unique over all of them."""
    member = os.path.basename(path)[:-len(".ci")]
    with open(path) as file:
        for line in file:
            node = re.match(r'node: \{ title: "([^"]+)" label: "([^"]*)"', line)
            frame = node and re.search(r"(\d+) bytes \(([^)]*)\)", node[2])
            if frame:
                nodes[node[1]] = Node(member, node[2].split("\\n"), frame)
            edge = re.match(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"(?: label: "([^"]*)")?', line)
            if edge:
                edges.append(edge.groups())


def linked():
    """(member, function) of all that was kept of BearSSL."""
    with open(os.path.join(TOP, RELEASE, "postern.map")) as file:
        kept = file.read().split("\nMemory Configuration")[1]
    found = re.findall(r"^ \.text\.(\S+)\s+0x\w+\s+0x\w+ \S*bearssl\.a\((\w+)\.o\)", kept, re.M)
    assert found, "the link map has no functions of BearSSL"
    return {(member, name) for name, member in found}


def called_word(where):
    """The word before the "(" of the call at FILE:LINE:COLUMN."""
    name, line, column = where.split(":")
    with open(os.path.join(TOP, name)) as file:
        text = file.read().split("\n")[int(line) - 1]
    word = re.search(r"(\w+)(?:\[[\w.]+\])?\)?\(", text[int(column) - 1:])
    return word[1] if word else text.strip()


def targets(caller, where, nodes):
    """Who is meant by a call through a pointer; None when the table does not say."""
    word = called_word(where)
    for file, words, meant in POINTERS:
        if re.fullmatch(file, where.split(":")[0]) and re.fullmatch(words, word):
            return {key for key, node in nodes.items() if meant and re.fullmatch(meant, node.place)}
    caller.unknown.append("%s calls through \"%s\"" % (where, word))
    return set()


def graph():
    if not os.path.exists(GRAPH):
        raise Skip("the call graph: the release was not built by a gcc with -flto and -fcallgraph-info")
    nodes, edges = {}, []
    for where, _, names in sorted(os.walk(os.path.join(TOP, RELEASE, "bearssl"))):
        for name in sorted(names):
            if name.endswith(".ci"):
                read_graph(os.path.join(where, name), nodes, edges)
    kept = linked()
    nodes = {key: node for key, node in nodes.items() if (node.member, node.name) in kept}
    read_graph(GRAPH, nodes, edges)
    for caller, callee, where in edges:
        if caller not in nodes:
            continue
        if callee == "__indirect_call":
            nodes[caller].calls |= targets(nodes[caller], where, nodes)
        elif callee == "__stack_chk_fail":
            nodes[caller].guarded = True
        elif callee in nodes:
            nodes[caller].calls.add(callee)
        else:
            nodes[caller].libc = True
    return nodes


def components(nodes):
    """Lists of functions that can reach one another, callees first (Tarjan)."""
    index, low, stack, found = {}, {}, [], []
    for start in nodes:
        todo = [] if start in index else [(start, None)]
        while todo:
            key, rest = todo.pop()
            if rest is None:
                index[key] = low[key] = len(index)
                stack.append(key)
                rest = iter(sorted(nodes[key].calls))
            for callee in rest:
                if callee not in index:
                    todo += [(key, rest), (callee, None)]
                    break
                if callee in stack:
                    low[key] = min(low[key], low.get(callee, index[callee]))
            else:
                if low[key] == index[key]:
                    at = stack.index(key)
                    found.append(stack[at:])
                    del stack[at:]
                if todo:
                    low[todo[-1][0]] = min(low[todo[-1][0]], low[key])
    return found


def recursive(nodes):
    """Lists of places of functions that come back to themselves."""
    return [sorted(nodes[key].place for key in group) for group in components(nodes)
            if len(group) > 1 or group[0] in nodes[group[0]].calls]


def bound(place):
    """How often at most a function stands in one chain of calls."""
    if place not in RECURSION:
        return 1
    with open(os.path.join(TOP, "src/base/limits.h")) as file:
        return int(re.search(r"^#define %s\s+(\d+)" % RECURSION[place][0], file.read(), re.M)[1])


def deepest(nodes):
    """(bytes, [place and frame]) of the deepest chain below each function."""
    below = {}
    for group in components(nodes):
        times = max(bound(nodes[key].place) for key in group)
        frames = times * sum(nodes[key].frame for key in group)
        under = max((below[callee] for key in group for callee in nodes[key].calls if callee not in group),
                    key=lambda chain: chain[0], default=(0, []))
        if any(nodes[key].libc for key in group) and under[0] < LIBC:
            under = (LIBC, [("the C library", LIBC)])
        name = " + ".join(nodes[key].place for key in group) + (" x %d" % times if times > 1 else "")
        for key in group:
            below[key] = (frames + under[0], [(name, frames)] + under[1])
    return below


def main_chain(nodes):
    below = deepest(nodes)
    return max((below[key] for key, node in nodes.items() if node.place in ROOTS), key=lambda chain: chain[0])


@test
def every_call_through_a_pointer_is_known(_):
    nodes = graph()
    unknown = sorted(text for node in nodes.values() for text in node.unknown)
    assert not unknown, "say in POINTERS who is meant: %s" % "; ".join(unknown)
    seen, todo = set(), [key for key, node in nodes.items() if node.place in ROOTS]
    while todo:
        key = todo.pop()
        if key not in seen:
            seen.add(key)
            todo += nodes[key].calls
    missed = sorted(nodes[key].place for key in nodes if key not in seen)
    assert not missed, "nobody calls these, so POINTERS or ROOTS forgets who does: %s" % ", ".join(missed)


@test
def no_frame_is_large_or_without_bound(_):
    for node in graph().values():
        assert node.bounded, "the frame of %s has no bound" % node.place
        assert node.frame <= FRAME_MAX, "the frame of %s has %d bytes" % (node.place, node.frame)


@test
def frames_with_arrays_are_guarded(_):
    nodes = graph().values()
    bare = sorted(node.place for node in nodes
                  if node.file.startswith("src/") and node.frame > ARRAYS and not node.guarded)
    assert not bare, "no stack protector in %s" % ", ".join(bare)
    # BearSSL's are guarded where they hold arrays of bytes: here, a peer's.
    theirs = {node.name for node in nodes if node.guarded and node.file.startswith(BEAR)}
    bare = {"br_ecdsa_i31_vrfy_raw", "br_rsa_i31_pkcs1_vrfy", "br_rsa_pkcs1_sig_unpad", "br_ssl_hs_client_run"} - theirs
    assert not bare, "no stack protector in %s" % ", ".join(sorted(bare))


@test
def recursion_is_bounded(_):
    found = recursive(graph())
    for group in found:
        assert any(place in RECURSION for place in group), "no bound is known for %s" % ", ".join(group)
    listed = {place for group in found for place in group}
    assert set(RECURSION) <= listed, "these come back no more: %s" % ", ".join(set(RECURSION) - listed)


@test
def deepest_chain_fits_the_stack(_):
    size, chain = main_chain(graph())
    print("        %d bytes of stack at most, %d of them in %s" % (size, chain[0][1], chain[0][0]))
    assert size <= CHAIN_MAX, "%d bytes: %s" % (size, ", ".join("%s %d" % link for link in chain))


def show(nodes):
    print("largest frames, bytes:")
    for node in sorted(nodes.values(), key=lambda node: -node.frame)[:12]:
        print("%8d  %s" % (node.frame, node.place))
    size, chain = main_chain(nodes)
    print("deepest chain, %d bytes of the %d that are allowed:" % (size, CHAIN_MAX))
    for name, frames in chain:
        print("%8d  %s" % (frames, name))
    print("functions that come back to themselves:")
    for group in recursive(nodes):
        print("          " + ", ".join(group))
        for place in group:
            if place in RECURSION:
                print("          at most %d times: %s" % (bound(place), RECURSION[place][1]))


if __name__ == "__main__":
    try:
        show(graph())
        for function in TESTS:
            function(None)
    except (AssertionError, Skip) as why:
        print(why)
        sys.exit(isinstance(why, AssertionError))
