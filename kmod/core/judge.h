/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the hooks share: one packet being judged, its endpoints, and the question whether zone A
 * may talk to zone B.
 */
#ifndef CORDON_CORE_JUDGE_H
#define CORDON_CORE_JUDGE_H

#include "decide.h"

/** struct cordon_case - one call of cordon_decide() */
struct cordon_case {
	const struct cordon_ruleset *rs;
	const struct cordon_packet *packet;
	const struct cordon_frame *frame;
	const struct cordon_live *live;
	struct cordon_verdict *v;
};

/*
 * What a step of a hook says: go on, accept for good, or (> 0) drop with this enum cordon_reason.
 */
enum { CORDON_GO_ON = 0, CORDON_ACCEPT = -1 };

/* The hooks. Return: CORDON_ACCEPT or a reason. */
int cordon_ingress(struct cordon_case *c);
int cordon_conntrack(struct cordon_case *c, enum cordon_hook hook);
int cordon_egress(struct cordon_case *c);

/*
 * Section 6.3, for ingress. Return: CORDON_ACCEPT, a reason, or CORDON_GO_ON when the frame is
 * none of these.
 */
int cordon_arp(struct cordon_case *c, const struct cordon_port *port);
int cordon_nd_membership(struct cordon_case *c, const struct cordon_port *port);
/*
 * Step 9 of section 6.2 for one address; @unspecified: 0.0.0.0 and :: pass. Return: CORDON_GO_ON
 * or a reason.
 */
int cordon_source_address(struct cordon_case *c, const struct cordon_port *port,
			  const struct cordon_addr *addr, bool unspecified);
/*
 * Section 6.2 step 2: the VLAN of the frame on @port. Return: CORDON_GO_ON with c->v->vlan set, or
 * a reason.
 */
int cordon_frame_vlan(struct cordon_case *c, const struct cordon_port *port);

/* Section 6.4. Return: CORDON_V_START and CORDON_V_REPLY as far as they hold. */
u8 cordon_judge(const struct cordon_ruleset *rs, u8 from, u8 to, const struct cordon_frame *f);
/*
 * Section 6.4, to a group: whether it is a start that may be heard in zone @to. No zone but the
 * gateway is heard outside itself.
 */
bool cordon_judge_group(const struct cordon_ruleset *rs, u8 from, u8 to,
			const struct cordon_frame *f);
/* Section 6.4, ethertypes: whether Set(@from, @to) has that of the frame. */
bool cordon_judge_ether(const struct cordon_ruleset *rs, u8 from, u8 to,
			const struct cordon_frame *f);
/* Section 6.6: one bit for each zone of word @word to which it is a start of DHCP. */
u64 cordon_dhcp_zones(const struct cordon_ruleset *rs, u8 from, u8 word,
		      const struct cordon_frame *f);
/* Whether (protocol, port or type) of a flow is in Set(@from, @to). */
bool cordon_judge_flow(const struct cordon_ruleset *rs, u8 from, u8 to, u8 proto, u16 port);
/* Why judge(@from, @to) does not accept. */
u8 cordon_judge_reason(const struct cordon_ruleset *rs, u8 from, u8 to);

static inline u8 cordon_effective_zone(const struct cordon_case *c, u32 device)
{
	return c->live->dev[device]->quarantined ? CORDON_ZONE_QUARANTINE :
		c->rs->device[device].zone;
}

static inline void cordon_set_source(struct cordon_case *c, u32 device)
{
	c->v->src_device = device;
	c->v->src_zone = device == CORDON_NO_DEVICE ? CORDON_ZONE_UNKNOWN :
		cordon_effective_zone(c, device);
}

/* Whether the sender has one of @roles; nobody has any in quarantine. */
static inline bool cordon_sender_is(const struct cordon_case *c, u8 roles)
{
	return c->v->src_device != CORDON_NO_DEVICE &&
	       c->rs->device[c->v->src_device].roles & roles &&
	       c->v->src_zone != CORDON_ZONE_QUARANTINE;
}

static inline void cordon_set_destination(struct cordon_case *c, u32 device)
{
	c->v->dst_device = device;
	c->v->dst_zone = cordon_effective_zone(c, device);
}

/*
 * The device that owns link-local @addr in @vlan. One that a device makes of its MAC (RFC 4291
 * appendix A) is nobody else's, so nobody can come before it.
 */
static inline u32 cordon_owner(const struct cordon_case *c, u16 vlan,
			       const struct cordon_addr *addr)
{
	u32 device = CORDON_NO_DEVICE;
	u64 id = addr->lo;

	if (addr->hi == 0xfe80ULL << 48 && (id >> 24 & 0xffff) == 0xfffe)
		device = cordon_device_find(c->rs, vlan, ((id >> 40 << 24) | (id & 0xffffff)) ^
							 0x020000000000ULL);
	return device != CORDON_NO_DEVICE ? device : cordon_ll_owner(c->live, vlan, addr);
}

/*
 * The device of this VLAN that has @addr: bound to it, or link-local and owned by it.
 * CORDON_NO_DEVICE: none.
 */
static inline u32 cordon_holder(const struct cordon_case *c, u16 vlan,
				const struct cordon_addr *addr)
{
	u32 device;

	if (cordon_addr_link_local(addr))
		return cordon_owner(c, vlan, addr);
	device = cordon_address_find(c->rs, addr);
	if (device != CORDON_NO_DEVICE && c->rs->device[device].vlan != vlan)
		return CORDON_NO_DEVICE;
	return device;
}

/* Whether @addr is the box's on the link that the frame came in by. */
static inline bool cordon_here(const struct cordon_case *c, const struct cordon_addr *addr)
{
	return cordon_own_here(c->live, c->packet->in.port, c->v->vlan, addr);
}

static inline bool cordon_is_ip(const struct cordon_frame *f)
{
	return f->ethertype == CORDON_ETH_IPV4 || f->ethertype == CORDON_ETH_IPV6;
}

static inline bool cordon_is_icmpv6(const struct cordon_frame *f, u8 low, u8 high)
{
	return f->proto == CORDON_PROTO_ICMPV6 && !(f->flags & CORDON_F_FRAG_LATER) &&
		f->type >= low && f->type <= high;
}

/* Behind the tag that was read: another one. */
static inline bool cordon_is_tag(u16 ethertype)
{
	return ethertype == CORDON_ETH_8021Q || ethertype == CORDON_ETH_8021AD ||
	       ethertype == 0x9100;
}

/* Destination unreachable, packet too big, time exceeded, parameter problem; no later fragment. */
bool cordon_is_icmp_error(const struct cordon_frame *f);

/* ARP, NS, NA. */
static inline bool cordon_is_neighbour(const struct cordon_frame *f)
{
	return f->ethertype == CORDON_ETH_ARP || cordon_is_icmpv6(f, 135, 136);
}

/* IGMP, MLD. */
static inline bool cordon_is_membership(const struct cordon_frame *f)
{
	if (f->ethertype == CORDON_ETH_IPV4)
		return f->proto == CORDON_PROTO_IGMP;
	return f->ethertype == CORDON_ETH_IPV6 &&
		(cordon_is_icmpv6(f, 130, 132) || cordon_is_icmpv6(f, 143, 143));
}

/* Router solicitation or advertisement. */
static inline bool cordon_is_router(const struct cordon_frame *f)
{
	return f->ethertype == CORDON_ETH_IPV6 && cordon_is_icmpv6(f, 133, 134);
}

/* A membership query. */
static inline bool cordon_is_query(const struct cordon_frame *f)
{
	if (f->ethertype == CORDON_ETH_IPV4)
		return f->proto == CORDON_PROTO_IGMP && f->type == 0x11;
	return f->ethertype == CORDON_ETH_IPV6 && cordon_is_icmpv6(f, 130, 130);
}

/* What has a meaning on one link only. */
static inline bool cordon_of_link(const struct cordon_frame *f)
{
	return cordon_is_neighbour(f) || cordon_is_membership(f) || cordon_is_router(f);
}

static inline bool cordon_is_udp(const struct cordon_frame *f, u16 sport, u16 dport)
{
	return f->proto == CORDON_PROTO_UDP && f->sport == sport && f->dport == dport;
}

/* Section 6.6: from a client (68 -> 67, 546 -> 547), or from a server. */
static inline bool cordon_is_dhcp_client(const struct cordon_frame *f)
{
	return f->ethertype == CORDON_ETH_IPV4 ? cordon_is_udp(f, 68, 67) :
		cordon_is_udp(f, 546, 547);
}

static inline bool cordon_is_dhcp_server(const struct cordon_frame *f)
{
	return f->ethertype == CORDON_ETH_IPV4 ? cordon_is_udp(f, 67, 68) :
		cordon_is_udp(f, 547, 546);
}

/* 01:80:c2:00:00:0x: what no bridge forwards (IEEE 802.1Q 8.6.3). */
static inline bool cordon_mac_link_local(u64 mac)
{
	return mac >> 4 == 0x0180c200000ULL;
}

static inline bool cordon_port_masquerades(const struct cordon_port *port,
					   const struct cordon_frame *f)
{
	return port->flags & (f->ethertype == CORDON_ETH_IPV4 ? CORDON_PORT_F_MASQ4 :
			      CORDON_PORT_F_MASQ6);
}

#endif /* CORDON_CORE_JUDGE_H */
