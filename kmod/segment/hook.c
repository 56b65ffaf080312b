// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hooks. Each fills what decide() asks for, takes its verdict, charges what was accepted to
 * those whom the policy limits, counts, and remembers what the verdict says is to be learned. They
 * run under rcu_read_lock() in softirq or with a task's packet, read one snapshot, never write to
 * the packet but for its mark, and allocate nothing (ll.c does once per link-local address). A
 * netdev that the snapshot's sides do not know is not cordon's.
 */
#include "hook.h"

#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/netlink.h>
#include <linux/timekeeping.h>
#include <net/netfilter/nf_conntrack.h>

#include "../core/judge.h"
#include "budget.h"
#include "ct.h"
#include "event.h"
#include "ll.h"
#include "meter.h"
#include "netns.h"
#include "own.h"
#include "record.h"
#include "ruleset.h"
#include "side.h"
#include "test.h"
#include "unknown.h"

/**
 * struct judgement - one packet on its way through decide()
 * @cn: the namespace
 * @snap: the snapshot that judges; NULL: there is none
 * @sides: its sides
 * @dev: what events name as the place
 * @now_s: boottime seconds
 * @packet: what decide() sees
 * @frame: its headers
 * @v: its answer
 */
struct judgement {
	struct cordon_net *cn;
	const struct cordon_snapshot *snap;
	const struct cordon_sides *sides;
	const struct net_device *dev;
	u32 now_s;
	struct cordon_packet packet;
	struct cordon_frame frame;
	struct cordon_verdict v;
};

/* Return: whether the packet is one to look at, as far as its sides say. */
static bool begin(struct judgement *j, void *priv, const struct net_device *in,
		  const struct net_device *out)
{
	j->cn = priv;
	j->snap = rcu_dereference(j->cn->snap);
	if (!j->snap)
		return false;
	j->sides = rcu_dereference(j->snap->sides);
	j->dev = in ?: out;
	j->packet.frame = &j->frame;
	j->packet.ct.state = CORDON_CT_NONE;
	cordon_side_of(j->sides, in, &j->packet.in);
	cordon_side_of(j->sides, out, &j->packet.out);
	return j->packet.in.kind != CORDON_SIDE_UNMANAGED ||
	       j->packet.out.kind != CORDON_SIDE_UNMANAGED;
}

static bool has_ethernet(const struct net_device *dev)
{
	return dev->type == ARPHRD_ETHER;
}

/* @buf: from @offset of skb->data on; negative offsets reach into the headers that were pulled. */
static void view(struct cordon_buf *buf, const struct sk_buff *skb, int offset)
{
	buf->data = skb->data + offset;
	buf->headlen = skb_headlen(skb) - offset;
	buf->len = skb->len - offset;
	buf->skb = skb;
	buf->base = offset;
	buf->merged = skb_is_gso(skb);
}

/*
 * @pulled: skb->data is behind the Ethernet header, as on receive; then a frame that has none there
 * is an empty one.
 */
static void parse_frame(struct cordon_frame *frame, const struct sk_buff *skb, bool pulled)
{
	struct cordon_buf buf = {};
	u16 tpid = 0, tci = 0;

	if (!pulled)
		view(&buf, skb, 0);
	else if (skb_mac_header_was_set(skb) && skb->data - skb_mac_header(skb) == ETH_HLEN)
		view(&buf, skb, -ETH_HLEN);
	if (skb_vlan_tag_present(skb)) {
		tpid = ntohs(skb->vlan_proto);
		tci = skb_vlan_tag_get(skb);
	}
	cordon_frame_parse(frame, &buf, tpid, tci);
}

static void parse_packet(struct cordon_frame *frame, const struct sk_buff *skb, u16 ethertype)
{
	struct cordon_buf buf;

	view(&buf, skb, skb_network_offset(skb));
	cordon_frame_parse_l3(frame, &buf, ethertype);
}

/* A packet of a port without Ethernet gets the MACs that its two ends would have; see own.h. */
static void parse_l3_port(struct cordon_frame *frame, const struct sk_buff *skb, bool out)
{
	parse_packet(frame, skb, ntohs(skb->protocol));
	frame->smac = out ? CORDON_L3_OWN_MAC : CORDON_L3_PEER_MAC;
	if (cordon_addr_group(&frame->daddr))
		frame->dmac = CORDON_L3_GROUP_MAC;
	else
		frame->dmac = out ? CORDON_L3_PEER_MAC : CORDON_L3_OWN_MAC;
}

static void decide(struct judgement *j, enum cordon_hook hook)
{
	const struct cordon_snapshot *snap = j->snap;
	struct cordon_live live = {
		.dev = (const struct cordon_dev_live *const *)snap->live,
		.own = rcu_dereference(j->cn->own),
		.ports_down = j->sides->ports_down,
		.quarantine_ports = READ_ONCE(snap->quarantine_ports),
		.now_s = (u32)ktime_get_boottime_seconds(),
		.shell = snap,
	};

	j->now_s = live.now_s;
	cordon_decide(snap->rs, hook, &j->packet, &live, &j->v);
	cordon_test_verdict(&j->v);
}

/* The stack's hooks see no Ethernet header: an event gets the MAC from the sender's record. */
static void name_sender(struct judgement *j)
{
	const struct cordon_device *d;

	if (j->frame.smac || j->v.src_device == CORDON_NO_DEVICE)
		return;
	d = &j->snap->rs->device[j->v.src_device];
	j->frame.smac = d->mac;
	j->v.vlan = d->vlan;
}

/* Counts, tells, and gives netfilter's verdict. */
static unsigned int finish(struct judgement *j, enum cordon_hook hook)
{
	cordon_count(j->cn->counters, hook, j->v.reason);
	if (likely(j->v.accept))
		return NF_ACCEPT;
	name_sender(j);
	cordon_event_packet(j->cn, CORDON_EVENT_DROP, hook, &j->packet, &j->v, j->dev);
	return NF_DROP;
}

/* @reason: what a meter says of an accepted packet; 0: nothing. */
static void limit(struct judgement *j, u8 reason)
{
	if (likely(!reason))
		return;
	j->v.accept = 0;
	j->v.reason = reason;
	cordon_test_verdict(&j->v);
}

/*
 * What an accepted frame teaches. A link-local address that cannot be taken is as good as
 * another's.
 */
static void learn(struct judgement *j)
{
	const struct cordon_frame *f = &j->frame;
	bool mine = true;

	if (!(j->v.flags & CORDON_V_LEARN_LL))
		return;
	if (cordon_addr_link_local(&f->saddr))
		mine = cordon_ll_learn(j->snap, j->v.src_device, &f->saddr);
	if (mine && f->ethertype == CORDON_ETH_IPV6 && f->proto == CORDON_PROTO_ICMPV6 &&
	    f->type == 136 && cordon_addr_link_local(&f->target))
		mine = cordon_ll_learn(j->snap, j->v.src_device, &f->target);
	if (mine)
		return;
	j->v.accept = 0;
	j->v.reason = CORDON_REASON_ADDRESS_SPOOF;
}

/* @n more of what costs the box something; when they are not left the packet goes no further. */
static void spend(struct judgement *j, enum cordon_budget_kind kind, u32 n, u8 reason)
{
	const struct cordon_ruleset *rs = j->snap->rs;
	u32 i = j->v.src_device;

	if (i == CORDON_NO_DEVICE)
		i = rs->n_devices + (j->packet.in.kind == CORDON_SIDE_PORT ? j->packet.in.port :
									     rs->n_ports);
	if (cordon_budget_take(&j->snap->budget[i], kind, n))
		return;
	j->v.accept = 0;
	j->v.reason = reason;
}

/* What makes the box remember something: a group that somebody is in, a lease. */
static void spend_at_ingress(struct judgement *j)
{
	if (cordon_is_membership(&j->frame))
		spend(j, CORDON_BUDGET_MEMBERSHIP, max_t(u32, j->frame.groups, 1),
		      CORDON_REASON_LIMIT_MEMBERSHIP);
	else if (cordon_is_dhcp_client(&j->frame))
		spend(j, CORDON_BUDGET_LEASE, 1, CORDON_REASON_LIMIT_LEASE);
}

static void note_address(struct cordon_record *rec, const struct cordon_addr *addr)
{
	if (cordon_addr_unspecified(addr) || cordon_addr_eq(&rec->addr, addr))
		return;
	WRITE_ONCE(rec->addr.hi, addr->hi);
	WRITE_ONCE(rec->addr.lo, addr->lo);
}

/*
 * Two CPUs may see a device on two ports at once: the first binds it. Return: whether this one did.
 */
static bool bind_port(struct cordon_net *cn, struct cordon_dev_live *live, u8 was, u8 port)
{
	bool first;

	spin_lock_bh(&cn->learn_lock);
	first = live->port == was;
	if (first)
		WRITE_ONCE(live->port, port);
	spin_unlock_bh(&cn->learn_lock);
	return first;
}

/* Keeps the record of an accepted frame's device. */
static void account(struct judgement *j, const struct sk_buff *skb)
{
	struct cordon_dev_live *live = j->snap->live[j->v.src_device];
	struct cordon_record *rec = cordon_record_of(j->snap, j->v.src_device);
	u8 was = j->v.was_port, port = j->packet.in.port + 1;

	atomic64_add(cordon_segments(skb), &rec->packets);
	atomic64_add(skb->len + ETH_HLEN, &rec->bytes);
	if (READ_ONCE(live->seen_s) != j->now_s)
		WRITE_ONCE(live->seen_s, j->now_s);
	if (unlikely(!READ_ONCE(rec->first_seen)))
		WRITE_ONCE(rec->first_seen, j->now_s);
	if (j->frame.ethertype == CORDON_ETH_IPV4 || j->frame.ethertype == CORDON_ETH_IPV6 ||
	    j->frame.ethertype == CORDON_ETH_ARP)
		note_address(rec, &j->frame.saddr);
	if (likely(!(j->v.flags & CORDON_V_LEARN_PORT)))
		return;
	if (!bind_port(j->cn, live, was, port))
		return;
	if (was)
		cordon_event_packet(j->cn, CORDON_EVENT_MOVE, CORDON_HOOK_INGRESS, &j->packet,
				    &j->v, j->dev);
}

/*
 * A frame that was dropped before anybody asked who sent it counts with its sender all the same;
 * one with a tag that the port has not is nobody's.
 */
static void account_drop(struct judgement *j)
{
	u32 device = j->v.src_device;

	if (device == CORDON_NO_DEVICE && j->v.vlan && j->v.reason != CORDON_REASON_VLAN)
		device = cordon_device_find(j->snap->rs, j->v.vlan, j->frame.smac);
	if (device != CORDON_NO_DEVICE)
		atomic64_inc(&cordon_record_of(j->snap, device)->drops);
}

/* A stranger beyond the number that may come in a time is not let in at all. */
static void note_unknown(struct judgement *j)
{
	struct cordon_unknown seen = {
		.mac = j->frame.smac,
		.vlan = j->v.vlan,
		.ifindex = j->dev->ifindex,
		.last_s = j->now_s,
		.packets = j->v.accept,
		.drops = !j->v.accept,
		.addr = j->frame.saddr,
	};
	int new;

	new = cordon_unknown_seen(j->cn->unknown, j->packet.in.port, &seen);
	if (new < 0) {
		j->v.accept = 0;
		j->v.reason = CORDON_REASON_UNKNOWN_SOURCE;
		return;
	}
	if (new)
		cordon_event_packet(j->cn, CORDON_EVENT_UNKNOWN, CORDON_HOOK_INGRESS, &j->packet,
				    &j->v, j->dev);
}

static unsigned int ingress(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct judgement j;
	bool charged;

	/* PACKET_LOOPBACK is the stack's copy of the box's own multicast: it was on no wire. */
	if (!begin(&j, priv, state->in, state->out) || j.packet.in.kind != CORDON_SIDE_PORT ||
	    skb->pkt_type == PACKET_LOOPBACK)
		return NF_ACCEPT;
	if (has_ethernet(state->in))
		parse_frame(&j.frame, skb, true);
	else
		parse_l3_port(&j.frame, skb, false);
	decide(&j, CORDON_HOOK_INGRESS);
	if (j.v.accept)
		limit(&j, cordon_meter_ingress(j.snap, &j.packet.in, &j.v, skb));
	charged = j.v.accept;
	if (charged)
		spend_at_ingress(&j);
	if (j.v.accept)
		learn(&j);
	if (j.v.flags & CORDON_V_UNKNOWN)
		note_unknown(&j);
	else if (!j.v.accept)
		account_drop(&j);
	else if (j.v.src_device != CORDON_NO_DEVICE)
		account(&j, skb);
	if (charged && !j.v.accept)
		cordon_meter_give_back(j.snap, &j.packet.in, &j.v, skb);
	return finish(&j, CORDON_HOOK_INGRESS);
}

/*
 * Section 6.8: not what finds the device (ARP, neighbour discovery), without which it gets nothing
 * at all.
 */
static bool chargeable(const struct judgement *j)
{
	bool finds = j->v.dst_device != CORDON_NO_DEVICE && j->v.flags & CORDON_V_FINAL;

	return !cordon_mac_group(j->frame.dmac) && !finds;
}

static unsigned int egress(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	bool ethernet = has_ethernet(state->out);
	struct judgement j;

	if (!begin(&j, priv, state->in, state->out) || j.packet.out.kind != CORDON_SIDE_PORT)
		return NF_ACCEPT;
	if (ethernet)
		parse_frame(&j.frame, skb, false);
	else
		parse_l3_port(&j.frame, skb, true);
	decide(&j, CORDON_HOOK_EGRESS);
	if (j.v.accept && chargeable(&j))
		limit(&j, cordon_meter_egress(j.snap, &j.packet.out, &j.v,
					      skb->len + (ethernet ? 0 : ETH_HLEN)));
	return finish(&j, CORDON_HOOK_EGRESS);
}

/*
 * What nftables' second look goes by: that the module judged, under which generation, and which
 * zones. A zone that was not determined (DHCP, frames to groups) is 0.
 */
static void write_mark(const struct judgement *j, struct sk_buff *skb)
{
	u32 mark = skb->mark & ~CORDON_MARK_MASK;

	mark |= CORDON_MARK_VALID | (j->snap->generation & 1 ? CORDON_MARK_PARITY : 0) |
		(u32)j->v.src_zone << CORDON_MARK_SRC_SHIFT |
		(u32)j->v.dst_zone << CORDON_MARK_DST_SHIFT;
	if (skb->mark != mark)
		skb->mark = mark;
}

static unsigned int judge_tracked(struct judgement *j, struct sk_buff *skb, enum cordon_hook hook)
{
	cordon_ct_view(skb, &j->frame, &j->packet.ct);
	decide(j, hook);
	/*
	 * Behind a zone port are addresses that nobody has, and of many devices some are off. Who
	 * shares a budget is not held to it for the latter: others would pay for one who looks.
	 */
	if (hook == CORDON_HOOK_FORWARD && j->v.accept &&
	    (j->packet.out.kind == CORDON_SIDE_PORT || j->v.src_device != CORDON_NO_DEVICE) &&
	    !cordon_budget_resolved(skb, j->frame.ethertype == CORDON_ETH_IPV6))
		spend(j, CORDON_BUDGET_UNRESOLVED, 1, CORDON_REASON_LIMIT_UNRESOLVED);
	write_mark(j, skb);
	if (j->v.accept && cordon_ct_begins(skb, &j->packet.ct))
		limit(j, cordon_meter_connection(j->snap, &j->packet.in, &j->v));
	return finish(j, hook);
}

static unsigned int inet(void *priv, struct sk_buff *skb, const struct nf_hook_state *state,
			 enum cordon_hook hook)
{
	const struct net_device *out = state->out;
	struct judgement j;

	/* What translated or marked the box's own packet may have found it another way since. */
	if (hook == CORDON_HOOK_LOCAL_OUT && skb_dst(skb))
		out = skb_dst(skb)->dev;
	if (!begin(&j, priv, state->in, out))
		return NF_ACCEPT;
	parse_packet(&j.frame, skb, state->pf == NFPROTO_IPV4 ? CORDON_ETH_IPV4 : CORDON_ETH_IPV6);
	return judge_tracked(&j, skb, hook);
}

/*
 * br_netfilter sends bridged frames through the forward hook from inside the bridge, which has
 * judged them. The bit that says so stays with a frame that the box routes afterwards, but only
 * inside the bridge the packet's netdev (its way out) is not the input.
 */
static bool bridged(const struct sk_buff *skb, const struct nf_hook_state *state)
{
	return nf_bridge_info_exists(skb) && skb->dev != state->in;
}

static unsigned int forward(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return bridged(skb, state) ? NF_ACCEPT : inet(priv, skb, state, CORDON_HOOK_FORWARD);
}

static unsigned int local_in(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return skb->pkt_type == PACKET_LOOPBACK ? NF_ACCEPT :
						  inet(priv, skb, state, CORDON_HOOK_LOCAL_IN);
}

static unsigned int local_out(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return inet(priv, skb, state, CORDON_HOOK_LOCAL_OUT);
}

static unsigned int bridge_forward(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	struct judgement j;
	u16 vlan;

	if (!begin(&j, priv, state->in, state->out))
		return NF_ACCEPT;
	vlan = skb_vlan_tag_present(skb) ? skb_vlan_tag_get_id(skb) : 0;
	if (!vlan)
		vlan = j.packet.out.vlan;
	j.packet.in.vlan = vlan;
	j.packet.out.vlan = vlan;
	parse_frame(&j.frame, skb, true);
	return judge_tracked(&j, skb, CORDON_HOOK_BRIDGE);
}

/*
 * Between the box and an unmanaged port of a bridge that has managed ones. Nothing judged that
 * frame at ingress, and nothing would at egress, but to the INET hooks it is one of the bridge's;
 * so it goes no further. A bridge that is a port itself has hooks of its own.
 */
static unsigned int bridge_local(void *priv, struct sk_buff *skb, const struct net_device *port,
				 const struct net_device *bridge, enum cordon_hook hook)
{
	struct cordon_net *cn = priv;
	const struct cordon_snapshot *snap = rcu_dereference(cn->snap);
	struct cordon_verdict v = { .reason = CORDON_REASON_UNMANAGED };
	const struct cordon_side_slot *slot;
	const struct cordon_sides *sides;

	if (!snap || !bridge || !netif_is_bridge_master(bridge))
		return NF_ACCEPT;
	sides = rcu_dereference(snap->sides);
	slot = cordon_side_find(sides, bridge->ifindex);
	if (!slot || slot->kind == CORDON_SIDE_PORT || cordon_side_find(sides, port->ifindex))
		return NF_ACCEPT;
	cordon_test_verdict(&v);
	cordon_count(cn->counters, hook, v.reason);
	return v.accept ? NF_ACCEPT : NF_DROP;
}

static unsigned int bridge_local_in(void *priv, struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	return bridge_local(priv, skb, state->in, skb->dev, CORDON_HOOK_LOCAL_IN);
}

static unsigned int bridge_local_out(void *priv, struct sk_buff *skb,
				     const struct nf_hook_state *state)
{
	return bridge_local(priv, skb, state->out,
			    netdev_master_upper_dev_get_rcu((struct net_device *)state->out),
			    CORDON_HOOK_LOCAL_OUT);
}

#define STACK_HOOK(_hook, _pf, _hooknum, _priority) \
	{ .hook = (_hook), .pf = (_pf), .hooknum = (_hooknum), .priority = (_priority) }

/* Just before nft's filter chains, which go by the mark. */
#define INET_PRIORITY (NF_IP_PRI_FILTER - 1)
#define BRIDGE_PRIORITY (NF_BR_PRI_FILTER_BRIDGED - 1)

static const struct nf_hook_ops stack_hooks[CORDON_STACK_HOOKS] = {
	STACK_HOOK(forward, NFPROTO_INET, NF_INET_FORWARD, INET_PRIORITY),
	STACK_HOOK(local_in, NFPROTO_INET, NF_INET_LOCAL_IN, INET_PRIORITY),
	STACK_HOOK(local_out, NFPROTO_INET, NF_INET_LOCAL_OUT, INET_PRIORITY),
	STACK_HOOK(bridge_forward, NFPROTO_BRIDGE, NF_BR_FORWARD, BRIDGE_PRIORITY),
	STACK_HOOK(bridge_local_in, NFPROTO_BRIDGE, NF_BR_LOCAL_IN, NF_BR_PRI_FIRST),
	STACK_HOOK(bridge_local_out, NFPROTO_BRIDGE, NF_BR_LOCAL_OUT, NF_BR_PRI_FIRST),
};

/**
 * cordon_hook_fill_netdev - the two hooks of a managed netdev
 * @cn: the namespace
 * @dev: the netdev
 * @ops: two, zeroed
 */
void cordon_hook_fill_netdev(struct cordon_net *cn, struct net_device *dev, struct nf_hook_ops *ops)
{
	int i;

	for (i = 0; i < 2; i++) {
		ops[i].hook = i ? egress : ingress;
		ops[i].hooknum = i ? NF_NETDEV_EGRESS : NF_NETDEV_INGRESS;
		ops[i].pf = NFPROTO_NETDEV;
		/* Before all others see a frame, and after all others may have rewritten it. */
		ops[i].priority = i ? INT_MAX : INT_MIN;
		ops[i].dev = dev;
		ops[i].priv = cn;
	}
}

static int hooks_register(struct cordon_net *cn, struct netlink_ext_ack *extack)
{
	int i, err;

	/* For bridges this gets IPv4 and IPv6 tracking, too. */
	err = nf_ct_netns_get(cn->net, NFPROTO_BRIDGE);
	if (err) {
		NL_SET_ERR_MSG(extack, "connection tracking for bridges is not available");
		return err;
	}
	memcpy(cn->stack_hooks, stack_hooks, sizeof(stack_hooks));
	for (i = 0; i < CORDON_STACK_HOOKS; i++)
		cn->stack_hooks[i].priv = cn;
	err = nf_register_net_hooks(cn->net, cn->stack_hooks, CORDON_STACK_HOOKS);
	if (!err)
		return 0;
	NL_SET_ERR_MSG(extack, "the netfilter hooks could not be registered");
	nf_ct_netns_put(cn->net, NFPROTO_BRIDGE);
	return err;
}

/**
 * cordon_hooks_get - have the hooks of the stack in place, and the module pinned
 * @cn: the namespace; its tx_lock is held
 * @extack: gets the sentence of a refusal
 *
 * Return: 0; -EBUSY while the module is being unloaded; what netfilter says.
 */
int cordon_hooks_get(struct cordon_net *cn, struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&cn->tx_lock);
	if (cn->hook_users++)
		return 0;
	err = -EBUSY;
	if (!try_module_get(THIS_MODULE)) {
		NL_SET_ERR_MSG(extack, "the module is being unloaded");
		goto none;
	}
	err = hooks_register(cn, extack);
	if (!err)
		return 0;
	module_put(THIS_MODULE);
none:
	cn->hook_users = 0;
	return err;
}

/**
 * cordon_hooks_put - undo one cordon_hooks_get()
 * @cn: the namespace; its tx_lock is held
 *
 * Context: process. When it was the last, no hook of the namespace runs any more on return.
 */
void cordon_hooks_put(struct cordon_net *cn)
{
	lockdep_assert_held(&cn->tx_lock);
	if (--cn->hook_users)
		return;
	nf_unregister_net_hooks(cn->net, cn->stack_hooks, CORDON_STACK_HOOKS);
	nf_ct_netns_put(cn->net, NFPROTO_BRIDGE);
	synchronize_net();
	module_put(THIS_MODULE);
}

/**
 * cordon_hook_in_place - whether netfilter calls a hook
 * @entries: what netfilter runs at the place; may be NULL
 * @ops: the hook
 *
 * It goes by netfilter's table, not by what was registered once.
 *
 * Context: rcu_read_lock().
 * Return: whether it does.
 */
bool cordon_hook_in_place(const struct nf_hook_entries *entries, const struct nf_hook_ops *ops)
{
	int i;

	for (i = 0; entries && i < entries->num_hook_entries; i++)
		if (entries->hooks[i].hook == ops->hook && entries->hooks[i].priv == ops->priv)
			return true;
	return false;
}

static u32 absent(const struct nf_hook_entries *entries, const struct nf_hook_ops *ops)
{
	return !cordon_hook_in_place(entries, ops);
}

/**
 * cordon_hooks_missing - look whether the hooks of the stack are in place
 * @cn: a namespace that is armed
 *
 * Context: rcu_read_lock().
 * Return: bits by enum cordon_place, set for those that netfilter does not call.
 */
u32 cordon_hooks_missing(const struct cordon_net *cn)
{
	const struct netns_nf *nf = &cn->net->nf;
	u32 missing = 0, place = 0;
	int i;

	for (i = 0; i < CORDON_STACK_HOOKS; i++) {
		const struct nf_hook_ops *ops = &cn->stack_hooks[i];
		int n = ops->hooknum;

		if (ops->pf == NFPROTO_BRIDGE) {
			missing |= absent(rcu_dereference(nf->hooks_bridge[n]), ops) << place++;
			continue;
		}
		missing |= absent(rcu_dereference(nf->hooks_ipv4[n]), ops) << place++;
		missing |= absent(rcu_dereference(nf->hooks_ipv6[n]), ops) << place++;
	}
	return missing;
}
