// SPDX-License-Identifier: GPL-2.0-only
/*
 * Budgets: a GCRA in milliseconds, one word a kind, written without a lock. They belong to a
 * snapshot, so a commit fills them: they protect the box, they promise nobody a rate.
 */
#include "budget.h"

#include <linux/skbuff.h>
#include <linux/timekeeping.h>
#include <net/arp.h>
#include <net/ip6_route.h>
#include <net/ndisc.h>
#include <net/route.h>

/* How often another CPU may come first before a packet is refused. */
#define TRIES 4
/* By so much at most another CPU has read the clock later than this one. */
#define SKEW_MS 1000

static const struct {
	u16 per_second;
	u16 burst;
} rates[__CORDON_BUDGET_MAX] = {
	[CORDON_BUDGET_MEMBERSHIP] = { 2, 100 },
	[CORDON_BUDGET_LEASE] = { 10, 50 },
	[CORDON_BUDGET_UNRESOLVED] = { 10, 50 },
};

/**
 * cordon_budget_take - @n more of a kind
 * @budget: whose
 * @kind: of what
 * @n: how many; more than there are at once are never to be had
 *
 * Context: any; lock-free.
 * Return: whether there were as many left; else all stay.
 */
bool cordon_budget_take(struct cordon_budget *budget, enum cordon_budget_kind kind, u32 n)
{
	u32 now = (u32)ktime_to_ms(ktime_get_boottime()), one = 1000 / rates[kind].per_second;
	u32 all = one * rates[kind].burst, old = READ_ONCE(budget->due_ms[kind]), new;
	int i;

	if (n > rates[kind].burst)
		return false;
	for (i = 0; i < TRIES; i++) {
		u32 ahead = old - now;

		/* Further ahead than that is behind: long ago, or the clock has gone round. */
		if (ahead > all + SKEW_MS)
			ahead = 0;
		if (ahead + n * one > all)
			return false;
		new = now + ahead + n * one;
		if (try_cmpxchg(&budget->due_ms[kind], &old, new))
			return true;
	}
	return false;
}

static bool valid(const struct neighbour *neigh)
{
	return neigh && READ_ONCE(neigh->nud_state) & NUD_VALID;
}

/* These lookups want BH off, whatever else is held. */
static bool resolved4(const struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);
	struct net_device *dev = rt->dst.dev;

	if (rt->rt_gw_family == AF_INET6)
		return valid(__ipv6_neigh_lookup_noref_stub(dev, &rt->rt_gw6));
	return valid(__ipv4_neigh_lookup_noref(dev,
					       (__force u32)rt_nexthop(rt, ip_hdr(skb)->daddr)));
}

static bool resolved6(const struct sk_buff *skb)
{
	const struct rt6_info *rt = (const struct rt6_info *)skb_dst(skb);

	return valid(__ipv6_neigh_lookup_noref_stub(rt->dst.dev,
						    rt6_nexthop(rt, &ipv6_hdr(skb)->daddr)));
}

/**
 * cordon_budget_resolved - whether sending a packet on costs no resolution
 * @skb: a packet on its way out by a netdev that resolves addresses
 * @ipv6: its family
 *
 * Context: RCU reader.
 * Return: false when the next hop is not known yet.
 */
bool cordon_budget_resolved(const struct sk_buff *skb, bool ipv6)
{
	bool known;

	/* What IPsec takes goes to a peer of the site, whatever is inside. */
	if (!skb_dst(skb) || dst_xfrm(skb_dst(skb)) ||
	    skb_dst(skb)->dev->flags & (IFF_NOARP | IFF_POINTOPOINT))
		return true;
	rcu_read_lock_bh();
	known = ipv6 ? resolved6(skb) : resolved4(skb);
	rcu_read_unlock_bh();
	return known;
}
