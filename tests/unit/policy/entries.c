// SPDX-License-Identifier: GPL-2.0-or-later
/* policy/entries.c against a bit map: random sets, every operation, every element compared. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/entries.h"
#include "tests/unit/policy/test.h"

/* The universe as separate elements: DHCP, icmp 8, 13, icmpv6 128, tcp and udp ports, protocols. */
#define TCP	 4
#define UDP	 (TCP + 65536)
#define PROTO	 (UDP + 65536)
#define ELEMENTS (PROTO + 256)
#define ROUNDS	 400

static uint8_t map_a[ELEMENTS], map_b[ELEMENTS];

static size_t element(unsigned int kind, unsigned int proto, unsigned int number)
{
	if (kind == CORDON_ENTRY_DHCP)
		return 0;
	if (kind == CORDON_ENTRY_PROTO)
		return PROTO + number;
	if (proto == 1)
		return number == 8 ? 1 : 2;
	if (proto == 58)
		return 3;
	return (proto == 6 ? TCP : UDP) + number;
}

static void map_add(uint8_t *map, const struct policy_entry *entry)
{
	if (entry->kind == CORDON_ENTRY_ALL) {
		memset(map, 1, ELEMENTS);
		map[PROTO + 1] = map[PROTO + 6] = map[PROTO + 17] = map[PROTO + 58] = 0;
		return;
	}
	for (unsigned int i = entry->low; i <= entry->high; i++)
		map[element(entry->kind, entry->proto, i)] = 1;
}

static unsigned int state = 1;

static unsigned int pick(unsigned int below)
{
	state = state * 1103515245 + 12345;
	return (state >> 8) % below;
}

static struct policy_entry random_entry(void)
{
	static const uint16_t edges[] = { 0, 1, 22, 23, 24, 65534, 65535 };
	struct policy_entry entry = { .kind = CORDON_ENTRY_RANGE, .proto = pick(2) ? 6 : 17 };
	unsigned int other, kind = pick(12);

	if (kind == 0)
		return (struct policy_entry){ .kind = CORDON_ENTRY_DHCP };
	if (kind == 1)
		return (struct policy_entry){
			.kind = CORDON_ENTRY_RANGE, .proto = 58, .low = 128, .high = 128
		};
	if (kind == 2) {
		entry.proto = 1;
		entry.low = entry.high = pick(2) ? 8 : 13;
		return entry;
	}
	if (kind == 3 || kind == 4) {
		entry.kind = CORDON_ENTRY_PROTO;
		entry.proto = 0;
		do
			entry.low = entry.high = (uint16_t)pick(256);
		while (entries_own_kind(entry.low));
		return entry;
	}
	if (kind == 5 && !pick(4))
		return (struct policy_entry){ .kind = CORDON_ENTRY_ALL };
	entry.low = pick(2) ? edges[pick(7)] : (uint16_t)pick(65536);
	other = pick(2) ? edges[pick(7)] : entry.low + pick(300);
	entry.high = (uint16_t)(other > 65535 ? 65535 : other);
	if (entry.high < entry.low) {
		other = entry.low;
		entry.low = entry.high;
		entry.high = (uint16_t)other;
	}
	return entry;
}

static void random_set(struct entries_set *set, uint8_t *map)
{
	unsigned int n = pick(8);

	memset(map, 0, ELEMENTS);
	*set = (struct entries_set){ 0 };
	for (unsigned int i = 0; i < n; i++) {
		struct policy_entry entry = random_entry();

		entries_set_add(set, &entry);
		map_add(map, &entry);
	}
	entries_set_normalise(set);
}

/* The set as entries says the same as the map, sorted, disjoint and not adjacent. */
static bool agrees(const struct entries_set *set, const uint8_t *map)
{
	static uint8_t made[ELEMENTS];
	struct policy_entries entries;
	bool good = !entries_from_set(set, &entries);

	memset(made, 0, sizeof(made));
	for (size_t i = 0; good && i < entries.n; i++) {
		const struct policy_entry *e = &entries.v[i], *before = i ? e - 1 : NULL;

		map_add(made, e);
		if (before && (before->kind > e->kind ||
			       (before->kind == e->kind && before->proto > e->proto) ||
			       (before->kind == e->kind && before->proto == e->proto &&
				before->high + 1 >= e->low)))
			good = false;
		if (e->kind == CORDON_ENTRY_ALL && entries.n != 1)
			good = false;
	}
	good = good && !memcmp(made, map, ELEMENTS);
	free(entries.v);
	return good;
}

static bool meets(void)
{
	for (size_t i = 0; i < ELEMENTS; i++)
		if (map_a[i] && map_b[i])
			return true;
	return false;
}

static bool contains(void)
{
	for (size_t i = 0; i < ELEMENTS; i++)
		if (map_b[i] && !map_a[i])
			return false;
	return true;
}

static void all_without(void)
{
	struct policy_entry all = { .kind = CORDON_ENTRY_ALL },
			    ssh = { CORDON_ENTRY_RANGE, 6, 22, 22 };
	struct entries_set set = { 0 }, minus = { 0 };
	struct policy_entries entries;

	entries_set_add(&set, &all);
	entries_set_add(&minus, &ssh);
	entries_from_set(&set, &entries);
	test_ok(entries.n == 1 && entries.v[0].kind == CORDON_ENTRY_ALL && !entries.v[0].low &&
			!entries.v[0].high,
		"all is one entry");
	free(entries.v);
	entries_set_subtract(&set, &minus);
	entries_from_set(&set, &entries);
	test_ok(entries.n == 12 && entries.v[0].kind == CORDON_ENTRY_DHCP &&
			entries.v[3].proto == 6 && entries.v[3].low == 0 &&
			entries.v[3].high == 21 && entries.v[4].low == 23 &&
			entries.v[4].high == 65535 && entries.v[11].low == 59 &&
			entries.v[11].high == 255,
		"all without ssh is spelt out");
	free(entries.v);
	entries_set_add(&set, &ssh);
	entries_set_normalise(&set);
	entries_from_set(&set, &entries);
	test_ok(entries.n == 1 && entries.v[0].kind == CORDON_ENTRY_ALL,
		"all without ssh and ssh is all again");
	free(entries.v);
	entries_set_free(&set);
	entries_set_free(&minus);
}

void test_entries(void)
{
	bool normal = true, subtracts = true, compares = true;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		struct entries_set a, b;

		random_set(&a, map_a);
		random_set(&b, map_b);
		normal &= agrees(&a, map_a) && agrees(&b, map_b);
		compares &= entries_set_meets(&a, &b) == meets() &&
			    entries_set_contains(&a, &b) == contains();
		for (size_t i = 0; i < ELEMENTS; i++)
			map_a[i] &= !map_b[i];
		entries_set_subtract(&a, &b);
		subtracts &= agrees(&a, map_a);
		entries_set_free(&a);
		entries_set_free(&b);
	}
	test_ok(normal, "%d random sets are normal and mean the same", 2 * ROUNDS);
	test_ok(subtracts, "%d random differences are right", ROUNDS);
	test_ok(compares, "%d random comparisons are right", ROUNDS);
	all_without();
}
