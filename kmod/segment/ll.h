/* SPDX-License-Identifier: GPL-2.0-only */
/* Who owns which link-local address in which VLAN. */
#ifndef CORDON_SEGMENT_LL_H
#define CORDON_SEGMENT_LL_H

#include "../core/decide.h"

struct cordon_net;
struct cordon_snapshot;

/* A host has one or two; with one more than this it loses the one that it has had longest. */
#define CORDON_LL_PER_DEVICE 8
#define CORDON_LL_MAX 1048576

int cordon_ll_create(struct cordon_net *cn);
void cordon_ll_destroy(struct cordon_net *cn);
bool cordon_ll_learn(const struct cordon_snapshot *snap, u32 device,
		     const struct cordon_addr *addr);
void cordon_ll_settle(struct cordon_net *cn, const struct cordon_snapshot *snap);

#endif /* CORDON_SEGMENT_LL_H */
