// SPDX-License-Identifier: GPL-2.0-or-later
/* The reach tables: whatever the zone matrix says of each pair alone, they say of 64 destinations at once. */
#include <stdio.h>
#include <stdlib.h>

#include "core_test.h"
#include "tests/oracle/gen.h"

enum { ZONES = 150 };

static void zones(struct blob *b, int last)
{
	char name[16];

	for (int z = CORDON_ZONE_FIRST; z <= last; z++) {
		snprintf(name, sizeof(name), "z%d", z);
		blob_zone(b, (u8)z, name);
	}
}

/* Ascending ranges of one key whose edges often coincide with those of other sets. */
static void ranges(struct g_rng *r, struct blob *b, u8 kind, u8 proto, int limit)
{
	for (int at = g_below(r, 4); at <= limit; at += 2 + g_below(r, 4)) {
		int high = at + g_below(r, 5) * g_below(r, 2);

		if (g_chance(r, 30))
			continue;
		high = high > limit || g_chance(r, 3) ? limit : high;
		blob_entry(b, kind, proto, (u16)at, (u16)high);
		at = high;
	}
}

static void random_set(struct g_rng *r, struct blob *b)
{
	if (g_chance(r, 10)) {
		blob_entry(b, CORDON_ENTRY_ALL, 0, 0, 0);
		return;
	}
	if (g_chance(r, 40))
		blob_entry(b, CORDON_ENTRY_DHCP, 0, 0, 0);
	if (g_chance(r, 40))
		blob_entry(b, CORDON_ENTRY_RANGE, 1, 8, 8);
	if (g_chance(r, 40))
		blob_entry(b, CORDON_ENTRY_RANGE, 6, g_chance(r, 50) ? 0 : 65535, 65535);
	if (g_chance(r, 60))
		ranges(r, b, CORDON_ENTRY_RANGE, 17, 40);
	if (g_chance(r, 40))
		blob_entry(b, CORDON_ENTRY_RANGE, 58, 128, 128);
	if (g_chance(r, 40))
		blob_entry(b, CORDON_ENTRY_PROTO, 0, 59, (u16)(60 + g_below(r, 196)));
}

static struct cordon_ruleset *random_matrix(struct g_rng *r, int last)
{
	struct cordon_decode_error err = { "", 0 };
	struct cordon_ruleset *rs;
	struct blob b = { 0 };
	size_t len;
	u8 *bytes;

	zones(&b, last);
	for (int from = 1; from <= last; from++) {
		for (int to = 1; to <= last; to++) {
			if (!g_chance(r, 15))
				continue;
			blob_pair(&b, (u8)from, (u8)to, CORDON_PAIR_F_LOG);
			random_set(r, &b);
		}
	}
	bytes = blob_finish(&b, &len);
	rs = decode(bytes, len, &err);
	check(rs != NULL, "reach: a matrix of %d zones decodes %s", last, err.what);
	free(bytes);
	return rs;
}

static bool row_agrees(const struct cordon_ruleset *rs, u8 from, u8 kind, u8 proto, u16 value)
{
	for (int word = 0; word < CORDON_ZONE_WORDS; word++) {
		u64 has = cordon_reach_has(rs, from, (u8)word, kind, proto, value);
		u64 has_proto = cordon_reach_has_proto(rs, from, (u8)word, proto);
		u64 lease = cordon_reach(rs, from, (u8)word)->lease, has_want = 0, proto_want = 0, lease_want = 0;

		for (int bit = 0; bit < 64 && word * 64 + bit < rs->dim; bit++) {
			u8 to = (u8)(word * 64 + bit);

			has_want |= (u64)cordon_pair_has(rs, from, to, kind, proto, value) << bit;
			proto_want |= (u64)cordon_pair_has_proto(rs, from, to, proto) << bit;
			lease_want |= (u64)cordon_pair_has(rs, to, from, CORDON_ENTRY_DHCP, 0, 0) << bit;
		}
		if (has != has_want || has_proto != proto_want || lease != lease_want)
			return false;
	}
	return true;
}

static void agrees(struct g_rng *r, int last)
{
	struct cordon_ruleset *rs = random_matrix(r, last);
	static const u8 protos[] = { 1, 6, 17, 17, 17, 58 };
	bool good = rs;

	for (int i = 0; rs && i < 400; i++) {
		u8 from = (u8)g_below(r, rs->dim);

		good &= row_agrees(rs, from, CORDON_ENTRY_RANGE, G_PICK(r, protos), (u16)g_below(r, 44));
		good &= row_agrees(rs, from, CORDON_ENTRY_RANGE, G_PICK(r, protos), (u16)(65535 - g_below(r, 2)));
		good &= row_agrees(rs, from, CORDON_ENTRY_PROTO, 0, (u16)g_below(r, 257));
		good &= row_agrees(rs, from, CORDON_ENTRY_DHCP, 0, 0);
	}
	check(good, "reach: %d zones: every row agrees with its pairs", last);
	free(rs);
}

/* Equal sets of a row share their ranges, so a matrix full of the usual takes hardly more memory than its pairs. */
static void shares(void)
{
	struct cordon_decode_error err = { "", 0 };
	struct blob b = { 0 };
	size_t len, bytes;
	u8 *blob;

	zones(&b, ZONES);
	for (int from = CORDON_ZONE_FIRST; from <= ZONES; from++) {
		for (int to = CORDON_ZONE_FIRST; to <= ZONES; to++) {
			blob_pair(&b, (u8)from, (u8)to, 0);
			for (u16 port = 0; port < 20; port++)
				blob_entry(&b, CORDON_ENTRY_RANGE, 6, port * 100, port * 100);
		}
	}
	blob = blob_finish(&b, &len);
	bytes = cordon_ruleset_bytes(blob, len, &err);
	check(bytes && bytes < len + len / 2, "reach: equal sets share their ranges: %zu bytes of %zu", bytes, len);
	free(blob);
}

void test_reach(void)
{
	struct g_rng r = { 7 };

	agrees(&r, CORDON_ZONE_FIRST);
	agrees(&r, 63);
	agrees(&r, 64);
	agrees(&r, CORDON_ZONE_LAST);
	shares();
}
