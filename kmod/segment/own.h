/* SPDX-License-Identifier: GPL-2.0-only */
/* The namespace's own addresses and MACs, kept current; the set itself is the core's. */
#ifndef CORDON_SEGMENT_OWN_H
#define CORDON_SEGMENT_OWN_H

#include "../core/own.h"

struct cordon_net;

/*
 * Stands in for both ends' MAC where a port has none (ppp, tun, WireGuard): the box's end is this
 * one and so an own MAC, the far end's is the other. Locally administered; on a real segment a
 * frame with the first one as its source is dropped like any own MAC.
 */
#define CORDON_L3_OWN_MAC 0x06636f72646eULL
#define CORDON_L3_PEER_MAC 0x06636f72646fULL
#define CORDON_L3_GROUP_MAC 0xffffffffffffULL

void cordon_own_init(struct cordon_net *cn);
void cordon_own_exit(struct cordon_net *cn);
void cordon_own_refresh(struct cordon_net *cn);
void cordon_own_forget(struct cordon_net *cn);
void cordon_own_netdev_event(struct cordon_net *cn, unsigned long event);

int cordon_own_notify(void);
void cordon_own_denotify(void);

#endif /* CORDON_SEGMENT_OWN_H */
