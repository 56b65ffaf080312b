// SPDX-License-Identifier: GPL-2.0-or-later
/* Sections 6.2 and 6.3: ingress. Each function below is one step; it returns true when the judgement is over. */
#include <string.h>

#include "oracle_int.h"

struct ingress {
	struct o_world *w;
	int p;			/* the port's index */
	const struct o_port *port;
	int vlan;
	int device;		/* O_NOBODY: zone `unknown`, or a zone port */
	int zone;		/* the source zone */
};

/* Step 5 */
static bool source_mac(struct ingress *in)
{
	struct o_world *w = in->w;
	const struct o_device *d;
	const struct o_live_device *live;
	bool listed = false, left = true, aged;

	in->device = O_NOBODY;
	if (in->port->mode != O_DEVICES) {	/* "On a zone port there is no device." */
		in->zone = in->port->zone;
		return false;
	}
	if (o_own_mac(w, w->f.smac))
		return o_drop(w, 5, "own-mac");
	in->device = o_device_at(w, in->vlan, w->f.smac);
	w->answer.sender = in->device;
	if (in->device == O_NOBODY) {
		w->answer.stranger = true;
		in->zone = O_UNKNOWN;
		return false;
	}
	d = &w->p->device[in->device];
	live = &w->live->device[in->device];
	in->zone = o_effective(w, in->device);
	for (int i = 0; i < d->n_ports; i++) {
		listed |= d->port[i] == in->p;
		left &= d->port[i] != live->port;
	}
	if (d->n_ports && !listed)
		return o_drop(w, 5, "device-port");
	if (live->port == O_NOBODY || live->port == in->p)
		return false;
	aged = w->live->now - live->seen >= 300;
	if (listed && (left || w->live->down[live->port] || aged))
		return false;
	return o_drop(w, 5, "device-port");
}

/* Step 6 */
static bool martian(struct ingress *in)
{
	static const uint8_t one[16] = { [15] = 1 }, mapped[12] = { [10] = 0xff, [11] = 0xff };
	const struct o_frame *f = &in->w->f;
	const uint8_t *s = f->src.b, *d = f->dst.b;
	bool bad;

	if (f->family == 4) {
		bad = (s[0] == 0 && !o_addr_unspecified(&f->src)) || s[0] == 127 || s[0] >= 224 ||
		      d[0] == 0 || d[0] == 127 || (d[0] >= 240 && !o_addr_group(&f->dst));
	} else if (f->family == 6) {
		bad = s[0] == 0xff || !memcmp(s, one, 16) || !memcmp(s, mapped, 12) ||
		      o_addr_unspecified(&f->dst) || !memcmp(d, one, 16) || !memcmp(d, mapped, 12);
	} else {
		bad = false;
	}
	return bad && o_drop(in->w, 6, "martian");
}

/* Step 7 b: whether the source zone's `ip-options` let these options pass. */
static bool options_named(const struct ingress *in)
{
	const struct o_zone *zone = &in->w->p->zone[in->zone];
	const struct o_frame *f = &in->w->f;
	int at = 0, named = 0;

	while (at < f->n_option && f->option[at] != 0) {
		int kind = f->option[at], left = f->n_option - at, len;

		if (kind == 1) {
			at++;
			continue;
		}
		if (left < 2)
			return false;
		len = f->option[at + 1];
		if (len > left)
			return false;
		if (!((kind == 7 && zone->record_route && len >= 3) || (kind == 68 && zone->timestamp && len >= 4) ||
		      (kind == 148 && zone->router_alert && len == 4)))
			return false;
		named++;
		at += len;
	}
	for (; at < f->n_option; at++)
		if (f->option[at])
			return false;
	return named > 0;
}

/* Step 7 a-c */
static bool guard_headers(struct ingress *in)
{
	const struct o_frame *f = &in->w->f;
	bool mld = o_icmpv6(f, 130) || o_icmpv6(f, 131) || o_icmpv6(f, 132) || o_icmpv6(f, 143);

	if (f->ext_bad)
		return o_drop(in->w, 7, "ipv6-ext");
	if (f->family == 6 && mld != f->router_alert)
		return o_drop(in->w, 7, "ipv6-ext");
	if (f->family == 4) {
		bool igmp = f->proto == 2;

		if (igmp ? !f->router_alert : f->options && !options_named(in))
			return o_drop(in->w, 7, "ip-options");
	}
	return (o_fragment_bad(f) || (f->fragment && in->w->p->zone[in->zone].no_fragments)) && o_drop(in->w, 7, "fragment");
}

/* Step 7 d-f */
static bool guard_services(struct ingress *in)
{
	const struct o_frame *f = &in->w->f;

	if ((f->family == 4 && f->proto == 1 && f->type == 5) || o_icmpv6(f, 137))
		return o_drop(in->w, 7, "redirect");
	if (in->port->mode != O_UPLINK) {
		if (o_icmpv6(f, 134) && !o_router_at(in->w, in->device))
			return o_drop(in->w, 7, "ra-guard");
		if (f->proto == 17 && (f->sport == 67 || f->sport == 547) && !o_dhcp_server_at(in->w, in->device))
			return o_drop(in->w, 7, "dhcp-server");
		if (o_query(f) && !o_querier_at(in->w, in->device))
			return o_drop(in->w, 7, "querier");
		if (f->family == 4 && f->proto == 2 && f->type != 0x11 && f->type != 0x12 && f->type != 0x16 && f->type != 0x17 && f->type != 0x22)
			return o_drop(in->w, 7, "querier");
	}
	if (f->family == 6 && f->proto == 58 && f->type >= 133 && f->type <= 136 && (f->hop_limit != 255 || f->code != 0))
		return o_drop(in->w, 7, "nd-sender");
	return false;
}

/* Step 9's exceptions: 0.0.0.0 in DHCP, `::` in RS, NS and in MLD 131, 132, 143. */
static bool unspecified_allowed(const struct o_frame *f)
{
	static const uint8_t broadcast[4] = { 255, 255, 255, 255 };

	if (f->src.family == 4)
		return o_udp(f, 4, 68, 67) && !memcmp(f->dst.b, broadcast, 4);
	return o_icmpv6(f, 133) || o_icmpv6(f, 135) || o_icmpv6(f, 131) || o_icmpv6(f, 132) || o_icmpv6(f, 143);
}

/* Step 9 for address a; exceptions: whether an unspecified address is judged by them, or refused. Return: its reason or NULL. */
static const char *source_address(struct ingress *in, const struct o_addr *a, bool exceptions)
{
	struct o_world *w = in->w;
	int owner = o_owner_of(w, in->vlan, a);
	bool unspecified_ok = exceptions && unspecified_allowed(&w->f);
	int zone;

	if (in->port->mode == O_DEVICES) {
		if (o_own_addr(w, a))
			return "address-spoof";
		if (o_addr_unspecified(a))
			return unspecified_ok ? NULL : "address-spoof";
		if (in->device != O_NOBODY) {
			if (o_bound_to(w, a) == in->device)
				return NULL;
			if (o_addr_link_local(a) && (owner == in->device || owner == O_NOBODY))
				return NULL;
			return "address-spoof";
		}
		if (o_bound_to(w, a) != O_NOBODY || (o_addr_link_local(a) && owner != O_NOBODY))
			return "address-spoof";
		return NULL;
	}
	if (o_own_addr(w, a) || o_bound_to(w, a) != O_NOBODY)
		return "zone-address";
	if (o_addr_unspecified(a))
		return unspecified_ok && !(in->port->mode == O_UPLINK && a->family == 4) ? NULL : "zone-address";
	if (o_addr_link_local(a))
		return NULL;
	zone = o_prefix_zone(w, a);
	if (in->port->mode == O_UPLINK)
		return zone == O_NOBODY ? NULL : "zone-address";
	return zone == in->port->zone ? NULL : "zone-address";
}

/* 6.3 "Target address" */
static bool by_target(struct ingress *in)
{
	struct o_world *w = in->w;
	const struct o_addr *t = &w->f.target;
	int device;

	if (o_own_here(w, in->p, in->vlan, t))
		return o_linked_at_all(w, in->zone) ? o_accept(w, 8) : o_drop(w, 8, "neighbour-target");
	if (o_own_addr(w, t) || in->port->mode != O_DEVICES)
		return o_drop(w, 8, "neighbour-target");
	device = o_bound_to(w, t);
	if (device == O_NOBODY && o_addr_link_local(t))
		device = o_owner_of(w, in->vlan, t);
	if (device == O_NOBODY || w->p->device[device].vlan != in->vlan || !o_linked(w, in->zone, o_effective(w, device)))
		return o_drop(w, 8, "neighbour-target");
	return o_accept(w, 8);
}

/* 6.3 "Destination MAC" */
static bool by_destination_mac(struct ingress *in)
{
	struct o_world *w = in->w;
	int device;

	if (o_own_mac(w, w->f.dmac))
		return o_linked_at_all(w, in->zone) ? o_accept(w, 8) : o_drop(w, 8, "neighbour-target");
	device = in->port->mode == O_DEVICES ? o_device_at(w, in->vlan, w->f.dmac) : O_NOBODY;
	if (device == O_NOBODY || !o_linked(w, in->zone, o_effective(w, device)))
		return o_drop(w, 8, "neighbour-target");
	return o_accept(w, 8);
}

static bool arp(struct ingress *in)
{
	struct o_world *w = in->w;
	const struct o_frame *f = &w->f;
	bool request = f->arp_op == 1;

	if (memcmp(f->sha, f->smac, 6) || (f->arp_op != 1 && f->arp_op != 2))
		return o_drop(w, 8, "arp-sender");
	if (!(o_addr_unspecified(&f->src) && request) && source_address(in, &f->src, false))
		return o_drop(w, 8, "arp-sender");
	if (o_addr_eq(&f->target, &f->src))
		return o_accept(w, 8);
	if (request || o_group_mac(f->dmac))
		return by_target(in);
	return by_destination_mac(in);
}

/* NS from `::` */
static bool dad(struct ingress *in)
{
	struct o_world *w = in->w;
	const struct o_addr *t = &w->f.target;
	int bound = o_bound_to(w, t), owner = o_owner_of(w, in->vlan, t);
	bool link_local = o_addr_link_local(t);

	if (w->f.nd_slla)
		return o_drop(w, 10, "nd-sender");
	if (o_own_addr(w, t))
		return o_drop(w, 10, "nd-sender");
	if (!link_local && bound != O_NOBODY && bound != in->device)
		return o_drop(w, 10, "nd-sender");
	if (link_local && owner != O_NOBODY && owner != in->device)
		return o_drop(w, 10, "nd-sender");
	if (in->device != O_NOBODY && !link_local && bound != in->device)
		return o_drop(w, 10, "nd-sender");
	return o_accept(w, 10);
}

static bool solicitation_or_advertisement(struct ingress *in)
{
	struct o_world *w = in->w;
	const struct o_frame *f = &w->f;
	bool ns = f->type == 135;

	if (!f->has_target || o_addr_group(&f->target) || !f->nd_options_ok || !f->nd_lladdr_ok)
		return o_drop(w, 10, "nd-sender");
	if (ns && o_addr_unspecified(&f->src))
		return dad(in);
	if (ns)
		return by_target(in);
	if (source_address(in, &f->target, false))
		return o_drop(w, 10, "nd-sender");
	if (o_group_mac(f->dmac))
		return o_accept(w, 10);
	return by_destination_mac(in);
}

/* 6.3 "to an own MAC" */
static bool leads_elsewhere(struct ingress *in)
{
	struct o_world *w = in->w;
	const struct o_frame *f = &w->f;
	bool of_link = o_membership(f);

	for (int type = 133; type <= 136; type++)
		of_link |= o_icmpv6(f, type);
	return of_link && o_own_mac(w, f->dmac) && !o_addr_group(&f->dst) && !o_addr_link_local(&f->dst) && !o_own_addr(w, &f->dst);
}

/* Step 10 */
static bool discovery(struct ingress *in)
{
	struct o_world *w = in->w;
	const struct o_frame *f = &w->f;

	if (leads_elsewhere(in))
		return o_drop(w, 10, "not-for-us");
	if (o_icmpv6(f, 135) || o_icmpv6(f, 136))
		return solicitation_or_advertisement(in);
	if (o_icmpv6(f, 134) || o_icmpv6(f, 130))	/* on an uplink or by role: the guards dropped the others */
		return o_addr_link_local(&f->src) ? o_accept(w, 10) : o_drop(w, 10, "nd-sender");
	if (o_icmpv6(f, 133) || o_membership(f))
		return o_accept(w, 10);
	return false;
}

/* Step 12a */
static bool group_destination(struct ingress *in)
{
	struct o_world *w = in->w;

	if (!o_addr_group(&w->f.dst))
		return o_drop(w, 12, "group-unicast");
	if (o_may_hear(w, in->zone, in->zone))
		return o_accept(w, 12);
	for (int z = 0; z < w->p->n_zones; z++)
		if (o_dhcp_start(w, in->zone, z))
			return o_accept(w, 12);
	return o_drop(w, 12, "group");
}

/* Step 12: the destination zone. Return: true when the judgement is over. */
static bool destination(struct ingress *in, int *zone)
{
	struct o_world *w = in->w;
	const struct o_addr *dst = &w->f.dst;
	int device;

	if (o_group_mac(w->f.dmac))
		return group_destination(in);
	if (o_addr_group(dst))
		return o_drop(w, 12, "group-unicast");
	if (o_own_mac(w, w->f.dmac)) {
		device = o_bound_to(w, dst);
		*zone = O_GATEWAY;
		if (o_own_addr(w, dst) && !o_own_here(w, in->p, in->vlan, dst))
			return o_drop(w, 12, "not-for-us");
		if (o_own_addr(w, dst))
			return o_masquerades(in->port, w->f.family) && o_accept(w, 12);
		if (device != O_NOBODY)
			*zone = o_effective(w, device);
		else if (o_addr_link_local(dst))
			return o_drop(w, 12, "unknown-destination");
		else if (o_prefix_zone(w, dst) != O_NOBODY)
			*zone = o_prefix_zone(w, dst);
		else
			*zone = O_WAN;
		return false;
	}
	if (in->port->mode != O_DEVICES)
		return o_drop(w, 12, "not-for-us");
	device = o_device_at(w, in->vlan, w->f.dmac);
	if (device == O_NOBODY || (o_bound_to(w, dst) != device && !o_addr_link_local(dst)))
		return o_drop(w, 12, "unknown-destination");
	*zone = o_effective(w, device);
	return false;
}

/* 6.1 "Owner": whether the sender is the first who uses the address. */
static bool first_use(const struct ingress *in, const struct o_addr *a)
{
	return o_addr_link_local(a) && o_owner_of(in->w, in->vlan, a) == O_NOBODY && o_bound_to(in->w, a) != in->device;
}

/* 6.1 "Owner" and "Current port": what an accepted frame teaches of the device that sent it. */
static void learn(const struct ingress *in)
{
	struct o_world *w = in->w;
	const struct o_frame *f = &w->f;

	if (!w->answer.accept || w->answer.sender == O_NOBODY)
		return;
	w->answer.new_port = w->live->device[in->device].port != in->p;
	w->answer.new_owner = f->family == 6 && (first_use(in, &f->src) || (o_icmpv6(f, 136) && first_use(in, &f->target)));
}

/* Step 3, other ethertypes: whether flows let it pass, if step 5 does. */
static bool named_ethertype(struct ingress *in)
{
	struct o_world *w = in->w;
	int from = o_device_at(w, in->vlan, w->f.smac), to = o_device_at(w, in->vlan, w->f.dmac);
	int a = from == O_NOBODY ? O_UNKNOWN : o_effective(w, from);

	if (in->port->mode != O_DEVICES || o_link_local_mac(w->f.dmac))
		return false;
	w->answer.sender = from;
	if (o_group_mac(w->f.dmac))
		return o_ethertype(w, a, a);
	return to != O_NOBODY && o_ethertype(w, a, o_effective(w, to));
}

static void judge(struct o_world *w, struct ingress *in)
{
	static const uint8_t pae[6] = { 0x01, 0x80, 0xc2, 0, 0, 0x03 };
	const struct o_frame *f = &w->f;
	int zone;

	if (!w->p) {									/* 1 */
		o_drop(w, 1, "no-ruleset");
		return;
	}
	in->port = &w->p->port[in->p];
	in->vlan = o_header_and_vlan(w, in->port, 2);					/* 2 */
	if (in->vlan < 0)
		return;
	if (f->ethertype == 0x888e) {							/* 3 */
		if (!o_own_mac(w, f->dmac) && memcmp(f->dmac, pae, 6))
			o_drop(w, 3, "ethertype");
		else if (!source_mac(in))
			o_accept(w, 3);
		return;
	}
	if (f->ethertype != 0x0800 && f->ethertype != 0x0806 && f->ethertype != 0x86dd) {
		if (!named_ethertype(in))
			o_drop(w, 3, "ethertype");
		else if (!source_mac(in))
			o_accept(w, 3);
		return;
	}
	if (f->malformed) {								/* 4 */
		o_drop(w, 4, "malformed");
		return;
	}
	if (source_mac(in) || martian(in))						/* 5, 6 */
		return;
	if (f->ethertype == 0x0806) {							/* 7 says nothing of ARP; 8 */
		arp(in);
		return;
	}
	if (guard_headers(in) || guard_services(in))					/* 7 */
		return;
	if (source_address(in, &f->src, true)) {					/* 9 */
		o_drop(w, 9, source_address(in, &f->src, true));
		return;
	}
	if (discovery(in))								/* 10 */
		return;
	if (in->port->mode == O_UPLINK && (o_udp(f, 4, 67, 68) || o_udp(f, 6, 547, 546)) &&
	    (o_own_mac(w, f->dmac) || o_group_mac(f->dmac))) {				/* 11 */
		o_accept(w, 11);
		return;
	}
	if (destination(in, &zone))							/* 12 */
		return;
	o_pair(w, in->zone, zone);
	if (o_start(w, in->zone, zone) || o_possible_reply(w, in->zone, zone))		/* 13 */
		o_accept(w, 13);
	else
		o_drop(w, 13, o_refusal(w, in->zone, zone));
}

void o_ingress(struct o_world *w)
{
	struct ingress in = { .w = w, .p = w->k->in.port };

	judge(w, &in);
	learn(&in);
}
