/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAB_SWEEP_H
#define LAB_SWEEP_H

#include "lab.h"

#define MAX_SWEEPS 6
#define MAX_ITEMS 64

/** struct sweep - one word whose value changes; @text is what the word says now */
struct sweep {
	enum { SWEEP_RANGE, SWEEP_ITEMS, SWEEP_ADDR4, SWEEP_ADDR6, SWEEP_MAC, SWEEP_HEX } kind;
	uint64_t low, size;
	uint8_t base[16];
	char items[600];
	char *item[MAX_ITEMS];
	char text[160];
};

struct sweeps {
	int n;
	uint64_t total;		/* combinations */
	struct sweep sweep[MAX_SWEEPS];
};

/* Finds the sweeps of a description and puts their texts into it; @all must live as long as @w is used. Return: false, it cannot be read. */
bool sweeps_read(struct sweeps *all, struct words *w);
/* Sets the texts for frame @i. */
void sweeps_set(struct sweeps *all, uint64_t i);

#endif /* LAB_SWEEP_H */
