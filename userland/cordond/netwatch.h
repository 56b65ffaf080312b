/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Link, neighbour and FDB events of the box, by libnl-route-3. They drive no right: they are logged, shown by watch, and make nftables' names fresh. */
#ifndef CORDON_CORDOND_NETWATCH_H
#define CORDON_CORDOND_NETWATCH_H

#include "userland/cordond/core.h"

int netwatch_start(struct core *core, struct failure *f);
void netwatch_stop(void);

#endif /* CORDON_CORDOND_NETWATCH_H */
