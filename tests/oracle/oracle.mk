# SPDX-License-Identifier: GPL-2.0-or-later
# Included by the top Makefile: the oracle, the differential test and the planted faults.

ORACLE_SOURCES := $(wildcard tests/oracle/*.c)
ORACLE_OBJECTS := $(ORACLE_SOURCES:%.c=build/%.o)

build/tests/oracle/%.o: tests/oracle/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

build/tests/differential: $(ORACLE_OBJECTS) build/libcordon-policy.a build/libcordon-core.a
	$(CC) $(LDFLAGS) -o $@ $^ $(POLICY_LIBS)

# A script: it needs the objects of the differential test, and builds one core for each fault.
build/tests/faults: tests/oracle/faults.py build/tests/differential
	install -m 755 $< $@

HOST_TESTS += build/tests/differential build/tests/faults

-include $(ORACLE_OBJECTS:.o=.d)
