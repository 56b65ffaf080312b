// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See prefixes.h. Two prefixes are either disjoint or one stands inside the other, which is what
 * makes one pass enough.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/prefixes.h"
#include "policy/value.h"

static int entry_compare(const void *left, const void *right)
{
	const struct prefixes_entry *a = left, *b = right;
	int order = memcmp(a->prefix->addr, b->prefix->addr, 16);

	if (order)
		return order;
	if (a->prefix->len != b->prefix->len)
		return a->prefix->len < b->prefix->len ? -1 : 1;
	if (a->zone != b->zone)
		return a->zone < b->zone ? -1 : 1;
	return a->prefix < b->prefix ? -1 : a->prefix > b->prefix;
}

int prefixes_make(const struct policy *policy, struct prefixes *out)
{
	size_t n = 0;

	*out = (struct prefixes){ 0 };
	for (size_t i = POLICY_ZONE_FIRST; i < policy->n_zones; i++)
		n += policy->zones[i].n_subnets;
	if (!n)
		return 0;
	out->v = calloc(n, sizeof(*out->v));
	if (!out->v)
		return -ENOMEM;
	for (size_t i = POLICY_ZONE_FIRST; i < policy->n_zones; i++)
		for (size_t j = 0; j < policy->zones[i].n_subnets; j++)
			out->v[out->n++] =
				(struct prefixes_entry){ &policy->zones[i].subnets[j], (int)i };
	qsort(out->v, out->n, sizeof(*out->v), entry_compare);
	return 0;
}

int prefixes_groups(const struct policy *policy, const int *zones, size_t n, struct prefixes *out)
{
	size_t most = 0;

	*out = (struct prefixes){ 0 };
	for (size_t i = 0; i < n; i++)
		most += policy->zones[zones[i]].n_groups;
	if (!most)
		return 0;
	out->v = calloc(most, sizeof(*out->v));
	if (!out->v)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct policy_zone *zone = &policy->zones[zones[i]];
		struct prefixes own = { out->v + out->n, zone->n_groups };

		for (size_t j = 0; j < own.n; j++)
			own.v[j] = (struct prefixes_entry){ &zone->groups[j], zones[i] };
		qsort(own.v, own.n, sizeof(*own.v), entry_compare);
		prefixes_outermost(&own, NULL, NULL);
		out->n += own.n;
	}
	return 0;
}

void prefixes_free(struct prefixes *prefixes)
{
	free(prefixes->v);
	*prefixes = (struct prefixes){ 0 };
}

void prefixes_outermost(struct prefixes *prefixes,
			void (*inside)(void *arg, const struct prefixes_entry *inner,
				       const struct prefixes_entry *outer),
			void *arg)
{
	size_t kept = 0;

	for (size_t i = 0; i < prefixes->n; i++) {
		const struct prefixes_entry *entry = &prefixes->v[i],
					    *outer = kept ? &prefixes->v[kept - 1] : NULL;

		if (!outer || !value_prefixes_overlap(outer->prefix, entry->prefix))
			prefixes->v[kept++] = *entry;
		else if (inside)
			inside(arg, entry, outer);
	}
	prefixes->n = kept;
}

const struct prefixes_entry *prefixes_find(const struct prefixes *prefixes, const uint8_t addr[16])
{
	size_t low = 0, high = prefixes->n;

	/* The last one that starts at or before the address is the only one that can contain it. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(prefixes->v[middle].prefix->addr, addr, 16) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || !value_prefix_contains(prefixes->v[low - 1].prefix->addr,
					   prefixes->v[low - 1].prefix->len, addr))
		return NULL;
	return &prefixes->v[low - 1];
}
