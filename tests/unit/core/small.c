// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses, own sets, names, bytes. */
#include <stdlib.h>

#include "core_test.h"

static void addresses(void)
{
	static const struct { const char *text; bool link_local, group, unspecified, v4; } table[] = {
		{ "0.0.0.0", 0, 0, 1, 1 }, { "::", 0, 0, 1, 0 }, { "0.0.0.1", 0, 0, 0, 1 }, { "::1", 0, 0, 0, 0 },
		{ "223.255.255.255", 0, 0, 0, 1 }, { "224.0.0.0", 0, 1, 0, 1 }, { "239.255.255.255", 0, 1, 0, 1 },
		{ "240.0.0.0", 0, 0, 0, 1 }, { "255.255.255.254", 0, 0, 0, 1 }, { "255.255.255.255", 0, 1, 0, 1 },
		{ "fe7f:ffff::", 0, 0, 0, 0 }, { "fe80::", 1, 0, 0, 0 }, { "febf:ffff::1", 1, 0, 0, 0 }, { "fec0::", 0, 0, 0, 0 },
		{ "feff::", 0, 0, 0, 0 }, { "ff00::", 0, 1, 0, 0 }, { "ff02::1", 0, 1, 0, 0 }, { "169.254.0.1", 0, 0, 0, 1 },
		{ "::fffe:ffff:ffff", 0, 0, 0, 0 }, { "::1:0:0:0", 0, 0, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct cordon_addr a = addr(table[i].text);

		check(cordon_addr_link_local(&a) == table[i].link_local && cordon_addr_group(&a) == table[i].group &&
		      cordon_addr_unspecified(&a) == table[i].unspecified && cordon_addr_is_v4(&a) == table[i].v4,
		      "kind of %s", table[i].text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct cordon_addr a = addr(table[i].text), b = addr("10.0.0.1");
		int order = cordon_addr_cmp(&a, &b);

		if ((order == 0) != cordon_addr_eq(&a, &b) || order != -cordon_addr_cmp(&b, &a) || cordon_addr_cmp(&a, &a))
			check(false, "order of %s", table[i].text);
	}
}

static void own_sets(void)
{
	struct cordon_own *own = calloc(1, cordon_own_bytes(40, 40));
	struct cordon_addr a[40];
	bool good = true;
	u64 mac[40];

	cordon_own_build(own, NULL, 0, NULL, 0);
	a[0] = addr("::");
	check(!cordon_own_mac(own, 0) && !cordon_own_addr(own, &a[0]), "an empty own set has nothing, not even zeroes");
	for (u32 i = 0; i < 40; i++) {
		mac[i] = (u64)(i * 37 % 20) * 0x10000010101;	/* every value twice, in no order */
		a[i] = (struct cordon_addr){ i * 41 % 20, i * 29 % 20 };
	}
	for (u32 n = 0; n <= 40; n++) {
		cordon_own_build(own, mac, n, a, n);
		for (u32 i = 0; i < 40; i++) {
			bool in = false;

			for (u32 j = 0; j < n; j++)
				in |= mac[j] == mac[i];
			good &= cordon_own_mac(own, mac[i]) == in && !cordon_own_mac(own, mac[i] + 1);
			in = false;
			for (u32 j = 0; j < n; j++)
				in |= cordon_addr_eq(&a[j], &a[i]);
			good &= cordon_own_addr(own, &a[i]) == in;
		}
	}
	check(good, "own sets of 0 to 40 values with repeats answer as the lists do");
	check(own->n_mac == 20 && own->n_addr == 20, "own sets drop repeats");
	free(own);
}

static void names(void)
{
	bool good = true;

	for (int i = 0; i <= CORDON_REASON_MAX; i++)
		for (int j = 0; j < i; j++)
			good &= strcmp(cordon_reason_name((u8)i), cordon_reason_name((u8)j)) != 0;
	check(good, "every reason has a name of its own");
	check(!strcmp(cordon_reason_name(CORDON_REASON_ADDRESS_SPOOF), "address-spoof") &&
	      !strcmp(cordon_reason_name(CORDON_REASON_UNMANAGED), "unmanaged"), "names are those of the language page");
	check(!strcmp(cordon_reason_name(__CORDON_REASON_MAX), "?") && !strcmp(cordon_reason_name(255), "?"), "numbers that are no reason");
}

static void buffers(void)
{
	static const u8 bytes[4] = { 1, 2, 3, 4 };
	struct cordon_buf buf = { bytes, 4, 4, NULL, 0, false };
	u8 copy[8];

	check(cordon_buf_get(&buf, 0, 4, copy) == bytes && cordon_buf_get(&buf, 4, 0, copy) == bytes + 4, "a buffer gives what it has");
	check(!cordon_buf_get(&buf, 0, 5, copy) && !cordon_buf_get(&buf, 4, 1, copy) && !cordon_buf_get(&buf, 0xffffffff, 1, copy) &&
	      !cordon_buf_get(&buf, 1, 0xffffffff, copy), "a buffer gives nothing beyond, also where the sum wraps");
	check(cordon_be16(bytes) == 0x0102 && cordon_be32(bytes) == 0x01020304, "numbers are big-endian");
}

void test_small(void)
{
	addresses();
	own_sets();
	names();
	buffers();
}
