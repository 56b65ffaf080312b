/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sources without a device record, remembered so that they can be shown and admitted. A fixed
 * amount of memory, whoever floods.
 */
#ifndef CORDON_SEGMENT_UNKNOWN_H
#define CORDON_SEGMENT_UNKNOWN_H

#include "../core/addr.h"

struct cordon_ruleset;
struct cordon_unknown_table;

#define CORDON_UNKNOWN_MAX 4096

/**
 * struct cordon_unknown - one source
 * @mac: 0: free
 * @vlan: VLAN id
 * @ifindex: where it was last seen
 * @first_s: boottime seconds
 * @last_s: boottime seconds
 * @packets: accepted at ingress
 * @drops: dropped at ingress
 * @addr: last source address
 */
struct cordon_unknown {
	u64 mac;
	u16 vlan;
	u32 ifindex;
	u32 first_s;
	u32 last_s;
	u64 packets;
	u64 drops;
	struct cordon_addr addr;
};

struct cordon_unknown_table *cordon_unknown_create(void);
void cordon_unknown_destroy(struct cordon_unknown_table *t);
int cordon_unknown_seen(struct cordon_unknown_table *t, u8 port, const struct cordon_unknown *seen);
bool cordon_unknown_get(struct cordon_unknown_table *t, u32 i, struct cordon_unknown *copy);
void cordon_unknown_settle(struct cordon_unknown_table *t, const struct cordon_ruleset *rs);

#endif /* CORDON_SEGMENT_UNKNOWN_H */
