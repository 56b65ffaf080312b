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
	rs->dhcp = take(&l, dim, sizeof(*rs->dhcp));
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
		last = zone.id;
		memcpy(rs->zone_name[zone.id], zone.name, sizeof(zone.name));
		rs->present[zone.id >> 6] |= 1ULL << (zone.id & 63);
	}
	return 0;
}

/* The address after the last one of a prefix starts the next; host bits must be zero. */
static struct cordon_addr prefix_last(const struct cordon_addr *first, u8 len)
{
	struct cordon_addr last = *first;

	if (len < 64) {
		last.hi |= ~0ULL >> len;
		last.lo = ~0ULL;
	} else if (len < 128) {
		last.lo |= ~0ULL >> (len - 64);
	}
	return last;
}

static bool host_bits(const struct cordon_addr *a, u8 len)
{
	if (len < 64)
		return a->hi & ~0ULL >> len || a->lo;
	return len < 128 && a->lo & ~0ULL >> (len - 64);
}

static int decode_prefix(struct cordon_ruleset *rs, const struct cordon_blob *b, u32 i,
			 struct cordon_decode_error *err)
{
	struct cordon_blob_prefix raw;
	struct cordon_prefix *p = &rs->prefix[i];
	u32 j;

	cordon_blob_read(b, CORDON_SECT_PREFIXES, i, &raw);
	for (j = 0; j < sizeof(raw.reserved); j++)
		if (raw.reserved[j])
			return cordon_blob_fail(b, CORDON_SECT_PREFIXES, i, err,
						"reserved bytes of a prefix must be zero");
	p->first = cordon_addr6(raw.addr);
	if (raw.len > 128 || host_bits(&p->first, raw.len))
		return cordon_blob_fail(b, CORDON_SECT_PREFIXES, i, err,
					"prefix length must be 0-128 with no host bits set");
	if (raw.zone < CORDON_ZONE_FIRST || !cordon_zone_in(rs->present, raw.zone))
		return cordon_blob_fail(b, CORDON_SECT_PREFIXES, i, err,
					"prefix must be of a declared zone");
	p->last = prefix_last(&p->first, raw.len);
	p->zone = raw.zone;
	if (i && cordon_addr_cmp(&p->first, &rs->prefix[i - 1].last) <= 0)
		return cordon_blob_fail(b, CORDON_SECT_PREFIXES, i, err,
					"prefixes must ascend and not overlap");
	return 0;
}

static int decode_prefixes(struct cordon_ruleset *rs, const struct cordon_blob *b,
			   struct cordon_decode_error *err)
{
	u32 i;
	int ret;

	rs->n_prefixes = b->count[CORDON_SECT_PREFIXES];
	for (i = 0; i < rs->n_prefixes; i++) {
		ret = decode_prefix(rs, b, i, err);
		if (ret)
			return ret;
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
		ret = decode_prefixes(rs, &b, err);
	if (!ret)
		ret = cordon_decode_devices(rs, &b, err);
	if (!ret)
		ret = cordon_decode_limits_used(rs, &b, err);
	return ret;
}
