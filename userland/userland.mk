# SPDX-License-Identifier: GPL-2.0-or-later
# Included by the top Makefile: cordon, cordond, and the test build of cordond with failpoints.
# Needs build/libcordon-policy.a, build/libcordon-nft.a, build/libcordon-core.a and their POLICY_LIBS, NFT_LIBS.

USERLAND_PACKAGES := libmnl jansson sqlite3 libnl-3.0 libnl-route-3.0 libcrypto libnftables libfyaml
CORDOND_PACKAGES := libevent_core libcap-ng libseccomp
USERLAND_CFLAGS := -D_GNU_SOURCE $(shell pkg-config --cflags $(USERLAND_PACKAGES) $(CORDOND_PACKAGES)) \
	-fstack-protector-strong -fPIE -Wvla -Wformat=2
USERLAND_LDFLAGS := -pie -Wl,-z,relro,-z,now
USERLAND_LIBS := $(shell pkg-config --libs $(USERLAND_PACKAGES))
CORDOND_LIBS := $(shell pkg-config --libs $(CORDOND_PACKAGES))
USERLAND_ARCHIVES := build/libcordon-policy.a build/libcordon-nft.a build/libcordon-core.a

# The policy library gives the core what it needs to explain, and takes decide() from it.
USERLAND_ARCHIVE_LIBS := -Wl,--start-group $(USERLAND_ARCHIVES) -Wl,--end-group

USERLAND_LIB_OBJECTS := $(patsubst %.c,build/%.o,$(wildcard userland/lib/*.c))
CORDON_OBJECTS := $(patsubst %.c,build/%.o,$(wildcard userland/cordon/*.c))
CORDOND_OBJECTS := $(patsubst %.c,build/%.o,$(wildcard userland/cordond/*.c))
USERLAND_TEST_OBJECTS := $(patsubst build/%,build/test/%,$(USERLAND_LIB_OBJECTS) $(CORDOND_OBJECTS))

USERLAND_PROGS += build/cordon build/cordond
USERLAND_TEST_PROGS += build/test/cordond

build/userland/%.o: userland/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(USERLAND_CFLAGS) -MMD -MP -c -o $@ $<

build/test/userland/%.o: userland/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(USERLAND_CFLAGS) -DCORDON_FAILPOINTS -MMD -MP -c -o $@ $<

build/cordon: $(CORDON_OBJECTS) $(USERLAND_LIB_OBJECTS) $(USERLAND_ARCHIVES)
	$(CC) $(CFLAGS) $(LDFLAGS) $(USERLAND_LDFLAGS) -o $@ $(filter %.o,$^) $(USERLAND_ARCHIVE_LIBS) $(USERLAND_LIBS)

build/cordond: $(CORDOND_OBJECTS) $(USERLAND_LIB_OBJECTS) $(USERLAND_ARCHIVES)
	$(CC) $(CFLAGS) $(LDFLAGS) $(USERLAND_LDFLAGS) -o $@ $(filter %.o,$^) $(USERLAND_ARCHIVE_LIBS) $(USERLAND_LIBS) $(CORDOND_LIBS)

build/test/cordond: $(USERLAND_TEST_OBJECTS) $(USERLAND_ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) $(USERLAND_LDFLAGS) -o $@ $(filter %.o,$^) $(USERLAND_ARCHIVE_LIBS) $(USERLAND_LIBS) $(CORDOND_LIBS)

-include $(CORDON_OBJECTS:.o=.d) $(CORDOND_OBJECTS:.o=.d) $(USERLAND_LIB_OBJECTS:.o=.d) $(USERLAND_TEST_OBJECTS:.o=.d)
