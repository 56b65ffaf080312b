// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One case with raw frames: sends n=3 of them and watches taps and counters.
 *
 *   try want=arrive at=d2[,d3] [not=d5] FRAME          exactly n arrive at each, none at `not`
 *   try want=drop:ingress/service [at=d2] FRAME        none arrives at `at` (default: anywhere) and the counter rises by exactly n
 *   try want=drop:egress/group*2 ...                   ... by n times the factor
 *   try want=gone [at=d2] FRAME                        none arrives, whoever dropped it (a counter moved)
 *   try want=silence ms=100 [at=d2] FRAME              none arrives for so long
 *   send FRAME [n=N]                                   sends and does not look
 */
#include "lab.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t run = 0;

bool want_parse(const char *text, struct want *want)
{
	const char *slash, *star;

	memset(want, 0, sizeof(*want));
	want->hook = want->reason = -1;
	want->factor = 1;
	if (!text)
		return false;
	if (!strcmp(text, "arrive"))
		return true;
	want->drop = true;
	if (!strcmp(text, "gone"))
		return true;
	want->silent = !strcmp(text, "silence");
	if (want->silent)
		return true;
	if (!strncmp(text, "drop:", 5))
		text += 5;
	slash = strchr(text, '/');
	star = strchr(text, '*');
	if (!slash)
		return false;
	want->hook = hook_by_name(text, (size_t)(slash - text));
	slash++;
	want->reason = reason_by_name(slash, star ? (size_t)(star - slash) : strlen(slash));
	if (star)
		want->factor = atoi(star + 1);
	return want->hook >= 0 && want->reason >= 0;
}

/* Sends n frames of a new run. */
static const char *send_run(const struct words *w, long n)
{
	const struct host *from = host_find(word(w, "from"));
	const char *name = word(w, "tap"), *why = NULL;
	static uint8_t frame[FRAME_ROOM];
	struct tap *tap = tap_find(name ? name : from ? from->tap : NULL);

	if (!tap)
		return "no tap to send through";
	run++;
	taps_begin_run(run);
	for (long i = 0; i < n; i++) {
		size_t len = frame_make(w, run, (uint64_t)i, frame, &why);
		int err = len ? tap_send(tap, frame, len) : 0;

		if (!len)
			return why;
		if (err)
			return strerror(-err);
	}
	return NULL;
}

void do_send(const struct words *w)
{
	const char *why = send_run(w, word_num(w, "n", 1));

	answer(why ? "bad %s" : "ok", why);
}

/* The fewest that arrived at one of the named taps; the most at any tap that should have none: by default any but those on the way. */
static void count_arrived(const struct words *w, const struct want *want, unsigned int *least, unsigned int *most)
{
	const struct host *from = host_find(word(w, "from"));
	const char *at = word(w, "at"), *not = word(w, "not");

	taps_drain();
	*least = 1000;
	*most = 0;
	for (int i = 0; i < n_taps; i++) {
		bool elsewhere = !(from && !strcmp(from->tap, taps[i].name)) && !(taps[i].inner && want->hook > CORDON_HOOK_INGRESS);
		bool named = at ? word_lists(at, taps[i].name) : elsewhere;
		bool unwanted = want->drop ? named : word_lists(not, taps[i].name);

		if (!want->drop && at && named && taps[i].arrived < *least)
			*least = taps[i].arrived;
		if (unwanted && taps[i].arrived > *most)
			*most = taps[i].arrived;
	}
	if (*least == 1000)
		*least = 0;
}

static void describe_taps(char *out, size_t room)
{
	size_t at = 0;

	out[0] = '\0';
	for (int i = 0; i < n_taps && at < room; i++)
		if (taps[i].arrived)
			at += (size_t)snprintf(out + at, room - at, "%s%s:%u", at ? "," : "", taps[i].name, taps[i].arrived);
	if (!at)
		snprintf(out, room, "nowhere");
}

/* Whether waiting longer can tell nothing new. */
static bool settled(const struct want *want, long n, unsigned int least, unsigned int most, const struct counters *now,
		    const struct counters *before)
{
	uint64_t drops;

	if (want->silent)
		return most > 0;
	/* Copies that later hooks drop say nothing: a group frame reaches one port and not another. */
	if (!want->drop)
		return least >= (unsigned long)n || counters_drops_at(now, before, CORDON_HOOK_INGRESS) >= (uint64_t)n;
	/* Copies of one frame may be dropped at several places before the next frame is judged where it was asked for. */
	drops = want->hook < 0 ? counters_drops(now, before) :
				 now->v[want->hook][want->reason] - before->v[want->hook][want->reason];
	/* What ingress has dropped meets no later hook. */
	return most >= (unsigned long)n || drops >= (uint64_t)(n * want->factor) ||
	       counters_drops_at(now, before, CORDON_HOOK_INGRESS) >= (uint64_t)n;
}

static bool as_wanted(const struct want *want, long n, unsigned int least, unsigned int most, const struct counters *now,
		      const struct counters *before)
{
	if (!want->drop)
		return least == (unsigned long)n && !most;
	if (want->silent)
		return !most;
	if (want->hook < 0)
		return !most && counters_drops(now, before) >= (uint64_t)n;
	return !most && now->v[want->hook][want->reason] - before->v[want->hook][want->reason] == (uint64_t)(n * want->factor);
}

void do_try(const struct words *w)
{
	char where[300], drops[600];
	long n = word_num(w, "n", 3), end;
	struct counters before, now;
	unsigned int least, most;
	const char *why;
	struct want want;

	if (!want_parse(word(w, "want"), &want)) {
		answer("bad want=%s?", word(w, "want") ? word(w, "want") : "");
		return;
	}
	kernel_counters(&before);
	why = send_run(w, n);
	if (why) {
		answer("bad not sent: %s", why);
		return;
	}
	end = now_ms() + (want.silent ? watch_ms(w, 500) : patience_ms(w, 3000));
	for (;;) {
		kernel_counters(&now);
		count_arrived(w, &want, &least, &most);
		if (settled(&want, n, least, most, &now, &before) || now_ms() >= end)
			break;
		wait_fd(-1, 0, 2);
	}
	/* Once more for both: a frame may be between the two looks. */
	kernel_counters(&now);
	count_arrived(w, &want, &least, &most);
	describe_taps(where, sizeof(where));
	describe_drops(&now, &before, drops, sizeof(drops));
	answer("%s sent=%ld arrived=%s drops=%s", as_wanted(&want, n, least, most, &now, &before) ? "ok" : "bad", n, where, drops);
}
