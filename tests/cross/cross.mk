# SPDX-License-Identifier: MIT
#
# The Makefile with one more program: the unit tests linked like the release,
# without sanitizers, for machines that have none. run.sh beside this file
# calls it from a directory per architecture and says which compiler and libc.

include Makefile

UNIT_REL := $(UNIT_SRC:%.c=build/release/%.o)

build/release/unit: $(UNIT_REL) $(REL_LIB) build/release/bearssl.a
	$(call say,LD  $@)
	$(Q)$(call MUSL_LINK,$^,$@)

-include $(UNIT_REL:.o=.d)
