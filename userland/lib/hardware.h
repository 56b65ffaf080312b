/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a policy's ports may forward in hardware, where cordon does not see it. */
#ifndef CORDON_LIB_HARDWARE_H
#define CORDON_LIB_HARDWARE_H

#include "nft/nft.h"
#include "policy/model.h"
#include "userland/lib/failure.h"

enum hardware_way { HARDWARE_NONE, HARDWARE_TC, HARDWARE_CHIP, HARDWARE_FLOWTABLE };

/** hardware_words - "has hw-tc-offload on"; HARDWARE_NONE: "" */
const char *hardware_words(enum hardware_way way);
/** hardware_remedy - what would be right */
const char *hardware_remedy(enum hardware_way way);

/**
 * hardware_look - by which way each port of @policy may forward in hardware
 * @nft: what stands in nftables
 * @way: receives a value for each port; ports that do not exist forward nothing
 *
 * Return: 0, or a negative errno with @f when the kernel cannot be asked.
 */
int hardware_look(const struct policy *policy, const struct nft_state *nft, enum hardware_way way[CORDON_MAX_PORTS],
		  struct failure *f);
/**
 * hardware_check - hardware_look() for a policy with `hardware-offload: refuse`; one with `alert` passes unlooked at
 *
 * Return: 0; -EOPNOTSUPP with where, what and what would be right, of the first port that may; another negative errno.
 */
int hardware_check(const struct policy *policy, const struct nft_state *nft, struct failure *f);

#endif /* CORDON_LIB_HARDWARE_H */
