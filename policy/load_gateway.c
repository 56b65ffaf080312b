// SPDX-License-Identifier: GPL-2.0-or-later
/* The section `gateway`: ports, uplinks, management. */
#include <stdlib.h>
#include <string.h>

#include "policy/load.h"
#include "policy/value.h"

static struct policy_port *port_new(struct load *load, const struct yaml_node *name)
{
	struct policy *policy = load->policy;
	struct policy_port *port;

	if (!value_port_name(name->text)) {
		policy_error(
			load->diags, load_pos(load, name),
			"%s is no interface; a name has 1-15 printable bytes without '/', ':', '*', '\"' and '\\', and is not lo",
			policy_quote(name->text));
		return NULL;
	}
	for (size_t i = 0; i < policy->n_ports; i++) {
		if (strcmp(policy->ports[i].name, name->text) != 0)
			continue;
		policy_error(load->diags, load_pos(load, name),
			     "interface %s is named twice; it is a port or an uplink, once",
			     policy_quote(name->text));
		policy_note(load->diags, policy->ports[i].pos, "%s is named here already",
			    policy_quote(name->text));
		return NULL;
	}
	if (policy->n_ports == CORDON_MAX_PORTS) {
		policy_error(load->diags, load_pos(load, name), "more than %d ports and uplinks; one gateway has no more",
			     CORDON_MAX_PORTS);
		return NULL;
	}
	port = load_push(load, &policy->ports, &policy->n_ports, sizeof(*port));
	if (!port)
		return NULL;
	port->pos = load_pos(load, name);
	port->name = load_copy(load, name->text);
	port->zone = -1;
	if (port->name)
		return port;
	policy->n_ports--;
	return NULL;
}

static int vlan_compare(const void *left, const void *right)
{
	return *(const uint16_t *)left - *(const uint16_t *)right;
}

static void port_tagged(struct load *load, struct policy_port *port, const struct yaml_node *list)
{
	uint8_t seen[(VALUE_VLAN_MAX + 8) / 8] = { 0 };

	if (list->kind != YAML_LIST) {
		load_wrong_type(load, list, "a list of VLAN ids such as [20, 30]");
		return;
	}
	yaml_each (node, list) {
		uint16_t vlan = load_vlan(load, node), *slot;

		if (!vlan)
			continue;
		if (seen[vlan / 8] & 1 << vlan % 8) {
			policy_error(load->diags, load_pos(load, node), "VLAN %u is listed twice; once is enough",
				     vlan);
			continue;
		}
		if (vlan == port->untagged)
			policy_error(
				load->diags, load_pos(load, node),
				"VLAN %u is tagged and untagged on port '%s'; it is one of them",
				vlan, port->name);
		seen[vlan / 8] |= (uint8_t)(1 << vlan % 8);
		slot = load_push(load, &port->tagged, &port->n_tagged, sizeof(*slot));
		if (slot)
			*slot = vlan;
	}
	if (port->n_tagged)
		qsort(port->tagged, port->n_tagged, sizeof(*port->tagged), vlan_compare);
}

static void port_devices(struct load *load, struct policy_port *port,
			 const struct yaml_node *const *values)
{
	const struct yaml_node *mode = values[PORT_MODE], *untagged = values[PORT_UNTAGGED];

	port->mode = POLICY_PORT_DEVICES;
	port->untagged = 1;
	if (mode->kind != YAML_SCALAR || strcmp(mode->text, "devices") != 0)
		policy_error(load->diags, load_pos(load, mode),
			     "the mode of a port is 'devices'; a zone port is {zone: NAME}");
	if (untagged && untagged->kind == YAML_SCALAR && !strcmp(untagged->text, "none"))
		port->untagged = 0;
	else if (untagged)
		port->untagged = load_vlan(load, untagged);
	if (values[PORT_TAGGED])
		port_tagged(load, port, values[PORT_TAGGED]);
	if (untagged && !port->untagged &&
	    !strcmp(untagged->kind == YAML_SCALAR ? untagged->text : "", "none") && !port->n_tagged)
		policy_error(load->diags, port->pos,
			     "port '%s' has no VLAN at all; give it 'untagged' or 'tagged'",
			     port->name);
}

static void port_zone(struct load *load, struct policy_port *port,
		      const struct yaml_node *const *values)
{
	const struct yaml_node *extra[] = { values[PORT_MODE], values[PORT_UNTAGGED],
					    values[PORT_TAGGED] };
	const char *text = load_word(load, values[PORT_ZONE], "the name of a zone");

	port->mode = POLICY_PORT_ZONE;
	for (size_t i = 0; i < sizeof(extra) / sizeof(extra[0]); i++)
		if (extra[i])
			policy_error(
				load->diags, load_pos(load, extra[i]),
				"a port with 'zone' has no other key; it is a routed segment of one zone");
	if (!text)
		return;
	port->zone = names_zone(load, values[PORT_ZONE], text);
	if (port->zone == POLICY_ZONE_WAN)
		policy_error(load->diags, load_pos(load, values[PORT_ZONE]),
			     "zone 'wan' lies behind uplinks; list the port under 'uplinks'");
	else if (port->zone >= 0 && port->zone < POLICY_ZONE_FIRST)
		policy_error(load->diags, load_pos(load, values[PORT_ZONE]),
			     "zone %s is never a port's; name a declared zone", policy_quote(text));
}

static void port_load(struct load *load, const struct yaml_node *key)
{
	const struct yaml_node *node = key->next, *values[LOAD_MAX_KEYS];
	struct policy_port *port = port_new(load, key);

	if (!port)
		return;
	if (node->kind == YAML_SCALAR && !strcmp(node->text, "devices")) {
		port->untagged = 1;
		return;
	}
	if (node->kind != YAML_MAPPING) {
		load_wrong_type(load, node, "'devices', {mode: devices, ...} or {zone: NAME}");
		return;
	}
	if (!load_mapping(load, node, LOAD_PORT, values))
		return;
	if (values[PORT_ZONE])
		port_zone(load, port, values);
	else if (values[PORT_MODE])
		port_devices(load, port, values);
	else
		policy_error(load->diags, load_pos(load, node),
			     "a port needs 'mode: devices' or 'zone: NAME'");
}

static void uplink_masquerade(struct load *load, struct policy_port *port,
			      const struct yaml_node *node)
{
	const char *text = load_word(load, node, "one of none, ipv4, ipv6, both");

	if (!text)
		return;
	port->masquerade4 = !strcmp(text, "ipv4") || !strcmp(text, "both");
	port->masquerade6 = !strcmp(text, "ipv6") || !strcmp(text, "both");
	if (!port->masquerade4 && !port->masquerade6 && strcmp(text, "none") != 0)
		policy_error(load->diags, load_pos(load, node),
			     "masquerade is %s; it is one of none, ipv4, ipv6, both",
			     policy_quote(text));
}

static struct policy_port *uplink_new(struct load *load, const struct yaml_node *name)
{
	struct policy_port *port = port_new(load, name);

	if (port) {
		port->mode = POLICY_PORT_UPLINK;
		port->zone = POLICY_ZONE_WAN;
		port->masquerade4 = true;
	}
	return port;
}

static void uplinks_load(struct load *load, const struct yaml_node *node)
{
	const struct yaml_node *values[LOAD_MAX_KEYS];

	if (node->kind == YAML_SCALAR) {
		load_wrong_type(load, node,
				"a list of interfaces such as [wan0], or a mapping of them");
		return;
	}
	if (node->kind == YAML_LIST) {
		yaml_each (name, node)
			if (load_word(load, name, "the name of an interface"))
				uplink_new(load, name);
		return;
	}
	yaml_each_pair (key, node) {
		struct policy_port *port = uplink_new(load, key);

		if (load_mapping(load, key->next, LOAD_UPLINK, values) && port &&
		    values[UPLINK_MASQUERADE])
			uplink_masquerade(load, port, values[UPLINK_MASQUERADE]);
	}
}

static void ports_load(struct load *load, const struct yaml_node *node)
{
	if (node->kind != YAML_MAPPING) {
		load_wrong_type(load, node, "a mapping of interface names");
		return;
	}
	yaml_each_pair (key, node)
		port_load(load, key);
}

static void offload_load(struct load *load, const struct yaml_node *node)
{
	const char *text = load_word(load, node, "'refuse' or 'alert'");

	if (!text)
		return;
	load->policy->refuse_offload = !strcmp(text, "refuse");
	if (!load->policy->refuse_offload && strcmp(text, "alert") != 0)
		policy_error(load->diags, load_pos(load, node),
			     "hardware-offload is %s; it is 'refuse' or 'alert'", policy_quote(text));
}

/* The one file with the section; a second one is an error. */
static const struct load_file *gateway_file(struct load *load)
{
	const struct load_file *found = NULL;
	struct policy_pos top = { .line = 1, .column = 1 };

	for (size_t i = 0; i < load->n_files; i++) {
		const struct yaml_node *section = load->files[i].sections[POLICY_GATEWAY];

		if (section && found) {
			policy_error(load->diags, yaml_pos(&load->files[i].doc, section),
				     "a second 'gateway'; it stands in one file only");
			policy_note(load->diags,
				    yaml_pos(&found->doc, found->sections[POLICY_GATEWAY]),
				    "'gateway' stands here already");
		} else if (section) {
			found = &load->files[i];
		}
	}
	top.file = load->n_files ? load->files[0].doc.file : NULL;
	if (!found)
		policy_error(load->diags, top,
			     "the policy has no 'gateway'; it names ports, uplinks and management");
	return found;
}

void load_gateway(struct load *load)
{
	const struct load_file *file = gateway_file(load);
	const struct yaml_node *values[LOAD_MAX_KEYS], *section;
	size_t errors = load->diags->errors;

	if (!file)
		return;
	section = file->sections[POLICY_GATEWAY];
	load->doc = &file->doc;
	load->gateway_pos = load_pos(load, section);
	if (!load_mapping(load, section, LOAD_GATEWAY, values))
		return;
	if (values[GATEWAY_PORTS])
		ports_load(load, values[GATEWAY_PORTS]);
	if (values[GATEWAY_UPLINKS])
		uplinks_load(load, values[GATEWAY_UPLINKS]);
	if (values[GATEWAY_OFFLOAD])
		offload_load(load, values[GATEWAY_OFFLOAD]);
	if (values[GATEWAY_UNKNOWN])
		load_unknown(load, values[GATEWAY_UNKNOWN]);
	if (!load->policy->n_ports && load->diags->errors == errors)
		policy_error(load->diags, load_pos(load, section),
			     "neither a port nor an uplink; there is nothing to guard");
}

static void management_zone(struct load *load, struct policy_flow *flow,
			    const struct yaml_node *node)
{
	const char *text = load_word(load, node, "the name of one zone");
	int zone = text ? names_zone(load, node, text) : -1, *slot;

	if (zone >= 0 && zone < POLICY_ZONE_FIRST) {
		policy_error(
			load->diags, load_pos(load, node),
			"management from %s; name a declared zone, or write 'management: console-only'",
			policy_quote(text));
		zone = -1;
	}
	if (zone < 0)
		return;
	load->policy->management_zone = zone;
	load->management_pos = load_pos(load, node);
	slot = load_push(load, &flow->from, &flow->n_from, sizeof(*slot));
	if (slot)
		*slot = zone;
	slot = load_push(load, &flow->to, &flow->n_to, sizeof(*slot));
	if (slot)
		*slot = POLICY_ZONE_GATEWAY;
}

void load_management(struct load *load)
{
	const struct yaml_node *values[LOAD_MAX_KEYS], *node = NULL, *section;
	struct policy_flow *flow;

	for (size_t i = 0; i < load->n_files && !node; i++) {
		section = load->files[i].sections[POLICY_GATEWAY];
		load->doc = &load->files[i].doc;
		if (section && section->kind == YAML_MAPPING)
			yaml_each_pair (key, section)
				if (!strcmp(key->text, "management"))
					node = key->next;
	}
	if (!node)
		return;
	if (node->kind == YAML_SCALAR && !strcmp(node->text, "console-only")) {
		load->policy->console_only = true;
		return;
	}
	if (node->kind != YAML_MAPPING) {
		load_wrong_type(load, node, "'console-only' or {from: ZONE, allow: [SERVICES]}");
		return;
	}
	if (!load_mapping(load, node, LOAD_MANAGEMENT, values))
		return;
	flow = load_push(load, &load->policy->flows, &load->policy->n_flows, sizeof(*flow));
	if (!flow)
		return;
	flow->pos = load_pos(load, node);
	flow->management = true;
	if (values[MANAGEMENT_FROM])
		management_zone(load, flow, values[MANAGEMENT_FROM]);
	if (values[MANAGEMENT_ALLOW])
		load_service_entries(load, values[MANAGEMENT_ALLOW], false, &flow->entries,
				     &flow->services);
}
