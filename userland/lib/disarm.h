/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Giving up enforcement, in the order that opens nothing. */
#ifndef CORDON_LIB_DISARM_H
#define CORDON_LIB_DISARM_H

#include <stdbool.h>

#include "userland/lib/kernel.h"
#include "userland/lib/store.h"

/**
 * disarm_run - forwarding of both families off, every `devices` port down, then the module's ruleset and hooks, then nftables
 *
 * The first failure ends it; what is closed by then stays closed and the module stays armed.
 */
int disarm_run(struct kernel *k, struct failure *f);
/**
 * disarm_recorded - the same, with the mark in the state database that keeps a start from restoring the policy
 * @disarmed: whether the module is disarmed now, or might be; untouched when the mark cannot be set, and nothing was tried
 *
 * The mark goes again when the module is still armed.
 */
int disarm_recorded(struct kernel *k, struct store *store, bool *disarmed, struct failure *f);

#endif /* CORDON_LIB_DISARM_H */
