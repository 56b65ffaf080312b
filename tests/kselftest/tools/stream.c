// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Streams of raw frames that run between commands, a frame every few milliseconds:
 *
 *   stream NAME start at=TAP [ms=2] FRAME     from now on
 *   stream NAME mark                          counts from here: frames sent after this answer
 *   stream NAME wait n=N                      until N were sent since the mark
 *   stream NAME count                         "ok sent=N arrived=N" since the mark
 *   stream NAME stop                          the same, and ends it
 *
 * Each stream has a run of its own, so it counts at its tap alone.
 */
#include "lab.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_STREAMS 6
#define MAX_SEQ (1 << 20)

struct stream {
	char name[16];
	char line[600];
	struct words w;
	struct tap *out, *in;
	uint32_t run;
	uint64_t seq, mark;
	long every, due;
	uint8_t *seen;
};

static struct stream streams[MAX_STREAMS];
static int n_running;

static struct stream *stream_find(const char *name)
{
	for (int i = 0; i < MAX_STREAMS; i++)
		if (streams[i].name[0] && !strcmp(streams[i].name, name))
			return &streams[i];
	return NULL;
}

bool stream_take(uint32_t run, uint64_t seq, const struct tap *tap)
{
	for (int i = 0; n_running && i < MAX_STREAMS; i++) {
		struct stream *s = &streams[i];

		if (!s->name[0] || s->run != run)
			continue;
		if (s->in == tap && seq < MAX_SEQ)
			s->seen[seq] = 1;
		return true;
	}
	return false;
}

static void send_one(struct stream *s)
{
	static uint8_t frame[FRAME_ROOM];
	const char *why;
	size_t len = frame_make(&s->w, s->run, s->seq, frame, &why);

	if (len && s->seq < MAX_SEQ - 1 && !tap_send(s->out, frame, len))
		s->seq++;
}

long stream_tick(void)
{
	long now = now_ms(), next = -1;

	for (int i = 0; n_running && i < MAX_STREAMS; i++) {
		struct stream *s = &streams[i];

		if (!s->name[0])
			continue;
		if (now >= s->due) {
			send_one(s);
			s->due = now + s->every;
		}
		if (next < 0 || s->due - now < next)
			next = s->due - now;
	}
	if (n_running)
		taps_drain();
	return next;
}

static void start(const struct words *w, const char *name)
{
	static uint32_t runs = 0x80000000U;
	const struct host *from = host_find(word(w, "from"));
	struct stream *s = NULL;
	size_t at = 0;

	for (int i = 0; i < MAX_STREAMS && !s; i++)
		if (!streams[i].name[0])
			s = &streams[i];
	if (!s || !from || !tap_find(from->tap) || !tap_find(word(w, "at"))) {
		answer("bad from= and at= are needed");
		return;
	}
	memset(s, 0, sizeof(*s));
	for (int i = 0; i < w->n && at < sizeof(s->line) - 80; i++)
		at += (size_t)snprintf(s->line + at, sizeof(s->line) - at, w->v[i].value[0] ? "%s=%s " : "%s ", w->v[i].key, w->v[i].value);
	words_split(&s->w, s->line);
	s->out = tap_find(from->tap);
	s->in = tap_find(word(w, "at"));
	s->every = word_num(w, "ms", 2);
	s->run = ++runs;
	s->seen = calloc(1, MAX_SEQ);
	snprintf(s->name, sizeof(s->name), "%s", name);
	n_running++;
	send_one(s);
	answer(s->seq ? "ok" : "bad not sent");
}

static uint64_t arrivals(const struct stream *s)
{
	uint64_t arrived = 0;

	taps_drain();
	for (uint64_t i = s->mark; i < s->seq; i++)
		arrived += s->seen[i];
	return arrived;
}

/* What was sent may still be on its way: lost is what has not come when nothing more has come for a while. */
static void count(struct stream *s, const struct words *w, const char *word_for_it)
{
	uint64_t arrived = arrivals(s), before = 0, first_lost = 0;
	long end = 0;

	while (arrived < s->seq - s->mark) {
		if (!end || arrived > before)
			end = now_ms() + patience_ms(w, 200);
		if (now_ms() >= end)
			break;
		wait_fd(-1, 0, 5);
		before = arrived;
		arrived = arrivals(s);
	}
	for (uint64_t i = s->mark; i < s->seq && !first_lost; i++)
		first_lost = s->seen[i] ? 0 : i + 1;
	answer("%s sent=%llu arrived=%llu first_lost=%lld mark=%llu", word_for_it, (unsigned long long)(s->seq - s->mark),
	       (unsigned long long)arrived, (long long)first_lost - 1, (unsigned long long)s->mark);
}

void do_stream(const struct words *w)
{
	const char *name = w->n > 1 ? w->v[1].key : "", *what = w->n > 2 ? w->v[2].key : "";
	struct stream *s = stream_find(name);
	long end = now_ms() + patience_ms(w, 10000);

	if (!strcmp(what, "start")) {
		start(w, name);
		return;
	}
	if (!s) {
		answer("bad no such stream");
		return;
	}
	if (!strcmp(what, "mark")) {
		s->mark = s->seq;
		answer("ok %llu", (unsigned long long)s->mark);
		return;
	}
	if (!strcmp(what, "wait"))
		while (s->seq - s->mark < (uint64_t)word_num(w, "n", 100) && now_ms() < end)
			wait_fd(-1, 0, stream_tick());
	count(s, w, s->seq - s->mark >= (uint64_t)word_num(w, "n", 0) ? "ok" : "bad");
	if (!strcmp(what, "stop")) {
		free(s->seen);
		s->name[0] = '\0';
		n_running--;
	}
}
