# SPDX-License-Identifier: MIT
"""The released binary as a file: its ELF headers, its size, what was linked into it.

The headers are read by hand, so that no tool has to be installed or believed."""

import os
import re
import struct

from support import Skip, TOP, run, test

POSTERN = os.path.join(TOP, "postern")
MAP = os.path.join(TOP, "build/release/postern.map")
SIZE_MAX = 288 * 1024          # bytes; what all sources of keys and the hardening took it to

PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
PT_GNU_STACK, PT_GNU_RELRO = 0x6474E551, 0x6474E552
DT_NEEDED, DT_RPATH, DT_TEXTREL, DT_BIND_NOW = 1, 15, 22, 24
DT_RUNPATH, DT_FLAGS, DT_FLAGS_1 = 29, 30, 0x6FFFFFFB
PF_X, PF_W = 1, 2
ET_DYN, SHT_SYMTAB = 3, 2


class Elf:
    """Program headers, dynamic entries and section types of one file."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = data = file.read()
        assert data[:4] == b"\x7fELF", "not an ELF file"
        wide = data[4] == 2
        order = "<" if data[5] == 1 else ">"
        head = struct.unpack_from(order + ("HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH"), data, 16)
        self.type = head[0]
        phoff, shoff, phsize, phnum, shsize, shnum = head[4], head[5], *head[8:12]
        self.segments = []
        for i in range(phnum):
            at = phoff + i * phsize
            if wide:
                kind, flags, offset, _, _, size = struct.unpack_from(order + "IIQQQQ", data, at)
            else:
                kind, offset, _, _, size, _, flags = struct.unpack_from(order + "IIIIIII", data, at)
            self.segments.append((kind, flags, offset, size))
        self.sections = [struct.unpack_from(order + "II", data, shoff + i * shsize)[1]
                         for i in range(shnum)]
        self.dynamic = []
        for kind, _, offset, size in self.segments:
            if kind == PT_DYNAMIC:
                entry = struct.Struct(order + ("QQ" if wide else "II"))
                for at in range(offset, offset + size, entry.size):
                    pair = entry.unpack_from(data, at)
                    if pair[0] == 0:
                        break
                    self.dynamic.append(pair)

    def has(self, segment):
        return any(kind == segment for kind, *_ in self.segments)

    def tags(self):
        return [tag for tag, _ in self.dynamic]


@test
def binary_is_position_independent(_):
    elf = Elf(POSTERN)
    assert elf.type == ET_DYN, "e_type is %d, not ET_DYN" % elf.type
    assert elf.has(PT_DYNAMIC), "it has no dynamic section to relocate itself by"


@test
def binary_asks_for_no_interpreter(_):
    assert not Elf(POSTERN).has(PT_INTERP), "it has PT_INTERP: it is a dynamic binary"


@test
def binary_needs_no_library(_):
    tags = Elf(POSTERN).tags()
    for tag in (DT_NEEDED, DT_RPATH, DT_RUNPATH):
        assert tag not in tags, "dynamic tag %d is there" % tag


@test
def binary_relocations_become_read_only(_):
    elf = Elf(POSTERN)
    assert elf.has(PT_GNU_RELRO), "PT_GNU_RELRO is missing"
    values = dict(elf.dynamic)
    assert DT_BIND_NOW in values or values.get(DT_FLAGS, 0) & 8 or values.get(DT_FLAGS_1, 0) & 1, \
        "BIND_NOW is missing"


@test
def binary_has_no_text_relocations(_):
    values = dict(Elf(POSTERN).dynamic)
    assert DT_TEXTREL not in values and not values.get(DT_FLAGS, 0) & 4, "DT_TEXTREL is there"


@test
def binary_stack_is_not_executable(_):
    stacks = [flags for kind, flags, *_ in Elf(POSTERN).segments if kind == PT_GNU_STACK]
    assert len(stacks) == 1 and not stacks[0] & PF_X, "PT_GNU_STACK: %r" % stacks


@test
def binary_has_no_writable_code(_):
    for kind, flags, *_ in Elf(POSTERN).segments:
        assert kind != PT_LOAD or not (flags & PF_W and flags & PF_X), "a segment is both"


@test
def binary_is_stripped(_):
    elf = Elf(POSTERN)
    assert SHT_SYMTAB not in elf.sections, "it has a symbol table"
    assert b"GCC: (" not in elf.bytes, "it has the compiler's comment"


def goal(kib):
    over = os.path.getsize(POSTERN) - kib * 1024
    if over > 0:
        raise Skip("the goal is not reached: %d bytes too many; make size tells where they are" % over)


@test
def binary_is_at_most_128_kib(_):
    goal(128)


@test
def binary_is_at_most_200_kib(_):
    goal(200)


@test
def binary_stays_under_288_kib(_):
    size = os.path.getsize(POSTERN)
    assert size <= SIZE_MAX, "%d bytes, %d too many: make size tells where they are" % (size, size - SIZE_MAX)


@test
def binary_names_no_directory_of_the_build(_):
    assert TOP.encode() not in Elf(POSTERN).bytes, "%s is in it" % TOP


@test
def binary_has_no_seeder_of_bearssl(_):
    data = Elf(POSTERN).bytes
    for word in (b"/dev/urandom", b"urandom\0", b"rdrand\0"):
        assert word not in data, "%r is in it" % word


@test
def handshake_without_injected_entropy_fails(_):
    status = run([os.path.join(TOP, "build/release/no_entropy")]).returncode
    means = {0: "", 1: "a seeder is compiled in", 2: "the handshake started without entropy",
             3: "it failed for another reason", 4: "it fails with entropy as well"}
    assert status == 0, means.get(status, "exit status %d" % status)


def members():
    """(archive, member, who asked for it) of every archive member that was linked."""
    with open(MAP) as file:
        head = file.read().split("\nDiscarded input sections")[0].split("\nMemory Configuration")[0]
    found = re.findall(r"^(\S*?)([^/\s]+\.a)\(([^)]+)\)\s+(\S.*)$", head, re.M)
    assert len(found) > 20, "the link map has no list of archive members"
    return [(archive, re.sub(r"\.l?o$", "", member), asker) for _, archive, member, asker in found]


# Members of a C library that bring what design.md keeps out; the names are musl's.
FORBIDDEN = {
    "stdio": r"(v?f?w?printf|v?s?n?w?printf|v?d?printf|v?f?s?w?scanf|fopen|fdopen|fclose|fread|fwrite|fputs|fputc"
             r"|puts|putc|putchar|getc|fgets|getline|getdelim|ofl|ofl_add|stdin|stdout|stderr|perror|__fdopen"
             r"|__stdio_.*|__overflow|__uflow|__towrite|__toread|fflush|fmemopen|open_memstream|popen|psignal)",
    "the heap": r"(malloc|calloc|realloc|free|aligned_alloc|posix_memalign|memalign|lite_malloc|donate"
                r"|malloc_usable_size|__expand_heap|strdup|strndup|asprintf|vasprintf|reallocarray|getcwd_alloc)",
    "locales": r"(setlocale|newlocale|__newlocale|locale_map|uselocale|duplocale|freelocale|langinfo|strftime"
               r"|strftime_l|iconv|dcngettext|bindtextdomain|mbrtowc|wcrtomb|mbtowc|wctomb)",
    "the resolver": r"(getaddrinfo|getnameinfo|freeaddrinfo|gethostby.*|getservby.*|lookup_.*|res_.*|resolvconf"
                    r"|dn_.*|dns_parse|ns_parse)",
    "time zones": r"(__tz|localtime.*|mktime|strptime|tzset)",
}


@test
def no_stdio_heap_locale_or_resolver_is_linked(_):
    found = []
    for archive, member, asker in members():
        for what, pattern in FORBIDDEN.items():
            if archive == "libc.a" and re.fullmatch(pattern, member):
                found.append("%s: %s, asked for by %s" % (what, member, asker))
    assert not found, "; ".join(found)


@test
def no_private_key_decoder_is_linked(_):
    found = [member for archive, member, _ in members()
             if archive == "bearssl.a" and re.match(
                 r"skey_decoder|.*_keygen|.*_modulus|.*priv|rsa_.*decrypt|ecdsa_.*sign|ssl_[cs]cert|encode_.*_pk8|encode_.*_rawder", member)]
    assert not found, "linked from BearSSL: %s" % ", ".join(found)


def sections():
    """Names of the input sections that the linker kept, and of those it threw away."""
    with open(MAP) as file:
        text = file.read()
    away, kept = text.split("\nDiscarded input sections")[1].split("\nMemory Configuration")
    names = [set(re.findall(r"^ \.text\.(\S+)", part, re.M)) for part in (kept, away)]
    assert "br_ssl_engine_sendrec_buf" in names[0], "the link map has no sections of BearSSL"
    return names


@test
def no_polite_close_is_linked(_):
    kept, away = sections()
    assert "br_ssl_engine_close" not in kept, "br_ssl_engine_close is linked: close the socket instead"
    assert "br_ssl_engine_close" in away, "the link map knows no br_ssl_engine_close: is it called otherwise now?"


@test
def curves_are_those_with_31_bit_words(_):
    found = [member for archive, member, _ in members()
             if archive == "bearssl.a" and re.match(r"ec_(p256|c25519|prime|all)_(?!i31$|m31$)", member)]
    assert not found, "linked from BearSSL: %s" % ", ".join(found)


@test
def only_tls_1_2_suites_are_linked(_):
    unwanted = r"ssl_client_full|ssl_engine_default_(descbc|aescbc|aesccm|rsavrfy_old)|ssl_rec_cbc|ssl_rec_ccm|des_.*|md5|aes_.*cbc(enc|dec)"
    found = ["%s (%s)" % (member, asker) for archive, member, asker in members()
             if archive == "bearssl.a" and re.fullmatch(unwanted, member)]
    assert not found, "linked from BearSSL: %s" % ", ".join(found)
