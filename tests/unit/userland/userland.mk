# SPDX-License-Identifier: GPL-2.0-or-later
# Host tests of userland: one program per file; no kernel, no daemon.

USERLAND_TESTS := $(patsubst tests/unit/userland/%.c,build/tests/userland_%,$(wildcard tests/unit/userland/*.c))
USERLAND_TEST_LINK := $(USERLAND_LIB_OBJECTS) build/userland/cordond/verbs.o build/userland/cordond/roles.o \
	build/userland/cordond/priv_rules.o

$(USERLAND_TESTS): build/tests/userland_%: tests/unit/userland/%.c tests/unit/userland/tap.h $(USERLAND_TEST_LINK) \
		$(USERLAND_ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(USERLAND_CFLAGS) -MMD -MP -o $@ $< $(USERLAND_TEST_LINK) $(USERLAND_ARCHIVE_LIBS) \
		$(USERLAND_LIBS)

# It looks into the programs themselves.
build/tests/userland_release: build/cordon build/cordond build/test/cordond

HOST_TESTS += $(USERLAND_TESTS) tests/unit/userland/install.sh

-include $(USERLAND_TESTS:=.d)
