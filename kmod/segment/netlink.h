/* SPDX-License-Identifier: GPL-2.0-only */
/* The generic netlink family "cordon". Each command is described in docs. */
#ifndef CORDON_SEGMENT_NETLINK_H
#define CORDON_SEGMENT_NETLINK_H

#include <net/genetlink.h>

#include "../core/addr.h"

struct cordon_net;
struct cordon_snapshot;

extern struct genl_family cordon_genl_family;

/* For a sentence that is no literal; it must live as long as the module. */
static inline void cordon_nl_refuse(struct netlink_ext_ack *extack, const char *what)
{
	if (extack)
		extack->_msg = what;
}

bool cordon_nl_may(struct sk_buff *skb);
int cordon_nl_forbid(struct netlink_ext_ack *extack);
int cordon_nl_put_mac(struct sk_buff *skb, int attr, u64 mac);
int cordon_nl_put_addr(struct sk_buff *skb, int attr, const struct cordon_addr *addr);

struct sk_buff *cordon_nl_reply_begin(struct genl_info *info, void **hdr);
int cordon_nl_put_ruleset(struct sk_buff *skb, const struct cordon_snapshot *snap);

int cordon_nl_ruleset_begin_doit(struct sk_buff *skb, struct genl_info *info);
int cordon_nl_ruleset_data_doit(struct sk_buff *skb, struct genl_info *info);
int cordon_nl_ruleset_stage_doit(struct sk_buff *skb, struct genl_info *info);
int cordon_nl_ruleset_commit_doit(struct sk_buff *skb, struct genl_info *info);
int cordon_nl_ruleset_abort_doit(struct sk_buff *skb, struct genl_info *info);
int cordon_nl_disarm_doit(struct sk_buff *skb, struct genl_info *info);

int cordon_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info);
int cordon_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int cordon_nl_device_get_doit(struct sk_buff *skb, struct genl_info *info);
int cordon_nl_device_set_doit(struct sk_buff *skb, struct genl_info *info);
int cordon_nl_dump_start(struct netlink_callback *cb);
int cordon_nl_device_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int cordon_nl_unknown_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int cordon_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int cordon_nl_zone_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

int cordon_netlink_init(void);
void cordon_netlink_exit(void);

#endif /* CORDON_SEGMENT_NETLINK_H */
