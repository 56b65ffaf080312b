// SPDX-License-Identifier: GPL-2.0-or-later
/* ARP, neighbour discovery, router discovery and membership, as hosts send them. */
#include <string.h>

#include "gen.h"

static void option(struct g_wire *w, int type, const uint8_t *mac)
{
	w->data[w->n_data] = (uint8_t)type;
	w->data[w->n_data + 1] = 1;
	memcpy(w->data + w->n_data + 2, mac, 6);
	w->n_data += 8;
}

static bool l2(const struct g_case *c)
{
	return c->k->hook == O_INGRESS || c->k->hook == O_EGRESS || c->k->hook == O_BRIDGE;
}

/* The MACs of a frame from src to dst; group: to everyone. */
static void macs(struct g_case *c, bool group)
{
	struct g_wire *w = &c->w;
	bool own = c->k->hook == O_EGRESS && (c->src.kind == E_HOST || c->src.kind == E_GATEWAY || g_chance(c->r, 20));

	memcpy(w->smac, own ? c->live->own_mac[0] : c->src.mac, 6);
	memcpy(w->dmac, c->dst.mac, 6);
	if (c->dst.kind == E_HOST)
		memcpy(w->dmac, c->live->own_mac[0], 6);
	if (group)
		memset(w->dmac, 0xff, 6);
}

/* The gateway, or someone on the same wire: who an address is asked of. */
static void other_side(struct g_case *c)
{
	struct g_end gateway;

	if (c->k->hook != O_INGRESS || c->dst.kind == E_GATEWAY)
		return;
	if (c->dst.kind == E_DEVICE && c->dst.vlan == c->src.vlan && c->src.kind != E_HOST && g_chance(c->r, 90))
		return;
	g_end_of_zone(c, O_GATEWAY, &gateway);
	c->dst = gateway;
}

static void arp(struct g_case *c)
{
	struct g_wire *w = &c->w;

	w->body = W_ARP;
	w->ethertype = 0x0806;
	w->htype = 1;
	w->ptype = 0x0800;
	w->hlen = 6;
	w->plen = 4;
	w->op = g_chance(c->r, 70) ? 1 : 2;
	macs(c, w->op == 1 ? !g_chance(c->r, 20) : g_chance(c->r, 20));
	memcpy(w->sha, w->smac, 6);
	memcpy(w->tha, w->op == 2 ? w->dmac : (const uint8_t[6]){ 0 }, 6);
	w->src = c->src.a4.family ? c->src.a4 : g_addr4(0);
	w->target = c->dst.a4.family ? c->dst.a4 : g_addr4(0x0a000001);
	if (g_chance(c->r, 8))
		w->target = w->src;
	if (g_chance(c->r, 5))
		w->src = g_addr4(0);
	w->pad = g_chance(c->r, 30) ? 18 : 0;
}

static void icmpv6(struct g_case *c, int type)
{
	struct g_wire *w = &c->w;

	w->body = W_IP6;
	w->version = 6;
	w->ethertype = 0x86dd;
	w->proto = 58;
	w->type = type;
	w->ttl = 255;
	w->src = c->src.a6.family && g_chance(c->r, 50) ? c->src.a6 : c->src.link_local;
}

static void all_nodes(struct g_wire *w, uint32_t low)
{
	w->dst = g_addr6(0xff020000, low);
	memset(w->dmac, 0, 6);
	w->dmac[0] = w->dmac[1] = 0x33;
	w->dmac[5] = (uint8_t)low;
}

static void nd(struct g_case *c)
{
	struct g_wire *w = &c->w;
	struct o_addr there = c->dst.a6.family && g_chance(c->r, 60) ? c->dst.a6 : c->dst.link_local;
	bool ns = g_chance(c->r, 60);

	icmpv6(c, ns ? 135 : 136);
	w->nd = true;
	macs(c, false);
	w->dst = there;
	if (ns) {
		w->target = there;
		if (g_chance(c->r, 70))
			all_nodes(w, 0x51);
		if (g_chance(c->r, 20)) {
			w->src = g_addr6(0, 0);
			w->target = c->src.a6.family && g_chance(c->r, 60) ? c->src.a6 : c->src.link_local;
			all_nodes(w, 0x51);
		} else if (g_chance(c->r, 70)) {
			option(w, 1, w->smac);
		}
	} else {
		w->target = g_chance(c->r, 80) ? w->src : c->src.link_local;
		if (g_chance(c->r, 30))
			all_nodes(w, 1);
		if (g_chance(c->r, 70))
			option(w, 2, w->smac);
	}
	if (g_chance(c->r, 10))
		option(w, 14, w->smac);
}

void g_neighbour(struct g_case *c)
{
	other_side(c);
	if (l2(c) && g_chance(c->r, 46))
		arp(c);
	else
		nd(c);
}

static const uint8_t alert6[8] = { 58, 0, 5, 2, 0, 0, 1, 0 };
static const uint8_t alert4[4] = { 0x94, 0x04, 0, 0 };

void g_membership(struct g_case *c)
{
	static const int mld[] = { 131, 131, 132, 143, 143, 143, 130 }, igmp[] = { 0x12, 0x16, 0x16, 0x17, 0x22, 0x22, 0x22, 0x11, 0x13 };
	struct g_wire *w = &c->w;

	macs(c, true);
	if (g_chance(c->r, 60)) {
		icmpv6(c, G_PICK(c->r, mld));
		w->ttl = 1;
		w->src = g_chance(c->r, 30) ? g_addr6(0, 0) : c->src.link_local;
		all_nodes(w, 0x16);
		memcpy(w->ext, alert6, 8);
		w->n_ext = 8;
		w->n_data = 20;
	} else {
		w->body = W_IP4;
		w->version = 4;
		w->ethertype = 0x0800;
		w->proto = 2;
		w->type = G_PICK(c->r, igmp);
		w->ttl = 1;
		w->src = c->src.a4.family ? c->src.a4 : g_addr4(0x0a000001);
		w->dst = g_addr4(0xe0000016);
		memcpy(w->opt, alert4, 4);
		w->n_opt = 4;
		w->n_data = 8;
	}
}

/* RS, RA, redirect */
void g_router(struct g_case *c)
{
	static const int types[] = { 133, 133, 133, 134, 134, 137 };
	struct g_wire *w = &c->w;
	int up = g_random_port(c, O_UPLINK), type = G_PICK(c->r, types);

	if (type == 134 && c->k->hook == O_INGRESS && up != O_NOBODY && g_chance(c->r, 60)) {
		g_end_of_zone(c, O_WAN, &c->src);
		c->k->in.port = c->src.port;
		w->tagged = false;
	}
	macs(c, false);
	icmpv6(c, type);
	w->src = c->src.link_local;
	all_nodes(w, type == 133 ? 2 : 1);
	if (g_chance(c->r, 30))
		option(w, 1, w->smac);
	if (type == 137) {
		w->dst = c->dst.a6.family ? c->dst.a6 : c->dst.link_local;
		w->n_data = 32;
		if (g_chance(c->r, 60)) {
			w->body = W_IP4;
			w->version = 4;
			w->ethertype = 0x0800;
			w->proto = 1;
			w->type = 5;
			w->src = c->src.a4.family ? c->src.a4 : g_addr4(0x0a000001);
			w->dst = c->dst.a4.family ? c->dst.a4 : g_addr4(0x0a000002);
			w->dmac[0] = 2;
		}
	}
}
