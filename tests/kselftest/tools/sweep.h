/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAB_SWEEP_H
#define LAB_SWEEP_H

#include "lab.h"

#define MAX_SWEEPS 6
#define MAX_ITEMS 128

/** struct item - a literal, or the numbers of a range */
struct item {
	const char *text;	/* NULL: a range */
	uint64_t low, size;
};

/** struct sweep - one word whose value changes; @text is what the word says now */
struct sweep {
	enum { SWEEP_ITEMS, SWEEP_ADDR4, SWEEP_ADDR6, SWEEP_MAC, SWEEP_COLLIDE, SWEEP_OPTION, SWEEP_CHAIN, SWEEP_STEP } kind;
	bool in_order;		/* by the frame's number, not as one of the combinations */
	uint64_t size;
	uint64_t step;
	uint8_t base[16];
	struct item item[MAX_ITEMS];
	int n_items;
	char items[2600];
	char text[300];
};

struct sweeps {
	int n;
	uint64_t total;		/* combinations */
	uint64_t base;		/* where steps begin, so that no flood's fragments meet those of another */
	struct sweep sweep[MAX_SWEEPS];
};

/* Finds the sweeps of a description and puts their texts into it; @all must live as long as @w is used. Return: false, it cannot be read. */
bool sweeps_read(struct sweeps *all, struct words *w);
/* Does now what would hold up the sending of @n frames. Return: false, there is no memory. */
bool sweeps_prepare(const struct sweeps *all, uint64_t n);
/* Sets the texts for frame @i. */
void sweeps_set(struct sweeps *all, uint64_t i);

/* collide.c: makes @n such MACs, which may take seconds; false: no memory. */
bool collide_prepare(uint64_t n);
void collide_text(uint64_t i, char *text, size_t bytes);

#endif /* LAB_SWEEP_H */
