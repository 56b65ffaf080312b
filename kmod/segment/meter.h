/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Limits at work. A meter says up to when the rates of a device, or of a zone port, are spent; the
 * rates themselves stand in the ruleset. Meters are made while a ruleset is staged, for what it
 * limits only, and taken over from the published one by (vlan, mac) or port name, so a commit gives
 * nobody a fresh burst; quarantine does not touch them.
 *
 * The hooks reach a meter through the snapshot they read under RCU, and change it without a lock.
 * References are counted under cordon_net::tx_lock; a snapshot drops its own once no hook reads it
 * any more, a grace period after it was unpublished, so what the last one drops is freed at once.
 */
#ifndef CORDON_SEGMENT_METER_H
#define CORDON_SEGMENT_METER_H

#include <linux/skbuff.h>

#include "../core/decide.h"
#include "ruleset.h"

/**
 * struct cordon_meter - what a device or a zone port has used
 * @spent: by enum cordon_quantity, see cordon_limit_take()
 * @drops: frames beyond the limit, likewise
 * @refs: snapshots, guarded by cordon_net::tx_lock
 */
struct cordon_meter {
	cordon_word spent[__CORDON_QUANTITY_MAX];
	atomic64_t drops[__CORDON_QUANTITY_MAX];
	u32 refs;
};

/* What one packet will be on the wire; one of an untrusted sender may not say. */
static inline u32 cordon_segments(const struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);

	if (unlikely(!info->gso_segs && info->gso_size))
		return DIV_ROUND_UP(skb->len, info->gso_size);
	return max_t(u32, info->gso_segs, 1);
}

int cordon_meters_stage(struct cordon_net *cn, struct cordon_snapshot *snap);
void cordon_meters_release(struct cordon_net *cn, struct cordon_snapshot *snap);

u8 cordon_meter_ingress(const struct cordon_snapshot *snap, const struct cordon_side *in,
			const struct cordon_verdict *v, const struct sk_buff *skb);
void cordon_meter_give_back(const struct cordon_snapshot *snap, const struct cordon_side *in,
			    const struct cordon_verdict *v, const struct sk_buff *skb);
u8 cordon_meter_egress(const struct cordon_snapshot *snap, const struct cordon_side *out,
		       const struct cordon_verdict *v, u32 bytes);
u8 cordon_meter_connection(const struct cordon_snapshot *snap, const struct cordon_side *in,
			   const struct cordon_verdict *v);

int cordon_meter_init(void);
void cordon_meter_exit(void);

#endif /* CORDON_SEGMENT_METER_H */
