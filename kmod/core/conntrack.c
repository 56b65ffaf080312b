// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conntrack hooks: docs/policy-language.md section 6.5. Every packet of a flow is judged by
 * the flow's initiator and target, so no "established" outlives its right.
 */
#include "judge.h"

static bool managed(const struct cordon_side *side)
{
	return side->kind != CORDON_SIDE_UNMANAGED;
}

/* The zone port that this side is, or NULL. */
static const struct cordon_port *zone_port(const struct cordon_case *c,
					   const struct cordon_side *side)
{
	if (side->kind != CORDON_SIDE_PORT || c->rs->port[side->port].mode == CORDON_PORT_DEVICES)
		return NULL;
	return &c->rs->port[side->port];
}

static bool uplink(const struct cordon_case *c, const struct cordon_side *side)
{
	const struct cordon_port *port = zone_port(c, side);

	return port && port->mode == CORDON_PORT_UPLINK;
}

/* Step 1. */
static int check_managed(const struct cordon_case *c, enum cordon_hook hook)
{
	bool in = hook == CORDON_HOOK_LOCAL_OUT ? managed(&c->packet->out) :
		managed(&c->packet->in);
	bool out = hook == CORDON_HOOK_LOCAL_IN ? in : managed(&c->packet->out);

	if (!in && !out)
		return CORDON_ACCEPT;
	if (in != out)
		return CORDON_REASON_UNMANAGED;
	return c->rs ? CORDON_GO_ON : CORDON_REASON_NO_RULESET;
}

/* Step 2, what is neither IP nor ARP, between two devices or to a group of the sender's zone. */
static int check_ethertype(struct cordon_case *c)
{
	const struct cordon_frame *f = c->frame;
	bool may;
	u32 device;

	if (f->flags & CORDON_F_SHORT)
		return CORDON_REASON_MALFORMED;
	cordon_set_source(c, cordon_device_find(c->rs, c->packet->in.vlan, f->smac));
	device = cordon_device_find(c->rs, c->packet->out.vlan, f->dmac);
	if (device != CORDON_NO_DEVICE)
		cordon_set_destination(c, device);
	if (cordon_mac_group(f->dmac))
		may = cordon_judge_ether(c->rs, c->v->src_zone, c->v->src_zone, f);
	else
		may = device != CORDON_NO_DEVICE &&
		      cordon_judge_ether(c->rs, c->v->src_zone, c->v->dst_zone, f);
	return may ? CORDON_ACCEPT : CORDON_REASON_ETHERTYPE;
}

/*
 * Step 2, a group: ingress and egress judge who hears it. The box itself hears what is of the link,
 * and DHCP.
 */
static int check_group(struct cordon_case *c, enum cordon_hook hook)
{
	switch (hook) {
	case CORDON_HOOK_BRIDGE:
		/* For nftables, which goes by the zones. */
		cordon_set_source(c, cordon_device_find(c->rs, c->packet->in.vlan, c->frame->smac));
		return CORDON_ACCEPT;
	case CORDON_HOOK_LOCAL_OUT:
		c->v->src_zone = CORDON_ZONE_GATEWAY;
		return CORDON_ACCEPT;
	case CORDON_HOOK_LOCAL_IN:
		if (cordon_is_dhcp_client(c->frame) || cordon_is_dhcp_server(c->frame))
			return CORDON_GO_ON;
		return CORDON_REASON_GROUP;
	default:
		return CORDON_REASON_GROUP;
	}
}

/* Step 2, DHCP: an end without an address yet, or the box's own lease. */
static bool lease_in_the_making(const struct cordon_case *c, enum cordon_hook hook)
{
	const struct cordon_frame *f = c->frame;

	if (hook == CORDON_HOOK_LOCAL_OUT)
		return cordon_is_dhcp_client(f) && uplink(c, &c->packet->out);
	if (hook != CORDON_HOOK_LOCAL_IN)
		return false;
	if (cordon_is_dhcp_server(f))
		return uplink(c, &c->packet->in);
	return cordon_is_dhcp_client(f) && f->ethertype == CORDON_ETH_IPV4 &&
	       cordon_addr_unspecified(&f->saddr);
}

/* Step 2: what other hooks have judged or will. */
static int check_final(struct cordon_case *c, enum cordon_hook hook)
{
	const struct cordon_frame *f = c->frame;

	if (hook == CORDON_HOOK_BRIDGE && !cordon_is_ip(f) && f->ethertype != CORDON_ETH_ARP)
		return check_ethertype(c);
	if (f->flags & CORDON_F_MALFORMED)
		return CORDON_REASON_MALFORMED;
	if (cordon_of_link(f))
		return hook == CORDON_HOOK_FORWARD ? CORDON_REASON_GROUP : CORDON_ACCEPT;
	if (lease_in_the_making(c, hook))
		return CORDON_ACCEPT;
	if (hook == CORDON_HOOK_BRIDGE ? cordon_mac_group(f->dmac) : cordon_addr_group(&f->daddr))
		return check_group(c, hook);
	return CORDON_GO_ON;
}

/* Step 3, source. */
static int find_source(struct cordon_case *c, enum cordon_hook hook)
{
	const struct cordon_side *in = &c->packet->in;
	const struct cordon_port *port;

	if (hook == CORDON_HOOK_LOCAL_OUT) {
		c->v->src_zone = CORDON_ZONE_GATEWAY;
		return CORDON_GO_ON;
	}
	if (hook == CORDON_HOOK_BRIDGE) {
		cordon_set_source(c, cordon_device_find(c->rs, in->vlan, c->frame->smac));
		return CORDON_GO_ON;
	}
	port = zone_port(c, in);
	if (!port) {
		cordon_set_source(c, cordon_holder(c, in->vlan, &c->frame->saddr));
		return CORDON_GO_ON;
	}
	if (cordon_own_addr(c->live->own, &c->frame->saddr) ||
	    cordon_address_find(c->rs, &c->frame->saddr) != CORDON_NO_DEVICE)
		return CORDON_REASON_ZONE_ADDRESS;
	c->v->src_zone = port->zone;
	return CORDON_GO_ON;
}

static int find_zone_destination(struct cordon_case *c, const struct cordon_port *port)
{
	u8 zone = cordon_prefix_zone(c->rs, &c->frame->daddr);

	if (cordon_address_find(c->rs, &c->frame->daddr) != CORDON_NO_DEVICE ||
	    (zone && zone != port->zone))
		return CORDON_REASON_ZONE_ADDRESS;
	c->v->dst_zone = port->zone;
	return CORDON_GO_ON;
}

/* Step 3, destination. */
static int find_destination(struct cordon_case *c, enum cordon_hook hook)
{
	const struct cordon_side *out = &c->packet->out;
	const struct cordon_port *port;
	u32 device;

	if (hook == CORDON_HOOK_LOCAL_IN) {
		c->v->dst_zone = CORDON_ZONE_GATEWAY;
		return CORDON_GO_ON;
	}
	port = hook == CORDON_HOOK_BRIDGE ? NULL : zone_port(c, out);
	if (port)
		return find_zone_destination(c, port);
	if (hook == CORDON_HOOK_BRIDGE)
		device = cordon_device_find(c->rs, out->vlan, c->frame->dmac);
	else
		device = cordon_holder(c, out->vlan, &c->frame->daddr);
	if (device == CORDON_NO_DEVICE)
		return CORDON_REASON_UNKNOWN_DESTINATION;
	cordon_set_destination(c, device);
	return CORDON_GO_ON;
}

static int accept(struct cordon_case *c, u8 flags)
{
	c->v->flags |= flags;
	return CORDON_ACCEPT;
}

static int untracked(struct cordon_case *c)
{
	u8 may;

	if (c->frame->flags & CORDON_F_FRAG_LATER)
		return CORDON_REASON_FRAGMENT;
	may = cordon_judge(c->rs, c->v->src_zone, c->v->dst_zone, c->frame);
	if (may & CORDON_V_START)
		return accept(c, CORDON_V_START);
	return may ? CORDON_REASON_NOT_REPLY : cordon_judge_reason(c->rs, c->v->src_zone,
								   c->v->dst_zone);
}

/* Section 6.6: DHCP is judged by the packet, whatever conntrack makes of it. */
static bool dhcp_allowed(const struct cordon_case *c)
{
	u8 from = c->v->src_zone, to = c->v->dst_zone;

	if (cordon_is_dhcp_client(c->frame))
		return cordon_pair_has(c->rs, from, to, CORDON_ENTRY_DHCP, 0, 0);
	return cordon_is_dhcp_server(c->frame) &&
		cordon_pair_has(c->rs, to, from, CORDON_ENTRY_DHCP, 0, 0);
}

static int tracked(struct cordon_case *c, const struct cordon_ct *ct)
{
	bool reply = ct->state == CORDON_CT_REPLY;
	const struct cordon_addr *initiator = reply ? &c->frame->daddr : &c->frame->saddr;
	const struct cordon_addr *target = reply ? &c->frame->saddr : &c->frame->daddr;
	u8 from = reply ? c->v->dst_zone : c->v->src_zone;
	u8 to = reply ? c->v->src_zone : c->v->dst_zone;

	if (!cordon_addr_eq(initiator, &ct->initiator) || !cordon_addr_eq(target, &ct->target))
		return CORDON_REASON_NOT_REPLY;
	if (cordon_judge_flow(c->rs, from, to, ct->proto, ct->port) || dhcp_allowed(c))
		return accept(c, reply ? CORDON_V_REPLY : CORDON_V_START);
	return cordon_judge_reason(c->rs, from, to);
}

/*
 * One end of a flow that a related packet belongs to. A link-local address has a meaning on one
 * link only: @link, the side that the packet came from or, of the box's own, goes to.
 */
static u8 end_zone(const struct cordon_case *c, const struct cordon_side *link,
		   const struct cordon_addr *addr, u32 *device)
{
	bool link_local = cordon_addr_link_local(addr);
	const struct cordon_port *port = zone_port(c, link);
	u8 zone;

	*device = link_local ? cordon_owner(c, link->vlan, addr) :
			       cordon_address_find(c->rs, addr);
	if (cordon_own_addr(c->live->own, addr))
		return CORDON_ZONE_GATEWAY;
	if (link_local && port)
		return port->zone;
	if (*device != CORDON_NO_DEVICE)
		return cordon_effective_zone(c, *device);
	if (link_local)
		return CORDON_ZONE_UNKNOWN;
	zone = cordon_prefix_zone(c->rs, addr);
	return zone ? zone : CORDON_ZONE_WAN;
}

static int related(struct cordon_case *c, enum cordon_hook hook, const struct cordon_ct *ct)
{
	const struct cordon_side *link = hook == CORDON_HOOK_LOCAL_OUT ? &c->packet->out :
									 &c->packet->in;
	u32 sender = c->v->src_device, at_initiator, at_target;
	u8 from = end_zone(c, link, &ct->initiator, &at_initiator);
	u8 to = end_zone(c, link, &ct->target, &at_target);
	bool from_end;

	if (!cordon_judge_flow(c->rs, from, to, ct->proto, ct->port))
		return cordon_judge_reason(c->rs, from, to);
	if (hook == CORDON_HOOK_LOCAL_OUT)
		from_end = true;
	else if (hook != CORDON_HOOK_BRIDGE && zone_port(c, &c->packet->in))
		from_end = c->v->src_zone == from || c->v->src_zone == to;
	else
		from_end = sender != CORDON_NO_DEVICE &&
			   (sender == at_initiator || sender == at_target);
	if (!from_end || (c->v->dst_zone != from && c->v->dst_zone != to))
		return CORDON_REASON_RELATED;
	return accept(c, CORDON_V_REPLY);
}

/* Step 4. */
static int check_flow(struct cordon_case *c, enum cordon_hook hook)
{
	const struct cordon_ct *ct = &c->packet->ct;

	switch (ct->state) {
	case CORDON_CT_ORIGINAL:
	case CORDON_CT_REPLY:
		return tracked(c, ct);
	case CORDON_CT_RELATED:
		return related(c, hook, ct);
	}
	return untracked(c);
}

int cordon_conntrack(struct cordon_case *c, enum cordon_hook hook)
{
	int said = check_managed(c, hook);

	if (!said)
		said = check_final(c, hook);
	if (said == CORDON_ACCEPT)
		return accept(c, CORDON_V_FINAL);
	if (!said)
		said = find_source(c, hook);
	if (!said)
		said = find_destination(c, hook);
	return said ? said : check_flow(c, hook);
}
