# SPDX-License-Identifier: GPL-2.0-or-later
# Included by the top Makefile: the unit tests of the pure core.

CORE_TEST_SOURCES := $(wildcard tests/unit/core/*.c)
CORE_TEST_OBJECTS := $(CORE_TEST_SOURCES:%.c=build/%.o)

build/tests/unit/core/%.o: tests/unit/core/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Packets are made by the same code as the oracle's.
build/tests/core_test: $(CORE_TEST_OBJECTS) build/tests/oracle/gen_wire.o build/libcordon-core.a
	$(CC) $(LDFLAGS) -o $@ $^

HOST_TESTS += build/tests/core_test

-include $(CORE_TEST_OBJECTS:.o=.d)
