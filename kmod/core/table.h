/* SPDX-License-Identifier: GPL-2.0-only */
/* The two hash tables of a ruleset: filled by decode.c, read by lookup.c, seen by nobody else. */
#ifndef CORDON_CORE_TABLE_H
#define CORDON_CORE_TABLE_H

#include "ruleset.h"

#define CORDON_BUCKET_SLOTS 5
#define CORDON_SLOT_USED BIT_ULL(63)

/**
 * struct cordon_bucket - five devices in one cache line
 * @key: CORDON_SLOT_USED | VLAN << 48 | MAC; 0: free
 * @index: device index
 * @overflow: a device that hashed here stands in a later bucket
 */
struct cordon_bucket {
	u64 key[CORDON_BUCKET_SLOTS];
	u32 index[CORDON_BUCKET_SLOTS];
	u32 overflow;
} __aligned(64);

/**
 * struct cordon_addr_slot - open addressing with linear probing, at most half full; @device is
 * index + 1, 0: free
 * @addr: the address
 * @device: device index + 1; 0: free
 */
struct cordon_addr_slot {
	struct cordon_addr addr;
	u32 device;
};

static inline u64 cordon_device_key(u16 vlan, u64 mac)
{
	return CORDON_SLOT_USED | (u64)vlan << 48 | mac;
}

static inline u32 cordon_device_hash(const struct cordon_ruleset *rs, u64 key)
{
	return cordon_hash(key, 0, &rs->key) & rs->device_mask;
}

static inline u32 cordon_address_hash(const struct cordon_ruleset *rs,
				      const struct cordon_addr *addr)
{
	return cordon_hash(addr->hi, addr->lo, &rs->key) & rs->address_mask;
}

#endif /* CORDON_CORE_TABLE_H */
