// SPDX-License-Identifier: GPL-2.0-only
/*
 * Own addresses and MACs. Every notification collects all of them anew under own_lock, so the last
 * builder saw the last state. The IPv6 notifier runs in atomic context, so memory is taken with
 * GFP_ATOMIC and, when there is none, again from a work item. Until that succeeds the old set
 * stands: an address that it lacks is foreign, one that it has in excess is only ever judged as the
 * box's. When a netdev goes down IPv6 tells of each address before it takes it from the list: then
 * a work item collects once more, under RTNL and so after that.
 */
#include "own.h"

#include <linux/inetdevice.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>

#include "netns.h"
#include "ruleset.h"
#include "side.h"

/*
 * What is published: the set, its tables behind it, and behind those the lists it was made from,
 * with the netdev of each address (0: the loopback netdev).
 */
struct own_set {
	struct rcu_head rcu;
	const struct cordon_addr *addr;
	const u32 *ifindex;
	u32 n;
	struct cordon_own own;
};

static struct own_set own_none;

struct collector {
	u64 *mac;
	struct cordon_addr *addr;
	u32 *ifindex;
	u32 n_mac;
	u32 n_addr;
	u32 room_mac;
	u32 room_addr;
};

/* Counts on when there is no room: the numbers then say how much is needed. */
static void take_mac(struct collector *c, u64 mac)
{
	if (!mac)
		return;
	if (c->n_mac < c->room_mac)
		c->mac[c->n_mac] = mac;
	c->n_mac++;
}

static void take_addr(struct collector *c, const struct net_device *dev, struct cordon_addr addr)
{
	if (c->n_addr < c->room_addr) {
		c->addr[c->n_addr] = addr;
		c->ifindex[c->n_addr] = dev->flags & IFF_LOOPBACK ? 0 : dev->ifindex;
	}
	c->n_addr++;
}

static void collect_dev(struct collector *c, const struct net_device *dev)
{
	const struct in_device *in4 = __in_dev_get_rcu(dev);
	const struct inet6_dev *in6 = __in6_dev_get(dev);
	const struct in_ifaddr *ifa4;
	const struct inet6_ifaddr *ifa6;

	if (dev->type == ARPHRD_ETHER)
		take_mac(c, cordon_be48(dev->dev_addr));
	if (in4)
		in_dev_for_each_ifa_rcu(ifa4, in4)
			take_addr(c, dev, cordon_addr4((const u8 *)&ifa4->ifa_local));
	if (in6)
		list_for_each_entry_rcu(ifa6, &in6->addr_list, if_list)
			take_addr(c, dev, cordon_addr6(ifa6->addr.s6_addr));
}

static void collect(struct cordon_net *cn, struct collector *c)
{
	const struct net_device *dev;

	c->n_mac = 0;
	c->n_addr = 0;
	take_mac(c, CORDON_L3_OWN_MAC);
	rcu_read_lock();
	for_each_netdev_rcu(cn->net, dev)
		collect_dev(c, dev);
	rcu_read_unlock();
}

static void publish(struct cordon_net *cn, struct cordon_own *own)
{
	struct cordon_own *old = rcu_dereference_protected(cn->own, lockdep_is_held(&cn->own_lock));
	struct own_set *set = container_of(old, struct own_set, own);

	rcu_assign_pointer(cn->own, own);
	if (set != &own_none)
		kvfree_rcu(set, rcu);
}

/* Memory for as many as @c counted and a few that may come meanwhile. */
static struct own_set *set_alloc(struct collector *c, gfp_t gfp)
{
	size_t tables, lists;
	struct own_set *set;

	c->room_mac = c->n_mac + 8;
	c->room_addr = c->n_addr + 8;
	tables = offsetof(struct own_set, own) + cordon_own_bytes(c->room_mac, c->room_addr);
	lists = c->room_mac * sizeof(*c->mac) +
		c->room_addr * (sizeof(*c->addr) + sizeof(*c->ifindex));
	set = gfpflags_allow_blocking(gfp) ? kvmalloc(tables + lists, gfp) :
					     kmalloc(tables + lists, gfp);
	if (!set)
		return NULL;
	c->addr = (void *)set + tables;
	c->mac = (void *)(c->addr + c->room_addr);
	c->ifindex = (void *)(c->mac + c->room_mac);
	return set;
}

/* Return: false when more came than there is room for; nothing has changed then. */
static bool collect_and_publish(struct cordon_net *cn, struct own_set *set, struct collector *c)
{
	lockdep_assert_held(&cn->own_lock);
	collect(cn, c);
	if (c->n_mac > c->room_mac || c->n_addr > c->room_addr)
		return false;
	cordon_own_build(&set->own, c->mac, c->n_mac, c->addr, c->n_addr);
	set->addr = c->addr;
	set->ifindex = c->ifindex;
	set->n = c->n_addr;
	publish(cn, &set->own);
	return true;
}

/*
 * VLAN devices share a link-local address, so this runs once for each of them: no netdev is looked
 * up but a bridge.
 */
static bool of_link(const struct cordon_snapshot *snap, u32 ifindex, u8 port, u16 vlan)
{
	const struct cordon_sides *sides = rcu_dereference(snap->sides);
	const struct cordon_side_slot *slot = cordon_side_find(sides, ifindex);
	struct cordon_side side;

	if (!slot)
		return false;
	if (!vlan)
		return slot->kind == CORDON_SIDE_PORT && slot->port == port;
	if (slot->kind != CORDON_SIDE_BRIDGE)
		return slot->vlan == vlan;
	cordon_side_of(sides, dev_get_by_index_rcu(snap->cn->net, ifindex), &side);
	return side.vlan == vlan;
}

/**
 * cordon_own_here - supplied to the core, see decide.h
 * @live: @live->shell is the snapshot
 * @port: index of the port that the frame came in by
 * @vlan: its VLAN; 0: a zone port
 * @addr: an own address
 *
 * Context: RCU reader. Takes time by the number of own addresses; only frames to the box ask.
 * Return: whether a netdev of that link, or the loopback netdev, has it.
 */
bool cordon_own_here(const struct cordon_live *live, u8 port, u16 vlan,
		     const struct cordon_addr *addr)
{
	const struct own_set *set = container_of(live->own, struct own_set, own);
	u32 i;

	for (i = 0; i < set->n; i++)
		if (cordon_addr_eq(&set->addr[i], addr) &&
		    (!set->ifindex[i] || of_link(live->shell, set->ifindex[i], port, vlan)))
			return true;
	return false;
}

static void refresh_atomic(struct cordon_net *cn)
{
	struct collector c = {};
	struct own_set *set;

	spin_lock_bh(&cn->own_lock);
	collect(cn, &c);
	set = set_alloc(&c, GFP_ATOMIC | __GFP_NOWARN);
	if (!set || !collect_and_publish(cn, set, &c)) {
		kfree(set);
		schedule_work(&cn->own_work);
	}
	spin_unlock_bh(&cn->own_lock);
}

static void refresh(struct cordon_net *cn)
{
	struct collector c = {};
	struct own_set *set;
	bool done;

	do {
		c.room_mac = 0;
		c.room_addr = 0;
		collect(cn, &c);
		set = set_alloc(&c, GFP_KERNEL | __GFP_NOFAIL);
		spin_lock_bh(&cn->own_lock);
		done = READ_ONCE(cn->own_wanted) && collect_and_publish(cn, set, &c);
		spin_unlock_bh(&cn->own_lock);
		if (!done)
			kvfree(set);
	} while (!done && READ_ONCE(cn->own_wanted));
}

static void refresh_work(struct work_struct *work)
{
	rtnl_lock();
	refresh(container_of(work, struct cordon_net, own_work));
	rtnl_unlock();
}

/** cordon_own_init - begin with the empty set in @cn */
void cordon_own_init(struct cordon_net *cn)
{
	spin_lock_init(&cn->own_lock);
	INIT_WORK(&cn->own_work, refresh_work);
	RCU_INIT_POINTER(cn->own, &own_none.own);
}

/** cordon_own_exit - free what is left; @cn is going away, its netdevs are gone */
void cordon_own_exit(struct cordon_net *cn)
{
	cordon_own_forget(cn);
	cancel_work_sync(&cn->own_work);
}

/**
 * cordon_own_refresh - read all addresses anew, and keep them current from now on
 * @cn: the namespace
 *
 * Context: process. On return the hooks see every address that was there on entry.
 */
void cordon_own_refresh(struct cordon_net *cn)
{
	WRITE_ONCE(cn->own_wanted, true);
	refresh(cn);
}

/** cordon_own_forget - stop keeping the addresses of @cn current; no hook reads them any more */
void cordon_own_forget(struct cordon_net *cn)
{
	spin_lock_bh(&cn->own_lock);
	WRITE_ONCE(cn->own_wanted, false);
	publish(cn, &own_none.own);
	spin_unlock_bh(&cn->own_lock);
}

/**
 * cordon_own_netdev_event - a netdev changed
 * @cn: its namespace
 * @event: NETDEV_*
 *
 * Context: process, under RTNL.
 */
void cordon_own_netdev_event(struct cordon_net *cn, unsigned long event)
{
	if (!READ_ONCE(cn->own_wanted))
		return;
	if (event == NETDEV_REGISTER || event == NETDEV_UNREGISTER || event == NETDEV_CHANGEADDR)
		refresh(cn);
}

static int inet_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct in_ifaddr *ifa = ptr;
	struct cordon_net *cn = cordon_net(dev_net(ifa->ifa_dev->dev));

	if (READ_ONCE(cn->own_wanted))
		refresh(cn);
	return NOTIFY_DONE;
}

static int inet6_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct inet6_ifaddr *ifa = ptr;
	struct cordon_net *cn = cordon_net(dev_net(ifa->idev->dev));

	if (!READ_ONCE(cn->own_wanted))
		return NOTIFY_DONE;
	refresh_atomic(cn);
	if (event == NETDEV_DOWN)
		schedule_work(&cn->own_work);
	return NOTIFY_DONE;
}

static struct notifier_block inet_notifier = { .notifier_call = inet_event };
static struct notifier_block inet6_notifier = { .notifier_call = inet6_event };

/**
 * cordon_own_notify - listen to addresses
 *
 * Return: 0 or a negative errno of the notifier chains.
 */
int __init cordon_own_notify(void)
{
	int err = register_inetaddr_notifier(&inet_notifier);

	if (err)
		return err;
	err = register_inet6addr_notifier(&inet6_notifier);
	if (err)
		unregister_inetaddr_notifier(&inet_notifier);
	return err;
}

/** cordon_own_denotify - stop listening */
void cordon_own_denotify(void)
{
	unregister_inet6addr_notifier(&inet6_notifier);
	unregister_inetaddr_notifier(&inet_notifier);
}
