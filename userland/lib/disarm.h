/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Giving up enforcement, in the order that opens nothing. */
#ifndef CORDON_LIB_DISARM_H
#define CORDON_LIB_DISARM_H

#include "userland/lib/kernel.h"

/**
 * disarm_run - forwarding of both families off, every `devices` port down, then the module's ruleset and hooks, then nftables
 *
 * The first failure ends it; what is closed by then stays closed and the module stays armed.
 */
int disarm_run(struct kernel *k, struct failure *f);

#endif /* CORDON_LIB_DISARM_H */
