// SPDX-License-Identifier: GPL-2.0-only
/* Decoding address prefixes: the subnets of zones, and the groups that zones may send to. */
#include "decode.h"

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

/* Record @i of section @s by itself. */
static int decode_prefix(const struct cordon_ruleset *rs, const struct cordon_blob *b, int s, u32 i,
			 struct cordon_prefix *p, struct cordon_decode_error *err)
{
	struct cordon_blob_prefix raw;
	u32 j;

	cordon_blob_read(b, s, i, &raw);
	for (j = 0; j < sizeof(raw.reserved); j++)
		if (raw.reserved[j])
			return cordon_blob_fail(b, s, i, err,
						"reserved bytes of a prefix must be zero");
	p->first = cordon_addr6(raw.addr);
	if (raw.len > 128 || host_bits(&p->first, raw.len))
		return cordon_blob_fail(b, s, i, err,
					"prefix length must be 0-128 with no host bits set");
	if (raw.zone < CORDON_ZONE_FIRST || !cordon_zone_in(rs->present, raw.zone))
		return cordon_blob_fail(b, s, i, err, "prefix must be of a declared zone");
	p->last = prefix_last(&p->first, raw.len);
	p->zone = raw.zone;
	return 0;
}

int cordon_decode_prefixes(struct cordon_ruleset *rs, const struct cordon_blob *b,
			   struct cordon_decode_error *err)
{
	u32 i;
	int ret;

	rs->n_prefixes = b->count[CORDON_SECT_PREFIXES];
	for (i = 0; i < rs->n_prefixes; i++) {
		struct cordon_prefix *p = &rs->prefix[i];

		ret = decode_prefix(rs, b, CORDON_SECT_PREFIXES, i, p, err);
		if (ret)
			return ret;
		if (i && cordon_addr_cmp(&p->first, &p[-1].last) <= 0)
			return cordon_blob_fail(b, CORDON_SECT_PREFIXES, i, err,
						"prefixes must ascend and not overlap");
	}
	return 0;
}

int cordon_decode_groups(struct cordon_ruleset *rs, const struct cordon_blob *b,
			 struct cordon_decode_error *err)
{
	struct cordon_zone *zone;
	u32 i;
	int ret;

	for (i = 0; i < b->count[CORDON_SECT_GROUPS]; i++) {
		struct cordon_prefix *p = &rs->group[i];

		ret = decode_prefix(rs, b, CORDON_SECT_GROUPS, i, p, err);
		if (ret)
			return ret;
		zone = &rs->zone[p->zone];
		if (!(zone->flags & CORDON_ZONE_F_GROUPS) || !cordon_addr_group(&p->first) ||
		    !cordon_addr_group(&p->last))
			return cordon_blob_fail(b, CORDON_SECT_GROUPS, i, err,
						"a group must be one, of a zone that says it lists them");
		if (i && (p->zone < p[-1].zone || (p->zone == p[-1].zone &&
						   cordon_addr_cmp(&p->first, &p[-1].last) <= 0)))
			return cordon_blob_fail(b, CORDON_SECT_GROUPS, i, err,
						"groups must ascend by zone and not overlap within one");
		if (!zone->group_count++)
			zone->group_first = i;
	}
	return 0;
}
