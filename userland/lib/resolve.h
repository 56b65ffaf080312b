/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which device is meant by a name, a MAC or an address; which name a (MAC, VLAN) has. */
#ifndef CORDON_LIB_RESOLVE_H
#define CORDON_LIB_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/model.h"
#include "userland/lib/failure.h"

struct name_index;

/** name_index_make - index the devices of @policy by (VLAN, MAC); NULL: memory */
struct name_index *name_index_make(const struct policy *policy);
void name_index_free(struct name_index *index);
/** name_index_find - the device, or NULL; @index may be NULL */
const struct policy_device *name_index_find(const struct name_index *index, const uint8_t mac[6], uint16_t vlan);

struct resolved {
	uint8_t mac[6];
	uint16_t vlan;
	const struct policy_device *device;	/* NULL: only the MAC is known */
};

/**
 * resolve_device - find a device by name, MAC or address
 * @policy: may be NULL
 * @who: as typed
 * @vlan: 0, or the VLAN of a MAC that the policy lacks or has several times
 *
 * Return: 0; -ENOENT, -EINVAL (the MAC is in several VLANs) with a sentence
 */
int resolve_device(const struct policy *policy, const char *who, uint16_t vlan, struct resolved *out, struct failure *f);

#endif /* CORDON_LIB_RESOLVE_H */
