// SPDX-License-Identifier: GPL-2.0-or-later
/* Sections 6.5 and 6.7: the conntrack hooks and egress. */
#include <string.h>

#include "oracle_int.h"

static const struct o_port *zone_port(const struct o_world *w, const struct o_side *side)
{
	if (side->kind != O_PORT || w->p->port[side->port].mode == O_DEVICES)
		return NULL;
	return &w->p->port[side->port];
}

static bool uplink(const struct o_world *w, const struct o_side *side)
{
	const struct o_port *port = zone_port(w, side);

	return port && port->mode == O_UPLINK;
}

/* "the device that the address is bound to, or that owns it (link-local), when it is of the ... VLAN" */
static int device_by_address(const struct o_world *w, const struct o_addr *a, int vlan)
{
	int device = o_bound_to(w, a);

	if (device == O_NOBODY && o_addr_link_local(a))
		device = o_owner_of(w, vlan, a);
	if (device != O_NOBODY && w->p->device[device].vlan != vlan)
		device = O_NOBODY;
	return device;
}

/* 6.5 step 1 */
static bool not_ours(struct o_world *w)
{
	bool in = w->k->in.kind != O_UNMANAGED, out = w->k->out.kind != O_UNMANAGED;

	if (w->k->hook == O_FORWARD || w->k->hook == O_BRIDGE) {
		if (!in && !out)
			return o_accept(w, 501);
		if (!in || !out)
			return o_drop(w, 501, "unmanaged");
	} else if (w->k->hook == O_LOCAL_IN ? !in : !out) {
		return o_accept(w, 501);
	}
	return !w->p && o_drop(w, 501, "no-ruleset");
}

/* 6.5 step 2, "what is neither IPv4, IPv6 nor ARP" */
static bool named_ethertype(const struct o_world *w)
{
	int from = o_device_at(w, w->k->in.vlan, w->f.smac), to = o_device_at(w, w->k->out.vlan, w->f.dmac);
	int a = from == O_NOBODY ? O_UNKNOWN : o_effective(w, from);

	if (o_group_mac(w->f.dmac))
		return o_ethertype(w, a, a);
	return to != O_NOBODY && o_ethertype(w, a, o_effective(w, to));
}

/* 6.5 step 2 */
static bool needs_no_pair(struct o_world *w)
{
	const struct o_frame *f = &w->f;
	int hook = w->k->hook;

	if (f->malformed || f->header_short)
		return o_drop(w, 502, "malformed");
	if (hook == O_BRIDGE && f->ethertype != 0x0800 && f->ethertype != 0x86dd && f->ethertype != 0x0806)
		return named_ethertype(w) ? o_accept(w, 502) : o_drop(w, 502, "ethertype");
	if (o_neighbour(f) || o_membership(f) || o_icmpv6(f, 133) || o_icmpv6(f, 134))
		return hook == O_FORWARD ? o_drop(w, 502, "group") : o_accept(w, 502);
	if (hook == O_BRIDGE && o_group_mac(f->dmac))
		return o_accept(w, 502);
	if (hook == O_LOCAL_OUT && o_addr_group(&f->dst))
		return o_accept(w, 502);
	if (hook == O_LOCAL_IN) {
		if (o_udp(f, 4, 68, 67) && o_addr_unspecified(&f->src))
			return o_accept(w, 502);
		if (uplink(w, &w->k->in) && (o_udp(f, 4, 67, 68) || o_udp(f, 6, 547, 546)))
			return o_accept(w, 502);
	}
	if (hook == O_LOCAL_OUT && uplink(w, &w->k->out) && (o_udp(f, 4, 68, 67) || o_udp(f, 6, 546, 547)))
		return o_accept(w, 502);
	if (hook == O_FORWARD && o_addr_group(&f->dst))
		return o_drop(w, 502, "group");
	if (hook == O_LOCAL_IN && o_addr_group(&f->dst) && !o_udp(f, 4, 68, 67) && !o_udp(f, 4, 67, 68) && !o_udp(f, 6, 546, 547) &&
	    !o_udp(f, 6, 547, 546))
		return o_drop(w, 502, "group");
	return false;
}

/* 6.5 step 3: source A; device is set where there is one */
static bool source(struct o_world *w, int *zone, int *device)
{
	const struct o_port *port = zone_port(w, &w->k->in);

	*device = O_NOBODY;
	if (w->k->hook == O_LOCAL_OUT) {
		*zone = O_GATEWAY;
		return false;
	}
	if (w->k->hook == O_BRIDGE) {
		*device = o_device_at(w, w->k->in.vlan, w->f.smac);
	} else if (port) {
		if (o_own_addr(w, &w->f.src) || o_bound_to(w, &w->f.src) != O_NOBODY)
			return o_drop(w, 503, "zone-address");
		*zone = port->zone;
		return false;
	} else {
		*device = device_by_address(w, &w->f.src, w->k->in.vlan);
	}
	*zone = *device == O_NOBODY ? O_UNKNOWN : o_effective(w, *device);
	return false;
}

/* 6.5 step 3: destination B */
static bool target(struct o_world *w, int *zone)
{
	const struct o_port *port = zone_port(w, &w->k->out);
	int device, prefix;

	if (w->k->hook == O_LOCAL_IN) {
		*zone = O_GATEWAY;
		return false;
	}
	if (w->k->hook == O_BRIDGE) {
		device = o_device_at(w, w->k->out.vlan, w->f.dmac);
	} else if (port) {
		prefix = o_prefix_zone(w, &w->f.dst);
		if (o_bound_to(w, &w->f.dst) != O_NOBODY || (prefix != O_NOBODY && prefix != port->zone))
			return o_drop(w, 503, "zone-address");
		*zone = port->zone;
		return false;
	} else {
		device = device_by_address(w, &w->f.dst, w->k->out.vlan);
	}
	if (device == O_NOBODY)
		return o_drop(w, 503, "unknown-destination");
	*zone = o_effective(w, device);
	return false;
}

/* 6.5 step 4, Error: the zone of the flow's initiator or target */
static int zone_of_end(const struct o_world *w, const struct o_addr *a)
{
	if (o_own_addr(w, a))
		return O_GATEWAY;
	if (o_bound_to(w, a) != O_NOBODY)
		return o_effective(w, o_bound_to(w, a));
	if (o_prefix_zone(w, a) != O_NOBODY)
		return o_prefix_zone(w, a);
	return O_WAN;
}

/* "A link-local one: the zone port's zone, or the device that owns it in the VLAN, of the input (local-out: the output); else unknown" */
static int zone_of_flow_end(const struct o_world *w, const struct o_addr *a)
{
	const struct o_side *link = w->k->hook == O_LOCAL_OUT ? &w->k->out : &w->k->in;
	int owner;

	if (!o_addr_link_local(a) || o_own_addr(w, a))
		return zone_of_end(w, a);
	if (zone_port(w, link))
		return zone_port(w, link)->zone;
	owner = o_owner_of(w, link->vlan, a);
	return owner == O_NOBODY ? O_UNKNOWN : o_effective(w, owner);
}

static bool end_is(const struct o_world *w, const struct o_addr *a, int device)
{
	return o_bound_to(w, a) == device || o_owner_of(w, w->k->in.vlan, a) == device;
}

static void error_of_flow(struct o_world *w, int a, int b, int device)
{
	const struct o_ct *ct = &w->k->ct;
	int i = zone_of_flow_end(w, &ct->initiator), t = zone_of_flow_end(w, &ct->target);
	const struct o_port *port = zone_port(w, &w->k->in);
	bool sender;

	if (!o_has_service(w, i, t, ct->initiator.family, ct->proto, ct->service)) {
		o_drop(w, 504, o_refusal(w, i, t));
		return;
	}
	if (w->k->hook == O_LOCAL_OUT)
		sender = a == O_GATEWAY;
	else if (w->k->hook != O_BRIDGE && port)
		sender = port->zone == i || port->zone == t;
	else
		sender = device != O_NOBODY && (end_is(w, &ct->initiator, device) || end_is(w, &ct->target, device));
	if (sender && (b == i || b == t))
		o_accept(w, 504);
	else
		o_drop(w, 504, "related");
}

/* 6.5 step 4 */
static void flow(struct o_world *w, int a, int b, int device)
{
	const struct o_ct *ct = &w->k->ct;
	const struct o_frame *f = &w->f;
	int family = ct->initiator.family;

	if (ct->state == O_CT_RELATED) {
		error_of_flow(w, a, b, device);
	} else if (ct->state == O_CT_ORIGINAL) {
		if (!o_addr_eq(&ct->initiator, &f->src) || !o_addr_eq(&ct->target, &f->dst))
			o_drop(w, 504, "not-reply");
		else if (o_has_service(w, a, b, family, ct->proto, ct->service) || o_dhcp_start(w, a, b))
			o_accept(w, 504);
		else
			o_drop(w, 504, o_refusal(w, a, b));
	} else if (ct->state == O_CT_REPLY) {
		if (!o_addr_eq(&ct->target, &f->src) || !o_addr_eq(&ct->initiator, &f->dst))
			o_drop(w, 504, "not-reply");
		else if (o_has_service(w, b, a, family, ct->proto, ct->service) || o_dhcp_start(w, a, b))
			o_accept(w, 504);
		else
			o_drop(w, 504, o_refusal(w, b, a));
	} else if (f->later) {
		o_drop(w, 504, "fragment");
	} else if (o_start(w, a, b)) {
		o_accept(w, 504);
	} else if (o_possible_reply(w, a, b)) {
		o_drop(w, 504, "not-reply");
	} else {
		o_drop(w, 504, o_refusal(w, a, b));
	}
}

void o_conntrack(struct o_world *w)
{
	int a = O_NOBODY, b = O_NOBODY, device;

	if (not_ours(w) || needs_no_pair(w))
		return;
	if (source(w, &a, &device) || target(w, &b))
		return;
	o_pair(w, a, b);
	flow(w, a, b, device);
}

/* 6.7 step 3: "A device is on P when its list (if it has one) has P, and P is its current port; where ..., the list alone says." */
static bool on_port(const struct o_world *w, int device)
{
	const struct o_device *d = &w->p->device[device];
	int p = w->k->out.port, current = w->live->device[device].port;
	bool listed = false, current_listed = false;

	for (int i = 0; i < d->n_ports; i++) {
		listed |= d->port[i] == p;
		current_listed |= d->port[i] == current;
	}
	if (!d->n_ports)
		return current == p;
	if (!listed)
		return false;
	return current == O_NOBODY || !current_listed || current == p;
}

/* Whether the device may be on P by policy: listed there or without list. */
static bool may_be_on_port(const struct o_world *w, int device)
{
	const struct o_device *d = &w->p->device[device];

	for (int j = 0; j < d->n_ports; j++)
		if (d->port[j] == w->k->out.port)
			return true;
	return d->n_ports == 0;
}

/* 6.7 step 4, the zones that have devices on P in this VLAN. Return: whether there is any. */
static bool zones_on_port(const struct o_world *w, int vlan, bool there[O_MAX_ZONES])
{
	bool any = false;

	for (int i = 0; i < w->p->n_devices; i++) {
		if (!may_be_on_port(w, i))
			continue;
		if (w->live->device[i].quarantined)
			any = there[O_QUARANTINE] = true;
		if (w->p->device[i].vlan == vlan)
			any = there[w->p->device[i].zone] = true;
	}
	return any;
}

/* 6.7 step 3, of a device by its role */
static bool advertised(struct o_world *w, int vlan, int a)
{
	bool there[O_MAX_ZONES] = { false }, every = zones_on_port(w, vlan, there);

	for (int z = 0; z < w->p->n_zones; z++)
		every &= !there[z] || o_linked(w, a, z);
	return every ? o_accept(w, 703) : o_drop(w, 703, "group");
}

/* 6.7 step 3, what of a bridged frame is not judged by its pair */
static bool bridged(struct o_world *w, int vlan, int sender)
{
	const struct o_frame *f = &w->f;
	bool ns = o_icmpv6(f, 135), na = o_icmpv6(f, 136), arp = f->ethertype == 0x0806;
	int device;

	if ((o_icmpv6(f, 134) && o_router_at(w, sender)) || (o_query(f) && o_querier_at(w, sender)))
		return advertised(w, vlan, o_effective(w, sender));
	if (o_membership(f) || o_icmpv6(f, 133) || o_icmpv6(f, 134) || (ns && o_addr_unspecified(&f->src)))
		return o_drop(w, 703, "group");
	if ((arp && f->arp_op == 1) || ns) {
		device = f->has_target ? device_by_address(w, &f->target, vlan) : O_NOBODY;
	} else if (arp || na) {
		if (o_group_mac(f->dmac))
			return o_drop(w, 703, "group");
		device = o_device_at(w, vlan, f->dmac);
	} else {
		return false;
	}
	if (device == O_NOBODY || !on_port(w, device))
		return o_drop(w, 703, "egress-port");
	return o_accept(w, 703);
}

/* 6.7 step 3: A of what was routed or is the box's own */
static int routed_source(const struct o_world *w)
{
	return zone_of_end(w, &w->f.src);
}

/* 6.7 step 4, `devices` port */
static void group_to_devices(struct o_world *w, int vlan, int a)
{
	bool there[O_MAX_ZONES] = { false }, any = zones_on_port(w, vlan, there), every = true, dhcp = false;

	for (int z = 0; z < w->p->n_zones; z++) {
		if (!there[z])
			continue;
		every &= o_may_hear(w, a, z) || o_dhcp_start(w, a, z);
		dhcp |= o_dhcp_start(w, a, z);
	}
	if (any && every)
		o_accept(w, 704);
	else if (any && dhcp && a == O_GATEWAY && (o_udp(&w->f, 4, 67, 68) || o_udp(&w->f, 6, 547, 546)))
		o_accept(w, 704);
	else
		o_drop(w, 704, "group");
}

/* 6.7 step 4, zone port */
static void group_to_zone(struct o_world *w, const struct o_port *port, int a)
{
	bool client = o_udp(&w->f, 4, 68, 67) || o_udp(&w->f, 6, 546, 547);

	if (o_may_hear(w, a, port->zone) || o_dhcp_start(w, a, port->zone) || (port->mode == O_UPLINK && client))	/* bridged frames ended in step 3 */
		o_accept(w, 704);
	else
		o_drop(w, 704, "group");
}

/* 6.7 step 5: "an ICMP error of 6.4 from A = `gateway` to any zone but `quarantine`, linked or not" */
static bool news_of_a_flow(const struct o_world *w, int a, int b)
{
	return a == O_GATEWAY && b != O_QUARANTINE && !o_fragment_bad(&w->f) && o_icmp_error(&w->f);
}

static void judge_pair(struct o_world *w, int step, int a, int b)
{
	o_pair(w, a, b);
	if (o_start(w, a, b) || o_possible_reply(w, a, b) || news_of_a_flow(w, a, b))
		o_accept(w, step);
	else
		o_drop(w, step, o_refusal(w, a, b));
}

/* 6.7 step 5 */
static void unicast_to_device(struct o_world *w, int vlan, int a)
{
	int device = o_device_at(w, vlan, w->f.dmac);

	if (device == O_NOBODY)
		o_drop(w, 705, "unknown-destination");
	else if (!on_port(w, device))
		o_drop(w, 705, "egress-port");
	else
		judge_pair(w, 705, a, o_effective(w, device));
}

/* 6.7 step 7 */
static void unicast_to_zone(struct o_world *w, const struct o_port *port, int a)
{
	int prefix = o_prefix_zone(w, &w->f.dst);

	if (a == O_GATEWAY && port->mode == O_UPLINK && (o_udp(&w->f, 4, 68, 67) || o_udp(&w->f, 6, 546, 547)))
		o_accept(w, 707);
	else if (o_bound_to(w, &w->f.dst) != O_NOBODY || (prefix != O_NOBODY && prefix != port->zone))
		o_drop(w, 707, "zone-address");
	else
		judge_pair(w, 707, a, port->zone);
}

/* Steps 4-7 */
static void leave(struct o_world *w, const struct o_port *port, int vlan, int a)
{
	const struct o_addr *src = &w->f.src;
	bool masquerades = o_masquerades(port, w->f.family);

	if (masquerades && !o_own_addr(w, src) && !o_addr_unspecified(src) && !o_addr_link_local(src)) {
		o_drop(w, 706, "masquerade");	/* "On an uplink steps 6 first." */
		return;
	}
	if (o_group_mac(w->f.dmac)) {
		if (!o_addr_group(&w->f.dst))
			o_drop(w, 704, "group-unicast");
		else if (port->mode == O_DEVICES)
			group_to_devices(w, vlan, a);
		else
			group_to_zone(w, port, a);
	} else if (port->mode == O_DEVICES) {
		unicast_to_device(w, vlan, a);
	} else if (masquerades) {
		o_accept(w, 706);
	} else {
		unicast_to_zone(w, port, a);
	}
}

/* 6.7 step 2, other ethertypes of bridged frames */
static bool leaves_by_ethertype(const struct o_world *w, const struct o_port *port, int vlan)
{
	int from = o_device_at(w, vlan, w->f.smac), to = o_device_at(w, vlan, w->f.dmac);
	int a = from == O_NOBODY ? O_UNKNOWN : o_effective(w, from);
	bool there[O_MAX_ZONES] = { false };

	if (port->mode != O_DEVICES || o_link_local_mac(w->f.dmac))
		return false;
	if (!o_group_mac(w->f.dmac))
		return to != O_NOBODY && on_port(w, to) && o_ethertype(w, a, o_effective(w, to));
	if (!zones_on_port(w, vlan, there) || !o_ethertype(w, a, a))
		return false;
	for (int z = 0; z < w->p->n_zones; z++)
		if (there[z] && z != a)
			return false;
	return true;
}

void o_egress(struct o_world *w)
{
	const struct o_frame *f = &w->f;
	const struct o_port *port;
	bool own;
	int vlan, a;

	if (!w->p) {
		o_drop(w, 701, "no-ruleset");
		return;
	}
	port = &w->p->port[w->k->out.port];
	own = o_own_mac(w, f->smac);
	if (own && !f->header_bad && !f->tagged && !f->second_tag && f->ethertype != 0x0800 && f->ethertype != 0x86dd &&
	    f->ethertype != 0x0806) {						/* 1 */
		o_accept(w, 701);
		return;
	}
	vlan = o_header_and_vlan(w, port, 701);
	if (vlan < 0)
		return;
	if (own && f->ethertype != 0x0800 && f->ethertype != 0x86dd) {		/* 2 */
		o_accept(w, 702);
		return;
	}
	if (own && (o_neighbour(f) || o_membership(f) || o_icmpv6(f, 133) || o_icmpv6(f, 134)) &&
	    (o_own_addr(w, &f->src) || o_addr_unspecified(&f->src) || o_addr_link_local(&f->src))) {
		o_accept(w, 702);
		return;
	}
	if (f->ethertype != 0x0800 && f->ethertype != 0x86dd && f->ethertype != 0x0806) {
		if (leaves_by_ethertype(w, port, vlan))
			o_accept(w, 702);
		else
			o_drop(w, 702, "ethertype");
		return;
	}
	if (f->malformed) {
		o_drop(w, 702, "malformed");
		return;
	}
	if (own) {								/* 3 */
		a = routed_source(w);
	} else {
		int device = o_device_at(w, vlan, f->smac);

		if (port->mode != O_DEVICES) {
			o_drop(w, 703, "egress-port");
			return;
		}
		if (bridged(w, vlan, device))
			return;
		a = device == O_NOBODY ? O_UNKNOWN : o_effective(w, device);
	}
	leave(w, port, vlan, a);						/* 4-7 */
}
