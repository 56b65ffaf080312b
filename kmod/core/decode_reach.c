// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deriving the reach tables from the zone matrix: for each source zone and 64 destination zones at
 * a time, the disjoint ranges of what it may start, each with the zones it may start that to. So a
 * group frame is judged by one search per 64 zones.
 */
#include "decode.h"

#define LANES 64
#define YIELD_EVERY 256

/* Where on the line of all (entry key, value) a set begins or ceases to have entries. */
#define NO_POINT (~0ULL)
#define POINT(key, value) ((u64)(key) << 17 | (value))

/* The entries of one pair. Each begins at an even edge and ends at the odd one behind it. */
struct lane {
	u32 edge;
	u32 end;
};

/* The pairs that have the source zone and the word of the destination zone in common. */
struct row {
	u32 pairs;
	u8 from;
	u8 word;
	u8 bit[LANES];
	struct lane lane[LANES];
};

static u64 edge_point(const struct cordon_blob *b, u32 edge)
{
	struct cordon_blob_entry raw;

	cordon_blob_read(b, CORDON_SECT_ENTRIES, edge / 2, &raw);
	return POINT((u32)raw.kind << 8 | raw.proto,
		     edge & 1 ? le16_to_cpu(raw.high) + 1U : le16_to_cpu(raw.low));
}

/*
 * Reads the row that begins at pair @i. @entries: how many entries the pairs before have; grows.
 * Return: false when the bytes make no sense, which the decoder will say.
 */
static bool read_row(const struct cordon_blob *b, u32 i, struct row *row, u32 *entries)
{
	struct cordon_blob_pair raw;

	for (row->pairs = 0; row->pairs < LANES && i < b->count[CORDON_SECT_PAIRS]; i++) {
		u32 count;

		cordon_blob_read(b, CORDON_SECT_PAIRS, i, &raw);
		if (row->pairs && (raw.from != row->from || raw.to >> 6 != row->word))
			break;
		count = le32_to_cpu(raw.count);
		if (le32_to_cpu(raw.first) != *entries ||
		    count > b->count[CORDON_SECT_ENTRIES] - *entries)
			return false;
		row->from = raw.from;
		row->word = raw.to >> 6;
		row->bit[row->pairs] = raw.to & 63;
		row->lane[row->pairs].edge = 2 * *entries;
		*entries += count;
		row->lane[row->pairs++].end = 2 * *entries;
	}
	return true;
}

static u64 next_point(const struct cordon_blob *b, const struct row *row)
{
	u64 best = NO_POINT;
	u32 i;

	for (i = 0; i < row->pairs; i++) {
		const struct lane *lane = &row->lane[i];
		u64 point = lane->edge < lane->end ? edge_point(b, lane->edge) : NO_POINT;

		if (point < best)
			best = point;
	}
	return best;
}

/* Passes the edges at @point. Return: the zones that come or go there. */
static u64 pass(const struct cordon_blob *b, struct row *row, u64 point)
{
	u64 zones = 0;
	u32 i;

	for (i = 0; i < row->pairs; i++) {
		struct lane *lane = &row->lane[i];

		if (lane->edge == lane->end || edge_point(b, lane->edge) != point)
			continue;
		lane->edge++;
		zones ^= BIT_ULL(row->bit[i]);
	}
	return zones;
}

/* Return: how many ranges the row has; they are written to @out if it is not NULL. */
static u32 sweep(const struct cordon_blob *b, struct row *row, struct cordon_reach_range *out)
{
	u64 zones = 0, before = 0, point;
	u32 n = 0;

	while ((point = next_point(b, row)) != NO_POINT) {
		if (zones && out)
			out[n] = (struct cordon_reach_range){
				.key = (u32)(before >> 17),
				.low = (u16)before,
				.high = (u16)(point - 1),
				.zones = zones,
			};
		n += !!zones;
		zones ^= pass(b, row, point);
		before = point;
		if (n % YIELD_EVERY == 0)
			cordon_yield();
	}
	return n;
}

u32 cordon_reach_ranges(const struct cordon_blob *b)
{
	u32 i, n = 0, entries = 0;
	struct row row;

	for (i = 0; i < b->count[CORDON_SECT_PAIRS]; i += row.pairs) {
		if (!read_row(b, i, &row, &entries))
			break;
		n += sweep(b, &row, NULL);
	}
	return n;
}

/* What is known of a whole set, and by whom it is asked for. */
static void add_pair(struct cordon_ruleset *rs, u8 from, u8 to)
{
	const struct cordon_pair_rule *pair = cordon_pair(rs, from, to);
	struct cordon_reach *reach = cordon_reach(rs, from, to >> 6);
	u64 zone = BIT_ULL(to & 63);
	int slot;
	u32 i;

	for (i = pair->first; i < pair->first + pair->count; i++) {
		u32 kind = rs->entry[i].key >> 8;

		if (kind == CORDON_ENTRY_ALL)
			reach->all |= zone;
		if (kind == CORDON_ENTRY_ALL || kind == CORDON_ENTRY_DHCP)
			cordon_reach(rs, to, from >> 6)->lease |= BIT_ULL(from & 63);
		slot = kind == CORDON_ENTRY_RANGE ? cordon_reach_slot((u8)rs->entry[i].key) : -1;
		if (slot >= 0)
			reach->any[slot] |= zone;
	}
}

void cordon_decode_reach(struct cordon_ruleset *rs, const struct cordon_blob *b)
{
	u32 i, j, n = 0, entries = 0;
	struct row row;

	for (i = 0; i < b->count[CORDON_SECT_PAIRS]; i += row.pairs) {
		struct cordon_reach *reach;

		if (!read_row(b, i, &row, &entries))
			return;
		for (j = 0; j < row.pairs; j++)
			add_pair(rs, row.from, (u8)(row.word << 6 | row.bit[j]));
		reach = cordon_reach(rs, row.from, row.word);
		reach->first = n;
		reach->count = sweep(b, &row, rs->reach_range + n);
		n += reach->count;
	}
}
