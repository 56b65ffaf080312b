/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The compiled ruleset in memory: immutable, one allocation, built from the bytes of
 * linux/cordon.h. Readers need no lock; who publishes it (RCU in the kernel) and when it is freed
 * is not known here.
 */
#ifndef CORDON_CORE_RULESET_H
#define CORDON_CORE_RULESET_H

#include <linux/cordon.h>

#include "addr.h"
#include "limit.h"

#define CORDON_NO_DEVICE 0xffffffffU
#define CORDON_VIDS 4096
#define CORDON_ZONE_WORDS 4	/* a set of zones: one bit an id */

/* a managed port; index = bit in masks */
struct cordon_port {
	char name[CORDON_PORT_NAME_LEN];
	u8 mode;		/* CORDON_PORT_* */
	u8 zone;
	u8 flags;		/* CORDON_PORT_F_* */
	u16 untagged;		/* 0: none */
	u16 limit;		/* as of a device; zone ports only */
	u32 meter;
	u64 tagged[CORDON_VIDS / 64];
};

/**
 * struct cordon_limit - what a device or a zone port may do in a second
 * @rate: by enum cordon_quantity; 0: not limited
 * @cost: the same for cordon_limit_take()
 * @used: something has it
 */
struct cordon_limit {
	u64 rate[__CORDON_QUANTITY_MAX];
	struct cordon_cost cost[__CORDON_QUANTITY_MAX];
	bool used;
};

/**
 * struct cordon_device - a device record as the policy has it; what changes without a commit is in
 * struct cordon_dev_live
 * @mac: 48 bits, first byte most significant
 * @ports: mask; 0: the first port seen binds
 * @addr_first: index of its first address
 * @addr_count: how many follow
 * @vlan: 1-4094
 * @zone: by policy
 * @roles: CORDON_ROLE_*
 * @limit: index into limits + 1; 0: none
 * @meter: what has limits is numbered from 0 in one row, ports first; else 0
 */
struct cordon_device {
	u64 mac;
	u64 ports;
	u32 addr_first;
	u16 addr_count;
	u16 vlan;
	u8 zone;
	u8 roles;
	u16 limit;
	u32 meter;
};

/* Set(from, to) */
struct cordon_pair_rule {
	u32 first;		/* index into entries */
	u16 count;
	u8 flags;		/* CORDON_PAIR_F_* */
	u8 linked;		/* this set or the reverse one is not empty */
};

struct cordon_entry {
	u32 key;		/* kind << 8 | proto */
	u16 low;
	u16 high;
};

struct cordon_prefix {		/* as an inclusive range, ascending and disjoint */
	struct cordon_addr first;
	struct cordon_addr last;
	u8 zone;
};

/**
 * struct cordon_presence - the zones that have devices on a port in a VLAN, ascending by (port,
 * vlan)
 * @vlan: the VLAN
 * @port: index of the port
 * @zones: one bit a zone id
 */
struct cordon_presence {
	u16 vlan;
	u8 port;
	u64 zones[CORDON_ZONE_WORDS];
};

/**
 * struct cordon_zone - what holds for a zone whomever it speaks with
 * @asks: the zones that this one may ask for a lease; one bit a zone id
 * @serves: the zones that may ask this one
 * @group_first: index of the first group that it may send to
 * @group_count: how many follow; they count with CORDON_ZONE_F_GROUPS only
 * @flags: CORDON_ZONE_F_*
 */
struct cordon_zone {
	u64 asks[CORDON_ZONE_WORDS];
	u64 serves[CORDON_ZONE_WORDS];
	u32 group_first;
	u32 group_count;
	u8 flags;
};

struct cordon_ruleset {
	cordon_hash_key key;
	u32 n_ports;
	u32 n_devices;
	u32 n_prefixes;
	u32 n_addresses;
	u32 n_presence;
	u32 n_limits;
	u32 n_meters;		/* devices and ports that have a limit */
	u32 unknown_rate;	/* packets a second of all sources without a device together */
	u32 device_mask;	/* buckets - 1 */
	u32 address_mask;
	u16 dim;		/* highest zone id + 1 */
	u64 linked[CORDON_ZONE_WORDS];		/* zones that are linked at all */
	u64 present[CORDON_ZONE_WORDS];		/* zone ids that exist */
	char (*zone_name)[CORDON_ZONE_NAME_LEN];	/* by id, dim entries */
	struct cordon_port *port;
	struct cordon_pair_rule *pair;	/* dim * dim, row = from */
	struct cordon_zone *zone;	/* by id, dim entries */
	struct cordon_entry *entry;
	struct cordon_device *device;
	struct cordon_bucket *device_bucket;
	struct cordon_addr *address;	/* by device ranges */
	struct cordon_addr_slot *address_slot;
	struct cordon_prefix *prefix;
	struct cordon_limit *limit;
	struct cordon_cost unknown_cost;
	struct cordon_prefix *group;	/* by zone ranges */
	struct cordon_presence *presence;
};

/** struct cordon_decode_error - why bytes are no ruleset */
struct cordon_decode_error {
	const char *what;	/* a sentence, static */
	u32 offset;		/* of the offending record */
};

/**
 * cordon_ruleset_bytes - how much memory a ruleset needs
 * @blob: ruleset bytes, any alignment
 * @len: their length
 * @err: filled on failure
 *
 * Return: bytes for cordon_ruleset_decode(); 0 when header or section table are wrong.
 */
size_t cordon_ruleset_bytes(const void *blob, size_t len, struct cordon_decode_error *err);

/**
 * cordon_ruleset_decode - check every byte and build the tables
 * @rs: zeroed memory of cordon_ruleset_bytes() bytes, 8-byte aligned; on failure its content is
 *   undefined
 * @blob: the same bytes
 * @len: their length
 * @key: secret of the hash tables
 * @err: filled on failure
 *
 * Context: process context, may sleep (yields on long tables). Return: 0, or -EINVAL.
 */
int cordon_ruleset_decode(struct cordon_ruleset *rs, const void *blob, size_t len,
			  const cordon_hash_key *key, struct cordon_decode_error *err);

/* Lookups: constant time, any context; @rs stays valid while the caller may read it. */

/* Return: the index of the device with this VLAN and MAC, or CORDON_NO_DEVICE. */
u32 cordon_device_find(const struct cordon_ruleset *rs, u16 vlan, u64 mac);
/* Return: the index of the device that the address is bound to, or CORDON_NO_DEVICE. */
u32 cordon_address_find(const struct cordon_ruleset *rs, const struct cordon_addr *addr);
/* Return: the zone whose prefixes contain the address, or CORDON_ZONE_NONE. */
u8 cordon_prefix_zone(const struct cordon_ruleset *rs, const struct cordon_addr *addr);
/* Return: whether what @zone may start in itself may go to the group @addr. */
bool cordon_zone_may_group(const struct cordon_ruleset *rs, u8 zone,
			   const struct cordon_addr *addr);
/* Return: whether device @index is bound to @addr. */
bool cordon_device_has(const struct cordon_ruleset *rs, u32 index, const struct cordon_addr *addr);
/* Return: whether zones exist on (port, vlan) and which. NULL: none. */
const struct cordon_presence *cordon_presence_find(const struct cordon_ruleset *rs, u8 port,
						   u16 vlan);

static inline const struct cordon_pair_rule *cordon_pair(const struct cordon_ruleset *rs, u8 from,
							 u8 to)
{
	return &rs->pair[(u32)from * rs->dim + to];
}

/*
 * Whether Set(@from, @to) has the entry: @kind CORDON_ENTRY_*, @proto 0 but for RANGE, @value
 * port, type or protocol number.
 */
bool cordon_pair_has(const struct cordon_ruleset *rs, u8 from, u8 to, u8 kind, u8 proto, u16 value);
/* Whether Set(@from, @to) has any entry of IP protocol @proto. */
bool cordon_pair_has_proto(const struct cordon_ruleset *rs, u8 from, u8 to, u8 proto);

static inline bool cordon_zone_in(const u64 *set, u8 zone)
{
	return set[zone >> 6] >> (zone & 63) & 1;
}

#endif /* CORDON_CORE_RULESET_H */
