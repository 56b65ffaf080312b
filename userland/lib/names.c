// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables of names; the order is that of linux/cordon.h. */
#include "userland/lib/names.h"

#include <stddef.h>

#include <linux/cordon.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *name_attr(uint16_t attr)
{
	static const char *const name[] = {
		[CORDON_A_WIRE_VERSION] = "wire version", [CORDON_A_MODULE_VERSION] = "module version",
		[CORDON_A_ARMED] = "armed", [CORDON_A_GENERATION] = "generation", [CORDON_A_DIGEST] = "digest",
		[CORDON_A_TXID] = "txid", [CORDON_A_LENGTH] = "length", [CORDON_A_OFFSET] = "offset",
		[CORDON_A_DATA] = "data", [CORDON_A_MAC] = "mac", [CORDON_A_VLAN] = "vlan",
		[CORDON_A_QUARANTINED] = "quarantined",
	};

	return attr < COUNT(name) && name[attr] ? name[attr] : "unknown";
}

const char *name_hook(uint8_t hook)
{
	static const char *const name[] = { "ingress", "forward", "local-in", "local-out", "bridge", "egress" };

	return hook < COUNT(name) ? name[hook] : "unknown";
}

const char *name_event(uint8_t event)
{
	static const char *const name[] = {
		"none", "drop", "unknown", "commit", "disarm", "quarantine", "release", "port", "move", "hooks",
	};

	return event < COUNT(name) ? name[event] : "newer";
}

const char *name_port_mode(uint8_t mode)
{
	static const char *const name[] = { "none", "devices", "zone", "uplink" };

	return mode < COUNT(name) ? name[mode] : "newer";
}

const char *name_finding(unsigned int bit)
{
	static const char *const name[] = {
		"absent", "no-carrier", "hw-tc", "hw-forward", "xdp", "zone-in-bridge", "renamed", "stacked",
		"foreign-hook", "unhooked", "tc", "diverted", "lower",
	};

	return bit < COUNT(name) ? name[bit] : NULL;
}

const char *name_place(unsigned int place)
{
	static const char *const name[] = {
		"IPv4 forward", "IPv6 forward", "IPv4 input", "IPv6 input", "IPv4 output", "IPv6 output", "bridge forward",
		"bridge input", "bridge output",
	};

	return place < COUNT(name) ? name[place] : "newer";
}

const char *name_zone_builtin(uint8_t id)
{
	static const char *const name[] = { "none", "gateway", "wan", "unknown", "quarantine" };

	return id < COUNT(name) ? name[id] : NULL;
}
