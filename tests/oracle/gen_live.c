// SPDX-License-Identifier: GPL-2.0-or-later
/* Live state, and who may speak in a zone. */
#include <string.h>

#include "gen.h"

static bool bound(const struct o_policy *p, const struct o_addr *a)
{
	for (int i = 0; i < p->n_devices; i++)
		for (int j = 0; j < p->device[i].n_addr; j++)
			if (o_addr_eq(&p->device[i].addr[j], a))
				return true;
	return false;
}

/* Most addresses are where they are asked for, or they would say nothing more about the steps behind. */
struct o_place g_place(struct g_rng *r, const struct o_policy *p)
{
	struct o_place at = { .everywhere = g_chance(r, 60) };
	int port = g_below(r, p->n_ports);

	if (p->port[port].mode != O_DEVICES)
		at.port = port;
	else
		at.vlan = p->port[port].untagged ? p->port[port].untagged : 1 + g_below(r, 30);
	return at;
}

static void own(struct g_rng *r, const struct o_policy *p, struct o_live *live)
{
	live->n_own_mac = 1 + g_below(r, 3);
	for (int i = 0; i < live->n_own_mac; i++)
		g_mac(live->own_mac[i], 0xee, i);
	live->n_own_addr = 0;
	live->own_addr[live->n_own_addr++] = g_addr4(0xcb007101);
	live->own_addr[live->n_own_addr++] = g_addr6(0x20010db8, 1);
	live->own_addr[live->n_own_addr++] = g_addr6(0xfe800000, 1);
	for (int z = O_FIRST; z < p->n_zones; z++) {
		for (int i = 0; i < p->zone[z].n_subnets; i++) {
			struct o_addr a = g_addr_in(r, &p->zone[z].subnet[i]);

			if (!bound(p, &a))
				live->own_addr[live->n_own_addr++] = a;
		}
	}
	for (int i = 0; i < live->n_own_addr; i++)
		live->own_at[i] = g_place(r, p);
}

void g_live(struct g_rng *r, const struct o_policy *p, struct o_live *live)
{
	static const uint32_t ages[] = { 0, 1, 10, 299, 300, 301, 100000 };

	live->now = g_chance(r, 50) ? 200000 : 0xfffffff0;
	live->n_owners = 0;
	own(r, p, live);
	for (int i = 0; i < p->n_ports; i++)
		live->down[i] = g_chance(r, 15);
	for (int i = 0; i < p->n_devices; i++) {
		const struct o_device *d = &p->device[i];
		struct o_live_device *dev = &live->device[i];

		dev->quarantined = g_chance(r, 5);
		dev->port = O_NOBODY;
		if (d->n_ports && g_chance(r, 60))
			dev->port = d->port[g_below(r, d->n_ports)];
		else if (g_chance(r, d->n_ports ? 10 : 60))
			dev->port = g_below(r, p->n_ports);
		if (dev->port != O_NOBODY && p->port[dev->port].mode != O_DEVICES)
			dev->port = O_NOBODY;
		dev->seen = live->now - G_PICK(r, ages);
		if (live->n_owners < O_MAX_OWNERS - 2 && g_chance(r, 40))
			live->owner[live->n_owners++] = (struct o_owner){
				d->vlan, g_addr6(0xfe800000, 0x10000u + (uint32_t)i), i,
			};
	}
}

int g_random_port(struct g_case *c, enum o_mode mode)
{
	int found = O_NOBODY, n = 0;

	for (int i = 0; i < c->p->n_ports; i++)
		if (c->p->port[i].mode == mode && !g_below(c->r, ++n))
			found = i;
	return found;
}

static int port_with_vlan(struct g_case *c, int vlan)
{
	int found = O_NOBODY, n = 0;

	for (int i = 0; i < c->p->n_ports; i++)
		if (g_port_carries(&c->p->port[i], vlan) && !g_below(c->r, ++n))
			found = i;
	return found;
}

static bool device_end(struct g_case *c, int zone, struct g_end *e)
{
	const struct o_device *d;
	int found = O_NOBODY, n = 0;

	for (int i = 0; i < c->p->n_devices; i++) {
		int effective = c->live->device[i].quarantined ? O_QUARANTINE : c->p->device[i].zone;

		if (effective == zone && !g_below(c->r, ++n))
			found = i;
	}
	if (found == O_NOBODY)
		return false;
	d = &c->p->device[found];
	e->kind = E_DEVICE;
	e->zone = zone;
	e->device = found;
	e->vlan = d->vlan;
	e->port = c->live->device[found].port;
	if (e->port == O_NOBODY || !g_port_carries(&c->p->port[e->port], d->vlan))
		e->port = d->n_ports ? d->port[g_below(c->r, d->n_ports)] : port_with_vlan(c, d->vlan);
	if (e->port == O_NOBODY)
		return false;
	if (g_chance(c->r, 70))
		c->live->device[found].port = e->port;
	memcpy(e->mac, d->mac, 6);
	for (int j = 0; j < d->n_addr; j++)
		*(d->addr[j].family == 4 ? &e->a4 : &e->a6) = d->addr[j];
	e->link_local = g_chance(c->r, 40) ? g_eui64(d->mac) : g_addr6(0xfe800000, 0x10000u + (uint32_t)found);
	return true;
}

/* The link-local address that a host makes of its MAC. */
struct o_addr g_eui64(const uint8_t *mac)
{
	struct o_addr a = g_addr6(0xfe800000, 0);

	memcpy(a.b + 8, mac, 3);
	a.b[8] ^= 2;
	a.b[11] = 0xff;
	a.b[12] = 0xfe;
	memcpy(a.b + 13, mac + 3, 3);
	return a;
}

static bool host_end(struct g_case *c, int zone, struct g_end *e)
{
	const struct o_zone *z = &c->p->zone[zone];
	int n = 0;

	e->port = O_NOBODY;
	for (int i = 0; i < c->p->n_ports; i++)
		if (c->p->port[i].mode != O_DEVICES && c->p->port[i].zone == zone && !g_below(c->r, ++n))
			e->port = i;
	if (e->port == O_NOBODY)
		return false;
	e->kind = E_HOST;
	e->zone = zone;
	g_mac(e->mac, 0xaa, g_below(c->r, 4));
	e->link_local = g_addr6(0xfe800000, 0xaa00u + (uint32_t)g_below(c->r, 4));
	if (zone == O_WAN) {
		e->a4 = g_addr4(0xc6336400u + (uint32_t)g_below(c->r, 256));
		e->a6 = g_addr6(0x20010db9, (uint32_t)g_below(c->r, 256));
	}
	for (int i = 0; i < z->n_subnets; i++) {
		struct o_addr a = g_addr_in(c->r, &z->subnet[i]);

		if (!bound(c->p, &a))
			*(a.family == 4 ? &e->a4 : &e->a6) = a;
	}
	return true;
}

static bool stranger_end(struct g_case *c, struct g_end *e)
{
	const struct o_port *port;

	e->port = g_random_port(c, O_DEVICES);
	if (e->port == O_NOBODY)
		return false;
	port = &c->p->port[e->port];
	e->kind = E_STRANGER;
	e->zone = O_UNKNOWN;
	e->vlan = port->untagged;
	if (!e->vlan || (port->n_tagged && g_chance(c->r, 30)))
		e->vlan = port->tagged[g_below(c->r, port->n_tagged)];
	g_mac(e->mac, 0xbb, g_below(c->r, 4));
	e->a4 = g_addr4(0x0a000000u + ((uint32_t)g_below(c->r, 10) << 16) + (uint32_t)g_below(c->r, 65536));
	e->a6 = g_addr6(0xfd000000 | (uint32_t)g_below(c->r, 10), (uint32_t)g_below(c->r, 256));
	e->link_local = g_addr6(0xfe800000, 0xbb00u + (uint32_t)g_below(c->r, 4));
	return true;
}

static void gateway_end(struct g_case *c, struct g_end *e)
{
	const struct o_live *live = c->live;

	e->kind = E_GATEWAY;
	e->zone = O_GATEWAY;
	memcpy(e->mac, live->own_mac[g_below(c->r, live->n_own_mac)], 6);
	for (int tries = 0; tries < 8; tries++) {
		struct o_addr a = live->own_addr[g_below(c->r, live->n_own_addr)];

		if (!o_addr_link_local(&a))
			*(a.family == 4 ? &e->a4 : &e->a6) = a;
	}
	e->link_local = g_addr6(0xfe800000, 1);
}

/* Someone of this effective zone. Return: false when there is nobody. */
bool g_end_of_zone(struct g_case *c, int zone, struct g_end *e)
{
	memset(e, 0, sizeof(*e));
	e->device = e->port = O_NOBODY;
	if (zone == O_GATEWAY) {
		gateway_end(c, e);
		return true;
	}
	if (zone == O_UNKNOWN)
		return stranger_end(c, e);
	if (zone == O_QUARANTINE && c->p->n_devices && g_chance(c->r, 70))
		c->live->device[g_below(c->r, c->p->n_devices)].quarantined = true;
	if (zone == O_WAN || (zone != O_QUARANTINE && g_chance(c->r, 25)))
		return host_end(c, zone, e);
	return device_end(c, zone, e) || host_end(c, zone, e);
}
