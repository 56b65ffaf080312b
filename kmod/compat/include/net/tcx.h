/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tc has on a netdev. Since 6.6 filters and BPF programs stand in an entry; before there were
 * filters alone, and no such header.
 */
#ifndef CORDON_COMPAT_NET_TCX_H
#define CORDON_COMPAT_NET_TCX_H

#include <linux/netdevice.h>
#include <linux/version.h>

#if KERNEL_VERSION(6, 6, 0) <= LINUX_VERSION_CODE

#include_next <net/tcx.h>

static inline bool cordon_tc_entry(struct bpf_mprog_entry *entry)
{
#ifdef CONFIG_NET_XGRESS
	return entry && (bpf_mprog_total(entry) || rcu_access_pointer(tcx_entry(entry)->miniq));
#else
	return false;
#endif
}

/* Whether filters or programs see the frames of a netdev, either way. Context: RTNL. */
static inline bool cordon_tc_filters(struct net_device *dev)
{
#ifdef CONFIG_NET_XGRESS
	return cordon_tc_entry(rtnl_dereference(dev->tcx_ingress)) ||
	       cordon_tc_entry(rtnl_dereference(dev->tcx_egress));
#else
	return false;
#endif
}

#else

static inline bool cordon_tc_filters(struct net_device *dev)
{
	bool found = false;

#ifdef CONFIG_NET_CLS_ACT
	found = rcu_access_pointer(dev->miniq_ingress) || rcu_access_pointer(dev->miniq_egress);
#endif
	return found;
}

#endif

#endif /* CORDON_COMPAT_NET_TCX_H */
