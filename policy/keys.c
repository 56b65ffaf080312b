// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every key that the loader knows, by the mapping it stands in. policy/schema/ says the same for
 * editors; a test compares.
 */
#include "policy/load.h"

static const struct load_key policy_keys[] = {
	[POLICY_CORDON] = { "cordon", true },
	[POLICY_GATEWAY] = { "gateway", false },
	[POLICY_ZONES] = { "zones", false },
	[POLICY_SERVICES] = { "services", false },
	[POLICY_DEVICES] = { "devices", false },
	[POLICY_FLOWS] = { "flows", false },
	{ NULL, false },
};

static const struct load_key gateway_keys[] = {
	[GATEWAY_PORTS] = { "ports", false },
	[GATEWAY_UPLINKS] = { "uplinks", false },
	[GATEWAY_MANAGEMENT] = { "management", true },
	{ NULL, false },
};

static const struct load_key port_keys[] = {
	[PORT_MODE] = { "mode", false },
	[PORT_UNTAGGED] = { "untagged", false },
	[PORT_TAGGED] = { "tagged", false },
	[PORT_ZONE] = { "zone", false },
	{ NULL, false },
};

static const struct load_key uplink_keys[] = {
	[UPLINK_MASQUERADE] = { "masquerade", false },
	{ NULL, false },
};

static const struct load_key management_keys[] = {
	[MANAGEMENT_FROM] = { "from", true },
	[MANAGEMENT_ALLOW] = { "allow", true },
	{ NULL, false },
};

static const struct load_key zone_keys[] = {
	[ZONE_SUBNETS] = { "subnets", false },
	{ NULL, false },
};

static const struct load_key device_keys[] = {
	[DEVICE_MAC] = { "mac", true },
	[DEVICE_ZONE] = { "zone", true },
	[DEVICE_PORT] = { "port", false },
	[DEVICE_VLAN] = { "vlan", false },
	[DEVICE_ADDRESSES] = { "addresses", false },
	{ NULL, false },
};

static const struct load_key flow_keys[] = {
	[FLOW_FROM] = { "from", true },	   [FLOW_TO] = { "to", true },
	[FLOW_ALLOW] = { "allow", false }, [FLOW_DENY] = { "deny", false },
	[FLOW_LOG] = { "log", false },	   { NULL, false },
};

const struct load_keys load_mappings[LOAD_MAPPINGS] = {
	[LOAD_POLICY] = { "a policy", policy_keys },
	[LOAD_GATEWAY] = { "gateway", gateway_keys },
	[LOAD_PORT] = { "a port", port_keys },
	[LOAD_UPLINK] = { "an uplink", uplink_keys },
	[LOAD_MANAGEMENT] = { "management", management_keys },
	[LOAD_ZONE] = { "a zone", zone_keys },
	[LOAD_DEVICE] = { "a device", device_keys },
	[LOAD_FLOW] = { "a flow", flow_keys },
};

const char *const load_later_keys[] = { "evidence", "model",  "models", "limits",
					"feeds",    "expect", NULL };
