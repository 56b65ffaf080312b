// SPDX-License-Identifier: GPL-2.0-or-later
/* The ruleset codec: what is refused, with which sentence; lengths and single bytes. */
#include <stdio.h>
#include <stdlib.h>

#include "core_test.h"

#define FIELD(type, member) (u32)offsetof(struct type, member), sizeof(((struct type *)0)->member)

enum { Z = CORDON_SECT_ZONES, P = CORDON_SECT_PORTS, V = CORDON_SECT_VIDS, R = CORDON_SECT_PAIRS, E = CORDON_SECT_ENTRIES,
       D = CORDON_SECT_DEVICES, A = CORDON_SECT_ADDRESSES, X = CORDON_SECT_PREFIXES,
       L = CORDON_SECT_LIMITS, G = CORDON_SECT_GROUPS, HEADER = -1 };

/* One field of the network's bytes set to one value, and what the refusal must say. */
static const struct poke {
	const char *name;
	int section;
	u32 record, offset;
	size_t size;
	u64 value;
	const char *says;
} pokes[] = {
	{ "another magic", HEADER, 0, 0, 1, 'c', "magic" },
	{ "version 1", HEADER, 0, FIELD(cordon_blob_header, version), 1, "version" },
	{ "version 3", HEADER, 0, FIELD(cordon_blob_header, version), 3, "version" },
	{ "a length that is one more", HEADER, 0, FIELD(cordon_blob_header, length), 1, "length" },
	{ "a reserved word of the header", HEADER, 0, FIELD(cordon_blob_header, reserved), 1, "reserved" },
	{ "unknown sources without a rate", HEADER, 0, FIELD(cordon_blob_header, unknown_rate), 0, "unknown sources" },
	{ "unknown sources at 10000001/s", HEADER, 0, FIELD(cordon_blob_header, unknown_rate), 10000001, "unknown sources" },
	{ "an offset in the header", HEADER, 0, offsetof(struct cordon_blob_header, section), 4, 0, "offset" },
	{ "a count beyond the format", HEADER, 0, offsetof(struct cordon_blob_header, section) + 4, 4, 249, "more records" },
	{ "a zone id 4", Z, 0, 0, 1, 4, "zone ids" },
	{ "a zone id 253", Z, 2, 0, 1, 253, "zone ids" },
	{ "two zones of one id", Z, 1, 0, 1, STAFF, "zone ids" },
	{ "a first zone id above the last one's", Z, 0, 0, 1, 200, "zone ids" },
	{ "a nameless zone", Z, 0, 1, 1, 0, "zone name" },
	{ "a byte behind a zone's NUL", Z, 0, 31, 1, 'x', "zone name" },
	{ "an unknown flag of a zone", Z, 0, FIELD(cordon_blob_zone, flags), 128, "flag or reserved" },
	{ "a reserved byte of a zone", Z, 0, FIELD(cordon_blob_zone, reserved[6]), 1, "flag or reserved" },
	{ "a nameless port", P, 0, 0, 1, 0, "port name" },
	{ "a byte behind a port's NUL", P, 0, 15, 1, 'x', "port name" },
	{ "two ports of one name", P, 1, 3, 1, '1', "one name" },
	{ "a port of mode 0", P, 0, FIELD(cordon_blob_port, mode), 0, "mode" },
	{ "a port of mode 4", P, 0, FIELD(cordon_blob_port, mode), 4, "mode" },
	{ "a devices port with a zone", P, 0, FIELD(cordon_blob_port, zone), STAFF, "mode" },
	{ "a devices port that masquerades", P, 0, FIELD(cordon_blob_port, flags), 1, "mode" },
	{ "a reserved byte of a port", P, 0, FIELD(cordon_blob_port, reserved), 1, "reserved" },
	{ "a reserved word of a port", P, 0, FIELD(cordon_blob_port, reserved2), 1, "reserved" },
	{ "a limit of a devices port", P, 0, FIELD(cordon_blob_port, limit), 1, "zone port" },
	{ "a limit of an uplink", P, WAN0, FIELD(cordon_blob_port, limit), 1, "zone port" },
	{ "limit 3 of 2 of a port", P, OFFICE, FIELD(cordon_blob_port, limit), 3, "one of LIMITS" },
	{ "untagged VLAN 4095", P, 0, FIELD(cordon_blob_port, untagged), 4095, "untagged" },
	{ "a zone port with a VLAN", P, OFFICE, FIELD(cordon_blob_port, untagged), 1, "no VLANs" },
	{ "a zone port of zone gateway", P, OFFICE, FIELD(cordon_blob_port, zone), CORDON_ZONE_GATEWAY, "declared zone" },
	{ "a zone port of a zone that is not there", P, OFFICE, FIELD(cordon_blob_port, zone), 99, "declared zone" },
	{ "a zone port that masquerades", P, OFFICE, FIELD(cordon_blob_port, flags), 1, "declared zone" },
	{ "an uplink of another zone", P, WAN0, FIELD(cordon_blob_port, zone), STAFF, "uplink" },
	{ "an uplink with an unknown flag", P, WAN0, FIELD(cordon_blob_port, flags), 4, "uplink" },
	{ "VLANs that leave a gap", P, WAN1, FIELD(cordon_blob_port, vid_first), 0, "follow each other" },
	{ "more VLANs than there are", P, LAN2, FIELD(cordon_blob_port, vid_count), 2, "follow each other" },
	{ "a VLAN that belongs to nobody", P, LAN2, FIELD(cordon_blob_port, vid_count), 0, "follow each other" },
	{ "tagged VLAN 0", V, 0, 0, 2, 0, "tagged VLANs" },
	{ "tagged VLAN 4095", V, 0, 0, 2, 4095, "tagged VLANs" },
	{ "a tagged VLAN that is the untagged one", V, 0, 0, 2, 20, "tagged VLANs" },
	{ "pairs out of order", R, 0, FIELD(cordon_blob_pair, from), 7, "ascend" },
	{ "a pair of zone 0", R, 0, FIELD(cordon_blob_pair, from), 0, "does not exist" },
	{ "a pair with a zone that is not there", R, 7, FIELD(cordon_blob_pair, to), 99, "does not exist" },
	{ "a reserved byte of a pair", R, 0, FIELD(cordon_blob_pair, reserved), 1, "no flag but log" },
	{ "an unknown flag of a pair", R, 0, FIELD(cordon_blob_pair, flags), 2, "no flag but log" },
	{ "entries that leave a gap", R, 0, FIELD(cordon_blob_pair, first), 1, "follow each other" },
	{ "more entries than there are", R, 0, FIELD(cordon_blob_pair, count), 1000, "follow each other" },
	{ "an empty pair without log", R, 7, FIELD(cordon_blob_pair, flags), 0, "follow each other" },
	{ "an entry of kind 0", E, 0, FIELD(cordon_blob_entry, kind), 0, "not one" },
	{ "an entry of kind 6", E, 0, FIELD(cordon_blob_entry, kind), 6, "not one" },
	{ "all beside others", E, 4, 0, 8, CORDON_ENTRY_ALL, "ethertypes only" },
	{ "ethertype 0x5ff", E, 13, FIELD(cordon_blob_entry, low), 0x5ff, "not one" },
	{ "ethertypes with ARP in them", E, 13, FIELD(cordon_blob_entry, low), 0x0806, "not one" },
	{ "a range that ends before it starts", E, 0, FIELD(cordon_blob_entry, low), 54, "not one" },
	{ "a range of protocol 47", E, 0, FIELD(cordon_blob_entry, proto), 47, "not one" },
	{ "a reserved word of an entry", E, 0, FIELD(cordon_blob_entry, reserved), 1, "not one" },
	{ "a protocol that has ports", E, 1, FIELD(cordon_blob_entry, low), 17, "not one" },
	{ "protocol 256", E, 1, FIELD(cordon_blob_entry, high), 256, "not one" },
	{ "a group MAC", D, 0, 0, 1, 3, "unicast" },
	{ "device VLAN 0", D, 0, FIELD(cordon_blob_device, vlan), 0, "VLAN" },
	{ "device VLAN 4095", D, 4, FIELD(cordon_blob_device, vlan), 4095, "VLAN" },
	{ "devices out of order", D, 1, 5, 1, 1, "ascend" },
	{ "two devices of one VLAN and MAC", D, 1, 5, 1, 3, "ascend" },
	{ "a device in zone unknown", D, 0, FIELD(cordon_blob_device, zone), CORDON_ZONE_UNKNOWN, "device zone" },
	{ "a device in a zone that is not there", D, 0, FIELD(cordon_blob_device, zone), 8, "device zone" },
	{ "a device on a zone port", D, 0, FIELD(cordon_blob_device, ports), 1 << OFFICE, "device ports" },
	{ "a device on a port without its VLAN", D, 0, FIELD(cordon_blob_device, ports), 1 << LAN2, "device ports" },
	{ "a device on port 5 of 5", D, 0, FIELD(cordon_blob_device, ports), 1 << 5, "device ports" },
	{ "a reserved word of a device", D, 0, FIELD(cordon_blob_device, reserved), 1, "reserved" },
	{ "limit 3 of 2 of a device", D, 0, FIELD(cordon_blob_device, limit), 3, "one of LIMITS" },
	{ "more addresses than there are", D, 4, FIELD(cordon_blob_device, count), 2, "more addresses" },
	{ "an unknown role", D, 2, FIELD(cordon_blob_device, roles), 8, "roles" },
	{ "a role without ports", D, 0, FIELD(cordon_blob_device, roles), 1, "roles" },
	{ "an address that belongs to nobody", D, 4, FIELD(cordon_blob_device, count), 0, "belongs to no device" },
	{ "a link-local binding", A, 3, 0, 2, 0x80fe, "unicast and not link-local" },
	{ "a binding to a group", A, 0, 12, 1, 224, "unicast and not link-local" },
	{ "a binding to 0.0.0.0", A, 0, 12, 4, 0, "unicast and not link-local" },
	{ "addresses of a device out of order", A, 2, 0, 1, 0xfe, "ascend" },
	{ "one address twice", A, 1, 12, 4, 0x03000a0a, "one address" },
	{ "a prefix of length 129", X, 5, FIELD(cordon_blob_prefix, len), 129, "0-128" },
	{ "a prefix with host bits", X, 0, 15, 1, 1, "host bits" },
	{ "a prefix of zone wan", X, 0, FIELD(cordon_blob_prefix, zone), CORDON_ZONE_WAN, "declared zone" },
	{ "prefixes that overlap", X, 0, FIELD(cordon_blob_prefix, len), 96, "host bits" },
	{ "prefixes out of order", X, 1, 13, 1, 9, "ascend" },
	{ "a reserved byte of a prefix", X, 0, FIELD(cordon_blob_prefix, reserved[0]), 1, "reserved" },
	{ "a limit of nothing", L, 0, FIELD(cordon_blob_limit, rate[3]), 0, "limit something" },
	{ "limits out of order", L, 0, FIELD(cordon_blob_limit, rate[0]), 5001, "ascend" },
	{ "a limit that nobody has", D, 2, FIELD(cordon_blob_device, limit), 1, "holds for nobody" },
	{ "10000001 packets/s", L, 1, FIELD(cordon_blob_limit, rate[0]), 10000001, "a rate is" },
	{ "10000001 connections/s", L, 1, FIELD(cordon_blob_limit, rate[3]), 10000001, "a rate is" },
	{ "999 bit/s up", L, 1, FIELD(cordon_blob_limit, rate[1]), 999, "a rate is" },
	{ "100000000001 bit/s down", L, 1, FIELD(cordon_blob_limit, rate[2]), 100000000001, "a rate is" },
	{ "groups of a zone that does not list them", Z, 2, FIELD(cordon_blob_zone, flags), 0, "lists them" },
	{ "a group that is none", G, 1, 0, 1, 0xfd, "must be one" },
	{ "a group with host bits", G, 0, 15, 1, 1, "host bits" },
	{ "groups out of order", G, 0, 0, 4, 0x00000eff, "ascend" },
};

static void refused(const struct poke *poke)
{
	struct cordon_decode_error err = { "nothing", 0 };
	struct cordon_ruleset *rs;
	size_t len;
	u8 *bytes = network(&len), *at;

	at = poke->section == HEADER ? bytes : blob_record(bytes, poke->section, poke->record);
	at += poke->offset;
	for (size_t i = 0; i < poke->size; i++)
		at[i] = (u8)(poke->value >> (8 * i));
	rs = decode(bytes, len, &err);
	check(!rs && strstr(err.what, poke->says) && err.offset < len, "decode refuses %s: %s at %u", poke->name, err.what, err.offset);
	free(rs);
	free(bytes);
}

/* Every length but the right one is refused; so is a byte in the padding. */
static void envelope(void)
{
	struct cordon_decode_error err = { "nothing", 0 };
	size_t len, bad = 0;
	u8 *bytes = network(&len);
	struct cordon_ruleset *rs = decode(bytes, len, &err);
	u8 *copy;

	check(rs, "decode takes the network: %s", err.what);
	free(rs);
	for (size_t n = 0; n < len; n++) {
		struct cordon_blob_header h;

		copy = malloc(n + !n);
		memcpy(copy, bytes, n);
		if (n >= sizeof(h)) {	/* the length is true, the rest is cut */
			memcpy(&h, copy, sizeof(h));
			h.length = htole32((u32)n);
			memcpy(copy, &h, sizeof(h));
		}
		rs = decode(copy, n, &err);
		bad += rs != NULL;
		free(rs);
		free(copy);
	}
	check(!bad, "decode refuses every shorter length");
	copy = calloc(1, len + 8);
	memcpy(copy, bytes, len);
	((struct cordon_blob_header *)copy)->length = htole32((u32)len + 8);
	check(!decode(copy, len + 8, &err) && strstr(err.what, "follow the last"), "decode refuses bytes behind the last section");
	free(copy);
	free(bytes);
}

/* Flip every bit: whatever is still taken must be used without a fault (the sanitizers look at this in fuzz_replay too). */
static void flipped_bits(void)
{
	struct cordon_decode_error err;
	size_t len, taken = 0, refused_bits = 0;
	u8 *bytes = network(&len);

	for (size_t i = 0; i < len * 8; i++) {
		struct cordon_ruleset *rs;

		bytes[i / 8] ^= (u8)(1 << i % 8);
		rs = decode(bytes, len, &err);
		taken += rs != NULL;
		refused_bits += rs == NULL;
		free(rs);
		bytes[i / 8] ^= (u8)(1 << i % 8);
	}
	check(taken > 100 && refused_bits > 1000, "decode with each bit flipped: %zu taken, %zu refused", taken, refused_bits);
	free(bytes);
}

/* Two records of equal bytes; and what the network's limits became. */
static void limits(void)
{
	struct cordon_decode_error err = { "nothing", 0 };
	size_t len;
	u8 *bytes = network(&len);
	struct cordon_ruleset *rs = decode(bytes, len, &err);

	check(rs && rs->n_limits == 2 && rs->n_meters == 3 && rs->port[OFFICE].limit == 1 && rs->port[OFFICE].meter == 0 &&
	      rs->device[2].limit == 2 && rs->device[2].meter == 1 && rs->device[4].limit == 1 && rs->device[4].meter == 2 &&
	      !rs->device[0].limit && rs->limit[1].rate[CORDON_QUANTITY_UP] == 20000000 && rs->unknown_rate == 256,
	      "decode numbers the meters of the network: %s", err.what);
	free(rs);
	memcpy(blob_record(bytes, L, 1), blob_record(bytes, L, 0), sizeof(struct cordon_blob_limit));
	rs = decode(bytes, len, &err);
	check(!rs && strstr(err.what, "differ"), "decode refuses one limit twice: %s", err.what);
	free(rs);
	free(bytes);
}

static void alignment(void)
{
	struct cordon_decode_error err = { "nothing", 0 };
	size_t len;
	u8 *bytes = network(&len), *shifted = malloc(len + 8);
	bool good = true;

	for (int i = 0; i < 8; i++) {
		struct cordon_ruleset *rs;

		memcpy(shifted + i, bytes, len);
		rs = decode(shifted + i, len, &err);
		good &= rs != NULL;
		free(rs);
	}
	check(good, "decode takes bytes at any alignment");
	free(shifted);
	free(bytes);
}

void test_decode(void)
{
	envelope();
	for (size_t i = 0; i < ARRAY_SIZE(pokes); i++)
		refused(&pokes[i]);
	flipped_bits();
	limits();
	alignment();
}
