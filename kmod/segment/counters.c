// SPDX-License-Identifier: GPL-2.0-only
/* Adding up the per-CPU verdict counters. */
#include "counters.h"

#include <linux/cpumask.h>
#include <linux/string.h>

/**
 * cordon_counters_sum - add up all CPUs
 * @c: the counters; NULL: none were ever allocated
 * @sum: filled wholly
 *
 * Context: process. The CPUs go on counting meanwhile.
 */
void cordon_counters_sum(struct cordon_counters __percpu *c, struct cordon_counters_sum *sum)
{
	int cpu, hook, reason;

	memset(sum, 0, sizeof(*sum));
	if (!c)
		return;
	for_each_possible_cpu(cpu) {
		struct cordon_counters *one = per_cpu_ptr(c, cpu);

		for (hook = 0; hook < __CORDON_HOOK_MAX; hook++)
			for (reason = 0; reason < __CORDON_REASON_MAX; reason++)
				sum->verdict[hook][reason] +=
					(u64)local64_read(&one->verdict[hook][reason]);
		sum->lost += (u64)local64_read(&one->lost);
	}
}
