/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the oracle's own files share.
 *
 * Where the language page leaves something open the oracle reads it so:
 * - An IPv4 address and its IPv4-mapped form (::ffff:0:0/96) are one address, wherever an address is looked up or compared.
 * - 7a: the listed extension headers are not read, so a hop-by-hop header that is cut short is `ipv6-ext`. The protocol of such a
 *   packet (the hooks without guards judge it) is the listed number itself.
 * - 6.4: a fragment that 7c would drop is neither start nor possible reply.
 * - 6.5: a frame at `bridge` that is shorter than its Ethernet header is `malformed`.
 * - 6.7 step 4: `quarantine` alone, without any device of the VLAN, also counts as a zone that has devices on P.
 * - `all` has port 0.
 */
#ifndef CORDON_TESTS_ORACLE_INT_H
#define CORDON_TESTS_ORACLE_INT_H

#include "oracle.h"

/** struct o_frame - a frame read straight from its bytes; numbers that the bytes do not give are -1 */
struct o_frame {
	bool header_short;
	bool header_bad;	/* 6.2 step 2: malformed */
	bool tagged, second_tag;
	int tpid, vid;
	uint8_t smac[6], dmac[6];
	int ethertype;

	bool malformed;		/* 6.2 step 4 */
	int family;		/* 4, 6; 0: neither */
	struct o_addr src, dst;
	int hop_limit;
	int proto;
	bool fragment, first, later, atomic;
	bool whole_l4;		/* the full transport header is there */
	int sport, dport, type, code;

	bool ext_bad;		/* 7a, but for MLD without its router alert */
	bool router_alert;	/* exactly the header or the option that MLD or IGMP needs */
	bool options;		/* IPv4 options of any kind */
	uint8_t option[40];	/* their bytes */
	int n_option;

	int arp_op;
	uint8_t sha[6];
	bool has_target;	/* ARP, or an NS or NA with its target */
	struct o_addr target;
	bool nd_options_ok;	/* they parse */
	bool nd_lladdr_ok;	/* and every link-layer option is the source MAC */
	bool nd_slla;		/* a source link-layer option is there */
};

struct o_world {
	const struct o_policy *p;
	const struct o_live *live;
	const struct o_packet *k;
	struct o_frame f;
	struct o_answer answer;
};

void o_parse(const struct o_packet *k, struct o_frame *f);

bool o_bit(const uint8_t *bits, int i);
bool o_any_bit(const uint8_t *bits, size_t bytes);

/* Words of 6.1. */
bool o_own_mac(const struct o_world *w, const uint8_t *mac);
bool o_own_addr(const struct o_world *w, const struct o_addr *a);
bool o_own_here(const struct o_world *w, int port, int vlan, const struct o_addr *a);	/* @vlan 0: a zone port */
bool o_group_mac(const uint8_t *mac);
int o_effective(const struct o_world *w, int device);
int o_device_at(const struct o_world *w, int vlan, const uint8_t *mac);
int o_bound_to(const struct o_world *w, const struct o_addr *a);
int o_prefix_zone(const struct o_world *w, const struct o_addr *a);
int o_owner_of(const struct o_world *w, int vlan, const struct o_addr *a);
bool o_linked(const struct o_world *w, int a, int b);
bool o_linked_at_all(const struct o_world *w, int a);
bool o_neighbour(const struct o_frame *f);
bool o_membership(const struct o_frame *f);
bool o_icmpv6(const struct o_frame *f, int type);
bool o_query(const struct o_frame *f);
bool o_router_at(const struct o_world *w, int device);
bool o_querier_at(const struct o_world *w, int device);
bool o_dhcp_server_at(const struct o_world *w, int device);
bool o_udp(const struct o_frame *f, int family, int sport, int dport);
bool o_fragment_bad(const struct o_frame *f);
bool o_masquerades(const struct o_port *port, int family);

/* 6.4 */
bool o_start(const struct o_world *w, int a, int b);
bool o_icmp_error(const struct o_frame *f);
bool o_possible_reply(const struct o_world *w, int a, int b);
bool o_has_service(const struct o_world *w, int a, int b, int family, int proto, int service);
bool o_ethertype(const struct o_world *w, int a, int b);
bool o_link_local_mac(const uint8_t *mac);
bool o_dhcp_start(const struct o_world *w, int a, int b);
bool o_may_hear(const struct o_world *w, int a, int b);
const char *o_refusal(const struct o_world *w, int a, int b);

/* Each ends a judgement: returns the answer for one line use. */
bool o_accept(struct o_world *w, int step);
bool o_drop(struct o_world *w, int step, const char *reason);
void o_pair(struct o_world *w, int a, int b);

/* 6.2 step 2 without the source port's meaning. Return: the VLAN; 0 on a zone port; -1 when the frame was dropped. */
int o_header_and_vlan(struct o_world *w, const struct o_port *port, int step);

void o_ingress(struct o_world *w);
void o_conntrack(struct o_world *w);
void o_egress(struct o_world *w);

#endif /* CORDON_TESTS_ORACLE_INT_H */
