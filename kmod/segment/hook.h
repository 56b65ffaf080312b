/* SPDX-License-Identifier: GPL-2.0-only */
/* The netfilter hooks: where packets meet decide(). */
#ifndef CORDON_SEGMENT_HOOK_H
#define CORDON_SEGMENT_HOOK_H

#include <linux/types.h>

struct cordon_net;
struct net_device;
struct netlink_ext_ack;
struct nf_hook_entries;
struct nf_hook_ops;

void cordon_hook_fill_netdev(struct cordon_net *cn, struct net_device *dev,
			     struct nf_hook_ops *ops);

int cordon_hooks_get(struct cordon_net *cn, struct netlink_ext_ack *extack);
void cordon_hooks_put(struct cordon_net *cn);

bool cordon_hook_in_place(const struct nf_hook_entries *entries, const struct nf_hook_ops *ops);
u32 cordon_hooks_missing(const struct cordon_net *cn);

#endif /* CORDON_SEGMENT_HOOK_H */
