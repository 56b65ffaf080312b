# SPDX-License-Identifier: GPL-2.0-or-later
# Included by the top Makefile: the pure core for the host, build/libcordon-core.a.

CORE_SOURCES := $(wildcard kmod/core/*.c)
CORE_OBJECTS := $(CORE_SOURCES:kmod/core/%.c=build/core/%.o)

build/core/%.o: kmod/core/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -Ikmod/core -MMD -MP -c -o $@ $<

build/libcordon-core.a: $(CORE_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

-include $(CORE_OBJECTS:.o=.d)
