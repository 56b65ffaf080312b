/* SPDX-License-Identifier: GPL-2.0-only */
/* Verdicts per hook and reason, exact: one array per CPU, added up when read. */
#ifndef CORDON_SEGMENT_COUNTERS_H
#define CORDON_SEGMENT_COUNTERS_H

#include <linux/cordon.h>
#include <linux/percpu.h>
#include <linux/types.h>
#include <asm/local64.h>

/**
 * struct cordon_counters - one CPU's share; local64_t, so that no reader sees half a carry
 * @verdict: by hook and reason; %CORDON_REASON_NONE counts what was accepted
 * @lost: events that were not sent
 */
struct cordon_counters {
	local64_t verdict[__CORDON_HOOK_MAX][__CORDON_REASON_MAX];
	local64_t lost;
};

/**
 * struct cordon_counters_sum - all CPUs' together
 * @verdict: as in struct cordon_counters
 * @lost: likewise
 */
struct cordon_counters_sum {
	u64 verdict[__CORDON_HOOK_MAX][__CORDON_REASON_MAX];
	u64 lost;
};

static inline void cordon_count(struct cordon_counters __percpu *c, u8 hook, u8 reason)
{
	local64_inc(&get_cpu_ptr(c)->verdict[hook][reason]);
	put_cpu_ptr(c);
}

/* The counters of a namespace, for whoever is no hook: NULL until its first transaction. */
#define cordon_counters_of(cn) \
	smp_load_acquire(&(cn)->counters) /* pairs with cordon_net_prepare() */

void cordon_counters_sum(struct cordon_counters __percpu *c, struct cordon_counters_sum *sum);

#endif /* CORDON_SEGMENT_COUNTERS_H */
