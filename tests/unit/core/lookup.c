// SPDX-License-Identifier: GPL-2.0-or-later
/* Lookups in rulesets of every size, against the lists they were made from. */
#include <stdio.h>
#include <stdlib.h>

#include "core_test.h"

static u64 mac_of(u32 i)
{
	return 0x020000000000 + (u64)i * 7919;
}

/* n devices in two VLANs with 0 to 4 addresses each. Return: how many addresses. */
static u32 many(struct blob *b, u32 n)
{
	static const u16 tagged[] = { 2, 0 };
	u32 addresses = 0;
	char text[32];

	blob_zone(b, STAFF, "staff");
	blob_port(b, "lan1", CORDON_PORT_DEVICES, 0, 0, 1, tagged);
	for (u32 i = 0; i < n; i++) {
		u16 vlan = i < n / 2 ? 1 : 2;

		blob_device(b, mac_of(i < n / 2 ? i : i - n / 2), vlan, i % 3 ? 1 : 0, STAFF);
		for (u32 j = 0; j < i % 5; j++, addresses++) {
			snprintf(text, sizeof(text), "%u.%u.%u.%u", 1 + (addresses >> 24), addresses >> 16 & 255,
				 addresses >> 8 & 255, addresses & 255);
			blob_address(b, text);
		}
	}
	return addresses;
}

static bool all_found(const struct cordon_ruleset *rs, u32 n, u32 addresses)
{
	u32 at = 0;

	for (u32 i = 0; i < n; i++) {
		u64 mac = mac_of(i < n / 2 ? i : i - n / 2);

		if (cordon_device_find(rs, i < n / 2 ? 1 : 2, mac) != i || cordon_device_find(rs, 3, mac) != CORDON_NO_DEVICE ||
		    cordon_device_find(rs, 1, mac + 1) != CORDON_NO_DEVICE)
			return false;
		for (u32 j = 0; j < i % 5; j++, at++) {
			struct cordon_addr a = { 0, CORDON_V4_PREFIX | (0x01000000 + at) };

			if (cordon_address_find(rs, &a) != i || !cordon_device_has(rs, i, &a) ||
			    (n > 1 && cordon_device_has(rs, i ? i - 1 : 1, &a)))
				return false;
		}
	}
	for (u32 i = 0; i < 1000; i++) {
		struct cordon_addr a = { 0, CORDON_V4_PREFIX | (0x01000000 + addresses + i) };

		if (cordon_address_find(rs, &a) != CORDON_NO_DEVICE)
			return false;
	}
	return at == addresses;
}

static void sizes(void)
{
	static const u32 counts[] = { 0, 1, 2, 3, 4, 5, 6, 15, 16, 17, 48, 96, 97, 1000, 3000, 100000 };

	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		struct cordon_decode_error err = { "", 0 };
		struct blob b = { 0 };
		u32 addresses = many(&b, counts[i]);
		struct cordon_ruleset *rs;
		size_t len;
		u8 *bytes = blob_finish(&b, &len);

		rs = decode(bytes, len, &err);
		check(rs && all_found(rs, counts[i], addresses), "lookups among %u devices %s", counts[i], err.what);
		free(rs);
		free(bytes);
	}
}

/* The highest zone id and 64 ports: every word of the bit sets. */
static void limits(void)
{
	struct cordon_decode_error err = { "", 0 };
	struct cordon_ruleset *rs;
	struct blob b = { 0 };
	bool good = true;
	char name[16];
	size_t len;
	u8 *bytes;

	for (int z = CORDON_ZONE_FIRST; z <= CORDON_ZONE_LAST; z++) {
		snprintf(name, sizeof(name), "z%d", z);
		blob_zone(&b, (u8)z, name);
	}
	for (int p = 0; p < 64; p++) {
		snprintf(name, sizeof(name), "lan%d", p);
		blob_port(&b, name, CORDON_PORT_DEVICES, 0, 0, 1, NULL);
	}
	for (int z = CORDON_ZONE_FIRST; z < CORDON_ZONE_LAST; z += 2) {
		blob_pair(&b, (u8)z, (u8)(z + 1), 0);
		blob_entry(&b, CORDON_ENTRY_RANGE, 6, (u16)z, (u16)z);
	}
	for (int z = CORDON_ZONE_FIRST; z <= CORDON_ZONE_LAST; z++)
		blob_device(&b, 0x020000000000 + (u64)z, 1, 1ULL << (z & 63), (u8)z);
	bytes = blob_finish(&b, &len);
	rs = decode(bytes, len, &err);
	if (!check(rs != NULL, "248 zones and 64 ports decode %s", err.what))
		return;
	for (int z = CORDON_ZONE_FIRST; z <= CORDON_ZONE_LAST; z++) {
		const struct cordon_presence *there = cordon_presence_find(rs, (u8)(z & 63), 1);
		bool first = (z - CORDON_ZONE_FIRST) % 2 == 0;

		good &= there && cordon_zone_in(there->zones, (u8)z) && !cordon_zone_in(there->zones, (u8)(z + 1));
		good &= cordon_zone_in(rs->linked, (u8)z) && cordon_zone_in(rs->present, (u8)z);
		if (first && z < CORDON_ZONE_LAST)
			good &= cordon_pair(rs, (u8)z, (u8)(z + 1))->linked && cordon_pair(rs, (u8)(z + 1), (u8)z)->linked &&
				cordon_pair_has(rs, (u8)z, (u8)(z + 1), CORDON_ENTRY_RANGE, 6, (u16)z) &&
				!cordon_pair_has(rs, (u8)(z + 1), (u8)z, CORDON_ENTRY_RANGE, 6, (u16)z);
	}
	check(good, "248 zones and 64 ports: presence, links and pairs");
	check(!cordon_zone_in(rs->linked, CORDON_ZONE_WAN) && !cordon_presence_find(rs, 0, 2) && !cordon_presence_find(rs, 64, 1),
	      "what is not there is not found");
	free(rs);
	free(bytes);
}

static void entries(void)
{
	static const struct { u8 kind, proto; u16 value; bool has; } asks[] = {
		{ CORDON_ENTRY_RANGE, 17, 4999, false }, { CORDON_ENTRY_RANGE, 17, 5000, true }, { CORDON_ENTRY_RANGE, 17, 5050, true },
		{ CORDON_ENTRY_RANGE, 17, 5100, true }, { CORDON_ENTRY_RANGE, 17, 5101, false }, { CORDON_ENTRY_RANGE, 6, 554, true },
		{ CORDON_ENTRY_RANGE, 6, 5000, false }, { CORDON_ENTRY_RANGE, 1, 8, true }, { CORDON_ENTRY_RANGE, 1, 13, false },
		{ CORDON_ENTRY_RANGE, 58, 128, false }, { CORDON_ENTRY_DHCP, 0, 0, false }, { CORDON_ENTRY_PROTO, 0, 47, false },
	};
	struct cordon_decode_error err;
	size_t len;
	u8 *bytes = network(&len);
	struct cordon_ruleset *rs = decode(bytes, len, &err);

	for (size_t i = 0; i < ARRAY_SIZE(asks); i++)
		check(cordon_pair_has(rs, CAMERAS, VIDEO, asks[i].kind, asks[i].proto, asks[i].value) == asks[i].has,
		      "Set(cameras, video): kind %u protocol %u value %u: %d", asks[i].kind, asks[i].proto, asks[i].value, asks[i].has);
	check(cordon_pair_has_proto(rs, CAMERAS, VIDEO, 17) && !cordon_pair_has_proto(rs, CAMERAS, VIDEO, 58) &&
	      cordon_pair_has_proto(rs, CORDON_ZONE_GATEWAY, CORDON_ZONE_WAN, 47), "sets by protocol");
	check(!cordon_pair(rs, VIDEO, STAFF)->linked && cordon_pair(rs, VIDEO, STAFF)->flags == CORDON_PAIR_F_LOG,
	      "a logged denial links nothing");
	free(rs);
	free(bytes);
}

static void prefixes(void)
{
	static const struct { const char *address; u8 zone; } asks[] = {
		{ "10.9.255.255", 0 }, { "10.10.0.0", STAFF }, { "10.10.0.255", STAFF }, { "10.10.1.0", 0 }, { "10.30.0.255", VIDEO },
		{ "fd00:1f:ffff:ffff:ffff:ffff:ffff:ffff", 0 }, { "fd00:20::", CAMERAS }, { "fd00:20:0:0:ffff:ffff:ffff:ffff", CAMERAS },
		{ "fd00:20:0:1::", 0 }, { "::", 0 }, { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0 },
	};
	struct cordon_decode_error err;
	size_t len;
	u8 *bytes = network(&len);
	struct cordon_ruleset *rs = decode(bytes, len, &err);

	for (size_t i = 0; i < ARRAY_SIZE(asks); i++) {
		struct cordon_addr a = addr(asks[i].address);

		check(cordon_prefix_zone(rs, &a) == asks[i].zone, "zone %u has %s", asks[i].zone, asks[i].address);
	}
	free(rs);
	free(bytes);
}

void test_lookup(void)
{
	sizes();
	limits();
	entries();
	prefixes();
}
