// SPDX-License-Identifier: GPL-2.0-only
/*
 * The family: its operations, their policies, and what all handlers share. Each operation has its
 * own policy and takes no other attribute; nothing is optional about validation. None is for the
 * unprivileged: cordon_nl_may() stands before each. Operations run in parallel: the locks are those
 * of netns.h.
 */
#include "netlink.h"

#include <linux/bitmap.h>
#include <linux/cordon.h>
#include <linux/etherdevice.h>

#include "ruleset.h"
#include "test.h"

#define DATA_MAX 61440

static struct netlink_range_validation length_range = {
	.min = sizeof(struct cordon_blob_header),
	.max = CORDON_MAX_BLOB_BYTES,
};

/* Beyond the 16 bits that a policy has for a range of its own. */
static struct netlink_range_validation data_range = { .min = 1, .max = DATA_MAX };

/* Room to count on from any number that was given. */
static struct netlink_range_validation generation_range = { .min = 1, .max = U64_MAX / 2 };

static const struct nla_policy begin_policy[] = {
	[CORDON_A_LENGTH] = NLA_POLICY_FULL_RANGE(NLA_U32, &length_range),
	[CORDON_A_GENERATION] = NLA_POLICY_FULL_RANGE(NLA_U64, &generation_range),
};

static const struct nla_policy data_policy[] = {
	[CORDON_A_TXID] = NLA_POLICY_MIN(NLA_U64, 1),
	[CORDON_A_OFFSET] = { .type = NLA_U32 },
	[CORDON_A_DATA] = NLA_POLICY_FULL_RANGE(NLA_BINARY, &data_range),
};

static const struct nla_policy tx_policy[] = {
	[CORDON_A_TXID] = NLA_POLICY_MIN(NLA_U64, 1),
};

static const struct nla_policy device_get_policy[] = {
	[CORDON_A_MAC] = NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[CORDON_A_VLAN] = NLA_POLICY_RANGE(NLA_U16, 1, 4094),
};

static const struct nla_policy device_set_policy[] = {
	[CORDON_A_MAC] = NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[CORDON_A_VLAN] = NLA_POLICY_RANGE(NLA_U16, 1, 4094),
	[CORDON_A_QUARANTINED] = NLA_POLICY_MAX(NLA_U8, 1),
};

static const struct genl_ops cordon_genl_ops[] = {
	{
		.cmd = CORDON_CMD_INFO_GET,
		.doit = cordon_nl_info_get_doit,
	},
	{
		.cmd = CORDON_CMD_RULESET_BEGIN,
		.doit = cordon_nl_ruleset_begin_doit,
		.policy = begin_policy,
		.maxattr = ARRAY_SIZE(begin_policy) - 1,
	},
	{
		.cmd = CORDON_CMD_RULESET_DATA,
		.doit = cordon_nl_ruleset_data_doit,
		.policy = data_policy,
		.maxattr = ARRAY_SIZE(data_policy) - 1,
	},
	{
		.cmd = CORDON_CMD_RULESET_STAGE,
		.doit = cordon_nl_ruleset_stage_doit,
		.policy = tx_policy,
		.maxattr = ARRAY_SIZE(tx_policy) - 1,
	},
	{
		.cmd = CORDON_CMD_RULESET_COMMIT,
		.doit = cordon_nl_ruleset_commit_doit,
		.policy = tx_policy,
		.maxattr = ARRAY_SIZE(tx_policy) - 1,
	},
	{
		.cmd = CORDON_CMD_RULESET_ABORT,
		.doit = cordon_nl_ruleset_abort_doit,
		.policy = tx_policy,
		.maxattr = ARRAY_SIZE(tx_policy) - 1,
	},
	{
		.cmd = CORDON_CMD_DEVICE_GET,
		.doit = cordon_nl_device_get_doit,
		.start = cordon_nl_dump_start,
		.dumpit = cordon_nl_device_get_dumpit,
		.policy = device_get_policy,
		.maxattr = ARRAY_SIZE(device_get_policy) - 1,
	},
	{
		.cmd = CORDON_CMD_DEVICE_SET,
		.doit = cordon_nl_device_set_doit,
		.policy = device_set_policy,
		.maxattr = ARRAY_SIZE(device_set_policy) - 1,
	},
	{
		.cmd = CORDON_CMD_UNKNOWN_GET,
		.start = cordon_nl_dump_start,
		.dumpit = cordon_nl_unknown_get_dumpit,
	},
	{
		.cmd = CORDON_CMD_PORT_GET,
		.start = cordon_nl_dump_start,
		.dumpit = cordon_nl_port_get_dumpit,
	},
	{
		.cmd = CORDON_CMD_ZONE_GET,
		.start = cordon_nl_dump_start,
		.dumpit = cordon_nl_zone_get_dumpit,
	},
	{
		.cmd = CORDON_CMD_STATS_GET,
		.doit = cordon_nl_stats_get_doit,
	},
	{
		.cmd = CORDON_CMD_DISARM,
		.doit = cordon_nl_disarm_doit,
	},
};

static const struct genl_multicast_group cordon_genl_groups[] = {
	{ .name = CORDON_GENL_MCGRP_EVENTS, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

/*
 * The kernel's parser keeps the last of two attributes of one type; which of them was meant is not
 * ours to guess.
 */
static int refuse_duplicates(struct genl_info *info)
{
	DECLARE_BITMAP(seen, __CORDON_A_MAX);
	struct nlattr *nla;
	int rem;

	bitmap_zero(seen, __CORDON_A_MAX);
	nlmsg_for_each_attr(nla, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(nla) > CORDON_A_MAX || !__test_and_set_bit(nla_type(nla), seen))
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, nla, "the attribute is given twice");
		return -EINVAL;
	}
	return 0;
}

/**
 * cordon_nl_may - whether the sender of a request may ask anything
 * @skb: the request, in the sender's context
 *
 * What GENL_ADMIN_PERM asks for, which refuses without a word. Every operation begins with it:
 * in pre_doit or, a dump, in its start.
 *
 * Return: whether it may.
 */
bool cordon_nl_may(struct sk_buff *skb)
{
	return netlink_capable(skb, CAP_NET_ADMIN);
}

/**
 * cordon_nl_forbid - refuse one who may not
 * @extack: gets the reason
 *
 * Return: -EPERM.
 */
int cordon_nl_forbid(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "needs CAP_NET_ADMIN in the initial user namespace");
	return -EPERM;
}

static int pre_doit(const struct genl_split_ops *ops, struct sk_buff *skb, struct genl_info *info)
{
	return cordon_nl_may(skb) ? refuse_duplicates(info) : cordon_nl_forbid(info->extack);
}

struct genl_family cordon_genl_family __ro_after_init = {
	.name = CORDON_GENL_NAME,
	.version = CORDON_GENL_VERSION,
	.maxattr = CORDON_A_MAX,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.pre_doit = pre_doit,
	.ops = cordon_genl_ops,
	.n_ops = ARRAY_SIZE(cordon_genl_ops),
	.mcgrps = cordon_genl_groups,
	.n_mcgrps = ARRAY_SIZE(cordon_genl_groups),
};

/**
 * cordon_nl_put_mac - add a MAC
 * @skb: the message
 * @attr: attribute type
 * @mac: 48 bits, the first byte most significant
 *
 * Return: 0 or -EMSGSIZE.
 */
int cordon_nl_put_mac(struct sk_buff *skb, int attr, u64 mac)
{
	u8 bytes[ETH_ALEN];

	u64_to_ether_addr(mac, bytes);
	return nla_put(skb, attr, sizeof(bytes), bytes);
}

/**
 * cordon_nl_put_addr - add an address as 16 bytes
 * @skb: the message
 * @attr: attribute type
 * @addr: the address
 *
 * Return: 0 or -EMSGSIZE.
 */
int cordon_nl_put_addr(struct sk_buff *skb, int attr, const struct cordon_addr *addr)
{
	__be64 bytes[2] = { cpu_to_be64(READ_ONCE(addr->hi)), cpu_to_be64(READ_ONCE(addr->lo)) };

	return nla_put(skb, attr, sizeof(bytes), bytes);
}

/**
 * cordon_nl_reply_begin - begin a reply to a request
 * @info: the request
 * @hdr: set for genlmsg_end()
 *
 * Return: the message, or NULL with the request's extack set.
 */
struct sk_buff *cordon_nl_reply_begin(struct genl_info *info, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (skb)
		*hdr = genlmsg_put_reply(skb, info, &cordon_genl_family, 0, info->genlhdr->cmd);
	else
		GENL_SET_ERR_MSG(info, "not enough memory for the reply");
	return skb;
}

/**
 * cordon_nl_put_ruleset - say which ruleset this is about
 * @skb: the message
 * @snap: the ruleset; NULL: none, told as generation 0 with a digest of zeros
 *
 * Return: 0 or -EMSGSIZE.
 */
int cordon_nl_put_ruleset(struct sk_buff *skb, const struct cordon_snapshot *snap)
{
	static const u8 none[CORDON_DIGEST_BYTES];

	if (nla_put_u32(skb, CORDON_A_WIRE_VERSION, CORDON_SAID_WIRE_VERSION) ||
	    nla_put_u64_64bit(skb, CORDON_A_GENERATION, snap ? snap->generation : 0, CORDON_A_PAD))
		return -EMSGSIZE;
	return nla_put(skb, CORDON_A_DIGEST, CORDON_DIGEST_BYTES, snap ? snap->digest : none);
}

/**
 * cordon_netlink_init - let userland in; the last step of loading
 *
 * Return: 0 or a negative errno of genl_register_family().
 */
int __init cordon_netlink_init(void)
{
	return genl_register_family(&cordon_genl_family);
}

/** cordon_netlink_exit - shut userland out; the first step of unloading */
void cordon_netlink_exit(void)
{
	genl_unregister_family(&cordon_genl_family);
}
