// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What only the whole policy shows: names, MACs, addresses and subnets that meet across devices and
 * zones, and whether management can reach the box at all. Works on a policy that has errors already
 * (a zone of -1, a MAC of zero), so that all errors come in one run. Everything that has a million
 * elements is sorted, never compared pair by pair.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/load.h"
#include "policy/prefixes.h"
#include "policy/value.h"

static void subnet_inside(void *arg, const struct prefixes_entry *inner,
			  const struct prefixes_entry *outer)
{
	struct load *load = arg;
	const struct policy_zone *zones = load->policy->zones;

	if (inner->zone == outer->zone) {
		policy_warning(load->diags, inner->prefix->pos,
			       "subnet %s of zone '%s' is inside another of its subnets",
			       value_prefix_text(inner->prefix).text, zones[inner->zone].name);
		policy_note(load->diags, outer->prefix->pos, "%s stands here",
			    value_prefix_text(outer->prefix).text);
		return;
	}
	policy_error(
		load->diags, inner->prefix->pos,
		"subnet %s of zone '%s' overlaps %s of zone '%s'; an address belongs to one zone",
		value_prefix_text(inner->prefix).text, zones[inner->zone].name,
		value_prefix_text(outer->prefix).text, zones[outer->zone].name);
	policy_note(load->diags, outer->prefix->pos, "%s stands here",
		    value_prefix_text(outer->prefix).text);
}

static const char *device_name(const struct policy *policy, size_t i)
{
	return policy->devices[i].name;
}

static struct policy_pos device_pos(const struct policy *policy, size_t i)
{
	return policy->devices[i].pos;
}

static void check_names(struct load *load)
{
	const struct policy *policy = load->policy;
	struct load_name *names = names_sort(load, policy->n_devices, device_name);

	names_twice(load, names, policy->n_devices, "device", device_pos);
	for (size_t i = 0; i < policy->n_zones; i++) {
		long device = names_find(names, policy->n_devices, policy->zones[i].name);

		if (device < 0)
			continue;
		policy_error(load->diags, policy->devices[device].pos,
			     "device %s has the name of a zone; choose another",
			     policy_quote(policy->zones[i].name));
		if (i >= POLICY_ZONE_FIRST)
			policy_note(load->diags, policy->zones[i].pos, "zone '%s' is declared here",
				    policy->zones[i].name);
	}
	free(names);
}

static int device_compare(const void *left, const void *right)
{
	const struct policy_device *a = *(const struct policy_device *const *)left;
	const struct policy_device *b = *(const struct policy_device *const *)right;
	int order;

	if (a->vlan != b->vlan)
		return a->vlan < b->vlan ? -1 : 1;
	order = memcmp(a->mac, b->mac, sizeof(a->mac));
	if (order)
		return order;
	return a < b ? -1 : a > b;
}

static void check_macs(struct load *load)
{
	static const uint8_t none[6];
	const struct policy *policy = load->policy;
	const struct policy_device **sorted = calloc(policy->n_devices + 1, sizeof(*sorted));

	if (!sorted) {
		load->no_memory = true;
		return;
	}
	for (size_t i = 0; i < policy->n_devices; i++)
		sorted[i] = &policy->devices[i];
	qsort(sorted, policy->n_devices, sizeof(*sorted), device_compare);
	for (size_t i = 1; i < policy->n_devices; i++) {
		const struct policy_device *a = sorted[i - 1], *b = sorted[i];

		if (a->vlan != b->vlan || memcmp(a->mac, b->mac, sizeof(a->mac)) != 0 ||
		    !memcmp(a->mac, none, sizeof(none)))
			continue;
		policy_error(
			load->diags, b->mac_pos,
			"devices '%s' and '%s' both have %s in VLAN %u; a MAC in a VLAN is one device",
			a->name, b->name, value_mac_text(a->mac).text, a->vlan);
		policy_note(load->diags, a->mac_pos, "'%s' has it here", a->name);
	}
	free(sorted);
}

/* An address and its device, for the sort. */
struct bound {
	const struct policy_address *address;
	const struct policy_device *device;
};

static int bound_compare(const void *left, const void *right)
{
	const struct bound *a = left, *b = right;
	int order = memcmp(a->address->addr, b->address->addr, 16);

	if (order)
		return order;
	if (a->device != b->device)
		return a->device < b->device ? -1 : 1;
	return a->address < b->address ? -1 : a->address > b->address;
}

static void check_addresses_once(struct load *load)
{
	const struct policy *policy = load->policy;
	struct bound *sorted;
	size_t n = 0, m = 0;

	for (size_t i = 0; i < policy->n_devices; i++)
		n += policy->devices[i].n_addresses;
	sorted = calloc(n + 1, sizeof(*sorted));
	if (!sorted) {
		load->no_memory = true;
		return;
	}
	for (size_t i = 0; i < policy->n_devices; i++)
		for (size_t j = 0; j < policy->devices[i].n_addresses; j++)
			sorted[m++] = (struct bound){ &policy->devices[i].addresses[j],
						      &policy->devices[i] };
	qsort(sorted, n, sizeof(*sorted), bound_compare);
	for (size_t i = 1; i < n; i++) {
		if (memcmp(sorted[i - 1].address->addr, sorted[i].address->addr, 16) != 0)
			continue;
		policy_error(load->diags, sorted[i].address->pos,
			     "address %s of device '%s' is bound twice; it belongs to one device",
			     value_address_text(sorted[i].address->addr).text,
			     sorted[i].device->name);
		policy_note(load->diags, sorted[i - 1].address->pos, "'%s' has it here",
			    sorted[i - 1].device->name);
	}
	free(sorted);
}

static bool zone_has_family(const struct policy_zone *zone, bool ipv4)
{
	for (size_t i = 0; i < zone->n_subnets; i++)
		if (value_is_ipv4(zone->subnets[i].addr) == ipv4)
			return true;
	return false;
}

static void check_address_zone(struct load *load, const struct prefixes *prefixes,
			       const struct policy_device *device,
			       const struct policy_address *address)
{
	const struct policy_zone *zones = load->policy->zones;
	const struct prefixes_entry *around = prefixes_find(prefixes, address->addr);

	if (device->zone < POLICY_ZONE_FIRST || (around && around->zone == device->zone))
		return;
	if (around) {
		policy_error(
			load->diags, address->pos,
			"address %s of device '%s' is in a subnet of zone '%s'; the device is in '%s'",
			value_address_text(address->addr).text, device->name,
			zones[around->zone].name, zones[device->zone].name);
		policy_note(load->diags, around->prefix->pos, "%s stands here",
			    value_prefix_text(around->prefix).text);
	} else if (zone_has_family(&zones[device->zone], value_is_ipv4(address->addr))) {
		policy_error(
			load->diags, address->pos,
			"address %s of device '%s' is in no subnet of zone '%s'; add the subnet or change the address",
			value_address_text(address->addr).text, device->name,
			zones[device->zone].name);
		policy_note(load->diags, zones[device->zone].pos, "zone '%s' is declared here",
			    zones[device->zone].name);
	}
}

static void check_subnets(struct load *load)
{
	const struct policy *policy = load->policy;
	struct prefixes prefixes;

	if (prefixes_make(policy, &prefixes)) {
		load->no_memory = true;
		return;
	}
	prefixes_outermost(&prefixes, subnet_inside, load);
	for (size_t i = 0; i < policy->n_devices; i++)
		for (size_t j = 0; j < policy->devices[i].n_addresses; j++)
			check_address_zone(load, &prefixes, &policy->devices[i],
					   &policy->devices[i].addresses[j]);
	prefixes_free(&prefixes);
}

static bool port_carries(const struct policy_port *port, uint16_t vlan)
{
	if (port->mode != POLICY_PORT_DEVICES)
		return false;
	if (port->untagged == vlan)
		return true;
	for (size_t i = 0; i < port->n_tagged; i++)
		if (port->tagged[i] == vlan)
			return true;
	return false;
}

/* Which VLANs any port carries; @carried: cleared by the caller. A VLAN of 0 is an error told elsewhere. */
static void vlans_carried(const struct policy *policy, bool carried[VALUE_VLAN_MAX + 1])
{
	for (size_t i = 0; i < policy->n_ports; i++) {
		const struct policy_port *port = &policy->ports[i];

		if (port->mode != POLICY_PORT_DEVICES)
			continue;
		carried[port->untagged] = true;
		for (size_t j = 0; j < port->n_tagged; j++)
			carried[port->tagged[j]] = true;
	}
}

static void check_vlans(struct load *load)
{
	const struct policy *policy = load->policy;
	bool carried[VALUE_VLAN_MAX + 1] = { false };

	vlans_carried(policy, carried);
	for (size_t i = 0; i < policy->n_devices; i++) {
		const struct policy_device *device = &policy->devices[i];

		for (size_t j = 0; device->vlan && j < device->n_ports; j++) {
			const struct policy_port *port = &policy->ports[device->ports[j]];

			if (port_carries(port, device->vlan))
				continue;
			policy_error(
				load->diags, device->pos,
				"device '%s' is in VLAN %u, which port '%s' does not carry; add it there or set 'vlan'",
				device->name, device->vlan, port->name);
			policy_note(load->diags, port->pos, "port '%s' stands here", port->name);
		}
		if (device->vlan && !device->n_ports && !carried[device->vlan])
			policy_warning(
				load->diags, device->pos,
				"device '%s' is in VLAN %u, which no port carries: it cannot be seen",
				device->name, device->vlan);
	}
}

/* Where each zone has hosts: on a zone port, or as devices. */
static void zones_populated(const struct policy *policy, bool *populated)
{
	for (size_t i = 0; i < policy->n_ports; i++)
		if (policy->ports[i].mode == POLICY_PORT_ZONE && policy->ports[i].zone >= 0)
			populated[policy->ports[i].zone] = true;
	for (size_t i = 0; i < policy->n_devices; i++)
		if (policy->devices[i].zone >= 0)
			populated[policy->devices[i].zone] = true;
}

static void zones_in_flows(const struct policy *policy, bool *used)
{
	for (size_t i = 0; i < policy->n_flows; i++) {
		for (size_t j = 0; j < policy->flows[i].n_from; j++)
			used[policy->flows[i].from[j]] = true;
		for (size_t j = 0; j < policy->flows[i].n_to; j++)
			used[policy->flows[i].to[j]] = true;
	}
}

static bool anybody_heard(const struct policy *policy, int zone)
{
	bool carried[VALUE_VLAN_MAX + 1] = { true };

	vlans_carried(policy, carried);
	for (size_t i = 0; i < policy->n_ports; i++)
		if (policy->ports[i].mode == POLICY_PORT_ZONE && policy->ports[i].zone == zone &&
		    policy->zones[zone].n_subnets)
			return true;
	for (size_t i = 0; i < policy->n_devices; i++) {
		const struct policy_device *device = &policy->devices[i];

		if (device->zone == zone && device->n_addresses && carried[device->vlan])
			return true;
	}
	return false;
}

static void check_manageable(struct load *load)
{
	const struct policy *policy = load->policy;

	if (policy->management_zone < 0 || anybody_heard(policy, policy->management_zone))
		return;
	policy_error(load->diags, load->management_pos,
		     "management from zone '%s', where nobody could reach the box; give it a zone port and subnets, or a device with an address in a VLAN that a port carries",
		     policy->zones[policy->management_zone].name);
}

static void check_zones(struct load *load)
{
	const struct policy *policy = load->policy;
	bool *populated = calloc(policy->n_zones, sizeof(*populated)),
	     *used = calloc(policy->n_zones, sizeof(*used));

	if (!populated || !used) {
		load->no_memory = true;
		free(populated);
		free(used);
		return;
	}
	zones_populated(policy, populated);
	check_manageable(load);
	zones_in_flows(policy, used);
	for (size_t i = POLICY_ZONE_FIRST; i < policy->n_zones; i++)
		if (!populated[i] && !used[i])
			policy_warning(load->diags, policy->zones[i].pos,
				       "zone '%s' is used by no port, device or flow",
				       policy->zones[i].name);
	for (size_t i = 0; i < policy->n_ports; i++)
		if (policy->ports[i].mode == POLICY_PORT_ZONE &&
		    policy->ports[i].zone >= POLICY_ZONE_FIRST &&
		    !policy->zones[policy->ports[i].zone].n_subnets)
			policy_warning(
				load->diags, policy->ports[i].pos,
				"zone '%s' of port '%s' has no subnets: nothing from there is accepted",
				policy->zones[policy->ports[i].zone].name, policy->ports[i].name);
	free(populated);
	free(used);
}

void check_policy(struct load *load)
{
	check_subnets(load);
	check_names(load);
	check_macs(load);
	check_addresses_once(load);
	check_vlans(load);
	check_zones(load);
}
