// SPDX-License-Identifier: GPL-2.0-only
/* The stable names of reasons: what users see in events, statistics and explanations. */
#include "decide.h"

static const char *const names[] = {
	[CORDON_REASON_NONE] = "accepted",
	[CORDON_REASON_NO_RULESET] = "no-ruleset",
	[CORDON_REASON_MALFORMED] = "malformed",
	[CORDON_REASON_VLAN] = "vlan",
	[CORDON_REASON_ETHERTYPE] = "ethertype",
	[CORDON_REASON_OWN_MAC] = "own-mac",
	[CORDON_REASON_DEVICE_PORT] = "device-port",
	[CORDON_REASON_MARTIAN] = "martian",
	[CORDON_REASON_IPV6_EXT] = "ipv6-ext",
	[CORDON_REASON_IP_OPTIONS] = "ip-options",
	[CORDON_REASON_FRAGMENT] = "fragment",
	[CORDON_REASON_REDIRECT] = "redirect",
	[CORDON_REASON_RA_GUARD] = "ra-guard",
	[CORDON_REASON_DHCP_SERVER] = "dhcp-server",
	[CORDON_REASON_QUERIER] = "querier",
	[CORDON_REASON_ND_SENDER] = "nd-sender",
	[CORDON_REASON_ARP_SENDER] = "arp-sender",
	[CORDON_REASON_NEIGHBOUR_TARGET] = "neighbour-target",
	[CORDON_REASON_ADDRESS_SPOOF] = "address-spoof",
	[CORDON_REASON_ZONE_ADDRESS] = "zone-address",
	[CORDON_REASON_GROUP_UNICAST] = "group-unicast",
	[CORDON_REASON_GROUP] = "group",
	[CORDON_REASON_UNKNOWN_DESTINATION] = "unknown-destination",
	[CORDON_REASON_NOT_FOR_US] = "not-for-us",
	[CORDON_REASON_QUARANTINE] = "quarantine",
	[CORDON_REASON_UNKNOWN_SOURCE] = "unknown-source",
	[CORDON_REASON_PAIR] = "pair",
	[CORDON_REASON_SERVICE] = "service",
	[CORDON_REASON_NOT_REPLY] = "not-reply",
	[CORDON_REASON_RELATED] = "related",
	[CORDON_REASON_UNMANAGED] = "unmanaged",
	[CORDON_REASON_EGRESS_PORT] = "egress-port",
	[CORDON_REASON_MASQUERADE] = "masquerade",
	[CORDON_REASON_LIMIT_PACKETS] = "limit-packets",
	[CORDON_REASON_LIMIT_UP] = "limit-up",
	[CORDON_REASON_LIMIT_DOWN] = "limit-down",
	[CORDON_REASON_LIMIT_CONNECTIONS] = "limit-connections",
	[CORDON_REASON_LIMIT_UNKNOWN] = "limit-unknown",
	[CORDON_REASON_LIMIT_MEMBERSHIP] = "limit-membership",
	[CORDON_REASON_LIMIT_LEASE] = "limit-lease",
	[CORDON_REASON_LIMIT_UNRESOLVED] = "limit-unresolved",
};

const char *cordon_reason_name(u8 reason)
{
	return reason < ARRAY_SIZE(names) ? names[reason] : "?";
}
