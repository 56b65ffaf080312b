/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the privileged part passes on to the core unasked: events of the module, changes of nftables. Never blocks; losses are counted. */
#ifndef CORDON_CORDOND_PRIV_EVENTS_H
#define CORDON_CORDOND_PRIV_EVENTS_H

#include "userland/lib/genl.h"

struct priv_events {
	struct genl genl;
	struct mnl_socket *nft;	/* NULL: this kernel has no nftables notifications */
	int channel;
	uint64_t lost;		/* not yet told to the core */
};

int priv_events_open(struct priv_events *e, int channel, struct failure *f);
void priv_events_close(struct priv_events *e);
int priv_events_module_fd(const struct priv_events *e);
int priv_events_nft_fd(const struct priv_events *e);	/* -1: none */
void priv_events_module(struct priv_events *e);
void priv_events_nft(struct priv_events *e);

#endif /* CORDON_CORDOND_PRIV_EVENTS_H */
