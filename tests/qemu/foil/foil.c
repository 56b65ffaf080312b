// SPDX-License-Identifier: GPL-2.0-only
/*
 * What keeps cordon from holding, on request, to see cordon doctor find it:
 *
 *   ip link add NAME type foil                 a netdev that offloads tc and flowtables and is a port of a switch
 *   echo N > /sys/module/foil/parameters/chip  ... of no switch
 *   modprobe foil family=F hook=H [port=NAME]  takes cordon's hook out of netfilter's table
 *
 * The last acts on the network namespace of whoever loads it, and rmmod puts the hook back.
 * Families are NFPROTO_INET (1), NFPROTO_NETDEV (5, with a port) and NFPROTO_BRIDGE (7).
 */
#include <linux/etherdevice.h>
#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/nsproxy.h>
#include <net/net_namespace.h>
#include <net/rtnetlink.h>

static int family;
module_param(family, int, 0444);
MODULE_PARM_DESC(family, "NFPROTO_INET, _NETDEV or _BRIDGE; 0: take nothing");

static uint hook;
module_param(hook, uint, 0444);
MODULE_PARM_DESC(hook, "hook number in the family");

static char *port = "";
module_param(port, charp, 0444);
MODULE_PARM_DESC(port, "netdev, for NFPROTO_NETDEV");

static bool chip = true;
module_param(chip, bool, 0644);
MODULE_PARM_DESC(chip, "netdevs of type foil are ports of a switch");

static struct nf_hook_ops *taken;
static struct net *taken_from;

static netdev_tx_t foil_xmit(struct sk_buff *skb, struct net_device *dev)
{
	dev_kfree_skb(skb);
	return NETDEV_TX_OK;
}

static int foil_parent_id(struct net_device *dev, struct netdev_phys_item_id *id)
{
	if (!chip)
		return -EOPNOTSUPP;
	id->id_len = 1;
	id->id[0] = 0x5a;
	return 0;
}

/* Takes flowtables, and then never a flow. */
static int foil_setup_tc(struct net_device *dev, enum tc_setup_type type, void *data)
{
	return type == TC_SETUP_FT ? 0 : -EOPNOTSUPP;
}

static const struct net_device_ops foil_ops = {
	.ndo_start_xmit = foil_xmit,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_get_port_parent_id = foil_parent_id,
	.ndo_setup_tc = foil_setup_tc,
};

static void foil_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &foil_ops;
	dev->needs_free_netdev = true;
	dev->hw_features |= NETIF_F_HW_TC;
	dev->features |= NETIF_F_HW_TC;
	eth_hw_addr_random(dev);
}

static struct rtnl_link_ops foil_link = {
	.kind = "foil",
	.setup = foil_setup,
};

static const struct nf_hook_entries *entries(struct net *net)
{
	struct net_device *dev;

	if (hook >= NF_INET_NUMHOOKS)
		return NULL;
	if (family == NFPROTO_INET)
		return rcu_dereference(net->nf.hooks_ipv4[hook]);
	if (family == NFPROTO_BRIDGE)
		return rcu_dereference(net->nf.hooks_bridge[hook]);
	dev = dev_get_by_name_rcu(net, port);
	if (!dev)
		return NULL;
	if (hook == NF_NETDEV_EGRESS)
		return rcu_dereference(dev->nf_hooks_egress);
	return rcu_dereference(dev->nf_hooks_ingress);
}

static bool is_cordons(nf_hookfn *function)
{
	char name[KSYM_SYMBOL_LEN];

	snprintf(name, sizeof(name), "%ps", function);
	return strstr(name, "[cordon]");
}

static struct nf_hook_ops *find(struct net *net)
{
	const struct nf_hook_entries *e;
	struct nf_hook_ops *found = NULL;
	int i;

	rcu_read_lock();
	e = entries(net);
	for (i = 0; e && i < e->num_hook_entries && !found; i++)
		if (is_cordons(e->hooks[i].hook))
			found = nf_hook_entries_get_hook_ops(e)[i];
	rcu_read_unlock();
	return found;
}

static int take(void)
{
	struct net *net = current->nsproxy->net_ns;

	taken = find(net);
	if (!taken)
		return -ENOENT;
	taken_from = get_net(net);
	nf_unregister_net_hook(net, taken);
	return 0;
}

static int __init foil_init(void)
{
	int err = rtnl_link_register(&foil_link);

	if (err || !family)
		return err;
	err = take();
	if (err)
		rtnl_link_unregister(&foil_link);
	return err;
}

static void __exit foil_exit(void)
{
	if (taken) {
		WARN_ON(nf_register_net_hook(taken_from, taken));
		put_net(taken_from);
	}
	rtnl_link_unregister(&foil_link);
}

module_init(foil_init);
module_exit(foil_exit);

MODULE_DESCRIPTION("what cordon doctor warns of, for its test");
MODULE_ALIAS_RTNL_LINK("foil");
MODULE_LICENSE("GPL");
