// SPDX-License-Identifier: GPL-2.0-only
/*
 * Neighbour frames and membership at ingress, where they are final: docs/policy-language.md
 * section 6.3.
 */
#include "judge.h"

static int final(struct cordon_case *c)
{
	c->v->flags |= CORDON_V_FINAL;
	return CORDON_ACCEPT;
}

static int towards_gateway(struct cordon_case *c)
{
	c->v->dst_zone = CORDON_ZONE_GATEWAY;
	return cordon_zone_in(c->rs->linked, c->v->src_zone) ? final(c) :
		CORDON_REASON_NEIGHBOUR_TARGET;
}

static int towards_device(struct cordon_case *c, u32 device)
{
	if (device == CORDON_NO_DEVICE)
		return CORDON_REASON_NEIGHBOUR_TARGET;
	cordon_set_destination(c, device);
	return cordon_pair(c->rs, c->v->src_zone, c->v->dst_zone)->linked ? final(c) :
		CORDON_REASON_NEIGHBOUR_TARGET;
}

static int by_target(struct cordon_case *c, const struct cordon_port *port)
{
	if (cordon_own_addr(c->live->own, &c->frame->target))
		return cordon_here(c, &c->frame->target) ? towards_gateway(c) :
							   CORDON_REASON_NEIGHBOUR_TARGET;
	if (port->mode != CORDON_PORT_DEVICES)
		return CORDON_REASON_NEIGHBOUR_TARGET;
	return towards_device(c, cordon_holder(c, c->v->vlan, &c->frame->target));
}

static int by_destination_mac(struct cordon_case *c, const struct cordon_port *port)
{
	if (cordon_own_mac(c->live->own, c->frame->dmac))
		return towards_gateway(c);
	if (port->mode != CORDON_PORT_DEVICES)
		return CORDON_REASON_NEIGHBOUR_TARGET;
	return towards_device(c, cordon_device_find(c->rs, c->v->vlan, c->frame->dmac));
}

int cordon_arp(struct cordon_case *c, const struct cordon_port *port)
{
	const struct cordon_frame *f = c->frame;
	bool request = f->type == 1;

	if (!f->type || f->flags & CORDON_F_LLADDR_BAD ||
	    cordon_source_address(c, port, &f->saddr, request))
		return CORDON_REASON_ARP_SENDER;
	if (cordon_addr_eq(&f->saddr, &f->target))
		return final(c);
	return request || cordon_mac_group(f->dmac) ? by_target(c, port) :
		by_destination_mac(c, port);
}

/* DAD (RFC 4862 5.4): whoever asks may only ask for what it could use. */
static int duplicate_detection(struct cordon_case *c)
{
	const struct cordon_addr *target = &c->frame->target;
	u32 sender = c->v->src_device, holder;

	if (c->frame->flags & CORDON_F_SLLA || cordon_own_addr(c->live->own, target))
		return CORDON_REASON_ND_SENDER;
	holder = cordon_addr_link_local(target) ? cordon_owner(c, c->v->vlan, target) :
						  cordon_address_find(c->rs, target);
	if (holder != CORDON_NO_DEVICE && holder != sender)
		return CORDON_REASON_ND_SENDER;
	if (sender != CORDON_NO_DEVICE && holder != sender && !cordon_addr_link_local(target))
		return CORDON_REASON_ND_SENDER;
	return final(c);
}

static int neighbour_discovery(struct cordon_case *c, const struct cordon_port *port)
{
	const struct cordon_frame *f = c->frame;

	if (cordon_addr_group(&f->target) || f->flags & CORDON_F_LLADDR_BAD)
		return CORDON_REASON_ND_SENDER;
	if (f->type == 135)
		return cordon_addr_unspecified(&f->saddr) ? duplicate_detection(c) :
			by_target(c, port);
	if (cordon_source_address(c, port, &f->target, false))
		return CORDON_REASON_ND_SENDER;
	return cordon_mac_group(f->dmac) ? final(c) : by_destination_mac(c, port);
}

/* Nothing of this kind is judged by its pair, so the box must not be made to route it. */
static bool meant_for_link(const struct cordon_case *c)
{
	const struct cordon_addr *to = &c->frame->daddr;

	return cordon_addr_group(to) || cordon_addr_link_local(to) ||
	       cordon_own_addr(c->live->own, to);
}

int cordon_nd_membership(struct cordon_case *c, const struct cordon_port *port)
{
	const struct cordon_frame *f = c->frame;
	bool from_router = f->ethertype == CORDON_ETH_IPV6 &&
		(cordon_is_icmpv6(f, 134, 134) || cordon_is_icmpv6(f, 130, 130));

	if (cordon_of_link(f) && cordon_own_mac(c->live->own, f->dmac) && !meant_for_link(c))
		return CORDON_REASON_NOT_FOR_US;
	if (cordon_is_neighbour(f))
		return f->ethertype == CORDON_ETH_IPV6 ? neighbour_discovery(c, port) :
			CORDON_GO_ON;
	if (from_router && !cordon_addr_link_local(&f->saddr))
		return CORDON_REASON_ND_SENDER;
	if (cordon_is_membership(f) || cordon_is_router(f))
		return final(c);
	return CORDON_GO_ON;
}
