// SPDX-License-Identifier: GPL-2.0-or-later
/* Sections 6.1, 6.4 and 6.6, and the choice of the place. */
#include <string.h>

#include "oracle_int.h"

/*
 * An address as 16 bytes, IPv4 as its IPv4-mapped form: whatever speaks of addresses below compares these.
 */
static void wide(const struct o_addr *a, uint8_t out[16])
{
	memset(out, 0, 16);
	if (a->family == 6)
		memcpy(out, a->b, 16);
	if (a->family == 4) {
		out[10] = out[11] = 0xff;
		memcpy(out + 12, a->b, 4);
	}
}

static bool is_ipv4(const uint8_t *w)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	return !memcmp(w, mapped, 12);
}

bool o_addr_eq(const struct o_addr *a, const struct o_addr *b)
{
	uint8_t x[16], y[16];

	wide(a, x);
	wide(b, y);
	return a->family && b->family && !memcmp(x, y, 16);
}

bool o_addr_in(const struct o_addr *a, const struct o_prefix *prefix)
{
	int len = prefix->addr.family == 4 ? 96 + prefix->len : prefix->len;
	uint8_t x[16], y[16];

	wide(a, x);
	wide(&prefix->addr, y);
	for (int i = 0; i < len; i++)
		if ((x[i / 8] ^ y[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return true;
}

/* "IPv4 224.0.0.0/4 and 255.255.255.255, IPv6 ff00::/8" */
bool o_addr_group(const struct o_addr *a)
{
	static const uint8_t broadcast[4] = { 255, 255, 255, 255 };
	uint8_t x[16];

	wide(a, x);
	if (is_ipv4(x))
		return x[12] >> 4 == 14 || !memcmp(x + 12, broadcast, 4);
	return x[0] == 0xff;
}

bool o_addr_link_local(const struct o_addr *a)
{
	return a->family == 6 && a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80;
}

bool o_addr_unspecified(const struct o_addr *a)
{
	static const uint8_t zero[16];
	uint8_t x[16];

	wide(a, x);
	return a->family && !memcmp(is_ipv4(x) ? x + 12 : x, zero, is_ipv4(x) ? 4 : 16);
}

bool o_own_mac(const struct o_world *w, const uint8_t *mac)
{
	for (int i = 0; i < w->live->n_own_mac; i++)
		if (!memcmp(w->live->own_mac[i], mac, 6))
			return true;
	return false;
}

bool o_own_addr(const struct o_world *w, const struct o_addr *a)
{
	for (int i = 0; i < w->live->n_own_addr; i++)
		if (o_addr_eq(&w->live->own_addr[i], a))
			return true;
	return false;
}

/* 6.1 "Own here" */
bool o_own_here(const struct o_world *w, int port, int vlan, const struct o_addr *a)
{
	for (int i = 0; i < w->live->n_own_addr; i++) {
		const struct o_place *at = &w->live->own_at[i];

		if (o_addr_eq(&w->live->own_addr[i], a) &&
		    (at->everywhere || (vlan ? at->vlan == vlan : !at->vlan && at->port == port)))
			return true;
	}
	return false;
}

bool o_group_mac(const uint8_t *mac)
{
	return mac[0] & 1;
}

int o_effective(const struct o_world *w, int device)
{
	return w->live->device[device].quarantined ? O_QUARANTINE : w->p->device[device].zone;
}

int o_device_at(const struct o_world *w, int vlan, const uint8_t *mac)
{
	for (int i = 0; i < w->p->n_devices; i++)
		if (w->p->device[i].vlan == vlan && !memcmp(w->p->device[i].mac, mac, 6))
			return i;
	return O_NOBODY;
}

int o_bound_to(const struct o_world *w, const struct o_addr *a)
{
	for (int i = 0; i < w->p->n_devices; i++)
		for (int j = 0; j < w->p->device[i].n_addr; j++)
			if (o_addr_eq(&w->p->device[i].addr[j], a))
				return i;
	return O_NOBODY;
}

int o_prefix_zone(const struct o_world *w, const struct o_addr *a)
{
	for (int z = O_FIRST; z < w->p->n_zones; z++)
		for (int i = 0; i < w->p->zone[z].n_subnets; i++)
			if (o_addr_in(a, &w->p->zone[z].subnet[i]))
				return z;
	return O_NOBODY;
}

/* "with the modified EUI-64 of a MAC as its interface identifier, the device with this MAC and VLAN" */
static int owner_by_mac(const struct o_world *w, int vlan, const struct o_addr *a)
{
	static const uint8_t prefix[8] = { 0xfe, 0x80 };
	uint8_t mac[6] = { a->b[8] ^ 2, a->b[9], a->b[10], a->b[13], a->b[14], a->b[15] };

	if (a->family != 6 || memcmp(a->b, prefix, sizeof(prefix)) || a->b[11] != 0xff || a->b[12] != 0xfe)
		return O_NOBODY;
	return o_device_at(w, vlan, mac);
}

int o_owner_of(const struct o_world *w, int vlan, const struct o_addr *a)
{
	if (owner_by_mac(w, vlan, a) != O_NOBODY)
		return owner_by_mac(w, vlan, a);
	for (int i = 0; i < w->live->n_owners; i++)
		if (w->live->owner[i].vlan == vlan && o_addr_eq(&w->live->owner[i].addr, a))
			return w->live->owner[i].device;
	return O_NOBODY;
}

bool o_linked(const struct o_world *w, int a, int b)
{
	return !w->p->set[a][b].empty || !w->p->set[b][a].empty;
}

bool o_linked_at_all(const struct o_world *w, int a)
{
	for (int z = 0; z < w->p->n_zones; z++)
		if (o_linked(w, a, z))
			return true;
	return false;
}

bool o_icmpv6(const struct o_frame *f, int type)
{
	return f->family == 6 && f->proto == 58 && f->type == type;
}

/* "Neighbour frames: ARP, and ICMPv6 135 (NS), 136 (NA)" */
bool o_neighbour(const struct o_frame *f)
{
	return f->ethertype == 0x0806 || o_icmpv6(f, 135) || o_icmpv6(f, 136);
}

/* "Membership: IGMP, and ICMPv6 130, 131, 132, 143 (MLD)" */
bool o_membership(const struct o_frame *f)
{
	return (f->family == 4 && f->proto == 2) || o_icmpv6(f, 130) || o_icmpv6(f, 131) || o_icmpv6(f, 132) || o_icmpv6(f, 143);
}

/* "IGMP 0x11 and ICMPv6 130" */
bool o_query(const struct o_frame *f)
{
	return (f->family == 4 && f->proto == 2 && f->type == 0x11) || o_icmpv6(f, 130);
}

/* "Of a device whose effective zone is not `quarantine` and whose `roles` say so" */
static bool free_device(const struct o_world *w, int device)
{
	return device != O_NOBODY && o_effective(w, device) != O_QUARANTINE;
}

bool o_router_at(const struct o_world *w, int device)
{
	return free_device(w, device) && w->p->device[device].router;
}

bool o_querier_at(const struct o_world *w, int device)
{
	return free_device(w, device) && w->p->device[device].querier;
}

bool o_dhcp_server_at(const struct o_world *w, int device)
{
	return free_device(w, device) && w->p->device[device].dhcp_server;
}

bool o_udp(const struct o_frame *f, int family, int sport, int dport)
{
	return f->family == family && f->proto == 17 && f->sport == sport && f->dport == dport;
}

bool o_masquerades(const struct o_port *port, int family)
{
	return port->mode == O_UPLINK && (family == 4 ? port->masquerade4 : port->masquerade6);
}

/* 7c: what of a fragment would drop at ingress. */
bool o_fragment_bad(const struct o_frame *f)
{
	if (!f->fragment)
		return false;
	return f->atomic || (f->first && !f->whole_l4) || (f->family == 4 && f->proto == 2) ||
	       (f->family == 6 && f->proto == 58 && ((f->type >= 130 && f->type <= 137) || f->type == 143));
}

/* 6.4: whether Set(a, b) has (protocol, destination port), the query type or the protocol. */
bool o_has_service(const struct o_world *w, int a, int b, int family, int proto, int service)
{
	const struct o_set *s = &w->p->set[a][b];

	if (s->empty || proto < 0)
		return false;
	if (proto == 6 || proto == 17)
		return service >= 0 && o_bit(proto == 6 ? s->tcp : s->udp, service);
	if (family == 4 && proto == 1)
		return (service == 8 && s->icmp8) || (service == 13 && s->icmp13);
	if (family == 6 && proto == 58)
		return service == 128 && s->icmpv6_128;
	return o_bit(s->proto, proto);
}

/* 6.4: "A later fragment: start if S has any entry of its protocol (ICMP and ICMPv6: if the sets have any type)" */
static bool has_protocol(const struct o_world *w, int a, int b)
{
	const struct o_set *s = &w->p->set[a][b];

	if (s->empty)
		return false;
	if (w->f.proto == 6)
		return o_any_bit(s->tcp, sizeof(s->tcp));
	if (w->f.proto == 17)
		return o_any_bit(s->udp, sizeof(s->udp));
	if (w->f.family == 4 && w->f.proto == 1)
		return s->icmp8 || s->icmp13;
	if (w->f.family == 6 && w->f.proto == 58)
		return s->icmpv6_128;
	return o_bit(s->proto, w->f.proto);
}

/* Whether Set(a, b) has the frame's ethertype. */
bool o_ethertype(const struct o_world *w, int a, int b)
{
	return !w->p->set[a][b].empty && o_bit(w->p->set[a][b].ether, w->f.ethertype);
}

/* "01:80:c2:00:00:0x" */
bool o_link_local_mac(const uint8_t *mac)
{
	static const uint8_t reserved[5] = { 0x01, 0x80, 0xc2, 0, 0 };

	return !memcmp(mac, reserved, 5) && mac[5] < 16;
}

/* 6.6 */
bool o_dhcp_start(const struct o_world *w, int a, int b)
{
	const struct o_frame *f = &w->f;

	if (o_udp(f, 4, 68, 67) || o_udp(f, 6, 546, 547))
		return w->p->set[a][b].dhcp;
	if (o_udp(f, 4, 67, 68) || o_udp(f, 6, 547, 546))
		return w->p->set[b][a].dhcp;
	return false;
}

bool o_start(const struct o_world *w, int a, int b)
{
	const struct o_frame *f = &w->f;

	if (o_fragment_bad(f))
		return false;
	if (f->later)
		return has_protocol(w, a, b);
	if (o_dhcp_start(w, a, b))
		return true;
	if (f->proto == 6 || f->proto == 17)
		return o_has_service(w, a, b, f->family, f->proto, f->dport);
	return o_has_service(w, a, b, f->family, f->proto, f->type);
}

/* 6.4: "Zone B may hear a packet to a group from A" */
bool o_may_hear(const struct o_world *w, int a, int b)
{
	const struct o_zone *zone = &w->p->zone[a];
	bool listed = !zone->lists_groups;

	for (int i = 0; i < zone->n_groups; i++)
		listed |= o_addr_in(&w->f.dst, &zone->group[i]);
	return o_start(w, a, b) && (a == b || a == O_GATEWAY) && listed;
}

/* 6.4: "ICMP errors (3, 11, 12; ICMPv6 1, 2, 3, 4)" */
bool o_icmp_error(const struct o_frame *f)
{
	if (f->later)
		return false;
	if (f->family == 4 && f->proto == 1)
		return f->type == 3 || f->type == 11 || f->type == 12;
	return f->family == 6 && f->proto == 58 && f->type >= 1 && f->type <= 4;
}

bool o_possible_reply(const struct o_world *w, int a, int b)
{
	const struct o_frame *f = &w->f;
	int t = f->type;

	if (o_fragment_bad(f))
		return false;
	if (f->later)
		return has_protocol(w, b, a);
	if (f->proto == 6 || f->proto == 17)
		return o_has_service(w, b, a, f->family, f->proto, f->sport);
	if (o_icmp_error(f))
		return o_linked(w, a, b);
	if (f->family == 4 && f->proto == 1)
		return o_has_service(w, b, a, 4, 1, t == 0 ? 8 : t == 14 ? 13 : -1);
	if (f->family == 6 && f->proto == 58)
		return o_has_service(w, b, a, 6, 58, t == 129 ? 128 : -1);
	return o_has_service(w, b, a, f->family, f->proto, -1);
}

/* "A drop's reason: ..." */
const char *o_refusal(const struct o_world *w, int a, int b)
{
	if (a == O_QUARANTINE || b == O_QUARANTINE)
		return "quarantine";
	if (a == O_UNKNOWN)
		return "unknown-source";
	return o_linked(w, a, b) ? "service" : "pair";
}

bool o_accept(struct o_world *w, int step)
{
	w->answer.accept = true;
	w->answer.step = step;
	return true;
}

bool o_drop(struct o_world *w, int step, const char *reason)
{
	w->answer.accept = false;
	w->answer.reason = reason;
	w->answer.step = step;
	return true;
}

void o_pair(struct o_world *w, int a, int b)
{
	w->answer.src_zone = a;
	w->answer.dst_zone = b;
}

/* 6.2 step 2, and 6.7 step 1 */
int o_header_and_vlan(struct o_world *w, const struct o_port *port, int step)
{
	const struct o_frame *f = &w->f;
	bool found = false;

	if (f->header_bad) {
		o_drop(w, step, "malformed");
		return -1;
	}
	if (f->second_tag || (f->tagged && f->tpid != 0x8100)) {
		o_drop(w, step, "vlan");
		return -1;
	}
	if (port->mode != O_DEVICES) {	/* "takes untagged and VID 0 frames only" */
		if (!f->tagged || f->vid == 0)
			return 0;
		o_drop(w, step, "vlan");
		return -1;
	}
	if (!f->tagged || f->vid == 0) {
		if (port->untagged)
			return port->untagged;
		o_drop(w, step, "vlan");
		return -1;
	}
	for (int i = 0; i < port->n_tagged; i++)
		found |= port->tagged[i] == f->vid;
	if (found)
		return f->vid;
	o_drop(w, step, "vlan");
	return -1;
}

struct o_answer oracle_judge(const struct o_policy *p, const struct o_packet *k, const struct o_live *live)
{
	struct o_world w;

	w.p = p;
	w.live = live;
	w.k = k;
	w.answer = (struct o_answer){ .src_zone = O_NOBODY, .dst_zone = O_NOBODY, .sender = O_NOBODY };
	o_parse(k, &w.f);
	if (k->hook == O_INGRESS)
		o_ingress(&w);
	else if (k->hook == O_EGRESS)
		o_egress(&w);
	else
		o_conntrack(&w);
	return w.answer;
}
