# SPDX-License-Identifier: GPL-2.0-or-later
# Host tests of userland: one program per file; no kernel, no daemon.

USERLAND_TESTS := $(patsubst tests/unit/userland/%.c,build/tests/userland_%,$(wildcard tests/unit/userland/*.c))
USERLAND_TEST_LINK := $(USERLAND_LIB_OBJECTS) build/userland/cordond/verbs.o build/userland/cordond/roles.o \
	build/userland/cordond/priv_rules.o build/userland/cordond/notify.o

$(USERLAND_TESTS): build/tests/userland_%: tests/unit/userland/%.c tests/unit/userland/tap.h $(USERLAND_TEST_LINK) \
		$(USERLAND_ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(USERLAND_CFLAGS) -MMD -MP -o $@ $< $(USERLAND_TEST_LINK) $(USERLAND_ARCHIVE_LIBS) \
		$(USERLAND_LIBS)

# The daemon without its main(), before the kernel of memory that the fuzz targets use as well.
USERLAND_SERVER := $(filter-out build/userland/cordond/main.o,$(CORDOND_OBJECTS)) build/tests/fuzz/fake_kernel.o
build/tests/userland_server: USERLAND_TEST_LINK := $(USERLAND_LIB_OBJECTS) $(USERLAND_SERVER)
build/tests/userland_server: USERLAND_LIBS += $(CORDOND_LIBS) \
	$(foreach f,roles_of links_unmanaged hardware_check getifaddrs log_warn log_info log_error,-Wl,--wrap=$f)
build/tests/userland_server: $(USERLAND_SERVER)

build/tests/fuzz/fake_kernel.o: tests/fuzz/fake_kernel.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(USERLAND_CFLAGS) -MMD -MP -c -o $@ $<

# They look at the programs themselves.
build/tests/userland_doctor build/tests/userland_release: build/cordon build/cordond build/test/cordond

HOST_TESTS += $(USERLAND_TESTS) tests/unit/userland/install.sh

-include $(USERLAND_TESTS:=.d) build/tests/fuzz/fake_kernel.d
