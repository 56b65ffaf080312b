// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events. Those that packets cause are copied into a ring of fixed size (softirq, no allocation)
 * after a token bucket let them pass, and sent by a work item; the ring's lock is taken as often as
 * the bucket allows. The others are sent where they happen, in process context. What the bucket,
 * the ring or memory refuses is counted. Nothing is done while nobody listens.
 */
#include "event.h"

#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>
#include <net/genetlink.h>

#include "netlink.h"
#include "netns.h"
#include "port.h"
#include "ruleset.h"

#define RING 512
/*
 * One event each 10 ms in the long run, 100 at once; apart for each of these, so that a flood of
 * drops hides no newcomer, one of sources that are let nowhere none that is, and none a move.
 */
#define INTERVAL_NS (10 * NSEC_PER_MSEC)
#define BURST_NS (100 * INTERVAL_NS)

enum { BUCKET_DROP, BUCKET_REFUSED, BUCKET_ADMITTED, BUCKET_MOVE, BUCKETS };

/**
 * struct cordon_event_queue - what waits to be sent
 * @cn: the namespace
 * @full_until: per bucket, the time up to which its tokens are spent (GCRA)
 * @work: sends
 * @lock: guards @head, @tail and @ring
 * @head: events ever put in
 * @tail: events ever taken out
 * @ring: head - tail of them, at most RING
 */
struct cordon_event_queue {
	struct cordon_net *cn;
	atomic64_t full_until[BUCKETS];
	struct work_struct work;
	spinlock_t lock; /* of the ring */
	u32 head;
	u32 tail;
	struct cordon_event ring[RING];
};

/** cordon_events_heard - whether anybody in the namespace of @cn listens to events */
bool cordon_events_heard(struct cordon_net *cn)
{
	return genl_has_listeners(&cordon_genl_family, cn->net, 0);
}

static void lose(struct cordon_net *cn)
{
	struct cordon_counters __percpu *counters = cordon_counters_of(cn);

	if (!counters)
		return;
	local64_inc(&get_cpu_ptr(counters)->lost);
	put_cpu_ptr(counters);
}

/* Lock-free: a flood only reads. Return: whether there is a token. */
static bool take_token(struct cordon_event_queue *q, int bucket, u64 now)
{
	s64 until = atomic64_read(&q->full_until[bucket]);

	do {
		if (until > (s64)(now + BURST_NS))
			return false;
	} while (!atomic64_try_cmpxchg(&q->full_until[bucket], &until,
				       max_t(s64, until, now) + INTERVAL_NS));
	return true;
}

static int bucket_of(u8 type, bool accepted)
{
	if (type == CORDON_EVENT_DROP)
		return BUCKET_DROP;
	if (type == CORDON_EVENT_MOVE)
		return BUCKET_MOVE;
	return accepted ? BUCKET_ADMITTED : BUCKET_REFUSED;
}

static bool pop(struct cordon_event_queue *q, struct cordon_event *e)
{
	bool some;

	spin_lock_bh(&q->lock);
	some = q->head != q->tail;
	if (some)
		*e = q->ring[q->tail++ % RING];
	spin_unlock_bh(&q->lock);
	return some;
}

static struct sk_buff *message_begin(u8 type, u64 time_ns, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb)
		return NULL;
	*hdr = genlmsg_put(skb, 0, 0, &cordon_genl_family, 0, CORDON_CMD_EVENT);
	if (*hdr && !nla_put_u8(skb, CORDON_A_EVENT, type) &&
	    !nla_put_u64_64bit(skb, CORDON_A_TIME, time_ns, CORDON_A_PAD))
		return skb;
	nlmsg_free(skb);
	return NULL;
}

/*
 * Takes @skb over. @bad: an attribute did not fit, which a default-sized message never does.
 * Return: whether it went out.
 */
static bool message_send(struct cordon_net *cn, struct sk_buff *skb, void *hdr, bool bad)
{
	bad |= nla_put_u64_64bit(skb, CORDON_A_LOST, cordon_events_lost(cn), CORDON_A_PAD) < 0;
	if (WARN_ON_ONCE(bad)) {
		nlmsg_free(skb);
		lose(cn);
		return false;
	}
	genlmsg_end(skb, hdr);
	genlmsg_multicast_netns(&cordon_genl_family, cn->net, skb, 0, 0, GFP_KERNEL);
	return true;
}

static int put_zones(struct sk_buff *skb, const struct cordon_event *e)
{
	if (e->src_zone && nla_put_u8(skb, CORDON_A_SOURCE_ZONE, e->src_zone))
		return -EMSGSIZE;
	if (e->dst_zone && nla_put_u8(skb, CORDON_A_DEST_ZONE, e->dst_zone))
		return -EMSGSIZE;
	return 0;
}

static int put_link(struct sk_buff *skb, const struct cordon_event *e)
{
	if (e->mac && cordon_nl_put_mac(skb, CORDON_A_MAC, e->mac))
		return -EMSGSIZE;
	if (e->dest_mac && cordon_nl_put_mac(skb, CORDON_A_DEST_MAC, e->dest_mac))
		return -EMSGSIZE;
	if (e->vlan && nla_put_u16(skb, CORDON_A_VLAN, e->vlan))
		return -EMSGSIZE;
	if (e->ifindex && (nla_put_u32(skb, CORDON_A_IFINDEX, e->ifindex) ||
			   nla_put_string(skb, CORDON_A_PORT_NAME, e->ifname)))
		return -EMSGSIZE;
	return nla_put_u16(skb, CORDON_A_ETHERTYPE, e->ethertype);
}

static int put_network(struct sk_buff *skb, const struct cordon_event *e)
{
	bool ip = e->ethertype == CORDON_ETH_IPV4 || e->ethertype == CORDON_ETH_IPV6;

	if (!ip && e->ethertype != CORDON_ETH_ARP)
		return 0;
	if (cordon_nl_put_addr(skb, CORDON_A_ADDRESS, &e->saddr) ||
	    cordon_nl_put_addr(skb, CORDON_A_DEST_ADDRESS, &e->daddr))
		return -EMSGSIZE;
	if (!ip)
		return 0;
	return nla_put_u8(skb, CORDON_A_PROTO, e->proto) ||
			       nla_put_u16(skb, CORDON_A_SOURCE_PORT, e->sport) ||
			       nla_put_u16(skb, CORDON_A_DEST_PORT, e->dport) ?
		       -EMSGSIZE :
		       0;
}

static void send_packet_event(struct cordon_net *cn, const struct cordon_event *e)
{
	struct sk_buff *skb;
	void *hdr;
	int bad;

	skb = message_begin(e->type, e->time_ns, &hdr);
	if (!skb) {
		lose(cn);
		return;
	}
	bad = put_link(skb, e) || put_network(skb, e) || put_zones(skb, e) ||
	      nla_put_u8(skb, CORDON_A_HOOK, e->hook) ||
	      (e->reason && nla_put_u8(skb, CORDON_A_REASON, e->reason));
	message_send(cn, skb, hdr, bad);
}

static void send_work(struct work_struct *work)
{
	struct cordon_event_queue *q = container_of(work, struct cordon_event_queue, work);
	struct cordon_event e;

	while (pop(q, &e))
		send_packet_event(q->cn, &e);
}

/**
 * cordon_events_create - allocate the queue of a namespace
 * @cn: the namespace
 *
 * Return: the queue, or NULL.
 */
struct cordon_event_queue *cordon_events_create(struct cordon_net *cn)
{
	struct cordon_event_queue *q = kvzalloc(sizeof(*q), GFP_KERNEL_ACCOUNT);

	if (!q)
		return NULL;
	q->cn = cn;
	spin_lock_init(&q->lock);
	INIT_WORK(&q->work, send_work);
	return q;
}

/** cordon_events_destroy - free @q, which may be NULL and which no hook uses any more */
void cordon_events_destroy(struct cordon_event_queue *q)
{
	if (!q)
		return;
	cancel_work_sync(&q->work);
	kvfree(q);
}

/** cordon_events_lost - how many events of @cn were not sent */
u64 cordon_events_lost(struct cordon_net *cn)
{
	struct cordon_counters __percpu *counters = cordon_counters_of(cn);
	u64 lost = 0;
	int cpu;

	if (counters)
		for_each_possible_cpu(cpu)
			lost += (u64)local64_read(&per_cpu_ptr(counters, cpu)->lost);
	return lost;
}

static void fill(struct cordon_event *e, const struct cordon_packet *packet,
		 const struct cordon_verdict *v)
{
	const struct cordon_frame *f = packet->frame;
	bool icmp = f->proto == CORDON_PROTO_ICMP || f->proto == CORDON_PROTO_ICMPV6;

	e->mac = f->smac;
	e->dest_mac = f->dmac;
	e->saddr = f->saddr;
	e->daddr = f->ethertype == CORDON_ETH_ARP ? f->target : f->daddr;
	e->vlan = v->vlan ?: packet->in.vlan ?: packet->out.vlan;
	e->ethertype = f->ethertype;
	e->sport = icmp ? f->type : f->sport;
	e->dport = icmp ? f->code : f->dport;
	e->reason = v->reason;
	e->proto = f->proto;
	e->src_zone = v->src_zone;
	e->dst_zone = v->dst_zone;
}

/**
 * cordon_event_packet - tell of a packet
 * @cn: the namespace
 * @type: CORDON_EVENT_DROP, _UNKNOWN or _MOVE
 * @hook: enum cordon_hook
 * @packet: the packet
 * @v: its verdict
 * @dev: where it was seen; may be NULL
 *
 * Context: any hook.
 */
void cordon_event_packet(struct cordon_net *cn, u8 type, u8 hook,
			 const struct cordon_packet *packet, const struct cordon_verdict *v,
			 const struct net_device *dev)
{
	struct cordon_event_queue *q = cn->events;
	struct cordon_event *e;
	bool full;
	u64 now;

	if (!cordon_events_heard(cn))
		return;
	now = ktime_get_coarse_boottime_ns();
	if (!take_token(q, bucket_of(type, v->accept), now)) {
		lose(cn);
		return;
	}
	spin_lock_bh(&q->lock);
	full = q->head - q->tail >= RING;
	if (!full) {
		e = &q->ring[q->head++ % RING];
		memset(e, 0, sizeof(*e));
		e->time_ns = now;
		e->type = type;
		e->hook = hook;
		fill(e, packet, v);
		if (dev) {
			e->ifindex = dev->ifindex;
			/* A rename under way may tear the name, never its end. */
			memcpy(e->ifname, dev->name, IFNAMSIZ - 1);
		}
	}
	spin_unlock_bh(&q->lock);
	if (full)
		lose(cn);
	else
		schedule_work(&q->work);
}

/**
 * cordon_event_ruleset - tell of a commit or disarm
 * @cn: the namespace
 * @type: CORDON_EVENT_COMMIT or _DISARM
 * @snap: the ruleset that came or went
 *
 * Context: process.
 */
void cordon_event_ruleset(struct cordon_net *cn, u8 type, const struct cordon_snapshot *snap)
{
	struct sk_buff *skb;
	void *hdr;
	int bad;

	if (!cordon_events_heard(cn))
		return;
	skb = message_begin(type, ktime_get_boottime_ns(), &hdr);
	if (!skb) {
		lose(cn);
		return;
	}
	bad = nla_put_u64_64bit(skb, CORDON_A_GENERATION, snap->generation, CORDON_A_PAD) ||
	      nla_put(skb, CORDON_A_DIGEST, sizeof(snap->digest), snap->digest);
	message_send(cn, skb, hdr, bad);
}

/**
 * cordon_event_quarantine - tell of a quarantine or release
 * @cn: the namespace
 * @type: CORDON_EVENT_QUARANTINE or _RELEASE
 * @vlan: the device's VLAN
 * @mac: its MAC
 *
 * Context: process.
 */
void cordon_event_quarantine(struct cordon_net *cn, u8 type, u16 vlan, u64 mac)
{
	struct sk_buff *skb;
	void *hdr;
	int bad;

	if (!cordon_events_heard(cn))
		return;
	skb = message_begin(type, ktime_get_boottime_ns(), &hdr);
	if (!skb) {
		lose(cn);
		return;
	}
	bad = cordon_nl_put_mac(skb, CORDON_A_MAC, mac) || nla_put_u16(skb, CORDON_A_VLAN, vlan);
	message_send(cn, skb, hdr, bad);
}

/**
 * cordon_event_port - tell of a managed netdev that came, went, was renamed, changed carrier or
 * has other findings
 * @cn: the namespace
 * @snap: the published snapshot
 * @dev: the netdev, bound to a port of @snap
 * @gone: whether it is leaving
 *
 * Context: RTNL.
 */
void cordon_event_port(struct cordon_net *cn, const struct cordon_snapshot *snap,
		       const struct net_device *dev, bool gone)
{
	int bad, i = cordon_port_index(snap, dev);
	u32 found = CORDON_FINDING_ABSENT;
	struct sk_buff *skb;
	void *hdr;

	if (i < 0 || !cordon_events_heard(cn))
		return;
	if (!gone)
		found = cordon_port_findings(snap, i);
	skb = message_begin(CORDON_EVENT_PORT, ktime_get_boottime_ns(), &hdr);
	if (!skb) {
		lose(cn);
		return;
	}
	bad = nla_put_string(skb, CORDON_A_POLICY_PORT, snap->rs->port[i].name) ||
	      nla_put_string(skb, CORDON_A_PORT_NAME, dev->name) ||
	      nla_put_u32(skb, CORDON_A_IFINDEX, gone ? 0 : dev->ifindex) ||
	      nla_put_u8(skb, CORDON_A_CARRIER, !gone && cordon_port_up(dev)) ||
	      nla_put_u32(skb, CORDON_A_FINDINGS, found);
	/* What was not told the watchdog tells. */
	if (message_send(cn, skb, hdr, bad) && !gone)
		snap->tap[i]->told = found;
}

/**
 * cordon_event_hooks - tell which hooks of the stack netfilter does not call
 * @cn: the namespace
 * @missing: bits by enum cordon_place; 0: all are in place again
 *
 * Context: process.
 * Return: whether it was told.
 */
bool cordon_event_hooks(struct cordon_net *cn, u32 missing)
{
	struct sk_buff *skb;
	void *hdr;

	skb = message_begin(CORDON_EVENT_HOOKS, ktime_get_boottime_ns(), &hdr);
	if (skb)
		return message_send(cn, skb, hdr,
				    nla_put_u32(skb, CORDON_A_HOOKS_MISSING, missing));
	lose(cn);
	return false;
}
