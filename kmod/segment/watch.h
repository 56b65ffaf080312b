/* SPDX-License-Identifier: GPL-2.0-only */
/* The watchdog of an armed namespace: what is found on its ports, and whether its hooks stand. */
#ifndef CORDON_SEGMENT_WATCH_H
#define CORDON_SEGMENT_WATCH_H

struct cordon_net;

void cordon_watch_init(struct cordon_net *cn);
void cordon_watch_start(struct cordon_net *cn);
void cordon_watch_stop(struct cordon_net *cn);

#endif /* CORDON_SEGMENT_WATCH_H */
