// SPDX-License-Identifier: GPL-2.0-only
/* The ingress hook: docs/policy-language.md section 6.2, whose steps the functions are named by. */
#include "judge.h"

#define EAPOL_GROUP 0x0180c2000003ULL

int cordon_frame_vlan(struct cordon_case *c, const struct cordon_port *port)
{
	const struct cordon_frame *f = c->frame;
	u16 vid = f->flags & CORDON_F_TAGGED ? f->vid : 0;

	if (f->flags & CORDON_F_SHORT || !f->smac || cordon_mac_group(f->smac))
		return CORDON_REASON_MALFORMED;
	if ((f->flags & CORDON_F_TAGGED && f->tpid != CORDON_ETH_8021Q) ||
	    cordon_is_tag(f->ethertype))
		return CORDON_REASON_VLAN;
	if (port->mode != CORDON_PORT_DEVICES)
		return vid ? CORDON_REASON_VLAN : CORDON_GO_ON;
	c->v->vlan = vid ? vid : port->untagged;
	if (!c->v->vlan || (vid && !(port->tagged[vid >> 6] >> (vid & 63) & 1)))
		return CORDON_REASON_VLAN;
	return CORDON_GO_ON;
}

/*
 * Step 3: an ethertype that a flow names, from a device to another of its VLAN or to a group of
 * the sender's zone.
 */
static bool named_ethertype(struct cordon_case *c, const struct cordon_port *port)
{
	const struct cordon_frame *f = c->frame;
	u32 device;

	if (port->mode != CORDON_PORT_DEVICES || cordon_mac_link_local(f->dmac))
		return false;
	cordon_set_source(c, cordon_device_find(c->rs, c->v->vlan, f->smac));
	if (cordon_mac_group(f->dmac))
		return cordon_judge_ether(c->rs, c->v->src_zone, c->v->src_zone, f);
	device = cordon_device_find(c->rs, c->v->vlan, f->dmac);
	if (device == CORDON_NO_DEVICE)
		return false;
	cordon_set_destination(c, device);
	return cordon_judge_ether(c->rs, c->v->src_zone, c->v->dst_zone, f);
}

/* Step 3, and the verdict of step 4. */
static int check_ethertype(struct cordon_case *c, const struct cordon_port *port)
{
	const struct cordon_frame *f = c->frame;

	if (f->ethertype == CORDON_ETH_EAPOL)
		return f->dmac == EAPOL_GROUP ||
			cordon_own_mac(c->live->own, f->dmac) ? CORDON_ACCEPT :
			CORDON_REASON_ETHERTYPE;
	if (!cordon_is_ip(f) && f->ethertype != CORDON_ETH_ARP)
		return named_ethertype(c, port) ? CORDON_ACCEPT : CORDON_REASON_ETHERTYPE;
	return f->flags & CORDON_F_MALFORMED ? CORDON_REASON_MALFORMED : CORDON_GO_ON;
}

/*
 * A device moves inside its list only, and only when its old port cannot speak for it any more.
 * Another CPU may have seen it a second after this one read the clock: that is no age.
 */
static bool may_move(const struct cordon_case *c, const struct cordon_device *d, u8 port,
		     u32 seen_s)
{
	if (!d->ports)
		return false;
	return !(d->ports >> port & 1) || c->live->ports_down >> port & 1 ||
		(int)(c->live->now_s - seen_s) >= CORDON_AGE_SECONDS;
}

/* Step 5. */
static int check_source_mac(struct cordon_case *c, const struct cordon_port *port)
{
	const struct cordon_dev_live *dev;
	const struct cordon_device *d;
	u8 in = c->packet->in.port, current_port;
	u32 device;

	if (port->mode != CORDON_PORT_DEVICES) {
		c->v->src_zone = port->zone;
		return CORDON_GO_ON;
	}
	if (cordon_own_mac(c->live->own, c->frame->smac))
		return CORDON_REASON_OWN_MAC;
	device = cordon_device_find(c->rs, c->v->vlan, c->frame->smac);
	cordon_set_source(c, device);
	if (device == CORDON_NO_DEVICE) {
		c->v->flags |= CORDON_V_UNKNOWN;
		return CORDON_GO_ON;
	}
	d = &c->rs->device[device];
	dev = c->live->dev[device];
	if (d->ports && !(d->ports >> in & 1))
		return CORDON_REASON_DEVICE_PORT;
	current_port = READ_ONCE(dev->port);
	if (current_port == in + 1)
		return CORDON_GO_ON;
	if (current_port && !may_move(c, d, current_port - 1, READ_ONCE(dev->seen_s)))
		return CORDON_REASON_DEVICE_PORT;
	c->v->flags |= CORDON_V_LEARN_PORT;
	c->v->was_port = current_port;
	return CORDON_GO_ON;
}

static bool martian_source(const struct cordon_addr *a)
{
	u32 v4 = (u32)a->lo;

	if (cordon_addr_is_v4(a))
		return (v4 && v4 >> 24 == 0) || v4 >> 24 == 127 || v4 >> 29 == 7;
	return a->hi >> 56 == 0xff || (!a->hi && a->lo == 1);
}

static bool martian_destination(const struct cordon_addr *a)
{
	u32 v4 = (u32)a->lo;

	if (cordon_addr_is_v4(a))
		return v4 >> 24 == 0 || v4 >> 24 == 127 || (v4 >> 28 == 0xf && v4 != 0xffffffff);
	return !a->hi && a->lo <= 1;
}

/* Step 6. An IPv6 packet with a v4-mapped address would be taken for IPv4 from here on. */
static bool martian(const struct cordon_frame *f)
{
	if (f->ethertype == CORDON_ETH_IPV6 && (cordon_addr_is_v4(&f->saddr) ||
						cordon_addr_is_v4(&f->daddr)))
		return true;
	return martian_source(&f->saddr) || martian_destination(&f->daddr);
}

/* Step 7e: what only a router, a DHCP server or a querier says. */
static int check_roles(const struct cordon_case *c)
{
	const struct cordon_frame *f = c->frame;

	if (f->ethertype == CORDON_ETH_IPV6 && cordon_is_icmpv6(f, 134, 134))
		return cordon_sender_is(c, CORDON_ROLE_ROUTER) ? CORDON_GO_ON :
			CORDON_REASON_RA_GUARD;
	if (f->proto == CORDON_PROTO_UDP && (f->sport == 67 || f->sport == 547))
		return cordon_sender_is(c, CORDON_ROLE_DHCP_SERVER) ? CORDON_GO_ON :
			CORDON_REASON_DHCP_SERVER;
	if (cordon_is_query(f))
		return cordon_sender_is(c, CORDON_ROLE_QUERIER) ? CORDON_GO_ON :
			CORDON_REASON_QUERIER;
	if (f->proto == CORDON_PROTO_IGMP && f->ethertype == CORDON_ETH_IPV4 &&
	    f->type != 0x12 && f->type != 0x16 && f->type != 0x17 && f->type != 0x22)
		return CORDON_REASON_QUERIER;
	return CORDON_GO_ON;
}

static bool redirect(const struct cordon_frame *f)
{
	if (f->flags & CORDON_F_FRAG_LATER)
		return false;
	return (f->proto == CORDON_PROTO_ICMP && f->type == 5) ||
		(f->proto == CORDON_PROTO_ICMPV6 && f->type == 137);
}

/* Step 7b: options that the zone may use, and at least one of them. */
static bool options_ok(const struct cordon_frame *f, const struct cordon_zone *zone)
{
	return f->options && !(f->options & ~(zone->flags & CORDON_ZONE_F_OPTIONS));
}

/* Step 7. */
static int check_guards(const struct cordon_case *c, const struct cordon_port *port)
{
	const struct cordon_zone *zone = &c->rs->zone[c->v->src_zone];
	const struct cordon_frame *f = c->frame;
	int said = CORDON_GO_ON;

	if (f->flags & CORDON_F_EXT)
		return CORDON_REASON_IPV6_EXT;
	if (f->flags & CORDON_F_OPTIONS && !options_ok(f, zone))
		return CORDON_REASON_IP_OPTIONS;
	if (f->flags & CORDON_F_FRAG_BAD ||
	    (f->flags & (CORDON_F_FRAG_FIRST | CORDON_F_FRAG_LATER) &&
	     zone->flags & CORDON_ZONE_F_NO_FRAGMENTS))
		return CORDON_REASON_FRAGMENT;
	if (redirect(f))
		return CORDON_REASON_REDIRECT;
	if (port->mode != CORDON_PORT_UPLINK)
		said = check_roles(c);
	if (!said && cordon_is_icmpv6(f, 133, 136) && (f->hop_limit != 255 || f->code))
		said = CORDON_REASON_ND_SENDER;
	return said;
}

static int device_address(struct cordon_case *c, const struct cordon_addr *addr)
{
	u32 owner;

	if (cordon_device_has(c->rs, c->v->src_device, addr))
		return CORDON_GO_ON;
	if (!cordon_addr_link_local(addr))
		return CORDON_REASON_ADDRESS_SPOOF;
	owner = cordon_owner(c, c->v->vlan, addr);
	if (owner == CORDON_NO_DEVICE)
		c->v->flags |= CORDON_V_LEARN_LL;
	return owner == CORDON_NO_DEVICE || owner == c->v->src_device ? CORDON_GO_ON :
		CORDON_REASON_ADDRESS_SPOOF;
}

static int unknown_address(const struct cordon_case *c, const struct cordon_addr *addr)
{
	u32 holder = cordon_addr_link_local(addr) ? cordon_owner(c, c->v->vlan, addr) :
						    cordon_address_find(c->rs, addr);

	return holder == CORDON_NO_DEVICE ? CORDON_GO_ON : CORDON_REASON_ADDRESS_SPOOF;
}

static int zone_port_address(const struct cordon_case *c, const struct cordon_port *port,
			     const struct cordon_addr *addr)
{
	u8 zone = port->mode == CORDON_PORT_UPLINK ? CORDON_ZONE_NONE : port->zone;

	if (cordon_own_addr(c->live->own, addr) ||
	    cordon_address_find(c->rs, addr) != CORDON_NO_DEVICE)
		return CORDON_REASON_ZONE_ADDRESS;
	if (cordon_addr_link_local(addr))
		return CORDON_GO_ON;
	return cordon_prefix_zone(c->rs, addr) == zone ? CORDON_GO_ON : CORDON_REASON_ZONE_ADDRESS;
}

int cordon_source_address(struct cordon_case *c, const struct cordon_port *port,
			  const struct cordon_addr *addr, bool unspecified)
{
	bool devices = port->mode == CORDON_PORT_DEVICES;

	if (cordon_addr_unspecified(addr)) {
		if (unspecified)
			return CORDON_GO_ON;
		return devices ? CORDON_REASON_ADDRESS_SPOOF : CORDON_REASON_ZONE_ADDRESS;
	}
	if (!devices)
		return zone_port_address(c, port, addr);
	if (cordon_own_addr(c->live->own, addr))
		return CORDON_REASON_ADDRESS_SPOOF;
	return c->v->src_device == CORDON_NO_DEVICE ? unknown_address(c, addr) :
		device_address(c, addr);
}

/* Step 9: who may have no address yet. */
static bool may_be_unspecified(const struct cordon_frame *f, const struct cordon_port *port)
{
	if (f->ethertype == CORDON_ETH_IPV4)
		return port->mode != CORDON_PORT_UPLINK && cordon_is_dhcp_client(f) &&
			(u32)f->daddr.lo == 0xffffffff;
	return cordon_is_icmpv6(f, 133, 133) || cordon_is_icmpv6(f, 135, 135) ||
		cordon_is_icmpv6(f, 131, 132) ||
		cordon_is_icmpv6(f, 143, 143);
}

/* Step 12a. */
static int group_destination(struct cordon_case *c)
{
	u8 zone = c->v->src_zone, word;
	bool may;

	if (!cordon_addr_group(&c->frame->daddr))
		return CORDON_REASON_GROUP_UNICAST;
	may = cordon_judge_group(c->rs, zone, zone, c->frame);
	for (word = 0; !may && word < CORDON_ZONE_WORDS; word++)
		may = cordon_dhcp_zones(c->rs, zone, word, c->frame);
	if (!may)
		return CORDON_REASON_GROUP;
	c->v->flags |= CORDON_V_START;
	return CORDON_ACCEPT;
}

/* Step 12b. */
static int routed_destination(struct cordon_case *c, const struct cordon_port *port)
{
	const struct cordon_addr *to = &c->frame->daddr;
	u32 device;
	u8 zone;

	if (cordon_own_addr(c->live->own, to)) {
		if (!cordon_here(c, to))
			return CORDON_REASON_NOT_FOR_US;
		c->v->dst_zone = CORDON_ZONE_GATEWAY;
		if (!cordon_port_masquerades(port, c->frame))
			return CORDON_GO_ON;
		c->v->flags |= CORDON_V_FINAL;
		return CORDON_ACCEPT;
	}
	if (cordon_addr_link_local(to))
		return CORDON_REASON_UNKNOWN_DESTINATION;
	device = cordon_address_find(c->rs, to);
	if (device != CORDON_NO_DEVICE) {
		cordon_set_destination(c, device);
		return CORDON_GO_ON;
	}
	zone = cordon_prefix_zone(c->rs, to);
	c->v->dst_zone = zone ? zone : CORDON_ZONE_WAN;
	return CORDON_GO_ON;
}

/* Step 12c. */
static int bridged_destination(struct cordon_case *c, const struct cordon_port *port)
{
	const struct cordon_addr *to = &c->frame->daddr;
	u32 device;

	if (port->mode != CORDON_PORT_DEVICES)
		return CORDON_REASON_NOT_FOR_US;
	device = cordon_device_find(c->rs, c->v->vlan, c->frame->dmac);
	if (device == CORDON_NO_DEVICE || (!cordon_addr_link_local(to) &&
					   !cordon_device_has(c->rs, device, to)))
		return CORDON_REASON_UNKNOWN_DESTINATION;
	cordon_set_destination(c, device);
	return CORDON_GO_ON;
}

static int check_destination(struct cordon_case *c, const struct cordon_port *port)
{
	if (cordon_mac_group(c->frame->dmac))
		return group_destination(c);
	if (cordon_addr_group(&c->frame->daddr))
		return CORDON_REASON_GROUP_UNICAST;
	if (cordon_own_mac(c->live->own, c->frame->dmac))
		return routed_destination(c, port);
	return bridged_destination(c, port);
}

/* Step 13. */
static int check_pair(struct cordon_case *c)
{
	u8 may = cordon_judge(c->rs, c->v->src_zone, c->v->dst_zone, c->frame);

	c->v->flags |= may;
	return may ? CORDON_ACCEPT : cordon_judge_reason(c->rs, c->v->src_zone, c->v->dst_zone);
}

/* Step 11: the box's own lease. */
static bool lease_for_us(const struct cordon_case *c, const struct cordon_port *port)
{
	return port->mode == CORDON_PORT_UPLINK && cordon_is_dhcp_server(c->frame) &&
	       (cordon_mac_group(c->frame->dmac) || cordon_own_mac(c->live->own, c->frame->dmac));
}

/* Steps 6 to 13. */
static int ingress_ip(struct cordon_case *c, const struct cordon_port *port)
{
	const struct cordon_frame *f = c->frame;
	int said;

	if (martian(f))
		return CORDON_REASON_MARTIAN;
	said = check_guards(c, port);
	if (!said)
		said = cordon_source_address(c, port, &f->saddr, may_be_unspecified(f, port));
	if (!said)
		said = cordon_nd_membership(c, port);
	if (!said && lease_for_us(c, port)) {
		c->v->flags |= CORDON_V_FINAL;
		said = CORDON_ACCEPT;
	}
	if (!said)
		said = check_destination(c, port);
	return said ? said : check_pair(c);
}

int cordon_ingress(struct cordon_case *c)
{
	const struct cordon_port *port = &c->rs->port[c->packet->in.port];
	bool accepted;
	int said;

	said = cordon_frame_vlan(c, port);
	if (!said)
		said = check_ethertype(c, port);
	/* What passes teaches the bridge where its source is: nothing is excused from step 5. */
	accepted = said == CORDON_ACCEPT;
	if (!said || accepted)
		said = check_source_mac(c, port);
	if (!said && accepted) {
		c->v->flags |= CORDON_V_FINAL;
		return CORDON_ACCEPT;
	}
	if (said)
		return said;
	return c->frame->ethertype == CORDON_ETH_ARP ? cordon_arp(c, port) : ingress_ip(c, port);
}
