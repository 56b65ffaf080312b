/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The demo's prober: one resident process in each network namespace. It takes
 * commands from a unix socket and tries many cells (one service at one
 * address) at the same time, each with real packets of its protocol.
 *
 * main.c   the socket: serve and ask
 * cells.c  reads a list of cells, runs them all under one deadline
 * kinds.c  what is said to a service, and what a real server says back
 * watch.c  counts what arrives from one MAC or address
 */
#ifndef CORDON_DEMO_PROBER_H
#define CORDON_DEMO_PROBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum answer { ANSWER_MORE, ANSWER_OK, ANSWER_ODD };

struct kind {
	const char *name;
	int type;			/* SOCK_STREAM or SOCK_DGRAM */
	bool icmp;
	const void *say;		/* NULL: the server speaks first */
	size_t say_len;
	enum answer (*judge)(const uint8_t *data, size_t len);
};

const struct kind *kind_find(const char *name);
size_t kind_echo(int family, uint16_t seq, uint8_t *out, size_t size);
bool kind_is_reply(int family, const uint8_t *data, size_t len);

int cells_run(FILE *list, long deadline_ms, FILE *out);

int watch_start(const char *from, const char *interface);
void watch_count(FILE *out);
void watch_stop(void);

long now_ms(void);

#endif
