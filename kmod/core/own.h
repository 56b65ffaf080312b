/* SPDX-License-Identifier: GPL-2.0-only */
/* The box's own addresses and MACs as immutable hash sets; rebuilt when one changes. */
#ifndef CORDON_CORE_OWN_H
#define CORDON_CORE_OWN_H

#include "addr.h"

/**
 * struct cordon_own - sorted, distinct values; @mac and @addr point behind it in the same
 * allocation
 * @n_mac: MACs
 * @n_addr: addresses
 * @mac_filter: one bit a MAC: most lookups end here
 * @addr_filter: the same for addresses
 * @mac: ascending
 * @addr: ascending
 */
struct cordon_own {
	u32 n_mac;
	u32 n_addr;
	u64 mac_filter;
	u64 addr_filter;
	u64 *mac;
	struct cordon_addr *addr;
};

static inline size_t cordon_own_bytes(u32 n_mac, u32 n_addr)
{
	return sizeof(struct cordon_own) + n_mac * sizeof(u64) +
	       n_addr * sizeof(struct cordon_addr);
}

/**
 * cordon_own_build - make the set
 * @own: memory of cordon_own_bytes(@n_mac, @n_addr) bytes
 * @mac: 48-bit values, any order, repeats allowed
 * @n_mac: how many
 * @addr: addresses likewise
 * @n_addr: how many
 */
void cordon_own_build(struct cordon_own *own, const u64 *mac, u32 n_mac,
		      const struct cordon_addr *addr, u32 n_addr);

bool cordon_own_mac(const struct cordon_own *own, u64 mac);
bool cordon_own_addr(const struct cordon_own *own, const struct cordon_addr *addr);

#endif /* CORDON_CORE_OWN_H */
