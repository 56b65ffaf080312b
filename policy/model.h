/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checked policy as data: what load.c fills, check.c verifies, compile.c and nft/ read.
 * Owned by one struct policy; everything it points to is freed with it. Names are NUL-terminated.
 */
#ifndef CORDON_POLICY_MODEL_H
#define CORDON_POLICY_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/cordon.h>

/**
 * struct policy_pos - where in the source something stands; line and column count from 1, 0 =
 * nowhere
 */
struct policy_pos {
	const char *file; /* owned by the policy */
	uint32_t line;
	uint32_t column;
};

/** struct policy_prefix - an address prefix; IPv4 as v4-mapped IPv6 with length 96 + n */
struct policy_prefix {
	struct policy_pos pos;
	uint8_t addr[16];
	uint8_t len;
};

/**
 * struct policy_entry - one service entry after resolving names; as on the wire (linux/cordon.h)
 */
struct policy_entry {
	uint8_t kind;  /* CORDON_ENTRY_* */
	uint8_t proto; /* IP protocol; 0 for kinds without one */
	uint16_t low;  /* port or ICMP type, host order */
	uint16_t high;
};

struct policy_entries {
	struct policy_entry *v;
	size_t n;
};

struct policy_port {
	struct policy_pos pos;
	char *name;
	enum { POLICY_PORT_DEVICES, POLICY_PORT_ZONE, POLICY_PORT_UPLINK } mode;
	int zone;	   /* POLICY_PORT_ZONE: index into zones; uplink: POLICY_ZONE_WAN */
	uint16_t untagged; /* 0: none */
	uint16_t *tagged;  /* sorted, distinct */
	size_t n_tagged;
	bool masquerade4;
	bool masquerade6;
};

/* zones[0..3] are the built-in ones, in this order, declared zones follow in source order */
enum {
	POLICY_ZONE_GATEWAY,
	POLICY_ZONE_WAN,
	POLICY_ZONE_UNKNOWN,
	POLICY_ZONE_QUARANTINE,
	POLICY_ZONE_FIRST
};

/** struct policy_limits - per second, by enum cordon_quantity; 0: nothing is said */
struct policy_limits {
	uint64_t rate[__CORDON_QUANTITY_MAX];
};

struct policy_zone {
	struct policy_pos pos;
	char *name;
	struct policy_prefix *subnets;
	size_t n_subnets;
	struct policy_limits limits;
	bool groups_given; /* without: every group that its flows allow */
	struct policy_prefix *groups;
	size_t n_groups;
	uint8_t guards; /* CORDON_ZONE_F_* of IP options and fragments */
};

struct policy_service {
	struct policy_pos pos;
	char *name;
	bool builtin;
	struct policy_entries entries; /* flattened */
};

struct policy_address {
	struct policy_pos pos;
	uint8_t addr[16]; /* IPv4 as v4-mapped */
};

struct policy_device {
	struct policy_pos pos;
	char *name;
	struct policy_pos mac_pos;
	uint8_t mac[6];
	uint16_t vlan;	 /* after defaulting */
	bool vlan_given; /* written in the policy */
	int zone;	 /* index into zones */
	int *ports;	 /* indexes into ports; n_ports 0: first seen binds */
	size_t n_ports;
	struct policy_address *addresses;
	size_t n_addresses;
	struct policy_limits limits; /* its own; limits_of_device() says which hold */
	uint8_t roles; /* CORDON_ROLE_* */
};

struct policy_flow {
	struct policy_pos pos;
	int *from, *to; /* zone indexes, `any` expanded */
	size_t n_from, n_to;
	bool deny;
	bool log;
	bool management;	       /* made from gateway.management */
	struct policy_entries entries; /* flattened; `all` is one entry of kind CORDON_ENTRY_ALL */
	char *services;		       /* as written, for messages: "https, ping" */
};

/* packets/s of all unknown sources together, unless the policy says otherwise */
#define POLICY_UNKNOWN_PACKETS 256

struct policy {
	char **files;
	size_t n_files;
	struct policy_port *ports;
	size_t n_ports;
	struct policy_zone *zones;
	size_t n_zones;
	struct policy_service *services;
	size_t n_services;
	struct policy_device *devices;
	size_t n_devices;
	struct policy_flow *flows;
	size_t n_flows;
	bool refuse_offload; /* gateway.hardware-offload: refuse */
	bool console_only;
	int management_zone;
	uint32_t unknown_packets;
};

#endif /* CORDON_POLICY_MODEL_H */
