// SPDX-License-Identifier: GPL-2.0-or-later
/* Device lookup in the model. */
#include "userland/lib/resolve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "userland/lib/text.h"

struct name_index {
	size_t n;
	const struct policy_device *v[];
};

static int compare_key(const struct policy_device *d, const uint8_t mac[6], uint16_t vlan)
{
	return d->vlan != vlan ? (d->vlan < vlan ? -1 : 1) : memcmp(d->mac, mac, 6);
}

static int compare(const void *a, const void *b)
{
	const struct policy_device *const *x = a, *const *y = b;

	return compare_key(*x, (*y)->mac, (*y)->vlan);
}

struct name_index *name_index_make(const struct policy *policy)
{
	struct name_index *index = malloc(sizeof(*index) + policy->n_devices * sizeof(index->v[0]));

	if (!index)
		return NULL;
	index->n = policy->n_devices;
	for (size_t i = 0; i < index->n; i++)
		index->v[i] = &policy->devices[i];
	qsort(index->v, index->n, sizeof(index->v[0]), compare);
	return index;
}

void name_index_free(struct name_index *index)
{
	free(index);
}

const struct policy_device *name_index_find(const struct name_index *index, const uint8_t mac[6], uint16_t vlan)
{
	size_t low = 0, high = index ? index->n : 0;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = compare_key(index->v[mid], mac, vlan);

		if (!order)
			return index->v[mid];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static bool has_address(const struct policy_device *d, const uint8_t address[16])
{
	for (size_t i = 0; i < d->n_addresses; i++) {
		if (!memcmp(d->addresses[i].addr, address, 16))
			return true;
	}
	return false;
}

static void take(struct resolved *out, const struct policy_device *d)
{
	memcpy(out->mac, d->mac, 6);
	out->vlan = d->vlan;
	out->device = d;
}

static int by_mac(const struct policy *policy, const char *who, uint16_t vlan, struct resolved *out, struct failure *f)
{
	size_t found = 0;

	for (size_t i = 0; policy && i < policy->n_devices; i++) {
		const struct policy_device *d = &policy->devices[i];

		if (memcmp(d->mac, out->mac, 6) || (vlan && d->vlan != vlan))
			continue;
		take(out, d);
		found++;
	}
	if (found > 1)
		return fail(f, CORDON_EXIT_USAGE, EINVAL, "%s is in several VLANs: name the device, or add --vlan", who);
	if (!found)
		out->vlan = vlan ? vlan : 1;
	return 0;
}

int resolve_device(const struct policy *policy, const char *who, uint16_t vlan, struct resolved *out, struct failure *f)
{
	uint8_t address[16];
	bool is_address = text_parse_address(who, address);

	memset(out, 0, sizeof(*out));
	if (text_parse_mac(who, out->mac))
		return by_mac(policy, who, vlan, out, f);
	for (size_t i = 0; policy && i < policy->n_devices; i++) {
		const struct policy_device *d = &policy->devices[i];

		if (is_address ? has_address(d, address) : !strcmp(d->name, who)) {
			take(out, d);
			return 0;
		}
	}
	if (!policy)
		return fail(f, CORDON_EXIT_FAILED, ENOENT,
			    "no policy is in force that could say who %s is: give the MAC and --vlan, as cordon status shows them", who);
	return fail(f, CORDON_EXIT_FAILED, ENOENT, "no device is called %s (a name, MAC or address of the running policy)",
		    who);
}
