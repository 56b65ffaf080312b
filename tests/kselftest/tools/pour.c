// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A flood at a steady rate through a limit, measured by the guest's clock:
 *
 *   pour pps=600 limit=200 [bits] [seconds=10] [cold] [atmost] at=d2 over=ingress/limit-packets FRAME
 *
 * For so many seconds, after others in which the burst is used up (cold: from the first frame on), what arrives at the tap has to be
 * within 2 % of the limit, in frames or (bits) in their bits. Every frame sent has arrived or was counted as `over`. A limit that
 * grants time grants less to a sender that pauses for longer than its burst: that time is taken off. When this one paused for a fifth
 * of it, or what it sent was held up on the way and less than the limit arrived, all is done again, and all= counts every drop. More
 * than the limit is too much at once.
 *
 *   atmost      for a kernel that is too slow to send evenly: never more than the limit and its burst, however little
 *
 *   pour pps=600 limit=none ...      every frame arrives
 */
#include "lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sweep.h"

#define NS 1000000000ULL
#define WARM_NS (NS / 2)
/* What a limit grants at once after a pause, CORDON_LIMIT_BURST_NS: a longer pause costs the sender the rest of its time. */
#define BURST_NS (NS / 10)
#define ATTEMPTS 15
#define BATCH 64

struct pour {
	uint32_t run;
	const struct tap *tap;
	uint64_t sent, arrived;
	uint64_t from;		/* sequence number of the first frame that is measured */
	uint64_t measured;	/* arrivals from there on */
	uint64_t lost_ns;	/* of pauses, what is longer than the burst */
	size_t frame_len;
};

static struct pour pour;
/* Goes on from pour to pour: a connection that begins must not be an old one. */
static uint64_t swept;

bool pour_take(uint32_t run, uint64_t seq, const struct tap *tap)
{
	if (!pour.run || run != pour.run)
		return false;
	if (tap == pour.tap) {
		pour.arrived++;
		pour.measured += seq >= pour.from;
	}
	return true;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS + (uint64_t)t.tv_nsec;
}

/* Up to @n frames at once. Return: NULL, or why not. */
static const char *send_some(struct words *w, struct sweeps *sweeps, struct tap *out, uint64_t n)
{
	static uint8_t frames[BATCH][FRAME_ROOM];
	const char *why = NULL;
	size_t len[BATCH];
	int batch = 0, err;

	for (; batch < BATCH && (uint64_t)batch < n; batch++) {
		sweeps_set(sweeps, swept++);
		len[batch] = frame_make(w, pour.run, pour.sent++, frames[batch], &why);
		if (!len[batch])
			return why;
	}
	pour.frame_len = len[0];
	err = tap_send_many(out, frames, len, batch);
	return err ? strerror(-err) : NULL;
}

/*
 * @pps frames a second for @ns. What a longer pause than the burst left out is not made up for: so much at once would be too much for other
 * limits too. Return: NULL, or why not; *took: how long it was.
 */
static const char *phase(struct words *w, struct sweeps *sweeps, struct tap *out, uint64_t pps, uint64_t ns, uint64_t *took)
{
	uint64_t start = now_ns(), last = start, first = pour.sent, paused = 0, now;
	const char *why = NULL;

	while (!why && (now = now_ns()) - start < ns) {
		uint64_t pause = now - last > BURST_NS ? now - last - BURST_NS : 0;
		uint64_t due = first + (now - start - paused - pause) * pps / NS + 1;

		if (pour.sent >= due) {
			(void)stream_tick();
			taps_drain_ready();
			wait_fd(-1, 0, 1);
			continue;
		}
		why = send_some(w, sweeps, out, due - pour.sent);
		paused += pause;
		last = now;
	}
	pour.lost_ns += paused;
	*took = now_ns() - start;
	return why;
}

static uint64_t settled(const struct words *w, const struct want *over, const struct counters *before, struct counters *after)
{
	long end = now_ms() + patience_ms(w, 2000);
	uint64_t dropped;

	do {
		taps_drain();
		kernel_counters(after);
		dropped = after->v[over->hook][over->reason] - before->v[over->hook][over->reason];
		if (pour.arrived + dropped == pour.sent)
			break;
		wait_fd(-1, 0, 5);
	} while (now_ms() < end);
	return dropped;
}

/* Return: whether so many of the limit's units a second are too many for @took ns; of one frame more nothing can be said. */
static bool too_many(const struct words *w, uint64_t units, uint64_t limit, uint64_t took)
{
	uint64_t frame = word_has(w, "bits") ? pour.frame_len * 8 : 1;

	/* From the first frame on the burst is in it: of 10 s that is 1 %, of fewer more than 2 %. */
	if (word_has(w, "atmost") || (word_has(w, "cold") && took < 10 * NS))
		return units > limit * (took + BURST_NS) / NS + frame;
	return units * NS / took * 100 > limit * 102;
}

/* The flood and, before it, what uses up the burst. Return: NULL, or why not; *took: how long what counts took. */
static const char *flow(struct words *w, struct sweeps *sweeps, struct tap *out, uint64_t *took)
{
	uint64_t pps = (uint64_t)word_num(w, "pps", 1000), ns = (uint64_t)word_num(w, "seconds", 10) * NS;
	bool cold = word_has(w, "cold");
	const char *why = NULL;

	pour.from = cold ? 0 : UINT64_MAX;
	if (!cold)
		why = phase(w, sweeps, out, pps, WARM_NS, took);
	pour.lost_ns = 0;
	pour.from = pour.sent;
	taps_drain();
	return !why && (cold || pour.arrived) ? phase(w, sweeps, out, pps, ns, took) : why;
}

/* Return: whether it was a measurement; said: what came of it. @all: grows by what was dropped. */
static bool attempt(struct words *w, struct sweeps *sweeps, struct tap *out, const struct want *over, uint64_t *all, char *said, size_t room)
{
	static uint32_t runs = 0x20000000U;
	uint64_t limit = (uint64_t)word_num(w, "limit", 0), took = 1, dropped, units, held;
	bool even = limit && !word_has(w, "atmost"), good, uneven, low;
	struct counters before, after;
	const char *why;
	char drops[600];

	memset(&pour, 0, sizeof(pour));
	pour.run = ++runs;
	pour.tap = tap_find(word(w, "at"));
	kernel_counters(&before);
	why = flow(w, sweeps, out, &took);
	dropped = settled(w, over, &before, &after);
	*all += dropped;
	units = pour.measured * (word_has(w, "bits") ? pour.frame_len * 8 : 1);
	held = units * NS / took;
	good = !why && pour.arrived + dropped == pour.sent && !(limit && too_many(w, units, limit, took)) && (limit ? dropped > 0 : !dropped);
	low = even && units * NS * 100 < limit * 98 * (took - pour.lost_ns);
	uneven = even && pour.lost_ns > took / 5;
	describe_drops(&after, &before, drops, sizeof(drops));
	snprintf(said, room, "%s %s sent=%llu arrived=%llu over=%llu all=%llu held=%llu limit=%llu ms=%llu lost_ms=%llu drops=%s",
		 good && !low && !uneven ? "ok" : "bad", why ? why : uneven ? "paused" : low ? "held up" : "", (unsigned long long)pour.sent,
		 (unsigned long long)pour.arrived, (unsigned long long)dropped, (unsigned long long)*all, (unsigned long long)held, (unsigned long long)limit,
		 (unsigned long long)(took / 1000000), (unsigned long long)(pour.lost_ns / 1000000), drops);
	return !good || !(low || uneven);
}

void do_pour(const struct words *given)
{
	static struct sweeps sweeps;
	struct words w = *given;
	const struct host *from = host_find(word(&w, "from"));
	struct tap *out = from ? tap_find(from->tap) : NULL;
	struct want over;
	char text[80], said[1000] = "";
	uint64_t all = 0;
	bool done = false;

	snprintf(text, sizeof(text), "drop:%s", word(&w, "over") ? word(&w, "over") : "");
	if (!out || !tap_find(word(&w, "at")) || !want_parse(text, &over) || over.hook < 0 || !sweeps_read(&sweeps, &w)) {
		answer("bad pour pps= limit= from= at= over=HOOK/REASON FRAME");
		return;
	}
	for (int i = 0; i < ATTEMPTS && !done; i++)
		done = attempt(&w, &sweeps, out, &over, &all, said, sizeof(said));
	answer("%s", said);
	pour.run = 0;
}
