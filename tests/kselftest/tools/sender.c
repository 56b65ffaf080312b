// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The thread that sends for `turns`. It works on frames that are made already: of each the round is the canary's sequence number, and the
 * eight bytes behind the canary are its complement, so that every checksum stays right.
 */
#include "turns.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ROUNDS (1U << 22)
/* Each frame waits in the kernel's backlog twice, if softirqs are late: of all kinds far less than that holds (house_quiet). */
#define AHEAD 40

struct kind kinds[MAX_KINDS];
int n_kinds;

static pthread_t thread;
static atomic_ullong begun, ended, seen_up_to;
static atomic_bool stop;
static atomic_int trouble;
static bool running;

static void set_round(struct kind *kind, uint64_t n)
{
	uint64_t complement = ~n;

	memcpy(kind->frame + kind->seq_at, &n, sizeof(n));
	memcpy(kind->frame + kind->seq_at + 8, &complement, sizeof(complement));
}

static struct kind *kind_of(uint32_t run)
{
	for (int i = 0; i < n_kinds; i++)
		if (kinds[i].run == run)
			return &kinds[i];
	return NULL;
}

bool turns_take(uint32_t run, uint64_t seq, const struct tap *tap)
{
	struct kind *kind = run >> 28 == 3 ? kind_of(run) : NULL;

	if (!kind || seq >= MAX_ROUNDS)
		return false;
	if (tap == kind->at)
		kind->there[seq / 8] |= (uint8_t)(1 << seq % 8);
	if (tap != kind->out && (!tap->inner || tap == kind->at))
		kind->somewhere[seq / 8] |= (uint8_t)(1 << seq % 8);
	return true;
}

uint64_t kind_arrived(const struct kind *kind, bool there, uint64_t from, uint64_t to)
{
	const uint8_t *bits = there ? kind->there : kind->somewhere;
	uint64_t n = 0;

	for (uint64_t i = from; i < to && i < MAX_ROUNDS; i++)
		n += bits[i / 8] >> (i % 8) & 1;
	return n;
}

static bool read_in(const char *text, enum kind_in *in)
{
	static const char *const names[] = { "never", "a", "b", "both" };

	for (int i = 0; text && i < 4; i++) {
		if (strcmp(text, names[i]))
			continue;
		*in = (enum kind_in)i;
		return true;
	}
	return false;
}

/* Zeros behind the canary of round 0 are as good for a checksum as all ones: size= makes room for them. */
static const char *make(struct kind *kind, const struct words *given)
{
	struct words w = *given;
	const char *why = "too many words";
	uint8_t mark[CANARY_BYTES];
	uint8_t *at;

	if (w.n == MAX_WORDS)
		return why;
	w.v[w.n].key = (char *)"size";
	w.v[w.n++].value = (char *)"24";
	kind->len = frame_make(&w, kind->run, 0, kind->frame, &why);
	if (!kind->len)
		return why;
	canary_put(mark, kind->run, 0);
	at = memmem(kind->frame, kind->len, mark, sizeof(mark));
	if (!at || at + CANARY_BYTES + 8 > kind->frame + kind->len)
		return "no room for a sequence number";
	kind->seq_at = (size_t)(at - kind->frame) + 8;
	return NULL;
}

const char *kind_add(const struct words *w)
{
	const struct host *from = host_find(word(w, "from"));
	const char *out = word(w, "tap"), *why;
	static uint32_t runs = 0x30000000U;
	struct kind *kind = &kinds[n_kinds];

	if (n_kinds == MAX_KINDS || running)
		return "no more kinds";
	memset(kind, 0, sizeof(*kind));
	kind->out = tap_find(out ? out : from ? from->tap : NULL);
	kind->at = tap_find(word(w, "at"));
	if (!kind->out || !kind->at || !read_in(word(w, "in"), &kind->in))
		return "from=, at= and in=a|b|both|never are needed";
	kind->run = ++runs;
	why = make(kind, w);
	if (why)
		return why;
	kind->there = calloc(2, MAX_ROUNDS / 8);
	kind->somewhere = kind->there + MAX_ROUNDS / 8;
	n_kinds++;
	return NULL;
}

void kinds_clear(void)
{
	for (int i = 0; i < n_kinds; i++)
		free(kinds[i].there);
	n_kinds = 0;
}

static void *send_rounds(void *nothing)
{
	for (uint64_t n = 0; n < MAX_ROUNDS && !atomic_load(&stop); n++) {
		/* From here on a frame of this round may be under way. */
		atomic_store(&begun, n + 1);
		for (int i = 0; i < n_kinds; i++) {
			int err;

			set_round(&kinds[i], n);
			err = tap_send(kinds[i].out, kinds[i].frame, kinds[i].len);
			if (err)
				atomic_store(&trouble, -err);
		}
		atomic_store(&ended, n + 1);
		while (n > atomic_load(&seen_up_to) + AHEAD && !atomic_load(&stop))
			wait_fd(-1, 0, 1);
	}
	return nothing;
}

const char *sender_start(void)
{
	taps_drain();
	for (int i = 0; i < n_kinds; i++)
		memset(kinds[i].there, 0, 2 * (MAX_ROUNDS / 8));
	atomic_store(&begun, 0);
	atomic_store(&ended, 0);
	atomic_store(&seen_up_to, 0);
	atomic_store(&stop, false);
	atomic_store(&trouble, 0);
	running = !pthread_create(&thread, NULL, send_rounds, NULL);
	return running ? NULL : "no thread";
}

uint64_t sender_begun(void)
{
	return atomic_load(&begun);
}

uint64_t sender_ended(void)
{
	return atomic_load(&ended);
}

const char *sender_failed(void)
{
	int err = atomic_load(&trouble);

	if (err)
		return strerror(err);
	return atomic_load(&ended) >= MAX_ROUNDS ? "more rounds than there are bits" : NULL;
}

uint64_t sender_stop(void)
{
	if (running) {
		atomic_store(&stop, true);
		pthread_join(thread, NULL);
	}
	running = false;
	return atomic_load(&ended);
}

void sender_drain(void)
{
	uint64_t sent = atomic_load(&ended);

	taps_drain_ready();
	atomic_store(&seen_up_to, sent);
}
