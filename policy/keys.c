// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every key that the loader knows, by the mapping it stands in. policy/schema/ says the same for
 * editors; a test compares.
 */
#include "policy/load.h"

static const struct load_key policy_keys[] = {
	[POLICY_CORDON] = { "cordon", "cordon: 1" },
	[POLICY_GATEWAY] = { "gateway", NULL },
	[POLICY_ZONES] = { "zones", NULL },
	[POLICY_SERVICES] = { "services", NULL },
	[POLICY_DEVICES] = { "devices", NULL },
	[POLICY_FLOWS] = { "flows", NULL },
	{ NULL, NULL },
};

static const struct load_key gateway_keys[] = {
	[GATEWAY_PORTS] = { "ports", NULL },
	[GATEWAY_UPLINKS] = { "uplinks", NULL },
	[GATEWAY_MANAGEMENT] = { "management", "management: {from: ZONE, allow: [ssh]}, or console-only" },
	[GATEWAY_OFFLOAD] = { "hardware-offload", NULL },
	[GATEWAY_UNKNOWN] = { "unknown", NULL },
	{ NULL, NULL },
};

static const struct load_key port_keys[] = {
	[PORT_MODE] = { "mode", NULL },
	[PORT_UNTAGGED] = { "untagged", NULL },
	[PORT_TAGGED] = { "tagged", NULL },
	[PORT_ZONE] = { "zone", NULL },
	{ NULL, NULL },
};

static const struct load_key uplink_keys[] = {
	[UPLINK_MASQUERADE] = { "masquerade", NULL },
	{ NULL, NULL },
};

static const struct load_key management_keys[] = {
	[MANAGEMENT_FROM] = { "from", "from: ZONE" },
	[MANAGEMENT_ALLOW] = { "allow", "allow: [ssh]" },
	{ NULL, NULL },
};

static const struct load_key zone_keys[] = {
	[ZONE_SUBNETS] = { "subnets", NULL },
	[ZONE_LIMITS] = { "limits", NULL },
	[ZONE_GROUPS] = { "groups", NULL },
	[ZONE_IP_OPTIONS] = { "ip-options", NULL },
	[ZONE_FRAGMENTS] = { "fragments", NULL },
	{ NULL, NULL },
};

static const struct load_key device_keys[] = {
	[DEVICE_MAC] = { "mac", "mac: \"02:00:00:00:00:01\"" },
	[DEVICE_ZONE] = { "zone", "zone: ZONE" },
	[DEVICE_PORT] = { "port", NULL },
	[DEVICE_VLAN] = { "vlan", NULL },
	[DEVICE_ADDRESSES] = { "addresses", NULL },
	[DEVICE_LIMITS] = { "limits", NULL },
	[DEVICE_ROLES] = { "roles", NULL },
	{ NULL, NULL },
};

static const struct load_key flow_keys[] = {
	[FLOW_FROM] = { "from", "from: ZONE" },	   [FLOW_TO] = { "to", "to: ZONE" },
	[FLOW_ALLOW] = { "allow", NULL }, [FLOW_DENY] = { "deny", NULL },
	[FLOW_LOG] = { "log", NULL },	   { NULL, NULL },
};

static const struct load_key limits_keys[] = {
	[CORDON_QUANTITY_PACKETS] = { "packets", NULL },
	[CORDON_QUANTITY_UP] = { "up", NULL },
	[CORDON_QUANTITY_DOWN] = { "down", NULL },
	[CORDON_QUANTITY_CONNECTIONS] = { "connections", NULL },
	{ NULL, NULL },
};

static const struct load_key unknown_keys[] = {
	[UNKNOWN_PACKETS] = { "packets", "packets: 256/s" },
	{ NULL, NULL },
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
	[LOAD_LIMITS] = { "limits", limits_keys },
	[LOAD_UNKNOWN] = { "unknown", unknown_keys },
};

const char *const load_later_keys[] = { "evidence", "model",	"models",
					"feeds",    "expect",	"private-answers",
					NULL };
