// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the words SRC and DST of `cordon explain` mean. A zone is represented by one of its devices,
 * or by a host on its zone port with an address that no device has; `wan` by a host that no zone
 * contains.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy/explain.h"
#include "policy/value.h"

static int refuse(char *error, size_t error_len, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int refuse(char *error, size_t error_len, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(error, error_len, fmt, args);
	va_end(args);
	return -EINVAL;
}

static size_t family_of(const uint8_t addr[16])
{
	return value_is_ipv4(addr) ? 0 : 1;
}

static void end_address(struct explain_end *end, const uint8_t addr[16])
{
	size_t family = family_of(addr);

	if (end->has[family])
		return;
	end->has[family] = true;
	memcpy(end->addr[family], addr, 16);
}

static bool port_carries(const struct policy_port *port, uint16_t vlan)
{
	if (port->mode != POLICY_PORT_DEVICES)
		return false;
	for (size_t i = 0; i < port->n_tagged; i++)
		if (port->tagged[i] == vlan)
			return true;
	return port->untagged == vlan;
}

static int port_for_vlan(const struct policy *policy, uint16_t vlan)
{
	for (size_t i = 0; i < policy->n_ports; i++)
		if (port_carries(&policy->ports[i], vlan))
			return (int)i;
	return -1;
}

static int zone_port(const struct policy *policy, int zone)
{
	for (size_t i = 0; i < policy->n_ports; i++)
		if (policy->ports[i].mode != POLICY_PORT_DEVICES && policy->ports[i].zone == zone)
			return (int)i;
	return -1;
}

static int device_end(const struct policy *policy, const struct policy_device *device,
		      struct explain_end *end, char *error, size_t error_len)
{
	end->kind = EXPLAIN_DEVICE;
	end->zone = device->zone;
	end->vlan = device->vlan;
	end->port = device->n_ports ? device->ports[0] : port_for_vlan(policy, device->vlan);
	/* The one that explain_world_make() has put it on. */
	for (size_t i = 1; i < device->n_ports; i++)
		if (device->ports[i] < end->port)
			end->port = device->ports[i];
	memcpy(end->mac, device->mac, 6);
	for (size_t i = 0; i < device->n_addresses; i++)
		end_address(end, device->addresses[i].addr);
	if (end->port < 0)
		return refuse(error, error_len,
			      "no port carries VLAN %u, so device '%s' cannot be anywhere",
			      device->vlan, device->name);
	return 0;
}

/* A source without a record, on the first port there is; its address is its own invention. */
static int stranger_end(const struct policy *policy, struct explain_end *end, char *error,
			size_t error_len)
{
	static const uint8_t mac[6] = { 0x02, 0xc0, 0x7d, 0xff, 0xff, 0xfe };
	static const uint8_t none[6];
	static const uint8_t addr[2][16] = { { [10] = 0xff, 0xff, 192, 0, 2, 77 },
					     { 0x20, 0x01, 0x0d, 0xb8, 0xc0, 0x7d, [15] = 0x77 } };

	end->kind = EXPLAIN_STRANGER;
	end->zone = POLICY_ZONE_UNKNOWN;
	for (size_t i = 0; i < policy->n_ports; i++) {
		const struct policy_port *port = &policy->ports[i];

		if (port->mode != POLICY_PORT_DEVICES)
			continue;
		end->port = (int)i;
		end->vlan = port->untagged ? port->untagged : port->tagged[0];
		if (!memcmp(end->mac, none, sizeof(none)))
			memcpy(end->mac, mac, sizeof(mac));
		if (!end->has[0] && !end->has[1]) {
			end_address(end, addr[0]);
			end_address(end, addr[1]);
		}
		return 0;
	}
	return refuse(error, error_len,
		      "there is no port for devices, so nothing unknown can be anywhere");
}

static bool address_bound(const struct explain_world *world, const uint8_t addr[16])
{
	struct cordon_addr key = cordon_addr6(addr);

	return cordon_address_find(world->rs, &key) != CORDON_NO_DEVICE ||
	       cordon_own_addr(world->own, &key);
}

/* A free address of @prefix, from .100 on. */
static bool free_address(const struct explain_world *world, const struct policy_prefix *prefix,
			 uint8_t addr[16])
{
	memcpy(addr, prefix->addr, 16);
	if (prefix->len <= 120)
		addr[15] = 100;
	for (unsigned int tries = 0; tries < 256; tries++, addr[15]++)
		if (value_prefix_contains(prefix->addr, prefix->len, addr) &&
		    !address_bound(world, addr))
			return true;
	return false;
}

static void zone_host_addresses(const struct explain_world *world, const struct policy_zone *zone,
				struct explain_end *end)
{
	uint8_t addr[16];

	for (size_t i = 0; i < zone->n_subnets; i++)
		if (free_address(world, &zone->subnets[i], addr))
			end_address(end, addr);
}

static int host_end(int zone, int port, struct explain_end *end)
{
	static const uint8_t mac[6] = { 0x02, 0xc0, 0x7d, 0xff, 0xff, 0xff };

	end->kind = EXPLAIN_HOST;
	end->zone = zone;
	end->port = port;
	memcpy(end->mac, mac, sizeof(mac));
	return 0;
}

static bool in_some_zone(const struct explain_world *world, const uint8_t addr[16])
{
	struct cordon_addr key = cordon_addr6(addr);

	return cordon_prefix_zone(world->rs, &key) != CORDON_ZONE_NONE;
}

/*
 * A host on the internet: an address in no zone, found by changing the last bytes of one for
 * documentation.
 */
static int wan_end(const struct explain_world *world, struct explain_end *end, char *error,
		   size_t error_len)
{
	uint8_t addr[2][16] = { { [10] = 0xff, 0xff, 203, 0, 113, 77 },
				{ 0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff, [15] = 0x77 } };
	int port = zone_port(world->policy, POLICY_ZONE_WAN);

	if (port < 0)
		return refuse(error, error_len, "the policy has no uplink, so there is no wan");
	host_end(POLICY_ZONE_WAN, port, end);
	for (size_t family = 0; family < 2; family++) {
		uint8_t *varied = &addr[family][family ? 1 : 12];

		for (unsigned int tries = 0; tries < 200;
		     tries++, *varied = (uint8_t)(1 + tries % 223)) {
			if (in_some_zone(world, addr[family]) || address_bound(world, addr[family]))
				continue;
			end_address(end, addr[family]);
			break;
		}
	}
	return 0;
}

static int zone_end(const struct explain_world *world, int zone, const struct explain_end *other,
		    struct explain_end *end, char *error, size_t error_len)
{
	const struct policy *policy = world->policy;
	int port = zone_port(policy, zone);

	if (zone == POLICY_ZONE_GATEWAY) {
		end->kind = EXPLAIN_GATEWAY;
		end->port = -1;
		memcpy(end->mac, world->own_mac, 6);
		end_address(end, world->own_addr[0]);
		end_address(end, world->own_addr[1]);
		return 0;
	}
	if (zone == POLICY_ZONE_WAN)
		return wan_end(world, end, error, error_len);
	if (zone == POLICY_ZONE_UNKNOWN)
		return stranger_end(policy, end, error, error_len);
	for (size_t i = 0; i < policy->n_devices; i++)
		if (policy->devices[i].zone == zone &&
		    (!other || other->kind != EXPLAIN_DEVICE ||
		     memcmp(policy->devices[i].mac, other->mac, 6) != 0))
			return device_end(policy, &policy->devices[i], end, error, error_len);
	if (port < 0)
		return refuse(error, error_len,
			      "zone '%s' has no %s to explain this with; name devices or addresses",
			      policy->zones[zone].name,
			      other && other->zone == zone ? "second device" : "device");
	zone_host_addresses(world, &policy->zones[zone], end);
	return host_end(zone, port, end);
}

/*
 * An address is a device's, a host's on a zone port, a stranger's on a `devices` port, or the
 * internet's.
 */
static int address_end(const struct explain_world *world, const uint8_t addr[16], const char *text,
		       struct explain_end *end, char *error, size_t error_len)
{
	const struct policy *policy = world->policy;
	struct cordon_addr key = cordon_addr6(addr);
	int zone, port;

	end_address(end, addr);
	for (size_t i = 0; i < policy->n_devices; i++)
		for (size_t j = 0; j < policy->devices[i].n_addresses; j++) {
			if (memcmp(policy->devices[i].addresses[j].addr, addr, 16) != 0)
				continue;
			device_end(policy, &policy->devices[i], end, error, error_len);
			/* This address was asked about, so only its family. */
			end->has[!family_of(addr)] = false;
			return end->port < 0 ? -EINVAL : 0;
		}
	zone = explain_zone_of_id(world, cordon_prefix_zone(world->rs, &key));
	port = zone_port(policy, zone < 0 ? POLICY_ZONE_WAN : zone);
	if (port >= 0)
		return host_end(zone < 0 ? POLICY_ZONE_WAN : zone, port, end);
	if (zone < 0)
		return refuse(error, error_len, "%s is in no zone, and the policy has no uplink",
			      text);
	return stranger_end(policy, end, error, error_len);
}

static int mac_end(const struct explain_world *world, const uint8_t mac[6], const char *text,
		   struct explain_end *end, char *error, size_t error_len)
{
	const struct policy *policy = world->policy;
	const struct policy_device *found = NULL;

	for (size_t i = 0; i < policy->n_devices; i++) {
		if (memcmp(policy->devices[i].mac, mac, 6) != 0)
			continue;
		if (found)
			return refuse(error, error_len,
				      "%s is '%s' in VLAN %u and '%s' in VLAN %u; name the device",
				      text, found->name, found->vlan, policy->devices[i].name,
				      policy->devices[i].vlan);
		found = &policy->devices[i];
	}
	if (found)
		return device_end(policy, found, end, error, error_len);
	memcpy(end->mac, mac, 6);
	return stranger_end(policy, end, error, error_len);
}

int explain_end_find(const struct explain_world *world, const char *text,
		     const struct explain_end *other, struct explain_end *end, char *error,
		     size_t error_len)
{
	const struct policy *policy = world->policy;
	uint8_t mac[6], addr[16];

	memset(end, 0, sizeof(*end));
	for (size_t i = 0; i < policy->n_zones; i++)
		if (!strcmp(policy->zones[i].name, text)) {
			end->zone = (int)i;
			return zone_end(world, (int)i, other, end, error, error_len);
		}
	for (size_t i = 0; i < policy->n_devices; i++)
		if (!strcmp(policy->devices[i].name, text))
			return device_end(policy, &policy->devices[i], end, error, error_len);
	if (!value_mac(text, mac))
		return mac_end(world, mac, text, end, error, error_len);
	if (!value_address(text, addr))
		return address_end(world, addr, text, end, error, error_len);
	return refuse(error, error_len, "'%s' is no device, zone, MAC or address of this policy",
		      text);
}
