/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alerts of ports that begin to forward in hardware, past cordon. */
#ifndef CORDON_CORDOND_HARDWATCH_H
#define CORDON_CORDOND_HARDWATCH_H

#include "nft/nft.h"
#include "userland/cordond/core.h"

/** hardwatch - look at the running policy's ports; each that has begun to, or has stopped, is logged and told to subscribers once */
void hardwatch(struct core *core, const struct nft_state *nft);

#endif /* CORDON_CORDOND_HARDWATCH_H */
