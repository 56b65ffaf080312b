# SPDX-License-Identifier: GPL-2.0-or-later
# Included by the top Makefile: libFuzzer targets. `make fuzz` runs each for FUZZ_SECONDS; build/tests/fuzz_replay runs their corpora.

FUZZ_CC ?= clang-14
FUZZ_SECONDS ?= 60
FUZZ_FLAGS := -std=gnu11 -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fsanitize=fuzzer-no-link -Wall -Wextra -Werror -I. -Ikmod/uapi -Ikmod/core $(POLICY_CFLAGS)
FUZZ_TARGETS := $(filter-out replay seeds fake_kernel,$(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c)))

FUZZ_SHARED := $(wildcard kmod/core/*.c) tests/unit/core/blob_make.c \
	$(filter-out tests/oracle/differential.c tests/oracle/report.c,$(wildcard tests/oracle/*.c))
FUZZ_SHARED_OBJECTS := $(FUZZ_SHARED:%.c=build/fuzz/%.o)
FUZZ_POLICY_OBJECTS := $(patsubst %.c,build/fuzz/%.o,$(wildcard policy/*.c))
# An archive: of what it brings for explain only what is asked for is linked.
FUZZ_SHARED_OBJECTS += build/fuzz/libcordon-policy.a
# The daemon without its main(), before a kernel of memory; what it would ask of this machine is wrapped.
FUZZ_DAEMON := $(filter-out userland/cordond/main.c,$(wildcard userland/cordond/*.c)) $(wildcard userland/lib/*.c nft/*.c)
FUZZ_DAEMON_OBJECTS := $(FUZZ_DAEMON:%.c=build/fuzz/%.o)
FUZZ_DAEMON_TARGETS := daemon_request priv_request
FUZZ_DAEMON_LINK := build/fuzz/tests/fuzz/fake_kernel.o build/fuzz/libcordon-daemon.a
FUZZ_DAEMON_LIBS := $(foreach f,roles_of links_unmanaged hardware_check getifaddrs log_warn log_info log_error,-Wl,--wrap=$f) \
	$(USERLAND_LIBS) $(CORDOND_LIBS)
build/fuzz/nft/%.o: FUZZ_FLAGS += $(NFT_CFLAGS)
build/fuzz/userland/%.o build/fuzz/tests/fuzz/%.o build/fuzz/replay/%.o: FUZZ_FLAGS += $(USERLAND_CFLAGS)

FUZZ_TARGET_OBJECTS := $(FUZZ_TARGETS:%=build/fuzz/tests/fuzz/%.o)

build/fuzz/%.o: %.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) -MMD -MP -c -o $@ $<

build/fuzz/libcordon-policy.a: $(FUZZ_POLICY_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

build/fuzz/libcordon-daemon.a: $(FUZZ_DAEMON_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

# One program holds all targets for the replay, so there each has a name of its own.
build/fuzz/replay/%.o: tests/fuzz/%.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) -DLLVMFuzzerTestOneInput=fuzz_$* -MMD -MP -c -o $@ $<

build/fuzz/replay/replay.o: tests/fuzz/replay.c tests/fuzz/fuzz.mk $(FUZZ_TARGETS:%=tests/fuzz/%.c)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) -D'FUZZ_LIST=$(foreach t,$(FUZZ_TARGETS),X($(t)))' -MMD -MP -c -o $@ $<

$(FUZZ_TARGETS:%=build/fuzz/%): build/fuzz/%: build/fuzz/tests/fuzz/%.o $(FUZZ_SHARED_OBJECTS)
	$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ -Wl,--start-group $^ -Wl,--end-group $(POLICY_LIBS) $(FUZZ_LIBS)

$(FUZZ_DAEMON_TARGETS:%=build/fuzz/%): FUZZ_LIBS := $(FUZZ_DAEMON_LIBS)
$(FUZZ_DAEMON_TARGETS:%=build/fuzz/%): $(FUZZ_DAEMON_LINK)

build/tests/fuzz_replay: build/fuzz/replay/replay.o $(FUZZ_TARGETS:%=build/fuzz/replay/%.o) $(FUZZ_SHARED_OBJECTS) $(FUZZ_DAEMON_LINK)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) -o $@ -Wl,--start-group $^ -Wl,--end-group $(POLICY_LIBS) $(FUZZ_DAEMON_LIBS)

# Writes the seeds of the corpora that are made from the generators; what fuzzing adds stands beside them.
build/fuzz/seeds: build/fuzz/tests/fuzz/seeds.o $(FUZZ_SHARED_OBJECTS)
	$(FUZZ_CC) $(FUZZ_FLAGS) -o $@ $^ $(POLICY_LIBS)

.PHONY: fuzz
fuzz: $(FUZZ_TARGETS:%=build/fuzz/%)		## libFuzzer, FUZZ_SECONDS (60) for each target; findings land in build/fuzz/
	@for t in $(FUZZ_TARGETS); do mkdir -p build/fuzz/corpus/$$t && \
		build/fuzz/$$t -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 -artifact_prefix=build/fuzz/$$t- \
		build/fuzz/corpus/$$t $$(test -d tests/fuzz/corpus/$$t && echo tests/fuzz/corpus/$$t) || exit 1; done

HOST_TESTS += build/tests/fuzz_replay

-include $(FUZZ_SHARED:%.c=build/fuzz/%.d) $(FUZZ_POLICY_OBJECTS:.o=.d) $(FUZZ_DAEMON_OBJECTS:.o=.d) \
	$(FUZZ_TARGET_OBJECTS:.o=.d) $(wildcard build/fuzz/replay/*.d)
