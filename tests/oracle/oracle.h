/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The oracle: a second, deliberately naive implementation of docs/policy-language.md sections 2 and 6. It is written from that
 * page alone, shares nothing with the code that it checks, and looks everything up by walking arrays.
 */
#ifndef CORDON_TESTS_ORACLE_H
#define CORDON_TESTS_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { O_GATEWAY, O_WAN, O_UNKNOWN, O_QUARANTINE, O_FIRST };	/* zones 0-3 are built in, declared ones follow */
enum { O_ANY = -1 };						/* in a flow: every declared zone */
enum { O_NOBODY = -1 };						/* no device, no zone, no port */

enum {
	O_MAX_ZONES = 14,
	O_MAX_PORTS = 10,
	O_MAX_DEVICES = 32,
	O_MAX_FLOWS = 32,
	O_MAX_WORDS = 6,
	O_MAX_SERVICES = 8,
	O_MAX_OWN = 64,
	O_MAX_OWNERS = 12,
};

/** struct o_addr - an address; family 4 or 6, 0 for none */
struct o_addr {
	int family;
	uint8_t b[16];
};

struct o_prefix {
	struct o_addr addr;
	int len;
};

struct o_zone {
	char name[32];
	struct o_prefix subnet[6];
	int n_subnets;
	bool record_route, timestamp, router_alert, no_fragments;
	bool lists_groups;
	struct o_prefix group[4];
	int n_groups;
};

enum o_mode { O_DEVICES, O_ZONE, O_UPLINK };

struct o_port {
	char name[16];
	enum o_mode mode;
	int zone;
	int untagged;		/* 0: none */
	int tagged[4];
	int n_tagged;
	bool masquerade4, masquerade6;
};

struct o_device {
	char name[32];
	uint8_t mac[6];
	int vlan;
	int zone;
	int port[4];
	int n_ports;
	struct o_addr addr[4];
	int n_addr;
	bool dhcp_server, router, querier;
};

struct o_service {
	char name[32];
	char word[O_MAX_WORDS][32];
	int n_words;
};

/** struct o_flow - a flow as it is written: zones and service words are not expanded */
struct o_flow {
	int from[4], to[4];
	int n_from, n_to;
	bool deny, log;
	char word[O_MAX_WORDS][32];
	int n_words;
};

/** struct o_set - Set(A, B) as one bit per entry */
struct o_set {
	uint8_t tcp[8192], udp[8192];
	uint8_t proto[32];
	uint8_t ether[8192];
	bool icmp8, icmp13, icmpv6_128, dhcp;
	bool touched, empty;
};

struct o_policy {
	struct o_zone zone[O_MAX_ZONES];
	int n_zones;		/* with the built-in ones */
	struct o_port port[O_MAX_PORTS];
	int n_ports;
	struct o_device device[O_MAX_DEVICES];
	int n_devices;
	struct o_service service[O_MAX_SERVICES];
	int n_services;
	struct o_flow flow[O_MAX_FLOWS];
	int n_flows;
	int management;		/* the flow that `gateway.management` is; O_NOBODY: console-only */
	struct o_set set[O_MAX_ZONES][O_MAX_ZONES];
};

enum o_hook { O_INGRESS, O_FORWARD, O_LOCAL_IN, O_LOCAL_OUT, O_BRIDGE, O_EGRESS, O_HOOKS };
enum o_side_kind { O_UNMANAGED, O_PORT, O_STACKED };

struct o_side {
	enum o_side_kind kind;
	int port;
	int vlan;
};

enum o_ct_state { O_CT_NONE, O_CT_ORIGINAL, O_CT_REPLY, O_CT_RELATED };

/** struct o_ct - the flow that a packet belongs to; service is the target's port, or the type of the query */
struct o_ct {
	enum o_ct_state state;
	int proto;
	int service;
	struct o_addr initiator, target;
};

/** struct o_packet - one packet at one place; a tag that was taken out of the bytes stands beside them */
struct o_packet {
	enum o_hook hook;
	uint8_t bytes[2048];
	int len;
	bool tag;
	int tpid, tci;
	int l3;			/* 0: bytes begin with an Ethernet header; else the ethertype they lack */
	struct o_side in, out;
	struct o_ct ct;
};

struct o_live_device {
	bool quarantined;
	int port;		/* current port or O_NOBODY */
	uint32_t seen;
};

/** struct o_owner - device first used link-local addr in vlan */
struct o_owner {
	int vlan;
	struct o_addr addr;
	int device;
};

/** struct o_place - where the box has an address: everywhere (loopback), in a VLAN (> 0), or on a zone port */
struct o_place {
	bool everywhere;
	int vlan;
	int port;
};

struct o_live {
	struct o_live_device device[O_MAX_DEVICES];
	uint8_t own_mac[O_MAX_OWN][6];
	int n_own_mac;
	struct o_addr own_addr[O_MAX_OWN];
	struct o_place own_at[O_MAX_OWN];
	int n_own_addr;
	struct o_owner owner[O_MAX_OWNERS];
	int n_owners;
	bool down[O_MAX_PORTS];
	uint32_t now;
};

/** struct o_answer - the verdict; zones are O_NOBODY unless a pair was judged */
struct o_answer {
	bool accept;
	const char *reason;	/* NULL when accepted */
	int src_zone, dst_zone;
	/* ingress: what the frame teaches */
	int sender;		/* device or O_NOBODY */
	bool stranger;		/* no device has its VLAN and MAC, whatever the verdict */
	bool new_port;		/* this port becomes the sender's current one */
	bool new_owner;		/* the sender comes to own a link-local address */
	int step;		/* for messages: where it ended, e.g. 612 = 6.2 step 12 */
};

/** oracle_prepare - expand the flows of a policy into its sets. Return: false when a service word means nothing. */
bool oracle_prepare(struct o_policy *p);

/** oracle_judge - @p NULL: no ruleset */
struct o_answer oracle_judge(const struct o_policy *p, const struct o_packet *k, const struct o_live *live);

/** oracle_entry - what one inline word opens, for generators; kind is 't', 'u', 'i', '6', 'p', 'd', 'e' or 'a' */
struct o_entry {
	char kind;
	int low, high;
};

/** oracle_word - resolve a service word to entries. Return: how many, at most @max; -1: unknown. */
int oracle_word(const struct o_policy *p, const char *word, struct o_entry *out, int max);

bool o_addr_eq(const struct o_addr *a, const struct o_addr *b);
bool o_addr_in(const struct o_addr *a, const struct o_prefix *prefix);
bool o_addr_group(const struct o_addr *a);
bool o_addr_link_local(const struct o_addr *a);
bool o_addr_unspecified(const struct o_addr *a);

#endif /* CORDON_TESTS_ORACLE_H */
