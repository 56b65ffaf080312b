/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which netdev is which side of a packet: an immutable map from ifindex, one per snapshot, rebuilt
 * under RTNL.
 */
#ifndef CORDON_SEGMENT_SIDE_H
#define CORDON_SEGMENT_SIDE_H

#include <linux/netdevice.h>
#include <linux/rcupdate.h>

#include "../core/decide.h"

struct cordon_snapshot;

/*
 * Besides CORDON_SIDE_*: a bridge master whose VLAN is its PVID of the moment, or @vlan while it
 * knows no VLANs.
 */
#define CORDON_SIDE_BRIDGE 3

/**
 * struct cordon_side_slot - one netdev
 * @ifindex: 0: free slot
 * @kind: CORDON_SIDE_PORT, _STACKED or _BRIDGE
 * @port: port index, for CORDON_SIDE_PORT
 * @vlan: VLAN of its untagged frames; 0: none, no device is there
 */
struct cordon_side_slot {
	u32 ifindex;
	u8 kind;
	u8 port;
	u16 vlan;
};

/**
 * struct cordon_sides - open addressing by ifindex, at most half full
 * @rcu: for freeing
 * @ports_down: mask of ports without carrier or netdev
 * @stacked: mask of ports with something on top that cordon does not look through
 * @mask: slots - 1
 * @slot: the table
 */
struct cordon_sides {
	struct rcu_head rcu;
	u64 ports_down;
	u64 stacked;
	u32 mask;
	struct cordon_side_slot slot[];
};

static inline const struct cordon_side_slot *cordon_side_find(const struct cordon_sides *s,
							      u32 ifindex)
{
	u32 at = ifindex & s->mask;

	while (s->slot[at].ifindex) {
		if (s->slot[at].ifindex == ifindex)
			return &s->slot[at];
		at = (at + 1) & s->mask;
	}
	return NULL;
}

void cordon_side_of(const struct cordon_sides *s, const struct net_device *dev,
		    struct cordon_side *side);
void cordon_sides_rebuild(struct cordon_snapshot *snap);
void cordon_sides_free(struct cordon_snapshot *snap);

#endif /* CORDON_SEGMENT_SIDE_H */
