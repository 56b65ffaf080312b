/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Putting a policy into force: stage in the module, add to nftables, commit, retire the old from nftables, cut what it denies. Used by cordond
 * for every apply, by its restart, and by `cordon load` without a daemon.
 */
#ifndef CORDON_LIB_PIPELINE_H
#define CORDON_LIB_PIPELINE_H

#include <stdint.h>

#include "userland/lib/compiled.h"
#include "userland/lib/kernel.h"

/**
 * pipeline_install - from the module's BEGIN to the cut
 * @generation: of @c; its parity differs from the running one's
 * @old: the running policy, NULL when it is not known or there is none
 * @old_generation: the running generation, 0: none
 *
 * Before the module's commit every failure leaves the old policy, in the module and in nftables. Behind it the new policy is in force; what then
 * fails (removing the old from nftables, cutting flows) is said in @warning and does not fail the call.
 *
 * Return: 0, or a negative errno with @f.
 */
int pipeline_install(struct kernel *k, const struct compiled *c, uint64_t generation, const struct compiled *old,
		     uint64_t old_generation, struct failure *warning, struct failure *f);
/** pipeline_nft - bring nftables to exactly @generation of @c, whatever stands (repair) */
int pipeline_nft(struct kernel *k, const struct compiled *c, uint64_t generation, struct failure *f);
/**
 * pipeline_clean - before an install: remove cordon's tables unless the module's generation stands in them
 * @running: the module's generation, 0: no ruleset
 *
 * What is left over from an interruption could have the parity of the generation to come. Losing nftables opens nothing.
 */
int pipeline_clean(struct kernel *k, uint64_t running, struct failure *f);
/** pipeline_unmanaged - tell nftables which stackable devices stand on no managed port */
int pipeline_unmanaged(struct kernel *k, const struct policy *policy, struct failure *f);
/** pipeline_next_generation - the smallest number above @known and @running whose parity differs from @running's */
uint64_t pipeline_next_generation(uint64_t known, uint64_t running);

#endif /* CORDON_LIB_PIPELINE_H */
