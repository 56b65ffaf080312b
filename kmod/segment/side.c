// SPDX-License-Identifier: GPL-2.0-only
/*
 * Building the ifindex -> side map of a snapshot. Writers hold RTNL, which also keeps the stack of
 * netdevs still; readers are the hooks, under RCU. What stands on a managed port and is neither its
 * bridge nor a VLAN device becomes a side without VLAN: no device is there, so the hooks of the
 * stack let nothing pass. What takes frames before the stack meets none of them: that is a finding
 * (CORDON_FINDING_DIVERTED), not a side.
 */
#include "side.h"

#include <linux/if_bridge.h>
#include <linux/if_vlan.h>
#include <linux/log2.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "port.h"
#include "ruleset.h"

/**
 * cordon_side_of - the side that a netdev is
 * @s: the map
 * @dev: the netdev; NULL is unmanaged
 * @side: filled wholly
 *
 * Context: RCU reader.
 */
void cordon_side_of(const struct cordon_sides *s, const struct net_device *dev,
		    struct cordon_side *side)
{
	const struct cordon_side_slot *slot = dev ? cordon_side_find(s, dev->ifindex) : NULL;
	u16 pvid;

	*side = (struct cordon_side){ .kind = CORDON_SIDE_UNMANAGED };
	if (!slot)
		return;
	side->kind = slot->kind == CORDON_SIDE_PORT ? CORDON_SIDE_PORT : CORDON_SIDE_STACKED;
	side->port = slot->port;
	side->vlan = slot->vlan;
	if (slot->kind != CORDON_SIDE_BRIDGE || !netif_is_bridge_master(dev))
		return;
	/* The PVID changes without a notification, so it is asked for each time. */
	if (br_vlan_enabled(dev))
		side->vlan = br_vlan_get_pvid_rcu(dev, &pvid) ? 0 : pvid;
}

/*
 * A netdev that is reached from several ports: one that is a port stays one, one that is a bridge
 * to each of them stays a bridge, but where they disagree about the VLAN there is none.
 */
static void merge(struct cordon_side_slot *slot, u8 kind, u16 vlan)
{
	if (slot->kind == CORDON_SIDE_PORT)
		return;
	if (slot->kind != kind)
		slot->kind = CORDON_SIDE_STACKED;
	if (slot->kind != kind || slot->vlan != vlan)
		slot->vlan = 0;
}

static void add(struct cordon_sides *s, const struct net_device *dev, u8 kind, u8 port, u16 vlan)
{
	u32 at = dev->ifindex & s->mask;

	while (s->slot[at].ifindex) {
		struct cordon_side_slot *slot = &s->slot[at];

		if (slot->ifindex == dev->ifindex) {
			merge(slot, kind, vlan);
			return;
		}
		at = (at + 1) & s->mask;
	}
	s->slot[at] = (struct cordon_side_slot){ dev->ifindex, kind, port, vlan };
}

static bool managed_devices_port(const struct cordon_snapshot *snap, const struct net_device *dev)
{
	int i = cordon_port_index(snap, dev);

	return i >= 0 && snap->rs->port[i].mode == CORDON_PORT_DEVICES;
}

/* A `devices` port, or a bridge that has one. */
static bool carries_devices(const struct cordon_snapshot *snap, struct net_device *dev)
{
	struct net_device *lower;
	struct list_head *iter;

	if (!netif_is_bridge_master(dev))
		return managed_devices_port(snap, dev);
	netdev_for_each_lower_dev(dev, lower, iter)
		if (managed_devices_port(snap, lower))
			return true;
	return false;
}

struct walk {
	const struct cordon_snapshot *snap;
	struct cordon_sides *sides;	/* NULL: only count */
	const struct net_device *port_dev;
	u8 port;
	u32 n;
};

/* VLAN id of a VLAN device that stands directly on something that carries devices, else 0. */
static u16 vlan_upper(const struct walk *w, const struct net_device *upper)
{
#if IS_ENABLED(CONFIG_VLAN_8021Q)
	if (is_vlan_dev(upper) && vlan_dev_vlan_proto(upper) == htons(ETH_P_8021Q) &&
	    carries_devices(w->snap, vlan_dev_priv(upper)->real_dev))
		return vlan_dev_vlan_id(upper);
#endif
	return 0;
}

static int visit_upper(struct net_device *upper, struct netdev_nested_priv *priv)
{
	struct walk *w = priv->data;
	const struct cordon_port *port = &w->snap->rs->port[w->port];
	u16 vlan;

	w->n++;
	if (!w->sides)
		return 0;
	/* An upper in another namespace: its ifindex means another netdev here. */
	if (!net_eq(dev_net(upper), w->snap->cn->net)) {
		w->sides->stacked |= BIT_ULL(w->port);
		return 0;
	}
	vlan = vlan_upper(w, upper);
	if (vlan) {
		add(w->sides, upper, CORDON_SIDE_STACKED, 0, vlan);
	} else if (port->mode == CORDON_PORT_DEVICES && netif_is_bridge_master(upper) &&
		   netdev_master_upper_dev_get_rcu((struct net_device *)w->port_dev) == upper) {
		add(w->sides, upper, CORDON_SIDE_BRIDGE, 0, port->untagged);
	} else {
		w->sides->stacked |= BIT_ULL(w->port);
		add(w->sides, upper, CORDON_SIDE_STACKED, 0, 0);
	}
	return 0;
}

/*
 * Adds all ports first, so that a port that also stands on another one stays a port. Return: how
 * many netdevs were met.
 */
static u32 fill(const struct cordon_snapshot *snap, struct cordon_sides *sides)
{
	struct walk w = { .snap = snap, .sides = sides };
	struct netdev_nested_priv priv = { .data = &w };
	const struct cordon_ruleset *rs = snap->rs;
	u32 i;

	for (i = 0; sides && i < rs->n_ports; i++) {
		if (snap->tap[i])
			add(sides, snap->tap[i]->dev, CORDON_SIDE_PORT, i, rs->port[i].untagged);
		if (!snap->tap[i] || !cordon_port_up(snap->tap[i]->dev))
			sides->ports_down |= BIT_ULL(i);
	}
	rcu_read_lock();
	for (i = 0; i < rs->n_ports; i++) {
		if (!snap->tap[i])
			continue;
		w.port = i;
		w.port_dev = snap->tap[i]->dev;
		netdev_walk_all_upper_dev_rcu(snap->tap[i]->dev, visit_upper, &priv);
		w.n++;
	}
	rcu_read_unlock();
	return w.n;
}

/**
 * cordon_sides_rebuild - make the map anew
 * @snap: a snapshot, published or not
 *
 * Context: RTNL. Never fails: a managed netdev that the map lacks would be an unmanaged one.
 */
void cordon_sides_rebuild(struct cordon_snapshot *snap)
{
	struct cordon_sides *old, *new;
	u32 slots;

	ASSERT_RTNL();
	slots = roundup_pow_of_two(2 * fill(snap, NULL) + 2);
	new = kvzalloc(struct_size(new, slot, slots), GFP_KERNEL | __GFP_NOFAIL);
	new->mask = slots - 1;
	fill(snap, new);
	old = rtnl_dereference(snap->sides);
	rcu_assign_pointer(snap->sides, new);
	if (old)
		kvfree_rcu(old, rcu);
}

/** cordon_sides_free - free the map of @snap, which no hook reads any more */
void cordon_sides_free(struct cordon_snapshot *snap)
{
	kvfree(rcu_dereference_protected(snap->sides, true));
	RCU_INIT_POINTER(snap->sides, NULL);
}
