// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ports. A snapshot names its ports; each is bound to the netdev that has this name when the
 * ruleset is staged, or that takes the name later while the port is unbound. From then on the
 * binding follows the netdev, whatever it is called, until it is unregistered or leaves the
 * namespace. A netdev that cannot be bound does not get the name, or, where that cannot be refused
 * any more (it comes from another namespace), does not come up. A netdev that any snapshot (staged
 * or published) is bound to carries a tap: the ingress and egress hooks. So a commit has no hook
 * left to register, and cannot fail. All of this is under RTNL; the hooks see the result in the
 * sides.
 */
#include "port.h"

#include <linux/if_bridge.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/tcx.h>

#include "event.h"
#include "hook.h"
#include "netns.h"
#include "own.h"
#include "ruleset.h"
#include "side.h"
#include "test.h"

static struct cordon_tap *tap_find(struct cordon_net *cn, const struct net_device *dev)
{
	struct cordon_tap *tap;

	list_for_each_entry(tap, &cn->taps, list)
		if (tap->dev == dev)
			return tap;
	return NULL;
}

/* Return: the tap with one user more, or an ERR_PTR() of nf_register_net_hook(). */
static struct cordon_tap *tap_get(struct cordon_net *cn, struct net_device *dev)
{
	struct cordon_tap *tap = tap_find(cn, dev);
	int err;

	if (tap) {
		tap->users++;
		return tap;
	}
	tap = kzalloc(sizeof(*tap), GFP_KERNEL);
	if (!tap)
		return ERR_PTR(-ENOMEM);
	tap->dev = dev;
	tap->users = 1;
	cordon_hook_fill_netdev(cn, dev, tap->ops);
	err = cordon_test_tap(dev) ?:
	      nf_register_net_hooks(cn->net, tap->ops, ARRAY_SIZE(tap->ops));
	if (err) {
		kfree_rcu(tap, rcu);
		return ERR_PTR(err);
	}
	netdev_hold(dev, &tap->tracker, GFP_KERNEL | __GFP_NOFAIL);
	list_add(&tap->list, &cn->taps);
	return tap;
}

/* Lets go of the netdev; the tap itself lives as long as it has users. */
static void tap_detach(struct cordon_net *cn, struct cordon_tap *tap)
{
	list_del(&tap->list);
	nf_unregister_net_hooks(cn->net, tap->ops, ARRAY_SIZE(tap->ops));
	netdev_put(tap->dev, &tap->tracker);
	tap->dev = NULL;
}

static void tap_put(struct cordon_net *cn, struct cordon_tap *tap)
{
	if (--tap->users)
		return;
	if (tap->dev)
		tap_detach(cn, tap);
	kfree_rcu(tap, rcu);
}

/**
 * cordon_port_index - which port a netdev is
 * @snap: a snapshot
 * @dev: a netdev
 *
 * Context: RTNL.
 * Return: the index of the first port that it is bound to, or -1.
 */
int cordon_port_index(const struct cordon_snapshot *snap, const struct net_device *dev)
{
	u32 i;

	for (i = 0; i < snap->rs->n_ports; i++)
		if (snap->tap[i] && snap->tap[i]->dev == dev)
			return (int)i;
	return -1;
}

static bool bound(const struct cordon_snapshot *snap, const struct net_device *dev)
{
	return cordon_port_index(snap, dev) >= 0;
}

static int bind(struct cordon_net *cn, struct cordon_snapshot *snap, u32 port,
		struct net_device *dev)
{
	struct cordon_tap *tap;

	if (dev->flags & IFF_LOOPBACK || bound(snap, dev))
		return 0;
	tap = tap_get(cn, dev);
	if (IS_ERR(tap))
		return PTR_ERR(tap);
	snap->tap[port] = tap;
	return 0;
}

/*
 * A port by an alternative name would be lost with its netdev: when that comes again its first name
 * is all that is looked at.
 */
static int bind_named(struct cordon_net *cn, struct cordon_snapshot *snap, u32 port,
		      struct net_device *dev, bool by_name, struct netlink_ext_ack *extack)
{
	int err;

	if (by_name && strcmp(dev->name, snap->rs->port[port].name)) {
		NL_SET_ERR_MSG(extack,
			       "a port is named by an alternative name; use the first name of its interface");
		return -EINVAL;
	}
	err = bind(cn, snap, port, dev);
	if (err)
		NL_SET_ERR_MSG(extack, "the hooks of a port could not be registered");
	return err;
}

/* The netdev that the running generation has bound to a port of this name. */
static struct net_device *inherited(struct cordon_net *cn, const char *name)
{
	struct cordon_snapshot *now = cordon_snapshot_locked(cn);
	u32 i;

	for (i = 0; now && i < now->rs->n_ports; i++)
		if (now->tap[i] && !strcmp(now->rs->port[i].name, name))
			return now->tap[i]->dev;
	return NULL;
}

/**
 * cordon_ports_bind - bind the ports of a snapshot and put the hooks in place
 * @cn: the namespace; its tx_lock is held
 * @snap: a decoded snapshot that is not published yet
 * @extack: gets the sentence of a refusal
 *
 * Netdevs go by name first; a port whose netdev was renamed keeps it unless another has the name
 * now.
 *
 * Context: RTNL.
 * Return: 0; -EINVAL for a port by an alternative name; or a negative errno when a hook could not
 * be registered. cordon_ports_unbind() then cleans up.
 */
int cordon_ports_bind(struct cordon_net *cn, struct cordon_snapshot *snap,
		      struct netlink_ext_ack *extack)
{
	const struct cordon_ruleset *rs = snap->rs;
	int err = 0, pass;
	u32 i;

	ASSERT_RTNL();
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < rs->n_ports && !err; i++) {
			struct net_device *dev =
				pass ? inherited(cn, rs->port[i].name) :
				       __dev_get_by_name(cn->net, rs->port[i].name);

			if (dev && !snap->tap[i])
				err = bind_named(cn, snap, i, dev, !pass, extack);
		}
	}
	cordon_sides_rebuild(snap);
	return err;
}

/**
 * cordon_ports_unbind - let go of the netdevs of a snapshot
 * @cn: the namespace
 * @snap: a snapshot that no hook reads any more
 *
 * Context: RTNL.
 */
void cordon_ports_unbind(struct cordon_net *cn, struct cordon_snapshot *snap)
{
	u32 i;

	ASSERT_RTNL();
	for (i = 0; i < CORDON_MAX_PORTS; i++) {
		if (snap->tap[i])
			tap_put(cn, snap->tap[i]);
		snap->tap[i] = NULL;
	}
}

/*
 * Whether somebody's hook comes before ours at ingress (a flowtable that does may send frames on
 * unseen) or after ours at egress (and may rewrite what was judged).
 */
static bool foreign_hook(const struct cordon_tap *tap)
{
	const struct nf_hook_entries *in, *out;
	bool foreign = false;

	rcu_read_lock();
	in = rcu_dereference(tap->dev->nf_hooks_ingress);
	if (in && in->num_hook_entries)
		foreign = in->hooks[0].hook != tap->ops[0].hook;
	out = rcu_dereference(tap->dev->nf_hooks_egress);
	if (out && out->num_hook_entries)
		foreign |= out->hooks[out->num_hook_entries - 1].hook != tap->ops[1].hook;
	rcu_read_unlock();
	return foreign;
}

/*
 * Whether something on the port takes frames from it before the stack does: macvlan, ipvlan, Open
 * vSwitch, ... The other side of these is no side of ours. A bridge and a bond hand on to hooks.
 */
static bool diverted(struct net_device *dev)
{
	return netdev_is_rx_handler_busy(dev) && !netif_is_bridge_port(dev) &&
	       !netif_is_lag_port(dev);
}

/*
 * Whether the port is a VLAN or the like on a netdev that is no port: what comes there with another
 * tag or none meets no hook of a port. A bridge and a bond have all that their members get.
 */
static bool stands_on_unmanaged(const struct cordon_snapshot *snap, struct net_device *dev)
{
	struct net_device *lower;
	struct list_head *iter;

	if (netif_is_bridge_master(dev) || netif_is_lag_master(dev))
		return false;
	netdev_for_each_lower_dev(dev, lower, iter)
		if (!bound(snap, lower))
			return true;
	return false;
}

static bool unhooked(const struct cordon_tap *tap)
{
	bool in, out;

	rcu_read_lock();
	in = cordon_hook_in_place(rcu_dereference(tap->dev->nf_hooks_ingress), &tap->ops[0]);
	out = cordon_hook_in_place(rcu_dereference(tap->dev->nf_hooks_egress), &tap->ops[1]);
	rcu_read_unlock();
	return !in || !out;
}

static bool in_switch(struct net_device *dev)
{
	struct netdev_phys_item_id id;

	return !netif_get_port_parent_id(dev, &id, true);
}

/**
 * cordon_port_findings - what cordon cannot see through on a port
 * @snap: the published snapshot
 * @port: port index
 *
 * Context: RTNL.
 * Return: CORDON_FINDING_* bits.
 */
u32 cordon_port_findings(const struct cordon_snapshot *snap, u32 port)
{
	const struct cordon_tap *tap = snap->tap[port];
	const struct cordon_sides *sides = rtnl_dereference(snap->sides);
	struct net_device *dev;
	u32 found = 0;

	ASSERT_RTNL();
	if (!tap)
		return CORDON_FINDING_ABSENT;
	dev = tap->dev;
	if (!cordon_port_up(dev))
		found |= CORDON_FINDING_NO_CARRIER;
	if (dev->features & NETIF_F_HW_TC)
		found |= CORDON_FINDING_HW_TC;
	if (in_switch(dev))
		found |= CORDON_FINDING_HW_FORWARD;
	if (dev_xdp_prog_count(dev))
		found |= CORDON_FINDING_XDP;
	if (snap->rs->port[port].mode != CORDON_PORT_DEVICES && netif_is_bridge_port(dev))
		found |= CORDON_FINDING_ZONE_IN_BRIDGE;
	if (strcmp(dev->name, snap->rs->port[port].name))
		found |= CORDON_FINDING_RENAMED;
	if (sides && sides->stacked >> port & 1)
		found |= CORDON_FINDING_STACKED;
	if (foreign_hook(tap))
		found |= CORDON_FINDING_FLOWTABLE;
	if (unhooked(tap))
		found |= CORDON_FINDING_UNHOOKED;
	if (cordon_tc_filters(dev))
		found |= CORDON_FINDING_TC;
	if (diverted(dev))
		found |= CORDON_FINDING_DIVERTED;
	if (stands_on_unmanaged(snap, dev))
		found |= CORDON_FINDING_LOWER;
	return found;
}

/* Binds a netdev that came or was renamed to the unbound port of its name. */
static int bind_newcomer(struct cordon_net *cn, struct cordon_snapshot *snap,
			 struct net_device *dev)
{
	u32 i;

	for (i = 0; i < snap->rs->n_ports; i++)
		if (!snap->tap[i] && !strcmp(snap->rs->port[i].name, dev->name))
			return bind(cn, snap, i, dev);
	return 0;
}

static void unbind_leaver(struct cordon_net *cn, struct cordon_snapshot *snap,
			  struct net_device *dev)
{
	u32 i;

	for (i = 0; i < snap->rs->n_ports; i++) {
		struct cordon_tap *tap = snap->tap[i];

		if (!tap || tap->dev != dev)
			continue;
		snap->tap[i] = NULL;
		tap_put(cn, tap);
	}
}

static int snapshot_event(struct cordon_net *cn, struct cordon_snapshot *snap, unsigned long event,
			  struct net_device *dev)
{
	bool was = bound(snap, dev);
	int err = 0;

	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_CHANGENAME:
		err = bind_newcomer(cn, snap, dev);
		break;
	case NETDEV_PRE_UP:
		if (!was)
			err = bind_newcomer(cn, snap, dev);
		if (was || !bound(snap, dev))
			return err;
		break;
	case NETDEV_UNREGISTER:
		if (snap == cordon_snapshot_locked(cn) && was)
			cordon_event_port(cn, snap, dev, true);
		unbind_leaver(cn, snap, dev);
		break;
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
		if (!was)
			return 0;
		break;
	case NETDEV_CHANGEUPPER:
		break;
	default:
		return 0;
	}
	cordon_sides_rebuild(snap);
	if (event != NETDEV_UNREGISTER && event != NETDEV_CHANGEUPPER && bound(snap, dev) &&
	    snap == cordon_snapshot_locked(cn))
		cordon_event_port(cn, snap, dev, false);
	return err;
}

static int netdev_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct cordon_net *cn = cordon_net(dev_net(dev));
	struct cordon_snapshot *now = cordon_snapshot_locked(cn);
	int err = 0, staged_err = 0;

	if (now)
		err = snapshot_event(cn, now, event, dev);
	if (cn->staged)
		staged_err = snapshot_event(cn, cn->staged, event, dev);
	if (event == NETDEV_UNREGISTER) {
		/* A snapshot on its way out may hold it still, but not in the next namespace. */
		struct cordon_tap *tap = tap_find(cn, dev);

		if (tap)
			tap_detach(cn, tap);
	}
	cordon_own_netdev_event(cn, event);
	if (err || staged_err)
		NL_SET_ERR_MSG(netdev_notifier_info_to_extack(ptr),
			       "cordon manages this port but cannot register its hooks on it");
	return notifier_from_errno(err ?: staged_err);
}

static struct notifier_block netdev_notifier = {
	.notifier_call = netdev_event,
	/* Before the bridge and the address families act on the event. */
	.priority = INT_MAX,
};

/**
 * cordon_port_init - listen to netdevs
 *
 * Return: 0 or a negative errno of register_netdevice_notifier().
 */
int __init cordon_port_init(void)
{
	return register_netdevice_notifier(&netdev_notifier);
}

static struct net_device *open_port(const struct cordon_snapshot *snap)
{
	u32 i;

	for (i = 0; snap && i < snap->rs->n_ports; i++)
		if (snap->tap[i] && snap->tap[i]->dev && snap->tap[i]->dev->flags & IFF_UP)
			return snap->tap[i]->dev;
	return NULL;
}

/*
 * A port of any namespace that is up. Under RTNL it stays. Closing it is not for here: its
 * notifiers take net_rwsem themselves, and a task that waits to write would keep both out for good.
 */
static struct net_device *any_open_port(void)
{
	struct net_device *dev = NULL;
	struct net *net;

	down_read(&net_rwsem);
	for_each_net(net) {
		dev = open_port(cordon_snapshot_locked(cordon_net(net)));
		if (dev)
			break;
	}
	up_read(&net_rwsem);
	return dev;
}

/**
 * cordon_ports_close - take down the ports of every namespace that is armed
 *
 * Only a module that is unloaded by force (rmmod -f) meets one: an armed module is pinned. What
 * its hooks held back would be forwarded from here on. Context: may sleep; takes RTNL.
 */
void cordon_ports_close(void)
{
	struct net_device *dev;

	rtnl_lock();
	while ((dev = any_open_port())) {
		netdev_crit(dev, "cordon is unloaded by force while armed: taken down\n");
		dev_close(dev);
	}
	rtnl_unlock();
}

/** cordon_port_exit - stop listening */
void cordon_port_exit(void)
{
	unregister_netdevice_notifier(&netdev_notifier);
}
