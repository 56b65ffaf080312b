// SPDX-License-Identifier: GPL-2.0-only
/* See meter.h. */
#include "meter.h"

#include <linux/if_ether.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "netns.h"

#define YIELD_EVERY 4096

static struct kmem_cache *cache __read_mostly;

/* Whose limits are charged. */
struct subject {
	const struct cordon_limit *limit;
	struct cordon_meter *meter;
};

/*
 * A device; or, where there is none, the zone port of @side with all that is behind it. Return:
 * whether it has any limit.
 */
static bool find(const struct cordon_snapshot *snap, u32 device, const struct cordon_side *side,
		 struct subject *who)
{
	const struct cordon_ruleset *rs = snap->rs;
	u32 meter;
	u16 limit;

	if (device != CORDON_NO_DEVICE) {
		limit = rs->device[device].limit;
		meter = rs->device[device].meter;
	} else if (side->kind == CORDON_SIDE_PORT) {
		limit = rs->port[side->port].limit;
		meter = rs->port[side->port].meter;
	} else {
		return false;
	}
	if (likely(!limit))
		return false;
	who->limit = &rs->limit[limit - 1];
	who->meter = snap->meter[meter];
	return true;
}

static bool charge(const struct subject *who, enum cordon_quantity q, u64 now_ns, u32 units)
{
	if (!who->limit->cost[q].factor ||
	    cordon_limit_take(&who->meter->spent[q], &who->limit->cost[q], now_ns, units))
		return true;
	atomic64_inc(&who->meter->drops[q]);
	return false;
}

static void give_back(const struct subject *who, enum cordon_quantity q, u32 units)
{
	if (who->limit->cost[q].factor)
		cordon_limit_give_back(&who->meter->spent[q], &who->limit->cost[q], units);
}

/* Behind the Ethernet header, as at ingress. */
static u32 bits(const struct sk_buff *skb)
{
	return (skb->len + ETH_HLEN) * BITS_PER_BYTE;
}

/**
 * cordon_meter_ingress - charge a frame that decide() accepted at ingress to who sent it
 * @snap: the snapshot that judged
 * @in: its port
 * @v: the verdict
 * @skb: the frame, at its network header
 *
 * All sources without a device record share what the ruleset grants them.
 *
 * Context: as the hooks.
 * Return: 0, or the reason to drop it; then nothing is charged.
 */
u8 cordon_meter_ingress(const struct cordon_snapshot *snap, const struct cordon_side *in,
			const struct cordon_verdict *v, const struct sk_buff *skb)
{
	struct subject who;
	u64 now_ns;

	if (unlikely(v->flags & CORDON_V_UNKNOWN))
		return cordon_limit_take(&snap->cn->unknown_spent, &snap->rs->unknown_cost,
					 ktime_get_ns(), cordon_segments(skb)) ?
			       0 : CORDON_REASON_LIMIT_UNKNOWN;
	if (!find(snap, v->src_device, in, &who))
		return 0;
	now_ns = ktime_get_ns();
	if (!charge(&who, CORDON_QUANTITY_PACKETS, now_ns, cordon_segments(skb)))
		return CORDON_REASON_LIMIT_PACKETS;
	if (charge(&who, CORDON_QUANTITY_UP, now_ns, bits(skb)))
		return 0;
	give_back(&who, CORDON_QUANTITY_PACKETS, cordon_segments(skb));
	return CORDON_REASON_LIMIT_UP;
}

/**
 * cordon_meter_give_back - undo cordon_meter_ingress() for a frame that is dropped after all
 * @snap: as there
 * @in: as there
 * @v: the verdict; its flags and devices as there
 * @skb: the frame
 *
 * Context: as the hooks.
 */
void cordon_meter_give_back(const struct cordon_snapshot *snap, const struct cordon_side *in,
			    const struct cordon_verdict *v, const struct sk_buff *skb)
{
	struct subject who;

	if (v->flags & CORDON_V_UNKNOWN) {
		cordon_limit_give_back(&snap->cn->unknown_spent, &snap->rs->unknown_cost,
				       cordon_segments(skb));
	} else if (find(snap, v->src_device, in, &who)) {
		give_back(&who, CORDON_QUANTITY_PACKETS, cordon_segments(skb));
		give_back(&who, CORDON_QUANTITY_UP, bits(skb));
	}
}

/**
 * cordon_meter_egress - charge a unicast frame that decide() accepted at egress to who gets it
 * @snap: the snapshot that judged
 * @out: its port
 * @v: the verdict
 * @bytes: with the Ethernet header
 *
 * Context: as the hooks.
 * Return: 0, or the reason to drop it.
 */
u8 cordon_meter_egress(const struct cordon_snapshot *snap, const struct cordon_side *out,
		       const struct cordon_verdict *v, u32 bytes)
{
	struct subject who;

	if (!find(snap, v->dst_device, out, &who) ||
	    charge(&who, CORDON_QUANTITY_DOWN, ktime_get_ns(), bytes * BITS_PER_BYTE))
		return 0;
	return CORDON_REASON_LIMIT_DOWN;
}

/**
 * cordon_meter_connection - charge the first packet of a connection to who starts it
 * @snap: the snapshot that judged
 * @in: the side that it came in by
 * @v: the verdict
 *
 * Context: as the hooks.
 * Return: 0, or the reason to drop it.
 */
u8 cordon_meter_connection(const struct cordon_snapshot *snap, const struct cordon_side *in,
			   const struct cordon_verdict *v)
{
	struct subject who;

	if (!find(snap, v->src_device, in, &who) ||
	    charge(&who, CORDON_QUANTITY_CONNECTIONS, ktime_get_ns(), 1))
		return 0;
	return CORDON_REASON_LIMIT_CONNECTIONS;
}

/* The meter that the published snapshot has for a device of the same name; NULL: none. */
static struct cordon_meter *of_device(const struct cordon_snapshot *now,
				      const struct cordon_device *d)
{
	u32 i = now ? cordon_device_find(now->rs, d->vlan, d->mac) : CORDON_NO_DEVICE;

	return i != CORDON_NO_DEVICE && now->rs->device[i].limit ?
		       now->meter[now->rs->device[i].meter] : NULL;
}

static struct cordon_meter *of_port(const struct cordon_snapshot *now,
				    const struct cordon_port *port)
{
	u32 i;

	for (i = 0; now && i < now->rs->n_ports; i++)
		if (now->rs->port[i].limit && !strcmp(now->rs->port[i].name, port->name))
			return now->meter[now->rs->port[i].meter];
	return NULL;
}

/* Fills @slot with @old, if there is one, or with a new meter. Return: 0 or -ENOMEM. */
static int hold(struct cordon_meter **slot, struct cordon_meter *old)
{
	*slot = old ?: kmem_cache_zalloc(cache, GFP_KERNEL_ACCOUNT);
	if (!*slot)
		return -ENOMEM;
	(*slot)->refs++;
	return 0;
}

/**
 * cordon_meters_stage - give what a decoded ruleset limits its meters
 * @cn: the namespace; its tx_lock is held
 * @snap: the snapshot; @snap->rs is set
 *
 * Return: 0, or -ENOMEM; then cordon_meters_release() cleans up what was done.
 */
int cordon_meters_stage(struct cordon_net *cn, struct cordon_snapshot *snap)
{
	const struct cordon_snapshot *now = cordon_snapshot_locked(cn);
	const struct cordon_ruleset *rs = snap->rs;
	int err = 0;
	u32 i;

	lockdep_assert_held(&cn->tx_lock);
	if (!rs->n_meters)
		return 0;
	snap->meter = kvcalloc(rs->n_meters, sizeof(*snap->meter), GFP_KERNEL_ACCOUNT);
	if (!snap->meter)
		return -ENOMEM;
	for (i = 0; !err && i < rs->n_ports; i++)
		if (rs->port[i].limit)
			err = hold(&snap->meter[rs->port[i].meter], of_port(now, &rs->port[i]));
	for (i = 0; !err && i < rs->n_devices; i++) {
		if (rs->device[i].limit)
			err = hold(&snap->meter[rs->device[i].meter],
				   of_device(now, &rs->device[i]));
		if (i % YIELD_EVERY == 0)
			cond_resched();
	}
	return err;
}

/**
 * cordon_meters_release - drop a snapshot's references
 * @cn: the namespace; its tx_lock is held
 * @snap: a snapshot that no hook reads any more
 */
void cordon_meters_release(struct cordon_net *cn, struct cordon_snapshot *snap)
{
	u32 i;

	lockdep_assert_held(&cn->tx_lock);
	if (!snap->meter)
		return;
	for (i = 0; i < snap->rs->n_meters && snap->meter[i]; i++) {
		if (!--snap->meter[i]->refs)
			kmem_cache_free(cache, snap->meter[i]);
		if (i % YIELD_EVERY == 0)
			cond_resched();
	}
	kvfree(snap->meter);
	snap->meter = NULL;
}

/**
 * cordon_meter_init - create the slab cache
 *
 * Return: 0 or -ENOMEM.
 */
int __init cordon_meter_init(void)
{
	cache = KMEM_CACHE(cordon_meter, SLAB_ACCOUNT);
	return cache ? 0 : -ENOMEM;
}

/** cordon_meter_exit - destroy the slab cache; no meter is left */
void cordon_meter_exit(void)
{
	kmem_cache_destroy(cache);
}
