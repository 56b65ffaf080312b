// SPDX-License-Identifier: GPL-2.0-only
/* Decoding the zone matrix: pairs and their entries. */
#include "decode.h"
#include "frame.h"

static bool proto_ok(u16 proto)
{
	return proto != 1 && proto != 6 && proto != 17 && proto != 58;
}

static bool proto_range_ok(u16 low, u16 high)
{
	u16 p;

	for (p = low; p <= high; p++)
		if (!proto_ok(p))
			return false;
	return true;
}

/* What has rules of its own is no ethertype to be allowed by a flow. */
static bool ether_range_ok(u16 low, u16 high)
{
	static const u16 judged[] = { CORDON_ETH_IPV4, CORDON_ETH_ARP, CORDON_ETH_8021Q,
				      CORDON_ETH_IPV6, CORDON_ETH_EAPOL, CORDON_ETH_8021AD,
				      0x9100 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(judged); i++)
		if (low <= judged[i] && judged[i] <= high)
			return false;
	return low >= CORDON_ETH_MIN;
}

static bool entry_ok(u8 kind, u8 proto, u16 low, u16 high)
{
	switch (kind) {
	case CORDON_ENTRY_ALL:
		return !proto && !low && !high;
	case CORDON_ENTRY_ETHER:
		return !proto && ether_range_ok(low, high);
	case CORDON_ENTRY_DHCP:
		return !proto && !low && !high;
	case CORDON_ENTRY_PROTO:
		return !proto && high <= 255 && proto_range_ok(low, high);
	case CORDON_ENTRY_RANGE:
		if (proto == 1)
			return low == high && (low == 8 || low == 13);
		if (proto == 58)
			return low == 128 && high == 128;
		return proto == 6 || proto == 17;
	}
	return false;
}

static int decode_entries(struct cordon_ruleset *rs, const struct cordon_blob *b,
			  const struct cordon_pair_rule *pair,
			  struct cordon_decode_error *err)
{
	struct cordon_blob_entry raw;
	u32 i;

	for (i = pair->first; i < pair->first + pair->count; i++) {
		struct cordon_entry *e = &rs->entry[i], *before = e - 1;

		cordon_blob_read(b, CORDON_SECT_ENTRIES, i, &raw);
		e->key = (u32)raw.kind << 8 | raw.proto;
		e->low = le16_to_cpu(raw.low);
		e->high = le16_to_cpu(raw.high);
		if (e->high < e->low || raw.reserved ||
		    !entry_ok(raw.kind, raw.proto, e->low, e->high))
			return cordon_blob_fail(b, CORDON_SECT_ENTRIES, i, err,
						"entry is not one that the format knows");
		if (i > pair->first && raw.kind != CORDON_ENTRY_ETHER &&
		    rs->entry[pair->first].key >> 8 == CORDON_ENTRY_ALL)
			return cordon_blob_fail(b, CORDON_SECT_ENTRIES, i, err,
						"beside all stand ethertypes only");
		if (i == pair->first || before->key < e->key)
			continue;
		if (before->key > e->key || (u32)before->high + 1 >= e->low)
			return cordon_blob_fail(b, CORDON_SECT_ENTRIES, i, err,
						"entries must ascend, neither overlapping nor adjacent");
	}
	return 0;
}

static int decode_pair(struct cordon_ruleset *rs, const struct cordon_blob *b, u32 i, u32 *last,
		       u32 *entries,
		       struct cordon_decode_error *err)
{
	struct cordon_blob_pair raw;
	struct cordon_pair_rule *pair;
	u32 at, count;

	cordon_blob_read(b, CORDON_SECT_PAIRS, i, &raw);
	at = (u32)raw.from << 8 | raw.to;
	count = le32_to_cpu(raw.count);
	if (at <= *last || raw.reserved || raw.flags & ~CORDON_PAIR_F_LOG)
		return cordon_blob_fail(b, CORDON_SECT_PAIRS, i, err,
					"pairs must ascend, with no flag but log");
	if (!cordon_zone_in(rs->present, raw.from) || !cordon_zone_in(rs->present, raw.to))
		return cordon_blob_fail(b, CORDON_SECT_PAIRS, i, err,
					"pair names a zone that does not exist");
	if (le32_to_cpu(raw.first) != *entries ||
	    b->count[CORDON_SECT_ENTRIES] - *entries < count ||
	    count > 0xffff || (!count && !raw.flags))
		return cordon_blob_fail(b, CORDON_SECT_PAIRS, i, err,
					"entry ranges of pairs must follow each other");
	pair = &rs->pair[(u32)raw.from * rs->dim + raw.to];
	pair->first = *entries;
	pair->count = (u16)count;
	pair->flags = raw.flags;
	*last = at;
	*entries += count;
	return decode_entries(rs, b, pair, err);
}

/* DHCP stands before every other entry that a set has besides it. */
static void note_dhcp(struct cordon_ruleset *rs, u8 from, u8 to)
{
	const struct cordon_pair_rule *pair = cordon_pair(rs, from, to);
	u32 kind = pair->count ? rs->entry[pair->first].key >> 8 : 0;

	if (kind != CORDON_ENTRY_ALL && kind != CORDON_ENTRY_DHCP)
		return;
	rs->zone[from].asks[to >> 6] |= BIT_ULL(to & 63);
	rs->zone[to].serves[from >> 6] |= BIT_ULL(from & 63);
}

static void link_zones(struct cordon_ruleset *rs)
{
	u32 from, to;

	for (from = 0; from < rs->dim; from++) {
		for (to = 0; to < rs->dim; to++) {
			struct cordon_pair_rule *pair = &rs->pair[from * rs->dim + to];

			pair->linked = pair->count || rs->pair[to * rs->dim + from].count;
			if (pair->linked)
				rs->linked[from >> 6] |= 1ULL << (from & 63);
			note_dhcp(rs, (u8)from, (u8)to);
		}
	}
}

int cordon_decode_pairs(struct cordon_ruleset *rs, const struct cordon_blob *b,
			struct cordon_decode_error *err)
{
	u32 i, last = 0, entries = 0;
	int ret;

	for (i = 0; i < b->count[CORDON_SECT_PAIRS]; i++) {
		ret = decode_pair(rs, b, i, &last, &entries, err);
		if (ret)
			return ret;
	}
	if (entries != b->count[CORDON_SECT_ENTRIES])
		return cordon_blob_fail(b, CORDON_SECT_ENTRIES, entries, err,
					"an entry belongs to no pair");
	link_zones(rs);
	return 0;
}
