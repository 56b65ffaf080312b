// SPDX-License-Identifier: GPL-2.0-or-later
/* Random policies that section 2 accepts. */
#include <stdio.h>
#include <string.h>

#include "gen.h"

static const int vlans[] = { 1, 1, 2, 10, 20, 30, 4094 };

bool g_port_carries(const struct o_port *port, int vlan)
{
	if (port->mode != O_DEVICES)
		return false;
	for (int i = 0; i < port->n_tagged; i++)
		if (port->tagged[i] == vlan)
			return true;
	return port->untagged == vlan;
}

static void subnets(struct g_rng *r, struct o_zone *zone, int index)
{
	static const int len4[] = { 16, 17, 24, 24, 25, 30, 31, 32 }, len6[] = { 32, 48, 64, 64, 65, 126, 127, 128 };
	int n = g_below(r, 5);

	for (int i = 0; i < n; i++) {
		bool v6 = g_chance(r, 40);
		struct o_prefix whole = {
			v6 ? g_addr6(0xfd000000 | (uint32_t)index, 0) : g_addr4(10u << 24 | (uint32_t)index << 16), v6 ? 32 : 16,
		};
		struct o_prefix *s = &zone->subnet[zone->n_subnets++];

		s->len = v6 ? G_PICK(r, len6) : G_PICK(r, len4);
		s->addr = g_addr_in(r, &whole);
		for (int b = s->len; b < (v6 ? 128 : 32); b++)
			s->addr.b[b / 8] &= (uint8_t)~(0x80 >> b % 8);
	}
}

/* Around the groups of gen_case.c, and besides. */
static void groups(struct g_rng *r, struct o_zone *zone)
{
	static const int len4[] = { 4, 8, 24, 31, 32 }, len6[] = { 8, 16, 64, 127, 128 };
	static const uint32_t bases[] = { 0xe00000fb, 0xefffffff, 0xe0000000, 0xffffffff };

	zone->lists_groups = g_chance(r, 30);
	for (int n = zone->lists_groups ? g_below(r, 4) : 0; n > 0; n--) {
		struct o_prefix *g = &zone->group[zone->n_groups++];
		bool v6 = g_chance(r, 40);

		g->addr = v6 ? g_addr6(g_chance(r, 60) ? 0xff020000 : 0xff050000, 0xfb) : g_addr4(G_PICK(r, bases));
		g->len = v6 ? G_PICK(r, len6) : g->addr.b[0] == 255 ? 32 : G_PICK(r, len4);
		for (int b = g->len; b < (v6 ? 128 : 32); b++)
			g->addr.b[b / 8] &= (uint8_t)~(0x80 >> b % 8);
	}
}

static void zones(struct g_rng *r, struct o_policy *p)
{
	static const char *const built_in[] = { "gateway", "wan", "unknown", "quarantine" };
	int n = 1 + g_below(r, 6);

	p->n_zones = O_FIRST + n;
	for (int z = 0; z < O_FIRST; z++)
		snprintf(p->zone[z].name, sizeof(p->zone[z].name), "%s", built_in[z]);
	for (int z = O_FIRST; z < p->n_zones; z++) {
		snprintf(p->zone[z].name, sizeof(p->zone[z].name), "zone%c%d", g_chance(r, 50) ? '-' : '_', z);
		subnets(r, &p->zone[z], z);
		groups(r, &p->zone[z]);
		p->zone[z].record_route = g_chance(r, 40);
		p->zone[z].timestamp = g_chance(r, 40);
		p->zone[z].router_alert = g_chance(r, 40);
		p->zone[z].no_fragments = g_chance(r, 20);
	}
}

static void devices_port(struct g_rng *r, struct o_port *port)
{
	port->mode = O_DEVICES;
	port->untagged = g_chance(r, 15) ? 0 : G_PICK(r, vlans);
	for (int i = g_chance(r, 35) ? 0 : 1 + g_below(r, 3); i > 0 || !(port->untagged || port->n_tagged); i--) {
		int vid = G_PICK(r, vlans);

		if (!g_port_carries(port, vid))
			port->tagged[port->n_tagged++] = vid;
	}
}

static void ports(struct g_rng *r, struct o_policy *p)
{
	int n_devices = g_chance(r, 8) ? 0 : 1 + g_below(r, 4), n_zone = g_below(r, 3), n_up = g_below(r, 3);

	if (!n_devices && !n_zone && !n_up)
		n_up = 1;
	for (int i = 0; i < n_devices + n_zone + n_up; i++) {
		struct o_port *port = &p->port[p->n_ports++];
		int masquerade = g_below(r, 4);

		snprintf(port->name, sizeof(port->name), "%s%d", i < n_devices ? "lan" : i < n_devices + n_zone ? "seg" : "wan", i);
		if (i < n_devices) {
			devices_port(r, port);
		} else if (i < n_devices + n_zone) {
			port->mode = O_ZONE;
			port->zone = O_FIRST + g_below(r, p->n_zones - O_FIRST);
		} else {
			port->mode = O_UPLINK;
			port->zone = O_WAN;
			port->masquerade4 = masquerade & 1;
			port->masquerade6 = masquerade & 2;
		}
	}
}

/* The device under construction stands behind the counted ones. */
static bool taken(const struct o_policy *p, const struct o_addr *a)
{
	for (int i = 0; i <= p->n_devices; i++)
		for (int j = 0; j < p->device[i].n_addr; j++)
			if (o_addr_eq(&p->device[i].addr[j], a))
				return true;
	return false;
}

/* An address that this device may have: inside a subnet of its zone when the zone has subnets of the family, else in nobody's. */
static void add_address(struct g_rng *r, struct o_policy *p, struct o_device *d)
{
	int family = g_chance(r, 60) ? 4 : 6, z = d->zone, n = 0;
	struct o_addr a;

	if (z == O_QUARANTINE && g_chance(r, 50))
		z = O_FIRST + g_below(r, p->n_zones - O_FIRST);
	a = family == 4 ? g_addr4(0xc0a80000u | (uint32_t)g_below(r, 300)) : g_addr6(0xfd990000, (uint32_t)g_below(r, 300));
	for (int i = 0; i < p->zone[z].n_subnets; i++)
		if (p->zone[z].subnet[i].addr.family == family && !g_below(r, ++n))
			a = g_addr_in(r, &p->zone[z].subnet[i]);
	if (!taken(p, &a))
		d->addr[d->n_addr++] = a;
}

static void place(struct g_rng *r, struct o_policy *p, struct o_device *d)
{
	int first = g_below(r, p->n_ports), want = 1 + g_below(r, 3);

	d->vlan = g_chance(r, 50) ? 1 : G_PICK(r, vlans);
	if (p->port[first].mode != O_DEVICES || g_chance(r, 20))
		return;
	d->vlan = p->port[first].untagged;
	if (!d->vlan || (p->port[first].n_tagged && g_chance(r, 40)))
		d->vlan = p->port[first].tagged[g_below(r, p->port[first].n_tagged)];
	d->port[d->n_ports++] = first;
	for (int i = 0; i < p->n_ports && d->n_ports < want; i++)
		if (i != first && g_port_carries(&p->port[i], d->vlan))
			d->port[d->n_ports++] = i;
}

static void devices(struct g_rng *r, struct o_policy *p)
{
	int n = g_chance(r, 5) ? 0 : 3 + g_below(r, 22);

	for (int i = 0; i < n; i++) {
		struct o_device *d = &p->device[p->n_devices];
		bool clash = false;

		memset(d, 0, sizeof(*d));
		snprintf(d->name, sizeof(d->name), "dev%s%d", g_chance(r, 50) ? "." : "-", i);
		g_mac(d->mac, 0, i && g_chance(r, 20) ? g_below(r, i) + 1 : i + 1);
		d->zone = g_chance(r, 6) ? O_QUARANTINE : O_FIRST + g_below(r, p->n_zones - O_FIRST);
		place(r, p, d);
		for (int j = 0; j < p->n_devices; j++)
			clash |= p->device[j].vlan == d->vlan && !memcmp(p->device[j].mac, d->mac, 6);
		if (clash)
			continue;
		for (int j = g_below(r, 4); j > 0; j--)
			add_address(r, p, d);
		d->dhcp_server = d->n_ports && g_chance(r, 25);
		d->router = d->n_ports && g_chance(r, 25);
		d->querier = d->n_ports && g_chance(r, 25);
		p->n_devices++;
	}
}

static void inline_entry(struct g_rng *r, char *out, size_t max)
{
	static const int ports[] = { 1, 22, 53, 67, 68, 79, 80, 81, 443, 546, 1024, 5000, 5001, 65534, 65535 };
	static const int protos[] = { 2, 41, 47, 50, 89, 132, 255, 43, 0 };
	static const char *const ethers[] = { "0x8892", "0x8893", "34962", "0x88CC", "0x600", "0xffff", "0x0805", "2055" };
	int low = G_PICK(r, ports), high = G_PICK(r, ports), what = g_below(r, 23);

	if (low > high) {
		int t = low;

		low = high;
		high = t;
	}
	if (what < 5)
		snprintf(out, max, "tcp/%d", low);
	else if (what < 9)
		snprintf(out, max, "udp/%d", low);
	else if (what < 15)
		snprintf(out, max, "%s/%d-%d", what < 12 ? "tcp" : "udp", low, high);
	else if (what < 17)
		snprintf(out, max, "%s", what == 15 ? "icmp/8" : "icmp/13");
	else if (what < 18)
		snprintf(out, max, "icmpv6/128");
	else if (what > 19)
		snprintf(out, max, "ether/%s", G_PICK(r, ethers));
	else
		snprintf(out, max, "proto/%d", G_PICK(r, protos));
}

static void service_word(struct g_rng *r, const struct o_policy *p, char *out, size_t max)
{
	static const char *const names[] = { "ssh", "dns", "dhcp", "dhcp", "http", "https", "ntp", "rtsp", "ping", "ping", "mdns", "coap" };

	if (p->n_services && g_chance(r, 20))
		snprintf(out, max, "%s", p->service[g_below(r, p->n_services)].name);
	else if (g_chance(r, 50))
		snprintf(out, max, "%s", G_PICK(r, names));
	else
		inline_entry(r, out, max);
}

static bool has_word(char (*words)[32], int n, const char *word)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(words[i], word))
			return true;
	return false;
}

static int word_list(struct g_rng *r, const struct o_policy *p, char (*words)[32], int max)
{
	int want = 1 + g_below(r, max), n = 0;

	while (n < want) {
		service_word(r, p, words[n], sizeof(words[n]));
		if (!has_word(words, n, words[n]))
			n++;
	}
	return n;
}

static void services(struct g_rng *r, struct o_policy *p)
{
	for (int n = g_below(r, 4); n > 0; n--) {
		struct o_service *s = &p->service[p->n_services];

		s->n_words = word_list(r, p, s->word, 3);
		snprintf(s->name, sizeof(s->name), "svc-%d", p->n_services);
		p->n_services++;
	}
}

static bool in(const int *list, int n, int zone)
{
	for (int i = 0; i < n; i++)
		if (list[i] == zone)
			return true;
	return false;
}

static int zone_list(struct g_rng *r, const struct o_policy *p, int *list)
{
	int want = g_chance(r, 75) ? 1 : 2 + g_below(r, 2), n = 0;

	if (g_chance(r, 12)) {
		list[0] = O_ANY;
		return 1;
	}
	for (int tries = 0; n < want && tries < 10; tries++) {
		int z = g_chance(r, 30) ? g_below(r, O_FIRST) : O_FIRST + g_below(r, p->n_zones - O_FIRST);

		if (!in(list, n, z))
			list[n++] = z;
	}
	return n;
}

/* "A flow from `gateway` to `gateway`, or with `wan` on both sides, is an error." */
static bool forbidden(const struct o_flow *f)
{
	return (in(f->from, f->n_from, O_GATEWAY) && in(f->to, f->n_to, O_GATEWAY)) ||
	       (in(f->from, f->n_from, O_WAN) && in(f->to, f->n_to, O_WAN));
}

static bool carried(const struct o_policy *p, int vlan)
{
	for (int i = 0; i < p->n_ports; i++) {
		const struct o_port *port = &p->port[i];

		for (int j = 0; port->mode == O_DEVICES && j < port->n_tagged; j++)
			if (port->tagged[j] == vlan)
				return true;
		if (port->mode == O_DEVICES && port->untagged == vlan)
			return true;
	}
	return false;
}

/* A zone that the box can be managed from, or O_NOBODY. */
static int management_zone(struct g_rng *r, const struct o_policy *p)
{
	int z = O_FIRST + g_below(r, p->n_zones - O_FIRST);

	for (int i = 0; i < p->n_ports; i++)
		if (p->port[i].mode == O_ZONE && p->port[i].zone == z && p->zone[z].n_subnets)
			return z;
	for (int i = 0; i < p->n_devices; i++)
		if (p->device[i].zone == z && p->device[i].n_addr && carried(p, p->device[i].vlan))
			return z;
	return O_NOBODY;
}

static void flows(struct g_rng *r, struct o_policy *p)
{
	int managed = g_chance(r, 70) ? management_zone(r, p) : O_NOBODY, n = 3 + g_below(r, 14);

	p->management = O_NOBODY;
	if (managed != O_NOBODY) {
		struct o_flow *f = &p->flow[p->n_flows];

		p->management = p->n_flows++;
		f->from[0] = managed;
		f->to[0] = O_GATEWAY;
		f->n_from = f->n_to = 1;
		f->n_words = word_list(r, p, f->word, 2);
	}
	for (int i = 0; i < n; i++) {
		struct o_flow *f = &p->flow[p->n_flows];

		memset(f, 0, sizeof(*f));
		f->n_from = zone_list(r, p, f->from);
		f->n_to = zone_list(r, p, f->to);
		if (g_chance(r, 12)) {		/* inside its zone */
			f->n_to = f->n_from;
			memcpy(f->to, f->from, sizeof(f->to));
		}
		f->deny = g_chance(r, 18);
		f->log = f->deny && g_chance(r, 40);
		if (g_chance(r, f->deny ? 25 : 12)) {
			snprintf(f->word[0], sizeof(f->word[0]), "all");
			f->n_words = 1;
		} else {
			f->n_words = word_list(r, p, f->word, 4);
		}
		/* a `deny` may not cut the management flow */
		if (forbidden(f) || (f->deny && managed != O_NOBODY && in(f->to, f->n_to, O_GATEWAY) &&
				     (in(f->from, f->n_from, managed) || in(f->from, f->n_from, O_ANY))))
			continue;
		p->n_flows++;
	}
}

void g_policy(struct g_rng *r, struct o_policy *p)
{
	memset(p, 0, offsetof(struct o_policy, set));
	zones(r, p);
	ports(r, p);
	devices(r, p);
	services(r, p);
	flows(r, p);
}
