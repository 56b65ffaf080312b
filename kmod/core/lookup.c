// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a ruleset. Every function is constant time in the number of devices; ranges and entries
 * are found by halving.
 */
#include "table.h"

u32 cordon_device_find(const struct cordon_ruleset *rs, u16 vlan, u64 mac)
{
	u64 key = cordon_device_key(vlan, mac);
	u32 at = cordon_device_hash(rs, key);

	for (;;) {
		const struct cordon_bucket *b = &rs->device_bucket[at];
		int i;

		for (i = 0; i < CORDON_BUCKET_SLOTS; i++)
			if (b->key[i] == key)
				return b->index[i];
		if (likely(!b->overflow))
			return CORDON_NO_DEVICE;
		at = (at + 1) & rs->device_mask;
	}
}

u32 cordon_address_find(const struct cordon_ruleset *rs, const struct cordon_addr *addr)
{
	u32 at = cordon_address_hash(rs, addr);

	for (;;) {
		const struct cordon_addr_slot *slot = &rs->address_slot[at];

		if (!slot->device)
			return CORDON_NO_DEVICE;
		if (cordon_addr_eq(&slot->addr, addr))
			return slot->device - 1;
		at = (at + 1) & rs->address_mask;
	}
}

bool cordon_device_has(const struct cordon_ruleset *rs, u32 index, const struct cordon_addr *addr)
{
	const struct cordon_device *d = &rs->device[index];

	/* Few have more than two addresses; the hash serves the others. */
	if (d->addr_count > 2)
		return cordon_address_find(rs, addr) == index;
	return (d->addr_count > 0 && cordon_addr_eq(&rs->address[d->addr_first], addr)) ||
	       (d->addr_count > 1 && cordon_addr_eq(&rs->address[d->addr_first + 1], addr));
}

/* Return: the one of @n ascending prefixes that contains @addr, or NULL. */
static const struct cordon_prefix *prefix_around(const struct cordon_prefix *prefix, u32 n,
						 const struct cordon_addr *addr)
{
	u32 low = 0, high = n;

	while (low < high) {
		u32 mid = (low + high) / 2;

		if (cordon_addr_cmp(addr, &prefix[mid].first) < 0)
			high = mid;
		else if (cordon_addr_cmp(addr, &prefix[mid].last) > 0)
			low = mid + 1;
		else
			return &prefix[mid];
	}
	return NULL;
}

u8 cordon_prefix_zone(const struct cordon_ruleset *rs, const struct cordon_addr *addr)
{
	const struct cordon_prefix *p = prefix_around(rs->prefix, rs->n_prefixes, addr);

	return p ? p->zone : CORDON_ZONE_NONE;
}

bool cordon_zone_may_group(const struct cordon_ruleset *rs, u8 zone,
			   const struct cordon_addr *addr)
{
	const struct cordon_zone *z = &rs->zone[zone];

	return !(z->flags & CORDON_ZONE_F_GROUPS) ||
	       prefix_around(rs->group + z->group_first, z->group_count, addr);
}

const struct cordon_presence *cordon_presence_find(const struct cordon_ruleset *rs, u8 port,
						   u16 vlan)
{
	u32 want = (u32)port << 16 | vlan, low = 0, high = rs->n_presence;

	while (low < high) {
		u32 mid = (low + high) / 2;
		const struct cordon_presence *p = &rs->presence[mid];
		u32 have = (u32)p->port << 16 | p->vlan;

		if (have == want)
			return p;
		if (have < want)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* Return: the last entry of the set that does not stand behind (@key, @value), or NULL. */
static const struct cordon_entry *entry_before(const struct cordon_ruleset *rs,
					       const struct cordon_pair_rule *pair,
					       u32 key, u32 value)
{
	const struct cordon_entry *set = &rs->entry[pair->first];
	u32 low = 0, high = pair->count;

	while (low < high) {
		u32 mid = (low + high) / 2;

		if (set[mid].key < key || (set[mid].key == key && set[mid].low <= value))
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &set[low - 1] : NULL;
}

static bool set_is_all(const struct cordon_ruleset *rs, const struct cordon_pair_rule *pair)
{
	return pair->count && rs->entry[pair->first].key == CORDON_ENTRY_ALL << 8;
}

bool cordon_pair_has(const struct cordon_ruleset *rs, u8 from, u8 to, u8 kind, u8 proto, u16 value)
{
	const struct cordon_pair_rule *pair = cordon_pair(rs, from, to);
	const struct cordon_entry *e;
	u32 key = (u32)kind << 8 | proto;

	if (set_is_all(rs, pair) && kind != CORDON_ENTRY_ETHER)
		return true;
	e = entry_before(rs, pair, key, value);
	return e && e->key == key && value <= e->high;
}

bool cordon_pair_has_proto(const struct cordon_ruleset *rs, u8 from, u8 to, u8 proto)
{
	const struct cordon_pair_rule *pair = cordon_pair(rs, from, to);
	const struct cordon_entry *e;
	u32 key = (u32)CORDON_ENTRY_RANGE << 8 | proto;

	if (set_is_all(rs, pair))
		return true;
	if (cordon_pair_has(rs, from, to, CORDON_ENTRY_PROTO, 0, proto))
		return true;
	e = entry_before(rs, pair, key, 0xffff);
	return e && e->key == key;
}
