// SPDX-License-Identifier: GPL-2.0-only
/* See limit.h. Times are compared by their difference, so a word that wraps around is no matter. */
#include "limit.h"

#define SECOND (1000000000ULL << CORDON_LIMIT_FRACTION)
#define BURST (CORDON_LIMIT_BURST_NS << CORDON_LIMIT_FRACTION)
#define SHIFT_MAX 29
#define FACTOR_BITS 34
#define ATTEMPTS 16

void cordon_cost_of(struct cordon_cost *cost, u64 rate)
{
	cost->factor = 0;
	cost->shift = 0;
	if (!rate)
		return;
	cost->shift = SHIFT_MAX;
	while (cost->shift && cordon_div64(SECOND << cost->shift, rate) >> FACTOR_BITS)
		cost->shift--;
	cost->factor = cordon_div64(SECOND << cost->shift, rate);
}

static u64 price(const struct cordon_cost *cost, u32 units)
{
	if (unlikely(units > CORDON_LIMIT_UNITS_MAX))
		units = CORDON_LIMIT_UNITS_MAX;
	return (units * cost->factor + (1ULL << cost->shift >> 1)) >> cost->shift;
}

bool cordon_limit_take(cordon_word *spent, const struct cordon_cost *cost, u64 now_ns, u32 units)
{
	u64 now = now_ns << CORDON_LIMIT_FRACTION, was = cordon_word_read(spent), add;
	int i;

	add = price(cost, units);
	for (i = 0; i < ATTEMPTS; i++) {
		s64 ahead = (s64)(was - now);

		if (ahead > (s64)BURST)
			return false;
		/* On failure @was is what the word is now. */
		if (cordon_word_swap(spent, &was, (ahead > 0 ? was : now) + add))
			return true;
	}
	cordon_word_add(spent, add);
	return true;
}

void cordon_limit_give_back(cordon_word *spent, const struct cordon_cost *cost, u32 units)
{
	cordon_word_add(spent, -price(cost, units));
}
