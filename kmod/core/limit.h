/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A limit per second, as a generic cell rate algorithm: one 64-bit word per quantity says up to
 * when its rate is spent, and each unit moves it on by what it costs in time. Lock-free; no
 * division, no branch on the rate per packet.
 *
 * A frame is let through while the word is less than CORDON_LIMIT_BURST_NS ahead of the clock, and
 * then costs all its units, however many: in any time T pass at most rate * (T + burst) units and
 * one frame, and no frame is too large to pass at all.
 */
#ifndef CORDON_CORE_LIMIT_H
#define CORDON_CORE_LIMIT_H

#include "core_os.h"

/* What may pass at once after a pause: 1 % of what may pass in 10 s. */
#define CORDON_LIMIT_BURST_NS 100000000ULL

/* The word counts 1/16 ns, so that a short frame's cost at 100 Gbit/s has two digits. */
#define CORDON_LIMIT_FRACTION 4

/* Units of one frame beyond this count as this many, so that no product overflows. */
#define CORDON_LIMIT_UNITS_MAX ((1U << 29) - 1)

/**
 * struct cordon_cost - what units cost
 * @factor: time of one unit in 2^-@shift of 1/16 ns, below 2^34; 0: nothing is limited
 * @shift: 0 to 29
 */
struct cordon_cost {
	u64 factor;
	u8 shift;
};

/**
 * cordon_cost_of - the cost of one unit at a rate
 * @cost: filled
 * @rate: units per second; 0: no limit
 *
 * Exact to 2^-33 for rates of 1 to 2^37 per second.
 */
void cordon_cost_of(struct cordon_cost *cost, u64 rate);

/**
 * cordon_limit_take - charge units, if there is room
 * @spent: up to when the rate is spent, 1/16 ns; 0 at first
 * @cost: what a unit costs; its factor is not 0
 * @now_ns: a clock that never goes back and is not far from 0 at first. Where it does go back,
 *	nothing is let through until it is again where it was
 * @units: of this frame
 *
 * Whoever loses the race for the word this often to others, which all got what they wanted, is
 * charged without looking again.
 *
 * Context: any. Return: whether there was room; else nothing was charged.
 */
bool cordon_limit_take(cordon_word *spent, const struct cordon_cost *cost, u64 now_ns, u32 units);

/* Takes back a charge for a frame that went no further after all. */
void cordon_limit_give_back(cordon_word *spent, const struct cordon_cost *cost, u32 units);

#endif /* CORDON_CORE_LIMIT_H */
