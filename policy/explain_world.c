// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The policy as the kernel would hold it: compiled, decoded by the kernel's own decoder, with every
 * device on its first port and nobody in quarantine by hand. The box's own addresses are not in a
 * policy, so it gets some that nobody has.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/explain.h"
#include "policy/value.h"

static bool mac_taken(const struct policy *policy, const uint8_t mac[6])
{
	for (size_t i = 0; i < policy->n_devices; i++)
		if (!memcmp(policy->devices[i].mac, mac, 6))
			return true;
	return false;
}

static bool address_taken(const struct policy *policy, const uint8_t addr[16])
{
	for (size_t i = 0; i < policy->n_devices; i++)
		for (size_t j = 0; j < policy->devices[i].n_addresses; j++)
			if (!memcmp(policy->devices[i].addresses[j].addr, addr, 16))
				return true;
	return false;
}

static int own_make(struct explain_world *world)
{
	static const uint8_t mac[6] = { 0x02, 0xc0, 0x7d, 0x00, 0x00, 0x00 };
	static const uint8_t addr[2][16] = { { [10] = 0xff, 0xff, 192, 0, 2, 1 },
					     { 0x20, 0x01, 0x0d, 0xb8, 0xc0, 0x7d, [15] = 1 } };
	struct cordon_addr addrs[2];
	uint64_t mac48;

	memcpy(world->own_mac, mac, sizeof(mac));
	while (mac_taken(world->policy, world->own_mac))
		if (!++world->own_mac[5])
			world->own_mac[4]++;
	for (size_t family = 0; family < 2; family++) {
		memcpy(world->own_addr[family], addr[family], 16);
		while (address_taken(world->policy, world->own_addr[family]))
			if (!++world->own_addr[family][15])
				world->own_addr[family][14]++;
		addrs[family] = cordon_addr6(world->own_addr[family]);
	}
	mac48 = cordon_be48(world->own_mac);
	world->own = calloc(1, cordon_own_bytes(1, 2));
	if (!world->own)
		return -ENOMEM;
	cordon_own_build(world->own, &mac48, 1, addrs, 2);
	world->live.own = world->own;
	return 0;
}

static int ruleset_make(struct explain_world *world)
{
	struct cordon_decode_error error;
	cordon_hash_key key = { { 0, 0 } };
	uint8_t *blob = NULL;
	size_t len = 0, bytes;
	int ret = policy_compile(world->policy, &world->ids, &blob, &len);

	if (ret)
		return ret;
	bytes = cordon_ruleset_bytes(blob, len, &error);
	world->rs = bytes ? calloc(1, bytes) : NULL;
	if (!bytes)
		ret = -EINVAL;
	else if (!world->rs)
		ret = -ENOMEM;
	else
		ret = cordon_ruleset_decode(world->rs, blob, len, &key, &error);
	free(blob);
	return ret;
}

/*
 * Its first port; without a list the first that carries its VLAN, as if it had been seen there. -1:
 * none.
 */
static int first_port(const struct cordon_ruleset *rs, const struct cordon_device *device)
{
	for (uint32_t i = 0; i < rs->n_ports; i++) {
		const struct cordon_port *port = &rs->port[i];
		bool carries = port->mode == CORDON_PORT_DEVICES &&
			       (port->untagged == device->vlan ||
				(port->tagged[device->vlan >> 6] >> (device->vlan & 63) & 1));

		if (device->ports ? device->ports >> i & 1 : carries)
			return (int)i;
	}
	return -1;
}

static int live_make(struct explain_world *world)
{
	size_t n = world->rs->n_devices;

	world->devices = calloc(n + 1, sizeof(*world->devices));
	world->device_refs = calloc(n + 1, sizeof(const struct cordon_dev_live *));
	if (!world->devices || !world->device_refs)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		world->device_refs[i] = &world->devices[i];
		world->devices[i].port =
			(uint8_t)(first_port(world->rs, &world->rs->device[i]) + 1);
		world->devices[i].seen_s = 1;
	}
	world->live.dev = world->device_refs;
	world->live.now_s = 1;
	return 0;
}

int explain_world_make(const struct policy *policy, struct explain_world *world)
{
	int ret;

	memset(world, 0, sizeof(*world));
	world->policy = policy;
	/*
	 * Named here, so that a linker that reads the archive once, before the core, takes
	 * explain_owner.o along.
	 */
	world->owner = cordon_ll_owner;
	ret = ruleset_make(world);
	if (!ret)
		ret = own_make(world);
	if (!ret)
		ret = live_make(world);
	if (ret)
		explain_world_free(world);
	return ret;
}

void explain_world_free(struct explain_world *world)
{
	free(world->rs);
	free(world->own);
	free(world->devices);
	free(world->device_refs);
	memset(world, 0, sizeof(*world));
}

int explain_zone_of_id(const struct explain_world *world, uint8_t id)
{
	const struct policy *policy = world->policy;

	if (id >= CORDON_ZONE_GATEWAY && id < CORDON_ZONE_FIRST)
		return id - CORDON_ZONE_GATEWAY;
	for (size_t i = 0; i < world->ids.n; i++)
		for (size_t j = POLICY_ZONE_FIRST; world->ids.v[i].id == id && j < policy->n_zones;
		     j++)
			if (!strcmp(policy->zones[j].name, world->ids.v[i].name))
				return (int)j;
	return -1;
}
