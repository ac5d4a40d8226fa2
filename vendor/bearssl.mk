# SPDX-License-Identifier: MIT
#
# Compiles all of BearSSL into one archive, with flags of its own, so that the
# linker takes only the members that are used. The Makefile above calls it once
# per build, after the source was put into vendor/bearssl/ by bearssl.sh.
#
#   make -f vendor/bearssl.mk OUT=DIR CC=... AR=... FLAGS=...
#
# Its own seeders (RDRAND, the random device, Windows) and its own clock are
# compiled out: postern injects entropy and time, and fails without them.

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:

BR_DIR := vendor/bearssl
BR_SRC := $(sort $(shell find $(BR_DIR)/src -name '*.c'))
BR_OBJ := $(BR_SRC:$(BR_DIR)/src/%.c=$(OUT)/bearssl/%.o)

BR_OFF := -DBR_RDRAND=0 -DBR_USE_URANDOM=0 -DBR_USE_UNIX_TIME=0 \
	-DBR_USE_WIN32_RAND=0 -DBR_USE_WIN32_TIME=0

V ?= 0
ifneq ($(V),1)
Q := @
endif

ifeq ($(BR_SRC),)
$(error vendor/bearssl holds no source: run vendor/bearssl.sh first)
endif

$(OUT)/bearssl.a: $(BR_OBJ)
	@echo "AR  $@"
	$(Q)rm -f $@
	$(Q)$(AR) rcsD $@ $(BR_OBJ)

$(OUT)/bearssl/%.o: $(BR_DIR)/src/%.c $(OUT)/flags.bearssl
	@mkdir -p $(@D)
	$(Q)$(CC) $(FLAGS) $(BR_OFF) -w -I$(BR_DIR)/inc -I$(BR_DIR)/src -c -o $@ $<
