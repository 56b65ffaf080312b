// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ruleset codec: whatever bytes it takes, the ruleset finds all that it holds, and encoding the ruleset again gives the very
 * same bytes (one policy, one digest). Input: ruleset bytes.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/unit/core/core_test.h"

static void put_addr(struct blob *b, const struct cordon_addr *a)
{
	char text[64];

	snprintf(text, sizeof(text), "%x:%x:%x:%x:%x:%x:%x:%x", (unsigned int)(a->hi >> 48), (unsigned int)(a->hi >> 32 & 0xffff),
		 (unsigned int)(a->hi >> 16 & 0xffff), (unsigned int)(a->hi & 0xffff), (unsigned int)(a->lo >> 48),
		 (unsigned int)(a->lo >> 32 & 0xffff), (unsigned int)(a->lo >> 16 & 0xffff), (unsigned int)(a->lo & 0xffff));
	blob_address(b, text);
}

static void put_ports(struct blob *b, const struct cordon_ruleset *rs)
{
	for (u32 i = 0; i < rs->n_ports; i++) {
		const struct cordon_port *p = &rs->port[i];
		u16 vids[CORDON_VIDS], n = 0;

		for (u16 v = 1; v < CORDON_VIDS; v++)
			if (p->tagged[v >> 6] >> (v & 63) & 1)
				vids[n++] = v;
		vids[n] = 0;
		blob_port(b, p->name, p->mode, p->zone, p->flags, p->untagged, vids);
		blob_port_limit(b, p->limit);
	}
}

static void put_pairs(struct blob *b, const struct cordon_ruleset *rs)
{
	for (u32 at = 0; at < (u32)rs->dim * rs->dim; at++) {
		const struct cordon_pair_rule *pair = &rs->pair[at];
		u8 from = (u8)(at / rs->dim), to = (u8)(at % rs->dim);

		FUZZ_MUST(pair->linked == (pair->count || cordon_pair(rs, to, from)->count));
		if (!pair->count && !pair->flags)
			continue;
		blob_pair(b, from, to, pair->flags);
		for (u32 i = pair->first; i < pair->first + pair->count; i++) {
			const struct cordon_entry *e = &rs->entry[i];

			blob_entry(b, (u8)(e->key >> 8), (u8)e->key, e->low, e->high);
			FUZZ_MUST(cordon_pair_has(rs, from, to, (u8)(e->key >> 8), (u8)e->key, e->low));
			FUZZ_MUST(cordon_pair_has(rs, from, to, (u8)(e->key >> 8), (u8)e->key, e->high));
		}
	}
}

static void put_devices(struct blob *b, const struct cordon_ruleset *rs)
{
	for (u32 i = 0; i < rs->n_devices; i++) {
		const struct cordon_device *d = &rs->device[i];

		FUZZ_MUST(cordon_device_find(rs, d->vlan, d->mac) == i);
		blob_device(b, d->mac, d->vlan, d->ports, d->zone);
		blob_device_limit(b, d->limit);
		blob_device_roles(b, d->roles);
		for (u32 j = 0; j < d->addr_count; j++) {
			const struct cordon_addr *a = &rs->address[d->addr_first + j];

			FUZZ_MUST(cordon_address_find(rs, a) == i && cordon_device_has(rs, i, a));
			put_addr(b, a);
		}
	}
}

/* A range of addresses is a prefix of this length. */
static u8 prefix_len(const struct cordon_prefix *p)
{
	u64 hi = p->first.hi ^ p->last.hi, lo = p->first.lo ^ p->last.lo;

	if (hi)
		return (u8)__builtin_clzll(hi);
	return (u8)(lo ? 64 + __builtin_clzll(lo) : 128);
}

/* The address of the record that was added last to section @s. */
static void put_first(struct blob *b, int s, const struct cordon_addr *first)
{
	u8 *addr = b->part[s].p + b->part[s].n - sizeof(struct cordon_blob_prefix);

	for (int j = 0; j < 8; j++) {
		addr[j] = (u8)(first->hi >> (56 - 8 * j));
		addr[8 + j] = (u8)(first->lo >> (56 - 8 * j));
	}
}

static void put_prefixes(struct blob *b, const struct cordon_ruleset *rs)
{
	for (u32 i = 0; i < rs->n_prefixes; i++) {
		const struct cordon_prefix *p = &rs->prefix[i];

		FUZZ_MUST(cordon_prefix_zone(rs, &p->first) == p->zone && cordon_prefix_zone(rs, &p->last) == p->zone);
		blob_prefix(b, "::", prefix_len(p), p->zone);
		put_first(b, CORDON_SECT_PREFIXES, &p->first);
	}
}

static void put_groups(struct blob *b, const struct cordon_ruleset *rs, u8 z)
{
	const struct cordon_zone *zone = &rs->zone[z];

	for (u32 i = zone->group_first; i < zone->group_first + zone->group_count; i++) {
		const struct cordon_prefix *p = &rs->group[i];

		FUZZ_MUST(p->zone == z && cordon_zone_may_group(rs, z, &p->first) && cordon_zone_may_group(rs, z, &p->last));
		blob_group(b, "::", prefix_len(p), z);
		put_first(b, CORDON_SECT_GROUPS, &p->first);
	}
}

static void put_zones(struct blob *b, const struct cordon_ruleset *rs)
{
	for (u32 z = CORDON_ZONE_FIRST; z < rs->dim; z++) {
		if (!cordon_zone_in(rs->present, (u8)z))
			continue;
		blob_zone(b, (u8)z, rs->zone_name[z]);
		blob_zone_flags(b, (u8)z, rs->zone[z].flags);
		put_groups(b, rs, (u8)z);
	}
}

static void encode_again(const struct cordon_ruleset *rs, const uint8_t *data, size_t size)
{
	struct blob b = { 0 };
	size_t len;
	u8 *bytes;

	put_zones(&b, rs);
	put_ports(&b, rs);
	put_pairs(&b, rs);
	put_devices(&b, rs);
	put_prefixes(&b, rs);
	for (u32 i = 0; i < rs->n_limits; i++)
		blob_limit(&b, rs->limit[i].rate);
	b.unknown_rate = rs->unknown_rate;
	bytes = blob_finish(&b, &len);
	FUZZ_MUST(len == size && !memcmp(bytes, data, len));
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cordon_decode_error err = { NULL, 0 };
	struct cordon_ruleset *rs;
	uint8_t *exact = malloc(size + !size);

	FUZZ_MUST(exact);
	if (size)
		memcpy(exact, data, size);
	rs = decode(exact, size, &err);
	if (rs)
		encode_again(rs, exact, size);
	else
		FUZZ_MUST(err.what && err.what[0]);
	free(rs);
	free(exact);
	return 0;
}
