/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small fixed budgets for what costs the box itself something although a policy allows it: group
 * membership, requests for a lease, addresses that must be resolved first.
 */
#ifndef CORDON_SEGMENT_BUDGET_H
#define CORDON_SEGMENT_BUDGET_H

#include <linux/types.h>

struct sk_buff;

enum cordon_budget_kind {
	CORDON_BUDGET_MEMBERSHIP,
	CORDON_BUDGET_LEASE,
	CORDON_BUDGET_UNRESOLVED,
	__CORDON_BUDGET_MAX,
};

/**
 * struct cordon_budget - what one device, or one port for all who are no devices, has left
 * @due_ms: by kind: boottime milliseconds at which all is there again
 */
struct cordon_budget {
	u32 due_ms[__CORDON_BUDGET_MAX];
};

bool cordon_budget_take(struct cordon_budget *budget, enum cordon_budget_kind kind, u32 n);
bool cordon_budget_resolved(const struct sk_buff *skb, bool ipv6);

#endif /* CORDON_SEGMENT_BUDGET_H */
