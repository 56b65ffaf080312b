// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where one more or one less makes the difference. Each case is here because a mutant of the core (tests/defects) lived
 * without it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "judge_test.h"
#include "kmod/core/blob.h"

/* Takes @b over. @says NULL: it is taken; else the refusal says that. Return: the ruleset, to be freed. */
static struct cordon_ruleset *finished(const char *name, struct blob *b, const char *says)
{
	struct cordon_decode_error err = { "nothing", 0 };
	struct cordon_ruleset *rs;
	size_t len;
	u8 *bytes = blob_finish(b, &len);

	rs = decode(bytes, len, &err);
	free(bytes);
	check(says ? !rs && strstr(err.what, says) : rs != NULL, "edge: %s: %s", name, rs ? "taken" : err.what);
	return rs;
}

static void zones(struct blob *b)
{
	blob_zone(b, STAFF, "staff");
	blob_zone(b, CAMERAS, "cameras");
}

static void envelopes(void)
{
	struct cordon_decode_error err;
	struct cordon_blob_header h;
	struct cordon_blob opened;
	struct blob b = { 0 };
	size_t len;
	u8 *bytes;

	free(finished("a ruleset of nothing", &b, NULL));
	bytes = blob_finish(&b, &len);
	memcpy(&h, bytes, sizeof(h));
	h.magic[0] = 'x';
	err.offset = 77;
	check(cordon_blob_open(&opened, &h, sizeof(h), &err) && err.offset == 0, "edge: a wrong magic is at 0");
	/* Nothing but the header is read of a ruleset without records, however long it says it is. */
	memcpy(&h, bytes, sizeof(h));
	h.length = htole32(CORDON_MAX_BLOB_BYTES);
	check(cordon_blob_open(&opened, &h, CORDON_MAX_BLOB_BYTES, &err) && strstr(err.what, "follow the last"),
	      "edge: the longest ruleset is not too long");
	h.length = htole32(CORDON_MAX_BLOB_BYTES + 1U);
	check(cordon_blob_open(&opened, &h, CORDON_MAX_BLOB_BYTES + 1ULL, &err) && strstr(err.what, "length is not"),
	      "edge: one byte more is");
	free(bytes);
	bytes = network(&len);
	memcpy(&h, bytes, sizeof(h));
	h.section[CORDON_SECT_ZONES].count = htole32(200);
	memcpy(bytes, &h, sizeof(h));
	check(cordon_blob_open(&opened, bytes, len, &err) && strstr(err.what, "ends behind"),
	      "edge: a section that ends behind the ruleset is told as one");
	free(bytes);
}

static void names(void)
{
	static const char whole[CORDON_ZONE_NAME_LEN + 1] = "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn";
	struct cordon_ruleset *rs;
	struct blob b = { 0 };

	blob_zone(&b, STAFF, whole);
	finished("a zone name without an end", &b, "zone name");
	blob_zone(&b, STAFF, "staff");
	blob_port(&b, "pppppppppppppppp", CORDON_PORT_DEVICES, 0, 0, 1, NULL);
	finished("a port name without an end", &b, "port name");
	zones(&b);
	rs = finished("two zones", &b, NULL);
	check(rs && rs->dim == CAMERAS + 1, "edge: no more zones than there are");
	free(rs);
}

static void prefixes(void)
{
	struct cordon_addr end = addr("ffff:ffff:ffff:ffff::1");
	struct cordon_ruleset *rs;
	struct blob b = { 0 };

	zones(&b);
	blob_prefix(&b, "::", 0, STAFF);
	rs = finished("a prefix that is everything", &b, NULL);
	check(rs && cordon_prefix_zone(rs, &end) == STAFF, "edge: and it is, to the end");
	free(rs);
	zones(&b);
	blob_prefix(&b, "fd00::1", 32, STAFF);
	finished("host bits in the lower half alone", &b, "host bits");
	zones(&b);
	blob_prefix(&b, "fd00:0:1::", 32, STAFF);
	finished("host bits in the upper half alone", &b, "host bits");
	zones(&b);
	blob_prefix(&b, "fd00::", 32, STAFF);
	blob_prefix(&b, "fd00::", 32, CAMERAS);
	finished("one prefix twice", &b, "ascend");
	zones(&b);
	blob_prefix(&b, "fd00::ffff", 128, STAFF);
	blob_prefix(&b, "fd00::ffff", 128, CAMERAS);
	finished("one address as two prefixes", &b, "ascend");
}

static void entries(void)
{
	static const struct { const char *name; u8 kind, proto; u16 low, high; } wrong[] = {
		{ "everything from 1", CORDON_ENTRY_ALL, 0, 1, 1 },
		{ "everything to 1", CORDON_ENTRY_ALL, 0, 0, 1 },
		{ "everything of TCP", CORDON_ENTRY_ALL, 6, 0, 0 },
		{ "DHCP from 1", CORDON_ENTRY_DHCP, 0, 1, 1 },
		{ "DHCP to 1", CORDON_ENTRY_DHCP, 0, 0, 1 },
		{ "DHCP of UDP", CORDON_ENTRY_DHCP, 17, 0, 0 },
		{ "protocols of which the last has ports", CORDON_ENTRY_PROTO, 0, 16, 17 },
		{ "protocols of which the first has ports", CORDON_ENTRY_PROTO, 0, 17, 18 },
		{ "a protocol of a protocol", CORDON_ENTRY_PROTO, 6, 47, 47 },
		{ "queries from 8 to 13", CORDON_ENTRY_RANGE, 1, 8, 13 },
		{ "query 9", CORDON_ENTRY_RANGE, 1, 9, 9 },
		{ "queries from 127", CORDON_ENTRY_RANGE, 58, 127, 128 },
		{ "queries to 129", CORDON_ENTRY_RANGE, 58, 128, 129 },
		{ "query 129", CORDON_ENTRY_RANGE, 58, 129, 129 },
	};
	struct blob b = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		zones(&b);
		blob_pair(&b, STAFF, CAMERAS, 0);
		blob_entry(&b, wrong[i].kind, wrong[i].proto, wrong[i].low, wrong[i].high);
		finished(wrong[i].name, &b, "not one");
	}
	zones(&b);
	for (int i = 0; i < 2; i++) {
		blob_pair(&b, STAFF, CAMERAS, 0);
		blob_entry(&b, CORDON_ENTRY_RANGE, 6, 80, 80);
	}
	finished("one pair twice", &b, "ascend");
	zones(&b);
	blob_pair(&b, STAFF, CAMERAS, 0);
	blob_entry(&b, CORDON_ENTRY_RANGE, 6, 80, 80);
	blob_entry(&b, CORDON_ENTRY_RANGE, 6, 81, 81);
	finished("two ranges that are one", &b, "adjacent");
}

/* As many entries as a pair may have, and one more. */
static void many_entries(void)
{
	struct blob b = { 0 };

	for (int more = 0; more < 2; more++) {
		zones(&b);
		blob_pair(&b, STAFF, CAMERAS, 0);
		for (u32 port = 0; port < 65536; port += 2)
			blob_entry(&b, CORDON_ENTRY_RANGE, 6, (u16)port, (u16)port);
		for (u32 port = 0; port < 65534U + 2 * more; port += 2)
			blob_entry(&b, CORDON_ENTRY_RANGE, 17, (u16)port, (u16)port);
		free(finished(more ? "65536 entries" : "65535 entries", &b, more ? "follow each other" : NULL));
	}
}

static void ports_and_devices(void)
{
	static const u16 ten[] = { 10, 0 }, twenty[] = { 20, 0 };
	struct cordon_blob_port *port;
	struct cordon_ruleset *rs;
	struct blob b = { 0 };

	zones(&b);
	blob_port(&b, "a", CORDON_PORT_DEVICES, 0, 0, 1, ten);
	blob_port(&b, "b", CORDON_PORT_DEVICES, 0, 0, 1, twenty);
	port = (struct cordon_blob_port *)(b.part[CORDON_SECT_PORTS].p + b.part[CORDON_SECT_PORTS].n) - 1;
	port->vid_count = htole16(2);
	finished("a port with one VLAN more than are left", &b, "follow each other");
	zones(&b);
	blob_port(&b, "a", CORDON_PORT_DEVICES, 0, 0, 1, NULL);
	blob_device(&b, 0x020000000001, 4095, 0, STAFF);
	finished("a device without ports in VLAN 4095", &b, "device VLAN");
	zones(&b);
	blob_port(&b, "a", CORDON_PORT_DEVICES, 0, 0, 1, NULL);
	blob_device(&b, 0x020000000001, 1, 0, STAFF);
	blob_address(&b, "10.0.0.1");
	blob_address(&b, "10.0.0.1");
	finished("a device with one address twice", &b, "ascend");
	zones(&b);
	blob_port(&b, "a", CORDON_PORT_DEVICES, 0, 0, 4094, NULL);
	blob_device(&b, 0x020000000001, 4094, 1, CAMERAS);
	rs = finished("the last VLAN", &b, NULL);
	check(rs && cordon_presence_find(rs, 0, 4094) && !strcmp(rs->zone_name[CAMERAS], "cameras"),
	      "edge: its devices are there, and the zones' names whole");
	free(rs);
}

static void packets(void)
{
	struct g_wire w = w_icmp("::", "ff02::1", 142);
	struct scene s = scene();

	w_macs(&w, 1, W_OWN);
	ingress("edge: ICMPv6 142 without an address", LAN2, &w, "address-spoof");
	w = w_icmp("::", "ff02::1", 144);
	w_macs(&w, 1, W_OWN);
	ingress("edge: ICMPv6 144 without an address", LAN2, &w, "address-spoof");
	w = w_icmp("fd00:20::11", "fd00:30::2", 138);
	w_fragment(&w, 0, true, false, 0);
	w_macs(&w, 1, 2);
	ingress("edge: a fragment of ICMPv6 138", LAN2, &w, "service");
	w = w_arp(2, "10.20.0.11", "10.30.0.2");
	w_macs(&w, 1, 2);
	s.out = on_port(LAN2, 0);
	judge("edge: a reply of ARP to a peer", &s, CORDON_HOOK_EGRESS, &w, NULL);
	check(s.v.dst_device == RECORDER && s.v.dst_zone == VIDEO, "edge: ... is told with whom it was for");
}

/* The box's own addresses and MACs, in as many bytes as they take; and others that the filter lets through. */
static void own(void)
{
	struct cordon_addr mine[] = { addr("10.0.0.9"), addr("fd00::9") }, other;
	u64 mac[] = { 0x020000000109, 0x020000000209 };
	size_t bytes = cordon_own_bytes(ARRAY_SIZE(mac), ARRAY_SIZE(mine)), beyond = 0, wrong = 0;
	u8 *memory = malloc(bytes + 64);
	struct cordon_own *set = (struct cordon_own *)memory;

	memset(memory, 0xa5, bytes + 64);
	cordon_own_build(set, mac, ARRAY_SIZE(mac), mine, ARRAY_SIZE(mine));
	for (size_t i = bytes; i < bytes + 64; i++)
		beyond += memory[i] != 0xa5;
	check(!beyond, "edge: own addresses take no more bytes than they say");
	/* These two bits have one bit of the filter. */
	for (size_t i = 0; i < ARRAY_SIZE(mine); i++) {
		other = mine[i];
		other.lo ^= 0x101;
		wrong += !cordon_own_addr(set, &mine[i]) || cordon_own_addr(set, &other);
		wrong += !cordon_own_mac(set, mac[i]) || cordon_own_mac(set, mac[i] ^ 0x101);
		other.lo ^= 0x101 ^ 0x1010101;
		wrong += cordon_own_addr(set, &other) || cordon_own_mac(set, mac[i] ^ 0x202);
	}
	check(!wrong, "edge: what only the filter takes for own is not");
	free(memory);
}

static void limits(void)
{
	struct cordon_decode_error err;
	struct cordon_ruleset *rs;
	size_t len, without = 0;
	u8 *bytes = network(&len);

	rs = decode(bytes, len, &err);
	for (u32 i = 0; rs && i < rs->n_limits; i++)
		for (int q = 0; q < __CORDON_QUANTITY_MAX; q++)
			without += !rs->limit[i].cost[q].factor != !rs->limit[i].rate[q];
	check(rs && rs->n_limits && !without, "edge: every rate has its cost");
	free(rs);
	free(bytes);
}

void test_edges(void)
{
	own();
	limits();
	envelopes();
	names();
	prefixes();
	entries();
	many_entries();
	ports_and_devices();
	packets();
}
