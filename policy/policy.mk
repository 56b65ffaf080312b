# SPDX-License-Identifier: GPL-2.0-or-later
# Included by the top Makefile: the policy library and its test programs. policy_explain() runs the kernel's own decide(), so
# whoever links the library and explains also links CORE_OBJECTS (the pure core built for the host).

POLICY_SOURCES := $(wildcard policy/*.c)
POLICY_OBJECTS := $(POLICY_SOURCES:%.c=build/%.o)
POLICY_CFLAGS := $(shell pkg-config --cflags libfyaml)
POLICY_LIBS := $(shell pkg-config --libs libfyaml)

build/policy/%.o: policy/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(POLICY_CFLAGS) -MMD -MP -c -o $@ $<

build/libcordon-policy.a: $(POLICY_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

-include $(POLICY_OBJECTS:.o=.d)
