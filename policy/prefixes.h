/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All subnets of all zones in one sorted list: for overlap checks, for look-up by address, and as
 * the wire wants them.
 */
#ifndef CORDON_POLICY_PREFIXES_H
#define CORDON_POLICY_PREFIXES_H

#include "policy/policy.h"

struct prefixes_entry {
	const struct policy_prefix *prefix;
	int zone;
};

/** struct prefixes - by address, shorter ones first */
struct prefixes {
	struct prefixes_entry *v;
	size_t n;
};

/** prefixes_make - all subnets of @policy, sorted. Return: 0 or -ENOMEM. */
int prefixes_make(const struct policy *policy, struct prefixes *out);
/** prefixes_groups - the groups of the zones in the order of @zones, each zone's sorted and disjoint. Return: 0 or -ENOMEM. */
int prefixes_groups(const struct policy *policy, const int *zones, size_t n, struct prefixes *out);
void prefixes_free(struct prefixes *prefixes);
/**
 * prefixes_outermost - drop every prefix that stands inside another
 * @inside: called for each that is dropped, with the one around it; may be NULL
 */
void prefixes_outermost(struct prefixes *prefixes,
			void (*inside)(void *arg, const struct prefixes_entry *inner,
				       const struct prefixes_entry *outer),
			void *arg);
/** prefixes_find - the outermost prefix around @addr, or NULL; after prefixes_outermost() */
const struct prefixes_entry *prefixes_find(const struct prefixes *prefixes, const uint8_t addr[16]);

#endif /* CORDON_POLICY_PREFIXES_H */
