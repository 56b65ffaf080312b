# SPDX-License-Identifier: GPL-2.0-or-later
# Included by the top Makefile: the nftables library and its host tests.

NFT_SOURCES := $(wildcard nft/*.c)
NFT_OBJECTS := $(NFT_SOURCES:%.c=build/%.o)
NFT_CFLAGS := $(shell pkg-config --cflags libnftables libmnl libcrypto)
NFT_LIBS := $(shell pkg-config --libs libnftables libmnl libcrypto)

build/nft/%.o: nft/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(NFT_CFLAGS) -MMD -MP -c -o $@ $<

build/libcordon-nft.a: $(NFT_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

NFT_TESTS := build/tests/nft_golden build/tests/nft_unit build/tests/nft_kernel

$(NFT_TESTS): build/tests/nft_%: tests/unit/nft/%.c tests/unit/nft/tap.h build/libcordon-nft.a build/libcordon-policy.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -o $@ $< build/libcordon-nft.a build/libcordon-policy.a $(NFT_LIBS) $(POLICY_LIBS)

# nft_kernel wants a kernel's nftables and runs in the guests (tests/kselftest/41_nft_swap.sh), never on the machine's own.
HOST_TESTS += $(filter-out %/nft_kernel,$(NFT_TESTS))
USERLAND_TEST_PROGS += build/tests/nft_kernel

-include $(NFT_OBJECTS:.o=.d) $(NFT_TESTS:=.d)
