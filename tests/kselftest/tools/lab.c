// SPDX-License-Identifier: GPL-2.0-or-later
/* The loop: a command a line on standard input, an answer a line on standard output, running streams between the two. */
#include "lab.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WATCH_SCALE 4

static int scale = 1;
static bool control_build;

void answer(const char *fmt, ...)
{
	char line[4096];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(line, sizeof(line) - 1, fmt, args);
	va_end(args);
	if (len > (int)sizeof(line) - 2)
		len = sizeof(line) - 2;
	for (int i = 0; i < len; i++)
		if (line[i] == '\n')
			line[i] = ' ';
	line[len++] = '\n';
	(void)!write(STDOUT_FILENO, line, (size_t)len);
}

long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000;
}

/*
 * How long to wait for what should come; a slow machine gets more. It is only
 * ever spent by a case that fails, so against a control build it is short.
 */
long patience_ms(const struct words *w, long otherwise)
{
	return word_num(w, "ms", otherwise) * scale / (control_build ? 4 : 1);
}

/* How long to watch that nothing comes: spent every time. */
long watch_ms(const struct words *w, long otherwise)
{
	return word_num(w, "ms", otherwise) * (scale < WATCH_SCALE ? scale : WATCH_SCALE);
}

static void do_host(const struct words *w)
{
	answer(host_add(w) ? "bad host" : "ok");
}

static void do_tap(const struct words *w)
{
	const char *why = "";

	answer(tap_add(w, &why) ? "bad %s" : "ok", why);
}

/* sysctl ns=gw net/ipv4/ip_forward=1 ... */
static void do_sysctl(const struct words *w)
{
	char path[256];
	FILE *file;

	if (!word(w, "ns") || netns_enter(word(w, "ns"))) {
		answer("bad no such namespace");
		return;
	}
	for (int i = 2; i < w->n; i++) {
		snprintf(path, sizeof(path), "/proc/sys/%s", w->v[i].key);
		file = fopen(path, "we");
		if (!file || fputs(w->v[i].value, file) < 0 || fclose(file)) {
			answer("bad %s", path);
			return;
		}
	}
	answer("ok");
}

static void do_kernel(const struct words *w)
{
	int err = kernel_open(word(w, "ns") ? word(w, "ns") : "gw");

	answer(err ? "bad %s" : "ok", strerror(-err));
}

static void do_reset(const struct words *w)
{
	(void)w;
	taps_close();
	kernel_forget();
	ruleset_forget();
	answer("ok");
}

static void obey(char *line)
{
	static const struct { const char *name; void (*run)(const struct words *); } table[] = {
		{ "host", do_host }, { "tap", do_tap }, { "kernel", do_kernel }, { "reset", do_reset }, { "try", do_try },
		{ "send", do_send }, { "probe", do_probe }, { "stats", do_stats }, { "device", do_device }, { "info", do_info },
		{ "ruleset", do_ruleset }, { "events", do_events }, { "stream", do_stream }, { "conn", do_conn },
		{ "sysctl", do_sysctl }, { "join", do_join }, { "flood", do_flood }, { "turns", do_turns },
		{ "asks", do_asks }, { "vnet", do_vnet }, { "helped", do_helped }, { "requeue", do_requeue },
		{ "pour", do_pour },
		{ "bridge", do_bridge },
	};
	struct words w;

	if (!words_split(&w, line)) {
		answer("bad line");
		return;
	}
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (!strcmp(w.v[0].key, table[i].name)) {
			table[i].run(&w);
			(void)netns_enter("");	/* whoever stays in a namespace keeps it alive */
			return;
		}
	}
	answer("bad command %s", w.v[0].key);
}

/* One line of standard input, with the streams kept going meanwhile. Return: false at its end. */
static bool next_line(char *line, size_t room)
{
	size_t at = 0;
	ssize_t got;
	char c;

	for (;;) {
		long due = stream_tick();
		struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };

		if (poll(&in, 1, (int)due) <= 0)
			continue;
		while ((got = read(STDIN_FILENO, &c, 1)) == 1) {
			if (c == '\n') {
				line[at] = '\0';
				return true;
			}
			if (at < room - 1)
				line[at++] = c;
			if (poll(&in, 1, 0) <= 0)
				break;
		}
		if (got <= 0)
			return false;
	}
}

int main(void)
{
	const char *text = getenv("CORDON_SCALE"), *variant = getenv("CORDON_VARIANT");
	static char line[4096];

	scale = text ? atoi(text) : 1;
	if (scale < 1)
		scale = 1;
	control_build = variant && (!strcmp(variant, "accept") || !strcmp(variant, "deny") || !strcmp(variant, "defect"));
	while (next_line(line, sizeof(line)))
		obey(line);
	return 0;
}
