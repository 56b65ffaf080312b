// SPDX-License-Identifier: GPL-2.0-only
/* The egress hook, the last guard: docs/policy-language.md section 6.7. */
#include "judge.h"

static bool on_port(const struct cordon_case *c, u32 device)
{
	u64 list = c->rs->device[device].ports;
	u8 out = c->packet->out.port;
	u8 current_port = READ_ONCE(c->live->dev[device]->port);

	/* A port that this policy's list lacks is what an older policy knew. */
	if (current_port && (!list || list >> (current_port - 1) & 1))
		return current_port == out + 1;
	return list >> out & 1;
}

static int accept(struct cordon_case *c, u8 flags)
{
	c->v->flags |= flags;
	return CORDON_ACCEPT;
}

static int unicast_neighbour(struct cordon_case *c, u32 device)
{
	if (device == CORDON_NO_DEVICE || !on_port(c, device))
		return CORDON_REASON_EGRESS_PORT;
	cordon_set_destination(c, device);
	return accept(c, CORDON_V_FINAL);
}

/*
 * Step 3: bridged neighbour frames go where they are meant and nowhere else; the rest of the kind
 * was for the gateway.
 */
static int bridged_neighbour(struct cordon_case *c)
{
	const struct cordon_frame *f = c->frame;
	bool request = f->ethertype == CORDON_ETH_ARP ? f->type == 1 : f->type == 135;

	if (f->ethertype == CORDON_ETH_IPV6 && f->type == 135 && cordon_addr_unspecified(&f->saddr))
		return CORDON_REASON_GROUP;
	if (request)
		return unicast_neighbour(c, cordon_holder(c, c->v->vlan, &f->target));
	if (cordon_mac_group(f->dmac))
		return CORDON_REASON_GROUP;
	return unicast_neighbour(c, cordon_device_find(c->rs, c->v->vlan, f->dmac));
}

/*
 * Word @word of the zones that have devices on the port in this VLAN; quarantine while a device
 * that may be on the port is there.
 */
static u64 zones_there(const struct cordon_case *c, const struct cordon_presence *there, u8 word)
{
	u64 zones = there ? there->zones[word] : 0;

	if (there && !word && c->live->quarantine_ports >> c->packet->out.port & 1)
		zones |= BIT_ULL(CORDON_ZONE_QUARANTINE);
	return zones;
}

static const struct cordon_presence *presence(const struct cordon_case *c)
{
	return cordon_presence_find(c->rs, c->packet->out.port, c->v->vlan);
}

/* Whether the sender's zone is linked with each of the zones, of word @word. */
static bool all_linked(const struct cordon_case *c, u8 word, u64 zones)
{
	for (; zones; zones &= zones - 1) {
		u8 zone = (u8)(word << 6 | __builtin_ctzll(zones));

		if (!cordon_pair(c->rs, c->v->src_zone, zone)->linked)
			return false;
	}
	return true;
}

/*
 * Step 3: what a router or querier among the devices says is for those that its zone is linked
 * with, and for nobody who only stands beside them.
 */
static int bridged_role(struct cordon_case *c)
{
	const struct cordon_presence *there = presence(c);
	u64 zones, present = 0;
	u8 word;

	for (word = 0; word < CORDON_ZONE_WORDS; word++) {
		zones = zones_there(c, there, word);
		present |= zones;
		if (!all_linked(c, word, zones))
			return CORDON_REASON_GROUP;
	}
	return present ? accept(c, CORDON_V_FINAL) : CORDON_REASON_GROUP;
}

static int bridged_source(struct cordon_case *c, const struct cordon_port *port)
{
	if (port->mode != CORDON_PORT_DEVICES)
		return CORDON_REASON_EGRESS_PORT;
	cordon_set_source(c, cordon_device_find(c->rs, c->v->vlan, c->frame->smac));
	if (cordon_is_neighbour(c->frame))
		return bridged_neighbour(c);
	if ((cordon_is_icmpv6(c->frame, 134, 134) && cordon_sender_is(c, CORDON_ROLE_ROUTER)) ||
	    (cordon_is_query(c->frame) && cordon_sender_is(c, CORDON_ROLE_QUERIER)))
		return bridged_role(c);
	if (cordon_is_membership(c->frame) || cordon_is_router(c->frame))
		return CORDON_REASON_GROUP;
	return CORDON_GO_ON;
}

static void routed_source(struct cordon_case *c)
{
	const struct cordon_addr *from = &c->frame->saddr;
	u32 device;
	u8 zone;

	if (cordon_own_addr(c->live->own, from)) {
		c->v->src_zone = CORDON_ZONE_GATEWAY;
		return;
	}
	device = cordon_address_find(c->rs, from);
	if (device != CORDON_NO_DEVICE) {
		cordon_set_source(c, device);
		return;
	}
	zone = cordon_prefix_zone(c->rs, from);
	c->v->src_zone = zone ? zone : CORDON_ZONE_WAN;
}

/* A source that is the box's, or none that anybody could have routed here. */
static bool speaks_for_box(const struct cordon_case *c)
{
	const struct cordon_addr *from = &c->frame->saddr;

	return cordon_own_addr(c->live->own, from) || cordon_addr_unspecified(from) ||
	       cordon_addr_link_local(from);
}

/*
 * Step 1: what the box itself says to the other end of a cable (BPDU, LLDP, EAPOL) is untagged,
 * also where no untagged VLAN is.
 */
static bool link_control(const struct cordon_frame *f)
{
	return !(f->flags & (CORDON_F_TAGGED | CORDON_F_SHORT)) && !cordon_is_ip(f) &&
	       f->ethertype != CORDON_ETH_ARP && !cordon_is_tag(f->ethertype);
}

/* Step 2, a group: no zone but the sender's is on the port. */
static bool only_own_zone(const struct cordon_case *c)
{
	const struct cordon_presence *there = presence(c);
	u64 zones, own, present = 0, others = 0;
	u8 word;

	for (word = 0; word < CORDON_ZONE_WORDS; word++) {
		zones = zones_there(c, there, word);
		own = c->v->src_zone >> 6 == word ? BIT_ULL(c->v->src_zone & 63) : 0;
		present |= zones;
		others |= zones & ~own;
	}
	return present && !others;
}

/* Step 2: an ethertype that a flow names. */
static int bridged_ethertype(struct cordon_case *c, const struct cordon_port *port)
{
	const struct cordon_frame *f = c->frame;
	u32 device;
	bool may;

	if (port->mode != CORDON_PORT_DEVICES || cordon_mac_link_local(f->dmac))
		return CORDON_REASON_ETHERTYPE;
	cordon_set_source(c, cordon_device_find(c->rs, c->v->vlan, f->smac));
	if (cordon_mac_group(f->dmac)) {
		may = cordon_judge_ether(c->rs, c->v->src_zone, c->v->src_zone, f) &&
		      only_own_zone(c);
		return may ? accept(c, CORDON_V_START) : CORDON_REASON_ETHERTYPE;
	}
	device = cordon_device_find(c->rs, c->v->vlan, f->dmac);
	if (device == CORDON_NO_DEVICE || !on_port(c, device))
		return CORDON_REASON_ETHERTYPE;
	cordon_set_destination(c, device);
	return cordon_judge_ether(c->rs, c->v->src_zone, c->v->dst_zone, f) ?
		accept(c, CORDON_V_START) : CORDON_REASON_ETHERTYPE;
}

/* Step 2. */
static int check_headers(struct cordon_case *c, const struct cordon_port *port, bool own)
{
	const struct cordon_frame *f = c->frame;

	if (!cordon_is_ip(f)) {
		if (own)
			return accept(c, CORDON_V_FINAL);
		if (f->ethertype != CORDON_ETH_ARP)
			return bridged_ethertype(c, port);
	}
	if (f->flags & CORDON_F_MALFORMED)
		return CORDON_REASON_MALFORMED;
	if (own && cordon_of_link(f) && speaks_for_box(c))
		return accept(c, CORDON_V_FINAL);
	return CORDON_GO_ON;
}

/* Whether each of the zones, of word @word, may hear the frame. */
static bool all_may_hear(const struct cordon_case *c, u8 word, u64 zones)
{
	for (; zones; zones &= zones - 1) {
		u8 zone = (u8)(word << 6 | __builtin_ctzll(zones));

		if (!cordon_judge_group(c->rs, c->v->src_zone, zone, c->frame))
			return false;
	}
	return true;
}

/*
 * Step 4, `devices` port: a group frame reaches every host there, so every zone there must be
 * one that may hear it. An offer that is broadcast is for whoever there may ask.
 */
static int group_to_devices(struct cordon_case *c)
{
	const struct cordon_presence *there = presence(c);
	bool offers = c->v->src_zone == CORDON_ZONE_GATEWAY && cordon_is_dhcp_server(c->frame);
	bool present = false, all = true, asking = false;
	u64 zones, dhcp;
	u8 word;

	for (word = 0; word < CORDON_ZONE_WORDS; word++) {
		zones = zones_there(c, there, word);
		dhcp = cordon_dhcp_zones(c->rs, c->v->src_zone, word, c->frame);
		present |= !!zones;
		asking |= !!(zones & dhcp);
		all = all && all_may_hear(c, word, zones & ~dhcp);
	}
	if (!present || !(all || (offers && asking)))
		return CORDON_REASON_GROUP;
	return accept(c, CORDON_V_START);
}

static int group_frame(struct cordon_case *c, const struct cordon_port *port, bool own)
{
	if (!cordon_addr_group(&c->frame->daddr))
		return CORDON_REASON_GROUP_UNICAST;
	if (port->mode == CORDON_PORT_DEVICES)
		return group_to_devices(c);
	c->v->dst_zone = port->zone;
	if (port->mode == CORDON_PORT_UPLINK && own && cordon_is_dhcp_client(c->frame))
		return accept(c, CORDON_V_FINAL);
	if (cordon_judge_group(c->rs, c->v->src_zone, port->zone, c->frame) ||
	    cordon_dhcp_zones(c->rs, c->v->src_zone, port->zone >> 6, c->frame) >>
		    (port->zone & 63) & 1)
		return accept(c, CORDON_V_START);
	return CORDON_REASON_GROUP;
}

/*
 * The box tells the ends of any flow that it forwards what became of it (RFC 1191, RFC 8201), also
 * those that may not speak with the box itself. Its local-out hook has judged that flow.
 */
static bool tells_of_flow(const struct cordon_case *c)
{
	return c->v->src_zone == CORDON_ZONE_GATEWAY && c->v->dst_zone != CORDON_ZONE_QUARANTINE &&
	       !(c->frame->flags & CORDON_F_FRAG_BAD) && cordon_is_icmp_error(c->frame);
}

static int check_pair(struct cordon_case *c)
{
	u8 may = cordon_judge(c->rs, c->v->src_zone, c->v->dst_zone, c->frame);

	if (!may && tells_of_flow(c))
		may = CORDON_V_REPLY;
	return may ? accept(c, may) : cordon_judge_reason(c->rs, c->v->src_zone, c->v->dst_zone);
}

/* Step 5. */
static int unicast_to_device(struct cordon_case *c)
{
	u32 device = cordon_device_find(c->rs, c->v->vlan, c->frame->dmac);

	if (device == CORDON_NO_DEVICE)
		return CORDON_REASON_UNKNOWN_DESTINATION;
	cordon_set_destination(c, device);
	return on_port(c, device) ? check_pair(c) : CORDON_REASON_EGRESS_PORT;
}

/* Step 6: with nft flushed nothing translates, and then nothing private may leave. */
static bool leaks_source(const struct cordon_case *c, const struct cordon_port *port)
{
	return port->mode == CORDON_PORT_UPLINK && cordon_port_masquerades(port, c->frame) &&
	       !speaks_for_box(c);
}

/* Steps 6 and 7. */
static int unicast_to_zone(struct cordon_case *c, const struct cordon_port *port)
{
	const struct cordon_addr *to = &c->frame->daddr;
	bool is_uplink = port->mode == CORDON_PORT_UPLINK;
	u8 zone;

	c->v->dst_zone = port->zone;
	if (is_uplink && (cordon_port_masquerades(port, c->frame) ||
			  (c->v->src_zone == CORDON_ZONE_GATEWAY &&
			   cordon_is_dhcp_client(c->frame))))
		return accept(c, CORDON_V_FINAL);
	zone = cordon_prefix_zone(c->rs, to);
	if (cordon_address_find(c->rs, to) != CORDON_NO_DEVICE || (zone && zone != port->zone))
		return CORDON_REASON_ZONE_ADDRESS;
	return check_pair(c);
}

int cordon_egress(struct cordon_case *c)
{
	const struct cordon_port *port = &c->rs->port[c->packet->out.port];
	bool own = cordon_own_mac(c->live->own, c->frame->smac);
	int said;

	if (own && link_control(c->frame))
		return accept(c, CORDON_V_FINAL);
	said = cordon_frame_vlan(c, port);
	if (!said)
		said = check_headers(c, port, own);
	if (!said && !own)
		said = bridged_source(c, port);
	if (said)
		return said;
	if (own)
		routed_source(c);
	if (leaks_source(c, port))
		return CORDON_REASON_MASQUERADE;
	if (cordon_mac_group(c->frame->dmac))
		return group_frame(c, port, own);
	return port->mode == CORDON_PORT_DEVICES ? unicast_to_device(c) : unicast_to_zone(c, port);
}
