// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ruleset bytes -> struct cordon_ruleset. Nothing is trusted: every record is checked, and a byte
 * that no canonical encoding has is refused, so that one policy has one digest. Process context;
 * memory comes from the caller.
 */
#include "decode.h"

/* Table sizes: device buckets at most 60 % full, address slots at most half. */
static u32 device_buckets(u32 devices)
{
	u32 n = 1;

	while (n * 3 < devices)
		n *= 2;
	return n;
}

static u32 address_slots(u32 addresses)
{
	u32 n = 2;

	while (n < addresses * 2)
		n *= 2;
	return n;
}

/* The distinct (port, VLAN) combinations cannot be more than this. */
static u32 presence_most(const struct cordon_blob *b)
{
	return b->count[CORDON_SECT_PORTS] + b->count[CORDON_SECT_VIDS];
}

static u16 dimension(const struct cordon_blob *b)
{
	struct cordon_blob_zone zone;
	u32 n = b->count[CORDON_SECT_ZONES];

	if (!n)
		return CORDON_ZONE_QUARANTINE + 1;
	cordon_blob_read(b, CORDON_SECT_ZONES, n - 1, &zone);
	return zone.id < CORDON_ZONE_FIRST ? CORDON_ZONE_FIRST : zone.id + 1;
}

/* Hands out aligned parts of one allocation; with @base NULL it only counts. */
struct layout {
	u8 *base;
	size_t used;
};

static void *take(struct layout *l, size_t count, size_t size)
{
	void *part = l->base ? l->base + l->used : NULL;

	l->used += (count * size + 63) & ~(size_t)63;
	return part;
}

static size_t lay_out(const struct cordon_blob *b, struct cordon_ruleset *rs, u8 *base)
{
	struct layout l = { .base = base };
	u32 slots = address_slots(b->count[CORDON_SECT_ADDRESSES]);
	u32 buckets = device_buckets(b->count[CORDON_SECT_DEVICES]);
	u16 dim = dimension(b);

	rs->dim = dim;
	rs->device_mask = buckets - 1;
	rs->address_mask = slots - 1;
	rs->device_bucket = take(&l, buckets, sizeof(*rs->device_bucket));
	rs->pair = take(&l, (size_t)dim * dim, sizeof(*rs->pair));
	rs->entry = take(&l, b->count[CORDON_SECT_ENTRIES], sizeof(*rs->entry));
	rs->device = take(&l, b->count[CORDON_SECT_DEVICES], sizeof(*rs->device));
	rs->address = take(&l, b->count[CORDON_SECT_ADDRESSES], sizeof(*rs->address));
	rs->address_slot = take(&l, slots, sizeof(*rs->address_slot));
	rs->prefix = take(&l, b->count[CORDON_SECT_PREFIXES], sizeof(*rs->prefix));
	rs->port = take(&l, b->count[CORDON_SECT_PORTS], sizeof(*rs->port));
	rs->limit = take(&l, b->count[CORDON_SECT_LIMITS], sizeof(*rs->limit));
	rs->presence = take(&l, presence_most(b), sizeof(*rs->presence));
	rs->zone_name = take(&l, dim, sizeof(*rs->zone_name));
	rs->zone = take(&l, dim, sizeof(*rs->zone));
	rs->group = take(&l, b->count[CORDON_SECT_GROUPS], sizeof(*rs->group));
	return l.used;
}

/* The parts start at the first cache line behind the struct, wherever the allocation begins. */
#define HEAD_BYTES (sizeof(struct cordon_ruleset) + 64)

size_t cordon_ruleset_bytes(const void *blob, size_t len, struct cordon_decode_error *err)
{
	struct cordon_ruleset scratch;
	struct cordon_blob b;

	if (cordon_blob_open(&b, blob, len, err))
		return 0;
	return HEAD_BYTES + lay_out(&b, &scratch, NULL);
}

bool cordon_decode_name_ok(const char *name, size_t size)
{
	size_t n = 0;

	while (n < size && name[n])
		n++;
	if (!n || n == size)
		return false;
	while (n < size)
		if (name[n++])
			return false;
	return true;
}

static bool zone_keys_ok(const struct cordon_blob_zone *zone)
{
	static const u8 zero[sizeof(zone->reserved)];

	return !(zone->flags & ~(CORDON_ZONE_F_GROUPS | CORDON_ZONE_F_OPTIONS |
				 CORDON_ZONE_F_NO_FRAGMENTS)) &&
	       !memcmp(zone->reserved, zero, sizeof(zero));
}

static int decode_zones(struct cordon_ruleset *rs, const struct cordon_blob *b,
			struct cordon_decode_error *err)
{
	struct cordon_blob_zone zone;
	u8 last = CORDON_ZONE_QUARANTINE;
	u32 i;

	rs->present[0] = 1U << CORDON_ZONE_GATEWAY | 1U << CORDON_ZONE_WAN |
			 1U << CORDON_ZONE_UNKNOWN | 1U << CORDON_ZONE_QUARANTINE;
	for (i = 0; i < b->count[CORDON_SECT_ZONES]; i++) {
		cordon_blob_read(b, CORDON_SECT_ZONES, i, &zone);
		/* The tables have room for ids up to the last record's. */
		if (zone.id <= last || zone.id > CORDON_ZONE_LAST || zone.id >= rs->dim)
			return cordon_blob_fail(b, CORDON_SECT_ZONES, i, err,
						"zone ids must ascend from 5 to at most 252");
		if (!cordon_decode_name_ok(zone.name, sizeof(zone.name)))
			return cordon_blob_fail(b, CORDON_SECT_ZONES, i, err,
						"zone name must be 1-30 bytes, padded with NUL");
		if (!zone_keys_ok(&zone))
			return cordon_blob_fail(b, CORDON_SECT_ZONES, i, err,
						"zone has a flag or reserved byte that the format does not know");
		last = zone.id;
		memcpy(rs->zone_name[zone.id], zone.name, sizeof(zone.name));
		rs->zone[zone.id].flags = zone.flags;
		rs->present[zone.id >> 6] |= 1ULL << (zone.id & 63);
	}
	return 0;
}

int cordon_ruleset_decode(struct cordon_ruleset *rs, const void *blob, size_t len,
			  const cordon_hash_key *key,
			  struct cordon_decode_error *err)
{
	u8 *parts = (u8 *)(((uintptr_t)(rs + 1) + 63) & ~(uintptr_t)63);
	struct cordon_blob b;
	int ret;

	ret = cordon_blob_open(&b, blob, len, err);
	if (ret)
		return ret;
	rs->key = *key;
	lay_out(&b, rs, parts);
	ret = decode_zones(rs, &b, err);
	if (!ret)
		ret = cordon_decode_limits(rs, &b, err);
	if (!ret)
		ret = cordon_decode_ports(rs, &b, err);
	if (!ret)
		ret = cordon_decode_pairs(rs, &b, err);
	if (!ret)
		ret = cordon_decode_prefixes(rs, &b, err);
	if (!ret)
		ret = cordon_decode_groups(rs, &b, err);
	if (!ret)
		ret = cordon_decode_devices(rs, &b, err);
	if (!ret)
		ret = cordon_decode_limits_used(rs, &b, err);
	return ret;
}
