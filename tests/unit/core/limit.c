// SPDX-License-Identifier: GPL-2.0-or-later
/* Limits: how exact the rates are, what a pause, a wrap and a clock that goes back do, and many threads at once. */
#include <pthread.h>
#include <stdio.h>

#include "core_test.h"

#define NS 1000000000ULL

/* Frames of @units each @gap_ns, for @seconds from @start. Return: units that passed. */
static u64 passed(u64 rate, u32 units, u64 gap_ns, u64 ns, u64 start)
{
	cordon_word word = { 0 };
	struct cordon_cost cost;
	u64 total = 0;

	cordon_cost_of(&cost, rate);
	for (u64 t = 0; t < ns; t += gap_ns)
		total += cordon_limit_take(&word, &cost, start + t, units) ? units : 0;
	return total;
}

/* All that a flood of 2 to 4 times the rate gets in @ns is the rate, the burst and one frame: no less, no more. */
static void rate_holds(u64 rate, u32 units, u64 ns)
{
	u64 gap = units * NS / rate / 3, got = passed(rate, units, gap ? gap : 1, ns, 5 * NS);
	double want = (double)rate * ((double)ns + (double)CORDON_LIMIT_BURST_NS) / 1e9;

	check((double)got <= (want + units) * 1.001 + 1 && (double)got >= (want - units) * 0.999 - 1,
	      "%llu/s in frames of %u: %llu passed in %llu ms, %.0f wanted", (unsigned long long)rate, units,
	      (unsigned long long)got, (unsigned long long)(ns / 1000000), want);
}

static void rates(void)
{
	static const u64 rate[] = { 1, 2, 3, 7, 999, 5000, 1000000, 9999999, 10000000 };
	static const u64 bits[] = { 1000, 64000, 20000000, 1000000000, 10000000000, 99999999999, 100000000000 };
	struct cordon_cost cost;
	bool exact = true;

	for (size_t i = 0; i < ARRAY_SIZE(rate); i++)
		rate_holds(rate[i], 1, rate[i] < 1000 ? 100 * NS : rate[i] < 1000000 ? 10 * NS : NS / 2);
	for (size_t i = 0; i < ARRAY_SIZE(bits); i++) {
		rate_holds(bits[i], 512, bits[i] < 1000000 ? 100 * NS : NS / 20);
		rate_holds(bits[i], 12112, bits[i] < 1000000 ? 1000 * NS : NS / 2);
	}
	for (u64 r = 1; r <= 100000000000; r = r * 5 / 4 + 1) {
		double want = 16e9 / (double)r, is;

		cordon_cost_of(&cost, r);
		is = (double)cost.factor / (double)(1ULL << cost.shift);
		exact &= cost.factor < 1ULL << 34 && cost.shift < 30 && is <= want && is > want * (1 - 1e-6);
	}
	check(exact, "the cost of a unit is exact to a millionth at every rate");
	cordon_cost_of(&cost, 0);
	check(!cost.factor, "rate 0 costs nothing");
}

static void large_frames(void)
{
	struct cordon_cost cost;
	cordon_word word = { 0 };

	cordon_cost_of(&cost, 1000);
	check(cordon_limit_take(&word, &cost, NS, 524288) && !cordon_limit_take(&word, &cost, NS, 1) &&
	      !cordon_limit_take(&word, &cost, NS * 525, 1) && cordon_limit_take(&word, &cost, NS * 526, 1),
	      "a frame larger than the burst passes, and what follows pays for it");
	word.value = 0;
	cordon_cost_of(&cost, 1);
	check(cordon_limit_take(&word, &cost, NS, 0xffffffff) && word.value == (u64)CORDON_LIMIT_UNITS_MAX * 16 * NS + 16 * NS,
	      "the largest frame at the lowest rate does not overflow");
}

static void clocks(void)
{
	struct cordon_cost cost;
	cordon_word word = { 0 };
	unsigned int n = 0;
	u64 t = 0 - NS;	/* the word wraps within the next 16 s */
	bool wrapped = true;

	cordon_cost_of(&cost, 10);
	for (word.value = t << CORDON_LIMIT_FRACTION; n < 40; n++, t += NS / 10)
		wrapped &= cordon_limit_take(&word, &cost, t, 1);
	check(wrapped && !(cordon_limit_take(&word, &cost, t, 1) && cordon_limit_take(&word, &cost, t, 1) &&
			   cordon_limit_take(&word, &cost, t, 1)), "a clock that wraps is no matter");
	t = 100 * NS;
	word.value = 0;
	for (n = 0; n < 100; n++)
		(void)cordon_limit_take(&word, &cost, t, 1);
	check(!cordon_limit_take(&word, &cost, t - 50 * NS, 1) && !cordon_limit_take(&word, &cost, t, 1) &&
	      cordon_limit_take(&word, &cost, t + NS / 5, 1), "a clock that goes back grants nothing");
	t += 3600 * 24 * 365 * NS;
	for (n = 0; cordon_limit_take(&word, &cost, t, 1); n++)
		;
	check(n == 2, "a year's pause grants the burst and one: %u", n);
}

static void given_back(void)
{
	struct cordon_cost cost;
	cordon_word word = { 0 };
	u64 was;

	cordon_cost_of(&cost, 5000);
	(void)cordon_limit_take(&word, &cost, NS, 1);
	was = word.value;
	for (int i = 0; i < 1000; i++) {
		(void)cordon_limit_take(&word, &cost, NS, 7);
		cordon_limit_give_back(&word, &cost, 7);
	}
	check(word.value == was, "what is given back was never charged");
}

struct thread {
	pthread_t id;
	cordon_word *word;
	const struct cordon_cost *cost;
	cordon_word *clock;
	u64 got;
};

/* Each call is a step of the clock that all share. */
static void *hammer(void *arg)
{
	struct thread *t = arg;
	u64 now;

	while ((now = __atomic_add_fetch(&t->clock->value, 1000, __ATOMIC_RELAXED)) < 3 * NS)
		t->got += cordon_limit_take(t->word, t->cost, now, 1);
	return NULL;
}

/* 8 threads, a million takes a second of that clock: together they get what one would. */
static void threads(void)
{
	cordon_word word = { 0 }, clock = { NS };
	struct thread thread[8];
	struct cordon_cost cost;
	u64 got = 0;

	cordon_cost_of(&cost, 200000);
	for (int i = 0; i < 8; i++) {
		thread[i] = (struct thread){ .word = &word, .cost = &cost, .clock = &clock };
		if (pthread_create(&thread[i].id, NULL, hammer, &thread[i]))
			check(false, "no thread");
	}
	for (int i = 0; i < 8; i++) {
		pthread_join(thread[i].id, NULL);
		got += thread[i].got;
	}
	check(got >= 200000 * 2 * 0.99 && got <= 200000 * 2.1 * 1.001 + 8, "8 threads share 200000/s for 2 s: %llu passed",
	      (unsigned long long)got);
}

void test_limit(void)
{
	check(sizeof(struct cordon_device) == 32, "limits make no device record longer");
	rates();
	large_frames();
	clocks();
	given_back();
	threads();
}
