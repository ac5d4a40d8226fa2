# SPDX-License-Identifier: MIT
"""Which part of a run the instructions belong to: callgrind's profile, joined with the linker's map by function name.
A function that serves many (memory, hashes, big numbers) counts for the nearest caller that belongs somewhere."""
import collections
import re

# The first that matches the object file of a function; files that match none serve many.
PHASES = (
    ("certificates (X.509)", r"\(x509_|src/net/(chain|cert)\.|src/codec/der\."),
    ("trust store (--ca-bundle)", r"src/net/(trust|anchors)\.|src/codec/(pem|base64)\."),
    ("TLS handshake", r"\(ssl_(hs|client|ccert|scert|ske)"),
    ("TLS records", r"\(ssl_rec"),
    ("names (hosts file, DNS)", r"src/net/(dns|names)|src/codec/(dnsmsg|ip)\."),
    ("signing (SigV4)", r"src/sts/sigv4\."),
    ("keys and files", r"src/creds/|src/codec/ini\.|src/sys/file\."),
    ("requests, answers, parsers", r"src/(sts|signin)/|src/codec/(http1|json|xml|uri|timestamp)\."),
    ("sockets and the loop", r"src/net/|src/login\."),
    ("start-up, options, output", r"src/(cli|cmd|aws|show|sys)/|src/\w+\.o"),
)
REST = "the C library before main"


def phases_of_functions(map_text):
    """Function name -> phase, by the map of a link with a section per function; without names that say two things."""
    found = collections.defaultdict(set)
    section = r"^ \.text\.(?:unlikely\.|startup\.|hot\.|exit\.)?(\S+)\s+0x([0-9a-f]+)\s+0x[0-9a-f]+ (\S+)$"
    for name, address, path in re.findall(section, map_text, re.MULTILINE):
        if int(address, 16):
            found[name].add(next((phase for phase, pattern in PHASES if re.search(pattern, path)), None))
    return {name: phases.pop() for name, phases in found.items() if len(phases) == 1 and None not in phases}


def by_phase(profile, map_text):
    """{phase: instructions} of a profile whose functions carry their callers (callgrind --separate-callers=N)."""
    owner, names, sums = phases_of_functions(map_text), {}, collections.Counter()
    phase, inclusive = REST, False
    for line in profile.splitlines():
        named = re.match(r"(c?)fn=(\(\d+\))(?: (.*))?", line)
        if named:
            if named.group(3):
                names[named.group(2)] = named.group(3)
            if not named.group(1):
                chain = names[named.group(2)].split("'")           # the innermost first
                phase = next((owner[each] for each in chain if each in owner), REST)
        elif line.startswith("calls="):
            inclusive = True
        elif re.match(r"[0-9+*-]", line):
            sums[phase] += 0 if inclusive else int(line.split()[1])
            inclusive = False
    return sums
