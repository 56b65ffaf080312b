// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The section `devices`. What concerns one device alone is judged here, what needs all of them in
 * check_devices.c.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/load.h"
#include "policy/value.h"

static const char *port_word(const void *arg, size_t i)
{
	const struct policy *policy = arg;

	return policy->ports[i].mode == POLICY_PORT_DEVICES ? policy->ports[i].name : NULL;
}

static void unknown_port(struct load *load, const struct yaml_node *node)
{
	const char *near =
		policy_nearest(node->text, load->policy->n_ports, port_word, load->policy);

	if (near)
		policy_error(load->diags, load_pos(load, node),
			     "there is no port %s; did you mean '%s'?", policy_quote(node->text),
			     near);
	else
		policy_error(load->diags, load_pos(load, node),
			     "there is no port %s; ports stand under 'gateway'",
			     policy_quote(node->text));
}

static void device_port(struct load *load, struct policy_device *device,
			const struct yaml_node *node)
{
	const struct policy *policy = load->policy;
	const char *text = load_word(load, node, "a port name or a list of them");
	size_t port = 0;
	int *slot;

	if (!text)
		return;
	while (port < policy->n_ports && strcmp(policy->ports[port].name, text) != 0)
		port++;
	if (port == policy->n_ports) {
		unknown_port(load, node);
		return;
	}
	if (policy->ports[port].mode != POLICY_PORT_DEVICES) {
		policy_error(load->diags, load_pos(load, node),
			     "port %s takes no devices; a device is on a 'devices' port",
			     policy_quote(text));
		policy_note(load->diags, policy->ports[port].pos, "%s is %s", policy_quote(text),
			    policy->ports[port].mode == POLICY_PORT_ZONE ? "a zone port"
									 : "an uplink");
		return;
	}
	for (size_t i = 0; i < device->n_ports; i++) {
		if (device->ports[i] != (int)port)
			continue;
		policy_error(load->diags, load_pos(load, node), "port %s is listed twice; once is enough",
			     policy_quote(text));
		return;
	}
	slot = load_push(load, &device->ports, &device->n_ports, sizeof(*slot));
	if (slot)
		*slot = (int)port;
}

static void device_ports(struct load *load, struct policy_device *device,
			 const struct yaml_node *node)
{
	if (node->kind != YAML_LIST) {
		device_port(load, device, node);
		return;
	}
	if (!node->n)
		policy_error(
			load->diags, load_pos(load, node),
			"an empty list of ports; leave 'port' out for the first port that the device is seen on");
	yaml_each (element, node)
		device_port(load, device, element);
}

/* The VLAN as written, or that of the first port. */
static void device_vlan(struct load *load, struct policy_device *device,
			const struct yaml_node *node)
{
	const struct policy_port *first;

	if (node) {
		device->vlan = load_vlan(load, node);
		device->vlan_given = device->vlan != 0;
		return;
	}
	device->vlan = 1;
	if (!device->n_ports)
		return;
	first = &load->policy->ports[device->ports[0]];
	device->vlan = first->untagged;
	if (!first->untagged) {
		policy_error(load->diags, device->pos,
			     "device %s needs 'vlan'; its port '%s' has no untagged VLAN",
			     policy_quote(device->name), first->name);
		policy_note(load->diags, first->pos, "port '%s' stands here", first->name);
	}
}

static void device_address(struct load *load, struct policy_device *device,
			   const struct yaml_node *node)
{
	const char *text = load_word(load, node, "an address such as 10.20.0.11"), *fault;
	struct policy_address address = { .pos = load_pos(load, node) }, *slot;

	if (!text)
		return;
	fault = value_address(text, address.addr);
	if (fault) {
		policy_error(load->diags, address.pos, "%s is no address of a device; %s",
			     policy_quote(text), fault);
		return;
	}
	slot = load_push(load, &device->addresses, &device->n_addresses, sizeof(*slot));
	if (slot)
		*slot = address;
}

static void device_addresses(struct load *load, struct policy_device *device,
			     const struct yaml_node *node)
{
	if (node->kind == YAML_SCALAR && !strcmp(node->text, "dhcp")) {
		policy_error(
			load->diags, load_pos(load, node),
			"'addresses: dhcp' needs a newer cordon; list the addresses that the DHCP server gives");
		return;
	}
	if (node->kind != YAML_LIST) {
		load_wrong_type(load, node, "a list of addresses");
		return;
	}
	if (node->n > LOAD_MAX_ADDRESSES) {
		policy_error(load->diags, load_pos(load, node),
			     "%u addresses; a device has at most %d", node->n, LOAD_MAX_ADDRESSES);
		return;
	}
	yaml_each (element, node)
		device_address(load, device, element);
}

static void device_zone(struct load *load, struct policy_device *device,
			const struct yaml_node *node)
{
	const char *text = load_word(load, node, "the name of a zone");

	device->zone = text ? names_zone(load, node, text) : -1;
	if (device->zone < 0 || device->zone >= POLICY_ZONE_QUARANTINE)
		return;
	policy_error(load->diags, load_pos(load, node),
		     "no device is in zone %s; name a declared zone or 'quarantine'",
		     policy_quote(text));
	device->zone = -1;
}

static void device_mac(struct load *load, struct policy_device *device,
		       const struct yaml_node *node)
{
	const char *text = load_word(load, node, "a MAC address such as 02:00:00:00:00:01");
	const char *fault = text ? value_mac(text, device->mac) : NULL;

	device->mac_pos = load_pos(load, node);
	if (!fault)
		return;
	policy_error(load->diags, device->mac_pos, "%s is no MAC address of a device; %s",
		     policy_quote(text), fault);
	memset(device->mac, 0, sizeof(device->mac));
}

static void device_roles(struct load *load, struct policy_device *device,
			 const struct yaml_node *node)
{
	device->roles = load_word_set(load, node, value_role_names, "a list of roles", "role");
	if (device->roles && !device->n_ports)
		policy_error(
			load->diags, load_pos(load, node),
			"a device with roles needs 'port'; without it they belong to whoever is seen first with its MAC");
}

static struct policy_device *device_new(struct load *load, const struct yaml_node *key)
{
	struct policy *policy = load->policy;
	struct policy_device *device;

	if (!value_device_name(key->text)) {
		policy_error(
			load->diags, load_pos(load, key),
			"%s is no name of a device; 1-63 of a-z, 0-9, '.', '_' and '-', a letter or digit first",
			policy_quote(key->text));
		return NULL;
	}
	device = load_push(load, &policy->devices, &policy->n_devices, sizeof(*device));
	if (!device)
		return NULL;
	device->pos = load_pos(load, key);
	device->zone = -1;
	device->name = load_copy(load, key->text);
	if (device->name)
		return device;
	policy->n_devices--;
	return NULL;
}

static void device_load(struct load *load, const struct yaml_node *key)
{
	const struct yaml_node *values[LOAD_MAX_KEYS];
	struct policy_device *device = device_new(load, key);

	if (!device || !load_mapping(load, key->next, LOAD_DEVICE, values))
		return;
	if (values[DEVICE_MAC])
		device_mac(load, device, values[DEVICE_MAC]);
	if (values[DEVICE_ZONE])
		device_zone(load, device, values[DEVICE_ZONE]);
	if (values[DEVICE_PORT])
		device_ports(load, device, values[DEVICE_PORT]);
	device_vlan(load, device, values[DEVICE_VLAN]);
	if (values[DEVICE_ADDRESSES])
		device_addresses(load, device, values[DEVICE_ADDRESSES]);
	if (values[DEVICE_LIMITS])
		load_limits(load, values[DEVICE_LIMITS], &device->limits);
	if (values[DEVICE_ROLES])
		device_roles(load, device, values[DEVICE_ROLES]);
}

void load_devices(struct load *load)
{
	size_t n = 0;

	for (size_t i = 0; i < load->n_files; i++) {
		const struct yaml_node *section = load->files[i].sections[POLICY_DEVICES];

		load->doc = &load->files[i].doc;
		if (!section)
			continue;
		if (section->kind != YAML_MAPPING) {
			load_wrong_type(load, section, "a mapping of device names, or {}");
			continue;
		}
		n += section->n;
		if (n > CORDON_MAX_DEVICES) {
			policy_error(load->diags, load_pos(load, section),
				     "%zu devices; a policy has at most %d", n, CORDON_MAX_DEVICES);
			return;
		}
		yaml_each_pair (key, section)
			device_load(load, key);
	}
}
