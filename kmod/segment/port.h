/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Managed ports: which netdev is bound to which policy name, and the ingress and egress hooks on
 * it.
 */
#ifndef CORDON_SEGMENT_PORT_H
#define CORDON_SEGMENT_PORT_H

#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>

struct cordon_net;
struct cordon_snapshot;
struct netlink_ext_ack;

/**
 * struct cordon_tap - a netdev with cordon's hooks on it
 * @list: in cordon_net::taps
 * @dev: the netdev, held
 * @tracker: of that reference
 * @ops: ingress and egress
 * @users: ports of snapshots that are bound to it
 * @told: CORDON_FINDING_* bits that were last told of the netdev; RTNL
 * @rcu: for freeing
 */
struct cordon_tap {
	struct list_head list;
	struct net_device *dev;
	netdevice_tracker tracker;
	struct nf_hook_ops ops[2];
	unsigned int users;
	u32 told;
	struct rcu_head rcu;
};

/* Whether a port counts as having carrier. */
static inline bool cordon_port_up(const struct net_device *dev)
{
	return netif_running(dev) && netif_carrier_ok(dev);
}

int cordon_ports_bind(struct cordon_net *cn, struct cordon_snapshot *snap,
		      struct netlink_ext_ack *extack);
void cordon_ports_unbind(struct cordon_net *cn, struct cordon_snapshot *snap);
int cordon_port_index(const struct cordon_snapshot *snap, const struct net_device *dev);
u32 cordon_port_findings(const struct cordon_snapshot *snap, u32 port);

void cordon_ports_close(void);
int cordon_port_init(void);
void cordon_port_exit(void);

#endif /* CORDON_SEGMENT_PORT_H */
