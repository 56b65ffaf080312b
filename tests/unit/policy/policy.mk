# SPDX-License-Identifier: GPL-2.0-or-later
# Included by the top Makefile: the policy library's tests, one program. UPDATE=1 build/tests/policy_test rewrites the golden
# files, to be read before they are committed.

POLICY_TEST_SOURCES := $(wildcard tests/unit/policy/*.c)
POLICY_TEST_OBJECTS := $(POLICY_TEST_SOURCES:%.c=build/%.o)

build/tests/unit/policy/%.o: tests/unit/policy/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# nomem.c makes one allocation fail at a time; libraries keep their own.
POLICY_TEST_WRAP := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup

build/tests/policy_test: $(POLICY_TEST_OBJECTS) build/libcordon-policy.a build/libcordon-core.a
	$(CC) $(LDFLAGS) $(POLICY_TEST_WRAP) -o $@ $^ $(POLICY_LIBS) -ljansson

HOST_TESTS += build/tests/policy_test

-include $(POLICY_TEST_OBJECTS:.o=.d)
