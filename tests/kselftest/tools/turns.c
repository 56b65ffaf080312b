// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two states that take turns while frames are sent without a pause by a thread of its own, and what the state of the moment denies:
 *
 *   turns add at=TAP in=a|b|both|never FRAME      one more kind of frame, and the states in which it has to arrive at TAP
 *   turns clear                                   no kinds
 *   turns run n=200 [rounds=3] ACTIONS            200 turns a -> b or b -> a; between two of them 3 rounds or more of every kind
 *   turns free rounds=50                          no turn, and every kind has to arrive (control: without cordon)
 *
 * ACTIONS are what a turn is made of:
 *
 *   a=FILE b=FILE              a commit of that ruleset
 *   quarantine=HOST [vlan=]    a: released, b: quarantined
 *   module=KO [args=TEXT] b=FILE      a: not loaded, b: loaded and armed
 *   script=FILE                FILE a, FILE b: any program
 *
 * Judged by the sender's sequence numbers: of the frames that were sent after an action returned and before the next one began, those
 * that the state denies arrive nowhere (else: leaked), those that it allows all arrive (else: lost), as do those of `both` whenever
 * they were sent.
 */
#include "turns.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_LATENCIES 20001

/** struct action - how a state begins */
struct action {
	const char *file[2];	/* rulesets */
	const char *module, *args, *script;
	const struct host *quarantined;
	int vlan;
};

struct tally {
	uint64_t denied, allowed, leaked, lost;
	unsigned int n_us;
	unsigned int us[MAX_LATENCIES];
};

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000U + (uint64_t)now.tv_nsec / 1000U;
}

static const char *load_module(const char *path, const char *args)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = fd < 0 ? errno : 0;

	if (!err && syscall(SYS_finit_module, fd, args ? args : "", 0))
		err = errno;
	if (fd >= 0)
		close(fd);
	return err ? strerror(err) : NULL;
}

static const char *unload_module(void)
{
	long end = now_ms() + 20000;

	/* A netlink message that is being handled, or a timer, may hold it for a moment. */
	while (syscall(SYS_delete_module, "cordon", O_NONBLOCK)) {
		if ((errno != EAGAIN && errno != EBUSY) || now_ms() > end)
			return strerror(errno);
		wait_fd(-1, 0, 1);
	}
	return NULL;
}

static const char *module_turn(const struct action *action, bool b)
{
	const char *why;

	if (b) {
		why = load_module(action->module, action->args);
		return why ? why : ruleset_load(action->file[1]);
	}
	why = module_disarm();
	kernel_forget();
	return why ? why : unload_module();
}

static const char *run_script(const char *path, const char *state)
{
	pid_t pid = fork();
	int status = 0;

	if (!pid) {
		execl(path, path, state, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return strerror(errno);
	return status ? "the script failed" : NULL;
}

/* Return: NULL, or why the state did not begin. */
static const char *act(const struct action *action, bool b)
{
	if (action->module)
		return module_turn(action, b);
	if (action->script)
		return run_script(action->script, b ? "b" : "a");
	if (action->quarantined)
		return device_hold(action->quarantined->mac, action->vlan, b);
	return action->file[b] ? ruleset_load(action->file[b]) : "no action";
}

static bool read_action(const struct words *w, struct action *action)
{
	memset(action, 0, sizeof(*action));
	action->file[0] = word(w, "a");
	action->file[1] = word(w, "b");
	action->module = word(w, "module");
	action->args = word(w, "args");
	action->script = word(w, "script");
	action->quarantined = host_find(word(w, "quarantine"));
	action->vlan = (int)word_num(w, "vlan", 10);
	return action->script || action->quarantined || (action->file[1] && (action->file[0] || action->module));
}

static bool allows(enum kind_in in, bool b)
{
	return in == IN_BOTH || in == (b ? IN_B : IN_A);
}

/* Waits until all that the state allows of rounds @from to @to has arrived. Return: how many have not. */
static uint64_t missing(const struct words *w, bool everything, bool b, uint64_t from, uint64_t to)
{
	long end = now_ms() + patience_ms(w, 3000);
	uint64_t lost;

	for (;;) {
		lost = 0;
		sender_drain();
		for (int i = 0; i < n_kinds; i++)
			if (everything || allows(kinds[i].in, b))
				lost += (to - from) - kind_arrived(&kinds[i], true, from, to);
		if (!lost || now_ms() >= end)
			return lost;
		wait_fd(-1, 0, 1);
	}
}

/* One state: the frames between the action's end and the next one's beginning. */
static void watch_state(const struct words *w, struct tally *t, bool b, uint64_t from)
{
	uint64_t rounds = (uint64_t)word_num(w, "rounds", 3), to;

	while ((to = sender_ended()) < from + rounds && !sender_failed()) {
		sender_drain();
		wait_fd(-1, 0, 1);
	}
	t->lost += missing(w, false, b, from, to);
	for (int i = 0; i < n_kinds; i++) {
		if (allows(kinds[i].in, b)) {
			t->allowed += to - from;
		} else {
			t->denied += to - from;
			t->leaked += kind_arrived(&kinds[i], false, from, to);
		}
	}
}

static int by_size(const void *left, const void *right)
{
	unsigned int a = *(const unsigned int *)left, b = *(const unsigned int *)right;

	return a < b ? -1 : a > b;
}

/* What holds for the whole run: `both` always arrives, `never` never does. */
static void watch_whole(const struct words *w, struct tally *t, uint64_t rounds)
{
	long end = now_ms() + patience_ms(w, 3000);
	uint64_t lost;

	do {
		lost = 0;
		sender_drain();
		for (int i = 0; i < n_kinds; i++)
			if (kinds[i].in == IN_BOTH)
				lost += rounds - kind_arrived(&kinds[i], true, 0, rounds);
		if (!lost)
			break;
		wait_fd(-1, 0, 1);
	} while (now_ms() < end);
	t->lost += lost;
	for (int i = 0; i < n_kinds; i++)
		if (kinds[i].in == IN_NEVER)
			t->leaked += kind_arrived(&kinds[i], false, 0, rounds);
}

static void report(struct tally *t, long turns, uint64_t rounds, const char *why)
{
	unsigned int n = t->n_us;

	qsort(t->us, n, sizeof(t->us[0]), by_size);
	answer("%s turns=%ld rounds=%llu denied=%llu allowed=%llu leaked=%llu lost=%llu us_p50=%u us_p99=%u us_max=%u%s%s",
	       !why && !t->leaked && !t->lost ? "ok" : "bad", turns, (unsigned long long)rounds, (unsigned long long)t->denied,
	       (unsigned long long)t->allowed, (unsigned long long)t->leaked, (unsigned long long)t->lost, n ? t->us[n / 2] : 0,
	       n ? t->us[n - 1 - n / 100] : 0, n ? t->us[n - 1] : 0, why ? " " : "", why ? why : "");
}

/* State a is the one before the first turn; where it can be had twice it is made sure of. */
static void run_turns(const struct words *w, const struct action *action)
{
	static struct tally t;
	const char *why = action->module || action->script ? NULL : act(action, false);
	long turns = word_num(w, "n", 1), done = 0;
	uint64_t rounds, began;
	bool b = false;

	memset(&t, 0, sizeof(t));
	if (!why)
		why = sender_start();
	if (!why)
		watch_state(w, &t, b, 0);
	for (; !why && done < turns; done++) {
		b = !b;
		began = now_us();
		why = act(action, b);
		if (t.n_us < MAX_LATENCIES)
			t.us[t.n_us++] = (unsigned int)(now_us() - began);
		if (!why)
			watch_state(w, &t, b, sender_begun());
		if (!why)
			why = sender_failed();
	}
	rounds = sender_stop();
	watch_whole(w, &t, rounds);
	report(&t, done, rounds, why);
}

static void run_free(const struct words *w)
{
	static struct tally t;
	uint64_t rounds = (uint64_t)word_num(w, "rounds", 50);
	const char *why = sender_start();

	memset(&t, 0, sizeof(t));
	while (!why && sender_ended() < rounds) {
		sender_drain();
		wait_fd(-1, 0, 1);
		why = sender_failed();
	}
	rounds = sender_stop();
	t.allowed = rounds * (uint64_t)n_kinds;
	t.lost = missing(w, true, false, 0, rounds);
	report(&t, 0, rounds, why);
}

void do_turns(const struct words *w)
{
	const char *what = w->n > 1 ? w->v[1].key : "", *why;
	struct action action;

	if (!strcmp(what, "clear")) {
		kinds_clear();
		answer("ok");
	} else if (!strcmp(what, "add")) {
		why = kind_add(w);
		answer(why ? "bad %s" : "ok", why);
	} else if (n_kinds && !strcmp(what, "free")) {
		run_free(w);
	} else if (n_kinds && !strcmp(what, "run") && read_action(w, &action)) {
		run_turns(w, &action);
	} else {
		answer("bad turns add|clear|free|run, and an action");
	}
}
