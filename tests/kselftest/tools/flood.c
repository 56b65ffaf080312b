// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many frames, each with its own sequence number, and where every one of them went:
 *
 *   flood n=20000 want=arrive at=d2[,d3] [not=d5] FRAME                each arrives once at every one of these, none at `not`
 *   flood n=20000 want=some at=d2 FRAME                                at least one does (an attack that works only at times)
 *   flood n=20000 want=drop:ingress/vlan[|ingress/malformed] FRAME     none arrives anywhere, and these counters rise by n in all
 *   ... of=d1 [of_vlan=20]     and the drops of this device's record rise by n
 *   ... told=MAC               and an event names this source; those that were not told are counted as lost
 *   ... attack=N               the number of the attack, part of the payload
 *
 * Words whose value begins with @ change from frame to frame (sweep.c).
 */
#include "lab.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweep.h"

#define BATCH 64
#define MAX_WANTED 6

struct flood {
	uint32_t run;
	uint64_t n;
	uint8_t *seen[MAX_TAPS];	/* a bit a sequence number */
	uint64_t arrived[MAX_TAPS];
	uint64_t twice[MAX_TAPS];
};

/** struct goal - what has to become of the frames */
struct goal {
	bool drop, some;
	int n;
	struct { int hook, reason; } counter[MAX_WANTED];
};

static struct flood flood;

bool flood_take(uint32_t run, uint64_t seq, const struct tap *tap)
{
	size_t i = (size_t)(tap - taps);

	if (!flood.n || run != flood.run || seq >= flood.n)
		return false;
	if (flood.seen[i][seq / 8] >> (seq % 8) & 1) {
		flood.twice[i]++;
		return true;
	}
	flood.seen[i][seq / 8] |= (uint8_t)(1 << (seq % 8));
	flood.arrived[i]++;
	return true;
}

static void flood_begin(uint64_t n, uint32_t id)
{
	static uint32_t runs;

	taps_drain();
	memset(&flood, 0, sizeof(flood));
	flood.n = n;
	flood.run = 0x40000000U | id << 20 | (++runs & 0xfffff);
	for (int i = 0; i < n_taps; i++)
		flood.seen[i] = calloc(1, n / 8 + 1);
}

static void flood_end(void)
{
	for (int i = 0; i < n_taps; i++)
		free(flood.seen[i]);
	flood.n = 0;
}

static bool goal_parse(const char *text, struct goal *goal)
{
	char copy[300], *save = NULL;
	struct want want;

	memset(goal, 0, sizeof(*goal));
	if (!text)
		return false;
	goal->some = !strcmp(text, "some");
	if (goal->some || !strcmp(text, "arrive"))
		return true;
	goal->drop = true;
	if (strncmp(text, "drop:", 5))
		return false;
	snprintf(copy, sizeof(copy), "%s", text + 5);
	for (char *it = strtok_r(copy, "|", &save); it; it = strtok_r(NULL, "|", &save)) {
		if (goal->n == MAX_WANTED || !want_parse(it, &want) || want.hook < 0)
			return false;
		goal->counter[goal->n].hook = want.hook;
		goal->counter[goal->n++].reason = want.reason;
	}
	return goal->n > 0;
}

/* Sends all. Return: NULL, or why not. */
static const char *send_all(struct words *w, struct sweeps *sweeps)
{
	static uint8_t frames[BATCH][FRAME_ROOM];
	const struct host *from = host_find(word(w, "from"));
	const char *name = word(w, "tap"), *why = NULL;
	struct tap *tap = tap_find(name ? name : from ? from->tap : NULL);
	size_t len[BATCH];
	uint64_t seq = 0;

	if (!tap)
		return "no tap to send through";
	while (seq < flood.n) {
		int batch = 0, err;

		for (; batch < BATCH && seq < flood.n; batch++, seq++) {
			sweeps_set(sweeps, seq);
			len[batch] = frame_make(w, flood.run, seq, frames[batch], &why);
			if (!len[batch])
				return why;
			why = tap->vnet ? vnet_send(tap, w, frames[batch], len[batch]) : NULL;
			if (why)
				return why;
		}
		err = tap->vnet ? 0 : tap_send_many(tap, frames, len, batch);
		if (err)
			return strerror(-err);
		(void)stream_tick();
		taps_drain_ready();
	}
	return NULL;
}

/** struct tally - the taps' answer: @least at those named, @leaked in all at those where nothing may come */
struct tally {
	uint64_t least, leaked, any;
};

static struct tally tally(const struct words *w, const struct goal *goal)
{
	const struct host *from = host_find(word(w, "from"));
	const char *at = word(w, "at"), *not = word(w, "not");
	struct tally t = { .least = UINT64_MAX };

	for (int i = 0; i < n_taps; i++) {
		bool own = from && !strcmp(from->tap, taps[i].name);
		bool on_the_way = taps[i].inner && goal->drop && goal->counter[0].hook > CORDON_HOOK_INGRESS;
		bool named = word_lists(at, taps[i].name);

		if (named && flood.arrived[i] < t.least)
			t.least = flood.arrived[i];
		if (named)
			t.any += flood.arrived[i];
		if (goal->drop ? !own && !on_the_way : word_lists(not, taps[i].name))
			t.leaked += flood.arrived[i];
		if (!goal->drop && !goal->some && named)
			t.leaked += flood.twice[i];
	}
	if (t.least == UINT64_MAX)
		t.least = 0;
	return t;
}

static uint64_t counted(const struct goal *goal, const struct counters *now, const struct counters *before)
{
	uint64_t total = 0;

	for (int i = 0; i < goal->n; i++)
		total += now->v[goal->counter[i].hook][goal->counter[i].reason] -
			 before->v[goal->counter[i].hook][goal->counter[i].reason];
	return total;
}

/* Waits until all is settled, or time is up. */
static void settle(const struct words *w, const struct goal *goal, struct tally *t, struct counters *now, const struct counters *before)
{
	long end = now_ms() + patience_ms(w, 3000);

	for (;;) {
		taps_drain();
		*t = tally(w, goal);
		kernel_counters(now);
		if (goal->drop ? counted(goal, now, before) >= flood.n : t->least >= flood.n)
			break;
		if (now_ms() >= end || (goal->some && t->any))
			break;
		wait_fd(-1, 0, 2);
	}
	taps_drain();
	*t = tally(w, goal);
	kernel_counters(now);
}

static void describe_arrivals(char *out, size_t room)
{
	size_t at = 0;

	out[0] = '\0';
	for (int i = 0; i < n_taps && at < room; i++)
		if (flood.arrived[i])
			at += (size_t)snprintf(out + at, room - at, "%s%s:%llu", at ? "," : "", taps[i].name,
					       (unsigned long long)flood.arrived[i]);
	if (!at)
		snprintf(out, room, "nowhere");
}

/** struct witness - what the device's record and the events said before */
struct witness {
	uint64_t drops, lost;
};

/*
 * Waits until what was dropped before is told or lost, so long that the module may tell again: with its burst used up it tells one
 * each 10 ms. Return: how many are lost so far.
 */
static uint64_t events_settled(void)
{
	uint64_t lost = events_lost(), was;
	int rounds = 0;

	do {
		was = lost;
		events_forget();
		wait_fd(-1, 0, 60);
		lost = events_lost();
	} while ((lost != was || events_of(NULL)) && ++rounds < 10);
	events_forget();
	return lost;
}

/* Counters and events of one moment: nothing may be dropped between the two readings. */
static struct witness witness_begin(const struct words *w, struct counters *counters)
{
	struct witness before = { .drops = word_has(w, "of") ? device_drops(w) : 0 };
	int rounds = 0;

	do {
		if (word_has(w, "told"))
			before.lost = events_settled();
		kernel_counters(counters);
	} while (word_has(w, "told") && (events_lost() != before.lost || events_of(NULL)) && ++rounds < 10);
	return before;
}

/* Events are sent by a worker: all of @drops are told or lost only some time later. */
static const char *events_wrong(const struct words *w, uint64_t lost_before, uint64_t drops)
{
	static char why[200];
	long end = now_ms() + patience_ms(w, 3000);
	uint64_t named, all, lost;

	do {
		named = events_of(word(w, "told"));
		all = events_of(NULL);
		lost = events_lost() - lost_before;
		if (named && all + lost == drops)
			return NULL;
		wait_fd(-1, 0, 5);
	} while (now_ms() < end);
	snprintf(why, sizeof(why), "events: %llu name it, %llu in all, %llu lost of %llu", (unsigned long long)named,
		 (unsigned long long)all, (unsigned long long)lost, (unsigned long long)drops);
	return why;
}

/* What else has to be: the device's own record, and the events. Return: NULL or what is wrong. */
static const char *witness_wrong(const struct words *w, const struct witness *before, uint64_t drops)
{
	static char why[100];
	uint64_t got = word_has(w, "of") ? device_drops(w) - before->drops : flood.n;

	snprintf(why, sizeof(why), "the device's record has %llu drops", (unsigned long long)got);
	if (got != flood.n)
		return why;
	return word_has(w, "told") ? events_wrong(w, before->lost, drops) : NULL;
}

static void run_flood(struct words *w, struct sweeps *sweeps, const struct goal *goal)
{
	char where[300], drops[600];
	struct counters before, now;
	const char *why, *wrong;
	struct witness told;
	struct tally t;
	long began_ms, took_ms;
	bool fine;

	told = witness_begin(w, &before);
	began_ms = now_ms();
	why = send_all(w, sweeps);
	if (why) {
		answer("bad not sent: %s", why);
		return;
	}
	settle(w, goal, &t, &now, &before);
	took_ms = now_ms() - began_ms;
	if (goal->drop)
		fine = !t.leaked && counted(goal, &now, &before) == flood.n;
	else
		fine = !t.leaked && (goal->some ? t.any > 0 : t.least == flood.n);
	wrong = witness_wrong(w, &told, counters_drops(&now, &before));
	describe_arrivals(where, sizeof(where));
	describe_drops(&now, &before, drops, sizeof(drops));
	answer("%s sent=%llu ms=%ld least=%llu leaked=%llu arrived=%s drops=%s%s%s", fine && !wrong ? "ok" : "bad", (unsigned long long)flood.n,
	       took_ms, (unsigned long long)t.least, (unsigned long long)t.leaked, where, drops, wrong ? " " : "", wrong ? wrong : "");
}

void do_flood(const struct words *given)
{
	static struct sweeps sweeps;
	struct words w = *given;
	struct goal goal;

	if (!goal_parse(word(&w, "want"), &goal) || word_num(&w, "n", 0) < 1) {
		answer("bad flood n= want=arrive|some|drop:HOOK/REASON");
		return;
	}
	if (!sweeps_read(&sweeps, &w)) {
		answer("bad a value beginning with @ that cannot be read");
		return;
	}
	if (!sweeps_prepare(&sweeps, (uint64_t)word_num(&w, "n", 1))) {
		answer("bad no memory");
		return;
	}
	flood_begin((uint64_t)word_num(&w, "n", 1), (uint32_t)word_num(&w, "attack", 0) & 0x3ff);
	run_flood(&w, &sweeps, &goal);
	sweeps.base += flood.n;
	flood_end();
}
