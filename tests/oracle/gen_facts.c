// SPDX-License-Identifier: GPL-2.0-or-later
/* One change to what stands beside the packet: live state, sides, conntrack's view. */
#include <string.h>

#include "gen.h"

static int some_device(struct g_case *c)
{
	int n = g_below(c->r, 5);

	if (n < 2 && c->src.device != O_NOBODY)
		return c->src.device;
	if (n < 4 && c->dst.device != O_NOBODY)
		return c->dst.device;
	return c->p->n_devices ? g_below(c->r, c->p->n_devices) : O_NOBODY;
}

static void f_device(struct g_case *c)
{
	static const uint32_t ages[] = { 0, 299, 300, 301, 300, 299 };
	int d = some_device(c), was;
	struct o_live_device *live;

	if (d == O_NOBODY)
		return;
	live = &c->live->device[d];
	switch (g_below(c->r, 4)) {
	case 0:
		live->quarantined = !live->quarantined;
		break;
	case 1:
		live->port = O_NOBODY;
		break;
	case 2:
		was = g_random_port(c, O_DEVICES);
		live->port = was;
		break;
	default:	/* it was elsewhere, for about as long as it takes to age */
		was = g_random_port(c, O_DEVICES);
		live->port = was;
		live->seen = c->live->now - G_PICK(c->r, ages);
		if (was != O_NOBODY)
			c->live->down[was] = g_chance(c->r, 20);
		break;
	}
}

static void f_owner(struct g_case *c)
{
	const struct g_end *e = g_chance(c->r, 50) ? &c->src : &c->dst;
	const struct o_addr *a = c->w.nd && g_chance(c->r, 60) ? &c->w.target : c->w.body == W_IP6 ? &c->w.src : &e->link_local;
	int d = some_device(c);

	if (g_chance(c->r, 30)) {
		c->live->n_owners = 0;
		return;
	}
	if (d == O_NOBODY || !o_addr_link_local(a))
		return;
	for (int i = 0; i < c->live->n_owners; i++) {
		if (c->live->owner[i].vlan == c->p->device[d].vlan && o_addr_eq(&c->live->owner[i].addr, a)) {
			c->live->owner[i].device = d;
			return;
		}
	}
	if (c->live->n_owners < O_MAX_OWNERS)
		c->live->owner[c->live->n_owners++] = (struct o_owner){ c->p->device[d].vlan, *a, d };
}

static void add_own(struct g_case *c, const struct o_addr *a)
{
	c->live->own_at[c->live->n_own_addr] = g_place(c->r, c->p);
	c->live->own_addr[c->live->n_own_addr++] = *a;
}

static void f_own_addr(struct g_case *c)
{
	const struct o_addr *a = &c->w.src;

	if (g_chance(c->r, 60))
		a = c->w.nd || c->w.body == W_ARP ? &c->w.target : &c->w.dst;
	if (a->family && !o_addr_group(a) && !o_addr_unspecified(a) && c->live->n_own_addr < O_MAX_OWN)
		add_own(c, a);
}

static void f_own_mac(struct g_case *c)
{
	static const uint8_t zero[6];
	const uint8_t *mac = g_chance(c->r, 50) ? c->w.smac : c->w.dmac;

	if (!(mac[0] & 1) && memcmp(mac, zero, sizeof(zero)))
		memcpy(c->live->own_mac[c->live->n_own_mac++], mac, 6);
}

static void any_side(struct g_case *c, struct o_side *s)
{
	static const int vlans[] = { 1, 2, 10, 20, 30, 4094 };

	switch (g_below(c->r, 4)) {
	case 0:
		memset(s, 0, sizeof(*s));
		break;
	case 1:
		s->vlan = s->vlan ? G_PICK(c->r, vlans) : 0;
		break;
	default:
		*s = (struct o_side){ O_PORT, g_below(c->r, c->p->n_ports), 0 };
		if (c->p->port[s->port].mode == O_DEVICES)
			s->vlan = G_PICK(c->r, vlans);
		break;
	}
}

static void f_side(struct g_case *c)
{
	struct o_packet *k = c->k;

	if (k->hook == O_INGRESS)
		k->in.port = g_below(c->r, c->p->n_ports);
	else if (k->hook == O_EGRESS)
		k->out.port = g_below(c->r, c->p->n_ports);
	else if (k->hook == O_LOCAL_IN || (k->hook != O_LOCAL_OUT && g_chance(c->r, 50)))
		any_side(c, &k->in);
	else
		any_side(c, &k->out);
	if (k->hook == O_BRIDGE && g_chance(c->r, 25))
		k->in.kind = k->out.kind = O_UNMANAGED;
}

static void f_ct(struct g_case *c)
{
	struct o_ct *ct = &c->k->ct;
	const struct g_wire *w = &c->w;
	struct o_addr t;

	if (c->k->hook == O_INGRESS || c->k->hook == O_EGRESS)
		return;
	if (ct->state == O_CT_NONE && w->body == (w->src.family == 6 ? W_IP6 : W_IP4)) {
		ct->initiator = w->src;
		ct->target = w->dst;
		ct->proto = w->proto;
		ct->service = w->proto == 6 || w->proto == 17 ? w->dport : w->type;
	}
	switch (g_below(c->r, 6)) {
	case 0:
		ct->state = (enum o_ct_state)g_below(c->r, 4);
		break;
	case 1:
		t = ct->initiator;
		ct->initiator = ct->target;
		ct->target = t;
		break;
	case 2:
		ct->service = (ct->service + (g_chance(c->r, 50) ? 1 : 65535)) & 0xffff;
		break;
	case 3:
		ct->proto = (int[]){ 6, 17, ct->initiator.family == 4 ? 1 : 58, 47 }[g_below(c->r, 4)];
		break;
	case 4:
		g_addr_step(&ct->initiator, 1);
		break;
	default:
		g_addr_step(&ct->target, g_chance(c->r, 50) ? 1 : -1);
		break;
	}
	if (ct->state != O_CT_NONE && !ct->initiator.family)
		ct->state = O_CT_NONE;
}

void g_mutate_facts(struct g_case *c)
{
	static void (*const facts[])(struct g_case *) = {
		f_device, f_device, f_owner, f_own_addr, f_own_mac, f_side, f_ct, f_ct,
	};

	G_PICK(c->r, facts)(c);
}
