// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink operations that show state, and quarantine. Dumps remember where they are by index or
 * key, not by pointer, and carry the generation as their sequence: a commit meanwhile sets
 * NLM_F_DUMP_INTR and the reader begins again.
 */
#include <linux/etherdevice.h>
#include <net/sock.h>

#include "event.h"
#include "hook.h"
#include "meter.h"
#include "netlink.h"
#include "port.h"
#include "record.h"
#include "ruleset.h"
#include "test.h"
#include "unknown.h"
#include "version.h"

/* A dump's cursor, in netlink_callback::ctx. */
struct cursor {
	u64 key;	/* quarantined devices: where to go on */
	u32 index;
	u8 part;
	bool forbidden;
};

static struct cursor *cursor(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct cursor) > sizeof(cb->ctx));
	return (struct cursor *)cb->ctx;
}

/**
 * cordon_nl_dump_start - before any dump
 * @cb: the dump
 *
 * Judges here, where the sender is the caller; the dump itself, which has a place for a sentence,
 * says so.
 *
 * Return: 0.
 */
int cordon_nl_dump_start(struct netlink_callback *cb)
{
	memset(cb->ctx, 0, sizeof(cb->ctx));
	cursor(cb)->forbidden = !cordon_nl_may(cb->skb);
	return 0;
}

static void *dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				&cordon_genl_family, NLM_F_MULTI, cmd);

	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

static void dump_generation(struct netlink_callback *cb, const struct cordon_snapshot *snap)
{
	/*
	 * Sequence 0 means that the dump makes no promise, so "not armed" is a number of its own.
	 */
	cb->seq = snap ? (u32)snap->generation | 1U << 31 : 1;
}

static int put_info(struct sk_buff *skb, struct cordon_net *cn)
{
	const struct cordon_snapshot *snap;
	bool staged = READ_ONCE(cn->staged);
	int err;

	rcu_read_lock();
	snap = rcu_dereference(cn->snap);
	err = cordon_nl_put_ruleset(skb, snap) ||
	      nla_put_string(skb, CORDON_A_MODULE_VERSION, CORDON_MODULE_VERSION) ||
	      nla_put_u8(skb, CORDON_A_ARMED, snap ? 1 : 0) ||
	      nla_put_u32(skb, CORDON_A_DEVICES, snap ? snap->rs->n_devices : 0) ||
	      (staged && nla_put_flag(skb, CORDON_A_STAGED)) ||
	      (snap && nla_put_u32(skb, CORDON_A_HOOKS_MISSING, cordon_hooks_missing(cn)));
	rcu_read_unlock();
	return err || nla_put_u64_64bit(skb, CORDON_A_LOST, cordon_events_lost(cn), CORDON_A_PAD) ?
		       -EMSGSIZE :
		       0;
}

/**
 * cordon_nl_info_get_doit - INFO_GET
 * @skb: the request
 * @info: the same, parsed
 *
 * Return: 0 and a reply; -ENOMEM.
 */
int cordon_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = cordon_nl_reply_begin(info, &hdr);
	if (!msg)
		return -ENOMEM;
	err = put_info(msg, cordon_net(genl_info_net(info)));
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/**
 * cordon_nl_stats_get_doit - STATS_GET
 * @skb: the request
 * @info: the same, parsed
 *
 * Return: 0 and a reply; -ENOMEM.
 */
int cordon_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cordon_net *cn = cordon_net(genl_info_net(info));
	struct cordon_counters_sum *sum;
	struct sk_buff *msg;
	int err = -ENOMEM;
	void *hdr;

	sum = kmalloc(sizeof(*sum), GFP_KERNEL);
	if (!sum) {
		GENL_SET_ERR_MSG(info, "not enough memory for the reply");
		return err;
	}
	msg = cordon_nl_reply_begin(info, &hdr);
	if (!msg)
		goto out;
	cordon_counters_sum(cordon_counters_of(cn), sum);
	err = nla_put(msg, CORDON_A_COUNTERS, sizeof(sum->verdict), sum->verdict) ?:
	      nla_put_u64_64bit(msg, CORDON_A_LOST, sum->lost, CORDON_A_PAD);
	if (err) {
		nlmsg_free(msg);
		goto out;
	}
	genlmsg_end(msg, hdr);
	err = genlmsg_reply(msg, info);
out:
	kfree(sum);
	return err;
}

/*
 * What stands in a record: its past. @live is the state that the ruleset reads, or any without one.
 */
static int put_record(struct sk_buff *skb, const struct cordon_record *rec,
		      const struct cordon_dev_live *live)
{
	u32 first = READ_ONCE(rec->first_seen);

	if (nla_put_u8(skb, CORDON_A_QUARANTINED, READ_ONCE(live->quarantined)) ||
	    nla_put_u64_64bit(skb, CORDON_A_PACKETS, atomic64_read(&rec->packets), CORDON_A_PAD) ||
	    nla_put_u64_64bit(skb, CORDON_A_BYTES, atomic64_read(&rec->bytes), CORDON_A_PAD) ||
	    nla_put_u64_64bit(skb, CORDON_A_DROPS, atomic64_read(&rec->drops), CORDON_A_PAD))
		return -EMSGSIZE;
	if (!first)
		return 0;
	if (nla_put_u32(skb, CORDON_A_FIRST_SEEN, first) ||
	    nla_put_u32(skb, CORDON_A_LAST_SEEN, READ_ONCE(live->seen_s)))
		return -EMSGSIZE;
	if (!rec->addr.hi && !rec->addr.lo)
		return 0;
	return cordon_nl_put_addr(skb, CORDON_A_ADDRESS, &rec->addr);
}

/* The limits of a device or port, and what they dropped. */
static int put_limits(struct sk_buff *skb, const struct cordon_snapshot *snap, u16 limit, u32 meter)
{
	const struct cordon_limit *l;
	u64 drops[__CORDON_QUANTITY_MAX];
	int q;

	if (!limit)
		return 0;
	l = &snap->rs->limit[limit - 1];
	for (q = 0; q < __CORDON_QUANTITY_MAX; q++)
		drops[q] = atomic64_read(&snap->meter[meter]->drops[q]);
	return nla_put(skb, CORDON_A_LIMITS, sizeof(l->rate), l->rate) ?:
	       nla_put(skb, CORDON_A_LIMIT_DROPS, sizeof(drops), drops);
}

/* A device of the ruleset. */
static int put_known(struct sk_buff *skb, const struct cordon_snapshot *snap, u32 i)
{
	const struct cordon_device *d = &snap->rs->device[i];
	const struct cordon_dev_live *live = snap->live[i];
	u8 zone = READ_ONCE(live->quarantined) ? CORDON_ZONE_QUARANTINE : d->zone;
	u8 port = READ_ONCE(live->port);

	if (cordon_nl_put_mac(skb, CORDON_A_MAC, d->mac) ||
	    nla_put_u16(skb, CORDON_A_VLAN, d->vlan) || nla_put_u8(skb, CORDON_A_ZONE, zone) ||
	    nla_put_u8(skb, CORDON_A_POLICY_ZONE, d->zone))
		return -EMSGSIZE;
	if (port && port <= snap->rs->n_ports &&
	    nla_put_string(skb, CORDON_A_POLICY_PORT, snap->rs->port[port - 1].name))
		return -EMSGSIZE;
	if (put_limits(skb, snap, d->limit, d->meter))
		return -EMSGSIZE;
	return put_record(skb, cordon_record_of(snap, i), live);
}

/* A quarantined device that the ruleset lacks, or that there is no ruleset for. */
static int put_stranger(struct sk_buff *skb, const struct cordon_quarantined *q)
{
	if (cordon_nl_put_mac(skb, CORDON_A_MAC, cordon_key_mac(q->key)) ||
	    nla_put_u16(skb, CORDON_A_VLAN, cordon_key_vlan(q->key)) ||
	    nla_put_u8(skb, CORDON_A_ZONE, CORDON_ZONE_QUARANTINE) ||
	    nla_put_u8(skb, CORDON_A_POLICY_ZONE, CORDON_ZONE_NONE))
		return -EMSGSIZE;
	return put_record(skb, q->record, &q->record->live[0]);
}

/* Reads MAC and VLAN of a request. Return: 0 or -EINVAL with extack set. */
static int device_key(struct genl_info *info, u16 *vlan, u64 *mac)
{
	const u8 *bytes;

	if (GENL_REQ_ATTR_CHECK(info, CORDON_A_MAC)) {
		GENL_SET_ERR_MSG(info, "the MAC is missing");
		return -EINVAL;
	}
	if (GENL_REQ_ATTR_CHECK(info, CORDON_A_VLAN)) {
		GENL_SET_ERR_MSG(info, "the VLAN is missing");
		return -EINVAL;
	}
	bytes = nla_data(info->attrs[CORDON_A_MAC]);
	if (!is_valid_ether_addr(bytes)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[CORDON_A_MAC],
				    "a device has a unicast MAC that is not all zero");
		return -EINVAL;
	}
	*mac = ether_addr_to_u64(bytes);
	*vlan = nla_get_u16(info->attrs[CORDON_A_VLAN]);
	return 0;
}

static int put_one(struct sk_buff *skb, struct cordon_net *cn, u16 vlan, u64 mac)
{
	const struct cordon_snapshot *snap = cordon_snapshot_locked(cn);
	u32 i = snap ? cordon_device_find(snap->rs, vlan, mac) : CORDON_NO_DEVICE;
	const struct cordon_quarantined *q;

	if (nla_put_u64_64bit(skb, CORDON_A_GENERATION, snap ? snap->generation : 0, CORDON_A_PAD))
		return -EMSGSIZE;
	if (i != CORDON_NO_DEVICE)
		return put_known(skb, snap, i);
	q = cordon_quarantine_find(cn, cordon_record_key(vlan, mac));
	return q ? put_stranger(skb, q) : -ENOENT;
}

/**
 * cordon_nl_device_get_doit - DEVICE_GET for one device
 * @skb: the request
 * @info: the same, parsed
 *
 * Return: 0 and a reply; -EINVAL; -ENOENT; -ENOMEM.
 */
int cordon_nl_device_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cordon_net *cn = cordon_net(genl_info_net(info));
	struct sk_buff *msg;
	void *hdr;
	u64 mac;
	u16 vlan;
	int err;

	err = device_key(info, &vlan, &mac);
	if (err)
		return err;
	msg = cordon_nl_reply_begin(info, &hdr);
	if (!msg)
		return -ENOMEM;
	mutex_lock(&cn->lock);
	err = put_one(msg, cn, vlan, mac);
	mutex_unlock(&cn->lock);
	if (err) {
		if (err == -ENOENT)
			GENL_SET_ERR_MSG(info,
					 "neither the ruleset nor quarantine has this device");
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/**
 * cordon_nl_device_set_doit - DEVICE_SET: quarantine or release
 * @skb: the request
 * @info: the same, parsed
 *
 * Return: 0, also when nothing had to change; -EINVAL; -ENOMEM; -ENOSPC.
 */
int cordon_nl_device_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cordon_net *cn = cordon_net(genl_info_net(info));
	bool on, changed;
	u64 mac;
	u16 vlan;
	int err;

	err = device_key(info, &vlan, &mac);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, CORDON_A_QUARANTINED)) {
		GENL_SET_ERR_MSG(info, "the quarantine state is missing");
		return -EINVAL;
	}
	on = nla_get_u8(info->attrs[CORDON_A_QUARANTINED]);
	err = cordon_quarantine_set(cn, vlan, mac, on, &changed, info->extack);
	if (!err && changed)
		cordon_event_quarantine(cn, on ? CORDON_EVENT_QUARANTINE : CORDON_EVENT_RELEASE,
					vlan, mac);
	return err;
}

/* Return: 0 when all are told, -EMSGSIZE when the message is full. */
static int dump_devices(struct sk_buff *skb, struct netlink_callback *cb,
			const struct cordon_snapshot *snap)
{
	struct cursor *at = cursor(cb);

	for (; snap && at->index < snap->rs->n_devices; at->index++) {
		void *hdr = dump_put(skb, cb, CORDON_CMD_DEVICE_GET);

		if (!hdr)
			return -EMSGSIZE;
		if (nla_put_u64_64bit(skb, CORDON_A_GENERATION, snap->generation, CORDON_A_PAD) ||
		    put_known(skb, snap, at->index)) {
			genlmsg_cancel(skb, hdr);
			return -EMSGSIZE;
		}
		genlmsg_end(skb, hdr);
	}
	return 0;
}

static int dump_strangers(struct sk_buff *skb, struct netlink_callback *cb, struct cordon_net *cn,
			  const struct cordon_snapshot *snap)
{
	struct cursor *at = cursor(cb);
	struct cordon_quarantined *q;

	for (; (q = cordon_quarantine_next(cn, at->key)); at->key = q->key + 1) {
		void *hdr;

		if (snap && cordon_key_find(snap->rs, q->key) != CORDON_NO_DEVICE)
			continue;
		hdr = dump_put(skb, cb, CORDON_CMD_DEVICE_GET);
		if (!hdr)
			return -EMSGSIZE;
		if (nla_put_u64_64bit(skb, CORDON_A_GENERATION, snap ? snap->generation : 0,
				      CORDON_A_PAD) ||
		    put_stranger(skb, q)) {
			genlmsg_cancel(skb, hdr);
			return -EMSGSIZE;
		}
		genlmsg_end(skb, hdr);
	}
	return 0;
}

/*
 * The policy, which is the single device's too, lets its attributes through. Refused here and not
 * at the start, because there is no place for a sentence there.
 */
static int refuse_attributes(struct netlink_callback *cb)
{
	struct nlattr *nla;
	int rem;

	nlmsg_for_each_attr(nla, cb->nlh, GENL_HDRLEN, rem) {
		NL_SET_ERR_MSG_ATTR(cb->extack, nla, "a dump takes no attributes");
		return -EINVAL;
	}
	return 0;
}

/**
 * cordon_nl_device_get_dumpit - DEVICE_GET: the ruleset's devices, then those that only quarantine
 * knows
 * @skb: the message to fill
 * @cb: the dump
 *
 * Return: bytes written; 0 ends the dump; -EPERM for one who may not, -EINVAL for a dump with
 * attributes.
 */
int cordon_nl_device_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cordon_net *cn = cordon_net(sock_net(cb->skb->sk));
	const struct cordon_snapshot *snap;

	if (cursor(cb)->forbidden)
		return cordon_nl_forbid(cb->extack);
	if (refuse_attributes(cb))
		return -EINVAL;
	mutex_lock(&cn->lock);
	snap = cordon_snapshot_locked(cn);
	dump_generation(cb, snap);
	if (!dump_devices(skb, cb, snap))
		dump_strangers(skb, cb, cn, snap);
	mutex_unlock(&cn->lock);
	return skb->len;
}

static int put_unknown(struct sk_buff *skb, struct net *net, const struct cordon_unknown *u)
{
	struct net_device *dev;
	int err = 0;

	rcu_read_lock();
	dev = dev_get_by_index_rcu(net, u->ifindex);
	if (dev)
		err = nla_put_string(skb, CORDON_A_PORT_NAME, dev->name);
	rcu_read_unlock();
	if (err || cordon_nl_put_mac(skb, CORDON_A_MAC, u->mac) ||
	    nla_put_u16(skb, CORDON_A_VLAN, u->vlan) ||
	    nla_put_u32(skb, CORDON_A_IFINDEX, u->ifindex) ||
	    nla_put_u32(skb, CORDON_A_FIRST_SEEN, u->first_s) ||
	    nla_put_u32(skb, CORDON_A_LAST_SEEN, u->last_s) ||
	    nla_put_u64_64bit(skb, CORDON_A_PACKETS, u->packets, CORDON_A_PAD) ||
	    nla_put_u64_64bit(skb, CORDON_A_DROPS, u->drops, CORDON_A_PAD))
		return -EMSGSIZE;
	if (cordon_addr_unspecified(&u->addr))
		return 0;
	return cordon_nl_put_addr(skb, CORDON_A_ADDRESS, &u->addr);
}

/**
 * cordon_nl_unknown_get_dumpit - UNKNOWN_GET: sources without a device record
 * @skb: the message to fill
 * @cb: the dump
 *
 * Return: bytes written; 0 ends the dump; -EPERM for one who may not.
 */
int cordon_nl_unknown_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cordon_net *cn = cordon_net(sock_net(cb->skb->sk));
	/* Pairs with cordon_net_prepare(). */
	struct cordon_unknown_table *table = smp_load_acquire(&cn->unknown);
	struct cursor *at = cursor(cb);
	struct cordon_unknown u;

	if (at->forbidden)
		return cordon_nl_forbid(cb->extack);
	for (; table && at->index < CORDON_UNKNOWN_MAX; at->index++) {
		void *hdr;

		if (!cordon_unknown_get(table, at->index, &u))
			continue;
		hdr = dump_put(skb, cb, CORDON_CMD_UNKNOWN_GET);
		if (!hdr)
			break;
		if (put_unknown(skb, cn->net, &u)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	return skb->len;
}

static int put_port(struct sk_buff *skb, const struct cordon_snapshot *snap, u32 i)
{
	const struct cordon_port *port = &snap->rs->port[i];
	const struct net_device *dev = snap->tap[i] ? snap->tap[i]->dev : NULL;

	if (nla_put_string(skb, CORDON_A_POLICY_PORT, port->name) ||
	    nla_put_string(skb, CORDON_A_PORT_NAME, dev ? dev->name : port->name) ||
	    nla_put_u8(skb, CORDON_A_PORT_MODE, port->mode) ||
	    nla_put_u32(skb, CORDON_A_IFINDEX, dev ? dev->ifindex : 0) ||
	    nla_put_u8(skb, CORDON_A_CARRIER, dev && cordon_port_up(dev)) ||
	    nla_put_u32(skb, CORDON_A_FINDINGS, cordon_port_findings(snap, i)) ||
	    nla_put_u64_64bit(skb, CORDON_A_GENERATION, snap->generation, CORDON_A_PAD) ||
	    put_limits(skb, snap, port->limit, port->meter))
		return -EMSGSIZE;
	if (port->mode != CORDON_PORT_DEVICES)
		return nla_put_u8(skb, CORDON_A_ZONE, port->zone);
	return port->untagged ? nla_put_u16(skb, CORDON_A_VLAN, port->untagged) : 0;
}

/**
 * cordon_nl_port_get_dumpit - PORT_GET: the ruleset's ports in policy order
 * @skb: the message to fill
 * @cb: the dump
 *
 * Return: bytes written; 0 ends the dump; -EPERM for one who may not.
 */
int cordon_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cordon_net *cn = cordon_net(sock_net(cb->skb->sk));
	const struct cordon_snapshot *snap;
	struct cursor *at = cursor(cb);

	if (at->forbidden)
		return cordon_nl_forbid(cb->extack);
	rtnl_lock();
	snap = cordon_snapshot_locked(cn);
	dump_generation(cb, snap);
	for (; snap && at->index < snap->rs->n_ports; at->index++) {
		void *hdr = dump_put(skb, cb, CORDON_CMD_PORT_GET);

		if (!hdr)
			break;
		if (put_port(skb, snap, at->index)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	rtnl_unlock();
	return skb->len;
}

static const char *zone_name(const struct cordon_snapshot *snap, u32 zone)
{
	static const char *const built_in[CORDON_ZONE_FIRST] = {
		[CORDON_ZONE_GATEWAY] = "gateway",
		[CORDON_ZONE_WAN] = "wan",
		[CORDON_ZONE_UNKNOWN] = "unknown",
		[CORDON_ZONE_QUARANTINE] = "quarantine",
	};

	if (zone < CORDON_ZONE_FIRST)
		return built_in[zone];
	return snap && zone < snap->rs->dim && snap->rs->zone_name[zone][0] ?
		       snap->rs->zone_name[zone] :
		       NULL;
}

/**
 * cordon_nl_zone_get_dumpit - ZONE_GET: built-in and declared zones by id
 * @skb: the message to fill
 * @cb: the dump
 *
 * Return: bytes written; 0 ends the dump; -EPERM for one who may not.
 */
int cordon_nl_zone_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cordon_net *cn = cordon_net(sock_net(cb->skb->sk));
	const struct cordon_snapshot *snap;
	struct cursor *at = cursor(cb);

	if (at->forbidden)
		return cordon_nl_forbid(cb->extack);
	rcu_read_lock();
	snap = rcu_dereference(cn->snap);
	dump_generation(cb, snap);
	for (at->index = max_t(u32, at->index, CORDON_ZONE_GATEWAY); at->index <= CORDON_ZONE_LAST;
	     at->index++) {
		const char *name = zone_name(snap, at->index);
		void *hdr;

		if (!name)
			continue;
		hdr = dump_put(skb, cb, CORDON_CMD_ZONE_GET);
		if (!hdr)
			break;
		if (nla_put_u8(skb, CORDON_A_ZONE, at->index) ||
		    nla_put_string(skb, CORDON_A_ZONE_NAME, name) ||
		    nla_put_u64_64bit(skb, CORDON_A_GENERATION, snap ? snap->generation : 0,
				      CORDON_A_PAD)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	rcu_read_unlock();
	return skb->len;
}
