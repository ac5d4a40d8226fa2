# SPDX-License-Identifier: MIT
#
# Builds postern twice from one list of sources: a static musl binary that is
# shipped, and a sanitizer build that the tests run. Obtaining BearSSL is left to
# vendor/bearssl.sh and installing compilers to build.sh; "make help" lists the
# targets.

VERSION = 0.1.0
BEARSSL_VERSION = 0.6

# ------------------------------------------------------------------- sources
# Sorted, one per line, each named: what is not in this list is not in postern.

SRC = \
	src/aws/arn.c \
	src/aws/partition.c \
	src/base/buf.c \
	src/base/env.c \
	src/base/error.c \
	src/base/fmt.c \
	src/base/slice.c \
	src/base/utf8.c \
	src/calls.c \
	src/cli/options.c \
	src/cli/report.c \
	src/cmd/cmd.c \
	src/cmd/cmd_creds.c \
	src/cmd/cmd_exec.c \
	src/cmd/cmd_help.c \
	src/cmd/cmd_url.c \
	src/cmd/cmd_version.c \
	src/cmd/cmd_whoami.c \
	src/cmd/explain.c \
	src/codec/base64.c \
	src/codec/der.c \
	src/codec/dnsmsg.c \
	src/codec/hex.c \
	src/codec/http1.c \
	src/codec/ini.c \
	src/codec/ip.c \
	src/codec/json.c \
	src/codec/pem.c \
	src/codec/quote.c \
	src/codec/timestamp.c \
	src/codec/uri.c \
	src/codec/words.c \
	src/codec/xml.c \
	src/contain.c \
	src/creds/assume_role.c \
	src/creds/container.c \
	src/creds/credential_process.c \
	src/creds/creds.c \
	src/creds/document.c \
	src/creds/env_keys.c \
	src/creds/imds.c \
	src/creds/inquiry.c \
	src/creds/keys_json.c \
	src/creds/login_cache.c \
	src/creds/pasted.c \
	src/creds/plan.c \
	src/creds/profile_keys.c \
	src/creds/sharedfile.c \
	src/creds/sso.c \
	src/creds/web_identity.c \
	src/crypto/hash.c \
	src/fetch.c \
	src/helper.c \
	src/links.c \
	src/login.c \
	src/main.c \
	src/mfa.c \
	src/net/anchors.c \
	src/net/cert.c \
	src/net/chain.c \
	src/net/constraints.c \
	src/net/dial.c \
	src/net/dns.c \
	src/net/link.c \
	src/net/names.c \
	src/net/proxy.c \
	src/net/socket.c \
	src/net/tls.c \
	src/net/trust.c \
	src/prepare.c \
	src/route.c \
	src/settings.c \
	src/show/assign.c \
	src/show/result.c \
	src/show/summary.c \
	src/show/whoami.c \
	src/signin/loginurl.c \
	src/signin/signin.c \
	src/sts/refusal.c \
	src/sts/sigv4.c \
	src/sts/sts.c \
	src/sys/file.c \
	src/sys/host.c \
	src/sys/lockdown.c \
	src/sys/process.c \
	src/sys/region.c \
	src/sys/terminal.c \
	src/sys/worker.c \
	src/workspace.c \

# ------------------------------------------------------------------- settings
# CC, CFLAGS, LDFLAGS, PREFIX and DESTDIR are the caller's.

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:

export LC_ALL := C
unexport CDPATH

ifeq ($(origin CC),default)
CC := $(if $(shell command -v gcc),gcc,cc)
endif
# The release is built for size: optimised as one program where the compiler can,
# with plain objects beside, which "make size" and the checks are linked from.
takes        = $(shell $(CC) -Werror $(1) -x c -c -o /dev/null /dev/null 2>/dev/null && echo '$(1)')
SMALL       := $(or $(call takes,-Oz),-Os) $(call takes,-malign-data=abi) \
	$(call takes,-flto -ffat-lto-objects -flto-partition=one)
CFLAGS      ?= $(SMALL)
# What gcc does even when told to be small, and what makes our own code larger.
TIGHT       := $(call takes,-fno-caller-saves -fno-tree-dominator-opts -fno-inline-small-functions)
# Who calls whom, with what frames, is written beside each object: tests read it.
CALLS       := $(shell $(CC) -Werror -fcallgraph-info=su -E -x c -o /dev/null /dev/null 2>/dev/null && echo -fcallgraph-info=su)
SAN_CFLAGS  ?= -O1 -g -fno-omit-frame-pointer
PREFIX      ?= /usr/local
BINDIR      ?= $(PREFIX)/bin
CLANG       ?= clang
SECONDS     ?= 60
V           ?= 0
# GNU make sees make's own -j; fuzzers and long checks take this many processes.
JOBS        ?= $(shell nproc 2>/dev/null || echo 1)

ifneq ($(V),1)
Q := @
say = @echo "$(1)"
else
say = @:
endif

# ------------------------------------------------------------------- the compiler
# The release needs musl. Either it is the compiler's own libc, or its headers
# and rcrt1.o lie beside the system's own: then they are named one by one,
# because Debian's "musl-gcc -static-pie" silently makes a dynamic binary.

MACHINE := $(subst i686-,i386-,$(subst -pc-,-,$(subst -unknown-,-,$(shell $(CC) -dumpmachine 2>/dev/null))))
AR      := $(shell $(CC) -print-prog-name=ar 2>/dev/null)
STRIP   := $(shell $(CC) -print-prog-name=strip 2>/dev/null)
TARGET  := $(subst -gnu,-musl,$(MACHINE))

ifneq ($(findstring musl,$(MACHINE)),)
MUSL_CFLAGS :=
MUSL_LINK = $(CC) -static-pie $(1) $(REL_LDFLAGS) -o $(2)
MUSL_FOUND := the compiler's own
else
MUSL_LIB ?= $(firstword $(patsubst %/rcrt1.o,%,$(wildcard \
	/usr/lib/$(TARGET)/rcrt1.o /usr/$(TARGET)/lib/rcrt1.o /usr/local/musl/lib/rcrt1.o)))
MUSL_INC ?= $(firstword $(patsubst %/stdlib.h,%,$(wildcard \
	/usr/include/$(TARGET)/stdlib.h /usr/$(TARGET)/include/stdlib.h /usr/local/musl/include/stdlib.h)))
MUSL_FOUND := $(and $(MUSL_LIB),$(MUSL_INC))
MUSL_CFLAGS := -nostdinc -isystem $(MUSL_INC) -isystem $(shell $(CC) -print-file-name=include 2>/dev/null)
# gcc's specs would add "-pie" start files or an interpreter: none of them here.
MUSL_LINK = $(CC) -nostdlib -nostartfiles -static \
	-Wl,-pie,--no-dynamic-linker,-z,text \
	$(MUSL_LIB)/rcrt1.o $(1) $(REL_LDFLAGS) \
	-Wl,--start-group $(MUSL_LIB)/libc.a $(LIBGCC) -Wl,--end-group -o $(2)
LIBGCC := $(shell $(CC) -print-libgcc-file-name 2>/dev/null)
endif

# ------------------------------------------------------------------- flags

STD  := -std=c11 -D_GNU_SOURCE
WARN := -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wcast-qual -Wwrite-strings -Wvla -Wformat=2
INC  := -Isrc -isystem vendor/bearssl/inc
DEF  := -DPOSTERN_VERSION='"$(VERSION)"' -DPOSTERN_TARGET='"$(TARGET)"' \
	-DPOSTERN_BEARSSL_VERSION='"$(BEARSSL_VERSION)"'
OURS := $(STD) $(WARN) $(INC) $(DEF)
DEPS  = -MMD -MP

REL_BASE := -ffunction-sections -fdata-sections -fPIE -fvisibility=hidden \
	-fno-asynchronous-unwind-tables -fno-unwind-tables $(CALLS) \
	$(if $(word 2,$(CURDIR)),,-ffile-prefix-map=$(CURDIR)=.)
# Constant-time code is not for optimising across files.
REL_VENDOR := $(REL_BASE) -fstack-protector $(MUSL_CFLAGS) $(filter-out -flto% -ffat-lto%,$(CFLAGS))
# Optimising as one program, gcc 12 sees no char arrays: without -strong the
# stack protector would leave out most of our buffers.
REL_OURS   := $(OURS) $(REL_BASE) -fstack-protector-strong $(MUSL_CFLAGS) $(CFLAGS) $(TIGHT)
REL_LDFLAGS = -Wl,--gc-sections,--build-id=none,--hash-style=gnu \
	-Wl,-z,relro,-z,now,-z,noexecstack,-z,noseparate-code $(LDFLAGS)

SANITIZE   := -fsanitize=address,undefined -fno-sanitize-recover=all
SAN_DEF    := -DPOSTERN_NO_CONTAINMENT
SAN_VENDOR := -fsanitize=address $(SAN_CFLAGS)
SAN_OURS   := $(OURS) $(SANITIZE) $(SAN_DEF) $(SAN_CFLAGS)

FUZZ_SAN    := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
FUZZ_VENDOR := -fsanitize=fuzzer-no-link,address $(SAN_CFLAGS)
FUZZ_OURS   := $(OURS) $(FUZZ_SAN) $(SAN_DEF) $(SAN_CFLAGS)

# Counters lie in a shared mapping: tests that end by _exit or a signal count.
COVER_VENDOR := -O1
COVER_OURS   := $(OURS) $(SAN_DEF) -O1 -fprofile-instr-generate \
	-fcoverage-mapping -mllvm -runtime-counter-relocation=true

# ------------------------------------------------------------------- the two builds

REL_OBJ  := $(SRC:%.c=build/release/%.o)
SAN_OBJ  := $(SRC:%.c=build/asan/%.o)
FUZZ_OBJ := $(SRC:%.c=build/fuzz/%.o)
COVER_OBJ := $(SRC:%.c=build/cover/%.o)
REL_LIB  := $(filter-out %/src/main.o,$(REL_OBJ))
SAN_LIB  := $(filter-out %/src/main.o,$(SAN_OBJ))
FUZZ_LIB := $(filter-out %/src/main.o,$(FUZZ_OBJ))
COVER_LIB := $(filter-out %/src/main.o,$(COVER_OBJ))
BEARSSL  := vendor/bearssl/.unpacked-from

.PHONY: all asan
all: postern
asan: build/asan/postern

postern: build/release/postern
	$(call say,STRIP $@)
	$(Q)$(STRIP) -s -R .comment -R .note.gnu.property -o $@ $<

build/release/postern: $(REL_OBJ) build/release/bearssl.a build/release/flags
	$(call say,LD  $@)
	$(Q)$(call MUSL_LINK,$(filter -flto%,$(CFLAGS)) $(CALLS) $(REL_OBJ) build/release/bearssl.a -Wl$(comma)-Map=$@.map,$@)

build/asan/postern: $(SAN_OBJ) build/asan/bearssl.a
	$(call say,LD  $@)
	$(Q)$(CC) $(SANITIZE) $(SAN_CFLAGS) $(SAN_OBJ) build/asan/bearssl.a -o $@

comma := ,

build/release/src/%.o: src/%.c build/release/flags | $(BEARSSL)
	@mkdir -p $(@D)
	$(call say,CC  $<)
	$(Q)$(CC) $(REL_OURS) $(DEPS) -c -o $@ $<

build/asan/src/%.o: src/%.c build/asan/flags | $(BEARSSL)
	@mkdir -p $(@D)
	$(call say,CC  $< (asan))
	$(Q)$(CC) $(SAN_OURS) $(DEPS) -c -o $@ $<

build/fuzz/src/%.o: src/%.c build/fuzz/flags | $(BEARSSL)
	@mkdir -p $(@D)
	$(call say,CC  $< (fuzz))
	$(Q)$(CLANG) $(FUZZ_OURS) $(DEPS) -c -o $@ $<

build/cover/src/%.o: src/%.c build/cover/flags | $(BEARSSL)
	@mkdir -p $(@D)
	$(call say,CC  $< (coverage))
	$(Q)$(CLANG) $(COVER_OURS) $(DEPS) -c -o $@ $<

# ------------------------------------------------------------------- BearSSL

$(BEARSSL): vendor/bearssl.sha256
	@sh vendor/bearssl.sh
	@touch $@

define bearssl
build/$(1)/bearssl.a: $(BEARSSL) vendor/bearssl.mk build/$(1)/flags.bearssl
	$$(call say,CC  vendor/bearssl ($(1)))
	+$$(Q)$$(MAKE) --no-print-directory -f vendor/bearssl.mk OUT=build/$(1) \
		CC='$(2)' AR='$$(AR)' FLAGS='$(3)' V=$$(V)
endef
$(eval $(call bearssl,release,$(CC),$(REL_VENDOR)))
$(eval $(call bearssl,asan,$(CC),$(SAN_VENDOR)))
$(eval $(call bearssl,fuzz,$(CLANG),$(FUZZ_VENDOR)))
$(eval $(call bearssl,cover,$(CLANG),$(COVER_VENDOR)))

# ------------------------------------------------------------------- flag files
# Each holds the command of its build: it changes, and what was made is remade.

quote = '$(subst ','\'',$(1))'
define keep
	@mkdir -p $(@D)
	@printf '%s\n' $(call quote,$(1)) | cmp -s - $@ || printf '%s\n' $(call quote,$(1)) >$@
endef

.PHONY: force
build/release/flags: force
	$(if $(MUSL_FOUND),,@echo "make: no musl was found for '$(CC)' ($(or $(MACHINE),no such compiler)): install it (package musl-tools), or run ./build.sh." >&2; exit 1)
	$(call keep,$(CC) $(REL_OURS) $(REL_LDFLAGS) $(MUSL_LIB))
build/release/flags.bearssl: force
	$(call keep,$(CC) $(REL_VENDOR))
build/asan/flags: force
	$(call keep,$(CC) $(SAN_OURS))
build/asan/flags.bearssl: force
	$(call keep,$(CC) $(SAN_VENDOR))
build/fuzz/flags: force
	$(call keep,$(CLANG) $(FUZZ_OURS))
build/fuzz/flags.bearssl: force
	$(call keep,$(CLANG) $(FUZZ_VENDOR))
build/cover/flags: force
	$(call keep,$(CLANG) $(COVER_OURS))
build/cover/flags.bearssl: force
	$(call keep,$(CLANG) $(COVER_VENDOR))

# ------------------------------------------------------------------- installing

.PHONY: install uninstall
install: postern
	mkdir -p '$(DESTDIR)$(BINDIR)'
	cp postern '$(DESTDIR)$(BINDIR)/postern.new'
	chmod 755 '$(DESTDIR)$(BINDIR)/postern.new'
	mv -f '$(DESTDIR)$(BINDIR)/postern.new' '$(DESTDIR)$(BINDIR)/postern'

uninstall:
	rm -f '$(DESTDIR)$(BINDIR)/postern'

# ------------------------------------------------------------------- tests

UNIT_SRC := $(sort $(wildcard tests/unit/*.c))
UNIT_OBJ := $(UNIT_SRC:%.c=build/asan/%.o)
FUZZERS  := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
CHECKS   := $(patsubst tests/checks/check_%.c,%,$(sort $(wildcard tests/checks/check_*.c)))
CHECK_COMMON := $(patsubst %.c,%.o,$(filter-out tests/checks/check_%,$(sort $(wildcard tests/checks/*.c))))

# A whole run has doubles in place of sockets, clocks and TLS; TLS of the others.
OF_RUN := build/asan/replay_run build/fuzz/fuzz_run build/cover/replay_run
OF_TLS := $(OF_RUN:%run=%tls)
$(foreach t,$(OF_RUN),$(eval $t: $(dir $t)tests/fuzz/peer.o $(dir $t)tests/fuzz/peer_tls.o))
$(foreach t,$(OF_TLS),$(eval $t: $(dir $t)tests/fuzz/peer.o))
PARTS   = $(filter-out $(if $(filter $(OF_RUN) $(OF_TLS),$@),%/src/net/socket.o %/src/sys/host.o) \
	$(if $(filter $(OF_RUN),$@),%/src/net/tls.o),$^)

.PHONY: unit replay test check-long
unit: build/asan/unit
build/asan/unit: $(UNIT_OBJ) $(SAN_LIB) build/asan/bearssl.a
	$(call say,LD  $@)
	$(Q)$(CC) $(SANITIZE) $(SAN_CFLAGS) $(UNIT_OBJ) $(SAN_LIB) build/asan/bearssl.a -o $@

build/asan/tests/%.o: tests/%.c build/asan/flags | $(BEARSSL)
	@mkdir -p $(@D)
	$(call say,CC  $< (asan))
	$(Q)$(CC) $(SAN_OURS) -I$(<D) $(DEPS) -c -o $@ $<

build/release/tests/%.o: tests/%.c build/release/flags | $(BEARSSL)
	@mkdir -p $(@D)
	$(call say,CC  $<)
	$(Q)$(CC) $(REL_OURS) -I$(<D) $(DEPS) -c -o $@ $<

build/fuzz/tests/%.o: tests/%.c build/fuzz/flags | $(BEARSSL)
	@mkdir -p $(@D)
	$(call say,CC  $< (fuzz))
	$(Q)$(CLANG) $(FUZZ_OURS) -I$(<D) $(DEPS) -c -o $@ $<

replay: $(FUZZERS:%=build/asan/replay_%)
build/asan/replay_%: build/asan/tests/fuzz/fuzz_%.o build/asan/tests/fuzz/replay.o $(SAN_LIB) build/asan/bearssl.a
	$(call say,LD  $@)
	$(Q)$(CC) $(SANITIZE) $(SAN_CFLAGS) $(PARTS) -o $@

test: all asan unit replay checks build/release/no_entropy
	@sh tests/run.sh

check-long: all asan unit replay checks
	@SECONDS_EACH=$(SECONDS) MAKE='$(MAKE)' sh tests/long.sh

# A handshake without injected entropy, against the archive that is shipped.
build/release/no_entropy: build/release/tests/build/no_entropy.o build/release/bearssl.a
	$(call say,LD  $@)
	$(Q)$(call MUSL_LINK,-fno-lto $^,$@)

# ------------------------------------------------------------------- fuzzing

.PHONY: fuzz fuzzers
fuzzers: $(FUZZERS:%=build/fuzz/fuzz_%)
build/fuzz/fuzz_%: build/fuzz/tests/fuzz/fuzz_%.o $(FUZZ_LIB) build/fuzz/bearssl.a
	$(call say,LD  $@)
	$(Q)$(CLANG) -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all $(PARTS) -o $@

fuzz: fuzzers
	@sh tests/fuzz/fuzz.sh $(SECONDS) $(JOBS) $(FUZZERS)

# ------------------------------------------------------------------- coverage
# The tests themselves are not measured.

.PHONY: coverage
coverage: build/cover/unit $(FUZZERS:%=build/cover/replay_%)
	@CLANG='$(CLANG)' sh tests/coverage.sh $(FUZZERS)

build/cover/tests/%.o: tests/%.c build/cover/flags | $(BEARSSL)
	@mkdir -p $(@D)
	$(call say,CC  $< (coverage))
	$(Q)$(CLANG) $(OURS) $(SAN_DEF) -O1 -I$(<D) $(DEPS) -c -o $@ $<

build/cover/unit: $(UNIT_SRC:%.c=build/cover/%.o) $(COVER_LIB) build/cover/bearssl.a
	$(call say,LD  $@)
	$(Q)$(CLANG) -fprofile-instr-generate $^ -o $@

build/cover/replay_%: build/cover/tests/fuzz/fuzz_%.o build/cover/tests/fuzz/replay.o $(COVER_LIB) build/cover/bearssl.a
	$(call say,LD  $@)
	$(Q)$(CLANG) -fprofile-instr-generate $(PARTS) -o $@

# ------------------------------------------------------------------- check drivers

CHECK_BUILD := $(if $(filter 1,$(SAN)),asan,release)
CHECK_LIB   := $(if $(filter asan,$(CHECK_BUILD)),$(SAN_LIB),$(REL_LIB))

.PHONY: checks
checks: $(CHECKS:%=build/checks/%)
build/checks/%: build/$(CHECK_BUILD)/tests/checks/check_%.o $(CHECK_COMMON:%=build/$(CHECK_BUILD)/%) \
		$(CHECK_LIB) build/$(CHECK_BUILD)/bearssl.a build/checks/.variant
	$(call say,LD  $@ ($(CHECK_BUILD)))
	$(Q)$(if $(filter asan,$(CHECK_BUILD)),\
		$(CC) $(SANITIZE) $(SAN_CFLAGS) $(filter %.o %.a,$^) -o $@,\
		$(call MUSL_LINK,-fno-lto $(filter %.o %.a,$^),$@))

build/checks/.variant: force
	$(call keep,$(CHECK_BUILD))

# ------------------------------------------------------------------- looking at it

.PHONY: lint stack size repro cross bench dist clean help
lint: $(BEARSSL) postern
	@CC='$(CC)' CLANG='$(CLANG)' JOBS='$(JOBS)' sh tests/lint/run.sh $(call quote,$(OURS)) $(SRC)

stack: postern
	@python3 tests/build/stack.py

# Code that was optimised as one program cannot be told apart by file any more: the
# tables are those of the same objects linked one by one.
build/release/parts: postern
	$(call say,LD  $@)
	$(Q)$(call MUSL_LINK,-fno-lto $(REL_OBJ) build/release/bearssl.a -Wl$(comma)-Map=$@.map,$@)

size: build/release/parts
	@sh tests/size.sh build/release/parts.map build/release/postern postern

repro: $(BEARSSL)
	@MAKE='$(MAKE)' sh tests/repro.sh

cross: $(BEARSSL)
	@MAKE='$(MAKE)' sh tests/cross/run.sh

bench: all build/release/parts
	@python3 tests/bench/run.py

dist: $(BEARSSL)
	@sh tests/dist.sh '$(VERSION)' '$(BEARSSL_VERSION)'

clean:
	rm -rf build postern

help:
	@echo 'make              the static binary ./postern'
	@echo 'make install      into DESTDIR/PREFIX/bin; uninstall takes it away again'
	@echo 'make asan         build/asan/postern, with ASan and UBSan'
	@echo 'make test         all tests that are quick; check-long: the others'
	@echo 'make unit         build/asan/unit;  replay, checks: the other test programs'
	@echo 'make fuzz         every reader with libFuzzer, SECONDS=60 each'
	@echo 'make coverage     lines of each reader that units and corpora reach'
	@echo 'make lint         include directions, warnings as errors, analyzers'
	@echo 'make stack        the largest frames, the deepest chain of calls, what recurses'
	@echo 'make size         bytes per room and file;  bench: speed;  repro: same bytes twice'
	@echo 'make cross        other machines: cross builds, tested under qemu-user'
	@echo 'make dist         one tarball that builds without a network, its SBOM, SHA256SUMS'
	@echo 'make clean        removes build/ and ./postern'
	@echo 'Settings: CC CFLAGS LDFLAGS PREFIX DESTDIR V=1 SAN=1 (checks) SECONDS=n (fuzz)'

-include $(REL_OBJ:.o=.d) $(SAN_OBJ:.o=.d) $(FUZZ_OBJ:.o=.d) $(COVER_OBJ:.o=.d) $(UNIT_OBJ:.o=.d)
-include $(wildcard build/*/tests/build/*.d build/*/tests/fuzz/*.d build/*/tests/checks/*.d)
