/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which running flows a new policy ends. The module judges every packet anyway; deleting the conntrack also ends what a flowtable
 * carries past the later hooks.
 */
#ifndef CORDON_LIB_CT_H
#define CORDON_LIB_CT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kmod/core/own.h"
#include "kmod/core/ruleset.h"
#include "userland/lib/kernel.h"

/** struct ct_judge - what flows are judged by */
struct ct_judge {
	const struct cordon_ruleset *now;
	const struct cordon_ruleset *before;	/* NULL: none */
	const struct cordon_own *own;
	const struct api_device *quarantined;	/* devices in quarantine */
	size_t n_quarantined;
};

/** ct_ended - does the new ruleset deny this flow, and is the flow cordon's (or was it, before)? Pure. */
bool ct_ended(const struct ct_judge *judge, const struct ct_flow *flow);
/**
 * ct_cut - delete every such flow
 * @before: may be NULL
 * @cut: receives their number; may be NULL
 */
int ct_cut(struct kernel *k, const struct cordon_ruleset *now, const struct cordon_ruleset *before, size_t *cut,
	   struct failure *f);
/** own_addresses - the box's addresses as decide() wants them; to be freed with free() */
struct cordon_own *own_addresses(void);

#endif /* CORDON_LIB_CT_H */
