/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames that a thread sends in rounds, one of each kind a round, and which of them have arrived. */
#ifndef LAB_TURNS_H
#define LAB_TURNS_H

#include "lab.h"

#define MAX_KINDS 12

enum kind_in { IN_NEVER, IN_A, IN_B, IN_BOTH };

/** struct kind - one kind of frame; its canary's sequence number is the round */
struct kind {
	enum kind_in in;
	uint32_t run;
	uint8_t frame[FRAME_ROOM];
	size_t len, seq_at;
	struct tap *out, *at;
	uint8_t *there;		/* a bit a round: it arrived at @at */
	uint8_t *somewhere;	/* ... at any tap but the sender's own and those on the way */
};

extern struct kind kinds[MAX_KINDS];
extern int n_kinds;

const char *kind_add(const struct words *w);	/* NULL, or what is wrong */
void kinds_clear(void);
/* How many of rounds @from to @to - 1 arrived, at the kind's tap or anywhere. */
uint64_t kind_arrived(const struct kind *kind, bool there, uint64_t from, uint64_t to);

const char *sender_start(void);
uint64_t sender_begun(void);	/* a frame of this round or a later one was not sent yet */
uint64_t sender_ended(void);	/* frames of earlier rounds were all sent */
const char *sender_failed(void);
uint64_t sender_stop(void);	/* how many rounds there were */
void sender_drain(void);	/* takes what has come, and lets the sender go on */

#endif /* LAB_TURNS_H */
